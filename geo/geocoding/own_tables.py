"""Bring one's own table of events: find its columns, read its days and points, look up what has no point.

Tables in the format of ACLED or UCDP GED and tables with usual headers, Arabic or English, are understood
without a word; what the columns were taken for is told in `OwnTable.mapping` and can be overridden. The
names and codes stand in ``gazetteer/rules/own_tables.toml``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arabic.normalize import strict_key
from geo.arabic.rules import table
from geo.errors import InputError
from geo.geocoding.names import geocode
from geo.geocoding.own_days import Day, day_of, days_first
from geo.geocoding.points import reverse_geocode
from geo.places import Gazetteer
from geo.tables.frame import from_columns, time_precision
from geo.tables.intake import Rejected, shown
from geo.tables.schema import EVENTS
from geo.tables.sheets import number_of, open_sheet

_SIGNS = re.compile(r"[\W_]+")
_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;\u060c\s]\s*(-?\d+(?:\.\d+)?)\s*")
_ACTOR = "actor"
_OF_PLACE = ("name_ar", "place_id", "country", "admin1", "uncertainty_km", "geometry")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """Hold what became of a table.

    Attributes
    ----------
    events : GeoDataFrame
        In the columns of `geo.tables.schema.EVENTS`, EPSG:4326; a row whose place nobody knows has a null
        geometry. ``status`` is ``accepted`` where the table gave the point, ``auto`` where it was looked up.
    mapping : dict of str to list of str
        What each column of ours was read from.
    rejected : tuple of Rejected
        Rows that could not be read, and why.
    notes : tuple of str
        What was taken for granted.
    """

    events: gpd.GeoDataFrame
    mapping: dict[str, list[str]]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]


def read_events(
    path: str | os.PathLike[str],
    columns: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
    gazetteer: Gazetteer | None = None,
) -> OwnTable:
    r"""Read a table of events (CSV, TSV, Excel) into the columns that maps and exports understand.

    A row with degrees keeps its point; a row with only a place name is looked up, its country and division
    being evidence; a row with neither stays in the table without a point. Codes of ACLED and UCDP are kept
    and translated to the nearest type.

    Parameters
    ----------
    path : path
    columns : Mapping of str to str, optional
        Header in the file by column, for what is not found by itself: ``{"place_text": "Where"}``. The
        columns are those of the rule table ``table_column``.
    sheet : str, optional
        Sheet of an Excel file.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    OwnTable

    Raises
    ------
    InputError
        If the file cannot be read, a named header is not in it, or nothing in it is a place or a point.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
    >>> _ = path.write_text("date,place,country\n02 January 2020,طبرق,Libya\n", encoding="utf-8")
    >>> read_events(path).events[["name", "edtf", "status"]].values.tolist()
    [['Tobruk', '2020-01-02', 'auto']]
    """
    where = Path(path)
    with open_sheet(path, sheet=sheet) as source:
        mapping = _mapping(source.columns, columns or {}, shown(where))
        notes = list(source.notes)
        read = _Reading(where, mapping, source.columns)
        for number, cells in source.rows:
            read.add(number, cells)
    events = read.events(gazetteer or Gazetteer.open())
    return OwnTable(events, mapping, tuple(read.rejected), tuple(notes + read.notes))


def _key(header: str) -> str:
    """Return a header without case, marks and separators."""
    return _SIGNS.sub(" ", strict_key(header)).strip()


@cache
def _headers() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the columns and the keys of their usual headers, and of those in our own files, in order."""
    listed = ((str(row["column"]), row["headers"]) for row in table("table_column"))
    return tuple((column, tuple(map(_key, (*headers, column)))) for column, headers in listed)


@cache
def _types() -> Mapping[str, str]:
    """Return the type of each code of another code book."""
    return {_key(code): str(row["type"]) for row in table("type_code") for code in row["codes"]}


def _mapping(header: list[str], given: Mapping[str, str], where: str) -> dict[str, list[str]]:
    """Find what each column is read from."""
    known = [column for column, _ in _headers()]
    for column, name in given.items():
        if column not in known:
            raise InputError(f"columns: {column!r} is no column to read; give one of {', '.join(known)}")
        if name not in header:
            raise InputError(f"{where}: there is no column {name!r}; it has {', '.join(map(repr, header))}")
    by_key: dict[str, str] = {}
    for name in header:
        by_key.setdefault(_key(name), name)
    mapping: dict[str, list[str]] = {}
    taken = set(given.values())
    for column, usual in _headers():
        found = [by_key[key] for key in usual if key in by_key and by_key[key] not in taken]
        if column in given:
            mapping[column] = [given[column]]
        elif found:
            mapping[column] = found if column == _ACTOR else found[:1]
            taken.update(mapping[column])
    places = {"place_text", "admin1", "country", "coordinates"} & set(mapping)
    if not places and not {"lat", "lon"} <= set(mapping):
        raise InputError(
            f"{where}: no column holds a place or a point; it has {', '.join(map(repr, header))}; "
            'say which it is: columns={"place_text": ...} or columns={"lat": ..., "lon": ...}'
        )
    return mapping


