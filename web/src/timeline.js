/**
 * The time bar: how many events there are when, a window to move over them, and a bin of its own for events without a
 * date. The window keeps what overlaps it. The axis opens where the data are; what lies before and after stands in a
 * bin at either end, so that nothing is lost.
 */
import { marks, timeView } from "./axis.js";
import { isoDay, Table } from "./island.js";
import { svg } from "./kinds.js";
import { player } from "./player.js";
import { el } from "./text.js";
import { columns, HEIGHT, sideBin } from "./time_chart.js";
import { timeWindow } from "./time_window.js";

const MARK = { day: 66, month: 84, year: 46 };
const EDGE = 14;
const STRIDE = { day: 7, month: 12, year: 10, decade: 5 };
const GRAIN = { day: "day", month: "month", year: "year", decade: "year" };
const ICONS = { in: "M12 5v14M5 12h14", out: "M5 12h14", fold: "M6 9l6 6 6-6" };

/** Draw a line icon. */
export const lineIcon = (d, size = 16) =>
  svg("svg", { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    svg("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" }));

/** Make a small button with a name. */
export function button(words, key, picture, act) {
  const node = /** @type {HTMLButtonElement} */ (words.name(el("button", "geo-time-button", picture), key));
  node.type = "button";
  node.dataset.act = key;
  node.addEventListener("click", act);
  return node;
}

/**
 * Make the time bar of a layer; null where no event has a date.
 * @param {{layer: any, words: import("./strings.js").Words, announce?: (text: string) => void}} page
 */
