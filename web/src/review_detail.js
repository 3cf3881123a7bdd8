/** Show one name or one event with what can be decided about it. */
import { CODES } from "./words.js";
import { READINGS } from "./review_words.js";
import { bdi, el } from "./text.js";

/** Make a button that does something. */
export function button(label, name, act, key) {
  const node = /** @type {HTMLButtonElement} */ (el("button", name, bdi(label), key ? el("kbd", null, key) : null));
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

/** Make a labelled field. */
function field(label, input) {
  return el("label", "geo-rv-field", el("span", null, label), input);
}

function option(value, label, chosen) {
  const node = /** @type {HTMLOptionElement} */ (el("option", null, label));
  node.value = value;
  node.selected = chosen;
  return node;
}

function select(options, onChange) {
  const node = el("select", null, ...options);
  node.addEventListener("change", () => onChange(/** @type {HTMLSelectElement} */ (node).value));
  return node;
}

/** List the reasons of a reading. */
function reasonList(reasons, rw) {
  const list = el("ul", null, ...reasons.map((reason) => el("li", null, bdi(reason))));
  list.lang = "en";
  list.dir = "ltr";
  return el("details", "geo-rv-reasons", el("summary", null, rw.word("reasons")), list);
}

/** Make one candidate: a radio that says where it is, how far, and what speaks for it. */
function candidate(place, index, mention, ui, choose) {
  const { words, rw } = ui;
  const chosen = mention.place?.id === place.id;
  const radio = /** @type {HTMLInputElement} */ (el("input", null));
  radio.type = "radio";
  radio.name = `geo-rv-${ui.id}`;
  radio.checked = chosen;
  radio.addEventListener("change", () => choose(place.id));
  const [first, second] = words.lang === "en" ? [place.name, place.name_ar] : [place.name_ar || place.name, place.name];
  const facts = [];
  if (place.score !== null && place.score !== undefined) facts.push(`${rw.word("score")} ${words.number(place.score, 2)}`);
  if (place.km !== null && place.km !== undefined) facts.push(`${words.number(place.km)} ${rw.word("away")}`);
  const why = (place.features ?? []).filter(([, value]) => Math.abs(value) >= 0.05).map(([name, value]) => `${rw.feature(name)} ${value > 0 ? "+" : "−"}${words.number(Math.abs(value), 1)}`);
  return el(
    "label",
    chosen ? "geo-rv-candidate geo-rv-picked" : "geo-rv-candidate",
    radio,
    el("kbd", null, index < 9 ? String(index + 1) : "·"),
    el(
      "span",
      "geo-rv-who",
      el("span", "geo-rv-first", bdi(first), " ", el("span", "geo-rv-land", bdi(ui.country(place.country)))),
      el("span", "geo-rv-second", ...(second && second !== first ? [bdi(second), " · "] : []), bdi(place.feature), ...facts.map((fact) => ` · ${fact}`)),
      why.length ? el("span", "geo-rv-why", why.join(" · ")) : null,
    ),
  );
}

/** Say which of how many this is. */
function heading(text, ui, extra) {
  const head = el("h3", null, bdi(text), el("span", "geo-rv-place-in", `${ui.words.number(ui.index + 1)} ${ui.rw.word("of")} ${ui.words.number(ui.count)}`));
  if (extra) head.append(extra);
  return head;
}

function seenBy(by, rw) {
  return by ? el("span", "geo-rv-by", `${rw.word("by")} `, bdi(by)) : null;
}

/** Let a person look for a place that is not among the candidates. */
function searchBox(mention, ui) {
  const { rw, state } = ui;
  const input = /** @type {HTMLInputElement} */ (el("input", "geo-rv-search"));
  input.type = "search";
  input.dir = "auto";
  input.value = state.query ?? "";
  input.addEventListener("input", () => (state.query = input.value));
  const form = el("form", "geo-rv-find", field(rw.word("search"), input), button(rw.word("find"), null, () => ui.act({ do: "search", text: input.value })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ui.act({ do: "search", text: input.value });
  });
  const found = ui.found.map((place, index) => candidate(place, index + 100, mention, ui, ui.choose));
  return el("div", null, form, found.length ? el("div", "geo-rv-found", ...found) : null);
}

/** The boxes below any name: for every mention, and why. */
function manner(ui, every) {
  const { rw, state } = ui;
  const why = /** @type {HTMLInputElement} */ (el("input", "geo-rv-reason"));
  why.type = "text";
  why.dir = "auto";
  why.value = state.why;
  why.addEventListener("input", () => (state.why = why.value));
  const nodes = [field(rw.word("why"), why)];
  if (every) {
    const box = /** @type {HTMLInputElement} */ (el("input", "geo-rv-every"));
    box.type = "checkbox";
    box.checked = state.every;
    box.addEventListener("change", () => (state.every = box.checked));
    nodes.unshift(el("label", "geo-rv-check", box, rw.word("every"), el("kbd", null, "e")));
  }
  return el("div", "geo-rv-manner", ...nodes);
}

/**
 * Show a name.
 * @param {any} mention
 * @param {any} ui
 */
export function nameDetail(mention, ui) {
  const { words, rw } = ui;
  const readings = select(
    Object.keys(READINGS).map((code) => option(code, `${READINGS[code]} ${words.code("reading", code)}`, code === mention.reading)),
    (reading) => ui.read(reading),
  );
  readings.classList.add("geo-rv-reading");
  const none = /** @type {HTMLInputElement} */ (el("input", null));
  none.type = "radio";
  none.name = `geo-rv-${ui.id}`;
  none.checked = !mention.place;
  none.addEventListener("change", () => ui.choose(null));
  const list = el("div", "geo-rv-candidates", ...mention.candidates.map((place, index) => candidate(place, index, mention, ui, ui.choose)));
  list.setAttribute("role", "radiogroup");
  list.setAttribute("aria-label", rw.word("candidates"));
  list.append(el("label", mention.place ? "geo-rv-candidate" : "geo-rv-candidate geo-rv-picked", none, el("kbd", null, "0"), el("span", "geo-rv-who", mention.candidates.length ? rw.word("none") : rw.word("no_candidates"))));
  return [
    heading(mention.text, ui, seenBy(mention.by, rw)),
    field(`${rw.word("reading")} (r)`, readings),
    list,
    manner(ui, true),
    el("div", "geo-rv-buttons", button(rw.word("accept"), "geo-rv-accept", ui.accept, "a"), button(rw.word("reject"), "geo-rv-reject", ui.reject, "x")),
    searchBox(mention, ui),
    reasonList(mention.reasons, rw),
  ];
}

/** Make a field for a day. */
function day(value) {
  const input = /** @type {HTMLInputElement} */ (el("input", null));
  input.type = "date";
  input.value = value ?? "";
  return input;
}

/**
 * Show an event.
 * @param {any} event
 * @param {any} ui
 */
export function eventDetail(event, ui) {
  const { words, rw, items } = ui;
  const set = (name, value) => ui.act({ do: "event", id: event.id, field: name, new: value });
  const types = [...new Set([event.type, ...Object.keys(CODES.type)])];
  const type = select(types.map((code) => option(code, words.code("type", code), code === event.type)), (code) => set("type", code));
  type.classList.add("geo-rv-type");
  const from = day(event.date_start);
  const until = day(event.date_end);
  const dates = button(rw.word("save"), "geo-rv-dates", () => set("date", from.value ? [from.value, until.value || from.value] : null));
  const spans = [...items.footprints.filter((item) => item.located), ...items.mentions.filter((item) => item.place)];
  const here = event.location ? `${event.location.start}-${event.location.end}` : "";
  const places = select(
    [option("", rw.word("no_place"), !here), ...spans.map((span) => option(`${span.start}-${span.end}`, span.place ? `${span.text} (${ui.country(span.place.country)})` : span.text, `${span.start}-${span.end}` === here))],
    (key) => {
      const span = spans.find(({ start, end }) => `${start}-${end}` === key);
      set("location", span ? { start: span.start, end: span.end, text: span.text } : null);
    },
  );
  places.classList.add("geo-rv-location");
  const quote = el("blockquote", "geo-rv-quote", event.quote.text);
  quote.dir = "auto";
  return [
    heading(event.trigger.text, ui, seenBy(event.by, rw)),
    el("p", `geo-rv-status geo-rv-is-${event.status}`, `${rw.word("status")}: ${rw.status(event.status)} · ${words.code("modality", event.modality)}`),
    quote,
    field(rw.word("type"), type),
    el("div", "geo-rv-pair", field(rw.word("from"), from), field(rw.word("until"), until), dates),
    field(rw.word("place"), places),
    manner(ui, false),
    el("div", "geo-rv-buttons", button(rw.word("accept"), "geo-rv-accept", ui.accept, "a"), button(rw.word("reject"), "geo-rv-reject", ui.reject, "x")),
    reasonList(event.reasons, rw),
  ];
}
