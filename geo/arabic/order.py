"""Tell text in visual order (letters backwards, as some PDF readers extract it) from text in logical order.

Such a text looks right where it was made for, and is unreadable for every program: its words are spelt
backwards. The signs are the rule table ``order_sign``: the article and the letters that only ever end a
word, at the right and at the wrong end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.arabic.normalize import undiacritised
from geo.arabic.rules import Entry, table

_WORD = re.compile(r"[^\W\d_]{3,}")


def _count(words: Sequence[str], entry: Entry) -> int:
    """Count the words that bear a sign."""
    letters, least = entry["letters"], entry["least"]
    if entry["at"] == "beginning":
        return sum(word.startswith(letters) and len(word) >= least for word in words)
    return sum(word.endswith(letters) and len(word) >= least for word in words)


def visual_order(text: str) -> bool:
    """Say whether most words of an Arabic text are written backwards.

    A text of less than some twenty words gives too few signs and counts as being in order; so does one
    without Arabic. Harakat, tatweel and presentation forms make no difference.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool
        True if the text is in visual order and has to be extracted anew.

    Examples
    --------
    >>> text = "قصفت الطائرات الحربية المدينة القديمة"
    >>> visual_order(text), visual_order(text[::-1])
    (False, True)
    """
    words = _WORD.findall(undiacritised(text))
    threshold = table("order_threshold")[0]
    found = [(entry, _count(words, entry)) for entry in table("order_sign")]
    surplus = sum(number if entry["order"] == "visual" else -number for entry, number in found)
    proofs = sum(number for entry, number in found if entry.get("proof"))
    return bool(surplus >= threshold["margin"] and proofs >= threshold["proofs"])
