"""The command: its output, its messages, its exit codes, and that every part of it is documented."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

import geo
from geo import __version__, cli
from geo.cli import articles, drawing, session
from geo.cli import gazetteer as gazetteer_commands
from geo.errors import GazetteerError, InputError
from geo.model import Article, Document
from geo.tables import read_table


class HandMade:
    """A parser that knows one article."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def parse(self, article: Article) -> Document:
        if "لا يقرأ" in article.text:
            raise InputError("this one cannot be parsed")
        known = article.text == self.document.text
        return replace(self.document, article=article) if known else Document(article)


@pytest.fixture
def run(document: Document, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(articles, "open_parser", lambda _session: HandMade(document))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(document.text, encoding="utf-8", newline="")

    def call(*arguments: str, **options: object) -> Result:
        return CliRunner().invoke(cli.main, arguments, catch_exceptions=False, **options)  # type: ignore[arg-type]

    return call


def commands(group: click.Group = cli.main, prefix: str = "geo") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in sorted(group.commands.items()):
        path = f"{prefix} {name}"
        found += commands(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found


@pytest.mark.parametrize(
    ("path", "command"), commands(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_documented(path: str, command: click.Command, root: Path) -> None:
    page = (root / "docs" / "reference" / "command.md").read_text(encoding="utf-8")
    heading = next((line for line in page.splitlines() if line.startswith(f"## `{path}")), None)
    assert heading, f"docs/reference/command.md has no section for {path}"
    section = page.split(heading)[1].split("\n## ")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert option in section, f"{path} {option} is not documented"
    assert command.help, f"{path} says nothing about itself"


def test_every_documented_command_exists(root: Path) -> None:
    page = (root / "docs" / "reference" / "command.md").read_text(encoding="utf-8")
    documented = [line for line in page.splitlines() if line.startswith("## `geo")]
    assert len(documented) == len(commands())
    for code in (0, session.REJECTED, 2, session.BROKEN):
        assert f"| {code} |" in page


def test_parse_writes_json_lines(run, document: Document) -> None:
    result = run("parse", "a.txt")
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record["id"] == "a"
    assert [item["text"] for item in record["mentions"]] == ["إدلب", "قبرص", "موسكو"]
    assert result.stderr == ""


def test_parse_reads_standard_input(run, document: Document) -> None:
    result = run("parse", "-", input=document.text.encode())
    assert json.loads(result.stdout)["id"] == "stdin"
    rows = "".join(json.dumps({"id": str(n), "text": "نص"}) + "\n" for n in range(3))
    lines = run("parse", "-", input=rows).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["0", "1", "2"]


def test_the_date_given_holds_for_articles_without_one(run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = '{"id": "1", "text": "x"}\n{"id": "2", "text": "x", "date": "2020-05-06"}\n'
    result = run("parse", "-", "--date", "2024-03-02", "-f", "csv", "--table", "events", input=rows)
    assert result.exit_code == 0
    seen = []

    class Seeing:
        def parse(self, article: Article) -> Document:
            seen.append(article.date)
            return Document(article)

    monkeypatch.setattr(articles, "open_parser", lambda _session: Seeing())
    run("parse", "-", "--date", "2024-03-02", input=rows)
    assert seen == ["2024-03-02", "2020-05-06"]


@pytest.mark.parametrize("form", articles.FORMATS)
@pytest.mark.parametrize("table", ["events", "mentions"])
def test_parse_writes_every_format(run, form: str, table: str, tmp_path: Path) -> None:
    result = run("parse", "a.txt", "-o", f"out/x.{form}", "--table", table)
    assert (result.exit_code, result.stdout) == (0, "")
    path = tmp_path / "out" / f"x.{form}"
    if form == "parquet":
        assert len(read_table(path)) == 3
    elif form in ("geojson", "gpkg"):
        assert len(gpd.read_file(path, layer="x" if form == "geojson" else table)) == 3
    else:
        assert "إدلب" in path.read_text(encoding="utf-8")


def test_the_format_may_differ_from_the_suffix(run, tmp_path: Path) -> None:
    assert run("parse", "a.txt", "-f", "geojson", "-o", "x.json").exit_code == 0
    assert len(json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["features"]) == 3
    assert len(json.loads(run("parse", "a.txt", "-f", "geojson").stdout)["features"]) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["parse"], "Missing argument"),
        (["parse", "a.txt", "-o", "x.xlsx"], "add --format"),
        (["parse", "a.txt", "-f", "parquet"], "say where to write it"),
        (["parse", "a.txt", "--date", "2.3.2024"], "2024-03-02"),
        (["map", "a.txt"], "say where to write the map"),
        (["map", "a.txt", "--events", "x.csv"], "say where to write the map"),
        (["nothing"], "No such command"),
    ],
)
def test_misuse_is_exit_code_2(run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_bad_input_is_told_and_the_rest_done(run, tmp_path: Path, document: Document) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "windows.txt").write_bytes("قصف الطيران مدينة إدلب".encode("cp1256"))
    (tmp_path / "wide.txt").write_bytes(document.text.encode("utf-16"))
    (tmp_path / "large.txt").write_bytes(b"a" * 10_000_001)
    (tmp_path / "folder").mkdir()
    (tmp_path / "bad.txt").write_text("لا يقرأ", encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text('{"id": "r1", "text": "x"}\n{"id":\n{"id": "r3", "text": "y"}\n')
    names = "empty binary windows wide large bad".split()
    result = run("parse", *(f"{name}.txt" for name in names), "folder", "none.txt", "rows.jsonl", "a.txt")
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [
        "windows",
        "wide",
        "r1",
        "r3",
        "a",
    ]
    rejected = [line for line in result.stderr.splitlines() if line.startswith("rejected: ")]
    told = [line.split(": ")[1] for line in rejected]
    assert told == ["empty.txt", "binary.txt", "large.txt", "bad", "folder", "none.txt", "rows.jsonl:2"]
    assert "note: windows.txt: read as Windows-1256" in result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_readable_still_gives_a_valid_file(run, tmp_path: Path) -> None:
    result = run("parse", "none.txt", "-o", "x.geojson")
    assert result.exit_code == 1
    assert json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"] == []


def test_an_output_that_cannot_be_written_is_exit_code_1(run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("parse", "a.txt", "-o", "file/x.geojson")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_broken_gazetteer_is_exit_code_3(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_session: session.Session) -> object:
        raise GazetteerError("places.arrow is missing; run `make gazetteer`")

    monkeypatch.setattr(articles, "open_parser", broken)
    monkeypatch.setattr(gazetteer_commands, "open_gazetteer", broken)
    for arguments in (["parse", "a.txt"], ["gazetteer", "info"], ["gazetteer", "verify"]):
        result = run(*arguments)
        assert result.exit_code == 3
        assert "places.arrow is missing" in result.stderr


def test_version() -> None:
    result = CliRunner().invoke(cli.main, ["--version"])
    assert result.output.strip() == f"geo, version {__version__}"


def test_arabic_is_written_as_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    script = (
        "import sys; from geo.model import *; from geo import cli; from geo.cli import articles\n"
        "class P:\n"
        "    def parse(self, a): return Document(a, (Mention(0, 3, a.text[:3], Reading.LITERAL),))\n"
        "articles.open_parser = lambda s: P()\n"
        "cli.main(['parse', '-'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", script],
        input="حلب\r\n".encode(), capture_output=True, check=False,
        env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.decode("utf-8"))["mentions"][0]["text"] == "حلب"
    assert b"\r" not in done.stdout


def test_a_map_of_several_articles_is_named_by_its_page_in_its_language(document: Document) -> None:
    tables = geo.to_geodataframe([document]), geo.to_geodataframe([document], table="mentions")
    look = drawing.Look(None, "ar", "none", None, None, "800x600", 1.0)
    assert look.draw(*tables, [document, document]).title is None
    assert look.draw(*tables, [document]).title == document.article.title
