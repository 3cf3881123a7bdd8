"""Combine number words and digits into one value, after the rules of Arabic counting.

The words live in the rule tables ``number_word``, ``ordinal``, ``vague``, ``length_unit`` and
``not_length``. A number never reaches over punctuation or the end of a sentence. `geo.arabic.numbers`
adds hedges, ranges, duals and vague words and is the door for others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.arabic.clitics import article, clitic_splits
from geo.arabic.normalize import Token, strict_key, undiacritised
from geo.arabic.rules import table

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


@dataclass(frozen=True, slots=True)
class Word:
    """One number word: what it is worth and how it combines."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Unit:
    """One length unit, in the form the text uses."""

    name: str
    form: str


Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


@cache
def _lexicon() -> dict[str, Word]:
    """Return the number words by key, the forms behind the article included."""
    words: dict[str, Word] = {}
    for entry in table("number_word"):
        word = Word(str(entry["kind"]), float(entry["value"]))
        for form in entry["words"]:
            words[strict_key(form)] = word
        for form in entry.get("after_number", ()):
            words[strict_key(form)] = Word("after", word.value)
        for form in entry.get("article", ()):
            words[article() + strict_key(form)] = word
    return words


@cache
def vague_words() -> frozenset[str]:
    """Return the keys of the words that count without a number."""
    return frozenset(strict_key(word) for entry in table("vague") for word in entry["words"])


@cache
def _units() -> Phrases:
    """Index the length units: the value is the unit's name and the form, ``km:dual``."""
    rows: list[tuple[str, str]] = []
    for entry in table("length_unit"):
        for form in ("singular", "words", "dual"):
            rows.extend((phrase, f"{entry['unit']}:{form}") for phrase in entry[form])
    return by_first(rows)


@cache
def _not_length() -> Phrases:
    return by_first([(phrase, "") for entry in table("not_length") for phrase in entry["words"]])


@cache
def digit_prefixes() -> frozenset[str]:
    """Return the proclitics that may be written onto digits."""
    before = ["", *(strict_key(entry["letter"]) for entry in table("conjunction"))]
    letters = ["", *(strict_key(entry["letter"]) for entry in table("preposition"))]
    bare = {conjunction + letter for conjunction in before for letter in letters}
    doubled = {conjunction + article()[1] * 2 for conjunction in before}
    return frozenset(bare | {prefix + article() for prefix in bare} | doubled)


@cache
def conjunction() -> str:
    """Return the conjunction that joins the parts of a number."""
    return next(strict_key(entry["letter"]) for entry in table("conjunction") if entry["relation"] == "and")


def by_first(rows: list[tuple[str, str]]) -> Phrases:
    """Index phrases by their first word, longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, value in rows:
        words = tuple(strict_key(phrase).split())
        index.setdefault(words[0], []).append((words, value))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in index.items()}


def match_phrase(
    index_of: Phrases, tokens: Sequence[Token], index: int, definite: bool = False
) -> tuple[str, int] | None:
    """Match the longest listed phrase at an index: its value and the index behind it."""
    key = tokens[index].key
    found = index_of.get(key)
    if found is None and definite and key.startswith(article()):
        found = index_of.get(key[2:])
    for words, value in found or ():
        stop = index + len(words)
        if stop <= len(tokens) and all(
            token.key in (word, article() + word) and token.gap.strip() in ("", ".")
            for token, word in zip(tokens[index + 1 : stop], words[1:], strict=True)
        ):
            return value, stop
    return None


def unit_behind(tokens: Sequence[Token], index: int) -> tuple[Unit, int] | None:
    """Read a length unit at an index that directly follows a number."""
    if not adjacent(tokens, index):
        return None
    return unit_at(tokens, index)


def unit_at(tokens: Sequence[Token], index: int) -> tuple[Unit, int] | None:
    """Read the length unit at an index, unless an area, a mass or a speed is meant."""
    found = match_phrase(_units(), tokens, index, definite=True)
    if found is None:
        return None
    value, end = found
    if end < len(tokens) and match_phrase(_not_length(), tokens, end):
        return None
    name, _, form = value.partition(":")
    return Unit(name, form), end


@lru_cache(maxsize=1 << 13)
def number_word(key: str) -> Word | None:
    """Read one key as a number word, without proclitics."""
    found = _lexicon().get(key)
    if found is None and _DIGITS.fullmatch(key):
        found = Word("digits", _digits(key))
    return found


@lru_cache(maxsize=1 << 13)
def _first_word(key: str) -> Word | None:
    """Read one key as the first word of a number, proclitics allowed."""
    for split in clitic_splits(key):
        found = number_word(split.core)
        if found is not None and found.kind != "after":
            return found
    match = _DIGITS.search(key)
    if match and match.end() == len(key) and key[: match.start()] in digit_prefixes():
        return Word("digits", _digits(match.group()))
    return None


def _digits(key: str) -> float:
    """Return the value of digits with points and commas, ``4,500`` or ``2,5``."""
    if _GROUPED.fullmatch(key) and ("," in key or key.count(".") > 1):
        return float(key.replace(",", "").replace(".", ""))
    whole, mark, rest = key.replace(",", ".").rpartition(".")
    return float((whole.replace(".", "") or "0") + "." + rest) if mark else float(rest)


def adjacent(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a token exists and follows the one before with nothing but space between."""
    if index >= len(tokens) or (tokens[index].gap.strip() and undiacritised(tokens[index].gap).strip()):
        return False
    return tokens[index].sentence == tokens[index - 1].sentence


