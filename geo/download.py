"""Download what a publisher of places offers: resumed where it broke off, checked, whole or not at all.

Nothing is downloaded unless `fetch` or `download` is called: importing this module opens no connection.
"""

from __future__ import annotations

import errno
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from geo import __version__
from geo.errors import InputError
from geo.tables.files import lock

GEONAMES_URL = "https://download.geonames.org/export/dump/"
"""Where GeoNames publishes its dumps, renewed every day."""
ATTEMPTS = 6
"""Attempts in a row that bring nothing, until it is given up."""
TIMEOUT_S = 60.0
LONGEST_PAUSE_S = 60.0
_CHUNK = 1 << 17
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers that may be another one in a while (RFC 9110)."""
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold one part of a source: files that make one pack.

    Attributes
    ----------
    name : str
        Of the pack.
    files : tuple of str
        Paths below the address of the publisher.
    """

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """Hold what is known of a file at its publisher; it lies beside the file, and lets a download go on.

    Attributes
    ----------
    url : str
    validator : str
        Strong ETag or date of last change.
    size : int
        Bytes; -1 if not told.
    """

    url: str
    validator: str = ""
    size: int = -1


class _Passing(Exception):  # noqa: N818 - caught here, a reason to try again
    """Say what went wrong for now, how long the publisher asks to wait, how many attempts are worth it."""

    def __init__(self, reason: str, pause_s: float = 0.0, attempts: int = ATTEMPTS) -> None:
        super().__init__(reason)
        self.pause_s = pause_s
        self.attempts = attempts


def geonames(codes: Sequence[str]) -> list[Wanted]:
    """Return the files of countries: their dump and their alternate names.

    Parameters
    ----------
    codes : sequence of str
        ISO 3166-1 alpha-2; ``all`` is the whole world, 12 million places.

    Raises
    ------
    InputError
        If one is no such code.

    Examples
    --------
    >>> geonames(["ly"])
    [Wanted(name='geonames-ly', files=('LY.zip', 'alternatenames/LY.zip'))]
    """
    wanted = []
    for code in dict.fromkeys(code.strip().upper() for code in codes):
        if code == "ALL":
            wanted.append(Wanted("geonames-all", ("allCountries.zip", "alternateNamesV2.zip")))
        elif re.fullmatch("[A-Z]{2}", code):
            wanted.append(Wanted(f"geonames-{code.lower()}", (f"{code}.zip", f"alternatenames/{code}.zip")))
        else:
            raise InputError(
                f"{code!r} is no country (expected two letters of ISO 3166-1, such as LY, or: all)"
            )
    return wanted


def fetch(
    wanted: Wanted, folder: Path, base_url: str = GEONAMES_URL, progress: Progress | None = None, **more: Any
) -> list[Path]:
    """Download the files of one part of a source into a folder, and return their paths.

    Files that have not changed since the last time are not downloaded again.

    Parameters
    ----------
    wanted : Wanted
    folder : Path
        Made if missing; the files keep their paths in it.
    base_url : str
        Of the publisher, or of a copy of its files.
    progress : callable, optional
        Told how many bytes of how many are there (-1: not known).
    **more
        Of `download`.

    Raises
    ------
    InputError
        If a file cannot be had: why, and what to do.
    """
    base = base_url if base_url.endswith("/") else f"{base_url}/"
    return [download(urljoin(base, file), folder / file, progress, **more) for file in wanted.files]


