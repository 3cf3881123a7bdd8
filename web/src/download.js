/** Take the events shown away: as GeoJSON and as CSV, made in the page; and a link to what is shown. */
import { el } from "./text.js";

const BOM = "\ufeff";
const RISKY = /^[=+\-@\t\r]/;
const PARTS = ["lon", "lat", "shape"];

/** Return a row as plain values, without what only the page needs. */
function plainRow(table, row) {
  const values = {};
  for (const name of Object.keys(table.columns)) if (!PARTS.includes(name)) values[name] = table.get(row, name);
  return values;
}

/**
 * Write rows as GeoJSON (RFC 7946): the point of each event, or none.
 * @param {import("./island.js").Table} table
 * @param {number[]} rows
 */
export function geojson(table, rows) {
  const features = rows.map((row) => {
    const [lon, lat] = [table.get(row, "lon"), table.get(row, "lat")];
    const geometry = lon === null || lat === null ? null : { type: "Point", coordinates: [lon, lat] };
    return JSON.stringify({ type: "Feature", geometry, properties: plainRow(table, row) });
  });
  return `{"type":"FeatureCollection","features":[\n${features.join(",\n")}\n]}\n`;
}

/** Write a cell: text that a spreadsheet would run as a formula gets an apostrophe. */
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = RISKY.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Write rows as CSV with a byte-order mark, which tells Excel that it is UTF-8.
 * @param {import("./island.js").Table} table
 * @param {number[]} rows
 */
export function csv(table, rows) {
  const names = [...Object.keys(table.columns).filter((name) => !PARTS.includes(name)), "lon", "lat"];
  const lines = rows.map((row) => names.map((name) => cell(table.get(row, name))).join(","));
  return `${BOM}${[names.join(","), ...lines].join("\r\n")}\r\n`;
}

/** Name a file after the title of the page. */
function fileName(title, ending) {
  const base = title.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return `${base || "events"}.${ending}`;
}

/** Hand a text to the browser as a file. */
function save(text, name, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = /** @type {HTMLAnchorElement} */ (el("a"));
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** Copy a text; where the browser forbids it, give it to be copied by hand. @returns {Promise<boolean>} */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = /** @type {HTMLTextAreaElement} */ (el("textarea", "geo-voice"));
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** Make one entry of the menu. */
function entry(words, key, act) {
  const button = /** @type {HTMLButtonElement} */ (words.tell(el("button", "geo-entry"), key));
  button.type = "button";
  button.dataset.act = key;
  button.addEventListener("click", act);
  return button;
}

/**
 * Make the menu of downloads and of the link.
 * @param {{layer: any, words: import("./strings.js").Words, announce: (text: string) => void}} page
 * @param {{picture: Node, link?: () => string}} options link: gives the address of what is shown
 */
export function takeAway({ layer, words, announce }, { picture, link }) {
  const menu = /** @type {HTMLDetailsElement} */ (el("details", "geo-menu"));
  const head = words.name(el("summary", "geo-tool", picture), "download");
  head.title = words.word("download");
  const said = el("output", "geo-said");
  const tell = (text) => {
    said.textContent = text;
    announce(text);
  };
  const rows = () => [...Array(layer.table.length).keys()].filter(layer.passes);
  const give = (write, ending, type) => () => {
    const name = fileName(layer.title || words.word("events"), ending);
    save(write(layer.table, rows()), name, type);
    tell(words.word("downloaded").replace("{0}", name));
  };
  const entries = [
    words.tell(el("p", "geo-soft"), "download"),
    entry(words, "download_geojson", give(geojson, "geojson", "application/geo+json")),
    entry(words, "download_csv", give(csv, "csv", "text/csv;charset=utf-8")),
  ];
  if (link) {
    entries.push(
      entry(words, "copy_link", async () => {
        const address = link();
        tell((await copy(address)) ? words.word("copied") : `${words.word("copy_by_hand")} ${address}`);
      }),
    );
  }
  menu.append(head, el("div", "geo-menu-body", ...entries, said));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    head.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("toggle", () => (said.textContent = ""));
  return menu;
}
