"""Hold what every command shares: its options, its messages, its exit code, its progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.errors import GazetteerError, GeoError

if TYPE_CHECKING:
    from geo.places import Gazetteer

REJECTED = 1
BROKEN = 3


@dataclass(slots=True)
class Session:
    """Hold the options before the command, and what went wrong on the way."""

    gazetteer: Path | None = None
    quiet: bool = False
    rejected: int = 0
    packs: bool = True
    overlay: Path | None = None
    corrections: tuple[Path, ...] = ()

    def say(self, message: str) -> None:
        """Print a message for people on standard error."""
        click.echo(message, err=True)

    def reject(self, message: object) -> None:
        """Print why an input was left out, and remember that one was."""
        self.rejected += 1
        self.say(f"rejected: {message}")


def checked(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the session, and turn the package's errors into messages and exit codes."""

    @click.pass_obj
    @wraps(command)
    def run(session: Session, *args: Any, **kwargs: Any) -> None:
        try:
            command(session, *args, **kwargs)
        except GazetteerError as error:
            session.say(f"gazetteer: {error}")
            sys.exit(BROKEN)
        except GeoError as error:
            session.say(f"error: {error}")
            sys.exit(REJECTED)
        if session.rejected:
            sys.exit(REJECTED)

    return run


@contextmanager
def progress(session: Session, unit: str = " articles") -> Iterator[Callable[..., object]]:
    """Give a function that counts; a bar shows up where work takes long and people watch."""
    from tqdm import tqdm

    hidden = session.quiet or not sys.stderr.isatty()
    with tqdm(unit=unit, unit_scale=True, delay=1.0, leave=False, disable=hidden, file=sys.stderr) as bar:
        yield bar.update


def open_gazetteer(session: Session) -> Gazetteer:
    """Open the gazetteer of the session, or the shipped one, with the packs and corrections of the user."""
    from geo.places import Gazetteer

    packs = None if session.packs else ()
    return Gazetteer.open(session.gazetteer, packs=packs, overlay=session.overlay)
