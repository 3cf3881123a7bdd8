/** Draw a .pmtiles archive that travels inside the page: pictures as they are, vector tiles in a plain style. */
import { PMTiles, TileType, leafletRasterLayer } from "pmtiles";
import { leafletLayer } from "protomaps-leaflet";
import { bytesOf } from "./island.js";

/** The bytes of an archive, handed out piece by piece. */
class Bytes {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  getKey() {
    return "inside";
  }

  /** @param {number} offset @param {number} length */
  async getBytes(offset, length) {
    return { data: this.bytes.slice(offset, offset + length).buffer };
  }
}

/**
 * Add an archive to a map.
 * @param {import("leaflet").Map} map
 * @param {string} island identifier of the element that holds the archive as base64
 * @param {{language?: string, attribution?: string}} options
 */
async function add(map, island, { language = "ar", attribution = "" } = {}) {
  const holder = document.getElementById(island);
  const archive = new PMTiles(new Bytes(bytesOf(holder.textContent)));
  holder.remove();
  const { tileType, maxZoom } = await archive.getHeader();
  if (!map.getPane("geo-basemap")) map.createPane("geo-basemap").style.zIndex = "190";
  const options = { attribution, pane: "geo-basemap", maxNativeZoom: maxZoom };
  const layer =
    tileType === TileType.Mvt
      ? leafletLayer({ url: archive, flavor: "light", lang: language, maxDataZoom: maxZoom, attribution, pane: "geo-basemap" })
      : leafletRasterLayer(archive, options);
  layer.addTo(map);
}

window.geoPmtiles = { add };
