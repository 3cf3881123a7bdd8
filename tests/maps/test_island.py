"""Islands: what Python packs, the page reads back, cell by cell."""

import base64
import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.maps.island import pack, unpack

WEB = Path(__file__).parents[2] / "web"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (WEB / "node_modules").is_dir(),
    reason="needs Node on PATH and the packages of web/package-lock.json",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COLUMNS = [
    st.none() | TEXT,
    st.none() | st.integers(-(2**40), 2**40),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.decimals(-180, 180, places=5, allow_nan=False).map(float),
    st.none() | st.lists(TEXT, max_size=2) | st.lists(st.dictionaries(TEXT, TEXT, max_size=2), max_size=2),
    st.none() | st.lists(st.dictionaries(TEXT, TEXT | st.integers(-9, 9) | st.lists(TEXT)), max_size=3),
]


@settings(max_examples=60, deadline=None)
@given(st.tuples(*(st.lists(cells, max_size=8) for cells in COLUMNS)))
def test_every_cell_comes_back(columns):
    data = {"events": {"length": 8, "columns": {str(at): list(cells) for at, cells in enumerate(columns)}}}
    assert unpack(pack(data)) == data


def test_numbers_take_the_bytes_they_need():
    block = gzip.decompress(
        base64.b64decode(pack({"columns": {"km": [1.25, None, 300.5], "n": [1, None, 7]}}))
    )
    head = json.loads(block[8 : 8 + int.from_bytes(block[4:8], "little")])
    assert head["columns"]["km"] == {"@": "number", "values": ["i2", 0, 3], "scale": 100}
    assert head["columns"]["n"] == {"@": "number", "values": ["i1", 8, 3], "scale": 1}


def test_a_word_that_repeats_is_kept_once():
    once = len(gzip.decompress(base64.b64decode(pack({"columns": {"a": ["جملة طويلة"]}}))))
    often = len(gzip.decompress(base64.b64decode(pack({"columns": {"a": ["جملة طويلة"] * 9}}))))
    assert often - once <= 24


@needs_node
def test_the_page_reads_what_python_packed(tmp_path):
    cells = {
        "text": ["طرابلس", None, "طرابلس", "a😀"],
        "lon": [13.19, None, -0.00001, 180.0],
        "count": [None, -7, 70000, 0],
        "wide": [1e300, None, 0.1, 2**45],
        "mixed": [[{"text": "و"}], None, ["{{7*7}}"], [1]],
        "list": [["ب", "ا", "ب"], None, [], ["ا"]],
        "records": [[{"id": "x", "lon": 13.5}, {"id": "y"}], None, [], [{"lon": 2.0, "more": ["z"]}]],
        "once": ["ا", "ب", "ج", "د"],
        "letters": ["".join(map(chr, range(0x4E00, 0x4F00))), "😀", None, "𐌰b"],
        "none": [None, None, None, None],
    }
    island = tmp_path / "island.txt"
    island.write_text(pack({"title": "ع", "events": {"length": 4, "columns": cells}}))
    source = (
        f'import {{ Table, decode }} from "{(WEB / "src" / "island.js").as_uri()}";'
        'import { readFileSync } from "node:fs";'
        f"const data = decode(readFileSync({json.dumps(str(island))}, 'utf8'));"
        "const t = new Table(data.events);"
        f"const cells = {json.dumps(list(cells))}.map((n) => [0, 1, 2, 3].map((row) => t.get(row, n)));"
        "process.stdout.write(JSON.stringify([data.title, cells]));"
    )
    script = tmp_path / "read.mjs"
    script.write_text(source, encoding="utf-8")
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True, timeout=60)
    title, read = json.loads(done.stdout)
    assert title == "ع"
    assert read == [[None if cell is None else cell for cell in column] for column in cells.values()]


@needs_node
def test_the_modules_of_the_page_hold():
    tests = sorted(str(path) for path in (WEB / "tests").glob("*.test.js"))
    done = subprocess.run(
        ["node", "--test", *tests], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:]
