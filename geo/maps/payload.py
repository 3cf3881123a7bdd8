"""Turn tables into what the page reads: columns of plain values, lists among them laid out flat."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError
from geo.maps.nested import Nested, flattened
from geo.places.spelling import spelling

EVENT_TEXT = (
    "event_id", "query", "type", "subtype", "plover", "modality", "location_role", "date_text", "place_text",
    "name", "name_ar", "place_id", "country", "quote", "trigger_text", "doc_id", "doc_url", "doc_title",
    "doc_publisher", "license", "attribution",
)  # fmt: skip
EVENT_WHOLE = (
    "date_precision", "where_prec", "geo_precision", "quote_start", "trigger_start", "trigger_end",
    "place_start", "place_end", "n_reports",
)  # fmt: skip
MENTION_TEXT = (
    "text", "reading", "role", "feature_code", "place_id", "name", "name_ar", "country", "quote", "doc_id",
    "doc_url", "doc_title", "doc_publisher", "license", "attribution",
)  # fmt: skip
MENTION_WHOLE = ("start", "end", "quote_start")
DAYS = ("date_start", "date_end", "doc_date")
NESTED = ("actors", "candidates", "reasons", "other_end")
ON_MAP = ("literal", "organisation")
"""Readings that put a place on the layer of mentioned places; the others stand for no point."""

EVENT_ROLES = ("event", "origin", "destination")
GONE = ("rejected", "merged")
CREDITS = 30
ROUND = {"uncertainty_km": 2, "confidence": 3, "lon": 5, "lat": 5, "item": 4}

Columns = dict[str, Any]
CountryShapes = Callable[[Iterable[str]], Mapping[str, Any]]
"""A function from ISO codes to the polygons of those countries."""


def checked(frame: Any, what: str) -> gpd.GeoDataFrame:
    """Return a GeoDataFrame in EPSG:4326.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With an active geometry column; without a CRS it is taken to be in degrees.
    what : str
        How messages name the table.

    Returns
    -------
    geopandas.GeoDataFrame

    Raises
    ------
    InputError
        If it is no GeoDataFrame, has no geometry, or its coordinates are no degrees.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(
            f"{what}: expected a geopandas.GeoDataFrame, got {type(frame).__name__}; "
            "make one with geo.to_geodataframe(documents) or geopandas.GeoDataFrame(table, geometry=...)"
        )
    if frame._geometry_column_name is None or frame._geometry_column_name not in frame.columns:
        raise InputError(
            f"{what}: the GeoDataFrame has no active geometry column; set one with set_geometry(...)"
        )
    if frame.crs is not None and frame.crs != "EPSG:4326":
        frame = frame.to_crs("EPSG:4326")
    box = frame.geometry.total_bounds
    if np.isfinite(box).all() and (box[0] < -361 or box[2] > 361 or box[1] < -90.1 or box[3] > 90.1):
        raise InputError(
            f"{what}: coordinates reach from {box[:2].round(1).tolist()} to {box[2:].round(1).tolist()}, "
            "which are no degrees of longitude and latitude; set the table's crs before making a map"
        )
    return frame


def _missing(value: Any) -> bool:
    """Say whether a cell is empty: None, NaN, NaT or NA."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float) and math.isnan(value)


def _texts(column: Any) -> list[Any]:
    """Return a column as text or None."""
    cells = column.to_numpy(dtype=object, na_value=None).tolist()
    if set(map(type, cells)) <= {str, type(None)}:
        return list(cells)
    return [None if cell is None else str(cell) for cell in cells]


def _numbers(column: Any, digits: int | None) -> list[Any]:
    """Return a column as finite numbers or None; ``digits`` None asks for whole numbers."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    known = np.isfinite(values)
    rounded = np.where(known, np.round(values, digits or 0), 0.0)
    cells = rounded.astype("int64").tolist() if digits is None else rounded.tolist()
    return [cell if here else None for cell, here in zip(cells, known.tolist(), strict=True)]


def _days(column: Any) -> list[Any]:
    """Return a column of dates, time stamps or ISO text as ISO days or None."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return [None if _missing(cell) else cell for cell in column.dt.strftime("%Y-%m-%d").tolist()]
    return [cell and cell[:10] for cell in _texts(column)]


def _plain(value: Any) -> Any:
    """Return a nested cell as lists, dicts and plain scalars."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if not _missing(item)}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, ROUND["item"]) if math.isfinite(value) else None
    return value if isinstance(value, str | int) else str(value)


