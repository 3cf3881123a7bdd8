"""Show a document at a glance in a notebook: the article with its names marked, counts, and its events.

Plain HTML with styles of its own and no script, so that it also shows in a notebook that is not trusted.
Every word of the article is escaped, and characters that would reorder a line are spelled out. Only the
standard library is imported.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.model import Document, Event, Mention

_MOST_EVENTS = 50
_LONGEST = 20_000
_SIGNS = {
    "literal": ("\N{BLACK CIRCLE}", "#0072b2", "solid"),
    "metonymic": ("\N{BLACK DIAMOND}", "#d55e00", "double"),
    "demonym": ("\N{BLACK UP-POINTING TRIANGLE}", "#8a6100", "dashed"),
    "organisation": ("\N{BLACK SQUARE}", "#007a59", "double"),
    "person": ("\N{HEAVY GREEK CROSS}", "#a3477f", "dotted"),
    "media": ("\N{CIRCLE WITH LEFT HALF BLACK}", "#4b4b8f", "dotted"),
    "historical": ("\N{WHITE CIRCLE}", "#5f6368", "dashed"),
}
"""Sign, colour (after Okabe and Ito) and line of each reading: colour never speaks alone."""
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TEXT = "font-family:'Noto Naskh Arabic','Noto Sans Arabic',Amiri,Tahoma,serif"
_CELL = "style='text-align:start;padding:2px 10px;vertical-align:top'"


def document_html(document: Document) -> str:
    """Return a document as HTML to show in a notebook.

    Parameters
    ----------
    document : Document

    Returns
    -------
    str
        One element; no script, no link, no address.

    Examples
    --------
    >>> from geo.model import Article, Document
    >>> "<script>" in document_html(Document(Article("a", "<script>")))
    False
    """
    located = sum(event.location is not None for event in document.events)
    events = f"{_count(document.events, 'event')}, {located} located" if document.events else "no event"
    counts = ", ".join((_count(document.mentions, "place name"), events, _count(document.times, "date")))
    title = document.article.title or document.id
    parts = [
        f"<p><strong dir='auto'>{_safe(title)}</strong> {_safe(document.article.date)}: {counts}</p>",
        _article(document),
        _legend(document.mentions),
        _events(document.events),
        _notes(document.notes),
    ]
    style = "color-scheme:light;color:#1f2a30;background:#fffdf8;padding:8px 14px"
    return f"<div style='{style}'>{''.join(parts)}</div>"


def _count(items: tuple[object, ...], name: str) -> str:
    return f"{len(items)} {name}{'' if len(items) == 1 else 's'}"


def _safe(text: str) -> str:
    """Return text that is only text, whatever it holds."""
    spelled = _REORDERING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return html.escape(spelled.encode("utf-8", "replace").decode("utf-8"), quote=True)


def _article(document: Document) -> str:
    """Mark the names in the article; of a very long one, the beginning is shown."""
    text, done, parts = document.text, 0, []
    for mention in sorted(document.mentions, key=lambda item: (item.start, -item.end)):
        if mention.start < done or mention.end > _LONGEST:
            continue
        parts += [_safe(text[done : mention.start]), _mark(mention)]
        done = mention.end
    rest = text[done:_LONGEST] + ("\N{HORIZONTAL ELLIPSIS}" if len(text) > _LONGEST else "")
    style = f"{_TEXT};font-size:17px;line-height:2;max-height:380px;overflow:auto;white-space:pre-wrap"
    return f"<div dir='auto' style=\"{style}\">{''.join(parts)}{_safe(rest)}</div>"


def _mark(mention: Mention) -> str:
    sign, colour, line = _SIGNS[mention.reading.value]
    place = mention.place
    where = f"{place.name} ({place.country})" if place is not None else "no place"
    told = _safe(f"{mention.reading.value}: {where}; confidence {mention.confidence:.2f}")
    style = f"background:{colour}1f;color:inherit;border-bottom:2px {line} {colour}"
    small = f"<span style='color:{colour};font-size:0.55em' aria-hidden='true'>{sign}</span>"
    return f"<mark title='{told}' style='{style}'>{_safe(mention.text)}{small}</mark>"


def _legend(mentions: Iterable[Mention]) -> str:
    counts = Counter(mention.reading.value for mention in mentions)
    parts = [
        f"<span style='color:{colour}'>{sign}</span> {name} {counts[name]} &emsp;"
        for name, (sign, colour, _) in _SIGNS.items()
        if counts[name]
    ]
    return f"<p style='font-size:12px'>{''.join(parts)}</p>" if parts else ""


def _events(events: tuple[Event, ...]) -> str:
    if not events:
        return ""
    head = "".join(
        f"<th {_CELL}>{name}</th>" for name in ("what", "when", "where", "in the words of the text")
    )
    rows = "".join(map(_row, events[:_MOST_EVENTS]))
    more = len(events) - _MOST_EVENTS
    rest = f"<p>{more} more: geo.to_geodataframe(document) has them all.</p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{rest}"


def _row(event: Event) -> str:
    what = event.type.replace("_", " ")
    asides = (event.modality.value, event.status)
    aside = ", ".join(word for word in asides if word not in ("asserted", "auto"))
    where = event.location.name if event.location is not None else "not said"
    cells = (f"{what} ({aside})" if aside else what, event.edtf, where, event.quote.text)
    return "<tr>" + "".join(f"<td dir='auto' {_CELL}>{_safe(cell)}</td>" for cell in cells) + "</tr>"


def _notes(notes: tuple[str, ...]) -> str:
    if not notes:
        return ""
    told = "".join(f"<li dir='auto'>{_safe(note)}</li>" for note in notes)
    return f"<p>At odds with corrections:</p><ul>{told}</ul>"
