"""Find relative expressions in a text: which words, which anchors, which bearing, how far.

Nothing here knows geometry. Each matcher looks at one anchor and returns the expressions that hang on it;
`find_expressions` keeps the longest where two overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from geo.arabic import article, clitic_relations, strict_key, table
from geo.arabic.numbers import parse_length_km
from geo.arabic.rules import Entry
from geo.reading.relation_lengths import explained, gloss_or_distance, length_ending_at, with_length
from geo.reading.relation_view import (
    Anchor,
    Expression,
    View,
    cues,
    directions,
    has_comma,
    heads,
    pronoun_core,
    relation,
    rivers,
    words,
)
from geo.reading.words import WordHit, joined

_TALK_REACH = 5
_TRIPOINT_REACH = 14
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014/")


def find_expressions(view: View) -> list[Expression]:
    """Return the relative expressions of a text in text order, the longest where two overlap.

    Parameters
    ----------
    view : View

    Returns
    -------
    list of Expression
    """
    found: list[Expression] = []
    for anchor in view.anchors:
        for matcher in _MATCHERS:
            found.extend(matcher(view, anchor))
    found.extend(_bare_directions(view))
    found.sort(key=lambda e: (-(e.last - e.first), _rank(e), e.first))
    taken: set[int] = set()
    kept: list[Expression] = []
    for expression in found:
        span = set(range(expression.first, expression.last))
        if not span & taken:
            kept.append(expression)
            taken |= span
    extras = [extra for expression in kept for extra in _siblings(view, expression)]
    kept += [extra for extra in extras if extra.first not in taken]
    return sorted(kept, key=lambda e: (e.first, e.last, e.bearing_deg or 0.0))


def _rank(expression: Expression) -> int:
    order = ("tripoint", "border", "route", "distance", "gloss", "bank", "direction")
    return order.index(expression.relation) if expression.relation in order else len(order)


def _head_start(view: View, hit: WordHit) -> tuple[int, bool]:
    """Return how many letters of the cue's first word are proclitics, and whether "in" stands before it."""
    token = view.tokens[hit.first]
    within = "in" in clitic_relations(hit.prefix)
    if not within and not hit.prefix and token.gap.strip() == "" and hit.first > 0:
        within = view.before(words("in"), hit.first) is not None
    return len(hit.prefix), within


def _direction(view: View, anchor: Anchor) -> list[Expression]:
    """Match a direction before a place, with or without a length."""
    edge = view.left_edge(anchor)
    if anchor.linked and not anchor.points_back:
        return []
    hit, definite = _direction_before(view, anchor, edge)
    if hit is None:
        return []
    hit, extreme = _extreme(view, hit)
    cut, within = _head_start(view, hit)
    within = within or extreme
    expression = Expression(
        "direction",
        hit.first,
        anchor.last,
        (anchor,),
        cut,
        float(hit.entry["bearing_deg"]),
        None,
        within,
        definite,
        reasons=(f"direction '{view.surface(hit.first, hit.last)}' before '{_text(view, anchor)}'",),
    )
    return [_river_bank(_as_gloss(view, with_length(view, expression)))]


def _extreme(view: View, hit: WordHit) -> tuple[WordHit, bool]:
    """Take ``أقصى`` into a direction: the far south of a country lies inside it."""
    far = view.before(words("extreme"), hit.first) if not hit.prefix else None
    return (replace(hit, first=far.first, prefix=far.prefix), True) if far else (hit, False)


def _as_gloss(view: View, expression: Expression) -> Expression:
    """Take a direction right behind a resolved place as its explanation (``تكريت شمالي بغداد``)."""
    apart = view.tokens[expression.first].gap.strip()
    if expression.relation != "direction" or expression.definite or expression.cut or apart:
        return expression
    target = explained(view, expression)
    return expression if target is None else replace(expression, relation="gloss", target=target)


