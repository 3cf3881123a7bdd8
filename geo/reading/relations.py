"""Turn "south of X", "50 km from X", "off the coast of X" into areas on the map, with their doubt.

`find_footprints` finds the expressions (`geo.reading.relation_match`), decides what each means, and builds it
on the ellipsoid (`geo.places.geometry`). Words, widths and precision codes live in the rule tables
``direction``, ``relation``, ``relation_word`` and ``river``. Motion (from X to Y) is no area; events read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.arabic import Tokenized, undiacritised
from geo.model import Footprint, Mention
from geo.places import Gazetteer
from geo.places.outline import Shape
from geo.places.plane import distance_km
from geo.places.shapes import Shapes
from geo.reading.relation_areas import Meaning, area_of, decide
from geo.reading.relation_match import find_expressions
from geo.reading.relation_view import Expression, View


def find_footprints(
    doc: Tokenized,
    mentions: Sequence[Mention],
    shapes: Shapes,
    gazetteer: Gazetteer | None = None,
) -> tuple[Footprint, ...]:
    """Find the relative expressions of a text and the areas they mean.

    Parameters
    ----------
    doc : Tokenized
        The text, from `geo.arabic.tokenize`.
    mentions : sequence of Mention
        In text order; those of persons, outlets and organisations carry no relation.
    shapes : Shapes
        Countries, land and sea.
    gazetteer : Gazetteer, optional
        Tells which city "the capital" is.

    Returns
    -------
    tuple of Footprint
        In text order. ``geometry`` is ``None`` where the anchor is not resolved or no area can be drawn; the
        reasons say so.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.model import Place, Reading
    >>> text = "انفجار على بعد 50 كيلومترا جنوب طرابلس"
    >>> tripoli = Place("x:1", "Tripoli", "طرابلس", "P", "PPLC", "LY", "", 13.19, 32.89)
    >>> mention = Mention(32, 38, "طرابلس", Reading.LITERAL, tripoli)
    >>> footprint = find_footprints(tokenize(text), [mention], Shapes.open())[0]
    >>> footprint.relation, footprint.bearing_deg, footprint.distance_km, round(footprint.lat, 2)
    ('distance', 180.0, 50.0, 32.44)
    """
    view = View(doc, mentions, shapes, gazetteer)
    return tuple(_footprint(view, expression, shapes) for expression in find_expressions(view))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Hold what became of an expression: its shape, or why there is none."""

    shape: Shape | None
    reasons: tuple[str, ...]


def _footprint(view: View, expression: Expression, shapes: Shapes) -> Footprint:
    start, end = _span(view, expression)
    meaning = decide(view, expression)
    drawn = _draw(view, expression, meaning, shapes)
    shape = drawn.shape
    return Footprint(
        start,
        end,
        view.doc.text[start:end],
        meaning.relation,
        tuple(anchor.index for anchor in expression.anchors),
        expression.bearing_deg,
        expression.distance_km,
        shape.geometry if shape else None,
        shape.lon if shape else None,
        shape.lat if shape else None,
        shape.uncertainty_km if shape else None,
        meaning.where_prec if shape else None,
        (*expression.reasons, *meaning.reasons, *drawn.reasons),
        meaning.alternatives,
        tuple(anchor.place.name for anchor in expression.anchors if anchor.place is not None),
    )


def _draw(view: View, expression: Expression, meaning: Meaning, shapes: Shapes) -> _Drawn:
    """Build the area of an expression, or say why there is none."""
    rivers_only = meaning.relation == "bank"
    for anchor in expression.anchors:
        if anchor.place is None and not rivers_only:
            surface = view.surface(anchor.first, anchor.last)
            return _Drawn(None, (f"no area: '{surface}' could not be resolved to a place",))
    if meaning.relation == "gloss":
        return _Drawn(None, (_compare(view, expression),))
    shape, reason = area_of(expression, meaning, shapes)
    return _Drawn(shape, (reason,))


def _compare(view: View, expression: Expression) -> str:
    """Say how a bracket's figure compares with the distance between the two places."""
    target = view.mentions[expression.target].place if expression.target is not None else None
    anchor = expression.anchors[0].place
    if target is None or anchor is None:
        return "no area: these words explain a place and do not move it"
    km = distance_km(anchor.lon, anchor.lat, target.lon, target.lat)
    return f"no area: these words explain {target.name}, {km:.0f} km from {anchor.name}; it stays there"


def _span(view: View, expression: Expression) -> tuple[int, int]:
    """Return the offsets of an expression, the proclitics of its first word left out."""
    token = view.tokens[expression.first]
    start, letters = token.start, expression.cut
    while letters and start < token.end:
        letters -= len(undiacritised(view.doc.text[start]))
        start += 1
    while start < token.end and not undiacritised(view.doc.text[start]):
        start += 1
    final = [a for a in expression.anchors if a.last == expression.last and not a.points_back]
    if final:
        return start, max(view.mentions[anchor.index].end for anchor in final)
    return start, view.tokens[expression.last - 1].end
