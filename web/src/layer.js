/** The event layer: signs that gather into clusters, their footprints, and the places only mentioned. */
import Supercluster from "supercluster";
import { fanOffsets } from "./fan.js";
import { homeOf } from "./home.js";
import { Table } from "./island.js";
import { GROUPS, glyph, groupOf, svg } from "./kinds.js";
import { eventCard, mentionCard, typeLabel } from "./popup.js";
import { footprints } from "./shapes.js";
import { speak } from "./strings.js";
import { plain } from "./text.js";

const CLUSTER = { radius: 46, maxZoom: 16, minPoints: 2 };
const MENTIONS_SHOWN = 400;
const WIDE_FROM = 5;
const CLOSE = 7;

/** Draw the ring of a cluster: its share of each group, its number in the middle. */
function clusterSign(counts, total) {
  const size = Math.round(34 + 9 * Math.log10(total));
  const picture = svg("svg", { viewBox: "0 0 42 42", width: size, height: size, "aria-hidden": "true", focusable: "false" });
  picture.append(svg("circle", { cx: 21, cy: 21, r: 20.5, class: "geo-disc" }));
  const round = 2 * Math.PI * 17;
  let from = 0;
  for (const group of Object.keys(GROUPS)) {
    const share = (counts[group] ?? 0) / total;
    if (!share) continue;
    picture.append(
      svg("circle", {
        cx: 21, cy: 21, r: 17, class: `geo-share geo-g-${group}`,
        "stroke-dasharray": `${Math.max(0.5, share * round - (share < 1 ? 1.2 : 0))} ${round}`,
        "stroke-dashoffset": -from * round, transform: "rotate(-90 21 21)",
      }),
    );
    from += share;
  }
  const number = svg("text", { x: 21, y: 21, "text-anchor": "middle", "dominant-baseline": "central", class: "geo-count" });
  number.textContent = total > 9999 ? `${Math.round(total / 1000)}k` : String(total);
  picture.append(number);
  return { picture, size };
}

/** Draw a place that is only mentioned: a light ring; a country or a province is a wide disc, never a dot. */
function mentionSign(size) {
  const wide = size > 20;
  const ring = { cx: size / 2, cy: size / 2, r: size / 2 - 3, class: wide ? "geo-seen geo-seen-wide" : "geo-seen" };
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true", focusable: "false" }, svg("circle", ring));
}

/** Make a focusable sign on the map; a click, Enter or the space bar act on it. */
function sign(at, { picture, size, name, label, raise = 0, act }) {
  const icon = L.divIcon({ html: picture, className: `geo-sign ${name}`, iconSize: [size, size] });
  const marker = L.marker(at, { icon, keyboard: true, riseOnHover: true, zIndexOffset: raise });
  marker.on("click", () => act(marker));
  marker.on("add", () => {
    const node = marker.getElement();
    node.setAttribute("aria-label", plain(label));
    node.title = plain(label);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act(marker);
    });
  });
  return marker;
}

