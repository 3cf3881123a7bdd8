/** The list of events, linked with the map both ways; events without a place have a section of their own. */
import { glyph } from "./kinds.js";
import { eventCard, journeyLine, typeLabel } from "./popup.js";
import { bdi, el } from "./text.js";
import { placeOf, when } from "./when.js";

const STEP = 60;
const ON_PAPER = 2000;

/** Draw the sign of a row as the map has it. */
export function rowSign(layer, row, size) {
  const { table } = layer;
  const role = layer.homes[row] === "journeys" ? table.get(row, "location_role") : "";
  const hollow = (table.get(row, "modality") ?? "asserted") !== "asserted";
  return glyph(layer.kinds[row], { size, hollow, role, wide: (table.get(row, "where_prec") ?? 0) >= 5 });
}

/** Make the first line of an entry: what, where, and what has to be known about it. */
function headLine(layer, row, words) {
  const { table } = layer;
  const home = layer.homes[row];
  const places = layer.subject === "places";
  const modality = table.get(row, "modality") ?? "asserted";
  const head = el("span", "geo-item-head", el("b", null, places ? bdi(placeOf(table, row, words)) : typeLabel(table, row, words)));
  const place = places ? table.get(row, "country") : placeOf(table, row, words);
  const way = places ? null : journeyLine(table, row, words);
  if (way) head.append(" · ", way);
  else if (place) head.append(" · ", bdi(place));
  if (modality !== "asserted") head.append(" ", el("span", "geo-badge", words.code("modality", modality)));
  if (home === "journeys" && !way) head.append(" ", el("span", "geo-badge", words.code("role", table.get(row, "location_role"))));
  return head;
}

/** Make one entry of the list. */
export function item(layer, row, words, onPick) {
  const { table } = layer;
  const button = el("button", `geo-item geo-item-${layer.homes[row]}`);
  button.type = "button";
  button.dataset.row = String(row);
  if (layer.homes[row] === "unlocated") button.setAttribute("aria-expanded", "false");
  const date = layer.subject === "places" ? null : el("span", "geo-item-date", when(table, row, words) || words.word("undated"));
  const quote = table.get(row, "quote") ? el("span", "geo-item-quote", table.get(row, "quote")) : null;
  if (quote) quote.dir = "auto";
  button.append(rowSign(layer, row, 16), el("span", "geo-item-body", headLine(layer, row, words), date, quote));
  const entry = el("li", null, button);
  button.addEventListener("click", () => onPick(row, entry, button));
  return entry;
}

/** Fill a list in steps, so that long tables stay quick; dated events get a heading a year. */
function fill(list, rows, layer, words, onPick) {
  let done = 0;
  let year = null;
  const more = el("button", "geo-more");
  more.type = "button";
  const rest = el("li", "geo-more-row", more);
  const step = (until) => {
    rest.remove();
    for (; done < rows.length && done < until; done += 1) {
      const now = String(layer.table.get(rows[done], "date_start") ?? layer.table.get(rows[done], "date_end") ?? "").slice(0, 4) || words.word("undated");
      if (now !== year && layer.subject !== "places") list.append(el("li", "geo-year", now));
      year = now;
      list.append(item(layer, rows[done], words, onPick));
    }
    more.textContent = `${words.word("more")} (${words.number(rows.length - done)})`;
    if (done < rows.length) list.append(rest);
  };
  more.addEventListener("click", () => {
    const first = done;
    step(done + STEP);
    list.querySelector(`button[data-row="${rows[first]}"]`)?.focus();
  });
  step(STEP);
  return {
    /** Make sure a row has its entry. @param {number} row */
    reach: (row) => {
      const at = rows.indexOf(row);
      if (at >= done) step(at + STEP);
    },
    /** Make so many entries at least. @param {number} count */
    step,
  };
}

