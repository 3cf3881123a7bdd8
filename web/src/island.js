/** Read the data islands: base64 of gzipped JSON with one array a column. */
import { gunzipSync, strFromU8 } from "fflate";

/**
 * Decode an island's text.
 * @param {string} text
 */
export function decode(text) {
  const packed = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
  return JSON.parse(strFromU8(gunzipSync(packed)));
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

/** Give access to a table of columns by row; a column that is missing reads as null. */
export class Table {
  /** @param {{length: number, columns: Record<string, unknown[]>}} data */
  constructor(data) {
    this.length = data.length;
    this.columns = data.columns;
  }

  /**
   * @param {number} row
   * @param {string} column
   * @returns {any}
   */
  get(row, column) {
    const values = this.columns[column];
    return values ? (values[row] ?? null) : null;
  }
}
