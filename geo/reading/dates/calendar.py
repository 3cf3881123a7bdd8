"""Build intervals of days: Gregorian and Hijri, with UCDP precision and EDTF.

Pure arithmetic, no Arabic. Every function returns ``None`` where the calendar has no such day, so that a
misread number never becomes a date.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from hijridate import Gregorian, Hijri

HIJRI_YEARS = range(1343, 1501)
_WEEK, _FEW, _MONTH = 7, 6, 31
_GREGORIAN = 2_299_161  # Julian day number of 15 October 1582
WINTER = 24
WEEKS = 5


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold an interval of local days.

    Attributes
    ----------
    first, last : date or None
        Both ends included; ``None`` for an open or unknown end.
    precision : int or None
        UCDP: 1 day, 2 a few days, 3 week, 4 month, 5 year or more; ``None`` if open.
    edtf : str
        ISO 8601-2 level 1, empty if unknown.
    """

    first: date | None
    last: date | None
    precision: int | None
    edtf: str


def unknown(precision: int | None = None) -> Interval:
    """Return the interval of a phrase whose anchor is not known."""
    return Interval(None, None, precision, "")


def precision_of(first: date, last: date) -> int:
    """Return the UCDP precision of a closed interval by its length (GED codebook 24.1, ``date_prec``)."""
    days = (last - first).days + 1
    steps = ((1, 1), (_FEW, 2), (_WEEK, 3), (_MONTH, 4))
    return next((precision for limit, precision in steps if days <= limit), 5)


def day(when: date) -> Interval:
    """Return one day."""
    return Interval(when, when, 1, when.isoformat())


def of_day(year: int, month: int, number: int) -> Interval | None:
    """Return a day of the Gregorian calendar, or ``None`` if there is no such day."""
    try:
        return day(date(year, month, number))
    except ValueError:
        return None


def of_month(year: int, month: int) -> Interval | None:
    """Return a whole month.

    Examples
    --------
    >>> of_month(2016, 2).last.day
    29
    """
    if not (1 <= year <= 9998 and 1 <= month <= 12):
        return None
    last = calendar.monthrange(year, month)[1]
    return Interval(date(year, month, 1), date(year, month, last), 4, f"{year:04d}-{month:02d}")


def of_year(year: int) -> Interval | None:
    """Return a whole year."""
    if not 1 <= year <= 9998:
        return None
    return Interval(date(year, 1, 1), date(year, 12, 31), 5, f"{year:04d}")


def of_decade(tens: int, century: int = 20) -> Interval | None:
    """Return a decade of a century, ``8`` for the eighties."""
    if not 2 <= century <= 21:
        return None
    start = (century - 1) * 100 + tens * 10
    return Interval(date(start, 1, 1), date(start + 9, 12, 31), 5, f"{start // 10:03d}X")


def of_century(number: int) -> Interval | None:
    """Return a century of our era, ``19`` for the nineteenth.

    Examples
    --------
    >>> of_century(19).edtf
    '18XX'
    """
    if not 2 <= number <= 21:
        return None
    first = (number - 1) * 100
    return Interval(date(first, 1, 1), date(first + 99, 12, 31), 5, f"{number - 1:02d}XX")


def of_hijri_century(number: int) -> Interval | None:
    """Return a century of the Hijra."""
    first, last = hijri_year(number * 100 - 99), hijri_year(number * 100)
    if first is None or last is None or first.first is None or last.last is None:
        return None
    return span(first.first, last.last, 5)


def of_week(inside: date) -> Interval:
    """Return the week, Monday to Sunday, that holds a day."""
    monday = inside - timedelta(days=inside.weekday())
    return span(monday, monday + timedelta(days=6), 3)


def span(first: date, last: date, precision: int | None = None) -> Interval:
    """Return a closed interval of days; precision by length unless given."""
    if first == last:
        return Interval(first, last, precision or 1, first.isoformat())
    edtf = f"{first.isoformat()}/{last.isoformat()}"
    return Interval(first, last, precision or precision_of(first, last), edtf)