/** Gather mentions by place, the most mentioned first. */
function gather(mentions) {
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
  const groups = Array.from({ length: events.length }, (_, row) => groupOf(events.get(row, "type"), events.get(row, "plover")));
  const homes = Array.from({ length: events.length }, (_, row) => homeOf(events, row));
  const places = gather(mentions);
  const signs = L.layerGroup();
  const legs = L.layerGroup();
  const others = L.layerGroup();
  const layer = L.layerGroup();
  const listeners = { select: [], change: [] };
  const kept = new Map();
  let fan = null;
  let picked = null;
  let index = null;
  let accept = null;

  const popup = L.popup({ className: "geo-popup", maxWidth: 360, minWidth: 250, autoPanPaddingTopLeft: [54, 18], autoPanPaddingBottomRight: [18, 18], offset: [0, -8] });
  const pointOf = (row) => L.latLng(events.get(row, "lat"), events.get(row, "lon"));
  const shown = (row) => homes[row] !== "unlocated" && visible[homes[row]] && (!accept || accept(row));
  const labelOf = (row) => [typeLabel(events, row, words), events.get(row, "place_text") || events.get(row, "name_ar") || events.get(row, "name"), events.get(row, "date_start")].filter(Boolean).join(" · ");

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

  /** Index the rows that are shown now. */
  function rebuild() {
    index = new Supercluster({
      ...CLUSTER,
      map: (properties) => ({ counts: { [groups[properties.row]]: 1 } }),
      reduce: (sum, part) => {
        sum.counts = { ...sum.counts };
        for (const group in part.counts) sum.counts[group] = (sum.counts[group] ?? 0) + part.counts[group];
      },
    });
    const points = [];
    for (let row = 0; row < events.length; row += 1) {
      if (!shown(row)) continue;
      points.push({ type: "Feature", properties: { row }, geometry: { type: "Point", coordinates: [events.get(row, "lon"), events.get(row, "lat")] } });
    }
    index.load(points);
    fan = null;
    draw();
    for (const listener of listeners.change) listener();
  }

  /** Return the rows a cluster holds. */
  const leaves = (id) => index.getLeaves(id, Infinity).map((leaf) => leaf.properties.row);

  /** Say whether all rows lie within a few pixels of each other even at the closest zoom. */
  function together(rows) {
    const zoom = Math.min(map.getMaxZoom(), CLUSTER.maxZoom);
    const first = map.project(pointOf(rows[0]), zoom);
    return rows.every((row) => map.project(pointOf(row), zoom).distanceTo(first) < 24);
  }

  /** Open a cluster: spread it where zooming in would not part it, zoom in otherwise. */
  function openCluster(id, at) {
    const rows = leaves(id);
    const zoom = index.getClusterExpansionZoom(id);
    if (rows.length <= 60 && (zoom > map.getMaxZoom() || together(rows))) {
      fan = { id, at, rows, zoom: map.getZoom() };
      draw();
    } else {
      map.setView(at, Math.min(zoom, map.getMaxZoom()));
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

  /** Want the signs and clusters of the view; return the rows standing alone in it. */
  function wantSigns(wanted) {
    const box = map.getBounds().pad(0.25);
    const around = [Math.max(-180, box.getWest()), Math.max(-85, box.getSouth()), Math.min(180, box.getEast()), Math.min(85, box.getNorth())];
    const zoom = Math.round(map.getZoom());
    for (const feature of index.getClusters(around, zoom)) {
      const [lon, lat] = feature.geometry.coordinates;
      const { cluster, cluster_id: id, point_count: total, counts, row } = feature.properties;
      if (!cluster) {
        wanted.set(`event:${row}`, () => eventSign(row, [lat, lon]));
      } else if (fan && fan.id === id) {
        wantFan(wanted);
      } else {
        const at = L.latLng(lat, lon);
        wanted.set(`cluster:${id}:${zoom}`, () => {
          const { picture, size } = clusterSign(counts, total);
          return sign(at, { picture, size, name: "geo-cluster", label: words.count(total, data.subject), raise: 200, act: () => openCluster(id, at) });
        });
      }
    }
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
      if (kept.has(key)) continue;
      const marker = make();
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
    const metres = 40075016.7 / (256 * 2 ** map.getZoom());
    for (let row = 0; row < events.length && rows.length < 4000; row += 1) {
      if (!shown(row)) continue;
      const km = events.get(row, "uncertainty_km");
      const shape = events.get(row, "shape");
      if (shape === null && (!km || (km * 1000) / metres < 7)) continue;
      if (shape !== null || box.contains(pointOf(row))) rows.push(row);
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
    const at = pointOf(row);
    const zoom = Math.round(map.getZoom());
    return index
      .getClusters([-180, -85, 180, 85], zoom)
      .filter((feature) => feature.properties.cluster)
      .map((feature) => ({ id: feature.properties.cluster_id, at: L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]) }))
      .sort((a, b) => a.at.distanceTo(at) - b.at.distanceTo(at))
      .slice(0, 20)
      .find((cluster) => leaves(cluster.id).includes(row));
  }

  /** Bring a row into view, part it from its neighbours and open it. */
  function select(row) {
    if (homes[row] === "unlocated") return;
    if (!visible[homes[row]]) toggle(homes[row], true);
    const bounds = areas.boundsOf(row);
    const zoom = bounds ? Math.min(map.getBoundsZoom(bounds.pad(0.6)), CLOSE) : CLOSE;
    map.setView(pointOf(row), Math.max(zoom, Math.min(map.getZoom(), CLOSE + 1)), { animate: false });
    const cluster = clusterOf(row);
    if (cluster) {
      const rows = leaves(cluster.id);
      if (rows.length <= 60) fan = { id: cluster.id, at: cluster.at, rows, zoom: map.getZoom() };
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

  /** Return the box of everything shown, footprints included. */
  function bounds() {
    const box = L.latLngBounds([]);
    const located = homes.map((_, row) => row).filter((row) => homes[row] !== "unlocated");
    const rows = located.filter(shown);
    for (const row of rows.length ? rows : located) {
      box.extend(pointOf(row));
      const area = row < 2000 ? areas.boundsOf(row) : null;
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
    fan = null;
    draw();
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
    /** Say whether a row passes the filter. @param {number} row */
    passes: (row) => !accept || accept(row),
    /** @param {((row: number) => boolean) | null} test */
    setFilter: (test) => {
      accept = test;
      rebuild();
    },
    onSelect: (listener) => listeners.select.push(listener),
    onChange: (listener) => listeners.change.push(listener),
  });
}
