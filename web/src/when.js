/** Say in words when something happened and where, in the language shown. */

const DAY = 86400000;

/** Say whether two ISO days are the first and the last of one month, or of one year. */
function grain(start, end) {
  const year = start.slice(0, 4);
  if (start === `${year}-01-01` && end === `${year}-12-31`) return "year";
  const month = start.slice(0, 7);
  if (start !== `${month}-01` || end.slice(0, 7) !== month) return "day";
  return new Date(Date.parse(`${end}T00:00:00Z`) + DAY).getUTCDate() === 1 ? "month" : "day";
}

/**
 * Write a stretch of days as people do: a day, a month, a year, or from one to another.
 * @param {string | null} start ISO day
 * @param {string | null} end ISO day
 * @param {import("./strings.js").Words} words
 */
export function span(start, end, words) {
  if (!start && !end) return "";
  if (!start) return words.word("until").replace("{0}", () => words.day(end));
  if (!end) return words.word("since").replace("{0}", () => words.day(start));
  if (start === end) return words.day(start);
  const whole = grain(start, end);
  return whole === "day" ? `${words.day(start)} – ${words.day(end)}` : words.day(start, whole);
}

/** Write when the event of a row happened, or nothing. @param {import("./island.js").Table} table */
export const when = (table, row, words) => span(table.get(row, "date_start"), table.get(row, "date_end"), words);

/**
 * Name the place of a row in the language shown: in Arabic as the text has it, in English by its English name.
 * @param {import("./island.js").Table} table
 */
export function placeOf(table, row, words) {
  const written = table.get(row, "place_text") || table.get(row, "query");
  const [arabic, english] = [table.get(row, "name_ar"), table.get(row, "name")];
  return (words.lang === "en" ? english || written || arabic : written || arabic || english) ?? "";
}
