"""Build the areas that relative expressions mean: sectors, rings, corridors, coasts, borders, parts.

Every construction is made on the WGS84 ellipsoid (geodesics, see `geo.places.plane`). Each returns a
`Shape`: a GeoJSON geometry, a point inside it, and how far from that point 90 % of the area reaches. Bearings
are degrees clockwise from true north, lengths km, coordinates ``lon, lat`` in EPSG:4326. Shapes that cross
the antimeridian are cut; one that holds a pole is refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import shapely

from geo.errors import InputError
from geo.places.outline import Shape, lighter, must, shape_of, without_crumbs
from geo.places.plane import (
    Plane,
    buffered,
    check_point,
    ellipsoid,
    move,
    plane_of,
    polygonal,
)
from geo.places.shapes import Shapes

Medium = Literal["sea", "land"]

_STEP_DEG = 5.0
_FAN_DEG = 22.5
_SNAP_DEG = 0.01
"""Neighbours share one drawn line; this much is allowed between the two drawings of it."""


def disc(lon: float, lat: float, radius_km: float) -> Shape:
    """Build everything within a distance of a point.

    Parameters
    ----------
    lon, lat : float
    radius_km : float
        More than 0.

    Returns
    -------
    Shape

    Raises
    ------
    InputError
        If the point or the radius is none, or the disc holds a pole.

    Examples
    --------
    >>> round(disc(13.19, 32.89, 10.0).uncertainty_km, 1)
    9.5
    """
    return _wedge(lon, lat, 0.0, 0.0, radius_km, 360.0)


def ring(lon: float, lat: float, inner_km: float, outer_km: float) -> Shape:
    """Build everything between two distances of a point.

    Raises
    ------
    InputError
        If the point is none, the distances do not rise from 0, or the ring holds a pole.

    Examples
    --------
    >>> ring(36.29, 33.51, 5.0, 20.0).geometry["type"]
    'Polygon'
    """
    return _wedge(lon, lat, 0.0, inner_km, outer_km, 360.0)


def sector(
    lon: float, lat: float, bearing_deg: float, inner_km: float, outer_km: float, width_deg: float = 45.0
) -> Shape:
    """Build what lies on one side of a point: a wedge between two distances.

    Parameters
    ----------
    lon, lat : float
    bearing_deg : float
        Middle of the wedge.
    inner_km, outer_km : float
    width_deg : float
        Angle between its two sides; 45 splits the compass in eight.

    Returns
    -------
    Shape

    Raises
    ------
    InputError
        If an argument is out of range, or the wedge holds a pole.

    Examples
    --------
    >>> north = sector(13.19, 32.89, 0.0, 0.0, 30.0)
    >>> north.lat > 32.89
    True
    """
    return _wedge(lon, lat, bearing_deg, inner_km, outer_km, width_deg)


def at_distance(
    lon: float,
    lat: float,
    bearing_deg: float | None,
    distance_km: float,
    spread_deg: float = 22.5,
    spread: float = 0.2,
) -> Shape:
    """Build the area that "50 km south of X" means, or the ring that "50 km from X" means.

    Parameters
    ----------
    lon, lat : float
    bearing_deg : float or None
        ``None`` gives a ring.
    distance_km : float
    spread_deg : float
        Doubt of the bearing to each side.
    spread : float
        Doubt of the distance to each side, as a share of it.

    Returns
    -------
    Shape
        Its representative point is exactly at the bearing and distance given.

    Raises
    ------
    InputError
        If an argument is out of range, or the area holds a pole.

    Examples
    --------
    >>> shape = at_distance(13.19, 32.89, 180.0, 50.0)
    >>> round(shape.lat, 2)
    32.44
    """
    if not 0 < spread < 1:
        raise InputError(f"spread {spread} is no share; expected a number between 0 and 1")
    inner, outer = distance_km * (1 - spread), distance_km * (1 + spread)
    if bearing_deg is None:
        return _wedge(lon, lat, 0.0, inner, outer, 360.0)
    return _wedge(lon, lat, bearing_deg, inner, outer, 2 * spread_deg, distance_km)


def corridor(points: Sequence[tuple[float, float]], width_km: float) -> Shape:
    """Build a strip along the shortest line through some points.

    Parameters
    ----------
    points : sequence of (lon, lat)
        Two or more.
    width_km : float
        How far the strip reaches on each side.

    Returns
    -------
    Shape

    Raises
    ------
    InputError
        If there are fewer than two different points, or a number is out of range.

    Examples
    --------
    >>> strip = corridor([(16.59, 31.21), (15.09, 32.38)], 15.0)  # Sirte to Misrata
    >>> strip.geometry["type"]
    'Polygon'
    """
    _check_lengths(0.0, width_km)
    line = _geodesic(points)
    coordinates = shapely.get_coordinates(line)
    middle = coordinates[len(coordinates) // 2]
    point = (float((middle[0] + 180) % 360 - 180), float(middle[1]))
    return must(shape_of(buffered(line, width_km), point))


def near_line(line: shapely.Geometry, width_km: float) -> Shape | None:
    """Build a strip along a line given in degrees, for instance a coast; ``None`` if the line is empty."""
    _check_lengths(0.0, width_km)
    if shapely.is_empty(line):
        return None
    return shape_of(lighter(buffered(line, width_km), width_km))


def band(polygon: shapely.Geometry, inner_km: float, outer_km: float) -> Shape | None:
    """Build what lies between two distances outside an area given in degrees."""
    _check_lengths(inner_km, outer_km)
    line = shapely.boundary(polygon)
    area = shapely.difference(buffered(line, outer_km), shapely.union(buffered(line, inner_km), polygon))
    return shape_of(lighter(without_crumbs(area), outer_km))


def coast(shapes: Shapes, alpha2: str) -> shapely.Geometry:
    """Return the coast of a country as lines in degrees, empty if it has none."""
    country = shapes.country(alpha2)
    if country is None:
        return shapely.LineString()
    west, south, east, north = shapely.bounds(country)
    others = shapes.land((west - 0.1, south - 0.1, east + 0.1, north + 0.1), without=alpha2)
    return shapely.difference(shapely.boundary(country), shapely.buffer(others, _SNAP_DEG, quad_segs=1))


def offshore(
    shapes: Shapes, anchor: str | tuple[float, float] | shapely.Geometry, width_km: float = 50.0
) -> Shape | None:
    """Build the sea off a coast.

    Parameters
    ----------
    shapes : Shapes
    anchor : str, (lon, lat) or shapely.Geometry
        A country by its ISO alpha-2 code, a place on the coast, or an island's polygon in degrees.
    width_km : float
        How far out the strip reaches; territorial waters reach 22.224 km (12 nautical miles).

    Returns
    -------
    Shape or None
        ``None`` if there is no sea within that distance.

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> strip = offshore(Shapes.open(), "LY")
    >>> strip.lat > 30.2
    True
    """
    _check_lengths(0.0, width_km)
    if isinstance(anchor, str):
        line = coast(shapes, anchor)
    elif isinstance(anchor, tuple):
        check_point(*anchor)
        line = shapely.Point(anchor)
    else:
        line = shapely.boundary(anchor)
    if shapely.is_empty(line):
        return None
    return shape_of(lighter(_terrain(buffered(line, width_km), "sea", shapes), width_km))


def beyond(
    polygon: shapely.Geometry,
    bearing_deg: float,
    shapes: Shapes | None = None,
    medium: Medium | None = None,
    depth_km: float = 100.0,
) -> Shape | None:
    """Build what lies outside an area on one side, for instance the sea south of an island.

    Parameters
    ----------
    polygon : shapely.Geometry
        Degrees.
    bearing_deg : float
        The side.
    shapes : Shapes, optional
        Needed with ``medium``.
    medium : str, optional
        ``"sea"`` or ``"land"`` keeps only that; both stay if left out.
    depth_km : float
        How far from the area.

    Returns
    -------
    Shape or None
        ``None`` if there is no such land or sea on that side.

    Raises
    ------
    InputError
        If a number is out of range, or ``medium`` is given without ``shapes``.

    Examples
    --------
    >>> shapes = Shapes.open()
    >>> south = beyond(shapes.country("CY"), 180.0, shapes, "sea")
    >>> south.lat < 34.7
    True
    """
    _check_lengths(0.0, depth_km)
    plane = plane_of(polygon)
    flat = shapely.make_valid(shapely.simplify(plane.flatten(polygon), 1.0))
    swept = _swept(shapely.boundary(flat), bearing_deg, depth_km)
    smooth = shapely.buffer(shapely.buffer(swept, depth_km / 3), -depth_km / 3)
    swept = shapely.difference(smooth, flat)
    side = _half_plane(bearing_deg, _along(shapely.centroid(flat), bearing_deg))
    area = plane.unflatten(polygonal(shapely.intersection(swept, side)))
    if medium is not None:
        area = _terrain(area, medium, _needed(shapes))
    return shape_of(lighter(without_crumbs(area), depth_km))


def edge_point(polygon: shapely.Geometry, bearing_deg: float) -> tuple[float, float]:
    """Return lon and lat of the point of an outline that lies furthest along a bearing from the middle.

    Examples
    --------
    >>> lon, lat = edge_point(Shapes.open().country("CY"), 180.0)
    >>> 34.4 < lat < 34.8
    True
    """
    plane = plane_of(polygon)
    flat = plane.flatten(polygon)
    centre = shapely.centroid(flat)
    angle = math.radians(bearing_deg)
    far = (centre.x + 2e4 * math.sin(angle), centre.y + 2e4 * math.cos(angle))
    crossings = shapely.get_coordinates(
        shapely.intersection(shapely.boundary(flat), shapely.LineString([(centre.x, centre.y), far]))
    )
    corners = crossings if len(crossings) else shapely.get_coordinates(shapely.boundary(flat))
    furthest = corners[np.argmax(corners @ np.array([math.sin(angle), math.cos(angle)]))]
    lon, lat = plane.backward(furthest.reshape(1, 2))[0]
    return float((lon + 180) % 360 - 180), float(lat)


def part_of(polygon: shapely.Geometry, bearing_deg: float | None, share: float = 1 / 3) -> Shape:
    """Build the northern (southern ...) part of an area, or its central part.

    Parameters
    ----------
    polygon : shapely.Geometry
        Degrees.
    bearing_deg : float or None
        The side; ``None`` takes the centre.
    share : float
        Share of the area that counts as that part.

    Returns
    -------
    Shape

    Raises
    ------
    InputError
        If ``share`` is not between 0 and 1.

    Examples
    --------
    >>> north = part_of(Shapes.open().country("SY"), 0.0)
    >>> north.lat > 35.2
    True
    """
    if not 0 < share < 1:
        raise InputError(f"share {share} is no part; expected a number between 0 and 1")
    plane = plane_of(polygon)
    flat = shapely.make_valid(shapely.simplify(plane.flatten(polygon), 1.0))
    low, high = 0.0, 2 * shapely.length(shapely.minimum_rotated_rectangle(flat))
    centre = shapely.centroid(flat)
    start = low if bearing_deg is None else _along(centre, bearing_deg) - high / 2
    piece = flat
    for _ in range(24):
        middle = (low + high) / 2
        if bearing_deg is None:
            cutter, smaller = shapely.buffer(centre, middle, quad_segs=16), False
        else:
            cutter, smaller = _half_plane(bearing_deg, start + middle), True
        piece = shapely.intersection(flat, cutter)
        too_big = shapely.area(piece) > share * shapely.area(flat)
        low, high = (middle, high) if too_big == smaller else (low, middle)
    return must(shape_of(lighter(plane.unflatten(without_crumbs(polygonal(piece))), 60.0)))


def whole(polygon: shapely.Geometry) -> Shape:
    """Return an area as it is, drawn lightly (0.8 km)."""
    return must(shape_of(lighter(polygon, 40.0)))


def border(one: shapely.Geometry, other: shapely.Geometry, width_km: float = 15.0) -> Shape | None:
    """Build the strip on both sides of the line that two areas share.

    Parameters
    ----------
    one, other : shapely.Geometry
        Two countries, degrees.
    width_km : float
        How far the strip reaches on each side.

    Returns
    -------
    Shape or None
        ``None`` if they have no common line.

    Examples
    --------
    >>> shapes = Shapes.open()
    >>> border(shapes.country("SY"), shapes.country("TR")) is not None
    True
    >>> border(shapes.country("SY"), shapes.country("LY")) is None
    True
    """
    return near_line(_common_line(one, other), width_km)


def land_border(shapes: Shapes, alpha2: str, width_km: float = 15.0) -> Shape | None:
    """Build the strip along all land borders of a country; ``None`` if it has none."""
    country = shapes.country(alpha2)
    if country is None:
        return None
    others = [shapes.country(code) for code in shapes.neighbours(alpha2)]
    return near_line(shapely.union_all([_common_line(country, other) for other in others if other]), width_km)


def tripoint(
    one: shapely.Geometry, two: shapely.Geometry, three: shapely.Geometry, radius_km: float = 25.0
) -> Shape | None:
    """Build a disc around the point where three countries meet; ``None`` if they do not.

    Examples
    --------
    >>> shapes = Shapes.open()
    >>> corner = tripoint(*(shapes.country(code) for code in ("LY", "EG", "SD")))
    >>> round(corner.lon), round(corner.lat)
    (25, 22)
    """
    line = _common_line(one, two)
    if shapely.is_empty(line):
        return None
    near = shapely.shortest_line(line, three)
    if near is None or shapely.length(near) > 3 * _SNAP_DEG:
        return None
    lon, lat = shapely.get_coordinates(near)[0]
    return disc(float(lon), float(lat), radius_km)


def bank(line: shapely.Geometry | None, bearing_deg: float, width_km: float = 50.0) -> Shape | None:
    """Build the strip on one side of a river.

    Parameters
    ----------
    line : shapely.Geometry or None
        The river in degrees; ``None`` if no line is known.
    bearing_deg : float
        The side.
    width_km : float

    Returns
    -------
    Shape or None

    Examples
    --------
    >>> nile = shapely.LineString([(32.9, 24.1), (32.6, 25.7), (31.2, 27.2), (31.2, 30.0)])
    >>> bank(nile, 270.0).lon < 32.0
    True
    """
    if line is None or shapely.is_empty(line):
        return None
    _check_lengths(0.0, width_km)
    plane = plane_of(line)
    return shape_of(lighter(plane.unflatten(_swept(plane.flatten(line), bearing_deg, width_km)), width_km))


def clip(shape: Shape, medium: Medium, shapes: Shapes) -> Shape | None:
    """Keep what a shape has of the sea or of the land; ``None`` if nothing is left.

    Examples
    --------
    >>> shapes = Shapes.open()
    >>> at_sea = clip(disc(13.19, 32.89, 30.0), "sea", shapes)
    >>> at_sea.lat > 32.9
    True
    """
    area = without_crumbs(_terrain(shape.polygon(), medium, shapes))
    kept = shapely.contains_xy(area, shape.lon, shape.lat)
    return shape_of(area, (shape.lon, shape.lat) if kept else None)


def _wedge(
    lon: float,
    lat: float,
    bearing_deg: float,
    inner_km: float,
    outer_km: float,
    width_deg: float,
    point_km: float | None = None,
) -> Shape:
    """Build a disc, ring or wedge by geodesics from its centre."""
    check_point(lon, lat)
    _check_lengths(inner_km, outer_km)
    if not math.isfinite(bearing_deg) or not 0 < width_deg <= 360:
        raise InputError(
            f"bearing {bearing_deg}, width {width_deg}: expected degrees from north, width up to 360"
        )
    full = width_deg >= 360
    count = max(math.ceil(width_deg / _STEP_DEG), 4) + 1
    angles = np.radians(bearing_deg + np.linspace(-width_deg / 2, width_deg / 2, count))
    unit = np.column_stack([np.sin(angles), np.cos(angles)])
    if full:
        flat = shapely.Polygon(unit * outer_km, [unit * inner_km] if inner_km > 0 else [])
    else:
        back = (unit * inner_km)[::-1] if inner_km > 0 else np.zeros((1, 2))
        flat = shapely.Polygon(np.vstack([unit * outer_km, back]))
    plane = Plane(lon, lat)
    area = plane.unflatten(flat)
    if full and inner_km == 0:
        return must(shape_of(area, (lon, lat)))
    middle = math.sqrt((inner_km**2 + outer_km**2) / 2) if point_km is None else point_km
    point = move(lon, lat, bearing_deg, middle)
    return must(shape_of(area, point))


def _check_lengths(inner_km: float, outer_km: float) -> None:
    if not (0 <= inner_km < outer_km and math.isfinite(outer_km)):
        raise InputError(f"distances {inner_km} to {outer_km} km; expected numbers that rise from 0")


def _geodesic(points: Sequence[tuple[float, float]]) -> shapely.LineString:
    """Return the shortest line through points, a vertex at least every 50 km, longitudes counted on."""
    for lon, lat in points:
        check_point(lon, lat)
    coordinates = [tuple(points[0])] if points else []
    for (lon1, lat1), (lon2, lat2) in pairwise(points):
        metres = ellipsoid().inv(lon1, lat1, lon2, lat2)[2]
        count = int(metres // 50_000)
        coordinates += [*ellipsoid().npts(lon1, lat1, lon2, lat2, count)] if count else []
        coordinates.append((lon2, lat2))
    if len(set(coordinates)) < 2:
        raise InputError(f"a corridor needs two different points, got {list(points)}")
    array = np.array(coordinates, dtype=float)
    array[:, 0] = np.degrees(np.unwrap(np.radians(array[:, 0])))
    return shapely.LineString(array)


def _terrain(area: shapely.Geometry, medium: Medium, shapes: Shapes) -> shapely.Geometry:
    """Cut an area down to sea or land."""
    pieces = []
    for part in shapely.get_parts(polygonal(area)):
        west, south, east, north = shapely.bounds(part)
        land = shapes.land((west - 0.01, south - 0.01, east + 0.01, north + 0.01))
        pieces.append(shapely.difference(part, land) if medium == "sea" else shapely.intersection(part, land))
    return polygonal(shapely.union_all(pieces))


def _common_line(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """Return the stretch of one area's outline that the other touches."""
    close = shapely.buffer(
        shapely.boundary(shapely.clip_by_rect(other, *_grown(one))), _SNAP_DEG, quad_segs=1
    )
    return shapely.intersection(shapely.boundary(one), close)


