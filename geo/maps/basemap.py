"""Make the basemap that travels inside the file: Natural Earth land and borders, names in Arabic and English.

Around the data the 1:50m outlines are used, beyond them the light 1:110m ones. Natural Earth draws borders as
they are held on the ground; they can be switched off on the map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.errors import InputError
from geo.maps.assets import web_json

SCALES = {"50m": 250, "10m": 1000}
"""Steps per degree of the packed outlines: 0.004 degrees are under half a kilometre."""
MARGIN_DEG = 9.0
MARGIN_SHARE = 0.3
WORLD = (-180.0, -85.0, 180.0, 85.0)
EARTH = (-25.0, -35.0, 65.0, 60.0)
COUNTRY_ZOOMS = ((2.5, 180.0), (3.5, 55.0), (4.5, 12.0), (5.5, 2.5))
"""Zoom level from which a country is named, with the size in square degrees of its largest part."""
KINDS = ("country", "capital", "city", "sea", "region")

Bounds = tuple[float, float, float, float]
CountryNames = Callable[[str], tuple[str, str] | None]


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
    """Hold the outlines of one scale: arcs that countries and land share.

    Attributes
    ----------
    arcs : list of numpy.ndarray
        Each of shape (points, 2): lon, lat.
    countries : list of dict
        TopoJSON geometries with the properties ``iso``, ``name`` and ``name_ar``.
    land : list of dict
        TopoJSON geometries of the land as a whole.
    """

    arcs: list[Any]
    countries: list[dict[str, Any]]
    land: list[dict[str, Any]]

    @classmethod
    def read(cls, scale: str) -> Outlines:
        """Read one scale.

        Parameters
        ----------
        scale : {"10m", "50m", "110m"}
        """
        world = web_json(f"countries-{scale}.json")
        step, origin = np.array(world["transform"]["scale"]), np.array(world["transform"]["translate"])
        arcs = [np.cumsum(np.array(arc), axis=0) * step + origin for arc in world["arcs"]]
        return cls(arcs, world["objects"]["countries"]["geometries"], world["objects"]["land"]["geometries"])

    def polygons(self, items: Iterable[Mapping[str, Any]]) -> Any:
        """Return the polygons of geometries as one array, valid; one across the antimeridian is cut there."""
        shapes = [
            shapely.Polygon(_unrolled(outer), [hole for hole in holes if len(hole) > 3])
            for item in items
            for outer, *holes in (map(self._ring, part) for part in _parts(item))
            if len(outer) > 3
        ]
        found = np.array(shapes, dtype=object)
        wrong = ~shapely.is_valid(found)
        found[wrong] = shapely.make_valid(found[wrong])
        beyond = shapely.bounds(found)[:, [0, 2]]
        across = (beyond[:, 0] < WORLD[0]) | (beyond[:, 1] > WORLD[2])
        halves = [half for shape in found[across] for half in _halves(shape)]
        return np.concatenate([found[~across], np.array(halves, dtype=object)])

    def borders(self) -> Any:
        """Return the lines that two countries share."""
        owners: dict[int, set[int]] = {}
        for number, item in enumerate(self.countries):
            for arc in (arc for part in _parts(item) for ring in part for arc in ring):
                owners.setdefault(arc if arc >= 0 else ~arc, set()).add(number)
        shared = [
            shapely.LineString(self.arcs[arc]) for arc, countries in owners.items() if len(countries) > 1
        ]
        return np.array(shared, dtype=object)

    def _ring(self, indices: Sequence[int]) -> Any:
        """Join arcs to a ring; a negative index means the arc read backwards."""
        parts = [self.arcs[index] if index >= 0 else self.arcs[~index][::-1] for index in indices]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _unrolled(ring: Any) -> Any:
    """Let a ring run on past 180 degrees where it would jump to the other side of the world.

    A ring around a pole cannot be closed that way and is left as it is.
    """
    jumps = np.diff(ring[:, 0])
    turns = np.concatenate([[0.0], np.cumsum(-360.0 * np.round(jumps / 360.0))])
    return ring if turns[-1] else np.column_stack([ring[:, 0] + turns, ring[:, 1]])


def _halves(shape: Any) -> list[Any]:
    """Cut a shape that runs past 180 degrees and bring what is beyond back onto the map."""
    whole = (WORLD[0], -90.0, WORLD[2], 90.0)
    shifted = (shapely.transform(shape, lambda xy, by=by: xy + [by, 0.0]) for by in (-360.0, 0.0, 360.0))
    return [
        part for half in shifted for part in shapely.get_parts(shapely.clip_by_rect(half, *whole)).tolist()
    ]


def _parts(item: Mapping[str, Any]) -> list[Any]:
    """Return the polygons of a TopoJSON geometry, each a list of rings."""
    return [item["arcs"]] if item["type"] == "Polygon" else list(item["arcs"])


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
    148
    """
    wanted = set(codes)
    world = Outlines.read("50m")
    chosen = [item for item in world.countries if item["properties"]["iso"] in wanted]
    return {item["properties"]["iso"]: shapely.union_all(world.polygons([item])) for item in chosen}


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
    edges = (
        max(WORLD[0], west - wide),
        max(WORLD[1], south - high),
        min(WORLD[2], east + wide),
        min(WORLD[3], north + high),
    )
    return (round(edges[0], 1), round(edges[1], 1), round(edges[2], 1), round(edges[3], 1))


