"""Write a table piece by piece, so that a large one need not be held: CSV, TSV, Excel, GeoJSON and more.

The pieces are frames of points with the same columns of texts and numbers. Every file is written whole
beside its place and then moved there.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from geo.errors import InputError, MissingExtraError
from geo.tables.export import guarded
from geo.tables.files import whole
from geo.tables.records import DECIMALS
from geo.tables.schema import CRS

Write = Callable[[gpd.GeoDataFrame], None]
_EXCEL_ROWS = 1_048_576


@contextmanager
def open_sink(path: str | os.PathLike[str]) -> Iterator[Write]:
    """Give a function that adds a frame to a file; the suffix says in which format.

    Texts in ``.csv``, ``.tsv`` and ``.xlsx`` that a spreadsheet would run as a formula get an apostrophe;
    these files hold ``lon`` and ``lat``, the others geometries.

    Parameters
    ----------
    path : path
        ``.csv``, ``.tsv``, ``.xlsx``, ``.geojson``, ``.gpkg`` or ``.parquet``.

    Yields
    ------
    callable
        To be called with each piece, all of the same columns, at least once.

    Raises
    ------
    InputError
        If the suffix is none of these, or the file cannot be written.
    MissingExtraError
        If an Excel file is wanted and openpyxl is not installed.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "x.csv"
    >>> piece = gpd.GeoDataFrame({"name": ["=1+1"]}, geometry=[shapely.Point(20.5, 30)], crs=4326)
    >>> with open_sink(path) as write:
    ...     write(piece)
    >>> path.read_text(encoding="utf-8-sig").split()
    ['name,lon,lat', "'=1+1,20.5,30.0"]
    """
    target = Path(path)
    opener = _OPENERS.get(target.suffix.lower())
    if opener is None:
        raise InputError(f"{target} has the suffix {target.suffix!r}; give one of {', '.join(_OPENERS)}")
    with whole(target) as temporary, ExitStack() as stack:
        yield opener(temporary, stack)


def _cells(frame: gpd.GeoDataFrame) -> dict[str, list[Any]]:
    """Return the columns of a frame as plain values, None for what is missing."""
    cells = {}
    for name, column in frame.drop(columns=frame.geometry.name).items():
        values = column.astype(object).where(column.notna(), None)
        cells[str(name)] = [_plain(value) for value in values.tolist()]
    return cells


def _plain(value: Any) -> Any:
    """Return a number rounded, everything else as it is."""
    return round(value, DECIMALS) if isinstance(value, float) else value


def _sheet_rows(frame: gpd.GeoDataFrame) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return header and rows for a spreadsheet: no formulas, lon and lat behind the other columns."""
    cells = {
        name: [guarded(value) if isinstance(value, str) else value for value in values]
        for name, values in _cells(frame).items()
    }
    points = frame.geometry.to_numpy()
    behind = "_geo" if {"lon", "lat"} & cells.keys() else ""  # the two stay a pair
    for name, numbers in (("lon", shapely.get_x(points)), ("lat", shapely.get_y(points))):
        cells[name + behind] = [
            None if number != number else round(number, DECIMALS) for number in numbers.tolist()
        ]
    return [str(guarded(name)) for name in cells], zip(*cells.values(), strict=True)


def _open_text(path: Path, stack: ExitStack, delimiter: str) -> Write:
    stream = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
    writer = csv.writer(stream, delimiter=delimiter)
    begun: list[bool] = []

    def write(frame: gpd.GeoDataFrame) -> None:
        header, rows = _sheet_rows(frame)
        if not begun:
            writer.writerow(header)
            begun.append(True)
        writer.writerows(rows)

    return write


def _open_excel(path: Path, stack: ExitStack) -> Write:
    try:
        import openpyxl
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    except ImportError as error:
        raise MissingExtraError(
            "writing Excel files needs openpyxl; install it with `pip install 'arabic-geo[excel]'`, "
            "or write .csv"
        ) from error
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("places")
    count: list[int] = []
    stack.callback(lambda: book.save(path))

    def write(frame: gpd.GeoDataFrame) -> None:
        header, rows = _sheet_rows(frame)
        if not count:
            page.append(header)
        count.append(len(frame))
        if sum(count) >= _EXCEL_ROWS:
            raise InputError(f"an Excel sheet holds {_EXCEL_ROWS - 1:,} rows; write .csv or .parquet")
        for row in rows:
            page.append(
                [ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row]
            )

    return write


def _open_geojson(path: Path, stack: ExitStack) -> Write:
    stream = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
    stream.write('{"type": "FeatureCollection", "features": [')
    stack.callback(lambda: stream.write("\n]}\n"))
    begun: list[bool] = []

    def write(frame: gpd.GeoDataFrame) -> None:
        cells = _cells(frame)
        points = frame.geometry.to_numpy()
        for number, values in enumerate(zip(*cells.values(), strict=True)):
            point = points[number]
            shape = None
            if point is not None:
                shape = {"type": "Point", "coordinates": [round(point.x, DECIMALS), round(point.y, DECIMALS)]}
            properties = dict(zip(cells, values, strict=True))
            feature = {"type": "Feature", "geometry": shape, "properties": properties}
            stream.write(",\n" if begun else "\n")
            begun.append(True)
            stream.write(json.dumps(feature, ensure_ascii=False, allow_nan=False))

    return write


def _arrow(frame: gpd.GeoDataFrame) -> pa.Table:
    """Return a frame as an Arrow table, texts as strings, the points as WKB in ``geometry``."""
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table = pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None)
    fields = [
        pa.field(field.name, pa.string())
        if pa.types.is_large_string(field.type) or pa.types.is_null(field.type)
        else field
        for field in table.schema
    ]
    table = table.cast(pa.schema(fields))
    label = "geometry" if "geometry" not in table.column_names else frame.geometry.name
    shapes = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.binary())
    return table.append_column(pa.field(label, pa.binary()), shapes)


def _open_geopackage(path: Path, stack: ExitStack) -> Write:
    path.unlink(missing_ok=True)

    def write(frame: gpd.GeoDataFrame) -> None:
        table = _arrow(frame)
        pyogrio.write_arrow(
            table,
            path,
            layer="places",
            driver="GPKG",
            geometry_name=table.column_names[-1],
            geometry_type="Point",
            crs=CRS,
            append=path.exists(),
        )

    return write


def _open_parquet(path: Path, stack: ExitStack) -> Write:
    writers: list[pq.ParquetWriter] = []

    def write(frame: gpd.GeoDataFrame) -> None:
        table = _arrow(frame)
        if not writers:
            column = {
                "encoding": "WKB",
                "crs": pyproj.CRS(CRS).to_json_dict(),
                "geometry_types": ["Point"],
            }
            name = table.column_names[-1]
            facts = {"version": "1.1.0", "primary_column": name, "columns": {name: column}}
            schema = table.schema.with_metadata({b"geo": json.dumps(facts).encode()})
            writers.append(stack.enter_context(pq.ParquetWriter(path, schema, compression="zstd")))
        writers[0].write_table(table.cast(writers[0].schema))

    return write


_OPENERS: dict[str, Callable[[Path, ExitStack], Write]] = {
    ".csv": lambda path, stack: _open_text(path, stack, ","),
    ".tsv": lambda path, stack: _open_text(path, stack, "\t"),
    ".xlsx": _open_excel,
    ".geojson": _open_geojson,
    ".gpkg": _open_geopackage,
    ".parquet": _open_parquet,
}
SUFFIXES = tuple(_OPENERS)
"""Suffixes of the files that can be written."""
