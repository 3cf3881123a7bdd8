"""Geocode in reverse: the nearest town of points, and the country or the sea they lie in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.errors import InputError
from geo.geocoding.cells import (
    checked_language,
    in_degrees,
    name_in,
    names_in,
    place_columns,
    text_column,
)
from geo.model import Place
from geo.places import Gazetteer
from geo.places.countries import countries_at
from geo.places.reverse import NearestPlaces, bearings_deg
from geo.places.shapes import Shapes
from geo.places.waters import Waters
from geo.tables.schema import CRS

_DECIMALS = 3
"""Of distances in km: a metre."""


def reverse_geocode(
    points: gpd.GeoSeries | gpd.GeoDataFrame | np.ndarray | Iterable[Sequence[float] | shapely.Point | None],
    *,
    language: str = "en",
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Name the nearest town of points, and the country or the sea they lie in.

    Parameters
    ----------
    points : GeoSeries, GeoDataFrame, array of shape (n, 2), or iterable of (lon, lat) or shapely Point
        A CRS is obeyed, and the index kept; bare pairs are lon, lat in degrees.
    language : {"en", "ar"}
        Language of ``name``, ``admin1_name``, ``country_name`` and ``sea``; a Latin name stands in where
        there is no Arabic one.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row per point in input order, with the nearest populated place (``name``, ``name_ar``,
        ``place_id``, ``feature_code``, ``place_country``), ``distance_km`` and ``bearing_deg`` from there to
        the point, ``country`` and ``country_name`` by polygon (missing at sea), ``admin1`` and
        ``admin1_name`` of the place (missing where it lies in another country than the point), ``sea`` (the
        smallest known water around a point in no country), and ``geometry`` (the point given).

    Raises
    ------
    InputError
        If something is no point, or lies outside -180..180, -90..90 degrees.

    Examples
    --------
    >>> reverse_geocode([(35.7915, 35.5317), (38.0, 19.8)])[["country", "sea"]].fillna("-").values.tolist()
    [['SY', '-'], ['-', 'Red Sea']]
    """
    checked_language(language)
    series = as_points(points)
    book = gazetteer or Gazetteer.open()
    given = series.to_numpy()
    known = np.flatnonzero(~(shapely.is_missing(given) | shapely.is_empty(given)))
    lon, lat = shapely.get_coordinates(given[known]).T
    towns, seas = (np.full(len(series), -1) for _ in range(2))
    distance, bearing = (np.full(len(series), np.nan) for _ in range(2))
    countries = np.full(len(series), None, dtype=object)
    if len(known):
        towns[known], distance[known], bearing[known] = _nearest(book, lon, lat)
        countries[known] = here = countries_at(_shapes(book), lon, lat)
        wet = here == None  # noqa: E711  an array of codes and None
        seas[known[wet]] = book.derived("waters", Waters).rows(lon[wet], lat[wet])
    columns = _columns(book, towns, countries, seas, language)
    columns |= {"distance_km": distance.round(_DECIMALS), "bearing_deg": bearing.round(1)}
    return in_degrees(pd.DataFrame(columns, index=series.index), given)


def _shapes(book: Gazetteer) -> Shapes:
    """Return the shapes of countries, opened once for a gazetteer."""
    shapes: Shapes = book.derived("shapes", lambda _: Shapes.open())
    return shapes


