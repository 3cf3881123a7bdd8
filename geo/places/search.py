"""Find places by a name as people type it: other spellings, clitics, Latin script, containers, near misses.

Each step is weaker evidence than the one before, and the first that finds a place ends the search:

1. the strict key (``exact`` for an official name, ``variant`` for another one);
2. the name behind its proclitics (``وطرابلس``), and the loose key: hamza seats, spaces, optional Latin
   articles (``variant``);
3. the same Latin sounds in another transliteration (``variant``);
4. a name that sounds or looks alike (``fuzzy``): letters that are often confused or that stand for one
   sound in the other script cost less than others. It proves little, so that a second piece of evidence is
   asked for, such as the country, unless the caller says ``fuzzy=True``;
5. the town of an airport, port or hospital that is not known itself (``container``).

A name may carry its kind (``مدينة درنة``) and what contains it (``Tripoli, Libya``); the whole is looked up
first, then its parts. What was close and was not taken is told by `near_misses`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.arabic import clitic_splits, loose_key, strict_key
from geo.errors import InputError
from geo.model import Candidate, MatchKind, Place
from geo.places.fuzzy import heard, is_arabic, respellings, sounds, without_chat
from geo.places.fuzzy_index import Close, FuzzyIndex
from geo.places.gazetteer import Gazetteer
from geo.places.hierarchy import inside
from geo.places.keys import hash_of, latin_key, skeleton
from geo.places.search_filters import Area, Where, where
from geo.places.search_query import Query, parts_of, queries, without_head

if TYPE_CHECKING:
    import shapely

QUALITY = {
    "exact": 1.0, "variant": 0.95, "article": 0.9, "clitic": 0.85, "respelled": 0.8, "loose": 0.8,
    "heard": 0.7, "town": 0.8, "city": 0.3,
}  # fmt: skip
"""How much a way of finding a name is worth; chosen, not learned."""
_ALONE = 0.35
"""What a similar name is worth with nothing else known of the place."""
NONE_SHARE = 0.05
"""Share of the score that stays with "none of these"."""
REASONS = {
    "exact": "the name is an official name of the place",
    "variant": "the name is another name of the place",
    "article": "the name fits but for Arabic articles and spaces",
    "clitic": "the name stands behind a proclitic",
    "respelled": "the name fits but for its article or its last vowel",
    "loose": "the name fits but for hamza, foreign letters and spaces",
    "heard": "the name is another transliteration of a name of the place",
    "similar": "the name is only similar",
    "town": "the unit around the town bears the name, and shares another one with it",
    "city": "nothing of this kind and name is known, its town is given",
}
CONTEXT_REASON = "the name means this place only where the text is about it"
IN_CONTEXT = 0.01
"""Share of its weight that a place keeps under such a name."""
KINDS = {"exact": MatchKind.EXACT, "similar": MatchKind.FUZZY, "city": MatchKind.CONTAINER}
_LETTER_WEIGHT, _IMPORTANCE_WEIGHT = 2.4, 0.12
"""Of near misses: what a letter and the prominence of the place count for their order, in powers of ten."""
_LEAST_CHANCE, _LEAST_ASKED_FOR = 0.03, 0.015
"""Least chance of a similar name to be the right one; and where `fuzzy` is asked for."""
UNIT_WEIGHT = 0.05
"""Weight of a district or province against the town it is named after, where the name does not say which."""
_ELSEWHERE = 0.4
"""Share of the usual distance at which a similar name is taken, where places elsewhere bear the very name."""
_MISS_SLACK = 1.5
"""How much farther than a match a near miss may be."""
_CONTAINERS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """Hold one place found for a name, and how; the other matches of the search are its alternatives.

    Attributes
    ----------
    place : Place
    score : float
        Between 0 and 1; the matches of one search and "none of these" share 1.
    kind : MatchKind
        ``exact``, ``variant``, ``fuzzy``, or ``container``: the place itself is not known, its town is given.
        Whether a name is ambiguous shows in the scores of all matches.
    name : str
        The stored name that fitted.
    reasons : tuple of str
        In plain English.
    distance : float
        How far the stored name is from the one asked for, in letters; confusable letters count less. 0 unless
        the kind is ``fuzzy``.
    """

    place: Place
    score: float
    kind: MatchKind
    name: str
    reasons: tuple[str, ...] = ()
    distance: float = 0.0

    @property
    def candidate(self) -> Candidate:
        """Return the match as a candidate, the way as a feature."""
        return Candidate(self.place, self.score, {str(self.kind): 1.0})


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Hold one place that came close and was not taken.

    Attributes
    ----------
    place : Place
    name : str
        The stored name that came close.
    distance : float
        How far it is from the name asked for, in letters; 0 for the very name.
    reason : str
        Why it was not taken, in plain English.
    """

    place: Place
    name: str
    distance: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Hit:
    """Hold one row of the names found, the way, and of a similar name what `fuzzy_index.Close` says."""

    row: int
    way: str
    distance: float = 0.0
    chance: float = 1.0


