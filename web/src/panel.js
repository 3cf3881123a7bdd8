/** The page around the map: its frame, legend, list, sources, and the buttons of the map. */
import { grid } from "./grid.js";
import { svg } from "./kinds.js";
import { legend } from "./legend.js";
import { lists } from "./list.js";
import { paper } from "./paper.js";
import { PARTS } from "./parts.js";
import { shell, tool } from "./shell.js";
import { sources } from "./sources.js";
import { el } from "./text.js";
import { themes } from "./theme.js";

/** Make the button that shows everything again. */
function fitButton(layer, words) {
  const picture = svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" },
    svg("path", { d: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round" }));
  const button = tool(words, "fit", picture, () => layer.fit());
  button.className = "geo-fit";
  L.DomEvent.disableClickPropagation(button);
  return button;
}

/** Make a scale that says its unit in the language shown. */
function scaleBar(words) {
  const Bar = L.Control.Scale.extend({
    _updateMetric(metres) {
      const round = this._getRoundNum(metres);
      const label = round < 1000 ? `${words.number(round)} ${words.word("m")}` : `${words.number(round / 1000)} ${words.word("km")}`;
      this._updateScale(this._mScale, label, round / metres);
      this._mScale.dir = words.dir;
    },
  });
  return new Bar({ imperial: false, position: "bottomleft" });
}

/** Put the buttons of the map where the language expects them. */
function controls({ map, layer, words }) {
  const zoom = L.control.zoom({ zoomInTitle: words.word("zoom_in"), zoomOutTitle: words.word("zoom_out") });
  const fit = L.control({ position: "topleft" });
  fit.onAdd = () => el("div", "leaflet-bar", fitButton(layer, words));
  const scale = scaleBar(words);
  const label = () => {
    const buttons = zoom.getContainer().querySelectorAll("a");
    buttons.forEach((button, index) => {
      const name = words.word(index ? "zoom_out" : "zoom_in");
      button.title = name;
      button.setAttribute("aria-label", name);
    });
  };
  for (const control of [zoom, fit, scale]) control.addTo(map);
  label();
  words.onChange(() => {
    label();
    scale._update();
  });
}

/** Put the switch of the language and that of the theme at the head. */
function switches(page) {
  const { words, theme, app } = page;
  const language = el("button", "geo-tool geo-language");
  language.type = "button";
  const other = () => (words.lang === "ar" ? "en" : "ar");
  const label = () => {
    words.tell(language, "language");
    language.lang = other();
  };
  label();
  words.onChange(label);
  language.addEventListener("click", () => words.use(other()));
  const half = svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true", focusable: "false" },
    svg("circle", { cx: 12, cy: 12, r: 8, fill: "none", stroke: "currentColor", "stroke-width": 2 }), svg("path", { d: "M12 4a8 8 0 0 1 0 16Z", fill: "currentColor" }));
  const dark = tool(words, "theme", half, () => theme.use(theme.name() === "dark" ? "light" : "dark"));
  dark.dataset.tool = "theme";
  language.dataset.tool = "language";
  app.querySelector(".geo-slot-tools").after(language, dark);
}

/**
 * Build the page around a map that stands alone in its document.
 * @param {import("leaflet").Map} map
 * @param {ReturnType<typeof import("./layer.js").eventLayer>} layer
 * @param {ReturnType<typeof import("./basemap.js").basemap> | null} ground
 */
export function page(map, layer, ground) {
  const made = shell(map, layer, ground, themes());
  const { slots, words, theme } = made;
  slots.lists.before(legend(layer, ground, words));
  const { node, open, writeOut } = lists(made);
  made.open = open;
  slots.lists.append(node, sources(layer, ground, words));
  grid(made);
  paper(made, writeOut);
  switches(made);
  map.invalidateSize({ animate: false });
  if (!map.zoomControl) controls(made);
  map.attributionControl?.setPrefix(false);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  if (ground) {
    ground.repaint();
    theme.onChange(() => ground.repaint());
  }
  for (const part of PARTS) part(made);
  map.invalidateSize({ animate: false });
  layer.fit();
}
