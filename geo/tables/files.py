"""Write files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
