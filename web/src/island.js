/** Read the data islands: JSON beside a block of numbers and characters, in which columns stand as they are used. */
import { gunzipSync, strFromU8 } from "fflate";

const MAGIC = "GEO1";
const HEAD = 8;
const ARRAYS = { i1: Int8Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };
const NONE = { i1: -128, i2: -32768, i4: -2147483648 };
const DAY = 86400000;
const UNKNOWN = -2147483648;
const KEPT = 4096;

/** Undo base64. @param {string} text */
function bytesOf(text) {
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** A column of words: a code a row, each word once as UTF-8; words become strings only when asked for. */
export class Words {
  /** @param {ArrayLike<number>} codes @param {ArrayLike<number>} sizes @param {Uint8Array} pool @param {boolean} json */
  constructor(codes, sizes, pool, json = false) {
    this.codes = codes;
    this.pool = pool;
    this.json = json;
    this.count = sizes.length;
    this.ends = new Uint32Array(sizes.length);
    for (let at = 0, end = 0; at < sizes.length; at += 1) this.ends[at] = end += sizes[at];
    this.kept = sizes.length <= KEPT ? new Array(sizes.length) : null;
    this.decoder = new TextDecoder();
  }

  /** Return a word by its number, from 0. @param {number} word @returns {any} */
  word(word) {
    const kept = this.kept?.[word];
    if (kept !== undefined) return kept;
    const text = this.decoder.decode(this.pool.subarray(word ? this.ends[word - 1] : 0, this.ends[word]));
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

/** Stand the columns below every `columns` of a value on the block. */
function stand(value, array) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const column = (about) =>
    about["@"] === "number"
      ? new Numbers(array(about.values), about.scale, NONE[about.values[0]])
      : new Words(array(about.codes), array(about.sizes), array(about.pool), about["@"] === "json");
  for (const [key, item] of Object.entries(value)) {
    if (key === "columns") for (const name of Object.keys(item)) item[name] = column(item[name]);
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
    const column = this.columns[name];
    if (column instanceof Words) return { codes: column.codes, count: column.count, value: (index) => column.word(index) };
    const codes = new Uint32Array(this.length);
    const values = [];
    const known = new Map();
    for (let row = 0; column && row < this.length; row += 1) {
      const value = column.get(row);
      if (value === null) continue;
      const key = typeof value === "object" ? JSON.stringify(value) : value;
      if (!known.has(key)) known.set(key, values.push(value));
      codes[row] = known.get(key);
    }
    return { codes, count: values.length, value: (index) => values[index] };
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
