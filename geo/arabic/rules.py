"""Load and validate the rule tables: letters, clitics, cues, months, triggers.

The tables are written by hand in ``gazetteer/rules/*.toml``, each entry with a gloss, at least one
example and a source. `compile_rules` checks them and folds them into one mapping, which the gazetteer
build stores as ``geo/_data/rules.json``; `table` reads that artefact.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geo.errors import RuleError

Entry = Mapping[str, Any]
"""One row of a rule table: its keys depend on the table; ``gloss``, an example and ``source`` on none."""


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


@cache
def _tables() -> Mapping[str, tuple[Entry, ...]]:
    """Read the compiled artefact once; it never changes while the program runs."""
    path = files("geo").joinpath("_data/rules.json")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(f"{path}: cannot be read ({error}); run `make gazetteer` or reinstall") from error
    return {name: tuple(entries) for name, entries in content.items()}


def table(name: str) -> Sequence[Entry]:
    """Return the entries of one rule table.

    Parameters
    ----------
    name : str
        Name of the table, for instance ``"letter"`` or ``"trigger"``.

    Returns
    -------
    sequence of mapping
        In the order of the rule files.

    Raises
    ------
    RuleError
        If there is no such table, or the compiled rules cannot be read.

    Examples
    --------
    >>> [entry["relation"] for entry in table("preposition")]
    ['in', 'to', 'like']
    """
    try:
        return _tables()[name]
    except KeyError:
        known = ", ".join(sorted(_tables()))
        raise RuleError(f"no rule table {name!r}; there are: {known}") from None
