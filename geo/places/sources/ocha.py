"""Read administrative units with P-codes: tables and boundaries of OCHA's data sets COD-AB.

Format: https://knowledge.base.unocha.org/wiki/spaces/imtoolbox/pages/2557378679 (COD-AB).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import InputError, MissingExtraError
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.files import dated
from geo.places.sources.locating import located
from geo.places.sources.ocha_columns import Columns
from geo.places.sources.polygons import inner_point
from geo.places.sources.spelling import distinct
from geo.places.sources.vectors import columns, layers, rows_of
from geo.tables.sheets import EXCEL, open_sheet

LEVELS = ("PCLI", "ADM1", "ADM2", "ADM3", "ADM4", "ADM5")
_TABLES = (".csv", ".tsv", ".txt", *EXCEL)
_NEEDED = "a COD-AB file (expected: columns such as ADM1_PCODE and ADM1_AR, or adm1_pcode and adm1_name)"


@dataclass(slots=True)
class _Unit:
    """Hold what the files say of one unit."""

    file: str
    row: int
    level: int
    names: list[SourceName | None] = field(default_factory=list)
    point: tuple[float, float, float | None] | None = None
    parent: str = ""
    country: str = ""
    valid_to: str = ""
    flaw: str = (
        "there is no point: give the boundaries too (GeoPackage, shapefile), or a table with center_lon and "
        "center_lat"
    )


class Ocha:
    """Read COD-AB tables (CSV, Excel) and boundaries (GeoPackage, shapefile, GeoJSON), together or alone.

    The point of a unit comes from a column (``center_lon`` …) or from its boundary; where there is neither,
    the unit is refused. Options of `read`: ``country`` (two letters; by default what the codes begin with).

    Examples
    --------
    >>> Ocha().facts([]).key
    'ocha'
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        title = ", ".join(path.stem for path in paths) or "COD-AB"
        return SourceFacts(
            "ocha", f"OCHA COD-AB: {title}", dated(paths),
            "CC BY 3.0 IGO unless the page of the data set says otherwise",
            "OCHA, Common Operational Datasets (COD-AB), through the Humanitarian Data Exchange",
            "https://data.humdata.org/dashboards/cod",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield a place for each P-code, in order of the codes, and the rows refused.

        What several files and layers say of a code is put together, so that all units are held in memory:
        less than 1 kB each.

        Raises
        ------
        InputError
            If a file has no column of P-codes or cannot be read.
        """
        chosen = rows.options("ocha", given, {"country": ""})
        code = rows.country_option("ocha", chosen["country"])
        return located(_read(paths, code))


def _read(paths: Sequence[Path], country: str) -> Iterator[SourcePlace | BadRow]:
    units: dict[str, _Unit] = {}
    for path in paths:
        yield from _take_table(units, path) if path.suffix.lower() in _TABLES else _take_vectors(units, path)
    for pcode in sorted(units):
        unit = units[pcode]
        try:
            yield _place(pcode, unit, country)
        except rows.Refused as error:
            title = next((name.text for name in unit.names if name is not None), "")
            yield rows.bad(unit.file, unit.row, str(error), f"{pcode} {title}")


def _take_table(units: dict[str, _Unit], path: Path) -> Iterator[BadRow]:
    """Add the rows of every sheet that has P-codes."""
    seen: list[str] = []
    found = False
    for sheet in _sheets(path):
        with open_sheet(path, sheet=sheet) as table:
            header = [name.lower() for name in table.columns]
            known = Columns.of(header)
            seen += table.columns
            if not known.codes or not known.names:
                continue
            found = True
            where = f"{path.name}/{sheet}" if sheet else path.name
            for number, cells in table.rows:
                row = dict(zip(header, cells, strict=False))
                yield from _take(units, known, where, number, row, None)
    if not found:
        raise rows.expected(path, _NEEDED, seen)


def _sheets(path: Path) -> list[str | None]:
    """Return the sheets of an Excel file that hold anything; one of no name for other files."""
    if path.suffix.lower() not in EXCEL:
        return [None]
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError(
            f"{path}: reading Excel files needs openpyxl; install it with `pip install 'arabic-geo[excel]'`"
        ) from error
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{path}: it is no readable Excel file ({error}); save it anew") from error
    try:
        return [page.title for page in book if next(page.iter_rows(values_only=True), None)]
    finally:
        book.close()


def _take_vectors(units: dict[str, _Unit], path: Path) -> Iterator[BadRow]:
    """Add the rows of every layer that has P-codes."""
    seen: list[str] = []
    found = False
    for layer in layers(path):
        names = columns(path, layer)
        known = Columns.of([name.lower() for name in names])
        seen += names
        if not known.codes or not known.names:
            continue
        found = True
        for feature in rows_of(path, layer):
            row = {name.lower(): value for name, value in feature.properties.items()}
            yield from _take(units, known, f"{path.name}/{layer}", feature.number, row, feature.geometry)
    if not found:
        raise rows.expected(path, _NEEDED, seen)


def _take(
    units: dict[str, _Unit], known: Columns, where: str, number: int, row: Mapping[str, Any], geometry: Any
) -> Iterator[BadRow]:
    """Add one row to its unit; a code that comes twice in one file keeps its first point."""
    level = known.level(row)
    if level is None or level >= len(LEVELS):
        yield rows.bad(where, number, "there is no P-code", " | ".join(str(value) for value in row.values()))
        return
    pcode = "".join(str(row[known.codes[level]]).split())
    unit = units.setdefault(pcode, _Unit(where, number, level))
    unit.names += known.names_of(row, level)
    above = [
        str(row.get(known.codes[upper]) or "") for upper in sorted(known.codes, reverse=True) if upper < level
    ]
    unit.parent = unit.parent or next((f"pcode:{code}" for code in above if code), "")
    unit.country = (
        unit.country or rows.country(row.get(known.codes.get(0, ""))) or rows.country(row.get("iso2"))
    )
    unit.valid_to = unit.valid_to or rows.last_day(str(row.get("valid_to") or row.get("validto") or "")[:10])
    try:
        if isinstance(geometry, rows.Refused):
            raise geometry
        if geometry is not None:
            unit.point = inner_point(geometry)
        elif known.point and unit.point is None and row.get(known.point[0]):
            unit.point = (*rows.point(row[known.point[0]], row.get(known.point[1])), _radius(row))
    except rows.Refused as error:
        unit.flaw = str(error)


def _radius(row: Mapping[str, Any]) -> float | None:
    try:
        return rows.radius_km(rows.number(row.get("area_sqkm"), "area"))
    except rows.Refused:
        return None


def _place(pcode: str, unit: _Unit, country: str) -> SourcePlace:
    if unit.point is None:
        raise rows.Refused(unit.flaw)
    lon, lat, radius = unit.point
    told = country or unit.country or (rows.country(pcode[:2]) if pcode[2:3].isdigit() else "")
    names = rows.some_name(distinct(unit.names))
    return SourcePlace(
        f"pcode:{pcode}", names, "A", LEVELS[unit.level], told, "", lon, lat, 0,
        radius, unit.parent, (), unit.valid_to,
    )  # fmt: skip
