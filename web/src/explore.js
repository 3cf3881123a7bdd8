/**
 * What is shown and what is not: the filters, the window in time and the search, as one mask over the rows.
 *
 * Each question (a facet) has one bit a row; the bit is set where the row fails it. A row is shown where no bit is
 * set, and it counts for a facet where no other bit is set: so the numbers beside a filter say what choosing it gives.
 */
import { GROUPS, slug } from "./kinds.js";
import { Table } from "./island.js";

export const FACETS = ["type", "actors", "source", "precision", "modality"];
const QUESTIONS = [...FACETS, "confidence", "time", "text", "custom"];
const BIT = Object.fromEntries(QUESTIONS.map((name, place) => [name, 1 << place]));
const SOURCES = ["doc_publisher", "doc_title", "doc_id", "doc_url"];
const UNKNOWN = Table.UNKNOWN;

/**
 * @typedef {object} Facet One list of values to choose from.
 * @property {string} name
 * @property {string[]} values the distinct values; the first has code 1, code 0 is "not given"
 * @property {ArrayLike<number>} codes a code a row, or, if there are `starts`, the codes of all cells in a row
 * @property {ArrayLike<number> | null} starts where each row's codes start, for a facet with several values a row
 */

/** Make a facet of a column with one value a row. */
function single(table, name, column, read = String) {
  const { codes, count, value } = table.categories(column);
  const known = new Map();
  const values = [];
  const recode = new Uint32Array(count + 1);
  for (let word = 0; word < count; word += 1) {
    const text = read(value(word));
    if (!text) continue;
    if (!known.has(text)) known.set(text, values.push(text));
    recode[word + 1] = known.get(text);
  }
  return { name, values, codes: Uint32Array.from({ length: table.length }, (_, row) => recode[codes[row]]), starts: null };
}

/** Make the facet of the actors: each row may name several. */
function several(table) {
  const items = table.itemCategories("actors", "text");
  const known = new Map();
  const values = [];
  const recode = new Uint32Array(items.count + 1);
  for (let word = 0; word < items.count; word += 1) {
    const text = String(items.value(word));
    if (!text) continue;
    if (!known.has(text)) known.set(text, values.push(text));
    recode[word + 1] = known.get(text);
  }
  const codes = new Uint32Array(items.codes.length + table.length);
  const starts = new Uint32Array(table.length + 1);
  let end = 0;
  for (let row = 0; row < table.length; row += 1) {
    for (let at = items.starts[row]; at < items.starts[row + 1]; at += 1) {
      const code = recode[items.codes[at]];
      if (code && !codes.subarray(starts[row], end).includes(code)) codes[end++] = code;
    }
    if (end === starts[row]) codes[end++] = 0;
    starts[row + 1] = end;
  }
  return { name: "actors", values, codes: codes.slice(0, end), starts };
}

/** Find the column that tells the sources apart. */
function sourceColumn(table) {
  const present = SOURCES.filter((name) => table.columns[name]);
  return present.find((name) => table.categories(name).count > 1) ?? present[0] ?? SOURCES[0];
}

/** Return first and last day of each row; a row with one date happened on it. */
function intervals(table) {
  const [start, end] = [table.days("date_start"), table.days("date_end", true)];
  const alone = table.days("date_start", true);
  const [first, last] = [start.slice(), end.slice()];
  for (let row = 0; row < table.length; row += 1) {
    if (end[row] === UNKNOWN) last[row] = alone[row];
    if (start[row] === UNKNOWN) first[row] = last[row] = end[row];
    if (last[row] < first[row]) [first[row], last[row]] = [last[row], first[row]];
  }
  return { first, last };
}

/** Return the state in which everything is shown. */
export const everything = () => ({ ...Object.fromEntries(FACETS.map((name) => [name, []])), confidence: 0, from: null, to: null, undated: true, text: "" });

/**
 * Make the model of what is shown.
 * @param {Table} table
 * @param {string[]} kinds the group of each row
 * @param {(text: string) => Uint8Array | null} search the rows a text is found in; null where all are
 */
