"""Choose the date of an event: the nearest date phrase of its clause, then of its sentence.

Phrases told from another event ("a year before this visit") were dated before, by
`geo.reading.dates.link_dates`; the event that such a phrase is told from never takes it as its own date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.arabic import Tokenized
from geo.model import TimeExpression
from geo.reading.clauses import Clause, is_complementizer
from geo.reading.triggers import Trigger


@dataclass(frozen=True, slots=True)
class Dated:
    """Hold the date phrase of an event and why it was chosen."""

    time: TimeExpression | None
    reason: str


def choose_time(
    doc: Tokenized, trigger: Trigger, clause: Clause, stop: int, times: Sequence[TimeExpression]
) -> Dated:
    """Return the date phrase of an event.

    Parameters
    ----------
    doc : Tokenized
    trigger : Trigger
    clause : Clause
    stop : int
        The token at which the next event of the clause begins.
    times : sequence of TimeExpression

    Returns
    -------
    Dated
        ``time`` is ``None`` where the sentence has no date.
    """
    start, end = doc.tokens[trigger.first].start, doc.tokens[trigger.last - 1].end
    begin, finish = doc.tokens[clause.first].start, doc.tokens[clause.last - 1].end
    own_end = doc.tokens[min(stop, clause.last) - 1].end
    sentence_start, sentence_end = doc.sentences[clause.sentence]
    limit = _said(doc, trigger, clause)
    usable = [t for t in times if sentence_start <= t.start < min(sentence_end, limit)]
    usable = [t for t in usable if not _names(t, start, end)]

    def rank(time: TimeExpression) -> tuple[int, int, int]:
        inside = begin <= time.start < finish
        own = inside and start <= time.start < own_end
        distance = time.start - end if time.start >= end else start - time.end
        return (0 if own else 1 if inside else 2, 0 if time.date_start or time.date_end else 1, abs(distance))

    if not usable:
        return Dated(None, "no date: the sentence gives none")
    best = min(usable, key=rank)
    where = ("in its own part of the clause", "in its clause", "in its sentence")[rank(best)[0]]
    return Dated(best, f"date {best.text!r} {where}")


def _said(doc: Tokenized, trigger: Trigger, clause: Clause) -> int:
    """Return the offset at which "that" opens what was said behind the trigger: dates there are others'."""
    tail = (t.start for t in doc.tokens[trigger.last : clause.last] if is_complementizer(t.key))
    return next(tail, len(doc.text) + 1)


def _names(time: TimeExpression, start: int, end: int) -> bool:
    """Say whether the phrase is told from this very event ("since the visit")."""
    anchor = time.anchor
    return anchor is not None and anchor.start < end and start < anchor.end


def names_known_event(
    trigger_start: int, trigger_end: int, times: Sequence[TimeExpression]
) -> TimeExpression | None:
    """Return the date phrase whose anchor a trigger stands in, if there is one."""
    return next((time for time in times if _names(time, trigger_start, trigger_end)), None)
