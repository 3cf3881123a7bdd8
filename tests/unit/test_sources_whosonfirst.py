"""Repositories of Who's On First: folders and archives, names by language, records out of use."""

from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import importer

REPOSITORY = Path(__file__).resolve().parents[1] / "fixtures" / "sources" / "whosonfirst"


def read(*paths: Path) -> tuple[dict[str, SourcePlace], dict[str, BadRow]]:
    rows = list(importer("whosonfirst").read(paths))
    return (
        {row.id: row for row in rows if isinstance(row, SourcePlace)},
        {row.file.rpartition("/")[2]: row for row in rows if isinstance(row, BadRow)},
    )


def test_a_locality_with_its_names_and_concordances() -> None:
    tobruk = read(REPOSITORY)[0]["wof:990000020"]
    assert (tobruk.feature_class, tobruk.feature_code, tobruk.country, tobruk.admin1) == (
        "P",
        "PPLA",
        "LY",
        "79",
    )
    assert (tobruk.lon, tobruk.lat, tobruk.population) == (23.96, 32.08, 121052)
    assert tobruk.same_as == ("geonames:990020", "wikidata:Q990020", "wof:990000023")
    assert tobruk.parent_id == "wof:990000010"
    names = {name.text: name for name in tobruk.names}
    assert names["طبرق"] == SourceName("طبرق", "ar", "official"), (
        "tagged Egyptian; without its direction mark"
    )
    assert names["طُبْرُق"] == SourceName("طُبْرُق", "ar", "variant")
    assert names["Ţubruq"].lang == "latin", "tagged Arabic, yet in Latin script"
    assert names["Tobruk"] == SourceName("Tobruk", "en", "official")
    assert names["توبروک"].lang == "foreign"
    assert names["Antipyrgos"] == SourceName("Antipyrgos", "en", "historic")
    assert "Тобрук" not in names


def test_a_region_has_its_label_point_its_radius_and_the_code_its_localities_bear() -> None:
    places, _ = read(REPOSITORY)
    butnan = places["wof:990000010"]
    assert (butnan.feature_code, butnan.lon, butnan.lat, butnan.admin1) == ("ADM1", 23.98, 30.12, "79")
    assert butnan.uncertainty_km == pytest.approx(162.5, abs=0.1)
    assert places["wof:990000021"].admin1 == "79", "its own code, 49, is out of use; two of three bear it"
    assert places["wof:990000027"].feature_code == "PPLX"
    assert places["wof:990000001"].parent_id == ""


def test_records_out_of_use() -> None:
    places, bad = read(REPOSITORY)
    assert "wof:990000023" not in places, "another record supersedes it, and has its names"
    assert "طبرق القديمة" in {name.text for name in places["wof:990000020"].names}
    assert places["wof:990000024"].valid_to == "1942-11-30"
    assert bad["990000025.geojson"].reason == "the record was withdrawn on 2017-01-06, and none follows it"
    assert bad["990000026.geojson"].reason == "the record is not current, and no day of its end is told"


def test_a_superseded_record_alone_names_its_successor() -> None:
    (file,) = REPOSITORY.rglob("990000023.geojson")
    place = read(file)[0]["wof:990000023"]
    assert place.same_as == ("wof:990000020",)
    assert place.valid_to == ""


def test_every_refused_record_is_told() -> None:
    places, bad = read(REPOSITORY)
    assert len(places) == 7
    reasons = {name: row.reason for name, row in bad.items()}
    assert reasons.pop("990000032.geojson").startswith("it is no JSON, or damaged at character")
    assert reasons.pop("990000031.geojson") == "there is no longitude"
    assert reasons == {
        "990000025.geojson": "the record was withdrawn on 2017-01-06, and none follows it",
        "990000026.geojson": "the record is not current, and no day of its end is told",
        "990000028.geojson": "the placetype postalcode has no like in the gazetteer",
        "990000030.geojson": "there is no name in Arabic or Latin script",
    }
    assert bad["990000025.geojson"].text == "990000025 Batnan Old"


@pytest.mark.parametrize("kind", ["tar.xz", "tar.bz2", "tar.gz", "zip"])
def test_archives_hold_the_same(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"whosonfirst-data-admin-ly.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(target, "w") as archive:
            for file in sorted(REPOSITORY.rglob("*")):
                archive.write(file, file.relative_to(REPOSITORY.parent))
    else:
        with tarfile.open(target, f"w:{kind[4:]}") as tar:
            tar.add(REPOSITORY, "whosonfirst-data-admin-ly")
    assert read(target)[0] == read(REPOSITORY)[0]
    assert set(read(target)[1]) == set(read(REPOSITORY)[1])
    whole = target.read_bytes()
    target.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"damaged or cut off .*; download it again"):
        read(target)


@pytest.mark.parametrize("value", [[1], {"a": 1}, None, True, "x", -5, 1e308])
@pytest.mark.parametrize(
    "key",
    [
        *(
            "wof:id",
            "wof:hierarchy",
            "wof:concordances",
            "wof:superseded_by",
            "wof:placetype",
            "wof:parent_id",
        ),
        *("geom:latitude", "lbl:latitude", "geom:area_square_m", "name:ara_x_preferred", "wof:population"),
        *("mz:is_current", "edtf:cessation", "iso:country"),
    ],
)
def test_no_value_breaks_the_reading(tmp_path: Path, key: str, value: object) -> None:
    (source,) = REPOSITORY.rglob("990000020.geojson")
    record = json.loads(source.read_text(encoding="utf-8"))
    record["properties"][key] = value
    (tmp_path / "1.geojson").write_text(json.dumps(record), encoding="utf-8")
    record["properties"] |= {"wof:id": 5, key: value}
    record["properties"]["wof:hierarchy"] = [value, {"region_id": value}]
    (tmp_path / "2.geojson").write_text(json.dumps(record), encoding="utf-8")
    (good,) = REPOSITORY.rglob("990000021.geojson")
    (tmp_path / "3.geojson").write_bytes(good.read_bytes())
    assert "wof:990000021" in read(tmp_path)[0]


def test_other_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.geojson"
    other.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}}]}')
    with pytest.raises(InputError, match=r"other.geojson: there is no record of Who's On First .*wof:id"):
        read(other)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: there is no record"):
        read(tmp_path / "empty")
    with pytest.raises(InputError, match="no option 'country'; it has none"):
        list(importer("whosonfirst").read([REPOSITORY], country="LY"))
