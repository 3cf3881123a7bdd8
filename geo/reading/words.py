"""Look words up in the rule tables by their strict key, whatever conjunction hangs on them.

`WordList` holds the forms of one table and finds them in running text, multi-word forms included. Every
stage that reads cue words uses it, so that spelling variants are folded in one place only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geo.arabic import Split, Token, article, clitic_splits, strict_key, table, undiacritised
from geo.arabic.rules import Entry

_FUNCTION_WORD = 6.2


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

    __slots__ = ("_by_first", "_longest", "_raw")

    def __init__(self, entries: Sequence[Entry], fields: Sequence[str] = ("forms",)) -> None:
        """Index every form by the key of its first word, the longest first."""
        spelled = [(form, entry) for entry in entries for name in fields for form in entry.get(name, ())]
        spelled += [(article() + form, entry) for form, entry in spelled if entry.get("article")]
        self._by_first: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for form, entry in spelled:
            first, *tail = strict_key(form).split()
            self._by_first.setdefault(first, []).append((tuple(tail), entry))
        for forms in self._by_first.values():
            forms.sort(key=lambda form: -len(form[0]))
        self._raw = frozenset(undiacritised(form) for form, _ in spelled)
        self._longest = max((1 + len(forms[0][0]) for forms in self._by_first.values()), default=0)

    @classmethod
    def of_table(cls, name: str, fields: tuple[str, ...] = ("forms",)) -> WordList:
        """Return the word list of a rule table, built once per process."""
        return _of_table(name, fields)

    def __contains__(self, key: str) -> bool:
        """Say whether a single word, given by its strict key, is a form."""
        return any(not tail for tail, _ in self._by_first.get(key, ()))

    def get(self, key: str) -> Entry | None:
        """Return the entry of a single word given by its strict key."""
        return next((entry for tail, entry in self._by_first.get(key, ()) if not tail), None)

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
        splits = clitic_splits(tokens[index].key)
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
        for size in range(min(self._longest, last), 0, -1):
            hit = self.at(tokens, last - size, clitics=clitics)
            if hit is not None and hit.last == last:
                return hit
        return None

    def find(self, tokens: Sequence[Token], first: int, last: int) -> Iterator[WordHit]:
        """Yield the forms between two tokens, longest first at each, without overlap."""
        index = first
        while index < last:
            hit = self.at(tokens, index)
            if hit is not None and hit.last <= last:
                yield hit
                index = hit.last
            else:
                index += 1


@cache
def _of_table(name: str, fields: tuple[str, ...]) -> WordList:
    return WordList(table(name), fields)


def joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Say whether nothing but space, hyphen or underscore stands between the words ``[first, last)``."""
    return all(
        not token.gap.strip(" \u00a0\t-_\N{ARABIC TATWEEL}\u200c\u200e\u200f")
        for token in tokens[first + 1 : last]
    )