def _direction_before(view: View, anchor: Anchor, edge: int) -> tuple[WordHit | None, bool]:
    """Return the direction before an anchor, and whether it is a definite noun with an adjective."""
    hit = view.before(directions("construct"), edge)
    if hit is not None and (not anchor.nisba or edge < anchor.first):
        return hit, False
    if anchor.nisba or edge < anchor.first:
        hit = view.before(directions("definite"), edge)
        if hit is not None and anchor.nisba and view.tokens[anchor.first].key.startswith(article()):
            return hit, True
    joiner = view.before(words("from"), edge)
    if joiner is None or joiner.prefix:
        return None, False
    hit = view.before(directions("adverb", "construct"), joiner.first)
    if hit is not None:
        return hit, False
    hit = view.before(directions("definite"), joiner.first)
    toward = view.before(words("toward"), hit.first) if hit else None
    if hit is None or not (
        toward or "in" in clitic_relations(hit.prefix) or view.before(words("in"), hit.first)
    ):
        return None, False
    return (replace(hit, first=toward.first, prefix=toward.prefix) if toward else hit), False


def _river_bank(expression: Expression) -> Expression:
    anchor = expression.anchors[0]
    river = anchor.key in rivers() or (
        anchor.place is not None and anchor.place.feature_code.startswith("STM")
    )
    if river and expression.distance_km is None:
        return replace(expression, relation="bank")
    return expression


def _distance(view: View, anchor: Anchor) -> list[Expression]:
    """Match a length from a place without a direction."""
    edge = view.left_edge(anchor)
    joiner = view.before(words("from"), edge)
    if joiner is None or joiner.prefix or (anchor.nisba and edge == anchor.first):
        return []
    found = length_ending_at(view, joiner.first)
    if found is not None:
        opener = view.before(words("distance_opener"), found[1])
        if opener is not None:
            at_sea = words("coast").list.at(view.tokens, edge) is not None
            base = Expression(
                "distance", opener.first, anchor.last, (anchor,), len(opener.prefix), at_sea=at_sea
            )
            return [gloss_or_distance(view, base, found[0])]
    verb = view.before(words("distance_verb"), edge)
    number = parse_length_km(view.tokens, anchor.last) if verb and anchor.last < len(view.tokens) else None
    if verb is not None and number is not None and joined(view.tokens, anchor.last - 1, anchor.last + 1):
        base = Expression("distance", verb.first, number.end, (anchor,), len(verb.prefix))
        return [gloss_or_distance(view, base, number)]
    return []


def _cue(view: View, anchor: Anchor) -> list[Expression]:
    """Match a cue word before a place or before a nationality adjective."""
    edge = view.left_edge(anchor)
    linked = anchor.linked or any(_is_linked(view, index) for index in range(edge, anchor.first))
    if linked:
        hit = view.before(cues("cues_to"), edge) or _definite_cue(view, edge)
    elif anchor.nisba:
        hit = view.before(cues("cues_nisba"), anchor.first)
        hit = hit or (view.before(cues("cues"), edge) if edge < anchor.first else None)
    else:
        hit = view.before(cues("cues"), edge) or view.before(cues("cues"), anchor.first)
        hit = hit or _definite_cue(view, edge)
    if hit is None or _is_about(view, anchor, hit):
        return []
    if hit.entry["kind"] == "coast" and view.before(words("guard"), hit.first):
        return []
    if hit.entry["kind"] == "offshore" and anchor.place is not None and anchor.place.feature_class == "H":
        return []
    last, bearing = _adjective_behind(view, hit.entry, anchor)
    if bearing is None:
        bearing = _bearing_within(view, hit)
    return [_off_coast(view, _cue_expression(view, anchor, hit, last, bearing), hit.entry)]


def _off_coast(view: View, expression: Expression, entry: Entry) -> Expression:
    """Read "37 km off the coast of X" as a length that is counted from the coast."""
    found = length_ending_at(view, expression.first) if entry["kind"] == "offshore" else None
    if found is None or expression.cut:
        return expression
    opener = view.before(words("distance_opener"), found[1])
    first, cut = (opener.first, len(opener.prefix)) if opener else (found[1], 0)
    return gloss_or_distance(view, replace(expression, first=first, cut=cut, at_sea=True), found[0])


def _cue_expression(view: View, anchor: Anchor, hit: WordHit, last: int, bearing: float | None) -> Expression:
    cut, within = _head_start(view, hit)
    reason = f"cue '{view.surface(hit.first, hit.last)}' before '{_text(view, anchor)}'"
    name = str(hit.entry["name"])
    return Expression(name, hit.first, last, (anchor,), cut, bearing, None, within, reasons=(reason,))


def _is_linked(view: View, index: int) -> bool:
    """Say whether ``ل`` hangs on the head word before an anchor (``لمدينة حلب``)."""
    hit = heads().list.at(view.tokens, index) or words("river").list.at(view.tokens, index)
    return hit is not None and "to" in clitic_relations(hit.prefix)


