"""A damaged artefact is refused with the file's name and the command that repairs it."""

import json
import shutil

import pyarrow as pa
import pytest

from geo.errors import GazetteerError
from geo.places import Gazetteer, Store
from geo.places.gazetteer import default_folder
from geo.places.store import TABLES, Text

FILES = [*(f"{table}.arrow" for table in TABLES), "provenance.json"]


@pytest.fixture
def copy(tmp_path):
    for name in FILES:
        shutil.copyfile(default_folder() / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(GazetteerError, match=rf"{name}.*make gazetteer"):
        Gazetteer.open(copy)


@pytest.mark.parametrize("name", [f"{table}.arrow" for table in TABLES])
def test_a_truncated_file_is_refused(copy, name):
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[:-100])
    with pytest.raises(
        GazetteerError, match=rf"{name}: {len(data) - 100} bytes, provenance.json states {len(data)}"
    ):
        Gazetteer.open(copy)


def test_a_file_of_the_right_size_but_no_arrow_is_refused(copy):
    path = copy / "prefixes.arrow"
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(GazetteerError, match=r"prefixes\.arrow"):
        Gazetteer.open(copy)


def test_one_changed_byte_is_found_by_verify(copy):
    path = copy / "names.arrow"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    store = Store(copy)
    with pytest.raises(GazetteerError, match=r"names.arrow \(SHA-256 differs\)"):
        store.verify()


def test_another_schema_version_is_refused(copy):
    path = copy / "provenance.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {"schema_version": 99}), encoding="utf-8")
    with pytest.raises(GazetteerError, match="schema version 99, this code reads 1"):
        Gazetteer.open(copy)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": 3}', "\x00"])
def test_a_broken_provenance_is_refused(copy, content):
    (copy / "provenance.json").write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"provenance.json.*make gazetteer"):
        Gazetteer.open(copy)


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(GazetteerError):
        Gazetteer.open(tmp_path / "nowhere")


def test_the_shipped_artefact_is_whole():
    hashes = Gazetteer.open().verify()
    assert set(hashes) >= {f"{table}.arrow" for table in TABLES} | {"rules.json"}


def test_text_reads_slices_and_finds():
    words = sorted(["", "a", "\u0623\u062c\u062f\u0627\u0628\u064a\u0627", "z\u00e9"])
    column = Text(pa.array(["x", *words], pa.utf8()).slice(1))
    assert list(column) == words
    assert [column.find(word) for word in words] == [0, 1, 2, 3]
    assert column.find("b") == -1
    assert column.lengths().tolist() == [len(word.encode()) for word in words]


def test_a_run_of_equal_strings_is_told_from_one_that_only_looks_so():
    column = Text(pa.array(["b", "aa", "aa", "a", "aaa", "\u0637\u0628"], pa.utf8()).slice(1))
    assert column.all_are(0, 2, "aa")
    assert not column.all_are(0, 4, "aa")
    assert not column.all_are(2, 4, "aa")
    assert not column.all_are(0, 3, "aa")
    assert column.all_are(4, 5, "\u0637\u0628")
