"""Read what is known of places besides their names: countries, provinces, points; one for all or for each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arabic.normalize import strict_key
from geo.arabic.rules import table
from geo.errors import InputError
from geo.geocoding.points import as_points
from geo.places import Gazetteer, search
from geo.places.search_filters import where

COUNTRY_CODES = ("PCLI", "PCL", "PCLD", "PCLF", "PCLIX", "PCLS", "TERR")
"""GeoNames feature codes of countries and territories."""

Given = str | Iterable[Any] | None
"""One value for all rows, the name of a column of the frame, or one value for each row."""


@dataclass(frozen=True, slots=True)
class Context:
    """Hold what is known of a place besides its name.

    Attributes
    ----------
    country, admin1 : str
        ISO 3166-1 alpha-2; code, id or name of the province as given; empty if not known.
    near : tuple of float or None
        Lon, lat.
    problem : str
        Why the place cannot be looked up; empty if it can.
    """

    country: str = ""
    admin1: str = ""
    near: tuple[float, float] | None = None
    problem: str = ""

    def filters(self) -> dict[str, Any]:
        """Return the context as keyword arguments of a search."""
        given = {"country": self.country, "admin1": self.admin1, "near": self.near}
        return {name: value for name, value in given.items() if value}


def text_of(name: object) -> str:
    """Return a cell as text without space around it, nothing for a missing one.

    Raises
    ------
    InputError
        If it is something else.
    """
    if isinstance(name, str):
        return name.strip()
    if name is None or name is pd.NA or (isinstance(name, float) and np.isnan(name)):
        return ""
    raise InputError(f"a name must be text, {name!r} ({type(name).__name__}) was given")


def numbered(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return the number of each cell among the distinct texts, and these; a missing cell is an empty text."""
    codes, cells = pd.factorize(values)
    texts: dict[str, int] = {}
    number = [texts.setdefault(text_of(cell), len(texts)) for cell in list(cells)]
    number.append(texts.setdefault("", len(texts)) if (codes < 0).any() else -1)
    return np.array(number, dtype=np.int64)[codes], list(texts)


