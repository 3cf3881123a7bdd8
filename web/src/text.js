/**
 * Put text into the page, and nothing else: every word that comes from data passes through here and becomes a
 * text node. No function of the project hands data to innerHTML.
 */

/** Characters that reorder what follows them: embeddings, overrides and isolates. */
const BIDI = /([\u202a-\u202e\u2066-\u2069])/;

/**
 * Append text to an element; characters that would reorder it are shown by their code point.
 * @param {Element} parent
 * @param {unknown} text
 */
export function say(parent, text) {
  for (const part of String(text ?? "").split(BIDI)) {
    if (!part) continue;
    if (BIDI.test(part)) {
      const mark = document.createElement("span");
      mark.className = "geo-control";
      mark.dir = "ltr";
      mark.textContent = `[U+${part.codePointAt(0).toString(16).toUpperCase()}]`;
      parent.append(mark);
    } else {
      parent.append(document.createTextNode(part));
    }
  }
  return parent;
}

/**
 * Make an element with a class and children; strings among the children become text.
 * @param {string} tag
 * @param {string | null} [name]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function el(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const child of children) {
    if (child instanceof Node) node.append(child);
    else if (child) say(node, child);
  }
  return node;
}

/**
 * Isolate a piece of text from the direction of its surroundings.
 * @param {unknown} text
 * @param {string} [name]
 */
export function bdi(text, name) {
  const node = el("bdi", name ?? null);
  node.dir = "auto";
  return say(node, text);
}

/**
 * Return plain text safe for an attribute such as a title: reordering characters are spelled out.
 * @param {unknown} text
 */
export function plain(text) {
  return String(text ?? "").replace(new RegExp(BIDI, "g"), (c) => `[U+${c.codePointAt(0).toString(16).toUpperCase()}]`);
}

/**
 * Make a link only for http and https; any other address is shown as text.
 * @param {string} address
 * @param {string} label
 */
export function link(address, label) {
  let url = null;
  try {
    url = new URL(String(address));
  } catch {
    return bdi(label || address);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return bdi(label || address);
  const anchor = /** @type {HTMLAnchorElement} */ (el("a", null, bdi(label || address)));
  anchor.href = url.href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

/**
 * @typedef {{start: number | null, end: number | null, text: string, name: string}} Mark
 * A stretch to mark: code-point offsets into the same text as the quote's own offset, and what it should say.
 */

/**
 * Find where a mark lies inside the quote, in code points; its offsets are believed only if they give its text.
 * @param {string[]} points
 * @param {number | null} offset
 * @param {Mark} mark
 * @returns {[number, number] | null}
 */
export function locate(points, offset, mark) {
  const wanted = Array.from(mark.text ?? "");
  if (!wanted.length) return null;
  const at = (from) => points.slice(from, from + wanted.length).join("") === mark.text;
  if (offset !== null && mark.start !== null) {
    const from = mark.start - offset;
    if (from >= 0 && at(from)) return [from, from + wanted.length];
  }
  for (let from = 0; from + wanted.length <= points.length; from += 1) {
    if (points[from] === wanted[0] && at(from)) return [from, from + wanted.length];
  }
  return null;
}

/**
 * Quote a sentence with stretches marked; where two overlap, the later-starting one gives way.
 * @param {string} quote
 * @param {number | null} offset code-point offset of the quote in its document
 * @param {Mark[]} marks
 */
export function quoted(quote, offset, marks) {
  const points = Array.from(quote);
  const spans = marks
    .map((mark) => ({ mark, span: locate(points, offset, mark) }))
    .filter((found) => found.span)
    .sort((a, b) => a.span[0] - b.span[0]);
  const block = el("blockquote", "geo-quote");
  block.dir = "auto";
  let done = 0;
  for (const { mark, span } of spans) {
    if (span[0] < done) continue;
    say(block, points.slice(done, span[0]).join(""));
    block.append(el("mark", mark.name, points.slice(span[0], span[1]).join("")));
    done = span[1];
  }
  return say(block, points.slice(done).join(""));
}
