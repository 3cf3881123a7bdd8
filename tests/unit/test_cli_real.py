"""The command with the shipped gazetteer and the sample articles, as a newcomer runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner, Result

from geo.cli import main
from geo.places import Gazetteer
from geo.tables import document_from_dict, document_to_dict, read_articles, read_table

SAMPLES = Path(__file__).resolve().parents[2] / "notebooks" / "samples"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(item) for item in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    result = run("parse", SAMPLES)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("out")
    return folder, run("map", SAMPLES, "--out-dir", folder, "--title", "عنوان")


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "start" in value:
            yield value
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


def test_every_sample_gives_a_record_whose_offsets_slice_back(records: list[dict[str, Any]]) -> None:
    articles = list(read_articles([SAMPLES]))
    assert [record["id"] for record in records] == [article.id for article in articles]
    for record, article in zip(records, articles, strict=True):
        found = list(spans(record))
        assert len(found) > 20
        assert [article.text[item["start"] : item["end"]] for item in found] == [
            item["text"] for item in found
        ]


def test_records_hold_the_documented_codes(records: list[dict[str, Any]]) -> None:
    for record in records:
        for event in record["events"]:
            assert event["modality"] in ("asserted", "planned", "requested", "threatened", "denied")
            assert event["date_precision"] in (None, 1, 2, 3, 4, 5)
            location = event["location"]
            if location is None:
                continue
            assert ("mention" in location) != ("footprint" in location)
            kind = "mention" if "mention" in location else "footprint"
            assert location[kind] < len(record[f"{kind}s"])
            assert 1 <= location["where_prec"] <= 7
            assert 1 <= location["geo_precision"] <= 3
            assert -180 <= location["lon"] <= 180
            assert -90 <= location["lat"] <= 90
            assert location["uncertainty_km"] > 0
        assert set(record["versions"]) == {"code", "gazetteer", "model", "rules"}


def test_records_come_back_as_documents(records: list[dict[str, Any]]) -> None:
    gazetteer = Gazetteer.open()
    for record, article in zip(records, read_articles([SAMPLES]), strict=True):
        assert document_to_dict(document_from_dict(record, article, gazetteer.by_id)) == record


def test_the_map_and_its_tables_are_written_and_listed(drawn: tuple[Path, Result]) -> None:
    folder, result = drawn
    assert result.exit_code == 0
    names = {"map.html", "events.geojson", "events.parquet", "mentions.parquet"}
    assert {path.name for path in folder.iterdir()} == names
    assert all(str(folder / name) in result.stdout for name in names)
    assert "with a place" in result.stderr
    assert len(result.stderr.splitlines()) < 30, "the summary must fit a screen"
    assert (folder / "map.html").stat().st_size < 1_000_000


def test_tables_agree_with_the_records(records: list[dict[str, Any]], drawn: tuple[Path, Result]) -> None:
    folder, _ = drawn
    events, mentions = read_table(folder / "events.parquet"), read_table(folder / "mentions.parquet")
    assert list(events["event_id"]) == [event["id"] for record in records for event in record["events"]]
    assert list(mentions["text"]) == [item["text"] for record in records for item in record["mentions"]]
    located = [event["location"] is not None for record in records for event in record["events"]]
    assert list(events.geometry.notna()) == located
    assert len(gpd.read_file(folder / "events.geojson")) == len(events)
    assert events["event_id"].is_unique
    assert mentions["mention_id"].is_unique
    placed = events[events["place_id"].notna()]
    assert placed["attribution"].notna().all()
    assert placed["license"].notna().all()


def test_every_point_lies_in_its_footprint(drawn: tuple[Path, Result]) -> None:
    events = read_table(drawn[0] / "events.parquet")
    shaped = events[events["footprint"].notna()]
    assert len(shaped) > 0
    gaps = shapely.distance(shaped["footprint"].to_numpy(), shaped.geometry.to_numpy())
    assert gaps.max() < 0.01


def test_running_again_gives_the_same_bytes(records: list[dict[str, Any]]) -> None:
    again = [json.loads(line) for line in run("parse", SAMPLES).stdout.splitlines()]
    assert again == records


def test_lookup() -> None:
    result = run("lookup", "أجدابيا", "Latakia", "--limit", 1, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["query"], row["name"], row["country"]) for row in rows] == [
        ("أجدابيا", "Ajdabiya", "LY"),
        ("Latakia", "Latakia", "SY"),
    ]
    assert run("lookup", "طرابلس", "--country", "lb", "--limit", 1).stdout.split()[:2] == [
        "geonames:266826",
        "LB",
    ]
    missing = run("lookup", "لا مكان بهذا الاسم", "حلب", "--limit", 1)
    assert missing.exit_code == 1
    assert "no place of this name" in missing.stderr
    assert len(missing.stdout.splitlines()) == 1


def test_gazetteer_info_and_verify() -> None:
    assert "geonames" in run("gazetteer", "info").stdout
    assert json.loads(run("gazetteer", "info", "--json").stdout)["counts"]["places"] > 30_000
    assert run("gazetteer", "verify").exit_code == 0


def test_a_gazetteer_that_is_not_there_is_exit_code_3(tmp_path: Path) -> None:
    for arguments in (["lookup", "حلب"], ["parse", SAMPLES], ["gazetteer", "verify"]):
        result = run("--gazetteer", tmp_path, *arguments)
        assert result.exit_code == 3
        assert result.stderr.startswith("gazetteer: ")
        assert "make gazetteer" in result.stderr
