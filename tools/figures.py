"""Collect the tables of figures out of the documentation, so that notebooks show what the pages say.

The tables were printed by the scripts of ``evaluation/`` and stand in Markdown pages. Usage:
``python tools/figures.py`` writes ``docs/figures.json``; ``--check`` says whether it is fresh.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
TARGET = DOCS / "figures.json"
PAGES = ("evaluation", "readings", "dates", "relations")
_RULE = re.compile(r"\|(\s*:?-+:?\s*\|)+")

Table = dict[str, str | list[dict[str, str | float]]]


def tables(page: Path) -> Iterator[Table]:
    """Yield the tables of a page: the heading above, and the rows by column."""
    heading, lines = "", page.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif _RULE.fullmatch(line.strip()) and at:
            header = cells(lines[at - 1])
            rows = []
            for row in lines[at + 1 :]:
                if not row.startswith("|"):
                    break
                rows.append({name: number(cell) for name, cell in zip(header, cells(row), strict=False)})
            yield {"page": page.name, "heading": heading, "rows": rows}


def cells(line: str) -> list[str]:
    """Return the cells of a row of a Markdown table."""
    return [cell.replace("`", "").replace("*", "").strip() for cell in line.strip().strip("|").split("|")]


def number(cell: str) -> str | float:
    """Return a cell as a number where it is one."""
    try:
        return float(cell.replace(",", "")) if cell else ""
    except ValueError:
        return cell


def main() -> int:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")
    check = parser.parse_args().check
    found = [table for page in PAGES for table in tables(DOCS / f"{page}.md")]
    content = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if check:
        fresh = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == content
        if not fresh:
            print("docs/figures.json is stale: run `python tools/figures.py`", file=sys.stderr)
        return 0 if fresh else 1
    temporary = TARGET.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(content, encoding="utf-8", newline="\n")
    os.replace(temporary, TARGET)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