export function timeline({ layer, words }) {
  const model = layer.explore;
  if (!model.span()) return null;
  const view = timeView(model.span(), model.first.filter((day) => day !== Table.UNKNOWN).sort());
  const { whole } = view;
  const chart = svg("svg", { class: "geo-time-chart", "aria-hidden": "true", focusable: "false", height: HEIGHT });
  const scale = el("div", "geo-time-marks");
  scale.setAttribute("aria-hidden", "true");
  const shade = [el("i", "geo-time-shade"), el("i", "geo-time-shade")];
  const hint = el("output", "geo-time-hint");
  hint.hidden = true;
  const track = el("div", "geo-time-track", chart, ...shade);
  const said = el("output", "geo-time-said");
  let width = 600;
  let counted = null;

  const state = () => model.state();
  const frame = timeWindow(model, view, () => drawAll());
  const { ends } = frame;
  const flip = (x) => (words.dir === "rtl" ? width - x : x);
  const xOf = (day) => flip(((day - view.from) / (view.to - view.from)) * width);
  const dayAt = (x) => view.from + (flip(x) / width) * (view.to - view.from);
  const text = (day) => words.day(isoDay(day), GRAIN[view.unit]);

  /** Say a window in words. */
  function windowText() {
    const { from, to } = state();
    if (from === null && to === null) return words.word("all_time");
    const [first, last] = ends().map(text);
    return first === last ? first : words.word("from_to").replace("{0}", first).replace("{1}", last);
  }

  const sides = {
    before: sideBin(words, "earlier", "geo-time-before", () => showAll()),
    after: sideBin(words, "later", "geo-time-after", () => showAll()),
    undated: sideBin(words, "undated_bin", "geo-time-undated", () => model.set({ undated: !state().undated })),
  };
  words.name(sides.undated.node, "undated_switch");

  /** Show the whole span on the axis. */
  function showAll() {
    view.show(...whole);
    drawAll();
  }

  /** Draw the columns: needed where filters, axis, width or language changed, not where the window moved. */
  function drawColumns() {
    counted = model.histogram(view.edges);
    let highest = 1;
    for (let bin = 0; bin + 1 < view.edges.length; bin += 1) {
      let total = 0;
      for (const group of counted.bins) total += group[bin];
      if (total > highest) highest = total;
    }
    chart.setAttribute("width", String(width));
    chart.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    chart.replaceChildren(...columns(model.groupNames, counted.bins, view.edges.map(xOf), highest));
    for (const name of ["before", "after", "undated"]) {
      const total = sides[name].draw(model.groupNames, counted[name], highest);
      sides[name].node.hidden = name !== "undated" && (view.isWhole() || !total);
    }
    all.hidden = view.isWhole();
    const inSight = ({ day }) => xOf(day) > EDGE && xOf(day) < width - EDGE;
    scale.replaceChildren(...marks(view.from, view.to, (grain) => Math.max(1, width / MARK[grain])).filter(inSight).map(({ day, grain }) => {
      const mark = el("span", "geo-time-mark", grain === "year" ? isoDay(day).slice(0, 4) : words.short(isoDay(day), grain));
      mark.style.left = `${xOf(day)}px`;
      return mark;
    }));
  }

  /** Put the handles and the shades where the window is. */
  function drawWindow() {
    const [from, to] = ends();
    const inside = (x) => Math.max(0, Math.min(width, x));
    const [first, last] = [inside(xOf(state().from ?? Math.min(from, view.from))), inside(xOf(Math.max(to + 1, state().to === null ? view.to : 0)))];
    const [left, right] = [Math.min(first, last), Math.max(first, last)];
    Object.assign(shade[0].style, { left: "0", width: `${left}px` });
    Object.assign(shade[1].style, { left: `${right}px`, width: `${width - right}px` });
    handles.from.style.left = `${first}px`;
    handles.to.style.left = `${last}px`;
    Object.assign(handles.window.style, { left: `${left}px`, width: `${Math.max(0, right - left)}px` });
    for (const [name, day] of [["from", from], ["to", to], ["window", from]]) {
      const handle = handles[name];
      handle.setAttribute("aria-valuemin", String(whole[0]));
      handle.setAttribute("aria-valuemax", String(whole[1]));
      handle.setAttribute("aria-valuenow", String(day));
      handle.setAttribute("aria-valuetext", name === "window" ? windowText() : text(day));
    }
    const open = state().from === null && state().to === null;
    said.textContent = windowText();
    root.classList.toggle("geo-time-open", open);
    reset.hidden = open;
    sides.undated.node.setAttribute("aria-pressed", String(state().undated));
  }

  const drawAll = () => {
    drawColumns();
    drawWindow();
  };

  /** Make a handle: a slider that arrows, Home and End move. */
  function handle(name, key) {
    const node = words.name(el("div", `geo-time-${name}`), key);
    node.setAttribute("role", "slider");
    node.tabIndex = 0;
    node.dataset.handle = name;
    node.addEventListener("keydown", (event) => {
      const forward = words.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const backward = words.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      const sign = { [forward]: 1, ArrowUp: 1, PageUp: 1, [backward]: -1, ArrowDown: -1, PageDown: -1 }[event.key];
      if (!sign && event.key !== "Home" && event.key !== "End") return;
      event.preventDefault();
      event.stopPropagation();
      const stride = event.shiftKey || event.key.startsWith("Page") ? STRIDE[view.unit] : 1;
      if (sign) frame.move(name, sign * stride);
      else frame.jump(name, event.key === "End");
    });
    return node;
  }

  const handles = { window: handle("window", "time_window"), from: handle("from", "time_from"), to: handle("to", "time_to") };
  track.append(handles.window, handles.from, handles.to, hint);

  /** Follow a finger or a mouse: on a handle it moves that, on the window the window, elsewhere it spans a new one. */
  function drag(event) {
    if (event.button) return;
    const at = (moved) => dayAt(Math.max(0, Math.min(width, moved.clientX - track.getBoundingClientRect().left)));
    const start = Math.min(at(event), view.to - 1);
    const [from, to] = ends();
    const open = root.classList.contains("geo-time-open");
    const grabbed = /** @type {HTMLElement} */ (event.target).dataset.handle ?? "";
    const name = grabbed === "window" && open ? "" : grabbed;
    let waiting = 0;
    const act = (day) => frame.drag(name, start, day, [from, to]);
    const follow = (moved) => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => act(at(moved)));
    };
    const done = (last) => {
      cancelAnimationFrame(waiting);
      if (last.type === "pointerup" && (name === "" || Math.abs(last.clientX - event.clientX) > 1)) act(at(last));
      track.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"]) track.removeEventListener(type, done);
    };
    event.preventDefault();
    track.setPointerCapture(event.pointerId);
    if (grabbed) handles[grabbed].focus({ preventScroll: true });
    track.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) track.addEventListener(type, done);
  }
  track.addEventListener("pointerdown", drag);
  track.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoom(event.deltaY > 0 ? 1.25 : 0.8, dayAt(event.clientX - track.getBoundingClientRect().left));
    drawAll();
  }, { passive: false });
  track.addEventListener("pointermove", (event) => {
    const day = dayAt(event.clientX - track.getBoundingClientRect().left);
    let bin = view.edges.findIndex((edge) => edge > day) - 1;
    if (bin < 0) bin = view.edges.length - 2;
    hint.textContent = `${text(view.edges[bin])}: ${words.count(model.between(view.edges[bin], view.edges[bin + 1] - 1), layer.subject)}`;
    hint.style.left = `${Math.max(60, Math.min(width - 60, (xOf(view.edges[bin]) + xOf(view.edges[bin + 1])) / 2))}px`;
    hint.hidden = false;
  });
  track.addEventListener("pointerleave", () => (hint.hidden = true));

  const reset = /** @type {HTMLButtonElement} */ (words.tell(el("button", "geo-textual"), "all_time"));
  reset.type = "button";
  reset.dataset.act = "all_time";
  reset.addEventListener("click", () => model.set({ from: null, to: null }));
  const zoomed = (factor) => () => {
    const [from, to] = ends();
    const middle = (from + to) / 2;
    view.zoom(factor, middle > view.from && middle < view.to ? middle : undefined);
    drawAll();
  };
  const play = player({ words, ends, whole, view, open: () => root.classList.contains("geo-time-open"), put: frame.putUnits, step: (steps) => frame.move("window", steps, "play") });
  const all = /** @type {HTMLButtonElement} */ (words.tell(el("button", "geo-textual"), "time_all"));
  all.type = "button";
  all.dataset.act = "time_all";
  all.addEventListener("click", showAll);
  const fold = button(words, "fold_time", lineIcon(ICONS.fold), () => setFold(!root.classList.contains("geo-time-folded")));
  const bar = el("div", "geo-time-bar", sides.undated.node, sides.before.node, el("div", "geo-time-plot", track, scale), sides.after.node);
  bar.id = `geo-time-${Math.random().toString(36).slice(2, 8)}`;
  const setFold = (folded) => {
    root.classList.toggle("geo-time-folded", folded);
    fold.setAttribute("aria-expanded", String(!folded));
  };
  fold.setAttribute("aria-controls", bar.id);
  const head = el("div", "geo-time-head", ...play.nodes, said, reset,
    el("span", "geo-time-zoom", all, button(words, "time_out", lineIcon(ICONS.out), zoomed(2)), button(words, "time_in", lineIcon(ICONS.in), zoomed(0.5)), fold));
  const root = words.name(el("div", "geo-time", head, bar), "time");
  root.setAttribute("role", "group");
  setFold(window.innerWidth <= 760);
  new ResizeObserver(([entry]) => {
    if (!entry.contentRect.width || Math.abs(entry.contentRect.width - width) < 1) return;
    width = entry.contentRect.width;
    drawAll();
  }).observe(track);
  words.onChange(() => {
    root.dir = words.dir;
    drawAll();
  });
  root.dir = words.dir;
  model.onChange((reason) => {
    if (reason !== "time" && reason !== "play") drawColumns();
    drawWindow();
  });
  drawAll();
  return root;
}
