"""Dates: month systems, ranges, parts, relative phrases, anchors, and what is no date."""

from __future__ import annotations

import pytest

from geo.arabic.normalize import tokenize
from geo.arabic.rules import table
from geo.errors import InputError
from geo.reading.dates import find_dates, link_dates
from geo.reading.dates.vocabulary import Scan, may_start_at

TODAY = "2019-03-05"  # a Tuesday
TABLES = (
    "month", "hijri_month", "feast", "weekday", "date_word", "told_from_today", "time_unit", "period_part",
    "season", "decade", "opening", "anchor_noun", "anchor_phrase", "anchor_verb", "anchor_stop",
    "ahead", "this_word", "date_name", "today_name", "counted", "no_anchor", "from_event", "pronoun",
)  # fmt: skip


EXAMPLES = [pair for name in TABLES for entry in table(name) for pair in entry["examples"]]


def read(text, today=TODAY):
    return find_dates(tokenize(text), document_date=today)


def only(text, today=TODAY):
    times = read(text, today)
    assert len(times) == 1, [time.text for time in times]
    return times[0]


def linked(text, today=""):
    doc = tokenize(text)
    return link_dates(find_dates(doc, document_date=today), doc)


def days(time):
    return time.date_start, time.date_end, time.precision


@pytest.mark.parametrize(("text", "edtf"), EXAMPLES)
def test_rule_examples(text, edtf):
    times = read(text)
    assert (times[0].edtf if times else "") == edtf


# ---------------------------------------------------------------- the project's own cases


def test_case_month_and_year():
    time = only("في فبراير 2017", today="")
    assert (time.edtf, *days(time)) == ("2017-02", "2017-02-01", "2017-02-28", 4)
    assert time.text == "فبراير 2017"


@pytest.mark.parametrize(
    "text", ["14 شباط 2017", "14 شباط/فبراير 2017", "14 فبراير (شباط) 2017", "14 شباط (فبراير) 2017"]
)
def test_case_double_names_are_one_date(text):
    assert only(text, today="").edtf == "2017-02-14"
    assert only(text).text == text


@pytest.mark.parametrize("text", ["فبراير (شباط) 2017", "شباط (فبراير) 2017", "في شباط/فبراير 2017"])
def test_case_double_names_of_a_month(text):
    assert only(text, today="").edtf == "2017-02"


MONTHS = [
    "كانون الثاني:01 كانون الأول:12 تشرين الأول:10 تشرين الثاني:11".replace("ن ا", "ن_ا"),
    "آذار:03 نيسان:04 أيار:05 حزيران:06 تموز:07 آب:08 أيلول:09 اب:08",
    "جانفي:01 فيفري:02 مارس:03 أفريل:04 ماي:05 جوان:06 جويلية:07 أوت:08",
    "غشت:08 شتنبر:09 نونبر:11 دجنبر:12 يوليوز:07",
    "أغشت:08 شتمبر:09 دجمبر:12 إبريل:04",
    "يناير:01 فبراير:02 مارس:03 أبريل:04 مايو:05",
    "يونيو:06 يوليو:07 أغسطس:08 سبتمبر:09 أكتوبر:10 نوفمبر:11 ديسمبر:12",
]


@pytest.mark.parametrize("pair", [pair for line in MONTHS for pair in line.split()])
def test_case_month_systems(pair):
    name, number = pair.replace("_", " ").split(":")
    assert only(f"14 {name} 2017", today="").edtf == f"2017-{number}-14"
    assert only(f"في {name} 2017", today="").edtf == f"2017-{number}"


@pytest.mark.parametrize("text", ["عام 2008", "سنة 2008", "العام 2008", "في 2008"])
def test_case_year_is_never_one_day(text):
    time = only(text, today="")
    assert (time.edtf, *days(time)) == ("2008", "2008-01-01", "2008-12-31", 5)


def test_case_hijri_day():
    time = only("17 جمادى الأولى 1438", today="")
    assert (time.edtf, *days(time)) == ("2017-02-14~", "2017-02-13", "2017-02-15", 2)


@pytest.mark.parametrize("text", ["1438 هـ", "1438هـ", "عام 1438", "عام 1438 هجري"])
def test_case_hijri_year(text):
    time = only(text, today="")
    assert days(time) == ("2016-10-01", "2017-09-21", 5)


