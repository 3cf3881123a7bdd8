"""Match the words of dates: phrases of the rule tables at a token, proclitics cut off.

A match gives what the phrase stands for, the index behind it and how many characters of its first word
are proclitics.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from geo.arabic.clitics import Split, article, clitic_splits
from geo.arabic.normalize import Token, Tokenized, strict_key, undiacritised
from geo.arabic.number_words import digit_prefixes, number_word, parse_ordinal
from geo.arabic.rules import table
from geo.reading.dates.calendar import Interval
from geo.reading.words import word_frequencies

TATWEEL = "\u0640"
_GLUED = re.compile(r"[^\W\d_a-z]{3,}[0-9]+")
_DIGITS = re.compile(r"([^0-9]{0,6})([0-9]+)")
_KEPT_WORDS = 1 << 11
_Rows = tuple[tuple[tuple[str, ...], Any], ...]


class Phrases(dict[str, _Rows]):
    """Hold phrases by their first word, longest first, each with what it stands for.

    Parameters
    ----------
    rows : iterable of (str, object)
        Phrases as written, and what they stand for.
    """

    def __init__(self, rows: Iterable[tuple[str, Any]]) -> None:
        index: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
        for phrase, value in rows:
            words = tuple(strict_key(phrase).split())
            index.setdefault(words[0], []).append((words, value))
        super().__init__(
            {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in index.items()}
        )
        self._begun: dict[str, tuple[tuple[Split, _Rows], ...]] = {}

    def begun_by(self, key: str) -> tuple[tuple[Split, _Rows], ...]:
        """Return the phrases that a word may begin, for each way to cut it; the last words asked are kept."""
        begun = self._begun.get(key)
        if begun is None:
            cut = ((split, self.get(split.core)) for split in clitic_splits(key))
            begun = tuple((split, rows) for split, rows in cut if rows)
            if len(self._begun) >= _KEPT_WORDS:
                self._begun.clear()
            self._begun[key] = begun
        return begun


class Match(NamedTuple):
    """Say what a phrase stands for, where it ends and how many characters of it are proclitics."""

    value: Any
    end: int
    cut: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one date phrase in terms of tokens.

    Attributes
    ----------
    start, end : int
        Indices of tokens, end exclusive.
    cut : int
        Characters of the first token's key that are proclitics.
    interval : Interval or None
        ``None`` for a name that only looks like a date: it is passed over.
    relative_to : str or None
    offset : str
    anchor : tuple of int or None
        Token indices of the words that name the anchor event.
    weekday : bool
        Whether it is nothing but a day of the week.
    """

    start: int
    end: int
    cut: int
    interval: Interval | None
    relative_to: str | None = None
    offset: str = ""
    anchor: tuple[int, int] | None = None
    weekday: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """Hold the text being read and the day it was written.

    Attributes
    ----------
    doc : Tokenized
    tokens : sequence of Token
    today : date or None
    since : date or None
        The last day with a year in the sentence so far: a day without one follows it.
    """

    doc: Tokenized
    tokens: Sequence[Token]
    today: date | None
    since: date | None = None

    def near(self, index: int, marks: str = "") -> bool:
        """Say whether a token follows the one before with only space or one of some marks between."""
        if not 0 < index < len(self.tokens):
            return False
        token = self.tokens[index]
        if token.sentence != self.tokens[index - 1].sentence:
            return False
        gap = mark_in(token.gap)
        return not gap or (len(gap) == 1 and gap in marks)

    def marked(self, index: int, marks: str) -> bool:
        """Say whether exactly one of some marks stands before a token."""
        return self.near(index, marks) and bool(mark_in(self.tokens[index].gap))

    def origin(self, index: int) -> int:
        """Return the offset of a token in the folded text."""
        return bisect_left(self.doc.folded.origin, self.tokens[index].start)

    def behind(self, index: int) -> str:
        """Return the character right behind a token."""
        end = self.tokens[index].end
        return self.doc.text[end : end + 1]

    def key(self, index: int) -> str:
        """Return the key of a token, or nothing outside the text."""
        return self.tokens[index].key if 0 <= index < len(self.tokens) else ""


def mark_in(gap: str) -> str:
    """Return the signs between two words; a tatweel between spaces is a dash.

    Examples
    --------
    >>> mark_in(" \u0640 "), mark_in("\u0640 "), mark_in(" (")
    ('-', '', '(')
    """
    bare = gap.strip()
    if not bare:
        return ""
    if gap[:1].isspace() and not bare.strip(TATWEEL):
        return "-"
    return undiacritised(gap).strip()


