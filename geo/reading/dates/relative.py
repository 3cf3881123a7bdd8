"""Read phrases told from the day of writing: weekdays, yesterday, last month, two days ago.

Precision follows the UCDP GED codebook (``date_prec``). Without the day of writing a phrase keeps its
precision and its symbolic distance, and no days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from geo.arabic.clitics import article, clitic_relations
from geo.arabic.number_words import number_word
from geo.arabic.numbers import hedge_at, parse_number
from geo.reading.dates.calendar import (
    Interval,
    add_days,
    add_months,
    between,
    day,
    duration,
    of_month,
    of_week,
    of_year,
    shift,
    span,
    unknown,
)
from geo.reading.dates.vocabulary import (
    Hit,
    Match,
    Scan,
    digits_at,
    follows,
    is_ahead,
    keys_of,
    match,
    phrases_of,
    units,
    words_of,
)

_QUOTES = frozenset("\"'\u00ab\u00bb\u201c\u201d\u2018\u2019")
_UNIT_PRECISION = {"H": 1, "D": 1, "W": 3, "M": 4, "Y": 5, "X": 5}
_SURE_DAYS = 3
_DAY_HOURS = 24


class Duration(NamedTuple):
    """Hold a length of time: ``size`` is ``None`` for "some days"."""

    size: float | None
    code: str
    end: int
    cut: int
    sure: bool


# ---------------------------------------------------------------- days


def weekday_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a day of the week: the last one up to the day of writing, or as a word behind says."""
    found = match(phrases_of("weekday", "names"), scan, index)
    if found is None:
        return None
    if follows(scan, index, keys_of("date_name", "before", always=True)):
        return Hit(index, found.end, found.cut, None)
    kind, end = "none", found.end
    for name in ("past", "next", "current"):
        word = match(words_of(name), scan, found.end, clitics=False) if scan.near(found.end) else None
        if word:
            kind, end = name, word.end
    if kind == "none" and is_ahead(scan, index):
        kind = "ahead"
    number = int(found.value["number"])
    other = _second_weekday(scan, index, end)
    if other:
        first, last = number, int(other.value["number"])
        return Hit(index, other.end, found.cut, _weekdays(scan.today, first, last, kind), "document")
    return Hit(index, end, found.cut, _weekday(scan.today, number, kind), "document", weekday=True)


def _second_weekday(scan: Scan, index: int, end: int) -> Match | None:
    """Read "and Monday" behind "the days of Sunday"."""
    if not follows(scan, index, keys_of("date_word", "words", part="days")) or not scan.near(end):
        return None
    found = match(phrases_of("weekday", "names"), scan, end)
    return found if found and found.cut else None


def _weekday(today: date | None, number: int, kind: str) -> Interval:
    """Return the day of the week that is meant."""
    if today is None:
        return unknown(1)
    back = (today.isoweekday() - number) % 7
    if kind == "past" and back == 0:
        back = 7
    ahead = 7 - back if back or kind == "next" else 0
    when = add_days(today, ahead if kind in ("next", "ahead") else -back)
    return day(when) if when else unknown(1)


def _weekdays(today: date | None, first: int, last: int, kind: str) -> Interval:
    """Return the days from one weekday to a later one."""
    end = _weekday(today, last, kind)
    begin = add_days(end.last, -((last - first) % 7)) if end.last else None
    return span(begin, end.last) if begin and end.last else unknown(2)


