"""Read GeoJSON as a stream: one feature after the other, whatever the size of the file."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from geo.errors import InputError
from geo.places.sources.files import lines
from geo.places.sources.rows import Refused

LONGEST_FEATURE = 1 << 28
"""Characters; a border of the world's largest country has a tenth of that."""
_CHUNK = 1 << 16
_BLANK = " \t\r\n\ufeff\x1e"
_BY_LINE = (".geojsonl", ".geojsonseq", ".geojsons", ".ndjson", ".jsonl")


def features(
    stream: IO[bytes], name: str, lists: Sequence[str] = ("features",)
) -> Iterator[tuple[int, dict[str, Any] | Refused]]:
    """Yield the features of a collection, of a single feature, or of one feature a line, with their number.

    Parameters
    ----------
    stream : binary file
    name : str
        For messages; its suffix tells files of one feature a line (``.geojsonl``, ``.ndjson``).
    lists : sequence of str
        Keys of the lists that hold features.

    Yields
    ------
    number : int
        From 1; the line where there is one feature a line.
    feature : dict or Refused
        What is no object is refused; so is a damaged line.

    Raises
    ------
    InputError
        If the file is no JSON, or damaged: what follows cannot be read.

    Examples
    --------
    >>> import io
    >>> [n for n, _ in features(io.BytesIO(b'{"type": "FeatureCollection", "features": [{}, {}]}'), "a")]
    [1, 2]
    """
    if name.lower().endswith(_BY_LINE):
        yield from _by_line(stream)
        return
    text = _Text(stream, name)
    number = 0
    while text.peek():
        whole: dict[str, Any] = {}
        for key in text.keys():  # noqa: SIM118 - it reads on, it is no mapping
            if key in lists and text.peek() == "[":
                for item in text.items():
                    number += 1
                    yield number, item if isinstance(item, dict) else Refused("it is no JSON object")
            else:
                whole[key] = text.value()
        if whole.get("type") == "Feature":
            number += 1
            yield number, whole


def _by_line(stream: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | Refused]]:
    for row, line in lines(stream):
        try:
            item = json.loads(line.strip(b"\x1e\r\n\t ").removeprefix(codecs.BOM_UTF8))
        except ValueError as error:
            yield row, Refused(f"the line is no JSON ({error})")
        else:
            yield row, item if isinstance(item, dict) else Refused("it is no JSON object")


class _Text:
    """Walk through a JSON text, holding only as much of it as one value needs.

    Parameters
    ----------
    stream : binary file
    name : str
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._scan = json.JSONDecoder().raw_decode
        self._buffer = ""
        self._at = 0
        self._dropped = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no white space, or nothing at the end."""
        while True:
            while self._at < len(self._buffer):
                char = self._buffer[self._at]
                if char not in _BLANK:
                    return char
                self._at += 1
            if not self._more():
                return ""

    def keys(self) -> Iterator[str]:
        """Yield the keys of the object that begins here; the caller consumes each value."""
        self._expect("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self._damaged("a key of an object is missing")
            self._expect(":")
            self.peek()
            yield key
            if self._next_of(",}") == "}":
                return

    def items(self) -> Iterator[Any]:
        """Yield the items of the list that begins here."""
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._next_of(",]") == "]":
                return

    def value(self) -> Any:
        """Return the value that begins here."""
        self.peek()
        size = _CHUNK
        while True:
            try:
                value, end = self._scan(self._buffer, self._at)
            except ValueError as error:
                if len(self._buffer) - self._at > LONGEST_FEATURE or not self._more(size):
                    raise self._damaged(str(error).partition(":")[0]) from error
                size *= 2
                continue
            if end == len(self._buffer) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def _expect(self, char: str) -> None:
        if self.peek() != char:
            raise self._damaged(f"{char} is missing")
        self._at += 1

    def _next_of(self, chars: str) -> str:
        char = self.peek()
        if not char or char not in chars:
            raise self._damaged(f"one of {' '.join(chars)} is missing")
        self._at += 1
        return char

    def _more(self, size: int = _CHUNK) -> bool:
        """Read on; say whether there was more."""
        if self._ended:
            return False
        raw = self._stream.read(size)
        self._ended = not raw
        try:
            text = self._decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self._name}: it is no UTF-8, as GeoJSON must be; save it anew as UTF-8"
            ) from error
        self._dropped += self._at
        self._buffer = self._buffer[self._at :] + text
        self._at = 0
        return not self._ended or bool(text)

    def _damaged(self, what: str) -> InputError:
        where = self._dropped + self._at
        return InputError(
            f"{self._name}: it is no JSON, or damaged at character {where} ({what}); "
            "check that it is complete, or download it again"
        )


def point_of(geometry: Any) -> tuple[object, object] | None:
    """Return the coordinates of a GeoJSON point, or nothing for another geometry.

    Examples
    --------
    >>> point_of({"type": "Point", "coordinates": [23.9, 32.0]})
    (23.9, 32.0)
    """
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        place = geometry.get("coordinates")
        if isinstance(place, list) and len(place) >= 2:
            return place[0], place[1]
    return None
