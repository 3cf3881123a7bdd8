"""Apply what people corrected to what was read: human edits win, and every disagreement is told.

Mentions are corrected before the events are read, so that events follow the places; events at the end. A
correction finds its words by their offsets, or in a text that was edited by the words around them. A name
that is no longer read is put back. Later corrections win over earlier ones; both are told.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from geo.arabic import strict_key, table
from geo.errors import InputError
from geo.model import Article, Event, Footprint, Location, Mention, Reading, Role
from geo.places import Gazetteer
from geo.places.hierarchy import great_circle_km
from geo.reading.location import at_footprint, at_mention
from geo.tables.corrections import Correction, Target, event_value, place_of_value, place_value, text_hash

_NEEDED = 8
_MOVED_KM = 10.0
_OFFERED = 6
_NO_PLACE = (Reading.PERSON, Reading.MEDIA)


@dataclass(slots=True)
class _Book:
    """Remember who set which value, and collect what is to be told."""

    notes: list[str] = field(default_factory=list)
    setters: dict[tuple[Any, str], Correction] = field(default_factory=dict)

    def check(self, at: Any, record: Correction, now: Any, name: str) -> None:
        """Note a value that is not the one the person saw, and people who disagree."""
        before = self.setters.get((at, record.field))
        seen = record.old if record.target.kind == "name" else [record.old]
        values = [_plain(record.field, value) for value in seen or [None]]
        here, new = _plain(record.field, now), _plain(record.field, record.new)
        if before is not None and before.who != record.who and new != here:
            self.notes.append(
                f"{name}: {before.who} made the {record.field} {_words(before)} on {before.when[:10]}, "
                f"{record.who} made it {_words(record)} on {record.when[:10]}: the later one stands"
            )
        elif here not in values and here != new:
            who = "the text is now read as" if before is None else f"{before.who} had made it"
            self.notes.append(
                f"{name}: {who} {_short(record.field, now)} where {record.who} saw "
                f"{_short(record.field, seen[0] if seen else None)} on {record.when[:10]}; "
                f"the correction to {_words(record)} stands"
            )
        self.setters[at, record.field] = record


def correct_mentions(
    article: Article, mentions: Sequence[Mention], records: Iterable[Correction], gazetteer: Gazetteer
) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
    """Apply the corrections of readings and places.

    Parameters
    ----------
    article : Article
    mentions : sequence of Mention
        As read.
    records : iterable of Correction
        Those in force for this article, in order; of events they are left alone.
    gazetteer : Gazetteer
        Gives the present rows of places, and candidates for names that people added.

    Returns
    -------
    tuple of (tuple of Mention, tuple of str)
        The mentions, some changed or added, and a note for each disagreement.

    Examples
    --------
    >>> from geo.places import Gazetteer
    >>> correct_mentions(Article("a", ""), (), (), Gazetteer.open())
    ((), ())
    """
    book, found = _Book(), list(mentions)
    for record in records:
        if record.target.kind not in ("mention", "name"):
            continue
        start = find_again(article, record)
        if start is None:
            book.notes.append(_lost(record))
            continue
        found, here = _with_span(found, start, record, gazetteer, book)
        for index in _aimed(found, here, record):
            now = _value(found[index], record.field)
            book.check(found[index].start, record, now, repr(found[index].text))
            found[index] = _corrected(found[index], record, gazetteer, book)
    return tuple(found), tuple(dict.fromkeys(book.notes))


def find_again(article: Article, record: Correction) -> int | None:
    """Return where the words of a correction begin in a text, or None if they are no longer there.

    Parameters
    ----------
    article : Article
    record : Correction
        If the text is another one than the person saw, eight characters around the words must agree.

    Examples
    --------
    >>> target = Target("mention", 2, 4, "cd", "", "ab", "ef")
    >>> find_again(Article("a", "abcdef"), Correction("", "", "a", "", target, "place", None, None)) is None
    True
    """
    target, text = record.target, article.text
    if record.sha256 == text_hash(text):
        return target.start if text[target.start : target.end] == target.text else None
    starts = [match.start() for match in re.finditer(re.escape(target.text), text)] if target.text else []
    ranked = [(_agreement(target, text, start), -abs(start - target.start), start) for start in starts]
    agreed, _, best = max(ranked, default=(0, 0, 0))
    return best if agreed >= _NEEDED else None


def _agreement(target: Target, text: str, start: int) -> int:
    """Return how many characters around the words are as they were."""
    end = start + len(target.text)
    before = text[max(0, start - len(target.before)) : start]
    return _common(target.before[::-1], before[::-1]) + _common(target.after, text[end:])


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _lost(record: Correction) -> str:
    return (
        f"{record.target.text!r}: {record.who} corrected its {record.field} to {_words(record)} on "
        f"{record.when[:10]}, but the text no longer has these words there; nothing was changed"
    )


def _with_span(
    found: list[Mention], start: int, record: Correction, gazetteer: Gazetteer, book: _Book
) -> tuple[list[Mention], int]:
    """Return the mentions and which of them has the words; a name that is not read is put there."""
    end, text = start + len(record.target.text), record.target.text
    over = [index for index, mention in enumerate(found) if mention.start < end and start < mention.end]
    exact = [index for index in over if found[index].text == text]
    if over:
        index = (exact or over)[0]
        if not exact:
            book.notes.append(
                f"{text!r}: now read as {found[index].text!r}; what {record.who} corrected on "
                f"{record.when[:10]} goes for that"
            )
        return found, index
    if not adds_name(record):
        book.notes.append(
            f"{text!r}: no longer read as a name; put back, as {record.who} corrected it on "
            f"{record.when[:10]}"
        )
    candidates = tuple(gazetteer.lookup(text)[:_OFFERED])
    back = Mention(start, end, text, Reading.LITERAL, candidates=candidates)
    at = sum(mention.start < start for mention in found)
    moved = [
        replace(mention, containers=tuple(number + (number >= at) for number in mention.containers))
        for mention in found
    ]
    return [*moved[:at], back, *moved[at:]], at


def adds_name(record: Correction) -> bool:
    """Say whether a correction adds a name that was not read: it had no reading before.

    Examples
    --------
    >>> adds_name(Correction("", "", "a", "", Target("mention", 0, 1, "x"), "reading", None, "literal"))
    True
    """
    return record.field == "reading" and record.old is None


def _aimed(found: Sequence[Mention], here: int, record: Correction) -> list[int]:
    """Return the mentions a correction changes: one, or all of its name that may have what it sets."""
    if record.target.kind == "mention":
        return [here]
    key = strict_key(record.target.text)
    same = [index for index, mention in enumerate(found) if strict_key(mention.text) == key]
    if record.field == "place":
        same = [index for index in same if found[index].reading not in _NO_PLACE]
    return sorted({here, *same})


def _value(mention: Mention, name: str) -> Any:
    return mention.reading.value if name == "reading" else place_value(mention.place)


def _corrected(mention: Mention, record: Correction, gazetteer: Gazetteer, book: _Book) -> Mention:
    reasons = (said(record), *mention.reasons)
    if record.field == "reading":
        reading = Reading(record.new)
        free = reading is Reading.LITERAL
        return replace(
            mention,
            reading=reading,
            place=None if reading in _NO_PLACE else mention.place,
            confidence=1.0,
            reasons=reasons,
            block=None if free else mention.block,
        )
    kept = place_of_value(record.new)
    place = kept
    if kept is not None:
        present = gazetteer.by_id(kept.id)
        place = present or kept
        if present is None:
            book.notes.append(
                f"{mention.text!r}: {kept.name} ({kept.id}) is not in the gazetteer any more; "
                f"it stands as {record.who} saw it on {record.when[:10]}"
            )
        elif (moved := great_circle_km(kept.lon, kept.lat, present.lon, present.lat)) > _MOVED_KM:
            book.notes.append(
                f"{mention.text!r}: {kept.name} ({kept.id}) has moved by {moved:.0f} km in the gazetteer "
                f"since {record.who} chose it on {record.when[:10]}"
            )
    return replace(mention, place=place, confidence=1.0, reasons=reasons)


def said(record: Correction) -> str:
    """Return the reason a correction gives: by whom, when, why.

    Examples
    --------
    >>> target = Target("mention", 0, 1, "x")
    >>> said(Correction("2026-03-01T10:00:00Z", "Nada", "a", "", target, "type", "visit", "clash", "a typo"))
    'type corrected by Nada on 2026-03-01: a typo'
    """
    why = f": {record.why}" if record.why else ""
    same = _plain(record.field, record.old) == _plain(record.field, record.new)
    done = f"{record.field} {'confirmed' if same else 'corrected'}"
    return f"{'name added' if adds_name(record) else done} by {record.who} on {record.when[:10]}{why}"


def correct_events(
    article: Article,
    events: Sequence[Event],
    mentions: Sequence[Mention],
    footprints: Sequence[Footprint],
    records: Iterable[Correction],
) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """Apply the corrections of events: their status, type, date and place.

    Parameters
    ----------
    article : Article
    events : sequence of Event
        Read from the corrected mentions.
    mentions : sequence of Mention
    footprints : sequence of Footprint
    records : iterable of Correction
        Those in force for this article, in order.

    Returns
    -------
    tuple of (tuple of Event, tuple of str)
        The events, and a note for each disagreement. A rejected event stays, with that status.
    """
    book, found = _Book(), list(events)
    for record in records:
        if record.target.kind != "event":
            continue
        index = _event_at(article, found, record)
        if index is None:
            book.notes.append(
                f"event {record.target.text!r}: {record.who} set its {record.field} to {_words(record)} on "
                f"{record.when[:10]}, but no event is read there any more; nothing was changed"
            )
            continue
        event = found[index]
        now = event_value(event, record.field, mentions, footprints)
        book.check(index, record, now, f"event {event.trigger.text!r}")
        try:
            found[index] = _edited(event, record, mentions, footprints)
        except InputError as error:
            book.notes.append(f"event {event.trigger.text!r}: {error}")
    return tuple(found), tuple(dict.fromkeys(book.notes))


def _event_at(article: Article, events: Sequence[Event], record: Correction) -> int | None:
    """Return the event a correction is about: the same identifier, else the first whose trigger overlaps."""
    for index, event in enumerate(events):
        if event.id == record.target.id:
            return index
    start = find_again(article, record)
    if start is None:
        return None
    end = start + len(record.target.text)
    near = (i for i, event in enumerate(events) if event.trigger.start < end and start < event.trigger.end)
    return next(near, None)


def _edited(
    event: Event, record: Correction, mentions: Sequence[Mention], footprints: Sequence[Footprint]
) -> Event:
    reasons = (said(record), *event.reasons)
    if record.field == "status":
        confidence = 1.0 if record.new == "accepted" else event.confidence
        return replace(event, status=record.new, confidence=confidence, reasons=reasons)
    edited = "edited" if event.status == "auto" else event.status
    event = replace(event, status=edited, reasons=reasons)
    if record.field == "type":
        plover, acled = _codes().get(record.new, (None, None))
        return replace(event, type=record.new, plover=plover, acled=acled)
    if record.field == "date":
        return replace(event, date_text="", **_dates(record.new))
    return replace(event, location=_location(event, record, mentions, footprints))


@cache
def _codes() -> Mapping[str, tuple[str | None, str | None]]:
    """Return for each type the PLOVER and ACLED codes of its first trigger."""
    names = {str(entry["name"]): str(entry["acled"]) for entry in table("acled_subtype")}
    codes: dict[str, tuple[str | None, str | None]] = {}
    for entry in table("trigger"):
        sub = entry.get("acled_sub")
        acled = None if sub is None else f"{names[sub]}: {sub}"
        codes.setdefault(str(entry["type"]), (entry.get("plover"), acled))
    return codes


def _dates(value: Sequence[str] | None) -> dict[str, Any]:
    """Return the date cells of two ISO days; their UCDP precision follows from their distance."""
    if value is None:
        return {"date_start": None, "date_end": None, "date_precision": None, "edtf": ""}
    try:
        first, last = (datetime.date.fromisoformat(day) for day in value)
    except (TypeError, ValueError) as error:
        raise InputError(f"the corrected date {value!r} is no pair of days like 2024-03-02") from error
    days = (last - first).days + 1
    if days < 1:
        raise InputError(f"the corrected date {value!r} ends before it begins")
    precision = next(code for code, most in enumerate((1, 6, 8, 31, math.inf), start=1) if days <= most)
    edtf = first.isoformat() if days == 1 else f"{first.isoformat()}/{last.isoformat()}"
    return {
        "date_start": first.isoformat(),
        "date_end": last.isoformat(),
        "date_precision": precision,
        "edtf": edtf,
    }


def _location(
    event: Event, record: Correction, mentions: Sequence[Mention], footprints: Sequence[Footprint]
) -> Location | None:
    """Return the location at the mention or footprint whose words the correction names."""
    if record.new is None:
        return None
    role = event.location.role if event.location is not None else Role.EVENT
    start, text = record.new["start"], record.new["text"]
    spans: tuple[Sequence[Mention | Footprint], ...] = (footprints, mentions)
    for places in spans:
        same = [index for index, span in enumerate(places) if span.text == text]
        if same:
            index = min(same, key=lambda i: abs(places[i].start - start))
            if places is footprints:
                return at_footprint(footprints, index, role, mentions)
            return at_mention(mentions, index, role)
    raise InputError(f"its corrected place {text!r} is no place of the text any more; nothing was changed")


def _plain(name: str, value: Any) -> Any:
    """Return a value in a form that can be compared: a place is its identifier, a span its words."""
    if isinstance(value, Mapping):
        return value.get("id") if name == "place" else value.get("text")
    return tuple(value) if isinstance(value, list) else value


def _words(record: Correction) -> str:
    return _short(record.field, record.new)


def _short(name: str, value: Any) -> str:
    """Return a value in words, for a note."""
    if value is None:
        return "no place" if name in ("place", "location") else "nothing"
    if isinstance(value, Mapping):
        where = ", ".join(filter(None, (value.get("country"), value.get("id"))))
        return f"{value.get('name') or value.get('text')!r}" + (f" ({where})" if where else "")
    return " to ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