def _listed(cell: Any) -> list[Any] | None:
    """Return a cell that holds a list as one; lists written as JSON text (GeoPackage, CSV) are read back."""
    if type(cell) is list:
        return cell or None
    if isinstance(cell, str):
        try:
            cell = json.loads(cell)
        except ValueError:
            cell = [cell]
    return list(cell) or None if isinstance(cell, list | tuple | np.ndarray) else None


def _cleaned(cells: list[Any]) -> list[Any]:
    """Return the items of lists as plain values, numbers with four decimals."""
    types = set(map(type, cells)) - {type(None)}
    if types <= {str} or types <= {int}:
        return cells
    if all(issubclass(kind, float | int | np.floating) and kind is not bool for kind in types):
        return _numbers(pd.Series(cells, dtype="float64"), ROUND["item"])
    return [None if _missing(cell) else _plain(cell) for cell in cells]


def _nested(column: Any) -> Nested | list[Any]:
    """Return a column of lists, laid out flat where all items are of one kind."""
    cells = [_listed(cell) for cell in column.tolist()]
    nested = flattened(cells)
    if nested is None:
        return [_plain(cell) for cell in cells]
    if isinstance(nested.items, list):
        return Nested(nested.counts, _cleaned(nested.items))
    return Nested(nested.counts, {str(name): _cleaned(items) for name, items in nested.items.items()})


def _any(cells: list[Any] | Nested) -> bool:
    """Say whether a column holds anything."""
    return any(cells.counts) if isinstance(cells, Nested) else any(cell is not None for cell in cells)


def _columns(frame: Any, text: Iterable[str], whole: Iterable[str]) -> Columns:
    """Return the columns that are there and not empty."""
    found: Columns = {}
    have = set(frame.columns)
    found.update({name: _texts(frame[name]) for name in text if name in have})
    found.update({name: _numbers(frame[name], None) for name in whole if name in have})
    found.update({name: _days(frame[name]) for name in DAYS if name in have})
    found.update({name: _nested(frame[name]) for name in NESTED if name in have})
    found.update(
        {
            name: _numbers(frame[name], ROUND[name])
            for name in ("uncertainty_km", "confidence")
            if name in have
        }
    )
    return {name: cells for name, cells in found.items() if _any(cells)}


