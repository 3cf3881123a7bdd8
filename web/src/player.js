/** Play: the window moves over the axis by itself, step by step; whoever wants little motion gets few, long steps. */
import { edgesOf } from "./axis.js";
import { svg } from "./kinds.js";
import { el } from "./text.js";

const PAUSE = 700;
const CALM = 1600;
const SPEEDS = [1, 2, 4];
const PICTURES = { play: "M7 4.500v15l12-7.500Z", pause: "M7 5h3.500v14H7ZM13.500 5H17v14h-3.500Z" };

/** Draw one of the two signs. */
const picture = (name) =>
  svg("svg", { viewBox: "0 0 24 24", width: 16, height: 16, "aria-hidden": "true", focusable: "false" }, svg("path", { d: PICTURES[name], fill: "currentColor" }));

/**
 * Make the buttons that play.
 * @param {{words: any, ends: () => [number, number], whole: [number, number], view: any, open: () => boolean, put: (from: number, to: number, reason: string) => void, step: (units: number) => void}} bar
 */
export function player({ words, ends, whole, view, open, put, step }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const button = /** @type {HTMLButtonElement} */ (el("button", "geo-time-button geo-time-play"));
  button.type = "button";
  button.dataset.act = "play";
  const speed = /** @type {HTMLSelectElement} */ (words.name(el("select", "geo-time-speed"), "speed"));
  for (const factor of SPEEDS) speed.append(Object.assign(el("option", null, `×${factor}`), { value: String(factor) }));
  let timer = 0;

  const show = () => {
    button.replaceChildren(picture(timer ? "pause" : "play"));
    words.name(button, timer ? "pause" : "play");
  };
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    show();
  };

  /** Count the units of the window. */
  const units = () => edgesOf(...ends(), view.unit).length - 1;

  /** Put a window at the start where there is none, or where the last one has arrived. */
  function start() {
    const [, to] = ends();
    const length = open() ? Math.max(1, Math.round((view.edges.length - 1) / 8)) : units();
    if (open() || to >= whole[1]) {
      const first = open() ? view.edges[0] : whole[0];
      const last = edgesOf(first, first + 1, view.unit);
      let until = last[0];
      for (let left = length; left > 1; left -= 1) until = edgesOf(until, until, view.unit)[1];
      put(first, until, "play");
    }
  }

  /** Take one step, and another after a while, until the window arrives at the end. */
  function tick() {
    const [from, to] = ends();
    if (to >= whole[1]) return stop();
    step(calm.matches ? units() : 1);
    if (ends()[0] === from) return stop();
    wait();
    return undefined;
  }
  const wait = () => (timer = setTimeout(tick, (calm.matches ? CALM : PAUSE) / Number(speed.value)));

  button.addEventListener("click", () => {
    if (timer) return stop();
    start();
    wait();
    return show();
  });
  show();
  words.onChange(show);
  return { nodes: [button, speed], stop };
}
