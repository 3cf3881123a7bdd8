"""Pictures and printed pages of a map, by a browser that is there."""

from __future__ import annotations

import asyncio
import importlib.util
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.cli import main
from geo.errors import GeoError, InputError
from geo.maps import event_map, save_picture
from geo.maps import picture as picture_module

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)


@pytest.fixture
def drawn():
    return event_map(synthetic.make_events(), title="عنوان")


@pytest.mark.browser
@pytest.mark.enable_socket
def test_a_png_has_the_size_that_was_asked_for_and_shows_something(drawn, tmp_path):
    target = save_picture(drawn, tmp_path / "map.png", size=(800, 600), scale=1.5)
    raw = target.read_bytes()
    assert raw.startswith(b"\x89PNG")
    assert struct.unpack(">II", raw[16:24]) == (1200, 900)
    assert len(raw) > 50_000
    assert [item.name for item in tmp_path.iterdir()] == ["map.png"]


@pytest.mark.browser
@pytest.mark.enable_socket
def test_a_pdf_is_printed(drawn, tmp_path):
    assert save_picture(drawn, tmp_path / "map.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.browser
@pytest.mark.enable_socket
def test_the_command_takes_pictures(tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("وقع انفجار في مدينة طبرق يوم 3 مايو 2019.", encoding="utf-8")
    options = [
        "--png",
        str(tmp_path / "m.png"),
        "--pdf",
        str(tmp_path / "m.pdf"),
        "--size",
        "600x400",
        "--scale",
        "1",
    ]
    done = CliRunner().invoke(main, ["-q", "map", str(article), "--lang", "en", *options])
    assert done.exit_code == 0, done.output
    assert struct.unpack(">II", (tmp_path / "m.png").read_bytes()[16:24]) == (600, 400)
    assert (tmp_path / "m.pdf").stat().st_size > 5_000


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("map.gif", {}, r"map\.gif: a picture is a \.png or a \.pdf"),
        ("map.png", {"size": (10, 10)}, "expected 200 to 10000 pixels"),
        ("map.png", {"scale": 9.0}, "scale from 0.5 to 4"),
        ("map.png", {"browser": "/no/such/browser"}, "no program that can be run"),
    ],
)
def test_what_makes_no_sense_is_refused(drawn, tmp_path, name, options, message):
    with pytest.raises(InputError, match=message):
        save_picture(drawn, tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_it_says_so(drawn, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(picture_module, "ELSEWHERE", {})
    with pytest.raises(GeoError, match=r"none was found on PATH .*apt install chromium"):
        save_picture(drawn, tmp_path / "map.png")


def test_a_picture_of_the_other_kind_is_refused_by_the_command(tmp_path):
    (tmp_path / "a.txt").write_text("كلام", encoding="utf-8")
    done = CliRunner().invoke(main, ["map", str(tmp_path / "a.txt"), "--pdf", str(tmp_path / "m.png")])
    assert done.exit_code == 2
    assert "ends in .pdf" in done.output


def test_nothing_is_written_where_nothing_could_be_read(tmp_path):
    done = CliRunner().invoke(main, ["map", str(tmp_path / "none.txt"), "-o", str(tmp_path / "m.html")])
    assert done.exit_code == 1
    assert "nothing is written" in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_is_none_is_refused_by_the_command(tmp_path):
    (tmp_path / "a.txt").write_text("كلام", encoding="utf-8")
    done = CliRunner().invoke(main, ["map", str(tmp_path / "a.txt"), "--png", "m.png", "--size", "big"])
    assert done.exit_code == 2
    assert "like 1600x1000" in done.output


@pytest.mark.browser
@pytest.mark.enable_socket
def test_a_picture_is_taken_where_an_event_loop_runs_as_in_a_notebook(drawn, tmp_path):
    async def cell():
        return save_picture(drawn, tmp_path / "map.png", size=(400, 300), scale=1)

    assert asyncio.run(cell()).stat().st_size > 1000
