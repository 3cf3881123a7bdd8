"""Find names that sound or look like a name: candidates by their consonants, then the distance of each.

Two ways lead to the candidates. Where the country is known, the names of that country are compared one and
all, by consonants, which takes a millisecond. Where it is not, all names of the gazetteer are reached
through the deletes of their consonants (Garbe, SymSpell): two names that differ in one consonant share
what is left when it is taken out. Both are made at the first use and kept with the gazetteer; nothing is
stored in the artefact.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from geo.places.fuzzy import arabic_letters, bones, distance, is_arabic, sounds, without_chat
from geo.places.gazetteer import Gazetteer
from geo.places.layers import ranges
from geo.places.store import indices, view

_VERIFIED = 24
"""Most candidates whose distance is measured exactly."""
_CHANCE = {
    False: (-3.36, -3.51, -8.18, 2.26, 1.02, 0.12, 0.52, -0.45, 0.65, -0.71, -0.60, 0.87, -1.56),
    True: (-4.28, -2.64, 0.0, 3.51, 0.76, -0.09, 0.45, -0.70, -3.51, -4.73, -5.45, 0.47, 0.56),
}
"""Of a Latin and of an Arabic name: the weights of `_chance` in logits. Fitted on names held out of the
gazetteer, once alone and once with all names of their place (Arabic ones with a slip in them)."""
_NEARNESS = 3.0
"""How fast other names of a place lose their say, by letter."""
_FEW = 50_000
"""Most names of a country that are compared one and all."""
_CHUNK = 500_000
"""Names that are turned into sounds at once, when many are."""
_LATIN = ("en", "latin")
_COUNTRIES_KEPT = 64
_HASHED = 16
"""Consonants of a name that are hashed."""
_BASE = 0x9E3779B97F4A7C15
"""Of the polynomial; odd, so that no power of it vanishes."""
_LENGTHS_APART = 5
"""Most sounds by which a candidate among many names may be longer or shorter."""
_LONGEST = 60
"""Characters of the longest name that is compared; the longest of news are of about fifty."""
_LEAST_PART = 4
"""Letters a part of a name must have."""
_LEFT_OUT, _LEFT_OUT_LETTER, _OWN_LEFT_OUT = 0.3, 0.1, 1.5
"""Cost of words left out, more for each of their letters; more still if they are of the name asked for."""
_SKIPPED = ("foreign", "context")
"""Kinds of names that are only ever found as they are written."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """Hold a name asked for, in the forms that are compared.

    Attributes
    ----------
    letters : str
        Of an Arabic name; empty for a Latin one.
    sounds, bones : str
        Its sounds, and the classes of its consonants.
    """

    letters: str
    sounds: str
    bones: str

    @classmethod
    def of(cls, key: str) -> Spelling:
        """Return the forms of a strict key."""
        arabic = is_arabic(key)
        sounded = sounds(key if arabic else without_chat(key))
        return cls(arabic_letters(key) if arabic else "", sounded, bones(sounded))

    @classmethod
    def known(cls, key: str, sounded: str, bones_: str) -> Spelling:
        """Return the forms of a strict key whose sounds are known."""
        return cls(arabic_letters(key) if is_arabic(key) else "", sounded, bones_)

    def distance(self, other: Spelling, slack: float = 1.0) -> float | None:
        """Return how far another spelling is, in letters; None if it is too far for a name of this length."""
        limit = slack * self.limit(bool(other.letters))
        if self.letters and other.letters:
            apart = distance(self.letters, other.letters, "arabic", limit)
        else:
            pair = "cross" if self.letters or other.letters else "latin"
            apart = distance(self.sounds, other.sounds, pair, limit)
        return apart if apart <= limit else None

    @property
    def length(self) -> int:
        """Return the number of letters that tell how much a distance means; at least 1."""
        return max(1, len(self.letters) or len(self.sounds))

    def bones_allowed(self) -> int:
        """Return how many consonants may differ in a candidate."""
        return 0 if not self.bones else 1 if len(self.bones) < 5 else 2

    def limit(self, other_is_arabic: bool) -> float:
        """Return how far a name may be and still be taken: one or two letters by length."""
        if self.letters and other_is_arabic:
            return 0.5 if len(self.letters) < 4 else 1.0 if len(self.letters) < 7 else 1.8
        return min(2.4, 0.25 * len(self.sounds) + 0.15)


class Nearness(NamedTuple):
    """Hold how near one stored name is to the name asked for.

    Attributes
    ----------
    apart : float
        Distance in letters, words left out included.
    bones_apart : int
        How many consonants differ.
    other_start : bool
        Whether the first consonants differ.
    own_left_out, left_out : bool
        Whether words of the name asked for, or of the stored one, were left out.
    cross : bool
        Whether they are of different scripts.
    bones : int
        Consonants compared.
    longer : int
        By how many sounds one is longer than the other.
    """

    apart: float
    bones_apart: int
    other_start: bool
    own_left_out: bool
    left_out: bool
    cross: bool
    bones: int
    longer: int

    @classmethod
    def of(
        cls, asked: Spelling, other: Spelling, apart: float, own_left_out: float = 0.0, left_out: float = 0.0
    ) -> Nearness:
        """Return how near two spellings are that lie some letters apart, words left out beside that."""
        return cls(
            apart=apart + own_left_out + left_out,
            bones_apart=Levenshtein.distance(asked.bones, other.bones),
            other_start=asked.bones[:1] != other.bones[:1],
            own_left_out=own_left_out > 0,
            left_out=left_out > 0,
            cross=bool(asked.letters) != bool(other.letters),
            bones=max(1, len(asked.bones)),
            longer=abs(len(asked.sounds) - len(other.sounds)),
        )


@dataclass(frozen=True, slots=True)
class Close:
    """Hold one place that bears a similar name.

    Attributes
    ----------
    place, row : int
        Row of the place, and of its closest name.
    distance : float
        In letters.
    chance : float
        That this place is meant, one time in two the place asked for being unknown.
    """

    place: int
    row: int
    distance: float
    chance: float


def parts(key: str) -> list[tuple[str, float]]:
    """Return a name and its first and last words, with what it costs to leave the other words out.

    Parameters
    ----------
    key : str
        Strict key.

    Examples
    --------
    >>> [(part, round(price, 2)) for part, price in parts("umm al qutayn")]
    [('umm al qutayn', 0.0), ('umm al', 0.9), ('al qutayn', 0.6), ('qutayn', 0.9)]
    """
    words = key.split(" ")
    cuts = range(1, len(words))
    found = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in cuts]
    found += [(" ".join(words[cut:]), " ".join(words[:cut])) for cut in cuts]
    return [(key, 0.0)] + [
        (kept, _LEFT_OUT + _LEFT_OUT_LETTER * len(left)) for kept, left in found if len(kept) >= _LEAST_PART
    ]


class Few:
    """Compare a name with some thousands of names, and with their first and last words, one and all.

    Parameters
    ----------
    gazetteer : Gazetteer
    rows : np.ndarray of int
        Rows of the table of names, shape (names,).
    """

    def __init__(self, gazetteer: Gazetteer, rows: np.ndarray) -> None:
        keys = gazetteer.take("names", "key", rows).to_pylist()
        self._entries: list[tuple[int, str, float]] = [
            (row, part, price)
            for row, key in zip(rows.tolist(), keys, strict=True)
            for part, price in parts(key)
        ]
        written = "\n".join(part for _, part, _ in self._entries)
        self._sounds = sounds(written).split("\n") if self._entries else []
        numbers: dict[str, int] = {}
        classes = bones("\n".join(self._sounds)).split("\n") if self._entries else []
        codes = np.array([numbers.setdefault(word, len(numbers)) for word in classes], dtype=np.int64)
        self._bones = list(numbers)
        self._code = codes
        self._by_bones = np.argsort(codes, kind="stable")
        self._first = np.searchsorted(codes[self._by_bones], np.arange(len(numbers) + 1))

    def close_to(self, key: str, without: Collection[int] = (), slack: float = 1.0) -> dict[int, Nearness]:
        """Return the rows of the names that are close to a strict key, and how near they are.

        Parameters
        ----------
        key : str
        without : collection of int
            Rows that do not count.
        slack : float
            How much farther than usual a name may be.
        """
        found: dict[int, Nearness] = {}
        skipped = frozenset(without)
        for part, price in parts(key) if self._entries else ():
            for row, near in self._close(Spelling.of(part), _OWN_LEFT_OUT * price, skipped, slack):
                if row not in found or near.apart < found[row].apart:
                    found[row] = near
        return found

    def _close(
        self, asked: Spelling, price: float, without: frozenset[int], slack: float
    ) -> Iterable[tuple[int, Nearness]]:
        """Yield the rows close to one spelling."""
        allowed = asked.bones_allowed()
        apart = cdist(
            [asked.bones], self._bones, scorer=Levenshtein.distance, score_cutoff=allowed, dtype=np.uint8
        )[0]
        alike = np.flatnonzero(apart <= allowed)
        starts = self._first[alike]
        candidates = np.sort(self._by_bones[ranges(starts, self._first[alike + 1] - starts)])
        if len(candidates) > _VERIFIED:
            heard = [self._sounds[number] for number in candidates.tolist()]
            further = cdist([asked.sounds], heard, scorer=Levenshtein.distance, dtype=np.uint8)[0]
            order = np.argsort(apart[self._code[candidates]] + further, kind="stable")
            candidates = candidates[order[: _VERIFIED + len(without)]]
        for number in candidates.tolist():
            row, key, other_price = self._entries[number]
            if row in without or (price and other_price):
                continue
            other = Spelling.known(key, self._sounds[number], self._bones[self._code[number]])
            distance_ = asked.distance(other, slack)
            if distance_ is not None:
                yield row, Nearness.of(asked, other, distance_, price, other_price)


class Many:
    """Reach any number of names by the deletes of their consonants.

    Parameters
    ----------
    gazetteer : Gazetteer
    rows : np.ndarray of int
        Rows of the names that may be found, shape (names,).
    """

    def __init__(self, gazetteer: Gazetteer, rows: np.ndarray) -> None:
        self._gazetteer = gazetteer
        self._rows = rows
        chunks = [_forms(gazetteer, rows[at : at + _CHUNK]) for at in range(0, max(1, len(rows)), _CHUNK)]
        self._sounds = pa.chunked_array([sounded for sounded, _ in chunks])
        self._lengths = np.concatenate([_lengths(sounded) for sounded, _ in chunks])
        encoded = pa.concat_arrays([boned for _, boned in chunks]).dictionary_encode()
        self._bones: list[str] = encoded.dictionary.to_pylist()
        codes = view(encoded.indices)
        self._by_bones = np.argsort(codes, kind="stable").astype(np.int32)
        self._starts = np.searchsorted(codes[self._by_bones], np.arange(len(self._bones) + 1))
        hashes, owners = _deletes(self._bones)
        order = np.argsort(hashes)
        self._hashes, self._owners = hashes[order], owners[order]

    def close_to(self, key: str, without: Collection[int] = (), slack: float = 1.0) -> dict[int, Nearness]:
        """Return the rows of the names that are close to a strict key, and how near they are."""
        asked = Spelling.of(key)
        wanted = np.unique(_deletes([asked.bones])[0])
        starts, ends = (np.searchsorted(self._hashes, wanted, side=side) for side in ("left", "right"))
        owners = {
            owner
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            for owner in self._owners[start:end].tolist()
        }
        if not owners:
            return {}
        slices = [self._by_bones[self._starts[owner] : self._starts[owner + 1]] for owner in sorted(owners)]
        numbers = np.concatenate(slices)
        numbers = numbers[np.abs(self._lengths[numbers] - len(asked.sounds)) <= _LENGTHS_APART]
        heard = self._sounds.take(indices(numbers)).to_pylist()
        further = cdist([asked.sounds], heard, scorer=Levenshtein.distance, dtype=np.uint8)[0]
        best = np.argsort(further, kind="stable")[: _VERIFIED + len(without)]
        rows = self._rows[numbers[best]]
        keys = self._gazetteer.take("names", "key", rows).to_pylist()
        found: dict[int, Nearness] = {}
        for position, row, stored in zip(best.tolist(), rows.tolist(), keys, strict=True):
            if row not in without:
                other = Spelling.known(stored, heard[position], bones(heard[position]))
                apart = asked.distance(other, slack)
                if apart is not None:
                    found[row] = Nearness.of(asked, other, apart)
        return found


class FuzzyIndex:
    """Find close names of one gazetteer; made by ``gazetteer.derived("fuzzy", FuzzyIndex)``.

    Parameters
    ----------
    gazetteer : Gazetteer
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        rows = np.arange(gazetteer.name_count)
        self._rows = rows[~_are(gazetteer.take("names", "kind", rows), _SKIPPED)]
        self._places = gazetteer.places_of(self._rows)
        latin = _are(gazetteer.take("names", "lang", self._rows), _LATIN)
        self._for_arabic = ~(latin & gazetteer.has_arabic_name()[self._places])
        self._names = lru_cache(_COUNTRIES_KEPT)(self._made)

    def _made(self, country: str, arabic: bool) -> Few | Many:
        """Return the names of a country, or of all, that an Arabic or a Latin name is compared with.

        An Arabic name is not compared with the Latin names of a place whose Arabic name is known.
        """
        wanted = self._for_arabic if arabic else np.ones(len(self._rows), dtype=bool)
        if country:
            wanted = wanted & np.isin(self._places, self._gazetteer.rows_where(country=country))
        rows = self._rows[wanted]
        return Few(self._gazetteer, rows) if country and len(rows) <= _FEW else Many(self._gazetteer, rows)

    def close_to(
        self, key: str, countries: Iterable[str], without: Collection[int] = (), slack: float = 1.0
    ) -> list[Close]:
        """Return the places whose names are close to a strict key, the closest first.

        Parameters
        ----------
        key : str
        countries : iterable of str
            ISO 3166-1 alpha-2; none for all names of the gazetteer.
        without : collection of int
            Rows of names that do not count.
        slack : float
            How much farther than usual a name may be.

        Returns
        -------
        list of Close
        """
        if len(key) > _LONGEST:
            return []
        by_place: dict[int, list[tuple[float, int, Nearness]]] = {}
        for country in sorted(countries) or [""]:
            for row, near in self._names(country, is_arabic(key)).close_to(key, without, slack).items():
                by_place.setdefault(self._gazetteer.place_of(row), []).append((near.apart, row, near))
        asked = Spelling.of(key)
        found = [self._together(asked, place, names) for place, names in by_place.items()]
        return sorted(found, key=lambda close: (close.distance, close.row))

    def _together(self, asked: Spelling, place: int, names: Sequence[tuple[float, int, Nearness]]) -> Close:
        """Return what the close names of one place say together."""
        apart, row, near = min(names)
        support = math.log(sum(math.exp(_NEARNESS * (apart - other)) for other, _, _ in names))
        return Close(place, row, apart, _chance(asked, near, support, self._gazetteer.importance(place)))


