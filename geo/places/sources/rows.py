"""Check what the rows of every source hold: points, country codes, numbers, options of the user."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geo.errors import InputError
from geo.places.records import BadRow, SourceName
from geo.tables.sheets import number_of

_SHOWN = 120
_EARTH_KM2 = 5.101e8
_POINT = re.compile(r"(?:<[^>]*>\s*)?POINT\s*Z?\s*\(\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\)", re.IGNORECASE)


class Refused(Exception):  # noqa: N818 - it is a verdict on a row, and never leaves the importers
    """Say why a row is refused; the importer makes a `BadRow` of it."""


def bad(path: Path | str, row: int, reason: str, text: object = "") -> BadRow:
    """Return a refused row, its text shortened and free of control characters.

    Examples
    --------
    >>> bad("a.csv", 2, "no name", "x" * 500).text[-3:]
    'xx…'
    """
    name = path.name if isinstance(path, Path) else path
    shown = " ".join(str(text)[: _SHOWN * 4].split())
    shown = "".join(char if char.isprintable() else "?" for char in shown)
    return BadRow(name, row, reason, shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…")


def number(value: object, what: str) -> float:
    """Return a number of a row; decimal commas and Arabic digits are understood.

    Parameters
    ----------
    value : object
    what : str
        What it is, for the message.

    Raises
    ------
    Refused
        If it is no finite number.

    Examples
    --------
    >>> number("٣٢,٥", "latitude"), number(-8, "longitude")
    (32.5, -8.0)
    """
    if isinstance(value, bool) or value is None or value == "":
        raise Refused(f"there is no {what}")
    text = str(value).strip().replace("\u2212", "-")
    try:
        result = float(text) if isinstance(value, int | float) else number_of(text)
    except ValueError as error:
        raise Refused(f"the {what} {text[:40]!r} is no number") from error
    if not math.isfinite(result):
        raise Refused(f"the {what} is {text[:40]}, not a finite number")
    return result


def point(lon: object, lat: object) -> tuple[float, float]:
    """Return longitude and latitude in degrees (EPSG:4326), checked.

    Raises
    ------
    Refused
        If one is no number or out of range, or both are 0 (the mark of a missing point).

    Examples
    --------
    >>> point("23.9596", "32.0836")
    (23.9596, 32.0836)
    """
    x, y = number(lon, "longitude"), number(lat, "latitude")
    if not -90 <= y <= 90:
        swapped = "; are longitude and latitude exchanged?" if -90 <= x <= 90 else ""
        raise Refused(f"the latitude {y:g} lies outside -90 to 90{swapped}")
    if not -180 <= x <= 180:
        raise Refused(f"the longitude {x:g} lies outside -180 to 180")
    if x == 0 and y == 0:
        raise Refused("the point is 0, 0: none was recorded")
    return x, y


def point_of_wkt(text: str) -> tuple[float, float]:
    """Return the point of a WKT literal.

    Raises
    ------
    Refused
        If it is no point, or lies on another body than the Earth.

    Examples
    --------
    >>> point_of_wkt("Point(23.95 32.08)")
    (23.95, 32.08)
    """
    found = _POINT.match(text.strip())
    if not found:
        raise Refused(f"{text.strip()[:60]!r} is no point (expected: Point(longitude latitude))")
    if text.lstrip().startswith("<") and "Q2>" not in text.split(">")[0] + ">" and "EPSG" not in text:
        raise Refused("the point lies on another body than the Earth")
    return point(found[1], found[2])


def country(code: object) -> str:
    """Return an ISO 3166-1 alpha-2 code in capitals, or nothing if there is none.

    Examples
    --------
    >>> country("ly"), country("-99"), country(None)
    ('LY', '', '')
    """
    text = str(code or "").strip().upper()
    return text if len(text) == 2 and text.isascii() and text.isalpha() else ""


def people(value: object) -> int:
    """Return a number of inhabitants, 0 where none is told or it makes no sense.

    Examples
    --------
    >>> people("131773"), people(""), people("-99"), people("12.0")
    (131773, 0, 0, 12)
    """
    try:
        count = number(value, "population")
    except Refused:
        return 0
    return int(count) if 0 < count < 2e10 else 0


def some_name(names: tuple[SourceName, ...]) -> tuple[SourceName, ...]:
    """Return the names, or refuse the row that has none.

    Raises
    ------
    Refused
        If there is no name in Arabic or Latin script.
    """
    if not names:
        raise Refused("there is no name in Arabic or Latin script")
    return names


def radius_km(square_km: float) -> float | None:
    """Return the radius of a circle of an area, in km, or nothing where it makes no sense.

    Examples
    --------
    >>> round(radius_km(314.159), 1), radius_km(0)
    (10.0, None)
    """
    return round(math.sqrt(square_km / math.pi), 1) if 0 < square_km < _EARTH_KM2 else None


def options(
    source: str, given: Mapping[str, object], known: Mapping[str, str], more: Iterable[str] = ()
) -> dict[str, str]:
    """Return the user's options as text, the unknown refused.

    Parameters
    ----------
    source : str
    given : mapping
        What the user wrote.
    known : mapping of str to str
        Options of the source and what each holds if nothing is given.
    more : iterable of str
        Further options without a default.

    Raises
    ------
    InputError
        Naming the options there are.

    Examples
    --------
    >>> options("osm", {"country": "LY"}, {"country": ""})
    {'country': 'LY'}
    """
    allowed = {**known, **dict.fromkeys(more, "")}
    unknown = sorted(set(given) - set(allowed))
    if unknown:
        there = f"it knows {', '.join(sorted(allowed))}" if allowed else "it has none"
        raise InputError(f"{source}: there is no option {unknown[0]!r}; {there}")
    return {**allowed, **{key: str(value).strip() for key, value in given.items() if value is not None}}


def country_option(source: str, value: str) -> str:
    """Return the country that the user gave for all rows.

    Raises
    ------
    InputError
        If it is no ISO 3166-1 alpha-2 code.
    """
    if value and not country(value):
        raise InputError(f"{source}: country={value!r} is no ISO code of two letters (expected: country=LY)")
    return country(value)


def expected(path: Path, what: str, seen: Sequence[str] | str) -> InputError:
    """Return the error for a file of another format than the source's."""
    shown = seen if isinstance(seen, str) else ", ".join(str(item) for item in list(seen)[:12])
    return InputError(f"{path}: this is not {what}; found {shown[:200] or 'nothing'}")


def last_day(text: str) -> str:
    """Return the last day of a year, month or day, or of an interval of them, as an ISO date.

    Parameters
    ----------
    text : str
        ``1517``, ``1517-03``, ``2018-09-06``, ``-0320``, ``0640/0642``; EDTF marks of doubt are dropped.

    Returns
    -------
    str
        Empty where it cannot be read.

    Examples
    --------
    >>> last_day("1517"), last_day("1516-02~"), last_day("-0320/-0300"), last_day("unknown")
    ('1517-12-31', '1516-02-29', '-0300-12-31', '')
    """
    found = re.fullmatch(r"(-?)(\d{1,4})(?:-(\d\d))?(?:-(\d\d))?", text.rpartition("/")[2].strip("~?% "))
    if not found:
        return ""
    sign, year = found[1], int(found[2])
    month = int(found[3] or 12)
    if not 1 <= month <= 12:
        return ""
    longest = calendar.monthrange(year if not sign and year > 0 else 4, month)[1]
    return f"{sign}{year:04d}-{month:02d}-{min(int(found[4] or longest), longest):02d}"
