/** Draw how well the place is known: the footprint of the text's words, or a circle of the radius of doubt. */
import { GROUPS, svg } from "./kinds.js";

const PANE = "geo-footprints";
const MOST = 600;
const COUNTRY = 6;

/** Make the hatch patterns, one a colour, once a page. */
function hatches() {
  if (document.getElementById("geo-hatches")) return;
  const patterns = Object.keys(GROUPS).map((group) => {
    const line = svg("path", { d: "M0 0V9", class: `geo-hatch geo-g-${group}` });
    return svg("pattern", { id: `geo-hatch-${group}`, width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, line);
  });
  const holder = svg("svg", { id: "geo-hatches", width: 0, height: 0, "aria-hidden": "true" }, svg("defs", {}, ...patterns));
  holder.style.position = "absolute";
  document.body.append(holder);
}

/** Prepare the pane the footprints live in, below the signs. */
function prepare(map) {
  hatches();
  if (!map.getPane(PANE)) map.createPane(PANE).style.zIndex = "380";
  return L.svg({ pane: PANE, padding: 0.6 });
}

/** Say how a footprint is painted. */
function style(group, where, doubtful) {
  const country = where === COUNTRY;
  return {
    pane: PANE,
    className: `geo-area geo-g-${group}${country ? " geo-area-country" : ""}`,
    weight: country ? 1.6 : 1.4,
    opacity: doubtful ? 0.45 : 0.8,
    dashArray: country || where >= 4 || doubtful ? "6 5" : null,
    fillColor: country ? `url(#geo-hatch-${group})` : "#888",
    fillOpacity: country ? (doubtful ? 0.35 : 0.75) : doubtful ? 0.05 : 0.13,
    bubblingMouseEvents: false,
  };
}

/**
 * Keep the footprints of the rows shown; equal ones are drawn once.
 * @param {import("leaflet").Map} map
 * @param {{geometries: any[], describe: (row: number) => {lon: number, lat: number, km: number | null, shape: number | null, where: number | null, group: string, doubtful: boolean}, onPick: (row: number) => void}} context
 */
export function footprints(map, { geometries, describe, onPick }) {
  const renderer = prepare(map);
  const drawn = new Map();
  const group = L.layerGroup();

  /** Make one footprint. */
  function make(row, about) {
    const options = { ...style(about.group, about.where, about.doubtful), renderer };
    const path =
      about.shape !== null
        ? L.geoJSON(geometries[about.shape], { style: options, ...options, pointToLayer: (_, at) => L.circle(at, { ...options, radius: 1000 }) })
        : L.circle([about.lat, about.lon], { ...options, radius: about.km * 1000 });
    path.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      onPick(row);
    });
    return path;
  }

  return {
    group,
    /** @param {number[]} rows */
    show(rows) {
      const wanted = new Map();
      for (const row of rows) {
        if (wanted.size >= MOST) break;
        const about = describe(row);
        if (about.shape === null && !(about.km > 0)) continue;
        const key = `${about.shape ?? `${about.lon},${about.lat},${about.km}`}|${about.group}|${about.doubtful}`;
        if (!wanted.has(key)) wanted.set(key, [row, about]);
      }
      for (const [key, path] of drawn) {
        if (wanted.has(key)) continue;
        group.removeLayer(path);
        drawn.delete(key);
      }
      for (const [key, [row, about]] of wanted) {
        if (drawn.has(key)) continue;
        const path = make(row, about);
        drawn.set(key, path);
        group.addLayer(path);
      }
    },
    /** @param {number} row */
    boundsOf(row) {
      const about = describe(row);
      if (about.shape !== null) return L.geoJSON(geometries[about.shape]).getBounds();
      return about.km > 0 ? L.latLng(about.lat, about.lon).toBounds(about.km * 2000) : null;
    },
  };
}
