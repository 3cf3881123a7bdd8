"""The JSON record of a document: its exact keys, JSON only, and the way back."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

import geo
from geo.errors import InputError
from geo.model import Article, Document, Place
from geo.tables import document_from_dict, document_to_dict, write_jsonl
from geo.tables.records import rounded


def test_keys_are_exactly_the_documented_ones(document: Document) -> None:
    record = document_to_dict(document)
    assert list(record) == ["id", "mentions", "footprints", "times", "events", "versions", "notes"]
    assert set(record["mentions"][0]) == set(
        "start end text reading place confidence candidates reasons".split()
    )
    assert set(record["mentions"][0]["place"]) == set(
        "id name name_ar feature country admin1 lon lat".split()
    )
    assert set(record["mentions"][0]["candidates"][0]) == {"id", "score"}
    assert set(record["footprints"][0]) == set(
        "start end text relation anchors bearing_deg distance_km geometry lon lat uncertainty_km".split()
    )
    assert set(record["times"][0]) == set(
        "start end text date_start date_end precision edtf relative_to".split()
    )
    assert set(record["events"][0]) == set(
        "id type plover acled modality trigger quote date_start date_end date_precision edtf actors location "
        "confidence status".split()
    )
    shared = set("role name name_ar lon lat geometry where_prec geo_precision uncertainty_km".split())
    assert set(record["events"][0]["location"]) == shared | {"mention"}
    assert set(record["events"][1]["location"]) == shared | {"footprint"}
    assert record["events"][2]["location"] is None


def test_every_offset_slices_back_to_its_surface(document: Document) -> None:
    record = document_to_dict(document)
    spans = [*record["mentions"], *record["footprints"], *record["times"]]
    spans += [event[part] for event in record["events"] for part in ("trigger", "quote")]
    assert len(spans) == 11
    for item in spans:
        assert document.text[item["start"] : item["end"]] == item["text"]


def test_round_trip_through_json(document: Document) -> None:
    places = {item.place.id: item.place for item in document.mentions if item.place}
    record = json.loads(json.dumps(document_to_dict(document), allow_nan=False))
    back = document_from_dict(record, document.article, places.get)
    assert document_to_dict(back) == record
    assert back.mentions[0].place == document.mentions[0].place
    assert back.events[1].location == document.events[1].location


def test_round_trip_without_a_gazetteer_keeps_the_chosen_place(document: Document) -> None:
    back = document_from_dict(document_to_dict(document), document.article)
    assert back.mentions[0].place is not None
    assert back.mentions[0].place.feature_code == "PPLA"
    assert document_to_dict(back) == document_to_dict(document)


def test_another_text_is_refused_with_the_place_where_it_differs(document: Document) -> None:
    other = replace(document.article, text="x" + document.text)
    with pytest.raises(InputError, match=r"has .* at \["):
        document_from_dict(document_to_dict(document), other)
    with pytest.raises(InputError, match="lacks the key 'mentions'"):
        document_from_dict({"id": "sample"}, document.article)
    with pytest.raises(InputError, match="of document 'other'"):
        document_from_dict({"id": "other"}, document.article)


def test_coordinates_have_six_decimals(document: Document) -> None:
    place = Place("x:1", "X", "", "P", "PPL", "", "", 1.23456789, -0.00000049)
    changed = replace(document, mentions=(replace(document.mentions[0], place=place, candidates=()),))
    shown = document_to_dict(changed)["mentions"][0]["place"]
    assert (shown["lon"], shown["lat"]) == (1.234568, 0)
    assert rounded(((1.23456789, 2), None)) == [[1.234568, 2], None]


def test_one_line_per_document_as_they_come(document: Document) -> None:
    stream = io.StringIO()
    seen = []

    def documents():
        for number in range(3):
            seen.append(stream.getvalue().count("\n"))
            yield replace(document, article=replace(document.article, id=str(number)))

    assert write_jsonl(documents(), stream) == 3
    assert seen == [0, 1, 2], "records are held back instead of streamed"
    lines = stream.getvalue().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["0", "1", "2"]
    assert "إدلب" in lines[0], "Arabic must stay readable"


def test_an_empty_document() -> None:
    record = document_to_dict(Document(Article("a", "")))
    assert record == {
        "id": "a",
        "mentions": [],
        "footprints": [],
        "times": [],
        "events": [],
        "versions": {},
        "notes": [],
    }


def test_the_other_end_of_a_movement_survives_the_record_and_stands_in_the_table():
    article = Article("a", "نزح آلاف المدنيين من سراقب إلى إدلب.")
    (document,) = geo.parse_many([article])
    (event,) = document.events
    assert event.other_end is not None
    record = json.loads(json.dumps(document_to_dict(document)))
    (again,) = document_from_dict(record, article).events
    assert again.other_end == event.other_end
    table = geo.to_geodataframe([document])
    (end,) = table["other_end"].iloc[0]
    assert (end["name_ar"], end["country"]) == ("إدلب", "SY")
    mentions = geo.to_geodataframe([document], table="mentions")
    roles = dict(zip(mentions["text"], mentions["role"], strict=True))
    assert roles == {"سراقب": "origin", "إدلب": "destination"}
