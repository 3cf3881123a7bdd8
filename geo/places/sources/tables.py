"""Read a table of places of anybody: CSV, TSV or Excel, with a mapping of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xxhash import xxh3_64_hexdigest

from geo.errors import InputError
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.files import dated
from geo.places.sources.locating import located
from geo.places.sources.spelling import distinct, named
from geo.tables.sheets import open_sheet

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "place", "place_name", "toponym", "title"),
    "name_ar": ("name_ar", "arabic", "name:ar", "arabic_name"),
    "name_en": ("name_en", "english", "name:en", "english_name"),
    "variants": ("variants", "alternate_names", "alternatenames", "aliases"),
    "lon": ("lon", "longitude", "lng", "long", "x"),
    "lat": ("lat", "latitude", "y"),
    "country": ("country", "country_code", "countrycode", "iso2", "cc", "iso_a2"),
    "admin1": ("admin1", "admin1_code"),
    "id": ("id",),
    "lang": ("lang", "language"),
    "feature": ("feature", "feature_code"),
    "population": ("population", "pop"),
    "uncertainty_km": ("uncertainty_km",),
    "parent": ("parent_id",),
    "same_as": ("same_as",),
    "valid_to": ("valid_to",),
}
"""What a column can hold, to the headers under which it is found if the user does not say."""
_FACTS = ("key", "title", "version", "licence", "attribution", "url")
_PREFIXES = ("geonames", "wof", "wikidata", "osm", "pcode", "ne", "lpf", "icao", "own", "iso", "curated")
_CLASSES = {"PPL": "P", "STL": "P", "ADM": "A", "PCL": "A", "TER": "A", "AIR": "S"}
_BARE = {"P": "PPL", "A": "ADMD", "L": "LCTY"}


class Table:
    """Read any table with a row for each place.

    Options of `read`, each the header of a column: ``name`` or ``name_ar`` or ``name_en`` (one is needed),
    ``lon`` and ``lat`` (needed, degrees), ``variants`` (further names, parted by ``|`` or ``;``), ``country``
    (two letters), ``admin1``, ``id``, ``lang`` (of ``name``), ``feature`` (``P.PPL``), ``population``,
    ``uncertainty_km``, ``parent``, ``same_as``, ``valid_to``. For ``country``, ``lang`` and ``feature``, what
    is no header holds for all rows. Headers called so are found unasked. Also ``sheet`` of an Excel file; and
    ``key``, ``title``, ``version``, ``licence``, ``attribution``, ``url``, which travel with the rows.

    Examples
    --------
    >>> Table().facts([], title="Wells of Fezzan", licence="CC0").licence
    'CC0'
    """

    def facts(self, paths: Sequence[Path], **given: object) -> SourceFacts:
        """Return what the user says of the table; by default it is the user's own."""
        told = {key: str(given[key]) for key in _FACTS if given.get(key)}
        title = told.get("title") or ", ".join(path.name for path in paths) or "own table"
        return SourceFacts(
            told.get("key", "own"), title, told.get("version") or dated(paths),
            told.get("licence", "not stated"), told.get("attribution", title), told.get("url", ""),
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield the places of one or more tables and the rows refused.

        Raises
        ------
        InputError
            If a table has no column of a name, longitude or latitude, or an option names none it has.
        """
        chosen = rows.options("csv", given, {}, (*COLUMNS, *_FACTS, "sheet"))
        return located(_read(paths, chosen))


def _read(paths: Sequence[Path], chosen: Mapping[str, str]) -> Iterator[SourcePlace | BadRow]:
    used: dict[str, str] = {}
    for path in paths:
        with open_sheet(path, sheet=chosen["sheet"] or None) as table:
            mapping = Mapped.of(path, table.columns, chosen)
            for row, cells in table.rows:
                try:
                    if len(cells) > len(table.columns):
                        raise rows.Refused(f"it has {len(cells)} cells, not {len(table.columns)}")
                    place = _place(mapping.row(cells))
                    where = f"row {row} of {path.name}"
                    if used.setdefault(place.id, where) != where:
                        raise rows.Refused(f"the id {place.id} is that of {used[place.id]} already")
                except rows.Refused as error:
                    yield rows.bad(path, row, str(error), " | ".join(cells))
                else:
                    yield place


class Mapped:
    """Hold which column of a table holds what, and what holds for all rows.

    Parameters
    ----------
    at : dict of str to int
    constant : dict of str to str
    """

    def __init__(self, at: dict[str, int], constant: dict[str, str]) -> None:
        self._at = at
        self._constant = constant

    @classmethod
    def of(cls, path: Path, columns: Sequence[str], chosen: Mapping[str, str]) -> Mapped:
        """Find the columns of a table.

        Raises
        ------
        InputError
            If one that is needed or asked for is not there.
        """
        lower = [column.lower() for column in columns]
        at: dict[str, int] = {}
        constant: dict[str, str] = {}
        for what, usual in COLUMNS.items():
            asked = chosen.get(what, "")
            found = next((name for name in ([asked.lower()] if asked else usual) if name in lower), None)
            if found is not None:
                at[what] = lower.index(found)
            elif asked and what in ("country", "lang", "feature"):
                constant[what] = asked
            elif asked:
                raise InputError(f"{path}: there is no column {asked!r}; it has {', '.join(columns)}")
        missing = [what for what in ("lon", "lat") if what not in at]
        if not {"name", "name_ar", "name_en"} & set(at):
            missing.insert(0, "name")
        if missing:
            raise InputError(
                f"{path}: no column for {', '.join(missing)}; it has {', '.join(columns)}; "
                f"say which: {' '.join(f'{what}=COLUMN' for what in missing)}"
            )
        rows.country_option("csv", constant.get("country", ""))
        if constant.get("feature"):
            _checked_feature(constant["feature"])
        return cls(at, constant)

    def row(self, cells: Sequence[str]) -> Mapping[str, str]:
        """Return what a row holds, by what its columns hold."""
        return {**self._constant, **{what: cells[at] for what, at in self._at.items()}}


def _place(row: Mapping[str, str]) -> SourcePlace:
    lon, lat = rows.point(row["lon"], row["lat"])
    names = rows.some_name(distinct(_names(row)))
    country = rows.country(row.get("country"))
    if row.get("country") and not country:
        raise rows.Refused(
            f"the country {row['country'][:40]!r} is no ISO code of two letters; "
            "leave it out, and the point tells the country"
        )
    feature_class, feature_code = feature(row.get("feature") or "P.PPL")
    uncertainty = rows.number(row["uncertainty_km"], "uncertainty") if row.get("uncertainty_km") else None
    return SourcePlace(
        _identifier(row.get("id", ""), names, lon, lat), names, feature_class, feature_code, country,
        row.get("admin1", ""), lon, lat, rows.people(row.get("population")), uncertainty,
        prefixed(row["parent"]) if row.get("parent") else "",
        tuple(prefixed(text) for text in split(row.get("same_as", ""))),
        rows.last_day(row.get("valid_to", "")),
    )  # fmt: skip


def _names(row: Mapping[str, str]) -> Iterator[SourceName | None]:
    lang = row.get("lang", "")
    yield named(row.get("name_ar", ""), "ar", "official")
    yield named(row.get("name_en", ""), "en", "official")
    yield named(row.get("name", ""), lang or "en", "official")  # an untagged Latin name counts as English
    for text in split(row.get("variants", "")):
        yield named(text, lang)


def split(text: str) -> Iterable[str]:
    """Return the parts of a list in one cell, parted by bars or semicolons.

    Examples
    --------
    >>> split("Agedabia|Ajdabiyah; Ajdabia")
    ['Agedabia', 'Ajdabiyah', 'Ajdabia']
    """
    return [part.strip() for part in re.split("[|;\u061b]", text) if part.strip()]


def prefixed(text: str) -> str:
    """Return an id with the prefix of its source; without one it is the user's own.

    Examples
    --------
    >>> prefixed("geonames:88319"), prefixed("17")
    ('geonames:88319', 'own:17')
    """
    text = "_".join(text.split())
    return text if text.partition(":")[0] in _PREFIXES and ":" in text else f"own:{text}"


def _identifier(told: str, names: tuple[SourceName, ...], lon: float, lat: float) -> str:
    """Return the id told, or one made of name and point, the same whenever the table is read."""
    if told.strip():
        return prefixed(told)
    return f"own:{xxh3_64_hexdigest(f'{names[0].text}|{lon:.5f}|{lat:.5f}'.encode())[:12]}"


def feature(text: str) -> tuple[str, str]:
    """Return class and code of GeoNames from ``P.PPL``, ``PPL`` or ``P``.

    Raises
    ------
    Refused
        If it is none of them.

    Examples
    --------
    >>> feature("s.airb"), feature("PPLA"), feature("P")
    (('S', 'AIRB'), ('P', 'PPLA'), ('P', 'PPL'))
    """
    upper = text.strip().upper()
    letter, dot, code = upper.partition(".")
    if dot and letter in tuple("AHLPRSTUV") and re.fullmatch("[A-Z0-9]{2,6}", code):
        return letter, code
    if upper in _BARE:
        return upper, _BARE[upper]
    if upper[:3] in _CLASSES:
        return _CLASSES[upper[:3]], upper
    raise rows.Refused(f"the feature {text[:20]!r} is no class and code of GeoNames (expected: P.PPL)")


def _checked_feature(text: str) -> None:
    try:
        feature(text)
    except rows.Refused as error:
        raise InputError(f"csv: {error}") from error