def next_word(tokens: Sequence[Token], index: int) -> Word | None:
    """Read the number word at an index if it directly follows, without a conjunction."""
    return number_word(tokens[index].key) if adjacent(tokens, index) else None


def joined_word(tokens: Sequence[Token], index: int) -> tuple[Word, int] | None:
    """Read "and" plus a number word: the word and the index behind it."""
    if not adjacent(tokens, index):
        return None
    key = tokens[index].key
    if key == conjunction():
        found = next_word(tokens, index + 1)
        return (found, index + 2) if found else None
    if not key.startswith(conjunction()):
        return None
    found = number_word(key[1:])
    if found is None:
        return None
    if found.kind == "digits":
        value, end = _glued(tokens, index, found.value)
        return Word("digits", value), end
    return found, index + 1


def _glued(tokens: Sequence[Token], index: int, value: float) -> tuple[float, int]:
    """Join the decimals that a proclitic cut off: a letter, ``2``, then ``.5``."""
    behind = index + 1
    if behind < len(tokens) and tokens[behind].gap in (".", ",") and tokens[behind].key.isdigit():
        whole = _DIGITS.search(tokens[index].key)
        if whole and whole.start():
            return _digits(whole.group() + tokens[behind].gap + tokens[behind].key), behind + 1
    return value, behind


def _below_thousand(tokens: Sequence[Token], word: Word, index: int) -> tuple[float, int] | None:
    """Read the part of a number before a scale word; ``index`` is behind its first word."""
    if word.kind in ("unit", "bound"):
        return _from_unit(tokens, word, index)
    if word.kind in ("hundred", "hundreds"):
        return _after_hundred(tokens, word.value, index)
    if word.kind in ("digits", "ten", "teen"):
        return word.value, index
    return None


def _from_unit(tokens: Sequence[Token], word: Word, index: int) -> tuple[float, int] | None:
    """Continue behind a unit: 15, 300, 25, or the unit alone."""
    following = next_word(tokens, index)
    if following and following.kind == "teen":
        return word.value + following.value, index + 1
    if following and following.kind == "hundred" and word.kind == "unit" and word.value > 2:
        return _after_hundred(tokens, word.value * 100, index + 1)
    joined = joined_word(tokens, index)
    if joined and joined[0].kind == "ten":
        return word.value + joined[0].value, joined[1]
    return (word.value, index) if word.kind == "unit" else None


def _after_hundred(tokens: Sequence[Token], value: float, index: int) -> tuple[float, int]:
    """Add the rest below a hundred, if the text joins one."""
    joined = joined_word(tokens, index)
    if joined and joined[0].kind in ("unit", "bound", "ten", "teen", "digits"):
        rest = _below_thousand(tokens, joined[0], joined[1])
        if rest and rest[0] < 100:
            return value + rest[0], rest[1]
    return value, index


