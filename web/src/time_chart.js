/** The columns of the time bar, and the bins that stand beside it. */
import { svg } from "./kinds.js";
import { el } from "./text.js";

export const HEIGHT = 46;

/** Draw columns, one above the other by group: one path a group. */
export function columns(groupNames, bins, xs, highest, tall = HEIGHT - 3) {
  const paths = groupNames.map(() => "");
  for (let bin = 0; bin + 1 < xs.length; bin += 1) {
    let total = 0;
    for (const group of bins) total += group[bin];
    if (total <= 0) continue;
    const [left, right] = [Math.min(xs[bin], xs[bin + 1]), Math.max(xs[bin], xs[bin + 1])];
    const gap = right - left > 4 ? 1 : 0;
    const scale = Math.max(2.5, (total / highest) * tall) / total;
    let bottom = HEIGHT;
    bins.forEach((group, place) => {
      if (group[bin] <= 0) return;
      const height = group[bin] * scale;
      paths[place] += `M${(left + gap / 2).toFixed(1)} ${(bottom - height).toFixed(1)}h${Math.max(0.6, right - left - gap).toFixed(1)}v${height.toFixed(1)}H${(left + gap / 2).toFixed(1)}Z`;
      bottom -= height;
    });
  }
  return paths.flatMap((d, place) => (d ? [svg("path", { d, class: `geo-column geo-g-${groupNames[place]}` })] : []));
}

/** Make a bin that stands beside the axis: a button with its own column. */
export function sideBin(words, key, name, act) {
  const picture = svg("svg", { viewBox: `0 0 22 ${HEIGHT}`, width: 22, height: HEIGHT, "aria-hidden": "true", focusable: "false" });
  const number = el("span", "geo-time-count");
  const node = /** @type {HTMLButtonElement} */ (el("button", `geo-time-side ${name}`, el("span", "geo-time-well", picture), number, words.tell(el("span", "geo-time-word"), key)));
  node.type = "button";
  node.addEventListener("click", act);
  return {
    node,
    draw(groupNames, groups, highest) {
      const total = groups.reduce((sum, count) => sum + count, 0);
      picture.replaceChildren(...columns(groupNames, Array.from(groups, (count) => [count]), [3, 19], Math.max(highest, total), HEIGHT - 16));
      number.textContent = words.number(total);
      return total;
    },
  };
}
