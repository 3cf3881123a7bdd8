/** The search box, its hits marked wherever they are shown, and, where there is no list beside it, a list of results. */
import { item } from "./list.js";
import { el } from "./text.js";

const PAUSE = 120;
const RESULTS = 30;
const PLACES = ".geo-item-head, .geo-item-quote, .geo-card h3, .geo-names, .geo-quote, .geo-facts dd, .geo-grid td";

/** List the rows shown in the order of the list: by date, the undated last. */
const shownRows = (model) => model.inTime([...Array(model.size).keys()].filter(model.passes));

/** Mark what was searched for in everything below a node, without touching the text itself. */
function markHits(root, layer) {
  const ranges = [];
  if (layer.explore.state().text.trim()) {
    for (const part of root.querySelectorAll(PLACES)) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const [from, to] of layer.hits(node.data)) {
          const range = new Range();
          range.setStart(node, from);
          range.setEnd(node, to);
          ranges.push(range);
        }
      }
    }
  }
  if (ranges.length) CSS.highlights.set("geo-hit", new Highlight(...ranges));
  else CSS.highlights.delete("geo-hit");
}

/** Keep the marks in step with what is shown. @param {HTMLElement} root */
export function keepMarked(root, layer) {
  if (!CSS.highlights) return;
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => markHits(root, layer), 60);
  };
  layer.explore.onChange(soon);
  layer.onSelect(soon);
  new MutationObserver((changes) => {
    if (layer.explore.state().text && changes.some((change) => change.addedNodes.length)) soon();
  }).observe(root, { childList: true, subtree: true });
}

/** List the first rows found; only while something is searched for. */
function results(layer, words) {
  const list = el("ol", "geo-list geo-results");
  words.name(list, "results");
  const draw = () => {
    const rows = layer.explore.state().text.trim() ? shownRows(layer.explore).slice(0, RESULTS) : [];
    const pick = (row) => layer.select(row);
    list.replaceChildren(...rows.map((row) => item(layer, row, words, pick)));
    list.hidden = !rows.length;
  };
  draw();
  layer.explore.onChange(draw);
  words.onChange(draw);
  return list;
}

/**
 * Make the search box. Typing filters; Enter goes to the first event found; Escape clears.
 * @param {{layer: any, words: import("./strings.js").Words, open?: (row: number) => void}} page
 * @param {{list?: boolean}} [options] list: show the results below the box
 */
export function searchBox({ layer, words, open = (row) => layer.select(row) }, { list = false } = {}) {
  const model = layer.explore;
  const box = /** @type {HTMLInputElement} */ (words.name(el("input", "geo-search-box"), "search"));
  box.type = "search";
  box.autocomplete = "off";
  box.spellcheck = false;
  const hint = () => {
    box.placeholder = words.word("search_hint");
    box.dir = box.value ? "auto" : words.dir;
  };
  hint();
  words.onChange(hint);
  let waiting = 0;
  const search = () => {
    clearTimeout(waiting);
    waiting = 0;
    model.set({ text: box.value }, "search");
  };
  box.addEventListener("focus", () => setTimeout(layer.prepareSearch), { once: true });
  box.addEventListener("input", () => {
    hint();
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE);
  });
  box.addEventListener("change", search);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      search();
      const [first] = box.value.trim() ? shownRows(model) : [];
      if (first !== undefined) open(first);
    } else if (event.key === "Escape" && box.value) {
      event.stopPropagation();
      box.value = "";
      search();
    }
  });
  model.onChange(() => {
    if (!waiting && document.activeElement !== box && box.value !== model.state().text) box.value = model.state().text;
    hint();
  });
  const form = el("div", "geo-search", box);
  form.setAttribute("role", "search");
  if (list) form.append(results(layer, words));
  return form;
}
