"""Decide what a relative expression means on the ground, and build that area.

A direction before a country is ambiguous: its part on that side, or what lies beyond it. `decide` weighs the
words of the clause (sea or land, "in" before it) and the kind of anchor, and keeps the other meaning with its
score. Widths come from the rule table ``relation``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
import shapely

from geo.arabic import table
from geo.arabic.rules import Entry
from geo.errors import InputError
from geo.model import Place
from geo.places import geometry
from geo.places.geometry import Medium
from geo.places.outline import Shape, lighter, shape_of, without_crumbs
from geo.places.plane import buffered, distance_km
from geo.places.shapes import Shapes
from geo.reading.relation_view import Anchor, Expression, View, is_country, is_water, relation, rivers

_ISLANDS = ("ISL", "ISLS", "ISLT")
_FAR_KM = 2500.0
_OVERSEAS_KM = 700.0
_VAST_KM = 500.0
_MIN_RADIUS_KM = 1.0
_SIDE_SHARE = 0.4
_WIDE_FROM_KM = 15.0
_TRIPOINT_COUNTRIES = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold what an expression was taken to mean.

    Attributes
    ----------
    relation : str
        Name of the rule.
    where_prec : int
        UCDP GED code.
    medium : str or None
        ``"sea"`` or ``"land"`` if the area is cut down to it.
    reasons : tuple of str
    alternatives : tuple of (str, float)
    """

    relation: str
    where_prec: int
    medium: Medium | None = None
    reasons: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = field(default=())


def decide(view: View, expression: Expression) -> Meaning:
    """Choose the meaning of an expression.

    Parameters
    ----------
    view : View
    expression : Expression

    Returns
    -------
    Meaning
    """
    if expression.relation == "direction":
        return _decide_side(view, expression)
    if expression.relation == "inside_part":
        return _meaning("inside_part", 0.95, expression.anchors[0].place, ())
    entry = relation(expression.relation)
    where_prec = int(entry["where_prec"])
    anchor = expression.anchors[0]
    reasons: tuple[str, ...] = ()
    medium: Medium | None = None
    if expression.relation in ("distance", "gloss"):
        km = expression.distance_km
        if expression.relation == "distance" and km is not None and km > float(entry["far_km"]):
            where_prec = int(entry["far_where_prec"])
        medium, reasons = ("sea", ()) if expression.at_sea else _sea_or_all(view, expression)
        where_prec = 7 if medium == "sea" else where_prec
    elif entry["kind"] == "corridor":
        word = view.in_clause("sea", expression.first, expression.last)
        medium = None if word else "land"
        reasons = (f"sea word '{word}' in the clause",) if word else ()
    elif anchor.place is not None and is_wide(anchor.place):
        where_prec = int(entry.get("area_where_prec", where_prec))
    return Meaning(expression.relation, where_prec, medium, reasons)


def _sea_or_all(view: View, expression: Expression) -> tuple[Medium | None, tuple[str, ...]]:
    """Cut a distance down to the sea where the clause speaks of the sea."""
    word = view.in_clause("sea", expression.first, expression.last)
    place = expression.anchors[0].place
    if not word or place is None or place.feature_class not in ("P", "S", "A", "T"):
        return None, ()
    return "sea", (f"sea word '{word}' in the clause",)


def _decide_side(view: View, expression: Expression) -> Meaning:
    """Weigh inside against outside for a direction without a length."""
    anchor = expression.anchors[0]
    place = anchor.place
    if expression.definite or place is None or is_water(place):
        waters = place is not None and is_water(place)
        name = "inside_part" if expression.definite or waters else "outside_sector"
        return _meaning(name, 0.95, place, (), "sea" if waters else None)
    reasons: list[str] = []
    wide, island = is_wide(place), _is_island(place)
    outside = 0.35 if wide else 0.85
    sea = view.in_clause("sea", expression.first, expression.last)
    land = view.in_clause("land", expression.first, expression.last)
    if expression.within:
        outside -= 0.35 if wide else 0.45
        reasons.append("'in' stands before the direction: the part inside")
    if anchor.points_back and not wide and not expression.within:
        outside -= 0.1
    if sea and (island or is_country(place)):
        outside += 0.3
        reasons.append(f"sea word '{sea}' in the clause: beyond the coast")
    if wide and island:
        outside += 0.25
        reasons.append(f"{place.name} is an island: beyond its coast is sea")
    if wide and land:
        outside -= 0.2
        reasons.append(f"land word '{land}' in the clause: the part inside")
    name = "outside_sector" if outside > 0.5 else "inside_part"
    score = min(max(outside if name == "outside_sector" else 1 - outside, 0.5), 0.95)
    medium: Medium | None = "sea" if name == "outside_sector" and wide and (sea or island) else None
    return _meaning(name, score, place, tuple(reasons), medium)


