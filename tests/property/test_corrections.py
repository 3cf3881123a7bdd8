"""Whatever people or files say, a log is read or refused, and a corrected document is whole."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.model import Article, Document, Reading
from geo.places import Gazetteer
from geo.reading.pipeline import Geoparser
from geo.reading.recognize import DictionaryRecognizer
from geo.tables import Correction, CorrectionLog
from geo.tables.corrections import Target, place_value, replay, text_hash, undo

TEXT = "وصل الوفد إلى طرابلس. وقصفت الطائرات قاعدة حميميم الجوية في اللاذقية بسوريا جنوبي قبرص أمس."
SPANS = st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12)).map(
    lambda at: (at[0], min(at[0] + at[1], len(TEXT)))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def parser() -> Geoparser:
    return Geoparser(recognizer=DictionaryRecognizer(Gazetteer.open()))


@pytest.fixture(scope="module")
def read(parser: Geoparser) -> Document:
    return parser.parse(Article("a", TEXT, "2019-03-05"))


def record(field: str, target: Target, new: object, who: str, number: int, sha: str) -> Correction:
    return Correction(f"2026-03-01T10:{number % 60:02}:00Z", who, "a", sha, target, field, None, new)


@st.composite
def logs(draw: st.DrawFn) -> list[Correction]:
    """Draw a log of changes at any spans, some of another text, some taken back."""
    place = place_value(next(c.place for c in Gazetteer.open().lookup("حلب")))
    made: list[Correction] = []
    for number in range(draw(st.integers(0, 6))):
        start, end = draw(SPANS)
        around = TEXT[max(0, start - 24) : start], TEXT[end : end + 24]
        kind = draw(st.sampled_from(["mention", "name", "event"]))
        target = Target(kind, start, end, TEXT[start:end], "", *around)
        if kind == "event":
            field, new = draw(
                st.sampled_from(
                    [
                        ("status", "rejected"), ("type", "clash"), ("date", None),
                        ("date", ["2019-01-01", "2019-02-01"]), ("location", None),
                        ("location", {"start": start, "end": end, "text": TEXT[start:end]}),
                    ]
                )
            )  # fmt: skip
        else:
            readings = [("reading", str(reading)) for reading in Reading]
            field, new = draw(st.sampled_from([("place", place), ("place", None), *readings]))
        sha = draw(st.sampled_from([text_hash(TEXT), "0" * 64]))
        made.append(record(field, target, new, draw(st.sampled_from(["a", "b"])), number, sha))
        if draw(st.booleans()) and draw(st.booleans()):
            made.append(undo(draw(st.sampled_from(made)), when=f"2026-03-02T10:{number:02}:00Z", who="a"))
    return made


@settings(max_examples=60)
@given(logs())
def test_a_corrected_document_is_whole(parser: Geoparser, read: Document, made: list[Correction]) -> None:
    document = parser.corrected_by(made).parse(read.article)
    for span in (*document.mentions, *document.footprints, *document.times):
        assert TEXT[span.start : span.end] == span.text
    mentions = document.mentions
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    for number, mention in enumerate(mentions):
        assert all(0 <= outer < len(mentions) and outer != number for outer in mention.containers)
    for event in document.events:
        if event.location is not None and event.location.mention is not None:
            assert mentions[event.location.mention].place is not None
    assert parser.corrected_by(made).parse(read.article) == document


@given(logs())
def test_a_log_replays_to_the_same_state(
    tmp_path_factory: pytest.TempPathFactory, made: list[Correction]
) -> None:
    log = CorrectionLog(tmp_path_factory.mktemp("log") / "corrections.jsonl")
    for item in made:
        log.append(item)
    records, notes = log.read(missing_ok=True)
    assert (records, notes) == (made, [])
    assert replay(records) == replay(made)
    taken_back = [undo(item, when="2026-03-03T00:00:00Z", who="c") for item in replay(made).records]
    assert replay([*made, *taken_back]).records == ()


@settings(max_examples=300)
@given(st.data())
def test_a_line_that_somebody_changed_is_read_or_refused(
    parser: Geoparser, read: Document, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    mention = read.mentions[0]
    target = Target.of_mention(read.article, mention)
    place = place_value(mention.place)
    item = json.loads(record("place", target, place, "a", 1, text_hash(TEXT)).line())
    changed = copy.deepcopy(item)
    holder = data.draw(st.sampled_from([changed, changed["target"], changed["new"]]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(JSON)
    path: Path = tmp_path_factory.mktemp("log") / "corrections.jsonl"
    path.write_text(json.dumps(changed) + "\n", encoding="utf-8")
    refused = ""
    try:
        parser.corrected_by(path).parse(read.article)
    except InputError as error:
        refused = str(error)
    assert not refused or "corrections.jsonl" in refused


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("log") / "corrections.jsonl"
    path.write_bytes(data)
    refused = ""
    try:
        CorrectionLog(path).read()
    except InputError as error:
        refused = str(error)
    assert not refused or "corrections.jsonl" in refused