def _points(geometry: Any) -> tuple[list[Any], list[Any]]:
    """Return lon and lat of each geometry: the point itself, or a point inside a line or an area."""
    shapes = np.array(geometry.values, dtype=object)
    shapes[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
    points, extended = shapes.copy(), shapely.get_type_id(shapes) > 0
    points[extended] = shapely.point_on_surface(shapes[extended])
    lon, lat = pd.Series(shapely.get_x(points)), pd.Series(shapely.get_y(points))
    return _numbers(lon, ROUND["lon"]), _numbers(lat, ROUND["lat"])


def as_shape(value: Any) -> Any:
    """Return a footprint cell as a geometry: it may be one, or WKB, WKT, GeoJSON, or nothing.

    Parameters
    ----------
    value : Any

    Returns
    -------
    shapely.Geometry or None
    """
    try:
        if isinstance(value, shapely.Geometry):
            shape = value
        elif isinstance(value, bytes | bytearray | memoryview):
            shape = shapely.from_wkb(bytes(value))
        elif isinstance(value, str) and value.strip():
            shape = shapely.from_geojson(value) if value.lstrip().startswith("{") else shapely.from_wkt(value)
        elif isinstance(value, Mapping):
            shape = shapely.from_geojson(json.dumps(value))
        else:
            return None
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise InputError(
            f"footprint: a cell is no geometry ({str(value)[:60]!r}); "
            "expected a geometry, WKB, WKT or GeoJSON"
        ) from error
    return None if shape is None or shape.is_empty else shape


def _drawn(shape: Any) -> Any:
    """Return a footprint as light GeoJSON: simplified to what a screen can show, four decimals."""
    west, south, east, north = shape.bounds
    size = max(east - west, north - south)
    light = shapely.simplify(shape, min(0.02, size / 600), preserve_topology=True)
    light = shapely.transform(light if not light.is_empty else shape, lambda xy: np.round(xy, 4))
    return json.loads(shapely.to_geojson(light))


def _shapes(frame: gpd.GeoDataFrame, columns: Columns, countries: CountryShapes | None) -> list[Any]:
    """Fill ``columns['shape']`` with indices into the list of distinct footprints, and return that list."""
    empty = [None] * len(frame)
    cells = [
        None if cell is None else as_shape(cell)
        for cell in (frame["footprint"].tolist() if "footprint" in frame.columns else empty)
    ]
    own = frame.geometry.to_numpy(dtype=object, copy=True)
    own[shapely.get_type_id(own) == 0] = None
    cells = [given or drawn for given, drawn in zip(cells, own.tolist(), strict=True)]
    codes = columns.get("country", empty)
    wide = [prec == 6 for prec in columns.get("where_prec", empty)]
    lacking = {
        code
        for code, cell, country in zip(codes, cells, wide, strict=True)
        if code and country and cell is None
    }
    if lacking and countries is not None:
        known = countries(sorted(lacking))
        cells = [
            known.get(code or "") if cell is None and country else cell
            for code, cell, country in zip(codes, cells, wide, strict=True)
        ]
    order: dict[bytes, int] = {}
    kept: list[Any] = []
    index: list[int | None] = []
    for shape in cells:
        if shape is None or shape.is_empty or shape.geom_type == "Point":
            index.append(None)
            continue
        key = shapely.to_wkb(shape)
        if key not in order:
            order[key] = len(kept)
            kept.append(_drawn(shape))
        index.append(order[key])
    columns["shape"] = index
    return kept


def _geocoded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table of geocoded names with its columns named as in the table of events."""
    if "query" not in frame.columns or "event_id" in frame.columns:
        return frame
    same = {"score": "confidence", "alternatives": "candidates"}
    return frame.rename(columns={old: new for old, new in same.items() if new not in frame.columns})


def _standing(events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the events without those that a person rejected or merged into another."""
    if "status" not in events.columns:
        return events
    return events[~events["status"].astype("string").fillna("").isin(GONE)]


def _only_mentioned(mentions: gpd.GeoDataFrame, events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the mentions that are places but no event places."""
    keep = ~(mentions.geometry.isna() | mentions.geometry.is_empty)
    if "reading" in mentions.columns:
        keep &= mentions["reading"].astype("string").fillna("literal").isin(ON_MAP)
    if "role" in mentions.columns:
        keep &= ~mentions["role"].astype("string").fillna("").isin(EVENT_ROLES)
    if "place_id" in mentions.columns and "place_id" in events.columns:
        located = events[~(events.geometry.isna() | events.geometry.is_empty)]
        taken = set(located["place_id"].dropna().astype(str))
        keep &= ~mentions["place_id"].astype("string").fillna("").isin(taken)
    return mentions[keep]


def _credits(*tables: Columns) -> list[str]:
    """Return the distinct attributions, in order of first appearance."""
    lines = dict.fromkeys(cell for table in tables for cell in table.get("attribution", ()) if cell)
    return list(lines)[:CREDITS]


def payload(
    events: gpd.GeoDataFrame,
    mentions: gpd.GeoDataFrame | None = None,
    *,
    title: str | None = None,
    countries: CountryShapes | None = None,
) -> dict[str, Any]:
    """Return everything the page needs to know about the tables.

    Parameters
    ----------
    events : geopandas.GeoDataFrame
        The table of events; any GeoDataFrame does, columns that are missing are done without.
    mentions : geopandas.GeoDataFrame, optional
        The table of mentions; only places without an event are taken from it.
    title : str, optional
    countries : callable, optional
        Gives the polygons of countries, for events known to country level without a footprint.

    Returns
    -------
    dict
        ``events`` and ``mentions`` (``length`` and ``columns``), ``geometries``, ``credits``, ``title``,
        ``spelling`` (how the search folds letters), ``subject``.

    Raises
    ------
    InputError
        If a table is no GeoDataFrame in degrees, or a footprint cannot be read.
    """
    table = _standing(_geocoded(checked(events, "events")))
    columns = _columns(table, EVENT_TEXT, EVENT_WHOLE)
    columns["lon"], columns["lat"] = _points(table.geometry)
    geometries = _shapes(table, columns, countries)
    seen: Columns = {}
    count = 0
    if mentions is not None:
        places = _only_mentioned(checked(mentions, "mentions"), table)
        seen = _columns(places, MENTION_TEXT, MENTION_WHOLE)
        seen["lon"], seen["lat"] = _points(places.geometry)
        count = len(places)
    return {
        "events": {"length": len(table), "columns": columns},
        "mentions": {"length": count, "columns": seen},
        "geometries": geometries,
        "credits": _credits(columns, seen),
        "title": title or "",
        "spelling": spelling(),
        "subject": "events" if {"event_id", "type", "trigger_text"} & set(table.columns) else "places",
    }
