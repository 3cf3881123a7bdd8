"""Keep what others answered in one SQLite file, so that nobody is asked the same thing twice.

Each call opens the file anew and commits before it returns: threads and processes may share it, a killed
process leaves either the whole answer or none, and an object that holds a cache pickles.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from geo.errors import InputError

_LOG = logging.getLogger(__name__)
_APPLICATION = 0x67656F61
"""Says in the file's header whose it is (``geoa``; SQLite's ``application_id``)."""
_VERSION = 1
_WAIT_SECONDS = 30.0
"""How long another process may hold the file."""
_LARGEST = 1 << 18
"""Longest answer worth keeping, in characters of JSON; longer ones are given and forgotten."""
_DAY = 86_400.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, provider TEXT NOT NULL, asked REAL NOT NULL,"
    " found INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID"
)
_TOO_MANY = (
    "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY asked"
    " LIMIT max(0, (SELECT count(*) FROM answers) - ?))"
)


class AnswerCache:
    """Keep answers under a key, each for some days, those that found nothing for fewer.

    Parameters
    ----------
    path : str or Path
        The file; made, with its folder, if it is missing.
    days, days_none : float
        How long an answer holds, and how long the answer that there is no such place.
    most : int
        Most answers kept; the oldest go first.
    clock : callable
        Seconds since 1970; for tests.

    Raises
    ------
    InputError
        If the file cannot be opened, or is something else.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> folder = TemporaryDirectory()
    >>> cache = AnswerCache(Path(folder.name) / "answers.sqlite")
    >>> cache.put("sebha", "Nominatim", [{"address": "Sebha", "lat": 27.04, "lon": 14.43, "raw": {}}])
    >>> cache.get("sebha")[0]["address"], cache.get("tobruk")
    ('Sebha', None)
    >>> cache.purge(everything=True)
    1
    >>> folder.cleanup()
    """

    def __init__(
        self,
        path: str | Path,
        *,
        days: float = 30.0,
        days_none: float = 1.0,
        most: int = 100_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if min(days, days_none) < 0 or most < 1:
            raise InputError(
                f"{days} days, {days_none} days for nothing, {most} answers: give positive numbers"
            )
        self.path = Path(path)
        self._days, self._days_none, self._most, self._clock = days, days_none, most, clock
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._open():
                pass
        except (sqlite3.Error, OSError) as error:
            raise InputError(
                f"{self.path} cannot be used as a cache of answers: {error}; delete it or give another file"
            ) from error

    def __len__(self) -> int:
        """Return the number of answers in the file, expired ones included."""
        with self._open() as file:
            return int(file.execute("SELECT count(*) FROM answers").fetchone()[0])

    def get(self, key: str) -> list[dict[str, Any]] | None:
        """Return a kept answer that still holds: an empty list if nothing was found, None if unknown."""
        query = "SELECT asked, found, answer FROM answers WHERE key = ?"
        try:
            with self._open() as file:
                row = file.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            _LOG.warning("%s cannot be read (%s): going on without it", self.path, error)
            return None
        if row is None or not 0 <= self._clock() - row[0] <= self._life(row[1]):
            return None
        return _decoded(row[2])

    def put(self, key: str, provider: str, answers: list[dict[str, Any]]) -> None:
        """Keep an answer; what JSON cannot say is kept as text."""
        text = _encoded(answers)
        if not text or len(text) > _LARGEST:
            return
        row = (key, provider, self._clock(), int(bool(answers)), text)
        try:
            with self._open() as file:
                file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", row)
                file.execute(_TOO_MANY, (self._most,))
        except sqlite3.Error as error:
            _LOG.warning("%s cannot be written (%s): the answer is not kept", self.path, error)

    def purge(self, *, everything: bool = False) -> int:
        """Delete what has expired, or everything; return how many answers went."""
        now = self._clock()
        limits = (now - self._life(1), now - self._life(0))
        with self._open() as file:
            if everything:
                gone = file.execute("DELETE FROM answers").rowcount
            else:
                wish = "DELETE FROM answers WHERE (found AND asked < ?) OR (NOT found AND asked < ?)"
                gone = file.execute(wish, limits).rowcount
        return int(gone)

    def _life(self, found: int) -> float:
        """Return how many seconds an answer holds."""
        return _DAY * (self._days if found else self._days_none)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give a connection with the table in place; commit at the end, or roll back."""
        with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS)) as file, file:
            if _number(file, "PRAGMA application_id") != _APPLICATION:
                _claim(file)
            elif _number(file, "PRAGMA user_version") != _VERSION:
                raise sqlite3.DatabaseError("it was written by another version")
            yield file


def _claim(file: sqlite3.Connection) -> None:
    """Make the table in a new file; refuse a file that holds something else."""
    file.execute("BEGIN IMMEDIATE")
    if _number(file, "SELECT count(*) FROM sqlite_master WHERE name != 'answers'"):
        raise sqlite3.DatabaseError("it holds something else")
    file.execute(_TABLE)
    file.execute(f"PRAGMA application_id = {_APPLICATION}")
    file.execute(f"PRAGMA user_version = {_VERSION}")


def _number(file: sqlite3.Connection, query: str) -> int:
    return int(file.execute(query).fetchone()[0])


def _encoded(answers: list[dict[str, Any]]) -> str:
    """Return an answer as JSON, or nothing if it cannot be said so."""
    try:
        return json.dumps(answers, default=str)
    except (TypeError, ValueError, RecursionError):
        return ""


def _decoded(text: str) -> list[dict[str, Any]] | None:
    """Return an answer as it was put, or None if the file holds something else."""
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return answers if isinstance(answers, list) else None
