"""Read dates that name a calendar: numeric, day and month, month and year, year.

A date without its year is told from the day of writing; without that day it stays symbolic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from geo.arabic.clitics import article, clitic_splits
from geo.arabic.number_words import cardinal, parse_ordinal
from geo.reading.dates.calendar import (
    HIJRI_YEARS,
    Interval,
    between,
    hijri_day,
    hijri_month,
    hijri_months_in,
    hijri_year,
    of_day,
    of_month,
    of_year,
    shift,
    unknown,
)
from geo.reading.dates.vocabulary import (
    Hit,
    Match,
    Scan,
    digits_at,
    follows,
    is_ahead,
    is_counted,
    keys_of,
    match,
    months,
    need_year,
    units,
    words_of,
)

_DIGIT = re.compile(r"[0-9]")
_DMY = re.compile(r"([0-9]{1,2}) ?([/.\-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})(?![0-9/\-]| /)")
_YMD = re.compile(r"([0-9]{4}) ?([/.\-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})(?![0-9/\-])")
_MY = re.compile(r"([0-9]{1,2})/([0-9]{4})(?![0-9/\-])")
_DASHES = "-\u2013\u2014"
_TIGHT = frozenset({"/", ".", "-", " / ", "/ ", " /"})
_MODERN = range(1900, 2101)
_TOLD = range(600, 2101)
_LIVED = range(1000, 2101)
_OLDEST = range(100, 2101)
_HIJRI_WITHOUT_MARK = range(HIJRI_YEARS.start, 1451)
_NOT_YEARS = frozenset("%\u066a$\u20ac\u00a3\u00b0:")


class Year(NamedTuple):
    """Hold a year as written."""

    number: int
    hijri: bool
    end: int
    cut: int


class When(NamedTuple):
    """Hold what fixes the year of a day or a month: a number, or a word such as "last"."""

    kind: str
    year: Year | None
    end: int


# ---------------------------------------------------------------- years


def year_at(scan: Scan, index: int, cued: bool = False, behind_month: bool = False) -> Year | None:
    """Read a year at a token.

    Parameters
    ----------
    scan : Scan
    index : int
    cued : bool
        Whether the words before let a bare number be a year.
    behind_month : bool
        Whether a month stands before; then any four digits will do.
    """
    cue = match(words_of("year"), scan, index)
    at = cue.end if cue else index
    if cue and not scan.near(at, "("):
        return None
    found = digits_at(scan, at) or (_year_in_words(scan, at) if cue else None)
    if found is None or not (1 if cue else 3) <= len(found.value) <= 4 or (cue and found.cut):
        return None
    number, end = int(found.value), found.end
    glued = scan.key(at)[: found.cut]
    part = next((split for split in clitic_splits(glued or " ") if split.core in words_of("year")), None)
    told = cue is not None or part is not None
    cued = cued or glued in keys_of("date_word", "words", part="cue")
    if not _year_allowed(scan, at, number, told, cued, behind_month):
        return None
    hijri, behind = era_at(scan, end)
    if hijri is None:
        return None
    if behind == end:
        hijri = number in _HIJRI_WITHOUT_MARK and told and not _era_behind_second(scan, end)
    end = behind
    word = cue or part or found
    return Year(number, hijri, end, word.cut)


def _era_behind_second(scan: Scan, index: int) -> bool:
    """Say whether an era stands behind the second of two years: ``1357 - 1366م``."""
    return scan.marked(index, _DASHES + "/") and era_at(scan, index + 1)[1] > index + 1


def _year_allowed(scan: Scan, at: int, number: int, told: bool, cued: bool, behind_month: bool) -> bool:
    """Say whether a number may be a year where it stands."""
    era = era_at(scan, at + 1)
    if era[1] > at + 1 and number <= _TOLD[-1]:
        return True
    if told:
        return number in _TOLD
    if is_counted(scan, at + 1) or scan.behind(at) in _NOT_YEARS:
        return False
    if _numeric(_YMD, scan.doc.folded.key, scan.origin(at)):
        return False
    if behind_month:
        return number in (_OLDEST if _era_behind_second(scan, at + 1) else _LIVED)
    return number in _MODERN and (cued or _licensed(scan, at))


def _licensed(scan: Scan, at: int) -> bool:
    """Say whether the surroundings make a bare number a year: a preposition, an event, brackets."""
    if scan.tokens[at].gap.strip().endswith("(") and scan.behind(at) == ")":
        return True
    digits = digits_at(scan, at)
    if digits and digits.cut:
        return False
    dated = keys_of("anchor_noun", "nouns", dated=True)
    if follows(scan, at, keys_of("date_word", "words", part="cue")) or follows(scan, at, dated):
        return True
    return scan.near(at) and follows(scan, at - 1, dated)


def _year_in_words(scan: Scan, index: int) -> Match | None:
    """Read a year spelled out, which needs its cue word."""
    found = cardinal(scan.tokens, index)
    if found is None or not float(found[0]).is_integer() or not 1000 <= found[0] <= 2100:
        return None
    return Match(str(int(found[0])), found[1], 0)


def era_at(scan: Scan, index: int) -> tuple[bool | None, int]:
    """Read the era behind a year or century: Hijri or not and the index behind; ``None`` before Christ."""
    if not scan.near(index, ")"):
        return False, index
    if match(words_of("bce"), scan, index, clitics=False):
        return None, index
    for hijri, part in ((True, "hijri"), (False, "gregorian")):
        found = match(words_of(part), scan, index, clitics=False)
        if found:
            return hijri, found.end
    return False, index


def interval_of_year(year: Year) -> Interval | None:
    """Return the days of a year of either calendar."""
    return hijri_year(year.number) if year.hijri else of_year(year.number)


def bare_year_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a year that stands without a month, or two years joined by a dash."""
    spread_out = _spread_at(scan, index)
    year = year_at(scan, index, cued or spread_out, behind_month=spread_out)
    interval = interval_of_year(year) if year else None
    if year is None or interval is None:
        return None
    spread = _second_year(scan, year)
    if spread:
        both = between(interval, spread[0]) or between(spread[0], interval)
        return Hit(index, spread[1], year.cut, both) if both else None
    return Hit(index, year.end, year.cut, interval)


