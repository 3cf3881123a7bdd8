"""Make the basemap that travels inside the file: Natural Earth land and borders, names in Arabic and English.

Around the data the 1:50m outlines are used, beyond them the light 1:110m ones. Natural Earth draws borders as they
are held on the ground; they can be switched off on the map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.errors import InputError
from geo.maps.assets import web_json

SCALE = 250
"""Steps per degree of the packed outlines: 0.004 degrees, under half a kilometre."""
MARGIN_DEG = 9.0
MARGIN_SHARE = 0.3
WORLD = (-180.0, -85.0, 180.0, 85.0)
EARTH = (-25.0, -35.0, 65.0, 60.0)
KINDS = ("country", "capital", "city", "sea", "region")

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """Name one place on the basemap.

    Attributes
    ----------
    name_ar, name : str
        The Arabic and the English name; one of them may be empty.
    lon, lat : float
        Degrees, EPSG:4326.
    rank : float
        Importance; smaller comes first where names compete for room.
    kind : str
        ``country``, ``capital``, ``city``, ``sea`` or ``region``.
    zoom : float
        Smallest zoom level at which the name is shown.
    """

    name_ar: str
    name: str
    lon: float
    lat: float
    rank: float
    kind: str = "city"
    zoom: float = 5.0


@dataclass(frozen=True, slots=True)
class Outlines:
    """Hold the countries of one scale.

    Attributes
    ----------
    codes : list of str
        ISO 3166-1 alpha-2, empty where there is none.
    names : list of (str, str)
        Arabic and English name of each country.
    shapes : numpy.ndarray of shapely.Geometry
        Valid polygons, EPSG:4326.
    borders : numpy.ndarray of shapely.LineString
        The lines two countries share.
    """

    codes: list[str]
    names: list[tuple[str, str]]
    shapes: Any
    borders: Any


def outlines(scale: str) -> Outlines:
    """Read the countries of one scale.

    Parameters
    ----------
    scale : {"50m", "110m"}

    Returns
    -------
    Outlines
    """
    world = web_json(f"countries-{scale}.json")
    step, origin = np.array(world["transform"]["scale"]), np.array(world["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * step + origin for arc in world["arcs"]]
    items = world["objects"]["countries"]["geometries"]
    owners: dict[int, set[int]] = {}
    shapes = []
    for number, item in enumerate(items):
        parts = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
        for arc in (arc for part in parts for ring in part for arc in ring):
            owners.setdefault(arc if arc >= 0 else ~arc, set()).add(number)
        polygons = [shapely.Polygon(_ring(part[0], arcs), [_ring(hole, arcs) for hole in part[1:]]) for part in parts]
        shapes.append(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons))
    shared = [shapely.LineString(arcs[arc]) for arc, countries in owners.items() if len(countries) > 1]
    about = [item["properties"] for item in items]
    valid = shapely.make_valid(np.array(shapes, dtype=object))
    return Outlines(
        codes=[each["iso"] for each in about],
        names=[(each["name_ar"], each["name"]) for each in about],
        shapes=valid,
        borders=np.array(shared, dtype=object),
    )


def _ring(indices: Sequence[int], arcs: Sequence[Any]) -> Any:
    """Join arcs to a ring; a negative index means the arc read backwards."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def country_shapes(codes: Iterable[str]) -> Mapping[str, Any]:
    """Return the polygons of countries.

    Parameters
    ----------
    codes : iterable of str
        ISO 3166-1 alpha-2.

    Returns
    -------
    Mapping of str to shapely.Geometry
        Only those that Natural Earth's 1:50m map has.

    Examples
    --------
    >>> round(country_shapes(["LY"])["LY"].area)
    146
    """
    wanted = set(codes)
    world = outlines("50m")
    return {code: shape for code, shape in zip(world.codes, world.shapes, strict=True) if code in wanted}


def crop_box(bounds: Sequence[float] | None) -> Bounds:
    """Return the box drawn in detail: the data's box with a margin, whole tenths of a degree.

    Parameters
    ----------
    bounds : sequence of four floats or None
        West, south, east, north of the data; ``None`` or NaN gives North Africa, the Near East and Europe.

    Returns
    -------
    tuple of four floats
    """
    if bounds is None or not np.isfinite(np.asarray(bounds, dtype=float)).all():
        return EARTH
    west, south, east, north = (float(value) for value in bounds)
    if east < west or north < south:
        raise InputError(f"basemap: bounds {list(bounds)} are not west, south, east, north")
    wide, high = MARGIN_DEG + MARGIN_SHARE * (east - west), MARGIN_DEG + MARGIN_SHARE * (north - south)
    edges = (max(WORLD[0], west - wide), max(WORLD[1], south - high), min(WORLD[2], east + wide), min(WORLD[3], north + high))
    return (round(edges[0], 1), round(edges[1], 1), round(edges[2], 1), round(edges[3], 1))


