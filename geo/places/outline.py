"""Turn an area into a result: rounded GeoJSON, a point inside it, and how far it reaches.

`Shape` is what every construction of `geo.places.geometry` returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.polygon import orient

from geo.errors import InputError
from geo.model import Geometry
from geo.places.plane import plane_of, polygonal, radius_of_area, wrapped

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold an area on the earth and how exact it is.

    Attributes
    ----------
    geometry : Geometry
        GeoJSON Polygon or MultiPolygon, EPSG:4326, rounded to 5 decimals (1 m), rings as RFC 7946 asks.
    lon, lat : float
        A representative point inside the geometry.
    uncertainty_km : float
        Distance from that point within which 90 % of the area lies.
    """

    geometry: Geometry
    lon: float
    lat: float
    uncertainty_km: float

    def polygon(self) -> shapely.Geometry:
        """Return the geometry as a shapely object."""
        return shapely.geometry.shape(dict(self.geometry))


def shape_of(area: shapely.Geometry, point: tuple[float, float] | None = None) -> Shape | None:
    """Round an area, find its point and its radius; ``None`` if nothing is left of it."""
    area = polygonal(shapely.set_precision(polygonal(wrapped(area)), 10.0**-_DIGITS))
    if shapely.is_empty(area):
        return None
    if point is None:
        point = _inner_point(area)
    lon, lat = round(point[0], _DIGITS), round(point[1], _DIGITS)
    return Shape(_geojson(area), lon, lat, round(radius_of_area(area, lon, lat), 1))


def must(shape: Shape | None) -> Shape:
    """Return a shape that cannot be empty, or raise `InputError`."""
    if shape is None:
        raise InputError("the area is smaller than a metre; give a greater distance")
    return shape


def lighter(area: shapely.Geometry, width_km: float) -> shapely.Geometry:
    """Thin out the outline by a fiftieth of a width, so that it draws and mails quickly."""
    if shapely.is_empty(area) or shapely.get_num_coordinates(area) < 100:
        return area
    plane = plane_of(area)
    if np.ptp(shapely.bounds(area)[[0, 2]]) > 60:
        return shapely.make_valid(shapely.simplify(area, width_km / 50 / 111))
    return plane.unflatten(shapely.make_valid(shapely.simplify(plane.flatten(area), width_km / 50)))


def without_crumbs(area: shapely.Geometry) -> shapely.Geometry:
    """Drop parts below a hundredth of the largest one."""
    area = polygonal(area)
    parts = shapely.get_parts(area)
    if len(parts) < 2:
        return area
    sizes = shapely.area(parts)
    return polygonal(shapely.MultiPolygon(list(parts[sizes >= sizes.max() / 100])))


def _inner_point(area: shapely.Geometry) -> tuple[float, float]:
    """Return the middle of an area, or the inside point nearest to it (the middle of a bent strip)."""
    plane = plane_of(area)
    flat = plane.flatten(area)
    centre = shapely.centroid(flat)
    core = shapely.buffer(flat, -0.5 * shapely.area(flat) / shapely.length(flat), quad_segs=2)
    if shapely.is_empty(core):
        core = shapely.point_on_surface(flat)
    nearest = shapely.get_coordinates(shapely.shortest_line(core, centre))[0]
    lon, lat = plane.backward(nearest.reshape(1, 2))[0]
    return float((lon + 180) % 360 - 180), float(lat)


def _geojson(area: shapely.Geometry) -> dict[str, Any]:
    """Write an area as GeoJSON: rounded, outer rings counter-clockwise."""
    parts = [orient(part) for part in shapely.get_parts(area)]
    written = mapping(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    return {"type": written["type"], "coordinates": _rounded(written["coordinates"])}


def _rounded(value: Any) -> Any:
    return [_rounded(each) for each in value] if isinstance(value, (tuple, list)) else round(value, _DIGITS)
