"""Make a point and a radius of any geometry: what a source draws as an area is one place of the gazetteer."""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely.errors import ShapelyError

from geo.places.sources import rows

_KM_PER_DEG = 111.195
"""On a sphere of 6,371 km; a radius needs no better."""


def inner_point(shape: shapely.Geometry | None) -> tuple[float, float, float | None]:
    """Return a point inside a geometry and the radius of a circle of its size.

    Parameters
    ----------
    shape : shapely.Geometry or None
        EPSG:4326, longitude before latitude.

    Returns
    -------
    lon, lat : float
        Degrees: the point; the centroid of an area if it lies within, else a point on it; the middle of a
        line.
    radius_km : float or None
        None for a point.

    Raises
    ------
    Refused
        If there is no geometry, or its point is none of the Earth.

    Examples
    --------
    >>> inner_point(shapely.box(13, 31, 14, 33))[:2]
    (13.5, 32.0)
    """
    if shape is None or shape.is_empty:
        raise rows.Refused("there is no geometry")
    try:
        if shape.geom_type == "GeometryCollection":
            points = [part for part in shape.geoms if part.geom_type == "Point"]
            shape = points[0] if points else shape
        at = shape.geoms[0] if shape.geom_type == "MultiPoint" else _middle(shape)
        lon, lat = rows.point(at.x, at.y)
    except ShapelyError as error:
        raise rows.Refused(f"the geometry is damaged ({error})") from error
    return lon, lat, _radius_km(shape, lat)


def _middle(shape: shapely.Geometry) -> shapely.Geometry:
    if shape.geom_type == "Point":
        return shape
    if shape.geom_type == "LineString":
        return shape.interpolate(0.5, normalized=True)
    centre = shape.centroid
    return centre if shapely.contains_xy(shape, centre.x, centre.y) else shape.representative_point()


def _radius_km(shape: shapely.Geometry, lat: float) -> float | None:
    width = _KM_PER_DEG * math.cos(math.radians(lat))
    if shape.area > 0:
        return rows.radius_km(shape.area * width * _KM_PER_DEG)
    west, south, east, north = shape.bounds
    half = math.hypot((east - west) * width, (north - south) * _KM_PER_DEG) / 2
    return round(half, 1) if half > 0 else None


def of_geojson(geometry: Any) -> shapely.Geometry | None:
    """Return the geometry of a GeoJSON object.

    Raises
    ------
    Refused
        If it is none.

    Examples
    --------
    >>> of_geojson({"type": "Point", "coordinates": [23.9, 32.1]}).x
    23.9
    """
    if geometry is None:
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise rows.Refused(f"the geometry is damaged ({error})") from error
