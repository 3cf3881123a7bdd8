"""Geocode columns of names: one row in, one row out, repeated names looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError
from geo.geocoding.cells import frame, place_cells
from geo.model import MatchKind, Place
from geo.places import Gazetteer
from geo.places.plane import distance_km
from geo.places.search import Match, search

COLUMNS = {
    "query": "string", "name": "string", "name_ar": "string", "place_id": "string", "country": "string",
    "admin1": "string", "feature_code": "string", "match": "string", "score": "float32", "status": "string",
    "uncertainty_km": "float32",
}  # fmt: skip
"""Columns of `geocode` before ``alternatives``, ``reasons`` and ``geometry``, with their dtypes."""
ALTERNATIVES = 5
"""Most runners-up that are told."""
RIVAL = 0.05
"""Share of the best score from which a runner-up makes a name ambiguous."""
SAME_KM = 50.0
"""Two places of one name, country and neighbourhood are a town and the unit named after it."""
FOUND, AMBIGUOUS, NONE, EMPTY = "found", "ambiguous", "none", "empty"


def geocode(
    names: Iterable[str | None],
    country: str | Sequence[str | None] | None = None,
    *,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Look up place names, in Arabic or Latin script, and return one row for each.

    Parameters
    ----------
    names : str, iterable of str, or Series
        The index of a Series is kept. Missing or blank names give a row without a place. Repeated names are
        looked up once.
    country : str or sequence of str, optional
        ISO 3166-1 alpha-2 that the places must lie in: one for all, or one for each name.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row per name in input order, with ``query`` (as given), ``name``, ``name_ar``,
        ``place_id``, ``country``, ``admin1``, ``feature_code``, ``match`` (exact, variant, fuzzy,
        none), ``score`` (0 to 1), ``status`` (found, ambiguous: the best of several, none, empty),
        ``uncertainty_km``, ``alternatives`` and ``reasons`` (lists), ``geometry`` (a point or null).

    Raises
    ------
    InputError
        If a name is no text, or there are not as many countries as names.

    Examples
    --------
    >>> geocode(["أجدابيا", "طرابلس"], country="LY")["name"].tolist()
    ['Ajdabiya', 'Tripoli']
    """
    series = _names(names)
    countries = country_list(country, len(series))
    book = gazetteer or Gazetteer.open()
    keys = list(zip((text_of(name) for name in series), countries, strict=True))
    found = {key: hits_of(book, *key, limit=ALTERNATIVES + 1) for key in dict.fromkeys(keys)}
    rows = [_row(name, found[key]) for name, key in zip(series, keys, strict=True)]
    return frame(rows, COLUMNS, series.index, ("alternatives", "reasons"))


def _names(names: Iterable[str | None]) -> pd.Series:
    """Return the names as a Series, its index that of the input."""
    if isinstance(names, str):
        names = [names]
    if isinstance(names, pd.DataFrame):
        raise InputError(
            "geocode was given a DataFrame; give the column that holds the names: geocode(table['name'])"
        )
    return names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)


def text_of(name: object) -> str:
    """Return a name as text, nothing for a missing one."""
    if isinstance(name, str):
        return name.strip()
    if name is None or name is pd.NA or (isinstance(name, float) and np.isnan(name)):
        return ""
    raise InputError(f"a name must be text, {name!r} ({type(name).__name__}) was given")


def country_list(country: str | Sequence[str | None] | None, size: int) -> list[str | None]:
    """Return one country code or None for each name."""
    if country is None or isinstance(country, str):
        codes: list[str | None] = [country] * size
    else:
        codes = [text_of(code) or None for code in country]
        if len(codes) != size:
            raise InputError(
                f"{len(codes)} countries were given for {size} names; give one for each, or one for all"
            )
    for code in dict.fromkeys(codes):
        if code is not None and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise InputError(f"country {code!r} is no ISO 3166-1 alpha-2 code; give one like 'LY'")
    return [code.upper() if code else None for code in codes]


def hits_of(book: Gazetteer, name: str, country: str | None, limit: int) -> list[Match]:
    """Return the places a name may mean, best first."""
    return search(book, name, country=country, limit=limit) if name else []


def _status(name: str, hits: list[Match]) -> str:
    """Say what came of a name; several places of like weight, far from each other, are doubt."""
    if not hits:
        return NONE if name else EMPTY
    best = hits[0]
    rivals = (hit for hit in hits[1:] if hit.score >= RIVAL * best.score)
    return AMBIGUOUS if any(_apart(best.place, hit.place) for hit in rivals) else FOUND


def _apart(one: Place, other: Place) -> bool:
    """Say whether two places are different ones, and not a town and the district around it."""
    return one.country != other.country or distance_km(one.lon, one.lat, other.lon, other.lat) > SAME_KM


def _row(given: object, hits: list[Match]) -> dict[str, Any]:
    """Return the cells of one looked-up name."""
    name = text_of(given)
    row: dict[str, Any] = {
        "query": name or None,
        "status": _status(name, hits),
        "match": MatchKind.NONE.value,
    }
    if not hits:
        return row | {"reasons": [f"no place bears the name {name!r}"] if name else ["no name was given"]}
    best = hits[0]
    return (
        row
        | place_cells(best.place)
        | {
            "match": best.kind.value,
            "score": best.score,
            "uncertainty_km": best.place.uncertainty_km,
            "alternatives": [alternative(hit) for hit in hits[1:]],
            "reasons": list(best.reasons),
            "geometry": shapely.Point(best.place.lon, best.place.lat),
        }
    )


def alternative(hit: Match) -> dict[str, Any]:
    """Return what is told of a runner-up."""
    place = hit.place
    return {
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "country": place.country,
        "score": hit.score,
    }
