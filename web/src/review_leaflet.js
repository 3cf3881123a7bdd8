/** Leaflet as the one global the map's modules expect; the review bundle brings its own. */
import * as L from "leaflet";

export { L };
