"""Read lengths in relative expressions: 50 km from, before, behind or off the coast of a place.

A length in brackets, or right behind a resolved place, explains that place; it never moves it.
"""

from __future__ import annotations

from dataclasses import replace

from geo.arabic import clitic_relations
from geo.arabic.numbers import Number, parse_length_km
from geo.reading.relation_view import Anchor, Expression, View, has_comma, opens_bracket, words
from geo.reading.words import joined

_LENGTH_WORDS = 8
_FAR = 16


def with_length(view: View, expression: Expression) -> Expression:
    """Add the length that stands before or behind a direction and its anchor."""
    found = length_ending_at(view, expression.first) if not expression.cut else None
    if found is not None:
        number, start = found
        opener = view.before(words("distance_opener"), start)
        first = opener.first if opener else start
        cut = len(opener.prefix) if opener else 0
        return gloss_or_distance(view, replace(expression, first=first, cut=cut), number)
    behind = _length_behind(view, expression.last)
    if behind is not None:
        return gloss_or_distance(view, replace(expression, last=behind.end), behind)
    return expression


def length_ending_at(view: View, stop: int) -> tuple[Number, int] | None:
    """Return the longest length whose last word stands right before token ``stop``."""
    for start in range(max(0, stop - _LENGTH_WORDS), stop):
        if not joined(view.tokens, start, stop + 1):
            continue
        number = parse_length_km(view.tokens, start) or _glued_length(view, start, stop)
        if number is not None and number.end == stop and not view.owner(start):
            return number, start
    return None


def _glued_length(view: View, start: int, stop: int) -> Number | None:
    """Read a length whose digits are glued to the word before them (``على بعد15 كيلومترا``)."""
    token = view.tokens[start]
    digits = token.key.lstrip(token.key.rstrip("0123456789"))
    if not digits or digits == token.key:
        return None
    tokens = [replace(token, key=digits, raw=digits), *view.tokens[start + 1 : stop]]
    number = parse_length_km(tokens, 0)
    return replace(number, start=start, end=start + number.end) if number else None


def _length_behind(view: View, first: int) -> Number | None:
    """Return the length behind an anchor: by 50 km, at a distance of 50 km."""
    tokens = view.tokens
    if first >= len(tokens) or not joined(tokens, first - 1, first + 1):
        return None
    opener = words("distance_opener").list.at(tokens, first)
    start = opener.last if opener else first
    marked = opener is not None or "in" in clitic_relations(tokens[first].key[:1])
    if not marked or start >= len(tokens):
        return None
    number = parse_length_km(tokens, start)
    if number is None and opener is None and len(tokens[first].key) == 1:
        number = parse_length_km(tokens, start + 1)
    return number


def gloss_or_distance(view: View, expression: Expression, number: Number) -> Expression:
    """Decide whether a length in brackets explains the place before it."""
    km = number.value
    if km is None and number.low is not None and number.high is not None:
        km = (number.low + number.high) / 2
    target = explained(view, replace(expression, distance_km=km))
    reason = f"length '{view.surface(number.start, number.end)}'"
    return replace(
        expression,
        relation="distance" if target is None else "gloss",
        distance_km=km,
        target=target,
        reasons=(*expression.reasons, reason),
    )


def explained(view: View, expression: Expression) -> int | None:
    """Return the resolved mention that these words explain.

    It stands right before them, behind a bracket, a comma or a verb of distance; without a length, the two
    places must be of one country.
    """
    token = view.tokens[expression.first]
    verb = words("distance_verb").list.at(view.tokens, expression.first) is not None
    apart = opens_bracket(token.gap) or has_comma(token.gap)
    if expression.distance_km is not None and not (apart or verb):
        return None
    reach = 2 if verb or opens_bracket(token.gap) else int(expression.within)
    own = {a.index for a in expression.anchors if view.mentions[a.index].place == a.place}
    for anchor in view.before_token(expression.first):
        if expression.first - anchor.first > _FAR:
            break
        close = expression.first - anchor.last <= reach
        if close and anchor.index not in own and not anchor.nisba and anchor.place is not None:
            return anchor.index if expression.distance_km or _same_country(anchor, expression) else None
    return None


def _same_country(anchor: Anchor, expression: Expression) -> bool:
    """Say whether a direction can explain a place: both in one country, and the place is not all of it."""
    place = expression.anchors[0].place
    return (
        place is not None
        and anchor.place is not None
        and not anchor.country
        and place.country == anchor.place.country
    )
