"""Shared by all tests: browser tests may reach this machine only, and hand-made documents are at hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from geo.model import (
    Actor,
    Article,
    Candidate,
    Document,
    Event,
    Footprint,
    Location,
    Mention,
    Modality,
    Place,
    Reading,
    Role,
    Span,
    TimeExpression,
)

ROOT = Path(__file__).resolve().parents[1]

# A slow or busy machine must not fail a property, and a failure must come back when run again.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

IDLIB = Place(
    "geonames:169389",
    "Idlib",
    "إدلب",
    "P",
    "PPLA",
    "SY",
    "12",
    36.633931,
    35.930621,
    128840,
    4.0,
    "",
    "geonames",
)
CYPRUS = Place(
    "geonames:146669", "Cyprus", "قبرص", "A", "PCLI", "CY", "", 33.0, 35.0, 1189265, 60.0, "", "geonames"
)
MOSCOW = Place(
    "geonames:524901", "Moscow", "موسكو", "P", "PPLC", "RU", "48", 37.61556, 55.75222, 10381222, 25.0
)

TEXT = (
    "قصف الطيران مدينة إدلب في آذار 2014.\nوأبحرت سفينة جنوبي قبرص. وقالت موسكو إنها تتابع، وتم توقيع اتفاق."
)
SEA = {
    "type": "Polygon",
    "coordinates": [[[32.0, 33.9], [34.0, 33.9], [34.0, 34.6], [32.0, 34.6], [32.0, 33.9]]],
}


@pytest.fixture(autouse=True, scope="session")
def data_folder_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the packs of whoever runs the tests and those of the tests apart."""
    home = tmp_path_factory.mktemp("geo-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_HOME", str(home))
        yield home


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give an installed Chromium, one for each file of tests; without one its tests are skipped.

    While it is open an event loop runs, in which `asyncio.run` is refused: it is closed before other files.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    named = os.environ.get("GEO_CHROMIUM")
    path = named or next((found for found in map(shutil.which, BROWSERS) if found), None)
    if path is None:
        pytest.skip("no Chromium found: install Debian's chromium or name one in GEO_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield chromium
        chromium.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let browser tests reach this machine; every other test has no network at all."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


def span(surface: str, text: str = TEXT) -> Span:
    """Return the span of the first occurrence of a surface."""
    start = text.index(surface)
    return Span(start, start + len(surface), surface)


def mention(
    surface: str, reading: Reading, place: Place | None, confidence: float, **more: object
) -> Mention:
    """Return a mention with its place as the only candidate."""
    at = span(surface)
    candidates = () if place is None else (Candidate(place, 0.9, {"prior": 0.9}),)
    reasons = (f"{reading.value} by hand",)
    return Mention(at.start, at.end, at.text, reading, place, confidence, candidates, reasons, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture
def document() -> Document:
    """Return a document with a place, a footprint at sea, a metonym, and an event without a place."""
    first, second = span(TEXT.splitlines()[0]), span("وأبحرت سفينة جنوبي قبرص.")
    third = span("وقالت موسكو إنها تتابع، وتم توقيع اتفاق.")
    month, south = span("آذار 2014"), span("جنوبي قبرص")
    return Document(
        Article("sample", TEXT, "2014-04-02", "https://example.org/1", "عنوان", "وكالة"),
        (
            mention("إدلب", Reading.LITERAL, IDLIB, 0.93),
            mention("قبرص", Reading.LITERAL, CYPRUS, 0.97),
            mention("موسكو", Reading.METONYMIC, MOSCOW, 0.8),
        ),
        (
            Footprint(
                south.start, south.end, south.text, "direction", (1,), 180.0, None, SEA, 33.0, 34.2, 90.0, 7,
                ("south of Cyprus, at sea",), (("inside_part", 0.2),),
            ),
        ),
        (TimeExpression(month.start, month.end, month.text, "2014-03-01", "2014-03-31", 4, "2014-03"),),
        (
            Event(
                "e1", "strike", "ASSAULT / aerial", "Explosions/Remote violence: Air/drone strike",
                Modality.ASSERTED, span("قصف"), first, "2014-03-01", "2014-03-31", 4, "2014-03", month.text,
                (Actor("الطيران", "source"),),
                Location(Role.EVENT, 0, None, "Idlib", "إدلب", IDLIB.lon, IDLIB.lat, None, 1, 1, 4.0),
                0.9, ("trigger", "place in the clause"),
            ),
            Event(
                "e2", "deployment", "MOBILIZE", None, Modality.ASSERTED, span("أبحرت"), second,
                location=Location(
                    Role.EVENT, None, 0, "south of Cyprus", "جنوبي قبرص", 33.0, 34.2, SEA, 7, 3, 90.0
                ),
                confidence=0.6,
            ),
            Event("e3", "agreement", "AGREE", None, Modality.ASSERTED, span("توقيع"), third, confidence=0.5),
        ),
        {"code": "0.1.0", "gazetteer": "1", "rules": "abc", "model": "none"},
    )  # fmt: skip
