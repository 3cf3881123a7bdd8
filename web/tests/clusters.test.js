import assert from "node:assert/strict";
import { test } from "node:test";
import { findSites, gatherer } from "../src/clusters.js";

const RADIUS = 46;

/** Make points that are the same at every run. */
function points(count) {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const lon = Float64Array.from({ length: count }, () => Math.round((10 + 30 * next()) * 50) / 50);
  const lat = Float64Array.from({ length: count }, () => Math.round((20 + 15 * next()) * 50) / 50);
  return { lon, lat };
}

test("every row shown stands in one cluster, and no row that is not", () => {
  const { lon, lat } = points(3000);
  lon[5] = NaN;
  lat[5] = NaN;
  const sites = findSites(lon, lat);
  const kinds = Uint8Array.from(lon, (_, row) => row % 3);
  const gather = gatherer(sites, kinds, 3, RADIUS);
  const shown = (row) => row % 4 !== 0;
  gather.fill(shown);
  for (const zoom of [0, 3, 5.5, 9, 16]) {
    const clusters = gather.at(zoom);
    const rows = clusters.flatMap((cluster) => gather.rowsOf(cluster));
    const wanted = [...lon.keys()].filter((row) => shown(row) && row !== 5);
    assert.deepEqual([...rows].sort((a, b) => a - b), wanted);
    for (const cluster of clusters) {
      assert.equal(cluster.total, gather.rowsOf(cluster).length);
      assert.equal(gather.groupsOf(cluster).reduce((sum, count) => sum + count), cluster.total);
      const reach = RADIUS / (256 * 2 ** zoom);
      for (const site of cluster.members) assert.ok(Math.hypot(sites.x[site] - sites.x[cluster.seed], sites.y[site] - sites.y[cluster.seed]) <= reach + 1e-12);
    }
  }
  assert.deepEqual(gather.rowsOf(gather.at(0)[0], 2).length, 2);
});

test("rows of one point share a site, and the seed of a cluster stays when others are filtered away", () => {
  const lon = Float64Array.from([13.19, 13.19, 13.19, 13.3, 20.07, -17.44]);
  const lat = Float64Array.from([32.89, 32.89, 32.89, 32.9, 32.12, 14.69]);
  const sites = findSites(lon, lat);
  assert.equal(sites.count, 4);
  const gather = gatherer(sites, new Uint8Array(6), 1, RADIUS);
  gather.fill(() => true);
  const seed = gather.at(5).find((cluster) => cluster.total === 4).seed;
  gather.fill((row) => row > 1);
  assert.equal(gather.at(5).find((cluster) => cluster.total === 2).seed, seed);
  const alone = gather.at(5).filter((cluster) => cluster.total === 1);
  assert.deepEqual(alone.map((cluster) => gather.rowsOf(cluster)[0]).sort(), [4, 5]);
  const senegal = alone.find((cluster) => cluster.lon < 0);
  assert.ok(Math.abs(senegal.lon + 17.44) < 1e-9 && Math.abs(senegal.lat - 14.69) < 1e-9);
});
