"""Tell a town with an everyday name from that word by where it stands in its sentence.

Somebody moves to it, shells or enters it, and its phrase ends there: a preposition, a time or a stop follows.
That is said of a town far more often than of the word, however common the word is. Where the word itself
fits such a slot (the door, an argument), a larger place of the same country must stand with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.arabic import (
    Split,
    Tokenized,
    article,
    clitic_relations,
    clitic_splits,
    has_shape,
    strict_key,
    table,
)
from geo.model import Place
from geo.places.keys import ARAB_STATES
from geo.reading.toponyms import UNKNOWN_ZIPF, Toponym, without_clitics
from geo.reading.words import WordList, beside, joined, word_frequencies

_INHABITED = 1_000
_COMMON = 3.5
_MOVED, _SUBJECT, _AIMED = 6, 4, 4
_KNOWN, _CLEAR = 1.85, 1.8
_CONNECTED = 2
_SHORT, _LONG = 3, 4


@dataclass(frozen=True, slots=True)
class Slot:
    """Hold what a sentence says of a name.

    Attributes
    ----------
    word : str
        The verb, noun or preposition that speaks for a place.
    far : bool
        Other words stand between the verb and the name.
    closed : bool
        The phrase ends behind the name.
    """

    word: str
    far: bool
    closed: bool


class Slots:
    """Find the slots of a sentence that only a place fills.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.places import Gazetteer
    >>> from geo.reading.recognize import DictionaryRecognizer
    >>> doc = tokenize("قصفت طائرات حربية عفرين أمس")
    >>> hits, _ = DictionaryRecognizer(Gazetteer.open()).look(doc)
    >>> Slots().of(doc, hits[3][0]).word
    'قصفت'
    """

    def __init__(self) -> None:
        """Read the rule tables."""
        self._directions = frozenset(
            key for entry in table("direction_preposition") for key in map(str, entry["keys"])
        )
        self._targets = WordList.of_table("target_preposition")
        self._motion = WordList([*table("motion"), *table("goal_verb")])
        self._attack = WordList.of_table("attack")
        self._objects = WordList.of_table("place_object")
        self._locative = WordList.of_table("locative")
        self._after = WordList.of_table("after_place")
        self._no_nouns = WordList.of_table("no_noun")
        self._prepositions = WordList.of_table("no_noun", ("behind",))
        self._words = frozenset(form for entry in table("slot_word") for form in entry["forms"])

    def fitting(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether the word itself fits such slots: then the larger place must stand with the town."""
        raw = " ".join(token.raw for token in doc.tokens[hit.first : hit.last])
        return (
            raw in self._words
            or without_clitics(raw, Split(hit.clitics, hit.key, len(hit.clitics))) in self._words
        )

    def behind_preposition(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether a preposition stands before a word that is else a verb or adverb: so it is neither."""
        if hit.key not in self._no_nouns:
            return False
        if "in" in clitic_relations(hit.clitics):
            return True
        before = doc.tokens[hit.first - 1].key if not hit.clitics and beside(doc.tokens, hit.first) else ""
        return before in self._prepositions or before in self._locative

    def of(self, doc: Tokenized, hit: Toponym) -> Slot | None:
        """Return the slot a name stands in, if it may be a town or unit of an Arab state.

        Parameters
        ----------
        doc : Tokenized
        hit : Toponym

        Returns
        -------
        Slot or None
        """
        tokens = doc.tokens
        if hit.clitics or not beside(tokens, hit.first) or not any(_eligible(hit, p) for p in _places(hit)):
            return None
        previous = tokens[hit.first - 1]
        bare = {s.core for s in clitic_splits(previous.key) if _conjoined(s.prefix)}
        if bare & self._directions:
            found = self._before(doc, hit.first - 1, _MOVED, self._motion)
        elif previous.key in self._targets:
            found = self._before(doc, hit.first - 1, _AIMED, self._attack)
        else:
            found = None
        if found is not None:
            return Slot(tokens[found].raw, False, self._closed(doc, hit))
        return self._object(doc, hit)

    def _before(self, doc: Tokenized, index: int, reach: int, words: WordList) -> int | None:
        """Return the nearest word of a list before a token, no punctuation between."""
        tokens = doc.tokens
        for at in range(index - 1, max(doc.ranges[tokens[index].sentence][0], index - reach) - 1, -1):
            if tokens[at + 1].gap.strip(' "'):
                return None
            if words.ending_at(tokens, at + 1) is not None:
                return at
        return None

    def _object(self, doc: Tokenized, hit: Toponym) -> Slot | None:
        """Find the verb whose object a name is: right before it, or before its subject."""
        tokens, first = doc.tokens, hit.first
        start = max(doc.ranges[tokens[first].sentence][0], first - _SUBJECT)
        for at in range(first - 1, start - 1, -1):
            found = self._objects.at(tokens, at)
            if found is not None and found.last == at + 1 and _conjoined(found.prefix):
                verb = found.entry["kind"] == "verb"
                far = at < first - 1
                if (far and not verb) or ((far or not verb) and _adjective(doc, hit)):
                    return None
                return Slot(tokens[at].raw, far, self._closed(doc, hit))
            if tokens[at].gap.strip() or self._locative.at(tokens, at) or self._after.at(tokens, at):
                return None
        return None

    def _closed(self, doc: Tokenized, hit: Toponym) -> bool:
        """Say whether the phrase ends behind a name."""
        tokens, last = doc.tokens, hit.last
        if last >= len(tokens) or tokens[last].sentence != tokens[hit.first].sentence:
            return True
        if tokens[last].gap.strip() or self._after.at(tokens, last) is not None:
            return True
        return _hangs_on(tokens[last].key)


def proven(doc: Tokenized, hit: Toponym, hits: Mapping[int, Sequence[Toponym]]) -> bool:
    """Say whether the larger place that holds a town is named right behind it (X غربي Y، X في Y، X بY).

    Parameters
    ----------
    doc : Tokenized
    hit : Toponym
    hits : Mapping[int, sequence of Toponym]
        Every hit of the text by its first token.

    Returns
    -------
    bool
    """
    tokens, homes = doc.tokens, {place.country for place in _places(hit) if _eligible(hit, place)}
    for at in range(hit.last, min(len(tokens), hit.last + _CONNECTED + 1)):
        if at > hit.last and not joined(tokens, at - 1, at + 1):
            return False
        words = [token.key for token in tokens[hit.last : at]]
        if not all(map(_connects, words)):
            return False
        for other in hits.get(at, ()):
            linked = bool(words) or "in" in clitic_relations(other.clitics)
            clear = other.importance >= _KNOWN and other.zipf - other.importance <= _CLEAR
            if linked and clear and homes & {place.country for place in _places(other)}:
                return True
    return False


def _eligible(hit: Toponym, place: Place) -> bool:
    """Say whether a place is a town or unit of an Arab state that news may speak of, or bears a rare name."""
    if place.country not in ARAB_STATES or place.feature_class not in ("P", "A"):
        return False
    if place.feature_class == "A":
        return not place.feature_code.startswith("PCL")
    inhabited = place.population >= _INHABITED or place.feature_code.startswith("PPLA")
    return inhabited or hit.zipf <= UNKNOWN_ZIPF


def _places(hit: Toponym) -> Iterable[Place]:
    return (name.place for name in hit.names)


def _adjective(doc: Tokenized, hit: Toponym) -> bool:
    """Say whether a common word may be an adjective of the noun before it: both definite, both feminine."""
    if hit.zipf < _COMMON:
        return False
    before = doc.tokens[hit.first - 1]
    if hit.key.startswith(article()):
        return before.key.startswith(article())
    return has_shape(hit.key, "ha") and has_shape(before.raw, "indefinite feminine")


def _conjoined(prefix: str) -> bool:
    """Say whether no more than a conjunction hangs on a word."""
    return clitic_relations(prefix) <= {"and", "then"}


def _hangs_on(key: str) -> bool:
    """Say whether a proclitic opens the word: it belongs to what comes next."""
    known = word_frequencies()
    whole = known.get(key, UNKNOWN_ZIPF)
    return any(
        split.prefix
        and len(split.core) >= _SHORT
        and (
            known.get(split.core, 0.0) > whole
            or (split.core.startswith(article()) and len(split.core) > _LONG)
        )
        for split in clitic_splits(key)
    )


def _connects(key: str) -> bool:
    """Say whether a word may stand between a town and what holds it, also behind bi- (بشمال)."""
    return any(
        split.core in _connectors() and clitic_relations(split.prefix) <= {"in"}
        for split in clitic_splits(key)
    )


@cache
def _connectors() -> frozenset[str]:
    return frozenset(strict_key(form) for entry in table("container_connector") for form in entry["forms"])
