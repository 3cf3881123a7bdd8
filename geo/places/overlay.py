"""Read the user's own corrections: a small table that wins over every other layer.

The table has a header and these columns; the order is free, and columns that are not needed may be missing:

* ``name``: the name that is meant;
* ``id``: the place it means (``geonames:89113``); or ``lon`` and ``lat``, degrees, EPSG:4326: a place of its
  own, or, with ``id``, the point to which that place is moved;
* ``country``: ISO 3166-1 alpha-2; with ``id`` it must be the country of that place;
* ``author`` and ``date`` (``2026-03-01``): who says so, and since when; ``note``: why.

A name of this table means what it says here and nothing else.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from geo.arabic.normalize import strict_key
from geo.errors import InputError
from geo.places.layers import Layer, Links
from geo.places.layers_joint import row_of
from geo.places.records import SourceName, SourcePlace
from geo.places.sources.spelling import named
from geo.places.store import SCHEMA_VERSION, Store
from geo.places.writing import Spool, batch_of
from geo.tables.encoding import decode

COLUMNS = ("name", "id", "lon", "lat", "country", "note", "author", "date")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Correction:
    """Hold one row of the table.

    Attributes
    ----------
    row : int
        Line in the file, from 1.
    name, country, note, author, date : str
    target : int
        Row of the place that is meant, or -1 for one of its own.
    lon, lat : float
        Degrees; NaN where the place stays where it is.
    """

    row: int
    name: str
    country: str
    note: str
    author: str
    date: str
    target: int
    lon: float
    lat: float

    @property
    def source(self) -> str:
        """Return the key under which results name the correction: who, when and why."""
        why = f": {self.note}" if self.note else ""
        return f"correction by {self.author}, {self.date}{why}"


def overlay_layer(path: Path, lower: Sequence[Layer]) -> Layer:
    """Return a table of corrections as the highest layer.

    Parameters
    ----------
    path : Path
    lower : sequence of Layer
        The lowest first.

    Raises
    ------
    InputError
        If the table or some rows cannot be read; the message names the file and each row.
    """
    corrections = read_corrections(path, lower)
    spool = Spool()
    ids = {}
    for correction in corrections:
        place = _place(correction)
        ids[place.id] = correction
        spool.add(place, correction.source)
    tables = {table: batch_of(table, columns) for table, columns in spool.tables()}
    for column in ("name", "name_ar"):  # of a known place only the point counts, and one more name
        tables["places"] = _of_new(tables["places"], column, ids)
    links = [
        (row, ids[place_id].target)
        for row, place_id in enumerate(tables["places"]["id"].to_pylist())
        if ids[place_id].target >= 0
    ]
    rows = np.array(links, dtype=np.int64).reshape(-1, 2)
    store = Store.of(path.parent, _provenance(path, corrections), tables)
    known = Links(rows[:, 0], rows[:, 1], np.ones(len(rows), dtype=bool))
    return Layer(store, lower[-1].end_place, lower[-1].end_name, known, exclusive=True)


def _place(correction: Correction) -> SourcePlace:
    """Return a correction as a place with one name."""
    about = f"{correction.name}\t{correction.target}\t{correction.lon}\t{correction.lat}"
    own = hashlib.sha256(about.encode()).hexdigest()[:12]
    name = _name(correction.name) or SourceName(correction.name)
    new = correction.target < 0
    return SourcePlace(
        f"own:{own}", (name,), "P" if new else "", "PPL" if new else "", correction.country if new else "",
        "", correction.lon, correction.lat,
    )  # fmt: skip


def _of_new(places: pa.RecordBatch, column: str, ids: Mapping[str, Correction]) -> pa.RecordBatch:
    """Return a table of places with a column of strings kept only for places that are new."""
    kept = [
        value if ids[place_id].target < 0 else ""
        for place_id, value in zip(places["id"].to_pylist(), places[column].to_pylist(), strict=True)
    ]
    at = places.schema.get_field_index(column)
    return places.set_column(at, places.schema.field(at), pa.array(kept, pa.utf8()))


def _name(text: str) -> SourceName | None:
    """Return a name that Arabic or English text is matched against, whatever its letters suggest."""
    name = named(text, "ar", "official")
    return name and name._replace(lang="en" if name.lang == "latin" else "ar")


def _provenance(path: Path, corrections: Sequence[Correction]) -> dict[str, object]:
    sources = {
        correction.source: {
            "name": f"corrections in {path.name}", "version": correction.date, "date": correction.date,
            "licence": "of the author", "attribution": correction.author, "url": "", "rows_kept": 1,
        }
        for correction in corrections
    }  # fmt: skip
    return {
        "schema_version": SCHEMA_VERSION,
        "pack": "overlay",
        "version": hashlib.sha256(path.read_bytes()).hexdigest()[:8],
        "sources": sources,
        "counts": {"corrections": len(corrections)},
        "files": {},
    }


def read_corrections(path: Path, lower: Sequence[Layer]) -> list[Correction]:
    """Return the rows of a table of corrections.

    Raises
    ------
    InputError
        If the table or some rows cannot be read; the message names the file and each row.
    """
    read, faults = [], []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in _rows(path):
        try:
            correction = _correction(number, cells, lower)
        except ValueError as error:
            faults.append(f"row {number}: {error}")
            continue
        what = (strict_key(correction.name), correction.target, str(correction.lon), str(correction.lat))
        if what in seen:
            faults.append(f"row {number}: says the same as row {seen[what]}; remove one")
        seen[what] = number
        read.append(correction)
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise InputError(f"{path}: {'; '.join(faults[:_SHOWN])}{more}")
    return read


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text, _ = decode(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a table of corrections") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    reader = csv.reader(text.splitlines())
    header = [cell.strip().lower().lstrip("\ufeff") for cell in next(reader, [])]
    unknown = [cell for cell in header if cell not in COLUMNS]
    if unknown or not {"name", "author", "date"} <= set(header):
        raise InputError(
            f"{path}, row 1: the columns are {', '.join(header) or 'none'}; "
            f"expected name, author, date and some of {', '.join(COLUMNS)}"
        )
    for cells in reader:
        if any(cell.strip() for cell in cells):
            padded = [" ".join(cell.split()) for cell in [*cells, *[""] * len(header)]]
            yield reader.line_num, dict(zip(header, padded, strict=False))


def _correction(number: int, cells: Mapping[str, str], lower: Sequence[Layer]) -> Correction:
    """Return one row, or raise `ValueError` with what is wrong with it."""
    name, place_id, country = cells["name"], cells.get("id", ""), cells.get("country", "").upper()
    if len(strict_key(name)) < 2 or _name(name) is None:
        raise ValueError(f"the name is {name!r}; expected two Arabic or Latin letters or more")
    if not cells["author"]:
        raise ValueError("there is no author; say who corrects")
    if _date(cells["date"]) is None:
        raise ValueError(f"the date is {cells['date']!r}; expected one like 2026-03-01")
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValueError(f"the country is {country!r}; expected two letters (ISO 3166-1 alpha-2)")
    lon, lat = _degrees(cells, "lon", 180), _degrees(cells, "lat", 90)
    if math.isnan(lon) != math.isnan(lat):
        raise ValueError("one of lon and lat is missing; give both or neither")
    target = -1
    if place_id:
        target = row_of(lower, place_id)
        if target < 0:
            raise ValueError(f"no place has the id {place_id!r}; look it up with `geo lookup`")
        held = _country(lower, target)
        if country and held and country != held:
            raise ValueError(f"{place_id} is in {held}, the row says {country}")
    elif math.isnan(lon):
        raise ValueError("there is neither an id nor lon and lat")
    return Correction(
        number, name, country, cells.get("note", ""), cells["author"], cells["date"], target, lon, lat
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _degrees(cells: Mapping[str, str], column: str, limit: int) -> float:
    text = cells.get(column, "")
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -limit <= value <= limit:
        raise ValueError(f"{column} is {text!r}; expected degrees from -{limit} to {limit}")
    return value


def _country(lower: Sequence[Layer], row: int) -> str:
    layer = next(layer for layer in reversed(lower) if row >= layer.first_place)
    return layer.countries[row - layer.first_place]
