"""Pack tables for the page: a few bytes a cell, read in the browser without making an object a row.

An island is base64 of gzip of: the four characters ``GEO2``, the length of a JSON text (32 bits), that JSON,
and a block of numbers. Every column is taken out of the JSON and put into the block: words once each, letter
by letter, with a code a row; numbers as the narrowest integers that hold them; lists flat, with their
lengths. Letters are numbered column by column, so that one takes a byte where the column has no more than 256
of them, as Arabic texts do: less to pack, to unpack and to hold than UTF-8. No character of a text can meet a
template, HTML or JavaScript on its way: base64 has none of theirs.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from geo.maps.nested import Nested, flattened

MAGIC = b"GEO2"
SPOT = "@"
"""Key of what stands in the JSON for a part of the block."""

_HEAD = len(MAGIC) + 4
_ALIGN = 8
_LARGE = 5_000_000
_MOST_DIGITS = 5
_INTEGERS = (np.int8, np.int16, np.int32)


class _Block:
    """Gather the arrays of an island and say where each stands."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, array: np.ndarray[Any, Any]) -> list[Any]:
        """Append an array; return its type, offset in bytes and length."""
        raw = array.tobytes()
        spot = [array.dtype.str[1:], self.size, len(array)]
        raw += b"\0" * (-len(raw) % _ALIGN)
        self.parts.append(raw)
        self.size += len(raw)
        return spot


