"""Open the gazetteer artefact: memory-mapped Arrow files, numpy views, nothing read until it is asked for.

Opening checks what is cheap: that every file is there, that its size is the one ``provenance.json`` states,
and that its schema version is the one this code reads. `Store.verify` compares the SHA-256 of every file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from geo.errors import GazetteerError

SCHEMA_VERSION = 1
"""Version of the columns this code reads."""

TABLES = ("places", "names", "prefixes", "search")
_REQUIRED = {"schema_version", "version", "rules_version", "files"}
_NUMPY_NAMES = {"double": "float64", "float": "float32"}
_REPAIR = "run `make gazetteer` in a checkout, or reinstall the package"

_MANY_WORDS = 20_000

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Kept(Generic[_Key, _Value]):
    """Keep what was computed lately for single keys; it is emptied when it is full.

    Parameters
    ----------
    limit : int
        Most entries held.

    Examples
    --------
    >>> kept = Kept(100)
    >>> kept.of(["a", "bb"], lambda keys: [len(key) for key in keys])
    [1, 2]
    """

    __slots__ = ("_known", "_limit")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[_Key, _Value] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, keys: Sequence[_Key], compute: Callable[[Sequence[_Key]], Sequence[_Value]]) -> list[_Value]:
        """Return one value a key; those not known are computed together.

        Parameters
        ----------
        keys : sequence
        compute : callable
            Gives the values of some keys; none of them may be ``None``.
        """
        known = self._known
        found = [known.get(key) for key in keys]
        missing = [key for key, value in zip(keys, found, strict=True) if value is None]
        if not missing:
            return found  # type: ignore[return-value]
        new = dict(zip(missing, compute(missing), strict=True))
        if len(known) + len(new) > self._limit:
            known.clear()
        if len(new) <= self._limit:
            known.update(new)
        return [new[key] if value is None else value for key, value in zip(keys, found, strict=True)]


class Text(Sequence[str]):
    """Read one column of strings without copying it.

    Parameters
    ----------
    array : pyarrow.StringArray
        A column without nulls.
    """

    __slots__ = ("_data", "_offsets", "_owner", "_starts")

    def __init__(self, array: pa.StringArray) -> None:
        _, offsets, data = array.buffers()
        self._owner = array
        self._offsets = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1]
        self._starts = self._offsets.data
        self._data = memoryview(data).cast("B") if data is not None else memoryview(b"")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: Any) -> Any:
        """Return the string of one row."""
        return str(self._data[self._starts[row] : self._starts[row + 1]], "utf-8")

    def lengths(self) -> np.ndarray:
        """Return the length of each string in bytes, shape (rows,)."""
        return np.diff(self._offsets)

    def all_are(self, start: int, end: int, text: str) -> bool:
        """Say whether all strings from one row to another, which is left out, are the same text.

        Parameters
        ----------
        start, end : int
        text : str
        """
        encoded = text.encode("utf-8", "replace")
        offsets = self._offsets[start : end + 1]
        if self._data[self._starts[start] : self._starts[end]] != encoded * (end - start):
            return False
        return end - start == 1 or bool(np.all(np.diff(offsets) == len(encoded)))

    def find(self, text: str) -> int:
        """Return the row of a string in a sorted column, or -1.

        Parameters
        ----------
        text : str
        """
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < text:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self[low] == text else -1


@dataclass(frozen=True, slots=True)
class Codes:
    """Hold one dictionary-encoded column: a code for each row and the words they stand for.

    Attributes
    ----------
    codes : np.ndarray
        Shape (rows,), integers; a view of the file.
    words : sequence of str
        Read from the file where there are many.
    """

    codes: np.ndarray
    words: Sequence[str]

    def __getitem__(self, row: int) -> str:
        """Return the word of one row."""
        return self.words[int(self.codes[row])]

    def code(self, word: str) -> int:
        """Return the code of a word, or -1 if no row holds it."""
        return self.words.index(word) if word in self.words else -1

    def mask(self, words: frozenset[str] | set[str]) -> np.ndarray:
        """Return one flag for each code: whether its word is among some words."""
        return np.array([word in words for word in self.words], dtype=bool)

    def worth(self, words: frozenset[str] | set[str]) -> np.ndarray:
        """Return a number for each code: 2 if its word is among some words, 1 if not, 0 if it is empty."""
        return np.array([(word in words) + bool(word) for word in self.words], dtype=np.int8)


class Store:
    """Hold the open files of one artefact.

    Parameters
    ----------
    folder : Path
        The folder that holds ``provenance.json`` and the Arrow files.
    repair : str
        What to do if a file is damaged; ``repair`` of ``provenance.json`` says it better, where it is.

    Raises
    ------
    GazetteerError
        If a file is missing, truncated, damaged, or of another schema version.

    Examples
    --------
    >>> from importlib.resources import files
    >>> from pathlib import Path
    >>> store = Store(Path(str(files("geo"))) / "_data")
    >>> len(store.text("places", "id")) > 200_000
    True
    """

    def __init__(self, folder: Path, *, repair: str = _REPAIR) -> None:
        self.folder = folder
        self.repair = repair
        self.provenance = _read_provenance(folder, repair)
        self.repair = str(self.provenance.get("repair", repair))
        self._check_versions()
        self._batches = {table: self._open(table) for table in TABLES}

    @classmethod
    def of(cls, folder: Path, provenance: Mapping[str, Any], batches: Mapping[str, pa.RecordBatch]) -> Store:
        """Return a store of tables that are in memory."""
        store = cls.__new__(cls)
        store.folder, store.repair = folder, _REPAIR
        store.provenance, store._batches = provenance, dict(batches)
        return store

    def _check_versions(self) -> None:
        found = self.provenance.get("schema_version")
        if found != SCHEMA_VERSION:
            path = self.folder / "provenance.json"
            raise GazetteerError(
                f"{path}: schema version {found}, this code reads {SCHEMA_VERSION}; {self.repair}"
            )

    def also(self, table: str) -> None:
        """Open one more table, of those that not every artefact has; it is then asked for like the others."""
        if table not in self._batches:
            self._batches[table] = self._open(table)

    def _open(self, table: str) -> pa.RecordBatch:
        path = self.folder / f"{table}.arrow"
        stated = self.provenance["files"].get(path.name, {}).get("bytes")
        try:
            size = path.stat().st_size
            if size != stated:
                raise GazetteerError(f"{path}: {size} bytes, provenance.json states {stated}; {self.repair}")
            with pa.memory_map(str(path)) as source:
                batch = pa.ipc.open_file(source).get_batch(0)
        except (OSError, pa.ArrowException) as error:
            raise GazetteerError(f"{path}: cannot be opened ({error}); {self.repair}") from error
        expected = {b"schema_version": str(SCHEMA_VERSION).encode(), b"table": table.encode()}
        if batch.schema.metadata != expected:
            raise GazetteerError(
                f"{path}: not a table {table} of schema version {SCHEMA_VERSION}; {self.repair}"
            )
        return batch

    def column(self, table: str, column: str) -> pa.Array:
        """Return a column as the file has it, not copied."""
        batch = self._batches[table]
        position = batch.schema.get_field_index(column)
        if position < 0:
            raise GazetteerError(f"{self.folder / table}.arrow: column {column} is missing; {self.repair}")
        return batch.column(position)

    def numbers(self, table: str, column: str) -> np.ndarray:
        """Return a numeric column as a read-only view of the file, shape (rows,)."""
        return view(self.column(table, column))

    def text(self, table: str, column: str) -> Text:
        """Return a column of strings."""
        return Text(self.column(table, column))

    def codes(self, table: str, column: str) -> Codes:
        """Return a dictionary-encoded column."""
        array = self.column(table, column)
        words = array.dictionary
        short = len(words) <= _MANY_WORDS
        return Codes(view(array.indices), tuple(words.to_pylist()) if short else Text(words))

    def take(self, table: str, column: str, rows: np.ndarray) -> pa.Array:
        """Return the values of some rows of a column, shape (rows,); null where a row is negative."""
        array = self.column(table, column).take(indices(rows))
        return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array

    def verify(self) -> dict[str, str]:
        """Compare the SHA-256 of every file of the artefact with ``provenance.json``.

        Returns
        -------
        dict of str to str
            File name to hash, all of them right.

        Raises
        ------
        GazetteerError
            Naming every file that is missing or differs.
        """
        hashes, wrong = {}, []
        for name, facts in sorted(self.provenance["files"].items()):
            path = self.folder / name
            try:
                with path.open("rb") as stream:
                    hashes[name] = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as error:
                wrong.append(f"{name} ({error.strerror})")
                continue
            if hashes[name] != facts["sha256"]:
                wrong.append(f"{name} (SHA-256 differs)")
        if wrong:
            raise GazetteerError(f"{self.folder}: {', '.join(wrong)}; {self.repair}")
        return hashes


def indices(rows: np.ndarray) -> pa.Array:
    """Return row numbers as an Arrow array, null where negative; `pa.array` would import pandas.

    Parameters
    ----------
    rows : np.ndarray of int
        Shape (rows,).
    """
    numbers = np.ascontiguousarray(rows, dtype=np.int64)
    known = numbers >= 0
    valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.int64(), len(numbers), [valid, pa.py_buffer(numbers)])


def view(array: pa.Array) -> np.ndarray:
    """Return a numeric column as a view of its buffer; `to_numpy` would import pandas."""
    _, data = array.buffers()
    kind = np.dtype(_NUMPY_NAMES.get(str(array.type), str(array.type)))
    return np.frombuffer(data, dtype=kind)[array.offset : array.offset + len(array)]


def _read_provenance(folder: Path, repair: str) -> Mapping[str, Any]:
    """Return the content of ``provenance.json``."""
    path = folder / "provenance.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); {repair}") from error
    if (
        not isinstance(content, dict)
        or not content.keys() >= _REQUIRED
        or not isinstance(content["files"], dict)
    ):
        raise GazetteerError(f"{path}: no provenance of an artefact; {repair}")
    return dict(content)
