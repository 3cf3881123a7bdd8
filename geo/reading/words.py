"""Look words up in the rule tables by their strict key, whatever conjunction hangs on them.

`WordList` holds the forms of one table and finds them in running text, multi-word forms included. Every
stage that reads cue words uses it, so that spelling variants are folded in one place only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.arabic import Split, Token, article, clitic_splits, strict_key, table, undiacritised
from geo.arabic.rules import Entry

_FUNCTION_WORD = 6.2
_BETWEEN = ' \u00a0\t-_#"\u201c\u201e\u00ab\N{ARABIC TATWEEL}\u200c\u200e\u200f'
_KEPT_WORDS = 1 << 15
_Forms = list[tuple[tuple[str, ...], Entry]]


@dataclass(frozen=True, slots=True)
class WordHit:
    """Hold one form found in a text: the tokens ``[first, last)`` and the rule entry."""

    first: int
    last: int
    entry: Entry
    prefix: str = ""


@cache
def word_frequencies() -> Mapping[str, float]:
    """Return the Zipf frequency of the words of Arabic that occur at least once in a million.

    The numbers are read from the package ``wordfreq`` (CC BY-SA 4.0) and never copied.
    """
    from wordfreq import get_frequency_dict

    return {word: math.log10(share) + 9.0 for word, share in get_frequency_dict("ar", "small").items()}


class Openings:
    """Know of every word which word lists have a form that it may begin: most are ruled out at once.

    The words asked lately are kept. A new list makes a new store for them, so that no thread reads an old
    answer.
    """

    __slots__ = ("_bits", "_lists", "known")

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._lists = 0
        self.known: dict[str, int] = {}

    def add(self, words: Iterable[str]) -> int:
        """Take up a list by the first words of its forms; return the bit that stands for it."""
        bit = 1 << self._lists
        self._lists += 1
        for word in words:
            self._bits[word] = self._bits.get(word, 0) | bit
        self.known = {}
        return bit

    def of(self, key: str) -> int:
        """Return the bits of the lists that a word, given by its key, may begin a form of."""
        known, bits = self.known, 0
        for split in clitic_splits(key):
            bits |= self._bits.get(split.core, 0)
        if len(known) >= _KEPT_WORDS:
            known = self.known = {}
        known[key] = bits
        return bits


@cache
def openings() -> Openings:
    """Return what is known of the words that may begin a form; one for the process."""
    return Openings()


class WordList:
    """Find the forms of a rule table in a sequence of tokens.

    Parameters
    ----------
    entries : sequence of Entry
        Rule entries.
    fields : sequence of str
        The keys of an entry that list its forms.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> words = WordList.of_table("locative")
    >>> words.at(tokenize("وفي درعا").tokens, 0) is not None
    True
    """

    __slots__ = ("_bit", "_by_first", "_openings", "_raw", "_single", "_sizes")

    def __init__(self, entries: Sequence[Entry], fields: Sequence[str] = ("forms",)) -> None:
        """Index every form by the key of its first word, the longest first."""
        spelled = [(form, entry) for entry in entries for name in fields for form in entry.get(name, ())]
        spelled += [(article() + form, entry) for form, entry in spelled if entry.get("article")]
        self._by_first: dict[str, _Forms] = {}
        for form, entry in spelled:
            first, *tail = strict_key(form).split()
            self._by_first.setdefault(first, []).append((tuple(tail), entry))
        for forms in self._by_first.values():
            forms.sort(key=lambda form: -len(form[0]))
        self._raw = frozenset(undiacritised(form) for form, _ in spelled)
        self._single = {
            first: next(entry for tail, entry in forms if not tail)
            for first, forms in self._by_first.items()
            if not forms[-1][0]
        }
        self._sizes = _sizes_by_last_word(self._by_first)
        self._openings = openings()
        self._bit = self._openings.add(self._by_first)

    @classmethod
    def of_table(cls, name: str, fields: tuple[str, ...] = ("forms",)) -> WordList:
        """Return the word list of a rule table, built once per process."""
        return _of_table(name, fields)

    def __contains__(self, key: str) -> bool:
        """Say whether a single word, given by its strict key, is a form."""
        return key in self._single

    def get(self, key: str) -> Entry | None:
        """Return the entry of a single word given by its strict key."""
        return self._single.get(key)

    def at(self, tokens: Sequence[Token], index: int, *, clitics: bool = True) -> WordHit | None:
        """Find the longest form that begins at a token.

        Parameters
        ----------
        tokens : sequence of Token
        index : int
            Where the form must begin.
        clitics : bool
            Also accept the form behind proclitics.

        Returns
        -------
        WordHit or None
        """
        if not 0 <= index < len(tokens):
            return None
        key = tokens[index].key
        bits = self._openings.known.get(key)
        if bits is None:
            bits = self._openings.of(key)
        if not bits & self._bit:
            return None
        splits = clitic_splits(key)
        best: WordHit | None = None
        for split in splits if clitics else splits[:1]:
            for tail, entry in self._by_first.get(split.core, ()):
                last = index + 1 + len(tail)
                if best is not None and last <= best.last:
                    break
                if self._fits(tokens, index, tail) and not self._look_alike(tokens[index], split, tail):
                    best = WordHit(index, last, entry, split.prefix)
                    break
        return best

    def _fits(self, tokens: Sequence[Token], index: int, tail: tuple[str, ...]) -> bool:
        """Say whether the words behind a token are the rest of a form."""
        last = index + 1 + len(tail)
        if not tail:
            return True
        if last > len(tokens) or any(tokens[index + 1 + i].key != key for i, key in enumerate(tail)):
            return False
        return joined(tokens, index, last)

    def _look_alike(self, token: Token, split: Split, tail: tuple[str, ...]) -> bool:
        """Say whether a very common word only shares the key of a form (والي a governor, وإلى and to)."""
        raw = token.raw[split.cut :]
        return not tail and raw not in self._raw and word_frequencies().get(raw, 0.0) >= _FUNCTION_WORD

    def ending_at(self, tokens: Sequence[Token], last: int, *, clitics: bool = True) -> WordHit | None:
        """Find the longest form whose last word stands just before token ``last``."""
        if not 0 < last <= len(tokens):
            return None
        for size in self._sizes.get(tokens[last - 1].key, ()):
            hit = self.at(tokens, last - size, clitics=clitics)
            if hit is not None and hit.last == last:
                return hit
        hit = self.at(tokens, last - 1, clitics=clitics)
        return hit if hit is not None and hit.last == last else None

    def find(self, tokens: Sequence[Token], first: int, last: int) -> Iterator[WordHit]:
        """Yield the forms between two tokens, longest first at each, without overlap."""
        index, openings, bit = first, self._openings, self._bit
        while index < last:
            key = tokens[index].key
            if not openings.known.get(key, bit) & bit:
                index += 1
                continue
            hit = self.at(tokens, index)
            if hit is not None and hit.last <= last:
                yield hit
                index = hit.last
            else:
                index += 1


def _sizes_by_last_word(by_first: Mapping[str, _Forms]) -> dict[str, tuple[int, ...]]:
    """Return for the last word of each form of several words how many words such forms have, most first."""
    sizes: dict[str, set[int]] = {}
    for forms in by_first.values():
        for tail, _ in forms:
            if tail:
                sizes.setdefault(tail[-1], set()).add(1 + len(tail))
    return {word: tuple(sorted(found, reverse=True)) for word, found in sizes.items()}


@cache
def _of_table(name: str, fields: tuple[str, ...]) -> WordList:
    return WordList(table(name), fields)


def joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Say whether nothing but space, hyphen or underscore stands between the words ``[first, last)``."""
    for token in tokens[first + 1 : last]:
        if token.gap != " " and token.gap.strip(" \u00a0\t-_\N{ARABIC TATWEEL}\u200c\u200e\u200f"):
            return False
    return True


def beside(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word follows the one before it, at most a hash or an opening quotation mark between.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> beside(tokenize("مدينة #درعا").tokens, 1), beside(tokenize("مدينة. درعا").tokens, 1)
    (True, False)
    """
    return index > 0 and not tokens[index].gap.strip(_BETWEEN)