def _grown(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(shape)
    return (west - 0.5, south - 0.5, east + 0.5, north + 0.5)


def _swept(line: shapely.Geometry, bearing_deg: float, depth_km: float) -> shapely.Geometry:
    """Return what a flat line passes over when it moves along a bearing, 22.5 degrees to each side."""
    steps = np.radians(bearing_deg + np.array([-_FAN_DEG, -_FAN_DEG / 2, 0.0, _FAN_DEG / 2, _FAN_DEG]))
    moves = depth_km * np.column_stack([np.sin(steps), np.cos(steps)])
    hulls = []
    for part in shapely.get_parts(line):
        vertices = shapely.get_coordinates(part)
        ends = np.stack([vertices[:-1], vertices[1:]], axis=1)
        moved = (ends[:, :, None, :] + moves[None, None, :, :]).reshape(len(ends), -1, 2)
        corners = np.concatenate([ends, moved], axis=1)
        hulls.append(shapely.convex_hull(shapely.multipoints([shapely.points(each) for each in corners])))
    return shapely.union_all(np.concatenate(hulls))


def _half_plane(bearing_deg: float, offset_km: float) -> shapely.Geometry:
    """Return the flat half-plane that lies beyond an offset along a bearing."""
    angle = math.radians(bearing_deg)
    ahead, aside = np.array([math.sin(angle), math.cos(angle)]), np.array([math.cos(angle), -math.sin(angle)])
    near, far, wide = offset_km * ahead, (offset_km + 3e4) * ahead, 3e4 * aside
    return shapely.Polygon([near - wide, near + wide, far + wide, far - wide])


def _along(point: shapely.Point, bearing_deg: float) -> float:
    angle = math.radians(bearing_deg)
    return float(point.x * math.sin(angle) + point.y * math.cos(angle))


def _needed(shapes: Shapes | None) -> Shapes:
    if shapes is None:
        raise InputError("cutting to sea or land needs the shapes; pass shapes=Shapes.open()")
    return shapes
