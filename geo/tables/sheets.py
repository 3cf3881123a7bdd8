"""Read tables of other people, row by row: CSV, TSV and Excel, in the encodings Arabic tables come in.

Cells are text, stripped, empty where nothing is written. Nothing is guessed silently: what was found
(encoding, delimiter, row of the header) is told in `Sheet.notes`.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from geo.errors import InputError, MissingExtraError
from geo.tables.encoding import decode
from geo.tables.intake import shown

EXCEL = (".xlsx", ".xlsm")
"""Suffixes of the files that are read as Excel; every other file is text."""
DELIMITERS = (",", ";", "\t", "|", "\u061b", "\u060c")
"""What may stand between cells: comma, semicolon, tab, bar, and the Arabic semicolon and comma."""
LONGEST_CELL = 1_000_000
_NUMBER = re.compile(r"[+-]?(\d+([.,\u066b]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)
_MARKS = dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
"""Marks that turn the direction of text and cannot be seen."""
_END = "\ufdd0"
"""Stands behind the last line; what is read together with it began with a quotation mark."""
_SAMPLE = 262_144
_LOOK = 20

Cells = list[str]


@dataclass(slots=True)
class Sheet:
    """Hold one open table.

    Attributes
    ----------
    columns : list of str
        The header, in order; a column without a name is called ``column 3``, a repeated name is numbered.
    rows : iterator of (int, list of str)
        Row number in the file (1-based, the header counted) and its cells, as many as there are columns or
        more: a row with too many cells is handed over as it is, a short one is filled up. Blank rows are
        left out.
    notes : list of str
        What was found and what was taken for granted, one line each.
    """

    columns: list[str]
    rows: Iterator[tuple[int, Cells]]
    notes: list[str] = field(default_factory=list)


@contextmanager
def open_sheet(path: str | os.PathLike[str], *, sheet: str | None = None) -> Iterator[Sheet]:
    r"""Open a table for reading from its first row to its last, whatever its size.

    A text file is UTF-8, UTF-16 (with a mark, or plainly so), Windows-1256 or ISO-8859-6; its cells are
    parted by what parts its first rows most evenly. The header is the first row whose cells are mostly filled
    and none is a number. A second row of HXL tags is left out and told.

    Parameters
    ----------
    path : path
        ``.xlsx`` and ``.xlsm`` are read as Excel, everything else as text.
    sheet : str, optional
        Name of the sheet of an Excel file; by default the first that holds anything.

    Yields
    ------
    Sheet

    Raises
    ------
    InputError
        If the file cannot be read or holds no table: what was found, what was expected.
    MissingExtraError
        If an Excel file is given and openpyxl is not installed.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "names.csv"
    >>> _ = path.write_text("name;country\nAjdabiya;LY\n", encoding="utf-8")
    >>> with open_sheet(path) as table:
    ...     print(table.columns, list(table.rows))
    ['name', 'country'] [(2, ['Ajdabiya', 'LY'])]
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{shown(path)}: there is no such file; check the path")
    if path.suffix.lower() in EXCEL:
        with _excel_rows(path, sheet) as (rows, notes):
            yield _sheet(rows, path, notes)
        return
    if sheet is not None:
        raise InputError(f"{shown(path)}: only Excel files have sheets; leave sheet={sheet!r} out")
    try:
        with path.open("rb") as raw:
            notes = []
            yield _sheet(_text_rows(raw, path, notes), path, notes)
    except OSError as error:
        raise InputError(f"{shown(path)}: it cannot be read: {error.strerror or error}") from error


def unmarked(cell: str) -> str:
    r"""Return a cell without the marks of direction that come along when tables are copied.

    Examples
    --------
    >>> unmarked("\u200f2024-03-02\u200e ")
    '2024-03-02'
    """
    return cell.translate(_MARKS).strip()


def number_of(cell: str) -> float:
    r"""Return the number in a cell: digits of any script, before decimals a point, comma or Arabic sign.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> number_of("13.19"), number_of("13,19"), number_of("\u0661\u0663\u066b\u0661\u0669")
    (13.19, 13.19, 13.19)
    """
    text = unmarked(cell)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{cell!r} is no number")
    return float(text.replace(",", ".").replace("\u066b", "."))


def _sheet(rows: Iterator[tuple[int, Cells]], path: Path, notes: list[str]) -> Sheet:
    """Find the header in the first rows."""
    first = list(islice(rows, _LOOK))
    if not first:
        raise InputError(f"{shown(path)}: it holds no row; give a table with a header and at least one row")
    at = _header(first)
    number, header = first[at]
    if at:
        above = "row" if at == 1 else f"{at} rows"
        notes.append(f"header found in row {number}; the {above} above it left out")
    body = first[at + 1 :]
    if body and _is_hxl(body[0][1]):
        notes.append(f"row {body[0][0]} holds HXL tags and is left out")
        body = body[1:]
    columns = _columns(header)
    return Sheet(columns, _filled(chain(body, rows), len(columns)), notes)


