"""The review widget without a browser: what it shows, what an action does, what the log holds afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import geo
from geo.errors import InputError
from geo.maps.payload import payload
from geo.maps.review_items import document_items
from geo.model import Article, Document
from geo.places import Gazetteer
from geo.reading.pipeline import Geoparser
from geo.reading.recognize import DictionaryRecognizer
from geo.tables import CorrectionLog

TEXT = "وصل الوفد إلى طرابلس في 3 آذار 2019. وعقد اجتماع في طرابلس مساء الخميس. وتظاهر مئات في بنغازي."
OTHER = "انفجرت عبوة ناسفة في مدينة حلب."


@pytest.fixture(scope="module")
def parser() -> Geoparser:
    return Geoparser(recognizer=DictionaryRecognizer(Gazetteer.open()))


@pytest.fixture
def review(parser: Geoparser, tmp_path: Path):
    """Return a function that opens the widget on the same log, at one o'clock, two o'clock ..."""
    hours = iter(range(1, 24))

    def open_it(*documents: Document, who: str = "نادية", log: str = "corrections.jsonl"):
        given = documents or (
            parser.parse(Article("a", TEXT, "2019-03-05")),
            parser.parse(Article("b", OTHER)),
        )
        return geo.review(
            given, tmp_path / log, who=who, parser=parser, clock=lambda: f"2026-03-01T{next(hours):02}:00:00Z"
        )

    return open_it


def name(widget, surface: str = "طرابلس", number: int = 0):
    return [m for m in widget.items["mentions"] if m["text"] == surface][number]


def lebanon(widget) -> str:
    found = (c for c in name(widget)["candidates"] if c["country"] == "LB" and c["feature"].startswith("PPL"))
    return next(found)["id"]


def countries(widget) -> list[str]:
    return [m["place"]["country"] for m in widget.items["mentions"] if m["text"] == "طرابلس"]


def test_it_shows_text_names_candidates_with_reasons_and_distances(review) -> None:
    widget = review()
    assert widget.items["text"] == TEXT
    assert [title["id"] for title in widget.titles] == ["a", "b"]
    tripoli = name(widget)
    assert TEXT[tripoli["start"] : tripoli["end"]] == "طرابلس"
    first = tripoli["candidates"][0]
    assert (first["country"], first["features"] != [], first["score"] > 0.5) == ("LY", True, True)
    assert 600 < first["km"] < 700  # Tripoli to Benghazi, 650 km
    json.dumps(widget.items, allow_nan=False)


def test_a_choice_moves_the_place_and_its_event_and_is_logged(review, tmp_path: Path) -> None:
    widget = review()
    widget.act({"do": "place", "start": name(widget)["start"], "id": lebanon(widget), "why": "السياق"})
    assert countries(widget) == ["LB", "LY"]
    visit = next(event for event in widget.document.events if event.type == "visit")
    assert visit.location
    assert visit.location.lon == pytest.approx(35.84, abs=0.05)
    assert name(widget)["by"] == "نادية"
    table = widget.corrections()
    assert table[["who", "doc", "kind", "text", "field", "why"]].to_dict("records") == [
        {
            "who": "نادية", "doc": "a", "kind": "mention", "text": "طرابلس",
            "field": "place", "why": "السياق",
        }
    ]  # fmt: skip
    assert table["new"][0] == lebanon(widget)
    (record,) = CorrectionLog(tmp_path / "corrections.jsonl").read()[0]
    assert record.when == "2026-03-01T01:00:00Z"
    assert record.old["country"] == "LY"
    assert widget.told["key"] == "saved"


def test_every_mention_and_back(review) -> None:
    widget = review()
    widget.act({"do": "place", "start": name(widget)["start"], "id": lebanon(widget), "all": True})
    assert countries(widget) == ["LB", "LB"]
    widget.act({"do": "undo"})
    assert countries(widget) == ["LY", "LY"]
    assert widget.corrections().empty
    widget.act({"do": "undo"})
    assert widget.told["key"] == "nothing"


def test_undo_takes_back_only_ones_own(review) -> None:
    first = review(who="نادية")
    first.act({"do": "place", "start": name(first)["start"], "id": lebanon(first)})
    second = review(who="Omar")
    assert countries(second) == ["LB", "LY"], "what the log holds is honoured from the start"
    second.act({"do": "undo"})
    assert countries(second) == ["LB", "LY"]
    assert second.told["key"] == "nothing"


def test_accepting_a_name_confirms_it(review) -> None:
    widget = review()
    widget.act({"do": "place", "start": name(widget)["start"], "id": name(widget)["place"]["id"]})
    assert name(widget)["reasons"][0] == "place confirmed by نادية on 2026-03-01"
    assert name(widget)["by"] == "نادية"
    assert widget.document.notes == ()


def test_readings_events_and_documents(review) -> None:
    widget = review()
    widget.act({"do": "reading", "start": name(widget, "بنغازي")["start"], "reading": "metonymic"})
    assert name(widget, "بنغازي")["reading"] == "metonymic"
    visit, meeting = widget.items["events"][:2]
    widget.act({"do": "event", "id": visit["id"], "field": "status", "new": "rejected"})
    widget.act({"do": "event", "id": meeting["id"], "field": "date", "new": ["2019-03-01", "2019-03-02"]})
    widget.act({"do": "event", "id": meeting["id"], "field": "location", "new": None})
    assert [event["status"] for event in widget.items["events"][:2]] == ["rejected", "edited"]
    assert widget.items["events"][1]["date_end"] == "2019-03-02"
    assert widget.items["events"][1]["location"] is None
    widget.act({"do": "document", "index": 1})
    assert widget.items["id"] == "b"
    assert [title["changes"] for title in widget.titles] == [4, 0]
    assert [document.id for document in widget.reviewed] == ["a", "b"]


def test_words_that_were_not_read_become_a_name(review) -> None:
    text = "التقى خالد أهالي تلبيسة قبل العيد."
    widget = review(Document(Article("c", text)))
    start = text.index("تلبيسة")
    widget.act({"do": "add", "start": start - 1, "end": start + len("تلبيسة") + 1})
    added = name(widget, "تلبيسة")
    assert (added["start"], added["reading"], added["by"]) == (start, "literal", "نادية")
    assert widget.selection["start"] == start
    assert added["candidates"][0]["country"] == "SY"
    widget.act({"do": "place", "start": start, "id": added["candidates"][0]["id"]})
    assert name(widget, "تلبيسة")["place"]["country"] == "SY"
    assert widget.document.notes == ()
    widget.act({"do": "undo"})
    widget.act({"do": "undo"})
    assert [record["field"] for record in widget.choices] == []


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 3), (0, 10_000), ("0", 4), (-2, 3), (3, 4)])
def test_no_name_is_made_of_nothing(review, start: object, end: object) -> None:
    widget = review()
    with pytest.raises(InputError, match=r"no words|is empty"):
        widget.act({"do": "add", "start": start, "end": end})


def test_no_name_is_made_over_another(review) -> None:
    widget = review()
    with pytest.raises(InputError, match="has a name in it already"):
        widget.act({"do": "add", "start": name(widget)["start"] + 2, "end": name(widget)["end"] + 4})


def test_a_place_that_is_no_candidate_can_be_found_and_chosen(review) -> None:
    widget = review()
    widget.act({"do": "search", "text": "طبرق"})
    assert widget.found[0]["name"] == "Tobruk"
    widget.act({"do": "place", "start": name(widget)["start"], "id": widget.found[0]["id"]})
    assert name(widget)["place"]["name"] == "Tobruk"
    assert "Tobruk" in [candidate["name"] for candidate in name(widget)["candidates"]]


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"do": "dance"},
        {"do": "place", "start": 3, "id": None},
        {"do": "place", "start": "<img>", "id": None},
        {"do": "place", "start": TEXT.index("طرابلس"), "id": "geonames:nothing"},
        {"do": "reading", "start": TEXT.index("طرابلس"), "reading": "poetic"},
        {"do": "event", "id": "none", "field": "status", "new": "accepted"},
        {"do": "document", "index": 9},
        {"do": "document", "index": None},
    ],
)
def test_a_message_that_means_nothing_is_told_and_changes_nothing(review, tmp_path: Path, action) -> None:
    widget = review()
    before = widget.items
    with pytest.raises(InputError):
        widget.act(action)
    widget._heard(action)
    assert widget.told["key"] == "error"
    assert widget.items == before
    assert not (tmp_path / "corrections.jsonl").exists()


@pytest.mark.parametrize(("field", "new"), [("status", "perhaps"), ("colour", "red"), ("date", ["soon", ""])])
def test_an_event_is_not_changed_to_nonsense(review, tmp_path: Path, field: str, new: object) -> None:
    widget = review()
    event = widget.items["events"][0]
    with pytest.raises(InputError):
        widget.act({"do": "event", "id": event["id"], "field": field, "new": new})
    assert not (tmp_path / "corrections.jsonl").exists()


def test_where_no_widget_runs_words_say_what_to_do(review) -> None:
    data, _ = review()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "run this cell in a trusted notebook" in data["text/plain"]
    assert "corrections.jsonl" in data["text/html"]
    assert "<script" not in data["text/html"]


@pytest.mark.parametrize("given", [[], "نص", [1]])
def test_something_else_than_documents_is_refused(given: object) -> None:
    with pytest.raises(InputError, match=r"geo\.review was given"):
        geo.review(given)  # type: ignore[arg-type]


def test_a_rejected_event_stays_in_the_table_and_leaves_the_map(review) -> None:
    widget = review()
    visit = widget.items["events"][0]
    before = payload(geo.to_geodataframe(widget.document))["events"]["columns"]["event_id"]
    widget.act({"do": "event", "id": visit["id"], "field": "status", "new": "rejected"})
    table = geo.to_geodataframe(widget.document)
    assert table.set_index("event_id").loc[visit["id"], "status"] == "rejected"
    drawn = payload(table)["events"]["columns"]["event_id"]
    assert drawn == [identifier for identifier in before if identifier != visit["id"]]
    mentions = geo.to_geodataframe(widget.document, table="mentions")
    assert mentions["role"].tolist()[0] == "mentioned"


def test_a_document_that_was_read_by_hand_is_shown_as_it_is(document: Document) -> None:
    items = document_items(document)
    assert [mention["reading"] for mention in items["mentions"]] == ["literal", "literal", "metonymic"]
    assert items["events"][1]["location"]["text"] == "جنوبي قبرص"
    assert items["events"][2]["location"] is None
    assert document_items(replace(document, notes=("x",)))["notes"] == ["x"]
