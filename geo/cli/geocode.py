"""Geocode tables of names and of points: the commands `geo geocode` and `geo reverse`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli.session import Session, checked, open_gazetteer, progress
from geo.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.places import Gazetteer
    from geo.tables.sheets import Sheet

_CHUNK = 50_000
"""Rows worked on at a time."""
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "place name", "name_ar", "place_text"),
    "country": ("country",),
    "admin": ("admin1",),
    "lon": ("lon", "lng", "long", "x"),
    "lat": ("lat", "y"),
}
"""Usual headers, or columns of the rule table ``table_column`` that list more of them."""
_SHOWN = 5
_TOLD = ("status", "reasons", "query", "name", "country", "score")
"""Columns that the summary is made of."""


def table_in(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments of every command that reads a table and writes one."""
    for option in (
        click.option("--sheet", help="Sheet of an Excel file; the first that holds anything by default."),
        click.option(
            "--rejected",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Where rows without an answer go, with the reason; OUT.rejected.csv by default.",
        ),
        click.option(
            "-o",
            "--output",
            required=True,
            type=click.Path(path_type=Path, dir_okay=False),
            help="The table with places: .csv, .tsv, .xlsx, .geojson, .gpkg or .parquet.",
        ),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@click.command("geocode")
@table_in
@click.option("--name", "name", help="Column of the names; found by usual headers if not given.")
@click.option(
    "--country", help="Column of the countries (code, or name in Arabic or English), or one country."
)
@click.option("--admin", help="Column of the provinces (GeoNames code or name), or one province.")
@click.option(
    "--fuzzy/--no-fuzzy", default=None, help="Take similar names too, or never; where the country is known."
)
@checked
def geocode_command(
    session: Session,
    file: Path,
    output: Path,
    rejected: Path | None,
    sheet: str | None,
    name: str | None,
    country: str | None,
    admin: str | None,
    fuzzy: bool | None,
) -> None:
    """Look up the names of a table (CSV, TSV, Excel) and write it with their places.

    Every row of the table is written; rows without a place are also written to a file of their own, with the
    reason.
    """
    from geo.geocoding import geocode
    from geo.tables.sheets import open_sheet

    work = _Work(session, file, output, rejected)
    with open_sheet(file, sheet=sheet) as source:
        work.told(source)
        chosen = _column(source.columns, "name", name, file)
        context = {
            what: _column_or_value(source.columns, what, given)
            for what, given in (("country", country), ("admin", admin))
        }
        work.said("names", chosen, "name" if name is None else "")
        for what, given, plural in (("country", country, "countries"), ("admin", admin, "provinces")):
            work.said(plural, context[what], what if given is None else "")

        def answer(rows: pd.DataFrame, book: Gazetteer) -> gpd.GeoDataFrame:
            return geocode(rows, name=chosen, fuzzy=fuzzy, gazetteer=book, **context)

        work.run(source, answer, "status")


@click.command("reverse")
@table_in
@click.option("--lon", help="Column of the longitudes; found by usual headers if not given.")
@click.option("--lat", help="Column of the latitudes.")
@click.option("--lang", type=click.Choice(["en", "ar"]), default="en", show_default=True)
@checked
def reverse_command(
    session: Session,
    file: Path,
    output: Path,
    rejected: Path | None,
    sheet: str | None,
    lon: str | None,
    lat: str | None,
    lang: str,
) -> None:
    """Name the nearest town, the country and the sea of the points of a table (CSV, TSV, Excel)."""
    from geo.tables.sheets import open_sheet

    work = _Work(session, file, output, rejected)
    with open_sheet(file, sheet=sheet) as source:
        work.told(source)
        x, y = (_column(source.columns, what, given, file) for what, given in (("lon", lon), ("lat", lat)))
        work.said("longitudes", x, "lon" if lon is None else "")
        work.said("latitudes", y, "lat" if lat is None else "")
        work.run(source, lambda rows, book: _reversed(rows, x, y, lang, book), "status")


def _reversed(rows: pd.DataFrame, x: str, y: str, language: str, book: Gazetteer) -> gpd.GeoDataFrame:
    """Return rows with what lies at their points, and why there is none."""
    import numpy as np

    from geo.geocoding import reverse_geocode
    from geo.geocoding.cells import in_degrees
    from geo.geocoding.contexts import new_names

    lon, lat = (np.array([_degrees(cell) for cell in rows[column]], dtype=float) for column in (x, y))
    known = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    points = np.where(known[:, None], np.column_stack([lon, lat]), np.nan)
    found = reverse_geocode(points, language=language, gazetteer=book)
    found["status"] = np.where(known, "found", "none")
    given = [f"{a!r}, {b!r}" for a, b in zip(rows[x], rows[y], strict=True)]
    found["reasons"] = [
        [] if good else [f"{pair} is no point; expected lon -180 to 180 and lat -90 to 90, in degrees"]
        for good, pair in zip(known, given, strict=True)
    ]
    named = new_names(rows.columns, list(found.columns))
    cells = {named(str(name)): found[name].array for name in found.columns if name != "geometry"}
    return in_degrees(rows.assign(**cells), found.geometry.to_numpy(), named("geometry"))


def _degrees(cell: str) -> float:
    """Return the number in a cell, NaN if there is none."""
    from geo.tables.sheets import number_of

    try:
        return number_of(cell)
    except ValueError:
        return float("nan")


@dataclass(slots=True)
class _Work:
    """Hold one run over a table: where it comes from and goes to, and what was counted."""

    session: Session
    file: Path
    output: Path
    rejected: Path | None
    counts: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    similar: Counter[str] = field(default_factory=Counter)

    def told(self, source: Sheet) -> None:
        """Tell what was found out about the file."""
        for note in source.notes:
            self.session.say(f"note: {note}")

    def said(self, what: str, column: str | None, guessed: str) -> None:
        """Tell which column was taken, where nobody said so."""
        if column is not None and guessed:
            self.session.say(f"note: {what} are taken from the column {column!r}; --{guessed} takes another")

    def run(
        self, source: Sheet, answer: Callable[[pd.DataFrame, Gazetteer], gpd.GeoDataFrame], status: str
    ) -> None:
        """Answer chunk by chunk, write the answers and the rejected rows, and sum up."""
        from geo.tables.sinks import open_sink

        book = open_gazetteer(self.session)
        if self.output.resolve() == self.file.resolve():
            raise InputError(f"{self.output} is the table that is read; give another file to write")
        refused = _Refused(self.rejected or self.output.with_suffix(".rejected.csv"), source.columns)
        with ExitStack() as stack:
            stack.callback(refused.close)
            write = stack.enter_context(open_sink(self.output))
            step = stack.enter_context(progress(self.session, " rows"))
            chunks = _chunks(source, refused, self.counts)
            for numbers, rows in chunks:
                found = answer(rows, book)
                self._count(found, rows, numbers, refused, status)
                write(_flat(found))
                step(len(rows))
        self._sum_up(refused)

    def _count(
        self, found: gpd.GeoDataFrame, rows: pd.DataFrame, numbers: list[int], refused: _Refused, status: str
    ) -> None:
        """Count the answers of a chunk and put the rows without one aside."""
        added = [column for column in found.columns if column not in rows.columns]
        named = {what: next((c for c in added if c.partition("_geo")[0] == what), "") for what in _TOLD}
        states, reasons = (found[named[what]].tolist() for what in (status, "reasons"))
        self.counts.update(states)
        likely = found[found[named[status]] == "similar"]
        if len(likely):
            cells = zip(*(likely[named[what]] for what in ("query", "name", "country", "score")), strict=True)
            self.similar.update(f"{a!r}: {b} ({c}), score {d:.2f}" for a, b, c, d in cells)
        cells = rows.to_numpy()
        for at, state in enumerate(states):
            if state in ("none", "empty"):
                refused.add(numbers[at], reasons[at][0], cells[at])
                self.missing[reasons[at][0]] += 1

    def _sum_up(self, refused: _Refused) -> None:
        """Tell what came of the table."""
        if not self.session.quiet:
            total = sum(self.counts.values())
            told = ", ".join(f"{count:,} {what}" for what, count in self.counts.most_common())
            self.session.say(f"{total:,} rows: {told or 'nothing to do'}")
            for reason, count in self.missing.most_common(_SHOWN):
                self.session.say(f"  {count:,} x {reason}")
            if self.similar:
                self.session.say("similar: only a similar name was found; check them in the output")
            for answer, count in self.similar.most_common(_SHOWN):
                self.session.say(f"  {count:,} x {answer}")
        click.echo(f"{self.output}")
        if refused.count:
            self.session.rejected += refused.count
            rows = "row" if refused.count == 1 else "rows"
            click.echo(f"{refused.path}  {refused.count:,} {rows} without a place")


class _Refused:
    """Write rows without an answer to a file of their own, begun with the first of them."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self._columns = columns
        self._stack = ExitStack()
        self._writer: Any = None

    def add(self, number: int, reason: str, cells: Sequence[str]) -> None:
        """Add a row: its number in the file, the reason, its cells."""
        from geo.tables.export import guarded
        from geo.tables.files import whole

        if self._writer is None:
            path = self._stack.enter_context(whole(self.path))
            stream = self._stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            self._writer = csv.writer(stream)
            self._writer.writerow(["row", "reason", *map(guarded, self._columns)])
        self._writer.writerow([number, guarded(reason), *(guarded(cell or "") for cell in cells)])
        self.count += 1

    def close(self) -> None:
        """Move the file to its place; an older one is taken away if no row was refused."""
        self._stack.close()
        if not self.count:
            self.path.unlink(missing_ok=True)


def _chunks(
    source: Sheet, refused: _Refused, counts: Counter[str]
) -> Iterator[tuple[list[int], pd.DataFrame]]:
    """Yield row numbers and rows, at least once; rows with too many cells are put aside."""
    import pandas as pd

    width, first = len(source.columns), True
    while True:
        piece = list(islice(source.rows, _CHUNK))
        if not piece and not first:
            return
        first = False
        good = [(number, cells) for number, cells in piece if len(cells) == width]
        for number, cells in piece:
            if len(cells) != width:
                refused.add(number, f"it has {len(cells)} cells under {width} headers", cells)
                counts["malformed"] += 1
        rows = pd.DataFrame([cells for _, cells in good], columns=source.columns, dtype="str")
        yield [number for number, _ in good], rows


def _flat(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return answers with lists as texts, for formats that have none."""
    lists = [column for column in found.columns if str(column).startswith(("alternatives", "reasons"))]
    return found.assign(**{str(column): [_told(cell) for cell in found[column]] for column in lists})


def _told(cell: Any) -> Any:
    """Return a list of reasons or of other places as one text."""
    if not isinstance(cell, list):
        return cell
    return "; ".join(o if isinstance(o, str) else f"{o['name']} ({o['country']})" for o in cell)


def _column(columns: Sequence[str], what: str, given: str | None, file: Path) -> str:
    """Return a column by its name, or by usual headers."""
    if given is not None and given not in columns:
        raise InputError(f"{file}: there is no column {given!r}; it has {', '.join(map(repr, columns))}")
    found = given if given is not None else _guessed(columns, what)
    if found is None:
        raise InputError(
            f"{file}: no column looks like {what}; say which it is with --{what}, "
            f"one of {', '.join(map(repr, columns))}"
        )
    return found


def _column_or_value(columns: Sequence[str], what: str, given: str | None) -> str | None:
    """Return a column by name or usual headers, or the one value that was given for all rows."""
    return given if given is not None else _guessed(columns, what)


def _guessed(columns: Sequence[str], what: str) -> str | None:
    """Return the column whose header is usual for something, or None."""
    from geo.arabic import strict_key, table

    listed = {str(row["column"]): row["headers"] for row in table("table_column")}
    usual = [key for header in _HEADERS[what] for key in (header, *listed.get(header, ()))]
    by_key = {strict_key(column): column for column in reversed(columns)}
    return next((by_key[strict_key(key)] for key in usual if strict_key(key) in by_key), None)
