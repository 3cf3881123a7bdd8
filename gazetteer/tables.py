"""Compile the rule tables, the written ones and those made from curated lists, into one mapping.

``rules/*.toml`` are tables already; ``curated/demonyms.csv`` and ``curated/seats.csv`` are lists that people
keep more easily as rows, and become the tables ``demonym`` and ``seat``.
"""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from geo.errors import RuleError  # noqa: E402


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


def compile_rules(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Read every rule table of a folder and check that each entry is documented.

    Parameters
    ----------
    folder : Path
        Folder that holds ``*.toml`` files of arrays of tables (``[[trigger]]``).

    Returns
    -------
    dict of str to list of dict
        The entries of each table, files in alphabetical order, entries in file order.

    Raises
    ------
    RuleError
        If a file is not valid TOML, or an entry lacks a gloss, an example or a source. The message
        names the file, the table and the entry.

    Examples
    --------
    >>> from pathlib import Path
    >>> compile_rules(Path("gazetteer/rules"))["preposition"][0]["relation"]  # doctest: +SKIP
    'in'
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RuleError(f"{path.name}: not valid TOML ({error}); correct the file and rebuild") from error
        for name, entries in content.items():
            if not isinstance(entries, list):
                raise RuleError(f"{path.name}: {name} is no array of tables; write [[{name}]]")
            for number, entry in enumerate(entries, start=1):
                _check_entry(path.name, name, number, entry)
                tables.setdefault(name, []).append(entry)
    return tables


def _check_entry(file: str, name: str, number: int, entry: object) -> None:
    """Refuse an entry that is not documented."""
    if not isinstance(entry, dict):
        raise RuleError(f"{file}: entry {number} of {name} is no table; write [[{name}]]")
    missing = [key for key in ("gloss", "source") if not entry.get(key)]
    if not (entry.get("example") or entry.get("examples")):
        missing.append("example or examples")
    if missing:
        raise RuleError(
            f"{file}: entry {number} of [[{name}]] lacks {', '.join(missing)}; add it and rebuild"
        )


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