@pytest.mark.parametrize(("text", "day"), [("أمس", "04"), ("أمس الأول", "03"), ("أول من أمس", "03")])
def test_case_yesterday(text, day):
    assert days(only(text)) == (f"2019-03-{day}", f"2019-03-{day}", 1)
    symbolic = only(text, today="")
    assert (symbolic.date_start, symbolic.relative_to, symbolic.precision) == (None, "document", 1)
    assert symbolic.offset == f"-P{5 - int(day)}D"


@pytest.mark.parametrize(
    ("text", "start", "end", "precision", "offset"),
    [
        ("الأسبوع الماضي", "2019-02-25", "2019-03-03", 3, "-P1W"),
        ("الشهر الماضي", "2019-02-01", "2019-02-28", 4, "-P1M"),
        ("العام الماضي", "2018-01-01", "2018-12-31", 5, "-P1Y"),
        ("العام الجاري", "2019-01-01", "2019-12-31", 5, "P0Y"),
    ],
)
def test_case_last_week_month_year(text, start, end, precision, offset):
    assert days(only(text)) == (start, end, precision)
    symbolic = only(text, today="")
    assert (symbolic.date_start, symbolic.precision, symbolic.offset) == (None, precision, offset)


@pytest.mark.parametrize(
    ("text", "day"),
    [("الاثنين الماضي", "2019-03-04"), ("يوم الجمعة", "2019-03-01"), ("الثلاثاء الماضي", "2019-02-26")],
)
def test_case_weekdays(text, day):
    assert days(only(text)) == (day, day, 1)
    assert only(text, today="").date_start is None


@pytest.mark.parametrize(
    ("text", "day"), [("فجر اليوم", "2019-03-05"), ("مساء أمس", "2019-03-04"), ("اليوم (أمس)", "2019-03-04")]
)
def test_case_brackets_correct_the_agency(text, day):
    time = only(text)
    assert days(time) == (day, day, 1)
    assert time.text == text


def test_case_days_and_months_ago():
    assert days(only("قبل يومين")) == ("2019-03-03", "2019-03-03", 1)
    assert days(only("منذ ثلاثة أيام")) == ("2019-03-02", "2019-03-05", 2)
    assert days(only("منذ شهرين")) == ("2019-01-05", "2019-03-05", 5)
    assert only("قبل يومين", today="").offset == "-P2D"


def test_case_a_year_before_this_visit():
    time = only("سبق هذه الزيارة بعام", today="")
    assert (time.relative_to, time.offset, time.anchor.text) == ("event", "-P1Y", "هذه الزيارة")
    times = linked("كانت الزيارة في يناير 2017. وقد سبق هذه الزيارة بعام كشف المؤامرة.")
    assert (times[1].date_start, times[1].precision, times[1].edtf) == ("2016-01-01", 5, "2016-01~")


def test_case_since_that_time():
    time = only("منذ ذلك الوقت", today="")
    assert (time.relative_to, time.offset, time.anchor.text) == ("event", "since", "ذلك الوقت")
    time = only("فمنذ زيارة حفتر", today="")
    assert (time.text, time.anchor.text, time.offset) == ("منذ زيارة حفتر", "زيارة حفتر", "since")
    times = linked("وقع الاتفاق في مايو 2015.\nوارتفعت الأسعار منذ ذلك الوقت.")
    assert (times[1].edtf, times[1].date_end) == ("2015-05/..", None)


def test_case_after_an_event():
    time = only("بعد انهيار الاتحاد السوفيتي", today="")
    assert (time.anchor.text, time.offset, *days(time)) == (
        "انهيار الاتحاد السوفيتي",
        "after",
        None,
        None,
        None,
    )
    assert only("عقب غزو العراق", today="").anchor.text == "غزو العراق"


@pytest.mark.parametrize(
    "text", ["بين 2011 و2014", "2011-2014", "من 2011 إلى 2014", "عامي 2011 و2014", "من عام 2011 إلى عام 2014"]
)
def test_case_ranges(text):
    time = only(text, today="")
    assert (time.edtf, *days(time)) == ("2011/2014", "2011-01-01", "2014-12-31", 5)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("مطلع عام 2017", "2017-01-01", "2017-04-30"),
        ("بداية عام 2017", "2017-01-01", "2017-04-30"),
        ("منتصف عام 2017", "2017-05-01", "2017-08-31"),
        ("أواخر عام 2017", "2017-09-01", "2017-12-31"),
        ("نهاية عام 2017", "2017-09-01", "2017-12-31"),
    ],
)
def test_case_parts_of_a_year(text, start, end):
    assert days(only(text, today="")) == (start, end, 5)