def _group(tokens: Sequence[Token], word: Word, index: int) -> tuple[float, float, int] | None:
    """Read one group with its scale: value, scale and the index behind it."""
    scale = 1.0
    if word.kind in ("scale", "pair"):
        value, scale = word.value * (2 if word.kind == "pair" else 1), word.value
    elif word.kind == "fraction":
        following = next_word(tokens, index)
        if not following or following.kind != "scale":
            return (word.value, 1.0, index) if unit_behind(tokens, index) else None
        value, scale, index = word.value * following.value, following.value, index + 1
    else:
        small = _below_thousand(tokens, word, index)
        if small is None:
            return None
        value, index = small
    while following := next_word(tokens, index):
        if following.kind not in ("scale", "after") or following.value <= scale:
            break
        value, scale, index = value * following.value, following.value, index + 1
    return value, scale, index


def cardinal(tokens: Sequence[Token], index: int) -> tuple[float, int] | None:
    """Read a number in digits and words: its value and the index behind it."""
    word = _first_word(tokens[index].key)
    if word is None or (word.kind == "scale" and tokens[index].key in vague_words()):
        return None
    behind = index + 1
    if word.kind == "digits":
        value, behind = _glued(tokens, index, word.value)
        word = Word("digits", _thousands(tokens, index, behind, value))
    group = _group(tokens, word, behind)
    if group is None:
        return None
    total, scale, behind = group
    while scale > 1 and (joined := joined_word(tokens, behind)):
        more = _fraction_of(tokens, joined, scale) or _group(tokens, joined[0], joined[1])
        if more is None or more[0] >= scale:
            break
        total, scale, behind = total + more[0], more[1], more[2]
    return total, behind


def _thousands(tokens: Sequence[Token], index: int, behind: int, value: float) -> float:
    """Read ``4.500`` as 4500 unless a scale word or a length follows (``2.125 million``)."""
    if not re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", tokens[index].key):
        return value
    following = next_word(tokens, behind)
    scaled = following is not None and following.kind in ("scale", "after")
    return value if scaled or unit_behind(tokens, behind) else value * 1000


def _fraction_of(
    tokens: Sequence[Token], joined: tuple[Word, int], scale: float
) -> tuple[float, float, int] | None:
    """Read "and a half (of a million)" behind a scale word."""
    word, behind = joined
    if word.kind != "fraction":
        return None
    following = next_word(tokens, behind)
    if following and following.kind == "scale" and following.value == scale:
        behind += 1
    return word.value * scale, 1.0, behind


@cache
def _ordinals() -> tuple[dict[str, int], dict[str, int]]:
    """Return the ordinals that stand alone and those that a ten or a teen completes, by key."""
    alone = {strict_key(word): int(entry["value"]) for entry in table("ordinal") for word in entry["words"]}
    joins = {strict_key(word): int(entry["value"]) for entry in table("ordinal") for word in entry["joins"]}
    return alone, joins


def parse_ordinal(tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    """Read an ordinal with its article, up to "ninety-ninth".

    Parameters
    ----------
    tokens : sequence of Token
    index : int
        Where the ordinal begins; proclitics are allowed.

    Returns
    -------
    tuple of (int, int) or None
        Its value and the index of the token behind it.

    Examples
    --------
    >>> from geo.arabic.normalize import tokenize
    >>> parse_ordinal(tokenize("الرابع عشر من فبراير").tokens, 0)
    (14, 2)
    """
    alone, joins = _ordinals()
    for split in clitic_splits(tokens[index].key):
        if not split.core.startswith(article()):
            continue
        core = split.core[2:]
        unit = joins.get(core)
        if unit is not None:
            following = next_word(tokens, index + 1)
            if following and following.kind == "teen":
                return unit + 10, index + 2
            joined = joined_word(tokens, index + 1)
            if joined and joined[0].kind == "ten":
                return unit + int(joined[0].value), joined[1]
        if core in alone:
            return alone[core], index + 1
        ten = number_word(core)
        if ten and ten.kind == "ten":
            return int(ten.value), index + 1
    return None
