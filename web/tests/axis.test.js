import assert from "node:assert/strict";
import { test } from "node:test";
import { dense, edgesOf, floorTo, marks, stepBy, unitFor } from "../src/axis.js";
import { dayNumber, isoDay } from "../src/island.js";

test("bins are whole days, months, years and decades, also before 1970", () => {
  const day = dayNumber;
  assert.equal(isoDay(floorTo(day("1955-05-14"), "month")), "1955-05-01");
  assert.equal(isoDay(floorTo(day("1955-05-14"), "decade")), "1950-01-01");
  assert.equal(isoDay(stepBy(day("2016-01-31"), "month", 1)), "2016-02-01");
  assert.equal(isoDay(stepBy(day("2016-01-31"), "month", -2)), "2015-11-01");
  assert.deepEqual(edgesOf(day("1999-11-05"), day("2000-01-01"), "month").map(isoDay), ["1999-11-01", "1999-12-01", "2000-01-01", "2000-02-01"]);
  assert.deepEqual([40, 1000, 20000, 400000].map(unitFor), ["day", "month", "year", "decade"]);
});

test("marks fit and lie on round dates", () => {
  const [from, to] = [dayNumber("1955-05-14"), dayNumber("2027-01-01")];
  const found = marks(from, to, () => 8);
  assert.deepEqual(found.map(({ day }) => isoDay(day).slice(0, 4)), ["1960", "1970", "1980", "1990", "2000", "2010", "2020"]);
  for (const most of [1, 3, 5, 20]) assert.ok(marks(from, to, () => most).length <= most + 1);
  assert.equal(marks(dayNumber("2017-03-01"), dayNumber("2017-03-20"), () => 8)[0].grain, "day");
});

test("the axis opens where the data are", () => {
  const days = [dayNumber("1955-05-14"), ...Array.from({ length: 98 }, (_, step) => dayNumber("2011-01-01") + step * 20), dayNumber("2026-11-26")];
  const whole = [days[0], days[99]];
  const [from, to] = dense(days, whole);
  assert.ok(isoDay(from) > "2010" && isoDay(to) < "2017");
  assert.deepEqual(dense(days.slice(0, 5), whole), whole);
  assert.deepEqual(dense(days.slice(1, 99), [days[1], days[98]]), [days[1], days[98]]);
});
