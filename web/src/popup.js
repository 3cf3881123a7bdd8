/** Build what is shown when an event or a mentioned place is opened: the evidence, element by element. */
import { journeyOf } from "./journeys.js";
import { glyph, groupOf, slug } from "./kinds.js";
import { bdi, el, link, quoted, say } from "./text.js";
import { when } from "./when.js";

/** @typedef {import("./strings.js").Words} Words */

const round = (value, digits = 2) => Number(Number(value).toFixed(digits));

/**
 * Say how far the place may be off, in km with sensible rounding.
 * @param {number} km
 */
export function kilometres(km) {
  return km >= 20 ? Math.round(km) : km >= 3 ? Math.round(km) : round(km, 1);
}

/** Join what is there with a dot between. @param {(Node | null | false)[]} parts */
function dotted(parts) {
  const line = document.createDocumentFragment();
  parts.filter(Boolean).forEach((part, index) => {
    if (index) line.append(" · ");
    line.append(part);
  });
  return line;
}

/** Show a date range as ISO days, left to right. */
function isoDates(start, end) {
  const text = !start && !end ? "" : start === end ? start : `${start ?? ".."} – ${end ?? ".."}`;
  const node = el("bdi", "geo-iso", text);
  node.dir = "ltr";
  return text ? node : null;
}

/**
 * Show the date of an event: in words, as written, and as ISO days with their precision.
 * @param {import("./island.js").Table} events
 */
export function dateLine(events, row, words) {
  const written = events.get(row, "date_text");
  const told = when(events, row, words);
  const precision = events.get(row, "date_precision");
  return dotted([
    told ? el("b", "geo-when", told) : null,
    written && written !== told ? el("q", "geo-written", bdi(written)) : null,
    isoDates(events.get(row, "date_start"), events.get(row, "date_end")),
    precision ? el("span", "geo-soft", words.code("date_precision", precision)) : null,
  ]);
}

/** Show who took part, with role and country. */
function actorsLine(actors, words) {
  if (!actors?.length) return null;
  return dotted(
    actors.map((actor) => {
      const line = el("span", null, bdi(actor.text));
      const notes = [actor.role ? words.code("actor_role", actor.role) : "", words.country(actor.country)].filter(Boolean);
      if (notes.length) {
        const note = el("span", "geo-soft", " (");
        notes.forEach((text, index) => note.append(index ? words.word("comma") : "", bdi(text)));
        line.append(say(note, ")"));
      }
      return line;
    }),
  );
}

/** Show the precision in words, the radius, and the codes of UCDP and ACLED by name. */
function precisionLine(table, row, words) {
  const where = table.get(row, "where_prec");
  const acled = table.get(row, "geo_precision");
  const km = table.get(row, "uncertainty_km");
  const codes = [where ? `UCDP ${where}` : "", acled ? `ACLED ${acled}` : ""].filter(Boolean).join(" · ");
  const chip = codes ? el("bdi", "geo-code", codes) : null;
  if (chip) chip.dir = "ltr";
  const radius = km ? el("span", null, `${words.word("radius")} `, bdi(`${kilometres(km)}`), ` ${words.word("km")}`) : null;
  if (!where && !radius && !chip) return null;
  return dotted([where ? el("span", null, words.code("where_prec", where)) : null, radius, chip]);
}

/** Show a confidence as a word, a number and a small bar. */
function confidenceLine(value, words) {
  if (value === null || value === undefined) return null;
  const level = words.level(value);
  const bar = el("span", `geo-meter geo-${level.name}`);
  const fill = el("i");
  fill.style.inlineSize = `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%`;
  bar.append(fill);
  const number = el("bdi", null, round(value).toFixed(2));
  return dotted([el("span", null, bar, ` ${level.label}`), number]);
}