def test_case_seasons_and_feasts():
    assert (only("صيف 2014").edtf, *days(only("صيف 2014"))) == ("2014-22", "2014-06-01", "2014-08-31", 5)
    assert days(only("رمضان 2019")) == ("2019-05-05", "2019-06-04", 4)
    assert (
        days(only("عيد الفطر")) == ("2018-06-14", "2018-06-18", 2)
        or only("عيد الفطر").date_start == "2019-06-03"
    )
    assert only("عيد الفطر", today="").precision == 2


@pytest.mark.parametrize("text", ["ثورة 17 فبراير", "أحداث 11 سبتمبر", "حرب أكتوبر", "شارع 20 أغسطس"])
def test_case_names_of_events_and_streets(text):
    assert read(text) == ()
    assert read(f"تجمع الناس في {text} أمس")[0].text == "أمس"


@pytest.mark.parametrize("text", ["Orlan 10", "الميج 23", "إف 16", "1.8 مليار", "بقيمة 4.5 مليار دولار"])
def test_case_models_and_sums(text):
    assert read(text) == ()


@pytest.mark.parametrize("text", ["ليبيا اليوم", "المصري اليوم", 'حسب "ليبيا اليوم".', "قناة ليبيا الأحرار"])
def test_case_outlets(text):
    assert read(text) == ()


# ---------------------------------------------------------------- beyond the cases


@pytest.mark.parametrize(
    "text", ["14/2/2017", "14-02-2017", "2017-02-14", "14.2.2017", "١٤/٢/٢٠١٧", "2/14/2017", "14 / 2 / 2017"]
)
def test_numeric_dates(text):
    time = only(f"بتاريخ {text} في حلب", today="")
    assert time.edtf == "2017-02-14"
    assert time.text.endswith(text)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("من 3 إلى 7 مارس 2017", "2017-03-03/2017-03-07"),
        ("بين 3 و7 مارس 2017", "2017-03-03/2017-03-07"),
        ("3-7 مارس 2017", "2017-03-03/2017-03-07"),
        ("من 28 فبراير إلى 3 مارس 2016", "2016-02-28/2016-03-03"),
        ("بين يناير ومارس 2017", "2017-01/2017-03"),
        ("من ديسمبر إلى مارس 2017", "2016-12/2017-03"),
        ("منذ عام 2011 وحتى عام 2014", "2011/2014"),
        ("الرابع عشر من فبراير عام 2017", "2017-02-14"),
        ("يوم الثلاثاء الموافق 14 فبراير 2017", "2017-02-14"),
        ("17 جمادى الأولى 1438 هـ الموافق 14 فبراير 2017", "2017-02-14"),
        ("14 فبراير 2017 (17 جمادى الأولى 1438)", "2017-02-14"),
        ("14 فبراير من العام الماضي", "2018-02-14"),
        ("3 مارس الجاري", "2019-03-03"),
        ("أواخر الشهر الماضي", "2019-02-21/2019-02-28"),
        ("عام ألفين وسبعة عشر", "2017"),
        ("بعد عام 2011", "2011/.."),
        ("حتى عام 2014", "../2014"),
        ("قبل نحو عامين", "2017"),
        ("منذ الثلاثاء الماضي", "2019-02-26/.."),
    ],
)
def test_compositions(text, edtf):
    assert only(text).edtf == edtf


def test_a_dated_anchor_gives_two_dates():
    outer, inner = read("عقب غزو العراق عام 2003")
    assert (outer.edtf, outer.anchor.text, outer.precision) == ("2003/..", "غزو العراق", None)
    assert (inner.text, inner.edtf) == ("عام 2003", "2003")
    assert [time.edtf for time in read("بعد ثورة 2011")] == ["2011/..", "2011"]


