/** Speak to the reader: words, numbers, dates and counts in Arabic or in English. */
import { CODES, COUNTS, WORDS } from "./words.js";
import { EXPLORE } from "./words_explore.js";

/**
 * @typedef {ReturnType<typeof speak>} Words
 */

const made = new Map();

/** Return one of the browser's formatters; each is made once, because making one takes long. */
function formatter(kind, locale, options = {}) {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new Intl[kind](locale, options));
  return made.get(key);
}

const LOCALES = { ar: "ar-u-nu-latn-ca-gregory", en: "en-GB" };

/** Say everything below a node again that was labelled with a word. */
function relabel(root, word) {
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of root.querySelectorAll("[data-name]")) {
    const name = word(node.dataset.name);
    node.setAttribute("aria-label", name);
    if (node.title) node.title = name;
  }
}

/**
 * Return the interface in a language, which can be changed at any time.
 * @param {string} [language] "ar" or "en"
 */
export function speak(language) {
  const known = (tag) => (tag === "en" ? "en" : "ar");
  const listeners = [];
  let lang = known(language);
  const side = () => (lang === "ar" ? 0 : 1);
  const word = (key) => WORDS[lang][key] ?? EXPLORE[lang][key] ?? String(key);
  const number = (value, digits = 0) => formatter("NumberFormat", LOCALES[lang], { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  return {
    get lang() {
      return lang;
    },
    get dir() {
      return lang === "ar" ? "rtl" : "ltr";
    },
    get locale() {
      return LOCALES[lang];
    },
    /** Change the language; labelled nodes are said anew, then the listeners are called. @param {string} next */
    use: (next) => {
      if (known(next) === lang) return;
      lang = known(next);
      relabel(document, word);
      for (const listener of listeners) listener(lang);
    },
    /** Be told when the language changes. @param {(lang: string) => void} listener */
    onChange: (listener) => void listeners.push(listener),
    /** Say a word of the interface. @param {string} key */
    word,
    /** Make a node say a word, in whatever language. @template {HTMLElement} T @param {T} node @param {string} key */
    tell: (node, key) => {
      node.dataset.word = key;
      node.textContent = word(key);
      return node;
    },
    /** Give a node its accessible name and, for buttons, its hint. @template {HTMLElement} T @param {T} node @param {string} key */
    name: (node, key) => {
      node.dataset.name = key;
      node.setAttribute("aria-label", word(key));
      if (node instanceof HTMLButtonElement) node.title = word(key);
      return node;
    },
    /** Write a number. @param {number} value @param {number} [digits] */
    number,
    /** Write a day, a month or a year in words. @param {string | null} iso @param {"day" | "month" | "year"} [grain] */
    day: (iso, grain = "day") => {
      const at = new Date(`${String(iso ?? "").slice(0, 10)}T00:00:00Z`);
      if (Number.isNaN(at.getTime())) return String(iso ?? "");
      const parts = { year: { year: "numeric" }, month: { year: "numeric", month: "long" }, day: { year: "numeric", month: "long", day: "numeric" } };
      return formatter("DateTimeFormat", LOCALES[lang], { ...parts[grain], timeZone: "UTC" }).format(at);
    },
    /** Write a day or a month as short as it is understood. @param {string} iso @param {"day" | "month"} grain */
    short: (iso, grain) =>
      formatter("DateTimeFormat", LOCALES[lang], { month: "short", ...(grain === "day" ? { day: "numeric" } : { year: "numeric" }), timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`)),
    /**
     * Name a code, or give the code itself where the table has no word for it.
     * @param {string} table
     * @param {unknown} code
     */
    code: (table, code) => CODES[table]?.[String(code)]?.[side()] ?? String(code ?? "").replaceAll("_", " "),
    /** Name a country by its two letters. @param {string | null} code */
    country: (code) => {
      if (!/^[A-Z]{2}$/.test(String(code ?? ""))) return String(code ?? "");
      return formatter("DisplayNames", LOCALES[lang], { type: "region", fallback: "code" }).of(code) ?? String(code);
    },
    /** Count events or places in words. @param {number} count @param {string} [subject] */
    count: (count, subject = "events") => {
      const forms = COUNTS[lang][subject] ?? COUNTS[lang].events;
      const form = forms[count === 0 && forms.zero ? "zero" : formatter("PluralRules", lang).select(count)] ?? forms.other;
      return form.replace("#", number(count));
    },
    /** @param {number | null} value */
    level: (value) => {
      const name = value === null ? "low" : value >= 0.75 ? "high" : value >= 0.5 ? "medium" : "low";
      return { name, label: CODES.level[name][side()] };
    },
  };
}
