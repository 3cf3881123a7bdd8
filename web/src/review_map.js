/** Show the places of the text and the candidates of the chosen name on a map that needs no network. */
import { basemap } from "./basemap.js";
import { decode } from "./island.js";
import { el, plain } from "./text.js";

/** Pixels between signs that stand at one point, and degrees within which points count as one. */
const BESIDE = 25;
const SAME = 0.05;

/** Make a numbered sign, some steps beside its point. */
function numbered(label, chosen, steps) {
  const pin = el("span", chosen ? "geo-rv-pin geo-rv-chosen" : "geo-rv-pin", label);
  pin.style.marginLeft = `${steps * BESIDE}px`;
  return L.divIcon({ html: pin, className: "geo-rv-at", iconSize: [0, 0] });
}

/** Return the box that holds a place with its extent, no more than a third of the globe high. */
function around({ lat, lon, uncertainty_km: km = 0 }) {
  const high = Math.min(30, Math.max(30, km) / 111);
  const wide = Math.min(60, high / Math.max(0.2, Math.cos((lat * Math.PI) / 180)));
  return L.latLngBounds([Math.max(-85, lat - high), lon - wide], [Math.min(85, lat + high), lon + wide]);
}

/** Count the places before one of a list that stand at the same point. */
function before(offered, index) {
  const { lat, lon } = offered[index].place;
  return offered.slice(0, index).filter(({ place }) => Math.abs(place.lat - lat) < SAME && Math.abs(place.lon - lon) < SAME).length;
}

/**
 * Make the map.
 * @param {HTMLElement} box
 * @param {string} packed the basemap
 * @param {import("./strings.js").Words} words
 */
export function reviewMap(box, packed, words) {
  const map = L.map(box, { keyboard: false, zoomControl: false, minZoom: 2, maxZoom: 12, zoomSnap: 0.5, attributionControl: true, worldCopyJump: true });
  map.attributionControl.setPrefix(false);
  map.setView([27, 25], 3);
  if (packed) basemap(map, decode(packed), { language: words.lang, words }).addTo(map);
  const ground = L.layerGroup().addTo(map);
  const front = L.layerGroup().addTo(map);
  let wanted = null;
  const fit = () => {
    if (!wanted || !box.clientWidth) return;
    map.invalidateSize({ animate: false });
    map.fitBounds(wanted, { padding: [30, 30], maxZoom: 7, animate: false });
  };
  const watch = new ResizeObserver(fit);
  watch.observe(box);
  return {
    map,
    /**
     * Show the places, the numbered candidates, and the one that is chosen.
     * @param {any[]} places
     * @param {{place: any, label: string, chosen: boolean}[]} offered
     * @param {(index: number) => void} choose
     */
    show(places, offered, choose) {
      ground.clearLayers();
      front.clearLayers();
      for (const place of places) {
        L.circleMarker([place.lat, place.lon], { radius: 4, weight: 1.5, color: "#fff", fillColor: "#55636b", fillOpacity: 0.85, interactive: false }).addTo(ground);
      }
      offered.forEach(({ place, label, chosen }, index) => {
        const title = plain(`${label} ${place.name} (${place.country})`);
        const marker = L.marker([place.lat, place.lon], { icon: numbered(label, chosen, before(offered, index)), title, alt: title, keyboard: false, zIndexOffset: chosen ? 1000 : 0 });
        marker.on("click", () => choose(index)).addTo(front);
        // a wide place is never a bare point
        const doubt = { radius: (place.uncertainty_km ?? 0) * 1000, weight: 1.5, color: "#d55e00", dashArray: "5 4", fillOpacity: 0.07, interactive: false };
        if (chosen && doubt.radius > 20000) L.circle([place.lat, place.lon], doubt).addTo(ground);
      });
      const spots = offered.length ? offered.map(({ place }) => place) : places;
      wanted = spots.length ? spots.map(around).reduce((all, one) => all.extend(one)) : null;
      fit();
    },
    close() {
      watch.disconnect();
      map.remove();
    },
  };
}
