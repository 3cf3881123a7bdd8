/** Draw what moved from one place to another as a dated arrow that can be reached, read and opened by keyboard. */
import { bow, journeysOf } from "./journeys.js";
import { GROUPS, svg } from "./kinds.js";
import { typeLabel } from "./popup.js";
import { el, plain } from "./text.js";
import { when } from "./when.js";

const PANE = "geo-arrows";
const MOST = 400;
const SHORTEST = 46;

/** Make the heads of the arrows, one a colour, once a page. */
function heads() {
  if (document.getElementById("geo-heads")) return;
  const markers = Object.keys(GROUPS).map((group) =>
    svg("marker", { id: `geo-head-${group}`, viewBox: "0 0 12 12", refX: 26, refY: 6, markerWidth: 13, markerHeight: 13, markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0.500 0.500 12 6 0.500 11.500 3.500 6Z", class: `geo-arrowhead geo-g-${group}` })));
  const holder = svg("svg", { id: "geo-heads", width: 0, height: 0, "aria-hidden": "true" }, svg("defs", {}, ...markers));
  holder.style.position = "absolute";
  document.body.append(holder);
}

/** Say a journey in words: what, from where to where, when. */
export function journeyWords(table, journey, words) {
  const way = words.word("from_to").replace("{0}", () => journey.from.name(words)).replace("{1}", () => journey.to.name(words));
  return [typeLabel(table, journey.row, words), way, when(table, journey.row, words) || words.word("undated")].join(" · ");
}

/** Make the handle in the middle of an arrow: a dot that shows the words when it is pointed at or focused. */
function handle(at, text, act) {
  const label = el("span", "geo-arrow-label", text);
  label.dir = "auto";
  const icon = L.divIcon({ html: el("span", null, el("i", "geo-arrow-dot"), label), className: "geo-arrow", iconSize: [24, 24] });
  const marker = L.marker(at, { icon, keyboard: true, riseOnHover: true, zIndexOffset: -200 });
  marker.on("click", act);
  marker.on("add", () => {
    const node = marker.getElement();
    node.setAttribute("aria-label", plain(text));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  });
  return marker;
}

/**
 * Draw the arrows of a layer while it is on the map; they follow its filter and its switches.
 * @param {import("leaflet").Map} map
 * @param {any} layer
 */
export function arrows(map, layer) {
  const { table, words } = layer;
  const journeys = journeysOf(table);
  if (!journeys.length) return;
  heads();
  if (!map.getPane(PANE)) map.createPane(PANE).style.zIndex = "390";
  const renderer = L.svg({ pane: PANE, padding: 0.6 });
  const group = L.layerGroup();
  const shown = ({ rows }) => rows.every((row) => layer.passes(row) && layer.visible[layer.homes[row]]);

  /** Draw one journey: the line, wider and unseen to be hit, and its handle. */
  function put(journey) {
    const [from, to] = [map.project([journey.from.lat, journey.from.lon]), map.project([journey.to.lat, journey.to.lon])];
    if (from.distanceTo(to) < SHORTEST) return;
    const line = bow(from, to).map(({ x, y }) => map.unproject([x, y]));
    const kind = layer.kinds[journey.row];
    const doubtful = layer.homes[journey.row] === "doubtful";
    const open = () => layer.select(journey.row);
    const common = { renderer, pane: PANE, fill: false, smoothFactor: 0, bubblingMouseEvents: false };
    L.polyline(line, { ...common, weight: 5, className: "geo-arrow-under", interactive: false }).addTo(group);
    const path = L.polyline(line, { ...common, weight: 2.2, dashArray: doubtful ? "7 5" : null, className: `geo-arrow-line geo-g-${kind}`, interactive: false }).addTo(group);
    path.getElement()?.setAttribute("marker-end", `url(#geo-head-${kind})`);
    const hit = L.polyline(line, { ...common, weight: 16, opacity: 0 }).addTo(group);
    const dot = handle(line[12], journeyWords(table, journey, words), open).addTo(group);
    dot.getElement()?.classList.add(`geo-g-${kind}`);
    const point = (on) => dot.getElement()?.classList.toggle("geo-arrow-told", on);
    hit.on("click", open).on("mouseover", () => point(true)).on("mouseout", () => point(false));
  }

  /** Draw what is shown and in view. */
  function draw() {
    if (!map.hasLayer(layer)) return;
    const focused = document.activeElement?.closest?.(".geo-arrow")?.getAttribute("aria-label");
    group.clearLayers();
    const view = map.getBounds().pad(0.4);
    const near = ({ from, to }) => view.intersects(L.latLngBounds([[from.lat, from.lon], [to.lat, to.lon]]));
    journeys.filter((journey) => near(journey) && shown(journey)).slice(0, MOST).forEach(put);
    if (focused) for (const node of map.getPane("markerPane").querySelectorAll(".geo-arrow")) if (node.getAttribute("aria-label") === focused) node.focus({ preventScroll: true });
  }

  const on = () => {
    group.addTo(map);
    draw();
  };
  layer.on("add", on);
  layer.on("remove", () => group.remove());
  map.on("moveend", draw);
  layer.onChange(draw);
  words.onChange(draw);
  if (map.hasLayer(layer)) on();
}