def told_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a fixed phrase such as yesterday, today or recently."""
    found = match(phrases_of("told_from_today", "phrases"), scan, index)
    if found is None:
        return None
    entry = found.value
    if follows(scan, index, keys_of("date_name", "before", always=True)):
        return Hit(index, found.end, found.cut, None)
    single = entry["first"] == entry["last"]
    if entry["first"] == 0 and single and _is_name(scan, index, found.end):
        return Hit(index, found.end, found.cut, None)
    offset = duration(entry["first"], "D")
    if scan.today is None:
        return Hit(index, found.end, found.cut, unknown(entry["precision"]), "document", offset)
    first, last = add_days(scan.today, entry["first"]), add_days(scan.today, entry["last"])
    if first is None or last is None:
        return None
    return Hit(index, found.end, found.cut, span(first, last, entry["precision"]), "document", offset)


def _is_name(scan: Scan, index: int, end: int) -> bool:
    """Say whether "today" is part of a name: an outlet, a quoted title, a day of the year."""
    if scan.near(end) and scan.key(end) in keys_of("today_name", "after"):
        return True
    quoted = scan.behind(end - 1) in _QUOTES
    if quoted and any(_QUOTES & set(scan.tokens[at].gap) for at in range(max(0, index - 2), index + 1)):
        return True
    if follows(scan, index, keys_of("today_name", "before", always=True)):
        return True
    if not follows(scan, index, keys_of("today_name", "before", always=False)):
        return False
    return not follows(scan, index - 1, keys_of("today_name", "unless", always=False))


# ---------------------------------------------------------------- weeks, months, years


def period_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read ``العام الماضي``, ``هذا الشهر``, ``الأيام الثلاثة الماضية``; behind a part, ``الشهر`` alone."""
    return _one_period(scan, index, cued) or _several(scan, index)


def _one_period(scan: Scan, index: int, cued: bool) -> Hit | None:
    this = match(words_of("this"), scan, index)
    at = this.end if this else index
    found = match(units("period"), scan, at) if at == index or scan.near(at) else None
    if found is None or (found.value == "D" and not this):
        return None
    if found.value == "Y" and follows(scan, index, keys_of("date_word", "words", part="general")):
        return None
    sort = match(words_of("sort"), scan, found.end, clitics=False) if scan.near(found.end) else None
    end = at = sort.end if sort else found.end
    step = 0 if this or cued else None
    steps = [("before_last", -2), ("past", -1), ("current", 0), ("next", 1)]
    if found.value == "Y":
        steps.append(("new", 1))
    for part, distance in steps:
        word = match(words_of(part), scan, at, clitics=False) if scan.near(at) else None
        if word:
            step, end = distance, word.end
            break
    if step is None or (sort and end == at and not this):
        return None
    interval = period_of(scan.today, found.value, step)
    cut = this.cut if this else found.cut
    return Hit(index, end, cut, interval, "document", duration(step, found.value))


def period_of(today: date | None, code: str, step: int) -> Interval:
    """Return the calendar week, month, year or decade some steps away."""
    precision = _UNIT_PRECISION[code]
    when = shift(today, step, code) if today else None
    if when is None:
        return unknown(precision)
    if code == "X":
        start = when.year // 10 * 10
        begin, end = of_year(start), of_year(start + 9)
        return (between(begin, end) if begin and end else None) or unknown(precision)
    if code == "D":
        return day(when)
    found = {"W": of_week(when), "M": of_month(when.year, when.month), "Y": of_year(when.year)}[code]
    return found or unknown(precision)


def _several(scan: Scan, index: int) -> Hit | None:
    """Read the last or the next few hours, days, weeks, months or years."""
    found, count = _counted_periods(scan, index)
    if found is None or not scan.near(found.end):
        return None
    lately = match(words_of("lately"), scan, found.end, clitics=False)
    soon = None if lately else match(words_of("soon"), scan, found.end, clitics=False)
    told, sign = (lately, -1) if lately else (soon, 1)
    if told is None:
        return None
    if count is None and match(units("period_dual"), scan, index):
        count = 2.0
    if count is None:
        if found.value not in ("D", "H"):
            vague = _until(scan.today) if lately else _onward(scan.today)
            return Hit(index, told.end, found.cut, vague, "document", "before" if lately else "after")
        count = _SURE_DAYS if found.value == "D" else _DAY_HOURS
    interval, offset = _away(scan.today, sign * count, found.value), duration(sign * count, found.value)
    return Hit(index, told.end, found.cut, interval, "document", offset)


