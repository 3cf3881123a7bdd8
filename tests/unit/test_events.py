"""Events: triggers, modality, clauses, roles of places, dates, actors."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from geo.arabic import strict_key, table, tokenize
from geo.model import Article, Footprint, Mention, Modality, Place, Reading, Role
from geo.reading.clauses import find_clauses
from geo.reading.dates import find_dates
from geo.reading.events import extract_events
from geo.reading.inflection import inflect
from geo.reading.roles import precision_of

TOWN = ("P", "PPL")
COUNTRY = ("A", "PCLI")


def mention(text, name, *, kind=TOWN, reading=Reading.LITERAL, country="LY", clitics="", containers=()):
    """Make the mention of a name of a text by hand."""
    start = text.index(name)
    place = Place(f"test:{name}", f"<{name}>", name, *kind, country, "", 15.0, 30.0, uncertainty_km=4.0)
    return Mention(start, start + len(name), name, reading, place, 0.9, (), (), clitics, containers)


def read(text, *mentions, footprints=(), date=""):
    doc = tokenize(text)
    ordered = sorted(mentions, key=lambda item: item.start)
    times = find_dates(doc, document_date=date)
    return extract_events(doc, Article("doc", text, date), ordered, footprints, times)


def read_one(text, *mentions, **keywords):
    events = read(text, *mentions, **keywords)
    assert len(events) == 1, [(event.type, event.trigger.text) for event in events]
    return events[0]


def footprint(text, phrase, anchors=(), *, relation="direction", where=7, drawn=True):
    start = text.index(phrase)
    shape = {"type": "Point", "coordinates": [33.0, 34.0]} if drawn else None
    lon, lat, km = (33.0, 34.0, 20.0) if drawn else (None, None, None)
    end = start + len(phrase)
    return Footprint(start, end, phrase, relation, anchors, 180.0, None, shape, lon, lat, km, where)


def examples(name):
    for entry in table(name):
        yield from ((entry, text) for text in entry.get("examples") or [entry["example"]])


# ------------------------------------------------------------------ rule tables


@pytest.mark.parametrize(("entry", "text"), list(examples("trigger")))
def test_trigger_examples_fire(entry, text):
    place = () if not (entry.get("needs_place") or entry.get("needs_near_place")) else (_last_word(text),)
    assert entry["type"] in [event.type for event in read(text, *place)]


def _last_word(text):
    return mention(text, text.split()[-1])


@pytest.mark.parametrize("entry", table("trigger"), ids=lambda entry: entry["type"])
def test_trigger_entries_are_sound(entry):
    known = {sub["name"] for sub in table("acled_subtype")}
    assert entry.get("acled_sub", "Other") in known
    assert 0.0 < entry["strength"] <= 1.0
    assert all(Role(role) for role in entry["seat"])
    assert entry.get("verbs") or entry.get("nouns") or entry.get("phrases")


def test_acled_has_its_sub_types():
    names = [entry["name"] for entry in table("acled_subtype")]
    assert len(names) == len(set(names)) == 25
    assert len({entry["acled"] for entry in table("acled_subtype")}) == 6


@pytest.mark.parametrize(
    ("base", "form"), [(pair[0], pair[1]) for rule in table("inflection") for pair in rule["examples"]]
)
def test_inflection_examples(base, form):
    assert any(strict_key(form) in inflect(rule["kind"], base) for rule in table("inflection"))


def test_affixes_are_keys_as_they_stand():
    for rule in table("inflection"):
        for affix in (*rule["prefixes"], *rule["suffixes"]):
            assert strict_key(affix) == affix


@pytest.mark.parametrize("entry", table("modality"), ids=lambda entry: entry["gloss"])
def test_modality_examples(entry):
    assert [event.modality.value for event in read(entry["example"])] == [entry["kind"]]


# ------------------------------------------------------------------ type by neighbours


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("خرجت مسيرة حاشدة في المدينة", ["protest"]),
        ("أسقطت الدفاعات مسيرة فوق المدينة", ["aircraft_loss"]),
        ("وقع الطرفان اتفاقية للتجارة", ["agreement"]),
        ("وقع حادث مروري على الطريق", []),
        ("استقبل الرئيس وفدا من المعارضة", ["visit"]),
        ("استقبل المستشفى عشرات الجرحى", []),
        ("نفذ اللاعب ضربة حرة مباشرة", []),
        ("شن الفريق هجوما في الشوط الثاني", []),
        ("أكدت وزارة الداخلية هذا الخبر", []),
        ("للحصول على دعم عسكري من الحلفاء", []),
        ("تطورت العلاقات بين البلدين", []),
        ("أثمرت هذه الزيارة عن تعاون واسع", []),
        ("تعمل اللجنة على مكافحة الإرهاب ووقف القصف", []),
    ],
)
def test_type_is_decided_by_neighbours(text, types):
    assert [event.type for event in read(text)] == types


def test_a_light_verb_and_its_noun_are_one_event():
    event = read_one("ونفذت القوات البحرية عدة تدريبات بالذخيرة الحية")
    assert (event.type, event.trigger.text) == ("exercise", "تدريبات")


def test_a_deal_is_one_event():
    assert read_one("أبرمت الدولتان صفقة سلاح بقيمة كبيرة").type == "arms_transfer"


def test_casualties_belong_to_their_cause():
    text = "مقتل خمسة مدنيين في قصف على سرت"
    event = read_one(text, mention(text, "سرت"))
    assert event.type == "strike"
    assert event.location is not None


def test_casualties_listed_on_are_one_event():
    text = "قتل ثلاثة جنود وأصيب خمسة آخرون في سرت"
    event = read_one(text, mention(text, "سرت"))
    assert (event.type, event.trigger.text, event.location.name_ar) == ("killing", "قتل", "سرت")


def test_an_outcome_belongs_to_its_cause():
    text = "قصفت المدفعية بلدة سرت مما أسفر عن مقتل ثلاثة مدنيين"
    assert read_one(text, mention(text, "سرت")).type == "strike"


def test_a_hashtag_repeats_what_the_text_tells():
    assert [event.trigger.text for event in read("انفجار ضخم يهز المدينة #انفجار_المرفأ")] == ["انفجار"]


def test_what_talks_are_about_is_not_their_place():
    text = "عقد الوزيران محادثات لبحث الأزمة في سرت"
    assert read_one(text, mention(text, "سرت")).location is None


def test_a_date_to_come_makes_a_noun_planned():
    assert read_one("اجتماع للوزراء غدا في العاصمة").modality is Modality.PLANNED


def test_a_hashtag_is_not_planned_by_a_later_date():
    text = "#سيول_الفحيحيل وسيحدد لاحقا موعد اللقاء"
    event = next(event for event in read(text, mention(text, "الفحيحيل")) if event.type == "disaster")
    assert event.modality is Modality.ASSERTED


def test_a_relative_place_has_a_name():
    text = "نفذت القوات البحرية تدريبات عسكرية جنوبي قبرص"
    mark = footprint(text, "جنوبي قبرص", (0,), relation="outside_sector")
    event = read_one(text, mention(text, "قبرص", kind=COUNTRY), footprints=(mark,))
    assert event.location.name == "S of <قبرص>"


def test_trigger_span_leaves_the_proclitic_out():
    event = read_one("تعرضت البلدة لقصف عنيف")
    assert event.trigger.text == "قصف"


# ------------------------------------------------------------------ modality


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("قصفت القوات البلدة", Modality.ASSERTED),
        ("لم تقصف القوات البلدة", Modality.DENIED),
        ("لم تشهد المدينة اشتباكات", Modality.DENIED),
        ("نفى المتحدث وقوع اشتباكات", Modality.DENIED),
        ("سيزور الوزير العاصمة", Modality.PLANNED),
        ("من المقرر أن يزور الوزير العاصمة", Modality.PLANNED),
        ("يسعى المبعوث إلى عقد اجتماع بين الطرفين", Modality.REQUESTED),
        ("هدد القائد بقصف الميناء", Modality.THREATENED),
        ("دعا الوزير خلال زيارته إلى العاصمة إلى الحوار", Modality.ASSERTED),
        ("كشفت الشرطة مؤامرة تفجير الطائرات", Modality.PLANNED),
    ],
)
def test_modality(text, modality):
    assert read_one(text).modality is modality


# ------------------------------------------------------------------ clauses


def test_headings_and_bylines_report_nothing():
    long = "أعلنت الوزارة في بيان مطول صدر مساء أمس أنها تتابع الموقف عن قرب وتدرس كل الخيارات."
    assert read(f"غارات على المدينة\nكتب: قسم الأخبار\n{long}") == ()


def test_a_heading_with_a_verb_is_told_again_by_its_text():
    title = "هدوء حذر في الحديدة واشتباكات غرب مأرب"
    body = "اندلعت اشتباكات عنيفة غربي المدينة مساء أمس واستمرت حتى الفجر من دون توقف في محيط القرى."
    events = read(f"{title}\n\n{body}")
    assert [event.type for event in events] == ["clash"]
    assert events[0].trigger.start > len(title)


def test_a_heading_keeps_what_the_text_does_not_tell():
    title = "قتل خمسة في تفجير عبوة"
    body = "وقال شهود إن الدخان غطى الأحياء ساعات طويلة وإن الأسواق والمدارس أغلقت أبوابها حتى نهاية الأسبوع."
    assert [event.type for event in read(f"{title}\n{body}")] == ["bombing"]


def test_lines_of_a_list_are_no_headings():
    lines = ["قصفت طائرات حلب", "قصفت طائرات حمص", "قصفت طائرات إدلب"]
    close = "وقالت منظمات الإغاثة إن عدد النازحين من هذه المدن زاد كثيرا في الأسابيع القليلة الأخيرة."
    events = read("\n".join(["حصيلة اليوم", *lines, close]))
    assert len([event for event in events if event.type == "strike"]) == 3


def test_a_headline_alone_is_a_text():
    assert read_one("غارات على المدينة").type == "strike"


def test_clauses_are_cut_at_verbs_and_openers():
    doc = tokenize("قصفت القوات حلب، فيما اندلعت معارك في حمص ونزحت عائلات.")
    first = [doc.tokens[clause.first].raw for clause in find_clauses(doc)]
    assert first == ["قصفت", "فيما", "ونزحت"]


# ------------------------------------------------------------------ places


@pytest.mark.parametrize(
    ("text", "name", "clitics", "role"),
    [
        ("انفجرت عبوة ناسفة في مدينة سرت", "سرت", "", Role.EVENT),
        ("انفجرت عبوة ناسفة بسرت", "سرت", "ب", Role.EVENT),
        ("انفجرت عبوة ناسفة بمدينة سرت", "سرت", "", Role.EVENT),
        ("وفي سرت انفجرت عبوة ناسفة", "سرت", "", Role.EVENT),
        ("شهدت مدينة سرت معارك ضارية", "سرت", "", Role.EVENT),
        ("قصفت القوات سرت", "سرت", "", Role.EVENT),
        ("شنت الطائرات غارات جوية على سرت", "سرت", "", Role.EVENT),
        ("انطلق الجسر الجوي من قاعدة سرت", "سرت", "", Role.ORIGIN),
        ("انسحبت القوات من سرت", "سرت", "", Role.ORIGIN),
        ("أثناء زيارة الوزير إلى سرت عام 2008", "سرت", "", Role.DESTINATION),
        ("زار الوزير سرت", "سرت", "", Role.DESTINATION),
    ],
)
def test_roles(text, name, clitics, role):
    location = read_one(text, mention(text, name, clitics=clitics)).location
    assert location is not None
    assert (location.role, location.name_ar) == (role, name)
    assert (location.where_prec, location.geo_precision) == (1, 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("وصل وزير خارجية مالطا إلى حاملة الطائرات", "مالطا"),
        ("قال الوزير في سرت إن القوات شنت غارات جوية", "سرت"),
        ("سرت – وكالة: اندلعت اشتباكات بين فصيلين", "سرت"),
        ("اندلعت معارك على متن السفينة سرت", "سرت"),
    ],
)
def test_places_of_other_things_are_not_taken(text, name):
    assert read_one(text, mention(text, name)).location is None


@pytest.mark.parametrize("reading", [Reading.METONYMIC, Reading.DEMONYM, Reading.ORGANISATION, Reading.MEDIA])
def test_only_literal_places_take_a_role(reading):
    text = "اندلعت اشتباكات في سرت"
    assert read_one(text, mention(text, "سرت", reading=reading)).location is None


def test_an_event_without_a_place_has_none():
    event = read_one("في يناير 2010 وقعت الحكومتان صفقة سلاح كبيرة")
    assert event.location is None
    assert event.date_start == "2010-01-01"
    assert any("no place" in reason for reason in event.reasons)


def test_a_list_of_places_gives_one_event_each():
    text = "اندلعت اشتباكات في كل من طرابلس وبنغازي ومصراتة"
    names = [mention(text, "طرابلس")] + [mention(text, name, clitics="و") for name in ("بنغازي", "مصراتة")]
    events = read(text, *names)
    assert [event.location.name_ar for event in events] == ["طرابلس", "بنغازي", "مصراتة"]
    assert len({event.id for event in events}) == 3


def test_a_chain_is_one_place():
    text = "انفجرت عبوة ناسفة في قاعدة الوطية في الزنتان"
    base = mention(text, "الوطية", kind=("S", "AIRB"), containers=(1,))
    events = read(text, base, mention(text, "الزنتان"))
    assert [event.location.name_ar for event in events] == ["الوطية"]


def test_a_footprint_stands_for_its_anchor():
    text = "نفذت القوات البحرية تدريبات عسكرية جنوبي قبرص"
    mark = footprint(text, "جنوبي قبرص", (0,))
    event = read_one(text, mention(text, "قبرص", kind=COUNTRY), footprints=(mark,))
    assert (event.location.footprint, event.location.mention, event.location.where_prec) == (0, None, 7)
    assert event.location.geo_precision == 3


def test_an_undrawn_footprint_gives_no_place():
    text = "نفذت القوات البحرية تدريبات عسكرية جنوبي قبرص"
    mark = footprint(text, "جنوبي قبرص", (0,), drawn=False)
    assert read_one(text, mention(text, "قبرص", kind=COUNTRY), footprints=(mark,)).location is None


def test_a_country_needs_words_that_say_where():
    text = "اندلعت اشتباكات في سوريا"
    assert read_one(text, mention(text, "سوريا", kind=COUNTRY)).location.where_prec == 6
    text = "قصفت القوات مواقع بعد مشاورات سوريا"
    assert all(event.location is None for event in read(text, mention(text, "سوريا", kind=COUNTRY)))


@pytest.mark.parametrize(
    ("text", "name"),
    [("زار الوزير روسيا", "روسيا"), ("غزت القوات الأمريكية العراق عام 2003", "العراق")],
)
def test_a_country_visited_or_invaded_stands_behind_the_subject(text, name):
    event = read_one(text, mention(text, name, kind=COUNTRY))
    assert event.location is not None
    assert event.location.where_prec == 6


def test_a_country_bombed_is_not_its_place_behind_the_subject():
    text = "قصف الجيش سوريا"
    assert read_one(text, mention(text, "سوريا", kind=COUNTRY)).location is None


def test_a_place_nobody_knows_is_not_replaced_by_the_fronted_one():
    text = "إن مسلحين في مقديشو سيطروا على بلدة بنديرادلي"
    unknown = replace(mention(text, "بنديرادلي"), place=None)
    [event] = [e for e in read(text, mention(text, "مقديشو"), unknown) if e.type == "territory"]
    assert event.location is None


def test_what_else_happens_then_is_another_clause():
    text = "تأتي المحادثات في وقت أعادت فيه النخب بإسرائيل النظر في أهدافها"
    events = read(text, mention(text, "إسرائيل", kind=COUNTRY, clitics="ب"))
    assert all(event.location is None for event in events)


def test_a_finer_place_goes_before_a_country():
    text = "اندلعت اشتباكات في ليبيا قرب سرت"
    event = read_one(text, mention(text, "ليبيا", kind=COUNTRY), mention(text, "سرت"))
    assert event.location.name_ar == "سرت"


def test_an_invasion_is_in_the_country_invaded():
    text = "عقب غزو العراق عام 2003"
    event = read_one(text, mention(text, "العراق", kind=COUNTRY))
    assert (event.type, event.location.where_prec, event.date_start) == ("invasion", 6, "2003-01-01")


def test_the_next_events_place_stays_its_own():
    text = "الكشف عن عمليات استطلاع بطائرات دون طيار سقطت إحداها في مدينة سرت"
    events = read(text, mention(text, "سرت"))
    assert [(event.type, event.location is not None) for event in events] == [
        ("reconnaissance", False),
        ("aircraft_loss", True),
    ]


def test_the_clause_before_lends_its_place():
    text = "اندلعت اشتباكات في سرت، ونزحت عشرات العائلات"
    events = read(text, mention(text, "سرت"))
    assert [event.location.name_ar for event in events] == ["سرت", "سرت"]
    assert events[1].confidence < events[0].confidence


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        (("P", "PPLA"), 1),
        (("S", "AIRB"), 1),
        (("A", "ADM2"), 3),
        (("A", "ADM1"), 4),
        (("L", "RGN"), 5),
        (COUNTRY, 6),
        (("H", "SEA"), 7),
    ],
)
def test_precision_follows_the_feature(kind, where):
    assert precision_of(*kind) == where


# ------------------------------------------------------------------ dates, actors, ids


def test_the_nearest_date_is_taken():
    text = "زار الوزير سرت في مارس 2012، فيما اندلعت معارك في درنة في مايو 2014"
    events = read(text, mention(text, "سرت"), mention(text, "درنة"))
    assert [event.edtf for event in events] == ["2012-03", "2014-05"]


def test_the_subject_is_the_source():
    text = "قصفت القوات الروسية بلدة سرت"
    russian = mention(text, "الروسية", reading=Reading.DEMONYM, country="RU")
    event = read_one(text, russian, mention(text, "سرت"))
    actors = [(actor.text, actor.role, actor.country) for actor in event.actors]
    assert actors == [("القوات الروسية", "source", "RU")]


def test_identifiers_are_stable_and_leave_the_type_out():
    text = "قصفت القوات البلدة"
    event = read_one(text)
    expected = hashlib.sha256(f"doc|{event.trigger.start}|{event.trigger.end}|0".encode()).hexdigest()[:16]
    assert event.id == expected == read_one(text).id


def test_quotes_and_triggers_slice_back():
    text = "وقال المتحدث: هذا صحيح. وفي سرت انفجرت عبوة ناسفة أمس.\nثم ساد الهدوء."
    for event in read(text, mention(text, "سرت")):
        for span in (event.trigger, event.quote):
            assert text[span.start : span.end] == span.text
        assert event.quote.start <= event.trigger.start < event.trigger.end <= event.quote.end


def test_no_text_gives_no_event():
    assert read("") == ()


# ------------------------------------------------------------------ both ends of a movement


def test_a_movement_keeps_its_other_end():
    text = "نزح آلاف المدنيين من سراقب إلى إدلب."
    event = read_one(text, mention(text, "سراقب"), mention(text, "إدلب"))
    assert (event.location.role, event.location.name_ar) == (Role.ORIGIN, "سراقب")
    assert (event.other_end.role, event.other_end.name_ar) == (Role.DESTINATION, "إدلب")
    assert event.other_end.mention == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("نزح آلاف المدنيين من سراقب.", [("سراقب", TOWN)]),
        ("نزح آلاف المدنيين من سراقب إلى تركيا.", [("سراقب", TOWN), ("تركيا", COUNTRY)]),
        ("انفجرت عبوة في سراقب فوصل الجرحى إلى إدلب.", [("سراقب", TOWN)]),
    ],
)
def test_no_other_end_where_none_is_told_or_a_country_only(text, names):
    events = read(text, *(mention(text, name, kind=kind) for name, kind in names))
    assert [event.other_end for event in events] == [None] * len(events)
    assert events
