"""Geocode columns of names: one row in, one row out, repeated names looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.errors import InputError
from geo.geocoding.cells import in_degrees, place_columns, text_column
from geo.geocoding.contexts import (
    Context,
    Given,
    contexts_of,
    new_names,
    numbered,
    of_frame,
    points_of,
    text_of,
)
from geo.model import MatchKind
from geo.places import Gazetteer
from geo.places.batch import Answers, Questions, search_many
from geo.places.plane import ellipsoid
from geo.places.search import Match

__all__ = ["ALTERNATIVES", "COLUMNS", "alternative", "geocode", "text_of"]

COLUMNS = {
    "query": "string", "name": "string", "name_ar": "string", "place_id": "string", "country": "string",
    "admin1": "string", "feature_code": "string", "match": "string", "score": "float32", "status": "string",
    "uncertainty_km": "float32", "asked_country": "string", "asked_admin1": "string",
}  # fmt: skip
"""Columns of `geocode` before ``alternatives``, ``reasons`` and ``geometry``, with their dtypes."""
LONGEST_SHOWN = 60
"""Letters of a name that reasons quote at most; a cell may hold anything."""
ALTERNATIVES = 5
"""Most runners-up that are told."""
RIVAL = 0.05
"""Share of the best score from which a runner-up makes a name ambiguous."""
SAME_KM = 50.0
"""Two places of one name, country and neighbourhood are a town and the unit named after it."""
FOUND, AMBIGUOUS, SIMILAR, NONE, EMPTY = "found", "ambiguous", "similar", "none", "empty"
"""What came of a name; ``similar``: only a similar name was found, which is to be checked."""
_PLACE = {
    "name": "name", "name_ar": "name_ar", "place_id": "id", "country": "country", "admin1": "admin1",
    "feature_code": "feature_code",
}  # fmt: skip
_USUAL = ("name", "place", "location", "town", "city")
"""Headers of a column of names, taken where none is given."""


def geocode(
    names: pd.DataFrame | Iterable[str | None] | str,
    country: Given = None,
    *,
    name: str | None = None,
    admin: Given = None,
    near: Any = None,
    fuzzy: bool | None = None,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Look up place names, in Arabic or Latin script, and return one row for each.

    Parameters
    ----------
    names : str, iterable of str, Series, or DataFrame
        The index of a Series or a frame is kept. Missing or blank names give a row without a place. Repeated
        names are looked up once.
    country : str or sequence of str, optional
        Country that the places must lie in, by ISO 3166-1 alpha-2 code or by its name in Arabic or English:
        one for all, one for each name, or the column of the frame that holds it.
    name : str, optional
        Column of the frame that holds the names; by default ``name``, ``place``, ``location``, ``town`` or
        ``city``, whichever there is.
    admin : str or sequence of str, optional
        Province that the places must lie in, by GeoNames code (``77`` or ``LY.77``), id or name, given like
        the country.
    near : pair of float, or sequence of points, optional
        Lon, lat: of several places of a name, near ones come first. One for all, one for each name, or the
        column of the frame that holds points.
    fuzzy : bool, optional
        Whether names may be found that are only similar; by default where something else than the name is
        known.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row per name in input order: the columns of the frame that was given, then ``query``
        (the name as given), ``name``, ``name_ar``, ``place_id``, ``country``, ``admin1``, ``feature_code``,
        ``match`` (a `MatchKind`, ``none`` if nothing fits), ``score`` (0 to 1), ``status`` (found; ambiguous:
        the best of several; similar: only a similar name, to be checked; none; empty), ``uncertainty_km``,
        ``asked_country``, ``asked_admin1``, ``alternatives`` and ``reasons`` (lists, shared by rows of one
        name), ``geometry`` (a point or null).
        A column whose name the frame has already gets ``_geo`` behind it.

    Raises
    ------
    InputError
        If a name is no text, there are not as many countries as names, or a country or province given for all
        rows is not known. One that is not known in its row is told in the row's ``reasons``.

    Examples
    --------
    >>> geocode(["أجدابيا", "طرابلس"], country="LY")["name"].tolist()
    ['Ajdabiya', 'Tripoli']
    >>> table = pd.DataFrame({"town": ["Tripoli", "Tripoli"], "land": ["Libya", "لبنان"]})
    >>> geocode(table, country="land")[["land", "country"]].values.tolist()
    [['Libya', 'LY'], ['لبنان', 'LB']]
    """
    series, country, admin, near, frame = _columns_of(names, name, country, admin, near)
    book = gazetteer or Gazetteer.open()
    name_of, texts = numbered(series)
    context_of, contexts = contexts_of(book, len(series), country, admin, near)
    question_of, distinct = pd.factorize(name_of * len(contexts) + context_of)
    text_at, context_at = np.divmod(np.asarray(distinct), max(len(contexts), 1))
    asked = [texts[number] for number in text_at.tolist()]
    table, points = _looked_up(book, asked, context_at, contexts, fuzzy)
    found = _spread(table, question_of)
    points = points[question_of]
    if frame is None:
        return in_degrees(pd.DataFrame(found, index=series.index), points)
    named = new_names(frame.columns, [*found, "geometry"])
    joined = pd.DataFrame(frame).assign(**{named(column): values for column, values in found.items()})
    return in_degrees(joined, points, named("geometry"))


