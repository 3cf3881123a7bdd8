"""Lay a document out for the review widget: plain JSON, every choice with its reasons and its distance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from geo.model import Document, Event, Footprint, Mention, Place, Reading, Span
from geo.places.plane import distance_km
from geo.tables.corrections import event_value

Item = dict[str, Any]
"""One thing to show, only of JSON types."""

_FEATURES = 4
_WIDE_KM = 60.0
_SAID = re.compile(r"\w+ (?:corrected|confirmed|added) by (.+) on \d{4}-\d\d-\d\d")


def document_items(document: Document) -> Item:
    """Return what the widget shows of a document.

    Parameters
    ----------
    document : Document
        As it stands with the corrections made so far.

    Returns
    -------
    dict
        ``id``, ``title``, ``date``, ``text``, ``mentions``, ``footprints``, ``events`` and ``notes``. Offsets
        are code points of the text; coordinates lon, lat in degrees; ``km`` is the distance of a candidate
        from the nearest other place of the text, None for a country or the like.

    Examples
    --------
    >>> from geo.model import Article
    >>> document_items(Document(Article("a", "")))["mentions"]
    []
    """
    article = document.article
    return {
        "id": article.id,
        "title": article.title,
        "date": article.date,
        "text": article.text,
        "mentions": [_mention(document, mention) for mention in document.mentions],
        "footprints": [
            {**_span(item), "lon": item.lon, "lat": item.lat, "located": item.geometry is not None}
            for item in document.footprints
        ],
        "events": [_event(event, document) for event in document.events],
        "notes": list(document.notes),
    }


def _who(reasons: Sequence[str]) -> str:
    """Return who corrected or confirmed something, if its first reason says so."""
    said = _SAID.match(reasons[0]) if reasons else None
    return said[1] if said else ""


def _span(span: Span | Mention | Footprint) -> Item:
    return {"start": span.start, "end": span.end, "text": span.text}


def place_item(place: Place) -> Item:
    """Return a place as the widget shows it.

    Parameters
    ----------
    place : Place
    """
    return {
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "feature": place.feature_code or place.feature_class,
        "country": place.country,
        "lon": place.lon,
        "lat": place.lat,
        "uncertainty_km": place.uncertainty_km,
    }


def _mention(document: Document, mention: Mention) -> Item:
    offered = [candidate.place for candidate in mention.candidates]
    if mention.place is not None and mention.place.id not in {place.id for place in offered}:
        offered.append(mention.place)
    scores = {candidate.place.id: candidate for candidate in mention.candidates}
    near = _nearest_km(offered, _others(document, mention))
    candidates = []
    for place, km in zip(offered, near, strict=True):
        scored = scores.get(place.id)
        features = sorted(scored.features.items(), key=lambda item: -abs(item[1])) if scored else []
        candidates.append(
            {
                **place_item(place),
                "score": scored.score if scored else None,
                "features": [[name, value] for name, value in features[:_FEATURES]],
                "km": km,
            }
        )
    return {
        **_span(mention),
        "reading": mention.reading.value,
        "confidence": mention.confidence,
        "place": None if mention.place is None else place_item(mention.place),
        "candidates": candidates,
        "reasons": list(mention.reasons),
        "by": _who(mention.reasons),
    }


def _others(document: Document, mention: Mention) -> list[Place]:
    """Return the places that the text's other names stand for, without wide ones such as countries."""
    named = (m for m in document.mentions if m.reading is Reading.LITERAL and m.text != mention.text)
    places = (m.place for m in named)
    found = {p.id: p for p in places if p is not None and p.uncertainty_km <= _WIDE_KM}
    return list(found.values())


def _nearest_km(places: Sequence[Place], others: Iterable[Place]) -> list[float | None]:
    """Return how far each place is from the nearest of the others; None for a wide one, or without others."""
    around = list(others)
    if not around:
        return [None] * len(places)
    found: list[float | None] = []
    for place in places:
        near = min(distance_km(place.lon, place.lat, other.lon, other.lat) for other in around)
        found.append(None if place.uncertainty_km > _WIDE_KM else round(near, 1))
    return found


def _event(event: Event, document: Document) -> Item:
    location = event.location
    where: Item | None = None
    if location is not None:
        where = event_value(event, "location", document.mentions, document.footprints) | {
            "name": location.name,
            "name_ar": location.name_ar,
            "lon": location.lon,
            "lat": location.lat,
        }
    return {
        "id": event.id,
        "trigger": _span(event.trigger),
        "quote": _span(event.quote),
        "type": event.type,
        "plover": event.plover or "",
        "modality": event.modality.value,
        "status": event.status,
        "date_start": event.date_start,
        "date_end": event.date_end,
        "date_text": event.date_text,
        "location": where,
        "confidence": event.confidence,
        "reasons": list(event.reasons),
        "by": _who(event.reasons),
    }
