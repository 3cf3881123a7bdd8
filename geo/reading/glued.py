"""Find names in words that hide them: run-on words, lost spaces, foreign letters, possessive endings."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.arabic import (
    Split,
    Token,
    Tokenized,
    article,
    clitic_relations,
    clitic_splits,
    fold,
    foreign_letters,
    loose_key,
    table,
)
from geo.places import Gazetteer
from geo.places.keys import hash_of
from geo.reading.toponyms import UNKNOWN_ZIPF, Name, Toponym, importance, make_toponym, names_at
from geo.reading.words import word_frequencies

_LONG, _NAME, _SHORT, _KNOWN, _FAMOUS, _FAMILIAR = 7, 5, 4, 2.4, 3.5, 3.6
_ZWNJ = "\N{ZERO WIDTH NON-JOINER}"
_KEPT_WORDS = 1 << 13


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Hold a name found inside a word; ``end`` is where it ends in the key, 0 at the end of the word."""

    split: Split
    names: tuple[Name, ...]
    reason: str
    end: int = 0


class GluedNames:
    """Look for names inside words that the dictionary does not know.

    Parameters
    ----------
    gazetteer : Gazetteer
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Read the rule tables."""
        self._gazetteer = gazetteer
        self._joints = tuple(form for entry in table("run_on_joint") for form in entry["forms"])
        self._endings = tuple(form for entry in table("possessive") for form in entry["forms"])
        self._stop = frozenset(form for entry in table("stop_word") for form in entry["forms"])
        self._hidden = lru_cache(_KEPT_WORDS)(self._look)

    def find(self, doc: Tokenized, taken: Container[int]) -> Iterator[Toponym]:
        """Yield a toponym for each unknown word that holds a well-known name.

        Parameters
        ----------
        doc : Tokenized
        taken : container of int
            Tokens that are names already.
        """
        known, letters = word_frequencies(), foreign_letters()
        for index, token in enumerate(doc.tokens):
            if index in taken or token.key.isascii() or token.raw in self._stop or len(token.key) < 4:
                continue
            if known.get(token.raw, 0.0) >= _FAMILIAR:
                surface = doc.text[token.start : token.end]
                if _ZWNJ not in surface and letters.isdisjoint(surface):
                    continue
            hidden = self._hidden(token.key)
            if hidden is not None:
                yield _toponym(doc, index, hidden)

    def _look(self, key: str) -> _Hidden | None:
        """Look into one word, given by its key."""
        found = self._loose(key)
        if found is None and len(key) >= _LONG:
            found = self._before_word(key) or self._behind_word(key)
        return found

    def _names(self, keys: Sequence[str], least: float) -> list[tuple[Name, ...]]:
        rows = self._gazetteer.find(keys)
        return [
            tuple(n for n in names_at(self._gazetteer, found) if importance(n) >= least) for found in rows
        ]

    def _loose(self, word: str) -> _Hidden | None:
        """Try the second-chance key: hamza seats, foreign letters and lost spaces ignored."""
        for split in clitic_splits(word):
            key = loose_key(split.core)
            if len(key) < 4:
                continue
            rows = [
                row for row in self._gazetteer.near_misses([hash_of("loose", key)]) if self._spelled(row, key)
            ]
            names = tuple(n for n in names_at(self._gazetteer, rows) if importance(n) >= _KNOWN - 0.6)
            names = names or self._names([key], _KNOWN)[0]
            if names:
                return _Hidden(split, names, "another spelling of the gazetteer's name")
        return None

    def _spelled(self, row: int, key: str) -> bool:
        name = self._gazetteer.name_row(row)
        return name.lang in ("ar", "und") and loose_key(name.name) == key

    def _before_word(self, key: str) -> _Hidden | None:
        """Split a name of five letters, or a famous one of four, from the word behind it (طرابلسفبرغم)."""
        cuts = [cut for cut in range(len(key) - 2, _SHORT - 1, -1) if self._is_word(key[cut:])]
        for cut, names in zip(cuts, self._names([key[:cut] for cut in cuts], _KNOWN), strict=True):
            famous = max(map(importance, names), default=0.0) >= _FAMOUS
            if famous or (names and cut >= _NAME and len(key) > _LONG):
                return _Hidden(Split("", key[:cut], 0), names, "split from the next word", cut)
        return None

    def _behind_word(self, key: str) -> _Hidden | None:
        """Split a name from a function word glued before it (فيطرابلس)."""
        joints = [word for word in self._joints if key.startswith(word) and len(key) - len(word) >= _NAME]
        rests = [key[len(word) :] for word in joints]
        for word, rest, names in zip(joints, rests, self._names(rests, _KNOWN), strict=True):
            if names:
                reason = f"split from the word {word!r} before it"
                return _Hidden(Split("", rest, len(word)), names, reason)
        return None

    def _is_word(self, rest: str) -> bool:
        """Say whether the rest of a run-on is a function word, an ending, or و or ف and a word."""
        if rest in self._joints or rest in self._endings:
            return True
        known = word_frequencies()
        return any(
            split.cut == 1 and len(split.core) >= 3 and known.get(split.core, 0.0) >= _KNOWN + 1.1
            for split in clitic_splits(rest)
            if clitic_relations(split.prefix) & {"and", "then"}
        )


def _toponym(doc: Tokenized, index: int, hidden: _Hidden) -> Toponym:
    """Put a name found inside a word on its token."""
    found = make_toponym(doc, (index, index + 1), hidden.split, hidden.names)
    token, end = doc.tokens[index], found.end
    if hidden.end:
        end = token.start + fold(doc.text[token.start : token.end]).origin[hidden.end]
    return replace(found, end=end, zipf=UNKNOWN_ZIPF, reasons=(hidden.reason,))


def unknown_name(doc: Tokenized, index: int, kind: str) -> Toponym | None:
    """Return the word behind a head (حي X) as a toponym without candidates, if it can be a name.

    Parameters
    ----------
    doc : Tokenized
    index : int
        The token behind the head.
    kind : str
        Kind of the head: a quarter may bear any word's name (حي النور), a town only a rare one, and none
        behind a head with its article (العاصمة انتشلت).

    Returns
    -------
    Toponym or None
    """
    token: Token = doc.tokens[index]
    if index and doc.tokens[index - 1].raw.startswith(article()):
        return None
    common = word_frequencies().get(token.raw, 0.0)
    limit = 5.6 if kind == "urban" else 3.4
    if common > limit or len(token.key) < 3 or not token.key[0].isalpha() or token.key.isascii():
        return None
    reason = "behind a head word; not in the gazetteer"
    found = make_toponym(doc, (index, index + 1), Split("", token.key, 0), ())
    return replace(found, reasons=(reason,), certain=True)
