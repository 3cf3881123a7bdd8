"""What the check of the notebooks refuses."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "notebooks.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    pytest.importorskip("jupytext", reason="jupytext is not installed")
    spec = importlib.util.spec_from_file_location("notebooks_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cell(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": [source], "outputs": [], "execution_count": None, **more}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (cell("1", outputs=[{"output_type": "stream"}]), "outputs"),
        (cell("1", execution_count=3), "execution count"),
        (cell("\n".join("abcdefghijklmnop")), "longer than"),
        (cell("%matplotlib inline"), "magic"),
        (cell("def f():\n    return 1"), "defines a function"),
        (cell("from geo.tables.frame import _cells"), "geo.tables.frame._cells, which is internal"),
        (cell("from geo.maps import payload"), "geo.maps.payload, which is internal"),
        (cell("import geo\ngeo.parse('x')._secret"), "_secret, which is internal"),
    ],
)
def test_a_fault_is_told(tool: ModuleType, given: dict[str, Any], said: str) -> None:
    [fault] = tool.faults({"cells": [given]})
    assert said in fault


def test_calls_of_public_names_are_fine(tool: ModuleType) -> None:
    book = {"cells": [cell("import geo\nfrom geo.tables import write_table\ngeo.parse('x')")]}
    assert list(tool.faults(book)) == []