def _spread_at(scan: Scan, index: int) -> bool:
    """Say whether ``2011-2014`` stands at an index, which needs no cue; in brackets ``(1849 - 1905)``."""
    first, second = digits_at(scan, index), digits_at(scan, index + 1)
    if not first or not second or not scan.marked(index + 1, _DASHES) or second.cut:
        return False
    if scan.marked(index + 2, _DASHES) or scan.marked(index, _DASHES):
        return False
    years = _MODERN
    if _era_behind_second(scan, index + 1):
        years = _OLDEST
    elif scan.tokens[index].gap.strip().endswith("(") and scan.behind(index + 1) == ")":
        years = _LIVED
    return int(first.value) in years and int(second.value) in years and int(first.value) < int(second.value)


def _second_year(scan: Scan, year: Year) -> tuple[Interval, int] | None:
    """Read the second of two years behind a dash (``1931-32``), or behind a slash if they are neighbours."""
    if not scan.marked(year.end, _DASHES + "/"):
        return None
    found = digits_at(scan, year.end)
    if found is None or found.cut or scan.marked(found.end, _DASHES + "/"):
        return None
    number = int(found.value)
    if len(found.value) == 2:
        number += year.number - year.number % 100
    elif len(found.value) != 4 and era_at(scan, found.end)[1] == found.end:
        return None
    slash = scan.tokens[year.end].gap.strip() == "/"
    if abs(number - year.number) != 1 if slash else number <= year.number:
        return None
    hijri, end = era_at(scan, found.end)
    interval = interval_of_year(Year(number, bool(hijri) or year.hijri, end, 0))
    return (interval, end) if interval else None


