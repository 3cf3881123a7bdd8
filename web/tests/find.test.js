import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "../src/explore.js";
import { finder } from "../src/find.js";
import { Table } from "../src/island.js";

/** A small part of the table that comes with the data. */
const folds = Object.fromEntries([..."ابتثجحخدذرزسشصضطظعغفقكلمنهوي0123456789"].map((letter) => [letter, letter]));
Object.assign(folds, { أ: "ا", إ: "ا", آ: "ا", ة: "ه", ى: "ي", ؤ: "و", ئ: "ي", ء: "", ـ: "", "\u064e": "", "\u064f": "", "\u0651": "", "\u0652": "" });
const before = ["وبال", "بال", "وال", "ال", "لل", "وب", "وك", "ب", "ف", "ك", "ل", "و"];
const spelling = { folds, pairs: [["ئو", "وو"]], before, article: ["ال"] };

const quotes = [
  "سقطت طائرة في أجدابيا.",
  "مَدْرَسَة الجزائر",
  "وبالجزائر العاصمة",
  "أُسرت كتيبة",
  "اشتباكات في سرت",
  "أعلن المسئولون في Ra's Lanūf",
  "عاد إلى بنغازي",
  "للاذقية وبنغازى",
  "ﻻ شيء هنا",
];
const table = new Table({ length: quotes.length, columns: { quote: quotes, type: ["strike", ...Array(8).fill(null)], actors: [[{ text: "الجيش الوطني" }], ...Array(8).fill(null)] } });
const model = explore(table, quotes.map(() => "other"), () => null);
const find = finder(table, model.facets, spelling);
const rows = (text) => [...find.search(text).keys()].filter((row) => find.search(text)[row]);

test("spellings of hamza, ta marbuta, alef maqsura, tatweel and harakat find each other", () => {
  assert.deepEqual(rows("اجدابيا"), [0]);
  assert.deepEqual(rows("أجـدابيا"), [0]);
  assert.deepEqual(rows("مدرسه"), [1]);
  assert.deepEqual(rows("بنغازي"), [6, 7]);
  assert.deepEqual(rows("المسؤولون"), [5]);
  assert.deepEqual(rows("لا شي"), [8]);
});

test("article and clitics are looked over on both sides, and a word must begin where it is found", () => {
  assert.deepEqual(rows("جزائر"), [1, 2]);
  assert.deepEqual(rows("الجزائر"), [1, 2]);
  assert.deepEqual(rows("بالجزائر"), [2]);
  assert.deepEqual(rows("اللاذقية"), [7]);
  assert.deepEqual(rows("سرت"), [4]);
  assert.deepEqual(rows("وسرت"), [4]);
  assert.deepEqual(rows("بأجدابيا"), [0]);
});

test("every word must be found, in any column, in Arabic and in English", () => {
  assert.deepEqual(rows("طائرة الجيش"), [0]);
  assert.deepEqual(rows("ضربة"), [0]);
  assert.deepEqual(rows("Strike"), [0]);
  assert.deepEqual(rows("ras lanuf"), [5]);
  assert.deepEqual(rows("lanuf سرت"), []);
  assert.deepEqual(rows("قرطاج"), []);
  assert.equal(find.search("  ، "), null);
});

test("hits are found where they stand, with their marks", () => {
  const cut = (query, text) => find.hits(query, text).map(([from, to]) => text.slice(from, to));
  assert.deepEqual(cut("مدرسة", quotes[1]), ["مَدْرَسَة"]);
  assert.deepEqual(cut("جزائر", quotes[2]), ["جزائر"]);
  assert.deepEqual(cut("lan", quotes[5]), ["Lan"]);
  assert.deepEqual(cut("سرت", quotes[3]), []);
});
