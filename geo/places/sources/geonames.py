"""Read GeoNames dumps: a country or the whole world, with the table of alternate names where it is given.

Format: https://download.geonames.org/export/dump/readme.txt (tab-separated UTF-8 without header or quoting;
``geoname`` has 19 columns, ``alternatenamesV2`` 10, the tables of admin codes 4). A country's dump and its
alternate names bear the same file name, so the number of columns says what a file is.

Memory stays bounded whatever the size: the rows of both tables are first dealt out to temporary files by the
number of the place, and joined one such file after the other.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from geo.errors import InputError
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.files import dated, lines, parts, reading
from geo.places.sources.spelling import ARABIC_TAGS, ENGLISH_TAGS, distinct, named

PLACE_COLUMNS = 19
NAME_COLUMNS = (8, 10)
CODE_COLUMNS = 4
SHARE_BYTES = 64_000_000
"""Bytes of tables joined at once; about 2.5 times as much memory is used."""
MOST_SHARES = 200

_CODES = frozenset("link post phon piny iata faac tcid abbr fr_1793 unlc".split())
"""What stands in the column of languages and is none: links, postal codes, codes of airports and ports."""
_LINKS = {"wkdt": "wikidata:", "icao": "icao:"}
_IGNORED = ("readme.txt", "iso-languagecodes.txt")
_KNOWN = (
    "a GeoNames dump (expected: the 19 tab-separated columns of LY.txt, the 10 of alternateNamesV2.txt, "
    "or the 4 of admin1CodesASCII.txt)"
)


@dataclass(slots=True)
class _Files:
    """Hold what the files given are, by their columns."""

    places: list[Path] = field(default_factory=list)
    names: list[Path] = field(default_factory=list)
    codes: list[Path] = field(default_factory=list)


class Geonames:
    """Read GeoNames dumps.

    Options of `read`: ``features`` (classes or codes wanted, ``A,P,AIRB``; all by default), ``arabic_only``
    (``yes``: places with a name in Arabic script only).

    Examples
    --------
    >>> Geonames().facts([]).licence
    'CC BY 4.0'
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        return SourceFacts(
            "geonames", "GeoNames", dated(paths), "CC BY 4.0",
            "GeoNames (geonames.org), CC BY 4.0; names normalised", "https://www.geonames.org/",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield the places of one or more dumps, in the order of their shares, and the rows refused.

        Parameters
        ----------
        paths : sequence of Path
            Dumps of places, alternate names and admin codes in any order, packed or not.
        **given : str
            Options, see the class.

        Raises
        ------
        InputError
            If a file is no GeoNames dump, or none holds places.
        """
        chosen = rows.options("geonames", given, {"features": "", "arabic_only": "no"})
        files = _sorted_out(paths)
        wanted = frozenset(chosen["features"].replace(",", " ").upper().split())
        arabic_only = chosen["arabic_only"].lower() in ("yes", "true", "1")
        units = _units(files)
        count = _shares(files)
        try:
            with tempfile.TemporaryDirectory(prefix="geo-geonames-") as folder:
                shares = _Shares(Path(folder), count)
                yield from shares.deal(files.names, "names", NAME_COLUMNS, _number_of_name)
                yield from shares.deal(files.places, "places", (PLACE_COLUMNS,), _number_of_place)
                for share in range(count):
                    yield from _joined(shares, share, units, wanted, arabic_only)
        except OSError as error:
            raise InputError(
                f"geonames: no temporary files can be written in {tempfile.gettempdir()} ({error}); they "
                "need about as much room as the unpacked dumps; make room, or name another folder by TMPDIR"
            ) from error


def _sorted_out(paths: Sequence[Path]) -> _Files:
    """Return which file is what; a folder is searched for text files and archives."""
    files = _Files()
    for path in paths:
        inner = (
            sorted(file for file in path.rglob("*") if file.suffix in (".txt", ".zip"))
            if path.is_dir()
            else [path]
        )
        for file in inner:
            if path.is_dir() and file.name in _IGNORED:
                continue
            columns = _columns(file)
            if columns == PLACE_COLUMNS:
                files.places.append(file)
            elif columns in NAME_COLUMNS:
                files.names.append(file)
            elif columns == CODE_COLUMNS:
                files.codes.append(file)
            else:
                raise rows.expected(file, _KNOWN, f"{columns} tab-separated column{'s' * (columns != 1)}")
    if not files.places:
        raise InputError(
            f"geonames: no dump of places among {', '.join(str(path) for path in paths)}; "
            "give LY.zip (or allCountries.zip) beside the alternate names"
        )
    return files


def _tables(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for part in parts(path, (".txt",)):
        if not part.name.endswith(_IGNORED):
            yield part.name, part.stream


def _columns(path: Path) -> int:
    """Return the number of columns of the first line of the first table in a file."""
    with reading(path):
        for _, stream in _tables(path):
            for _, line in lines(stream):
                return line.count(b"\t") + 1
    return 0


def _units(files: _Files) -> dict[str, str]:
    """Return the ids of countries and of units of the first two levels, by code: ``LY``, ``LY.83``."""
    units: dict[str, str] = {}
    for path in files.codes:
        for _, stream in _tables(path):
            for _, line in lines(stream):
                cells = line.decode("utf-8", "replace").split("\t")
                if len(cells) == CODE_COLUMNS and cells[3].isdigit():
                    units[cells[0]] = f"geonames:{cells[3]}"
    for path in files.places:
        for _, stream in _tables(path):
            for _, line in lines(stream):
                if b"\tA\tADM1\t" in line or b"\tA\tADM2\t" in line or b"\tA\tPCL" in line:
                    _add_unit(units, line.decode("utf-8", "replace").split("\t"))
    return units


def _add_unit(units: dict[str, str], cells: list[str]) -> None:
    if len(cells) != PLACE_COLUMNS or cells[6] != "A":
        return
    code, country, first, second = cells[7], cells[8], cells[10], cells[11]
    key = {"ADM1": f"{country}.{first}", "ADM2": f"{country}.{first}.{second}"}.get(code)
    if key is None and code in ("PCLI", "PCLD", "PCLF", "PCLS", "PCL", "PCLIX"):
        key = country
    if key and not key.endswith("."):
        units.setdefault(key, f"geonames:{cells[0]}")


def _shares(files: _Files) -> int:
    """Return into how many shares the tables are dealt: by their size, packed ones counted five times."""
    size = sum(
        path.stat().st_size * (1 if path.suffix == ".txt" else 5) for path in (*files.places, *files.names)
    )
    return min(MOST_SHARES, 1 + size // SHARE_BYTES)


def _number_of_place(line: bytes) -> bytes:
    return line[: line.find(b"\t")]


def _number_of_name(line: bytes) -> bytes:
    start = line.find(b"\t") + 1
    return line[start : line.find(b"\t", start)]


class _Shares:
    """Deal the rows of big tables out to temporary files, so that each can be joined by itself.

    Parameters
    ----------
    folder : Path
    count : int
        Number of shares.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count

    def deal(
        self, paths: Sequence[Path], table: str, columns: tuple[int, ...], number_of: Callable[[bytes], bytes]
    ) -> Iterator[BadRow]:
        """Copy each row to the share of its place, with file and row; yield those with other columns."""
        with ExitStack() as stack:
            outs = [stack.enter_context(self.path(table, share).open("wb")) for share in range(self._count)]
            for path in paths:
                for name, stream in _tables(path):
                    label = name.encode()
                    for row, line in lines(stream):
                        number = number_of(line)
                        if line.count(b"\t") + 1 not in columns or not number.isdigit():
                            yield _wrong_columns(name, row, line, columns)
                            continue
                        # GeoNames numbers lie close together: consecutive ones go to the same share
                        share = (int(number) >> 8) % self._count
                        outs[share].write(b"%d\t%b\t%b\n" % (row, label, line))

    def path(self, table: str, share: int) -> Path:
        """Return the temporary file of one share of one table."""
        return self._folder / f"{table}-{share}"

    def rows(self, table: str, share: int) -> Iterator[tuple[str, int, bytes]]:
        """Yield file, row and line of one share."""
        with self.path(table, share).open("rb") as stream:
            for line in stream:
                row, name, rest = line.rstrip(b"\n").split(b"\t", 2)
                yield name.decode(), int(row), rest


def _wrong_columns(name: str, row: int, line: bytes, columns: tuple[int, ...]) -> BadRow:
    found = line.count(b"\t") + 1
    if found in columns:
        reason = "there is no number of a place (expected: digits)"
    else:
        reason = f"it has {found} tab-separated columns, not {' or '.join(map(str, columns))}"
    return rows.bad(name, row, reason, line.decode("utf-8", "replace"))


@dataclass(slots=True)
class _Alternates:
    """Hold what the table of alternate names says of one place.

    Attributes
    ----------
    names : list of SourceName
    same_as : list of str
    """

    names: list[SourceName] = field(default_factory=list)
    same_as: list[str] = field(default_factory=list)


def _joined(
    shares: _Shares, share: int, units: Mapping[str, str], wanted: frozenset[str], arabic_only: bool
) -> Iterator[SourcePlace | BadRow]:
    """Yield the places of one share with their alternate names."""
    alternates: dict[bytes, _Alternates] = defaultdict(_Alternates)
    for name, row, line in shares.rows("names", share):
        cells = line.split(b"\t")
        try:
            _add_alternate(alternates[cells[1]], [cell.decode("utf-8") for cell in cells[2:]])
        except UnicodeDecodeError as error:
            yield rows.bad(name, row, f"it is not UTF-8 ({error})", line.decode("utf-8", "replace"))
    for name, row, line in shares.rows("places", share):
        try:
            fields = line.decode("utf-8").split("\t")
            if wanted and not wanted & {fields[6], fields[7]}:
                continue
            place = _place(fields, alternates.get(_number_of_place(line)), units)
        except UnicodeDecodeError as error:
            yield rows.bad(name, row, f"it is not UTF-8 ({error})", line.decode("utf-8", "replace"))
        except rows.Refused as error:
            yield rows.bad(name, row, str(error), line.decode("utf-8", "replace"))
        else:
            if not arabic_only or any(item.lang in ("ar", "und") for item in place.names):
                yield place


def _add_alternate(known: _Alternates, cells: list[str]) -> None:
    tag, text, flags, until = cells[0], cells[1], cells[2:6], cells[7] if len(cells) > 7 else ""
    if tag in _LINKS:
        known.same_as.append(_LINKS[tag] + text.strip())
    elif tag not in _CODES:
        preferred, _, colloquial, historic = (flag == "1" for flag in flags)
        kind = "variant"
        if historic or until:
            kind = "historic"
        elif colloquial:
            kind = "colloquial"
        elif preferred and (tag in ARABIC_TAGS or tag in ENGLISH_TAGS):
            kind = "official"
        name = named(text, tag, kind)
        if name is not None:
            known.names.append(name)


def _place(cells: list[str], alternates: _Alternates | None, units: Mapping[str, str]) -> SourcePlace:
    """Return the place of one row.

    The fourth column repeats the alternate names without their languages; where the table of them is given, a
    spelling in Arabic script that it does not call Arabic is of another language.
    """
    lon, lat = rows.point(cells[5], cells[4])
    country, first, second = rows.country(cells[8]), cells[10], cells[11]
    names = [_first_name(cells[1]), named(cells[2])]
    if alternates is not None:
        names += alternates.names
    untold = "" if alternates is None or not alternates.names else "other"
    names += [named(text, untold) for text in cells[3].split(",") if text]
    own = f"geonames:{cells[0]}"
    above = (f"{country}.{first}.{second}" if second else "", f"{country}.{first}", country)
    parent = next((units[code] for code in above if units.get(code, own) != own), "")
    return SourcePlace(
        own, rows.some_name(distinct(names)), cells[6] or "L", cells[7] or "LCTY", country,
        "" if first == "00" else first, lon, lat, rows.people(cells[14]), None, parent,
        tuple(alternates.same_as) if alternates else (),
    )  # fmt: skip


def _first_name(text: str) -> SourceName | None:
    """Return the main name: in Latin script it counts as the English one."""
    name = named(text, "en", "official")
    return name._replace(kind="variant") if name is not None and name.lang != "en" else name
