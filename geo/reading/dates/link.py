"""Give times told from an event the date that the text states for that event elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from geo.arabic.normalize import Tokenized, strict_key
from geo.arabic.rules import table
from geo.model import TimeExpression
from geo.reading.dates.anchored import head_noun
from geo.reading.dates.calendar import Interval, opened
from geo.reading.dates.relative import move, period_of
from geo.reading.dates.vocabulary import keys_of

_DURATION = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?")
_REACH = 2
_NAME = 10


def link_dates(times: Sequence[TimeExpression], doc: Tokenized) -> tuple[TimeExpression, ...]:
    """Date the times that are told from an event, where the text dates that event.

    An anchor with a noun of happening takes the date that the same noun has in the same sentence or the two
    before; "since then" takes the nearest dated phrase before it there. Others stay symbolic.

    Parameters
    ----------
    times : sequence of TimeExpression
        In text order, from `geo.reading.dates.find_dates`.
    doc : Tokenized
        The text they were found in.

    Returns
    -------
    tuple of TimeExpression
        The same phrases in the same order.

    Examples
    --------
    >>> from geo.arabic.normalize import tokenize
    >>> from geo.reading.dates import find_dates
    >>> doc = tokenize("كانت الزيارة في يناير 2017. وسبق هذه الزيارة بعام كشف المؤامرة.")
    >>> linked = link_dates(find_dates(doc), doc)
    >>> linked[1].edtf, linked[1].precision
    ('2016-01~', 5)
    """
    linked: list[TimeExpression] = []
    for time in times:
        anchor = resolve_anchor(time, linked, doc)
        linked.append(_dated(time, anchor) if anchor else time)
    return tuple(linked)


def resolve_anchor(
    time: TimeExpression, earlier: Sequence[TimeExpression], doc: Tokenized
) -> TimeExpression | None:
    """Find the time at which the anchor of a time happened.

    Parameters
    ----------
    time : TimeExpression
    earlier : sequence of TimeExpression
        The times before it in the text, already linked.
    doc : Tokenized

    Returns
    -------
    TimeExpression or None
    """
    if time.relative_to != "event" or time.anchor is None or time.date_start or time.date_end:
        return None
    here = _sentence(doc, time.start)
    near = takewhile(lambda other: here - _sentence(doc, other.start) <= _REACH, reversed(earlier))
    dated = [other for other in near if other.end <= time.start and other.date_start][::-1]
    first = bisect_right(doc.tokens, time.anchor.start, key=lambda token: token.end)
    last = bisect_left(doc.tokens, time.anchor.end, key=lambda token: token.start)
    words = [token.key for token in doc.tokens[first:last]]
    pointing = words[0] in keys_of("this_word", "words")
    head = words[1] if pointing and len(words) > 1 else words[0]
    noun = head_noun(head)
    if noun:
        told = frozenset(words) - {head} - keys_of("this_word", "words")
        known = [other for other in dated if other.relative_to != "event"]
        return _date_of_noun(noun, told, time.start, known, doc)
    unit = _calendar_unit(time)
    if unit == "D":
        dated = [other for other in dated if other.precision in (1, 2)]
    pointing = pointing or bool(unit) or words[0] in keys_of("anchor_phrase", "phrases", pronoun=True)
    return dated[-1] if dated and pointing else None


def _calendar_unit(time: TimeExpression) -> str:
    """Return the unit of a phrase such as "the next day", whose day follows the calendar; else nothing."""
    key = strict_key(time.anchor.text) if time.anchor else ""
    rows = (entry for entry in table("anchor_phrase") if entry.get("unit"))
    return next((str(row["unit"]) for row in rows if key in map(strict_key, row["phrases"])), "")


def _date_of_noun(
    noun: str, told: frozenset[str], limit: int, dated: Sequence[TimeExpression], doc: Tokenized
) -> TimeExpression | None:
    """Find the date that follows an earlier mention of a noun in its sentence.

    Where the anchor says more than the noun (``told``), the earlier mention must share a word of it.
    """
    here = _sentence(doc, limit)
    for number in range(here, max(-1, here - _REACH - 1), -1):
        begin, end = doc.ranges[number]
        for index in range(end - 1, begin - 1, -1):
            token = doc.tokens[index]
            if token.start >= limit or head_noun(token.key) != noun:
                continue
            around = {other.key for other in doc.tokens[index + 1 : min(end, index + _NAME)]}
            if told and not told & around:
                continue
            found = [other for other in dated if token.start < other.start < doc.tokens[end - 1].end]
            if found:
                return found[0]
    return None


def _sentence(doc: Tokenized, offset: int) -> int:
    """Return the number of the sentence that holds an offset."""
    return max(0, bisect_right(doc.sentences, offset, key=lambda sentence: sentence[0]) - 1)


def _dated(time: TimeExpression, anchor: TimeExpression) -> TimeExpression:
    """Set the days of a time from those of its anchor."""
    base = Interval(_day(anchor.date_start), _day(anchor.date_end), anchor.precision, anchor.edtf)
    if time.offset in ("after", "since", "before"):
        whole = base if base.last else replace(base, last=base.first, edtf=anchor.edtf.partition("/")[0])
        found: Interval | None = opened(whole, time.offset)
    elif (unit := _calendar_unit(time)) and base.first:
        found = period_of(base.first, unit, int(re.sub(r"[^-0-9]", "", time.offset)))
    else:
        found = _moved(base, time.offset)
    if found is None:
        return time
    return replace(
        time,
        date_start=found.first.isoformat() if found.first else None,
        date_end=found.last.isoformat() if found.last else None,
        precision=found.precision,
        edtf=found.edtf,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moved(base: Interval, offset: str) -> Interval | None:
    """Move an interval by an ISO 8601 duration."""
    match = _DURATION.fullmatch(offset)
    if match is None:
        return None
    sign = -1 if match[1] else 1
    years, months, weeks, days = (int(group or 0) for group in match.groups()[1:])
    if weeks or days:
        return move(base, sign * (weeks * 7 + days), "D")
    if months == 0:
        return move(base, sign * years, "Y")
    return move(base, sign * (years * 12 + months), "M")
