"""Read the days of other people's tables: ISO, digits, month names, months and years alone."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from geo.arabic.normalize import strict_key
from geo.arabic.rules import table
from geo.tables.sheets import unmarked

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?")
_DIGITS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\s+)?([^\W\d].*?)[\s,]+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\s+(\d{1,2}),?\s+(\d{4})")


class Day(NamedTuple):
    """Hold the day, month or year of a cell.

    Attributes
    ----------
    start, end : str
        First and last day, ISO.
    edtf : str
    precision : int
        UCDP: 1 day, 4 month, 5 year.
    """

    start: str
    end: str
    edtf: str
    precision: int


class Order(NamedTuple):
    """Say which of two numbers of a date is the day.

    Attributes
    ----------
    first : bool
    note : str
        What was taken for granted; empty if the table leaves no doubt.
    """

    first: bool
    note: str


def days_first(cells: Iterable[str]) -> Order:
    """Find out whether dates in digits name the day or the month first, from all of them together.

    Parameters
    ----------
    cells : iterable of str

    Examples
    --------
    >>> days_first(["03/04/2020", "17/04/2020"])
    Order(first=True, note='')
    >>> days_first(["03/04/2020"]).note
    'dates like 03/04/2020 are read day first; no row tells'
    """
    day_first = month_first = False
    doubtful = ""
    for cell in cells:
        match = _DIGITS.fullmatch(_folded(cell))
        if match:
            one, two = int(match[1]), int(match[2])
            day_first, month_first = day_first or one > 12, month_first or two > 12
            doubtful = doubtful or cell
    if not doubtful or day_first != month_first:
        return Order(not month_first, "")
    told = "no row tells" if not day_first else "rows tell both ways"
    return Order(True, f"dates like {doubtful} are read day first; {told}")


def day_of(cell: str, day_first: bool = True) -> Day | None:
    """Return the day, month or year that a cell names, or None.

    Parameters
    ----------
    cell : str
    day_first : bool
        How ``03/04/2020`` is read.

    Examples
    --------
    >>> day_of("٣ كانون الثاني ٢٠١٧").start, day_of("02 January 2020").start, day_of("4/3/2021", False).start
    ('2017-01-03', '2020-01-02', '2021-04-03')
    >>> day_of("2012-06")
    Day(start='2012-06-01', end='2012-06-30', edtf='2012-06', precision=4)
    """
    text = _folded(cell)
    if match := _ISO.fullmatch(text):
        return _day(*(int(part or 0) for part in match.groups()))
    if match := _DIGITS.fullmatch(text):
        one, two, year = map(int, match.groups())
        day, month = (one, two) if (day_first and two <= 12) or one > 12 else (two, one)
        return _day(year, month, day)
    if match := _MONTH_FIRST.fullmatch(text):
        return _named(match[1], match[2], match[3])
    if match := _NAMED.fullmatch(text):
        return _named(match[2], match[1] or "0", match[3])
    return None


def _folded(cell: str) -> str:
    """Return a cell with ASCII digits, without marks of direction."""
    return "".join(
        str(int(char)) if char.isdecimal() and not char.isascii() else char for char in unmarked(cell)
    )


def _named(month: str, day: str, year: str) -> Day | None:
    number = _months().get(strict_key(month))
    return None if number is None else _day(int(year), number, int(day))


@cache
def _months() -> dict[str, int]:
    """Return the Gregorian months by name: Arabic ones of the rule table, English ones long and short."""
    months = {strict_key(name): int(row["number"]) for row in table("month") for name in row["names"]}
    english = zip(calendar.month_name, calendar.month_abbr, strict=True)
    for number, names in enumerate(english):
        months |= {strict_key(name): number for name in names if name}
    return months


def _day(year: int, month: int = 0, day: int = 0) -> Day | None:
    """Return the interval of a year, month or day; None if there is no such day."""
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Day(first.isoformat(), first.isoformat(), first.isoformat(), 1)
    if month:
        last = first.replace(day=calendar.monthrange(year, month)[1])
        return Day(first.isoformat(), last.isoformat(), f"{year:04d}-{month:02d}", 4)
    return Day(first.isoformat(), date(year, 12, 31).isoformat(), f"{year:04d}", 5)
