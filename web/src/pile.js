/** The card of many events at one place, too many to spread on the map. */
import { item } from "./list.js";
import { bdi, el } from "./text.js";

const STEP = 40;

/**
 * List events that share a place, a few at a time.
 * @param {any} layer
 * @param {number[]} rows
 * @param {(row: number) => void} onPick
 */
export function pileCard(layer, rows, onPick) {
  const { words, table } = layer;
  layer.explore.inTime(rows);
  const card = el("article", "geo-card geo-pile");
  card.dir = words.dir;
  card.lang = words.lang;
  const place = table.get(rows[0], words.lang === "en" ? "name" : "name_ar") ?? table.get(rows[0], "place_text");
  card.append(el("h3", null, place ? bdi(place) : null), el("p", "geo-names", words.count(rows.length, layer.subject)));
  const list = el("ol", "geo-list");
  const more = el("button", "geo-more", words.word("more"));
  more.type = "button";
  let done = 0;
  const step = () => {
    for (const row of rows.slice(done, done + STEP)) list.append(item(layer, row, words, onPick));
    done += STEP;
    more.hidden = done >= rows.length;
  };
  more.addEventListener("click", step);
  step();
  card.append(list, more);
  return card;
}
