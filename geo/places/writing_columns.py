"""Collect columns of any length in files, a part at a time, and give them back whole, as views."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa

from geo.errors import InputError

_MOST_BYTES = 2**31 - 1


class Numbers:
    """Collect a column of numbers in a file, or in memory where there is no folder."""

    def __init__(self, path: Path | None, kind: str) -> None:
        self._path, self._kind = path, np.dtype(kind)
        self._stream: IO[bytes] = path.open("w+b") if path else io.BytesIO()

    def extend(self, values: Sequence[Any] | np.ndarray) -> None:
        """Add some values."""
        self._stream.write(np.asarray(values, dtype=self._kind).tobytes())

    def load(self) -> np.ndarray:
        """Return all values; from a file as a view of it."""
        return np.frombuffer(self.buffer(), dtype=self._kind)

    def buffer(self) -> pa.Buffer:
        """Return the bytes of all values."""
        self._stream.flush()
        if self._path is None:
            return pa.py_buffer(self._stream.getvalue())  # type: ignore[attr-defined]
        if not self._path.stat().st_size:
            return pa.py_buffer(b"")
        with pa.memory_map(str(self._path)) as source:
            return source.read_buffer()

    def close(self) -> None:
        """Remove what was collected."""
        self._stream.close()
        if self._path is not None:
            self._path.unlink()


class Texts:
    """Collect a column of strings in two files: their bytes, and how many each has."""

    def __init__(self, path: Path | None) -> None:
        self._bytes = Numbers(path, "uint8")
        self._lengths = Numbers(path.with_suffix(".lengths") if path else None, "int32")

    def extend(self, values: Sequence[str]) -> None:
        """Add some values."""
        array = pa.array(values, pa.utf8())
        _, offsets, data = array.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32)
        self._lengths.extend(np.diff(ends))
        self._bytes.extend(np.frombuffer(data, dtype=np.uint8)[: ends[-1]])

    def load(self) -> pa.StringArray:
        """Return all values, their bytes as a view of the file.

        Raises
        ------
        InputError
            If they are more than 2 GB.
        """
        lengths = self._lengths.load()
        ends = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths, out=ends[1:])
        if ends[-1] > _MOST_BYTES:
            raise InputError(
                f"{int(ends[-1]):,} bytes of names or ids; a pack holds 2 GB: add the source in parts"
            )
        offsets = pa.py_buffer(ends.astype(np.int32))
        return pa.StringArray.from_buffers(len(lengths), offsets, self._bytes.buffer())

    def close(self) -> None:
        """Remove what was collected."""
        self._bytes.close()
        self._lengths.close()


class Coded:
    """Collect a column of words that repeat: a number for each row, and each word once."""

    def __init__(self, path: Path | None, words: Sequence[str] = ()) -> None:
        self._codes = Numbers(path, "int32")
        self._known = {word: number for number, word in enumerate(words)}

    def extend(self, values: Sequence[str]) -> None:
        """Add some values."""
        known = self._known
        self._codes.extend([known.setdefault(value, len(known)) for value in values])

    def load(self, order: np.ndarray, *, fixed: bool = False) -> pa.DictionaryArray:
        """Return the column in an order; the words sorted, unless their order was given."""
        words = list(self._known)
        ranked = words if fixed else sorted(words)
        rank = {word: number for number, word in enumerate(ranked)}
        kind = np.int8 if len(words) < 128 else np.int16 if len(words) < 32_768 else np.int32
        new = np.array([rank[word] for word in words] or [0], dtype=kind)
        codes = new[self._codes.load()[order]]
        return pa.DictionaryArray.from_arrays(codes, pa.array(ranked, pa.utf8()))

    def close(self) -> None:
        """Remove what was collected."""
        self._codes.close()
