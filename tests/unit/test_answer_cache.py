"""Answers of others are kept: for a while, whole, for threads and processes, in no file of anybody else."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.geocoding import AnswerCache

SEBHA = [{"address": "سبها، ليبيا", "lat": 27.04, "lon": 14.43, "raw": {"place_id": 1}}]
DAY = 86_400.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "answers.sqlite"


def test_an_answer_comes_back_as_it_was(path: Path) -> None:
    cache = AnswerCache(path)
    assert cache.get("سبها") is None
    cache.put("سبها", "Nominatim", SEBHA)
    cache.put("nowhere", "Nominatim", [])
    assert cache.get("سبها") == SEBHA
    assert cache.get("nowhere") == [], "that there is no such place is an answer too"
    assert AnswerCache(path).get("سبها") == SEBHA
    assert pickle.loads(pickle.dumps(cache)).get("سبها") == SEBHA  # noqa: S301


def test_answers_expire_and_those_of_nothing_sooner(path: Path) -> None:
    clock = Clock()
    cache = AnswerCache(path, days=30, days_none=1, clock=clock)
    cache.put("found", "x", SEBHA)
    cache.put("none", "x", [])
    clock.now += 2 * DAY
    assert cache.get("found") == SEBHA
    assert cache.get("none") is None
    assert cache.purge() == 1
    assert len(cache) == 1
    clock.now += 29 * DAY
    assert cache.get("found") is None
    assert cache.purge(everything=True) == 1
    clock.now = 0
    cache.put("found", "x", SEBHA)
    clock.now = -DAY
    assert cache.get("found") is None, "an answer of the future is not trusted"


def test_the_oldest_answers_go_first(path: Path) -> None:
    clock = Clock()
    cache = AnswerCache(path, most=3, clock=clock)
    for number in range(5):
        clock.now += 1
        cache.put(str(number), "x", SEBHA)
    assert [cache.get(str(number)) is None for number in range(5)] == [True, True, False, False, False]


@pytest.mark.parametrize("key", ["'; DROP TABLE answers; --", "\x00", "a\nb", "x" * 100_000])
def test_hostile_keys_and_answers_are_only_data(path: Path, key: str) -> None:
    cache = AnswerCache(path)
    answer = [
        {"address": "<script>alert(1)</script>\u202e", "raw": {"lone": "\ud800", "odd": {1, 2}.__class__}}
    ]
    cache.put(key, "x", answer)
    kept = cache.get(key)
    assert kept is not None
    assert kept[0]["address"] == answer[0]["address"]
    assert kept[0]["raw"]["lone"] == "\ud800"
    assert len(cache) == 1


def test_what_cannot_be_said_in_json_or_is_too_long_is_not_kept(path: Path) -> None:
    cache = AnswerCache(path)
    endless: dict[str, object] = {}
    endless["self"] = endless
    for answer in ([endless], [{"raw": {(1, 2): "x"}}], [{"raw": "x" * 1_000_000}]):
        cache.put("key", "x", answer)
        assert cache.get("key") is None


def test_threads_share_a_file(path: Path) -> None:
    cache = AnswerCache(path)

    def work(number: int) -> bool:
        cache.put(str(number % 10), "x", SEBHA)
        return cache.get(str(number % 10)) == SEBHA

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(100)))
    assert len(cache) == 10


WRITER = """
import sys
from geo.geocoding.cache import AnswerCache
cache = AnswerCache(sys.argv[1])
for number in range(int(sys.argv[2])):
    cache.put(f"{sys.argv[3]} {number}", "x", [{"address": "a" * 1000}])
    print(number, flush=True)
"""


def test_processes_share_a_file_and_a_killed_one_leaves_whole_answers(path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), count, name], stdout=subprocess.PIPE, text=True
        )
        for name, count in (("a", "100000"), ("b", "20"))
    ]
    killed, other = writers
    assert killed.stdout
    for _ in range(20):
        killed.stdout.readline()
    killed.kill()
    told = killed.stdout.read().split()
    killed.wait()
    killed.stdout.close()
    assert other.communicate()[0].split()[-1:] == ["19"]
    cache = AnswerCache(path)
    last = max(19, *(int(number) for number in told)) if told else 19
    assert all(cache.get(f"a {number}") == [{"address": "a" * 1000}] for number in range(last + 1))
    assert all(cache.get(f"b {number}") for number in range(20))
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other, newer = tmp_path / "notes.txt", tmp_path / "other.sqlite", tmp_path / "newer.sqlite"
    text.write_text("these are notes, not a data base\n" * 100)
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE mine (x)")
    file.close()
    AnswerCache(newer)
    with sqlite3.connect(newer) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    for path in (text, other, newer, tmp_path):
        with pytest.raises(InputError, match=f"{path.name} cannot be used as a cache of answers: "):
            AnswerCache(path)
    assert text.read_text().startswith("these are notes")
    with sqlite3.connect(other) as file:
        assert file.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    file.close()


def test_a_file_that_breaks_on_the_way_costs_answers_and_nothing_else(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = AnswerCache(path)
    cache.put("key", "x", SEBHA)
    path.write_bytes(b"broken" * 1000)
    assert cache.get("key") is None
    cache.put("key", "x", SEBHA)
    assert "going on without it" in caplog.text
    assert "the answer is not kept" in caplog.text
    path.unlink()
    cache.put("key", "x", SEBHA)
    assert cache.get("key") == SEBHA, "a deleted file is made anew"
    with sqlite3.connect(path) as file:
        file.execute("UPDATE answers SET answer = '{\"half'")
    file.close()
    assert cache.get("key") is None


@pytest.mark.parametrize("settings", [{"days": -1}, {"days_none": -0.5}, {"most": 0}])
def test_settings_that_make_no_sense_are_refused(path: Path, settings: dict[str, float]) -> None:
    with pytest.raises(InputError, match="give positive numbers"):
        AnswerCache(path, **settings)  # type: ignore[arg-type]