def download(
    url: str,
    target: Path,
    progress: Progress | None = None,
    *,
    pause_s: float = 1.0,
    timeout_s: float = TIMEOUT_S,
    sleep: Callable[[float], object] = time.sleep,
) -> Path:
    """Download one file; go on where an earlier attempt broke off, if the file is still the same.

    The bytes go to ``NAME.part``; when all are there, in the number announced, and an archive is whole, one
    rename makes it the target. The process may be killed at any moment: a rerun completes.

    Parameters
    ----------
    url : str
        ``http`` or ``https``.
    target : Path
    progress : callable, optional
        See `fetch`.
    pause_s : float
        First pause after an attempt in vain; it doubles.
    timeout_s : float
        Longest silence of the server.
    sleep : callable
        For tests.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    InputError
        If it cannot be had: no network, no such file, a full disk, a damaged archive ...
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"{url}: no address of the web (expected http:// or https://)")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            job = _Job(url, target, progress or (lambda done, size: None), timeout_s)
            _try_again(job, pause_s, sleep)
    except OSError as error:
        raise InputError(_local(target, error)) from error
    return target


def _try_again(job: _Job, pause_s: float, sleep: Callable[[float], object]) -> None:
    """Attempt until it is done, or until some attempts in a row have brought nothing."""
    vain, most = 0, job.held()
    while True:
        try:
            job.attempt()
        except _Passing as error:
            vain = 1 if job.held() > most else vain + 1
            most = max(most, job.held())
            if vain >= error.attempts:
                raise InputError(
                    f"{job.url}: {error}; given up after {vain} attempts. Is this machine online? A rerun "
                    "goes on where this one stopped; or download it elsewhere and `geo gazetteer add` it"
                ) from error
            sleep(min(LONGEST_PAUSE_S, max(error.pause_s, pause_s * 2 ** (vain - 1))))
        else:
            return


class _Job:
    """Hold one file on its way.

    Parameters
    ----------
    url, target, progress, timeout_s
        See `download`.
    """

    def __init__(self, url: str, target: Path, progress: Progress, timeout_s: float) -> None:
        self.url = url
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._progress = progress
        self._timeout_s = timeout_s

    def held(self) -> int:
        """Return how many bytes are there."""
        return self._part.stat().st_size if self._part.exists() else 0

    def attempt(self) -> None:
        """Ask for what is missing, take it, check it, and put it in place.

        Raises
        ------
        _Passing
            If it is worth another attempt.
        InputError
            If it is not.
        """
        state, held = _read_state(self._part), self.held()
        if state is None or state.url != self.url or not state.validator:
            held = 0
        asked = {"Range": f"bytes={held}-", "If-Range": state.validator} if state and held else {}
        if not held:
            asked = self._unless_changed()
        try:
            with _opened(self.url, asked, self._timeout_s) as answer:
                self._take(answer, held)
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return
            if error.code == 416 and held:
                self._forget()
                raise _Passing("the server has less than was taken before") from error
            _judge(self.url, error)
        except urllib.error.URLError as error:
            lasting = isinstance(error.reason, socket.gaierror | ssl.SSLCertVerificationError)
            raise _Passing(f"no connection ({error.reason})", attempts=2 if lasting else ATTEMPTS) from error
        except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
            raise _Passing(f"no connection ({error or type(error).__name__})") from error
        else:
            self._put_in_place()

    def _unless_changed(self) -> dict[str, str]:
        """Return the condition under which a file that is there already is sent again."""
        state = _read_state(self._target)
        if state is None or state.url != self.url or not state.validator or not self._target.is_file():
            return {}
        if self._target.stat().st_size != state.size:
            return {}
        key = "If-None-Match" if state.validator.startswith('"') else "If-Modified-Since"
        return {key: state.validator}

    def _take(self, answer: http.client.HTTPResponse, held: int) -> None:
        """Write what the server sends behind what is there, or in place of it if the server begins anew."""
        start, size = _announced(answer.status, answer.headers)
        state = _read_state(self._part)
        if answer.status == 206 and (start != held or state is None or state.size not in (-1, size)):
            self._forget()
            raise _Passing("the server sent another part of the file than was asked for")
        if start == 0:
            self._forget()
            _write_state(self._part, _State(self.url, _validator(answer.headers), size))
        free = shutil.disk_usage(self._part.parent).free
        if size - start > free:
            raise InputError(
                f"{self._part}: the disk has room for {free:,} bytes more, the file needs {size - start:,}; "
                "make room, and run the command again"
            )
        with self._part.open("ab" if start else "wb") as out:
            done = start
            while chunk := _read(answer):
                out.write(chunk)
                done += len(chunk)
                self._progress(done, size)
            out.flush()
            os.fsync(out.fileno())
        if size >= 0 and done < size:
            raise _Passing(f"the connection broke off at {done:,} of {size:,} bytes")
        if size >= 0 and done > size:
            self._forget()
            raise _Passing(f"the server announced {size:,} bytes and sent {done:,}")

    def _put_in_place(self) -> None:
        """Check an archive and rename it."""
        damage = _damage(self._part) if self._target.suffix == ".zip" else ""
        state = _read_state(self._part)
        if damage or state is None:
            self._forget()
            raise _Passing(f"the archive is damaged ({damage})", attempts=2)
        size = self._part.stat().st_size
        os.replace(self._part, self._target)
        _write_state(self._target, _State(state.url, state.validator, size))
        _state_path(self._part).unlink(missing_ok=True)

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        _state_path(self._part).unlink(missing_ok=True)


def _opened(url: str, asked: Mapping[str, str], timeout_s: float) -> Any:
    headers = {"User-Agent": f"arabic-geo/{__version__}", "Accept-Encoding": "identity", **asked}
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout_s)


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Return the next bytes; what fails here is the network, not the disk."""
    try:
        return answer.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _Passing(f"the connection broke off ({error or type(error).__name__})") from error


