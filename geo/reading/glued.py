"""Find names in words that hide them: run-on words, lost spaces, foreign letters, possessive endings."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from geo.arabic import (
    Split,
    Token,
    Tokenized,
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

_LONG, _NAME, _KNOWN, _FAMILIAR = 8, 5, 2.4, 3.6
_ZWNJ = "\N{ZERO WIDTH NON-JOINER}"


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

    def find(self, doc: Tokenized, taken: Container[int]) -> Iterator[Toponym]:
        """Yield a toponym for each unknown word that holds a well-known name.

        Parameters
        ----------
        doc : Tokenized
        taken : container of int
            Tokens that are names already.
        """
        known = word_frequencies()
        for index, token in enumerate(doc.tokens):
            surface = doc.text[token.start : token.end]
            foreign = _ZWNJ in surface or not foreign_letters().isdisjoint(surface)
            if index in taken or token.key.isascii() or token.raw in self._stop or len(token.key) < 4:
                continue
            if known.get(token.raw, 0.0) >= _FAMILIAR and not foreign:
                continue
            found = self._loose(doc, index)
            if found is None and len(token.key) >= _LONG:
                found = self._before_word(doc, index) or self._behind_word(doc, index)
            if found is not None:
                yield found

    def _names(self, keys: Sequence[str], least: float) -> list[tuple[Name, ...]]:
        rows = self._gazetteer.find(keys)
        return [
            tuple(n for n in names_at(self._gazetteer, found) if importance(n) >= least) for found in rows
        ]

    def _loose(self, doc: Tokenized, index: int) -> Toponym | None:
        """Try the second-chance key: hamza seats, foreign letters and lost spaces ignored."""
        token = doc.tokens[index]
        for split in clitic_splits(token.key):
            key = loose_key(split.core)
            if len(key) < 4:
                continue
            rows = [
                row for row in self._gazetteer.near_misses([hash_of("loose", key)]) if self._spelled(row, key)
            ]
            names = tuple(n for n in names_at(self._gazetteer, rows) if importance(n) >= _KNOWN - 0.6)
            names = names or self._names([key], _KNOWN)[0]
            if names:
                found = make_toponym(doc, (index, index + 1), split, names)
                return replace(
                    found, zipf=UNKNOWN_ZIPF, reasons=("another spelling of the gazetteer's name",)
                )
        return None

    def _spelled(self, row: int, key: str) -> bool:
        name = self._gazetteer.name_row(row)
        return name.lang in ("ar", "und") and loose_key(name.name) == key

    def _before_word(self, doc: Tokenized, index: int) -> Toponym | None:
        """Split a name of five letters or more from the word glued behind it (طرابلسفبرغم)."""
        token = doc.tokens[index]
        cuts = [cut for cut in range(len(token.key) - 2, _NAME - 1, -1) if self._is_word(token.key[cut:])]
        for cut, names in zip(cuts, self._names([token.key[:cut] for cut in cuts], _KNOWN), strict=True):
            if names:
                found = make_toponym(doc, (index, index + 1), Split("", token.key[:cut], 0), names)
                end = token.start + fold(doc.text[token.start : token.end]).origin[cut]
                return replace(found, end=end, zipf=UNKNOWN_ZIPF, reasons=("split from the next word",))
        return None

    def _behind_word(self, doc: Tokenized, index: int) -> Toponym | None:
        """Split a name from a function word glued before it (فيطرابلس)."""
        token = doc.tokens[index]
        joints = [
            word
            for word in self._joints
            if token.key.startswith(word) and len(token.key) - len(word) >= _NAME
        ]
        for word, names in zip(
            joints, self._names([token.key[len(w) :] for w in joints], _KNOWN), strict=True
        ):
            if names:
                split = Split("", token.key[len(word) :], len(word))
                found = make_toponym(doc, (index, index + 1), split, names)
                return replace(found, zipf=UNKNOWN_ZIPF, reasons=(f"split from the word {word!r} before it",))
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


def unknown_name(doc: Tokenized, index: int, kind: str) -> Toponym | None:
    """Return the word behind a head (حي X) as a toponym without candidates, if it can be a name.

    Parameters
    ----------
    doc : Tokenized
    index : int
        The token behind the head.
    kind : str
        Kind of the head: a quarter may bear any word's name (حي النور), a town only a rare one.

    Returns
    -------
    Toponym or None
    """
    token: Token = doc.tokens[index]
    common = word_frequencies().get(token.raw, 0.0)
    limit = 5.6 if kind == "urban" else 3.4
    if common > limit or len(token.key) < 3 or not token.key[0].isalpha() or token.key.isascii():
        return None
    reason = "behind a head word; not in the gazetteer"
    found = make_toponym(doc, (index, index + 1), Split("", token.key, 0), ())
    return replace(found, reasons=(reason,), certain=True)
