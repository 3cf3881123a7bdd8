"""Read the results of the Wikidata Query Service in each form it hands them out.

CSV has bare values; TSV has terms of SPARQL (``<iri>``, ``"text"@ar``); JSON comes as the service's own
(``results.bindings``) and as two downloads of its page, a list of plain objects and a list of terms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from geo.errors import InputError
from geo.places.sources.files import LONGEST_LINE, parts, reading
from geo.places.sources.rows import Refused
from geo.tables.sheets import open_sheet

_TERM = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<[^>]*>)?|<([^>]*)>')
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_MOST_JSON = 1_000_000_000


class Value(NamedTuple):
    """Hold one cell of a result.

    Attributes
    ----------
    text : str
    lang : str
        Language tag; empty where the form tells none.
    """

    text: str
    lang: str = ""


Row = dict[str, Value]


def results(path: Path) -> Iterator[tuple[int, Row | Refused]]:
    """Yield the rows of a result with their number (line, row of the sheet, or position in the list).

    Raises
    ------
    InputError
        If the file is no result of a query.
    """
    start = _start(path)
    if start[:1] in (b"{", b"["):
        yield from _json_rows(path)
    elif start.startswith(b"?"):
        yield from _tsv_rows(path)
    else:
        with open_sheet(path) as table:
            for number, cells in table.rows:
                yield (
                    number,
                    {name: Value(cell) for name, cell in zip(table.columns, cells, strict=False) if cell},
                )


def _start(path: Path) -> bytes:
    with reading(path):
        for part in parts(path):
            return part.stream.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
    return b""


def _tsv_rows(path: Path) -> Iterator[tuple[int, Row | Refused]]:
    with reading(path), path.open("rb") as stream:
        try:
            names = stream.readline(LONGEST_LINE).decode("utf-8-sig").split("\t")
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: it is not UTF-8 ({error}); download the result again") from error
        header = [name.strip().lstrip("?") for name in names]
        for number, raw in enumerate(stream, 2):
            if not raw.strip():
                continue
            try:
                cells = raw.decode("utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError as error:
                yield number, Refused(f"it is not UTF-8 ({error})")
                continue
            if len(cells) != len(header):
                yield number, Refused(f"it has {len(cells)} columns, not {len(header)}")
                continue
            yield number, {name: _term(cell) for name, cell in zip(header, cells, strict=True) if cell}


def _term(cell: str) -> Value:
    """Return the value of a term of SPARQL.

    Examples
    --------
    >>> _term('"Tobruk"@en'), _term("<http://www.wikidata.org/entity/Q1>").text, _term("12").text
    (Value(text='Tobruk', lang='en'), 'http://www.wikidata.org/entity/Q1', '12')
    """
    found = _TERM.fullmatch(cell.strip())
    if not found:
        return Value(cell.strip())
    if found[3] is not None:
        return Value(found[3])
    text = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), found[1])
    return Value(text, found[2] or "")


def _json_rows(path: Path) -> Iterator[tuple[int, Row | Refused]]:
    with reading(path):
        if path.stat().st_size > _MOST_JSON:
            raise InputError(f"{path}: too big for JSON; download the result as TSV")
        try:
            content = json.loads(path.read_bytes())
        except ValueError as error:
            raise InputError(f"{path}: it is no JSON ({error}); download the result again") from error
    found = content
    if isinstance(content, dict):
        within = content.get("results")
        found = within.get("bindings") if isinstance(within, dict) else None
    if not isinstance(found, list):
        raise InputError(
            f"{path}: it is no result of a query (expected: results.bindings, or a list of rows)"
        )
    for number, item in enumerate(found, 1):
        if isinstance(item, dict):
            yield (
                number,
                {str(name): _json_value(value) for name, value in item.items() if value not in (None, "")},
            )
        else:
            yield number, Refused("it is no JSON object")


def _json_value(value: Any) -> Value:
    if isinstance(value, dict):
        return Value(str(value.get("value", "")), str(value.get("xml:lang", "")))
    return Value(str(value))
