"""Define what a recogniser hands on: toponyms, and the gazetteer names behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Protocol

from geo.arabic import Split, Tokenized, article, clitic_relations, fold, has_shape, strict_key, table
from geo.model import Place
from geo.places import Gazetteer
from geo.reading.words import WordList, joined, word_frequencies

UNKNOWN_ZIPF = 2.6
"""Taken for words rarer than the frequency list goes (3.0)."""

SEAT = "seat"
"""Kind of a name that is the seat of a government."""

_COMMON_WORD = 3.2
_QUARTER = 2.2
_WELL_KNOWN = 2.9
_LEAST = {"PPLA": 2.4, "PPLC": 2.4}
_KEPT_NAMES = 1 << 12
_LESS_KNOWN = {"historic": 0.5, "context": 1.5}


@dataclass(frozen=True, slots=True)
class Name:
    """Hold one name of the gazetteer with the place that bears it.

    Attributes
    ----------
    place : Place
    name : str
        As the source writes it, with harakat.
    lang, kind : str
        As in `geo.places.gazetteer.NameRow`.
    weight : float
        How well known the place is under this name; see `importance`.
    """

    place: Place
    name: str
    lang: str
    kind: str
    weight: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Weigh the name once; a text asks for it many times."""
        object.__setattr__(self, "weight", _weight(self))


def names_at(gazetteer: Gazetteer, rows: Sequence[int]) -> tuple[Name, ...]:
    """Return the names at some rows of the gazetteer's table of names, with their places."""
    if not rows:
        return ()
    read: Callable[[tuple[int, ...]], tuple[Name, ...]] = gazetteer.derived("names_at", _names_reader)
    return read(tuple(rows))


def _names_reader(gazetteer: Gazetteer) -> Callable[[tuple[int, ...]], tuple[Name, ...]]:
    @lru_cache(maxsize=_KEPT_NAMES)
    def read(rows: tuple[int, ...]) -> tuple[Name, ...]:
        found = map(gazetteer.name_row, rows)
        return tuple(Name(gazetteer.place(row.place), row.name, row.lang, row.kind) for row in found)

    return read


@dataclass(frozen=True, slots=True)
class Toponym:
    """Hold one stretch of text that may be a place name.

    Attributes
    ----------
    first, last : int
        Tokens ``[first, last)``.
    start, end : int
        Offsets into the original text, proclitics left out.
    key : str
        Strict key under which the gazetteer knows it.
    clitics : str
        Proclitics, as keys.
    names : tuple of Name
        The gazetteer's names with that key; empty for a demonym and for an unknown name behind a head word.
    demonym : str
        Id of the place whose people or things the word describes, or empty.
    zipf : float
        How common the raw word is in Arabic text, log10 per billion words.
    importance : float
        How well known the best-known candidate is, on the same scale.
    reasons : tuple of str
    certain : bool
        The recogniser vouches for it: it is never left out for want of support.
    """

    first: int
    last: int
    start: int
    end: int
    key: str
    clitics: str = ""
    names: tuple[Name, ...] = ()
    demonym: str = ""
    zipf: float = 0.0
    importance: float = 0.0
    reasons: tuple[str, ...] = ()
    certain: bool = False


class Recognizer(Protocol):
    """Find the toponyms of a text."""

    def recognize(self, doc: Tokenized) -> Sequence[Toponym]:
        """Return the toponyms in text order, without overlap."""
        ...


def importance(name: Name) -> float:
    """Return how well known a place is under a name, on the scale of word frequencies.

    Countries stand at 4, states that have ended at 3; an inhabited place at half the decimal logarithm of
    its population, a seat of government at 2.4 at least; a quarter at 2.2; curated places, first-level units
    and regions at 2.8, waters and mountains at 3. Names of unknown language and historic spellings lose half
    a point, names that need a context 1.5.

    Parameters
    ----------
    name : Name

    Returns
    -------
    float
    """
    return name.weight


def _weight(name: Name) -> float:
    place = name.place
    if place.feature_code.startswith("PCL"):
        value = 3.0 if place.feature_code == "PCLH" else 4.0
    elif place.feature_class in ("H", "T"):
        value = 3.0
    elif place.feature_code == "PPLX" and not place.population:
        value = _QUARTER
    elif place.id.startswith("geo:") or place.feature_code == "ADM1" or place.feature_class == "L":
        value = 2.8
    else:
        value = max(math.log10(place.population + 30) / 2, _LEAST.get(place.feature_code, 0.0))
        value += _capital_bonus(place)
    return value - _LESS_KNOWN.get(name.kind, 0.5 if name.lang == "und" else 0.0)


def _capital_bonus(place: Place) -> float:
    return 0.0 if place.feature_code != "PPLC" else 0.9 if place.population >= 150_000 else 0.4


