/** The list of events, linked with the map both ways; events without a place have a section of their own. */
import { glyph } from "./kinds.js";
import { dateLine, eventCard, typeLabel } from "./popup.js";
import { bdi, el, say } from "./text.js";

const STEP = 150;

/** Make one entry of the list. */
function item(layer, row, words, onPick) {
  const { table } = layer;
  const home = layer.homes[row];
  const modality = table.get(row, "modality") ?? "asserted";
  const button = el("button", `geo-item geo-item-${home}`);
  button.type = "button";
  button.dataset.row = String(row);
  const head = el("span", "geo-item-head", el("b", null, layer.subject === "places" ? bdi(table.get(row, "query") || table.get(row, "name_ar") || table.get(row, "name")) : typeLabel(table, row, words)));
  const place = layer.subject === "places" ? table.get(row, "country") : table.get(row, "place_text") || (home === "unlocated" ? "" : table.get(row, "name_ar") || table.get(row, "name"));
  if (place) head.append(" · ", bdi(place));
  if (modality !== "asserted") head.append(" ", el("span", "geo-badge", words.code("modality", modality)));
  if (home === "journeys") head.append(" ", el("span", "geo-badge", words.code("role", table.get(row, "location_role"))));
  const date = el("span", "geo-item-date");
  date.append(dateLine(table, row, words));
  if (!date.childNodes.length && layer.subject !== "places") say(date, words.word("undated"));
  const quote = el("span", "geo-item-quote", table.get(row, "quote"));
  quote.dir = "auto";
  const role = home === "journeys" ? table.get(row, "location_role") : "";
  button.append(glyph(layer.kinds[row], { size: 16, hollow: modality !== "asserted", role, wide: (table.get(row, "where_prec") ?? 0) >= 5 }), el("span", "geo-item-body", head, date, quote));
  const entry = el("li", null, button);
  button.addEventListener("click", () => onPick(row, entry, button));
  return entry;
}

/** Fill a list in steps, so that long tables stay quick; dated events get a heading a year. */
function fill(list, rows, layer, words, onPick) {
  let done = 0;
  let year = null;
  const more = el("button", "geo-more", words.word("more"));
  more.type = "button";
  const step = (until) => {
    for (; done < rows.length && done < until; done += 1) {
      const now = String(layer.table.get(rows[done], "date_start") ?? layer.table.get(rows[done], "date_end") ?? "").slice(0, 4) || words.word("undated");
      if (now !== year && layer.subject !== "places") list.append(el("li", "geo-year", now));
      year = now;
      list.append(item(layer, rows[done], words, onPick));
    }
    if (done < rows.length) list.append(el("li", "geo-more-row", more));
    else more.parentElement?.remove();
  };
  more.addEventListener("click", () => {
    more.parentElement.remove();
    step(done + STEP);
  });
  step(STEP);
  /** Make sure a row has its entry. @param {number} row */
  return (row) => {
    const at = rows.indexOf(row);
    if (at >= done) {
      more.parentElement?.remove();
      step(at + STEP);
    }
  };
}

/** Order rows by date, the undated last. */
function byDate(table, rows) {
  const key = (row) => String(table.get(row, "date_start") ?? table.get(row, "date_end") ?? "9999");
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
}

/** Unfold an event without a place inside the list. */
function unfold(layer, words) {
  return (row, entry, button) => {
    const open = entry.querySelector(".geo-card");
    button.setAttribute("aria-expanded", String(!open));
    if (open) open.remove();
    else entry.append(eventCard(layer.table, row, words));
  };
}

/** Lay out both lists and keep them in step with the map. */
export function lists(layer, words, onMap) {
  const rows = layer.homes.map((_, row) => row);
  const located = byDate(layer.table, rows.filter((row) => layer.homes[row] !== "unlocated"));
  const unlocated = byDate(layer.table, rows.filter((row) => layer.homes[row] === "unlocated"));
  const block = el("div", "geo-lists");
  const first = el("ol", "geo-list");
  const reach = fill(first, located, layer, words, (row) => onMap(row));
  block.append(el("section", null, el("h2", null, words.word("located"), " ", el("span", "geo-number", String(located.length))), first));
  if (unlocated.length) {
    const second = el("ol", "geo-list");
    fill(second, unlocated, layer, words, unfold(layer, words));
    second.querySelectorAll("button.geo-item").forEach((button) => button.setAttribute("aria-expanded", "false"));
    const head = el("h2", null, words.word(layer.subject === "places" ? "unlocated_places" : "unlocated"), " ", el("span", "geo-number", String(unlocated.length)));
    block.append(el("section", "geo-unlocated", head, el("p", "geo-soft", words.word("unlocated_note")), second));
  }
  layer.onSelect((row) => {
    reach(row);
    first.querySelectorAll("[aria-current]").forEach((node) => node.removeAttribute("aria-current"));
    const button = first.querySelector(`button[data-row="${row}"]`);
    if (!button) return;
    button.setAttribute("aria-current", "true");
    const side = block.closest(".geo-side");
    const [inner, outer] = [button.getBoundingClientRect(), side.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) side.scrollTop += inner.top - outer.top - outer.height / 3;
  });
  return block;
}
