"""Sort the words of Arabic into families by how often they take each proclitic, article and ending.

The frequencies are those of the package ``wordfreq`` (CC BY-SA 4.0); k-means with a fixed seed. What is
written are numbers of families under hashes of words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from scipy.cluster.vq import kmeans2
from wordfreq import get_frequency_dict

from geo.reading.families import short_hash

FAMILIES, CLANS = 256, 64
_LEAST = 1.8
_ROUNDS, _SAMPLE, _SEED = 25, 60_000, 0
_LOW, _HIGH = -4.0, 1.0
_ARTICLE, _TO_THE = "ال", "لل"
_PROCLITICS = ("و", "ب", "ل", "ف", "ك")
_ENDINGS = (("ي",), ("ية",), ("ه", "ها", "هم", "نا"), ("ين", "ون"), ("ات",), ("ة", "ه"), ("ا",))
_VERBAL = (("ي",), ("ت",), ("ن", "أ", "سي"))
_FEMININE = "ة"
_CUT_ENDINGS = "ةا"


def family_arrays() -> dict[str, np.ndarray]:
    """Return the arrays of ``families.npz``: ``hashes`` (uint32, sorted), ``family``, ``clan`` (uint8)."""
    shares = get_frequency_dict("ar", "large")
    zipf = {word: math.log10(share) + 9.0 for word, share in shares.items()}
    words = sorted(word for word, known in zipf.items() if known >= _LEAST and _is_arabic(word))
    rows = np.array([uses(word, zipf) for word in words], np.float32)
    hashes = np.array([short_hash(word) for word in words], np.uint32)
    _, first = np.unique(hashes, return_index=True)
    return {
        "hashes": hashes[first],
        "family": _cluster(rows, FAMILIES)[first],
        "clan": _cluster(rows, CLANS)[first],
    }


def _is_arabic(word: str) -> bool:
    return len(word) > 1 and "\u0600" < word[0] < "\u06ff" and not any(letter.isdigit() for letter in word)


def uses(word: str, zipf: Mapping[str, float]) -> list[float]:
    """Return how often a word takes each addition (decades against the bare word), and its frequency."""
    known = zipf[word]
    definite = word.startswith(_ARTICLE) and len(word) > 4
    core = word[2:] if definite else word
    stem = word[:-1] if word[-1] in _CUT_ENDINGS else word

    def share(forms: Iterable[str]) -> float:
        best = max((zipf.get(form, -9.0) for form in forms), default=-9.0)
        return max(_LOW, min(_HIGH, best - known)) if best > -9.0 else _LOW

    return [
        *(share([letter + word]) for letter in _PROCLITICS),
        share([_TO_THE + core]),
        share([core if definite else _ARTICLE + word]),
        *(share([word + ending for ending in endings]) for endings in _ENDINGS),
        *(share([letter + word for letter in letters]) for letters in _VERBAL),
        share([stem + "ي", stem + "ية"]),
        _HIGH if definite else _LOW,
        _HIGH if word[-1] == _FEMININE else _LOW,
        (known - 4.0) * 0.8,
    ]


def _cluster(rows: np.ndarray, count: int) -> np.ndarray:
    """Return the cluster of each row; the centres come from a sample of the rows."""
    chosen = np.random.default_rng(_SEED).choice(len(rows), min(_SAMPLE, len(rows)), replace=False)
    centres, _ = kmeans2(rows[chosen], count, iter=_ROUNDS, minit="++", seed=_SEED)
    return np.concatenate([_nearest(rows[at : at + 4000], centres) for at in range(0, len(rows), 4000)])


def _nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    squares = ((rows[:, None, :] - centres[None]) ** 2).sum(axis=2)
    return np.asarray(squares.argmin(axis=1).astype(np.uint8))
