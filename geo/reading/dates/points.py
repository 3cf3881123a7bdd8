"""Compose date phrases: parts of periods, parts of days, two names of one day, ranges.

`point_at` reads one time, absolute or told from the day of writing; `range_at` reads two and what lies
between.
"""

from __future__ import annotations

from dataclasses import replace

from geo.arabic.clitics import article, clitic_relations
from geo.reading.dates.absolute import (
    bare_year_at,
    calendar_at,
    numeric_at,
)
from geo.reading.dates.calendar import Interval, between, part, unknown
from geo.reading.dates.relative import period_at, told_at, weekday_at
from geo.reading.dates.seasons import century_at, decade_at, feast_at, season_at
from geo.reading.dates.vocabulary import (
    Hit,
    Match,
    Scan,
    follows,
    keys_of,
    match,
    phrases_of,
    words_of,
)

_DASHES = "-\u2013\u2014"
_READERS = (
    numeric_at,
    calendar_at,
    feast_at,
    season_at,
    decade_at,
    century_at,
    weekday_at,
    told_at,
    bare_year_at,
    period_at,
)


def point_at(scan: Scan, index: int, cued: bool = False) -> Hit | None:
    """Read one time at a token, with the part of the day or period before it and its second name.

    Parameters
    ----------
    scan : Scan
    index : int
    cued : bool
        Whether the words before make a bare month, year or period a date.

    Returns
    -------
    Hit or None
        Its interval is ``None`` for a name that only looks like a date.
    """
    if index >= len(scan.tokens):
        return None
    hit = _simple(scan, index, cued) or _prefixed(scan, index) or _part_at(scan, index)
    if hit is None or hit.interval is None:
        return hit
    while (merged := _merged(scan, hit)) is not None:
        hit = merged
    lost = hit.weekday and scan.near(hit.end) and match(words_of("same"), scan, hit.end, clitics=False)
    return replace(hit, interval=None) if lost else hit


