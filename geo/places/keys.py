"""Make the second-chance keys of names: loose spelling, optional articles, consonant skeletons.

The gazetteer build stores their hashes beside each name, and a search asks for them, so both sides use
these functions. Strict keys are in `geo.arabic.normalize`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xxhash import xxh3_64_intdigest

from geo.arabic.normalize import loose_key, strict_key

ARABIC_LANGUAGES = frozenset({"ar", "und"})
"""Languages of names that Arabic text is matched against."""

ARAB_STATES = frozenset("AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split())
"""Members of the Arab League, and Western Sahara: where Arabic news mostly happens (ISO 3166-1 alpha-2)."""

LATIN_ARTICLES = frozenset(
    "al el ul il as es ash esh ad ed adh edh at et ath eth an en ar er az ez ech ach".split()
)
_VOWELS = str.maketrans("", "", "aeiouwyh")
_TRANSLITERATIONS = (
    ("tch", "j"), ("dsch", "j"), ("dj", "j"), ("dzh", "j"), ("zh", "j"), ("sch", "s"), ("sh", "s"),
    ("ch", "s"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("ph", "f"),
    ("ck", "k"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"), ("q", "k"), ("c", "k"), ("x", "ks"), ("p", "b"), ("v", "f"), ("z", "s"),
)  # fmt: skip
"""Spellings of one Arabic sound in Latin letters (ISO 233, BGN/PCGN, ALA-LC, French and German usage)."""


def latin_key(name: str) -> str:
    """Return the strict key of a Latin name without Arabic articles and spaces.

    Parameters
    ----------
    name : str
        Name or strict key in Latin script.

    Examples
    --------
    >>> latin_key("Al-Bayda'") == latin_key("el Bayda")
    True
    >>> latin_key("Al")
    'al'
    """
    return _joined(strict_key(name))


def _joined(key: str) -> str:
    """Return a strict key without articles and spaces."""
    words = key.split(" ")
    kept = [word for word in words if word not in LATIN_ARTICLES] or words
    return "".join(kept)


def skeleton(name: str) -> str:
    """Return the consonants of a Latin name, spellings of one Arabic sound made equal, doubles made single.

    A match on it is a near miss: it needs a second proof, such as the country.

    Examples
    --------
    >>> skeleton("Ajdabiya"), skeleton("Adjdabiyah")
    ('jdb', 'jdb')
    >>> skeleton("Sirte") == skeleton("Surt")
    True
    """
    return _bones(latin_key(name))


def _bones(key: str) -> str:
    """Return the consonants of a Latin key."""
    for written, sound in _TRANSLITERATIONS:
        key = key.replace(written, sound)
    key = key.translate(_VOWELS)
    return re.sub(r"(.)\1+", r"\1", key)


def hash_of(level: str, key: str) -> int:
    """Return the hash under which a second-chance key is stored; ``level`` keeps the kinds apart."""
    return xxh3_64_intdigest(f"{level}\t{key}".encode())


def search_hashes(name: str, key: str, lang: str, *, skeletons: bool) -> Iterator[int]:
    """Yield the second-chance hashes under which one name is stored; the strict key needs none.

    Parameters
    ----------
    name, key : str
        The name as written and its strict key.
    lang : str
        Language of the name; names of other languages in Arabic script get a loose key only.
    skeletons : bool
        Whether the consonant skeleton is wanted too.
    """
    if lang not in ("en", "latin"):
        loose = loose_key(name)
        if loose != key:
            yield hash_of("loose", loose)
        return
    short = _joined(key)
    if short != key:
        yield hash_of("latin", short)
    if skeletons:
        bones = _bones(short)
        if len(bones) >= 3:
            yield hash_of("skeleton", bones)