# ---------------------------------------------------------------- numeric dates


def numeric_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read ``14/2/2017``, ``14-02-2017``, ``2017-02-14`` and, where a date is expected, ``2/2017``."""
    digit = _DIGIT.search(scan.key(index))
    if digit is None:
        return None
    cut = digit.start()
    if scan.tokens[index].gap in _TIGHT and scan.key(index - 1)[-1:].isdigit():
        return None
    origin = scan.origin(index) + cut
    found = _numeric(_DMY, scan.doc.folded.key, origin)
    if found:
        interval = _from_numbers(int(found[1]), int(found[3]), found[4])
    elif found := _numeric(_YMD, scan.doc.folded.key, origin):
        interval = _from_numbers(int(found[4]), int(found[3]), found[1])
    elif found := _MY.match(scan.doc.folded.key, origin):
        licensed = cued or follows(scan, index, keys_of("date_word", "words", part="cue"))
        interval = of_month(int(found[2]), int(found[1])) if licensed and int(found[2]) in _MODERN else None
    if found is None or interval is None:
        return None
    stop = scan.doc.folded.span(origin, found.end())[1]
    end = index + 1
    while end < len(scan.tokens) and scan.tokens[end].start < stop:
        end += 1
    return Hit(index, era_at(scan, end)[1], cut, interval)


def _numeric(pattern: re.Pattern[str], key: str, origin: int) -> re.Match[str] | None:
    """Match a numeric date; only slashes allow spaces and years of two digits (``2 - 1 - 10`` is a score)."""
    found = pattern.match(key, origin)
    if found is None or found[2] == "/":
        return found
    short = max(len(found[1]), len(found[4])) < 4
    return None if short or " " in found[0] else found


def _from_numbers(number: int, month: int, written: str) -> Interval | None:
    """Return the day of a numeric date; the month may come first if it must."""
    year = int(written)
    if len(written) == 2:
        year += 2000 if year < 50 else 1900
    if year in HIJRI_YEARS:
        return hijri_day(year, month, number)
    if year not in range(1000, 2101):
        return None
    return of_day(year, month, number) or of_day(year, number, month)


# ---------------------------------------------------------------- days and months


def month_at(scan: Scan, index: int, clitics: bool = True) -> Match | None:
    """Read a month, whose second name may stand behind a slash or in brackets: ``شباط/فبراير``."""
    found = match(months(), scan, index, clitics)
    if found and scan.near(found.end, "/(" + _DASHES):
        other = match(months(), scan, found.end, clitics=False)
        if other and other.value == found.value:
            return Match(found.value, other.end, found.cut)
    return found


def calendar_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a day and month, or a month, each with or without its year."""
    return _day_month_at(scan, index) or _month_year_at(scan, index, cued)


def _day_month_at(scan: Scan, index: int) -> Hit | None:
    """Read ``14 فبراير 2017``, ``الرابع عشر من فبراير``, ``3-7 مارس``."""
    begin = _day_at(scan, index)
    if begin is None:
        return None
    until = _second_day(scan, begin.end)
    at = until.end if until else begin.end
    for part in ("of", "month"):
        word = match(words_of(part), scan, at, clitics=part == "month") if scan.near(at) else None
        at = word.end if word else at
    marks = "/-" if digits_at(scan, index) else ""
    month = month_at(scan, at, clitics=False) if scan.near(at, marks) else None
    if month is None and until is None:
        return _day_of_told_month(scan, index, begin)
    if month is None or (month.value in need_year() and scan.marked(at, "/-")):
        return None
    when = when_at(scan, month.end)
    if when.kind == "none" and month.value in need_year():
        return None
    when = told_when(scan, index, when)
    low = resolve(scan, month.value, begin.value, when)
    high = resolve(scan, month.value, until.value, when) if until else low
    if low is None or high is None:
        return None
    interval = between(low, high) if until and low.first else low
    return Hit(index, when.end, begin.cut, interval, _told_from(when)) if interval else None