def between(begin: Interval, end: Interval) -> Interval | None:
    """Return the interval from the beginning of one to the end of another, if it rises."""
    if begin.first is None or end.last is None or begin.first > end.last:
        return None
    ends = [
        _plain(begin.edtf.partition("/")[0], begin.first),
        _plain(end.edtf.rpartition("/")[2], end.last),
    ]
    edtf = "/".join(ends) if ends[0] != ends[1] else ends[0]
    return Interval(begin.first, end.last, precision_of(begin.first, end.last), edtf)


def _plain(edtf: str, when: date) -> str:
    """Return an EDTF string that may stand in an interval: a date, else the day."""
    return when.isoformat() if not edtf or "/" in edtf or "X" in edtf or edtf[-3:-1] == "-2" else edtf


def opened(base: Interval, offset: str) -> Interval:
    """Open an interval: ``since`` and ``after`` keep the first day, ``before`` and ``until`` the last."""
    if base.first is None or base.last is None:
        return unknown()
    if offset in ("since", "after"):
        return Interval(base.first, None, None, _plain(base.edtf.partition("/")[0], base.first) + "/..")
    when, end = (base.first, 0) if offset == "before" else (base.last, -1)
    return Interval(None, when, None, "../" + _plain(base.edtf.split("/")[end], when))