def _counted_periods(scan: Scan, index: int) -> tuple[Match | None, float | None]:
    """Read ``الأيام الثلاثة``, ``الأيام`` or, the number first, ``ال48 ساعة``: the unit and how many."""
    found = match(units("periods"), scan, index)
    if found is not None and scan.near(found.end):
        at = found.end + (scan.key(found.end) == article() and scan.near(found.end + 1))
        count = _count(scan, at)
        return (found._replace(end=count.end), count.value) if count else (found, None)
    the = match(words_of("the"), scan, index)
    at = the.end if the and scan.near(the.end, "-") else index
    count = _count(scan, at) or (digits_at(scan, at) if at == index else None)
    unit = _unit_behind(scan, count.end) if count else None
    if count is None or unit is None:
        return None, None
    return unit._replace(cut=the.cut if the else count.cut), float(count.value)


def _count(scan: Scan, index: int) -> Match | None:
    """Read a number behind a noun with its article: ``الثلاثة``, ``السبعة عشر``, ``الأربع والعشرين``."""
    word = number_word(scan.key(index).removeprefix(article()))
    if word is None or word.kind not in ("unit", "bound", "teen", "ten", "digits"):
        return None
    if word.kind in ("unit", "bound") and scan.near(index + 1):
        behind = scan.key(index + 1)
        teen, ten = number_word(behind), number_word(behind[1:].removeprefix(article()))
        if teen and teen.kind == "teen":
            return Match(word.value + 10, index + 2, 0)
        if ten and ten.kind == "ten" and "and" in clitic_relations(behind[0]):
            return Match(word.value + ten.value, index + 2, 0)
    return Match(word.value, index + 1, 0) if word.kind != "bound" else None


def _until(today: date | None) -> Interval:
    """Return the interval that ends on the day of writing and begins nobody knows when."""
    return Interval(None, today, None, f"../{today}") if today else unknown()


def _onward(today: date | None) -> Interval:
    """Return the interval that begins on the day of writing and ends nobody knows when."""
    return Interval(today, None, None, f"{today}/..") if today else unknown()


def _away(today: date | None, count: float, code: str) -> Interval:
    """Return the interval between the day of writing and the day some units from it."""
    other = shift(today, count, code) if today else None
    return span(min(other, today), max(other, today)) if other and today else unknown()


# ---------------------------------------------------------------- lengths of time


def duration_at(scan: Scan, index: int) -> Duration | None:
    """Read a length of time: ``يومين``, ``ثلاثة أيام``, ``نحو عام ونصف``, ``أيام``."""
    if not 0 <= index < len(scan.tokens):
        return None
    for form, count in (("dual", 2.0), ("singular", 1.0)):
        found = match(units(form), scan, index)
        if found and not _is_other_word(scan, found):
            extra, end = _half(scan, _skip_one(scan, found.end))
            return Duration(count + extra, found.value, end, found.cut, True)
    number = parse_number(scan.tokens, index)
    if number is None:
        hedge = hedge_at(scan.tokens, index)
        behind = match(units("singular"), scan, hedge[1], clitics=False) if hedge else None
        if hedge and behind and not _is_other_word(scan, behind):
            extra, end = _half(scan, behind.end)
            return Duration(1.0 + extra, behind.value, end, 0, hedge[0] == "~")
        vague = match(units("plural"), scan, index)
        if vague is None or _is_other_word(scan, vague):
            return None
        return Duration(None, vague.value, vague.end, vague.cut, False)
    dual = match(units("dual"), scan, number.end - 1)
    if dual and number.value == 2:
        return Duration(2.0, dual.value, dual.end, 0, number.hedge in ("", "~"))
    unit = _unit_behind(scan, number.end)
    if unit is None or match(words_of("bce"), scan, unit.end, clitics=False):
        return None
    extra, end = _half(scan, unit.end)
    size = number.value + extra if number.value is not None else None
    return Duration(size, unit.value, end, 0, number.hedge in ("", "~"))


