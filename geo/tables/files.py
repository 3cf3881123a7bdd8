"""Write files whole or not at all, one writer at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from geo.errors import InputError


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a temporary path beside a target, and move it there if nothing failed.

    Parameters
    ----------
    target : Path
        Its folder is made if missing.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror} ({error.filename}); give another place"
        ) from error
    if target.is_dir():
        raise InputError(f"{target} is a folder; give the name of a file in it")
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.tmp{target.suffix}")
    try:
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error}; give another place") from error
    finally:
        temporary.unlink(missing_ok=True)


def lock(stream: IO[bytes], *, wait: bool) -> None:
    """Lock an open file against other processes; closing it, or the end of the process, drops the lock.

    Parameters
    ----------
    stream : binary file
    wait : bool
        Whether to wait until another process has dropped its lock.

    Raises
    ------
    OSError
        If another process holds the lock, and it was not to be waited for.
    """
    if sys.platform == "win32":
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
