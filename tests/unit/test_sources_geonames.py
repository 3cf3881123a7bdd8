"""GeoNames dumps: places with their alternate names, packed or not, however they are dealt out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import geonames, importer

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"
PLACES = SAMPLES / "geonames-LY.txt"
NAMES = SAMPLES / "geonames-names-LY.txt"
CODES = SAMPLES / "geonames-admin1CodesASCII.txt"


def read(*paths: Path, **options: object) -> tuple[dict[str, SourcePlace], list[BadRow]]:
    rows = list(importer("geonames").read(paths, **options))
    places = [row for row in rows if isinstance(row, SourcePlace)]
    assert len({place.id for place in places}) == len(places)
    return {place.id: place for place in places}, [row for row in rows if isinstance(row, BadRow)]


def packed(folder: Path, name: str, *members: Path) -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "Readme for GeoNames extract files\n")
        for member in members:
            archive.writestr("LY.txt", member.read_bytes())
    return folder / name


def test_a_place_with_its_names_codes_and_concordances() -> None:
    places, _ = read(PLACES, NAMES)
    tobruk = places["geonames:900000004"]
    assert (tobruk.feature_class, tobruk.feature_code, tobruk.country, tobruk.admin1) == (
        "P",
        "PPL",
        "LY",
        "79",
    )
    assert (tobruk.lon, tobruk.lat, tobruk.population) == (23.97639, 32.08361, 121052)
    assert tobruk.parent_id == "geonames:900000003"
    assert tobruk.same_as == ("wikidata:Q900004",)
    names = {name.text: name for name in tobruk.names}
    assert names["طبرق"] == SourceName("طبرق", "ar", "official")
    assert names["Tobruk"] == SourceName("Tobruk", "en", "official")
    assert names["Ţubruq"] == SourceName("Ţubruq", "en", "official")
    assert names["Antipyrgos"].kind == "historic"
    assert names["طبروق"] == SourceName("طبروق", "ar", "colloquial")
    assert names["دار السلام"].lang == "und"
    assert names["Tobruch"].lang == "latin"
    assert names["توبروك"].lang == "foreign", "tagged Persian"
    assert not {"Тобрук", "https://example.org/Tobruk", "Q900004"} & set(names)


def test_without_the_table_of_names_the_language_is_untold() -> None:
    places, _ = read(PLACES)
    langs = {name.text: name.lang for name in places["geonames:900000004"].names}
    assert langs["طبرق"] == langs["توبروك"] == "und"
    assert {name.text: name.lang for name in places["geonames:900000012"].names}["کرکوک"] == "foreign"


def test_parents_come_from_the_dump_or_from_the_table_of_codes() -> None:
    places, _ = read(PLACES)
    assert places["geonames:900000005"].parent_id == "geonames:900000002"
    assert places["geonames:900000002"].parent_id == "geonames:900000001"
    assert places["geonames:900000001"].parent_id == ""
    assert places["geonames:900000001"].admin1 == ""


def test_the_table_of_codes_gives_parents_that_the_dump_lacks(tmp_path: Path) -> None:
    line = PLACES.read_text(encoding="utf-8").splitlines()[3].replace("\t79\t7901", "\t83\t")
    (tmp_path / "LY.txt").write_text(line, encoding="utf-8")
    places, _ = read(tmp_path / "LY.txt", CODES)
    assert places["geonames:900000004"].parent_id == "geonames:900000083"


def test_an_airport_is_known_by_its_icao_code_and_marks_vanish() -> None:
    places, _ = read(PLACES, NAMES)
    assert places["geonames:900000007"].same_as == ("icao:HLTJ",)
    assert places["geonames:900000005"].names[1].text == "مرسى العودة"
    assert places["geonames:900000006"].names[0].text == 'Bi’r "al" Hanash'


def test_every_bad_row_is_told_with_file_row_and_reason() -> None:
    _, bad = read(PLACES, NAMES)
    told = {(row.file, row.row): row.reason for row in bad}
    assert told == {
        (
            "geonames-LY.txt",
            8,
        ): "the latitude 132 lies outside -90 to 90; are longitude and latitude exchanged?",
        ("geonames-LY.txt", 9): "there is no longitude",
        ("geonames-LY.txt", 10): "there is no name in Arabic or Latin script",
        ("geonames-LY.txt", 11): "it has 4 tab-separated columns, not 19",
        ("geonames-LY.txt", 12): "there is no number of a place (expected: digits)",
        ("geonames-names-LY.txt", 13): "it has 3 tab-separated columns, not 8 or 10",
    }
    assert all(row.text for row in bad)


def test_archives_of_one_name_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    zips = [packed(tmp_path / "names", "LY.zip", NAMES), packed(tmp_path, "LY.zip", PLACES)]
    places, bad = read(*zips)
    plain, _ = read(PLACES, NAMES)
    assert places == plain
    assert {row.file for row in bad} == {"LY.zip/LY.txt"}
    assert read(tmp_path)[0] == plain, "a folder of both"
    assert (
        importer("geonames").facts(zips).version == "1980-01-01" or importer("geonames").facts(zips).version
    )


def test_the_number_of_shares_changes_the_order_only(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, bad = read(PLACES, NAMES)
    monkeypatch.setattr(geonames, "SHARE_BYTES", 500)
    dealt, worse = read(PLACES, NAMES)
    assert dealt == whole
    assert sorted(map(str, worse)) == sorted(map(str, bad))


def test_options(tmp_path: Path) -> None:
    assert set(read(PLACES, features="PPLA,H")[0]) == {"geonames:900000006", "geonames:900000012"}
    assert "geonames:900000006" not in read(PLACES, arabic_only="yes")[0]
    with pytest.raises(InputError, match="no option 'country'; it knows arabic_only, features"):
        read(PLACES, country="LY")


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "LY.csv").write_text("name,lon,lat\nTobruk,23.9,32.0\n")
    with pytest.raises(
        InputError, match=r"LY.csv: this is not a GeoNames dump .*19 tab-separated.*found 1 tab"
    ):
        read(tmp_path / "LY.csv")
    with pytest.raises(InputError, match="no dump of places"):
        read(NAMES)
    (tmp_path / "cut.zip").write_bytes(packed(tmp_path, "LY.zip", PLACES).read_bytes()[:-150])
    with pytest.raises(InputError, match=r"cut.zip: the archive is damaged or cut off .*download it again"):
        read(tmp_path / "cut.zip")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "missing.zip")


def test_text_that_is_not_utf8_is_a_bad_row(tmp_path: Path) -> None:
    raw = PLACES.read_bytes().splitlines(keepends=True)
    (tmp_path / "LY.txt").write_bytes(raw[0] + raw[3].replace("طبرق".encode(), "طبرق".encode("cp1256")))
    places, bad = read(tmp_path / "LY.txt")
    assert list(places) == ["geonames:900000001"]
    assert bad[0].row == 2
    assert "not UTF-8" in bad[0].reason
