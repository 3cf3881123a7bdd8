"""Tables to files and back: nothing lost, standards kept, no half-written file."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.errors import InputError
from geo.model import Document
from geo.tables import TABLES, read_table, to_geodataframe, write_footprints, write_table
from geo.tables.export import SUFFIXES
from geo.tables.files import whole

NAMES = [schema.name for schema in TABLES]


@pytest.fixture
def events(document: Document) -> gpd.GeoDataFrame:
    return to_geodataframe([document])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("full", [True, False], ids=["rows", "empty"])
def test_parquet_comes_back_equal(name: str, full: bool, document: Document, tmp_path: Path) -> None:
    frame = to_geodataframe([document] if full else [], table=name)
    path = write_table(frame, tmp_path / "t.parquet")
    assert_geodataframe_equal(read_table(path), frame)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("full", [True, False], ids=["rows", "empty"])
def test_parquet_is_geoparquet_1_1_to_others(
    name: str, full: bool, document: Document, tmp_path: Path
) -> None:
    frame = to_geodataframe([document] if full else [], table=name)
    path = write_table(frame, tmp_path / "t.parquet")
    other = gpd.read_parquet(path)
    assert list(other.columns) == list(frame.columns)
    assert other.crs.to_epsg() == 4326
    assert other.geometry.name == "geometry"
    meta = json.loads(pq.read_schema(path).metadata[b"geo"])
    assert meta["version"] == "1.1.0"
    assert meta["primary_column"] == "geometry"
    schema = next(schema for schema in TABLES if schema.name == name)
    stored = pq.read_schema(path)
    assert [stored.field(column.name).type for column in schema.columns] == [
        c.kind.arrow for c in schema.columns
    ]


def test_parquet_can_be_filtered_by_box(events: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_table(events, tmp_path / "t.parquet")
    assert list(gpd.read_parquet(path, bbox=(36, 35, 37, 36))["event_id"]) == ["e1"]


def test_geojson_follows_rfc_7946(events: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_table(events, tmp_path / "t.geojson", footprints=True)
    whole_file = json.loads(path.read_text(encoding="utf-8"))
    assert set(whole_file) == {"type", "features"}, "no crs member"
    strike, _, signing = whole_file["features"]
    assert strike["geometry"] == {"type": "Point", "coordinates": [36.633931, 35.930621]}
    assert signing["geometry"] is None
    assert strike["id"] == strike["properties"]["event_id"] == "e1"
    assert strike["properties"]["date_start"] == "2014-03-01"
    assert strike["properties"]["actors"] == [{"text": "الطيران", "role": "source", "country": ""}]
    assert strike["properties"]["confidence"] == 0.9
    assert signing["properties"]["where_prec"] is None
    assert "footprint" not in strike["properties"]
    shapes = json.loads((tmp_path / "t.footprints.geojson").read_text(encoding="utf-8"))
    assert [feature["id"] for feature in shapes["features"]] == ["e2"]
    ring = shapes["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


def test_geojson_is_read_by_others(document: Document, tmp_path: Path) -> None:
    for name in NAMES:
        path = write_table(to_geodataframe([document], table=name), tmp_path / f"{name}.geojson")
        other = gpd.read_file(path)
        assert len(other) == 3
        assert "إدلب" in set(other["name_ar"].dropna())
    empty = json.loads(write_table(to_geodataframe([]), tmp_path / "e.geojson").read_text(encoding="utf-8"))
    assert empty == {"type": "FeatureCollection", "features": []}


def test_geopackage_has_points_and_footprints(events: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_table(events, tmp_path / "t.gpkg")
    points = gpd.read_file(path, layer="events")
    assert list(points["event_id"]) == ["e1", "e2", "e3"]
    assert points.geometry.iloc[2] is None
    assert json.loads(points["candidates"].iloc[0])[0]["name_ar"] == "إدلب"
    assert pd.isna(points["where_prec"].iloc[2])
    shapes = gpd.read_file(path, layer="footprints")
    assert list(shapes["event_id"]) == ["e2"]
    assert shapes.crs.to_epsg() == 4326
    with sqlite3.connect(path) as base:
        types = {row[1]: row[2] for row in base.execute("pragma table_info(events)")}
    assert types["date_start"] == "DATE"


@pytest.mark.parametrize("name", NAMES)
def test_geopackage_of_no_rows(name: str, tmp_path: Path) -> None:
    path = write_table(to_geodataframe([], table=name), tmp_path / "t.gpkg")
    assert len(gpd.read_file(path, layer=name)) == 0


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(document: Document, tmp_path: Path) -> None:
    article = replace(document.article, title='=HYPERLINK("http://x")', publisher="+وكالة", url="@x", id="-1")
    event = replace(document.events[0], location=replace(document.events[0].location, lon=-5.0, lat=-2.25))
    path = write_table(
        to_geodataframe([replace(document, article=article, events=(event,))]), tmp_path / "t.csv"
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    assert row["doc_title"].startswith("'=")
    assert row["doc_publisher"] == "'+وكالة"
    assert row["doc_url"] == "'@x"
    assert row["doc_id"] == "'-1"
    assert (row["lon"], row["lat"], row["geometry"]) == ("-5.0", "-2.25", "POINT (-5 -2.25)")
    assert (row["footprint"], row["date_start"], row["where_prec"]) == ("", "2014-03-01", "1")
    assert json.loads(row["actors"])[0]["text"] == "الطيران"


def test_csv_of_no_rows_has_a_header(tmp_path: Path) -> None:
    path = write_table(to_geodataframe([], table="mentions"), tmp_path / "t.csv")
    assert path.read_text(encoding="utf-8-sig").startswith("doc_id,mention_id,start,end,text")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_second_write_replaces_the_first(suffix: str, events: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "new" / f"t{suffix}"
    write_table(events, path)
    write_table(events.iloc[:1], path)
    count = {
        ".parquet": lambda: len(read_table(path)),
        ".geojson": lambda: len(json.loads(path.read_text(encoding="utf-8"))["features"]),
        ".gpkg": lambda: len(gpd.read_file(path, layer="events")),
        ".csv": lambda: len(pd.read_csv(path)),
    }[suffix]
    assert count() == 1
    assert os.listdir(path.parent) == [path.name], "temporary files are left behind"


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("old", encoding="utf-8")

    def fail() -> None:
        with whole(path) as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["t.txt"]


def test_misuse_is_told(events: gpd.GeoDataFrame, document: Document, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"suffix '.xlsx'; give one of"):
        write_table(events, tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="lacks 1 columns of the table of events"):
        write_table(events.drop(columns="quote"), tmp_path / "t.csv")
    with pytest.raises(InputError, match="only the table of events has footprints"):
        write_footprints(to_geodataframe([document], table="mentions"), tmp_path / "f.geojson")
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        write_table(events, tmp_path / "t.csv")
    (tmp_path / "x.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as GeoParquet"):
        read_table(tmp_path / "x.parquet")
