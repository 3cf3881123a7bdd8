"""Measure how far two spellings of a name are from each other, in one script or across two.

A distance is a number of letters: 1 for any letter exchanged, added, left out or swapped with its
neighbour, less for letters that writers confuse. What is confused with what, and what it costs, is the rule
table ``confusion``; what is easily added or left out, ``light``; how Arabic and Latin letters become sounds,
``sound``. Costs depend on the pair of scripts: a vowel left out means nothing between Arabic and Latin,
and much between two Arabic spellings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.arabic import article, strict_key, table, undiacritised
from geo.places.keys import LATIN_ARTICLES

_LEAST_RESPELLED = 4
_SWAP = 0.8
"""Cost of two neighbours exchanged; a frequent slip of the finger."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Hold what it costs to exchange, add and leave out letters between two spellings.

    Attributes
    ----------
    exchange : Mapping of str to (Mapping of str to float)
        For one letter and another, what their exchange costs; 1 for what is not listed.
    light, light_end : Mapping of str to float
        What it costs to add or leave out a letter, anywhere and at the end; 1 for what is not listed.
    """

    exchange: Mapping[str, Mapping[str, float]]
    light: Mapping[str, float]
    light_end: Mapping[str, float]


@cache
def costs(pair: str) -> Costs:
    """Return the costs of a pair of scripts.

    Parameters
    ----------
    pair : {"arabic", "latin", "cross"}
        Two Arabic spellings, two Latin ones, or one of each.
    """
    exchange: dict[str, dict[str, float]] = {}
    for entry in table("confusion"):
        if entry["pair"] != pair:
            continue
        for group in entry["groups"]:
            for one in group:
                for other in group:
                    known = exchange.setdefault(one, {})
                    known[other] = min(entry["cost"], known.get(other, 1.0))
    light: dict[str, float] = {}
    light_end: dict[str, float] = {}
    for entry in table("light"):
        if entry["pair"] == pair:
            light |= dict.fromkeys(entry["letters"], entry["cost"])
            light_end |= dict.fromkeys(entry["at_end"], entry["cost_at_end"])
    return Costs(exchange, light, light | light_end)


@lru_cache(maxsize=1 << 14)
def distance(one: str, other: str, pair: str, limit: float = 99.0) -> float:
    """Return how far two spellings are from each other, in letters.

    Parameters
    ----------
    one, other : str
        Letters of two Arabic names (`arabic_letters`) or sounds of two names (`sounds`).
    pair : {"arabic", "latin", "cross"}
    limit : float
        Beyond it the distance is not wanted, and ``limit + 1`` is returned.

    Examples
    --------
    >>> distance(sounds("agedabia"), sounds("ajdabiya"), "latin") < 1
    True
    >>> distance("kitab", "kitob", "latin") < distance("kitab", "kitmb", "latin")
    True
    """
    if one == other:
        return 0.0
    prices = costs(pair)
    exchange, light, light_end = prices.exchange, prices.light, prices.light_end
    last = len(other) - 1
    adding = [(light if j < last else light_end).get(letter, 1.0) for j, letter in enumerate(other)]
    row = [0.0]
    for price in adding:
        row.append(row[-1] + price)
    before: list[float] = row
    for i, letter in enumerate(one):
        known = exchange.get(letter, {})
        dropping = (light if i < len(one) - 1 else light_end).get(letter, 1.0)
        above, row = row, [row[0] + dropping]
        for j, target in enumerate(other):
            cost = above[j] if letter == target else above[j] + known.get(target, 1.0)
            cost = min(cost, above[j + 1] + dropping, row[j] + adding[j])
            if i and j and letter == other[j - 1] and one[i - 1] == target:
                cost = min(cost, before[j - 1] + _SWAP)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = above
    return row[-1]


@cache
def _sound_tables() -> tuple[dict[int, str], tuple[tuple[str, str], ...]]:
    """Return the sounds of Arabic letters, and of Latin spellings, in the order of the rule table."""
    arabic: dict[int, str] = {}
    latin: list[tuple[str, str]] = []
    for entry in table("sound"):
        pairs = zip(entry["from"], entry["to"], strict=True)
        if entry["script"] == "arabic":
            arabic |= {ord(letter): sound for letter, sound in pairs}
        else:
            latin += pairs
    return arabic, tuple(latin)


class _Classes(dict[int, str]):
    """Map each sound to its class; what has none is dropped, but for the line breaks between names."""

    def __missing__(self, point: int) -> str:
        """Drop a sound without a class."""
        self[point] = dropped = "\n" if point == 10 else ""
        return dropped


@cache
def _class_table() -> _Classes:
    """Return the class of each sound."""
    classes = _Classes()
    for entry in table("sound_class"):
        for sounds_of_class, name in zip(entry["sounds"], entry["classes"], strict=True):
            classes.update((ord(sound), name) for sound in sounds_of_class)
    return classes


@cache
def _articles() -> re.Pattern[str]:
    """Return a pattern of the Latin articles between words."""
    forms = LATIN_ARTICLES.union(*(entry["forms"] for entry in table("latin_article")))
    return re.compile(rf"(?:^|(?<=[ \n]))(?:{'|'.join(sorted(forms))}) ")


@cache
def _doubled() -> re.Pattern[str]:
    return re.compile(r"([!-~])\1+")


def is_arabic(key: str) -> bool:
    """Say whether a strict key holds a letter of the Arabic script."""
    return any("\u0600" <= letter <= "\u06ff" for letter in key)


def arabic_letters(keys: str) -> str:
    """Return strict keys of Arabic names without articles and spaces.

    Parameters
    ----------
    keys : str
        One key, or several that are separated by line breaks: the names of a whole country at once.
    """
    the = article()
    bare = f"\n{keys}".replace(f" {the}", " ").replace(f"\n{the}", "\n")
    return bare[1:].replace(" ", "")


def sounds(keys: str) -> str:
    """Return the sounds of names, in an alphabet that Arabic and Latin spellings share.

    Parameters
    ----------
    keys : str
        One strict key, or several that are separated by line breaks.

    Examples
    --------
    >>> sounds("agedabia"), sounds("el beida")
    ('ajedabia', 'bEda')
    """
    arabic, latin = _sound_tables()
    keys = _articles().sub("", keys).replace("\n", " \n") + " "
    for written, sound in latin:
        keys = keys.replace(written, sound)
    if is_arabic(keys):
        keys = arabic_letters(keys).translate(arabic)
    return _doubled().sub(r"\1", keys.replace(" ", ""))


def bones(sounded: str) -> str:
    """Return the classes of the consonants of sounds; names that agree in them are candidates.

    Examples
    --------
    >>> bones(sounds("ajdabiya")), bones(sounds("adschdabija"))
    ('jdb', 'jdb')
    """
    return sounded.translate(_class_table())


@cache
def _heard_table() -> dict[int, str]:
    """Return what one ear makes of each sound."""
    [entry] = table("heard")
    return {ord(sound): made for sound, made in zip(entry["from"], entry["to"], strict=True)}


def heard(sounded: str) -> str:
    """Return sounds without the differences that are a matter of the transliteration alone.

    Examples
    --------
    >>> heard(sounds("adjdabiyah")) == heard(sounds("ajdabia"))
    True
    """
    folded = _doubled().sub(r"\1", sounded.translate(_heard_table()))
    return folded.removesuffix("h")


@cache
def _last_letters() -> dict[str, tuple[str, ...]]:
    """Return the letters that close a name with the same vowel, each with the keys of all of them."""
    letters = [letter for entry in table("last_letter") for letter in entry["letters"]]
    keys = tuple(dict.fromkeys(strict_key(letter) for letter in letters))
    return dict.fromkeys(letters, keys)


def respellings(name: str, key: str) -> list[str]:
    """Return the keys of an Arabic name with or without its article, and with its last vowel written anew.

    Parameters
    ----------
    name, key : str
        The name as written, and its strict key.

    Returns
    -------
    list of str
        Strict keys other than the one given; none for names of fewer than four letters.
    """
    if len(key) < _LEAST_RESPELLED:
        return []
    the = article()
    bare = key.removeprefix(the)
    stems = [bare, the + bare] if len(bare) >= _LEAST_RESPELLED - 1 else [key]
    endings = _last_letters().get(undiacritised(name.strip())[-1:], (key[-1],))
    return [stem[:-1] + ending for stem in stems for ending in endings if stem[:-1] + ending != key]


@lru_cache(maxsize=1 << 12)
def without_chat(key: str) -> str:
    """Return a Latin key with the digits of chat Arabic written out, where they stand beside letters."""
    if key.isalpha() or not any(letter.isdigit() for letter in key):
        return key
    [entry] = table("chat_digit")
    digits = dict(zip(entry["from"], entry["to"], strict=True))
    words = [
        word if word.isdigit() else "".join(digits.get(letter, letter) for letter in word)
        for word in key.split(" ")
    ]
    return " ".join(words)