def _announced(status: int, headers: Message) -> tuple[int, int]:
    """Return where the answer begins in the file, and the size of the whole file, -1 if not told."""
    if status == 206:
        found = _RANGE.fullmatch(headers.get("Content-Range", ""))
        if not found:
            return -1, -1
        return int(found[1]), int(found[3]) if found[3] != "*" else int(found[2]) + 1
    length = headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else -1


def _validator(headers: Message) -> str:
    """Return what tells one state of the file from another: a strong ETag, else its date."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified", "")


def _judge(url: str, error: urllib.error.HTTPError) -> None:
    """Raise what an answer that is no file means."""
    if error.code in _PASSING:
        after = error.headers.get("Retry-After", "") if error.headers else ""
        pause_s = float(after) if after.isdigit() else 0.0
        raise _Passing(f"the server is busy or broken ({error.code} {error.reason})", pause_s) from error
    if error.code in (404, 410):
        raise InputError(
            f"{url}: the publisher has no such file ({error.code}); check the code of the country"
        ) from error
    raise InputError(
        f"{url}: the publisher refused ({error.code} {error.reason}); download the file by hand and "
        "`geo gazetteer add` it"
    ) from error


def _damage(path: Path) -> str:
    """Return what is wrong with an archive, or nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        return str(error)
    return f"{broken} differs from its checksum" if broken else ""


def _local(target: Path, error: OSError) -> str:
    """Return the message for what this machine could not do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"{target}: the disk is full; make room, and run the command again: it goes on where it stopped"
        )
    return f"{target}: cannot be written ({error.strerror or error}); give another folder"


def _state_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read_state(path: Path) -> _State | None:
    """Return what was written beside a file, or nothing if there is none or it is damaged."""
    try:
        content = json.loads(_state_path(path).read_text(encoding="utf-8"))
        return _State(str(content["url"]), str(content["validator"]), int(content["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_state(path: Path, state: _State) -> None:
    beside = _state_path(path)
    temporary = beside.with_name(f"{beside.name}.tmp")
    temporary.write_text(json.dumps(asdict(state)), encoding="utf-8")
    os.replace(temporary, beside)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let one process at a time download a file; a killed one leaves no lock behind."""
    with target.with_name(f".{target.name}.lock").open("ab") as stream:
        try:
            lock(stream, wait=False)
        except OSError as error:
            raise InputError(f"{target}: another process is downloading it; wait until it is done") from error
        yield
