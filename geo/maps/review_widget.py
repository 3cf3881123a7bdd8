"""Review documents in a notebook: the article, its names and events, a map, and a log of what is changed.

The widget shows and asks; what is decided goes into the log of corrections, and the document is read again
with it. So what is seen is what the next parse gives, here or on the command line.
"""

from __future__ import annotations

import datetime
import getpass
import html
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from geo.errors import GeoError, InputError, MissingExtraError
from geo.maps.assets import web_asset
from geo.maps.basemap import natural_earth
from geo.maps.island import pack
from geo.maps.labels import gazetteer_names
from geo.maps.layer import checked_language
from geo.maps.review_items import document_items, place_item
from geo.model import Article, Document, Mention, Place
from geo.places import Gazetteer
from geo.places.search import search
from geo.tables.corrections import (
    Correction,
    CorrectionLog,
    Corrections,
    Target,
    event_value,
    place_value,
    replay,
    text_hash,
    undo,
)

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise MissingExtraError(
        "geo.review needs the extra 'lab', which is not installed; run: pip install 'arabic-geo[lab]'"
    ) from error

if TYPE_CHECKING:
    from geo.reading.pipeline import Geoparser

_FOUND = 8
_COLUMNS = ["when", "who", "doc", "kind", "text", "start", "end", "field", "old", "new", "why"]
_MIME = "application/vnd.jupyter.widget-view+json"


class _Parser(Protocol):
    """What the widget needs of a parser: to read an article again with corrections."""

    @property
    def gazetteer(self) -> Gazetteer: ...

    def corrected_by(self, corrections: Corrections) -> _Parser: ...

    def parse(self, article: Article) -> Document: ...


