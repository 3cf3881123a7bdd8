"""Find places by a name as people type it: other spellings, clitics, Latin script, containers, near misses.

Each step is weaker evidence than the one before, and the first that finds a place ends the search:

1. the strict key (``exact`` for an official name, ``variant`` for another one);
2. the name behind its proclitics (``وطرابلس``), and the loose key: hamza seats, spaces, optional Latin
   articles (``variant``);
3. a name that sounds or looks alike (``fuzzy``): letters that are often confused or that stand for one
   sound in other scripts cost less than others. It proves little, so that a second piece of evidence is
   asked for, such as the country, unless the caller says ``fuzzy=True``.

What was close and was not taken is told by `near_misses`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from geo.arabic import clitic_splits, loose_key, strict_key
from geo.errors import InputError
from geo.model import Candidate, MatchKind, Place
from geo.places.gazetteer import Gazetteer
from geo.places.keys import hash_of, latin_key, skeleton
from geo.places.search_filters import Area, Where, where

if TYPE_CHECKING:
    import shapely

QUALITY = {"exact": 1.0, "variant": 0.95, "article": 0.9, "clitic": 0.85, "loose": 0.8, "skeleton": 0.35}
"""How much a way of finding a name is worth; chosen, not learned."""
_WITH_COUNTRY = 0.6
"""What a skeleton is worth when the country is known, the second proof."""
NONE_SHARE = 0.05
"""Share of the score that stays with "none of these"."""
_ALIKE = 0.6
"""Least likeness of two Latin spellings of one skeleton (Ratcliff and Obershelp)."""
REASONS = {
    "exact": "the name is an official name of the place",
    "variant": "the name is another name of the place",
    "article": "the name fits but for Arabic articles and spaces",
    "clitic": "the name stands behind a proclitic",
    "loose": "the name fits but for hamza, foreign letters and spaces",
    "skeleton": "only the consonants of the name fit",
}
CONTEXT_REASON = "the name means this place only where the text is about it"
IN_CONTEXT = 0.01
"""Share of its weight that a place keeps under such a name."""
KINDS = {"exact": MatchKind.EXACT, "skeleton": MatchKind.FUZZY}


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
    """Hold one row of the names found, the way, and its worth."""

    row: int
    way: str
    quality: float


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
        In Arabic or Latin script; it may carry proclitics, the kind of the place in front of it, and what
        contains it behind a comma.
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
    >>> search(gazetteer, "Adjdabiyah", country="LY")[0].place.id
    'geonames:89113'
    """
    _check(name, limit)
    key = strict_key(name)
    if not key:
        return []
    asked = where(
        gazetteer, country=country, admin1=admin1, feature_class=feature_class, feature_code=feature_code,
        near=near, within=within, bounded=bounded,
    )  # fmt: skip
    for step in (_strict, _looser, _near):
        best = _best_rows(gazetteer, step(gazetteer, name, key, bool(country)), asked, frozenset(without))
        if best:
            return _ranked(gazetteer, best, asked, limit)
    return []


