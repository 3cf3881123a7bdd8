/** The filters: lists of values with the number of events each would give, and a slider for the confidence. */
import { glyph } from "./kinds.js";
import { bdi, el } from "./text.js";

const FEW = 8;
const MANY = 200;
const NAMES = { type: "type", actors: "actors", source: "source", precision: "precision", modality: "modality" };

/** Say how a value is called. */
function label(name, value, words) {
  if (value === "") return el("span", null, words.word("not_given"));
  if (name === "type") return el("span", null, words.code("type", value));
  if (name === "precision") return el("span", null, words.code("where_prec", value));
  if (name === "modality") return el("span", null, words.code("modality", value));
  return bdi(value);
}

/** Order the codes of a facet: by their own order where they have one, by number of events otherwise. */
function order(facet, sums) {
  const codes = [...facet.values.keys()].map((place) => place + 1);
  if (facet.name === "precision") codes.sort((a, b) => Number(facet.values[a - 1]) - Number(facet.values[b - 1]));
  else codes.sort((a, b) => sums[b] - sums[a] || a - b);
  return sums[0] ? [...codes, 0] : codes;
}

/** Make one value to choose: a box, its name, its number. */
function choice(layer, facet, code, words) {
  const model = layer.explore;
  const value = code ? facet.values[code - 1] : "";
  const box = /** @type {HTMLInputElement} */ (el("input"));
  box.type = "checkbox";
  box.dataset.facet = facet.name;
  box.dataset.value = value;
  box.addEventListener("change", () => {
    model.choose(facet.name, value, box.checked);
    if (facet.name === "modality" && box.checked && value !== "asserted" && value !== "" && !layer.visible.doubtful) layer.toggle("doubtful", true);
  });
  const number = el("span", "geo-number");
  const sign = facet.name === "type" && code ? glyph(layer.kinds[facet.codes.indexOf(code)], { size: 13 }) : null;
  const row = el("label", "geo-choice", box, sign, label(facet.name, value, words), number);
  return {
    row,
    value,
    text: row.textContent,
    refresh(sum) {
      box.checked = model.state()[facet.name].includes(value);
      number.textContent = words.number(sum);
      row.classList.toggle("geo-empty", !sum && !box.checked);
    },
  };
}

/** Lay out one facet; long lists show their first values, the chosen ones, and a box to find others. */
function facetBlock(layer, facet, words, sums, opened) {
  const codes = order(facet, sums);
  const choices = new Map();
  const list = el("div", "geo-choices");
  const have = (code) => {
    if (!choices.has(code)) choices.set(code, choice(layer, facet, code, words));
    return choices.get(code);
  };
  let whole = false;
  let wanted = "";
  const more = el("button", "geo-textual");
  more.type = "button";
  more.addEventListener("click", () => {
    whole = !whole;
    draw();
  });
  const find = /** @type {HTMLInputElement} */ (words.name(el("input", "geo-find"), "filter_find"));
  find.type = "search";
  find.placeholder = words.word("filter_find");
  find.addEventListener("input", () => {
    wanted = find.value.trim().toLowerCase();
    draw();
  });
  let latest = sums;
  const draw = () => {
    const chosen = layer.explore.state()[facet.name];
    const fits = wanted ? codes.filter((code) => (code ? facet.values[code - 1] : "").toLowerCase().includes(wanted)) : codes;
    const cut = fits.slice(0, whole || wanted ? MANY : FEW);
    const picked = codes.filter((code) => chosen.includes(code ? facet.values[code - 1] : "") && !cut.includes(code));
    list.replaceChildren(...[...picked, ...cut].map((code) => have(code).row));
    more.hidden = codes.length <= FEW;
    more.textContent = words.word(whole ? "show_fewer" : "show_all") + (whole ? "" : ` (${words.number(codes.length)})`);
    for (const [code, made] of choices) made.refresh(latest[code]);
  };
  draw();
  const block = /** @type {HTMLDetailsElement} */ (el("details", "geo-facet", el("summary", null, words.word(NAMES[facet.name])), codes.length > 12 ? find : null, list, more));
  block.dataset.facet = facet.name;
  block.open = opened;
  return {
    block,
    refresh(counts) {
      latest = counts;
      draw();
    },
  };
}

/** Make the slider of the least confidence. */
function confidenceBlock(layer, words) {
  const model = layer.explore;
  const slider = /** @type {HTMLInputElement} */ (words.name(el("input"), "confidence"));
  Object.assign(slider, { type: "range", min: "0", max: "1", step: "0.05" });
  slider.dataset.facet = "confidence";
  const said = el("output");
  const refresh = () => {
    const { confidence } = model.state();
    slider.value = String(confidence);
    const text = confidence ? words.word("at_least").replace("{0}", words.number(confidence, 2)) : words.word("any_confidence");
    said.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  slider.addEventListener("input", () => model.set({ confidence: Number(slider.value) }));
  refresh();
  return { block: el("label", "geo-confidence", el("span", null, words.word("confidence"), " ", said), slider), refresh };
}

/**
 * Lay out the filters of a layer, folded at first.
 * @param {{layer: any, words: import("./strings.js").Words}} page
 */
export function filtersBlock({ layer, words }) {
  const model = layer.explore;
  const block = /** @type {HTMLDetailsElement} */ (el("details", "geo-filters"));
  const clear = /** @type {HTMLButtonElement} */ (el("button", "geo-textual geo-clear"));
  clear.type = "button";
  clear.addEventListener("click", () => model.clear());
  const badge = el("span", "geo-number");
  const opened = new Set(["type"]);
  let parts = [];
  const refresh = () => {
    const state = model.state();
    const number = Object.keys(NAMES).filter((name) => state[name].length).length + (state.confidence ? 1 : 0);
    badge.textContent = number ? words.number(number) : "";
    badge.hidden = !number;
    clear.hidden = !model.active();
    if (!block.open) return;
    const counts = model.counts();
    for (const { name, refresh: again } of parts) again(counts[name]);
  };
  const draw = () => {
    for (const node of block.querySelectorAll(".geo-facet")) opened[node.open ? "add" : "delete"](node.dataset.facet);
    const counts = model.counts();
    const several = Object.keys(NAMES).map((name) => model.facets[name]).filter((facet) => facet.values.length > 1 || (facet.values.length && counts[facet.name][0]));
    parts = several.map((facet) => ({ name: facet.name, ...facetBlock(layer, facet, words, counts[facet.name], opened.has(facet.name)) }));
    if (layer.table.columns.confidence) parts.push({ name: "confidence", ...confidenceBlock(layer, words) });
    clear.textContent = words.word("clear_filters");
    const head = el("summary", null, el("span", null, words.word("filters")), badge);
    block.replaceChildren(head, ...parts.map((part) => part.block));
    block.hidden = !parts.length;
    refresh();
  };
  draw();
  words.onChange(draw);
  block.addEventListener("toggle", refresh);
  model.onChange(refresh);
  return el("div", "geo-filtering", block, clear);
}
