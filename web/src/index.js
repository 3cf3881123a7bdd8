/**
 * What the page calls. `L` is Leaflet, loaded before this file.
 */
import { arrows } from "./arrows.js";
import { basemap } from "./basemap.js";
import { controls } from "./controls.js";
import { readIsland } from "./island.js";
import { eventLayer } from "./layer.js";
import { page } from "./panel.js";
import { speak } from "./strings.js";
import { el } from "./text.js";

/**
 * Put an event layer on a map.
 * @param {import("leaflet").Map} map
 * @param {{island: string, language?: string, show?: boolean, fit?: boolean, page?: boolean, timeline?: boolean, filters?: boolean, basemap?: string | null, visible?: Record<string, boolean>}} options
 */
function events(map, options) {
  const words = speak(options.language);
  try {
    const ground = options.basemap ? basemap(map, readIsland(options.basemap), { words }).addTo(map) : null;
    const layer = eventLayer(map, readIsland(options.island), { ...options, words });
    if (options.show !== false) layer.addTo(map);
    arrows(map, layer);
    if (options.page) page(map, layer, ground);
    else controls(map, layer, options);
    return layer;
  } catch (error) {
    map.getContainer().append(el("p", "geo-failed", `${words.word("failed")}: ${error instanceof Error ? error.message : error}`));
    throw error;
  }
}

window.geo = { events, basemap, readIsland };
