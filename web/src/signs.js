/** The signs on the map: clusters, events, places only mentioned. */
import { GROUPS, svg } from "./kinds.js";
import { plain } from "./text.js";

/**
 * Draw the ring of a cluster: its share of each group, its number in the middle.
 * @param {ArrayLike<number>} counts one a group, in the order of GROUPS
 * @param {number} total
 */
export function clusterSign(counts, total) {
  const size = Math.round(34 + 9 * Math.log10(total));
  const picture = svg("svg", { viewBox: "0 0 42 42", width: size, height: size, "aria-hidden": "true", focusable: "false" });
  picture.append(svg("circle", { cx: 21, cy: 21, r: 20.5, class: "geo-disc" }));
  const round = 2 * Math.PI * 17;
  let from = 0;
  Object.keys(GROUPS).forEach((group, place) => {
    const share = counts[place] / total;
    if (!share) return;
    picture.append(
      svg("circle", {
        cx: 21, cy: 21, r: 17, class: `geo-share geo-g-${group}`,
        "stroke-dasharray": `${Math.max(0.5, share * round - (share < 1 ? 1.2 : 0))} ${round}`,
        "stroke-dashoffset": -from * round, transform: "rotate(-90 21 21)",
      }),
    );
    from += share;
  });
  const number = svg("text", { x: 21, y: 21, "text-anchor": "middle", "dominant-baseline": "central", class: "geo-count" });
  number.textContent = total > 9999 ? `${Math.round(total / 1000)}k` : String(total);
  picture.append(number);
  return { picture, size };
}

/** Draw a place that is only mentioned: a light ring; a country or a province is a wide disc, never a dot. */
export function mentionSign(size) {
  const wide = size > 20;
  const ring = { cx: size / 2, cy: size / 2, r: size / 2 - 3, class: wide ? "geo-seen geo-seen-wide" : "geo-seen" };
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true", focusable: "false" }, svg("circle", ring));
}

/** Make a focusable sign on the map; a click, Enter or the space bar act on it. */
export function sign(at, { picture, size, name, label, raise = 0, act }) {
  const icon = L.divIcon({ html: picture, className: `geo-sign ${name}`, iconSize: [size, size] });
  const marker = L.marker(at, { icon, keyboard: true, riseOnHover: true, zIndexOffset: raise });
  marker.on("click", () => act(marker));
  marker.on("add", () => {
    const node = marker.getElement();
    node.setAttribute("aria-label", plain(label));
    node.title = plain(label);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act(marker);
    });
  });
  return marker;
}

/**
 * Change picture, place and label of a sign without making it anew, so that it keeps the focus.
 * @param {import("leaflet").Marker} marker
 */
export function redress(marker, at, { picture, size, label }) {
  marker.setLatLng(at);
  marker.options.icon.options.iconSize = [size, size];
  const node = marker.getElement();
  if (!node) return;
  node.replaceChildren(picture);
  Object.assign(node.style, { width: `${size}px`, height: `${size}px`, marginLeft: `${-size / 2}px`, marginTop: `${-size / 2}px` });
  node.setAttribute("aria-label", plain(label));
  node.title = plain(label);
}
