"""Pack tables for the page: a few bytes a cell, read in the browser without making an object a row.

An island is base64 of gzip of: the four characters ``GEO1``, the length of a JSON text (32 bits), that JSON,
and a block of numbers and characters. Every long column is taken out of the JSON and put into the block:
words once each as UTF-8 with a code a row, numbers as the narrowest integers that hold them. No character of
a text can meet a template, HTML or JavaScript on its way: base64 has none of theirs.
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

MAGIC = b"GEO1"
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


def _words(cells: Sequence[str | None], block: _Block, kind: str) -> dict[str, Any]:
    """Put words into the block: each once, in order of first appearance, and a code a row (0: none)."""
    held = np.empty(len(cells), dtype=object)
    held[:] = cells
    codes, known = pd.factorize(held)
    # half of a surrogate pair is no character
    parts = [word.encode("utf-8", errors="replace") for word in known.tolist()]
    sizes = np.fromiter(map(len, parts), np.int64, len(parts))
    pool = np.frombuffer(b"".join(parts), np.uint8)
    return {
        SPOT: kind,
        "codes": block.add(_unsigned(codes + 1, len(known) + 1)),
        "sizes": block.add(_unsigned(sizes, int(sizes.max(initial=0)))),
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


def _column(cells: Sequence[Any], block: _Block) -> dict[str, Any] | Sequence[Any]:
    """Put a column into the block: words, numbers, or anything else as JSON text."""
    types = set(map(type, cells)) - {type(None)}
    if types <= {str}:
        return _words(cells, block, "text")
    if types <= {int, float}:
        return _numbers(cells, block)
    texts = [None if cell is None else _json(cell) for cell in cells]
    return _words(texts, block, "json")


def _json(value: Any) -> str:
    """Write JSON without a space; numbers must be finite."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _spotted(value: Any, place: Callable[[Sequence[Any]], Any]) -> Any:
    """Return a value with the lists below every ``columns`` replaced by what ``place`` gives for them."""
    if not isinstance(value, dict):
        return value
    return {
        key: {name: place(cells) for name, cells in item.items()}
        if key == "columns"
        else _spotted(item, place)
        for key, item in value.items()
    }


def pack(value: Any) -> str:
    """Pack a value for a data island.

    Parameters
    ----------
    value : Any
        Anything JSON can hold; numbers must be finite. What stands under a key ``columns`` is a dict of
        lists, one a column, each with text, numbers or other values, and None where a cell is empty.

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
    level = 9 if len(raw) < _LARGE else 6
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
    raw = gzip.decompress(base64.b64decode(island))
    start = _HEAD + int.from_bytes(raw[len(MAGIC) : _HEAD], "little")

    def array(spot: list[Any]) -> np.ndarray[Any, Any]:
        kind, offset, count = spot
        return np.frombuffer(raw, np.dtype(f"<{kind}"), count, start + offset)

    def column(about: dict[str, Any]) -> list[Any]:
        if about[SPOT] == "number":
            values, scale = array(about["values"]), about["scale"]
            empty = values == np.iinfo(values.dtype).min if scale else np.isnan(values)
            numbers = (values / scale).tolist() if scale > 1 else values.tolist()
            return [None if gone else cell for gone, cell in zip(empty.tolist(), numbers, strict=True)]
        pool, ends = array(about["pool"]).tobytes(), np.cumsum(array(about["sizes"]), dtype=np.int64).tolist()
        words: list[Any] = [pool[begin:end].decode() for begin, end in pairwise([0, *ends])]
        cells = [None, *(map(json.loads, words) if about[SPOT] == "json" else words)]
        return [cells[code] for code in array(about["codes"]).tolist()]

    return _spotted(json.loads(raw[_HEAD:start]), column)  # type: ignore[arg-type]
