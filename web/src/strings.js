/** The words of the interface, in Arabic and in English. */

const WORDS = {
  ar: {
    untitled: "خريطة الأحداث",
    events: "الأحداث",
    event: "حدث",
    place: "مكان",
    places: "الأماكن",
    untitled_places: "خريطة الأماكن",
    unlocated_places: "أسماء لم يُعرف مكانها",
    located: "على الخريطة",
    unlocated: "أحداث لا يحدد النص مكانها",
    unlocated_note: "تبقى في القائمة ولا تُرسم على الخريطة.",
    undated: "بلا تاريخ",
    layers: "الطبقات والمفتاح",
    layer_events: "الأحداث",
    layer_journeys: "أماكن الانطلاق والوصول",
    layer_doubtful: "ما لم يؤكد النص وقوعه",
    layer_footprints: "نطاق المكان",
    layer_mentions: "أماكن ذُكرت ولم يقع فيها حدث",
    layer_labels: "أسماء البلدان والمدن",
    layer_borders: "الحدود",
    mention_place: "مكان مذكور",
    mentioned_times: "مرات الذكر",
    reading: "القراءة",
    place_written: "المكان كما ورد",
    date: "التاريخ",
    iso: "معياري",
    type: "النوع",
    actors: "الأطراف",
    precision: "الدقة",
    confidence: "الثقة",
    quote: "كما ورد في النص",
    why: "لماذا هذا المكان؟",
    candidates: "مرشحون آخرون",
    chosen: "المختار",
    source: "المصدر",
    gazetteer: "معرّف المكان",
    attribution: "البيانات والحقوق",
    license: "الرخصة",
    radius: "نصف قطر الشك",
    km: "كم",
    no_place: "لا يذكر النص أين وقع الحدث",
    open_list: "قائمة الأحداث",
    close: "إغلاق",
    skip: "إلى قائمة الأحداث",
    more: "عرض المزيد",
    map: "خريطة",
    fit: "عرض كل الأحداث",
    zoom_in: "تكبير",
    zoom_out: "تصغير",
    reports: "عدد التقارير",
    legend_hollow: "لم يؤكد النص وقوعه",
    legend_wide: "مكان معروف على نطاق واسع فقط",
    legend_origin: "مكان الانطلاق",
    legend_destination: "مكان الوصول",
    legend_mention: "مكان مذكور فحسب",
    legend_cluster: "أحداث متجمعة وعددها",
    legend_country: "على مستوى البلد",
    to: "إلى",
    about: "عن هذه الخريطة",
    about_text:
      "استُخرجت الأحداث آليًا من النص؛ كل نقطة تحمل جملتها ودقتها ودرجة الثقة بها. الخطوط الحدودية من «ناتشرال إيرث» وترسم الأمر الواقع، ولا تعني موقفًا.",
    about_places:
      "الأسماء وُجدت في المعجم الجغرافي؛ كل نقطة تحمل أسباب اختيارها. الخطوط الحدودية من «ناتشرال إيرث» وترسم الأمر الواقع، ولا تعني موقفًا.",
    failed: "تعذّر عرض بيانات هذه الخريطة",
  },
  en: {
    untitled: "Map of events",
    events: "Events",
    event: "event",
    place: "Place",
    places: "Places",
    untitled_places: "Map of places",
    unlocated_places: "Names without a place",
    located: "On the map",
    unlocated: "Events whose place the text does not give",
    unlocated_note: "They stay in the list and are not drawn.",
    undated: "undated",
    layers: "Layers and key",
    layer_events: "Events",
    layer_journeys: "Origins and destinations",
    layer_doubtful: "Not asserted by the text",
    layer_footprints: "Extent of the place",
    layer_mentions: "Places mentioned, no event there",
    layer_labels: "Names of countries and cities",
    layer_borders: "Borders",
    mention_place: "Place mentioned",
    mentioned_times: "times mentioned",
    reading: "Reading",
    place_written: "Place as written",
    date: "Date",
    iso: "ISO",
    type: "Type",
    actors: "Actors",
    precision: "Precision",
    confidence: "Confidence",
    quote: "In the words of the text",
    why: "Why this place?",
    candidates: "Other candidates",
    chosen: "chosen",
    source: "Source",
    gazetteer: "Place id",
    attribution: "Data and credits",
    license: "Licence",
    radius: "radius of doubt",
    km: "km",
    no_place: "The text does not say where this happened",
    open_list: "List of events",
    close: "Close",
    skip: "Skip to the list of events",
    more: "Show more",
    map: "Map",
    fit: "Show all events",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    reports: "Reports",
    legend_hollow: "Not asserted by the text",
    legend_wide: "Place known only as a wide area",
    legend_origin: "Origin",
    legend_destination: "Destination",
    legend_mention: "Place only mentioned",
    legend_cluster: "Events gathered, with their number",
    legend_country: "Known to country level",
    to: "to",
    about: "About this map",
    about_text:
      "Events were extracted from the text by machine; every point carries its sentence, its precision and its confidence. Borders come from Natural Earth and show the de facto situation; they imply no position.",
    about_places:
      "Names were found in the gazetteer; every point carries the reasons it was chosen. Borders come from Natural Earth and show the de facto situation; they imply no position.",
    failed: "The data of this map could not be shown",
  },
};