def _little(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array with its bytes in the order browsers read."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def _unsigned(values: np.ndarray[Any, Any], most: int) -> np.ndarray[Any, Any]:
    """Return counts in the narrowest type without a sign."""
    return _little(values.astype(np.uint8 if most < 1 << 8 else np.uint16 if most < 1 << 16 else np.uint32))


def _letters(text: str) -> tuple[np.ndarray[Any, Any], str]:
    """Return a number a letter of a text, and the letters by number."""
    # half of a surrogate pair is no character
    points = np.frombuffer(text.encode("utf-32-le", errors="replace"), np.dtype("<u4"))
    known = np.flatnonzero(np.bincount(points))
    numbers = np.zeros(int(known.max(initial=0)) + 1, np.int64)
    numbers[known] = np.arange(len(known))
    return _unsigned(numbers[points], len(known) - 1), "".join(map(chr, known.tolist()))


def _words(cells: Sequence[str | None], block: _Block, kind: str) -> dict[str, Any]:
    """Put words into the block: each once, in order of first appearance, and a code a row (0: none)."""
    held = np.empty(len(cells), dtype=object)
    held[:] = cells
    codes, known = pd.factorize(held)
    sizes = np.fromiter(map(len, known), np.int64, len(known))
    pool, letters = _letters("".join(known.tolist()))
    # where no word comes twice, the codes go without saying
    once = len(known) == len(cells)
    return {
        SPOT: kind,
        "codes": len(cells) if once else block.add(_unsigned(codes + 1, len(known) + 1)),
        "sizes": block.add(_unsigned(sizes, int(sizes.max(initial=0)))),
        "letters": letters,
        "pool": block.add(pool),
    }


def _numbers(cells: Sequence[float | None], block: _Block) -> dict[str, Any]:
    """Put numbers into the block: as integers of a decimal unit where that is exact, as floats otherwise."""
    values = np.array(cells, dtype=np.float64)
    known = np.isfinite(values)
    for digits in range(_MOST_DIGITS + 1):
        scaled = np.round(np.where(known, values, 0.0) * 10**digits)
        if np.abs(scaled).max(initial=0) > np.iinfo(np.int32).max - 1:
            break
        if np.array_equal(scaled / 10**digits, np.where(known, values, 0.0)):
            most = np.abs(scaled).max(initial=0)
            kind = next(kind for kind in _INTEGERS if most < np.iinfo(kind).max)
            whole = np.where(known, scaled, np.iinfo(kind).min).astype(kind)
            return {SPOT: "number", "values": block.add(_little(whole)), "scale": 10**digits}
    return {SPOT: "number", "values": block.add(_little(values)), "scale": 0}


def _lists(nested: Nested, block: _Block) -> dict[str, Any]:
    """Put a column of lists into the block: the number of items a row, and the items or their fields."""
    counts = np.array(nested.counts, dtype=np.int64)
    about = {SPOT: "lists", "counts": block.add(_unsigned(counts, int(counts.max(initial=0))))}
    if isinstance(nested.items, dict):
        return about | {"fields": {name: _column(cells, block) for name, cells in nested.items.items()}}
    return about | {"items": _column(nested.items, block)}


def _column(cells: Sequence[Any] | Nested, block: _Block) -> dict[str, Any]:
    """Put a column into the block: words, numbers, lists, or anything else as JSON text."""
    if isinstance(cells, Nested):
        return _lists(cells, block)
    types = set(map(type, cells)) - {type(None)}
    if types <= {str}:
        return _words(cells, block, "text")
    if types <= {int, float}:
        return _numbers(cells, block)
    nested = flattened(cells)
    if nested is not None:
        return _lists(nested, block)
    return _words([None if cell is None else _json(cell) for cell in cells], block, "json")


def _json(value: Any) -> str:
    """Write JSON without a space; numbers must be finite."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _each(columns: dict[str, Any], place: Callable[[Any], Any]) -> dict[str, Any]:
    """Return columns with what ``place`` gives for each."""
    return {name: place(cells) for name, cells in columns.items()}


def _spotted(value: Any, place: Callable[[Any], Any]) -> Any:
    """Return a value with the lists below every ``columns`` replaced by what ``place`` gives for them."""
    if not isinstance(value, dict):
        return value
    return {
        key: _each(item, place) if key == "columns" else _spotted(item, place) for key, item in value.items()
    }


def pack(value: Any) -> str:
    """Pack a value for a data island.

    Parameters
    ----------
    value : Any
        Anything JSON can hold; numbers must be finite. What stands under a key ``columns`` is a dict of
        columns, each a list of text, numbers, lists or other values, with None where a cell is empty, or a
        `Nested`.

    Returns
    -------
    str
        Letters, digits, ``+``, ``/`` and ``=`` only, the same for the same value.

    Examples
    --------
    >>> unpack(pack({"a": ["{{7*7}}"], "columns": {"lon": [13.19, None]}}))
    {'a': ['{{7*7}}'], 'columns': {'lon': [13.19, None]}}
    """
    block = _Block()
    text = _json(_spotted(value, lambda cells: _column(cells, block)))
    # a lone surrogate cannot be encoded; its JSON escape can
    head = text.encode("utf-8", errors="backslashreplace")
    head += b" " * (-(len(head) + _HEAD) % _ALIGN)
    raw = b"".join([MAGIC, len(head).to_bytes(4, "little"), head, *block.parts])
    # the last three per cent would take a large table twice as long
    level = 9 if len(raw) < _LARGE else 5
    return base64.b64encode(gzip.compress(raw, compresslevel=level, mtime=0)).decode("ascii")


def unpack(island: str) -> Any:
    """Return what `pack` packed.

    Parameters
    ----------
    island : str

    Returns
    -------
    Any
        Equal to the value, but for halves of surrogate pairs in a column, which are no characters.
    """
    return _Reader(gzip.decompress(base64.b64decode(island))).read()


class _Reader:
    """Read an island's bytes back."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.start = _HEAD + int.from_bytes(raw[len(MAGIC) : _HEAD], "little")

    def read(self) -> Any:
        """Return what was packed."""
        return _spotted(json.loads(self.raw[_HEAD : self.start]), self.column)

    def array(self, spot: list[Any]) -> np.ndarray[Any, Any]:
        """Return an array of the block."""
        kind, offset, count = spot
        return np.frombuffer(self.raw, np.dtype(f"<{kind}"), count, self.start + offset)

    def column(self, about: Any) -> list[Any]:
        """Return a column as the list it was."""
        if about[SPOT] == "number":
            return self.numbers(about)
        if about[SPOT] == "lists":
            fields = about.get("fields")
            items = self.column(about["items"]) if fields is None else _each(fields, self.column)
            return Nested(self.array(about["counts"]).tolist(), items).rows()
        return self.words(about)

    def numbers(self, about: dict[str, Any]) -> list[Any]:
        """Return a column of numbers."""
        values, scale = self.array(about["values"]), about["scale"]
        empty = values == np.iinfo(values.dtype).min if scale else np.isnan(values)
        numbers = (values / scale).tolist() if scale > 1 else values.tolist()
        return [None if gone else cell for gone, cell in zip(empty.tolist(), numbers, strict=True)]

    def words(self, about: dict[str, Any]) -> list[Any]:
        """Return a column of words, or of what was written as JSON."""
        text = "".join(map(about["letters"].__getitem__, self.array(about["pool"]).tolist()))
        ends = np.cumsum(self.array(about["sizes"]), dtype=np.int64).tolist()
        words: list[Any] = [text[begin:end] for begin, end in pairwise([0, *ends])]
        cells = [None, *(map(json.loads, words) if about[SPOT] == "json" else words)]
        codes = about["codes"]
        return [cells[code] for code in self.array(codes).tolist()] if isinstance(codes, list) else cells[1:]
