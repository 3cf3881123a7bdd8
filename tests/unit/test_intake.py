"""Files to articles: encodings told apart, a clear message for bad input, the rest of the batch done."""

from __future__ import annotations

import io
import json
import os
import random
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.model import Article
from geo.tables import Rejected, read_articles
from geo.tables.encoding import decode
from geo.tables.intake import shown

TEXT = "قال المتحدث إن القوات دخلت مدينة سرت،\r\nوانسحبت من «الوشكة» في 6 كانون الثاني 2020؛ فهل تعود؟"


def read(*paths: object, **options: object) -> tuple[list[Article], list[Rejected], list[str]]:
    warnings: list[str] = []
    items = list(read_articles(paths, on_warning=warnings.append, **options))  # type: ignore[arg-type]
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, Rejected)], warnings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"]
)
def test_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "خبر.txt"
    path.write_bytes(TEXT.encode(encoding))
    articles, rejected, warnings = read(path)
    assert not rejected
    assert articles == [Article("خبر", TEXT)], "no newline may be translated, no mark kept"
    assert len(warnings) == (encoding == "cp1256")
    if warnings:
        assert "Windows-1256" in warnings[0]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "it is empty"),
        (b" \r\n\t", "it is empty"),
        ("\ufeff".encode(), "it is empty"),
        (bytes(range(256)) * 40, "binary"),
        (random.Random(7).randbytes(4096).replace(b"\0", b"\1") + b"\0\1\2", "binary"),
        (b"\x01\x02\x03\x04" * 50, "binary"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 ...", "Word"),
        ("Événement près de la frontière, à l'été".encode("latin-1"), "neither UTF-8"),
        ("Straßenkämpfe überall, größer".encode("latin-1"), "neither UTF-8"),
        (TEXT.encode()[:-1], "is UTF-8, damaged at byte"),
        (TEXT.encode().replace("س".encode(), b"\xd8", 1), "is UTF-8, damaged at byte"),
        ("قال المتحدث إن القوات دخلت المدينة".encode("iso-8859-6"), "ISO-8859-6"),
        (TEXT.encode("utf-16")[:-1], "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_and_the_rest_done(raw: bytes, message: str, tmp_path: Path) -> None:
    bad, good = tmp_path / "a.txt", tmp_path / "b.txt"
    bad.write_bytes(raw)
    good.write_text(TEXT, encoding="utf-8", newline="")
    articles, rejected, _ = read(bad, good)
    assert [item.id for item in articles] == ["b"]
    assert len(rejected) == 1
    assert message in rejected[0].reason
    assert str(bad) in rejected[0].where


@given(st.text(min_size=1))
def test_whatever_is_utf_8_comes_back_as_it_is(text: str) -> None:
    raw = text.encode("utf-8", "replace")
    expected = raw.decode("utf-8")
    try:
        found, _ = decode(raw)
    except InputError:
        known = raw.startswith((b"%PDF-", b"{\\rtf", b"PAR1"))
        assert known or any(unicodedata.category(char) == "Cc" for char in expected)
    else:
        assert found == expected or "\0" in expected or expected.startswith("\ufeff")


@given(st.binary())
def test_any_bytes_give_a_text_or_a_message(raw: bytes) -> None:
    with suppress(InputError):
        text, encoding = decode(raw)
        assert text == raw.decode(encoding)


def test_missing_file_folder_and_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "b.txt").write_text("ب", encoding="utf-8")
    (folder / "a.txt").write_text("ا", encoding="utf-8")
    (folder / "c.jsonl").write_text('{"id": 7, "text": "ج"}\n', encoding="utf-8")
    (folder / "ignored.png").write_bytes(b"\x89PNG")
    (folder / "sub").mkdir()
    articles, rejected, _ = read(tmp_path / "none.txt", tmp_path / "empty", folder)
    assert [(item.id, item.text) for item in articles] == [("a", "ا"), ("b", "ب"), ("7", "ج")]
    assert "no such file or folder" in rejected[0].reason
    assert "the folder holds no .txt" in rejected[1].reason


def test_a_broken_row_is_named_and_the_rest_done(tmp_path: Path) -> None:
    rows = [
        '{"id": "1", "text": "حلب", "date": "2024-03-02T10:00Z", "url": "u", "title": "t", "publisher": "p"}',
        '{"id": "2", "text": ',
        "",
        '["a list"]',
        '{"text": "no id"}',
        '{"id": "5", "text": null}',
        '{"id": "6", "text": "half \\ud800"}',
        '{"id": "7", "text": "x", "title": 3}',
        '{"id": "8", "text": "a\u2028b", "date": "2.3.2024"}',
        '{"id": "9", "text": ""}',
        '{"id": "9", "text": "again"}',
    ]
    path = tmp_path / "rows.jsonl"
    path.write_bytes("\ufeff".encode() + "\n".join(rows).encode() + b'\n{"id": "10", "text": "\xff"}')
    articles, rejected, warnings = read(path)
    assert articles[0] == Article("1", "حلب", "2024-03-02", "u", "t", "p")
    assert [item.id for item in articles] == ["1", "8", "9", "9"]
    assert articles[1].text == "a\u2028b"
    assert [item.where.rsplit(":", 1)[1] for item in rejected] == ["2", "4", "5", "6", "7", "8", "12"]
    reasons = [item.reason for item in rejected]
    for number, part in enumerate(
        [
            "not valid JSON",
            "list was found",
            "lacks 'id'",
            "lacks 'text'",
            "surrogate",
            "must be text",
            "not UTF-8",
        ]
    ):
        assert part in reasons[number]
    assert ["2.3.2024" in text for text in warnings] == [True, False]
    assert "came before" in warnings[1]


def test_json_files(tmp_path: Path) -> None:
    one, many, broken = (tmp_path / f"{name}.json" for name in ("one", "many", "broken"))
    one.write_text(json.dumps({"id": "x", "text": "حلب"}), encoding="utf-8")
    many.write_text(json.dumps([{"id": "y", "text": "حمص"}, 3]), encoding="utf-8")
    broken.write_text("[" * 100_000, encoding="utf-8")
    articles, rejected, _ = read(one, many, broken)
    assert [item.id for item in articles] == ["x", "y"]
    assert [item.where.rpartition("/")[2] for item in rejected] == ["many.json: item 2", "broken.json"]


def test_a_text_that_is_too_large_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(b"a" * 1001)
    rows = tmp_path / "big.jsonl"
    rows.write_text('{"id": "1", "text": "' + "x" * 2000 + '"}\n{"id": "2", "text": "y"}\n', encoding="utf-8")
    articles, rejected, _ = read(path, rows, max_bytes=1000)
    assert [item.id for item in articles] == ["2"]
    assert "jsonl" in rejected[0].reason
    assert "--max-bytes" in rejected[0].reason
    assert rejected[1].where.endswith(":1")
    assert len(read(path, max_bytes=1001)[0]) == 1


def test_rows_are_streamed(tmp_path: Path) -> None:
    class Slow(io.BytesIO):
        asked = 0

        def readline(self, size: int | None = -1) -> bytes:  # type: ignore[override]
            self.asked += 1
            return super().readline(size)

    stream = Slow(b'{"id": "1", "text": "x"}\n' * 100)
    items = read_articles(["-"], stdin=stream, on_warning=lambda _text: None)
    next(items)
    assert stream.asked <= 2


def test_standard_input_is_a_text_or_rows() -> None:
    assert read("-", stdin=io.BytesIO(TEXT.encode()))[0] == [Article("stdin", TEXT)]
    assert read("-", stdin=io.BytesIO(b"\n"))[1][0].reason.startswith("it is empty")
    articles, _, _ = read("-", stdin=io.BytesIO(b'{"id": "1", "text": "x"}\n{"id": "2", "text": "y"}'))
    assert [item.id for item in articles] == ["1", "2"]


def test_two_files_of_one_name_get_two_identifiers(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("حلب", encoding="utf-8")
    articles, _, _ = read(tmp_path / "a", tmp_path / "b")
    assert [item.id for item in articles] == ["x", "x~2"]


def test_a_hostile_file_name_cannot_turn_the_terminal_round(tmp_path: Path) -> None:
    path = tmp_path / "a\u202egpj.\x1b[31m.txt"
    path.write_bytes(b"")
    _, rejected, _ = read(path)
    assert "\u202e" not in str(rejected[0])
    assert "\x1b" not in str(rejected[0])
    assert shown("حلب.txt") == "حلب.txt"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    import threading

    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=("حلب", "utf-8"))
    writer.start()
    articles, _, _ = read(path)
    writer.join()
    assert articles == [Article("pipe", "حلب")]
