import assert from "node:assert/strict";
import { test } from "node:test";
import { Table, dayNumber, isoDay } from "../src/island.js";

test("days are found in ISO dates, far from 1970 and without a day or a month too", () => {
  assert.equal(dayNumber("1970-01-02"), 1);
  assert.equal(isoDay(dayNumber("1955-05-14")), "1955-05-14");
  assert.equal(isoDay(dayNumber("0622-07-16")), "0622-07-16");
  assert.equal(isoDay(dayNumber("2016")), "2016-01-01");
  assert.equal(isoDay(dayNumber("2016", true)), "2016-12-31");
  assert.equal(isoDay(dayNumber("2016-02", true)), "2016-02-29");
  assert.equal(isoDay(dayNumber("2016-12", true)), "2016-12-31");
  assert.equal(dayNumber("2016-13-01"), null);
  assert.equal(dayNumber("{{7*7}}"), null);
  assert.equal(dayNumber(null), null);
  assert.equal(dayNumber("99999-01-01"), null);
});

test("plain lists make a table too", () => {
  const table = new Table({ length: 3, columns: { a: ["x", null, "x"], n: [1.5, null, 2], d: ["2011-01-01", "no", null], j: [["u"], ["u"], null] } });
  assert.equal(table.get(1, "a"), null);
  assert.equal(table.get(0, "missing"), null);
  assert.deepEqual([...table.numbers("n")], [1.5, NaN, 2]);
  assert.deepEqual([...table.categories("a").codes], [1, 0, 1]);
  assert.deepEqual([...table.categories("j").codes], [1, 1, 0]);
  assert.deepEqual([...table.days("d")], [14975, Table.UNKNOWN, Table.UNKNOWN]);
});
