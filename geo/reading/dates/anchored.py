"""Read times told from an event or open at one end: since the visit, a year before, after 2011.

The words that name the event are kept as the anchor; its date, if the phrase itself gives it, becomes a
date of its own and opens the interval.
"""

from __future__ import annotations

from functools import cache

from geo.arabic.clitics import article, clitic_splits
from geo.arabic.normalize import strict_key
from geo.arabic.number_words import number_word, parse_ordinal
from geo.arabic.numbers import hedge_at, parse_number
from geo.arabic.rules import table
from geo.reading.dates.calendar import duration, opened, unknown
from geo.reading.dates.points import point_at, range_at, until_at
from geo.reading.dates.relative import Duration, ago, ahead, duration_at
from geo.reading.dates.vocabulary import (
    Hit,
    Match,
    Scan,
    digits_at,
    keys_of,
    match,
    phrases_of,
    words_of,
)

_LONGEST_NAME = 6


def times_at(scan: Scan, index: int) -> list[Hit]:
    """Read the time that begins at a token; an anchored one brings the date of its anchor along.

    Returns
    -------
    list of Hit
        Empty if no time begins there; the outer phrase first.
    """
    hits = _phrase_at(scan, index) or _verb_at(scan, index)
    if hits:
        return hits
    hit = range_at(scan, index) or point_at(scan, index)
    if hit:
        return [(until_at(scan, hit) or hit) if hit.interval else hit]
    return _opening_at(scan, index)


# ---------------------------------------------------------------- openings


def _opening_at(scan: Scan, index: int) -> list[Hit]:
    """Read "since", "after", "before" or "until" with the time or event behind."""
    found = match(phrases_of("opening"), scan, index)
    if found is None or not scan.near(found.end, "("):
        return []
    offset = str(found.value["offset"])
    inner = range_at(scan, found.end) or point_at(scan, found.end, cued=True)
    if inner and not inner.cut:
        return [_opened(scan, index, found, inner, offset)]
    if offset == "until":
        return []
    return _counted(scan, index, found, offset) or _named(scan, index, found, offset)


def _opened(scan: Scan, index: int, found: Match, inner: Hit, offset: str) -> Hit:
    """Open the interval of a date; "since A until B" is closed."""
    if inner.interval is None:
        return Hit(index, inner.end, found.cut, None)
    closed = until_at(scan, inner)
    if closed and closed.interval:
        return Hit(index, closed.end, found.cut, closed.interval, closed.relative_to)
    return Hit(index, inner.end, found.cut, opened(inner.interval, offset), inner.relative_to, offset)


def _counted(scan: Scan, index: int, found: Match, offset: str) -> list[Hit]:
    """Read a length of time behind "before", "since" or "after", with the event it is counted from."""
    length = duration_at(scan, found.end)
    if length is None or length.cut:
        return []
    now = match(words_of("now"), scan, length.end, clitics=False) if scan.near(length.end) else None
    if now and length.size is not None and offset == "after":
        return [told_ahead(scan, index, found.cut, length._replace(end=now.end))]
    name = _counted_from(scan, length.end)
    if name and offset != "since":
        return [_from_anchor(index, found.cut, name[1], length, offset, name)]
    if offset == "after":
        if length.size is None:
            return []
        return [_from_anchor(index, found.cut, length.end, length, offset, None)]
    told = ago(scan, length, offset)
    return [Hit(index, length.end, found.cut, told[0], "document", told[1])] if told else []


def told_ahead(scan: Scan, index: int, cut: int, length: Duration) -> Hit:
    """Build the time some length after the day of writing: ``بعد عامين من الآن``."""
    size = length.size or 0.0
    return Hit(index, length.end, cut, ahead(scan, length), "document", duration(size, length.code))


def _counted_from(scan: Scan, index: int) -> tuple[int, int] | None:
    """Read the event behind "from": ``بعد يومين من الزيارة``."""
    if (
        not scan.near(index)
        or scan.key(index) not in keys_of("from_event", "words")
        or not scan.near(index + 1)
    ):
        return None
    return name_at(scan, index + 1, any_noun=True)


def _from_anchor(
    index: int, cut: int, end: int, length: Duration, offset: str, anchor: tuple[int, int] | None
) -> Hit:
    """Build a time some length before or after an event."""
    if length.size is None or not length.sure:
        symbol = offset
    else:
        symbol = duration(-length.size if offset == "before" else length.size, length.code)
    return Hit(index, end, cut, unknown(), "event", symbol, anchor)


def _named(scan: Scan, index: int, found: Match, offset: str) -> list[Hit]:
    """Read an event behind "since", "after" or "before", with its own date or the time between."""
    name = name_at(scan, found.end, any_noun=offset == "since")
    if name is None:
        return []
    by = _by(scan, name[1])
    if by and offset != "since":
        return [_from_anchor(index, found.cut, by.end, by, offset, name)]
    inner = _date_of(scan, name)
    if inner is None or inner.interval is None:
        return [Hit(index, name[1], found.cut, unknown(), "event", offset, name)]
    interval = opened(inner.interval, offset)
    return [Hit(index, inner.end, found.cut, interval, "event", offset, name), inner]


def _date_of(scan: Scan, name: tuple[int, int]) -> Hit | None:
    """Read the date inside or right behind the name of an event."""
    start, end = name
    for at in range(start + 1, end):
        inner = point_at(scan, at)
        if inner and inner.interval and inner.end == end and not inner.relative_to:
            return inner
    if not scan.near(end, "("):
        return None
    cue = scan.key(end) in keys_of("date_word", "words", part="at") and scan.near(end + 1)
    return point_at(scan, end + 1 if cue else end)