def _is_other_word(scan: Scan, unit: Match) -> bool:
    """Say whether a unit is none: a cue before a year, or a decade that is the noun "conclusion"."""
    if not scan.near(unit.end):
        return False
    key = scan.key(unit.end)
    goes_on = keys_of("anchor_stop", "words") | keys_of("no_anchor", "words")
    return key[0].isdigit() or (unit.value == "X" and key not in goes_on and not number_word(key[1:]))


def _unit_behind(scan: Scan, index: int) -> Match | None:
    """Read the unit that a number counts."""
    if not scan.near(index):
        return None
    forms = ("plural", "singular", "periods")
    found = (match(units(form), scan, index, clitics=False) for form in forms)
    return next((unit for unit in found if unit), None)


def _skip_one(scan: Scan, index: int) -> int:
    """Pass over "one" behind a unit."""
    word = number_word(scan.key(index)) if scan.near(index) else None
    return index + 1 if word and word.kind == "unit" and word.value == 1 else index


def _half(scan: Scan, index: int) -> tuple[float, int]:
    """Read "and a half" behind a unit."""
    if scan.near(index):
        word = number_word(scan.key(index)[1:])
        if word and word.kind == "fraction":
            return word.value, index + 1
    return 0.0, index


def ago(scan: Scan, length: Duration, offset: str) -> tuple[Interval, str] | None:
    """Return what "before" or "since" a length of time means on the day of writing, and its symbol.

    ``since`` runs up to the day of writing. ``before`` is a day for days, the calendar week, month or year
    for the longer units, and open where the length is vague or a bound.
    """
    if length.size is None or not length.sure:
        return _until(scan.today), offset
    symbol = duration(-length.size, length.code)
    if scan.today is None:
        return unknown(_UNIT_PRECISION[length.code] if offset == "before" else None), symbol
    when = shift(scan.today, -length.size, length.code)
    if when is None:
        return None
    if offset == "since":
        return span(when, scan.today), symbol
    return _around(when, length), symbol


def ahead(scan: Scan, length: Duration) -> Interval:
    """Return what a length of time after the day of writing means."""
    when = shift(scan.today, length.size or 0.0, length.code) if scan.today else None
    return _around(when, length) if when else unknown(_UNIT_PRECISION[length.code])


def _around(when: date, length: Duration) -> Interval:
    """Return the days that a length of time back may mean."""
    if length.code == "H":
        return day(when)
    if length.code == "D":
        if length.size is not None and length.size <= _SURE_DAYS:
            return day(when)
        return span(when - timedelta(days=1), when + timedelta(days=1), 2)
    if length.code == "W":
        return of_week(when)
    if length.code == "M":
        return of_month(when.year, when.month) or unknown(4)
    return of_year(when.year) or unknown(5)


def move(interval: Interval, count: float, code: str) -> Interval | None:
    """Move both ends of an interval by a number of units, one step of precision coarser."""
    if interval.first is None or interval.last is None or interval.precision is None:
        return None
    first, last = shift(interval.first, count, code), shift(interval.last, count, code)
    if first is None or last is None:
        return None
    if code not in ("D", "W") and interval.precision == 4 and add_months(first, 0) == first:
        last = (of_month(last.year, last.month) or interval).last or last
    edtf = span(first, last).edtf
    if interval.precision == 4 and (first.year, first.month) == (last.year, last.month):
        edtf = f"{first.year:04d}-{first.month:02d}~"
    if interval.precision == 5 and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        edtf = f"{first.year:04d}~" if first.year == last.year else f"{first.year:04d}/{last.year:04d}"
    return Interval(first, last, min(5, interval.precision + 1), edtf)