def _columns_of(
    names: Any, name: str | None, country: Given, admin: Given, near: Any
) -> tuple[pd.Series, Given, Given, Any, pd.DataFrame | None]:
    """Return the names and their contexts as columns, and the frame they come from."""
    if isinstance(names, pd.DataFrame):
        usual = [column for column in _USUAL if column in names.columns]
        chosen = name if name is not None else next(iter(usual), None)
        if chosen is None or chosen not in names.columns:
            raise InputError(
                f"no column {chosen or 'name'!r} in the frame; say which column holds the names, name=..., "
                f"one of {', '.join(map(repr, names.columns[:20]))}"
            )
        column, nation, province = (of_frame(names, given) for given in (chosen, country, admin))
        return column, nation, province, points_of(names, near), names
    if name is not None:
        raise InputError(f"name={name!r} is for the column of a DataFrame; {type(names).__name__} was given")
    if isinstance(names, str):
        names = [names]
    series = names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)
    return series, country, admin, near, None


def _looked_up(
    book: Gazetteer, names: list[str], context_at: np.ndarray, contexts: list[Context], fuzzy: bool | None
) -> tuple[dict[str, Any], np.ndarray]:
    """Return the columns of distinct questions, and their points."""
    fine = np.array([not contexts[number].problem for number in context_at.tolist()], dtype=bool)
    fine &= np.array([bool(name) for name in names], dtype=bool)
    at = np.flatnonzero(fine)
    options = {} if fuzzy is None else {"fuzzy": fuzzy}
    questions = Questions(
        [names[number] for number in at.tolist()],
        context_at[at],
        [options if context.problem else context.filters() | options for context in contexts],
    )
    answers = search_many(book, questions, limit=ALTERNATIVES + 1)
    rows = np.full(len(names), -1)
    best = np.full(len(names), -1)
    best[at] = answers.best
    rows[best >= 0] = answers.place[best[best >= 0]]
    known = rows >= 0
    kind = np.full(len(names), str(MatchKind.NONE), dtype=object)
    kind[known] = answers.kind[best[known]]
    score = np.full(len(names), np.nan)
    score[known] = answers.score[best[known]]
    columns = {"query": text_column(names)} | place_columns(book, rows, _PLACE)
    columns |= {"match": text_column(kind.tolist()), "score": score.astype("float32")}
    columns["status"] = text_column(_status(book, names, answers, at, known).tolist())
    radius = book.take("places", "uncertainty_km", rows).to_numpy(zero_copy_only=False)
    columns["uncertainty_km"] = radius.astype(float).round(1).astype("float32")
    for column, attribute in (("asked_country", "country"), ("asked_admin1", "admin1")):
        values = pa.array([getattr(context, attribute) for context in contexts], pa.string())
        columns[column] = text_column(values.take(pa.array(context_at)))
    columns["alternatives"] = _alternatives(book, len(names), answers, at)
    columns["reasons"] = _reasons(names, context_at, contexts, answers, at)
    lon, lat = book.points()
    points = np.full(len(names), None, dtype=object)
    points[known] = shapely.points(lon[rows[known]], lat[rows[known]])
    return columns, points