# ---------------------------------------------------------------- phrases and verbs


def _phrase_at(scan: Scan, index: int) -> list[Hit]:
    """Read "since then", "a year before that", "earlier"."""
    found = match(phrases_of("anchor_phrase", "phrases"), scan, index)
    if found is None:
        return []
    offset = str(found.value["offset"])
    of = match(words_of("of"), scan, found.end, clitics=False) if scan.near(found.end) else None
    told = point_at(scan, of.end if of else found.end) if scan.near(found.end) else None
    if told and told.interval:
        return []
    pronoun = (index + 1, found.end) if found.value.get("pronoun") and found.end > index + 1 else None
    if found.value.get("unit"):
        return [Hit(index, found.end, found.cut, unknown(), "event", offset, (index, found.end))]
    by = _by(scan, found.end)
    if by:
        return [_from_anchor(index, found.cut, by.end, by, offset, pronoun or (index, found.end))]
    return [Hit(index, found.end, found.cut, unknown(), "event", offset, pronoun)]


def _verb_at(scan: Scan, index: int) -> list[Hit]:
    """Read a verb that puts an event some time before or after another: ``سبق هذه الزيارة بعام``."""
    found = match(phrases_of("anchor_verb"), scan, index)
    if found is None or not scan.near(found.end):
        return []
    offset = str(found.value["offset"])
    by = _by(scan, found.end)
    if by:
        return [_from_anchor(index, found.cut, by.end, by, offset, None)]
    name = name_at(scan, found.end, any_noun=True)
    by = _by(scan, name[1]) if name else None
    return [_from_anchor(index, found.cut, by.end, by, offset, name)] if by else []


def _by(scan: Scan, index: int) -> Duration | None:
    """Read "by" and a length of time: ``بعام``, ``بثلاثة أيام``."""
    if not scan.near(index) or not scan.key(index).startswith(_locative()):
        return None
    length = duration_at(scan, index)
    if length is None or any(split.core == scan.key(index) for split in clitic_splits(scan.key(index))[1:]):
        return None
    return length


@cache
def _locative() -> str:
    """Return the proclitic that says "in" or "by"."""
    return next(str(entry["letter"]) for entry in table("preposition") if entry["relation"] == "in")


# ---------------------------------------------------------------- names of events


def name_at(scan: Scan, index: int, any_noun: bool = False) -> tuple[int, int] | None:
    """Read the name of an event at a token: a noun of happening and the words that belong to it.

    Parameters
    ----------
    scan : Scan
    index : int
    any_noun : bool
        Whether any word that is no particle will do, as behind "since".

    Returns
    -------
    tuple of int or None
        Token indices, end exclusive.
    """
    head = index
    if scan.key(index) in keys_of("this_word", "words") and scan.near(index + 1):
        head = index + 1
    key = scan.key(head)
    if not key or key[0].isdigit() or key in keys_of("anchor_stop", "words") or number_word(key):
        return None
    if key in keys_of("no_anchor", "words") or not (any_noun or head_noun(key)):
        return None
    if hedge_at(scan.tokens, head) or parse_number(scan.tokens, head):
        return None
    if scan.near(head + 1) and (digits_at(scan, head + 1) or parse_ordinal(scan.tokens, head + 1)):
        dated = point_at(scan, head + 1)
        if dated and dated.end > head + 2:
            return index, dated.end
    return index, _end_of_name(scan, head)


def head_noun(key: str) -> str:
    """Return the noun of happening that a word is, without article and possessive, or nothing.

    Examples
    --------
    >>> head_noun("زيارته") == head_noun("الزياره") == "زياره"
    True
    """
    return next((noun for split in clitic_splits(key) if (noun := _bare_noun(split.core))), "")


def _bare_noun(core: str) -> str:
    nouns = keys_of("anchor_noun", "nouns")
    for form in (core, core.removeprefix(article())):
        if form in nouns:
            return form
        for ending in sorted(keys_of("pronoun", "endings"), key=len, reverse=True):
            stem = form.removesuffix(ending)
            if stem != form and (stem in nouns or stem[:-1] + _closed() in nouns):
                return stem if stem in nouns else stem[:-1] + _closed()
    return ""


@cache
def _closed() -> str:
    """Return the letter that a feminine noun shows again where its possessive is cut off."""
    return strict_key(table("pronoun")[0]["closed"])


def _end_of_name(scan: Scan, head: int) -> int:
    """Return the index behind the words that belong to a noun: its genitive, then its adjectives."""
    end = head + 1
    if not scan.tokens[head].raw.startswith(article()) and _belongs(scan, end):
        end += 1
    while end - head < _LONGEST_NAME and _belongs(scan, end) and scan.tokens[end].raw.startswith(article()):
        end += 1
    return end


def _belongs(scan: Scan, index: int) -> bool:
    """Say whether a word may go on with the name of an event."""
    key = scan.key(index)
    if not scan.near(index) or key in keys_of("anchor_stop", "words") or key[0].isdigit():
        return False
    if scan.tokens[index].raw.startswith(article()):
        return point_at(scan, index) is None
    return not _by(scan, index) and key[:2] != article()[1] * 2 and point_at(scan, index) is None