def _meaning(
    name: str, score: float, place: Place | None, reasons: tuple[str, ...], medium: Medium | None = None
) -> Meaning:
    other = "inside_part" if name == "outside_sector" else "outside_sector"
    where_prec = int(relation(name)["where_prec"])
    if name == "inside_part" and place is not None and not is_country(place):
        where_prec = 4 if is_wide(place) else 1
    if name == "outside_sector" and place is not None and is_wide(place):
        where_prec = 5
    if medium == "sea":
        where_prec = 7
    return Meaning(name, where_prec, medium, reasons, ((other, round(1 - score, 2)),))


def is_wide(place: Place) -> bool:
    """Say whether a place is an area rather than a point: a country, unit, region, island or desert."""
    if place.feature_class == "A" or place.feature_code.startswith("RGN") or place.feature_code in _ISLANDS:
        return True
    return place.feature_class in ("H", "L", "T") and place.uncertainty_km >= _WIDE_FROM_KM


@cache
def _island_states() -> frozenset[str]:
    return frozenset(code for entry in table("island_state") for code in entry["codes"])


def _is_island(place: Place) -> bool:
    if place.feature_code in _ISLANDS:
        return True
    return is_country(place) and place.country in _island_states()


def area_of(expression: Expression, meaning: Meaning, shapes: Shapes) -> tuple[Shape | None, str]:
    """Build the area of an expression.

    Parameters
    ----------
    expression : Expression
        Every anchor resolved, unless it is a river with a line of its own.
    meaning : Meaning
    shapes : Shapes

    Returns
    -------
    tuple of (Shape or None, str)
        The area, and in plain English how it was built or why there is none.
    """
    anchors = tuple(replace(anchor, first=0, last=0, index=0) for anchor in expression.anchors)
    placeless = replace(expression, first=0, last=0, cut=0, target=None, reasons=(), anchors=anchors)
    return _built(placeless, replace(meaning, reasons=(), alternatives=()), shapes)


@lru_cache(maxsize=256)
def _built(expression: Expression, meaning: Meaning, shapes: Shapes) -> tuple[Shape | None, str]:
    """Build an area once for all the texts that speak of it; token positions are left out."""
    entry = relation(meaning.relation)
    builder = _BUILDERS[str(entry["kind"])]
    try:
        return builder(expression, meaning, entry, shapes)
    except InputError as error:
        return None, f"no area: {error}"


def _polygon(place: Place, shapes: Shapes) -> shapely.Geometry | None:
    """Return the outline of a country or island; ``None`` for places without one."""
    if is_country(place):
        return shapes.country(place.country)
    if place.feature_code in _ISLANDS:
        return shapes.island_at(place.lon, place.lat)
    return None


@lru_cache(maxsize=64)
def _body(place: Place, shapes: Shapes) -> shapely.Geometry | None:
    """Return the outline of a country or island without what lies overseas; ``None`` for places without one.

    The south of France is not Réunion: pieces within 700 km of the largest count, and so on from there.
    """
    polygon = _polygon(place, shapes)
    pieces = shapely.get_parts(polygon) if polygon is not None else []
    if len(pieces) < 2:
        return polygon
    order = shapely.area(pieces).argsort()[::-1]
    body, rest = pieces[order[0]], pieces[order[1:]]
    while len(rest):
        lines = shapely.get_coordinates(shapely.shortest_line(rest, body)).reshape(-1, 4)
        near = np.array([distance_km(*line) <= _OVERSEAS_KM for line in lines.tolist()])
        if not near.any():
            break
        body, rest = shapely.union_all([body, *rest[near]]), rest[~near]
    return body


def _outline(place: Place, shapes: Shapes) -> shapely.Geometry:
    """Return the outline of a place, or the disc that stands for it."""
    polygon = _polygon(place, shapes)
    if polygon is not None:
        return polygon
    return geometry.disc(place.lon, place.lat, max(place.uncertainty_km, _MIN_RADIUS_KM)).polygon()


def _widths(place: Place, entry: Entry) -> tuple[float, float]:
    """Return the two distances of a relation for the size of a place; units count from their edge."""
    if is_wide(place):
        inner, outer = entry["area"]
        return float(inner), float(outer) + max(place.uncertainty_km, _MIN_RADIUS_KM)
    low, high = entry["facility"] if place.feature_class in ("S", "R") else entry["city"]
    return float(low), float(high)


