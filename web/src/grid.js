/** The events as a table: for readers who do not use the map, and for anyone who wants to sort. */
import { rowSign } from "./list.js";
import { typeLabel } from "./popup.js";
import { icon, tool } from "./shell.js";
import { bdi, el, link } from "./text.js";
import { placeOf, when } from "./when.js";

const STEP = 200;

/** Compare as people expect: numbers by size, words by the language, what is missing last. */
function compare(words) {
  const { compare: byWord } = new Intl.Collator(words.locale, { numeric: true });
  return (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : byWord(String(a), String(b)));
}

const missing = (value) => value === null || value === undefined || value === "";

/** Say what the columns hold: what is sorted by, and what is shown. Columns that hold nothing are left out. */
function columnsOf(layer, words) {
  const { table } = layer;
  const get = (name) => (row) => table.get(row, name);
  const coded = (name, column) => ({ name, needs: column, key: get(column), show: (row) => (table.get(row, column) ? words.code(column, table.get(row, column)) : "") });
  const source = (row) => table.get(row, "doc_title") || table.get(row, "doc_publisher") || table.get(row, "doc_id") || "";
  const actors = (row) => (table.get(row, "actors") ?? []).map((actor) => actor.text).join(words.lang === "ar" ? "، " : ", ");
  const all = [
    { name: "date", needs: "date_start", key: get("date_start"), show: (row) => when(table, row, words) },
    { name: "type", needs: "type", key: (row) => typeLabel(table, row, words), show: (row) => typeLabel(table, row, words) },
    { name: "place", label: "place_head", key: (row) => placeOf(table, row, words), show: (row) => bdi(placeOf(table, row, words)) },
    { name: "quote_head", needs: "quote", key: get("quote"), show: (row) => bdi(table.get(row, "quote") ?? "") },
    { name: "actors", needs: "actors", key: actors, show: (row) => bdi(actors(row)) },
    { name: "country", needs: "country", key: (row) => words.country(table.get(row, "country")), show: (row) => words.country(table.get(row, "country")) },
    coded("precision", "where_prec"),
    { name: "confidence", needs: "confidence", key: get("confidence"), show: (row) => (table.get(row, "confidence") === null ? "" : words.number(table.get(row, "confidence"), 2)) },
    coded("modality", "modality"),
    { name: "source", needs: "doc_id", key: source, show: (row) => (table.get(row, "doc_url") ? link(table.get(row, "doc_url"), source(row)) : bdi(source(row))) },
  ];
  return all.filter((column) => !column.needs || table.columns[column.needs]);
}

/** Order rows by a column; rows without a value stay at the end either way. */
function sorted(rows, column, down, words) {
  const order = compare(words);
  const keys = new Map(rows.map((row) => [row, column.key(row)]));
  const here = rows.filter((row) => !missing(keys.get(row)));
  const gone = rows.filter((row) => missing(keys.get(row)));
  here.sort((a, b) => (down ? -1 : 1) * order(keys.get(a), keys.get(b)) || a - b);
  return [...here, ...gone];
}

/** Make the head of a column: a button that sorts. */
function headCell(column, words, state, act) {
  const cell = el("th", `geo-col-${column.name}`);
  cell.scope = "col";
  if (state.by === column.name) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
  const arrow = el("i", "geo-sort", state.by === column.name ? (state.down ? "▼" : "▲") : "");
  arrow.setAttribute("aria-hidden", "true");
  const button = el("button", "geo-col", words.word(column.label ?? column.name), arrow);
  button.type = "button";
  button.title = `${words.word("sort_by")}: ${words.word(column.label ?? column.name)}`;
  button.dataset.sort = column.name;
  button.addEventListener("click", () => act(column.name));
  cell.append(button);
  return cell;
}

/** Make the row of one event; its first cell opens it. */
function line(page, row, columns, onOpen) {
  const { layer, words } = page;
  const open = el("button", "geo-row-open", rowSign(layer, row, 15), words.number(row + 1));
  open.type = "button";
  open.dataset.row = String(row);
  open.setAttribute("aria-label", `${words.word("number")} ${row + 1}: ${typeLabel(layer.table, row, words)} ${placeOf(layer.table, row, words)}`);
  open.addEventListener("click", () => onOpen(row));
  const first = el("th", null, open);
  first.scope = "row";
  const cells = columns.map((column) => el("td", `geo-col-${column.name}`, column.show(row)));
  return el("tr", null, first, ...cells);
}

/**
 * Put the button of the table at the head of the page, and the table over the map when it is asked for.
 * @param {import("./shell.js").Page} page
 */
export function grid(page) {
  const { layer, words, slots, field, app, map } = page;
  const state = { by: layer.table.columns.date_start ? "date" : "place", down: false, open: false };
  const node = el("section", "geo-grid");
  node.hidden = true;
  node.tabIndex = -1;
  node.id = "geo-grid";
  words.name(node, "table");
  const onOpen = (row) => {
    show(false);
    page.open(row);
  };
  const rows = () => Array.from({ length: layer.table.length }, (_, row) => row).filter(layer.passes);
  const draw = () => {
    if (!state.open) return;
    const columns = columnsOf(layer, words);
    const chosen = rows();
    const order = sorted(chosen, columns.find((column) => column.name === state.by) ?? columns[0], state.down, words);
    const sort = (name) => {
      state.down = state.by === name && !state.down;
      state.by = name;
      draw();
      node.querySelector(`[data-sort="${name}"]`)?.focus();
    };
    const number = el("th", "geo-col-number", words.word("number"));
    number.scope = "col";
    const head = el("thead", null, el("tr", null, number, ...columns.map((column) => headCell(column, words, state, sort))));
    const body = el("tbody");
    const caption = el("caption", null, `${words.word("table")}: ${words.count(chosen.length, layer.subject)}`);
    const more = el("button", "geo-more", words.word("more"));
    more.type = "button";
    let done = 0;
    const step = () => {
      body.append(...order.slice(done, done + STEP).map((row) => line(page, row, columns, onOpen)));
      done += STEP;
      more.hidden = done >= order.length;
    };
    more.addEventListener("click", step);
    step();
    node.replaceChildren(el("div", "geo-grid-scroll", el("table", "geo-table", caption, head, body), more), close);
    node.querySelector(".geo-grid-scroll").tabIndex = 0;
    node.querySelector(".geo-grid-scroll").setAttribute("role", "group");
    words.name(node.querySelector(".geo-grid-scroll"), "table");
  };
  const button = tool(words, "table", icon("table"), () => show(!state.open));
  button.dataset.tool = "table";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", node.id);
  const close = tool(words, "close_table", icon("close"), () => {
    show(false);
    button.focus();
  });
  close.classList.add("geo-grid-close");
  const show = (open) => {
    state.open = open;
    node.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    app.classList.toggle("geo-tabled", open);
    map.getContainer().inert = open;
    if (open) {
      page.sheet(false);
      draw();
      node.focus();
    } else {
      node.replaceChildren();
    }
  };
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  });
  field.append(node);
  slots.tools.after(button);
  words.onChange(draw);
  layer.onChange(draw);
}
