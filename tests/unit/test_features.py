"""Every "yes" of the table of features names a test, and the test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "features.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    """Return the rows of the tables that compare, as lists of cells."""
    found, compares = [], False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| feature"):
            compares = cells[-1] == "test"
        elif line.startswith("|") and compares and not line.startswith("|---"):
            found.append(cells)
        elif not line:
            compares = False
    return found


def defined(path: Path) -> set[str]:
    """Return the names of the functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_there_are_features_and_each_row_is_whole() -> None:
    table = rows()
    assert len(table) > 35
    assert {len(cells) for cells in table} == {11}
    assert all(cell in "●◐○–" and cell for cells in table for cell in cells[1:-1])


@pytest.mark.parametrize("cells", [pytest.param(cells, id=cells[0].strip("* ")) for cells in rows()])
def test_a_yes_names_a_test_that_exists(cells: list[str]) -> None:
    tests = NAMED.findall(cells[-1])
    assert bool(tests) == (cells[1] != "○"), "what we say we do, a test must prove"
    for file, name in tests:
        assert name in defined(TESTS / file), f"{file} has no {name}"
