"""Corrections: the log survives crashes and other programs, and what people changed stands on every rerun."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo import cli
from geo.errors import InputError
from geo.model import Article, Document, Place, Reading
from geo.places import Gazetteer
from geo.reading.pipeline import Geoparser, parse, parse_many
from geo.reading.recognize import DictionaryRecognizer
from geo.tables import Correction, CorrectionLog, Corrections, document_from_dict, document_to_dict
from geo.tables.corrections import Target, place_value, replay, text_hash, undo

TEXT = (
    "وصل الوفد إلى طرابلس في 3 آذار 2019. وقصفت الطائرات مدينة إدلب أمس. "
    "وعقد اجتماع في طرابلس مساء الخميس. وتظاهر مئات في بنغازي."
)
WHEN = "2026-03-0{}T10:00:00Z"


class Reviewer:
    """Write records against what a parse shows, as the review widget does."""

    def __init__(self, document: Document, who: str = "نادية", day: int = 1) -> None:
        self.document, self.who, self.day = document, who, day

    def record(self, target: Target, field: str, old: object, new: object, why: str = "") -> Correction:
        text = self.document.text
        versions = self.document.versions
        when = WHEN.format(self.day)
        return Correction(
            when, self.who, self.document.id, text_hash(text), target, field, old, new, why, versions
        )

    def place(self, surface: str, new: Place | None, *, every: bool = False, number: int = 0) -> Correction:
        same = [m for m in self.document.mentions if m.text == surface]
        target = Target.of_mention(self.document.article, same[number], all_of_name=every)
        old = place_value(same[number].place)
        return self.record(target, "place", [old] if every else old, place_value(new), "دليل في النص")

    def reading(self, surface: str, new: str) -> Correction:
        mention = next(m for m in self.document.mentions if m.text == surface)
        return self.record(
            Target.of_mention(self.document.article, mention), "reading", mention.reading.value, new
        )

    def event(self, kind: str, field: str, old: object, new: object) -> Correction:
        event = next(e for e in self.document.events if e.type == kind)
        return self.record(Target.of_event(self.document.article, event), field, old, new)


@pytest.fixture(scope="module")
def parser() -> Geoparser:
    return Geoparser(recognizer=DictionaryRecognizer(Gazetteer.open()))


@pytest.fixture(scope="module")
def lebanon() -> Place:
    found = (c.place for c in Gazetteer.open().lookup("طرابلس"))
    return next(place for place in found if place.country == "LB" and place.feature_class == "P")


@pytest.fixture(scope="module")
def read(parser: Geoparser) -> Document:
    return parser.parse(Article("a", TEXT, "2019-03-05"))


def again(parser: Geoparser, records: object, text: str = TEXT, name: str = "a") -> Document:
    return parser.corrected_by(records).parse(Article(name, text, "2019-03-05"))  # type: ignore[arg-type]


def countries(document: Document, surface: str = "طرابلس") -> list[str]:
    return [m.place.country if m.place else "" for m in document.mentions if m.text == surface]


# --- the log ---------------------------------------------------------------------------------------------


def test_a_record_comes_back_from_the_file_as_it_was(read: Document, lebanon: Place, tmp_path: Path) -> None:
    log = CorrectionLog(tmp_path / "folder" / "corrections.jsonl")
    records = [Reviewer(read).place("طرابلس", lebanon), Reviewer(read).reading("بنغازي", "metonymic")]
    log.append(records[0])
    log.append(records[1])
    assert log.read() == (records, [])
    assert [record.id for record in log.read()[0]] == [record.id for record in records]
    assert all(line.isascii() for line in log.path.read_text(encoding="ascii").splitlines())


def test_a_torn_last_line_is_told_and_the_next_record_is_whole(
    read: Document, lebanon: Place, tmp_path: Path
) -> None:
    log = CorrectionLog(tmp_path / "corrections.jsonl")
    first, second, third = (Reviewer(read, day=day).place("طرابلس", lebanon) for day in (1, 2, 3))
    log.append(first, second)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole[:-50])
    records, notes = log.read()
    assert records == [first]
    assert len(notes) == 1
    assert "line 2 was torn by a crash" in notes[0]
    log.append(third)
    records, notes = log.read()
    assert records == [first, third]
    assert "line 2" in notes[0]
    assert Corrections.given(log.path).notes == tuple(notes)


def _append_many(path: str, who: str) -> None:
    target = Target("mention", 0, 4, "حلب")
    for number in range(25):
        CorrectionLog(path).append(
            Correction(WHEN.format(1), who, "a", "", target, "place", None, None, "x" * 4000 + str(number))
        )


def test_two_programs_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_many, args=(str(path), who)) for who in ("a", "b")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    records, notes = CorrectionLog(path).read()
    assert notes == []
    assert sorted(record.who for record in records) == ["a"] * 25 + ["b"] * 25


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"when": 1}', "line 1: no correction"),
        ("[1, 2]", "it lacks everything"),
        ("not JSON at all", "is no log of corrections"),
    ],
)
def test_another_file_is_refused_by_name_and_line(line: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told) as caught:
        Corrections.given(path)
    assert "other.jsonl" in str(caught.value)


def test_a_missing_log_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read.*geo\.review"):
        Corrections.given(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"field": "colour"}, "has no field 'colour'"),
        ({"field": "place", "new": {"id": "x"}}, "the new place is"),
        ({"target": {"kind": "mention", "colour": 1}}, r"\['colour'\] is not of the kind"),
        ({"target": {"kind": "mention", "start": "x"}}, "is not of the kind"),
        ({"when": 3}, "is not of the kind"),
        ({"versions": 3}, "versions are 3"),
        ({"field": "date", "new": ["2019-03-05", "2019-03-01"], "target": {"kind": "event"}}, "the new date"),
        ({"field": "location", "new": {"start": "x"}, "target": {"kind": "event"}}, "the new location"),
        ({"field": "status", "new": "perhaps", "target": {"kind": "event"}}, "the new status is"),
    ],
)
def test_a_record_that_says_nothing_known_is_refused(
    change: dict[str, object], told: str, read: Document, lebanon: Place, tmp_path: Path
) -> None:
    path = tmp_path / "corrections.jsonl"
    line = json.loads(Reviewer(read).place("طرابلس", lebanon).line()) | change
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        Corrections.given(path)


def test_undo_is_a_record_and_can_be_undone(read: Document, lebanon: Place) -> None:
    change = Reviewer(read).place("طرابلس", lebanon)
    back = undo(change, when=WHEN.format(2), who="نادية")
    forth = undo(back, when=WHEN.format(3), who="نادية")
    assert replay([change, back]).records == ()
    assert replay([change, back, forth]).records == (change,)
    assert "not in the log" in replay([back]).notes[0]


# --- what it does to a reading ---------------------------------------------------------------------------


def test_the_first_reading_is_what_the_corrections_start_from(read: Document) -> None:
    assert countries(read) == ["LY", "LY"]
    assert [event.type for event in read.events][:2] == ["visit", "strike"]
    assert read.notes == ()


def test_a_place_moves_and_its_event_follows(parser: Geoparser, read: Document, lebanon: Place) -> None:
    document = again(parser, [Reviewer(read).place("طرابلس", lebanon)])
    assert countries(document) == ["LB", "LY"]
    visit = next(event for event in document.events if event.type == "visit")
    assert visit.location
    assert (visit.location.lon, visit.location.lat) == (lebanon.lon, lebanon.lat)
    mention = next(m for m in document.mentions if m.text == "طرابلس")
    assert mention.reasons[0] == "place corrected by نادية on 2026-03-01: دليل في النص"
    assert mention.confidence == 1.0
    assert document.notes == ()


def test_every_mention_of_a_name_moves_together(parser: Geoparser, read: Document, lebanon: Place) -> None:
    document = again(parser, [Reviewer(read).place("طرابلس", lebanon, every=True)])
    assert countries(document) == ["LB", "LB"]
    assert document.notes == ()


def test_none_of_these_leaves_the_event_without_a_place(parser: Geoparser, read: Document) -> None:
    document = again(parser, [Reviewer(read).place("بنغازي", None)])
    assert countries(document, "بنغازي") == [""]
    assert next(event for event in document.events if event.type == "protest").location is None


def test_a_reading_is_changed(parser: Geoparser, read: Document) -> None:
    document = again(parser, [Reviewer(read).reading("بنغازي", "metonymic")])
    assert next(m for m in document.mentions if m.text == "بنغازي").reading is Reading.METONYMIC
    protest = next(event for event in document.events if event.type == "protest")
    assert protest.location is None


def test_events_are_edited(parser: Geoparser, read: Document) -> None:
    who = Reviewer(read)
    place = next(m for m in read.mentions if m.text == "بنغازي")
    span = {"start": place.start, "end": place.end, "text": place.text}
    old = next(e for e in read.events if e.type == "meeting").location
    assert old
    assert old.mention is not None
    libya = read.mentions[old.mention]
    was = {"start": libya.start, "end": libya.end, "text": libya.text}
    strike = next(e for e in read.events if e.type == "strike")
    document = again(
        parser,
        [
            who.event("visit", "status", "auto", "rejected"),
            who.event("strike", "date", [strike.date_start, strike.date_end], ["2019-03-01", "2019-03-05"]),
            who.event("meeting", "location", was, span),
            who.event("protest", "type", "protest", "clash"),
        ],
    )
    assert document.notes == ()
    rejected, struck, met, fought = document.events
    assert rejected.status == "rejected"
    assert (struck.date_start, struck.date_end, struck.date_precision) == ("2019-03-01", "2019-03-05", 2)
    assert struck.edtf == "2019-03-01/2019-03-05"
    assert met.location
    assert met.location.name == "Benghazi"
    assert (fought.type, fought.status, fought.plover) == ("clash", "edited", "ASSAULT")
    assert fought.acled == "Battles: Armed clash"
    back = document_from_dict(document_to_dict(document), document.article)
    assert [event.status for event in back.events] == ["rejected", "edited", "edited", "edited"]


@pytest.mark.parametrize("value", [["2019-03-05", "2019-03-01"], ["soon", "2019-03-01"], "2019"])
def test_a_corrected_date_that_is_none_is_told(parser: Geoparser, read: Document, value: object) -> None:
    strike = next(e for e in read.events if e.type == "strike")
    old = [strike.date_start, strike.date_end]
    document = again(parser, [Reviewer(read).event("strike", "date", old, value)])
    assert next(e for e in document.events if e.type == "strike").date_start == strike.date_start
    assert any("the corrected date" in note for note in document.notes)


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Gazetteer:
    """Return the gazetteer of another day: it knows no Tripoli of Lebanon and no Idlib any more."""
    other = Gazetteer.open()
    find, by_id = other.find, other.by_id

    def finds(keys: list[str], **options: bool) -> list[tuple[int, ...]]:
        return [() if key == "ادلب" else rows for key, rows in zip(keys, find(keys, **options), strict=True)]

    def holds(place_id: str) -> Place | None:
        place = by_id(place_id)
        return None if place is not None and place.country == "LB" else place

    monkeypatch.setattr(other, "find", finds)
    monkeypatch.setattr(other, "by_id", holds)
    return other


def test_three_corrections_stand_with_another_gazetteer(
    parser: Geoparser, read: Document, lebanon: Place, changed: Gazetteer, tmp_path: Path
) -> None:
    idlib = next(m.place for m in read.mentions if m.text == "إدلب")
    who = Reviewer(read)
    log = CorrectionLog(tmp_path / "corrections.jsonl")
    log.append(
        who.place("طرابلس", lebanon, every=True),
        who.place("إدلب", idlib),
        who.event("meeting", "type", "meeting", "mediation"),
    )
    first = again(parser, log.path)
    assert first.notes == ()

    recognizer = DictionaryRecognizer(changed)
    bare = Geoparser(changed, recognizer=recognizer).parse(Article("a", TEXT, "2019-03-05"))
    assert "إدلب" not in [m.text for m in bare.mentions], "the other gazetteer must make a difference"

    second = Geoparser(changed, recognizer=recognizer, corrections=log.path).parse(first.article)
    assert countries(second) == ["LB", "LB"]
    assert [m.place and m.place.id for m in second.mentions if m.text == "إدلب"] == [idlib and idlib.id]
    assert "mediation" in [event.type for event in second.events]
    told = "\n".join(second.notes)
    assert "Tripoli (" in told
    assert "is not in the gazetteer any more" in told
    assert "'إدلب': no longer read as a name; put back" in told
    assert Corrections.given(log.path) == replay(log.read()[0])


def test_a_parse_that_reads_something_else_is_told(parser: Geoparser, read: Document, lebanon: Place) -> None:
    record = replace(Reviewer(read).place("طرابلس", lebanon), old=place_value(read.mentions[-1].place))
    document = again(parser, [record])
    assert countries(document)[0] == "LB"
    assert len(document.notes) == 1
    assert "the text is now read as 'Tripoli' (LY" in document.notes[0]
    assert "the correction to 'Tripoli' (LB" in document.notes[0]


def test_a_parse_that_has_come_round_to_the_correction_is_no_conflict(
    parser: Geoparser, read: Document, lebanon: Place
) -> None:
    libya = next(m.place for m in read.mentions if m.text == "طرابلس")
    record = replace(Reviewer(read).place("طرابلس", libya), old=place_value(lebanon))
    assert again(parser, [record]).notes == ()


def test_of_two_authors_the_later_wins_and_both_are_told(
    parser: Geoparser, read: Document, lebanon: Place
) -> None:
    first = Reviewer(read, "نادية", 1).place("طرابلس", lebanon)
    second = replace(Reviewer(read, "Omar", 2).place("طرابلس", None), old=place_value(lebanon))
    document = again(parser, [first, second])
    assert countries(document) == ["", "LY"]
    assert len(document.notes) == 1
    assert "نادية made the place 'Tripoli' (LB" in document.notes[0]
    assert "Omar made it no place on 2026-03-02: the later one stands" in document.notes[0]


def test_several_logs_are_taken_in_the_order_of_time(
    parser: Geoparser, read: Document, lebanon: Place, tmp_path: Path
) -> None:
    early = Reviewer(read, "نادية", 1).place("طرابلس", lebanon)
    late = replace(Reviewer(read, "Omar", 2).place("طرابلس", None), old=place_value(lebanon))
    paths = [tmp_path / "omar.jsonl", tmp_path / "nadia.jsonl"]
    for path, record in zip(paths, (late, early), strict=True):
        CorrectionLog(path).append(record)
    assert countries(again(parser, paths)) == ["", "LY"]


def test_words_that_moved_in_an_edited_text_are_found_again(
    parser: Geoparser, read: Document, lebanon: Place
) -> None:
    record = Reviewer(read).place("طرابلس", lebanon, number=1)
    edited = "أعلن متحدث ذلك. " + TEXT
    document = again(parser, [record], edited)
    assert countries(document) == ["LY", "LB"]


def test_words_that_are_gone_are_told_and_change_nothing(
    parser: Geoparser, read: Document, lebanon: Place
) -> None:
    records = [
        Reviewer(read).place("طرابلس", lebanon, every=True),
        Reviewer(read).event("strike", "status", "auto", "accepted"),
    ]
    document = again(parser, records, "سافر المدير من طرابلس إلى تونس قبل عام.")
    assert countries(document) == ["LY"]
    assert len(document.notes) == 2
    assert all("nothing was changed" in note for note in document.notes)


def test_corrections_of_another_document_do_nothing(
    parser: Geoparser, read: Document, lebanon: Place
) -> None:
    document = again(parser, [Reviewer(read).place("طرابلس", lebanon)], "عقد اجتماع في طرابلس.", "b")
    assert countries(document) == ["LY"]
    assert document.notes == ()


def test_a_renamed_file_keeps_its_corrections(parser: Geoparser, read: Document, lebanon: Place) -> None:
    assert countries(again(parser, [Reviewer(read).place("طرابلس", lebanon)], name="b")) == ["LB", "LY"]


def test_the_public_calls_take_corrections(read: Document, lebanon: Place, tmp_path: Path) -> None:
    log = CorrectionLog(tmp_path / "corrections.jsonl")
    log.append(Reviewer(read).place("طرابلس", lebanon, every=True))
    assert countries(parse(TEXT, id="a", date="2019-03-05", corrections=log.path)) == ["LB", "LB"]
    (document,) = parse_many([Article("a", TEXT)], corrections=log.path)
    assert countries(document) == ["LB", "LB"]


def test_a_stream_shows_its_progress_when_asked(
    parser: Geoparser, capsys: pytest.CaptureFixture[str]
) -> None:
    list(parser.parse_many(["حلب", "طبرق"]))
    assert capsys.readouterr().err == ""
    list(parser.parse_many(["حلب", "طبرق"], progress=True))
    assert "2/2" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["parse", "-o", "out.jsonl"], ["map", "--mentions", "m.csv", "-o", "out.html"]]
)
def test_the_command_honours_a_log_and_tells_what_differs(
    command: list[str], read: Document, lebanon: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT, encoding="utf-8", newline="")
    moved = replace(Reviewer(read).place("طرابلس", lebanon, every=True), old=[None])
    CorrectionLog("log.jsonl").append(moved)
    with Path("log.jsonl").open("ab") as stream:
        stream.write(b'{"when": "2026')
    done = CliRunner().invoke(cli.main, [command[0], "a.txt", "--corrections", "log.jsonl", *command[1:]])
    assert done.exit_code == 0, done.stderr
    assert "note: log.jsonl, line 2 was torn by a crash" in done.stderr
    assert "note: a: 'طرابلس': the text is now read as 'Tripoli' (LY" in done.stderr
    written = Path("out.jsonl" if command[0] == "parse" else "m.csv").read_text(encoding="utf-8-sig")
    assert lebanon.id in written