/** Show source title, publisher and date, linked where the address is a web address. */
function sourceLine(table, row) {
  const url = table.get(row, "doc_url");
  const title = table.get(row, "doc_title");
  const publisher = table.get(row, "doc_publisher");
  const date = table.get(row, "doc_date");
  const id = table.get(row, "doc_id");
  const head = url ? link(url, title || url) : title ? bdi(title) : null;
  const parts = [head, publisher && bdi(publisher), date && bdi(date), !head && !publisher && id && bdi(id)];
  return parts.some(Boolean) ? dotted(parts) : null;
}

/** Show the reasons and the runners-up, folded. */
function whyBlock(table, row, words) {
  const reasons = table.get(row, "reasons") ?? [];
  const candidates = table.get(row, "candidates") ?? [];
  const chosen = table.get(row, "place_id");
  const rivals = candidates.some((candidate) => candidate.id !== chosen);
  if (!reasons.length && !rivals) return null;
  const block = el("details", "geo-why", el("summary", null, words.word("why")));
  if (reasons.length) {
    const list = el("ul", null, ...reasons.map((reason) => el("li", null, bdi(reason))));
    list.dir = "auto";
    block.append(list);
  }
  if (rivals) {
    block.append(el("div", "geo-sub", words.word("candidates")));
    const rows = candidates.slice(0, 8).map((candidate) => {
      const names = dotted([candidate.name_ar && bdi(candidate.name_ar), candidate.name && bdi(candidate.name), candidate.country && bdi(candidate.country)]);
      const score = candidate.score === null || candidate.score === undefined ? null : el("bdi", "geo-code", round(candidate.score).toFixed(2));
      const item = el("li", null);
      item.append(names);
      if (score) item.append(" ", score);
      if (chosen && candidate.id === chosen) item.append(" ", el("b", "geo-chosen", words.word("chosen")));
      return item;
    });
    block.append(el("ol", "geo-candidates", ...rows));
  }
  return block;
}

/** Lay out labelled rows, leaving out what is not known. */
function facts(rows) {
  const list = el("dl", "geo-facts");
  for (const [label, value] of rows) {
    if (!value) continue;
    const cell = el("dd", null);
    cell.append(value);
    list.append(el("dt", null, label), cell);
  }
  return list;
}

/** Show names of the resolved place, but for the one that heads the card. */
function namesLine(table, row, heading) {
  const arabic = table.get(row, "name_ar");
  const english = table.get(row, "name");
  const parts = [...new Set([arabic, english])].filter((name) => name && name !== heading).map((name) => bdi(name));
  return parts.some(Boolean) ? dotted(parts) : null;
}

/** Name the type of an event, with its subtype where there is one. */
export function typeLabel(events, row, words) {
  const type = slug(events.get(row, "type"));
  return type ? words.code("type", type) : words.word(events.columns.type ? "event" : "place");
}

/** Show identifier, licence and credits in small print. */
function smallPrint(table, row, words) {
  const id = table.get(row, "place_id");
  const parts = [
    id && el("span", null, `${words.word("gazetteer")}: `, bdi(id)),
    table.get(row, "attribution") && bdi(table.get(row, "attribution")),
    table.get(row, "license") && el("span", null, `${words.word("license")}: `, bdi(table.get(row, "license"))),
  ];
  const print = el("p", "geo-print");
  print.append(dotted(parts));
  return print;
}

/** Show from where to where something moved. */
export function journeyLine(table, row, words) {
  const journey = journeyOf(table, row);
  if (!journey) return null;
  return el("span", "geo-way-line", bdi(journey.from.name(words)), words.dir === "rtl" ? " ← " : " → ", bdi(journey.to.name(words)));
}

/** Show the quoted sentence with trigger and place marked. */
function quoteBlock(table, row) {
  const quote = table.get(row, "quote");
  if (!quote) return null;
  return quoted(quote, table.get(row, "quote_start"), [
    { start: table.get(row, "place_start"), end: table.get(row, "place_end"), text: table.get(row, "place_text") ?? "", name: "geo-mark-place" },
    { start: table.get(row, "trigger_start"), end: table.get(row, "trigger_end"), text: table.get(row, "trigger_text") ?? "", name: "geo-mark-trigger" },
  ]);
}

