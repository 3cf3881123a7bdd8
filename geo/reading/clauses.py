"""Cut sentences into clauses, and leave out the lines that report nothing: headings and bylines.

A clause is a stretch of tokens with one main verb: it ends before an opening word (rule table
``clause_opener``), before و or ف on a finite verb, and before a finite verb behind a comma. A stretch
without any verb stays with what follows: a fronted "in the city of X" belongs to the verb behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from geo.arabic import Token, Tokenized, clitic_splits, strict_key, table
from geo.reading.inflection import Lexicon, shapes
from geo.reading.words import WordList

_COMMAS = frozenset("\u060c,;:-\u2013\u2014")
_CONJUNCTIONS = ("\u0648", "\u0641")


@dataclass(frozen=True, slots=True)
class Clause:
    """Hold one clause: the tokens ``[first, last)`` and the number of its sentence."""

    first: int
    last: int
    sentence: int


def find_clauses(doc: Tokenized) -> list[Clause]:
    """Cut a text into the clauses that may report events.

    Parameters
    ----------
    doc : Tokenized

    Returns
    -------
    list of Clause
        In text order; headings and bylines are left out.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> [(clause.first, clause.last) for clause in find_clauses(tokenize("قصفت حلب وقصفت حمص."))]
    [(0, 2), (2, 4)]
    """
    clauses: list[Clause] = []
    silent = _silent_sentences(doc)
    for number, (first, last) in enumerate(doc.ranges):
        if number not in silent:
            cuts = [first, *_cuts(doc.tokens, first, last), last]
            clauses.extend(Clause(begin, end, number) for begin, end in pairwise(cuts))
    return clauses


@lru_cache(maxsize=1 << 14)
def finite_prefix(key: str) -> str | None:
    """Return the proclitic of a finite verb, or ``None`` if the word is no verb of the rule tables.

    Parameters
    ----------
    key : str
        Strict key of one word.

    Examples
    --------
    >>> finite_prefix("وقصفت")
    'و'
    """
    for bare, prefix, article in shapes(key):
        if not article and prefix in ("", *_CONJUNCTIONS) and bare in _finite_forms():
            return prefix
    return None


@lru_cache(maxsize=1 << 14)
def is_complementizer(key: str) -> bool:
    """Say whether a word, by its strict key, opens what somebody said (أن، إن، بأن).

    Examples
    --------
    >>> is_complementizer("ان"), is_complementizer("في")
    (True, False)
    """
    words = WordList.of_table("complementizer")
    return key in words or (key[:1] in _CONJUNCTIONS and key[1:] in words)


def _cuts(tokens: Sequence[Token], first: int, last: int) -> list[int]:
    """Return the tokens at which a new clause begins, the first one left out."""
    cuts: list[int] = []
    verb_seen = False
    for index in range(first, last):
        prefix = finite_prefix(tokens[index].key)
        if (
            index > first
            and verb_seen
            and (_opens(tokens, index, last) or _verb_opens(tokens, index, prefix))
        ):
            cuts.append(index)
            verb_seen = False
        verb_seen = verb_seen or prefix is not None
    return cuts


def _opens(tokens: Sequence[Token], index: int, last: int) -> bool:
    if not _may_open(tokens[index].key):
        return False
    hit = WordList.of_table("clause_opener").at(tokens, index)
    if hit is None or hit.prefix.strip("".join(_CONJUNCTIONS)):
        return False
    return hit.last >= last or tokens[hit.last].key not in _blockers()


@lru_cache(maxsize=1 << 14)
def _may_open(key: str) -> bool:
    """Say whether a word is the first of an opener, so that most words need no closer look."""
    return not _first_words().isdisjoint(split.core for split in clitic_splits(key))


@cache
def _first_words() -> frozenset[str]:
    return frozenset(
        strict_key(form).split()[0] for entry in table("clause_opener") for form in entry["forms"]
    )


def _verb_opens(tokens: Sequence[Token], index: int, prefix: str | None) -> bool:
    if prefix is None:
        return False
    lone = tokens[index - 1].key in _CONJUNCTIONS
    return prefix in _CONJUNCTIONS or lone or bool(_COMMAS.intersection(tokens[index].gap))


def _silent_sentences(doc: Tokenized) -> set[int]:
    """Return the numbers of the sentences that are headings or bylines."""
    rule = table("heading")[0]
    lengths = [last - first for first, last in doc.ranges]
    if not any(length > rule["words"] for length in lengths) or len(lengths) < 2:
        return set()
    return {
        number
        for number in range(len(lengths))
        if _own_line(doc, number) and _silent(doc, number, rule["words"], rule["marks"])
    }


def find_headings(doc: Tokenized) -> frozenset[int]:
    r"""Return the numbers of the sentences that look like headings, whether a verb stands in them or not.

    Parameters
    ----------
    doc : Tokenized

    Returns
    -------
    frozenset of int
        The first line, and lines between running text: short ones without a closing mark. Empty for a text
        that has no longer line.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> body = "قصفت طائرات مدينة حلب فجر اليوم وأصابت مستشفى في حي السكري ومدرسة في حي الشعار."
    >>> sorted(find_headings(tokenize("طائرات تقصف حلب\n" + body)))
    [0]
    """
    rule = table("heading")[0]
    short = [_is_short(doc, number, rule["words"], rule["marks"]) for number in range(len(doc.ranges))]
    if not any(last - first > rule["words"] for first, last in doc.ranges):
        return frozenset()
    return frozenset(
        number
        for number in range(len(short) - 1)
        if short[number] and (number == 0 or not short[number - 1] | short[number + 1])
        if _own_line(doc, number)
    )


def _is_short(doc: Tokenized, number: int, words: int, marks: str) -> bool:
    """Say whether a sentence has few words and no closing mark."""
    first, last = doc.ranges[number]
    return last - first <= words and doc.text[slice(*doc.sentences[number])].rstrip()[-1:] not in marks


def _silent(doc: Tokenized, number: int, words: int, marks: str) -> bool:
    first, last = doc.ranges[number]
    hit = WordList.of_table("byline").at(doc.tokens, first, clitics=False)
    if (
        hit is not None
        and last - first <= int(hit.entry["words"])
        and ":" in doc.text[slice(*doc.sentences[number])]
    ):
        return True
    if not _is_short(doc, number, words, marks):
        return False
    return not any(finite_prefix(token.key) is not None for token in doc.tokens[first:last])


def _own_line(doc: Tokenized, number: int) -> bool:
    """Say whether a sentence fills a line by itself."""
    start, end = doc.sentences[number]
    return opens_line(doc.text, start) and _closes_line(doc.text, end)


def opens_line(text: str, offset: int, skip: str = " \t\u00a0") -> bool:
    """Say whether nothing but ``skip`` stands between the start of a line and an offset.

    Examples
    --------
    >>> opens_line("  two", 2), opens_line("one two", 4)
    (True, False)
    """
    while offset > 0 and text[offset - 1] in skip:
        offset -= 1
    return offset == 0 or text[offset - 1] in "\n\r"


def _closes_line(text: str, offset: int) -> bool:
    while offset < len(text) and text[offset] in " \t\u00a0":
        offset += 1
    return offset == len(text) or text[offset] in "\n\r"


@cache
def _blockers() -> frozenset[str]:
    return frozenset(strict_key(word) for entry in table("clause_opener") for word in entry["not_next"])


@cache
def _finite_forms() -> frozenset[str]:
    names = ("clause_verb", "trigger", "light_verb", "modality", "hosting_verb")
    return frozenset().union(*(Lexicon.of_table(name).finite_words() for name in names))
