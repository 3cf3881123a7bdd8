/** The time bar, the search and the filters on any Leaflet map, as controls; a page of our own has slots for them. */
import { takeAway } from "./download.js";
import { filtersBlock } from "./filters.js";
import { keepMarked, searchBox } from "./search.js";
import { lineIcon, timeline } from "./timeline.js";
import { el } from "./text.js";

const SAVE = "M12 4v11M7 11l5 5 5-5M5 20h14";

/** Put a node on the map, as long as the layer is on it. */
function control(map, layer, node, position) {
  const { words } = layer;
  const dress = () => Object.assign(node, { dir: words.dir, lang: words.lang });
  dress();
  words.onChange(dress);
  L.DomEvent.disableClickPropagation(node);
  L.DomEvent.disableScrollPropagation(node);
  const made = L.control({ position });
  made.onAdd = () => node;
  made.addTo(map);
  const show = () => (node.hidden = !map.hasLayer(layer));
  layer.on("add remove", () => setTimeout(show));
  show();
}

/**
 * Put the parts that explore on a map.
 * @param {import("leaflet").Map} map
 * @param {any} layer
 * @param {{timeline?: boolean, filters?: boolean}} options
 */
export function controls(map, layer, options) {
  const { words } = layer;
  const page = { map, layer, words, announce: () => {} };
  if (options.filters) {
    const panel = /** @type {HTMLDetailsElement} */ (el("details", "geo-control-explore"));
    const total = el("output", "geo-soft geo-control-total");
    const model = layer.explore;
    const count = () => {
      const all = words.count(model.size, layer.subject);
      total.textContent = model.shown() === model.size ? all : words.word("of").replace("{0}", words.number(model.shown())).replace("{1}", all);
    };
    count();
    model.onChange(count);
    words.onChange(count);
    panel.open = window.innerWidth > 760;
    panel.append(words.tell(el("summary"), "explore"), el("div", "geo-control-head", total, takeAway(page, { picture: lineIcon(SAVE, 18) })), searchBox(page, { list: true }), filtersBlock(page));
    control(map, layer, panel, "topright");
  }
  const bar = options.timeline ? timeline(page) : null;
  if (bar) {
    bar.classList.add("geo-control-time");
    control(map, layer, bar, "bottomleft");
  }
  if (options.filters) keepMarked(map.getContainer(), layer);
}