/** Counted things in the forms each language asks for. */
const COUNTS = {
  ar: {
    events: { zero: "لا أحداث", one: "حدث واحد", two: "حدثان", few: "# أحداث", many: "# حدثًا", other: "# حدث" },
    places: { zero: "لا أماكن", one: "مكان واحد", two: "مكانان", few: "# أماكن", many: "# مكانًا", other: "# مكان" },
  },
  en: {
    events: { one: "one event", other: "# events" },
    places: { one: "one place", other: "# places" },
  },
};

/** Words for coded values: each code has an Arabic and an English word. */
const CODES = {
  group: {
    violence: ["عنف مسلح", "Armed violence"],
    force: ["تحركات عسكرية", "Military movement"],
    territory: ["سيطرة على الأرض", "Control of territory"],
    arms: ["سلاح ومساعدات", "Arms and aid"],
    diplomacy: ["دبلوماسية", "Diplomacy"],
    agreement: ["اتفاقات", "Agreements"],
    protest: ["احتجاج", "Protest"],
    coercion: ["إكراه واعتقال", "Coercion"],
    other: ["غير ذلك", "Other"],
  },
  type: {
    visit: ["زيارة", "Visit"],
    meeting: ["لقاء", "Meeting"],
    mediation: ["وساطة", "Mediation"],
    agreement: ["اتفاق", "Agreement"],
    ceasefire: ["وقف إطلاق النار", "Ceasefire"],
    arms_transfer: ["نقل سلاح", "Arms transfer"],
    arms_deal: ["صفقة سلاح", "Arms deal"],
    strike: ["ضربة", "Strike"],
    airstrike: ["غارة جوية", "Air strike"],
    shelling: ["قصف", "Shelling"],
    bombing: ["تفجير", "Bombing"],
    clash: ["اشتباك", "Clash"],
    attack: ["هجوم", "Attack"],
    killing: ["قتل", "Killing"],
    casualties: ["ضحايا", "Casualties"],
    territory: ["سيطرة على الأرض", "Territory"],
    siege: ["حصار", "Siege"],
    exercise: ["تدريبات عسكرية", "Military exercise"],
    deployment: ["انتشار عسكري", "Deployment"],
    aircraft_loss: ["سقوط طائرة", "Aircraft loss"],
    airlift: ["جسر جوي", "Airlift"],
    evacuation: ["إجلاء", "Evacuation"],
    reconnaissance: ["استطلاع", "Reconnaissance"],
    movement: ["انتقال", "Movement"],
    withdrawal: ["انسحاب", "Withdrawal"],
    protest: ["احتجاج", "Protest"],
    arrest: ["اعتقال", "Arrest"],
    abduction: ["اختطاف", "Abduction"],
    statement: ["تصريح", "Statement"],
    aid: ["مساعدات", "Aid"],
    recognition: ["اعتراف", "Recognition"],
    displacement: ["نزوح وتهجير", "Displacement"],
    crossing: ["عبور", "Crossing"],
    disaster: ["كارثة", "Disaster"],
    explosion: ["انفجار", "Explosion"],
    invasion: ["غزو", "Invasion"],
  },
  modality: {
    asserted: ["واقع", "asserted"],
    planned: ["مخطط له", "planned"],
    requested: ["مطلوب", "requested"],
    threatened: ["مهدَّد به", "threatened"],
    denied: ["منفي", "denied"],
  },
  role: {
    event: ["مكان الحدث", "place of the event"],
    origin: ["مكان الانطلاق", "origin"],
    destination: ["مكان الوصول", "destination"],
    dateline: ["مكان تحرير الخبر", "dateline"],
    mentioned: ["مذكور", "mentioned"],
  },
  actor_role: {
    source: ["الفاعل", "source"],
    target: ["المستهدف", "target"],
    participant: ["مشارك", "participant"],
  },
  reading: {
    literal: ["المكان نفسه", "the place itself"],
    organisation: ["اسم مؤسسة مقرها هنا", "name of a body seated here"],
    historical: ["كيان تاريخي", "historical"],
    metonymic: ["كناية عن سلطة", "metonym"],
    demonym: ["نسبة", "demonym"],
    person: ["اسم شخص", "person"],
    media: ["وسيلة إعلام", "media outlet"],
  },
  where_prec: {
    1: ["مكان محدد بالاسم", "exact named place"],
    2: ["قرب مكان مسمى", "near a named place"],
    3: ["على مستوى المنطقة أو القضاء", "district (second-level unit)"],
    4: ["على مستوى المحافظة", "province (first-level unit)"],
    5: ["على امتداد واسع: جزء من بلد أو حدود أو نهر", "a wide stretch: part of a country, a border, a river"],
    6: ["على مستوى البلد فقط", "country only"],
    7: ["في البحر أو الجو", "at sea or in the air"],
  },
  date_precision: {
    1: ["يوم بعينه", "one day"],
    2: ["بضعة أيام", "a few days"],
    3: ["أسبوع", "a week"],
    4: ["شهر", "a month"],
    5: ["سنة", "a year"],
  },
  level: { high: ["عالية", "high"], medium: ["متوسطة", "medium"], low: ["منخفضة", "low"] },
};

