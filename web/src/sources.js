/** Where everything on the page comes from: the articles read, the data, the software. */
import { bdi, el, link } from "./text.js";

const FIRST = 12;
const ADDRESSES = [
  [/geonames/i, "https://www.geonames.org/"],
  [/openstreetmap/i, "https://www.openstreetmap.org/copyright"],
  [/wikidata/i, "https://www.wikidata.org/"],
];

/** Gather the articles of a table, with the number of events from each, the most first. */
export function articles(table) {
  const found = new Map();
  const { codes } = table.categories("doc_id");
  const about = ["doc_id", "doc_url", "doc_title", "doc_publisher", "doc_date"];
  for (let row = 0; row < table.length; row += 1) {
    const known = codes[row] ? found.get(codes[row]) : null;
    if (known) {
      known.count += 1;
      continue;
    }
    const [id, url, title, publisher, date] = about.map((name) => table.get(row, name) ?? "");
    const key = codes[row] || [url, title, publisher].join("\n");
    if (!codes[row] && !(url || title || publisher)) continue;
    if (found.has(key)) found.get(key).count += 1;
    else found.set(key, { id, url, title, publisher, date, count: 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** Show one article: title with its address, publisher, day, number of events. */
function article(source, words) {
  const name = source.title || source.url || source.id;
  const line = el("li", null, source.url ? link(source.url, name) : bdi(name));
  if (source.publisher) line.append(" · ", bdi(source.publisher));
  if (source.date) line.append(" · ", bdi(words.day(source.date)));
  line.append(" ", el("span", "geo-number", words.number(source.count)));
  return line;
}

/** List the articles; a long list shows its beginning until asked for the rest. */
function articleList(found, words) {
  const list = el("ul", "geo-articles", ...found.slice(0, FIRST).map((source) => article(source, words)));
  if (found.length <= FIRST) return list;
  const more = el("button", "geo-more", `${words.word("more")} (${words.number(found.length - FIRST)})`);
  more.type = "button";
  const rest = el("li", "geo-more-row", more);
  more.addEventListener("click", () => rest.replaceWith(...found.slice(FIRST).map((source) => article(source, words))));
  list.append(rest);
  return list;
}

/** Show a credit, as a link where the address of its source is well known. */
function credit(text) {
  const address = ADDRESSES.find(([name]) => name.test(text))?.[1];
  return el("li", null, address ? link(address, text) : bdi(text));
}

/**
 * Lay out the foot of the panel: the articles, the data with their licences, the map.
 * @param {any} layer
 * @param {any} ground
 * @param {import("./strings.js").Words} words
 */
export function sources(layer, ground, words) {
  const block = el("footer", "geo-about");
  const found = articles(layer.table);
  const draw = () => {
    block.replaceChildren();
    if (found.length) block.append(el("h2", null, words.word("sources"), " ", el("span", "geo-number", words.number(found.length))), articleList(found, words));
    const data = el("ul", null, ...layer.credits.map(credit));
    if (ground) data.append(el("li", null, words.word("ground"), " ", link("https://www.naturalearthdata.com/", "Natural Earth")));
    data.append(el("li", null, words.word("drawn_with"), " ", link("https://leafletjs.com/", "Leaflet")));
    block.append(el("h2", null, words.word("credits")), data);
    block.append(el("h2", null, words.word("about")), el("p", null, words.word(layer.subject === "places" ? "about_places" : "about_text")), ground ? el("p", null, words.word("about_borders")) : "");
  };
  draw();
  words.onChange(draw);
  return block;
}