def _nearest(book: Gazetteer, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, distance and bearing of the populated place nearest to each point."""
    towns: NearestPlaces = book.derived("towns", NearestPlaces)
    rows, distances = (found[:, 0] for found in towns.rows(lon, lat))
    east, north = book.points()
    return rows, distances, bearings_deg(east[rows], north[rows], lon, lat)


def _columns(
    book: Gazetteer, towns: np.ndarray, countries: np.ndarray, seas: np.ndarray, language: str
) -> dict[str, Any]:
    """Return the text columns of points by the rows of their towns and seas."""
    country = pa.array(countries, pa.string())
    town_country = book.take("places", "country", towns)
    same = pc.fill_null(pc.equal(country, town_country), False)
    admin1 = pc.if_else(same, book.take("places", "admin1", towns), None)
    named = {"place_id": "id", "name_ar": "name_ar", "feature_code": "feature_code"}
    provinces = book.derived("provinces", _provinces)
    return {
        "name": text_column(names_in(book, towns, language)),
        **place_columns(book, towns, named),
        "place_country": text_column(town_country),
        "country": text_column(country),
        "country_name": text_column(_names_of(country, book.country, language)),
        "admin1": text_column(admin1),
        "admin1_name": text_column(_names_of(_joined(country, admin1), provinces.get, language)),
        "sea": text_column(names_in(book, seas, language)),
    }


def _joined(country: pa.Array, admin1: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(country, admin1, ".")


def _names_of(codes: pa.Array, place_of: Callable[[str], Place | None], language: str) -> pa.Array:
    """Return the names of the units with some codes, looking each code up once."""
    encoded = codes.dictionary_encode()
    places = [place_of(code) for code in encoded.dictionary.to_pylist()]
    names = [None if place is None else name_in(place, language) for place in places]
    return pa.array(names, pa.string()).take(encoded.indices)


def _provinces(book: Gazetteer) -> dict[str, Place]:
    """Return the first-order units by country and code, ``LY.77``."""
    rows = book.rows_where(feature_classes="A")
    codes = book.take("places", "feature_code", rows)
    units = [book.place(row) for row in rows[np.asarray(pc.equal(codes, "ADM1"))].tolist()]
    return {f"{unit.country}.{unit.admin1}": unit for unit in units}


def as_points(points: Any) -> gpd.GeoSeries:
    """Return points as a GeoSeries in EPSG:4326; without a CRS they are lon, lat in degrees."""
    if isinstance(points, gpd.GeoDataFrame):
        points = points.geometry
    if isinstance(points, pd.DataFrame):
        raise InputError(
            "reverse_geocode was given a DataFrame without geometry; give its two columns: "
            "reverse_geocode(table[['lon', 'lat']].to_numpy())"
        )
    if not isinstance(points, gpd.GeoSeries):
        points = gpd.GeoSeries(gpd.array.GeometryArray(_made(points), crs=CRS))
    points = points.to_crs(CRS) if points.crs is not None else points.set_crs(CRS)
    if not (points.isna() | (points.geom_type == "Point")).all():
        raise InputError(
            "reverse_geocode takes points; give the centroids or representative points of other shapes"
        )
    return points


def _made(points: Any) -> np.ndarray:
    """Return bare pairs and single points as an array of points."""
    if isinstance(points, np.ndarray) and points.dtype.kind in "fiu" and points.shape[1:] == (2,):
        made = np.full(len(points), None, dtype=object)
        known = np.isfinite(points).all(axis=1)
        made[known] = shapely.points(points[known])
        return made
    items = list(points)
    if items and all(isinstance(item, tuple | list) and len(item) == 2 for item in items):
        flat = _numbers(items)
        if flat is not None:
            return np.asarray(shapely.points(flat), dtype=object)
    made = np.empty(len(items), dtype=object)
    made[:] = [_point(item) for item in items]
    return made


def _numbers(pairs: list[Sequence[Any]]) -> np.ndarray | None:
    """Return pairs as an array of shape (n, 2), or None if some hold no finite numbers."""
    try:
        flat = np.fromiter(chain.from_iterable(pairs), dtype=float, count=2 * len(pairs)).reshape(-1, 2)
    except (TypeError, ValueError):
        return None
    return flat if bool(np.isfinite(flat).all()) else None


def _point(item: Any) -> shapely.Point | None:
    if item is None or isinstance(item, shapely.Point):
        return item
    try:
        lon, lat = item
        return shapely.Point(float(lon), float(lat))
    except (TypeError, ValueError) as error:
        raise InputError(f"{item!r} is no point; give (lon, lat) in degrees, or a shapely Point") from error