/**
 * @typedef {ReturnType<typeof speak>} Words
 */

/**
 * Return the interface in one language.
 * @param {string} language "ar" or "en"
 */
export function speak(language) {
  const lang = language === "en" ? "en" : "ar";
  const side = lang === "ar" ? 0 : 1;
  return {
    lang,
    dir: lang === "ar" ? "rtl" : "ltr",
    /** @param {keyof typeof WORDS.ar} key */
    word: (key) => WORDS[lang][key] ?? String(key),
    /**
     * Name a code, or give the code itself where the table has no word for it.
     * @param {string} table
     * @param {unknown} code
     */
    code: (table, code) => CODES[table]?.[String(code)]?.[side] ?? String(code ?? "").replaceAll("_", " "),
    /** Count events or places in words. @param {number} count @param {string} [subject] */
    count: (count, subject = "events") => {
      const forms = COUNTS[lang][subject] ?? COUNTS[lang].events;
      const form = forms[new Intl.PluralRules(lang).select(count)] ?? forms.other;
      return form.replace("#", String(count));
    },
    /** @param {number | null} value */
    level: (value) => {
      const name = value === null ? "low" : value >= 0.75 ? "high" : value >= 0.5 ? "medium" : "low";
      return { name, label: CODES.level[name][side] };
    },
  };
}
