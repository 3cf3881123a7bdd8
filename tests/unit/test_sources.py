"""What holds for every importer: it is found, says under which licence it is, and has a page."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import SourceFacts
from geo.places.sources import SOURCES, geonames, importer

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "fixtures" / "sources"
SAMPLE_OF = {
    "geonames": "geonames-LY.txt", "whosonfirst": "whosonfirst", "wikidata": "wikidata-query.tsv",
    "osm": "osm.geojson", "ocha": "ocha-admin1-new.csv", "natural_earth": "natural-earth-places.geojson",
    "linked_places": "linked-places.tsv", "csv": "table-wells.csv",
}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_facts_and_a_page(source: str) -> None:
    facts = importer(source).facts([SAMPLES / SAMPLE_OF[source]])
    assert isinstance(facts, SourceFacts)
    assert facts.key
    assert facts.title
    assert facts.licence
    assert facts.attribution
    assert facts.version[:2] == "20"
    page = (ROOT / "docs" / "how-to" / "gazetteer-sources.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith(f"| `{source}` |")]
    linked = line.partition("](")[2].partition(")")[0]
    text = (ROOT / "docs" / "how-to" / linked).read_text(encoding="utf-8")
    assert "geo gazetteer add" in text
    assert "## Licence" in text
    assert "## Traps" in text


@pytest.mark.parametrize("source", SOURCES)
def test_every_importer_gives_the_same_twice_and_refuses_unknown_options(source: str) -> None:
    path = SAMPLES / SAMPLE_OF[source]
    first = list(importer(source).read([path]))
    assert first == list(importer(source).read([path]))
    with pytest.raises(InputError, match="there is no option 'colour'"):
        list(importer(source).read([path], colour="red"))
    with pytest.raises(InputError, match=r"missing|no such file"):
        list(importer(source).read([SAMPLES / "missing.zip"]))


@pytest.mark.parametrize("source", SOURCES)
def test_no_importer_takes_the_file_of_another(source: str) -> None:
    for other, sample in SAMPLE_OF.items():
        if other == source or (source, other) in {("csv", "linked_places"), ("csv", "ocha")}:
            continue  # tables, which they are
        with pytest.raises(InputError):
            list(importer(source).read([SAMPLES / sample]))


def test_names_of_sources() -> None:
    assert type(importer("WOF")) is type(importer("whosonfirst"))
    assert type(importer(" Natural-Earth ")) is type(importer("natural_earth"))
    with pytest.raises(InputError, match="'bing' is no source of places; there are geonames, whosonfirst"):
        importer("bing")


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(geonames.tempfile, "TemporaryDirectory", full)
    with pytest.raises(InputError, match=r"No space left on device.*TMPDIR"):
        list(importer("geonames").read([SAMPLES / SAMPLE_OF["geonames"]]))
