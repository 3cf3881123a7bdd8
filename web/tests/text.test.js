import assert from "node:assert/strict";
import { test } from "node:test";
import { fanOffsets } from "../src/fan.js";
import { Table } from "../src/island.js";
import { groupOf, slug } from "../src/kinds.js";
import { homeOf } from "../src/home.js";
import { speak } from "../src/strings.js";
import { locate, plain } from "../src/text.js";

test("marks are found by code points, also after characters outside the basic plane", () => {
  const points = Array.from("😀 وصل إلى سرت، سرت الثانية");
  const second = points.join("").lastIndexOf("سرت") - 1;
  assert.deepEqual(locate(points, 100, { start: 100 + second, end: 0, text: "سرت", name: "" }), [second, second + 3]);
  assert.deepEqual(locate(points, 100, { start: 7, end: 0, text: "سرت", name: "" }), [10, 13]);
  assert.equal(locate(points, null, { start: null, end: null, text: "درنة", name: "" }), null);
  assert.equal(locate(points, null, { start: null, end: null, text: "", name: "" }), null);
});

test("characters that reorder a line are spelled out", () => {
  assert.equal(plain("a\u202eb\u2069"), "a[U+202E]b[U+2069]");
  assert.equal(plain("\u200fكلمة\u061c"), "\u200fكلمة\u061c");
  assert.equal(plain(null), "");
});

test("types find their group, by name or by PLOVER code", () => {
  assert.equal(groupOf("arms transfer"), "arms");
  assert.equal(groupOf("new_type", "ASSAULT / aerial"), "violence");
  assert.equal(groupOf(null, null), "other");
  assert.equal(slug("Air-Strike"), "air_strike");
});

test("no two signs of a fan share a place", () => {
  for (const count of [1, 2, 7, 10, 11, 60]) {
    const places = fanOffsets(count);
    assert.equal(new Set(places.map(({ x, y }) => `${Math.round(x / 6)},${Math.round(y / 6)}`)).size, count);
  }
});

test("events without a place, not asserted, or with a role go to their layers", () => {
  const events = new Table({
    length: 4,
    columns: { lon: [null, 1, 1, 1], lat: [null, 2, 2, 2], modality: ["asserted", "denied", "asserted", null], location_role: [null, "event", "origin", null] },
  });
  assert.deepEqual([0, 1, 2, 3].map((row) => homeOf(events, row)), ["unlocated", "doubtful", "journeys", "events"]);
});

test("both languages have every word, and counts agree with their nouns", () => {
  const [ar, en] = [speak("ar"), speak("en")];
  assert.deepEqual([1, 2, 3, 14].map((n) => ar.count(n)), ["حدث واحد", "حدثان", "3 أحداث", "14 حدثًا"]);
  assert.equal(en.count(1), "one event");
  assert.equal(en.count(5, "places"), "5 places");
  assert.equal(ar.code("where_prec", 6), "على مستوى البلد فقط");
  assert.equal(en.code("type", "brand_new"), "brand new");
});
