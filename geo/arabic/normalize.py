"""Turn Arabic text into look-up keys, with a map back to the original code points.

The text itself is never altered. `fold` gives the key of a whole text and, for each of its characters,
the offset it came from; `tokenize` cuts a text into words and sentences that carry both. The same fold
serves the names of the gazetteer (`strict_key`, `loose_key`) and the words of an article, so that the
two sides cannot drift apart.

Order of the steps (after Unicode TR15 and TR36): compatibility forms are expanded one character at a
time; bidirectional marks, tatweel and harakat are dropped; letters are folded by the rule table
``letter``. Decomposing first would break the hamza letters, so it is never done.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.arabic.rules import table

_DROPPED = frozenset(
    [0x0640, 0x0670, 0x061C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD]
    + list(range(0x0610, 0x061B))
    + list(range(0x064B, 0x0660))
    + list(range(0x06D6, 0x06DD))
    + list(range(0x06DF, 0x06E5))
    + [0x06E7, 0x06E8]
    + list(range(0x06EA, 0x06EE))
    + list(range(0x202A, 0x202F))
    + list(range(0x2066, 0x206A))
)
_DIRECTION = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_HAMZA_MARKS = frozenset(map(chr, (0x0653, 0x0654, 0x0655)))
_HAMZA_MARK = re.compile("[\u0653-\u0655]")
_APOSTROPHES = frozenset(map(ord, "'`\u2018\u2019\u02bb\u02bc\u02be\u02bf\u02b9"))
_APOSTROPHE = re.compile("['`\u2018\u2019\u02bb\u02bc\u02be\u02bf\u02b9]")
_COMMON = (range(0x01, 0x7F), range(0x0600, 0x0700), range(0x2010, 0x2028))
_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W_]+")
_NOT_WORD = re.compile(r"[\W_]+")
_BREAK = re.compile(r"[\n\r\u2028\u2029!?\u061f\u061b\u06d4]|\.(?![0-9])|(?<![0-9])\.(?=[0-9])")


class _FoldTable(dict[int, str]):
    """Fold code points lazily: each is computed once, then kept."""

    def __init__(self, letters: dict[str, str], case: bool) -> None:
        """Start from the folds of the rule table."""
        super().__init__({ord(letter): folded for letter, folded in letters.items()})
        self._letters = letters
        self._case = case

    def __missing__(self, point: int) -> str:
        """Compute the fold of a code point not seen before."""
        if point in _DROPPED:
            folded = ""
        elif point < 128:
            folded = chr(point).lower() if self._case else chr(point)
        else:
            folded = self._compute(point)
        self[point] = folded
        return folded

    def _compute(self, point: int) -> str:
        char = chr(point)
        if unicodedata.category(char) in ("Nd", "No"):
            digit = unicodedata.digit(char, None)
            return str(digit) if digit is not None else char
        if point == 0x066B:
            return "."
        if point == 0x066C:
            return ","
        expanded = unicodedata.normalize("NFKC", char)
        if 0x0600 <= ord(expanded[0]) <= 0x06FF:
            kept = [c for c in expanded if ord(c) not in _DROPPED and not c.isspace()]
            return "".join(self._letters.get(c, c) for c in kept)
        if not self._case:
            return expanded
        if char.isspace():
            return " "
        plain = unicodedata.normalize("NFKD", expanded.casefold()).casefold()
        kept = [c for c in plain if unicodedata.category(c) != "Mn" and ord(c) not in _APOSTROPHES]
        return "".join(kept if len(kept) < 2 else [c for c in kept if c.isalnum()])


@cache
def _letters(level: str) -> dict[str, str]:
    """Return the single-letter folds of a level of the rule table ``letter``."""
    return {
        letter: entry["to"]
        for entry in table("letter")
        if entry["level"] == level
        for letter in entry["from"]
    }


@cache
def _strict_table() -> _FoldTable:
    return _FoldTable(_letters("strict"), case=True)


@cache
def _odd_letter() -> re.Pattern[str]:
    """Return a pattern of the characters for which the key may hold none or several."""
    folds = _strict_table()
    plain = "".join(chr(point) for block in _COMMON for point in block if len(folds[point]) == 1)
    return re.compile(f"[^{re.escape(plain)}]")


@cache
def _raw_table() -> _FoldTable:
    return _FoldTable({}, case=False)


@cache
def _loose_table() -> dict[int, str]:
    return {ord(letter): folded for letter, folded in _letters("loose").items()} | {ord(" "): ""}


@cache
def _loose_pairs() -> tuple[tuple[str, str], ...]:
    return tuple((entry["from"], entry["to"]) for entry in table("letter_pair"))


@cache
def foreign_letters() -> frozenset[str]:
    """Return the letters of the Arabic script that Arabic itself does not use."""
    return frozenset(letter for entry in table("foreign_letters") for letter in entry["letters"])


@dataclass(frozen=True, slots=True)
class Folded:
    """Hold the key of a text and the way back.

    Attributes
    ----------
    text : str
        The original.
    key : str
        The folded text: same words and spaces, one spelling.
    origin : sequence of int
        ``origin[i]`` is the original offset of ``key[i]``; one more entry marks the end.
    """

    text: str
    key: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the key to the original, with the marks that hang on its last letter.

        Parameters
        ----------
        start, end : int
            Offsets into ``key``, end exclusive.

        Returns
        -------
        tuple of int
            Offsets into ``text``, end exclusive.

        Examples
        --------
        >>> folded = fold("بِسوريا")
        >>> folded.span(0, 1)
        (0, 2)
        """
        if start >= end:
            return self.origin[start], self.origin[start]
        stop = self.origin[end - 1] + 1
        if stop == self.origin[end]:
            return self.origin[start], stop
        while stop < len(self.text) and unicodedata.category(self.text[stop]) == "Mn":
            stop += 1
        return self.origin[start], stop


