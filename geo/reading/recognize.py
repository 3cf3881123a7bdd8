"""Find the toponyms of a text: names and demonyms of the gazetteer, behind clitics and in run-on words.

A recogniser answers one question only: which stretches of the text may be place names. What they stand
for there, and which place they are, is decided later, by `geo.reading.readings` and
`geo.reading.resolve`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from geo.arabic import Split, Tokenized, article, clitic_relations, clitic_splits, fold, strict_key, table
from geo.model import Place
from geo.places import Gazetteer
from geo.reading.words import WordList, joined, word_frequencies

_LESS_KNOWN = {"historic": 0.5, "context": 1.5}
_MAX_WORDS = 6
_UNKNOWN_ZIPF = 2.6
_COMMON_WORD = 3.5
_LATIN_IMPORTANCE = 3.4


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
    """

    place: Place
    name: str
    lang: str
    kind: str


def names_at(gazetteer: Gazetteer, rows: Sequence[int]) -> tuple[Name, ...]:
    """Return the names at some rows of the gazetteer's table of names, with their places."""
    found = map(gazetteer.name_row, rows)
    return tuple(Name(gazetteer.place(row.place), row.name, row.lang, row.kind) for row in found)


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
        The gazetteer's names with that key; empty for a demonym.
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

    Countries stand at 4, states that have ended at 2.5; an inhabited place at half the decimal logarithm of
    its population; names of unknown language and historic spellings lose half a point, names that need a
    context 1.5.

    Parameters
    ----------
    name : Name

    Returns
    -------
    float
    """
    place = name.place
    if place.feature_code.startswith("PCL"):
        value = 2.5 if place.feature_code == "PCLH" else 4.0
    elif place.source.startswith("curated") or place.id.startswith("geo:") or place.feature_code == "ADM1":
        value = 2.8
    else:
        value = math.log10(place.population + 30) / 2 + _capital_bonus(place)
    return value - _LESS_KNOWN.get(name.kind, 0.5 if name.lang == "und" else 0.0)


def _capital_bonus(place: Place) -> float:
    return 0.0 if place.feature_code != "PPLC" else 0.9 if place.population >= 150_000 else 0.4


class DictionaryRecognizer:
    """Find toponyms by looking every word up, with and without its proclitics.

    Parameters
    ----------
    gazetteer : Gazetteer
    limit : float
        How much more common than its place is well known a word may be and still count as a name.
    floor : float
        How well known a place must be at least where no cue speaks for it (1.85: 5,000 inhabitants).

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.places import Gazetteer
    >>> recognizer = DictionaryRecognizer(Gazetteer.open())
    >>> [toponym.key for toponym in recognizer.recognize(tokenize("في طبرق"))]
    ['طبرق']
    """

    def __init__(self, gazetteer: Gazetteer, *, limit: float = 1.8, floor: float = 1.85) -> None:
        """Keep the gazetteer and read the rule tables."""
        self._gazetteer = gazetteer
        self._limit = limit
        self._floor = floor
        self._stop = frozenset(form for entry in table("stop_word") for form in entry["forms"])
        self._heads = WordList.of_table("feature_head", ("forms", "plural"))
        self._locative = WordList.of_table("locative")
        self._joints = frozenset(form for entry in table("run_on_joint") for form in entry["forms"])
        self._demonyms = demonym_forms()

    def recognize(self, doc: Tokenized) -> list[Toponym]:
        """Return the toponyms of a text in order, longest match first, without overlap."""
        hits = self._all_hits(doc)
        found: list[Toponym] = []
        index = 0
        while index < len(doc.tokens):
            chosen = self._choose(doc, hits.get(index, ()), found)
            if chosen is None:
                index += 1
                continue
            found.append(chosen)
            index = chosen.last
        return found

    def _all_hits(self, doc: Tokenized) -> dict[int, list[Toponym]]:
        """Look up every word and every run of words that may be a name."""
        tokens = doc.tokens
        open_runs = [
            (i, split, split.core) for i, token in enumerate(tokens) for split in clitic_splits(token.key)
        ]
        hits: dict[int, list[Toponym]] = {}
        for size in range(1, _MAX_WORDS + 1):
            keys = [key for _, _, key in open_runs]
            for (first, split, key), rows in zip(open_runs, self._gazetteer.find(keys), strict=True):
                demonym = self._demonyms.get(key, "") if size == 1 else ""
                if rows or demonym:
                    names = names_at(self._gazetteer, rows)
                    hits.setdefault(first, []).append(
                        self._toponym(doc, first, first + size, split, key, names, demonym)
                    )
            going_on = self._gazetteer.is_prefix(keys)
            open_runs = [
                (first, split, f"{key} {tokens[first + size].key}")
                for (first, split, key), more in zip(open_runs, going_on, strict=True)
                if more and first + size < len(tokens) and joined(tokens, first + size - 1, first + size + 1)
            ]
            if not open_runs:
                break
        for index, toponym in self._run_ons(doc, hits):
            hits.setdefault(index, []).append(toponym)
        return hits

    def _toponym(
        self,
        doc: Tokenized,
        first: int,
        last: int,
        split: Split,
        key: str,
        names: tuple[Name, ...],
        demonym: str,
    ) -> Toponym:
        """Cut the proclitics off in the original text and weigh the word."""
        token = doc.tokens[first]
        start = token.start
        if split.cut:
            start += fold(doc.text[token.start : token.end]).origin[split.cut]
        zipf = self._commonness(doc, first, last, split)
        weight = max((importance(name) for name in names), default=3.0 if demonym else 0.0)
        end = doc.tokens[last - 1].end
        return Toponym(first, last, start, end, key, split.prefix, names, demonym, zipf, weight)

    def _commonness(self, doc: Tokenized, first: int, last: int, split: Split) -> float:
        """Return how common the word is, or the rarest word of a longer name less one."""
        known = word_frequencies()
        if last - first > 1:
            return min(known.get(t.raw, _UNKNOWN_ZIPF) for t in doc.tokens[first:last]) - 1.0
        whole = known.get(doc.tokens[first].raw, _UNKNOWN_ZIPF)
        if not split.cut:
            return whole
        bare = known.get(_bare(doc.tokens[first].raw, split), _UNKNOWN_ZIPF)
        return max(bare, whole + (1.0 if whole >= _COMMON_WORD else 0.0))

    def _choose(self, doc: Tokenized, hits: Sequence[Toponym], before: Sequence[Toponym]) -> Toponym | None:
        """Pick the best reading of one position: longest, then whole word, unless far less known."""
        ranked = sorted(hits, key=lambda hit: (-hit.last, -(hit.importance - (1.0 if hit.clitics else 0.0))))
        for hit in ranked:
            kept = self._gate(doc, hit, before)
            if kept is not None:
                return kept
        return None

    def _gate(self, doc: Tokenized, hit: Toponym, before: Sequence[Toponym]) -> Toponym | None:
        """Drop names that are ordinary words, unless a cue beside them speaks for the place."""
        if hit.demonym:
            return hit
        cue = self._cue(doc, hit, before)
        if hit.last - hit.first == 1 and hit.key in self._heads:
            return None
        if cue < 2.0 and hit.last - hit.first == 1 and self._stopped(doc.tokens[hit.first].raw, hit):
            return None
        if hit.key.isascii() and hit.importance < _LATIN_IMPORTANCE:
            return None
        if len(hit.key) < 3 and cue < 1.0:
            return None
        excess = hit.zipf - hit.importance
        if hit.clitics and hit.last - hit.first == 1:
            excess += 0.4
        if excess > self._limit + cue or hit.importance + cue < self._floor:
            return None
        return replace(
            hit,
            reasons=(
                f"in the gazetteer; word frequency {hit.zipf:.1f} against importance {hit.importance:.1f}",
            ),
        )

    def _stopped(self, raw: str, hit: Toponym) -> bool:
        split = Split(hit.clitics, hit.key, len(hit.clitics))
        return raw in self._stop or _bare(raw, split) in self._stop

    def _cue(self, doc: Tokenized, hit: Toponym, before: Sequence[Toponym]) -> float:
        """Return how strongly the words beside a name say that it is one (0 none to 3 a head word)."""
        tokens = doc.tokens
        near = hit.first and not tokens[hit.first].gap.strip()
        if near and self._heads.ending_at(tokens, hit.first) is not None:
            return 3.0
        if before and in_list(doc, before[-1], hit):
            return 1.5
        if hit.last < len(tokens) and not tokens[hit.last].gap.strip():
            country = self._demonyms.get(tokens[hit.last].key, "")
            if country and any(country == self._country_id(name.place) for name in hit.names):
                return 2.5
        if near and tokens[hit.first - 1].key in self._locative:
            return 0.8
        return 0.0

    def _country_id(self, place: Place) -> str:
        country = self._gazetteer.country(place.country) if place.country else None
        return country.id if country else ""

    def _run_ons(
        self, doc: Tokenized, hits: Mapping[int, Sequence[Toponym]]
    ) -> Iterator[tuple[int, Toponym]]:
        """Split words that were written together: a name of five letters or more, then a known word."""
        known = word_frequencies()
        for index, token in enumerate(doc.tokens):
            if index in hits or len(token.key) < 8 or token.raw in known:
                continue
            cuts = [
                cut
                for cut in range(len(token.key) - 2, 4, -1)
                if _is_word(token.key[cut:], known, self._joints)
            ]
            for cut, rows in zip(cuts, self._gazetteer.find([token.key[:cut] for cut in cuts]), strict=True):
                names = tuple(n for n in names_at(self._gazetteer, rows) if importance(n) >= 2.4)
                if names:
                    end = token.start + fold(doc.text[token.start : token.end]).origin[cut]
                    hit = self._toponym(
                        doc, index, index + 1, Split("", token.key[:cut], 0), token.key[:cut], names, ""
                    )
                    yield (
                        index,
                        replace(hit, end=end, zipf=_UNKNOWN_ZIPF, reasons=("split from the next word",)),
                    )
                    break


def _bare(raw: str, split: Split) -> str:
    """Return a word as written without its proclitics, the article put back where لل swallowed it."""
    rest = raw[len(split.prefix) :]
    restored = split.core.startswith(article()) and not rest.startswith(article())
    return article() + rest[1:] if restored and split.cut else rest


def _is_word(rest: str, known: Mapping[str, float], function_words: frozenset[str]) -> bool:
    """Say whether the rest of a run-on word begins a sentence part: a function word, or و or ف and a word."""
    if rest in function_words:
        return True
    return any(
        split.cut == 1 and len(split.core) >= 3 and known.get(split.core, 0.0) >= 3.5
        for split in clitic_splits(rest)
        if clitic_relations(split.prefix) & {"and", "then"}
    )


def in_list(doc: Tokenized, before: Toponym, hit: Toponym) -> bool:
    """Say whether two toponyms are neighbours in a list (``X وY``, ``X، Y``)."""
    if before.last != hit.first:
        return False
    gap = doc.tokens[hit.first].gap.strip()
    joined_by_and = "and" in clitic_relations(hit.clitics) and not gap
    return joined_by_and or gap == "\N{ARABIC COMMA}"


@cache
def demonym_forms() -> Mapping[str, str]:
    """Return the inflected demonyms by strict key, each with the id of its place.

    The table lists base forms; feminine, sound plurals, the accusative and the article follow by rule
    (Ryding, A Reference Grammar of Modern Standard Arabic, 10.5).
    """
    endings = [ending for entry in table("nisba_ending") for ending in entry["forms"]]
    forms: dict[str, str] = {}
    for entry in table("demonym"):
        bases = [strict_key(base) for base in entry["forms"]]
        irregular = [strict_key(form) for form in entry.get("irregular", ())]
        for form in [base + strict_key(ending) for base in bases for ending in endings] + irregular:
            forms.setdefault(form, entry["place_id"])
            forms.setdefault(article() + form, entry["place_id"])
    return forms
