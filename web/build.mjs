/**
 * Bundle the map's own modules and their libraries into geo/_data/web.
 *
 * Output: leaflet.js, leaflet.css, geo.js, geo.css, review.js, review.css (the review widget), pmtiles.js, countries-*.json,
 * plugin-* (what Folium's plugins link to), LICENSES.txt and manifest.json (written last: it names every file with its hash, and the hash of the sources).
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { markerPictures, plugins } from "./plugins.mjs";

const require = createRequire(import.meta.url);
const WEB = dirname(fileURLToPath(import.meta.url));
const OUT = join(WEB, "..", "geo", "_data", "web");
const TARGET = ["es2020"];
const SOURCES = ["build.mjs", "plugins.mjs", "plugins.json", "package.json", "package-lock.json", ".npmrc"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** List all files below a folder. */
function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

/** Hash names and bytes of everything the assets are made from, as hatch_build.py does. */
function sourceHash() {
  const named = [...SOURCES.map((name) => join(WEB, name)), ...walk(join(WEB, "src"))]
    .map((path) => [relative(WEB, path).split(sep).join("/"), path])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const digest = createHash("sha256");
  for (const [name, path] of named) {
    const bytes = Buffer.from(readFileSync(path).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
    digest.update(Buffer.concat([Buffer.from(name), Buffer.from([0]), bytes, Buffer.from([0])]));
  }
  return digest.digest("hex");
}

/** Bundle one entry point; `L` stays global, so that a page that has Leaflet already can use its own. */
async function bundle(entry, options) {
  const result = await build({
    entryPoints: [join(WEB, entry)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    charset: "utf8",
    legalComments: "none",
    target: TARGET,
    outdir: OUT,
    absWorkingDir: WEB,
    loader: { ".png": "dataurl", ".svg": "dataurl" },
    ...options,
  });
  return { text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

/** Give each country its two-letter code and its Arabic name; leave the TopoJSON as it is otherwise. */
function countries(scale) {
  const world = require(`world-atlas/countries-${scale}.json`);
  const codes = require("i18n-iso-countries/codes.json");
  const arabic = require("i18n-iso-countries/langs/ar.json").countries;
  const alpha2 = new Map(codes.map(([two, , numeric]) => [numeric, two]));
  const geometries = world.objects.countries.geometries.map(({ type, arcs, id, properties }) => {
    const iso = alpha2.get(id) ?? "";
    const name = Array.isArray(arabic[iso]) ? arabic[iso][0] : arabic[iso];
    return { type, arcs, properties: { iso, name: properties.name, name_ar: name ?? "" } };
  });
  return JSON.stringify({
    type: "Topology",
    transform: world.transform,
    objects: { countries: { type: "GeometryCollection", geometries }, land: world.objects.land },
    arcs: world.arcs,
  });
}

/** Name the package that owns a bundled file. */
function packageOf(input) {
  const parts = input.split("node_modules/").pop().split("/");
  return parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0];
}

/** Read a package's name, version, licence and licence text. */
function licence(name) {
  const folder = join(WEB, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(mit-)?(licen[cs]e|copying)/i.test(entry));
  if (!about.license && !file) throw new Error(`${name}: no licence found in its package`);
  const author = about.author?.name ?? about.author ?? "its authors";
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Named in its package.json; by ${author}.`;
  return { name, version: about.version, licence: about.license ?? "see text", text };
}

/** Write a file whole: beside its place first, then moved over it. */
function writeWhole(name, text) {
  const temporary = join(OUT, `${name}.${process.pid}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(OUT, name));
}

async function main() {
  const iife = { format: "iife", platform: "browser" };
  const own = await bundle("src/index.js", iife);
  const style = await bundle("src/geo.css", {});
  const review = await bundle("src/review.js", { format: "esm", platform: "browser", inject: [join(WEB, "src/review_leaflet.js")] });
  const archive = await bundle("src/pmtiles.js", iife);
  const reviewStyle = await bundle("src/review.css", {});
  const leafletStyle = await bundle("node_modules/leaflet/dist/leaflet.css", {});
  const leaflet = readFileSync(join(WEB, "node_modules/leaflet/dist/leaflet.js"), "utf8").replace(/\n\/\/# source.*/, "");
  const files = {
    "leaflet.js": leaflet,
    "leaflet.css": leafletStyle.text,
    "geo.js": own.text,
    "geo.css": style.text,
    "pmtiles.js": archive.text,
    "review.js": review.text,
    "review.css": reviewStyle.text,
    "leaflet-markers.js": markerPictures(WEB),
    "countries-10m.json": countries("10m"),
    "countries-50m.json": countries("50m"),
    "countries-110m.json": countries("110m"),
  };
  const extra = plugins(WEB);
  Object.assign(files, extra.files);
  const bundled = [...own.inputs, ...style.inputs, ...archive.inputs, ...review.inputs, ...reviewStyle.inputs].filter((input) => input.includes("node_modules/")).map(packageOf);
  const names = [...new Set([...bundled, "leaflet", "world-atlas", "i18n-iso-countries", ...extra.packages])].sort();
  const packages = names.map(licence);
  const intro =
    "Third-party software and data inside the map files of this package.\n" +
    "The outlines of countries come from Natural Earth (public domain) through the package world-atlas.\n";
  files["LICENSES.txt"] = [intro, ...packages.map((p) => `## ${p.name} ${p.version} (${p.licence})\n\n${p.text}\n`)].join("\n");
  const manifest = {
    source_sha256: sourceHash(),
    files: Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, { bytes: Buffer.byteLength(text), sha256: sha256(text) }]),
    ),
    plugins: extra.table,
    packages: packages.map(({ name, version, licence }) => ({ name, version, licence })),
  };
  mkdirSync(OUT, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeWhole(name, text);
  writeWhole("manifest.json", `${JSON.stringify(manifest, null, 1)}\n`);
}

await main();