def _definite_cue(view: View, edge: int) -> WordHit | None:
    """Match ``الريف الشمالي لـ``: a definite cue and a direction before ل or ``من`` and a place."""
    joiner = view.before(words("from"), edge)
    side = view.before(directions("adjective"), joiner.first if joiner else edge)
    hit = view.before(cues("definite"), side.first) if side else None
    return replace(hit, last=edge) if hit else None


def _bearing_within(view: View, hit: WordHit) -> float | None:
    joiner = view.before(words("from"), hit.last)
    side = view.before(directions("adjective"), joiner.first if joiner else hit.last)
    return float(side.entry["bearing_deg"]) if side else None


def _is_about(view: View, anchor: Anchor, hit: WordHit) -> bool:
    """Say whether a cue means "about": behind politics nouns, or before a country."""
    key = " ".join(token.key for token in view.tokens[hit.first : hit.last])
    about = {strict_key(form) for form in hit.entry.get("about", ())}
    if key not in about and key[len(hit.prefix) :] not in about:
        return False
    large = anchor.place is not None and anchor.place.feature_class in ("A", "L")
    return large or bool(view.near_before("politics", hit.first, _TALK_REACH))


def _adjective_behind(view: View, entry: Entry, anchor: Anchor) -> tuple[int, float | None]:
    """Read the direction that may follow the anchor: the countryside of X, northern."""
    if entry.get("adjective"):
        hit = view.behind(directions("adjective"), anchor.last)
        if hit is not None:
            return hit.last, float(hit.entry["bearing_deg"])
    return anchor.last, None


def _named_part(view: View, anchor: Anchor) -> list[Expression]:
    """Match a governorate's countryside with a direction behind it (``ريف دمشق الغربي``)."""
    rural = view.tokens[anchor.first].key in _rural_keys()
    if anchor.nisba or anchor.last - anchor.first < 2 or not rural:
        return []
    hit = view.behind(directions("adjective"), anchor.last)
    if hit is None:
        return []
    reason = f"direction '{view.surface(hit.first, hit.last)}' behind '{_text(view, anchor)}'"
    bearing = float(hit.entry["bearing_deg"])
    return [
        Expression("rural", anchor.first, hit.last, (anchor,), 0, bearing, within=True, reasons=(reason,))
    ]


@cache
def _rural_keys() -> frozenset[str]:
    return frozenset(strict_key(form) for form in relation("rural")["cues"])


def _border(view: View, anchor: Anchor) -> list[Expression]:
    """Match a border, its filler words, and the one or two countries behind it."""
    first = anchor.first
    side: float | None = None
    opener = view.before(words("between"), first) or view.before(words("with"), first)
    start = opener.first if opener else view.left_edge(anchor)
    filler = view.before(directions("adjective"), start)
    if filler is not None:
        start, side = filler.first, float(filler.entry["bearing_deg"])
    while (filler := view.before(words("border_filler"), start)) is not None:
        start = filler.first
    hit = view.before(words("border"), start)
    if hit is None or view.before(words("without"), hit.first) or view.before(words("guard"), hit.first):
        return []
    around = view.before(cues("cues"), hit.first)
    if around is not None and around.entry["name"] in ("inside", "outside"):
        return [_cue_expression(view, anchor, around, anchor.last, None)]
    partner = _partner(view, anchor, paired=opener is not None and opener.entry["name"] == "between")
    if opener is not None and opener.entry["name"] == "with":
        partner = view.neighbour_before(anchor, hit.first)
    anchors = (anchor, partner) if partner else (anchor,)
    last = max(anchor.last, partner.last) if partner and partner.first > anchor.first else anchor.last
    behind = view.behind(directions("adjective"), last)
    if behind is not None and partner is None:
        last, side = behind.last, float(behind.entry["bearing_deg"])
    third = _third(view, anchors, hit)
    relation = "tripoint" if _is_tripoint(view, hit) else "border"
    if relation == "tripoint" and third is not None:
        anchors, last = (*anchors, third), max(last, third.last)
    reason = f"'{view.surface(hit.first, hit.last)}' before '{_text(view, anchor)}'"
    cut, within = _head_start(view, hit)
    return [Expression(relation, hit.first, last, anchors, cut, side, None, within, reasons=(reason,))]


