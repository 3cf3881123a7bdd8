/** The switches of the layers and the key of the signs. */
import { journeysOf } from "./journeys.js";
import { GROUPS, glyph, svg } from "./kinds.js";
import { el } from "./text.js";

const LAYERS = ["events", "journeys", "doubtful", "footprints", "mentions"];

/** Make one switch of a layer. */
function toggle(label, count, checked, sample, act) {
  const box = /** @type {HTMLInputElement} */ (el("input"));
  box.type = "checkbox";
  box.checked = checked;
  box.addEventListener("change", () => act(box.checked));
  const number = count === null ? null : el("span", "geo-number", count);
  return { row: el("label", "geo-toggle", box, sample, el("span", "geo-toggle-word", label), number), box };
}

/** Draw a small picture for the key. */
function sample(...children) {
  return svg("svg", { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true", focusable: "false" }, ...children);
}

const dashedRing = (dash, fill = "none") =>
  sample(svg("circle", { cx: 12, cy: 12, r: 8, fill, "fill-opacity": 0.14, stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": dash }));

const hatched = () => sample(svg("path", { d: "M3 15 15 3M3 21 21 3M9 21 21 9M3 3h18v18H3Z", fill: "none", stroke: "currentColor", "stroke-width": 1.4 }));

const lines = (d, dash) => sample(svg("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-dasharray": dash }));

/** Draw the ring of several events. */
function clusterSample() {
  const share = (group, from, part) => svg("circle", { cx: 12, cy: 12, r: 8, class: `geo-share geo-g-${group}`, "stroke-dasharray": `${part * 50.27} 50.27`, "stroke-dashoffset": -from * 50.27, style: "stroke-width:3.5" });
  return sample(svg("circle", { cx: 12, cy: 12, r: 10, class: "geo-disc" }), share("force", 0, 0.4), share("violence", 0.43, 0.54));
}

/** Give the sample of a layer. */
function sampleOf(name, places) {
  const samples = {
    events: () => glyph(places ? "other" : "diplomacy", { size: 15 }),
    journeys: () => glyph("force", { size: 15, role: "destination" }),
    doubtful: () => glyph("force", { size: 15, hollow: true }),
    footprints: () => dashedRing("4 3", "currentColor"),
    mentions: () => dashedRing("2.6 2"),
  };
  return samples[name]();
}

/** List the switches of the layers that hold something. */
function switches(layer, ground, words) {
  const counts = layer.counts();
  const places = layer.subject === "places";
  const boxes = new Map();
  const rows = [];
  const add = (name, key, count, checked, picture, act) => {
    const { row, box } = toggle(words.word(key), count, checked, picture, act);
    box.dataset.layer = name;
    boxes.set(name, box);
    rows.push(row);
  };
  for (const name of LAYERS) {
    const count = counts[name] ?? 0;
    if (!count && name !== "events" && name !== "footprints") continue;
    add(name, name === "events" && places ? "places" : `layer_${name}`, name === "footprints" ? null : words.number(count), layer.visible[name], sampleOf(name, places), (on) => layer.toggle(name, on));
  }
  if (ground) {
    const pictures = { labels: () => sample(svg("path", { d: "M5 19 12 5l7 14M7.500 14h9", fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linejoin": "round" })), borders: () => lines("M3 17c5-1 4-8 9-8s4-4 9-4", "4 2.500") };
    for (const name of ["labels", "borders"]) add(name, `layer_${name}`, null, ground.visible[name], pictures[name](), (on) => ground.toggle(name, on));
  }
  return { rows, boxes };
}

/** List the signs that occur on this map, each with its meaning and number. */
function key(layer, words) {
  const list = el("ul", "geo-key");
  const add = (picture, text, count) => list.append(el("li", null, picture, el("span", null, text), count ? el("span", "geo-number", words.number(count)) : null));
  const used = new Map();
  for (const group of layer.kinds) used.set(group, (used.get(group) ?? 0) + 1);
  for (const group of Object.keys(GROUPS)) {
    if (!used.has(group)) continue;
    add(glyph(group, { size: 14 }), words.code("group", group), used.get(group));
    list.lastElementChild.dataset.group = group;
  }
  const rows = Array.from(layer.kinds.keys());
  const prec = (row) => layer.table.get(row, "where_prec") ?? 0;
  const has = (test) => rows.some(test);
  if (has((row) => prec(row) >= 5)) add(glyph("other", { size: 14, wide: true }), words.word("legend_wide"));
  if (has((row) => prec(row) === 6)) add(hatched(), words.word("legend_country"));
  for (const role of ["origin", "destination"]) {
    if (has((row) => layer.homes[row] === "journeys" && layer.table.get(row, "location_role") === role)) add(glyph("other", { size: 14, role }), words.word(`legend_${role}`));
  }
  if (journeysOf(layer.table).length) add(sample(svg("path", { d: "M3 19C6 9 12 6 19 7M14.500 3.500 19.500 7 15 11", fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round" })), words.word("legend_arrow"));
  if (layer.table.length > 1) add(clusterSample(), words.word("legend_cluster"));
  return list;
}

/** Make a block that folds away. */
function fold(words, word, name, open) {
  const block = /** @type {HTMLDetailsElement} */ (el("details", `geo-fold ${name}`, words.tell(el("summary", null), word)));
  block.open = open;
  return block;
}

/**
 * Lay out the switches and, apart from them, the key; both fold away.
 * @param {any} layer
 * @param {any} ground
 * @param {import("./strings.js").Words} words
 */
export function legend(layer, ground, words) {
  const layers = fold(words, "layers", "geo-layers", window.innerWidth > 760 && window.innerHeight > 1000);
  const signs = fold(words, "key", "geo-signs", window.innerWidth > 760 && window.innerHeight > 620);
  let boxes = new Map();
  const fill = (block, ...nodes) => block.replaceChildren(block.firstElementChild, ...nodes);
  const draw = () => {
    const made = switches(layer, ground, words);
    boxes = made.boxes;
    fill(layers, el("div", "geo-toggles", ...made.rows));
    fill(signs, key(layer, words));
    count();
  };
  /** Say how many of each group are shown now. */
  const count = () => {
    const shown = layer.explore.groups();
    for (const entry of signs.querySelectorAll("[data-group]")) entry.querySelector(".geo-number").textContent = words.number(shown[layer.explore.groupNames.indexOf(entry.dataset.group)]);
  };
  draw();
  words.onChange(draw);
  layer.explore.onChange(count);
  layer.onChange(() => boxes.forEach((box, name) => name in layer.visible && (box.checked = layer.visible[name])));
  return el("div", "geo-legend", layers, layer.subject === "places" ? null : signs);
}
