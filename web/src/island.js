/** Read the data islands: JSON beside a block of numbers, in which columns stand as they are used. */
import { gunzipSync, strFromU8 } from "fflate";

const MAGIC = "GEO2";
const HEAD = 8;
const ARRAYS = { i1: Int8Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };
const NONE = { i1: -128, i2: -32768, i4: -2147483648 };
const DAY = 86400000;
const UNKNOWN = -2147483648;
const KEPT = 4096;

/** Undo base64. @param {string} text */
export function bytesOf(text) {
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** Sum up lengths: where each part ends. @param {ArrayLike<number>} sizes */
function endsOf(sizes) {
  const ends = new Uint32Array(sizes.length);
  for (let at = 0, end = 0; at < sizes.length; at += 1) ends[at] = end += sizes[at];
  return ends;
}

/** A column of words: a code a row, each word once as the numbers of its letters; strings are made when asked for. */
export class Words {
  /** @param {ArrayLike<number>} codes @param {ArrayLike<number>} sizes @param {ArrayLike<number>} pool @param {string[]} letters @param {boolean} json */
  constructor(codes, sizes, pool, letters, json = false) {
    this.codes = codes;
    this.pool = pool;
    this.letters = letters;
    this.json = json;
    this.count = sizes.length;
    this.ends = endsOf(sizes);
    this.kept = sizes.length <= KEPT ? new Array(sizes.length) : null;
  }

  /** Return a word by its number, from 0. @param {number} word @returns {any} */
  word(word) {
    const kept = this.kept?.[word];
    if (kept !== undefined) return kept;
    let text = "";
    for (let at = word ? this.ends[word - 1] : 0; at < this.ends[word]; at += 1) text += this.letters[this.pool[at]];
    const value = this.json ? JSON.parse(text) : text;
    if (this.kept) this.kept[word] = value;
    return value;
  }

  /** @param {number} row */
  get(row) {
    const code = this.codes[row];
    return code ? this.word(code - 1) : null;
  }
}

/** A column of numbers in a decimal unit; a row without one reads as null. */
export class Numbers {
  /** @param {ArrayLike<number>} values @param {number} scale 0: floats @param {number} none */
  constructor(values, scale, none) {
    this.values = values;
    this.scale = scale;
    this.none = none;
  }

  /** @param {number} row */
  get(row) {
    const value = this.values[row];
    if (value === this.none || value !== value) return null;
    return this.scale > 1 ? value / this.scale : value;
  }
}

/** A column given as a plain list. */
class Cells {
  /** @param {any[]} cells */
  constructor(cells) {
    this.cells = cells;
  }

  /** @param {number} row */
  get(row) {
    return this.cells[row] ?? null;
  }
}

/** A column of lists: the items of all rows one after the other, or a column for each of their fields. */
class Lists {
  /** @param {ArrayLike<number>} counts items a row plus one, 0 for none @param {any} items @param {Record<string, any> | null} fields */
  constructor(counts, items, fields) {
    this.counts = counts;
    this.items = items;
    this.fields = fields;
    this.starts = new Uint32Array(counts.length + 1);
    for (let row = 0; row < counts.length; row += 1) this.starts[row + 1] = this.starts[row] + Math.max(0, counts[row] - 1);
  }

  /** Return one of all items. @param {number} at */
  item(at) {
    if (!this.fields) return this.items.get(at);
    const cells = Object.entries(this.fields).map(([name, column]) => [name, column.get(at)]);
    return Object.fromEntries(cells.filter(([, cell]) => cell !== null));
  }

  /** @param {number} row */
  get(row) {
    if (!this.counts[row]) return null;
    return Array.from({ length: this.counts[row] - 1 }, (_, at) => this.item(this.starts[row] + at));
  }
}

/** Count from 1: the codes of words of which none comes twice. @param {number} length */
const inTurn = (length) => Uint32Array.from({ length }, (_, row) => row + 1);

/** Make a column of what the JSON says about it. */
function standing(about, array) {
  const each = (columns) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, standing(column, array)]));
  if (about["@"] === "number") return new Numbers(array(about.values), about.scale, NONE[about.values[0]]);
  if (about["@"] === "lists") return new Lists(array(about.counts), about.items && standing(about.items, array), about.fields ? each(about.fields) : null);
  const codes = Array.isArray(about.codes) ? array(about.codes) : inTurn(about.codes);
  return new Words(codes, array(about.sizes), array(about.pool), [...about.letters], about["@"] === "json");
}

/** Stand the columns below every `columns` of a value on the block. */
function stand(value, array) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  for (const [key, item] of Object.entries(value)) {
    if (key === "columns") for (const name of Object.keys(item)) item[name] = standing(item[name], array);
    else stand(item, array);
  }
  return value;
}

/**
 * Decode an island's text.
 * @param {string} text
 */
