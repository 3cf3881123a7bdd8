"""Read the rule tables: letters, clitics, cues, months, triggers.

The tables are written by hand in ``gazetteer/rules/*.toml`` and ``gazetteer/curated/*.csv``, each with a
gloss, at least one example and a source. ``gazetteer/tables.py`` checks them and stores them as
``geo/_data/rules.json``; `table` reads that artefact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from geo.errors import RuleError

Entry = Mapping[str, Any]
"""One row of a rule table: its keys depend on the table; ``gloss``, an example and ``source`` on none."""


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