def make_toponym(
    doc: Tokenized,
    span: tuple[int, int],
    split: Split,
    names: tuple[Name, ...],
    demonym: str = "",
    key: str = "",
) -> Toponym:
    """Cut the proclitics off in the original text and weigh the word.

    Parameters
    ----------
    doc : Tokenized
    span : tuple of int
        Tokens ``[first, last)``.
    split : Split
        How the first token is cut.
    names : tuple of Name
    demonym : str
    key : str
        Strict key of the whole name; that of the cut first token by default.

    Returns
    -------
    Toponym
    """
    first, last = span
    token = doc.tokens[first]
    start = token.start
    if split.cut:
        start += fold(doc.text[token.start : token.end]).origin[split.cut]
    weight = max((name.weight for name in names), default=3.0 if demonym else 0.0)
    clitics = _detached(doc, first) + split.prefix
    zipf = _commonness(doc, first, last, split)
    end = doc.tokens[last - 1].end
    return Toponym(first, last, start, end, key or split.core, clitics, names, demonym, zipf, weight)


def _detached(doc: Tokenized, first: int) -> str:
    """Return the preposition written as a word of its own before a name (لـ طرابلس، ب #العلا)."""
    before = doc.tokens[first - 1] if first else None
    if before is None or len(before.key) != 1 or doc.tokens[first].gap.strip(' #"«\N{ARABIC TATWEEL}'):
        return ""
    return before.key if clitic_relations(before.key) & {"in", "to"} else ""


def _commonness(doc: Tokenized, first: int, last: int, split: Split) -> float:
    """Return how common the word is, or the rarest word of a longer name less one."""
    known = word_frequencies()
    if last - first > 1:
        return min(known.get(token.raw, UNKNOWN_ZIPF) for token in doc.tokens[first:last]) - 1.0
    whole = known.get(doc.tokens[first].raw, UNKNOWN_ZIPF)
    if not split.cut:
        return whole
    bare = known.get(without_clitics(doc.tokens[first].raw, split), UNKNOWN_ZIPF)
    return max(bare, whole + (1.0 if whole >= _COMMON_WORD and whole > bare else 0.0))


def without_clitics(raw: str, split: Split) -> str:
    """Return a word as written without its proclitics, the article put back where لل swallowed it."""
    rest = raw[split.cut :]
    restored = split.core.startswith(article()) and not rest.startswith(article())
    return article() + rest[1:] if restored and split.cut else rest


def in_list(doc: Tokenized, before: Toponym, hit: Toponym) -> bool:
    """Say whether two toponyms are neighbours in a list (``X وY``, ``X، Y``, ``X أو Y``)."""
    if before.last + 1 == hit.first and not hit.clitics:
        joiner = WordList.of_table("list_joiner").at(doc.tokens, before.last, clitics=False)
        return joiner is not None and joined(doc.tokens, before.last - 1, hit.first + 1)
    if before.last != hit.first:
        return False
    gap = doc.tokens[hit.first].gap.strip()
    joined_by_and = "and" in clitic_relations(hit.clitics) and not gap
    return joined_by_and or gap == "\N{ARABIC COMMA}"


def is_adjective(doc: Tokenized, toponym: Toponym) -> bool:
    """Say whether a word is an adjective rather than a little-known place spelled like it (ليبي).

    Parameters
    ----------
    doc : Tokenized
    toponym : Toponym

    Returns
    -------
    bool
        False behind a preposition of place, and where the place is well known itself.
    """
    if not toponym.demonym or not toponym.names or toponym.importance >= _WELL_KNOWN:
        return False
    if any(name.place.id == toponym.demonym for name in toponym.names):
        return False
    before = doc.tokens[toponym.first - 1].key if toponym.first else ""
    located = before in WordList.of_table("locative") or "in" in clitic_relations(toponym.clitics)
    return not located and not has_shape(toponym.key, "alef")


@cache
def demonym_forms() -> Mapping[str, str]:
    """Return the inflected demonyms by strict key, each with the id of its place.

    The table lists base forms; feminine, sound plurals, the accusative and the article follow by rule
    (Ryding, A Reference Grammar of Modern Standard Arabic, 10.5).
    """
    endings = [ending for entry in table("nisba_ending") for ending in entry["forms"]]
    ordinary = {strict_key(form) for entry in table("lookalike_nisba") for form in entry["forms"]}
    forms: dict[str, str] = {}
    for entry in table("demonym"):
        bases = [strict_key(base) for base in entry["forms"]]
        irregular = [strict_key(form) for form in entry.get("irregular", ())]
        for form in [base + strict_key(ending) for base in bases for ending in endings] + irregular:
            if not entry.get("definite_only"):
                forms.setdefault(form, entry["place_id"])
            forms.setdefault(article() + form, entry["place_id"])
    return {form: place_id for form, place_id in forms.items() if form not in ordinary}
