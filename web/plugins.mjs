/**
 * Prepare the libraries that Folium's plugins link to, so that their maps can be saved without a network.
 *
 * plugins.json says which address is answered by which file of which package; the style sheets get their pictures and
 * fonts put in, and lose the font formats that no living browser asks for. A library that compiles text while it runs
 * is marked with "evaluates": pages that use it get a weaker policy.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";

const KINDS = {
  ".png": "image/png", ".gif": "image/gif", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".cur": "image/x-icon", ".woff2": "font/woff2",
};
const OLD_FONTS = /,?\s*url\([^)]*\.(?:ttf|eot|woff|svg)(?:[?#][^)]*)?\)\s*(?:format\([^)]*\))?/g;

/** Put what a style sheet links to into it. */
function styleOf(path) {
  const text = readFileSync(path, "utf8").replace(/@import[^;]*;/g, "").replace(/\/\*[#@] sourceMappingURL.*?\*\//g, "");
  const fonts = text.replace(/src:[^;}]*/g, (source) => {
    const left = source.replace(OLD_FONTS, "").replace(/^src:\s*,/, "src:");
    return left.replace(/^src:\s*$/, "");
  });
  return fonts.replace(/url\(\s*(["']?)(?!data:|#)([^"')]+)\1\s*\)/g, (whole, _, address) => {
    const file = join(dirname(path), address.replace(/[?#].*/, ""));
    const kind = KINDS[extname(file).toLowerCase()];
    if (!kind || !existsSync(file)) return "none";
    return `url(data:${kind};base64,${readFileSync(file).toString("base64")})`;
  });
}

/** Return a script without the link to its source map. */
const scriptOf = (path) => readFileSync(path, "utf8").replace(/\n\/\/[#@] ?sourceMappingURL=.*/g, "");

/** Name the package of a file in node_modules. */
const packageOf = (file) => file.split("/").slice(0, file.startsWith("@") ? 2 : 1).join("/");

/**
 * Prepare every file of the table.
 * @param {string} web the folder that holds plugins.json and node_modules
 * @returns {{files: Record<string, string>, table: {url: string, file: string, package: string, evaluates: boolean}[], packages: string[]}}
 */
export function plugins(web) {
  const files = {};
  const table = JSON.parse(readFileSync(join(web, "plugins.json"), "utf8")).map(({ url, file, evaluates = false }) => {
    const path = join(web, "node_modules", file);
    const name = `plugin-${packageOf(file).replace("@", "").replace("/", "-")}-${file.split("/").pop()}`;
    files[name] = extname(file) === ".css" ? styleOf(path) : scriptOf(path);
    return { url, file: name, package: packageOf(file), evaluates };
  });
  return { files, table, packages: [...new Set(table.map((entry) => entry.package))] };
}

/** Write the pictures of Leaflet's own marker into it: it looks for them beside its style sheet, which is gone. */
export function markerPictures(web) {
  const folder = join(web, "node_modules/leaflet/dist/images");
  const data = (name) => `"data:image/png;base64,${readFileSync(join(folder, name)).toString("base64")}"`;
  if (!readdirSync(folder).includes("marker-icon.png")) throw new Error("leaflet: no marker pictures in its package");
  return (
    `L.Icon.Default.mergeOptions({iconUrl:${data("marker-icon.png")},iconRetinaUrl:${data("marker-icon-2x.png")},` +
    `shadowUrl:${data("marker-shadow.png")}});` +
    `L.Icon.Default.prototype._getIconUrl=function(name){return this.options[name+"Url"]};`
  );
}
