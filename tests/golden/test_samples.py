"""Check what the sample articles must say: places, readings, events, and what must not be drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

import geo
from geo.model import Document, Event, Reading, Role

SAMPLES = Path(__file__).resolve().parents[2] / "notebooks/samples"


@pytest.fixture(scope="module")
def parser() -> geo.Geoparser:
    return geo.Geoparser()


@pytest.fixture(scope="module")
def documents(parser: geo.Geoparser) -> dict[str, Document]:
    return {path.stem: parser.parse(path.read_text(encoding="utf-8")) for path in SAMPLES.glob("*.txt")}


def one(document: Document, kind: str, trigger: str) -> Event:
    """Return the first event of a type whose trigger holds a word."""
    return next(event for event in document.events if event.type == kind and trigger in event.trigger.text)


def placed(document: Document) -> set[str]:
    return {event.location.name for event in document.events if event.location is not None}


@pytest.mark.parametrize(
    ("sample", "kind", "trigger", "place", "role", "where_prec"),
    [
        ("libya-russia", "aircraft_loss", "سقطت", "Ajdabiya", Role.EVENT, 1),
        ("libya-russia", "airlift", "جسر جوي", "Hmeimim Air Base", Role.ORIGIN, 1),
        ("libya-russia", "visit", "زار", "Tripoli", Role.DESTINATION, 1),
        ("syria-north", "strike", "قصفت", "Saraqib", Role.EVENT, 1),
        ("syria-north", "protest", "تظاهر", "Al Qāmishlī", Role.EVENT, 1),
        ("yemen-coast", "protest", "تظاهر", "Mukalla", Role.EVENT, 1),
        ("yemen-coast", "meeting", "التقى", "Al Ḩudaydah", Role.EVENT, 1),
        ("sudan-rivers", "clash", "معارك", "Khartoum", Role.EVENT, 1),
        ("sudan-rivers", "killing", "قتل", "Al-Junaynah", Role.EVENT, 1),
        ("sudan-rivers", "disaster", "سيول", "Kassala", Role.EVENT, 4),
    ],
)
def test_event_stands_at_its_place(
    documents: dict[str, Document],
    sample: str,
    kind: str,
    trigger: str,
    place: str,
    role: Role,
    where_prec: int,
) -> None:
    location = one(documents[sample], kind, trigger).location
    assert location is not None
    assert (location.name, location.role, location.where_prec) == (place, role, where_prec)


@pytest.mark.parametrize(
    ("sample", "words", "inside"),
    [
        ("libya-russia", "جنوبي قبرص", (31.5, 33.5, 34.8, 35.0)),
        ("libya-russia", "المقابلة للسواحل الليبية", (11.0, 30.0, 26.0, 34.5)),
    ],
)
def test_sea_footprints_lie_at_sea(
    documents: dict[str, Document], parser: geo.Geoparser, sample: str, words: str, inside: tuple[float, ...]
) -> None:
    from geo.places.shapes import Shapes

    document = documents[sample]
    index = next(i for i, footprint in enumerate(document.footprints) if words in footprint.text)
    footprint = document.footprints[index]
    west, south, east, north = inside
    assert footprint.lon is not None
    assert footprint.lat is not None
    assert west < footprint.lon < east
    assert south < footprint.lat < north
    assert Shapes.open().land_sea(footprint.lon, footprint.lat) != "land"
    assert any(event.location and event.location.footprint == index for event in document.events)


def test_what_is_no_place_of_an_event_is_not_drawn(documents: dict[str, Document]) -> None:
    libya = documents["libya-russia"]
    assert "Moscow" not in placed(libya)
    assert "Tobruk" not in placed(libya)
    assert one(libya, "arms_transfer", "صفقة").location is None
    assert {"Ankara", "Doha", "Riyadh", "Tehran"}.isdisjoint(placed(documents["yemen-coast"]))


@pytest.mark.parametrize(
    ("sample", "surface", "before", "reading"),
    [
        ("libya-russia", "طرابلس", "بين ", Reading.METONYMIC),
        ("libya-russia", "موسكو", "و", Reading.METONYMIC),
        ("libya-russia", "طبرق", "لبرلمان ", Reading.ORGANISATION),
        ("libya-russia", "ليبيا", 'لصحيفة "', Reading.MEDIA),
        ("libya-russia", "روسيا", "تدخلا ", Reading.DEMONYM),
        ("libya-russia", "روسيا", "واعترفت ليبيا ب", Reading.METONYMIC),
        ("libya-russia", "الاتحاد السوفيتي", "انهيار ", Reading.HISTORICAL),
        ("libya-russia", "أجدابيا", "مدينة ", Reading.LITERAL),
        ("syria-north", "أنقرة", "أعلنت ", Reading.METONYMIC),
        ("syria-north", "دمشق", "ورحبت ", Reading.METONYMIC),
        ("sudan-rivers", "السودان", "سفير ", Reading.METONYMIC),
        ("sudan-rivers", "القاهرة", "سفير السودان في ", Reading.LITERAL),
        ("yemen-coast", "مأرب", "غربي مدينة ", Reading.LITERAL),
    ],
)
def test_reading(
    documents: dict[str, Document], sample: str, surface: str, before: str, reading: Reading
) -> None:
    document = documents[sample]
    start = document.text.index(before + surface) + len(before)
    mention = next(m for m in document.mentions if m.start == start and m.text == surface)
    assert mention.reading is reading
    assert mention.reasons


def test_air_base_is_one_place_with_two_containers(documents: dict[str, Document]) -> None:
    document = documents["libya-russia"]
    base = next(m for m in document.mentions if "حميميم" in m.text)
    assert base.text == "قاعدة حميميم الجوية"
    assert base.place is not None
    assert base.place.id == "geo:hmeimim-air-base"
    names = [document.mentions[i].place.name for i in base.containers]  # type: ignore[union-attr]
    assert names == ["Latakia", "Syria"]


def test_every_span_is_a_slice_of_the_text(documents: dict[str, Document]) -> None:
    for document in documents.values():
        spans = [*document.mentions, *document.footprints, *document.times]
        spans += [event.trigger for event in document.events] + [event.quote for event in document.events]
        assert all(document.text[span.start : span.end] == span.text for span in spans)


def test_order_of_documents_does_not_matter(parser: geo.Geoparser) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    forward = [document.events for document in parser.parse_many(texts)]
    backward = [document.events for document in parser.parse_many(texts[::-1])][::-1]
    assert [[e.type for e in events] for events in forward] == [
        [e.type for e in events] for events in backward
    ]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("وصل الوفد إلى طرابلس قادما من بيروت، ثم زار صيدا وصور.", "LB"),
        ("وصل الوفد إلى طرابلس قادما من بنغازي، ثم زار مصراتة.", "LY"),
        ("عقد اجتماع في مدينة طرابلس اللبنانية.", "LB"),
        ("عقد اجتماع في مدينة طرابلس الليبية.", "LY"),
    ],
)
def test_context_chooses_between_homonyms(parser: geo.Geoparser, text: str, country: str) -> None:
    mention = next(m for m in parser.parse(text).mentions if m.text == "طرابلس")
    assert mention.place is not None
    assert mention.place.country == country
    assert any(candidate.place.country != country for candidate in mention.candidates)
