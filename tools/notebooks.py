"""Strip the notebooks of outputs and counters and write each a second time as text, or check that it is so.

Usage: ``python tools/notebooks.py`` strips every notebook and writes ``notebooks/text/NAME.py``, the form in
which changes are reviewed; ``--from-text`` writes the notebooks from those texts instead; ``--check`` fails
if a notebook holds an output, an execution count, a logic-laden cell (a function, a class, or more than
``LONGEST`` lines) or a name that is not public, or if its text says something else.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import jupytext

ROOT = Path(__file__).resolve().parents[1]
FORMAT = {"extension": ".py", "format_name": "percent", "notebook_metadata_filter": "-all"}
LONGEST = 12
"""Most lines of a code cell; a notebook shows calls, it does not hold logic."""


def faults(notebook: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one notebook."""
    for number, cell in enumerate(notebook.get("cells", []), 1):
        if cell["cell_type"] != "code":
            continue
        if cell.get("outputs"):
            yield f"cell {number} holds outputs (run `python tools/notebooks.py`)"
        if cell.get("execution_count") is not None:
            yield f"cell {number} holds an execution count (run `python tools/notebooks.py`)"
        source = "".join(cell["source"])
        if len(source.splitlines()) > LONGEST:
            yield f"cell {number} is longer than {LONGEST} lines: move the logic into geo/"
        if source.lstrip().startswith(("%", "!")):
            yield f"cell {number} uses a magic or a shell command"
            continue
        definitions = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
        tree = ast.parse(source)
        if any(isinstance(node, definitions) for node in ast.walk(tree)):
            yield f"cell {number} defines a function or class: move it into geo/"
        for name in sorted(internal(tree)):
            yield f"cell {number} uses {name}, which is internal: make it public, or do without"


def internal(tree: ast.Module) -> set[str]:
    """Return the names a cell uses that are not public: with an underscore, or not in ``__all__``."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "geo":
            door = import_module(str(node.module))
            public = getattr(door, "__all__", dir(door))
            found |= {f"{node.module}.{name.name}" for name in node.names if name.name not in public}
            found |= {f"{node.module}.{name.name}" for name in node.names if name.name.startswith("_")}
    return found


def strip(path: Path) -> None:
    """Remove outputs and counters from one notebook, writing it whole."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key == "tags"}
    write(path, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")


def write(path: Path, content: str) -> None:
    """Write a file whole."""
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(content, encoding="utf-8", newline="\n")
    os.replace(temporary, path)


def twin(path: Path) -> Path:
    """Return where the text of a notebook lies."""
    return path.parent / "text" / f"{path.stem}.py"


def as_text(path: Path) -> str:
    """Return a notebook as a Python script with cell marks."""
    return str(jupytext.writes(jupytext.read(path), fmt=FORMAT))


def from_text(text: Path) -> None:
    """Write the notebook of a text, keeping the identifiers of cells that stayed where they were."""
    target = text.parents[1] / f"{text.stem}.ipynb"
    book = jupytext.read(text, fmt=FORMAT)
    old = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {"cells": [], "metadata": {}}
    cells = []
    for number, cell in enumerate(book.cells):
        kept = old["cells"][number].get("id") if number < len(old["cells"]) else None
        is_code = cell.cell_type == "code"
        tags = {key: value for key, value in cell.metadata.items() if key == "tags"}
        cells.append(
            {"cell_type": cell.cell_type}
            | ({"execution_count": None} if is_code else {})
            | {"id": kept or f"cell-{number:02d}", "metadata": tags}
            | ({"outputs": []} if is_code else {})
            | {"source": cell.source.splitlines(keepends=True)}
        )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = old["metadata"] or {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    write(target, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")


def main() -> int:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if a notebook is not clean"
    )
    parser.add_argument(
        "--from-text", action="store_true", help="write the notebooks from notebooks/text/*.py"
    )
    arguments = parser.parse_args()
    wrong = 0
    if arguments.from_text:
        for text in sorted((ROOT / "notebooks" / "text").glob("*.py")):
            from_text(text)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if not arguments.check:
            strip(path)
            write(twin(path), as_text(path))
        elif not twin(path).is_file() or twin(path).read_text(encoding="utf-8") != as_text(path):
            print(f"{twin(path).relative_to(ROOT)}: stale; run `python tools/notebooks.py`", file=sys.stderr)
            wrong += 1
        for fault in faults(json.loads(path.read_text(encoding="utf-8"))):
            print(f"{path.relative_to(ROOT)}: {fault}", file=sys.stderr)
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