def part(base: Interval, of: int, which: int) -> Interval | None:
    """Return a third, half, quarter or week (``of`` 5) of a month, a year or a century; others stay whole.

    Thirds follow UCDP: days 1-10, 11-20 and the rest of a month; four months each of a year.

    Examples
    --------
    >>> part(of_month(2016, 2), 3, 3).edtf
    '2016-02-21/2016-02-29'
    """
    if base.first is None or base.last is None or base.precision not in (4, 5):
        return base
    if base.precision == 5:
        return _part_of_year(base, of, which)
    length = (base.last - base.first).days + 1
    named = {3: [0, 10, 20, length], WEEKS: [0, 7, 14, 21, 28, length]}
    cuts = named.get(of) or [length * step // of for step in range(of + 1)]
    first, last = base.first + timedelta(days=cuts[which - 1]), base.first + timedelta(days=cuts[which] - 1)
    return span(first, last, 3 if of == WEEKS else 4)


def _part_of_year(base: Interval, of: int, which: int) -> Interval | None:
    """Return the months that make a part of a year, the years of a century; odd bases stay whole."""
    if base.first is not None and base.edtf.endswith("XX"):
        years = [base.first.year + 100 * step // of for step in (which - 1, which)]
        ends = of_year(years[0]), of_year(years[1] - 1)
        return between(ends[0], ends[1]) if ends[0] and ends[1] else None
    if of == WEEKS:
        return None
    if base.first is None or base.last is None or base.edtf != f"{base.first.year:04d}":
        return base
    year, size = base.first.year, 12 // of
    begin, end = of_month(year, (which - 1) * size + 1), of_month(year, which * size)
    if begin is None or end is None:
        return None
    return Interval(begin.first, end.last, 5, f"{begin.edtf}/{end.edtf}")


def season(year: int, code: int) -> Interval | None:
    """Return a season, code 21 spring to 24 winter; a winter spans its year, for it lies at both ends."""
    if not 1 <= year <= 9998:
        return None
    edtf = f"{year:04d}-{code}"
    if code == WINTER:
        return Interval(date(year, 1, 1), date(year, 12, 31), 5, edtf)
    month = 3 * (code - 20)
    end = of_month(year, month + 2)
    return Interval(date(year, month, 1), end.last, 5, edtf) if end else None


def add_months(when: date, months: int) -> date | None:
    """Move a day by months; the day is cut to the month's length."""
    index = when.year * 12 + when.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return None
    return date(year, month + 1, min(when.day, calendar.monthrange(year, month + 1)[1]))


def add_days(when: date, days: float) -> date | None:
    """Move a day by days, or return ``None`` beyond the calendar."""
    try:
        return when + timedelta(days=days)
    except OverflowError:
        return None


def shift(when: date, count: float, code: str) -> date | None:
    """Move a day by a number of units: ``H`` (hours), ``D``, ``W``, ``M``, ``Y`` or ``X`` (ten years)."""
    if abs(count) > 10_000:
        return None
    days = {"H": 1 / 24, "D": 1, "W": 7}.get(code)
    if days:
        return add_days(when, round(count * days))
    return add_months(when, round(count * {"M": 1, "Y": 12, "X": 120}[code]))


def duration(count: float, code: str) -> str:
    """Write a length of time as an ISO 8601 duration with its sign.

    Examples
    --------
    >>> duration(-1.5, "Y")
    '-P1Y6M'
    """
    sign, size = ("-" if count < 0 else ""), abs(count)
    if code == "X":
        size, code = size * 10, "Y"
    if code == "H":
        return f"{sign}PT{size:g}H"
    whole = int(size)
    rest = ""
    if size > whole and code in ("Y", "W"):
        parts, name = (12, "M") if code == "Y" else (7, "D")
        rest = f"{round((size - whole) * parts)}{name}"
    return f"{sign}P{whole}{code}{rest}" if whole or not rest else f"{sign}P{rest}"


# ---------------------------------------------------------------- Hijri


def _hijri(year: int, month: int, number: int) -> date | None:
    """Return the Gregorian day of a Hijri one, as Umm al-Qura counts; outside its tables, as tabulated."""
    if year not in HIJRI_YEARS:
        return _tabular(year, month, number)
    try:
        found = Hijri(year, month, number).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)


def _tabular(year: int, month: int, number: int) -> date | None:
    """Return the day of a Hijri one by the tabular (arithmetic) calendar.

    Before 15 October 1582 it is the day of the Julian calendar, as texts give such days. Source: the 30-year
    cycle of 11 leap years, epoch 16 July 622 (Julian), with Julian day numbers after Richards, Explanatory
    Supplement to the Astronomical Almanac, 15.11.
    """
    if not (1 <= year < HIJRI_YEARS.stop and 1 <= month <= 12 and 1 <= number <= 30):
        return None
    julian_day = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + number + 1_948_055
    if julian_day >= _GREGORIAN:
        return date.fromordinal(julian_day - 1_721_425)
    years, rest = divmod(4 * (julian_day + 32_082) + 3, 1461)
    months, days = divmod(5 * (rest // 4) + 2, 153)
    first = (years - 4800 + months // 10, months + 3 - 12 * (months // 10))
    return date(*first, min(days // 5 + 1, calendar.monthrange(*first)[1]))


def _loosened(first: date, last: date, precision: int) -> Interval:
    """Widen an interval by the day that observed moons differ from the calendar."""
    return span(first - timedelta(days=1), last + timedelta(days=1), precision)


def hijri_day(year: int, month: int, number: int) -> Interval | None:
    """Return a Hijri day, give or take one.

    Examples
    --------
    >>> hijri_day(1438, 5, 17).edtf
    '2017-02-14~'
    """
    when = _hijri(year, month, number)
    if when is None:
        return None
    loose = _loosened(when, when, 2)
    return Interval(loose.first, loose.last, 2, when.isoformat() + "~")


def hijri_month(year: int, month: int) -> Interval | None:
    """Return a Hijri month, give or take a day at each end."""
    first = _hijri(year, month, 1)
    after = _hijri(year + month // 12, month % 12 + 1, 1)
    if first is None:
        return None
    return _loosened(first, after - timedelta(days=1) if after else first + timedelta(days=29), 4)


def hijri_year(year: int) -> Interval | None:
    """Return a Hijri year, give or take a day at each end."""
    first, last = hijri_month(year, 1), hijri_month(year, 12)
    if first is None or last is None or first.first is None or last.last is None:
        return None
    return span(first.first, last.last, 5)


def hijri_months_in(year: int, month: int) -> Interval | None:
    """Return the Hijri month that begins in a Gregorian year; the first, if there are two."""
    try:
        start = Gregorian(year, 1, 1).to_hijri().year
    except (ValueError, OverflowError):
        return None
    for candidate in (start, start + 1):
        first = _hijri(candidate, month, 1)
        if first is not None and first.year == year:
            return hijri_month(candidate, month)
    return None


def hijri_feast(year: int, month: int, number: int, days: int) -> Interval | None:
    """Return a feast of several days in a Gregorian year, give or take a day at each end."""
    whole = hijri_months_in(year, month)
    if whole is None or whole.first is None:
        return None
    first = whole.first + timedelta(days=number)
    return _loosened(first, first + timedelta(days=days - 1), 2)
