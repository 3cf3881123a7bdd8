"""The artefact in the repository is what its sources give, byte by byte."""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "geo/_data"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_rebuild_gives_the_same_bytes(tmp_path):
    command = [sys.executable, str(ROOT / "gazetteer/build.py"), "--out", str(tmp_path / "out")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    built = {path.name: digest(path) for path in (tmp_path / "out").iterdir()}
    shipped = {name: digest(SHIPPED / name) for name in built}
    assert {name for name in built if built[name] != shipped[name]} == set(), (
        "run `make gazetteer` and commit geo/_data"
    )
    assert set(json.loads((SHIPPED / "provenance.json").read_text(encoding="utf-8"))["files"]) < set(built)


def test_extracts_are_those_of_the_data_package():
    package = json.loads((ROOT / "gazetteer/datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"]: resource["hash"] for resource in package["resources"]}
    found = {
        f"sources/{path.name}": f"sha256:{digest(path)}" for path in (ROOT / "gazetteer/sources").iterdir()
    }
    assert described == found


def test_every_extract_belongs_to_a_pinned_source():
    pins = tomllib.loads((ROOT / "gazetteer/sources.toml").read_text(encoding="utf-8"))
    listed = [name for pin in pins.values() if isinstance(pin, dict) for name in pin["extracts"]]
    assert sorted(listed) == sorted(path.name for path in (ROOT / "gazetteer/sources").iterdir())
    for pin in (pin for pin in pins.values() if isinstance(pin, dict) and "package" in pin):
        assert {"package_version", "install", "licence", "attribution", "date", "url"} <= set(pin)
