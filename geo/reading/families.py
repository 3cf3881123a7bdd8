"""Know words by the company of their forms: a place is written with "in" before it, a noun with "his".

How often a word stands with each proclitic, article and ending, against how often it stands alone, tells a
name from a noun and a noun from a verb, also for words that no annotated text holds. Words whose forms are
used alike make a family (256 of them) and a clan (64). Which word belongs where comes with the tagger's
weights, as numbers under hashes; the frequencies behind it are those of the package ``wordfreq``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xxhash

from geo.arabic import clitic_splits

NONE = "n"
"""Family of a word that is not in the table."""

_DIGITS = "d"
_CUTS = 5


def short_hash(word: str) -> int:
    """Return the number under which a word's family is stored (32 bits)."""
    return xxhash.xxh3_64_intdigest(word.encode()) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Kin:
    """Hold what its families say of a word.

    Attributes
    ----------
    here : tuple of str
        Attributes for the word itself.
    family, clan : str
        For the rows of `geo.reading.tag_features.TEMPLATES`.
    """

    here: tuple[str, ...]
    family: str
    clan: str


@dataclass(frozen=True, slots=True)
class Families:
    """Hold the families of words.

    Attributes
    ----------
    hashes : numpy.ndarray
        `short_hash` of the words, uint32, sorted, shape (n,).
    family, clan : numpy.ndarray
        Number of each word's family and clan, uint8, shape (n,).
    """

    hashes: np.ndarray
    family: np.ndarray
    clan: np.ndarray

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Families:
        """Return the table as it lies in ``families.npz``."""
        return cls(arrays["hashes"], arrays["family"], arrays["clan"])

    def of(self, word: str) -> tuple[str, str]:
        """Return the family and the clan of a word as written, `NONE` if it is not in the table.

        Examples
        --------
        >>> Families(np.array([1], np.uint32), np.zeros(1, np.uint8), np.zeros(1, np.uint8)).of("lyon")
        ('n', 'n')
        """
        number = short_hash(word)
        row = int(np.searchsorted(self.hashes, np.uint32(number)))
        if row == len(self.hashes) or int(self.hashes[row]) != number:
            return NONE, NONE
        return str(int(self.family[row])), str(int(self.clan[row]))

    def kin(self, raw: str, key: str) -> Kin:
        """Return what the families of a word, and of what its proclitics stand before, say of it.

        Parameters
        ----------
        raw, key : str
            As in `geo.arabic.Token`.

        Returns
        -------
        Kin
        """
        if key[0].isdigit():
            return Kin((), _DIGITS, _DIGITS)
        family, clan = self.of(raw)
        here = [f"kc={family}", f"kd={clan}"]
        for split in clitic_splits(key)[1:_CUTS]:
            inner, wider = self.of(raw[split.cut :])
            if inner != NONE:
                here += [
                    f"kk={split.prefix}{inner}",
                    f"kkd={split.prefix}{wider}",
                    f"kdd={clan}/{split.prefix}{wider}",
                ]
                break
        return Kin(tuple(here), family, clan)
