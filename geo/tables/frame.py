"""Turn documents into tables: one row per event or per mention, columns converted at once.

Documents are read one by one, so a stream of any length needs the memory of its rows, not of its texts.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError
from geo.model import Document, Event, Footprint, Location, Mention, Place, Role, Span
from geo.tables.schema import CRS, EVENTS, Kind, Schema, schema_of

Row = dict[str, Any]
"""Cells of one row by column name; a column left out is null."""

SEA = 7
"""UCDP precision of a place at sea or in the air: it lies in no country."""


_FULL_STOP = re.compile("[.!?\u061f]+\\s+|\n+")


def to_geodataframe(documents: Iterable[Document] | Document, table: str = "events") -> gpd.GeoDataFrame:
    """Return the events or the mentions of documents as a table of fixed columns.

    Parameters
    ----------
    documents : Document or iterable of Document
        What `geo.parse` or `geo.parse_many` gave; an iterable is read once, lazily.
    table : {"events", "mentions"}
        Which table to make. Its columns are declared in `geo.tables.schema`.

    Returns
    -------
    GeoDataFrame
        CRS EPSG:4326 (lon, lat), the same columns and dtypes for any number of rows, none included. An
        event whose place the text does not give has a null geometry.

    Raises
    ------
    InputError
        If there is no such table, or something else than documents was given.

    Examples
    --------
    >>> to_geodataframe([], table="mentions").crs.to_epsg()
    4326
    """
    schema = schema_of(table)
    rows_of = event_rows if schema is EVENTS else mention_rows
    columns: dict[str, list[Any]] = {name: [] for name in schema.names}
    for document in [documents] if isinstance(documents, Document) else documents:
        if not isinstance(document, Document):
            raise InputError(
                f"to_geodataframe was given a {type(document).__name__} where a Document was expected; "
                "parse the text first: geo.to_geodataframe(geo.parse(text))"
            )
        for row in rows_of(document):
            for name, cells in columns.items():
                cells.append(row.get(name))
    return from_columns(schema, columns)


def from_columns(schema: Schema, columns: Mapping[str, list[Any]]) -> gpd.GeoDataFrame:
    """Return a frame of a schema from lists of cells; a column left out becomes null.

    Parameters
    ----------
    schema : Schema
    columns : Mapping of str to list
        Cells by column, all of one length. Geometries are GeoJSON mappings, shapely geometries or None.

    Examples
    --------
    >>> len(from_columns(schema_of("mentions"), {"doc_id": ["a"]}))
    1
    """
    size = max((len(cells) for cells in columns.values()), default=0)
    data = {
        column.name: _array(column.kind, columns.get(column.name) or [None] * size)
        for column in schema.columns
    }
    return gpd.GeoDataFrame(data, columns=schema.names, geometry="geometry", crs=CRS)


def _array(kind: Kind, cells: list[Any]) -> Any:
    """Convert the cells of one column at once."""
    if kind.nested:
        array = np.empty(len(cells), dtype=object)
        array[:] = [list(cell or ()) for cell in cells]
        return array
    match kind:
        case Kind.GEOMETRY:
            return gpd.GeoSeries(geometries(cells), crs=CRS).array
        case Kind.TEXT:
            return _text_array(cells)
        case Kind.CATEGORY:
            return pd.Categorical(_text_array(cells))
        case Kind.DATE:
            return np.array([cell or "NaT" for cell in cells], dtype=kind.dtype)
        case Kind.FLOAT:
            return np.array(cells, dtype="float64").astype(kind.dtype)
        case _:
            return pd.array(cells, dtype=kind.dtype)


def _text_array(cells: list[Any]) -> Any:
    """Return text; what is empty is missing."""
    return pd.array([cell or None for cell in cells], dtype="string")


def geometries(cells: Iterable[Any]) -> np.ndarray[Any, Any]:
    """Return shapely geometries of GeoJSON mappings, geometries and nulls.

    Parameters
    ----------
    cells : iterable of mapping, geometry or None
        Coordinates lon, lat.

    Returns
    -------
    ndarray of object, shape (n,)

    Examples
    --------
    >>> geometries([{"type": "Point", "coordinates": [35.9, 35.4]}, None])
    array([<POINT (35.9 35.4)>, None], dtype=object)
    """
    found = list(cells)
    result = np.empty(len(found), dtype=object)
    result[:] = [cell if isinstance(cell, shapely.Geometry) else None for cell in found]
    mappings = [number for number, cell in enumerate(found) if isinstance(cell, Mapping)]
    if mappings:
        result[mappings] = shapely.from_geojson([json.dumps(found[number]) for number in mappings])
    return result


def event_rows(document: Document) -> Iterable[Row]:
    """Yield one row per event of a document, in its order.

    Parameters
    ----------
    document : Document

    Yields
    ------
    dict
        Cells by the column names of `geo.tables.schema.EVENTS`; what is left out is null.
    """
    shared = {**_document_cells(document), **_version_cells(document)}
    shared["doc_sha256"] = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    for event in document.events:
        row = shared | _event_cells(event, document) | {"conf_event": event.confidence}
        if event.location is not None:
            row |= _location_cells(event, event.location, document)
        known = [row.get(name) for name in ("conf_event", "conf_type", "conf_place", "conf_date")]
        row["confidence"] = min(value for value in known if value is not None)
        yield row


def mention_rows(document: Document) -> Iterable[Row]:
    """Yield one row per mention of a document, in text order.

    Parameters
    ----------
    document : Document

    Yields
    ------
    dict
        Cells by the column names of `geo.tables.schema.MENTIONS`; what is left out is null.
    """
    shared = _document_cells(document) | {"gazetteer_version": document.versions.get("gazetteer")}
    roles = _roles(document)
    sentence_of = _sentences(document)
    for number, mention in enumerate(document.mentions):
        row = shared | {
            "mention_id": f"{document.id}#{mention.start}-{mention.end}",
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "clitics": mention.clitics,
            "reading": mention.reading.value,
            "role": roles.get(number, Role.MENTIONED).value,
            "confidence": mention.confidence,
            "candidates": _candidate_cells(mention),
            "reasons": mention.reasons,
        }
        quote = sentence_of(mention)
        row |= {"quote": quote.text, "quote_start": quote.start, "quote_end": quote.end}
        if mention.place is not None:
            row |= _place_cells(mention.place, document)
            row |= {
                "feature_class": mention.place.feature_class,
                "feature_code": mention.place.feature_code,
                "geometry": shapely.Point(mention.place.lon, mention.place.lat),
                "uncertainty_km": mention.place.uncertainty_km,
            }
        yield row


def _document_cells(document: Document) -> Row:
    article = document.article
    return {
        "doc_id": article.id,
        "doc_url": article.url,
        "doc_title": article.title,
        "doc_publisher": article.publisher,
        "doc_date": article.date,
    }


def _version_cells(document: Document) -> Row:
    return {
        f"{part}_version": document.versions.get(part) for part in ("code", "model", "gazetteer", "rules")
    }


def _event_cells(event: Event, document: Document) -> Row:
    plover, _, plover_mode = (event.plover or "").partition(" / ")
    acled, _, acled_sub = (event.acled or "").partition(": ")
    return {
        "event_id": event.id,
        "report_id": event.id,
        "date_start": event.date_start,
        "date_end": event.date_end,
        "date_precision": event.date_precision,
        "time_precision": time_precision(event.date_precision),
        "edtf": event.edtf,
        "date_text": event.date_text,
        "date_anchor": _date_anchor(event, document),
        "type": event.type,
        "plover": plover,
        "plover_mode": plover_mode,
        "acled": acled,
        "acled_sub": acled_sub,
        "modality": event.modality.value,
        "actors": [{"text": item.text, "role": item.role, "country": item.country} for item in event.actors],
        "quote": event.quote.text,
        "quote_start": event.quote.start,
        "quote_end": event.quote.end,
        "trigger_text": event.trigger.text,
        "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end,
        "reasons": event.reasons,
        "n_reports": 1,
        "status": event.status,
    }


def time_precision(date_precision: int | None) -> int | None:
    """Return the ACLED time precision (1-3) of a UCDP date precision (1-5).

    Examples
    --------
    >>> [time_precision(code) for code in (1, 2, 3, 4, 5, None)]
    [1, 2, 2, 3, 3, None]
    """
    return None if date_precision is None else (1, 2, 2, 3, 3)[date_precision - 1]


def geo_precision(where_prec: int | None) -> int | None:
    """Return the ACLED spatial precision (1-3) of a UCDP one (1-7).

    Examples
    --------
    >>> [geo_precision(code) for code in (1, 2, 3, 6, 7, None)]
    [1, 2, 3, 3, 3, None]
    """
    return None if where_prec is None else min(where_prec, 3)


def _date_anchor(event: Event, document: Document) -> str | None:
    """Return from where the event's date is told, if its phrase is a relative one."""
    for time in document.times:
        if time.text == event.date_text and event.quote.start <= time.start < event.quote.end:
            return time.relative_to
    return None


