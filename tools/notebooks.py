"""Strip the notebooks of outputs and counters, or check that they are stripped.

Usage: ``python tools/notebooks.py`` strips every notebook; ``--check`` fails if one holds an output, an
execution count or a logic-laden cell (a function, a class, or more than ``LONGEST`` lines).
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
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
        if any(isinstance(node, definitions) for node in ast.walk(ast.parse(source))):
            yield f"cell {number} defines a function or class: move it into geo/"


def strip(path: Path) -> None:
    """Remove outputs and counters from one notebook, writing it whole."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key == "tags"}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def main() -> int:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if a notebook is not clean"
    )
    arguments = parser.parse_args()
    wrong = 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if not arguments.check:
            strip(path)
        for fault in faults(json.loads(path.read_text(encoding="utf-8"))):
            print(f"{path.relative_to(ROOT)}: {fault}", file=sys.stderr)
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