def _simple(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Try each kind of date in turn; a street or revolution named after a day is passed over."""
    for reader in _READERS:
        hit = reader(scan, index, cued)
        if hit is None:
            continue
        if reader is calendar_at and _names_something(scan, hit):
            return replace(hit, interval=None)
        return hit
    return None


def _names_something(scan: Scan, hit: Hit) -> bool:
    """Say whether the word before makes a day or month part of a name."""
    at = hit.start - 1 if scan.key(hit.start - 1) == article() else hit.start
    if follows(scan, at, keys_of("date_name", "before", always=True)):
        return True
    return hit.relative_to is not None and follows(scan, at, keys_of("date_name", "before", always=False))


def _prefixed(scan: Scan, index: int) -> Hit | None:
    """Read "the dawn of" or "the day of" and a day."""
    found = _prefix(scan, index)
    if found is None or not scan.near(found.end):
        return None
    inner = _simple(scan, found.end, False) or _prefixed(scan, found.end)
    if inner is None or inner.cut or inner.interval is None or inner.interval.precision not in (1, 2):
        return None
    return replace(inner, start=index, cut=found.cut)


def _prefix(scan: Scan, index: int) -> Match | None:
    for name in ("daypart", "days", "day"):
        found = match(words_of(name), scan, index)
        if found:
            return found
    return None


def _part_at(scan: Scan, index: int) -> Hit | None:
    """Read the beginning, middle, end, half or quarter of a month, a year or a week."""
    found = match(phrases_of("period_part"), scan, index)
    if found is None or not scan.near(found.end):
        return None
    of = match(words_of("of"), scan, found.end, clitics=False)
    at = of.end if of and scan.near(of.end) else found.end
    inner = _simple(scan, at, True)
    if inner is None or inner.interval is None or inner.interval.precision in (1, 2, None):
        return None
    if inner.cut and clitic_relations(scan.key(at)[: inner.cut]) != {"to"}:
        return None
    interval = part(inner.interval, found.value["of"], found.value["which"])
    return replace(inner, start=index, cut=found.cut, interval=interval) if interval else None


# ---------------------------------------------------------------- one day, named twice


def _merged(scan: Scan, hit: Hit) -> Hit | None:
    """Join a day with its second name behind it: ``اليوم (أمس)``, ``الثلاثاء 14 فبراير``."""
    if hit.interval is None or hit.interval.precision not in (1, 2):
        return None
    same = match(words_of("same"), scan, hit.end, clitics=False) if scan.near(hit.end, "(\u060c,") else None
    at = same.end if same else hit.end
    bracket = scan.marked(at, "(")
    if not scan.near(at, "(\u060c,="):
        return None
    other = _simple(scan, at, False) or _prefixed(scan, at)
    if other is None or other.interval is None or other.cut or other.interval.precision not in (1, 2):
        return None
    if bracket and not same and scan.behind(other.end - 1) != ")":
        return None
    if not (same or bracket or scan.marked(at, "=")) and _rank(hit) == _rank(other):
        return None
    best = _better(hit, other, bracket)
    return replace(best, start=hit.start, end=other.end, cut=hit.cut, weekday=False)


def _rank(hit: Hit) -> int:
    """Rank how firmly a phrase fixes its day: weekday, told from today, calendar."""
    if hit.weekday:
        return 1
    return 2 if hit.relative_to and hit.offset else 3


def _better(first: Hit, second: Hit, bracket: bool) -> Hit:
    """Choose which of two names of a day gives its value: brackets correct, Gregorian beats Hijri."""
    exact = [hit.interval is not None and hit.interval.precision == 1 for hit in (first, second)]
    ranks = [_rank(first) + exact[0], _rank(second) + exact[1]]
    if ranks[0] == ranks[1]:
        return second if bracket else first
    return first if ranks[0] > ranks[1] else second


# ---------------------------------------------------------------- ranges


def range_at(scan: Scan, index: int) -> Hit | None:
    """Read ``بين 2011 و2014``, ``من يناير إلى مارس 2017``, ``عامي 2015 و2016``, ``1 مارس - 5 أبريل``."""
    for name in ("between", "of", "years"):
        lead = match(words_of(name), scan, index)
        if lead is None or not scan.near(lead.end):
            continue
        years = match(words_of("years"), scan, lead.end, clitics=False)
        at = years.end if years and scan.near(years.end) else lead.end
        hit = _from(scan, at, joined=name != "of" or bool(years))
        while hit and name == "years" and (more := _other_end(scan, hit.end, joined=True)):
            longer = _spanned(scan, hit, more)
            if longer is None:
                break
            hit = longer
        if hit:
            return replace(hit, start=index, cut=lead.cut)
    return None


def until_at(scan: Scan, hit: Hit) -> Hit | None:
    """Extend a time by the end of its range, if "to" or a dash and another time follow."""
    end = _other_end(scan, hit.end, joined=False)
    return _spanned(scan, hit, end) if end else None


def _from(scan: Scan, index: int, joined: bool) -> Hit | None:
    """Read both ends of a range whose first word is behind."""
    begin = point_at(scan, index, cued=True)
    if begin is None or begin.interval is None or begin.cut:
        return None
    end = _other_end(scan, begin.end, joined)
    return _spanned(scan, begin, end) if end else None


def _other_end(scan: Scan, index: int, joined: bool) -> Hit | None:
    """Read "to" or a dash, or "and" where it joins, and the time behind."""
    if scan.marked(index, _DASHES) or (joined and scan.marked(index, "\u060c,")):
        return point_at(scan, index, cued=True)
    if not scan.near(index):
        return None
    joiner = match(words_of("to"), scan, index, clitics=False)
    if joined and joiner is None:
        joiner = match(words_of("and"), scan, index, clitics=False)
        if joiner is None:
            hit = point_at(scan, index, cued=True)
            return hit if hit and hit.cut else None
    if joiner is None or not scan.near(joiner.end):
        return None
    return point_at(scan, joiner.end, cued=True)


def _same_day(begin: Hit, end: Hit) -> Interval | None:
    """Return the day that a Hijri and a Gregorian date joined by a dash both name."""
    first, last = begin.interval, end.interval
    if first is None or last is None or not (first.first and first.last and last.first and last.last):
        return None
    hijri = first.edtf.endswith("~") and first.first <= last.first and last.last <= first.last
    return last if hijri else None


def _spanned(scan: Scan, begin: Hit, end: Hit) -> Hit | None:
    """Return the interval between two times; a first end without its year takes that of the second."""
    if begin.interval is None or end.interval is None:
        return None
    if begin.relative_to and not begin.offset and end.relative_to is None and end.interval.last:
        told = point_at(replace(scan, today=end.interval.last), begin.start, cued=True)
        begin = replace(begin, interval=told.interval if told else None, relative_to=None)
    if begin.interval is None:
        return None
    relative = begin.relative_to or end.relative_to
    interval = _same_day(begin, end) or between(begin.interval, end.interval)
    if interval is None:
        if begin.interval.first and end.interval.last:
            return None
        interval = unknown()
    return Hit(begin.start, end.end, begin.cut, interval, relative)