@dataclass(slots=True)
class _Reading:
    """Gather the rows of one table."""

    path: Path
    mapping: Mapping[str, list[str]]
    header: list[str]
    rows: list[Row] = field(default_factory=list)
    points: list[tuple[float, float] | None] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def add(self, number: int, cells: list[str]) -> None:
        """Take a row, or say why not."""
        try:
            if len(cells) > len(self.header):
                raise InputError(f"it has {len(cells)} cells under {len(self.header)} headers")
            by_name = dict(zip(self.header, cells, strict=False))
            row = {
                column: " | ".join(by_name[name] for name in names if by_name[name])
                for column, names in self.mapping.items()
            }
            if not any(row.values()):
                raise InputError("none of the columns that are read is filled")
            point = _point(row)
        except InputError as error:
            self.rejected.append(Rejected(f"{shown(self.path)}:{number}", str(error)))
            return
        self.rows.append(row)
        self.points.append(point)
        self.numbers.append(number)

    def events(self, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
        """Return the rows as events."""
        cells: dict[str, list[Any]] = {name: [None] * len(self.rows) for name in EVENTS.names}
        if self.rows:
            places = self._places(gazetteer)
            days_are_first = days_first(row.get("date_start", "") for row in self.rows)
            if days_are_first.note:
                self.notes.append(days_are_first.note)
            for at, row in enumerate(self.rows):
                found = self._cells(at, row, days_are_first.first) | places[at]
                found["reasons"] = [f"row {self.numbers[at]} of {self.path.name}", *found.get("reasons", [])]
                for name, value in found.items():
                    cells[name][at] = value
        return from_columns(EVENTS, cells)

    def _cells(self, at: int, row: Row, day_first: bool) -> dict[str, Any]:
        """Return what needs no gazetteer: identifiers, days, types, actors, words."""
        identifier = self._identifier(at, row.get("event_id", ""))
        day, last = day_of(row.get("date_start", ""), day_first), day_of(row.get("date_end", ""), day_first)
        code = row.get("acled_sub") or row.get("acled") or row.get("type") or ""
        precision = _code(row.get("date_precision"), 5) or _days_of_acled(row) or (day and day.precision)
        where = f"{shown(self.path)}:{self.numbers[at]}"
        if row.get("date_start") and day is None:
            self.notes.append(f"{where}: the date {row['date_start'][:40]!r} was not understood")
        if day and last and last.end < day.start:
            self.notes.append(f"{where}: it ends {last.end}, before it begins; the end is left out")
            last = None
        return {
            "event_id": identifier,
            "report_id": identifier,
            "date_start": day and day.start,
            "date_end": (last or day or Day("", "", "", 1)).end or None,
            "date_precision": precision,
            "time_precision": time_precision(precision),
            "edtf": day and (f"{day.edtf}/{last.edtf}" if last and last.edtf != day.edtf else day.edtf),
            "date_text": row.get("date_start"),
            "type": _types().get(_key(code), _SIGNS.sub("_", code.casefold()).strip("_") or None),
            "acled": row.get("acled"),
            "acled_sub": row.get("acled_sub"),
            "modality": "asserted",
            "actors": _actors(row.get(_ACTOR, "")),
            "place_text": row.get("place_text") or row.get("admin1") or row.get("country"),
            "quote": row.get("quote"),
            "doc_id": self.path.stem,
            "doc_publisher": row.get("doc_publisher"),
            "doc_url": row.get("doc_url"),
            "n_reports": 1,
            "location_role": "event",
        }

    def _identifier(self, at: int, given: str) -> str:
        """Return an identifier of its own for each row; one given twice gets the row number and is told."""
        number = self.numbers[at]
        identifier = f"{self.path.stem}:{given or number}"
        if identifier in self.taken:
            self.notes.append(
                f"{shown(self.path)}:{number}: an earlier row has the identifier {given[:40]!r} too"
            )
            identifier = f"{identifier}:{number}"
        self.taken.add(identifier)
        return identifier

    def _places(self, gazetteer: Gazetteer) -> list[dict[str, Any]]:
        """Return the place of each row: its own point, or the gazetteer's answer to its names."""
        looked_up = self._looked_up(gazetteer)
        own = [point is not None for point in self.points]
        degrees = np.array([point or (np.nan, np.nan) for point in self.points], dtype=float).reshape(-1, 2)
        around = reverse_geocode(degrees[own], gazetteer=gazetteer)
        countries = iter(around["country"].tolist())
        places = []
        for at, row in enumerate(self.rows):
            point = self.points[at]
            if point is None:
                places.append(looked_up[at])
                continue
            where_prec, km = _precision(row)
            places.append(
                {
                    "geometry": shapely.Point(point),
                    "name": row.get("place_text") or None,
                    "country": _text(next(countries)),
                    "where_prec": where_prec,
                    "geo_precision": _code(row.get("geo_precision"), 3)
                    or (min(where_prec, 3) if where_prec else None),
                    "uncertainty_km": km,
                    "status": "accepted",
                    "reasons": ["the table gives the point"],
                }
            )
        return places

    def _looked_up(self, gazetteer: Gazetteer) -> list[dict[str, Any]]:
        """Return the gazetteer's answers for rows without a point."""
        named = ("place_text", "admin1", "country")
        asked = [
            next((row[name] for name in named if row.get(name)), "") if point is None else ""
            for row, point in zip(self.rows, self.points, strict=True)
        ]
        context = {name: [row.get(name) or None for row in self.rows] for name in ("country", "admin1")}
        found = geocode(asked, context["country"], admin=context["admin1"], gazetteer=gazetteer)
        return [_answer(row) for row in found.to_dict("records")]


def _actors(cell: str) -> list[dict[str, str]]:
    """Return who took part, by name; what our own files hold is taken as it is."""
    if cell.startswith("[{"):
        try:
            return [{key: str(one[key]) for key in ("text", "role", "country")} for one in json.loads(cell)]
        except (ValueError, KeyError, TypeError):
            pass
    names = (name.strip() for name in cell.split(" | "))
    return [{"text": name, "role": "participant", "country": ""} for name in names if name]


def _answer(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the cells of a looked-up place."""
    cells: dict[str, Any] = {"status": "auto", "reasons": list(row.get("reasons", []))}
    if row.get("geometry") is None:
        return cells
    coarse = {"PCLI": 6, "ADM1": 4, "ADM2": 3}.get(str(row.get("feature_code")), 1)
    cells |= {name: _text(row.get(name)) for name in _OF_PLACE}
    cells |= {"conf_place": _text(row.get("score")), "name": _text(row.get("name"))}
    return cells | {"where_prec": coarse, "geo_precision": min(coarse, 3)}


def _text(value: Any) -> Any:
    """Return a cell of a frame, None for a missing one."""
    return None if value is None or value is pd.NA or value != value else value


def _point(row: Row) -> tuple[float, float] | None:
    """Return lon, lat of a row, or None if it gives none.

    Raises
    ------
    InputError
        If what it gives are no degrees.
    """
    lat, lon = row.get("lat", ""), row.get("lon", "")
    if not lat and not lon and row.get("coordinates"):
        match = _POINT.fullmatch(row["coordinates"])
        if match is None:
            raise InputError(
                f"the coordinates {row['coordinates'][:40]!r} are not two numbers like '32.08, 23.96'"
            )
        lat, lon = match.groups()
    if not lat and not lon:
        return None
    try:
        north, east = number_of(lat), number_of(lon)
    except ValueError as error:
        raise InputError(
            f"latitude {lat[:20]!r}, longitude {lon[:20]!r} are not both decimal degrees"
        ) from error
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        hint = "; they seem to be exchanged" if -90 <= east <= 90 and -180 <= north <= 180 else ""
        raise InputError(f"latitude {north:g}, longitude {east:g} are no degrees{hint}")
    return None if north == east == 0 else (east, north)


def _code(cell: str | None, most: int) -> int | None:
    """Return a code of precision, None if it is none."""
    return int(cell) if cell and cell.isdecimal() and 1 <= int(cell) <= most else None


def _days_of_acled(row: Row) -> int | None:
    """Return the UCDP precision of an ACLED one: day, week, month."""
    code = _code(row.get("time_precision"), 3)
    return None if code is None else (1, 3, 4)[code - 1]


def _precision(row: Row) -> tuple[int | None, float | None]:
    """Return the UCDP precision of a given point and the radius that goes with it; neither if not told."""
    for column, most in (("where_prec", 7), ("geo_precision", 3)):
        code = _code(row.get(column), most)
        if code is not None:
            fitting: Iterator[Any] = (item for item in table("given_precision") if item[column] == code)
            chosen = list(fitting)[-1 if column == "where_prec" else 0]
            if column == "geo_precision" and code == 3:
                chosen = next(item for item in table("given_precision") if item["where_prec"] == 4)
            return int(chosen["where_prec"]), float(chosen["km"])
    return None, None
