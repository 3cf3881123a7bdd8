"""Turn toponyms into mentions: each with its reading, its place, the runner-ups and the reasons.

Three looks at the text: blocks and head words first, then the places by the evidence of the whole
document, then the readings. Chains such as "the air base X in Y, Z" become one place with its containers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from geo.arabic import Tokenized, clitic_relations, strict_key, table
from geo.model import Mention, Place, Reading, Span
from geo.places import Gazetteer
from geo.places.hierarchy import great_circle_km
from geo.reading.blocks import Block, find_blocks
from geo.reading.by_context import add_context_names
from geo.reading.facilities import bears_name_of, is_road, no_place_of_road, stands_in
from geo.reading.readings import Decision, Surroundings, decide, spread_over_lists
from geo.reading.resolve import Context, Resolution, Resolver, Votes, scale_of
from geo.reading.toponyms import Recognizer, Toponym, importance, in_list, is_adjective
from geo.reading.words import WordHit, WordList, beside, joined

_NO_PLACE = (Reading.PERSON, Reading.MEDIA)
_WIDE_KM = 15.0
_CITY = 2.3
_ADJECTIVE = 3.0
_CUED, _KNOWN, _KNOWN_NEAR, _SPOKEN_OF, _ORDINARY = 0.65, 2.9, 2.2, 0.35, 1.8


Settle = Callable[[Surroundings, Decision], Decision]
"""What may change the rules' decision on a reading."""


@dataclass(slots=True)
class _Draft:
    """Collect what is known about one toponym while the document is read."""

    toponym: Toponym
    block: Block | None
    head: WordHit | None
    listed_with: int | None
    resolution: Resolution | None = None
    containers: tuple[int, ...] = ()
    road: bool = False

    @property
    def place(self) -> Place | None:
        """Return the place chosen so far."""
        return self.resolution.place if self.resolution else None


@dataclass(frozen=True, slots=True)
class Names:
    """Hold what the names of a text were read as.

    Attributes
    ----------
    mentions : tuple of Mention
        In text order, whatever their reading.
    blocks : tuple of Block
        Persons, bodies and outlets, in text order.
    """

    mentions: tuple[Mention, ...]
    blocks: tuple[Block, ...]


def read_names(
    doc: Tokenized,
    recognizer: Recognizer,
    resolver: Resolver,
    gazetteer: Gazetteer,
    settle: Settle | None = None,
) -> Names:
    """Read every toponym of a text, and the larger names around them.

    Parameters
    ----------
    doc : Tokenized
    recognizer : Recognizer
    resolver : Resolver
    gazetteer : Gazetteer
    settle : callable, optional
        Has the last word on a reading, from what surrounds the name and what the rules decided; for
        instance `geo.reading.reading_model.ReadingModel.settle`.

    Returns
    -------
    Names
    """
    toponyms = recognizer.recognize(doc)
    blocks = find_blocks(doc, toponyms)
    drafts = _draft(doc, toponyms, blocks)
    votes = _votes(drafts, blocks, gazetteer)
    more = add_context_names(doc, toponyms, votes, gazetteer)
    drafts = _draft(doc, more, blocks) if len(more) > len(toponyms) else drafts
    for _ in range(2):
        _resolve(doc, drafts, votes, resolver, gazetteer)
        _chain(doc, drafts)
    _stand(doc, drafts)
    people = frozenset(i for b in blocks if b.reading is Reading.PERSON for i in range(b.first, b.last))
    return Names(_finish(doc, drafts, votes, people, settle), tuple(blocks))


def read_mentions(
    doc: Tokenized,
    recognizer: Recognizer,
    resolver: Resolver,
    gazetteer: Gazetteer,
    settle: Settle | None = None,
) -> tuple[Mention, ...]:
    """Read every toponym of a text; the mentions of `read_names` alone."""
    return read_names(doc, recognizer, resolver, gazetteer, settle).mentions