def country_code(gazetteer: Gazetteer, text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country given by its code or its name.

    Raises
    ------
    InputError
        If it is neither.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> [country_code(gazetteer, text) for text in ("ly", "Syria", "اليمن", "Yemen (North Yemen)")]
    ['LY', 'SY', 'YE', 'YE']
    """
    text = _called().get(strict_key(text), text)
    if len(text) == 2 and text.isascii() and text.isalpha():
        if gazetteer.country(text) is None:
            raise InputError(f"country {text!r} is no ISO 3166-1 alpha-2 code; give one like 'LY', or a name")
        return text.upper()
    found = search(gazetteer, text, feature_code=COUNTRY_CODES, fuzzy=False, limit=1)
    if not found:
        raise InputError(f"country {text!r} is no country; give its code, like 'LY', or its name")
    return found[0].place.country


@cache
def _called() -> dict[str, str]:
    """Return the codes of countries by what tables call them and the gazetteer does not."""
    return {strict_key(name): str(row["country"]) for row in table("table_country") for name in row["names"]}


def contexts_of(
    gazetteer: Gazetteer, size: int, country: Given, admin: Given, near: Any
) -> tuple[np.ndarray, list[Context]]:
    """Return the number of the context of each row, and the contexts.

    A value that cannot be understood is an error if it was given for all rows; in a single row it is that
    row's problem.

    Parameters
    ----------
    gazetteer : Gazetteer
    size : int
        Number of rows.
    country, admin : str or sequence of str
    near : pair of float, or sequence of points
    """
    columns: list[tuple[np.ndarray, list[Any]]] = [
        _column(country, size, "countries"),
        _column(admin, size, "provinces"),
        _near(near, size),
    ]
    strict = all(len(values) == 1 for _, values in columns)
    if isinstance(country, str):
        country_code(gazetteer, country)
    number = np.zeros(size, dtype=np.int64)
    for codes, values in columns:
        number = number * len(values) + codes
    codes, distinct = pd.factorize(number)
    made = []
    for combination in distinct.tolist():
        combination, at = divmod(combination, len(columns[2][1]))
        nation, province = divmod(combination, len(columns[1][1]))
        given = columns[0][1][nation], columns[1][1][province], columns[2][1][at]
        made.append(_context(gazetteer, *given, strict=strict))
    return codes, made


def _context(
    gazetteer: Gazetteer, country: str, admin1: str, near: tuple[float, float] | None, *, strict: bool
) -> Context:
    """Return one context, checked."""
    try:
        code = country_code(gazetteer, country) if country else ""
        context = Context(code, admin1, near)
        where(gazetteer, **context.filters())
    except InputError as error:
        if strict:
            raise
        return Context(country if len(country) == 2 else "", admin1, near, str(error))
    return context


def _column(given: Given, size: int, what: str) -> tuple[np.ndarray, list[Any]]:
    """Return numbers and distinct values of texts, one for all or one for each row."""
    if given is None or isinstance(given, str):
        return np.zeros(size, dtype=np.int64), [text_of(given)]
    values = given if isinstance(given, pd.Series) else pd.Series(list(given), dtype=object)
    if len(values) != size:
        raise InputError(
            f"{len(values)} {what} were given for {size} names; give one for each, or one for all"
        )
    return numbered(values)


def _near(given: Any, size: int) -> tuple[np.ndarray, list[Any]]:
    """Return numbers and distinct values of points, one for all or one for each row."""
    if given is None:
        return np.zeros(size, dtype=np.int64), [None]
    if isinstance(given, shapely.Point) or (_is_sequence(given) and len(given) == 2 and _is_number(given[0])):
        pair = (given.x, given.y) if isinstance(given, shapely.Point) else (float(given[0]), float(given[1]))
        return np.zeros(size, dtype=np.int64), [pair]
    points = as_points(given).to_numpy()
    if len(points) != size:
        raise InputError(
            f"{len(points)} points were given for {size} names; give one for each, or one for all"
        )
    known = ~(shapely.is_missing(points) | shapely.is_empty(points))
    pairs: list[tuple[float, float] | None] = [None] * size
    for row, pair in zip(np.flatnonzero(known), shapely.get_coordinates(points[known]).tolist(), strict=True):
        pairs[row] = (pair[0], pair[1])
    codes, distinct = pd.factorize(pd.Series(pairs, dtype=object), use_na_sentinel=False)
    return codes, [None if pair is None or pair != pair else pair for pair in list(distinct)]


def _is_sequence(given: Any) -> bool:
    return isinstance(given, Sequence | np.ndarray) and not isinstance(given, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def of_frame(frame: pd.DataFrame, given: Any) -> Any:
    """Return the column of a frame that is named, or what was given if there is none of this name.

    Raises
    ------
    InputError
        If several columns bear the name.
    """
    if not (isinstance(given, str) and given in frame.columns):
        return given
    column = frame[given]
    if isinstance(column, pd.DataFrame):
        raise InputError(f"the frame has {column.shape[1]} columns named {given!r}; rename all but one")
    return column


def new_names(taken: Iterable[Hashable], names: Sequence[str]) -> Callable[[str], str]:
    """Return how to name columns beside others: with ``_geo`` behind them where a name is taken.

    Examples
    --------
    >>> named = new_names(["name", "country", "country_geo"], ["name", "country", "status"])
    >>> [named(column) for column in ("name", "country", "status")]
    ['name_geo', 'country_geo2', 'status']
    """
    used = set(taken)
    chosen: dict[str, str] = {}
    for name in names:
        label, count = name, 1
        while label in used:
            label, count = f"{name}_geo{count if count > 1 else ''}", count + 1
        used.add(label)
        chosen[name] = label
    return chosen.__getitem__


def points_of(frame: pd.DataFrame, near: Any) -> Any:
    """Return the points near which the places of a frame lie: a column of it, or what was given."""
    column = of_frame(frame, near)
    if not isinstance(column, pd.Series):
        return column
    return column if isinstance(column, gpd.GeoSeries) else column.tolist()
