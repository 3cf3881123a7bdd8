"""Write tables to files that other programs read as they are: GeoParquet, GeoJSON, GeoPackage, CSV.

Every file is written whole beside its place and then moved there, so that a reader never sees half a file
and a failure leaves the old one.
"""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from geo.errors import InputError
from geo.tables.files import whole
from geo.tables.frame import from_columns
from geo.tables.records import DECIMALS, rounded
from geo.tables.schema import CRS, EVENTS, TABLES, Kind, Schema

SUFFIXES = (".parquet", ".geojson", ".gpkg", ".csv")
"""Suffixes of the files `write_table` can write."""

_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A text cell beginning with one of these is a formula to a spreadsheet."""


def write_table(table: gpd.GeoDataFrame, path: str | os.PathLike[str], *, footprints: bool = False) -> Path:
    """Write a table of events or mentions to a file; the suffix says in which format.

    ``.parquet`` is GeoParquet 1.1 with both geometries; ``.geojson`` follows RFC 7946 (6 decimals, no
    ``crs``, ISO days); ``.gpkg`` has the points and the footprints as layers, lists as JSON text; ``.csv``
    has WKT, ``lon`` and ``lat``, a byte-order mark for Excel, and an apostrophe before text that a
    spreadsheet would run as a formula.

    Parameters
    ----------
    table : GeoDataFrame
        What `geo.to_geodataframe` gave, possibly filtered; further columns are left out.
    path : path
        ``x.parquet``, ``x.geojson``, ``x.gpkg`` or ``x.csv``. Missing folders are made.
    footprints : bool
        With ``.geojson``: also write the footprints, as ``x.footprints.geojson``.

    Returns
    -------
    Path
        Where the table was written.

    Raises
    ------
    InputError
        If the suffix is none of these, or the table is not one of ours.

    Examples
    --------
    >>> import tempfile
    >>> from geo.tables.frame import to_geodataframe
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(to_geodataframe([]), Path(folder) / "events.csv").name
    'events.csv'
    """
    target = Path(path)
    writers: dict[str, Callable[[gpd.GeoDataFrame, Schema, Path], None]] = {
        ".parquet": _write_parquet,
        ".geojson": _write_geojson,
        ".gpkg": _write_geopackage,
        ".csv": _write_csv,
    }
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise InputError(f"{target} has the suffix {target.suffix!r}; give one of {', '.join(SUFFIXES)}")
    schema = schema_of_frame(table)
    with whole(target) as temporary:
        writer(table[schema.names], schema, temporary)
    if footprints and target.suffix.lower() == ".geojson":
        write_footprints(table, target.with_suffix(".footprints.geojson"))
    return target


def write_footprints(table: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> Path:
    """Write the footprints of events as GeoJSON: one feature per event that has one.

    Parameters
    ----------
    table : GeoDataFrame
        A table of events.
    path : path

    Returns
    -------
    Path
    """
    schema = schema_of_frame(table)
    if schema is not EVENTS:
        raise InputError("only the table of events has footprints; a table of mentions was given")
    chosen = table.loc[table["footprint"].notna().to_numpy()]
    with whole(Path(path)) as temporary:
        _write_features(chosen, schema, "footprint", temporary)
    return Path(path)


def schema_of_frame(table: gpd.GeoDataFrame) -> Schema:
    """Return the schema whose columns a frame has.

    Raises
    ------
    InputError
        If columns are missing for both tables.
    """
    for schema in TABLES:
        if set(schema.names) <= set(table.columns):
            return schema
    nearest = max(TABLES, key=lambda schema: len(set(schema.names) & set(table.columns)))
    missing = [name for name in nearest.names if name not in table.columns]
    raise InputError(
        f"the frame lacks {len(missing)} columns of the table of {nearest.name} "
        f"({', '.join(missing[:5])} ...); make it with geo.to_geodataframe and keep its columns"
    )


# --- GeoParquet ---------------------------------------------------------------------------------------------
def _write_parquet(table: gpd.GeoDataFrame, schema: Schema, path: Path) -> None:
    """Write GeoParquet 1.1: declared types also for empty columns, a bounding box per point."""
    plain = pd.DataFrame(table.to_wkb())
    fields = [pa.field(column.name, column.kind.arrow) for column in schema.columns]
    arrow = pa.Table.from_pandas(plain, schema=pa.schema(fields), preserve_index=False)
    boxes = shapely.bounds(table.geometry.array).T
    corners = [pa.array(values, from_pandas=True) for values in boxes]
    missing = pa.array(np.isnan(boxes[0]))
    box = pa.StructArray.from_arrays(corners, names=["xmin", "ymin", "xmax", "ymax"], mask=missing)
    arrow = arrow.append_column("bbox", box)
    metadata = dict(arrow.schema.metadata or {}) | {b"geo": json.dumps(_geo_metadata(table, schema)).encode()}
    pq.write_table(arrow.replace_schema_metadata(metadata), path, compression="zstd")


def _geo_metadata(table: gpd.GeoDataFrame, schema: Schema) -> dict[str, Any]:
    """Return the ``geo`` metadata of GeoParquet 1.1."""
    columns: dict[str, Any] = {}
    for column in schema.columns:
        if column.kind is not Kind.GEOMETRY:
            continue
        series = table[column.name]
        entry: dict[str, Any] = {
            "encoding": "WKB",
            "crs": pyproj.CRS(CRS).to_json_dict(),
            "geometry_types": sorted(series.dropna().geom_type.unique()),
        }
        bounds = [float(value) for value in series.total_bounds]
        if all(math.isfinite(value) for value in bounds):
            entry["bbox"] = bounds
        if column.name == "geometry":
            entry["covering"] = {"bbox": {name: ["bbox", name] for name in ("xmin", "ymin", "xmax", "ymax")}}
        columns[column.name] = entry
    return {"version": "1.1.0", "primary_column": "geometry", "columns": columns}


def read_table(path: str | os.PathLike[str]) -> gpd.GeoDataFrame:
    """Read back a GeoParquet file that `write_table` wrote, with the columns and dtypes of its schema.

    Parameters
    ----------
    path : path
        A ``.parquet`` file.

    Raises
    ------
    InputError
        If there is no such file, it is not Parquet, or not one of our tables.
    """
    try:
        arrow = pq.read_table(Path(path))
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path} cannot be read as GeoParquet: {error}") from error
    for schema in TABLES:
        if set(schema.names) <= set(arrow.column_names):
            break
    else:
        raise InputError(f"{path} is no table of events or mentions; give a file that `geo parse` wrote")
    columns = {column.name: arrow[column.name].to_pylist() for column in schema.columns}
    for column in schema.columns:
        if column.kind is Kind.GEOMETRY:
            columns[column.name] = list(shapely.from_wkb(columns[column.name]))
    return from_columns(schema, columns)


# --- GeoJSON ------------------------------------------------------------------------------------------------
def _write_geojson(table: gpd.GeoDataFrame, schema: Schema, path: Path) -> None:
    _write_features(table, schema, "geometry", path)


def _write_features(table: gpd.GeoDataFrame, schema: Schema, geometry: str, path: Path) -> None:
    """Write one feature per row, one a line; the other geometry column is left out."""
    columns = {
        column.name: _json_cells(table[column.name], column.kind)
        for column in schema.columns
        if column.kind is not Kind.GEOMETRY
    }
    shapes = _json_shapes(table[geometry])
    keys = columns[schema.key]
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        for number, values in enumerate(zip(*columns.values(), strict=True)):
            feature = {
                "type": "Feature",
                "id": keys[number],
                "geometry": shapes[number],
                "properties": dict(zip(columns, values, strict=True)),
            }
            stream.write(",\n" if number else "\n")
            stream.write(json.dumps(feature, ensure_ascii=False, allow_nan=False))
        stream.write("\n]}\n")


def _json_shapes(series: gpd.GeoSeries) -> list[Any]:
    """Return GeoJSON mappings, rings wound as RFC 7946 asks, coordinates rounded."""
    texts = shapely.to_geojson(shapely.orient_polygons(series.to_numpy(), exterior_cw=False))
    return [None if text is None else rounded(json.loads(text)) for text in texts]


def _json_cells(series: pd.Series, kind: Kind) -> list[Any]:
    """Return the cells of a column as JSON values, null for what is missing."""
    if kind is Kind.DATE:
        return [None if day == "NaT" else day for day in np.datetime_as_string(_days(series))]
    if kind.nested:
        return [json.loads(_json(list(cell))) for cell in series]
    missing = series.isna().to_numpy()
    cells = series.astype(object).to_numpy()
    if kind is Kind.FLOAT:
        cells = np.array([round(float(cell), DECIMALS) for cell in cells], dtype=object)
    return [None if absent else _plain(cell) for absent, cell in zip(missing, cells, strict=True)]


def _days(series: pd.Series) -> np.ndarray[Any, Any]:
    return np.asarray(series, dtype="datetime64[D]")


def _plain(cell: Any) -> Any:
    """Return the Python value of a numpy scalar."""
    return cell.item() if isinstance(cell, np.generic) else cell


def _json(value: Any) -> str:
    """Return JSON of a list cell; numbers of any library become plain ones."""
    return json.dumps(rounded(value), ensure_ascii=False, default=_plain)


# --- GeoPackage ---------------------------------------------------------------------------------------------
def _write_geopackage(table: gpd.GeoDataFrame, schema: Schema, path: Path) -> None:
    """Write the points as a layer named after the table, and footprints as a layer of their own."""
    path.unlink(missing_ok=True)
    _write_layer(table, schema, "geometry", path, schema.name, "Point")
    if "footprint" in schema.names:
        chosen = table.loc[table["footprint"].notna().to_numpy()]
        _write_layer(chosen, schema, "footprint", path, "footprints", "Unknown")


def _write_layer(
    table: gpd.GeoDataFrame, schema: Schema, geometry: str, path: Path, layer: str, geometry_type: str
) -> None:
    """Write one layer with one geometry; lists become JSON text, days stay days."""
    columns: dict[str, pa.Array] = {}
    for column in schema.columns:
        if column.kind is Kind.GEOMETRY:
            continue
        cells = _json_cells(table[column.name], column.kind)
        if column.kind.nested:
            columns[column.name] = pa.array([_json(cell) for cell in cells], pa.string())
        elif column.kind is Kind.DATE:
            columns[column.name] = pa.array(_days(table[column.name]), pa.date32())
        else:
            columns[column.name] = pa.array(cells, column.kind.arrow)
    columns["geometry"] = pa.array(shapely.to_wkb(table[geometry].to_numpy()), pa.binary())
    pyogrio.write_arrow(
        pa.table(columns),
        path,
        layer=layer,
        driver="GPKG",
        geometry_name="geometry",
        geometry_type=geometry_type,
        crs=CRS,
        append=path.exists(),
    )


# --- CSV ----------------------------------------------------------------------------------------------------
def _write_csv(table: gpd.GeoDataFrame, schema: Schema, path: Path) -> None:
    """Write UTF-8 with a byte-order mark, WKT geometries, JSON lists, and the points' lon and lat."""
    points = table.geometry.to_numpy()
    columns: dict[str, list[Any]] = {}
    for column in schema.columns:
        if column.name == "geometry":
            columns["lon"] = _numbers(shapely.get_x(points))
            columns["lat"] = _numbers(shapely.get_y(points))
        columns[column.name] = _csv_cells(table[column.name], column.kind)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def _numbers(values: np.ndarray[Any, Any]) -> list[Any]:
    return [None if math.isnan(value) else round(float(value), DECIMALS) for value in values]


def _csv_cells(series: pd.Series, kind: Kind) -> list[Any]:
    if kind is Kind.GEOMETRY:
        return list(shapely.to_wkt(series.to_numpy(), rounding_precision=DECIMALS))
    if kind.nested:
        return [guarded(_json(list(cell))) if len(cell) else "" for cell in series]
    cells = _json_cells(series, kind)
    return [guarded(cell) for cell in cells] if kind in (Kind.TEXT, Kind.CATEGORY) else cells


def guarded(cell: str | None) -> str | None:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("حلب")
    ("'=1+1", 'حلب')
    """
    return f"'{cell}" if cell is not None and cell.startswith(_RISKY) else cell