def test_times_counted_from_an_event():
    time = only("بعد يومين من زيارة الرئيس", today="")
    assert (time.offset, time.anchor.text) == ("P2D", "زيارة الرئيس")
    assert only("قبل ذلك بعام", today="").offset == "-P1Y"
    assert only("في وقت سابق", today="").offset == "before"


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("سقطت المدينة في 4 مارس 2017. وفي اليوم التالي عاد السكان.", "2017-03-05"),
        ("سقطت المدينة في 4 مارس 2017، وفي اليوم نفسه عاد السكان.", "2017-03-04"),
        ("سقطت المدينة في 4 مارس 2017. وفي العام التالي عاد السكان.", "2018"),
        ("سقطت المدينة في ديسمبر 2017. وفي الشهر التالي عاد السكان.", "2018-01"),
        ("سقطت المدينة في مارس 2017. وفي اليوم التالي عاد السكان.", ""),
    ],
)
def test_the_next_day_month_and_year_follow_the_calendar(text, edtf):
    time = linked(text)[1]
    assert (time.relative_to, time.edtf) == ("event", edtf)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("في كانون الثاني (يناير) من العام 1901", "1901-01"),
        ("كانون الثاني (يناير) الماضي", "2019-01"),
        ("العلامة (1849 - 1905)", "1849/1905"),
        ("يوم عشرين غشت سنة 1953", "1953-08-20"),
        ("أعوام 1957 و 1969 و 1980", "1957/1980"),
        ("يوم الجمعة الموافق (27 من صفر سنة 636 هـ = 9 من أكتوبر 1238 م)", "1238-10-09"),
        ("في القرن الثالث الهجري", "0816-07-29/0913-08-07"),
        ("قبل عقد من الزمن", "2009"),
        ("تنعقد القمة المقرر عقدها في فبراير", "2020-02"),
        ("سيصل الوفد الثلاثاء", "2019-03-05"),
        ("وصل الوفد الخميس", "2019-02-28"),
        ("سيطر المسلحون على المدينة الخميس", "2019-02-28"),
        ("الأيام العشرة المقبلة", "2019-03-05/2019-03-15"),
        ("الساعات الأربع والعشرين الماضية", "2019-03-04/2019-03-05"),
        ("الأشهر السبعة عشر الماضية", "2017-10-05/2019-03-05"),
        ("بين العشرين من يناير والسابع من الشهر الحالي", "2019-01-20/2019-03-07"),
        ("الأشهر الاثني عشر القادمة", "2019-03-05/2020-03-05"),
        ("مساء الأول من أمس", "2019-03-03"),
        ("خلال الأسبوع الثاني من الشهر الجاري", "2019-03-08/2019-03-14"),
        ("20 / شعبان / 1428 هجرية", "2007-09-02~"),
        ("أواخر القرن التاسع عشر", "1866/1899"),
        ("مجلس الأمن الأسبوع المقبل", "2019-03-11/2019-03-17"),
        ("سنة 1350م", "1350"),
        ("أسرة تانغ (618 - 907م)", "0618/0907"),
        ("عام 1357 - 1366م", "1357/1366"),
        ("أعوام 1998، 2000، 2002", "1998/2002"),
        ("مواليد 25 مارس1987", "1987-03-25"),
        ("19 ـ 25 مايو 1998", "1998-05-19/1998-05-25"),
        ("ابتداء من الربع الثالث للعام الحالي", "2019-07/.."),
        ("10 سنوات الماضية", "2009-03-05/2019-03-05"),
    ],
)
def test_as_newspapers_write(text, edtf):
    assert read(text)[0].edtf == edtf


def test_conclusion_of_an_agreement_is_no_decade():
    time = only("بعد عقد اتفاقية السلام", today="")
    assert (time.offset, time.anchor.text) == ("after", "عقد اتفاقية السلام")
    assert read("تشرن الثاني / كانون أول") == ()
    for text in ("منذ حوالي سنة 2000 ق.م.", "منذ 1000 سنة ق. م.", "منذ عام 670 ق.م.", "بداية الشهر الهجري"):
        assert read(text) == ()


def test_a_day_follows_the_dated_day_of_its_sentence():
    times = read("أعلنت ألمانيا الحرب في 1 ديسمبر 1914 ثم في 3 يناير. وسقطت المدينة في 4 فبراير.")
    assert [(time.edtf, time.relative_to) for time in times] == [
        ("1914-12-01", None),
        ("1915-01-03", None),
        ("2019-02-04", "document"),
    ]