def fold(text: str) -> Folded:
    """Fold a text into its strict key, keeping for each character where it came from.

    Parameters
    ----------
    text : str
        Any text; Latin letters are casefolded and stripped of accents.

    Returns
    -------
    Folded

    Examples
    --------
    >>> fold("أجدابيا").key == "اجدابيا"
    True
    """
    lookup = _strict_table()
    key: list[str] = []
    origin = array("l")
    done = 0
    for match in _odd_letter().finditer(text):
        offset, char = match.start(), match.group()
        if done < offset:
            key += text[done : offset - 1].translate(lookup), lookup[ord(text[offset - 1])]
            origin.extend(range(done, offset))
        done = offset + 1
        folded = lookup[ord(char)]
        if folded:
            key.append(folded)
            origin.extend([offset] * len(folded))
        elif char in _HAMZA_MARKS and key:
            composed = unicodedata.normalize("NFC", key[-1] + char)
            if len(composed) == 1:
                key[-1] = lookup[ord(composed)]
    if not done:
        return Folded(text, text.translate(lookup), range(len(text) + 1))
    key.append(text[done:].translate(lookup))
    origin.extend(range(done, len(text) + 1))
    return Folded(text, "".join(key), origin)


def undiacritised(text: str) -> str:
    """Drop harakat, tatweel and bidirectional marks, and keep every letter as written.

    The raw form separates words that the key confuses (``على`` on, ``علي`` Ali); word frequencies and stop
    lists read it.

    Examples
    --------
    >>> undiacritised("عَمّان") == "عمان"
    True
    """
    return unicodedata.normalize("NFC", text).translate(_raw_table())


@lru_cache(maxsize=1 << 13)
def _raw(word: str) -> str:
    """Return the raw form of one word; the frequent ones are kept."""
    return undiacritised(word)