def _draft(doc: Tokenized, toponyms: Sequence[Toponym], blocks: Sequence[Block]) -> list[_Draft]:
    owner = {index: block for block in blocks for index in range(block.first, block.last)}
    heads = WordList.of_table("feature_head", ("forms", "plural"))
    drafts: list[_Draft] = []
    for number, toponym in enumerate(toponyms):
        near = beside(doc.tokens, toponym.first) and not toponym.clitics
        head = heads.ending_at(doc.tokens, toponym.first) if near else None
        listed = number - 1 if number and in_list(doc, toponyms[number - 1], toponym) else None
        if (
            head is None
            and listed is not None
            and drafts[listed].head is not None
            and _plural(doc, drafts[listed].head)
        ):
            head = drafts[listed].head
        if head is not None and _of_all(doc, toponyms, number, head):
            head = None
        if head is None and is_adjective(doc, toponym):
            toponym = replace(toponym, names=(), importance=_ADJECTIVE)
        road = head is None and is_road(doc, toponyms, number)
        drafts.append(_Draft(toponym, owner.get(toponym.first), head, listed, road=road))
    return drafts


def _of_all(doc: Tokenized, toponyms: Sequence[Toponym], number: int, head: WordHit) -> bool:
    """Say whether a plural head speaks of a land's towns or harbours, not of one of that name."""
    toponym = toponyms[number]
    if head.entry["kind"] not in ("settlement", "facility") or not _plural(doc, head):
        return False
    if not any(scale_of(name.place) == "country" for name in toponym.names):
        return False
    return not (number + 1 < len(toponyms) and in_list(doc, toponym, toponyms[number + 1]))


def _plural(doc: Tokenized, head: WordHit | None) -> bool:
    """Say whether a head word is a dual or plural, which spreads over the list behind it."""
    if head is None:
        return False
    words = {strict_key(form) for form in head.entry.get("plural", ())}
    return any(doc.tokens[head.first].key.endswith(word) for word in words)


def _votes(drafts: Sequence[_Draft], blocks: Sequence[Block], gazetteer: Gazetteer) -> Votes:
    open_toponyms = [
        d.toponym
        for d in drafts
        if d.toponym.names and (d.block is None or d.block.reading is Reading.ORGANISATION)
    ]
    demonyms = [
        _country(gazetteer, d.toponym.demonym) for d in drafts if d.toponym.demonym and not d.toponym.names
    ]
    known = [block.country for block in blocks if block.country]
    return Votes.count(open_toponyms, [country for country in demonyms if country], known)


def _country(gazetteer: Gazetteer, place_id: str) -> str:
    place = gazetteer.by_id(place_id)
    return place.country if place else ""


def _resolve(
    doc: Tokenized,
    drafts: Sequence[_Draft],
    votes: Votes,
    resolver: Resolver,
    gazetteer: Gazetteer,
) -> None:
    for number, draft in enumerate(drafts):
        if draft.toponym.demonym and not draft.toponym.names:
            draft.resolution = _of_demonym(doc, draft, gazetteer)
            continue
        context = _context(doc, drafts, number, votes.without(draft.toponym.key), gazetteer)
        draft.resolution = _keep_kind(draft, resolver.resolve(doc, draft.toponym, context), context)
        if draft.road:
            draft.resolution = no_place_of_road(draft.resolution)


def _of_demonym(doc: Tokenized, draft: _Draft, gazetteer: Gazetteer) -> Resolution:
    """Give an adjective the place it is derived from; "the Libyan capital" is the capital itself."""
    place = gazetteer.by_id(draft.toponym.demonym)
    if place is None:
        return Resolution(None, 0.0, (), ("the adjective's place is not in the gazetteer",))
    if WordList.of_table("capital_head").ending_at(doc.tokens, draft.toponym.first):
        capital = gazetteer.capital(place.country)
        if capital is not None:
            return Resolution(capital, 0.95, (), (f"the capital of {place.name}",))
    return Resolution(place, 0.95, (), (f"adjective of {place.name}",))


