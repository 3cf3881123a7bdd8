"""Read dates: absolute in every month system, told from the day of writing, told from an event.

`find_dates` finds the phrases of a text; `link_dates` dates those told from an event that the text dates
elsewhere. Words and phrases live in the rule tables of ``dates.toml``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo.arabic.normalize import Tokenized
from geo.errors import InputError
from geo.model import Span, TimeExpression
from geo.reading.dates.anchored import times_at
from geo.reading.dates.calendar import Interval
from geo.reading.dates.link import link_dates, resolve_anchor
from geo.reading.dates.vocabulary import TATWEEL, Hit, Scan, may_start_at, unglued

__all__ = ["find_dates", "link_dates", "resolve_anchor"]


def find_dates(doc: Tokenized, *, document_date: str = "") -> tuple[TimeExpression, ...]:
    """Find every date phrase of a text.

    Parameters
    ----------
    doc : Tokenized
        The text, from `geo.arabic.normalize.tokenize`.
    document_date : str
        ISO day of writing. Without it, phrases told from that day stay symbolic: ``relative_to`` is
        ``"document"`` and they have no days.

    Returns
    -------
    tuple of TimeExpression
        In text order; the date of an anchor lies inside the phrase told from it.

    Raises
    ------
    InputError
        If ``document_date`` is given and is no ISO day.

    Examples
    --------
    >>> from geo.arabic.normalize import tokenize
    >>> [time.edtf for time in find_dates(tokenize("عقب غزو العراق عام 2003"))]
    ['2003/..', '2003']
    >>> find_dates(tokenize("قبل يومين"), document_date="2019-03-05")[0].date_start
    '2019-03-03'
    """
    scan = Scan(doc, unglued(doc.tokens), _today(document_date))
    found: list[TimeExpression] = []
    index = 0
    while index < len(scan.tokens):
        hits = times_at(scan, index) if may_start_at(scan, index) else []
        if not hits and not scan.since:
            index += 1
            continue
        found.extend(_expression(scan, hit) for hit in hits if hit.interval is not None)
        behind = max([index + 1, *(hit.end for hit in hits)])
        if hits or (scan.since and behind < len(scan.tokens)):
            scan = _with_year(scan, hits, index, behind)
        index = behind
    return tuple(sorted(found, key=lambda time: (time.start, -time.end)))


def _with_year(scan: Scan, hits: list[Hit], index: int, behind: int) -> Scan:
    """Remember the last day or month with a year, up to the end of its sentence."""
    if behind >= len(scan.tokens) or scan.tokens[behind].sentence != scan.tokens[index].sentence:
        return replace(scan, since=None) if scan.since else scan
    told = [hit.interval for hit in hits if hit.interval and not hit.relative_to and not hit.offset]
    days = [when.first for when in told if when.precision == 1 or _is_month(when)]
    return replace(scan, since=days[-1]) if days else scan


def _is_month(when: Interval) -> bool:
    """Say whether an interval is a month of a year."""
    return when.precision == 4 and len(when.edtf) == len("2019-03")


def _today(document_date: str) -> date | None:
    """Return the day of writing."""
    if not document_date:
        return None
    try:
        return date.fromisoformat(document_date)
    except ValueError:
        expected = "expected an ISO day such as 2019-03-05, or nothing if it is unknown"
        raise InputError(f"document date {document_date!r}: {expected}") from None


def _expression(scan: Scan, hit: Hit) -> TimeExpression:
    """Turn tokens into offsets of the original text."""
    text, interval = scan.doc.text, hit.interval
    start, end = _offsets(scan, hit.start, hit.end, hit.cut)
    if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")":
        end += 1
    elif text.count(")", start, end) > text.count("(", start, end) and text[start - 1 : start] == "(":
        start -= 1
    anchor = None
    if hit.anchor:
        first, last = _offsets(scan, *hit.anchor, 0)
        anchor = Span(first, last, text[first:last])
    return TimeExpression(
        start=start,
        end=end,
        text=text[start:end],
        date_start=interval.first.isoformat() if interval and interval.first else None,
        date_end=interval.last.isoformat() if interval and interval.last else None,
        precision=interval.precision if interval else None,
        edtf=interval.edtf if interval else "",
        relative_to=hit.relative_to,
        anchor=anchor,
        offset=hit.offset,
    )


def _offsets(scan: Scan, first: int, end: int, cut: int) -> tuple[int, int]:
    """Return the offsets of tokens in the text, the proclitics of the first cut off."""
    start = scan.tokens[first].start
    if cut:
        start = scan.doc.folded.origin[scan.origin(first) + cut]
    stop = scan.tokens[end - 1].end
    while scan.doc.text[stop : stop + 1] == TATWEEL:
        stop += 1
    return start, stop