_Step = Callable[[Gazetteer, Query], Iterable[_Hit]]


def search(
    gazetteer: Gazetteer,
    name: str,
    *,
    country: str | Collection[str] | None = None,
    admin1: str | None = None,
    feature_class: str | Collection[str] | None = None,
    feature_code: str | Collection[str] | None = None,
    near: Sequence[float] | None = None,
    within: Area | shapely.Geometry | None = None,
    bounded: bool = True,
    fuzzy: bool | None = None,
    limit: int = 10,
    without: Collection[int] = (),
) -> list[Match]:
    """List the places a name may mean, best first.

    Parameters
    ----------
    gazetteer : Gazetteer
    name : str
        In Arabic or Latin script; it may carry proclitics, the kind of the place, and what contains it.
    country : str or collection of str, optional
        ISO 3166-1 alpha-2: places elsewhere are left out.
    admin1 : str, optional
        GeoNames code (``77`` or ``LY.77``), place id, or name of the province the place must lie in.
    feature_class, feature_code : str or collection of str, optional
        GeoNames classes and codes, for instance ``"P"`` and ``"PPLA"``: other places are left out.
    near : pair of float, optional
        Lon, lat: of several places of a name, near ones come first.
    within : str, sequence of float, mapping or shapely geometry, optional
        Place id, box (west, south, east, north), GeoJSON or shapely geometry (lon, lat): places outside are
        left out, or come last with ``bounded=False``.
    bounded : bool
    fuzzy : bool, optional
        Whether a name may be found that is only similar. By default it may where something else than the name
        is known: a country, a province, a class, a container, a point or an area.
    limit : int
        Most places returned.
    without : collection of int
        Rows of names that do not count, to measure the search with names it does not know.

    Returns
    -------
    list of Match
        Empty if nothing fits; `near_misses` says what came close.

    Raises
    ------
    InputError
        If the name is no text, the limit is below 1, or a filter cannot be understood.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> search(gazetteer, "\u0648\u0637\u0631\u0627\u0628\u0644\u0633", country="LB")[0].place.name
    'Tripoli'
    >>> search(gazetteer, "Edjdabieh", country="LY")[0].place.id
    'geonames:89113'
    """
    _check(name, limit)
    asked = where(
        gazetteer, country=country, admin1=admin1, feature_class=feature_class, feature_code=feature_code,
        near=near, within=within, bounded=bounded,
    )  # fmt: skip
    return _Search(gazetteer, name, asked, fuzzy, frozenset(without)).matches(limit)