def _quarter(bearing_deg: float, inner: float, outer: float, place: Place) -> str:
    return f"quarter towards {bearing_deg:g} degrees, {_reach(inner, outer)} from {place.name}"


def _reach(inner: float, outer: float) -> str:
    return f"{inner:g} to {outer:g} km"


def _place(expression: Expression, number: int = 0) -> Place:
    place = expression.anchors[number].place
    if place is None:
        raise InputError(
            f"anchor {number} of a '{expression.relation}' is not resolved; check before building"
        )
    return place


def _direction(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place, bearing = _place(expression), expression.bearing_deg or 0.0
    if meaning.relation == "inside_part":
        if is_wide(place) or is_water(place):
            share = float(entry["share"])
            body = _body(place, shapes) or _outline(place, shapes)
            shape: Shape | None = geometry.part_of(body, bearing, share)
            if shape is not None and meaning.medium is not None:
                shape = geometry.clip(shape, meaning.medium, shapes) or shape
            return shape, f"the part of {place.name} towards {bearing:g} degrees, {share:.0%} of its area"
        radius = max(place.uncertainty_km, 2 * _MIN_RADIUS_KM)
        shape = geometry.sector(place.lon, place.lat, bearing, 0.0, radius, 180.0)
        return shape, f"the half of {place.name} towards {bearing:g} degrees, {radius:g} km wide"
    polygon = _body(place, shapes) if is_wide(place) else None
    if polygon is not None:
        depth = float(entry["depth_km"])
        beyond = geometry.beyond(polygon, bearing, shapes, meaning.medium, depth)
        kind = f"the {meaning.medium}" if meaning.medium else "what lies"
        if beyond is None:
            return None, f"no area: no {meaning.medium or 'ground'} beyond {place.name} on that side"
        return beyond, f"{kind} beyond {place.name} towards {bearing:g} degrees, up to {depth:g} km out"
    inner, outer = _widths(place, entry)
    width = float(entry["width_deg"])
    shape = geometry.sector(place.lon, place.lat, bearing, inner, outer, width)
    return shape, f"sector of {width:g} degrees, {inner:g} to {outer:g} km from {place.name}"


def _distance(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place, km = _place(expression), expression.distance_km
    if not km:
        return None, "no area: the length has no value"
    spread, doubt = float(entry["spread"]), float(entry["spread_deg"])
    polygon = _polygon(place, shapes)
    if polygon is not None and expression.bearing_deg is None:
        shape = geometry.band(polygon, km * (1 - spread), km * (1 + spread))
        if shape is not None and meaning.medium is not None:
            shape = geometry.clip(shape, meaning.medium, shapes)
        return shape, f"{km:.4g} km from the outline of {place.name}, doubt {spread:.0%}"
    lon, lat = _start(place, expression.bearing_deg, shapes)
    shape = geometry.at_distance(lon, lat, expression.bearing_deg, km, doubt, spread)
    if shape is not None and meaning.medium is not None:
        shape = geometry.clip(shape, meaning.medium, shapes) or shape
    where = f" towards {expression.bearing_deg:g} degrees" if expression.bearing_deg is not None else ""
    return shape, f"{km:.4g} km from {place.name}{where}, doubt {spread:.0%} and {doubt:g} degrees"


def _start(place: Place, bearing: float | None, shapes: Shapes) -> tuple[float, float]:
    """Return where a length is counted from: the place, or a country's edge on that side."""
    polygon = _body(place, shapes)
    if polygon is None or bearing is None:
        return place.lon, place.lat
    return geometry.edge_point(polygon, bearing)


def _disc(expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes) -> tuple[Shape | None, str]:
    place = _place(expression)
    polygon = _polygon(place, shapes)
    if polygon is not None:
        width = float(entry["area"][1])
        shape = geometry.near_line(shapely.boundary(polygon), width)
        return shape, f"within {width:g} km of the outline of {place.name}"
    _, outer = _widths(place, entry)
    return geometry.disc(place.lon, place.lat, outer), f"within {outer:g} km of {place.name}"


def _ring(expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes) -> tuple[Shape | None, str]:
    place = _place(expression)
    if _polygon(place, shapes) is not None:
        return _disc(expression, meaning, entry, shapes)
    inner, outer = _widths(place, entry)
    if is_wide(place):
        inner = 0.5 * max(place.uncertainty_km, _MIN_RADIUS_KM)
    if expression.bearing_deg is not None:
        shape = geometry.sector(place.lon, place.lat, expression.bearing_deg, inner, outer, 90.0)
        return shape, _quarter(expression.bearing_deg, inner, outer, place)
    return geometry.ring(
        place.lon, place.lat, inner, outer
    ), f"ring {_reach(inner, outer)} around {place.name}"


def _rural(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place = _place(expression)
    if is_country(place):
        return geometry.whole(_outline(place, shapes)), f"the countryside of {place.name}: the whole country"
    inner, outer = _widths(place, entry)
    inner = min(inner, outer / 2)
    if expression.bearing_deg is not None:
        shape = geometry.sector(place.lon, place.lat, expression.bearing_deg, inner, outer, 90.0)
        return shape, _quarter(expression.bearing_deg, inner, outer, place)
    return geometry.ring(place.lon, place.lat, inner, outer), f"{_reach(inner, outer)} around {place.name}"


def _centre(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place = _place(expression)
    if is_wide(place):
        share = float(entry["share"])
        body = _body(place, shapes) or _outline(place, shapes)
        return geometry.part_of(body, None, share), f"the middle {share:.0%} of {place.name}"
    _, outer = _widths(place, entry)
    return geometry.disc(place.lon, place.lat, outer), f"within {outer:g} km of the middle of {place.name}"


def _inside(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place = _place(expression)
    polygon = _polygon(place, shapes)
    if polygon is not None:
        return geometry.whole(polygon), f"the whole of {place.name}"
    radius = max(place.uncertainty_km, _MIN_RADIUS_KM)
    return geometry.disc(place.lon, place.lat, radius), f"within {radius:g} km of {place.name}"


def _outside(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place = _place(expression)
    if is_country(place) or place.uncertainty_km > _VAST_KM:
        return None, f"no area: outside {place.name} is abroad"
    inner, outer = _widths(place, entry)
    inner = max(inner, min(place.uncertainty_km, outer / 2))
    return geometry.ring(
        place.lon, place.lat, inner, outer
    ), f"ring {_reach(inner, outer)} around {place.name}"


def _on_side(
    shape: Shape | None, place: Place, bearing: float | None, width: float, shapes: Shapes
) -> Shape | None:
    """Keep what a strip along a country's outline has on one side of the country."""
    polygon = _body(place, shapes)
    if shape is None or bearing is None or polygon is None:
        return shape
    side = buffered(geometry.part_of(polygon, bearing, _SIDE_SHARE).polygon(), width)
    return shape_of(without_crumbs(shapely.intersection(shape.polygon(), side)))


def _offshore(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place, width = _place(expression), float(entry["width_km"])
    anchor: Any = (place.lon, place.lat)
    if is_country(place):
        anchor = place.country
    elif place.feature_code in _ISLANDS:
        anchor = shapes.island_at(place.lon, place.lat) or anchor
    elif is_wide(place):
        anchor = _outline(place, shapes)
    shape = _on_side(geometry.offshore(shapes, anchor, width), place, expression.bearing_deg, width, shapes)
    if shape is None:
        return None, f"no area: no sea within {width:g} km of {place.name}"
    return shape, f"the sea within {width:g} km of the coast of {place.name}"


def _coast(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    place, width = _place(expression), float(entry["width_km"])
    if is_water(place):
        return None, f"no area: no outline of {place.name} is known"
    if is_country(place):
        line = geometry.coast(shapes, place.country)
        shape = _on_side(geometry.near_line(line, width), place, expression.bearing_deg, width, shapes)
    elif place.feature_code in _ISLANDS:
        shape = geometry.near_line(shapely.boundary(_outline(place, shapes)), width)
    else:
        shape = _near_sea(place, width, shapes)
    if shape is None:
        return None, f"no area: {place.name} has no coast"
    return shape, f"within {width:g} km of the coast of {place.name}"


def _near_sea(place: Place, width: float, shapes: Shapes) -> Shape | None:
    """Return the land and sea within a distance of the coast near a place."""
    around = geometry.disc(place.lon, place.lat, max(place.uncertainty_km, 15.0))
    sea = geometry.clip(around, "sea", shapes)
    if sea is None:
        return None
    area = shapely.intersection(buffered(sea.polygon(), width), around.polygon())
    return shape_of(lighter(without_crumbs(area), width))


def _border(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    width = float(entry["width_km"])
    names = " and ".join(_place(expression, number).name for number in range(len(expression.anchors)))
    units = [anchor for anchor in expression.anchors if anchor.place and not is_country(anchor.place)]
    if units:
        return _border_of_unit(expression, meaning, units[0], shapes)
    polygons = [
        shapes.country(_place(expression, number).country) for number in range(len(expression.anchors))
    ]
    if any(polygon is None for polygon in polygons):
        return None, f"no area: no outline of {names}"
    if len(polygons) > 1:
        shape = geometry.border(polygons[0], polygons[1], width)
    else:
        shape = geometry.land_border(shapes, _place(expression).country, width)
    if len(polygons) == 1:
        shape = _on_side(shape, _place(expression), expression.bearing_deg, width, shapes)
    if shape is None:
        return None, f"no area: {names} share no land border"
    return shape, f"within {width:g} km of the land border of {names}"


def _border_of_unit(
    expression: Expression, meaning: Meaning, unit: Anchor, shapes: Shapes
) -> tuple[Shape | None, str]:
    """Build the border of a unit: that of its country with another where it is near; else all around."""
    near, reason = _disc(replace(expression, anchors=(unit,)), meaning, relation("near"), shapes)
    codes = dict.fromkeys(anchor.place.country for anchor in expression.anchors if anchor.place)
    polygons = [polygon for polygon in map(shapes.country, codes) if polygon is not None]
    width = float(relation("border")["width_km"])
    line = geometry.border(polygons[0], polygons[1], width) if len(polygons) == 2 else None
    if near is None or line is None:
        return near, reason
    shape = shape_of(without_crumbs(shapely.intersection(line.polygon(), near.polygon())))
    where = f"the border of {' and '.join(codes)}, within {width:g} km of it and {reason}"
    return (shape, where) if shape is not None else (near, reason)


def _tripoint(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    radius = float(entry["width_km"])
    codes = [anchor.country for anchor in expression.anchors if anchor.country]
    found = [polygon for polygon in map(shapes.country, codes) if polygon is not None]
    if len(found) < _TRIPOINT_COUNTRIES:
        return None, "no area: three countries are needed for the point where they meet"
    shape = geometry.tripoint(found[0], found[1], found[2], radius)
    if shape is None:
        return None, f"no area: {', '.join(codes)} do not meet in a point"
    return shape, f"within {radius:g} km of the point where {', '.join(codes)} meet"


def _corridor(
    expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes
) -> tuple[Shape | None, str]:
    one, other = _place(expression), _place(expression, 1)
    km = distance_km(one.lon, one.lat, other.lon, other.lat)
    if km < 0.1:
        return None, "no area: both ends are the same place"
    if km > _FAR_KM:
        return None, f"no area: the places are more than {_FAR_KM:,.0f} km apart"
    width = max(float(entry["width_km"]), float(entry["width_share"]) * km)
    ends = [(one.lon, one.lat), (other.lon, other.lat)]
    shape: Shape | None = geometry.corridor(ends, width)
    if meaning.medium is not None:
        shape, width = _corridor_on(ends, width, meaning.medium, shapes)
    where = f", on {meaning.medium}" if meaning.medium else ""
    return shape, f"within {width:.0f} km of the straight line from {one.name} to {other.name}{where}"


def _corridor_on(
    ends: list[tuple[float, float]], width: float, medium: Medium, shapes: Shapes
) -> tuple[Shape | None, float]:
    """Widen a strip until its part on land hangs together (a road round a gulf), three times at most."""
    for _ in range(3):
        shape = geometry.corridor(ends, width)
        cut = geometry.clip(shape, medium, shapes)
        if cut is not None and cut.geometry["type"] == "Polygon":
            return cut, width
        width *= 1.5
    return shape, width


def _bank(expression: Expression, meaning: Meaning, entry: Entry, shapes: Shapes) -> tuple[Shape | None, str]:
    anchor: Anchor = expression.anchors[0]
    river = rivers().get(anchor.key)
    if river is None:
        return None, "no area: no line is known for that river"
    line = shapely.LineString(river["line"])
    if expression.bearing_deg is None:
        return geometry.near_line(line, 10.0), f"within 10 km of the {river['gloss']}"
    width = float(river["width_km"])
    shape = geometry.bank(line, expression.bearing_deg, width)
    return shape, f"up to {width:g} km from the {river['gloss']}, towards {expression.bearing_deg:g} degrees"


_BUILDERS = {
    "direction": _direction,
    "distance": _distance,
    "disc": _disc,
    "ring": _ring,
    "rural": _rural,
    "centre": _centre,
    "inside": _inside,
    "outside": _outside,
    "offshore": _offshore,
    "coast": _coast,
    "border": _border,
    "tripoint": _tripoint,
    "corridor": _corridor,
    "bank": _bank,
}