def _day_of_told_month(scan: Scan, index: int, number: Match) -> Hit | None:
    """Read ``الثالث من الشهر الجاري`` or ``3 من هذا الشهر``."""
    of = match(words_of("of"), scan, number.end, clitics=False) if scan.near(number.end) else None
    told = _told_month(scan, of.end) if of and scan.near(of.end) else None
    if told is None:
        return None
    step, end = told
    when = shift(scan.today, step, "M") if scan.today else None
    interval = of_day(when.year, when.month, number.value) if when else unknown(1)
    return Hit(index, end, number.cut, interval, "document") if interval else None


def _told_month(scan: Scan, index: int) -> tuple[int, int] | None:
    """Read "this month" or "last month": how many months away, and the index behind."""
    this = match(words_of("this"), scan, index, clitics=False)
    period = match(units("period"), scan, this.end if this else index, clitics=False)
    if period is None or period.value != "M":
        return None
    if this:
        return 0, period.end
    for kind, step in (("past", -1), ("current", 0), ("next", 1)):
        found = match(words_of(kind), scan, period.end, clitics=False) if scan.near(period.end) else None
        if found:
            return step, found.end
    return None


def _day_at(scan: Scan, index: int) -> Match | None:
    """Read the number of a day in digits or as an ordinal."""
    found = digits_at(scan, index)
    if found:
        return Match(int(found.value), found.end, found.cut) if 1 <= int(found.value[:3]) <= 31 else None
    named = parse_ordinal(scan.tokens, index) or _cardinal_day(scan, index)
    if named is None or not 1 <= named[0] <= 31:
        return None
    splits = (split for split in clitic_splits(scan.key(index)) if split.core.startswith(article()))
    cut = next((split.cut for split in splits), 0)
    return Match(int(named[0]), named[1], cut)


def _cardinal_day(scan: Scan, index: int) -> tuple[float, int] | None:
    """Read ``عشرين مارس`` behind "the day"."""
    return (
        cardinal(scan.tokens, index)
        if follows(scan, index, keys_of("date_word", "words", part="day"))
        else None
    )


def _second_day(scan: Scan, index: int) -> Match | None:
    """Read the other end of a range of days: ``-7``, ``إلى 7``, ``و7``."""
    if scan.marked(index, _DASHES):
        return _day_at(scan, index)
    if not scan.near(index):
        return None
    joiner = match(words_of("to"), scan, index, clitics=False) or match(words_of("and"), scan, index, False)
    if joiner:
        return _day_at(scan, joiner.end) if scan.near(joiner.end) else None
    joined = _day_at(scan, index)
    return joined if joined and joined.cut else None