def near_misses(gazetteer: Gazetteer, name: str, *, limit: int = 5, **filters: Any) -> list[NearMiss]:
    """List places that came close to a name and were not taken, the closest first.

    Parameters
    ----------
    gazetteer : Gazetteer
    name : str
    limit : int
        Most places returned.
    **filters
        ``country``, ``admin1``, ``feature_class``, ``feature_code``, ``near``, ``within``, ``bounded`` and
        ``fuzzy``, as the search was asked.

    Returns
    -------
    list of NearMiss
        Places of the very name that a filter left out, and places of similar names.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> near_misses(gazetteer, "Ajdabiya", country="SY")[0].reason
    'it lies in LY, not in SY'
    """
    _check(name, limit)
    fuzzy = filters.pop("fuzzy", None)
    return _Search(gazetteer, name, where(gazetteer, **filters), fuzzy, frozenset()).missed(limit)


def _check(name: object, limit: int) -> None:
    """Refuse what is no name and no limit."""
    if not isinstance(name, str):
        raise InputError(f"name is {type(name).__name__} {name!r}; give a place name as text")
    if limit < 1:
        raise InputError(f"limit is {limit}; give 1 or more")


class _Search:
    """Hold what one search was asked and what it has found out on the way."""

    def __init__(
        self, gazetteer: Gazetteer, name: str, asked: Where, fuzzy: bool | None, without: frozenset[int]
    ) -> None:
        self._gazetteer = gazetteer
        self._name = name
        self._asked = asked
        self._fuzzy = fuzzy
        self._without = without
        self._known: dict[str, list[Place]] = {}

    def matches(self, limit: int) -> list[Match]:
        """Return the places found, best first."""
        whole = Query(self._name, strict_key(self._name))
        if not whole.key:
            return []
        best = self._best(whole, _strict(self._gazetteer, whole))
        if best:
            return self._ranked(whole, best | self._towns(whole, best), limit)
        ways = [query for query in queries(self._name) if self._understood(query)]
        steps: tuple[_Step, ...] = (_strict, _looser, _heard, self._similar, _city)
        for step in steps:
            if step is _heard and len(ways) > 1 and len(parts_of(self._name)) > 1:
                del ways[0]  # a name and its container in one do not sound like a name
            for query in ways:
                best = self._best(query, step(self._gazetteer, query))
                if best:
                    return self._ranked(query, best, limit)
        return []

    def _towns(self, query: Query, best: Mapping[int, tuple[_Hit, Place]]) -> dict[int, tuple[_Hit, Place]]:
        """Return the towns called like the units around them, if units alone bear this name."""
        if not all(is_unit(place) for _, place in best.values()) or any(
            cue is not None and cue.kind == "admin" for _, cue in without_head(query.name)
        ):
            return {}
        namesakes = (row for unit in best for row in towns_named_like(self._gazetteer, unit))
        return self._best(query, (_Hit(row, "town") for row in namesakes))

    def missed(self, limit: int) -> list[NearMiss]:
        """Return the places that came close and were not taken."""
        missed: dict[int, NearMiss] = {}
        taken = {match.place.id for match in self.matches(1 << 20)}
        ways = [query for query in queries(self._name) if query.sure]
        for query in ways:
            for step in (_strict, _looser, _heard):
                for hit in step(self._gazetteer, query):
                    self._miss(missed, hit, self._refusal(query, self._place(hit), hit.way))
        for query in ways[:1] if len(missed) < limit else ():
            for close in self._close(query, _MISS_SLACK):
                hit = _Hit(close.row, "similar", close.distance)
                reason = self._refusal(query, self._place(hit), hit.way) or self._too_far(query)
                self._miss(missed, hit, reason)
        kept = (miss for miss in missed.values() if miss.place.id not in taken)
        return sorted(kept, key=self._closeness)[:limit]

    def _closeness(self, miss: NearMiss) -> tuple[float, str]:
        """Return the order of near misses: a little farther is forgiven to a place that is well known."""
        importance = self._gazetteer.importance(self._gazetteer.row_of(miss.place.id))
        return _LETTER_WEIGHT * miss.distance - _IMPORTANCE_WEIGHT * importance, miss.place.id

    def _miss(self, missed: dict[int, NearMiss], hit: _Hit, reason: str) -> None:
        place = self._place(hit)
        row = self._gazetteer.place_of(hit.row)
        if reason and (row not in missed or hit.distance < missed[row].distance):
            name = self._gazetteer.name_row(hit.row).name
            missed[row] = NearMiss(place, name, round(hit.distance, 2), reason)

    def _too_far(self, query: Query) -> str:
        """Say why a similar name was not taken that no filter leaves out."""
        if self._may_be_similar(query):
            return "its name differs too much for a name of this length"
        return (
            "its name is only similar, and nothing else is known of the place; give a country or fuzzy=True"
        )

    def _place(self, hit: _Hit) -> Place:
        return self._gazetteer.place(self._gazetteer.place_of(hit.row))

    def _understood(self, query: Query) -> bool:
        """Say whether a container that is only guessed is one."""
        return query.sure or all(self._containers(text) for text in query.containers)

    def _containers(self, text: str) -> list[Place]:
        """Return the places that the name of a container may mean."""
        if text not in self._known:
            self._known[text] = _containers(self._gazetteer, text)
        return self._known[text]

    def _refusal(self, query: Query, place: Place, way: str) -> str:
        """Say why a place is left out; empty if it is not."""
        reason = self._asked.refusal(place)
        if reason:
            return reason
        if (
            way != "city"
            and query.cue is not None
            and not query.cue.fits(place.feature_class, place.feature_code)
        ):
            return f"its feature code is {place.feature_code}, which is no {query.cue.form}"
        for text in query.containers:
            above = self._containers(text)
            if above and not any(inside(self._gazetteer, place, container) for container in above):
                return f"it does not lie in {text}"
        return ""

    def _best(self, query: Query, hits: Iterable[_Hit]) -> dict[int, tuple[_Hit, Place]]:
        """Return the best hit of each place that passes the filters."""
        best: dict[int, tuple[_Hit, Place]] = {}
        for hit in hits:
            if hit.row in self._without:
                continue
            row = self._gazetteer.place_of(hit.row)
            known = best.get(row)
            if known is not None:
                if _worth(hit) > _worth(known[0]):
                    best[row] = (hit, known[1])
                continue
            place = self._gazetteer.place(row)
            if not self._refusal(query, place, hit.way):
                best[row] = (hit, place)
        return best

    def _weight(self, query: Query, hit: _Hit, place: Place, row: int) -> float:
        """Return how likely a place is meant, against the others of one step."""
        importance = self._gazetteer.importance(row)
        if hit.way == "similar":
            weight = hit.chance / (1 - hit.chance)
        else:
            weight = QUALITY[hit.way] * 10 ** (importance / 2)
        if query.cue is not None:
            weight *= query.cue.fits(place.feature_class, place.feature_code) or 1.0
        elif is_unit(place) and (hit.way != "similar" or is_arabic(query.key)):
            weight *= UNIT_WEIGHT
        in_context = self._gazetteer.name_row(hit.row).kind == "context"
        return weight * self._asked.weight(place) * (IN_CONTEXT if in_context else 1.0)

    def _ranked(self, query: Query, best: dict[int, tuple[_Hit, Place]], limit: int) -> list[Match]:
        """Return the places in order of weight, their scores sharing what "none" leaves."""
        weights = {row: self._weight(query, hit, place, row) for row, (hit, place) in best.items()}
        total = sum(weights.values()) or 1.0
        matches = []
        for row in sorted(weights, key=lambda row: (-weights[row], row))[:limit]:
            hit, place = best[row]
            quality = _worth(hit) if hit.way != "similar" or self._proofs(query) else _ALONE * _worth(hit)
            score = (1 - NONE_SHARE) * quality * weights[row] / total
            kind = KINDS.get(hit.way, MatchKind.VARIANT)
            stored = self._gazetteer.name_row(hit.row).name
            reasons = self._reasons(query, hit)
            matches.append(Match(place, score, kind, stored, reasons, round(hit.distance, 2)))
        return matches

    def _reasons(self, query: Query, hit: _Hit) -> tuple[str, ...]:
        """Say in plain English why a place was taken."""
        stored = self._gazetteer.name_row(hit.row)
        told = f"{REASONS[hit.way]}: {stored.name}"
        if hit.way == "similar":
            proofs = ", ".join(self._proofs(query))
            told += (
                f" ({hit.distance:.1f} letters apart; {'also known: ' + proofs if proofs else 'no proof'})"
            )
        reasons = [told, f"source of the name: {stored.source}"]
        if query.cue is not None:
            reasons.append(f"asked for as {query.cue.form}")
        for text in query.containers:
            known = bool(self._containers(text))
            reasons.append(
                f"lies in {text}" if known else f"nothing is known of {text}, which proves nothing"
            )
        if stored.kind == "context":
            reasons.append(CONTEXT_REASON)
        return tuple(reasons)

    def _proofs(self, query: Query) -> tuple[str, ...]:
        """Name what is known of the place besides its name."""
        contained = query.sure and any(self._containers(text) for text in query.containers)
        return self._asked.evidence + (("container",) if contained else ())

    def _may_be_similar(self, query: Query) -> bool:
        """Say whether a name that is only similar may be taken."""
        if self._fuzzy is not None:
            return self._fuzzy
        return bool(self._proofs(query))

    def _similar(self, gazetteer: Gazetteer, query: Query) -> Iterator[_Hit]:
        """Yield the names that sound or look alike, where that is allowed."""
        if query.sure and self._may_be_similar(query):
            elsewhere = any(hit.row not in self._without for hit in _strict(gazetteer, query))
            least = _LEAST_ASKED_FOR if self._fuzzy else _LEAST_CHANCE
            for close in self._close(query, _ELSEWHERE if elsewhere else 1.0):
                chance = close.chance
                if query.cue is None and not is_arabic(query.key) and is_unit(gazetteer.place(close.place)):
                    chance = UNIT_WEIGHT * chance / (1 - chance + UNIT_WEIGHT * chance)
                if chance >= least:
                    yield _Hit(close.row, "similar", close.distance, chance)

    def _close(self, query: Query, slack: float = 1.0) -> list[Close]:
        """Return the places of similar names."""
        index: FuzzyIndex = self._gazetteer.derived("fuzzy", FuzzyIndex)
        scope = self._asked.countries or {code for code, _ in self._asked.admin1 if code}
        if not scope:
            scope = {place.country for text in query.containers for place in self._containers(text)} - {""}
        return index.close_to(query.key, scope, self._without, slack)


