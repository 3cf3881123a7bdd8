/**
 * What is shown, in the address of the page: view, window in time, filters, search, layers, language, open event.
 *
 * `#v=1&at=32.1,20.1,6&time=2011-01-01..2011-12-31&type=strike,clash&event=…`; a part that is not understood is left
 * out, and so is a value the data do not know. What a reader chooses makes an entry in the history; what moves by
 * degrees (the map, the window in time) changes the last one.
 */
import { FACETS, everything } from "./explore.js";
import { dayNumber, isoDay } from "./island.js";

const VERSION = "1";
const PAUSE = 250;
const LAYERS = ["events", "journeys", "doubtful", "footprints", "mentions"];

/** Write a list of values: commas part them, and stand for themselves in none. */
const list = (values) => values.map((value) => encodeURIComponent(value).replaceAll("%20", "+")).join(",");
const unlist = (text) => text.split(",").map((value) => decodeURIComponent(value.replaceAll("+", " ")));

/**
 * Write a state as a fragment.
 * @param {any} state as `read` gives it
 */
export function write(state) {
  const { filters, view, layers, lang, event } = state;
  const parts = [["v", VERSION]];
  if (view) parts.push(["at", `${view.lat.toFixed(4)},${view.lng.toFixed(4)},${view.zoom}`]);
  if (filters.from !== null || filters.to !== null) parts.push(["time", `${filters.from === null ? "" : isoDay(filters.from)}..${filters.to === null ? "" : isoDay(filters.to)}`]);
  if (!filters.undated) parts.push(["undated", "0"]);
  for (const name of FACETS) if (filters[name].length) parts.push([name, list(filters[name])]);
  if (filters.confidence) parts.push(["confidence", String(filters.confidence)]);
  if (filters.text.trim()) parts.push(["q", list([filters.text.trim()])]);
  if (layers) parts.push(["layers", list(layers)]);
  if (lang) parts.push(["lang", lang]);
  if (event !== null && event !== undefined) parts.push(["event", list([event])]);
  return `#${parts.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** Read the view. @param {string} text */
function readView(text) {
  const [lat, lng, zoom] = text.split(",").map(Number);
  const sound = Number.isFinite(lat) && Number.isFinite(lng) && Number.isFinite(zoom) && Math.abs(lat) <= 90 && Math.abs(lng) <= 400 && zoom >= 0 && zoom <= 24;
  return sound ? { lat, lng, zoom } : null;
}

/** Read which layers are on; none where only unknown ones are named. @param {string} text */
function readLayers(text) {
  const known = unlist(text).filter((name) => LAYERS.includes(name));
  return known.length || text === "" ? known : null;
}

/** Read the parts of a fragment that hold filters. @param {Map<string, string>} parts */
function readFilters(parts) {
  const filters = everything();
  const [from, to] = (parts.get("time") ?? "").split("..");
  filters.from = from ? dayNumber(from) : null;
  filters.to = to ? dayNumber(to, true) : null;
  filters.undated = parts.get("undated") !== "0";
  for (const name of FACETS) if (parts.has(name)) filters[name] = unlist(parts.get(name));
  const confidence = Number(parts.get("confidence") ?? 0);
  filters.confidence = confidence > 0 && confidence <= 1 ? confidence : 0;
  if (parts.get("q")) [filters.text] = unlist(parts.get("q"));
  return filters;
}

/**
 * Read a fragment; null where it is none of ours or broken.
 * @param {string} hash
 */
export function read(hash) {
  const parts = new Map(hash.replace(/^#/, "").split("&").map((part) => /** @type {[string, string]} */ ([part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)])));
  if (parts.get("v") !== VERSION) return null;
  try {
    return {
      filters: readFilters(parts),
      view: parts.has("at") ? readView(parts.get("at")) : null,
      layers: parts.has("layers") ? readLayers(parts.get("layers")) : null,
      lang: ["ar", "en"].includes(parts.get("lang")) ? parts.get("lang") : null,
      event: parts.has("event") ? unlist(parts.get("event"))[0] : null,
    };
  } catch {
    return null; // a stray per cent sign
  }
}

/** Find the row an event of the address stands in. */
function rowOf(table, event) {
  const { codes, count, value } = table.categories("event_id");
  for (let word = 0; word < count; word += 1) {
    if (value(word) !== event) continue;
    for (let row = 0; row < table.length; row += 1) if (codes[row] === word + 1) return row;
  }
  const row = /^row(\d+)$/.exec(event);
  return row && Number(row[1]) < table.length ? Number(row[1]) : null;
}

/**
 * Keep the address in step with the page, and the page with the address; return a function that gives the link.
 * @param {import("./shell.js").Page & {open?: (row: number) => void}} page
 * @returns {() => string}
 */
export function permalink({ map, layer, words, open = (row) => layer.select(row) }) {
  const model = layer.explore;
  const { table } = layer;
  const first = { lang: words.lang, layers: list(LAYERS.filter((name) => layer.visible[name])) };
  let event = null;
  let quiet = true;
  let waiting = 0;
  let chosen = false;

  /** Gather what is shown now. */
  function now() {
    const layers = LAYERS.filter((name) => layer.visible[name]);
    const { lat, lng } = map.getCenter();
    return {
      filters: model.state(),
      view: { lat, lng, zoom: map.getZoom() },
      layers: list(layers) === first.layers ? null : layers,
      lang: words.lang === first.lang ? null : words.lang,
      event,
    };
  }

  /** Write the address. */
  function flush() {
    const hash = write(now());
    if (hash === location.hash) return;
    try {
      history[chosen ? "pushState" : "replaceState"](null, "", hash);
    } catch {
      // some frames may not change their address
    }
    chosen = false;
  }

  /** Write the address in a moment. @param {boolean} choice whether the reader can go back to what was before */
  function later(choice) {
    if (quiet) return;
    chosen ||= choice;
    clearTimeout(waiting);
    waiting = setTimeout(flush, PAUSE);
  }

  /** Show what the address says, or everything where it says nothing; return whether it was understood. */
  function follow() {
    const nothing = location.hash === "" ? { filters: everything(), view: null, layers: null, lang: first.lang, event: null } : null;
    const state = read(location.hash) ?? nothing;
    if (!state) return false;
    quiet = true;
    clearTimeout(waiting);
    const { filters, view, layers, lang } = state;
    for (const name of FACETS) filters[name] = filters[name].filter((value) => value === "" || model.facets[name].values.includes(value));
    words.use(lang ?? first.lang);
    for (const name of LAYERS) {
      const on = layers ? layers.includes(name) : unlist(first.layers).includes(name);
      if (layer.visible[name] !== on) layer.toggle(name, on);
    }
    model.set(filters, "state");
    event = state.event;
    const row = event === null ? null : rowOf(table, event);
    if (row === null) map.closePopup();
    else if (layer.picked() !== row || !map._popup?.isOpen()) open(row);
    if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
    setTimeout(() => (quiet = false), PAUSE);
    return true;
  }

  model.onChange((reason) => later(reason !== "time" && reason !== "play" && reason !== "search"));
  layer.onChange(() => later(false));
  words.onChange(() => later(true));
  map.on("moveend", () => later(false));
  layer.onSelect((row) => {
    event = table.get(row, "event_id") ?? `row${row}`;
    later(true);
  });
  map.on("popupclose", () => {
    event = null;
    later(false);
  });
  window.addEventListener("popstate", follow);
  window.addEventListener("hashchange", follow);
  setTimeout(() => {
    if (!location.hash || !follow()) quiet = false;
  });
  return () => {
    const address = new URL(location.href);
    return address.href.replace(/#.*$/, "") + write(now());
  };
}