def _context(
    doc: Tokenized, drafts: Sequence[_Draft], number: int, votes: Mapping[str, float], gazetteer: Gazetteer
) -> Context:
    draft = drafts[number]
    head = draft.head.entry if draft.head else {}
    containers = tuple(place for place in (drafts[i].place for i in draft.containers) if place is not None)
    following = drafts[number + 1].toponym if number + 1 < len(drafts) else None
    demonym = ""
    if (
        following is not None
        and following.demonym
        and not following.clitics
        and following.first == draft.toponym.last
    ):
        demonym = (
            _country(gazetteer, following.demonym)
            if joined(doc.tokens, following.first - 1, following.first + 1)
            else ""
        )
    beside_it = _neighbours(drafts, number)
    return Context(
        votes=votes,
        classes=tuple(head.get("classes", ())),
        codes=tuple(head.get("codes", ())),
        demonym_country=demonym,
        containers=containers,
        head=doc.tokens[draft.head.first].raw if draft.head else "",
        named_after_city=bool(head.get("named_after_city")),
        neighbours=frozenset(place.country for place in beside_it if place.country),
        peers=frozenset(map(scale_of, beside_it)),
        unit=head.get("kind") == "admin",
        settlement=head.get("kind") in ("settlement", "facility", "urban", "physical"),
    )


def _neighbours(drafts: Sequence[_Draft], number: int) -> list[Place]:
    """Return the places of the members before and behind in the same list."""
    members = [drafts[number].listed_with]
    if number + 1 < len(drafts) and drafts[number + 1].listed_with == number:
        members.append(number + 1)
    places = [drafts[other].place for other in members if other is not None]
    return [place for place in places if place is not None]


def _keep_kind(draft: _Draft, resolution: Resolution, context: Context) -> Resolution:
    """Never let a street, a hospital or a mountain fall back to a town that bears its name."""
    place, head = resolution.place, draft.head
    if head is None or place is None or head.entry["kind"] in ("settlement", "admin"):
        return resolution
    fits = place.feature_code in context.codes if context.codes else place.feature_class in context.classes
    if fits:
        return resolution
    if head.entry.get("named_after_city") and place.feature_class in ("P", "A"):
        city = _namesake_city(place, resolution)
        bearer = place if city is None or place.feature_code.startswith("PCL") else city
        known = max((importance(n) for n in draft.toponym.names if n.place.id == bearer.id), default=0.0)
        common = draft.toponym.zipf - max(known, draft.toponym.importance) > _ORDINARY
        if city is None or known < _CITY or common or not bears_name_of(city, resolution, context):
            return Resolution(None, 0.5, resolution.candidates, (_no_namesake(context),))
        wide = replace(city, uncertainty_km=max(city.uncertainty_km, _WIDE_KM))
        where = f"stands at {city.name}, within {wide.uncertainty_km:.0f} km"
        reason = f"{context.head!r} is not in the gazetteer: {where}"
        return Resolution(
            wide, resolution.confidence * 0.8, resolution.candidates, (*resolution.reasons, reason)
        )
    return Resolution(None, 0.5, resolution.candidates, (_no_namesake(context),))


def _namesake_city(place: Place, resolution: Resolution) -> Place | None:
    """Return the place an institution stands at: the town of a unit's name; of a country only that."""
    if place.feature_class != "A":
        return place
    state = place.feature_code.startswith("PCL")
    towns = (c.place for c in resolution.candidates if c.place.feature_class == "P")
    inside = (t for t in towns if t.country == place.country and (state or t.admin1 == place.admin1))
    return next(inside, None if state else place)


def _no_namesake(context: Context) -> str:
    return f"no {context.head!r} of this name in the gazetteer; a town of the same name is not taken for it"


