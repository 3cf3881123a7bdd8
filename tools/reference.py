"""Write the reference pages that are made from the code: ``docs/reference/tables.md``.

Usage: ``python tools/reference.py``. A test fails while a page is stale.
"""

from __future__ import annotations

from pathlib import Path

from geo.tables.files import whole
from geo.tables.schema import reference

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write every page whole."""
    with whole(ROOT / "docs" / "reference" / "tables.md") as temporary:
        temporary.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
