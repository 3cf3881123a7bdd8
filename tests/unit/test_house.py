"""The house rules no linter knows: a light import, declared imports, sizes, Arabic as data, fresh files."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import geo

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "geo").rglob("*.py"))
ARABIC_WORD = re.compile("[\u0621-\u064a\u066e-\u06d3]{2}")
LONGEST_FILE = 600
LONGEST_FUNCTION = 60


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_a_new_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_is_light() -> None:
    code = (
        "import sys, time\n"
        "start = time.perf_counter()\n"
        "import geo\n"
        "took = time.perf_counter() - start\n"
        "heavy = set('geopandas folium pandas numpy pyarrow shapely click'.split()) & set(sys.modules)\n"
        "print(took, sorted(heavy))"
    )
    took, heavy = min(in_a_new_process(code).split(" ", 1) for _ in range(3))
    assert heavy == "[]"
    assert float(took) < 0.15


@pytest.mark.parametrize("name", geo.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(geo, name)
    assert name in dir(geo)
    if callable(value):
        assert (value.__doc__ or "").strip()


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'geocoder'; it offers .*geocode"):
        geo.geocoder  # noqa: B018


def test_no_module_bears_the_name_of_a_public_function() -> None:
    assert not {path.stem for path in (ROOT / "geo").glob("*.py")} & set(geo.__all__)
    assert not {path.name for path in (ROOT / "geo").iterdir()} & set(geo.__all__)


def test_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {geo.__version__}" in citation.splitlines()
    assert re.search(
        rf"^## \[?{re.escape(geo.__version__)}\]?", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )


def third_party(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            root = name.partition(".")[0]
            if root not in sys.stdlib_module_names and root not in ("geo", "__future__"):
                yield root


def test_imports_and_dependencies_agree() -> None:
    imported = {name for path in SOURCES for name in third_party(ast.parse(path.read_text(encoding="utf-8")))}
    declared = {tool("lock").canonical(item) for item in project()["project"]["dependencies"]}
    extras = project()["project"]["optional-dependencies"].values()
    optional = {tool("lock").canonical(item) for extra in extras for item in extra}
    assert imported - optional == declared, "pyproject.toml must declare what geo/ imports, and nothing else"


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every string of a module that is no docstring, f-string parts included."""
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arabic_is_data(path: Path) -> None:
    """Words belong into gazetteer/rules; punctuation marks and ranges of letters may be code."""
    found = [
        (line, text)
        for line, text in literals(ast.parse(path.read_text(encoding="utf-8")))
        if ARABIC_WORD.search(text)
    ]
    assert not found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_row_loops_and_no_globals(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Global)
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("iterrows", "itertuples")


def test_generated_files_are_fresh() -> None:
    environment = tool("environment")
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == environment.render(project())
    lock = tool("lock")
    for path in (lock.INSTALLED, lock.BUILD):
        assert lock.faults(lock.requirements(project(), path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "'numpy>=2' of pyproject.toml is not in it"),
        ("numpy==1.26.4 \\\n    --hash=sha256:" + "0" * 64 + "\n", "does not allow 1.26.4"),
        ("--index-url https://example.org/simple\nnumpy==2.1\n", "neither a pinned name nor a hash"),
        ("numpy==2.1 # https://example.org\n", "holds an address"),
        ("numpy>=2.1\n", "neither a pinned name nor a hash"),
    ],
)
def test_a_bad_lock_is_noticed(text: str, fault: str) -> None:
    assert any(fault in found for found in tool("lock").faults(["numpy>=2"], text))


def test_a_good_lock_passes() -> None:
    good = "numpy==2.1 ; python_full_version < '3.12' \\\n    --hash=sha256:" + "a" * 64 + "\n"
    assert tool("lock").faults(["NumPy[x]>=2,<3"], good) == []


def test_a_notebook_with_outputs_or_logic_is_noticed() -> None:
    def cell(source: str, **more: Any) -> dict[str, Any]:
        return {"cell_type": "code", "source": source, "outputs": [], "execution_count": None, **more}

    cells = [
        cell("x = 1", outputs=[{}]),
        cell("x = 1", execution_count=3),
        cell("def f(): pass"),
        cell("!ls"),
    ]
    found = list(tool("notebooks").faults({"cells": [*cells, cell("geo.parse(text)")]}))
    assert len(found) == len(cells)


def test_the_continuous_integration_runs_what_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")


def test_make_help_tells_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    told = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert told == set(phony[1].split())


def test_contributing_names_only_files_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|yml|lock))`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