def is_unit(place: Place) -> bool:
    """Say whether a place is a district or a province, and no country."""
    return place.feature_class == "A" and not place.feature_code.startswith("PCL")


def towns_named_like(gazetteer: Gazetteer, unit: int) -> tuple[int, ...]:
    """Return the rows of names that a district or province shares with towns in it.

    Parameters
    ----------
    gazetteer : Gazetteer
    unit : int
        Row of the district or province.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> rows = towns_named_like(gazetteer, gazetteer.row_of("geonames:2210553"))
    >>> {gazetteer.place(gazetteer.place_of(row)).name for row in rows}
    {'Sirte'}
    """
    known: dict[int, tuple[int, ...]] = gazetteer.derived("towns_named_like", lambda _: {})
    if unit not in known:
        place = gazetteer.place(unit)
        keys = {name.key: None for name in gazetteer.names_of(place.id) if name.kind != "context"}
        known[unit] = tuple(
            row
            for rows in gazetteer.find(list(keys))
            for row in rows
            if _is_town_in(gazetteer, gazetteer.place(gazetteer.place_of(row)), place)
        )
    return known[unit]


def _is_town_in(gazetteer: Gazetteer, place: Place, unit: Place) -> bool:
    """Say whether a place is a town in a unit."""
    return place.feature_class == "P" and inside(gazetteer, place, unit)


