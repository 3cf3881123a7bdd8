"""Find places by a name as people type it: other spellings, clitics, Latin script, near misses.

Each step is weaker evidence than the one before, and the first that finds a place ends the search:

1. the strict key (``exact`` for an official name, ``variant`` for another one);
2. the name behind its proclitics (``وطرابلس``), and the loose key: hamza seats, spaces, optional Latin
   articles (``variant``);
3. the consonant skeleton of a Latin name (``fuzzy``). It proves little: without ``country`` such a place
   scores low, whatever its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from geo.arabic import clitic_splits, loose_key, strict_key
from geo.errors import InputError
from geo.model import Candidate, MatchKind, Place
from geo.places.gazetteer import Gazetteer
from geo.places.keys import hash_of, latin_key, skeleton

_QUALITY = {"exact": 1.0, "variant": 0.95, "article": 0.9, "clitic": 0.85, "loose": 0.8, "skeleton": 0.35}
"""How much a way of finding a name is worth; chosen, not learned."""
_WITH_COUNTRY = 0.6
"""What a skeleton is worth when the country is known, the second proof."""
_NONE = 0.05
"""Share of the score that stays with "none of these"."""
_ALIKE = 0.6
"""Least likeness of two Latin spellings of one skeleton (Ratcliff and Obershelp)."""
_REASONS = {
    "exact": "the name is an official name of the place",
    "variant": "the name is another name of the place",
    "article": "the name fits but for Arabic articles and spaces",
    "clitic": "the name stands behind a proclitic",
    "loose": "the name fits but for hamza, foreign letters and spaces",
    "skeleton": "only the consonants of the name fit",
}
_KINDS = {"exact": MatchKind.EXACT, "skeleton": MatchKind.FUZZY}


@dataclass(frozen=True, slots=True)
class Match:
    """Hold one place found for a name, and how.

    Attributes
    ----------
    place : Place
    score : float
        Between 0 and 1; the matches of one search and "none of these" share 1.
    kind : MatchKind
        ``exact``, ``variant`` or ``fuzzy``. Whether a name is ambiguous shows in the scores of all matches.
    name : str
        The stored name that fitted.
    reasons : tuple of str
        In plain English.
    """

    place: Place
    score: float
    kind: MatchKind
    name: str
    reasons: tuple[str, ...] = ()

    @property
    def candidate(self) -> Candidate:
        """Return the match as a candidate, the way as a feature."""
        return Candidate(self.place, self.score, {str(self.kind): 1.0})


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
    country: str | None = None,
    feature_class: str | None = None,
    limit: int = 10,
) -> list[Match]:
    """List the places a name may mean, best first.

    Parameters
    ----------
    gazetteer : Gazetteer
    name : str
        In Arabic or Latin script.
    country : str, optional
        ISO 3166-1 alpha-2: places elsewhere are left out, and near misses count more.
    feature_class : str, optional
        GeoNames class, for instance ``"P"``: other places are left out.
    limit : int
        Most places returned.

    Returns
    -------
    list of Match
        Empty if nothing fits.

    Raises
    ------
    InputError
        If the name is no text, or the limit is below 1.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> search(gazetteer, "\u0648\u0637\u0631\u0627\u0628\u0644\u0633", country="LB")[0].place.name
    'Tripoli'
    >>> search(gazetteer, "Adjdabiyah")[0].place.id
    'geonames:89113'
    """
    if not isinstance(name, str):
        raise InputError(f"name is {type(name).__name__} {name!r}; give a place name as text")
    if limit < 1:
        raise InputError(f"limit is {limit}; give 1 or more")
    key = strict_key(name)
    if not key:
        return []
    for step in (_strict, _looser, _near):
        best = _best_rows(gazetteer, step(gazetteer, name, key, bool(country)), country, feature_class)
        if best:
            return _ranked(gazetteer, best, limit)
    return []


def _strict(gazetteer: Gazetteer, name: str, key: str, narrowed: bool) -> Iterator[_Hit]:
    """Yield the names of the same strict key."""
    for row in gazetteer.find([key])[0]:
        way = "exact" if gazetteer.name_row(row).kind == "official" else "variant"
        yield _Hit(row, way, _QUALITY[way])


def _looser(gazetteer: Gazetteer, name: str, key: str, narrowed: bool) -> Iterator[_Hit]:
    """Yield the names that fit without proclitics, or by a looser key."""
    first, space, rest = key.partition(" ")
    cores = [
        split.core + space + rest for split in clitic_splits(first) if split.prefix and len(split.core) > 2
    ]
    for rows in gazetteer.find(cores):
        for row in rows:
            yield _Hit(row, "clitic", _QUALITY["clitic"])
    if _is_latin(key):
        short = latin_key(key)
        found = [*gazetteer.find([short])[0], *gazetteer.near_misses([hash_of("latin", short)])]
        yield from (_Hit(row, "article", _QUALITY["article"]) for row in found)
        return
    loose = loose_key(name)
    found = [*gazetteer.find([loose])[0], *gazetteer.near_misses([hash_of("loose", loose)])]
    for row in found:
        if gazetteer.name_row(row).lang != "foreign":
            yield _Hit(row, "loose", _QUALITY["loose"])


def _near(gazetteer: Gazetteer, name: str, key: str, narrowed: bool) -> Iterator[_Hit]:
    """Yield the Latin names of the same consonants whose spelling is not too far."""
    bones = skeleton(key)
    if not _is_latin(key) or len(bones) < 3:
        return
    short = latin_key(key)
    worth = _WITH_COUNTRY if narrowed else _QUALITY["skeleton"]
    for row in gazetteer.near_misses([hash_of("skeleton", bones)]):
        likeness = SequenceMatcher(None, short, latin_key(gazetteer.name_row(row).key)).ratio()
        if likeness >= _ALIKE:
            yield _Hit(row, "skeleton", worth * likeness)


def _is_latin(key: str) -> bool:
    """Say whether a key is written in Latin letters."""
    letters = [letter for letter in key if letter.isalpha()]
    return bool(letters) and all(ord(letter) < 0x250 for letter in letters)


def _best_rows(
    gazetteer: Gazetteer, hits: Iterable[_Hit], country: str | None, feature_class: str | None
) -> dict[int, tuple[_Hit, Place]]:
    """Return the best hit of each place that passes the filters."""
    best: dict[int, tuple[_Hit, Place]] = {}
    for hit in hits:
        row = gazetteer.place_of(hit.row)
        known = best.get(row)
        if known is not None:
            if hit.quality > known[0].quality:
                best[row] = (hit, known[1])
            continue
        place = gazetteer.place(row)
        right_class = not feature_class or place.feature_class == feature_class
        if right_class and (not country or place.country == country.upper()):
            best[row] = (hit, place)
    return best


def _ranked(gazetteer: Gazetteer, best: dict[int, tuple[_Hit, Place]], limit: int) -> list[Match]:
    """Return the places in order of worth times prominence, their scores sharing what "none" leaves."""
    weights = {}
    for row, (hit, _) in best.items():
        in_context = gazetteer.name_row(hit.row).kind == "context"
        weights[row] = hit.quality * 10 ** (gazetteer.importance(row) / 2) * (0.01 if in_context else 1.0)
    total = sum(weights.values())
    matches = []
    for row in sorted(weights, key=lambda row: (-weights[row], row))[:limit]:
        hit, place = best[row]
        stored = gazetteer.name_row(hit.row)
        reasons: tuple[str, ...] = (
            f"{_REASONS[hit.way]}: {stored.name}",
            f"source of the name: {stored.source}",
        )
        if stored.kind == "context":
            reasons += ("the name means this place only where the text is about it",)
        score = (1 - _NONE) * hit.quality * weights[row] / total
        matches.append(Match(place, score, _KINDS.get(hit.way, MatchKind.VARIANT), stored.name, reasons))
    return matches
