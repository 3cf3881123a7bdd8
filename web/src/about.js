/** Where everything on the page comes from. */
import { bdi, el, link } from "./text.js";

/** Say where everything comes from. */
export function aboutBlock(layer, words) {
  const block = el("footer", "geo-about", el("h2", null, words.word("about")), el("p", null, words.word(layer.subject === "places" ? "about_places" : "about_text")));
  const credits = el("ul", null, ...layer.credits.map((credit) => el("li", null, bdi(credit))));
  const own = el("li", null, link("https://www.naturalearthdata.com/", "Natural Earth"), " · ", link("https://leafletjs.com/", "Leaflet"));
  credits.append(own);
  block.append(credits);
  return block;
}