def unglued(tokens: Sequence[Token]) -> Sequence[Token]:
    """Cut words that missed their space before a number in two: ``مارس1987``; prefixes stay.

    Examples
    --------
    >>> from geo.arabic.normalize import tokenize
    >>> [token.key for token in unglued(tokenize("25 مارس1987").tokens)][1:] == ["مارس", "1987"]
    True
    """
    ending = [index for index, token in enumerate(tokens) if token.key[-1].isdigit()]
    glued = [index for index in ending if _GLUED.fullmatch(tokens[index].key)]
    if not glued:
        return tokens
    cut = list(tokens)
    for index in reversed(glued):
        token = tokens[index]
        letters = len(token.key.rstrip("0123456789"))
        at = len(token.raw) - (len(token.key) - letters)
        middle = token.end - (len(token.key) - letters)
        word = replace(token, end=middle, key=token.key[:letters], raw=token.raw[:at])
        number = replace(token, start=middle, key=token.key[letters:], raw=token.raw[at:], gap="")
        cut[index : index + 1] = [word, number]
    return cut


def match(phrases: Phrases, scan: Scan, index: int, clitics: bool = True) -> Match | None:
    """Match the longest phrase that begins at a token.

    Parameters
    ----------
    phrases : Phrases
    scan : Scan
    index : int
    clitics : bool
        Whether proclitics may stand before the first word.
    """
    if not 0 <= index < len(scan.tokens):
        return None
    for split, rows in phrases.begun_by(scan.tokens[index].key):
        if split.prefix and not clitics:
            break
        for words, value in rows:
            if len(words) == 1 or all(
                scan.near(index + offset, ".") and scan.key(index + offset) == words[offset]
                for offset in range(1, len(words))
            ):
                return Match(value, index + len(words), split.cut)
    return None


def digits_at(scan: Scan, index: int) -> Match | None:
    """Read a whole number in digits, proclitics and glued cue words allowed: its digits as text."""
    found = _DIGITS.fullmatch(scan.key(index))
    if found is None or (found.group(1) and found.group(1) not in _glued_to_digits()):
        return None
    return Match(found.group(2), index + 1, len(found.group(1)))


# ---------------------------------------------------------------- the tables, indexed


@cache
def _glued_to_digits() -> frozenset[str]:
    """Return what may stand before digits in one word: proclitics, and words that missed their space."""
    words = keys_of("date_word", "words", part="cue") | keys_of("date_word", "words", part="year")
    return digit_prefixes() | words


@cache
def words_of(part: str) -> Phrases:
    """Return the small words that play one part in dates."""
    rows = [entry for entry in table("date_word") if entry["part"] == part]
    return Phrases((word, part) for entry in rows for word in entry["words"])


@cache
def phrases_of(name: str, field: str = "words") -> Phrases:
    """Return the phrases of a rule table; each stands for its entry."""
    return Phrases((word, entry) for entry in table(name) for word in entry.get(field, ()))


@cache
def months() -> Phrases:
    """Return the months by name: number and whether Hijri."""
    gregorian = [(name, (entry["number"], False)) for entry in table("month") for name in entry["names"]]
    hijri = [(name, (entry["number"], True)) for entry in table("hijri_month") for name in entry["names"]]
    return Phrases(gregorian + hijri)


@cache
def need_year() -> frozenset[tuple[int, bool]]:
    """Return the months whose name is a common word as well, so that only a year makes them a date."""
    return frozenset(
        (int(entry["number"]), True) for entry in table("hijri_month") if entry.get("needs_year")
    )


