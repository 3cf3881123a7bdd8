/** The window in time: from one day to another, each end open where it reaches the end of the data. */
import { edgesOf, floorTo, stepBy } from "./axis.js";

/**
 * Make the window of a model.
 * @param {ReturnType<typeof import("./explore.js").explore>} model
 * @param {ReturnType<typeof import("./axis.js").timeView>} view what the axis shows, in which unit
 * @param {() => void} redraw called when the axis itself was moved
 */
export function timeWindow(model, view, redraw) {
  const { whole } = view;
  const state = () => model.state();
  const ends = () => [state().from ?? whole[0], state().to ?? whole[1]];
  const floor = (day) => floorTo(day, view.unit);
  const step = (day, steps) => stepBy(day, view.unit, steps);
  const last = (day) => step(day, 1) - 1;
  const within = (day) => Math.max(floor(whole[0]), Math.min(day, floor(whole[1])));

  /** Set the window; what reaches the end of the data is open. */
  function put(from, to, reason = "time") {
    const [first, end] = from <= to ? [from, to] : [to, from];
    model.set({ from: first <= whole[0] ? null : first, to: end >= whole[1] ? null : end }, reason);
  }

  /** Move the axis so that a handle is seen, unless its end is open. */
  function reach(name) {
    const day = name === "to" ? state().to : state().from;
    if (day === null) return;
    view.reach(day);
    redraw();
  }

  /** Count the units of a window. */
  const units = (from, to) => edgesOf(from, to, view.unit).length - 1;

  const moves = {
    from: (from, to, open, steps) => [Math.min(within(step(from, steps)), floor(to)), open.to ? whole[1] : to],
    to: (from, to, open, steps) => [open.from ? whole[0] : from, Math.max(last(within(step(to, steps))), last(from))],
    window: (from, to, open, steps) => {
      const first = within(step(from, steps));
      return [first, Math.min(step(first, units(from, to)) - 1, last(whole[1]))];
    },
  };

  const drags = {
    from: (from, to, _, day) => [day <= view.from ? whole[0] : Math.min(floor(day), floor(to)), to],
    to: (from, to, _, day) => [from, day >= view.to ? whole[1] : Math.max(last(day), last(from))],
    window: (from, to, start, day) => {
      const wide = units(from, to);
      const goal = from + day - start;
      const before = floor(goal);
      const nearest = goal - before > (step(before, 1) - before) / 2 ? step(before, 1) : before;
      const first = Math.max(floor(whole[0]), Math.min(nearest, step(floor(whole[1]), 1 - wide)));
      return [first, step(first, wide) - 1];
    },
    "": (from, to, start, day) => [floor(Math.min(start, day)), last(Math.min(Math.max(start, day), view.to - 1))],
  };

  return {
    /** First and last day of the window. @returns {[number, number]} */
    ends,
    /** Set the window to the whole units two days lie in. @param {number} from @param {number} to @param {string} [reason] */
    putUnits: (from, to, reason) => put(floor(Math.min(from, to)), last(Math.max(from, to)), reason),
    /**
     * Move a handle, or the whole window, by so many units; an open end stands at the edge of what the axis shows.
     * @param {"from" | "to" | "window"} name @param {number} steps @param {string} [reason]
     */
    move(name, steps, reason) {
      const open = { from: state().from === null, to: state().to === null };
      if (open[name] && steps < 0 === (name === "from")) return;
      if (name === "window" && open.from && open.to) return;
      const from = open.from ? Math.max(whole[0], view.from) : state().from;
      const to = open.to ? Math.min(whole[1], view.to - 1) : state().to;
      put(...moves[name](from, to, open, steps), reason);
      reach(name);
    },
    /** Take a handle to its end. @param {"from" | "to" | "window"} name @param {boolean} end the last, not the first */
    jump(name, end) {
      const [from, to] = ends();
      if (name === "from") put(end ? floor(to) : whole[0], to);
      else if (name === "to") put(from, end ? whole[1] : last(from));
      else this.move("window", (end ? 1 : -1) * units(...whole));
      reach(name);
    },
    /**
     * Follow a pointer that went down on one day and is at another now: a handle, the window, or a new window.
     * @param {"from" | "to" | "window" | ""} name @param {number} start @param {number} day @param {[number, number]} grabbed the window as it was
     */
    drag: (name, start, day, [from, to]) => put(...drags[name](from, to, start, day)),
  };
}
