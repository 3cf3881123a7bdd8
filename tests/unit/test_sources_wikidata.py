"""Results of the Wikidata Query Service: four forms of one result give the same places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import importer

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"
FORMS = ("csv", "tsv", "json")


def read(path: Path, **options: object) -> tuple[dict[str, SourcePlace], list[BadRow]]:
    rows = list(importer("wikidata").read([path], **options))
    places = {row.id.removeprefix("wikidata:"): row for row in rows if isinstance(row, SourcePlace)}
    return places, [row for row in rows if isinstance(row, BadRow)]


@pytest.mark.parametrize("form", FORMS)
def test_the_rows_of_an_item_are_one_place(form: str) -> None:
    places, _ = read(SAMPLES / f"wikidata-query.{form}")
    tobruk = places["Q990001"]
    assert (tobruk.feature_class, tobruk.feature_code, tobruk.country) == ("P", "PPL", "LY")
    assert (tobruk.lon, tobruk.lat, tobruk.population) == (23.9764, 32.0836, 121052)
    assert tobruk.same_as == ("geonames:990020",)
    assert tobruk.parent_id == "wikidata:Q990010"
    assert tobruk.names == (
        SourceName("طبرق", "ar", "official"),
        SourceName("Tobruk", "en", "official"),
        SourceName("طبرق المدينة", "ar", "variant"),
        SourceName("طُبرق", "ar", "variant"),
        SourceName("دار السلام", "ar", "variant"),
    )


@pytest.mark.parametrize("form", FORMS)
def test_classes_countries_and_missing_labels(form: str) -> None:
    places, _ = read(SAMPLES / f"wikidata-query.{form}")
    assert places["Q990002"].names == (SourceName("كمبوت", "ar", "official"),), "an item number is no label"
    assert places["Q990002"].country == "LY", "by its point"
    assert (places["Q990003"].feature_class, places["Q990003"].feature_code) == ("S", "AIRB")
    assert (places["Q990008"].feature_class, places["Q990008"].country) == ("H", "")
    assert (places["Q990009"].feature_class, places["Q990009"].feature_code) == ("L", "LCTY")
    assert read(SAMPLES / f"wikidata-query.{form}", feature="A.ADM3")[0]["Q990009"].feature_code == "ADM3"


@pytest.mark.parametrize("form", FORMS)
def test_every_bad_row_is_told(form: str) -> None:
    places, bad = read(SAMPLES / f"wikidata-query.{form}")
    assert set(places) == {"Q990001", "Q990002", "Q990003", "Q990008", "Q990009"}
    first = 1 if form == "json" else 2
    told = {row.row - first: row.reason for row in bad}
    assert told.pop(8).endswith("is no point (expected: Point(longitude latitude))")
    if form == "tsv":
        assert told.pop(11) == "it has 2 columns, not 10"
    assert told == {
        4: "the point lies on another body than the Earth",
        5: "there is no point",
        6: "there is no name in Arabic or Latin script",
        7: "'X1' is no item of Wikidata (expected: …/entity/Q3579)",
    }


def test_the_plain_list_of_the_page_is_understood(tmp_path: Path) -> None:
    rows = [
        {
            "item": "http://www.wikidata.org/entity/Q990001",
            "coord": "Point(23.97 32.08)",
            "itemLabel": "طبرق",
        },
        {
            "item": "http://www.wikidata.org/entity/Q990001",
            "coord": "Point(23.97 32.08)",
            "countryLabel": "ليبيا",
        },
        17,
    ]
    (tmp_path / "query.json").write_text(json.dumps(rows), encoding="utf-8")
    places, bad = read(tmp_path / "query.json", country="LY")
    assert places["Q990001"].names == (SourceName("طبرق", "und", "variant"),), "not the name of its country"
    assert (places["Q990001"].feature_code, places["Q990001"].country) == ("PPL", "LY")
    assert [row.reason for row in bad] == ["it is no JSON object"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,lon,lat\nTobruk,23.9,32\n")
    with pytest.raises(
        InputError, match=r"a.csv: this is not a result of the Wikidata .*\?item, \?coord.*; found name"
    ):
        read(tmp_path / "a.csv")
    (tmp_path / "a.json").write_text('{"type": "FeatureCollection"}')
    with pytest.raises(InputError, match=r"results\.bindings"):
        read(tmp_path / "a.json")
    (tmp_path / "b.json").write_text('{"results": ')
    with pytest.raises(InputError, match="no JSON"):
        read(tmp_path / "b.json")
    (tmp_path / "c.tsv").write_bytes(b"?item\t?\xf2\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read(tmp_path / "c.tsv")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "c.json")
