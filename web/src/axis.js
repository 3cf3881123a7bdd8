/** The axis of time: days, months, years and decades as bins, and the marks below them. Days count from 1970. */

const DAY = 86400000;
const LEAST = 7;

/** @typedef {"day" | "month" | "year" | "decade"} Unit */

/** @param {number} day @returns {[number, number, number]} year, month from 0, day of the month */
function parts(day) {
  const at = new Date(day * DAY);
  return [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
}

/** Return the day of a date; months and days may run over. */
function dayOf(year, month = 0, day = 1) {
  const at = new Date(0);
  at.setUTCFullYear(year, month, day);
  return Math.round(at.getTime() / DAY);
}

/** Return the unit in which a stretch of days is best counted. @param {number} days @returns {Unit} */
export function unitFor(days) {
  if (days <= 75) return "day";
  if (days <= 366 * 8) return "month";
  return days <= 366 * 130 ? "year" : "decade";
}

/** Return the first day of the unit a day lies in. @param {number} day @param {Unit} unit */
export function floorTo(day, unit) {
  const [year, month] = parts(day);
  if (unit === "day") return day;
  if (unit === "month") return dayOf(year, month);
  return dayOf(unit === "year" ? year : Math.floor(year / 10) * 10);
}

/** Return the first day of the unit so many units later. @param {number} day @param {Unit} unit @param {number} steps */
export function stepBy(day, unit, steps) {
  const [year, month] = parts(floorTo(day, unit));
  if (unit === "day") return day + steps;
  if (unit === "month") return dayOf(year, month + steps);
  return dayOf(year + steps * (unit === "year" ? 1 : 10));
}

/** Return the first day of every unit from one day to another, and the day after the last. @param {number} from @param {number} to @param {Unit} unit */
export function edgesOf(from, to, unit) {
  const edges = [floorTo(from, unit)];
  while (edges[edges.length - 1] <= to) edges.push(stepBy(edges[edges.length - 1], unit, 1));
  return edges;
}

const STEPS = [
  ["day", 1], ["day", 7], ["month", 1], ["month", 3], ["month", 6],
  ["year", 1], ["year", 2], ["year", 5], ["year", 10], ["year", 20], ["year", 50], ["year", 100], ["year", 500],
];
const LENGTH = { day: 1, month: 30.44, year: 365.25 };

/**
 * Choose the marks of an axis: as many as fit.
 * @param {number} from first day @param {number} to day after the last
 * @param {(grain: string) => number} most how many marks of a kind fit
 * @returns {{day: number, grain: "day" | "month" | "year"}[]}
 */
export function marks(from, to, most) {
  const [grain, every] = STEPS.find(([name, count]) => (to - from) / (LENGTH[name] * count) <= most(name)) ?? STEPS[STEPS.length - 1];
  const [year, month] = parts(from);
  const found = [];
  const first = { day: from, month: dayOf(year, Math.floor(month / every) * every), year: dayOf(Math.floor(year / every) * every) }[grain];
  for (let day = first; day < to; day = grain === "day" ? day + every : stepBy(day, grain, every)) if (day >= from) found.push({ day, grain });
  return found;
}

/**
 * Return the stretch in which nearly all days lie, or the whole where that is not much longer.
 * @param {number[] | Int32Array} days sorted
 * @param {[number, number]} whole
 * @returns {[number, number]}
 */
export function dense(days, whole) {
  if (days.length < 8) return whole;
  const low = days[Math.floor(days.length * 0.05)];
  const high = days[Math.ceil(days.length * 0.95) - 1];
  const pad = Math.max(15, (high - low) * 0.06);
  return high - low + 2 * pad < (whole[1] - whole[0]) * 0.4 ? [Math.max(whole[0], low - pad), Math.min(whole[1], high + pad)].map(Math.round) : whole;
}

/**
 * Keep what part of time the axis shows.
 * @param {[number, number]} whole first and last day of all
 * @param {Int32Array} days when events begin, sorted
 */
export function timeView(whole, days) {
  let [from, to] = dense(days, whole);
  const view = { whole, from: 0, to: 0, unit: unitFor(1), edges: [0, 1] };
  const settle = () => {
    view.unit = unitFor(to - from);
    view.edges = edgesOf(from, to, view.unit);
    [view.from, view.to] = [view.edges[0], view.edges[view.edges.length - 1]];
  };
  settle();
  return Object.assign(view, {
    /** Show another part. @param {number} next @param {number} until last day */
    show(next, until) {
      const least = Math.max(LEAST, until - next);
      from = Math.round(Math.max(whole[0], Math.min(next, whole[1] - LEAST)));
      to = Math.round(Math.min(whole[1], from + least));
      settle();
    },
    /** Show more or less around a day. */
    zoom(factor, around = (from + to) / 2) {
      view.show(around - (around - from) * factor, around + (to - around) * factor);
    },
    /** Move so that a day is seen. */
    reach(day) {
      const width = to - from;
      if (day < view.from) view.show(day - width * 0.1, day + width * 0.9);
      else if (day >= view.to) view.show(Math.min(day - width * 0.9, whole[1] - width), Math.min(day + width * 0.1, whole[1]));
    },
    isWhole: () => from <= whole[0] && to >= whole[1],
  });
}
