"""Open what publishers hand out: plain or packed files, folders and archives, read as streams."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple, cast

from geo.errors import InputError

LONGEST_LINE = 1 << 20
"""Bytes; a longer line is no row of a table."""
_PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open))


class Part(NamedTuple):
    """Hold one open file: a file by itself, or a member of an archive or folder.

    Attributes
    ----------
    name : str
        For messages: ``LY.zip/LY.txt``.
    stream : binary file
        Valid until the next part is asked for.
    """

    name: str
    stream: IO[bytes]


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what a missing or damaged file or archive raises into an `InputError` that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file or folder; check the path") from error
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError) as error:
        raise InputError(f"{path}: the archive is damaged or cut off ({error}); download it again") from error
    except (NotImplementedError, RuntimeError) as error:  # zipfile: unknown compression, or a password
        raise InputError(
            f"{path}: the archive cannot be opened ({error}); unpack it and give the files"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error}); check the file, or download it again") from error


def parts(path: Path, suffixes: Sequence[str] = ()) -> Iterator[Part]:
    """Yield the files in a folder or archive, or the file itself, in a fixed order.

    Parameters
    ----------
    path : Path
        A folder, a zip or tar archive, a file packed by gzip, bzip2 or xz, or a plain file.
    suffixes : sequence of str
        Of the members wanted, with the dot; all if empty. A file that stands alone is taken as it is.

    Raises
    ------
    InputError
        If it is missing, damaged or cut off.
    """
    with reading(path):
        if path.is_dir():
            yield from _in_folder(path, suffixes)
            return
        with path.open("rb") as stream:
            magic = stream.read(8)
        if magic.startswith(b"PK"):
            yield from _in_zip(path, suffixes)
        elif tarfile.is_tarfile(path):
            yield from _in_tar(path, suffixes)
        else:
            opener = next((opener for mark, opener in _PACKED if magic.startswith(mark)), None)
            with cast("IO[bytes]", opener(path, "rb")) if opener else path.open("rb") as stream:
                yield Part(path.name, stream)


def _wanted(name: str, suffixes: Sequence[str]) -> bool:
    last = name.rpartition("/")[2].lower()
    hidden = last.startswith(".") or "__MACOSX/" in name
    return not hidden and (not suffixes or last.endswith(tuple(suffixes)))


def _in_folder(path: Path, suffixes: Sequence[str]) -> Iterator[Part]:
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and _wanted(name, suffixes):
            with file.open("rb") as stream:
                yield Part(f"{path.name}/{name}", stream)


def _in_zip(path: Path, suffixes: Sequence[str]) -> Iterator[Part]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir() and _wanted(info.filename, suffixes):
                with archive.open(info) as stream:
                    yield Part(f"{path.name}/{info.filename}", stream)


def _in_tar(path: Path, suffixes: Sequence[str]) -> Iterator[Part]:
    for archive, info in _members(path):
        if info.isfile() and _wanted(info.name, suffixes):
            stream = archive.extractfile(info)
            if stream is not None:
                yield Part(f"{path.name}/{info.name}", stream)


def _members(path: Path) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """Yield the members of a tar archive in order.

    Not as `tarfile` reads streams (``r|*``), which takes a packed archive that is cut off for a whole one.
    """
    with tarfile.open(path) as archive:
        while (info := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # else all are kept
            yield archive, info


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    r"""Yield each line that is not empty with its number, from 1; an endless one comes in pieces.

    Examples
    --------
    >>> import io
    >>> list(lines(io.BytesIO(b"a\n\nb")))
    [(1, b'a'), (3, b'b')]
    """
    row = 0
    while line := stream.readline(LONGEST_LINE):
        row += 1
        line = line.rstrip(b"\r\n")
        if line:
            yield row, line


def dated(paths: Iterable[Path]) -> str:
    """Return the day of the newest file, as archives and the file system state it: ``2026-11-20``.

    Raises
    ------
    InputError
        If a file is missing.
    """
    days = [_day(path) for path in paths]
    return max(days, default="")


def _day(path: Path) -> str:
    with reading(path):
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                stamps = [info.date_time for info in archive.infolist()]
            if stamps:
                year, month, day = max(stamps)[:3]
                return f"{year:04d}-{month:02d}-{day:02d}"
        if path.is_file() and tarfile.is_tarfile(path):
            newest = max((info.mtime for _, info in _members(path)), default=path.stat().st_mtime)
            return datetime.fromtimestamp(newest, UTC).date().isoformat()
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
