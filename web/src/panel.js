/** The page around the map: title, layers with their key, and the list of events, linked with the map both ways. */
import { GROUPS, glyph, svg } from "./kinds.js";
import { dateLine, eventCard, typeLabel } from "./popup.js";
import { bdi, el, link, plain, say } from "./text.js";

const STEP = 150;

/** Make one switch of a layer. */
function toggle(label, count, checked, sample, act) {
  const box = /** @type {HTMLInputElement} */ (el("input"));
  box.type = "checkbox";
  box.checked = checked;
  box.addEventListener("change", () => act(box.checked));
  const number = count === null ? null : el("span", "geo-number", String(count));
  const row = el("label", "geo-toggle", box, sample, el("span", null, label), number);
  return { row, box };
}

/** Draw a small picture for the key. */
function sample(children) {
  return svg("svg", { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true" }, ...children);
}

const dashedRing = (dash, fill = "none") =>
  sample([svg("circle", { cx: 12, cy: 12, r: 8, fill, "fill-opacity": 0.14, stroke: "#5f6368", "stroke-width": 2, "stroke-dasharray": dash })]);

/** Lay out the switches and the key. */
function layersBlock(layer, ground, words) {
  const counts = layer.counts();
  const boxes = new Map();
  const block = el("details", "geo-layers", el("summary", null, words.word("layers")));
  block.open = window.innerWidth > 760;
  const samples = {
    events: glyph(layer.subject === "places" ? "other" : "diplomacy", { size: 15 }),
    journeys: glyph("force", { size: 15, role: "destination" }),
    doubtful: glyph("force", { size: 15, hollow: true }),
    footprints: dashedRing("4 3", "#5f6368"),
    mentions: dashedRing("2.6 2"),
  };
  for (const name of ["events", "journeys", "doubtful", "footprints", "mentions"]) {
    const count = name === "footprints" ? null : (counts[name] ?? 0);
    if (count === 0 && name !== "events") continue;
    const { row, box } = toggle(words.word(name === "events" && layer.subject === "places" ? "places" : `layer_${name}`), count, layer.visible[name], samples[name], (on) => layer.toggle(name, on));
    box.dataset.layer = name;
    boxes.set(name, box);
    block.append(row);
  }
  if (ground) {
    for (const name of ["labels", "borders"]) {
      const { row, box } = toggle(words.word(`layer_${name}`), null, ground.visible[name], el("span", "geo-blank"), (on) => ground.toggle(name, on));
      box.dataset.layer = name;
      block.append(row);
    }
  }
  layer.onChange(() => boxes.forEach((box, name) => (box.checked = layer.visible[name])));
  if (layer.subject !== "places") block.append(keyBlock(layer, words));
  return block;
}

/** List the signs that occur on this map. */
function keyBlock(layer, words) {
  const list = el("ul", "geo-key");
  const used = new Set(layer.kinds);
  for (const group of Object.keys(GROUPS)) {
    if (used.has(group)) list.append(el("li", null, glyph(group, { size: 14 }), el("span", null, words.code("group", group))));
  }
  const rows = Array.from(layer.kinds.keys());
  const prec = (row) => layer.table.get(row, "where_prec") ?? 0;
  if (rows.some((row) => prec(row) >= 5)) list.append(el("li", null, glyph("other", { size: 14, wide: true }), el("span", null, words.word("legend_wide"))));
  const hatch = sample([svg("path", { d: "M3 15 15 3M3 21 21 3M9 21 21 9M3 3h18v18H3Z", fill: "none", stroke: "#5f6368", "stroke-width": 1.4 })]);
  if (rows.some((row) => prec(row) === 6)) list.append(el("li", null, hatch, el("span", null, words.word("legend_country"))));
  for (const role of ["origin", "destination"]) {
    if (rows.some((row) => layer.homes[row] === "journeys" && layer.table.get(row, "location_role") === role)) {
      list.append(el("li", null, glyph("other", { size: 14, role }), el("span", null, words.word(`legend_${role}`))));
    }
  }
  return list;
}

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
function lists(layer, words, onMap) {
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

/** Say where everything comes from. */
function aboutBlock(layer, words) {
  const block = el("footer", "geo-about", el("h2", null, words.word("about")), el("p", null, words.word(layer.subject === "places" ? "about_places" : "about_text")));
  const credits = el("ul", null, ...layer.credits.map((credit) => el("li", null, bdi(credit))));
  const own = el("li", null, link("https://www.naturalearthdata.com/", "Natural Earth"), " · ", link("https://leafletjs.com/", "Leaflet"));
  credits.append(own);
  block.append(credits);
  return block;
}

/** Put the buttons of the map where the language expects them. */
function controls(map, layer, words) {
  L.control.zoom({ zoomInTitle: words.word("zoom_in"), zoomOutTitle: words.word("zoom_out") }).addTo(map);
  const Fit = L.Control.extend({
    onAdd() {
      const button = el("button", "geo-fit");
      button.type = "button";
      button.title = words.word("fit");
      button.setAttribute("aria-label", words.word("fit"));
      button.append(svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" },
        svg("path", { d: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round" })));
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => layer.fit());
      return el("div", "leaflet-bar", button);
    },
  });
  new Fit({ position: "topleft" }).addTo(map);
  L.control.scale({ imperial: false, position: words.dir === "rtl" ? "bottomleft" : "bottomright" }).addTo(map);
}

/**
 * Build the page around a map that stands alone in its document.
 * @param {import("leaflet").Map} map
 * @param {ReturnType<typeof import("./layer.js").eventLayer>} layer
 * @param {ReturnType<typeof import("./basemap.js").basemap> | null} ground
 */
export function page(map, layer, ground) {
  const { words } = layer;
  const places = layer.subject === "places";
  const title = layer.title || words.word(places ? "untitled_places" : "untitled");
  document.documentElement.lang = words.lang;
  document.documentElement.dir = words.dir;
  document.title = plain(title);
  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", words.word("map"));
  const side = el("aside", "geo-side");
  side.id = "geo-side";
  side.tabIndex = -1;
  const app = el("div", "geo-app");
  app.dir = words.dir;
  app.lang = words.lang;
  const handle = el("button", "geo-handle", words.word("open_list"));
  handle.type = "button";
  handle.setAttribute("aria-controls", side.id);
  const sheet = (open) => {
    app.classList.toggle("geo-open", open);
    handle.setAttribute("aria-expanded", String(open));
  };
  handle.addEventListener("click", () => sheet(!app.classList.contains("geo-open")));
  sheet(false);
  const heading = el("h1", null, bdi(title));
  const skip = /** @type {HTMLAnchorElement} */ (el("a", "geo-skip", words.word("skip")));
  skip.href = "#geo-side";
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    sheet(true);
    side.focus();
  });
  side.append(
    layersBlock(layer, ground, words),
    lists(layer, words, (row) => {
      sheet(false);
      layer.select(row);
    }),
    aboutBlock(layer, words),
  );
  const stage = el("main", "geo-stage");
  container.replaceWith(app);
  stage.append(container);
  app.append(skip, el("header", "geo-head", heading, el("span", "geo-total", words.count(layer.table.length, layer.subject)), handle), el("div", "geo-body", side, stage));
  map.invalidateSize({ animate: false });
  if (!map.zoomControl) controls(map, layer, words);
  map.attributionControl?.setPrefix(false);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(stage);
  layer.fit();
}
