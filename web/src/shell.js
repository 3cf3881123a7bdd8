/**
 * The frame of the page: its landmarks, the bar at its head, and the slots where its parts stand.
 *
 * Everything in it can change language at run time. A part either labels its nodes with `words.tell` and
 * `words.name`, which are said anew by themselves, or redraws itself in `words.onChange`.
 */
import { svg } from "./kinds.js";
import { bdi, el, plain } from "./text.js";

/**
 * @typedef {object} Page What the parts of the page are given.
 * @property {import("leaflet").Map} map
 * @property {any} layer the event layer
 * @property {any} ground the basemap, or null
 * @property {import("./strings.js").Words} words live: always the language shown now
 * @property {import("./theme.js").Theme} theme
 * @property {HTMLElement} app
 * @property {{search: HTMLElement, filters: HTMLElement, time: HTMLElement, tools: HTMLElement, lists: HTMLElement}} slots
 * @property {(text: string) => void} announce say something to screen readers
 * @property {(open: boolean) => void} sheet open or close the panel on a small screen
 * @property {(shown: number, all: number) => void} total say how many events are shown
 * @property {(row: number) => void} open show a row: on the map, or in the list if it has no place
 * @property {HTMLElement} field where the map stands
 */

const ICONS = {
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  table: "M4 5h16v14H4ZM4 10h16M4 14.5h16M10 5v14",
  theme: "M12 3a9 9 0 1 0 9 9c-4.5 2-10.500-2.500-9-9Z",
  close: "M6 6l12 12M18 6 6 18",
};

/** Draw one of the line icons. @param {keyof typeof ICONS} name */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true", focusable: "false", class: "geo-icon" },
    svg("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }));
}

/**
 * Make a button for the head of the page: an icon with a name, or a word.
 * @param {import("./strings.js").Words} words
 * @param {string} key its word
 * @param {Node | null} picture
 * @param {() => void} act
 */
export function tool(words, key, picture, act) {
  const button = /** @type {HTMLButtonElement} */ (el("button", "geo-tool", picture));
  button.type = "button";
  words.name(button, key);
  button.addEventListener("click", act);
  return button;
}

/** Make a link that jumps over what comes before a part of the page. */
function skip(words, key, target, before) {
  const anchor = /** @type {HTMLAnchorElement} */ (words.tell(el("a", "geo-skip"), key));
  anchor.href = `#${target.id}`;
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    before();
    target.focus();
  });
  return anchor;
}

/** Write language, direction and title on the document. */
function dress(app, words, title) {
  for (const node of [document.documentElement, app]) {
    node.lang = words.lang;
    node.dir = words.dir;
  }
  document.title = plain(title());
}

/** Make a slot. @param {string} tag @param {string} name */
function slot(tag, name) {
  const node = el(tag, `geo-slot geo-slot-${name}`);
  node.dataset.slot = name;
  return node;
}

/**
 * Build the frame around the map and return it.
 * @param {import("leaflet").Map} map
 * @param {any} layer
 * @param {any} ground
 * @param {import("./theme.js").Theme} theme
 * @returns {Page}
 */
export function shell(map, layer, ground, theme) {
  const { words } = layer;
  const app = el("div", "geo-app");
  const container = map.getContainer();
  const title = () => layer.title || words.word(layer.subject === "places" ? "untitled_places" : "untitled");
  const slots = { search: slot("div", "search"), filters: slot("div", "filters"), time: slot("section", "time"), tools: slot("div", "tools"), lists: slot("div", "lists") };
  const side = el("aside", "geo-side", slots.search, slots.filters, slots.lists);
  side.id = "geo-side";
  side.tabIndex = -1;
  words.name(side, "panel");
  const field = el("div", "geo-field");
  const stage = el("main", "geo-stage", field, slots.time);
  stage.id = "geo-stage";
  stage.tabIndex = -1;
  const heading = el("h1", null);
  const total = el("p", "geo-total");
  const voice = el("p", "geo-voice");
  voice.setAttribute("role", "status");
  voice.setAttribute("aria-live", "polite");
  const handle = tool(words, "open_list", icon("list"), () => sheet(!app.classList.contains("geo-open")));
  handle.classList.add("geo-handle");
  handle.setAttribute("aria-controls", side.id);
  const sheet = (open) => {
    app.classList.toggle("geo-open", open);
    handle.setAttribute("aria-expanded", String(open));
  };
  sheet(false);
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !app.classList.contains("geo-open")) return;
    sheet(false);
    handle.focus();
  });
  field.addEventListener("click", () => sheet(false), true);
  let counted = [layer.table.length, layer.table.length];
  const sayTotal = () => {
    const [shown, all] = counted;
    total.textContent = shown === all ? words.count(all, layer.subject) : words.word("of").replace("{0}", words.number(shown)).replace("{1}", words.count(all, layer.subject));
  };
  const speakAgain = () => {
    dress(app, words, title);
    heading.replaceChildren(bdi(title()));
    words.name(container, "map");
    sayTotal();
  };
  words.onChange(speakAgain);
  container.setAttribute("role", "region");
  container.replaceWith(app);
  field.append(container);
  const head = el("header", "geo-head", heading, total, el("div", "geo-tools", slots.tools, handle));
  app.append(skip(words, "skip", side, () => sheet(true)), skip(words, "skip_map", stage, () => sheet(false)), head, el("div", "geo-body", side, stage), voice);
  speakAgain();
  let waiting = 0;
  const announce = (text) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => (voice.textContent = text), 400);
  };
  return {
    map, layer, ground, words, theme, app, field, slots, sheet, announce,
    open: () => {},
    total: (shown, all) => {
      if (counted[0] === shown && counted[1] === all) return;
      counted = [shown, all];
      sayTotal();
      announce(total.textContent);
    },
  };
}