def _chance(asked: Spelling, near: Nearness, support: float, importance: float) -> float:
    """Return the chance that the place of the nearest name is meant, one time in two being unknown.

    Parameters
    ----------
    asked : Spelling
    near : Nearness
        Of the nearest name.
    support : float
        How many names of the place are as near: the logarithm of the sum of their nearness.
    importance : float
        Of the place.
    """
    length = asked.length
    facts = (
        1.0, near.apart, near.apart / length, math.log(length), support, importance, near.bones_apart,
        near.other_start, near.own_left_out, near.left_out, near.cross, math.log(near.bones),
        near.longer / length,
    )  # fmt: skip
    odds = sum(weight * fact for weight, fact in zip(_CHANCE[bool(asked.letters)], facts, strict=True))
    return 1 / (1 + math.exp(-odds))


def _are(array: pa.StringArray, words: Collection[str]) -> np.ndarray:
    """Say which strings are some words, without what would import pandas."""
    return np.fromiter((word in words for word in array.to_pylist()), dtype=bool, count=len(array))


def _lines(text: str) -> pa.StringArray:
    """Return the lines of a text as an Arrow array; `pa.array` would import pandas."""
    data = text.encode()
    breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    bare = data.replace(b"\n", b"")
    offsets = np.concatenate([[0], breaks - np.arange(len(breaks)), [len(bare)]]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(bare)]
    return pa.Array.from_buffers(pa.string(), len(breaks) + 1, buffers)


