"""Compile the rule tables, the written ones and those made from curated lists, into one mapping.

``rules/*.toml`` are tables already; ``curated/demonyms.csv`` and ``curated/seats.csv`` are lists that people
keep more easily as rows, and become the tables ``demonym`` and ``seat``.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from geo.arabic.rules import compile_rules  # noqa: E402


def compile_tables(folder: Path = HERE) -> dict[str, list[dict[str, Any]]]:
    """Return every rule table by name, those made from curated lists included."""
    tables = compile_rules(folder / "rules")
    tables["demonym"] = [_demonym(row) for row in _rows(folder / "curated/demonyms.csv")]
    tables["seat"] = [_seat(row) for row in _rows(folder / "curated/seats.csv")]
    return tables


def write_tables(path: Path, folder: Path = HERE) -> None:
    """Write the compiled tables as JSON, the same bytes for the same input."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    text = json.dumps(compile_tables(folder), ensure_ascii=False, sort_keys=True, indent=1)
    temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    temporary.replace(path)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _split(*fields: str) -> list[str]:
    return [form.strip() for field in fields for form in field.split("|") if form.strip()]


def _demonym(row: dict[str, str]) -> dict[str, Any]:
    return {
        "place_id": row["place_id"],
        "country": row["country"],
        "forms": _split(row["base"]),
        "irregular": _split(row["feminine"], row["plural_sound"], row["plural_broken"]),
        "definite_only": row["definite_only"] == "1",
        "gloss": f"people and things of {row['place_name_ar']}",
        "example": row["base"].split("|")[0],
        "source": row["source"],
    }


def _seat(row: dict[str, str]) -> dict[str, Any]:
    return {
        "place_id": row["place_id"],
        "country": row["country"],
        "forms": _split(row["name_ar"], row["variants_ar"]),
        "gloss": "seat of a government, named for it",
        "example": row["name_ar"],
        "source": row["source"],
    }


if __name__ == "__main__":
    write_tables(HERE.parent / "geo/_data/rules.json")