UCDP = [
    ("14 فبراير 2017", 1, ""), ("أمس", 1, "-P1D"), ("البارحة", 1, "-P1D"), ("الليلة الماضية", 1, "-P1D"),
    ("الثلاثاء الماضي", 1, ""), ("فجر اليوم", 1, "P0D"), ("أمس الأول", 1, "-P2D"), ("أول من أمس", 1, "-P2D"),
    ("الأول من أمس", 1, "-P2D"), ("قبل يومين", 1, "-P2D"), ("قبل ثلاثة أيام", 1, "-P3D"),
    ("قبل أيام", 2, "-P3D"), ("منذ أيام", 2, "-P3D"), ("مؤخرا", 2, "-P3D"), ("هذه الأيام", 2, "-P3D"),
    ("قبل بضعة أيام", 2, "-P3D"), ("الأيام الماضية", 2, "-P3D"), ("الساعات الماضية", 2, "-PT24H"),
    ("الأسبوع الماضي", 3, "-P1W"), ("هذا الأسبوع", 3, "P0W"), ("قبل أسبوع", 3, "-P1W"),
    ("الأسبوع الأول من مارس 2019", 3, ""), ("مطلع مارس 2019", 4, ""), ("منتصف مارس 2019", 4, ""),
    ("أواخر مارس 2019", 4, ""), ("الشهر الماضي", 4, "-P1M"), ("في مارس 2016", 4, ""),
    ("مطلع عام 1999", 5, ""),
    ("منتصف عام 1999", 5, ""), ("أواخر عام 1999", 5, ""), ("العام الماضي", 5, "-P1Y"), ("عام 2014", 5, ""),
    ("صيف 2014", 5, ""), ("الثمانينيات", 5, ""), ("القرن الماضي", 5, ""), ("في وقت سابق", None, "before"),
    ("منذ الزيارة", None, "since"), ("بعد الهجوم", None, "after"), ("قبل ذلك بعام", None, "-P1Y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "precision", "offset"), UCDP)
def test_the_date_phrases_of_the_ucdp_codebook(text, precision, offset):
    told, symbolic = only(text), only(text, today="")
    assert (told.precision, told.offset) == (precision, offset)
    assert symbolic.offset == offset
    if told.relative_to == "document":
        assert told.date_start
        assert (symbolic.date_start, symbolic.date_end, symbolic.relative_to) == (None, None, "document")


def test_links_only_to_what_fits():
    other = linked("كانت زيارة بوتين في يناير 2017. وارتفع التبادل منذ زيارة ماكرون.")
    assert other[1].date_start is None
    far = linked("كانت الزيارة في يناير 2017.\nأولا.\nثانيا.\nثالثا.\nسبق هذه الزيارة بعام كشف المؤامرة.")
    assert far[1].date_start is None


@pytest.mark.parametrize(
    "text",
    [
        "الحراس مارس عليهم ضغطا",
        "آب الطفل إلى بيته",
        "سوق الجمعة",
        "صلاة الجمعة",
        "في 2000 قرية",
        "2017 دولارا",
        "كانون الثاني",
        "القرار 2254",
        "منذ فترة طويلة",
        "كان اثنين من الجنود",
        "99/99/2017",
        "قبل 99999 عاما",
        "بنتيجة 2 - 1 - 10",
        "الإصدار 1.2.3",
        "في باب أعدائها",
        "فاز 1 صفر",
        "الأمين العام الحالي",
        "في الستينيات من عمره",
    ],
)
def test_not_dates(text):
    assert read(text) == ()


def test_leap_years_and_impossible_days():
    assert days(only("فبراير 2016")) == ("2016-02-01", "2016-02-29", 4)
    assert only("29 فبراير 2016").edtf == "2016-02-29"
    assert only("30 فبراير 2016").edtf == "2016-02"


def test_today_is_never_the_clock():
    for text in ("اليوم", "أمس", "الشهر الماضي", "في مارس", "يوم الجمعة", "14 فبراير"):
        time = only(text, today="")
        assert (time.date_start, time.date_end, time.relative_to) == (None, None, "document")


def test_a_wrong_document_date_is_refused():
    with pytest.raises(InputError, match="expected an ISO day"):
        read("أمس", today="5 March 2019")


def test_a_word_that_leads_a_date_needs_one_behind_it() -> None:
    """Most prepositions stand before no date; the next word tells, and nothing is lost by asking it."""
    doc = tokenize("من مارس إلى مايو، من البيت، في أثناء الحرب، بين عامي 2011 و2013")
    scan = Scan(doc, doc.tokens, None)
    assert [t.text for t in find_dates(doc)][-1] == "بين عامي 2011 و2013"
    assert may_start_at(scan, 0)
    assert not may_start_at(scan, 4)
