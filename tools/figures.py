"""Collect the tables of figures out of the documentation, so that notebooks show what the pages say.

The tables were printed by the scripts of ``evaluation/`` and stand in Markdown pages. Usage:
``python tools/figures.py`` writes ``docs/figures.json``; ``--check`` says whether it is fresh.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from generated import keep

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
    found = [table for page in PAGES for table in tables(DOCS / f"{page}.md")]
    return keep(TARGET, json.dumps(found, ensure_ascii=False, indent=1) + "\n", __doc__)


if __name__ == "__main__":
    raise SystemExit(main())
