/**
 * Gather events into clusters for one zoom at a time, on typed arrays: 100,000 points take some milliseconds, so that
 * clusters can follow every filter and every step in time.
 *
 * Events of one point are a site. Sites are numbered by how many events the whole table has there; each site not yet
 * taken, in that order, takes the sites within the radius. The order never changes, so a large town stays the seed of
 * its cluster whatever is filtered away around it.
 */

/** Turn a longitude into the unit square of the Mercator projection. @param {number} lon */
const unitX = (lon) => lon / 360 + 0.5;

/** Turn a latitude into the unit square. @param {number} lat */
function unitY(lat) {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return 0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI;
}

/** @param {number} x @param {number} y @returns {[number, number]} longitude and latitude */
const degrees = (x, y) => [(x - 0.5) * 360, (360 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI))) / Math.PI - 90];

/**
 * Find the distinct points of a table.
 * @param {Float64Array} lon NaN where a row has no point
 * @param {Float64Array} lat
 */
export function findSites(lon, lat) {
  const known = new Map();
  const rowSite = new Int32Array(lon.length).fill(-1);
  const counts = [];
  for (let row = 0; row < lon.length; row += 1) {
    if (lon[row] !== lon[row] || lat[row] !== lat[row]) continue;
    const key = Math.round((lon[row] + 360) * 1e5) * 67108864 + Math.round((lat[row] + 90) * 1e5);
    let site = known.get(key);
    if (site === undefined) known.set(key, (site = counts.push(0) - 1));
    counts[site] += 1;
    rowSite[row] = site;
  }
  const order = Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  const rank = new Int32Array(order.length);
  order.forEach((site, place) => (rank[site] = place));
  const starts = new Uint32Array(order.length + 1);
  order.forEach((site, place) => (starts[place + 1] = starts[place] + counts[site]));
  const rows = new Uint32Array(starts[order.length]);
  const filled = starts.slice();
  const x = new Float64Array(order.length);
  const y = new Float64Array(order.length);
  for (let row = 0; row < lon.length; row += 1) {
    if (rowSite[row] < 0) continue;
    const site = (rowSite[row] = rank[rowSite[row]]);
    rows[filled[site]++] = row;
    x[site] = unitX(lon[row]);
    y[site] = unitY(lat[row]);
  }
  return { count: order.length, rowSite, starts, rows, x, y };
}

/**
 * Keep the clusters of the rows shown, zoom by zoom.
 * @param {ReturnType<typeof findSites>} sites
 * @param {Uint8Array} kinds a group number a row
 * @param {number} groups how many groups there are
 * @param {number} radius pixels
 */
export function gatherer(sites, kinds, groups, radius) {
  const totals = new Uint32Array(sites.count);
  const perGroup = new Uint32Array(sites.count * groups);
  const shown = new Uint8Array(sites.rowSite.length);
  const next = new Int32Array(sites.count);
  const taken = new Uint8Array(sites.count);
  const ready = new Map();
  let bits = 10;
  while (2 ** bits < sites.count) bits += 1;
  const heads = new Int32Array(2 ** bits);
  const slot = (column, line) => ((Math.imul(column, 0x9e3779b1) ^ Math.imul(line, 0x85ebca6b)) >>> 0) >>> (32 - bits);

  /** Chain the sites shown by the cell they lie in; the chain of a cell runs in the order of the sites. */
  function chain(cell) {
    heads.fill(-1);
    taken.fill(0);
    for (let site = sites.count - 1; site >= 0; site -= 1) {
      if (!totals[site]) continue;
      const at = slot(Math.floor(sites.x[site] / cell), Math.floor(sites.y[site] / cell));
      next[site] = heads[at];
      heads[at] = site;
    }
  }

  /** Take the free sites near a seed. @param {number[]} into */
  function take(seed, cell, into) {
    const [x, y] = [sites.x[seed], sites.y[seed]];
    const [column, line] = [Math.floor(x / cell), Math.floor(y / cell)];
    const reach = cell * cell;
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        const at = slot(column + dx, line + dy);
        for (let before = -1, site = heads[at]; site >= 0; site = next[site]) {
          const far = (sites.x[site] - x) ** 2 + (sites.y[site] - y) ** 2;
          if (!taken[site] && far <= reach) {
            taken[site] = 1;
            into.push(site);
          }
          if (taken[site]) before < 0 ? (heads[at] = next[site]) : (next[before] = next[site]);
          else before = site;
        }
      }
    }
  }

  /** Make the cluster of some sites. */
  function cluster(seed, members) {
    let [total, x, y] = [0, 0, 0];
    for (const site of members) {
      total += totals[site];
      x += sites.x[site] * totals[site];
      y += sites.y[site] * totals[site];
    }
    const [lon, lat] = degrees(x / total, y / total);
    return { seed, members, total, lon, lat };
  }

  return {
    /** Say anew which rows are shown. @param {(row: number) => boolean | number} test */
    fill(test) {
      totals.fill(0);
      perGroup.fill(0);
      ready.clear();
      for (let row = 0; row < shown.length; row += 1) {
        const site = sites.rowSite[row];
        shown[row] = site >= 0 && test(row) ? 1 : 0;
        if (!shown[row]) continue;
        totals[site] += 1;
        perGroup[site * groups + kinds[row]] += 1;
      }
    },
    /**
     * Return the clusters of a zoom; one with a total of 1 is an event by itself.
     * @param {number} zoom
     * @returns {{seed: number, members: number[], total: number, lon: number, lat: number}[]}
     */
    at(zoom) {
      const have = ready.get(zoom);
      if (have) return have;
      const cell = radius / (256 * 2 ** zoom);
      const made = [];
      chain(cell);
      for (let site = 0; site < sites.count; site += 1) {
        if (!totals[site] || taken[site]) continue;
        const members = [];
        take(site, cell, members);
        made.push(cluster(site, members));
      }
      ready.set(zoom, made);
      return made;
    },
    /** Count the groups of a cluster. @param {{members: number[]}} of */
    groupsOf({ members }) {
      const counts = new Uint32Array(groups);
      for (const site of members) for (let group = 0; group < groups; group += 1) counts[group] += perGroup[site * groups + group];
      return counts;
    },
    /** List the rows of a cluster that are shown, at most so many. @param {{members: number[]}} of @param {number} [most] */
    rowsOf({ members }, most = Infinity) {
      const rows = [];
      for (const site of members) {
        for (let at = sites.starts[site]; at < sites.starts[site + 1] && rows.length < most; at += 1) {
          if (shown[sites.rows[at]]) rows.push(sites.rows[at]);
        }
      }
      return rows;
    },
  };
}
