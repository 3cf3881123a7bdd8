"""Keep ordinary words that some gazetteer lists as names from becoming places.

A hit is kept if the word is not much more common than its place is well known, or if a word beside it says
that it is a name: a head word (مدينة), a list with a place, an agreeing nisba, a preposition of place, or a
verb that moves to it, strikes or takes it (`geo.reading.slots`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geo.arabic import Split, Tokenized, article, clitic_relations, strict_key, table
from geo.model import Place
from geo.places import Gazetteer
from geo.reading.slots import Slot, Slots, proven
from geo.reading.toponyms import UNKNOWN_ZIPF, Toponym, demonym_forms, in_list, without_clitics
from geo.reading.words import WordList, joined

_LATIN_IMPORTANCE = 3.4
_QUOTES = frozenset("<>\"'")
_HEAD, _AGREEING, _LISTED, _LOCATED = 3.0, 2.5, 1.5, 0.8
_FAR = 0.3
_SHORT = 2.4


class Gate:
    """Decide which hits of the dictionary are names at all.

    Parameters
    ----------
    gazetteer : Gazetteer
    limit : float
        How much more common than its place is well known a word may be.
    floor : float
        How well known a place must be where no cue speaks for it (1.85: 5,000 inhabitants).
    """

    def __init__(self, gazetteer: Gazetteer, *, limit: float = 1.8, floor: float = 1.85) -> None:
        """Read the rule tables."""
        self._gazetteer = gazetteer
        self._limit = limit
        self._floor = floor
        self._stop = frozenset(form for entry in table("stop_word") for form in entry["forms"])
        self._heads = WordList.of_table("feature_head", ("forms", "plural"))
        self._parts = WordList.of_table("kunya")
        self._pointers = WordList.of_table("demonstrative")
        self._locative = WordList.of_table("locative")
        self._slots = Slots()
        self._never = {strict_key(form): entry for entry in table("not_a_name") for form in entry["forms"]}

    def keep(
        self, doc: Tokenized, hit: Toponym, before: Sequence[Toponym], hits: Mapping[int, Sequence[Toponym]]
    ) -> Toponym | None:
        """Return the hit with its reason if it is a name, else None.

        Parameters
        ----------
        doc : Tokenized
        hit : Toponym
        before : sequence of Toponym
            Those kept so far, in text order.
        hits : Mapping[int, sequence of Toponym]
            Every hit of the text by its first token, to look ahead in lists.
        """
        if _in_address(doc, hit) or self._in_phrase(doc, hit):
            return None
        if hit.demonym or hit.certain:
            return hit
        cue = self._cue(doc, hit, before, hits)
        slot = self._slots.of(doc, hit) if cue <= _LOCATED else None
        fitting = (slot is not None or cue == _LOCATED) and self._slots.fitting(doc, hit)
        reason = f"in the gazetteer; word frequency {hit.zipf:.1f} against importance {hit.importance:.1f}"
        if fitting and proven(doc, hit, hits) and self._is_name(doc, hit, _HEAD, _HEAD):
            reason = f"the larger place that holds it is named behind it; {reason}"
            return replace(hit, reasons=(reason, *hit.reasons), certain=True)
        if self._slots.behind_preposition(doc, hit):
            reason = f"no verb or adverb stands behind a preposition; {reason}"
            return replace(hit, reasons=(reason, *hit.reasons), certain=True)
        slot = None if fitting else slot
        if not self._is_name(doc, hit, max(cue, _strength(hit, slot)), max(cue, _LOCATED) if slot else cue):
            return None
        if slot is None or not slot.closed:
            return replace(hit, reasons=(reason, *hit.reasons))
        points = f"{slot.word!r} points to a place"
        return replace(hit, reasons=(points, reason, *hit.reasons), certain=True)

    def _is_name(self, doc: Tokenized, hit: Toponym, cue: float, support: float) -> bool:
        """Say whether a hit is a name, given what the words beside it lift: the limit, and the floor."""
        single = hit.last - hit.first == 1
        if (
            self._territory(doc, hit)
            or (single and (hit.key in self._heads or hit.key in self._parts))
            or (single and self._pointed_at(doc, hit))
            or (cue < _AGREEING and self._ordinary(doc, hit))
        ):
            return False
        if hit.key.isascii() and (doc.text[hit.start].islower() or hit.importance + cue < _LATIN_IMPORTANCE):
            return False
        if len(hit.key) < 3 and cue < 1.0 and not (cue > 0.0 and _spelled(doc, hit)):
            return False
        bare = single and hit.clitics and hit.importance < 2.8 and "in" not in clitic_relations(hit.clitics)
        excess = hit.zipf - hit.importance + (0.4 if bare else 0.0)
        rare = hit.zipf <= UNKNOWN_ZIPF and (support > 0.0 or not single)
        return excess <= self._limit + cue and (hit.importance + support >= self._floor or rare)

    def _territory(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether the word is a territory noun with its adjective (الساحل الليبي): no name of its own."""
        if hit.last >= len(doc.tokens) or doc.tokens[hit.last].gap.strip():
            return False
        return hit.key in WordList.of_table("territory_head") and doc.tokens[hit.last].key in demonym_forms()

    def _pointed_at(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether a demonstrative makes an ordinary noun of a word (هذه العمارة)."""
        before = doc.tokens[hit.first - 1].key if hit.first and not hit.clitics else ""
        known = hit.importance >= _LATIN_IMPORTANCE or not hit.key.startswith(article())
        return not known and before in self._pointers and joined(doc.tokens, hit.first - 1, hit.first + 1)

    def _ordinary(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether the word is on the stop list."""
        raw = " ".join(token.raw for token in doc.tokens[hit.first : hit.last])
        own = len(hit.clitics) if not hit.first or doc.tokens[hit.first - 1].key != hit.clitics else 0
        return raw in self._stop or without_clitics(raw, Split(hit.clitics, hit.key, own)) in self._stop

    def _in_phrase(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether the word stands in a phrase that makes an ordinary one of it (نصف قطر)."""
        entry = self._never.get(hit.key)
        if entry is None:
            return False
        ahead = " ".join(token.key for token in doc.tokens[hit.last : hit.last + 2])
        behind = " ".join(token.key for token in doc.tokens[max(0, hit.first - 2) : hit.first])
        after = any(ahead.startswith(strict_key(word)) for word in entry["after"])
        return after or any(behind.endswith(strict_key(word)) for word in entry["before"])

    def _cue(
        self, doc: Tokenized, hit: Toponym, before: Sequence[Toponym], hits: Mapping[int, Sequence[Toponym]]
    ) -> float:
        """Return how strongly the words beside a name say that it is one."""
        tokens = doc.tokens
        near = hit.first > 0 and joined(tokens, hit.first - 1, hit.first + 1)
        if near and not hit.clitics and self._heads.ending_at(tokens, hit.first) is not None:
            return _HEAD
        if hit.last < len(tokens) and joined(tokens, hit.last - 1, hit.last + 1):
            place_id = demonym_forms().get(tokens[hit.last].key, "")
            if place_id and any(place_id == self._country_id(name.place) for name in hit.names):
                return _AGREEING
        if before and in_list(doc, before[-1], hit):
            return _HEAD if self._headed_list(doc, before, hit) else _LISTED
        if any(_same_country(hit, other) and in_list(doc, hit, other) for other in hits.get(hit.last, ())):
            return _LISTED
        if "in" in clitic_relations(hit.clitics) or (near and tokens[hit.first - 1].key in self._locative):
            return _LOCATED
        return 0.0

    def _headed_list(self, doc: Tokenized, before: Sequence[Toponym], hit: Toponym) -> bool:
        """Say whether a list that the name belongs to begins with a head word (قرى X وY وZ)."""
        for other in reversed(before):
            if not in_list(doc, other, hit):
                break
            hit = other
        return self._heads.ending_at(doc.tokens, hit.first) is not None

    def _country_id(self, place: Place) -> str:
        country = self._gazetteer.country(place.country) if place.country else None
        return country.id if country else ""


def _strength(hit: Toponym, slot: Slot | None) -> float:
    """Return by how much a slot lifts the limit: not at all where another word may follow the name."""
    if slot is None or not slot.closed:
        return 0.0
    return _FAR if slot.far and hit.zipf > UNKNOWN_ZIPF else _LOCATED


def _spelled(doc: Tokenized, hit: Toponym) -> bool:
    """Say whether a name of two letters stands with its own hamza, and its place is well known (إب)."""
    raw = without_clitics(doc.tokens[hit.first].raw, Split(hit.clitics, hit.key, len(hit.clitics)))
    own = {name.name for name in hit.names if name.weight >= _SHORT}
    return raw != hit.key and raw in own


def _in_address(doc: Tokenized, hit: Toponym) -> bool:
    """Say whether a word is part of an account's name, a mail or a web address."""
    start = hit.start
    while start and not (doc.text[start - 1].isspace() or doc.text[start - 1] in _QUOTES):
        start -= 1
    run = doc.text[start : hit.end]
    return "@" in run or "://" in run


def _same_country(one: Toponym, other: Toponym) -> bool:
    """Say whether two neighbours may be settlements of one country."""
    countries = {name.place.country for name in one.names}
    return other.importance >= 1.85 and any(name.place.country in countries for name in other.names)
