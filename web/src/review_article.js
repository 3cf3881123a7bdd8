/** Show the article with its names and triggers marked: by colour, by shape and by a label for each reading. */
import { READINGS } from "./review_words.js";
import { bdi, el, say } from "./text.js";

/** Take the spans in text order, those that overlap an earlier one left out. */
function apart(spans) {
  const kept = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (!kept.length || kept[kept.length - 1].end <= span.start) kept.push(span);
  }
  return kept;
}

/** Make the mark of a name. */
function nameMark(mention, text, ui) {
  const { words, rw } = ui;
  const mark = el("mark", `geo-rv-name geo-rv-${mention.reading}`, text);
  const sign = el("span", "geo-rv-sign", READINGS[mention.reading] ?? "●");
  sign.setAttribute("aria-hidden", "true");
  mark.append(sign);
  if (mention.by) mark.classList.add("geo-rv-seen");
  if (!mention.place) mark.classList.add("geo-rv-nowhere");
  const place = mention.place ? (words.lang === "en" ? mention.place.name : mention.place.name_ar || mention.place.name) : rw.word("none");
  mark.setAttribute("aria-label", `${text}: ${words.code("reading", mention.reading)}, ${place}`);
  mark.title = `${words.code("reading", mention.reading)} · ${place}`;
  return mark;
}

/** Make the mark of an event's trigger. */
function triggerMark(event, text, ui) {
  const mark = el("mark", `geo-rv-trigger geo-rv-event-${event.status}`, text);
  const name = ui.words.code("type", event.type);
  mark.setAttribute("aria-label", `${text}: ${name}, ${ui.rw.status(event.status)}`);
  mark.title = `${name} · ${ui.rw.status(event.status)}`;
  return mark;
}

/**
 * Fill the article's box.
 * @param {HTMLElement} box
 * @param {any} items the document
 * @param {{words: any, rw: any}} ui
 * @param {(kind: string, index: number) => void} choose
 * @returns {{names: HTMLElement[], events: HTMLElement[]}} the marks, by index of the item
 */
export function fillArticle(box, items, ui, choose) {
  box.replaceChildren();
  const points = Array.from(items.text ?? "");
  const marks = { names: [], events: [] };
  const names = items.mentions.map((item, index) => ({ start: item.start, end: item.end, kind: "names", index, item }));
  const taken = apart(names);
  const free = (span) => !taken.some((name) => name.start < span.end && span.start < name.end);
  const triggers = items.events
    .map((item, index) => ({ start: item.trigger.start, end: item.trigger.end, kind: "events", index, item }))
    .filter(free);
  let done = 0;
  for (const span of apart([...taken, ...triggers])) {
    say(box, points.slice(done, span.start).join(""));
    const text = points.slice(span.start, span.end).join("");
    const mark = span.kind === "names" ? nameMark(span.item, text, ui) : triggerMark(span.item, text, ui);
    mark.setAttribute("role", "button");
    mark.tabIndex = -1;
    mark.addEventListener("click", () => choose(span.kind, span.index));
    box.append(mark);
    marks[span.kind][span.index] = mark;
    done = span.end;
  }
  say(box, points.slice(done).join(""));
  return marks;
}

/** Show which sign stands for which reading, with how often each occurs. */
export function legend(items, { words }) {
  const counts = new Map();
  for (const { reading } of items.mentions) counts.set(reading, (counts.get(reading) ?? 0) + 1);
  const list = el("ul", "geo-rv-legend");
  for (const [reading, sign] of Object.entries(READINGS)) {
    if (!counts.has(reading)) continue;
    const shape = el("span", `geo-rv-key geo-rv-${reading}`, sign);
    shape.setAttribute("aria-hidden", "true");
    list.append(el("li", null, shape, bdi(words.code("reading", reading)), el("span", "geo-rv-count", words.number(counts.get(reading)))));
  }
  return list;
}

/** Count the code points of the article up to a point of its box; signs are no part of the text. */
function pointsUntil(box, node, offset) {
  const range = document.createRange();
  range.setStart(box, 0);
  range.setEnd(node, offset);
  const part = el("div", null, range.cloneContents());
  for (const sign of part.querySelectorAll(".geo-rv-sign")) sign.remove();
  for (const control of part.querySelectorAll(".geo-control")) control.textContent = "_";
  return Array.from(part.textContent ?? "").length;
}

/**
 * Return what is selected in the article, in code points of its text, or null.
 * @param {HTMLElement} box
 */
export function selected(box) {
  const chosen = window.getSelection();
  if (!chosen?.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!box.contains(range.commonAncestorContainer)) return null;
  return { start: pointsUntil(box, range.startContainer, range.startOffset), end: pointsUntil(box, range.endContainer, range.endOffset) };
}