@lru_cache(maxsize=1 << 12)
def strict_key(name: str) -> str:
    """Return the key under which a name is stored and looked up.

    Parameters
    ----------
    name : str
        A place name in any script.

    Returns
    -------
    str
        Words of folded letters, joined by single spaces; the same for every accepted spelling. Keys are
        fixed points: ``strict_key(strict_key(x)) == strict_key(x)``.

    Examples
    --------
    >>> strict_key("Ajd\u0101biy\u0101")
    'ajdabiya'
    >>> strict_key("Ra's Lanuf")
    'ras lanuf'
    """
    bare = _APOSTROPHE.sub("", name)
    key = fold(bare).key if _HAMZA_MARK.search(bare) else bare.translate(_strict_table())
    return _NOT_WORD.sub(" ", key).strip()


def loose_key(name: str) -> str:
    """Return the second-chance key: hamza seats, foreign letters and spaces are ignored as well.

    A hit on this key alone is weaker evidence than one on `strict_key`.

    Examples
    --------
    >>> loose_key("حفر_الباطن") == loose_key("حفرالباطن")
    True
    """
    key = strict_key(name)
    for pair, folded in _loose_pairs():
        key = key.replace(pair, folded)
    return key.translate(_loose_table())


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one word of a text.

    Attributes
    ----------
    start, end : int
        Offsets into the original text, end exclusive.
    key : str
        Strict key of the word, proclitics included.
    raw : str
        The word without harakat and tatweel, letters as written.
    gap : str
        What stands between the word before and this one in the original, direction marks left out.
    sentence : int
        Number of the sentence, from 0.
    """

    start: int
    end: int
    key: str
    raw: str
    gap: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Tokenized:
    """Hold the words and sentences of a text.

    Attributes
    ----------
    text : str
        The original.
    tokens : tuple of Token
    sentences : tuple of (int, int)
        Offsets of each sentence in the original, surrounding space left out.
    ranges : tuple of (int, int)
        For each sentence, its first token and the one behind its last.
    folded : Folded
    """

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]
    ranges: tuple[tuple[int, int], ...]
    folded: Folded


def tokenize(text: str) -> Tokenized:
    """Cut a text into words and sentences.

    Sentences end at a line break and at ``. ! ? ؟ ؛``, but not at a point between digits or inside an
    abbreviation. Words never hold punctuation, ``#`` or ``_``; a number keeps its decimals.

    Parameters
    ----------
    text : str

    Returns
    -------
    Tokenized

    Examples
    --------
    >>> [token.key for token in tokenize("Orlan 10, 4.5").tokens]
    ['orlan', '10', '4.5']
    """
    folded = fold(text)
    tokens: list[Token] = []
    ranges: list[tuple[int, int]] = []
    sentences: list[tuple[int, int]] = []
    first, before = 0, 0
    for match in _WORD.finditer(folded.key):
        start, end = folded.span(match.start(), match.end())
        gap, word = text[before:start], match.group()
        if gap != " ":
            gap = gap.translate(_DIRECTION)
            if tokens and _breaks(gap, tokens, word):
                ranges.append((first, len(tokens)))
                first = len(tokens)
        tokens.append(Token(start, end, word, _raw(text[start:end]), gap, len(ranges)))
        before = end
    if tokens:
        ranges.append((first, len(tokens)))
    for number, (begin, stop) in enumerate(ranges):
        last = tokens[ranges[number + 1][0]].start if number + 1 < len(ranges) else len(text)
        sentences.append((tokens[begin].start, _sentence_end(text, tokens[stop - 1].end, last)))
    return Tokenized(text, tuple(tokens), tuple(sentences), tuple(ranges), folded)


def _breaks(gap: str, tokens: list[Token], word: str) -> bool:
    """Say whether the gap between two words ends a sentence."""
    if not _BREAK.search(gap):
        return False
    abbreviation = gap == "." and (len(tokens[-1].key) == 1 or len(word) == 1)
    return not abbreviation


def _sentence_end(text: str, end: int, limit: int) -> int:
    """Extend a sentence over its closing punctuation, up to the next sentence or a line break."""
    while end < limit and not text[end].isspace():
        end += 1
    return end