export function explore(table, kinds, search) {
  const size = table.length;
  const groupNames = Object.keys(GROUPS);
  const group = Uint8Array.from(kinds, (name) => groupNames.indexOf(name));
  const fails = new Uint16Array(size);
  const { first, last } = intervals(table);
  const confidence = table.numbers("confidence");
  const facets = {
    type: single(table, "type", "type", slug),
    actors: several(table),
    source: single(table, "source", sourceColumn(table)),
    precision: single(table, "precision", "where_prec"),
    modality: single(table, "modality", "modality", slug),
  };
  const listeners = [];
  let state = everything();
  let custom = null;
  let shown = size;

  /** Ask one question of all rows anew. */
  function ask(name) {
    const bit = BIT[name];
    const test = tests[name]();
    for (let row = 0; row < size; row += 1) {
      if (!test || test(row)) fails[row] &= ~bit;
      else fails[row] |= bit;
    }
  }

  /** Give the test of a facet, or null where nothing is chosen. */
  function choice({ name, values, codes, starts }) {
    if (!state[name].length) return null;
    const chosen = new Uint8Array(values.length + 1);
    for (const value of state[name]) chosen[value === "" ? 0 : values.indexOf(value) + 1 || values.length + 1] = 1;
    if (!starts) return (row) => chosen[codes[row]];
    return (row) => {
      for (let at = starts[row]; at < starts[row + 1]; at += 1) if (chosen[codes[at]]) return true;
      return false;
    };
  }

  const tests = {
    ...Object.fromEntries(FACETS.map((name) => [name, () => choice(facets[name])])),
    confidence: () => (state.confidence > 0 ? (row) => confidence[row] >= state.confidence : null),
    time() {
      const { undated } = state;
      const from = state.from ?? -Infinity;
      const to = state.to ?? Infinity;
      if (undated && from === -Infinity && to === Infinity) return null;
      return (row) => (first[row] === UNKNOWN ? undated : last[row] >= from && first[row] <= to);
    },
    text() {
      const found = state.text.trim() ? search(state.text) : null;
      return found ? (row) => found[row] : null;
    },
    custom: () => custom,
  };

  /** Ask some questions anew and tell who listens. */
  function update(names, reason) {
    for (const name of names) ask(name);
    shown = 0;
    for (let row = 0; row < size; row += 1) if (!fails[row]) shown += 1;
    for (const listener of listeners) listener(reason);
  }

  const questionOf = (key) => (key === "from" || key === "to" || key === "undated" ? "time" : key);

  return {
    table,
    facets,
    group,
    groupNames,
    first,
    last,
    size,
    /** Say whether a row is shown. @param {number} row */
    passes: (row) => fails[row] === 0,
    /** Put rows in the order of time, the undated last. @param {number[]} rows */
    inTime(rows) {
      const key = (row) => (first[row] === UNKNOWN ? Infinity : first[row]);
      return rows.sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
    },
    /** Say how many rows are shown. */
    shown: () => shown,
    /** Return a copy of the state. */
    state: () => structuredClone(state),
    /** Say whether anything is filtered. */
    active: () => JSON.stringify(state) !== JSON.stringify(everything()),
    /**
     * Change a part of the state.
     * @param {Partial<ReturnType<typeof everything>>} part
     * @param {string} [reason] what listeners are told: "time" while the window moves, "state" when it was loaded
     */
    set(part, reason = "filter") {
      const changed = Object.keys(part).filter((key) => JSON.stringify(part[key]) !== JSON.stringify(state[key]));
      if (!changed.length) return;
      state = { ...state, ...part };
      update(new Set(changed.map(questionOf)), reason);
    },
    /** Choose a value of a facet, or no longer. @param {string} name @param {string} value @param {boolean} on */
    choose(name, value, on) {
      const others = state[name].filter((other) => other !== value);
      this.set({ [name]: on ? [...others, value] : others });
    },
    /** Show everything again. */
    clear() {
      this.set(everything());
    },
    /** Filter by a test of one's own as well. @param {((row: number) => boolean) | null} test */
    setFilter(test) {
      custom = test;
      update(["custom"], "filter");
    },
    /** Be told when something changed. @param {(reason: string) => void} listener */
    onChange: (listener) => void listeners.push(listener),
    /** Count the values of every facet, each given all the other questions: `counts[name][code]`. */
    counts() {
      const counts = {};
      for (const name of FACETS) {
        const { values, codes, starts } = facets[name];
        const sum = new Uint32Array(values.length + 1);
        const others = ~BIT[name];
        for (let row = 0; row < size; row += 1) {
          if (fails[row] & others) continue;
          if (!starts) sum[codes[row]] += 1;
          else for (let at = starts[row]; at < starts[row + 1]; at += 1) sum[codes[at]] += 1;
        }
        counts[name] = sum;
      }
      return counts;
    },
    /** Count the rows shown by group. */
    groups() {
      const sum = new Uint32Array(groupNames.length);
      for (let row = 0; row < size; row += 1) if (!fails[row]) sum[group[row]] += 1;
      return sum;
    },
    /** Return the first and the last day of all dated rows, or null. */
    span() {
      let [from, to] = [Infinity, -Infinity];
      for (let row = 0; row < size; row += 1) {
        if (first[row] === UNKNOWN) continue;
        if (first[row] < from) from = first[row];
        if (last[row] > to) to = last[row];
      }
      return from <= to ? [from, to] : null;
    },
    /** Count the rows that may lie between two days, given every question but time. @param {number} from @param {number} to */
    between(from, to) {
      const others = ~BIT.time;
      let sum = 0;
      for (let row = 0; row < size; row += 1) if (first[row] !== UNKNOWN && !(fails[row] & others) && last[row] >= from && first[row] <= to) sum += 1;
      return sum;
    },
    /**
     * Count the rows by time, given every question but time: an event that may lie in several bins is shared out.
     * @param {ArrayLike<number>} edges first day of each bin, and the day after the last
     * @returns {{bins: Float64Array[], undated: Uint32Array, before: Uint32Array, after: Uint32Array}} by group
     */
    histogram(edges) {
      const bins = edges.length - 1;
      const steps = groupNames.map(() => new Float64Array(bins + 1));
      const [undated, before, after] = [0, 1, 2].map(() => new Uint32Array(groupNames.length));
      const find = (day) => {
        let low = 0;
        let high = bins;
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if (edges[middle] <= day) low = middle;
          else high = middle;
        }
        return low;
      };
      const others = ~BIT.time;
      for (let row = 0; row < size; row += 1) {
        if (fails[row] & others) continue;
        if (first[row] === UNKNOWN) undated[group[row]] += 1;
        else if (last[row] < edges[0]) before[group[row]] += 1;
        else if (first[row] >= edges[bins]) after[group[row]] += 1;
        else {
          const from = find(first[row]);
          const to = find(last[row]);
          const share = 1 / (to - from + 1);
          steps[group[row]][from] += share;
          steps[group[row]][to + 1] -= share;
        }
      }
      for (const step of steps) for (let bin = 1; bin <= bins; bin += 1) step[bin] += step[bin - 1];
      return { bins: steps.map((step) => step.subarray(0, bins)), undated, before, after };
    },
  };
}