def _header(first: list[tuple[int, Cells]]) -> int:
    """Return which of the first rows is the header: the first that is wide, and all words."""
    width = max(sum(map(bool, cells)) for _, cells in first)
    for at, (_, cells) in enumerate(first):
        filled = [cell for cell in cells if cell]
        if len(filled) * 2 > width and not any(_is_number(cell) for cell in filled):
            return at
    return 0


def _is_number(cell: str) -> bool:
    try:
        number_of(cell)
    except ValueError:
        return False
    return True


def _is_hxl(cells: Cells) -> bool:
    """Say whether a row holds HXL tags (the humanitarian exchange language, hxlstandard.org)."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _columns(header: Cells) -> list[str]:
    """Return names for all columns, none twice."""
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name, count = cell or f"column {number}", 2
        while name in names:
            name, count = f"{cell or 'column'} {count}", count + 1
        names.append(name)
    return names


def _filled(rows: Iterable[tuple[int, Cells]], width: int) -> Iterator[tuple[int, Cells]]:
    for number, cells in rows:
        while len(cells) > width and not cells[-1]:
            cells = cells[:-1]
        yield number, cells + [""] * (width - len(cells))


def _text_rows(raw: Any, path: Path, notes: list[str]) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a text file, decoded as a stream."""
    sample = raw.read(_SAMPLE)
    more = len(sample) == _SAMPLE
    if more:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        text, encoding = decode(sample, iso_8859_6=True)
    except InputError as error:
        raise InputError(f"{shown(path)}: {error}") from error
    if encoding == "cp1256":
        notes.append("read as Windows-1256, since it is not UTF-8; check a line of the result")
    if encoding == "iso8859_6":
        notes.append("read as ISO-8859-6, since it is not UTF-8; check a line of the result")
    raw.seek(0)
    if text.lstrip().startswith(("{", "[{")):
        raise InputError(f"{shown(path)}: it is JSON, not a table of rows; give CSV, TSV or Excel")
    delimiter = _delimiter(text)
    notes.append(f"{encoding}, cells parted by {_SAID.get(delimiter, delimiter)}")
    stream = io.TextIOWrapper(raw, encoding=codecs.lookup(encoding).name, newline="")
    return _parsed(stream, delimiter, path)


_SAID = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _parsed(stream: io.TextIOWrapper, delimiter: str, path: Path) -> Iterator[tuple[int, Cells]]:
    csv.field_size_limit(LONGEST_CELL)
    lines = chain((line.replace("\0", "") for line in stream), [_END])
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    try:
        for cells in reader:
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                raise InputError(
                    f"{shown(path)}, behind line {number}: a quotation mark is opened and never closed; "
                    "close it there, or double it if it belongs to the cell"
                )
            number = reader.line_num
            stripped = [cell.strip().lstrip("\ufeff") for cell in cells]
            if any(stripped):
                yield number, stripped
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise InputError(
            f"{shown(path)}: damaged behind line {number}: byte {byte:#04x} is no {stream.encoding}; find "
            "out its encoding and save it as UTF-8"
        ) from error
    except csv.Error as error:
        raise InputError(
            f"{shown(path)}, line {number + 1}: {error}; a quotation mark may be missing there"
        ) from error


def _delimiter(text: str) -> str:
    """Return what parts the first rows into the same number of cells, the more cells the better."""

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            rows = [
                len(row)
                for row, _ in zip(
                    csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), range(50), strict=False
                )
                if row
            ]
        except csv.Error:
            return 0, 0
        usual = max(set(rows), key=rows.count) if rows else 1
        return (rows.count(usual), usual) if usual > 1 else (0, 0)

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best)[1] > 1 else ","


@contextmanager
def _excel_rows(path: Path, sheet: str | None) -> Iterator[tuple[Iterator[tuple[int, Cells]], list[str]]]:
    """Open an Excel file as a stream of rows."""
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise MissingExtraError(
            f"{shown(path)}: reading Excel files needs openpyxl; install it with "
            "`pip install 'arabic-geo[excel]'`, or save the sheet as CSV UTF-8"
        ) from error
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise InputError(f"{shown(path)}: it is no readable Excel file ({error}); save it anew") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            known = ", ".join(map(repr, book.sheetnames))
            raise InputError(f"{shown(path)}: there is no sheet {sheet!r}; it holds {known}")
        names = [sheet] if sheet is not None else book.sheetnames
        chosen = next((name for name in names if next(_cells_of(book[name]), None)), names[0])
        notes = [f"sheet {chosen!r} of {len(book.sheetnames)}"] if len(book.sheetnames) > 1 else []
        yield _cells_of(book[chosen]), notes
    finally:
        book.close()


def _cells_of(page: Any) -> Iterator[tuple[int, Cells]]:
    for number, values in enumerate(page.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in values]
        if any(cells):
            yield number, cells


def _cell(value: Any) -> str:
    """Return a cell of Excel as text: days as ISO, whole numbers without a point."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()
