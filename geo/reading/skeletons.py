"""Recognise foreign names by their consonants: "New Orleans" is spelled a dozen ways in Arabic.

The skeleton of a word is its consonants in classes of letters that stand for the same foreign sound (g,
j and gh are one), vowels left out. The tables of skeletons come with the tagger's weights: one from the
Arabic names of the gazetteer, one from the Latin names of towns that have no Arabic name there. A
skeleton alone is weak evidence: it never makes a place, it is only one more attribute for the tagger to
weigh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.arabic import Token, clitic_splits

LEAST = 3
"""Consonants that a skeleton must have to be looked up."""

_WORDS = 3
_CUTS = 4


@dataclass(frozen=True, slots=True)
class Skeletons:
    """Hold the tables of skeletons.

    Attributes
    ----------
    letters : Mapping[int, str]
        Class of each letter by code point, empty for vowels.
    endings : frozenset of str
        Last letters that are left out of longer words.
    arabic, latin : Mapping[str, int]
        How well known the best place with that skeleton is, in half steps.
    """

    letters: Mapping[int, str]
    endings: frozenset[str]
    arabic: Mapping[str, int]
    latin: Mapping[str, int]
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of_table(cls, stored: Mapping[str, Any]) -> Skeletons:
        """Return the tables as they lie in ``skeletons.json``."""
        letters = {int(point): sound for point, sound in stored["letters"].items()}
        return cls(letters, frozenset(stored["endings"]), stored["arabic"], stored["latin"])

    def of_word(self, word: str) -> str:
        """Return the skeleton of one word given by its strict key."""
        if len(word) > 3 and word[-1] in self.endings:
            word = word[:-1]
        return word.translate(self.letters)

    def marks(self, tokens: Sequence[Token]) -> list[str]:
        """Say for each word of a sentence which skeletons it begins or continues.

        Parameters
        ----------
        tokens : sequence of Token

        Returns
        -------
        list of str
            ``"-"`` where there is none.
        """
        cut = [self._cores(token.key) for token in tokens]
        marks = ["-"] * len(tokens)
        for first, heads in enumerate(cut):
            if marks[first][0] == "I":
                continue
            for size in range(min(_WORDS, len(tokens) - first), 0, -1):
                tail = "".join(other[0] for other in cut[first + 1 : first + size])
                mark = self._look(heads, tail, size)
                if mark:
                    marks[first] = "B" + mark
                    for index in range(first + 1, first + size):
                        marks[index] = "I" + mark
                    break
        return marks

    def _cores(self, key: str) -> tuple[str, ...]:
        """Return the skeletons of a word, whole and without its proclitics."""
        known = self._known.get(key)
        if known is None:
            if len(self._known) > 1 << 16:
                self._known.clear()
            alone = key.isascii()
            known = ("",) if alone else tuple(self.of_word(s.core) for s in clitic_splits(key)[:_CUTS])
            self._known[key] = known
        return known

    def _look(self, heads: Sequence[str], tail: str, size: int) -> str:
        best = ""
        for number, head in enumerate(heads):
            skeleton = head + tail
            if len(skeleton) < LEAST or (size > 1 and not head):
                continue
            cut = "c" if number else ""
            if skeleton in self.arabic:
                return f"a{cut}{size}/{min(len(skeleton), 6)}/{self.arabic[skeleton]}"
            if not best and skeleton in self.latin:
                best = f"l{cut}{size}/{min(len(skeleton), 6)}/{self.latin[skeleton]}"
        return best