/**
 * Build the card of one event.
 * @param {import("./island.js").Table} events
 * @param {number} row
 * @param {Words} words
 */
export function eventCard(events, row, words) {
  const group = groupOf(events.get(row, "type"), events.get(row, "plover"));
  const modality = events.get(row, "modality") ?? "asserted";
  const role = events.get(row, "location_role") ?? "";
  const written = events.get(row, "place_text") || events.get(row, "query");
  const located = events.get(row, "lon") !== null;
  const card = el("article", "geo-card");
  card.dir = words.dir;
  card.lang = words.lang;
  const kind = el("p", "geo-kind", typeLabel(events, row, words));
  kind.prepend(glyph(group, { size: 15, hollow: modality !== "asserted", role }));
  if (modality !== "asserted") kind.append(el("span", "geo-badge", words.code("modality", modality)));
  if (role === "origin" || role === "destination") kind.append(el("span", "geo-badge", words.code("role", role)));
  const heading = el("h3", null, located || written ? bdi(written || events.get(row, "name_ar") || events.get(row, "name")) : words.word("no_place"));
  card.append(kind, heading);
  const names = namesLine(events, row, heading.textContent);
  if (names) card.append(el("p", "geo-names", names));
  const quote = quoteBlock(events, row);
  if (quote) card.append(quote);
  const date = dateLine(events, row, words);
  const reports = events.get(row, "n_reports");
  card.append(
    facts([
      [words.word("date"), date.childNodes.length ? date : events.columns.type ? el("span", "geo-soft", words.word("undated")) : null],
      [words.word("movement"), journeyLine(events, row, words)],
      [words.word("actors"), actorsLine(events.get(row, "actors"), words)],
      [words.word("precision"), precisionLine(events, row, words)],
      [words.word("confidence"), confidenceLine(events.get(row, "confidence"), words)],
      [words.word("source"), sourceLine(events, row)],
      [words.word("reports"), reports > 1 ? bdi(reports) : null],
    ]),
  );
  const why = whyBlock(events, row, words);
  if (why) card.append(why);
  card.append(smallPrint(events, row, words));
  return card;
}

/**
 * Build the card of one mentioned place: all its mentions, each with its sentence.
 * @param {import("./island.js").Table} mentions
 * @param {number[]} rows
 * @param {Words} words
 */
export function mentionCard(mentions, rows, words) {
  const first = rows[0];
  const card = el("article", "geo-card geo-card-mention");
  card.dir = words.dir;
  card.lang = words.lang;
  card.append(el("p", "geo-kind", words.word("mention_place")));
  card.append(el("h3", null, bdi(mentions.get(first, "text") || mentions.get(first, "name_ar") || mentions.get(first, "name"))));
  const names = namesLine(mentions, first, card.querySelector("h3").textContent);
  if (names) card.append(el("p", "geo-names", names));
  for (const row of rows.slice(0, 5)) {
    const quote = mentions.get(row, "quote");
    if (!quote) continue;
    const mark = { start: mentions.get(row, "start"), end: mentions.get(row, "end"), text: mentions.get(row, "text") ?? "", name: "geo-mark-place" };
    card.append(quoted(quote, mentions.get(row, "quote_start"), [mark]));
  }
  const reading = mentions.get(first, "reading");
  const role = mentions.get(first, "role");
  const seen = [reading && words.code("reading", reading), role && role !== "mentioned" && words.code("role", role)].filter(Boolean);
  card.append(
    facts([
      [words.word("reading"), seen.length ? bdi(seen.join(words.lang === "ar" ? "، " : ", ")) : null],
      [words.word("mentioned_times"), rows.length > 1 ? bdi(rows.length) : null],
      [words.word("precision"), precisionLine(mentions, first, words)],
      [words.word("confidence"), confidenceLine(mentions.get(first, "confidence"), words)],
      [words.word("source"), sourceLine(mentions, first)],
    ]),
  );
  const why = whyBlock(mentions, first, words);
  if (why) card.append(why);
  card.append(smallPrint(mentions, first, words));
  return card;
}