def _location_cells(event: Event, location: Location, document: Document) -> Row:
    row: Row = {
        "name": location.name,
        "name_ar": location.name_ar,
        "geometry": shapely.Point(location.lon, location.lat),
        "footprint": location.geometry,
        "uncertainty_km": location.uncertainty_km,
        "where_prec": location.where_prec,
        "geo_precision": geo_precision(location.where_prec),
        "point_policy": "footprint",
        "location_role": location.role.value,
    }
    if location.mention is not None:
        mention = document.mentions[location.mention]
        anchors, reasons = [mention], mention.reasons
        row |= {"place_text": mention.text, "place_start": mention.start, "place_end": mention.end}
        if mention.place is not None:
            row |= _place_cells(mention.place, document)
            row |= {"name": location.name, "name_ar": location.name_ar}
    elif location.footprint is not None:
        footprint = document.footprints[location.footprint]
        anchors = [document.mentions[number] for number in footprint.anchors]
        reasons = footprint.reasons
        row |= {"place_text": footprint.text, "place_start": footprint.start, "place_end": footprint.end}
        row |= _relation_cells(footprint, anchors, location.where_prec, document)
    else:
        raise InputError(f"event {event.id!r} has a location with neither a mention nor a footprint")
    if anchors:
        row["candidates"] = _candidate_cells(anchors[0])
        row["conf_place"] = min(anchor.confidence for anchor in anchors)
    row["reasons"] = tuple(dict.fromkeys((*event.reasons, *reasons)))
    if event.other_end is not None:
        row["other_end"] = [_end_cells(event.other_end, document)]
    return row


