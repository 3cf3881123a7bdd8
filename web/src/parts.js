/**
 * The parts of the page that explore the events: each is a function that is given the page once, when it is built,
 * and puts itself into one of its slots.
 *
 * @typedef {import("./shell.js").Page} Page
 */
import { takeAway } from "./download.js";
import { filtersBlock } from "./filters.js";
import { keepMarked, searchBox } from "./search.js";
import { permalink } from "./state.js";
import { lineIcon, timeline } from "./timeline.js";

const SAVE = "M12 4v11M7 11l5 5 5-5M5 20h14";

/** @type {((page: Page) => void)[]} */
export const PARTS = [
  (page) => page.slots.search.append(searchBox(page)),
  (page) => page.slots.filters.append(filtersBlock(page)),
  (page) => {
    const bar = page.layer.subject === "places" ? null : timeline(page);
    if (bar) page.slots.time.append(bar);
  },
  (page) => page.slots.tools.append(takeAway(page, { picture: lineIcon(SAVE, 18), link: location.protocol === "about:" ? undefined : permalink(page) })),
  (page) => keepMarked(page.app, page.layer),
];
