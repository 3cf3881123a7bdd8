"""Measure and build on the WGS84 ellipsoid through a plane around one point.

`Plane` is the azimuthal equidistant projection, computed with geodesics: straight lines through its centre
keep their length and bearing exactly, and 1,000 km away other lengths are off by 0.4 %. Shapes wider than
that are built piece by piece, each in a plane of its own. Nothing is ever measured in degrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from geo.errors import InputError

Floats = npt.NDArray[np.float64]

_GRID = 64
_SHARE = 0.9
_EDGE_DEG, _EDGE_KM = 0.5, 50.0
"""Longer edges get vertices, for a line straight on one map is bent on the other."""


@cache
def ellipsoid() -> Geod:
    """Return the WGS84 ellipsoid."""
    return Geod(ellps="WGS84")


def check_point(lon: float, lat: float) -> None:
    """Refuse what is no point of the earth.

    Raises
    ------
    InputError
        If ``lon`` is outside [-180, 180] or ``lat`` outside [-90, 90] (or they are swapped or not numbers).
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            f"lon {lon}, lat {lat} is no point; expected degrees, lon -180..180 first, lat -90..90"
        )


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the length in km of the shortest line between two points.

    Examples
    --------
    >>> round(distance_km(13.19, 32.89, 20.07, 32.12))
    652
    """
    return float(ellipsoid().inv(lon1, lat1, lon2, lat2)[2]) / 1000


def move(lon: float, lat: float, bearing_deg: float, km: float) -> tuple[float, float]:
    """Return the point reached from another along a bearing.

    Examples
    --------
    >>> tuple(round(value, 2) for value in move(13.19, 32.89, 180.0, 50.0))
    (13.19, 32.44)
    """
    lon2, lat2, _ = ellipsoid().fwd(lon, lat, bearing_deg, km * 1000)
    return float(lon2), float(lat2)


@dataclass(frozen=True, slots=True)
class Plane:
    """Map the surroundings of a point to kilometres east and north of it.

    Attributes
    ----------
    lon, lat : float
        The centre, degrees, EPSG:4326.
    """

    lon: float
    lat: float

    def forward(self, coordinates: Floats) -> Floats:
        """Turn ``(n, 2)`` degrees into ``(n, 2)`` km east and north of the centre."""
        count = len(coordinates)
        azimuth, _, metres = ellipsoid().inv(
            np.full(count, self.lon), np.full(count, self.lat), coordinates[:, 0], coordinates[:, 1]
        )
        angle, km = np.radians(azimuth), metres / 1000
        return np.column_stack([km * np.sin(angle), km * np.cos(angle)])

    def backward(self, coordinates: Floats) -> Floats:
        """Turn ``(n, 2)`` km into ``(n, 2)`` degrees, longitudes counted on beyond 180."""
        count = len(coordinates)
        azimuth = np.degrees(np.arctan2(coordinates[:, 0], coordinates[:, 1]))
        km = np.hypot(coordinates[:, 0], coordinates[:, 1])
        lons, lats, _ = ellipsoid().fwd(
            np.full(count, self.lon), np.full(count, self.lat), azimuth, km * 1000
        )
        around = (np.asarray(lons) - self.lon + 180) % 360 - 180 + self.lon
        return np.column_stack([around, lats])

    def flatten(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Turn a shape in degrees into one in km."""
        return shapely.transform(shapely.segmentize(shape, _EDGE_DEG), self.forward)

    def unflatten(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Turn a shape in km into a valid one in degrees, cut at the antimeridian.

        Raises
        ------
        InputError
            If the shape holds a pole: no polygon in degrees can show that.
        """
        poles = self.forward(np.array([[self.lon, 90.0], [self.lon, -90.0]]))
        if shapely.contains_xy(shape, poles).any() or (np.abs(shapely.get_coordinates(shape)) > 15_000).any():
            raise InputError(
                f"the shape around lon {self.lon:.2f}, lat {self.lat:.2f} reaches over a pole or round the "
                "globe; give a smaller distance"
            )
        edges = shapely.segmentize(shape, _EDGE_KM)
        return wrapped(shapely.make_valid(shapely.transform(edges, self.backward)))


def wrapped(shape: shapely.Geometry) -> shapely.Geometry:
    """Cut a shape whose longitudes run beyond ±180 and move the parts back inside."""
    west, _, east, _ = shapely.bounds(shape)
    if west >= -180 and east <= 180:
        return shape
    parts = [shapely.clip_by_rect(shape, -180, -90, 180, 90)]
    for shift in (-360.0, 360.0):
        piece = shapely.clip_by_rect(shape, -180 - shift, -90, 180 - shift, 90)
        if not shapely.is_empty(piece):
            parts.append(shapely.transform(piece, lambda c, shift=shift: c + [shift, 0.0]))
    return shapely.union_all(parts)


def plane_of(shape: shapely.Geometry) -> Plane:
    """Return the plane around the middle of a shape given in degrees."""
    west, south, east, north = shapely.bounds(shape)
    if east - west > 180:
        parts = shapely.get_parts(shape)
        west, south, east, north = shapely.bounds(max(parts, key=shapely.area))
    return Plane((west + east) / 2, (south + north) / 2)


def tiles(shape: shapely.Geometry, size_deg: float = 8.0) -> list[shapely.Geometry]:
    """Cut a shape in degrees into pieces small enough for one plane each."""
    west, south, east, north = shapely.bounds(shape)
    if east - west <= size_deg and north - south <= size_deg:
        return [shape]
    pieces = [
        shapely.intersection(part, shapely.box(x, y, x + size_deg, y + size_deg))
        for part in shapely.get_parts(shape)
        for x in np.arange(np.floor(shapely.bounds(part)[0]), shapely.bounds(part)[2] + 1e-9, size_deg)
        for y in np.arange(np.floor(shapely.bounds(part)[1]), shapely.bounds(part)[3] + 1e-9, size_deg)
    ]
    return [piece for piece in pieces if not shapely.is_empty(piece)]


def buffered(shape: shapely.Geometry, km: float) -> shapely.Geometry:
    """Return everything within a distance of a shape, both in degrees, however wide the shape is."""
    return _piecewise(shape, lambda flat: shapely.buffer(shapely.segmentize(flat, 100.0), km, quad_segs=12))


def _piecewise(
    shape: shapely.Geometry, change: Callable[[shapely.Geometry], shapely.Geometry]
) -> shapely.Geometry:
    """Change a shape piece by piece, each in its own plane."""
    changed = []
    for piece in tiles(shape):
        plane = plane_of(piece)
        changed.append(plane.unflatten(change(plane.flatten(piece))))
    return shapely.union_all(changed)


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the areas of a shape; points and lines go."""
    parts: Iterable[shapely.Geometry] = shapely.get_parts(shapely.get_parts(shape))
    areas = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def radius_of_area(shape: shapely.Geometry, lon: float, lat: float, share: float = _SHARE) -> float:
    """Return the distance from a point within which a share of a shape's area lies.

    Parameters
    ----------
    shape : shapely.Geometry
        Polygon or MultiPolygon, degrees, EPSG:4326.
    lon, lat : float
    share : float
        Between 0 and 1.

    Returns
    -------
    float
        km, measured on a grid of some thousand points of equal weight per area.

    Examples
    --------
    >>> box = shapely.box(-0.5, -0.5, 0.5, 0.5)
    >>> 50 < radius_of_area(box, 0.0, 0.0) < 70
    True
    """
    lons, lats, weights = _samples(shape)
    count = len(lons)
    metres = np.asarray(ellipsoid().inv(np.full(count, lon), np.full(count, lat), lons, lats)[2])
    order = np.argsort(metres, kind="stable")
    reached = np.cumsum(weights[order])
    position = int(np.searchsorted(reached, share * reached[-1]))
    return max(float(metres[order[min(position, count - 1)]]) / 1000, 0.1)


def _samples(shape: shapely.Geometry) -> tuple[Floats, Floats, Floats]:
    """Return points spread over a shape and the area each stands for."""
    lons, lats, weights = [], [], []
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    for part, area in zip(parts, areas, strict=True):
        if area < areas.sum() / 2_000 and len(parts) > 1:
            continue
        west, south, east, north = shapely.bounds(part)
        xs, ys = (
            low + (np.arange(_GRID) + 0.5) * (high - low) / _GRID
            for low, high in ((west, east), (south, north))
        )
        grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(xs, ys))
        shapely.prepare(part)
        inside = shapely.contains_xy(part, grid_x, grid_y)
        if not inside.any():
            point = shapely.point_on_surface(part)
            grid_x, grid_y, inside = np.array([point.x]), np.array([point.y]), np.array([True])
        lons.append(grid_x[inside])
        lats.append(grid_y[inside])
        share = np.cos(np.radians(grid_y[inside]))
        weights.append(share * (area / inside.sum()))
    return np.concatenate(lons), np.concatenate(lats), np.concatenate(weights)
