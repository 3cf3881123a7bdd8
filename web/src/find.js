/**
 * Search: every word of the query must begin a word of the event, whatever the spelling.
 *
 * Letters are folded by the table the gazetteer uses (it travels with the data), to one byte each; the folded texts
 * stand in one array a column, each distinct text once, and are scanned as bytes. What may stand before a word in
 * Arabic (and, in, to, the article) is looked over in the text, and in the query where nothing is found with it.
 */
import { Words } from "./island.js";
import { CODES } from "./words.js";

const COLUMNS = ["place_text", "name", "name_ar", "query", "quote", "doc_title", "doc_publisher", "subtype"];
const DROP = 255;
const SPREAD = 254;
const UNKNOWN = 253;
const ARABIC = 128;
const SHORTEST = 3;
const REMEMBERED = 40;
const MARKS = /\p{M}/gu;
const DROPPED = /[\p{M}\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff'`\u2018\u2019\u02b9-\u02bf]/u;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Make the folding of letters to bytes.
 * @param {{folds: Record<string, string>, pairs: string[][]}} spelling
 */
export function folding({ folds, pairs }) {
  const table = new Uint8Array(65536).fill(UNKNOWN);
  const spread = new Map();
  const letters = new Map();
  for (const letter of Object.values(folds).join("")) if (!letters.has(letter) && letter > "\u007f") letters.set(letter, ARABIC + letters.size);
  const known = (letter) => letters.get(letter) ?? (letter < "\u0080" ? letter.charCodeAt(0) : 1 + (letter.codePointAt(0) % 30));
  const pairAt = new Map(pairs.map(([from, to]) => [from.charCodeAt(0), [from.charCodeAt(1), known(to[0])]]));

  /** Fold a letter that was not met before. */
  function learn(point) {
    const char = String.fromCharCode(point);
    if (char in folds) return (table[point] = folds[char] ? known(folds[char][0]) : DROP);
    if (point >= 0x600 && point < 0x700) return (table[point] = 0);
    if (DROPPED.test(char)) return (table[point] = DROP);
    const plain = char.normalize("NFKC").toLowerCase();
    const parts = /[\u0600-\u06ff]/.test(plain) ? [...plain].map(codeOf) : [...plain.normalize("NFKD").replace(MARKS, "")].map((part) => (LETTER.test(part) ? known(part) : 0));
    const kept = parts.filter((code) => code !== DROP);
    if (kept.length < 2) return (table[point] = kept[0] ?? DROP);
    spread.set(point, kept.slice(0, 3));
    return (table[point] = SPREAD);
  }
  const codeOf = (char) => (folds[char] === undefined ? 0 : folds[char] === "" ? DROP : known(folds[char][0]));

  /** Fold one code unit: give its code, or an array of several. `after` is the unit that follows. */
  function one(point, after) {
    const pair = pairAt.get(point);
    if (pair && pair[0] === after) return pair[1];
    const code = table[point] === UNKNOWN ? learn(point) : table[point];
    return code === SPREAD ? spread.get(point) : code;
  }

  return {
    /** Fold a text; `origin` says where each code came from. @param {string} text */
    text(text) {
      const codes = [];
      const origin = [];
      for (let at = 0; at < text.length; at += 1) {
        for (const code of [one(text.charCodeAt(at), text.charCodeAt(at + 1))].flat()) {
          if (code === DROP) continue;
          codes.push(code);
          origin.push(at);
        }
      }
      return { codes, origin };
    },
    /**
     * Fold the texts of a pool; a zero stands before each text and after the last.
     * @param {{pool: ArrayLike<number>, ends: ArrayLike<number>, letters: string[]}} words
     */
    pool({ pool, ends, letters }) {
      const points = letters.map((letter) => (letter.length > 1 ? 0x20 : letter.charCodeAt(0)));
      const codes = points.map((point) => (table[point] === UNKNOWN ? learn(point) : table[point]));
      const more = codes.map((code, place) => (code === SPREAD ? spread.get(points[place]).length - 1 : 0));
      const paired = points.map((point) => (pairAt.has(point) ? [points.indexOf(pairAt.get(point)[0]), pairAt.get(point)[1]] : null));
      let room = pool.length + ends.length + 1;
      if (more.some(Boolean)) for (let at = 0; at < pool.length; at += 1) room += more[pool[at]];
      const bytes = new Uint8Array(room);
      const starts = new Uint32Array(ends.length + 1);
      let into = 1;
      let at = 0;
      for (let word = 0; word < ends.length; word += 1) {
        starts[word] = into;
        for (; at < ends[word]; at += 1) {
          const letter = pool[at];
          const code = codes[letter];
          if (code === DROP) continue;
          const pair = paired[letter];
          if (pair && at + 1 < ends[word] && pool[at + 1] === pair[0]) bytes[into++] = pair[1];
          else if (code !== SPREAD) bytes[into++] = code;
          else for (const part of spread.get(points[letter])) bytes[into++] = part;
        }
        into += 1;
      }
      starts[ends.length] = into;
      return { bytes: bytes.subarray(0, into), starts };
    },
  };
}

/** Pack texts as a column of words does. @param {string[]} texts */
function packed(texts) {
  const spelt = texts.map((text) => [...text]);
  const letters = [...new Set(spelt.flat())];
  const numbers = new Map(letters.map((letter, number) => [letter, number]));
  let end = 0;
  const ends = Uint32Array.from(spelt, (text) => (end += text.length));
  return { pool: Uint32Array.from(spelt.flat(), (letter) => numbers.get(letter)), ends, letters };
}

/**
 * Make the search of a table.
 * @param {import("./island.js").Table} table
 * @param {Record<string, import("./explore.js").Facet>} facets
 * @param {{folds: Record<string, string>, pairs: string[][], before: string[], article: string[]}} spelling
 */
export function finder(table, facets, spelling) {
  const fold = folding(spelling);
  const key = (codes) => String.fromCharCode(...codes);
  const before = spelling.before.map((part) => fold.text(part).codes);
  const article = spelling.article.map((part) => fold.text(part).codes);
  const allowed = new Set(before.map((part) => part.reduce((sum, code) => sum * 256 + code, 0)));
  const longest = Math.max(0, ...before.map((part) => part.length));
  const remembered = new Map();
  const often = new Uint32Array(256);
  let fields = null;

  /** Fold all columns; done at the first search. */
  function prepare() {
    fields = COLUMNS.filter((name) => table.columns[name]).map((name) => {
      const { codes, count, value } = table.categories(name);
      const column = table.columns[name];
      const words = column instanceof Words ? column : packed(Array.from({ length: count }, (_, word) => String(value(word))));
      return { codes, starts: null, ...folded(words) };
    });
    const types = packed(facets.type.values.map((type) => [type.replaceAll("_", " "), ...(CODES.type[type] ?? [])].join("  ")));
    fields.push({ codes: facets.type.codes, starts: null, ...folded(types) });
    const actors = packed(facets.actors.values);
    fields.push({ codes: facets.actors.codes, starts: facets.actors.starts, ...folded(actors) });
  }
  const folded = (words) => {
    const { bytes, starts } = fold.pool(words);
    for (let at = 0; at < bytes.length; at += 16) often[bytes[at]] += 1;
    return { bytes, words: starts };
  };

  /** Say whether a word begins here, looking over what may stand before it. */
  function begins(bytes, at) {
    let from = at;
    while (from > 0 && bytes[from - 1]) {
      from -= 1;
      if (at - from > longest) return false;
    }
    let part = 0;
    for (let place = from; place < at; place += 1) part = part * 256 + bytes[place];
    return from === at || allowed.has(part);
  }

  /** Find a form in some folded text, by its rarest letter: call for each hit, which says where to look on. */
  function scan(bytes, form, hit) {
    let rare = 0;
    for (let place = 1; place < form.length; place += 1) if (often[form[place]] < often[form[rare]]) rare = place;
    for (let found = bytes.indexOf(form[rare], rare); found >= 0; ) {
      const at = found - rare;
      let same = 0;
      while (same < form.length && bytes[at + same] === form[same]) same += 1;
      found = bytes.indexOf(form[rare], same === form.length && begins(bytes, at) ? hit(at) + rare : found + 1);
    }
  }

  /** Mark the rows of which a field holds a form. */
  function mark({ bytes, words, codes, starts }, form, rows) {
    const flags = new Uint8Array(words.length);
    let word = 0;
    let any = false;
    scan(bytes, form, (at) => {
      while (words[word + 1] <= at) word += 1;
      flags[word + 1] = 1;
      any = true;
      return words[word + 1];
    });
    if (!any) return false;
    for (let row = 0; row < rows.length; row += 1) {
      if (!starts) rows[row] |= flags[codes[row]];
      else for (let at = starts[row]; at < starts[row + 1]; at += 1) rows[row] |= flags[codes[at]];
    }
    return true;
  }

  const without = (codes, parts) => parts.filter((part) => codes.length - part.length >= SHORTEST && part.every((code, place) => codes[place] === code)).map((part) => codes.slice(part.length));

  /** List the forms to look for: as written and without the article; then without anything that may stand before. */
  const stages = (codes) => [[codes, ...without(codes, article)], without(codes, before)];

  /** Return the rows of one word, and the forms it was found in. */
  function look(codes) {
    const name = key(codes);
    if (remembered.has(name)) return remembered.get(name);
    let found = { rows: new Uint8Array(table.length), forms: [codes] };
    for (const forms of stages(codes)) {
      const rows = new Uint8Array(table.length);
      const used = forms.filter((form) => fields.map((field) => mark(field, form, rows)).some(Boolean));
      if (!used.length) continue;
      found = { rows, forms: used };
      break;
    }
    if (remembered.size > REMEMBERED) remembered.clear();
    remembered.set(name, found);
    return found;
  }

  /** Cut a query into folded words. @param {string} text */
  function cut(text) {
    const words = [[]];
    for (const code of fold.text(text).codes) {
      if (code) words[words.length - 1].push(code);
      else words.push([]);
    }
    return words.filter((word) => word.length);
  }

  return {
    /** Get ready for the first search. */
    prepare: () => void (fields ?? prepare()),
    /** Return a mask of the rows in which every word of the query is found; null for a query without a letter. @param {string} text */
    search(text) {
      if (!fields) prepare();
      const [first, ...rest] = cut(text).map((codes) => look(codes).rows);
      if (!first) return null;
      const rows = first.slice();
      for (const other of rest) for (let row = 0; row < rows.length; row += 1) rows[row] &= other[row];
      return rows;
    },
    /**
     * Return where the words of a query stand in a text, as pairs of offsets.
     * @param {string} query
     * @param {string} text
     * @returns {[number, number][]}
     */
    hits(query, text) {
      if (!fields) prepare();
      const { codes, origin } = fold.text(text);
      const bytes = Uint8Array.from(codes);
      const spans = [];
      for (const form of cut(query).flatMap((word) => look(word).forms)) {
        scan(bytes, form, (at) => {
          let end = origin[at + form.length - 1] + 1;
          while (end < text.length && /\p{M}/u.test(text[end])) end += 1;
          spans.push([origin[at], end]);
          return at + form.length;
        });
      }
      return spans;
    },
  };
}