def _lengths(lines: pa.StringArray) -> np.ndarray:
    """Return the lengths in bytes of the strings that `_lines` made."""
    return np.diff(np.frombuffer(lines.buffers()[1], dtype=np.int32))


def _forms(gazetteer: Gazetteer, rows: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Return the sounds of some names, and the classes of their consonants."""
    sounded = sounds("\n".join(gazetteer.take("names", "key", rows).to_pylist()))
    return _lines(sounded), _lines(bones(sounded))


def _deletes(words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of ASCII words, whole and without each of their letters, and the words they are of.

    Parameters
    ----------
    words : sequence of str
        Only the first letters of longer words count (`_HASHED`).

    Returns
    -------
    hashes : np.ndarray of uint64
        Polynomials of the letters modulo 2 ** 64; equal hashes are verified by the distance later.
    owners : np.ndarray of int
        Position of the word of each hash.
    """
    short = [word[:_HASHED] for word in words]
    lengths = np.array([len(word) for word in short])
    width = max(1, int(lengths.max(initial=0)))
    letters = np.array(short, dtype=f"S{width}").view(np.uint8).reshape(len(short), width).astype(np.uint64)
    powers = np.cumprod(np.full(width + 1, _BASE, dtype=np.uint64))
    before = np.cumsum(letters * powers[1:], axis=1, dtype=np.uint64)
    behind = np.cumsum((letters * powers[:-1])[:, ::-1], axis=1, dtype=np.uint64)[:, ::-1]
    whole = before[:, -1]
    without = np.zeros_like(before)
    without[:, 1:] += before[:, :-1]
    without[:, :-1] += behind[:, 1:]
    inside = np.arange(width) < lengths[:, None]
    owners = np.concatenate([np.arange(len(short)), np.nonzero(inside)[0]])
    return np.concatenate([whole, without[inside]]), owners