def near_misses(
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
    limit: int = 5,
) -> list[NearMiss]:
    """List places that came close to a name and were not taken, the closest first.

    Parameters
    ----------
    gazetteer : Gazetteer
    name : str
    country, admin1, feature_class, feature_code, near, within, bounded : optional
        As the search was asked.
    limit : int
        Most places returned.

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
    key = strict_key(name)
    if not key:
        return []
    asked = where(
        gazetteer, country=country, admin1=admin1, feature_class=feature_class, feature_code=feature_code,
        near=near, within=within, bounded=bounded,
    )  # fmt: skip
    missed: dict[int, NearMiss] = {}
    for step in (_strict, _looser, _near):
        for hit in step(gazetteer, name, key, True):
            row = gazetteer.place_of(hit.row)
            place = gazetteer.place(row)
            reason = asked.refusal(place)
            if reason:
                missed.setdefault(row, NearMiss(place, gazetteer.name_row(hit.row).name, 0.0, reason))
    return sorted(missed.values(), key=lambda miss: miss.distance)[:limit]


def _check(name: object, limit: int) -> None:
    """Refuse what is no name and no limit."""
    if not isinstance(name, str):
        raise InputError(f"name is {type(name).__name__} {name!r}; give a place name as text")
    if limit < 1:
        raise InputError(f"limit is {limit}; give 1 or more")


def _strict(gazetteer: Gazetteer, name: str, key: str, narrowed: bool) -> Iterator[_Hit]:
    """Yield the names of the same strict key."""
    for row in gazetteer.find([key])[0]:
        way = "exact" if gazetteer.name_row(row).kind == "official" else "variant"
        yield _Hit(row, way, QUALITY[way])


def _looser(gazetteer: Gazetteer, name: str, key: str, narrowed: bool) -> Iterator[_Hit]:
    """Yield the names that fit without proclitics, or by a looser key."""
    first, space, rest = key.partition(" ")
    cores = [
        split.core + space + rest for split in clitic_splits(first) if split.prefix and len(split.core) > 2
    ]
    for rows in gazetteer.find(cores):
        for row in rows:
            yield _Hit(row, "clitic", QUALITY["clitic"])
    if _is_latin(key):
        short = latin_key(key)
        found = [*gazetteer.find([short])[0], *gazetteer.near_misses([hash_of("latin", short)])]
        yield from (_Hit(row, "article", QUALITY["article"]) for row in found)
        return
    loose = loose_key(name)
    found = [*gazetteer.find([loose])[0], *gazetteer.near_misses([hash_of("loose", loose)])]
    for row in found:
        if gazetteer.name_row(row).lang != "foreign":
            yield _Hit(row, "loose", QUALITY["loose"])


def _near(gazetteer: Gazetteer, name: str, key: str, narrowed: bool) -> Iterator[_Hit]:
    """Yield the Latin names of the same consonants whose spelling is not too far."""
    bones = skeleton(key)
    if not _is_latin(key) or len(bones) < 3:
        return
    short = latin_key(key)
    worth = _WITH_COUNTRY if narrowed else QUALITY["skeleton"]
    for row in gazetteer.near_misses([hash_of("skeleton", bones)]):
        likeness = SequenceMatcher(None, short, latin_key(gazetteer.name_row(row).key)).ratio()
        if likeness >= _ALIKE:
            yield _Hit(row, "skeleton", worth * likeness)


def _is_latin(key: str) -> bool:
    """Say whether a key is written in Latin letters."""
    letters = [letter for letter in key if letter.isalpha()]
    return bool(letters) and all(ord(letter) < 0x250 for letter in letters)


def _best_rows(
    gazetteer: Gazetteer, hits: Iterable[_Hit], asked: Where, without: frozenset[int]
) -> dict[int, tuple[_Hit, Place]]:
    """Return the best hit of each place that passes the filters."""
    best: dict[int, tuple[_Hit, Place]] = {}
    for hit in hits:
        if hit.row in without:
            continue
        row = gazetteer.place_of(hit.row)
        known = best.get(row)
        if known is not None:
            if hit.quality > known[0].quality:
                best[row] = (hit, known[1])
            continue
        place = gazetteer.place(row)
        if not asked.refusal(place):
            best[row] = (hit, place)
    return best


def _ranked(
    gazetteer: Gazetteer, best: dict[int, tuple[_Hit, Place]], asked: Where, limit: int
) -> list[Match]:
    """Return the places in order of worth times prominence, their scores sharing what "none" leaves."""
    weights = {}
    for row, (hit, place) in best.items():
        in_context = gazetteer.name_row(hit.row).kind == "context"
        weight = hit.quality * 10 ** (gazetteer.importance(row) / 2) * asked.weight(place)
        weights[row] = weight * (IN_CONTEXT if in_context else 1.0)
    total = sum(weights.values())
    matches = []
    for row in sorted(weights, key=lambda row: (-weights[row], row))[:limit]:
        hit, place = best[row]
        stored = gazetteer.name_row(hit.row)
        reasons: tuple[str, ...] = (
            f"{REASONS[hit.way]}: {stored.name}",
            f"source of the name: {stored.source}",
        )
        if stored.kind == "context":
            reasons += (CONTEXT_REASON,)
        score = (1 - NONE_SHARE) * hit.quality * weights[row] / total
        matches.append(Match(place, score, KINDS.get(hit.way, MatchKind.VARIANT), stored.name, reasons))
    return matches
