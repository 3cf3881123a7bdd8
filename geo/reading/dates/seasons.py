"""Read periods that have a name: feasts, seasons, decades, centuries."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo.arabic.clitics import article
from geo.arabic.number_words import parse_ordinal
from geo.reading.dates.absolute import Year, choose, era_at, when_at
from geo.reading.dates.calendar import (
    HIJRI_YEARS,
    Interval,
    between,
    hijri_day,
    hijri_feast,
    of_century,
    of_day,
    of_decade,
    of_hijri_century,
    season,
    unknown,
)
from geo.reading.dates.vocabulary import (
    Hit,
    Match,
    Scan,
    decades,
    digits_at,
    follows,
    keys_of,
    match,
    phrases_of,
    words_of,
)

# ---------------------------------------------------------------- feasts, seasons, decades


def feast_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a feast, its year behind it or the one nearest to the day of writing."""
    found = match(phrases_of("feast", "names"), scan, index)
    if found is None:
        return None
    when = when_at(scan, found.end)
    if when.year is not None:
        interval = _feast(found.value, when.year)
        relative = None if when.kind == "year" else "document"
        return Hit(index, when.end, found.cut, interval, relative) if interval else None
    relative = "document"
    if scan.today is None:
        return Hit(index, when.end, found.cut, unknown(2), relative)
    today = scan.today
    years = [Year(year, False, 0, 0) for year in range(today.year - 2, today.year + 3)]
    options = [interval for year in years if (interval := _feast(found.value, year)) and interval.first]
    if when.kind in ("past", "next"):
        interval = choose(options, today, when.kind)
    else:
        interval = min(options, key=lambda option: abs((_first(option) - today).days), default=None)
    return Hit(index, when.end, found.cut, interval, relative) if interval else None


def _first(interval: Interval) -> date:
    return interval.first or date.min


def _feast(entry: Any, year: Year) -> Interval | None:
    """Return the days of a feast in a year; a Hijri year gives the Hijri feast of that year."""
    if entry["calendar"] == "gregorian":
        return of_day(year.number, entry["month"], entry["day"])
    if year.number in HIJRI_YEARS:
        first = hijri_day(year.number, entry["month"], entry["day"])
        last = hijri_day(year.number, entry["month"], entry["day"] + entry["days"] - 1)
        return between(first, last) if first and last else None
    return hijri_feast(year.number, entry["month"], entry["day"], entry["days"])


def season_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a season, which needs a year or a word such as "last"."""
    this = match(words_of("this"), scan, index)
    found = match(phrases_of("season"), scan, this.end if this and scan.near(this.end) else index)
    if found is None:
        return None
    when = when_at(scan, found.end)
    if this and when.kind == "none":
        when, found = when._replace(kind="current"), found._replace(cut=this.cut)
    code = found.value["code"]
    if when.kind == "none":
        return None
    if when.year is not None:
        interval = season(when.year.number, code)
        relative = None if when.kind == "year" else "document"
    else:
        interval, relative = _told_season(scan, code, when.kind), "document"
    return Hit(index, when.end, found.cut, interval, relative) if interval else None


def _told_season(scan: Scan, code: int, kind: str) -> Interval | None:
    if scan.today is None:
        return unknown(5)
    if kind == "current":
        return season(scan.today.year, code)
    years = range(scan.today.year - 2, scan.today.year + 3)
    found = [interval for year in years if (interval := season(year, code))]
    return choose(found, scan.today, kind)


def decade_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read a decade of the twentieth century."""
    found = match(decades(), scan, index)
    if found is None or match(words_of("age"), scan, found.end, clitics=False):
        return None
    of = match(words_of("of"), scan, found.end, clitics=False) if scan.near(found.end) else None
    century = _century(scan, of.end if of else found.end)
    cue = follows(scan, index, keys_of("date_word", "words", part="cue"))
    definite = scan.key(index)[found.cut :].startswith(article())
    if not (century or cued or cue or definite) or (century and century.value[1]):
        return None
    interval = of_decade(found.value, century.value[0] if century else 20)
    return Hit(index, century.end if century else found.end, found.cut, interval) if interval else None


# ---------------------------------------------------------------- centuries


def century_at(scan: Scan, index: int, cued: bool) -> Hit | None:
    """Read ``القرن التاسع عشر``, ``القرن 19``, ``القرن الثالث الهجري``, ``القرن الماضي``."""
    found = _century(scan, index)
    if found is None:
        return None
    number, hijri = found.value
    interval = of_hijri_century(number) if hijri else of_century(number)
    return Hit(index, found.end, found.cut, interval) if interval else None


def _century(scan: Scan, index: int) -> Match | None:
    """Read which century, and whether of the Hijra; the last one is the twentieth."""
    word = match(words_of("century"), scan, index)
    if word is None or not scan.near(word.end):
        return None
    for kind, told in (("past", 20), ("current", 21)):
        if said := match(words_of(kind), scan, word.end, clitics=False):
            return Match((told, False), said.end, word.cut)
    the = match(words_of("the"), scan, word.end, clitics=False)
    at = the.end if the and scan.near(the.end, "-") else word.end
    number = digits_at(scan, at) or parse_ordinal(scan.tokens, at)
    if number is None or not scan.key(at).startswith((article(), *"123456789")):
        return None
    value, end = int(number[0]), number[1]
    hijri, end = era_at(scan, end)
    return None if hijri is None else Match((value, hijri), end, word.cut)
