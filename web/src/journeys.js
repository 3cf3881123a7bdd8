/** Find what moved from one place to another: both ends of one event, in one row or in two. */

/**
 * @typedef {{row: number | null, lon: number, lat: number, name: (words: import("./strings.js").Words) => string}} End
 * @typedef {{row: number, rows: number[], from: End, to: End}} Journey row: the event shown when it is opened
 */

const found = new WeakMap();
const ends = new WeakMap();

/** Make the end a row stands for. */
function endOf(table, row) {
  const cell = (name) => table.get(row, name);
  const name = (words) => (words.lang === "en" ? cell("name") || cell("place_text") || cell("name_ar") : cell("place_text") || cell("name_ar") || cell("name")) ?? "";
  return { row, lon: cell("lon"), lat: cell("lat"), name };
}

/** Make the other end of a movement that is told in one row, or null. */
function otherEnd(table, row) {
  const end = table.get(row, "other_end")?.[0];
  if (!end || typeof end.lon !== "number" || typeof end.lat !== "number") return null;
  const name = (words) => (words.lang === "en" ? end.name || end.name_ar : end.name_ar || end.name) ?? "";
  return { row: null, lon: end.lon, lat: end.lat, name };
}

/** Name what the two rows of one event share: their article and the place of their trigger in it. */
function eventKey(table, row) {
  const [doc, trigger] = [table.get(row, "doc_id"), table.get(row, "trigger_start")];
  return doc === null || trigger === null ? null : `${doc}\n${trigger}\n${table.get(row, "type")}`;
}

/** Gather the journeys of a table. */
function gather(table) {
  const journeys = [];
  const waiting = new Map();
  const roles = table.categories("location_role");
  for (let row = 0; row < table.length; row += 1) {
    if (!roles.codes[row]) continue;
    const role = roles.value(roles.codes[row] - 1);
    if ((role !== "origin" && role !== "destination") || table.get(row, "lon") === null) continue;
    const own = endOf(table, row);
    const other = otherEnd(table, row);
    if (other) {
      journeys.push({ row, rows: [row], from: role === "origin" ? own : other, to: role === "origin" ? other : own });
      continue;
    }
    const key = eventKey(table, row);
    if (key === null) continue;
    const pair = waiting.get(key) ?? { origin: [], destination: [] };
    for (const end of pair[role === "origin" ? "destination" : "origin"]) {
      const [from, to] = role === "origin" ? [own, end] : [end, own];
      journeys.push({ row: to.row, rows: [from.row, to.row], from, to });
    }
    pair[role].push(own);
    waiting.set(key, pair);
  }
  return journeys.filter(({ from, to }) => from.lon !== to.lon || from.lat !== to.lat);
}

/**
 * Return the journeys of a table; they are looked for once.
 * @param {import("./island.js").Table} table
 * @returns {Journey[]}
 */
export function journeysOf(table) {
  if (!found.has(table)) found.set(table, table.columns.location_role ? gather(table) : []);
  return found.get(table);
}

/** Return the journey a row is an end of, or null. @param {import("./island.js").Table} table */
export function journeyOf(table, row) {
  const role = table.get(row, "location_role");
  if (role !== "origin" && role !== "destination") return null;
  if (!ends.has(table)) ends.set(table, new Map(journeysOf(table).flatMap((journey) => journey.rows.map((end) => [end, journey]))));
  return ends.get(table).get(row) ?? null;
}

/**
 * Return the middle points of a curve between two points of a plane: a bow to one side, the same at every zoom.
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {number} [steps]
 */
export function bow(from, to, steps = 24) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const lift = 0.18 * (dx >= 0 ? 1 : -1);
  const [cx, cy] = [(from.x + to.x) / 2 + dy * lift, (from.y + to.y) / 2 - dx * lift];
  return Array.from({ length: steps + 1 }, (_, at) => {
    const t = at / steps;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return { x: a * from.x + b * cx + c * to.x, y: a * from.y + b * cy + c * to.y };
  });
}
