import assert from "node:assert/strict";
import { test } from "node:test";
import { edgesOf } from "../src/axis.js";
import { explore } from "../src/explore.js";
import { Table, dayNumber } from "../src/island.js";
import { read, write } from "../src/state.js";
import { EXPLORE } from "../src/words_explore.js";

const columns = {
  type: ["Strike", "visit", "strike", null, "visit"],
  date_start: ["2011-01-15", "2010-01-01", null, "2011-02-01", "2012"],
  date_end: ["2011-01-15", "2011-12-31", null, null, null],
  doc_publisher: ["A", "A", "B", "B", null],
  where_prec: [1, 6, 1, null, 2],
  modality: [null, "asserted", "planned", null, "asserted"],
  confidence: [0.9, 0.4, null, 0.7, 0.7],
  actors: [[{ text: "ا" }, { text: "ب" }], [{ text: "ب" }], null, [], [{ text: "ب" }, { text: "ب" }]],
};
const make = () => explore(new Table({ length: 5, columns }), ["violence", "diplomacy", "violence", "other", "diplomacy"], () => null);
const rows = (model) => [...Array(model.size).keys()].filter(model.passes);

test("a window keeps what overlaps it; what has no date has a switch of its own", () => {
  const model = make();
  const set = (from, to, undated) => {
    model.set({ from: dayNumber(from), to: dayNumber(to), undated });
    return rows(model);
  };
  assert.deepEqual(set("2011-01-15", "2011-01-15", false), [0, 1]);
  assert.deepEqual(set("2011-02-01", "2011-02-01", true), [1, 2, 3]);
  assert.deepEqual(set("2012-12-31", null, false), [4]);
  assert.deepEqual(set(null, "2010-06-01", false), [1]);
  assert.deepEqual(set(null, null, false), [0, 1, 3, 4]);
  model.clear();
  assert.equal(model.shown(), 5);
  assert.deepEqual(model.span(), [dayNumber("2010-01-01"), dayNumber("2012-12-31")]);
});

test("each number says what choosing its value gives under the other filters", () => {
  const model = make();
  const counts = (name) => Object.fromEntries(["", ...model.facets[name].values].map((value, code) => [value, model.counts()[name][code]]));
  assert.deepEqual(counts("type"), { "": 1, strike: 2, visit: 2 });
  assert.deepEqual(counts("actors"), { "": 2, ا: 1, ب: 3 });
  model.choose("type", "strike", true);
  assert.deepEqual(counts("type"), { "": 1, strike: 2, visit: 2 });
  assert.deepEqual(counts("source"), { "": 0, A: 1, B: 1 });
  model.choose("source", "B", true);
  assert.deepEqual(rows(model), [2]);
  assert.deepEqual(counts("type"), { "": 1, strike: 1, visit: 0 });
  model.choose("type", "strike", false);
  model.choose("source", "B", false);
  model.choose("type", "", true);
  assert.deepEqual(rows(model), [3]);
  model.set({ type: ["unheard of"] });
  assert.deepEqual(rows(model), []);
  model.clear();
  model.set({ confidence: 0.7 });
  assert.deepEqual(rows(model), [0, 3, 4]);
  model.setFilter((row) => row !== 3);
  assert.deepEqual(rows(model), [0, 4]);
});

test("the columns of time hold every event once", () => {
  const model = make();
  const edges = edgesOf(dayNumber("2010-01-01"), dayNumber("2012-12-31"), "year");
  const { bins, undated, before, after } = model.histogram(edges);
  const sum = (list) => list.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum(bins.map((bin) => sum([...bin]))) - 4) < 1e-9);
  assert.equal(sum([...undated]), 1);
  assert.equal(model.between(edges[0], edges[1] - 1), 1);
  assert.equal(model.between(edges[1], edges[2] - 1), 3);
  assert.equal(sum([...before, ...after]), 0);
  const late = model.histogram(edgesOf(dayNumber("2012-01-01"), dayNumber("2012-12-31"), "month"));
  assert.equal(sum([...late.before]), 3);
});

test("a state comes back from its address, and only a sound one", () => {
  const filters = { type: ["a,b", "x y"], actors: ["القوات & سفن", ""], source: [], precision: ["1"], modality: [], confidence: 0.35, from: dayNumber("1955-05-14"), to: null, undated: false, text: "سرت = 100%" };
  const state = { filters, view: { lat: 32.1, lng: -17.4, zoom: 6.5 }, layers: ["events"], lang: "en", event: "e/1#2" };
  assert.deepEqual(read(write(state)), state);
  const plain = read("#v=1");
  assert.equal(plain.view, null);
  assert.equal(plain.filters.undated, true);
  for (const bad of ["", "#", "#x", "#v=2&q=a", "#v=1&q=%E0%A4"]) assert.equal(read(bad), null);
  assert.equal(read("#v=1&at=99,0,3").view, null);
  assert.equal(read("#v=1&layers=nonsense").layers, null);
  assert.deepEqual(read("#v=1&layers=").layers, []);
});

test("every word of the exploring parts is there in both languages", () => {
  assert.deepEqual(Object.keys(EXPLORE.ar), Object.keys(EXPLORE.en));
});
