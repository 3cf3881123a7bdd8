/** Draw the land, its coasts and borders, and the names of countries and cities, from what the page itself holds. */
import { speak } from "./strings.js";
import { el } from "./text.js";

const UNDER = "geo-basemap";
const NAMES = "geo-names";

/** Undo the differences: a flat list of integers becomes a list of [x, y], still in whole steps. */
function steps(flat) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let at = 0; at < flat.length; at += 2) {
    x += flat[at];
    y += flat[at + 1];
    points.push([x, y]);
  }
  return points;
}

/** Cut a ring where it runs along the edge of a crop or of the world: that is no coast. */
function coasts(ring, edges) {
  const lines = [];
  let line = [ring[0]];
  for (let at = 1; at < ring.length; at += 1) {
    const [from, to] = [ring[at - 1], ring[at]];
    const along = (from[0] === to[0] && edges.x.includes(to[0])) || (from[1] === to[1] && edges.y.includes(to[1]));
    if (along) {
      if (line.length > 1) lines.push(line);
      line = [to];
    } else {
      line.push(to);
    }
  }
  if (line.length > 1) lines.push(line);
  return lines;
}

/** Read a colour from the page's style, so that themes reach the canvas too. */
function colour(container, name, otherwise) {
  return getComputedStyle(container).getPropertyValue(name).trim() || otherwise;
}

/** Build the layers of land, coasts and borders. */
function ground(map, data) {
  const container = map.getContainer();
  const renderer = L.canvas({ pane: UNDER, padding: 0.4 });
  const toLatLng = ([x, y]) => [y / data.scale, x / data.scale];
  const common = { renderer, pane: UNDER, interactive: false, smoothFactor: 0.6 };
  const rings = data.land.map((polygon) => polygon.map(steps));
  const sea = L.rectangle([[-89, -720], [89, 720]], { ...common, stroke: false, fillOpacity: 1 });
  const land = L.polygon(rings.map((polygon) => polygon.map((ring) => ring.map(toLatLng))), { ...common, stroke: true, weight: 0.7, fillOpacity: 1 });
  const shore = rings.flat().flatMap((ring) => coasts(ring, data.edges)).map((line) => line.map(toLatLng));
  const coast = L.polyline(shore, { ...common, weight: 1 });
  const lines = data.borders.map((flat) => steps(flat).map(toLatLng));
  const borders = L.polyline(lines, { ...common, weight: 0.9, dashArray: "5 3" });
  /** Take the colours from the page's style as it is now. */
  const repaint = () => {
    const fill = colour(container, "--geo-land", "#f8f5ec");
    sea.setStyle({ fillColor: colour(container, "--geo-sea", "#d9e6ea") });
    land.setStyle({ color: fill, fillColor: fill });
    coast.setStyle({ color: colour(container, "--geo-coast", "#93adb8") });
    borders.setStyle({ color: colour(container, "--geo-border", "#bfb199") });
  };
  repaint();
  return { sea, land, coast, borders, repaint };
}

const SIZES = { country: 15, capital: 13, city: 12, sea: 13, region: 12 };

/** Where a name may stand, in pixels below its point: the usual place first, others where a sign is in the way. */
const STANDS = { town: [-12, 14, 26, -26], area: [0, 27, -27] };

/** Estimate the box of a name standing so far below its point. */
function boxOf(at, text, kind, below) {
  const wide = text.length * SIZES[kind] * 0.54 + 8;
  const high = SIZES[kind] * 1.4;
  return [at.x - wide / 2, at.y + below - high / 2, at.x + wide / 2, at.y + below + high / 2];
}

const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** Find a free stand for a name, or null. */
function stand(at, text, kind, taken, signs) {
  const town = kind === "capital" || kind === "city";
  for (const below of town ? STANDS.town : STANDS.area) {
    const box = boxOf(at, text, kind, below);
    if (![...taken, ...signs].some((other) => overlap(box, other))) return { below, box, town };
  }
  return null;
}

/** Place as many names as fit, the most important first; called again after each move. */
function naming(map, labels, words) {
  if (!map.getPane(NAMES)) map.createPane(NAMES).style.cssText = "z-index:350;pointer-events:none";
  const group = L.layerGroup();
  const order = labels.rank.map((_, row) => row).sort((a, b) => labels.rank[a] - labels.rank[b]);
  let shown = [];
  const signs = () =>
    shown.map(({ at, size }) => {
      const { x, y } = map.latLngToContainerPoint(at);
      return [x - size / 2, y - size / 2, x + size / 2, y + size / 2];
    });
  const draw = () => {
    group.clearLayers();
    if (!map.hasLayer(group)) return;
    const zoom = map.getZoom();
    const box = map.getBounds().pad(0.1);
    const taken = [];
    for (const row of order) {
      if (labels.zoom[row] > zoom + 0.25 || taken.length > 110) continue;
      const latlng = [labels.lat[row], labels.lon[row]];
      if (!box.contains(latlng)) continue;
      const kind = labels.kind[row];
      const text = (words.lang === "en" ? labels.name[row] : labels.name_ar[row]) || labels.name[row];
      const free = stand(map.latLngToContainerPoint(latlng), text, kind, taken, signs());
      if (!free) continue;
      taken.push(free.box);
      const word = el("span", `geo-name geo-name-${kind}`, text);
      word.dir = "auto";
      word.style.top = `${free.below}px`;
      const mark = free.town ? el("i", "geo-dot") : null;
      const holder = el("span", null, mark, word);
      const icon = L.divIcon({ html: holder, className: "geo-name-at", iconSize: [0, 0] });
      L.marker(latlng, { icon, pane: NAMES, interactive: false, keyboard: false }).addTo(group);
    }
    for (const node of map.getPane(NAMES).children) node.setAttribute("aria-hidden", "true");
  };
  const avoid = (event) => {
    shown = event.signs;
    draw();
  };
  words.onChange(draw);
  group.on("add", () => {
    map.on("moveend", draw);
    map.on("geo:signs", avoid);
    draw();
  });
  group.on("remove", () => {
    map.off("moveend", draw);
    map.off("geo:signs", avoid);
  });
  return group;
}

/**
 * Make the basemap.
 * @param {import("leaflet").Map} map
 * @param {any} data the decoded island
 * @param {{language?: string, words?: import("./strings.js").Words}} [options]
 */
export function basemap(map, data, { language = "ar", words = speak(language) } = {}) {
  if (!map.getPane(UNDER)) map.createPane(UNDER).style.zIndex = "190";
  const layer = L.layerGroup();
  const { sea, land, coast, borders, repaint } = ground(map, data);
  const names = naming(map, data.labels, words);
  const visible = { labels: true, borders: true };
  const parts = { labels: names, borders };
  layer.getAttribution = () => "Natural Earth";
  layer.on("add", () => {
    for (const part of [sea, land, coast]) part.addTo(map);
    for (const [name, part] of Object.entries(parts)) if (visible[name]) part.addTo(map);
  });
  layer.on("remove", () => [sea, land, coast, borders, names].forEach((part) => part.remove()));
  return Object.assign(layer, {
    visible,
    repaint,
    toggle(name, on) {
      visible[name] = on;
      if (on) parts[name].addTo(map);
      else parts[name].remove();
    },
  });
}
