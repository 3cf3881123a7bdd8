"""Tables of anybody: columns found or mapped, encodings, constants, every bad row told."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import importer

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"
WELLS = SAMPLES / "table-wells.csv"


def read(path: Path, **options: object) -> tuple[list[SourcePlace], list[BadRow]]:
    rows = list(importer("csv").read([path], **options))
    return [row for row in rows if isinstance(row, SourcePlace)], [
        row for row in rows if isinstance(row, BadRow)
    ]


def test_columns_are_found_by_their_usual_names() -> None:
    places, _ = read(WELLS)
    first = places[0]
    assert first.id == "own:w1"
    assert (first.lon, first.lat, first.country, first.feature_code) == (14.43, 27.04, "LY", "WLL")
    assert first.names == (
        SourceName("بئر الغزالة", "ar", "official"),
        SourceName("Bir al Ghazala", "en", "official"),
        SourceName("بير الغزالة", "und", "variant"),
        SourceName("Bir Gazala", "latin", "variant"),
    )
    assert first.same_as == ("geonames:990001", "own:w9")


def test_every_bad_row_is_told() -> None:
    places, bad = read(WELLS)
    assert [place.id for place in places] == ["own:w1", "own:w2", "wikidata:Q990003", "own:w11"]
    assert {row.row: row.reason for row in bad} == {
        5: "the latitude 'north' is no number",
        6: "there is no name in Arabic or Latin script",
        7: "the id own:w1 is that of row 2 of table-wells.csv already",
        8: "the latitude 127 lies outside -90 to 90; are longitude and latitude exchanged?",
        9: "the country 'Libya' is no ISO code of two letters; leave it out, and the point tells the country",
        10: "the point is 0, 0: none was recorded",
        12: "the feature 'well' is no class and code of GeoNames (expected: P.PPL)",
    }
    assert bad[0].file == "table-wells.csv"
    assert bad[0].text.startswith("w4 | ")


def test_the_country_is_told_by_the_point_where_the_table_does_not() -> None:
    places, _ = read(WELLS)
    assert [place.country for place in places] == ["LY", "LY", "TN", ""], "the last lies at sea"


def test_mapping_constants_and_windows_encoding(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_bytes("البلدة;شرق;شمال\r\nأجدابيا;20,2263;30,7554\r\n".encode("cp1256"))
    with pytest.raises(
        InputError, match=r"no column for name, lon, lat; it has البلدة, شرق, شمال; say which: name="
    ):
        read(path)
    options = {
        "name": "البلدة",
        "lon": "شرق",
        "lat": "شمال",
        "country": "ly",
        "lang": "ar",
        "feature": "P.PPLA",
    }
    ((place,), bad) = read(path, **options)
    assert not bad
    assert place.names == (SourceName("أجدابيا", "ar", "official"),)
    assert (place.lon, place.lat, place.country, place.feature_code) == (20.2263, 30.7554, "LY", "PPLA")
    assert place.id == read(path, **options)[0][0].id
    assert place.id.startswith("own:")


def test_excel_with_a_sheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["nothing"])
    page = book.create_sheet("Towns")
    page.append(["Name", "Lon", "Lat"])
    page.append(["طبرق", 23.96, 32.08])
    book.save(tmp_path / "towns.xlsx")
    places, _ = read(tmp_path / "towns.xlsx", sheet="Towns")
    assert (places[0].names[0].text, places[0].lon) == ("طبرق", 23.96)


def test_misuse_is_refused() -> None:
    with pytest.raises(InputError, match="no column 'Place'; it has id, name_ar"):
        read(WELLS, name="Place")
    with pytest.raises(InputError, match="no option 'colour'"):
        read(WELLS, colour="red")
    with pytest.raises(InputError, match="country='Libya' is no ISO code"):
        read(WELLS, country="Libya")
    with pytest.raises(InputError, match="the feature 'well' is no class and code"):
        read(WELLS, feature="well")


def test_facts_are_the_users() -> None:
    facts = importer("csv").facts([WELLS])
    assert (facts.key, facts.title, facts.licence) == ("own", "table-wells.csv", "not stated")