def _stand(doc: Tokenized, drafts: Sequence[_Draft]) -> None:
    """Put what has no place of its own, and bears the head of a facility or street, at the city behind it."""
    for number, (inner, outer) in enumerate(pairwise(drafts)):
        if outer.place is not None and _connects(doc, inner, outer):
            inside = outer.toponym.first > inner.toponym.last or bool(outer.toponym.clitics)
            stood = stands_in(inner.head, inner.resolution, outer.place, inside=inside)
            if stood is not None:
                inner.resolution, inner.containers = stood, (number + 1,)


def _chain(doc: Tokenized, drafts: Sequence[_Draft]) -> None:
    """Link each place to the larger places named right behind it."""
    for number in range(len(drafts) - 1, -1, -1):
        chain: list[int] = []
        follower = number + 1
        inner = drafts[number]
        while follower < len(drafts) and _connects(doc, drafts[follower - 1], drafts[follower]):
            if not _holds(drafts[follower].place, inner.place, inner.toponym):
                break
            chain.append(follower)
            follower += 1
        inner.containers = tuple(chain)


def _connects(doc: Tokenized, inner: _Draft, outer: _Draft) -> bool:
    """Say whether only في, بـ, a comma or a bracket stands between two names."""
    between = doc.tokens[inner.toponym.last : outer.toponym.first]
    words = [token.key for token in between if not _is_adjective(token.key)]
    if outer.head is not None and words and words[-1] == doc.tokens[outer.head.first].key:
        words = words[:-1]
    gap = "".join(token.gap for token in doc.tokens[inner.toponym.last : outer.toponym.first + 1])
    relations = clitic_relations(outer.toponym.clitics)
    if "\n" in gap or "." in gap or not outer.toponym.names or "and" in relations:
        return False
    connectors = _connectors()
    if not words:
        return "in" in relations or any(mark in gap for mark in "\N{ARABIC COMMA},(-\N{EN DASH}")
    return len(words) <= 2 and all(word in connectors for word in words)


@cache
def focus_countries() -> frozenset[str]:
    """Return the countries (ISO alpha-2) whose towns need less support from the rest of a text."""
    return frozenset(country for entry in table("focus") for country in entry["countries"])


@cache
def _connectors() -> frozenset[str]:
    return frozenset(strict_key(form) for entry in table("container_connector") for form in entry["forms"])


def _is_adjective(key: str) -> bool:
    """Say whether a word closes the name of a facility (قاعدة X الجوية)."""
    return key in WordList.of_table("feature_head", ("adjectives",))


def _holds(outer: Place | None, inner: Place | None, toponym: Toponym) -> bool:
    """Say whether a place lies in another: by country, by admin unit, or close to a larger town."""
    candidates = [inner] if inner is not None else []
    candidates += [name.place for name in toponym.names]
    if outer is None or not candidates:
        return False
    for place in candidates:
        if place.id == outer.id or (outer.country and place.country and outer.country != place.country):
            continue
        if outer.feature_code.startswith("PCL") and not place.feature_code.startswith("PCL"):
            return True
        unit = outer.feature_code in ("ADM1", "PPLA", "PPLC") and place.feature_code not in ("ADM1", "PPLC")
        if unit and outer.admin1 and outer.admin1 == place.admin1:
            return True
        smaller = place.feature_class == "S" or (
            place.population < outer.population and place.feature_class != "A"
        )
        if (
            outer.feature_class in ("A", "P")
            and smaller
            and great_circle_km(outer.lon, outer.lat, place.lon, place.lat)
            <= max(60.0, 2 * outer.uncertainty_km)
        ):
            return True
    return False


