/** The words of the review widget, in Arabic and in English. */

const REVIEW = {
  title: ["مراجعة النص", "Review of the text"],
  documents: ["النصوص", "Documents"],
  article: ["النص وأسماء الأماكن فيه", "The text and its place names"],
  names: ["الأسماء", "Names"],
  events: ["الأحداث", "Events"],
  of: ["من", "of"],
  changes: ["التصحيحات", "Corrections"],
  map: ["خريطة الأماكن والمرشحين", "Map of places and candidates"],
  reading: ["القراءة", "Reading"],
  candidates: ["أي مكان؟", "Which place?"],
  none: ["لا شيء من هذه", "None of these"],
  no_candidates: ["لا مرشح في المعجم الجغرافي", "The gazetteer offers no candidate"],
  every: ["على كل ورود لهذا الاسم في هذا النص", "For every mention of this name in this document"],
  why: ["السبب (يُحفظ مع التصحيح)", "Why (kept with the correction)"],
  reasons: ["أسباب القراءة", "Reasons of the reading"],
  search: ["ابحث عن مكان آخر", "Look for another place"],
  find: ["بحث", "Find"],
  found: ["نتائج البحث", "Found"],
  score: ["الدرجة", "score"],
  away: ["كم عن أقرب مكان في النص", "km from the nearest place of the text"],
  confidence: ["الثقة", "confidence"],
  by: ["راجعه", "reviewed by"],
  accept: ["قبول", "Accept"],
  reject: ["رفض", "Reject"],
  undo: ["تراجع", "Undo"],
  save: ["حفظ", "Save"],
  help: ["المفاتيح", "Keys"],
  close: ["إغلاق", "Close"],
  next: ["التالي", "Next"],
  previous: ["السابق", "Previous"],
  type: ["النوع", "Type"],
  from: ["من يوم", "From"],
  until: ["إلى يوم", "To"],
  place: ["المكان", "Place"],
  no_place: ["النص لا يحدد المكان", "The text gives no place"],
  status: ["الحالة", "Status"],
  notes: ["ما يخالف تصحيحات سابقة", "At odds with earlier corrections"],
  nothing_here: ["لا شيء هنا للمراجعة", "There is nothing here to review"],
  language: ["English", "العربية"],
  add: ["اسم جديد", "New name"],
  add_hint: ["حدّد الكلمات في النص ثم اضغط n", "Select the words in the text, then press n"],
  km: ["كم", "km"],
};

const STATUS = {
  auto: ["آلي", "automatic"],
  accepted: ["مقبول", "accepted"],
  edited: ["معدَّل", "edited"],
  rejected: ["مرفوض", "rejected"],
};

const TOLD = {
  saved: ["حُفظ التصحيح", "Correction saved"],
  undone: ["أُلغي آخر تصحيح", "Last correction taken back"],
  nothing: ["لا تصحيح لك هنا لإلغائه", "You have nothing to take back here"],
  none_found: ["لم يُعثر على مكان بهذا الاسم", "No place of this name was found"],
  error: ["تعذّر ذلك", "That could not be done"],
};

/** The kinds of evidence that candidates are scored by. */
const FEATURES = {
  importance: ["شهرة المكان", "how well known it is"],
  name_kind: ["نوع الاسم", "kind of name"],
  feature_cue: ["الكلمة قبله", "the word before it"],
  country_vote: ["البلد الذي يتحدث عنه النص", "the country the text speaks of"],
  admin1_vote: ["المحافظة التي يتحدث عنها النص", "the province the text speaks of"],
  vague_unit: ["وحدة واسعة", "a wide unit"],
  demonym_beside: ["الصفة بعده", "the adjective behind it"],
  neighbour: ["جاره في القائمة", "its neighbour in the list"],
  same_kind: ["من صنف جيرانه", "of its neighbours' kind"],
  container: ["المكان الأكبر بعده", "the larger place behind it"],
  country_first: ["البلد أولًا", "a country comes first"],
  town_first: ["المدينة أولًا", "a town comes first"],
  diacritics: ["الحركات", "the written vowels"],
};

/** What each key does. */
export const KEYS = [
  ["j ↓", ["التالي", "next"]],
  ["k ↑", ["السابق", "previous"]],
  ["t", ["الأسماء أو الأحداث", "names or events"]],
  ["1–9", ["اختيار مرشح", "choose a candidate"]],
  ["0", ["لا شيء من هذه", "none of these"]],
  ["r", ["القراءة التالية", "next reading"]],
  ["e", ["كل ورود للاسم", "every mention of the name"]],
  ["a", ["قبول والانتقال إلى التالي", "accept, and on to the next"]],
  ["x", ["رفض", "reject"]],
  ["u", ["تراجع", "undo"]],
  ["n", ["الكلمات المحددة اسم مكان", "the selected words are a name"]],
  ["/", ["بحث عن مكان آخر", "look for another place"]],
  ["l", ["English", "العربية"]],
  ["?", ["هذه القائمة", "this list"]],
];

/** Signs of the readings: a shape for each, so that colour is never alone. */
export const READINGS = {
  literal: "●",
  metonymic: "◆",
  demonym: "▲",
  organisation: "■",
  person: "✚",
  media: "◐",
  historical: "○",
};

/**
 * Return the words in the language that is in use at the time of asking.
 * @param {import("./strings.js").Words} words
 */
export function reviewWords(words) {
  const side = () => (words.lang === "en" ? 1 : 0);
  const from = (table) => (key) => table[key]?.[side()] ?? String(key ?? "").replaceAll("_", " ");
  return { word: from(REVIEW), status: from(STATUS), told: from(TOLD), feature: from(FEATURES), pick: (pair) => pair[side()] };
}
