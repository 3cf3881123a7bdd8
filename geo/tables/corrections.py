"""Keep what people corrected: an append-only log, one JSON record a line, that every later parse honours.

A record says who changed what, when, from which value to which, and why; taking a change back is a record
too. Lines are added whole, under a lock, and forced to disk; a line that a crash tore is reported and left
out. What the log means for a document is decided in `geo.reading.corrected`.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as default
from pathlib import Path
from typing import IO, Any

from geo.errors import InputError
from geo.model import Article, Event, Footprint, Mention, Place, Reading
from geo.tables.files import lock

LOG = logging.getLogger(__name__)
FIELDS: Mapping[str, tuple[str, ...]] = {
    "mention": ("reading", "place"),
    "name": ("reading", "place"),
    "event": ("status", "type", "date", "location"),
    "record": ("undo",),
}
"""What can be corrected: fields by kind of target."""
STATUSES = ("auto", "accepted", "edited", "rejected")
CONTEXT = 24
"""Characters kept on each side of a target, to find it again in a text that was edited."""
_KEYS = ("when", "who", "doc", "sha256", "target", "field", "old", "new", "why", "versions")
_WORDS = ("when", "who", "doc", "sha256", "why")
_OFFSETS = ("start", "end")
_PLACE_WORDS = ("id", "name", "name_ar")
_PLACE_NUMBERS = ("lon", "lat", "population", "uncertainty_km")
_EXPECTED = {
    "reading": f"one of {[str(reading) for reading in Reading]}",
    "status": f"one of {list(STATUSES)}",
    "type": "the name of a type",
    "date": "null or two days in order, like ['2024-03-01', '2024-03-02']",
    "place": f"null or a place with {[*_PLACE_WORDS, 'lon', 'lat']}",
    "location": "null or the span of a mention or footprint: start, end, text",
}


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, as the tables have it in ``doc_sha256``.

    Examples
    --------
    >>> text_hash("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Target:
    """Say what a correction is about.

    Attributes
    ----------
    kind : {"mention", "name", "event", "record"}
        One mention; every mention of its name in the document; an event; another record of the log.
    start, end : int
        Code-point offsets of the mention or of the event's trigger; for a name, of one of its mentions.
    text : str
        The words at that span.
    id : str
        Identifier of the event or record; empty for mentions and names.
    before, after : str
        Up to 24 characters around the span.
    """

    kind: str
    start: int = 0
    end: int = 0
    text: str = ""
    id: str = ""
    before: str = ""
    after: str = ""

    @classmethod
    def of_mention(cls, article: Article, mention: Mention, *, all_of_name: bool = False) -> Target:
        """Aim at a mention, or at every mention of its name in the document."""
        return cls._at(article.text, "name" if all_of_name else "mention", mention.start, mention.end)

    @classmethod
    def of_words(cls, article: Article, start: int, end: int) -> Target:
        """Aim at words that were not read as a name."""
        return cls._at(article.text, "mention", start, end)

    @classmethod
    def of_event(cls, article: Article, event: Event) -> Target:
        """Aim at an event, by its identifier and its trigger."""
        return cls._at(article.text, "event", event.trigger.start, event.trigger.end, event.id)

    @classmethod
    def _at(cls, text: str, kind: str, start: int, end: int, identifier: str = "") -> Target:
        around = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        return cls(kind, start, end, text[start:end], identifier, *around)


@dataclass(frozen=True, slots=True)
class Correction:
    """Hold one change that somebody made.

    Attributes
    ----------
    when : str
        ISO 8601 in UTC, given by the caller.
    who : str
    doc, sha256 : str
        Identifier of the document and hash of its text.
    target : Target
    field : str
        One of `FIELDS` of the target's kind.
    old, new : Any
        Values as JSON: a reading; a place (`place_value`) or null for "none of these"; a status; a type; a
        pair of ISO days or null; the span of a mention or footprint or null for "no place". For a name,
        ``old`` lists the values its mentions had; a reading whose ``old`` is null adds a name.
    why : str
    versions : Mapping[str, str]
        Of code, gazetteer, rules and model that the person saw.
    """

    when: str
    who: str
    doc: str
    sha256: str
    target: Target
    field: str
    old: Any
    new: Any
    why: str = ""
    versions: Mapping[str, str] = default(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the identifier of the record: a hash of what it says."""
        return hashlib.sha256(self.line().encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def line(self) -> str:
        """Return the record as one line of JSON, without the line break."""
        return json.dumps(asdict(self), ensure_ascii=True, allow_nan=False, sort_keys=True)


def undo(record: Correction, *, when: str, who: str, why: str = "") -> Correction:
    """Return the record that takes another one back.

    Parameters
    ----------
    record : Correction
        Any record, an undo included: that brings the change back.
    when, who, why : str
    """
    target = Target("record", id=record.id)
    return Correction(when, who, record.doc, record.sha256, target, "undo", None, None, why, record.versions)


def place_value(place: Place | None) -> dict[str, Any] | None:
    """Return a place as the log keeps it, whole: it must stand even if the gazetteer drops the row.

    Examples
    --------
    >>> place_value(None) is None
    True
    """
    return None if place is None else asdict(place)


def place_of_value(value: Mapping[str, Any] | None) -> Place | None:
    """Return the place that `place_value` wrote."""
    known = {name: value[name] for name in Place.__dataclass_fields__ if name in value} if value else {}
    blank = {"feature_class": "", "feature_code": "", "country": "", "admin1": ""}
    return Place(**{**blank, **known}) if value else None


def event_value(event: Event, name: str, mentions: Sequence[Mention], footprints: Sequence[Footprint]) -> Any:
    """Return the present value of a field of an event, as the log keeps it.

    Parameters
    ----------
    event : Event
    name : {"status", "type", "date", "location"}
    mentions : sequence of Mention
    footprints : sequence of Footprint
        Of the same document: the event's location indexes them.
    """
    if name == "date":
        return [event.date_start, event.date_end] if event.date_start or event.date_end else None
    if name != "location":
        return event.status if name == "status" else event.type
    location = event.location
    if location is None:
        return None
    span: Mention | Footprint = (
        mentions[location.mention] if location.mention is not None else footprints[location.footprint or 0]
    )
    return {"start": span.start, "end": span.end, "text": span.text}


@dataclass(frozen=True, slots=True)
class Corrections:
    """Hold the changes in force, in the order they were made, and what is to be told about the log.

    Attributes
    ----------
    records : tuple of Correction
        Without those taken back, and without the undoing records.
    notes : tuple of str
        Lines that were left out, and undoing records that name none of the log.
    """

    records: tuple[Correction, ...] = ()
    notes: tuple[str, ...] = ()
    _places: Mapping[tuple[str, str], Sequence[int]] = default(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note once which records each document has, by identifier and by text."""
        places: dict[tuple[str, str], list[int]] = {}
        for number, record in enumerate(self.records):
            places.setdefault(("id", record.doc), []).append(number)
            places.setdefault(("text", record.sha256), []).append(number)
        object.__setattr__(self, "_places", places)

    def of(self, article: Article) -> tuple[Correction, ...]:
        """Return the changes that belong to an article, by its text or else by its identifier."""
        if not self.records:
            return ()
        keys = ("id", article.id), ("text", text_hash(article.text))
        numbers = {number for key in keys for number in self._places.get(key, ())}
        return tuple(self.records[number] for number in sorted(numbers))

    @classmethod
    def given(cls, source: CorrectionSource | None) -> Corrections:
        """Return the corrections that were asked for, in whatever form.

        Parameters
        ----------
        source : Corrections, path, iterable of paths, iterable of Correction, or None
            Several logs are put in the order of time.

        Raises
        ------
        InputError
            If a file is missing or no log of corrections.

        Examples
        --------
        >>> Corrections.given(None)
        Corrections(records=(), notes=())
        """
        if source is None:
            return cls()
        if isinstance(source, Corrections):
            return source
        items = [source] if isinstance(source, str | os.PathLike) else list(source)
        records, notes = [], []
        for item in items:
            if isinstance(item, Correction):
                records.append(item)
                continue
            found, told = CorrectionLog(item).read()
            records += found
            notes += told
        if len(items) > 1:
            records.sort(key=lambda record: record.when)
        state = replay(records)
        for note in (*notes, *state.notes):
            LOG.warning("%s", note)
        return cls(state.records, (*notes, *state.notes))


CorrectionSource = Corrections | str | os.PathLike[str] | Iterable["str | os.PathLike[str] | Correction"]
"""What can be given as ``corrections``."""


def replay(records: Iterable[Correction]) -> Corrections:
    """Return the state a log leads to.

    Parameters
    ----------
    records : iterable of Correction
        In the order of the log; a record that stands twice counts once.

    Returns
    -------
    Corrections

    Examples
    --------
    >>> replay([]).records
    ()
    """
    order = {record.id: record for record in records}
    notes = []
    undone: set[str] = set()
    for identifier, record in reversed(order.items()):
        if record.field != "undo" or identifier in undone:
            continue
        undone.add(record.target.id)
        if record.target.id not in order:
            notes.append(
                f"{record.who} took back a record on {record.when[:10]} that is not in the log "
                f"({record.target.id})"
            )
    kept = (r for identifier, r in order.items() if r.field != "undo" and identifier not in undone)
    return Corrections(tuple(kept), tuple(reversed(notes)))


class CorrectionLog:
    """Read a log of corrections, and add to it.

    Parameters
    ----------
    path : str or path-like
        A file of JSON lines; made with the first record.

    Examples
    --------
    >>> CorrectionLog("corrections.jsonl").path.name
    'corrections.jsonl'
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def append(self, *records: Correction) -> None:
        """Add records at the end, all of them and on disk when the call returns.

        Raises
        ------
        InputError
            If a record is not one that can be read back, or the file cannot be written.
        """
        for record in records:
            _checked(json.loads(record.line()), "the record to add")
        data = "".join(f"{record.line()}\n" for record in records).encode("ascii")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as stream:
                lock(stream, wait=True)
                if stream.seek(0, os.SEEK_END) and _last_byte(stream) != b"\n":
                    data = b"\n" + data
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise InputError(
                f"the log of corrections {self.path} cannot be written: {error}; give another place"
            ) from error

    def read(self, *, missing_ok: bool = False) -> tuple[list[Correction], list[str]]:
        """Return the records in order, and a note for each line that was left out.

        Parameters
        ----------
        missing_ok : bool
            Whether a log that is not there yet is an empty one.

        Raises
        ------
        InputError
            If the file is missing, or a line is JSON but no correction.
        """
        if missing_ok and not self.path.exists():
            return [], []
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError as error:
            raise InputError(
                f"the log of corrections {self.path} cannot be read: {error.strerror}; it is the file that "
                "geo.review(..., log=...) wrote"
            ) from error
        records, notes = [], []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{self.path}, line {number}"
            try:
                item = json.loads(line)
            except ValueError:
                torn = "was torn by a crash" if number in (len(lines), len(lines) - 1) else "is damaged"
                notes.append(f"{where} {torn} and is left out: {line[:40].decode('utf-8', 'replace')!r}")
                continue
            records.append(_checked(item, where))
        if notes and not records:
            raise InputError(f"{self.path} is no log of corrections; {notes[0]}")
        return records, notes


def _last_byte(stream: IO[bytes]) -> bytes:
    stream.seek(-1, os.SEEK_END)
    return stream.read(1)


def _checked(item: Any, where: str) -> Correction:
    """Return a record of a log after looking at what it holds."""
    if not isinstance(item, dict) or set(_KEYS) - set(item) or not isinstance(item["target"], dict):
        missing = sorted(set(_KEYS) - set(item)) if isinstance(item, dict) else "everything"
        raise InputError(f"{where}: no correction (it lacks {missing}); a record has {', '.join(_KEYS)}")
    target, changed = item["target"], item["field"]
    if changed not in FIELDS.get(str(target.get("kind")), ()):
        raise InputError(
            f"{where}: {target.get('kind')!r} has no field {changed!r} that can be corrected; "
            f"expected one of {dict(FIELDS)}"
        )
    if not _fits(changed, item["new"]):
        raise InputError(
            f"{where}: the new {changed} is {item['new']!r}; expected {_EXPECTED.get(changed, 'null')}"
        )
    unknown = sorted(set(target) - set(Target.__dataclass_fields__))
    words = [item[key] for key in _WORDS] + [value for key, value in target.items() if key not in _OFFSETS]
    offsets = [target.get(key, 0) for key in _OFFSETS]
    if unknown or not all(isinstance(word, str) for word in words) or not all(map(_is_offset, offsets)):
        raise InputError(f"{where}: {unknown or 'a value'} is not of the kind that a record holds")
    if not isinstance(item["versions"], dict):
        raise InputError(f"{where}: versions are {item['versions']!r}, expected names and versions")
    return Correction(**{**{key: item[key] for key in _KEYS}, "target": Target(**target)})


def _is_offset(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _fits(changed: str, value: Any) -> bool:
    """Say whether a value is one that a field can have."""
    match changed:
        case "reading":
            return value in [str(reading) for reading in Reading]
        case "status":
            return value in STATUSES
        case "type":
            return isinstance(value, str) and bool(value)
        case "date":
            return value is None or _are_days(value)
        case "place":
            return value is None or _is_place(value)
        case "location":
            return value is None or (
                isinstance(value, dict)
                and _is_offset(value.get("start"))
                and isinstance(value.get("text"), str)
            )
        case _:
            return value is None


def _is_place(value: Any) -> bool:
    """Say whether a value holds a place: text where text is, and a point on the globe."""
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in _PLACE_WORDS):
        return False
    kinds = {name: str if name not in _PLACE_NUMBERS else int | float for name in Place.__dataclass_fields__}
    if not all(isinstance(item, kinds[name]) for name, item in value.items() if name in kinds):
        return False
    lon, lat = value.get("lon"), value.get("lat")
    return lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90


def _are_days(value: Any) -> bool:
    """Say whether a value is a pair of ISO days in order."""
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(day, str) for day in value):
        return False
    try:
        first, last = (datetime.date.fromisoformat(day) for day in value)
    except ValueError:
        return False
    return first <= last
