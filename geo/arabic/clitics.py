"""Cut proclitics off words, and recognise the few word shapes that the cue rules ask about.

No stem is ever guessed and no name is changed: the gazetteer decides which cut is a name. The letters and
shapes are rule tables (``conjunction``, ``preposition``, ``article``, ``word_shape``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from geo.arabic.normalize import strict_key
from geo.arabic.rules import Entry, table


@dataclass(frozen=True, slots=True)
class Split:
    """Hold one way to cut the proclitics off a word.

    Attributes
    ----------
    prefix : str
        The proclitics, as keys: ``""``, ``"و"``, ``"ب"``, ``"ول"`` ...
    core : str
        The key of what is left, its article restored.
    cut : int
        How many characters of the word's key stand before the name.
    """

    prefix: str
    core: str
    cut: int


@lru_cache(maxsize=1 << 15)
def clitic_splits(key: str) -> tuple[Split, ...]:
    """List every way to read a word as proclitics and a name, the whole word first.

    The gazetteer decides among them. ``سـ`` is never cut, for it stands before verbs only.

    Parameters
    ----------
    key : str
        Strict key of one word.

    Returns
    -------
    tuple of Split
        Whole word first, then with fewer and with more clitics.

    Examples
    --------
    >>> [split.core for split in clitic_splits("للاذقيه")]  # doctest: +ELLIPSIS
    ['للاذقيه', ...]
    """
    splits = [Split("", key, 0)]
    for conjunction in ("", *_letters("conjunction")):
        if not key.startswith(conjunction):
            continue
        rest, cut = key[len(conjunction) :], len(conjunction)
        if conjunction and len(rest) > 1:
            splits.append(Split(conjunction, rest, cut))
        for letter in _letters("preposition"):
            if rest.startswith(letter) and len(rest) > 2:
                splits.extend(_preposition_splits(conjunction, letter, rest, cut))
    return tuple(splits)


def _preposition_splits(conjunction: str, letter: str, rest: str, cut: int) -> list[Split]:
    prefix, the = conjunction + letter, article()
    splits = [Split(prefix, rest[1:], cut + 1)]
    if letter == the[1] and rest[1] == letter:
        splits.append(Split(prefix, the + rest[2:], cut + 1))
        splits.append(Split(prefix, the[0] + rest, cut + 1))
    return splits


@cache
def _letters(name: str) -> dict[str, str]:
    return {entry["letter"]: entry["relation"] for entry in table(name)}


@cache
def article() -> str:
    """Return the definite article as a strict key."""
    return strict_key(table("article")[0]["form"])


@cache
def conjunctions() -> str:
    """Return the letters of the conjunctions that are written as one word with the next (and, then)."""
    return "".join(_letters("conjunction"))


@lru_cache(maxsize=256)
def clitic_relations(prefix: str) -> frozenset[str]:
    """Return what the proclitics of a word say: ``and``, ``then``, ``in``, ``to``, ``like``.

    Parameters
    ----------
    prefix : str
        Proclitics as `Split.prefix` gives them.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(clitic_relations("وب"))
    ['and', 'in']
    """
    known = _letters("conjunction") | _letters("preposition")
    return frozenset(known[letter] for letter in prefix if letter in known)


@cache
def _shapes() -> dict[str, Entry]:
    return {entry["name"]: entry for entry in table("word_shape")}


def has_shape(raw: str, name: str) -> bool:
    """Say whether a word, as written but without harakat, has one of the shapes of ``word_shape``.

    Parameters
    ----------
    raw : str
        `Token.raw`.
    name : str
        Name of the shape, for instance ``"indefinite accusative"``.

    Returns
    -------
    bool

    Examples
    --------
    >>> has_shape("تدخلا", "indefinite accusative"), has_shape("توليها", "indefinite accusative")
    (True, False)
    """
    shape = _shapes()[name]
    return (
        raw.endswith(tuple(shape["endings"]))
        and not raw.endswith(tuple(shape["not_endings"]))
        and not raw.startswith(tuple(shape["not_beginnings"]))
    )