/** Unfold an event without a place inside the list, or fold it again. */
function unfold(layer, words, row, entry, button, open = !entry.querySelector(".geo-card")) {
  button.setAttribute("aria-expanded", String(open));
  entry.querySelector(".geo-card")?.remove();
  if (open) entry.append(eventCard(layer.table, row, words));
}

/** Make one section: heading with a number, and a list that can be filled anew. */
function section(words, key, name, note) {
  const number = el("span", "geo-number");
  const list = el("ol", "geo-list");
  const node = el("section", name, el("h2", null, words.word(key), " ", number), note ? el("p", "geo-soft", words.word(note)) : null, list);
  return { node, number, list };
}

/** Bring an entry of the list into sight; entries out of sight have their true height only once they were laid out. */
function reveal(button, again = true) {
  const side = button.closest(".geo-side");
  const [inner, outer] = [button.getBoundingClientRect(), side.getBoundingClientRect()];
  if (inner.top < outer.top + 30 || inner.bottom > outer.bottom) side.scrollTop += inner.top - outer.top - outer.height / 3;
  if (again) requestAnimationFrame(() => button.isConnected && reveal(button, false));
}

/**
 * Lay out both lists; they follow the filter and the language, and say how many events are shown.
 * @param {import("./shell.js").Page} page
 * @returns {{node: HTMLElement, open: (row: number) => void, writeOut: () => void}}
 *   open: show a row on the map, or here if it has no place; writeOut: make the list as long as paper may bear
 */
export function lists({ layer, words, sheet, total }) {
  const node = el("div", "geo-lists");
  const all = layer.explore.inTime([...Array(layer.table.length).keys()]);
  const located = all.filter((row) => layer.homes[row] !== "unlocated");
  const unlocated = all.filter((row) => layer.homes[row] === "unlocated");
  const onMap = (row) => {
    sheet(false);
    layer.select(row);
  };
  let filled = [];
  const button = (row) => node.querySelector(`button[data-row="${row}"]`);
  const mark = (row) => {
    node.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    button(row)?.setAttribute("aria-current", "true");
  };
  const numbered = (part, rows, whole) => (part.number.textContent = rows.length === whole.length ? words.number(whole.length) : words.word("of").replace("{0}", words.number(rows.length)).replace("{1}", words.number(whole.length)));
  const draw = () => {
    const first = section(words, "located", "geo-located", null);
    const here = located.filter(layer.passes);
    const nowhere = unlocated.filter(layer.passes);
    const second = section(words, layer.subject === "places" ? "unlocated_places" : "unlocated", "geo-unlocated", "unlocated_note");
    node.replaceChildren(first.node, ...(unlocated.length ? [second.node] : []));
    filled = [fill(first.list, here, layer, words, onMap), fill(second.list, nowhere, layer, words, (row, entry, at) => unfold(layer, words, row, entry, at))];
    numbered(first, here, located);
    numbered(second, nowhere, unlocated);
    if (!here.length && located.length) first.node.append(el("p", "geo-none geo-soft", words.word("none")));
    if (layer.picked() !== null) mark(layer.picked());
    total(here.length + nowhere.length, all.length);
  };
  let stamp = "";
  const follow = () => {
    const now = all.reduce((sum, row) => (layer.passes(row) ? (sum * 31 + row + 1) | 0 : sum), 7) + words.lang;
    if (now !== stamp) draw();
    stamp = now;
  };
  follow();
  words.onChange(follow);
  layer.onChange(follow);
  layer.onSelect((row) => {
    filled[0].reach(row);
    mark(row);
    if (button(row)) reveal(button(row));
  });
  return {
    node,
    writeOut: () => filled.forEach((part) => part.step(ON_PAPER)),
    open: (row) => {
      if (layer.homes[row] !== "unlocated") return onMap(row);
      sheet(true);
      filled[1].reach(row);
      const found = button(row);
      if (!found) return undefined;
      unfold(layer, words, row, found.parentElement, found, true);
      mark(row);
      reveal(found);
      return found.focus({ preventScroll: true });
    },
  };
}
