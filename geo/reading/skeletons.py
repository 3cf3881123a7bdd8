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
_CACHE = 1 << 16


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
    _looked: dict[tuple[str, ...], str] = field(default_factory=dict, compare=False)

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
        if len(self._looked) > _CACHE:
            self._looked.clear()
        keys = [token.key for token in tokens]
        marks = ["-"] * len(keys)
        inside = 0
        for first in range(len(keys)):
            if first < inside:
                continue
            for last in range(min(first + _WORDS, len(keys)), first, -1):
                words = tuple(keys[first:last])
                mark = self._looked.get(words)
                if mark is None:
                    mark = self._looked[words] = self._look(words)
                if mark:
                    marks[first:last] = ["B" + mark, *["I" + mark] * (last - first - 1)]
                    inside = last
                    break
        return marks

    def _cores(self, key: str) -> tuple[str, ...]:
        """Return the skeletons of a word, whole and without its proclitics."""
        return ("",) if key.isascii() else tuple(self.of_word(s.core) for s in clitic_splits(key)[:_CUTS])

    def _look(self, words: Sequence[str]) -> str:
        """Return how well known the place is whose skeleton some words have, empty if none is."""
        heads, size = self._cores(words[0]), len(words)
        tail = "".join(self._cores(word)[0] for word in words[1:])
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