def _end_cells(location: Location, document: Document) -> Row:
    """Return the other end of a movement, as a candidate is written."""
    mention = document.mentions[location.mention] if location.mention is not None else None
    place = mention.place if mention is not None else None
    return {
        "id": place.id if place is not None else "",
        "name": location.name,
        "name_ar": location.name_ar,
        "country": place.country if place is not None else "",
        "lon": location.lon,
        "lat": location.lat,
        "score": mention.confidence if mention is not None else None,
    }


def _relation_cells(footprint: Footprint, anchors: list[Mention], where_prec: int, document: Document) -> Row:
    """Return the cells of a relative place; its country only if all anchors agree and it is on land."""
    places = [anchor.place for anchor in anchors if anchor.place is not None]
    row: Row = {
        "rel_type": footprint.relation,
        "rel_bearing_deg": footprint.bearing_deg,
        "rel_distance_km": footprint.distance_km,
    }
    if places:
        row |= {"rel_anchor_id": places[0].id} | _rights_cells(places[0], document)
        countries = {place.country for place in places}
        if where_prec != SEA and len(countries) == 1:
            row["country"] = countries.pop()
    return row


def _place_cells(place: Place, document: Document) -> Row:
    return {
        "place_id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "country": place.country,
        "admin1": place.admin1,
        **_rights_cells(place, document),
    }


def _rights_cells(place: Place, document: Document) -> Row:
    source = document.sources.get(place.source) or _sources().get(place.source, {})
    return {"license": source.get("licence"), "attribution": source.get("attribution")}


@cache
def _sources() -> Mapping[str, Mapping[str, str]]:
    """Return the gazetteer's sources with licence and attribution; none if it is not built."""
    path = files("geo") / "_data" / "provenance.json"
    if not path.is_file():
        return {}
    sources = json.loads(path.read_text(encoding="utf-8")).get("sources", {})
    if isinstance(sources, list):
        return {source["key"]: source for source in sources}
    return dict(sources)


def _candidate_cells(mention: Mention) -> list[Row]:
    return [
        {
            "id": item.place.id,
            "name": item.place.name,
            "name_ar": item.place.name_ar,
            "country": item.place.country,
            "lon": item.place.lon,
            "lat": item.place.lat,
            "score": item.score,
        }
        for item in mention.candidates
    ]


def _roles(document: Document) -> dict[int, Role]:
    """Return the strongest role each mention plays as the place of an event."""
    order = list(Role)
    roles: dict[int, Role] = {}
    for event in document.events:
        if event.status == "rejected":
            continue
        ends = [end for end in (event.location, event.other_end) if end is not None]
        for number, role in ((end.mention, end.role) for end in ends if end.mention is not None):
            if number not in roles or order.index(role) < order.index(roles[number]):
                roles[number] = role
    return roles


def _sentences(document: Document) -> Callable[[Mention], Span]:
    """Return a function from a mention to its sentence: an event's quote, else what full stops bound."""
    text = document.text
    quotes = sorted({event.quote for event in document.events}, key=lambda quote: (quote.start, quote.end))
    starts = [quote.start for quote in quotes]
    cuts = [0, *(match.end() for match in _FULL_STOP.finditer(text)), len(text)]

    def sentence_of(mention: Mention) -> Span:
        near = bisect_right(starts, mention.start) - 1
        if near >= 0 and mention.end <= quotes[near].end:
            return quotes[near]
        first = cuts[bisect_right(cuts, mention.start) - 1]
        return trimmed(text, first, max(mention.end, cuts[bisect_left(cuts, mention.end)]))

    return sentence_of


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its ends.

    Examples
    --------
    >>> trimmed(" نص ", 0, 4)
    Span(start=1, end=3, text='نص')
    """
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end, text[start:end])