def _steps(coordinates: Any) -> list[int]:
    """Pack coordinates as whole steps, each the difference from the one before; repeats are dropped."""
    whole = np.round(np.asarray(coordinates) * SCALE).astype("int64")
    keep = np.ones(len(whole), dtype=bool)
    keep[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    whole = whole[keep]
    return np.concatenate([whole[:1], np.diff(whole, axis=0)]).ravel().tolist()  # type: ignore[no-any-return]


def _polygons(shape: Any) -> list[list[list[int]]]:
    """Pack the polygons of a geometry, rings too small to see left out."""
    parts = shapely.get_parts(shape)
    parts = parts[shapely.get_type_id(parts) == 3]
    packed = []
    for part in parts.tolist():
        rings = [_steps(ring.coords) for ring in (part.exterior, *part.interiors)]
        rings = [ring for ring in rings if len(ring) >= 8]
        if rings:
            packed.append(rings)
    return packed


def _lines(shapes: Any) -> list[list[int]]:
    """Pack the lines of some geometries."""
    parts = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes)))
    parts = parts[shapely.get_type_id(parts) == 1]
    packed = [_steps(part.coords) for part in parts.tolist()]
    return [line for line in packed if len(line) >= 4]


def country_labels(world: Outlines, names: Mapping[str, tuple[str, str]] | None = None) -> list[Label]:
    """Return the names of countries, each well inside its largest part.

    Parameters
    ----------
    world : Outlines
    names : Mapping of str to (str, str), optional
        Arabic and English names by ISO code, used instead of those that come with the outlines.

    Returns
    -------
    list of Label
    """
    labels = []
    for code, (arabic, english), shape in zip(world.codes, world.names, world.shapes.tolist(), strict=True):
        largest = max(shapely.get_parts(shape).tolist(), key=lambda part: part.area)
        if not arabic or largest.area < 0.05:
            continue
        arabic, english = (names or {}).get(code, (arabic, english))
        middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.2), 0)
        zoom = next((zoom for zoom, area in ((2.5, 180), (3.5, 55), (4.5, 12), (5.5, 2.5)) if largest.area > area), 6.5)
        labels.append(Label(arabic, english, middle.x, middle.y, -largest.area, "country", zoom))
    return labels


def _label_columns(labels: Sequence[Label]) -> dict[str, list[Any]]:
    """Return labels as columns, the most important first."""
    order = sorted(labels, key=lambda label: (label.rank, label.name, label.lon))
    return {
        "name_ar": [label.name_ar for label in order],
        "name": [label.name for label in order],
        "lon": [round(label.lon, 3) for label in order],
        "lat": [round(label.lat, 3) for label in order],
        "kind": [label.kind for label in order],
        "zoom": [label.zoom for label in order],
        "rank": list(range(len(order))),
    }


def natural_earth(
    bounds: Sequence[float] | None = None,
    *,
    labels: Iterable[Label] = (),
    country_names: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """Return the basemap's data island.

    Parameters
    ----------
    bounds : sequence of four floats, optional
        West, south, east, north of what the map shows; the land around it is drawn in detail.
    labels : iterable of Label
        Cities, seas and regions; names of countries are added by the function.
    country_names : Mapping of str to (str, str), optional
        Arabic and English names of countries by ISO code.

    Returns
    -------
    dict
        ``scale``, ``land`` and ``borders`` (packed outlines), ``edges`` (where a ring is no coast), ``labels``.

    Raises
    ------
    GeoError
        If the web assets were not built.
    """
    for label in (labels := list(labels)):
        if label.kind not in KINDS:
            raise InputError(f"label {label.name!r}: unknown kind {label.kind!r}, expected one of {list(KINDS)}")
    box = crop_box(bounds)
    near, far = outlines("50m"), outlines("110m")
    inside = shapely.box(*box)
    beyond = shapely.difference(shapely.box(*WORLD), inside)
    land_near = shapely.intersection(shapely.union_all(near.shapes), inside)
    land_far = shapely.intersection(shapely.union_all(far.shapes), beyond)
    borders = np.concatenate([shapely.intersection(near.borders, inside), shapely.intersection(far.borders, beyond)])
    edge_x = sorted({round(value * SCALE) for value in (WORLD[0], WORLD[2], box[0], box[2])})
    edge_y = sorted({round(value * SCALE) for value in (WORLD[1], WORLD[3], box[1], box[3])})
    return {
        "scale": SCALE,
        "land": _polygons(land_near) + _polygons(land_far),
        "borders": _lines(borders),
        "edges": {"x": edge_x, "y": edge_y},
        "labels": _label_columns([*country_labels(far, country_names), *labels]),
    }
