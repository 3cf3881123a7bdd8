"""Read articles: the command `geo parse`, and what every command that reads articles needs."""

from __future__ import annotations

import datetime
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from geo.cli.session import Session, checked, open_gazetteer, progress
from geo.errors import GazetteerError, GeoError

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.model import Article, Document
    from geo.reading.pipeline import Geoparser

FORMATS = ("jsonl", "geojson", "parquet", "csv", "gpkg")
TO_SCREEN = ("jsonl", "geojson", "csv")


def a_day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Accept an ISO day."""
    try:
        return datetime.date.fromisoformat(value).isoformat() if value else ""
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a day like 2024-03-02") from error


def _corrected(context: click.Context, _parameter: click.Parameter, value: tuple[Path, ...]) -> None:
    """Hand the logs of corrections to the session, from which the parser takes them."""
    context.obj.corrections = value


def articles_in(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments of every command that reads articles."""
    command = click.option(
        "--max-bytes", default=10_000_000, show_default=True, help="Largest text read as one article."
    )(command)
    command = click.option(
        "--date", callback=a_day, help="Day of publication (2024-03-02) of articles that give none."
    )(command)
    command = click.option(
        "--corrections",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_corrected,
        expose_value=False,
        help="Log of corrections to honour (JSON lines that the review widget wrote); may be repeated.",
    )(command)
    return click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))(
        command
    )


@click.command("parse")
@articles_in
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), help="Default: the suffix of OUT, or jsonl."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Default: the screen.")
@click.option("--table", type=click.Choice(["events", "mentions"]), default="events", show_default=True)
@checked
def parse_command(
    session: Session,
    files: tuple[Path, ...],
    date: str,
    max_bytes: int,
    form: str | None,
    output: Path | None,
    table: str,
) -> None:
    """Read articles (.txt, .jsonl, .json, folders, - for standard input) and write what they say.

    As jsonl, one document a line with every mention, footprint, date and event; in the other formats, one
    table of events or of mentions.
    """
    if output is not None and str(output) == "-":
        output = None
    form = form or (output.suffix.lstrip(".").lower() if output else "jsonl")
    if form not in FORMATS:
        raise click.UsageError(f"{output} has no known suffix; add --format {'|'.join(FORMATS)}")
    if output is None and form not in TO_SCREEN:
        raise click.UsageError(f"{form} is not for the screen; say where to write it: -o FILE.{form}")
    documents = read_documents(session, files, date, max_bytes)
    if form == "jsonl":
        _write_lines(documents, output)
        return
    from geo.tables import to_geodataframe

    _write_frame(to_geodataframe(documents, table=table), output, form)


def _write_lines(documents: Iterable[Document], output: Path | None) -> None:
    """Write JSON Lines to a file, whole, or to the screen, as they come."""
    from geo.tables.files import whole
    from geo.tables.records import write_jsonl

    if output is None:
        write_jsonl(documents, _screen())
        return
    with whole(output) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        write_jsonl(documents, stream)


def _screen() -> IO[str]:
    """Return standard output as UTF-8 without newline translation, whatever the locale."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    return sys.stdout


def _write_frame(frame: gpd.GeoDataFrame, output: Path | None, form: str) -> None:
    """Write a table to a file of any name, or to the screen."""
    from geo.tables import write_table
    from geo.tables.files import whole

    with tempfile.TemporaryDirectory() as folder:
        made = write_table(frame, Path(folder) / f"table.{form}")
        if output is None:
            sys.stdout.buffer.write(made.read_bytes())
            sys.stdout.buffer.flush()
        else:
            with whole(output) as temporary:
                shutil.copyfile(made, temporary)


def read_documents(session: Session, files: Iterable[Path], date: str, max_bytes: int) -> Iterator[Document]:
    """Yield the documents of files, one by one; what cannot be read is reported and left out."""
    parser = open_parser(session)
    for article in _accepted(session, files, max_bytes):
        try:
            document = parser.parse(replace(article, date=article.date or date))
            for note in document.notes:
                session.say(f"note: {document.id}: {note}")
            yield document
        except GazetteerError:
            raise
        except GeoError as error:
            session.reject(f"{article.id}: {error}")


def _accepted(session: Session, files: Iterable[Path], max_bytes: int) -> Iterator[Article]:
    """Yield the readable articles under a progress bar; report the others."""
    from geo.tables.intake import Rejected, read_articles

    with progress(session) as step:
        for item in read_articles(
            files, on_warning=lambda text: session.say(f"note: {text}"), max_bytes=max_bytes
        ):
            if isinstance(item, Rejected):
                session.reject(item)
            else:
                yield item
                step()


def open_parser(session: Session) -> Geoparser:
    """Make the parser over the gazetteer of the session."""
    from geo.reading.pipeline import Geoparser

    parser = Geoparser(open_gazetteer(session), corrections=session.corrections or None)
    for note in parser.corrections.notes:
        session.say(f"note: {note}")
    return parser