def _status(
    book: Gazetteer, names: Sequence[str], answers: Answers, at: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Say what came of each name; several like places that lie apart are doubt, as is a similar name."""
    status = np.where(known, FOUND, NONE).astype(object)
    status[np.array([not name for name in names], dtype=bool)] = EMPTY
    best = answers.best[answers.question]
    rival = np.flatnonzero((best != np.arange(len(best))) & (answers.score >= RIVAL * answers.score[best]))
    one, other = answers.place[best[rival]], answers.place[rival]
    abroad = pc.not_equal(book.take("places", "country", one), book.take("places", "country", other))
    lon, lat = book.points()
    metres = ellipsoid().inv(lon[one], lat[one], lon[other], lat[other])[2]
    apart = np.asarray(abroad) | (metres > SAME_KM * 1000)
    status[at[answers.question[rival[apart]]]] = AMBIGUOUS
    first = answers.best[answers.best >= 0]
    status[at[answers.question[first[answers.kind[first] == str(MatchKind.FUZZY)]]]] = SIMILAR
    return status


def _alternatives(book: Gazetteer, count: int, answers: Answers, at: np.ndarray) -> np.ndarray:
    """Return the runners-up of each name, a list of what is told of them."""
    lists = np.empty(count, dtype=object)
    lists[:] = [[] for _ in range(count)]
    others = np.flatnonzero(answers.best[answers.question] != np.arange(len(answers.question)))
    rows = answers.place[others]
    cells = [book.take("places", column, rows).to_pylist() for column in ("id", "name", "name_ar", "country")]
    told = zip(at[answers.question[others]].tolist(), *cells, answers.score[others].tolist(), strict=True)
    for number, identifier, name, name_ar, country, score in told:
        lists[number].append(
            {"id": identifier, "name": name, "name_ar": name_ar, "country": country, "score": score}
        )
    return lists


def _reasons(
    names: Sequence[str], context_at: np.ndarray, contexts: list[Context], answers: Answers, at: np.ndarray
) -> np.ndarray:
    """Return for each name why its place was taken, or why none was."""
    lists = np.empty(len(names), dtype=object)
    told = np.empty(len(at), dtype=object)
    told[:] = answers.reasons.to_pylist()
    lists[at] = told
    open_ = np.ones(len(names), dtype=bool)
    open_[at[answers.best >= 0]] = False
    for number in np.flatnonzero(open_).tolist():
        lists[number] = [_why_not(names[number], contexts[context_at[number]])]
    return lists


def _why_not(name: str, context: Context) -> str:
    """Say why a name has no place."""
    if not name:
        return "no name was given"
    if context.problem:
        return context.problem
    inside = " ".join(part for part in (context.country, context.admin1) if part)
    shown = name if len(name) <= LONGEST_SHOWN else name[: LONGEST_SHOWN - 1] + "…"
    return f"no place bears the name {shown!r}" + (f" in {inside}" if inside else "")


def _spread(table: dict[str, Any], question_of: np.ndarray) -> dict[str, Any]:
    """Return the columns of distinct questions as columns of all rows."""
    return {name: column.take(question_of) for name, column in table.items()}


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
