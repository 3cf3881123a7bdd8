"""Turn a document into the JSON record that ``geo parse --format jsonl`` writes, and back.

The record holds what other programs need: every span with its code-point offsets, the place or null, the
geometry, the codes. Coordinates are lon, lat, rounded to 6 decimals (about 10 cm).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from geo.errors import InputError
from geo.model import (
    Actor,
    Article,
    Candidate,
    Document,
    Event,
    Footprint,
    Geometry,
    Location,
    Mention,
    Modality,
    Place,
    Reading,
    Role,
    Span,
    TimeExpression,
)

DECIMALS = 6
"""Decimals of a degree that are written (RFC 7946, section 11.2)."""
_SCORE_DECIMALS = 4

Record = dict[str, Any]
"""One document as JSON: a mapping of text, numbers, lists and null."""


def rounded(value: Any) -> Any:
    """Round every coordinate of a GeoJSON value, leaving the rest as it is.

    Parameters
    ----------
    value : number, sequence, mapping or None
        Coordinates or a whole geometry, lon lat.

    Returns
    -------
    The same shape, lists for tuples, numbers rounded to 6 decimals.

    Examples
    --------
    >>> rounded({"type": "Point", "coordinates": (35.94871234, 35.4)})
    {'type': 'Point', 'coordinates': [35.948712, 35.4]}
    """
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [rounded(item) for item in value]
    return value


def document_to_dict(document: Document) -> Record:
    """Return the JSON record of a document.

    Parameters
    ----------
    document : Document

    Returns
    -------
    dict
        ``id``, ``mentions``, ``footprints``, ``times``, ``events``, ``versions``, ``notes``; only JSON types.
        Also ``sources`` where places come from packs or corrections of the user.

    Examples
    --------
    >>> document_to_dict(Document(Article("a", "نص")))["mentions"]
    []
    """
    record = {
        "id": document.id,
        "mentions": [_mention(item) for item in document.mentions],
        "footprints": [_footprint(item) for item in document.footprints],
        "times": [_time(item) for item in document.times],
        "events": [_event(item) for item in document.events],
        "versions": dict(document.versions),
        "notes": list(document.notes),
    }
    if document.sources:
        record["sources"] = {key: dict(facts) for key, facts in document.sources.items()}
    return record


def _span(span: Span | Mention | Footprint | TimeExpression) -> Record:
    return {"start": span.start, "end": span.end, "text": span.text}


def _place(place: Place) -> Record:
    return {
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "feature": place.feature_code or place.feature_class,
        "country": place.country,
        "admin1": place.admin1,
        "lon": rounded(place.lon),
        "lat": rounded(place.lat),
    }


def _mention(mention: Mention) -> Record:
    return {
        **_span(mention),
        "reading": mention.reading.value,
        "place": None if mention.place is None else _place(mention.place),
        "confidence": round(mention.confidence, _SCORE_DECIMALS),
        "candidates": [
            {"id": item.place.id, "score": round(item.score, _SCORE_DECIMALS)} for item in mention.candidates
        ],
        "reasons": list(mention.reasons),
    }


def _footprint(footprint: Footprint) -> Record:
    return {
        **_span(footprint),
        "relation": footprint.relation,
        "anchors": list(footprint.anchors),
        "bearing_deg": footprint.bearing_deg,
        "distance_km": footprint.distance_km,
        "geometry": rounded(footprint.geometry),
        "lon": rounded(footprint.lon),
        "lat": rounded(footprint.lat),
        "uncertainty_km": _km(footprint.uncertainty_km),
    }


def _km(length: float | None) -> float | None:
    """Round a length to metres."""
    return None if length is None else round(length, 3)


def _time(time: TimeExpression) -> Record:
    return {
        **_span(time),
        "date_start": time.date_start,
        "date_end": time.date_end,
        "precision": time.precision,
        "edtf": time.edtf,
        "relative_to": time.relative_to,
    }


def _event(event: Event) -> Record:
    return {
        "id": event.id,
        "type": event.type,
        "plover": event.plover,
        "acled": event.acled,
        "modality": event.modality.value,
        "trigger": _span(event.trigger),
        "quote": _span(event.quote),
        "date_start": event.date_start,
        "date_end": event.date_end,
        "date_precision": event.date_precision,
        "edtf": event.edtf,
        "actors": [{"text": item.text, "role": item.role, "country": item.country} for item in event.actors],
        "location": None if event.location is None else _location(event.location),
        "confidence": round(event.confidence, _SCORE_DECIMALS),
        "status": event.status,
        **({} if event.other_end is None else {"other_end": _location(event.other_end)}),
    }


def _location(location: Location) -> Record:
    if location.mention is not None:
        index: tuple[str, int | None] = ("mention", location.mention)
    else:
        index = ("footprint", location.footprint)
    return {
        "role": location.role.value,
        index[0]: index[1],
        "name": location.name,
        "name_ar": location.name_ar,
        "lon": rounded(location.lon),
        "lat": rounded(location.lat),
        "geometry": rounded(location.geometry),
        "where_prec": location.where_prec,
        "geo_precision": location.geo_precision,
        "uncertainty_km": _km(location.uncertainty_km),
    }


def document_from_dict(
    record: Mapping[str, Any], article: Article, place_of: Callable[[str], Place | None] | None = None
) -> Document:
    """Rebuild a document from its JSON record and the article it was read in.

    Parameters
    ----------
    record : Mapping
        What `document_to_dict` returned, possibly through JSON.
    article : Article
        The same text: every span is checked against it.
    place_of : callable, optional
        ``Gazetteer.by_id``: fills in the candidates, of which the record keeps identifier and score only.
        Without it, candidates other than the chosen place are left out.

    Returns
    -------
    Document
        Its record equals ``record`` if every candidate could be filled in.

    Raises
    ------
    InputError
        If a key is missing, or a span is not in the text.

    Examples
    --------
    >>> article = Article("a", "نص")
    >>> document_from_dict(document_to_dict(Document(article)), article).id
    'a'
    """
    if record.get("id") != article.id:
        raise InputError(
            f"the record is of document {record.get('id')!r}, the article given is {article.id!r}"
        )
    try:
        return Document(
            article,
            tuple(_read_mention(item, article, place_of) for item in record["mentions"]),
            tuple(_read_footprint(item, article) for item in record["footprints"]),
            tuple(_read_time(item, article) for item in record["times"]),
            tuple(_read_event(item, article) for item in record["events"]),
            dict(record.get("versions", {})),
            tuple(record.get("notes", ())),
            dict(record.get("sources", {})),
        )
    except KeyError as error:
        raise InputError(
            f"the record of document {article.id!r} lacks the key {error}; it must be a line that "
            "`geo parse --format jsonl` wrote"
        ) from error


def _read_span(item: Mapping[str, Any], article: Article) -> Span:
    start, end, text = item["start"], item["end"], item["text"]
    if article.text[start:end] != text:
        raise InputError(
            f"document {article.id!r}: the record has {text!r} at [{start}, {end}), the text has "
            f"{article.text[start:end]!r}; give the text the record was made from, unchanged"
        )
    return Span(start, end, text)


def _read_place(item: Mapping[str, Any]) -> Place:
    feature = item["feature"]
    code = "" if len(feature) == 1 else feature
    return Place(
        item["id"],
        item["name"],
        item["name_ar"],
        "" if code else feature,
        code,
        item["country"],
        item["admin1"],
        item["lon"],
        item["lat"],
    )


def _read_mention(
    item: Mapping[str, Any], article: Article, place_of: Callable[[str], Place | None] | None
) -> Mention:
    span = _read_span(item, article)
    place = None if item["place"] is None else _read_place(item["place"])
    if place is not None and place_of is not None:
        place = place_of(place.id) or place
    candidates = []
    for candidate in item["candidates"]:
        if place is not None and candidate["id"] == place.id:
            candidates.append(Candidate(place, candidate["score"]))
        elif place_of is not None and (other := place_of(candidate["id"])) is not None:
            candidates.append(Candidate(other, candidate["score"]))
    return Mention(
        span.start,
        span.end,
        span.text,
        Reading(item["reading"]),
        place,
        item["confidence"],
        tuple(candidates),
        tuple(item["reasons"]),
    )


def _read_footprint(item: Mapping[str, Any], article: Article) -> Footprint:
    span = _read_span(item, article)
    return Footprint(
        span.start,
        span.end,
        span.text,
        item["relation"],
        tuple(item["anchors"]),
        item["bearing_deg"],
        item["distance_km"],
        _read_geometry(item["geometry"]),
        item["lon"],
        item["lat"],
        item["uncertainty_km"],
    )


def _read_geometry(item: Mapping[str, Any] | None) -> Geometry | None:
    return None if item is None else dict(item)


def _read_time(item: Mapping[str, Any], article: Article) -> TimeExpression:
    span = _read_span(item, article)
    return TimeExpression(
        span.start,
        span.end,
        span.text,
        item["date_start"],
        item["date_end"],
        item["precision"],
        item["edtf"],
        item["relative_to"],
    )


def _read_event(item: Mapping[str, Any], article: Article) -> Event:
    return Event(
        id=item["id"],
        type=item["type"],
        plover=item["plover"],
        acled=item["acled"],
        modality=Modality(item["modality"]),
        trigger=_read_span(item["trigger"], article),
        quote=_read_span(item["quote"], article),
        date_start=item["date_start"],
        date_end=item["date_end"],
        date_precision=item["date_precision"],
        edtf=item["edtf"],
        actors=tuple(Actor(actor["text"], actor["role"], actor["country"]) for actor in item["actors"]),
        location=None if item["location"] is None else _read_location(item["location"]),
        confidence=item["confidence"],
        status=item.get("status", "auto"),
        other_end=_read_location(item["other_end"]) if item.get("other_end") else None,
    )


def _read_location(item: Mapping[str, Any]) -> Location:
    return Location(
        Role(item["role"]),
        item.get("mention"),
        item.get("footprint"),
        item["name"],
        item["name_ar"],
        item["lon"],
        item["lat"],
        _read_geometry(item["geometry"]),
        item["where_prec"],
        item["geo_precision"],
        item["uncertainty_km"],
    )


def write_jsonl(documents: Iterable[Document], stream: IO[str]) -> int:
    """Write one JSON record a line, as the documents come, and return how many.

    Parameters
    ----------
    documents : iterable of Document
        Read lazily: nothing is held back.
    stream : text stream
        Open for writing, UTF-8.

    Examples
    --------
    >>> import io
    >>> write_jsonl([Document(Article("a", "نص"))], io.StringIO())
    1
    """
    count = 0
    for document in documents:
        json.dump(document_to_dict(document), stream, ensure_ascii=False, allow_nan=False)
        stream.write("\n")
        count += 1
    return count
