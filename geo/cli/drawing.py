"""Draw what articles tell: the command `geo map`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli.articles import articles_in, read_documents
from geo.cli.session import Session, checked

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.model import Document

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Hold how a map is to look and where its pictures go.

    Attributes
    ----------
    title : str or None
    lang, basemap : str
        As `geo.event_map` takes them; ``none`` is no basemap.
    png, pdf : Path or None
    size : str
        Width and height of a picture's window, like 1600x1000.
    scale : float
    """

    title: str | None
    lang: str
    basemap: str
    png: Path | None
    pdf: Path | None
    size: str
    scale: float

    def window(self) -> tuple[int, int]:
        """Return width and height of a picture's window."""
        wide, _, high = self.size.lower().partition("x")
        if not (wide.isdecimal() and high.isdecimal()):
            raise click.UsageError(f"--size {self.size}: expected width and height in pixels, like 1600x1000")
        return int(wide), int(high)

    def check(self) -> None:
        """Refuse options that make no sense, before anything is read."""
        self.window()
        for option, path in (("png", self.png), ("pdf", self.pdf)):
            if path is not None and path.suffix.lower() != f".{option}":
                raise click.UsageError(f"--{option} {path}: expected a name that ends in .{option}")

    def draw(self, events: gpd.GeoDataFrame, mentions: gpd.GeoDataFrame, documents: list[Document]) -> Any:
        """Return the map."""
        from geo.maps import event_map

        title = self.title or _title(documents)
        basemap = None if self.basemap == "none" else self.basemap
        return event_map(events, mentions, title=title, language=self.lang, basemap=basemap)


_LOOK = (
    click.option("--title", help="Title of the map; default: that of the article, if there is one only."),
    click.option(
        "--lang",
        type=click.Choice(["ar", "en"]),
        default="ar",
        show_default=True,
        help="Language of the map.",
    ),
    click.option(
        "--basemap",
        default="natural-earth",
        show_default=True,
        help="natural-earth, natural-earth-10m, none, a .pmtiles file, or a provider of tiles by name (whose "
        "map needs the network).",
    ),
    click.option("--png", type=_FILE, help="Also take a picture, with a Chromium that is there."),
    click.option("--pdf", type=_FILE, help="Also print it as PDF, likewise."),
    click.option("--size", default="1600x1000", show_default=True, help="Window of the picture, in pixels."),
    click.option("--scale", default=2.0, show_default=True, help="Pixels of the picture for each of these."),
)


def looking(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of how a map looks, and hand them to the command as one `Look`."""

    @wraps(command)
    def with_look(*arguments: Any, **options: Any) -> None:
        look = Look(**{name: options.pop(name) for name in Look.__slots__})
        command(*arguments, look=look, **options)

    for option in reversed(_LOOK):
        with_look = option(with_look)
    return with_look


@click.command("map")
@articles_in
@click.option("-o", "--output", type=_FILE, help="The map, one HTML file.")
@click.option("--events", type=_FILE, help="Also write the events here.")
@click.option("--mentions", type=_FILE, help="Also write the mentions.")
@click.option(
    "--out-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write map.html, events.geojson, events.parquet and mentions.parquet into this folder.",
)
@looking
@checked
def map_command(
    session: Session,
    files: tuple[Path, ...],
    date: str,
    max_bytes: int,
    output: Path | None,
    events: Path | None,
    mentions: Path | None,
    out_dir: Path | None,
    look: Look,
) -> None:
    """Read articles and draw what they tell as one HTML file that needs no network."""
    places = {output: "map", events: "events", mentions: "mentions", look.png: "picture", look.pdf: "picture"}
    if out_dir is not None:
        places |= {out_dir / "map.html": "map", out_dir / "mentions.parquet": "mentions"}
        places |= {out_dir / f"events.{suffix}": "events" for suffix in ("geojson", "parquet")}
    wanted = {path: what for path, what in places.items() if path is not None}
    if not {"map", "picture"} & set(wanted.values()):
        raise click.UsageError(
            "say where to write the map: -o FILE.html, --png FILE.png, or --out-dir FOLDER"
        )
    look.check()
    from geo.tables import summary, to_geodataframe

    documents = list(read_documents(session, files, date, max_bytes))
    if not documents:
        session.say("no article could be read: nothing is written")
        return
    tables = {name: to_geodataframe(documents, table=name) for name in ("events", "mentions")}
    _write(wanted, tables, look, documents)
    if not session.quiet:
        session.say(summary(tables["events"], tables["mentions"]))
        session.say("")
    for path, what in sorted(wanted.items(), key=lambda item: item[1] != "map"):
        click.echo(f"{path}  {what}, {path.stat().st_size / 1000:.0f} kB")


def _write(
    wanted: dict[Path, str], tables: dict[str, gpd.GeoDataFrame], look: Look, documents: list[Document]
) -> None:
    """Write maps, pictures and tables where they are wanted."""
    from geo.maps import save_map, save_picture
    from geo.tables import write_table

    drawn = look.draw(tables["events"], tables["mentions"], documents)
    for path, what in wanted.items():
        if what == "map":
            save_map(drawn, path)
        elif what == "picture":
            save_picture(drawn, path, size=look.window(), scale=look.scale)
        else:
            write_table(tables[what], path)


def _title(documents: list[Document]) -> str | None:
    """Return the title of the one article; over several the page says "map of events", in its language."""
    return documents[0].article.title or documents[0].id if len(documents) == 1 else None
