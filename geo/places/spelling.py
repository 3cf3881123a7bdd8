"""Hand the page the folding of letters that the gazetteer uses: its search takes the same spellings."""

from __future__ import annotations

from functools import cache
from typing import Any

from geo.arabic import fold, loose_key
from geo.arabic.rules import table

_ARABIC = range(0x0600, 0x0700)


@cache
def _folds() -> dict[str, str]:
    """Return what each letter of the Arabic block becomes; "" where a mark is dropped."""
    folds = {}
    for char in map(chr, _ARABIC):
        key = fold(char).key
        if key == "" or key.isalnum():
            folds[char] = loose_key(char)
    return folds


def spelling() -> dict[str, Any]:
    """Return the folding table of the page's search.

    Returns
    -------
    dict
        ``folds``: letters and what they become; what is left out parts words. ``pairs``: two letters and what
        they become together. ``before``: what may stand before a word without being part of it, longest
        first: conjunctions, prepositions, the article, and what they become together.

    Examples
    --------
    >>> spelling()["folds"]["أ"], spelling()["folds"]["ة"], spelling()["folds"]["ـ"]
    ('ا', 'ه', '')
    >>> "وبال" in spelling()["before"]
    True
    """
    article = [entry["form"] for entry in table("article")]
    prepositions = [entry["letter"] for entry in table("preposition")]
    inner = {*prepositions, *article, *(letter + form for letter in prepositions for form in article)}
    # "to" and the article write the letter of "to" twice
    inner.update(letter * 2 for letter in prepositions if any(form.endswith(letter) for form in article))
    conjunctions = [entry["letter"] for entry in table("conjunction")]
    before = {*inner, *conjunctions, *(letter + part for letter in conjunctions for part in inner)}
    return {
        "folds": dict(_folds()),
        "pairs": [[entry["from"], entry["to"]] for entry in table("letter_pair")],
        "before": sorted(before, key=lambda part: (-len(part), part)),
        "article": article,
    }
