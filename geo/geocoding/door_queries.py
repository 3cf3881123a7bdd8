"""Read what geopy's callers hand over: queries, countries, points and boxes in lat, lon, long lists.

geopy asks for lat, lon; `located`, `lon_lat` and `box_of` are the only places where the two are swapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopy
import pandas as pd

from geo.errors import InputError
from geo.geocoding.contexts import country_code, text_of
from geo.model import Place
from geo.places import Gazetteer

_MOST = 10
"""Most locations of a list, where no limit is given."""
_KEPT = 1 << 13
"""Distinct queries whose answers are kept while a long list is worked through."""


def located(address: str, place: Place, raw: dict[str, Any]) -> geopy.Location:
    """Return a place as geopy's location: here lon, lat become lat, lon."""
    return geopy.Location(address, (place.lat, place.lon), raw)


def lon_lat(query: Any) -> tuple[float, float]:
    """Return lon, lat of a point in geopy's order.

    Raises
    ------
    InputError
        If it is no point.

    Examples
    --------
    >>> lon_lat("35.5, 35.8")
    (35.8, 35.5)
    """
    try:
        if query is None:  # geopy's Point of nothing is 0, 0
            raise TypeError("there is no point")
        point = query if isinstance(query, geopy.Point) else geopy.Point(query)
    except (TypeError, ValueError) as error:
        raise InputError(f"{query!r} is no point; give (lat, lon), a geopy Point or '35.5, 35.8'") from error
    return point.longitude, point.latitude


def box_of(viewbox: Sequence[Any]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of two corners in geopy's order, whichever they are.

    Raises
    ------
    InputError
        If they are no pair of points.

    Examples
    --------
    >>> box_of([(35.0, 37.0), (33.0, 35.0)])
    (35.0, 33.0, 37.0, 35.0)
    """
    try:
        (x1, y1), (x2, y2) = (lon_lat(corner) for corner in viewbox)
    except (TypeError, ValueError) as error:
        raise InputError(f"viewbox {viewbox!r} is not a pair of points (lat, lon)") from error
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


@dataclass(frozen=True, slots=True)
class Query:
    """Hold what a query asks for: a name, and where its place must lie."""

    name: str
    countries: tuple[str, ...] = ()
    admin1: str = ""


def query_of(gazetteer: Gazetteer, query: Any, country_codes: str | Sequence[str] | None = None) -> Query:
    """Return a query in geopy's forms, checked.

    Parameters
    ----------
    gazetteer : Gazetteer
        Knows the names of countries.
    query : str or mapping
        A name, or ``{"name", "country"?, "admin1"?}``; the country is a code or a name, in Arabic or English,
        and goes before the codes.
    country_codes : str or sequence of str, optional
        ISO 3166-1 alpha-2, also as ``"ly,tn"``.

    Raises
    ------
    InputError
        If something else is given.

    Examples
    --------
    >>> query_of(Gazetteer.open(), {"name": "Tripoli", "country": "\u0644\u064a\u0628\u064a\u0627"})
    Query(name='Tripoli', countries=('LY',), admin1='')
    """
    admin1: Any = ""
    if isinstance(query, Mapping):
        if "name" not in query or set(query) - {"name", "country", "admin1"}:
            given = ", ".join(repr(key) for key in query)
            raise InputError(f"a query has 'name' and may have 'country' and 'admin1'; {given} was given")
        country = text_of(query.get("country"))
        country_codes = country_code(gazetteer, country) if country else country_codes
        query, admin1 = query["name"], query.get("admin1")
    codes = country_codes.split(",") if isinstance(country_codes, str) else country_codes or ()
    countries = tuple(text_of(code).upper() for code in codes)
    for code in countries:
        if not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise InputError(f"country {code!r} is no ISO 3166-1 alpha-2 code; give one like 'LY'")
        country_code(gazetteer, code)
    return Query(text_of(query), countries, text_of(admin1))


def wanted_of(exactly_one: bool, limit: int | None) -> int:
    """Return how many locations are asked for."""
    if limit is not None and (not isinstance(limit, int) or limit < 1):
        raise InputError(f"limit is {limit!r}; give a whole number, 1 or more")
    return 1 if exactly_one else limit or _MOST


def language_of(language: str | None, name: str) -> str:
    """Return ``ar`` or ``en``; without a wish, the language of the name asked for."""
    if language is None:
        return "ar" if any("\u0600" <= char <= "\u06ff" for char in name) else "en"
    base = language.lower().partition("-")[0]
    if base not in ("ar", "en"):
        raise InputError(f"language {language!r} is not known; give 'ar' or 'en'")
    return base


def many(
    ask: Callable[[Any], Any], queries: Iterable[Any] | Mapping[Any, Any] | pd.Series
) -> Iterator[tuple[Any, Any]]:
    """Yield an id and an answer for each query; see `ArabicGazetteer.geocode_many`."""
    if isinstance(queries, str):
        raise InputError(f"{queries!r} is one query; give a list of them, or ask geocode")
    if isinstance(queries, pd.DataFrame):
        raise InputError(
            f"a frame was given; give one of its columns: {', '.join(map(str, queries.columns))}"
        )
    kept = lru_cache(maxsize=_KEPT)(lambda key: ask(dict(key) if isinstance(key, tuple) else key))
    rows = queries.items() if isinstance(queries, Mapping | pd.Series) else enumerate(queries)
    for ident, query in rows:
        try:
            key = tuple(sorted(query.items())) if isinstance(query, Mapping) else text_of(query)
            answer = kept(key) if key else None
        except (InputError, TypeError) as error:
            raise InputError(f"query {ident!r}: {error}") from error
        yield ident, answer
