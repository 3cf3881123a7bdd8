/**
 * The parts of the page that explore the events: each is a function that is given the page once, when it is built,
 * and puts itself into one of its slots.
 *
 * @typedef {import("./shell.js").Page} Page
 */

/** @type {((page: Page) => void)[]} */
export const PARTS = [];
