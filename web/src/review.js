/**
 * The review widget: an article with its names and events, what they may be, and a map; keyboard first.
 * What a person decides is sent to Python, which answers with the document as it stands then.
 */
import { fillArticle, legend, selected } from "./review_article.js";
import { button, eventDetail, nameDetail } from "./review_detail.js";
import { reviewMap } from "./review_map.js";
import { KEYS, READINGS, reviewWords } from "./review_words.js";
import { speak } from "./strings.js";
import { bdi, el } from "./text.js";

const CYCLE = Object.keys(READINGS);
let widgets = 0;

/** Return the letter of a key wherever it stands: the Arabic layout has other letters on the same keys. */
function keyOf(event) {
  if (/^[a-z0-9?/]$/i.test(event.key) || event.key.startsWith("Arrow")) return event.key.toLowerCase();
  const digit = "٠١٢٣٤٥٦٧٨٩".indexOf(event.key);
  if (digit >= 0 && event.key) return String(digit);
  if (event.key === "؟") return "?";
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
}

class Review {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.id = `${(widgets += 1)}`;
    this.words = speak(model.get("language"));
    this.rw = reviewWords(this.words);
    this.state = { tab: "names", index: { names: 0, events: 0 }, every: false, why: "", query: "", helping: false };
    this.build();
    this.listen();
    this.restore();
    this.draw();
  }

  get items() {
    return this.model.get("items");
  }

  /** The list that is being gone through. */
  get list() {
    return this.state.tab === "names" ? this.items.mentions : this.items.events;
  }

  get index() {
    return Math.min(this.state.index[this.state.tab], Math.max(0, this.list.length - 1));
  }

  get item() {
    return this.list[this.index];
  }

  build() {
    const { root } = this;
    root.classList.add("geo-rv");
    root.tabIndex = 0;
    // JupyterLab leaves the keys of an element marked so to the element
    root.dataset.lmSuppressShortcuts = "true";
    root.setAttribute("role", "application");
    this.head = el("div", "geo-rv-head");
    this.article = el("div", "geo-rv-article");
    this.article.dir = "rtl";
    this.article.lang = "ar";
    this.article.setAttribute("role", "group");
    this.legend = el("div", "geo-rv-legend-box");
    this.mapBox = el("div", "geo-rv-map");
    this.mapBox.setAttribute("role", "region");
    this.detail = el("div", "geo-rv-detail");
    this.detail.setAttribute("role", "region");
    this.live = el("p", "geo-rv-live");
    this.live.setAttribute("role", "status");
    this.help = el("div", "geo-rv-help");
    this.help.hidden = true;
    const left = el("div", "geo-rv-left", this.article, this.legend);
    const right = el("div", "geo-rv-right", this.mapBox, this.detail);
    root.replaceChildren(this.head, el("div", "geo-rv-body", left, right), this.live, this.help);
    this.map = reviewMap(this.mapBox, this.model.get("basemap"), this.words);
  }

  listen() {
    this.onKey = (event) => this.pressed(event);
    this.root.addEventListener("keydown", this.onKey);
    this.handlers = {
      "change:items": () => this.draw(),
      "change:selection": () => this.follow(),
      "change:found": () => this.drawDetail(),
      "change:told": () => this.say(),
      "change:language": () => {
        this.words.use(this.model.get("language"));
        this.live.replaceChildren();
        this.draw();
      },
    };
    for (const [name, handler] of Object.entries(this.handlers)) this.model.on(name, handler);
  }

  /** Go back to what was selected when the widget was last shown. */
  restore() {
    const { kind, start, id } = this.model.get("selection") ?? {};
    const found = kind === "event" ? this.items.events.findIndex((item) => item.id === id) : this.items.mentions.findIndex((item) => item.start === start);
    if (found < 0) return;
    this.state.tab = kind === "event" ? "events" : "names";
    this.state.index[this.state.tab] = found;
  }

  /** Go where Python points to. */
  follow() {
    const { tab, index } = this.state;
    const before = `${tab} ${index[tab]}`;
    this.restore();
    if (before === `${this.state.tab} ${this.state.index[this.state.tab]}`) return;
    this.drawHead();
    this.drawSelection();
  }

  draw() {
    const { rw, words, root } = this;
    root.lang = words.lang;
    root.dir = words.dir;
    root.setAttribute("aria-label", rw.word("title"));
    this.article.setAttribute("aria-label", rw.word("article"));
    this.mapBox.setAttribute("aria-label", rw.word("map"));
    this.drawHead();
    this.marks = fillArticle(this.article, this.items, this, (tab, index) => this.go(tab, index));
    this.legend.replaceChildren(legend(this.items, this), ...this.notes());
    this.drawHelp();
    this.drawSelection();
  }

  notes() {
    if (!this.items.notes.length) return [];
    const list = el("ul", null, ...this.items.notes.map((note) => el("li", null, bdi(note))));
    return [el("details", "geo-rv-notes", el("summary", null, `${this.rw.word("notes")} (${this.words.number(this.items.notes.length)})`), list)];
  }

  drawHead() {
    const { rw, words, model } = this;
    const titles = model.get("titles");
    const parts = [];
    if (titles.length > 1) {
      const pick = /** @type {HTMLSelectElement} */ (el("select", "geo-rv-documents"));
      pick.setAttribute("aria-label", rw.word("documents"));
      titles.forEach(({ title, changes }, index) => {
        const node = /** @type {HTMLOptionElement} */ (el("option", null, changes ? `${title} (${words.number(changes)})` : title));
        node.value = String(index);
        node.selected = index === model.get("current");
        pick.append(node);
      });
      pick.addEventListener("change", () => {
        this.state.index = { names: 0, events: 0 };
        this.act({ do: "document", index: Number(pick.value) });
      });
      parts.push(pick);
    } else {
      parts.push(el("strong", "geo-rv-title", bdi(this.items.title || this.items.id)));
    }
    const tab = (name, count) => {
      const node = button(`${rw.word(name)} ${words.number(count)}`, "geo-rv-tab", () => this.turn(name));
      node.setAttribute("aria-pressed", String(this.state.tab === name));
      return node;
    };
    parts.push(tab("names", this.items.mentions.length), tab("events", this.items.events.length));
    parts.push(el("span", "geo-rv-space"));
    parts.push(el("span", "geo-rv-changes", `${rw.word("changes")}: ${words.number(model.get("choices").length)}`));
    const add = button(rw.word("add"), "geo-rv-add", () => this.add(), "n");
    add.title = rw.word("add_hint");
    // a press must not end the selection in the text
    add.addEventListener("pointerdown", (event) => event.preventDefault());
    parts.push(add);
    parts.push(button(rw.word("undo"), "geo-rv-undo", () => this.act({ do: "undo" }), "u"));
    parts.push(button(rw.word("language"), "geo-rv-language", () => this.speakOther(), "l"));
    parts.push(button(rw.word("help"), "geo-rv-keys", () => this.toggleHelp(), "?"));
    this.head.replaceChildren(...parts);
  }

  drawHelp() {
    const { rw } = this;
    const rows = KEYS.map(([key, pair]) => el("li", null, el("kbd", null, key), bdi(rw.pick(pair))));
    this.help.replaceChildren(el("h3", null, rw.word("help")), el("ul", null, ...rows), button(rw.word("close"), null, () => this.toggleHelp()));
    this.help.hidden = !this.state.helping;
  }

  /** Mark what is selected in the article, on the map and in the panel. */
  drawSelection() {
    for (const mark of [...this.marks.names, ...this.marks.events]) mark?.removeAttribute("aria-current");
    const mark = this.marks[this.state.tab][this.index];
    mark?.setAttribute("aria-current", "true");
    if (mark) this.scrollTo(mark);
    this.drawDetail();
    this.drawMap();
    this.remember();
  }

  /** Scroll inside the article only, never the notebook around it. */
  scrollTo(mark) {
    const box = this.article.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    if (at.top < box.top + 24 || at.bottom > box.bottom - 24) this.article.scrollTop += at.top - box.top - box.height / 3;
  }

  drawDetail() {
    if (!this.item) {
      this.detail.replaceChildren(el("p", "geo-rv-empty", this.rw.word("nothing_here")));
      return;
    }
    const typing = this.detail.contains(document.activeElement) && document.activeElement.className;
    const ui = {
      id: this.id, words: this.words, rw: this.rw, items: this.items, state: this.state, index: this.index, count: this.list.length,
      found: this.model.get("found"), country: (code) => this.words.country(code), act: (action) => this.act(action),
      choose: (id) => this.choose(id), read: (reading) => this.read(reading), accept: () => this.accept(), reject: () => this.reject(),
    };
    const nodes = this.state.tab === "names" ? nameDetail(this.item, ui) : eventDetail(this.item, ui);
    this.detail.setAttribute("aria-label", this.state.tab === "names" ? this.item.text : this.item.trigger.text);
    this.detail.replaceChildren(...nodes.filter(Boolean));
    if (typing === "geo-rv-search") this.detail.querySelector(".geo-rv-search")?.focus();
  }

  drawMap() {
    const located = this.items.mentions.filter(({ place, reading }) => reading === "literal" && place?.uncertainty_km <= 60).map(({ place }) => place);
    const { item } = this;
    let offered = [];
    if (item && this.state.tab === "names") {
      offered = item.candidates.map((place, index) => ({ place, label: index < 9 ? String(index + 1) : "·", chosen: place.id === item.place?.id }));
    } else if (item?.location) {
      offered = [{ place: { ...item.location, country: "" }, label: "★", chosen: true }];
    }
    this.map.show(located, offered, (index) => this.state.tab === "names" && this.choose(offered[index].place.id));
  }

  /** Tell Python what is being looked at. */
  remember() {
    const { item } = this;
    const selection = !item ? {} : this.state.tab === "names" ? { kind: "mention", start: item.start, text: item.text } : { kind: "event", id: item.id, text: item.trigger.text };
    if (JSON.stringify(selection) === JSON.stringify(this.model.get("selection"))) return;
    this.model.set("selection", selection);
    this.model.save_changes();
  }

  say() {
    const { key, text } = this.model.get("told");
    this.live.replaceChildren(this.rw.told(key), text ? ": " : "", bdi(text));
    this.live.classList.toggle("geo-rv-error", key === "error");
  }

  go(tab, index) {
    this.state.tab = tab;
    this.state.index[tab] = Math.max(0, Math.min(index, this.list.length - 1));
    this.state.query = "";
    this.state.every = false;
    if (this.model.get("found").length) this.model.set("found", []);
    this.root.focus({ preventScroll: true });
    this.drawHead();
    this.drawSelection();
    const { item } = this;
    if (item) this.live.replaceChildren(bdi(item.text ?? item.trigger.text), ` ${this.words.number(this.index + 1)} ${this.rw.word("of")} ${this.words.number(this.list.length)}`);
  }

  turn(tab) {
    this.go(tab, this.state.index[tab]);
  }

  /** Send what was decided; why it was goes along once. */
  act(action) {
    const changes = !["undo", "search", "document"].includes(action.do);
    this.model.send(changes && this.state.why ? { ...action, why: this.state.why } : action);
    if (changes) this.state.why = "";
  }

  choose(id) {
    this.act({ do: "place", start: this.item.start, id, all: this.state.every });
  }

  read(reading) {
    this.act({ do: "reading", start: this.item.start, reading, all: this.state.every });
  }

  accept() {
    if (!this.item) return;
    if (this.state.tab === "names") this.choose(this.item.place?.id ?? null);
    else this.act({ do: "event", id: this.item.id, field: "status", new: "accepted" });
    this.go(this.state.tab, this.index + 1);
  }

  reject() {
    if (!this.item) return;
    if (this.state.tab === "names") this.choose(null);
    else this.act({ do: "event", id: this.item.id, field: "status", new: "rejected" });
  }

  /** Make a name of the words that are selected in the article. */
  add() {
    const span = selected(this.article);
    if (span) this.act({ do: "add", ...span });
    else this.live.replaceChildren(this.rw.word("add_hint"));
  }

  speakOther() {
    this.model.set("language", this.words.lang === "ar" ? "en" : "ar");
    this.model.save_changes();
  }

  toggleHelp() {
    this.state.helping = !this.state.helping;
    this.drawHelp();
    if (!this.state.helping) this.root.focus({ preventScroll: true });
  }

  /** Do what a key asks for, unless somebody is writing. */
  pressed(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (event.key === "Escape") {
      if (this.state.helping) this.toggleHelp();
      this.root.focus({ preventScroll: true });
      event.preventDefault();
      return;
    }
    if (writing) return;
    const key = keyOf(event);
    const act = this.keys()[key] ?? (/^[1-9]$/.test(key) ? () => this.nth(Number(key)) : null);
    if (!act) return;
    event.preventDefault();
    act();
  }

  keys() {
    const step = (by) => () => this.go(this.state.tab, this.index + by);
    return {
      j: step(1), arrowdown: step(1), k: step(-1), arrowup: step(-1),
      t: () => this.turn(this.state.tab === "names" ? "events" : "names"),
      0: () => this.state.tab === "names" && this.item && this.choose(null),
      r: () => this.state.tab === "names" && this.item && this.read(CYCLE[(CYCLE.indexOf(this.item.reading) + 1) % CYCLE.length]),
      e: () => {
        this.state.every = !this.state.every;
        this.drawDetail();
      },
      a: () => this.accept(), x: () => this.reject(), n: () => this.add(), u: () => this.act({ do: "undo" }),
      "/": () => this.detail.querySelector(".geo-rv-search")?.focus(),
      l: () => this.speakOther(), "?": () => this.toggleHelp(),
    };
  }

  nth(number) {
    const place = this.state.tab === "names" && this.item?.candidates[number - 1];
    if (place) this.choose(place.id);
  }

  close() {
    for (const [name, handler] of Object.entries(this.handlers)) this.model.off(name, handler);
    this.root.removeEventListener("keydown", this.onKey);
    this.map.close();
  }
}

/** What anywidget calls. */
function render({ model, el: root }) {
  const review = new Review(model, root);
  return () => review.close();
}

export default { render };
