import assert from "node:assert/strict";
import { test } from "node:test";
import { Table } from "../src/island.js";
import { bow, journeyOf, journeysOf } from "../src/journeys.js";
import { articles } from "../src/sources.js";
import { speak } from "../src/strings.js";
import { placeOf, span } from "../src/when.js";
import { CODES, COUNTS, WORDS } from "../src/words.js";
import { EXPLORE } from "../src/words_explore.js";

const table = (rows) => {
  const names = [...new Set(rows.flatMap(Object.keys))];
  return new Table({ length: rows.length, columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)])) });
};

test("both languages have the same words, and every code has both", () => {
  for (const words of [WORDS, EXPLORE]) assert.deepEqual(Object.keys(words.ar).sort(), Object.keys(words.en).sort());
  for (const codes of Object.values(CODES)) for (const pair of Object.values(codes)) assert.equal(pair.filter(Boolean).length, 2);
  for (const lang of ["ar", "en"]) for (const forms of Object.values(COUNTS[lang])) assert.ok(forms.other);
});

test("stretches of days are told as a day, a month, a year, or from one to another", () => {
  const [ar, en] = [speak("ar"), speak("en")];
  assert.equal(span("2017-03-03", "2017-03-03", en), "3 March 2017");
  assert.equal(span("2017-03-03", "2017-03-03", ar), "3 مارس 2017");
  assert.equal(span("2016-02-01", "2016-02-29", en), "February 2016");
  assert.equal(span("2017-01-01", "2017-12-31", ar), "2017");
  assert.equal(span("2017-01-01", "2017-02-28", en), "1 January 2017 – 28 February 2017");
  assert.equal(span(null, "2017-02-28", en), "until 28 February 2017");
  assert.equal(span("2017-02-28", null, en), "since 28 February 2017");
  assert.equal(span(null, null, en), "");
  assert.equal(span("$' no day", "$' no day", en), "$' no day");
});

test("a place is called as the text has it in Arabic, and by its English name in English", () => {
  const rows = table([{ place_text: "بطرابلس", name_ar: "طرابلس", name: "Tripoli" }, { place_text: "جنوبي قبرص" }, { name_ar: "سرت" }]);
  assert.deepEqual([0, 1, 2].map((row) => placeOf(rows, row, speak("ar"))), ["بطرابلس", "جنوبي قبرص", "سرت"]);
  assert.deepEqual([0, 1, 2].map((row) => placeOf(rows, row, speak("en"))), ["Tripoli", "جنوبي قبرص", "سرت"]);
});

test("a journey has both its ends in one row, or in two rows of one trigger", () => {
  const two = { type: "airlift", doc_id: "a", trigger_start: 5 };
  const rows = table([
    { ...two, location_role: "origin", lon: 1, lat: 2, name: "A" },
    { ...two, location_role: "destination", lon: 3, lat: 4, name: "B" },
    { ...two, trigger_start: 9, location_role: "origin", lon: 1, lat: 2 },
    { type: "visit", location_role: "destination", lon: 5, lat: 6, name: "C", other_end: [{ name: "D", name_ar: "", lon: 7, lat: 8 }] },
    { type: "visit", location_role: "event", lon: 5, lat: 6, other_end: [{ lon: 7, lat: 8 }] },
    { type: "visit", location_role: "origin", lon: 5, lat: 6, other_end: [{ lon: 5, lat: 6 }] },
  ]);
  const words = speak("en");
  const told = journeysOf(rows).map(({ rows: ends, from, to }) => [ends, from.name(words), to.name(words), from.lon, to.lon]);
  assert.deepEqual(told, [[[0, 1], "A", "B", 1, 3], [[3], "D", "C", 7, 5]]);
  assert.equal(journeyOf(rows, 0), journeyOf(rows, 1));
  assert.equal(journeyOf(rows, 2), null);
});

test("a bow starts and ends at its points and lies to one side of them", () => {
  const line = bow({ x: 0, y: 0 }, { x: 10, y: 0 });
  assert.deepEqual([line[0], line.at(-1)], [{ x: 0, y: 0 }, { x: 10, y: 0 }]);
  assert.ok(line.slice(1, -1).every(({ y }) => y < 0));
});

test("articles are gathered by their identifier, the one with most events first", () => {
  const rows = table([{ doc_id: "a", doc_title: "A" }, { doc_id: "b" }, { doc_id: "b" }, {}]);
  assert.deepEqual(articles(rows).map(({ id, count }) => [id, count]), [["b", 2], ["a", 1]]);
});