def _worth(hit: _Hit) -> float:
    """Return what a hit is worth by its way, or by its chance."""
    return hit.chance if hit.way == "similar" else QUALITY[hit.way]


def _containers(gazetteer: Gazetteer, text: str) -> list[Place]:
    """Return the units, countries, towns and areas that bear a name, the most prominent first."""
    if len(text) == 2 and text.isupper() and text.isascii():
        country = gazetteer.country(text)
        if country is not None:
            return [country]
    for key, cue in without_head(text):
        query = Query(text, key, cue=cue)
        for step in (_strict, _looser):
            rows = list(dict.fromkeys(gazetteer.place_of(hit.row) for hit in step(gazetteer, query)))
            rows.sort(key=lambda row: (-gazetteer.importance(row), row))
            places = [place for place in map(gazetteer.place, rows) if place.feature_class in "APL"]
            fitting = [p for p in places if cue is None or cue.fits(p.feature_class, p.feature_code)]
            if fitting:
                return fitting[:_CONTAINERS]
    return []


def _strict(gazetteer: Gazetteer, query: Query) -> Iterator[_Hit]:
    """Yield the names of the same strict key."""
    for row in gazetteer.find([query.key])[0]:
        yield _Hit(row, "exact" if gazetteer.name_row(row).kind == "official" else "variant")