def _is_tripoint(view: View, hit: WordHit) -> bool:
    found = words("tripoint").list.at(view.tokens, hit.first)
    return found is not None and found.last <= hit.last


def _partner(view: View, anchor: Anchor, *, paired: bool) -> Anchor | None:
    """Return the second country of a border: the next adjective, ``وY`` behind "between", or ``مع Y``."""
    following = view.anchor_at(anchor.last)
    if following is not None and (following.nisba or following.either) and anchor.nisba:
        return following if joined(view.tokens, anchor.last - 1, following.last) else None
    if following is not None and paired and (following.joined_by_and or _dashed(view, following)):
        return following
    joiner = view.behind(words("with"), anchor.last)
    return view.anchor_at(joiner.last) if joiner else None


def _dashed(view: View, anchor: Anchor) -> bool:
    return view.tokens[anchor.first].gap.strip() in _DASHES and bool(view.tokens[anchor.first].gap.strip())


def _third(view: View, anchors: tuple[Anchor, ...], hit: WordHit) -> Anchor | None:
    """Return the third country of a tripoint: one more in the same sentence, close by."""
    known = {anchor.country for anchor in anchors}
    for other in view.sentence_anchors(hit.first):
        close = anchors[-1].last <= other.first <= hit.first + _TRIPOINT_REACH
        if close and other.country and other.country not in known:
            return other
    return None


def _pair(view: View, anchor: Anchor) -> list[Expression]:
    """Match "between X and Y" and roads; talk, politics and trade between two names is no ground."""
    other = view.anchor_at(anchor.last)
    if other is None or anchor.nisba or other.nisba or has_comma(view.tokens[other.first].gap):
        return []
    edge = view.left_edge(anchor)
    opener = view.before(words("between"), edge) if other.joined_by_and or _dashed(view, other) else None
    road = _road(view, opener.first if opener else edge)
    if road is None and (opener is None or not _is_ground(view, anchor, other, opener.first)):
        return []
    head = road or opener
    if head is None:
        return []
    name = "route" if road else "between"
    reason = (
        f"'{view.surface(head.first, head.last)}' before '{_text(view, anchor)}' and '{_text(view, other)}'"
    )
    cut, _ = _head_start(view, head)
    return [Expression(name, head.first, other.last, (anchor, other), cut, reasons=(reason,))]


def _road(view: View, start: int) -> WordHit | None:
    """Return the road word before a pair, link words skipped."""
    link = view.before(words("route_link"), start)
    while link is not None:
        start = link.first
        link = view.before(words("route_link"), start)
    return view.before(words("route"), start)


def _is_ground(view: View, one: Anchor, other: Anchor, first: int) -> bool:
    """Say whether "between X and Y" is a stretch of land: no talk, no two states or their capitals."""
    if one.country or other.country or view.near_before("not_between", first, _TALK_REACH):
        return False
    if one.place is None or other.place is None:
        return one.place is other.place
    seats = [place.feature_code == "PPLC" for place in (one.place, other.place)]
    return not any(seats) or one.place.country == other.place.country


def _along_river(view: View, anchor: Anchor) -> list[Expression]:
    """Match the bank of a river with its side: ``الضفة الشرقية للفرات``."""
    if anchor.key not in rivers():
        return []
    edge = view.left_edge(anchor)
    joiner = view.before(words("from"), edge)
    side = view.before(directions("adjective"), joiner.first if joiner else edge)
    bank = view.before(cues("definite"), side.first) if side else None
    if side is None or bank is None or bank.entry["name"] != "bank":
        return []
    bearing = float(side.entry["bearing_deg"])
    cut, within = _head_start(view, bank)
    return [Expression("bank", bank.first, anchor.last, (anchor,), cut, bearing, None, within)]


def _siblings(view: View, expression: Expression) -> list[Expression]:
    """Read what shares the anchor: ``شمال ووسط X`` before it, ``X وشرقها`` behind it; ``ريفي X وY``."""
    anchor = expression.anchors[0]
    extras = [*_sharing(view, expression), *_second_of_two(view, expression)]
    index = expression.last
    while index < len(view.tokens) and joined(view.tokens, index - 1, index + 1):
        found = _with_pronoun(view, expression, anchor, index)
        if found is None:
            break
        extras.append(found)
        index = found.last
    return extras


