"""Sources read through GDAL: COD-AB tables and boundaries, Natural Earth."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import importer

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"
OLD = SAMPLES / "ocha-adm2-old.csv"
NEW = SAMPLES / "ocha-admin1-new.csv"
PLACES = SAMPLES / "natural-earth-places.geojson"


def read(source: str, *paths: Path, **options: object) -> tuple[dict[str, SourcePlace], list[BadRow]]:
    rows = list(importer(source).read(paths, **options))
    places = {row.id: row for row in rows if isinstance(row, SourcePlace)}
    return places, [row for row in rows if isinstance(row, BadRow)]


def boundaries(target: Path, crs: str = "EPSG:4326", **more: object) -> Path:
    frame = geopandas.GeoDataFrame(
        {
            "ADM1_EN": ["Province One", "Province Three", "Ring"],
            "ADM1_AR": ["الإقليم الأول", "الإقليم الثالث", "الحلقة"],
            "ADM1_PCODE": ["LY99", "LY97", "LY96"],
            "ADM0_PCODE": ["LY", "LY", "LY"],
        },
        geometry=[
            shapely.box(14, 27, 16, 29),
            shapely.box(12, 25, 13, 26),
            shapely.Point(20, 27).buffer(1).difference(shapely.Point(20, 27).buffer(0.5)),
        ],
        crs="EPSG:4326",
    ).to_crs(crs)
    frame.to_file(target, **more)
    return target


def test_a_table_of_the_older_kind() -> None:
    places, bad = read("ocha", OLD)
    wadi = places["pcode:LY9901"]
    assert (wadi.feature_class, wadi.feature_code, wadi.country) == ("A", "ADM2", "LY")
    assert (wadi.lon, wadi.lat, wadi.parent_id) == (14.2, 27.3, "pcode:LY99")
    assert wadi.names == (
        SourceName("وادي التجربة", "ar", "official"),
        SourceName("Wadi Tajriba", "en", "official"),
        SourceName("وادي تجربة", "ar", "variant"),
        SourceName("Tajriba Valley", "en", "variant"),
    )
    assert places["pcode:LY9902"].valid_to == "2023-06-30"
    assert {(row.file, row.row): row.reason for row in bad} == {
        (
            "ocha-adm2-old.csv",
            5,
        ): "there is no point: give the boundaries too (GeoPackage, shapefile), or a table "
        "with center_lon and center_lat",
        ("ocha-adm2-old.csv", 6): "there is no P-code",
        ("ocha-adm2-old.csv", 7): "the latitude 3.01234e+06 lies outside -90 to 90",
        ("ocha-adm2-old.csv", 8): "there is no name in Arabic or Latin script",
    }


def test_a_table_of_the_newer_kind() -> None:
    places, bad = read("ocha", NEW)
    assert not bad
    one = places["pcode:LY99"]
    assert one.names == (
        SourceName("الإقليم الأول", "ar", "official"), SourceName("Province One", "en", "official")
    )  # fmt: skip
    assert (one.feature_code, one.lon, one.lat, one.uncertainty_km) == ("ADM1", 14.5, 27.5, 100.0)
    assert one.parent_id == "pcode:LY"


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".shp.zip"])
def test_boundaries_give_points(tmp_path: Path, suffix: str) -> None:
    places, bad = read("ocha", boundaries(tmp_path / f"lby_adm1{suffix}"))
    assert not bad
    assert (places["pcode:LY99"].lon, places["pcode:LY99"].lat) == (15.0, 28.0)
    assert places["pcode:LY99"].uncertainty_km == pytest.approx(118, abs=1)
    assert SourceName("الإقليم الثالث", "ar", "official") in places["pcode:LY97"].names
    ring = shapely.Point(20, 27).buffer(1).difference(shapely.Point(20, 27).buffer(0.5))
    assert ring.contains(shapely.Point(places["pcode:LY96"].lon, places["pcode:LY96"].lat))


def test_another_coordinate_system_is_turned(tmp_path: Path) -> None:
    places, _ = read("ocha", boundaries(tmp_path / "utm.gpkg", "EPSG:32633"))
    assert places["pcode:LY99"].lon == pytest.approx(15.0, abs=0.01)
    assert places["pcode:LY99"].lat == pytest.approx(28.0, abs=0.02)


def test_a_shapefile_without_its_encoding_is_utf8(tmp_path: Path) -> None:
    path = boundaries(tmp_path / "lby_adm1.shp", encoding="UTF-8")
    path.with_suffix(".cpg").unlink()
    assert SourceName("الحلقة", "ar", "official") in read("ocha", path)[0]["pcode:LY96"].names


def test_tables_and_boundaries_together(tmp_path: Path) -> None:
    places, bad = read("ocha", NEW, boundaries(tmp_path / "lby.gpkg"))
    assert not bad
    assert set(places) == {"pcode:LY99", "pcode:LY98", "pcode:LY97", "pcode:LY96"}
    assert places["pcode:LY99"].lon == 15.0, "the boundary wins over the table"


def test_excel_with_a_sheet_for_each_level(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["About this workbook"])
    for level, code in ((1, "LY99"), (2, "LY9901")):
        page = book.create_sheet(f"ADM{level}")
        page.append(
            [f"admin{level}Name_en", f"admin{level}Name_ar", f"admin{level}Pcode", "Longitude", "Latitude"]
        )
        page.append([f"Unit {level}", "وحدة", code, 14.5, 27.5])
    book.save(tmp_path / "lby.xlsx")
    places, bad = read("ocha", tmp_path / "lby.xlsx")
    assert not bad
    assert [(place.id, place.feature_code) for place in places.values()] == [
        ("pcode:LY99", "ADM1"), ("pcode:LY9901", "ADM2")
    ]  # fmt: skip


def test_natural_earth_in_each_format(tmp_path: Path) -> None:
    frame = geopandas.read_file(PLACES)
    frame.to_file(tmp_path / "ne.gpkg", layer="ne_10m_populated_places")
    frame.to_file(tmp_path / "ne_10m_populated_places.shp.zip", encoding="UTF-8")
    for path in (PLACES, tmp_path / "ne.gpkg", tmp_path / "ne_10m_populated_places.shp.zip"):
        places, bad = read("natural_earth", path)
        mithal = places["ne:1990000001"]
        assert (mithal.feature_class, mithal.feature_code, mithal.country) == ("P", "PPL", "LY")
        assert (mithal.lon, mithal.lat, mithal.population) == (23.9, 32.0, 12000)
        assert mithal.same_as == ("geonames:990020", "wikidata:Q990020")
        assert mithal.names[:2] == (
            SourceName("المثال", "ar", "official"), SourceName("Mithal", "en", "official")
        )  # fmt: skip
        assert {name.text: name.lang for name in mithal.names[2:]} == {
            "Misal": "latin", "Methal": "latin", "Mithalstadt": "latin", "شهر مثال": "foreign"
        }  # fmt: skip
        capital = places["ne:1990000002"]
        assert (capital.feature_code, capital.country, capital.same_as, capital.population) == (
            "PPLA",
            "LY",
            (),
            0,
        )
        assert [(row.row, row.reason) for row in bad] == [
            (3, "there is no name in Arabic or Latin script"), (4, "there is no ne_id")
        ]  # fmt: skip


def test_other_files_are_refused(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"a": ["b"]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326")
    frame.to_file(tmp_path / "other.gpkg")
    for source, what in (("ocha", "COD-AB"), ("natural_earth", "Natural Earth")):
        with pytest.raises(InputError, match=rf"other\.gpkg: this is not a .*{what}.*; found a"):
            read(source, tmp_path / "other.gpkg")
        (tmp_path / "text.shp").write_text("no shapefile")
        with pytest.raises(InputError, match=r"text\.shp: it cannot be read as a vector file"):
            read(source, tmp_path / "text.shp")
        with pytest.raises(InputError, match="no such file"):
            read(source, tmp_path / "missing.gpkg")
    (tmp_path / "a.csv").write_text("name,lon,lat\nTobruk,23.9,32\n")
    with pytest.raises(InputError, match=r"a\.csv: this is not a COD-AB file .*; found name, lon, lat"):
        read("ocha", tmp_path / "a.csv")