def _month_year_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a month with its year, or one that a cue makes a date."""
    word = match(words_of("month"), scan, index)
    at = word.end if word and scan.near(word.end) else index
    month = month_at(scan, at, clitics=at == index)
    if month is None:
        return None
    when = when_at(scan, month.end)
    cue = not month.cut and follows(scan, index, keys_of("date_word", "words", part="cue"))
    if when.kind == "none" and (month.value in need_year() or not (cued or at > index or cue)):
        return None
    when = told_when(scan, index, when)
    interval = resolve(scan, month.value, None, when)
    if interval is None:
        return None
    cut = word.cut if word and at > index else month.cut
    return Hit(index, when.end, cut, interval, _told_from(when))


def when_at(scan: Scan, index: int) -> When:
    """Read what fixes the year behind a day or month: ``2017``, ``من عام 2017``, ``الماضي``."""
    if not scan.near(index, "()\u060c,/" + _DASHES):
        return When("none", None, index)
    for kind in ("past", "current", "next"):
        found = match(words_of(kind), scan, index, clitics=False) if scan.near(index, ")") else None
        if found:
            return When(kind, None, found.end)
    of = match(words_of("of"), scan, index, clitics=False) if scan.near(index, ")") else None
    at = of.end if of and scan.near(of.end) else index
    told = _told_year(scan, at)
    if told:
        return told
    year = year_at(scan, at, behind_month=True)
    if year is None and _lost_year(scan, at):
        return When("lost", None, index)
    if year and not (year.cut and scan.tokens[at].gap.strip()):
        return When("year", year, year.end)
    return When("none", None, index)


def told_when(scan: Scan, index: int, when: When) -> When:
    """Give a day without its year a place in time: behind a dated day of its sentence, or ahead."""
    if when.kind != "none":
        return when
    if scan.since is not None:
        return when._replace(kind="since")
    return when._replace(kind="ahead") if is_ahead(scan, index) else when


def _told_from(when: When) -> str | None:
    """Return what a day is told from: nothing, if its year is known."""
    return None if when.kind in ("year", "since") else "document"


def _lost_year(scan: Scan, index: int) -> bool:
    """Say whether a year is told that cannot be read: then the day must not be given another."""
    cue = match(words_of("year"), scan, index)
    return cue is not None and scan.near(cue.end, "(") and digits_at(scan, cue.end) is not None


def _told_year(scan: Scan, index: int) -> When | None:
    """Read ``العام الماضي`` or ``هذا العام`` behind a month."""
    this = match(words_of("this"), scan, index, clitics=False)
    at = this.end if this else index
    period = match(units("period"), scan, at)
    if period is None or period.value != "Y":
        return None
    if this:
        return When("current", None, period.end)
    steps = {"past": -1, "current": 0, "next": 1}
    for kind, step in steps.items():
        found = match(words_of(kind), scan, period.end, clitics=False) if scan.near(period.end) else None
        if found is None:
            continue
        if scan.today is None:
            return When(kind, None, found.end)
        return When("told", Year(scan.today.year + step, False, found.end, 0), found.end)
    return None


def resolve(scan: Scan, month: tuple[int, bool], number: int | None, when: When) -> Interval | None:
    """Return the days of a month, or of a day in it, in the year that `When` gives.

    Without a year the last such day or month up to the day of writing is meant, unless a word says
    otherwise; without a day of writing the interval is unknown, its precision is kept.
    """
    if when.kind == "lost":
        return None
    build = _builder(month, number)
    if when.year is not None:
        return build(when.year.number)
    today = scan.since if when.kind == "since" else scan.today
    if today is None:
        return unknown(1 if number else 4)
    year = today.year
    if when.kind == "current":
        return build(year)
    found = [interval for interval in map(build, range(year - 2, year + 3)) if interval and interval.first]
    return choose(found, today, when.kind)


def _builder(month: tuple[int, bool], number: int | None) -> Callable[[int], Interval | None]:
    """Return the function that gives the interval in a year of either calendar."""
    index, hijri = month

    def build(year: int) -> Interval | None:
        if not hijri:
            return of_day(year, index, number) if number else of_month(year, index)
        if year < HIJRI_YEARS.stop:
            return hijri_day(year, index, number) if number else hijri_month(year, index)
        whole = hijri_months_in(year, index)
        if whole is None or number is None or whole.first is None:
            return whole
        when = whole.first + timedelta(days=number)
        return Interval(when - timedelta(days=1), when + timedelta(days=1), 2, when.isoformat() + "~")

    return build


def choose(found: list[Interval], today: date, kind: str) -> Interval | None:
    """Choose among the same day or month of several years: the last one, or the next."""
    if kind == "next":
        return next((interval for interval in found if interval.first and interval.first > today), None)
    if kind in ("ahead", "since"):
        return next((interval for interval in found if interval.last and interval.last >= today), None)
    end = "last" if kind == "past" else "first"
    before = [interval for interval in found if _reached(getattr(interval, end), today, kind)]
    return before[-1] if before else None


def _reached(when: date, today: date, kind: str) -> bool:
    return when < today if kind == "past" else when <= today