def review(
    documents: Document | Iterable[Document],
    log: str | os.PathLike[str] = "corrections.jsonl",
    *,
    who: str | None = None,
    language: str = "ar",
    parser: Geoparser | None = None,
    clock: Callable[[], str] | None = None,
) -> ReviewWidget:
    """Return a widget to look through documents and correct them, for JupyterLab and its kin.

    Parameters
    ----------
    documents : Document or iterable of Document
        What `geo.parse` or `geo.parse_many` gave.
    log : str or path-like
        File to which each change is added as one line; what it holds already is honoured.
    who : str, optional
        Name that goes into the log; by default the name of the user of this computer.
    language : {"ar", "en"}
        Language of the interface; it can be switched in the widget.
    parser : Geoparser, optional
        The one that made the documents; the shipped one by default, opened with the first change.
    clock : callable, optional
        Gives the time of a change as ISO 8601 in UTC.

    Returns
    -------
    ReviewWidget
        With ``document``, ``reviewed`` and ``corrections()``.

    Raises
    ------
    MissingExtraError
        If the extra ``lab`` is not installed.
    InputError
        If something else than documents was given, or the log cannot be read.

    Examples
    --------
    >>> widget = review(Document(Article("a", "")), who="Nada")
    >>> len(widget.corrections())
    0
    """
    given = [documents] if isinstance(documents, Document) else list(documents)
    wrong = next((item for item in given if not isinstance(item, Document)), None)
    if wrong is not None or not given:
        told = f"a {type(wrong).__name__}" if given else "no document"
        raise InputError(
            f"geo.review was given {told}, where documents were expected: geo.review(geo.parse(text))"
        )
    return ReviewWidget(
        given, CorrectionLog(log), who or getpass.getuser(), checked_language(language), parser, clock or _now
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ReviewWidget(anywidget.AnyWidget):
    """Show documents for review; made by `geo.review`.

    The state is in traits that Python and the page share: ``titles`` (of the documents), ``current`` (which
    one is shown), ``items`` (the document as JSON), ``choices`` (its corrections in force), ``selection``
    (what is being looked at), ``found`` (places that a search gave), ``told`` (the last message) and
    ``language``. The page sends what a person does as a message to `act`.

    Parameters
    ----------
    documents : list of Document
    log : CorrectionLog
    who : str
    language : {"ar", "en"}
    parser : Geoparser or None
    clock : callable
    """

    titles: traitlets.List[Any] = traitlets.List().tag(sync=True)
    current = traitlets.Int(0).tag(sync=True)
    items: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    choices: traitlets.List[Any] = traitlets.List().tag(sync=True)
    selection: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    found: traitlets.List[Any] = traitlets.List().tag(sync=True)
    told: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode("ar").tag(sync=True)
    who = traitlets.Unicode("").tag(sync=True)
    basemap = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        documents: list[Document],
        log: CorrectionLog,
        who: str,
        language: str,
        parser: _Parser | None,
        clock: Callable[[], str],
    ) -> None:
        self._esm, self._css = web_asset("review.js"), web_asset("review.css")
        self._documents, self._log, self._parser, self._clock = documents, log, parser, clock
        self._places: dict[str, Place] = {}
        self._messages = 0
        super().__init__(language=language, who=who, basemap=_ground(documents))
        state = self._state()
        for number, document in enumerate(documents):
            if state.of(document.article):
                self._read_again(number, state)
        self._show()
        self.observe(lambda _change: self._show(), names="current")
        self.on_msg(lambda _widget, message, _buffers: self._heard(message))

    @property
    def document(self) -> Document:
        """Return the document that is shown, with the corrections."""
        return self._documents[self.current]

    @property
    def reviewed(self) -> tuple[Document, ...]:
        """Return all documents, with the corrections."""
        return tuple(self._documents)

    def corrections(self) -> pd.DataFrame:
        """Return the corrections in force of these documents as a table, in the order they were made.

        Returns
        -------
        pandas.DataFrame
            One row each: ``when``, ``who``, ``doc``, ``kind`` and ``text`` of what was changed with its
            ``start`` and ``end`` (code points), ``field``, ``old``, ``new`` and ``why``. A place is told by
            its identifier.
        """
        state = self._state()
        records = dict.fromkeys(r.id for document in self._documents for r in state.of(document.article))
        rows = [_row(record) for record in state.records if record.id in records]
        return pd.DataFrame(rows, columns=_COLUMNS)

    def act(self, action: Mapping[str, Any]) -> None:
        """Do what a person asked for; the page sends the same.

        Parameters
        ----------
        action : Mapping
            ``do`` is ``place`` (with ``start``, ``id`` or None, ``all``), ``reading`` (``start``,
            ``reading``, ``all``), ``add`` (a name, from ``start`` to ``end``), ``event`` (``id``, ``field``,
            ``new``), ``undo``, ``document`` (``index``) or ``search`` (``text``); ``why`` is kept with any
            change.

        Raises
        ------
        InputError
            If the action names nothing there is.
        """
        match action.get("do"):
            case "place" | "reading":
                self._change_mention(action)
            case "add":
                self._add_name(action)
            case "event":
                self._change_event(action)
            case "undo":
                self._undo()
            case "document":
                self._turn_to(action.get("index"))
            case "search":
                self._search(str(action.get("text", "")))
            case other:
                raise InputError(f"the review widget was asked to do {other!r}, which it cannot")

    def _heard(self, message: Any) -> None:
        """Do what the page sent; what is refused is told there."""
        try:
            self.act(message if isinstance(message, Mapping) else {})
        except GeoError as error:
            self._tell("error", str(error))

    def _change_mention(self, action: Mapping[str, Any]) -> None:
        mention = self._mention_at(action.get("start"))
        every = bool(action.get("all"))
        target = Target.of_mention(self.document.article, mention, all_of_name=every)
        name = str(action["do"])
        new: Any = action.get("reading")
        if name == "place":
            new = place_value(self._place(mention, action.get("id")))
        same = [m for m in self.document.mentions if m.text == mention.text] if every else [mention]
        values = [place_value(m.place) if name == "place" else m.reading.value for m in same]
        self._add(target, name, values if every else values[0], new, action)

    def _add_name(self, action: Mapping[str, Any]) -> None:
        """Make a name of words that were not read as one."""
        article, start, end = self.document.article, action.get("start"), action.get("end")
        if (
            not isinstance(start, int)
            or not isinstance(end, int)
            or not 0 <= start < end <= len(article.text)
        ):
            raise InputError(f"there are no words from {start!r} to {end!r} in document {article.id!r}")
        words = article.text[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        if start >= end or any(m.start < end and start < m.end for m in self.document.mentions):
            raise InputError(f"{words!r} is empty or has a name in it already")
        self._add(Target.of_words(article, start, end), "reading", None, "literal", action)
        self.selection = {"kind": "mention", "start": start, "text": article.text[start:end]}

    def _mention_at(self, start: Any) -> Mention:
        for mention in self.document.mentions:
            if mention.start == start:
                return mention
        raise InputError(f"no name of document {self.document.id!r} begins at {start!r}")

    def _place(self, mention: Mention, identifier: Any) -> Place | None:
        """Return the place that was chosen: a candidate, a place found by search, or none."""
        if identifier is None:
            return None
        identifier = str(identifier)
        offered = {candidate.place.id: candidate.place for candidate in mention.candidates}
        place = offered.get(identifier) or self._places.get(identifier) or self._gazetteer().by_id(identifier)
        if place is None:
            raise InputError(f"there is no place {identifier!r} among the candidates or in the gazetteer")
        return place

    def _change_event(self, action: Mapping[str, Any]) -> None:
        event = next((e for e in self.document.events if e.id == action.get("id")), None)
        if event is None:
            raise InputError(f"document {self.document.id!r} has no event {action.get('id')!r}")
        name = str(action.get("field"))
        old = event_value(event, name, self.document.mentions, self.document.footprints)
        self._add(Target.of_event(self.document.article, event), name, old, action.get("new"), action)

    def _add(self, target: Target, name: str, old: Any, new: Any, action: Mapping[str, Any]) -> None:
        article = self.document.article
        why = str(action.get("why") or "")
        self._write(
            Correction(
                self._clock(),
                self.who,
                article.id,
                text_hash(article.text),
                target,
                name,
                old,
                new,
                why,
                dict(self.document.versions),
            )
        )
        self._tell("saved", target.text)

    def _undo(self) -> None:
        """Take back the last change this person made to this document."""
        own = [record for record in self._state().of(self.document.article) if record.who == self.who]
        if not own:
            self._tell("nothing", "")
            return
        self._write(undo(own[-1], when=self._clock(), who=self.who))
        self._tell("undone", own[-1].target.text)

    def _write(self, record: Correction) -> None:
        self._log.append(record)
        self._read_again(self.current, self._state())
        self._show()

    def _turn_to(self, index: Any) -> None:
        if not isinstance(index, int) or not 0 <= index < len(self._documents):
            raise InputError(f"there is no document {index!r}; there are {len(self._documents)}")
        self.current = index

    def _search(self, text: str) -> None:
        """Offer places of a name, in Arabic or Latin script."""
        matches = search(self._gazetteer(), text, limit=_FOUND) if text.strip() else []
        self._places |= {match.place.id: match.place for match in matches}
        self.found = [place_item(match.place) for match in matches]
        if not matches:
            self._tell("none_found", text)

    def _tell(self, key: str, text: str) -> None:
        self._messages += 1
        self.told = {"key": key, "text": text, "number": self._messages}

    def _state(self) -> Corrections:
        records, notes = self._log.read(missing_ok=True)
        state = replay(records)
        return Corrections(state.records, (*notes, *state.notes))

    def _read_again(self, number: int, state: Corrections) -> None:
        article = self._documents[number].article
        self._documents[number] = self._reader().corrected_by(state).parse(article)

    def _reader(self) -> _Parser:
        if self._parser is None:
            import geo

            self._parser = geo.Geoparser()
        return self._parser

    def _gazetteer(self) -> Gazetteer:
        return self._reader().gazetteer

    def _show(self) -> None:
        """Hand the document as it stands to the page."""
        state = self._state()
        with self.hold_sync():
            self.titles = [
                {
                    "id": document.id,
                    "title": document.article.title or document.id,
                    "changes": len(state.of(document.article)),
                }
                for document in self._documents
            ]
            self.items = document_items(self.document)
            self.choices = [_row(record) | {"id": record.id} for record in state.of(self.document.article)]
            self.found = []

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the widget; where no widget can run, say in words what to do."""
        bundle = super()._repr_mimebundle_(**kwargs)
        text = (
            f"Review of {len(self._documents)} document(s). To see it, run this cell in a trusted notebook "
            f"with a running kernel. What was corrected is in {self._log.path}."
        )
        data, about = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": text, "text/html": f"<p>{html.escape(text)}</p>"}, about


def _row(record: Correction) -> dict[str, Any]:
    """Return a record as a row of the table of corrections."""
    values = {
        "when": record.when,
        "who": record.who,
        "doc": record.doc,
        "kind": record.target.kind,
        "text": record.target.text,
        "start": record.target.start,
        "end": record.target.end,
        "field": record.field,
        "why": record.why,
    }
    return values | {"old": _told(record, record.old), "new": _told(record, record.new)}


def _told(record: Correction, value: Any) -> str | None:
    """Return a value as one text: a place by its identifier, a span by its words."""
    if isinstance(value, Mapping):
        return str(value.get("id") if record.field == "place" else value.get("text"))
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(str(_told(record, item)) for item in value))
    return None if value is None else str(value)


def _ground(documents: Iterable[Document]) -> str:
    """Return the basemap around the places of documents, packed."""
    points = [
        (mention.place.lon, mention.place.lat)
        for document in documents
        for mention in document.mentions
        if mention.place is not None
    ]
    bounds = None
    if points:
        lons, lats = zip(*points, strict=True)
        bounds = (min(lons), min(lats), max(lons), max(lats))
    names, countries = gazetteer_names(bounds)
    return pack(natural_earth(bounds, labels=names, country_names=countries))
