"""Geocode in reverse: the nearest town of points, and the country they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import shapely

from geo.errors import InputError
from geo.geocoding.cells import CRS, frame, place_cells
from geo.places import Gazetteer
from geo.places.reverse import Nearest, NearestPlaces
from geo.places.shapes import Shapes

REVERSE_COLUMNS = {
    "name": "string", "name_ar": "string", "place_id": "string", "country": "string", "admin1": "string",
    "feature_code": "string", "distance_km": "float32",
}  # fmt: skip


def reverse_geocode(
    points: gpd.GeoSeries | gpd.GeoDataFrame | Iterable[Sequence[float] | shapely.Point | None],
    *,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Name the nearest town of points, and the country they lie in.

    Parameters
    ----------
    points : GeoSeries, GeoDataFrame, or iterable of (lon, lat) or shapely Point
        A CRS is obeyed, and the index kept; bare pairs are lon, lat in degrees.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row per point in input order, with ``name``, ``name_ar``, ``place_id``, ``country``
        (null at sea), ``admin1``, ``feature_code``, ``distance_km``, ``geometry`` (the point given).

    Raises
    ------
    InputError
        If something is no point, or lies outside -180..180, -90..90 degrees.

    Examples
    --------
    >>> reverse_geocode([(35.7915, 35.5317)])["country"].tolist()
    ['SY']
    """
    series = _points(points)
    book = gazetteer or Gazetteer.open()
    known = series.notna().to_numpy() & ~series.is_empty.to_numpy()
    xy = shapely.get_coordinates(series.to_numpy()[known])
    near = iter(nearest_towns(book, xy[:, 0].tolist(), xy[:, 1].tolist(), 1))
    rows = [_reverse_row(*next(near)) if here else {} for here in known]
    return frame(rows, REVERSE_COLUMNS, series.index, (), list(series))


def nearest_towns(
    book: Gazetteer, lon: list[float], lat: list[float], count: int
) -> list[tuple[list[Nearest], str | None]]:
    """Return, for each point, the nearest towns and the country it lies in."""
    if not lon:
        return []
    towns: NearestPlaces = book.derived("towns", NearestPlaces)
    near = towns.nearest(lon, lat, count=count)
    shapes = Shapes.open()
    countries = [shapes.country_at(x, y) for x, y in zip(lon, lat, strict=True)]
    return list(zip(near, countries, strict=True))


def _reverse_row(near: list[Nearest], country: str | None) -> dict[str, Any]:
    best = near[0]
    return place_cells(best.place) | {"country": country, "distance_km": best.distance_km}


def _points(points: Any) -> gpd.GeoSeries:
    """Return points as a GeoSeries in EPSG:4326; without a CRS they are lon, lat in degrees."""
    if isinstance(points, gpd.GeoDataFrame):
        points = points.geometry
    if not isinstance(points, gpd.GeoSeries):
        points = gpd.GeoSeries([_point(item) for item in points], crs=CRS)
    points = points.to_crs(CRS) if points.crs is not None else points.set_crs(CRS)
    if not (points.isna() | (points.geom_type == "Point")).all():
        raise InputError(
            "reverse_geocode takes points; give the centroids or representative points of other shapes"
        )
    return points


def _point(item: Any) -> shapely.Point | None:
    if item is None or isinstance(item, shapely.Point):
        return item
    try:
        lon, lat = item
        return shapely.Point(float(lon), float(lat))
    except (TypeError, ValueError) as error:
        raise InputError(f"{item!r} is no point; give (lon, lat) in degrees, or a shapely Point") from error