def _finish(
    doc: Tokenized,
    drafts: Sequence[_Draft],
    votes: Votes,
    people: frozenset[int],
    settle: Settle | None,
) -> tuple[Mention, ...]:
    around = [_surroundings(doc, draft, people) for draft in drafts]
    own = [decide(each) for each in around]
    states = [each.is_state() for each in around]
    links = {
        number: draft.listed_with for number, draft in enumerate(drafts) if draft.listed_with is not None
    }
    decisions = spread_over_lists(own, links, states)
    kept = [n for n, draft in enumerate(drafts) if not _unsupported(draft, decisions[n], votes)]
    if settle is not None:
        followers = {number for number in links if decisions[number] is not own[number]}
        decisions = [settle(each, decision) for each, decision in zip(around, decisions, strict=True)]
        decisions = spread_over_lists(decisions, links, states, followers)
    index = {number: new for new, number in enumerate(kept)}
    return tuple(_mention(doc, drafts[number], decisions[number], index) for number in kept)


def _unsupported(draft: _Draft, decision: Decision, votes: Votes) -> bool:
    """Say whether too little speaks for a name: it is little known, and of a country not spoken of.

    A cue of place saves a name that is about as well known as its word is common; a head word or a
    container saves any.
    """
    toponym = draft.toponym
    if toponym.certain or draft.head is not None or draft.containers or toponym.last - toponym.first > 1:
        return False
    known = toponym.importance
    if not toponym.names or (decision.confidence >= _CUED and toponym.zipf - known <= _ORDINARY):
        return False
    country = draft.place.country if draft.place else ""
    spoken_of = votes.without(toponym.key)
    elsewhere = spoken_of.strongest >= _SPOKEN_OF
    enough = _KNOWN_NEAR if country in focus_countries() and not elsewhere else _KNOWN
    return known < enough and spoken_of.get(country, 0.0) < _SPOKEN_OF


def _surroundings(doc: Tokenized, draft: _Draft, people: frozenset[int]) -> Surroundings:
    first = draft.head.first if draft.head and draft.head.last == draft.toponym.first else draft.toponym.first
    detached = first > 0 and doc.tokens[first - 1].key == draft.toponym.clitics
    return Surroundings(
        doc, draft.toponym, draft.place, draft.head, draft.block, first - 1 - detached, people
    )


def _mention(doc: Tokenized, draft: _Draft, decision: Decision, index: Mapping[int, int]) -> Mention:
    resolution = draft.resolution or Resolution(None, 0.0, (), ())
    no_place = decision.reading in _NO_PLACE
    start, end = _extent(doc, draft)
    share = 1.0 if no_place else resolution.confidence
    reasons = (
        (decision.reason,) if no_place else (decision.reason, *draft.toponym.reasons, *resolution.reasons)
    )
    return Mention(
        start,
        end,
        doc.text[start:end],
        decision.reading,
        None if no_place else resolution.place,
        round(decision.confidence * share, 4),
        () if no_place else resolution.candidates,
        reasons,
        draft.toponym.clitics,
        () if no_place else tuple(index[number] for number in draft.containers if number in index),
        _block_span(doc, draft),
    )


def _extent(doc: Tokenized, draft: _Draft) -> tuple[int, int]:
    """Give a facility or physical feature its whole name, head word and adjectives included."""
    start, end, head = draft.toponym.start, draft.toponym.end, draft.head
    if head is None or head.last != draft.toponym.first or head.entry["kind"] in ("settlement", "admin"):
        return start, end
    token = doc.tokens[head.first]
    start = token.start + (len(head.prefix) if token.end - token.start == len(token.key) else 0)
    last = draft.toponym.last
    while (
        last < len(doc.tokens)
        and joined(doc.tokens, last - 1, last + 1)
        and _is_adjective(doc.tokens[last].key)
    ):
        end = doc.tokens[last].end
        last += 1
    return start, end


def _block_span(doc: Tokenized, draft: _Draft) -> Span | None:
    if draft.block is None:
        return None
    start, end = doc.tokens[draft.block.first].start, doc.tokens[draft.block.last - 1].end
    return Span(start, end, doc.text[start:end])