def _looser(gazetteer: Gazetteer, query: Query) -> Iterator[_Hit]:
    """Yield the names that fit without proclitics, or by a looser key."""
    first, space, rest = query.key.partition(" ")
    cores = [
        split.core + space + rest
        for split in clitic_splits(first)
        if split.prefix and len(split.core) > (1 if rest else 2)
    ]
    for rows in gazetteer.find(cores):
        for row in rows:
            yield _Hit(row, "clitic")
    if not is_arabic(query.key):
        plain = without_chat(query.key)
        if plain != query.key:
            yield from (_Hit(row, "loose") for row in gazetteer.find([plain])[0])
        short = latin_key(query.key)
        found = [*gazetteer.find([short])[0], *gazetteer.near_misses([hash_of("latin", short)])]
        yield from (_Hit(row, "article") for row in found)
        return
    for rows in gazetteer.find(respellings(query.name, query.key)):
        yield from (_Hit(row, "respelled") for row in rows)
    loose = loose_key(query.name)
    found = [*gazetteer.find([loose])[0], *gazetteer.near_misses([hash_of("loose", loose)])]
    for row in found:
        if gazetteer.name_row(row).lang != "foreign":
            yield _Hit(row, "loose")


def _heard(gazetteer: Gazetteer, query: Query) -> Iterator[_Hit]:
    """Yield the Latin names of the same consonants that one ear does not tell apart."""
    if is_arabic(query.key):
        return
    bones = skeleton(query.key)
    if len(bones) < 3:
        return
    rows = gazetteer.near_misses([hash_of("skeleton", bones)])
    if not rows:
        return
    keys = "\n".join([without_chat(query.key), *(gazetteer.name_row(row).key for row in rows)])
    wanted, *stored = map(heard, sounds(keys).split("\n"))
    yield from (_Hit(row, "heard") for row, made in zip(rows, stored, strict=True) if made == wanted)


def _city(gazetteer: Gazetteer, query: Query) -> Iterator[_Hit]:
    """Yield the towns after which an airport, a port or a hospital is named that is not known itself."""
    if query.cue is not None and query.cue.named_after_city:
        for row in gazetteer.find([query.key])[0]:
            if gazetteer.place(gazetteer.place_of(row)).feature_class == "P":
                yield _Hit(row, "city")
