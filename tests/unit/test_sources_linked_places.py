"""Linked Places: GeoJSON-LD and tables, time spans, links to other gazetteers."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import importer

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"
DOCUMENT = SAMPLES / "linked-places.jsonld"
TABLE = SAMPLES / "linked-places.tsv"


def read(path: Path, **options: object) -> tuple[dict[str, SourcePlace], dict[int, str]]:
    rows = list(importer("linked_places").read([path], **options))
    return (
        {row.id: row for row in rows if isinstance(row, SourcePlace)},
        {row.row: row.reason for row in rows if isinstance(row, BadRow)},
    )


def test_a_place_of_the_past() -> None:
    places, _ = read(DOCUMENT)
    barqa = places["lpf:example.org/places/1"]
    assert (barqa.feature_class, barqa.feature_code, barqa.country) == ("P", "PPL", "LY")
    assert (barqa.lon, barqa.lat, barqa.valid_to) == (20.883, 32.499, "1051-12-31")
    assert barqa.same_as == ("geonames:990904", "wikidata:Q990904")
    assert barqa.names == (
        SourceName("Barqa al-Madina", "en", "official"),
        SourceName("برقة المدينة", "ar", "variant"),
        SourceName("Barca", "latin", "historic"),
    )


def test_areas_collections_and_open_spans() -> None:
    places, _ = read(DOCUMENT)
    fezzan = places["lpf:whg:22"]
    assert (fezzan.feature_class, fezzan.feature_code, fezzan.lon, fezzan.lat) == ("A", "ADMD", 14.0, 26.5)
    assert fezzan.uncertainty_km == pytest.approx(205, abs=2)
    assert fezzan.valid_to == "1951-12-31", "the end of the last span"
    assert fezzan.country == "LY", "two are told, so the point decides"
    market = places["lpf:example.org/places/3"]
    assert (market.lon, market.lat, market.valid_to) == (13.2, 32.8, ""), "its second span is open"
    assert read(DOCUMENT, spans="attestation")[0]["lpf:whg:22"].valid_to == ""


def test_a_table() -> None:
    places, _ = read(TABLE)
    sabratha = places["lpf:linked-places/h1"]
    assert (sabratha.lon, sabratha.lat, sabratha.valid_to) == (12.485, 32.805, "0643-12-31")
    assert sabratha.same_as == ("geonames:990911", "wikidata:Q990911")
    assert sabratha.parent_id == "lpf:linked-places/h9"
    assert SourceName("صبراتة", "ar", "variant") in sabratha.names
    road = places["lpf:linked-places/h2"]
    assert (road.feature_class, road.lon, road.lat) == ("R", 13.5, 31.0)
    assert next(iter(read(TABLE, key="atlas")[0])) == "lpf:atlas/h1"


def test_every_bad_row_is_told() -> None:
    places, bad = read(DOCUMENT)
    assert len(places) == 3
    assert bad.pop(6).startswith("the geometry is damaged")
    assert bad == {
        4: "there is no geometry",
        5: "there is no @id",
        7: "there is no name in Arabic or Latin script",
    }
    places, bad = read(TABLE)
    assert len(places) == 2
    assert bad.pop(7).startswith("the geowkt is damaged")
    assert bad == {
        4: "there is no geometry",
        5: "there is no id",
        6: "the latitude 132 lies outside -90 to 90; are longitude and latitude exchanged?",
    }


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,lon,lat\nTobruk,23.9,32\n")
    with pytest.raises(InputError, match=r"a.csv: this is not Linked Places .*; found name, lon, lat"):
        read(tmp_path / "a.csv")
    (tmp_path / "a.json").write_text('{"features": [{"type": "Feature", "properties": {}}]}')
    with pytest.raises(InputError, match=r"a.json: this is not Linked Places .*@id"):
        read(tmp_path / "a.json")
    (tmp_path / "b.json").write_text("{}")
    with pytest.raises(InputError, match="no feature"):
        read(tmp_path / "b.json")
    with pytest.raises(InputError, match="spans='other'; expected validity or attestation"):
        read(DOCUMENT, spans="other")