def _sharing(view: View, expression: Expression) -> list[Expression]:
    """Read the directions and middles before one that ``و`` joins to them."""
    extras: list[Expression] = []
    if expression.definite or expression.relation not in ("direction", "centre"):
        return extras
    one = expression
    while one.cut and "and" in clitic_relations(view.tokens[one.first].key[: one.cut]):
        hit = view.before(directions("construct"), one.first) or view.before(cues("cues"), one.first)
        if hit is None or hit.entry.get("kind", "centre") != "centre":
            break
        cut, within = _head_start(view, hit)
        bearing = hit.entry.get("bearing_deg")
        relation = "centre" if bearing is None else "direction"
        one = replace(expression, relation=relation, first=hit.first, cut=cut, within=within, sibling=True)
        extras.append(replace(one, bearing_deg=bearing))
        one = extras[-1]
    return extras


def _second_of_two(view: View, expression: Expression) -> list[Expression]:
    """Read the second place of a cue in the dual: ``ريفي حلب وإدلب``."""
    dual = {strict_key(form) for entry in table("relation") for form in entry.get("dual", ())}
    key = view.tokens[expression.first].key[expression.cut :]
    other = view.anchor_at(expression.last) if key in dual else None
    if other is None or not other.joined_by_and or other.nisba:
        return []
    last, bearing = _adjective_behind(view, relation(expression.relation), other)
    reason = (f"the second place of '{view.tokens[expression.first].raw}'",)
    first = (other.first, last, (other,))
    extra = Expression(
        expression.relation, *first, other.joined_by_and, bearing, sibling=True, reasons=reason
    )
    return [extra]


def _bare_directions(view: View) -> list[Expression]:
    """Read ``في الجنوب`` as the south of the country last named; behind a place it only explains."""
    found: list[Expression] = []
    for hit in directions("bare").list.find(view.tokens, 0, len(view.tokens)):
        hit, _ = _extreme(view, hit)
        cut, within = _head_start(view, hit)
        followed = hit.last in view.owned and joined(view.tokens, hit.first, hit.last + 1)
        sided = view.behind(directions("adjective"), hit.last) is not None
        anchor = view.country_before(hit.first)
        explains = any(index in view.owned for index in range(max(hit.first - 2, 0), hit.first))
        if within and anchor is not None and not (followed or sided or explains):
            reason = f"'{view.surface(hit.first, hit.last)}' alone: of the country last named"
            bearing = float(hit.entry["bearing_deg"])
            found.append(
                Expression(
                    "direction",
                    hit.first,
                    hit.last,
                    (anchor,),
                    cut,
                    bearing,
                    None,
                    True,
                    True,
                    reasons=(reason,),
                )
            )
    return found


def _with_pronoun(view: View, expression: Expression, anchor: Anchor, index: int) -> Expression | None:
    """Read a cue or direction whose possessive ending points at the anchor."""
    core = pronoun_core(view.tokens[index])
    if core is None:
        return None
    key, cut = core
    entry = directions("construct").list.get(key)
    reason = (f"'{view.tokens[index].raw}' points back at '{_text(view, anchor)}'",)
    base = replace(
        expression, first=index, last=index + 1, anchors=(anchor,), cut=cut, sibling=True, reasons=reason
    )
    base = replace(base, distance_km=None, target=None, bearing_deg=None)
    if entry is not None:
        return replace(base, relation="direction", bearing_deg=float(entry["bearing_deg"]))
    cue = cues("cues").list.get(key)
    if cue is None:
        return None
    last, bearing = _adjective_behind(view, cue, replace(anchor, last=index + 1))
    return replace(base, relation=cue["name"], last=last, bearing_deg=bearing)


def _joined_places(view: View, anchor: Anchor) -> list[Expression]:
    """Read a bare place with ``وريفها`` or ``ومحيطها`` behind it."""
    if anchor.nisba or anchor.points_back or anchor.last >= len(view.tokens):
        return []
    if not joined(view.tokens, anchor.last - 1, anchor.last + 1):
        return []
    base = Expression("", anchor.first, anchor.last, (anchor,))
    found = _with_pronoun(view, base, anchor, anchor.last)
    return [found] if found else []


def _text(view: View, anchor: Anchor) -> str:
    return view.surface(anchor.first, anchor.last)


_MATCHERS: tuple[Callable[[View, Anchor], list[Expression]], ...] = (
    _direction,
    _distance,
    _cue,
    _named_part,
    _border,
    _pair,
    _along_river,
    _joined_places,
)
