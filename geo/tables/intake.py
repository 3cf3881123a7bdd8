"""Read articles from text files, JSON Lines, JSON, folders and standard input.

Nothing is guessed silently and nothing vanishes: what cannot be read comes back as `Rejected` with the
reason, and the rest of the batch goes on. Text is decoded and otherwise left alone (no newline is changed),
so offsets count code points of the decoded text, a byte-order mark not included.
"""

from __future__ import annotations

import codecs
import json
import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from geo.arabic.order import visual_order
from geo.errors import InputError
from geo.model import Article
from geo.tables.encoding import decode

MAX_BYTES = 10_000_000
"""Largest text read as one article; a corpus belongs into JSON Lines, which is streamed."""

ROWS = (".jsonl", ".ndjson")
"""Suffixes of files with one JSON object a line."""
READABLE = (".txt", *ROWS, ".json")
"""Suffixes of the files that are taken out of a folder."""

_BACKWARDS = (
    "its words are spelt backwards (visual order, as some PDF readers extract Arabic); "
    "extract the text anew in reading order, for instance with `pdftotext`, or copy it from a browser"
)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Say why one input was not read.

    Attributes
    ----------
    where : str
        File, or file:line, safe to print.
    reason : str
        What was given, what was expected, what to do.
    """

    where: str
    reason: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.where}: {self.reason}"


@dataclass(slots=True)
class _Intake:
    """Hold what one reading of a batch needs: limits, where to warn, identifiers seen."""

    warn: Callable[[str], None]
    max_bytes: int
    seen: set[str] = field(default_factory=set)

    def fresh(self, identifier: str) -> str:
        """Return an identifier not used before in this batch, numbering it if need be."""
        name, number = identifier, 2
        while name in self.seen:
            name, number = f"{identifier}~{number}", number + 1
        self.seen.add(name)
        return name


def read_articles(
    paths: Iterable[str | os.PathLike[str]],
    *,
    on_warning: Callable[[str], None] = _LOG.warning,
    max_bytes: int = MAX_BYTES,
    stdin: IO[bytes] | None = None,
) -> Iterator[Article | Rejected]:
    """Yield the articles of files and folders, in order, and a `Rejected` for what cannot be read.

    A ``.txt`` file (or any other that holds text) is one article, its identifier the file's stem. A
    ``.jsonl`` file holds rows ``{"id", "text", "date"?, "url"?, "title"?, "publisher"?}``, one a line, and is
    streamed; a ``.json`` file holds one such row or a list of them. A folder gives its ``.txt``, ``.jsonl``
    and ``.json`` files, sorted. ``-`` is standard input: rows if it begins with ``{``, else one text.

    Text is UTF-8, UTF-16 (with a byte-order mark, or plainly so) or Windows-1256, the latter with a warning.
    Text whose words are spelt backwards (`geo.arabic.order.visual_order`) is rejected.

    Parameters
    ----------
    paths : iterable of path
    on_warning : callable
        Called with one line for what was read, but doubtfully. Default: the log.
    max_bytes : int
        Largest text read as one article.
    stdin : binary stream, optional
        What ``-`` reads; the process's standard input by default.

    Yields
    ------
    Article or Rejected

    Examples
    --------
    >>> [str(item) for item in read_articles(["no-such-file.txt"])]
    ['no-such-file.txt: there is no such file or folder; check the path']
    """
    intake = _Intake(on_warning, max_bytes)
    for path in paths:
        if os.fspath(path) == "-":
            yield from _from_stdin(stdin or sys.stdin.buffer, intake)
        else:
            yield from _from_path(Path(path), intake)


def shown(name: object) -> str:
    r"""Return a file name that is safe on a terminal: control and direction marks escaped.

    Examples
    --------
    >>> shown("a\u202eb.txt")
    'a\\u202eb.txt'
    """
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char)[0] == "C" else char
        for char in os.fsdecode(str(name))
    )


def _from_path(path: Path, intake: _Intake) -> Iterator[Article | Rejected]:
    where = shown(path)
    try:
        if path.is_dir():
            yield from _from_folder(path, intake)
        elif not path.exists():
            yield Rejected(where, "there is no such file or folder; check the path")
        elif path.suffix.lower() in ROWS:
            with path.open("rb") as stream:
                yield from _from_rows(stream, where, intake)
        else:
            with path.open("rb") as stream:
                yield from _from_file(stream, path, intake)
    except OSError as error:
        yield Rejected(where, f"it cannot be read: {error.strerror or error}")


def _from_folder(folder: Path, intake: _Intake) -> Iterator[Article | Rejected]:
    """Read the readable files of a folder, sorted by name; folders inside it are left alone."""
    inside = sorted(item for item in folder.iterdir() if item.suffix.lower() in READABLE and item.is_file())
    if not inside:
        yield Rejected(
            shown(folder), f"the folder holds no {', '.join(READABLE)} file; give files, or another folder"
        )
    for path in inside:
        yield from _from_path(path, intake)


def _from_stdin(stream: IO[bytes], intake: _Intake) -> Iterator[Article | Rejected]:
    first = stream.readline(intake.max_bytes + 1)
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        yield from _from_rows(stream, "-", intake, first)
        return
    raw = first + stream.read(max(0, intake.max_bytes + 1 - len(first)))
    yield _one_text(raw, "-", "stdin", intake)


def _from_file(stream: IO[bytes], path: Path, intake: _Intake) -> Iterator[Article | Rejected]:
    raw = stream.read(intake.max_bytes + 1)
    where = shown(path)
    if path.suffix.lower() == ".json":
        yield from _from_json(raw, where, intake)
        return
    stem = path.stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    yield _one_text(raw, where, stem, intake)


def _one_text(raw: bytes, where: str, identifier: str, intake: _Intake) -> Article | Rejected:
    """Return the article of a whole text, or why there is none."""
    try:
        text = _decoded(raw, where, intake)
    except InputError as error:
        return Rejected(where, str(error))
    if not text.strip():
        return Rejected(where, "it is empty; give a file that holds the text of an article")
    if visual_order(text):
        return Rejected(where, _BACKWARDS)
    return Article(intake.fresh(identifier), text)


def _decoded(raw: bytes, where: str, intake: _Intake) -> str:
    if len(raw) > intake.max_bytes:
        raise InputError(
            f"it is larger than {intake.max_bytes / 1e6:g} MB, too much for one article; split it into "
            'articles in a .jsonl file, one {"id": ..., "text": ...} a line, or raise --max-bytes'
        )
    text, encoding = decode(raw)
    if encoding == "cp1256":
        intake.warn(f"{where}: read as Windows-1256, since it is not UTF-8; check a line of the result")
    return text


def _from_json(raw: bytes, where: str, intake: _Intake) -> Iterator[Article | Rejected]:
    """Read a JSON file: one row, or a list of rows."""
    try:
        value = json.loads(_decoded(raw, where, intake))
    except InputError as error:
        yield Rejected(where, str(error))
        return
    except (ValueError, RecursionError) as error:
        yield Rejected(where, f"it is not valid JSON: {error}")
        return
    if isinstance(value, list):
        for number, row in enumerate(value, 1):
            yield _article(row, f"{where}: item {number}", intake)
    else:
        yield _article(value, where, intake)


def _from_rows(
    stream: IO[bytes], where: str, intake: _Intake, first: bytes = b""
) -> Iterator[Article | Rejected]:
    """Read JSON Lines, one row after the other, whatever the size of the file."""
    number = 0
    for raw in _lines(stream, first, intake.max_bytes):
        number += 1
        place = f"{where}:{number}"
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if not raw.strip():
            continue
        if len(raw) > intake.max_bytes:
            yield Rejected(place, f"the row is larger than {intake.max_bytes / 1e6:g} MB; raise --max-bytes")
            continue
        try:
            row = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield Rejected(place, f"the row is not UTF-8 (byte {error.start}); convert the file to UTF-8")
        except (ValueError, RecursionError) as error:
            yield Rejected(place, f"the row is not valid JSON: {error}")
        else:
            yield _article(row, place, intake)
    if number == 0:
        yield Rejected(where, 'it is empty; give one JSON object a line: {"id": ..., "text": ...}')


def _lines(stream: IO[bytes], first: bytes, max_bytes: int) -> Iterator[bytes]:
    """Yield lines without their end; of a line that is too long only its beginning, as a sign."""
    line = first or stream.readline(max_bytes + 1)
    while line:
        whole = line
        while not line.endswith(b"\n") and len(line) > max_bytes:
            line = stream.readline(max_bytes + 1)
            if not line:
                break
        yield whole.rstrip(b"\r\n")
        line = stream.readline(max_bytes + 1)


def _article(row: Any, where: str, intake: _Intake) -> Article | Rejected:
    """Return the article of a row, or what is wrong with the row."""
    if not isinstance(row, Mapping):
        return Rejected(where, f"a {type(row).__name__} was found; expected an object with 'id' and 'text'")
    identifier, text = row.get("id"), row.get("text")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    if not isinstance(identifier, str) or not identifier:
        return Rejected(where, "the row lacks 'id', a text or a whole number that identifies the article")
    if not isinstance(text, str):
        return Rejected(where, f"the row {shown(identifier)!r} lacks 'text', the article as one string")
    others = [row.get(name) or "" for name in ("url", "title", "publisher")]
    if not all(isinstance(value, str) for value in others):
        return Rejected(where, f"the row {shown(identifier)!r}: 'url', 'title' and 'publisher' must be text")
    if any("\ud800" <= char <= "\udfff" for char in "".join((identifier, text, *others))):
        return Rejected(
            where, "the row holds half a character (a lone surrogate); write the file anew as UTF-8"
        )
    if visual_order(text):
        return Rejected(where, f"the row {shown(identifier)!r}: {_BACKWARDS}")
    if identifier in intake.seen:
        intake.warn(
            f"{where}: the id {shown(identifier)!r} came before; events of both will share identifiers"
        )
    intake.seen.add(identifier)
    return Article(identifier, text, _day(row.get("date"), where, intake), *others)


def _day(value: object, where: str, intake: _Intake) -> str:
    """Return an ISO day, or nothing (with a warning) for what is not one."""
    if value in (None, ""):
        return ""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        intake.warn(f"{where}: the date {shown(value)!r} is not of the form 2024-03-02 and was left out")
        return ""
