"""Download what others publish and add it: the command `geo gazetteer fetch`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli.gazetteer import say_added
from geo.cli.session import Session, checked

if TYPE_CHECKING:
    from geo.download import Progress, Wanted


@click.command("fetch")
@click.argument("source", type=click.Choice(["geonames"], case_sensitive=False))
@click.argument("codes", nargs=-1, required=True)
@click.option(
    "--base-url", default="", envvar="GEO_GEONAMES_URL", show_envvar=True,
    help="Address of a copy of the publisher's files.",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where to keep the files; by default the data folder."
)
@click.option("--no-add", is_flag=True, help="Download and check only.")
@checked
def fetch_command(
    session: Session, source: str, codes: tuple[str, ...], base_url: str, folder: Path | None, no_add: bool
) -> None:
    """Download the places of countries from SOURCE, check them, and add a pack for each.

    SOURCE is geonames. CODES are two letters of ISO 3166-1 (LY SY), or: all. A broken download is resumed;
    what has not changed since the last time is not downloaded again. No other command goes online.
    """
    from geo.download import GEONAMES_URL, fetch, geonames
    from geo.places.packs import data_folder

    kept = folder or data_folder() / "downloads" / source.lower()
    for wanted in geonames(codes):
        with _bar(session, wanted) as progress:
            paths = fetch(wanted, kept, base_url or GEONAMES_URL, progress)
        if no_add:
            click.echo("\n".join(str(path) for path in paths))
        else:
            _add(session, source, wanted, paths)


@contextmanager
def _bar(session: Session, wanted: Wanted) -> Iterator[Progress]:
    """Show how much of each file is there."""
    from tqdm import tqdm

    hidden = session.quiet or not sys.stderr.isatty()
    with tqdm(
        desc=wanted.name, unit="B", unit_scale=True, leave=False, disable=hidden, file=sys.stderr
    ) as bar:

        def show(done: int, size: int) -> None:
            if done < bar.n:  # the next file, or from the beginning again
                bar.reset()
            bar.total = size if size > 0 else None
            bar.update(done - bar.n)

        yield show


def _add(session: Session, source: str, wanted: Wanted, paths: list[Path]) -> None:
    from geo.places.packs_change import add_pack
    from geo.places.sources import importer

    say_added(
        session,
        add_pack(
            importer(source), paths, name=wanted.name, base=session.gazetteer,
            command=["geo", "gazetteer", "fetch", source, wanted.name.rpartition("-")[2].upper()],
        ),
    )  # fmt: skip