export function decode(text) {
  const unzipped = gunzipSync(bytesOf(text));
  const raw = unzipped.byteOffset % HEAD ? unzipped.slice() : unzipped;
  if (strFromU8(raw.subarray(0, MAGIC.length)) !== MAGIC) throw new Error("geo: this is no data island");
  const start = HEAD + new DataView(raw.buffer, raw.byteOffset).getUint32(MAGIC.length, true);
  const array = ([kind, offset, count]) => new ARRAYS[kind](raw.buffer, raw.byteOffset + start + offset, count);
  return stand(JSON.parse(strFromU8(raw.subarray(HEAD, start))), array);
}

/**
 * Read the island with this id.
 * @param {string} id
 */
export function readIsland(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`geo: the page holds no data island ${id}`);
  return decode(node.textContent ?? "");
}

/**
 * Return the day an ISO date names, as days since 1970, or null; a month or a year gives its first or last day.
 * @param {unknown} text
 * @param {boolean} [last]
 */
export function dayNumber(text, last = false) {
  const whole = Date.parse(/^[1-9]\d{3}-\d\d-\d\d$/.test(String(text)) ? `${text}T00:00:00Z` : "");
  if (whole === whole) return whole / DAY;
  const found = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?![\d-])/.exec(String(text ?? ""));
  if (!found) return null;
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? null : Number(part)));
  if (month > 12 || month === 0 || day > 31 || day === 0) return null;
  const at = new Date(0);
  if (last && day === null) at.setUTCFullYear(month === null ? year + 1 : year, month ?? 0, 0);
  else at.setUTCFullYear(year, (month ?? 1) - 1, day ?? 1);
  return Number.isNaN(at.getTime()) ? null : Math.round(at.getTime() / DAY);
}

/** Write a day number as an ISO day. @param {number} day */
export const isoDay = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/**
 * Tell the values of a column apart: a code a row (0: none) and the distinct values, of which the first has code 1.
 * @param {any} column
 * @param {number} length
 * @returns {{codes: ArrayLike<number>, count: number, value: (index: number) => any}}
 */
function toldApart(column, length) {
  if (column instanceof Words) return { codes: column.codes, count: column.count, value: (index) => column.word(index) };
  const codes = new Uint32Array(length);
  const values = [];
  const known = new Map();
  for (let row = 0; column && row < length; row += 1) {
    const value = column.get(row);
    if (value === null) continue;
    const key = typeof value === "object" ? JSON.stringify(value) : value;
    if (!known.has(key)) known.set(key, values.push(value));
    codes[row] = known.get(key);
  }
  return { codes, count: values.length, value: (index) => values[index] };
}

/** Give access to a table of columns by row; a column that is missing reads as null. */
export class Table {
  /** @param {{length: number, columns: Record<string, any>}} data columns as decoded, or plain lists */
  constructor(data) {
    this.length = data.length;
    /** @type {Record<string, any>} */
    this.columns = {};
    for (const [name, column] of Object.entries(data.columns)) this.columns[name] = Array.isArray(column) ? new Cells(column) : column;
  }

  /**
   * @param {number} row
   * @param {string} column
   * @returns {any}
   */
  get(row, column) {
    return this.columns[column]?.get(row) ?? null;
  }

  /**
   * Return a column as numbers, one a row; what is missing is NaN.
   * @param {string} name
   */
  numbers(name) {
    const column = this.columns[name];
    const found = new Float64Array(this.length).fill(NaN);
    for (let row = 0; column && row < this.length; row += 1) {
      const value = column.get(row);
      if (value !== null) found[row] = value;
    }
    return found;
  }

  /**
   * Return a column as categories: a code a row (0: none) and the distinct values, of which the first has code 1.
   * @param {string} name
   * @returns {{codes: ArrayLike<number>, count: number, value: (index: number) => any}}
   */
  categories(name) {
    return toldApart(this.columns[name], this.length);
  }

  /**
   * Return a field of the items of a column of lists as categories, and where each row's items start; items that are
   * no records are taken whole.
   * @param {string} name
   * @param {string} field
   * @returns {{starts: ArrayLike<number>, codes: ArrayLike<number>, count: number, value: (index: number) => any}}
   */
  itemCategories(name, field) {
    const column = this.columns[name];
    if (column instanceof Lists) {
      const items = column.fields ? column.fields[field] : column.items;
      return { starts: column.starts, ...toldApart(items, column.starts[this.length]) };
    }
    const lists = Array.from({ length: this.length }, (_, row) => [column?.get(row) ?? []].flat());
    const items = lists.flat().map((item) => (item !== null && typeof item === "object" ? item[field] : item));
    return { starts: Uint32Array.of(0, ...endsOf(lists.map((list) => list.length))), ...toldApart(new Cells(items), items.length) };
  }

  /**
   * Return a column of dates as days since 1970, one a row; what is missing or no date is `Table.UNKNOWN`.
   * @param {string} name
   * @param {boolean} [last] whether a month or a year stands for its last day
   */
  days(name, last = false) {
    const { codes, count, value } = this.categories(name);
    const known = new Int32Array(count + 1).fill(UNKNOWN);
    for (let word = 0; word < count; word += 1) known[word + 1] = dayNumber(value(word), last) ?? UNKNOWN;
    return Int32Array.from({ length: this.length }, (_, row) => known[codes[row]]);
  }
}

Table.UNKNOWN = UNKNOWN;
