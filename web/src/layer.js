/** The event layer: signs that gather into clusters, their footprints, and the places only mentioned. */
import { findSites, gatherer } from "./clusters.js";
import { explore } from "./explore.js";
import { fanOffsets } from "./fan.js";
import { finder } from "./find.js";
import { homeOf } from "./home.js";
import { Table } from "./island.js";
import { GROUPS, glyph, groupOf } from "./kinds.js";
import { pileCard } from "./pile.js";
import { eventCard, mentionCard, typeLabel } from "./popup.js";
import { footprints } from "./shapes.js";
import { clusterSign, mentionSign, redress, sign } from "./signs.js";
import { speak } from "./strings.js";
import { placeOf, when } from "./when.js";

const RADIUS = 46;
const CLOSEST = 16;
const APART = 24;
const FAN = 60;
const BOXED = 1000;
const MENTIONS_SHOWN = 400;
const WIDE_FROM = 5;
const CLOSE = 7;

/** Gather mentions by place, the most mentioned first. */
function byPlace(mentions) {
  const places = new Map();
  for (let row = 0; row < mentions.length; row += 1) {
    const lon = mentions.get(row, "lon");
    const lat = mentions.get(row, "lat");
    if (lon === null || lat === null) continue;
    const key = mentions.get(row, "place_id") || `${lon},${lat}`;
    if (!places.has(key)) places.set(key, { lon, lat, rows: [] });
    places.get(key).rows.push(row);
  }
  return [...places.values()].sort((a, b) => b.rows.length - a.rows.length);
}

/** Name the group of each row. @param {Table} events */
function groupsOf(events) {
  const [type, plover] = [events.categories("type"), events.categories("plover")];
  const known = new Map();
  return Array.from({ length: events.length }, (_, row) => {
    const key = type.codes[row] * (plover.count + 1) + plover.codes[row];
    if (!known.has(key)) known.set(key, groupOf(events.get(row, "type"), events.get(row, "plover")));
    return known.get(key);
  });
}

/**
 * Make the event layer of a map.
 * @param {import("leaflet").Map} map
 * @param {any} data the decoded island
 * @param {{language?: string, words?: import("./strings.js").Words, visible?: Record<string, boolean>, fit?: boolean}} [options]
 */