def _steps(coordinates: Any, scale: int) -> list[int]:
    """Pack coordinates as whole steps, each the difference from the one before; repeats are dropped."""
    whole = np.round(np.asarray(coordinates) * scale).astype("int64")
    keep = np.ones(len(whole), dtype=bool)
    keep[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    whole = whole[keep]
    return np.concatenate([whole[:1], np.diff(whole, axis=0)]).ravel().tolist()


def _around(box: Bounds) -> list[Bounds]:
    """Return the world without a box, as four boxes."""
    west, south, east, north = box
    return [
        (WORLD[0], north, WORLD[2], WORLD[3]),
        (WORLD[0], WORLD[1], WORLD[2], south),
        (WORLD[0], south, west, north),
        (east, south, WORLD[2], north),
    ]


def _clipped(shapes: Any, boxes: Iterable[Bounds]) -> list[Any]:
    """Return what lies in the boxes, as simple geometries."""
    kept: list[Any] = []
    for box in boxes:
        if box[0] < box[2] and box[1] < box[3]:
            kept.extend(shapely.get_parts(shapely.get_parts(shapely.clip_by_rect(shapes, *box))).tolist())
    return kept


def _polygons(shapes: Iterable[Any], scale: int) -> list[list[list[int]]]:
    """Pack polygons, rings too small to see left out."""
    packed = []
    for shape in shapes:
        if shape.geom_type != "Polygon":
            continue
        rings = [_steps(ring.coords, scale) for ring in (shape.exterior, *shape.interiors)]
        rings = [ring for ring in rings if len(ring) >= 8]
        if rings:
            packed.append(rings)
    return packed


def _lines(shapes: Iterable[Any], scale: int) -> list[list[int]]:
    """Pack lines."""
    packed = [
        _steps(shape.coords, scale)
        for shape in shapes
        if shape.geom_type == "LineString" and not shape.is_empty
    ]
    return [line for line in packed if len(line) >= 4]


def country_labels(world: Outlines, names: CountryNames | None = None) -> list[Label]:
    """Return the names of countries, each well inside its largest part.

    Parameters
    ----------
    world : Outlines
    names : callable, optional
        Gives Arabic and English name of an ISO code, or None; goes before the names of the outlines.

    Returns
    -------
    list of Label
    """
    labels = []
    for item in world.countries:
        about = item["properties"]
        largest = max(world.polygons([item]).tolist(), key=lambda part: float(part.area))
        if not about["name_ar"] or largest.area < 0.05:
            continue
        arabic, english = (names(about["iso"]) if names else None) or (about["name_ar"], about["name"])
        middle = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.2), 0)
        zoom = next((zoom for zoom, area in COUNTRY_ZOOMS if largest.area > area), 6.5)
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
    country_names: CountryNames | None = None,
    detail: str = "50m",
) -> dict[str, Any]:
    """Return the basemap's data island.

    Parameters
    ----------
    bounds : sequence of four floats, optional
        West, south, east, north of what the map shows; the land around it is drawn in detail.
    labels : iterable of Label
        Cities, seas and regions; names of countries are added by the function.
    country_names : callable, optional
        Gives Arabic and English name of an ISO code, or None.
    detail : {"50m", "10m"}
        Scale of the outlines around the data.

    Returns
    -------
    dict
        ``scale``, ``land`` and ``borders`` (packed outlines), ``edges`` (where a ring is no coast) and
        ``labels``.

    Raises
    ------
    GeoError
        If the web assets were not built.
    """
    for label in (labels := list(labels)):
        if label.kind not in KINDS:
            raise InputError(
                f"label {label.name!r}: unknown kind {label.kind!r}, expected one of {list(KINDS)}"
            )
    box = crop_box(bounds)
    near, far = Outlines.read(detail), Outlines.read("110m")
    scale = SCALES[detail]
    land = [*_clipped(near.polygons(near.land), [box]), *_clipped(far.polygons(far.land), _around(box))]
    borders = [*_clipped(near.borders(), [box]), *_clipped(far.borders(), _around(box))]
    edge_x = sorted({round(value * scale) for value in (WORLD[0], WORLD[2], box[0], box[2])})
    edge_y = sorted({round(value * scale) for value in (WORLD[1], WORLD[3], box[1], box[3])})
    return {
        "scale": scale,
        "land": _polygons(land, scale),
        "borders": _lines(borders, scale),
        "edges": {"x": edge_x, "y": edge_y},
        "labels": _label_columns([*country_labels(far, country_names), *labels]),
    }