@cache
def decades() -> Phrases:
    """Return the decades by name: eighties gives 8."""
    rows: list[tuple[str, Any]] = []
    for entry in table("decade"):
        for stem, number in entry["stems"].items():
            for ending in entry["endings"]:
                rows.extend((prefix + stem + ending, number // 10) for prefix in ("", article()))
    return Phrases(rows)


@cache
def units(form: str) -> Phrases:
    """Return the time units in one form (``singular``, ``plural``, ``dual``, ``period``, ``periods``)."""
    return Phrases((word, entry["code"]) for entry in table("time_unit") for word in entry[form])


@cache
def keys_of(name: str, field: str, **where: object) -> frozenset[str]:
    """Return the keys of all words of a rule table's field."""
    rows = [entry for entry in table(name) if all(entry.get(key) == value for key, value in where.items())]
    return frozenset(strict_key(word) for entry in rows for word in entry[field])


@cache
def _openers() -> tuple[Phrases, ...]:
    """Return the phrases a date can begin with; those of `_leaders` left out."""
    parts = ("day", "daypart", "month", "year", "years", "century")
    tables = (
        ("feast", "names"),
        ("weekday", "names"),
        ("told_from_today", "phrases"),
        ("period_part", "words"),
        ("season", "words"),
        ("opening", "words"),
        ("anchor_phrase", "phrases"),
        ("anchor_verb", "words"),
    )
    own = (months(), decades(), units("period"), units("periods"))
    return (*map(words_of, parts), *own, *(phrases_of(name, field) for name, field in tables))


@cache
def _leaders() -> tuple[Phrases, ...]:
    """Return the words that begin a date only before another one: in, from, between, this."""
    return tuple(map(words_of, ("of", "between", "this")))


@cache
def _starters() -> frozenset[str]:
    """Return every word a date phrase can begin with."""
    return frozenset().union(*_openers(), *_leaders())


@lru_cache(maxsize=1 << 14)
def may_start(key: str) -> bool:
    """Say whether a date can begin with this word; most words fail here."""
    if key[-1].isdigit():
        return True
    starters = _starters()
    return any(split.core in starters for split in clitic_splits(key)) or _is_ordinal(key)


def may_start_at(scan: Scan, index: int) -> bool:
    """Say whether a date can begin at a token, by its word and the next.

    Parameters
    ----------
    scan : Scan
    index : int
    """
    key = scan.tokens[index].key
    if not may_start(key):
        return False
    alone, leads, seconds = _goes_on(key)
    if alone:
        return True
    behind = scan.key(index + 1)
    if not behind:
        return False
    return behind in seconds or (leads and (may_start(behind) or number_word(behind) is not None))


@lru_cache(maxsize=1 << 12)
def _goes_on(key: str) -> tuple[bool, bool, frozenset[str]]:
    """Say whether a word may be a date alone, or before a date, and the second words of longer phrases."""
    cores = {split.core for split in clitic_splits(key)}
    rows = [words for phrases in _openers() for core in cores for words, _ in phrases.get(core, ())]
    leads = any(core in phrases for phrases in _leaders() for core in cores)
    alone = key[-1].isdigit() or _is_ordinal(key) or any(len(words) == 1 for words in rows)
    return alone, leads, frozenset(words[1] for words in rows if len(words) > 1)


def _is_ordinal(key: str) -> bool:
    """Say whether a word is an ordinal or a ten with its article."""
    return parse_ordinal((Token(0, 0, key, key, "", 0),), 0) is not None or key in _ordinal_joins()


@cache
def _ordinal_joins() -> frozenset[str]:
    return frozenset(article() + strict_key(word) for entry in table("ordinal") for word in entry["joins"])


def is_counted(scan: Scan, index: int) -> bool:
    """Say whether the word at an index is a counted noun that directly follows a number."""
    if not scan.near(index):
        return False
    word = number_word(scan.key(index))
    return scan.key(index) in keys_of("counted", "words") or (word is not None and word.kind == "scale")


def is_ahead(scan: Scan, index: int) -> bool:
    """Say whether one of the few words before, in the same clause, speaks of what is to come."""
    entry = table("ahead")[0]
    words, stops = keys_of("ahead", "words"), keys_of("ahead", "stops")
    prefixes, known = tuple(entry["prefixes"]), word_frequencies()
    for at in range(index - 1, max(-1, index - 1 - entry["reach"]), -1):
        if not scan.near(at + 1) or (at < index - 1 and scan.key(at) in stops):
            return False
        if any(split.core in words for split in clitic_splits(scan.key(at))):
            return True
        verb = next(
            (split.core for split in clitic_splits(scan.key(at)) if split.core.startswith(prefixes)), ""
        )
        if len(verb) > 4 and known.get(verb[1:], 0.0) >= entry["zipf"]:
            return True
    return False


def follows(scan: Scan, index: int, names: frozenset[str]) -> bool:
    """Say whether the word before an index, proclitics cut off, is one of some words."""
    if not scan.near(index):
        return False
    return any(split.core in names for split in clitic_splits(scan.key(index - 1)))