export function eventLayer(map, data, options = {}) {
  const events = new Table(data.events);
  const mentions = new Table(data.mentions);
  const words = options.words ?? speak(options.language);
  const visible = { events: true, journeys: true, doubtful: false, footprints: true, mentions: false, ...options.visible };
  const groups = groupsOf(events);
  const homes = Array.from({ length: events.length }, (_, row) => homeOf(events, row));
  const places = byPlace(mentions);
  const signs = L.layerGroup();
  const legs = L.layerGroup();
  const others = L.layerGroup();
  const layer = L.layerGroup();
  const listeners = { select: [], change: [] };
  const kept = new Map();
  let fan = null;
  const [lon, lat, kilometres] = ["lon", "lat", "uncertainty_km"].map((name) => events.numbers(name));
  let finding = null;
  const find = () => (finding ??= finder(events, model.facets, data.spelling));
  const model = explore(events, groups, (text) => find().search(text));
  const sites = findSites(lon, lat);
  const gather = gatherer(sites, model.group, model.groupNames.length, RADIUS);
  let picked = null;

  const popup = L.popup({ className: "geo-popup", maxWidth: 360, minWidth: 250, autoPanPaddingTopLeft: [54, 18], autoPanPaddingBottomRight: [18, 18], offset: [0, -8] });
  const pointOf = (row) => L.latLng(lat[row], lon[row]);
  const shown = (row) => homes[row] !== "unlocated" && visible[homes[row]] && model.passes(row);
  const labelOf = (row) => [typeLabel(events, row, words), placeOf(events, row, words), when(events, row, words)].filter(Boolean).join(" · ");

  const areas = footprints(map, {
    geometries: data.geometries ?? [],
    onPick: (row) => openRow(row),
    describe: (row) => ({
      lon: events.get(row, "lon"),
      lat: events.get(row, "lat"),
      km: events.get(row, "uncertainty_km"),
      shape: events.get(row, "shape"),
      where: events.get(row, "where_prec"),
      group: groups[row],
      doubtful: homes[row] === "doubtful",
    }),
  });

  /** Gather the rows that are shown now. */
  function rebuild() {
    gather.fill(shown);
    fan = null;
    draw();
    for (const listener of listeners.change) listener();
  }

  /** Return the zoom at which the members of a cluster fill so many pixels. */
  function zoomFor({ members }, pixels) {
    let [west, east, north, south] = [1, 0, 1, 0];
    for (const site of members) {
      west = Math.min(west, sites.x[site]);
      east = Math.max(east, sites.x[site]);
      north = Math.min(north, sites.y[site]);
      south = Math.max(south, sites.y[site]);
    }
    return Math.log2(pixels / (256 * Math.max(east - west, south - north, 1e-12)));
  }

  /** Give the focus to the sign that is nearest to a point: the one that held it is gone. */
  function focusNear(at) {
    const far = (marker) => map.latLngToLayerPoint(marker.getLatLng()).distanceTo(map.latLngToLayerPoint(at));
    const near = [...kept.values()].sort((a, b) => far(a) - far(b))[0];
    near?.getElement()?.focus({ preventScroll: true });
  }

  /** Open a cluster: spread it where zooming in would not part it, zoom in otherwise; list what is too many. */
  function openCluster(cluster, marker) {
    const at = L.latLng(cluster.lat, cluster.lon);
    const closest = Math.min(map.getMaxZoom(), CLOSEST);
    const focused = marker?.getElement() === document.activeElement;
    if (zoomFor(cluster, APART) < closest && map.getZoom() < closest) {
      if (focused) map.once("moveend", () => focusNear(at));
      map.setView(at, Math.min(Math.max(Math.ceil(zoomFor(cluster, RADIUS * 1.2)), Math.floor(map.getZoom()) + 1), map.getMaxZoom()));
    } else if (cluster.total <= FAN) {
      fan = { id: cluster.seed, at, rows: gather.rowsOf(cluster), zoom: map.getZoom() };
      draw();
      if (focused) kept.get(`fan:${fan.rows[0]}`)?.getElement()?.focus({ preventScroll: true });
    } else {
      openCard(at, pileCard(layer, gather.rowsOf(cluster), (row) => openRow(row)), marker);
    }
  }

  /** Make the sign of one event at a place on the map. */
  function eventSign(row, at) {
    const hollow = homes[row] === "doubtful";
    const wide = (events.get(row, "where_prec") ?? 0) >= WIDE_FROM;
    return sign(at, {
      picture: glyph(groups[row], { size: 20, hollow, wide, role: homes[row] === "journeys" ? events.get(row, "location_role") : "" }),
      size: 30,
      name: `geo-event geo-event-${homes[row]}`,
      label: labelOf(row),
      raise: fan ? 500 : 0,
      act: (marker) => openRow(row, marker),
    });
  }

  /** Want each sign of a spread cluster, with its leg. */
  function wantFan(wanted) {
    const centre = map.latLngToLayerPoint(fan.at);
    const offsets = fanOffsets(fan.rows.length);
    fan.rows.forEach((row, place) => {
      const at = map.layerPointToLatLng(centre.add([offsets[place].x, offsets[place].y]));
      wanted.set(`fan:${row}`, () => eventSign(row, at));
      L.polyline([fan.at, at], { className: "geo-leg", weight: 1.2, interactive: false }).addTo(legs);
    });
    L.circleMarker(fan.at, { radius: 3.5, className: "geo-leg geo-leg-foot", weight: 1.2, fillOpacity: 1, interactive: false }).addTo(legs);
  }

  /** Want the signs and clusters of the view. */
  function wantSigns(wanted) {
    const box = map.getBounds().pad(0.25);
    const [west, south, east, north] = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    for (const cluster of gather.at(map.getZoom())) {
      if (cluster.lon < west || cluster.lon > east || cluster.lat < south || cluster.lat > north) continue;
      const at = L.latLng(cluster.lat, cluster.lon);
      if (cluster.total === 1) {
        const [row] = gather.rowsOf(cluster, 1);
        wanted.set(`event:${row}`, () => eventSign(row, at));
      } else if (fan && fan.id === cluster.seed) {
        wantFan(wanted);
      } else {
        wanted.set(`cluster:${cluster.seed}`, (old) => clusterAt(cluster, at, old));
      }
    }
  }

  /** Make the sign of a cluster, or change the one its seed has. */
  function clusterAt(cluster, at, old) {
    const counts = gather.groupsOf(cluster);
    const face = `${counts}`;
    if (old && old.face === face && old.getLatLng().equals(at)) {
      old.cluster = cluster;
      return old;
    }
    const dress = { ...clusterSign(counts, cluster.total), label: words.count(cluster.total, data.subject) };
    if (old) redress(old, at, dress);
    const marker = old ?? sign(at, { ...dress, name: "geo-cluster", raise: 200, act: (own) => openCluster(own.cluster, own) });
    return Object.assign(marker, { cluster, face });
  }

  /** Draw what the view needs; signs that stay are not touched, so focus and popups survive. */
  function draw() {
    if (!map.hasLayer(layer)) return;
    if (fan && fan.zoom !== map.getZoom()) fan = null;
    legs.clearLayers();
    const wanted = new Map();
    wantSigns(wanted);
    for (const [key, marker] of kept) {
      if (wanted.has(key)) continue;
      signs.removeLayer(marker);
      kept.delete(key);
    }
    for (const [key, make] of wanted) {
      const old = kept.get(key);
      if (old && !key.startsWith("cluster:")) continue;
      const marker = make(old);
      if (marker === old) continue;
      kept.set(key, marker);
      signs.addLayer(marker);
    }
    map.fire("geo:signs", { signs: [...kept.values()].map((marker) => ({ at: marker.getLatLng(), size: marker.options.icon.options.iconSize[0] })) });
    drawShapes();
  }

  /** Draw the footprints that are in view and large enough to see. */
  function drawShapes() {
    if (!visible.footprints) return areas.show([]);
    const rows = [];
    const box = map.getBounds().pad(1);
    const [west, south, east, north] = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    const metres = 40075016.7 / (256 * 2 ** map.getZoom());
    for (let row = 0; row < events.length && rows.length < 4000; row += 1) {
      if (!shown(row)) continue;
      const inside = lon[row] >= west && lon[row] <= east && lat[row] >= south && lat[row] <= north;
      if (inside && (kilometres[row] * 1000) / metres >= 7) rows.push(row);
      else if (events.get(row, "shape") !== null) rows.push(row);
    }
    areas.show(rows);
  }

  /** Draw the places that are only mentioned. */
  function drawMentions() {
    others.clearLayers();
    if (!visible.mentions) return;
    const box = map.getBounds().pad(0.3);
    const inView = places.filter((place) => box.contains([place.lat, place.lon])).slice(0, MENTIONS_SHOWN);
    for (const place of inView) {
      const size = /^(PCL|ADM1|TERR)/.test(mentions.get(place.rows[0], "feature_code") ?? "") ? 44 : 18;
      const picture = mentionSign(size);
      const label = `${words.word("mention_place")} · ${mentions.get(place.rows[0], "text") ?? ""}`;
      const at = [place.lat, place.lon];
      const act = (marker) => openCard(L.latLng(at), mentionCard(mentions, place.rows, words), marker);
      sign(at, { picture, size, name: "geo-mention", label, raise: -300, act }).addTo(others);
    }
  }

  /** Open a card at a point; focus goes in, and comes back to its sign when it closes. */
  function openCard(at, card, marker) {
    const back = marker?.getElement();
    const box = map.getSize();
    popup.options.maxHeight = Math.max(160, Math.min(520, box.y - 90));
    popup.options.maxWidth = Math.max(230, Math.min(360, box.x - 40));
    popup.options.autoPanPaddingTopLeft = [box.x < 520 ? 12 : 54, 16];
    popup.setLatLng(at).setContent(card).openOn(map);
    card.addEventListener("toggle", () => popup.update(), true);
    const node = popup.getElement();
    node.setAttribute("role", "dialog");
    node.setAttribute("aria-label", card.querySelector("h3")?.textContent || words.word("event"));
    node.dir = words.dir;
    const close = node.querySelector(".leaflet-popup-close-button");
    if (close) {
      close.setAttribute("aria-label", words.word("close"));
      close.title = words.word("close");
    }
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    popup.once("remove", () => back?.isConnected && back.focus({ preventScroll: true }));
  }

  /** Open the card of one event, at its sign if it has one now. */
  function openRow(row, marker) {
    picked = row;
    const own = marker ?? kept.get(`fan:${row}`) ?? kept.get(`event:${row}`);
    openCard(own ? own.getLatLng() : pointOf(row), eventCard(events, row, words), own);
    for (const listener of listeners.select) listener(row);
  }

  /** Find the cluster that holds a row in the present view. */
  function clusterOf(row) {
    const site = sites.rowSite[row];
    return gather.at(map.getZoom()).find((cluster) => cluster.total > 1 && cluster.members.includes(site));
  }

  /** Bring a row into view, part it from its neighbours and open it. */
  function select(row) {
    if (homes[row] === "unlocated") return;
    if (!visible[homes[row]]) toggle(homes[row], true);
    const bounds = areas.boundsOf(row);
    const zoom = bounds ? Math.min(map.getBoundsZoom(bounds.pad(0.6)), CLOSE) : CLOSE;
    map.setView(pointOf(row), Math.max(zoom, Math.min(map.getZoom(), CLOSE + 1)), { animate: false });
    const cluster = clusterOf(row);
    if (cluster && cluster.total <= FAN) {
      fan = { id: cluster.seed, at: L.latLng(cluster.lat, cluster.lon), rows: gather.rowsOf(cluster), zoom: map.getZoom() };
    }
    draw();
    openRow(row);
  }

  /** Show or hide one of the sub-layers; clusters are formed anew from what stays. */
  function toggle(name, on) {
    visible[name] = on;
    if (name === "mentions") drawMentions();
    else if (name === "footprints") drawShapes();
    else {
      map.closePopup(popup);
      rebuild();
    }
    for (const listener of listeners.change) listener();
  }

  /** Return the box of everything shown, or, where nothing is, of everything; footprints included. */
  function bounds() {
    const located = [...homes.keys()].filter((row) => homes[row] !== "unlocated");
    const rows = located.filter(shown);
    const box = L.latLngBounds([]);
    const seen = new Set();
    for (const row of rows.length ? rows : located) {
      box.extend(pointOf(row));
      const key = events.get(row, "shape") ?? `${sites.rowSite[row]} ${kilometres[row]}`;
      if (seen.size > BOXED || seen.has(key)) continue;
      seen.add(key);
      const area = areas.boundsOf(row);
      if (area?.isValid()) box.extend(area);
    }
    if (!box.isValid()) for (const place of places) box.extend([place.lat, place.lon]);
    return box;
  }

  /** Fit the map to what is shown. */
  function fit() {
    const box = bounds();
    if (box.isValid()) map.fitBounds(box, { maxZoom: 8, padding: [26, 26], animate: false });
  }

  const redraw = () => {
    draw();
    drawMentions();
  };
  const closeFan = () => {
    if (!fan) return;
    const { at, rows } = fan;
    const focused = rows.some((row) => kept.get(`fan:${row}`)?.getElement() === document.activeElement);
    fan = null;
    draw();
    if (focused) focusNear(at);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    if (popup.isOpen()) map.closePopup(popup);
    else closeFan();
  };
  layer.on("add", () => {
    for (const part of [areas.group, legs, others, signs]) part.addTo(map);
    map.on("moveend", redraw);
    map.on("click", closeFan);
    map.getContainer().addEventListener("keydown", escape);
    rebuild();
    drawMentions();
    if (options.fit) fit();
  });
  layer.on("remove", () => {
    map.off("moveend", redraw);
    map.off("click", closeFan);
    map.getContainer().removeEventListener("keydown", escape);
    map.closePopup(popup);
    for (const part of [areas.group, legs, others, signs]) part.remove();
  });

  model.onChange(rebuild);
  words.onChange(() => {
    const open = popup.isOpen() ? picked : null;
    map.closePopup(popup);
    kept.forEach((marker) => signs.removeLayer(marker));
    kept.clear();
    redraw();
    if (open !== null) openRow(open);
  });

  return Object.assign(layer, {
    table: events,
    words,
    visible,
    homes,
    kinds: groups,
    counts: () => {
      const sum = { mentions: places.length };
      for (const home of homes) sum[home] = (sum[home] ?? 0) + 1;
      return sum;
    },
    credits: data.credits ?? [],
    title: data.title ?? "",
    subject: data.subject ?? "events",
    select,
    toggle,
    fit,
    picked: () => picked,
    /** What is shown: filters, window in time, search. */
    explore: model,
    /** Get ready for the first search. */
    prepareSearch: () => find().prepare(),
    /** Where the words searched for stand in a text. @param {string} text @returns {[number, number][]} */
    hits: (text) => (model.state().text.trim() ? find().hits(model.state().text, text) : []),
    /** Say whether a row passes the filters. @param {number} row */
    passes: model.passes,
    /** Say whether a row is drawn: it has a place, its layer is on, and it passes the filters. @param {number} row */
    drawn: shown,
    /** Filter by a test of one's own as well. @param {((row: number) => boolean) | null} test */
    setFilter: model.setFilter,
    onSelect: (listener) => listeners.select.push(listener),
    onChange: (listener) => listeners.change.push(listener),
  });
}
