"""Read places out of results of the Wikidata Query Service.

Properties: P625 point, P31 class, P17 country, P297 ISO code, P1566 GeoNames id, P239 ICAO code,
P1082 population, P131 unit (https://www.wikidata.org/wiki/Wikidata:List_of_properties).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo.errors import InputError
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.files import dated
from geo.places.sources.locating import located
from geo.places.sources.spelling import distinct, named
from geo.places.sources.tables import feature, split
from geo.places.sources.wikidata_rows import Row, Value, results

CLASSES = {
    "Q6256": "A.PCLI", "Q3624078": "A.PCLI", "Q10864048": "A.ADM1", "Q13220204": "A.ADM2",
    "Q13221722": "A.ADM3", "Q14757767": "A.ADM4", "Q56061": "A.ADMD", "Q15284": "A.ADM3",
    "Q5119": "P.PPLC", "Q515": "P.PPL", "Q1549591": "P.PPL", "Q1637706": "P.PPL", "Q3957": "P.PPL",
    "Q532": "P.PPL", "Q5084": "P.PPL", "Q486972": "P.PPL", "Q123705": "P.PPLX", "Q2983893": "P.PPLX",
    "Q188509": "P.PPLX", "Q1248784": "S.AIRP", "Q644371": "S.AIRP", "Q62447": "S.AIRF", "Q695850": "S.AIRB",
    "Q245016": "S.MILB", "Q1324633": "L.NVB", "Q622499": "P.STLMT", "Q44782": "H.HBR", "Q15310171": "L.PRT",
    "Q211748": "L.OILF", "Q12353044": "S.OILR", "Q8502": "T.MT", "Q46831": "T.MTS", "Q8514": "T.DSRT",
    "Q39816": "T.VAL", "Q23442": "T.ISL", "Q34763": "T.PEN", "Q4022": "H.STM", "Q23397": "H.LK",
    "Q131681": "H.RSV", "Q165": "H.SEA", "Q39594": "H.BAY", "Q37901": "H.STRT", "Q12284": "H.CNL",
    "Q43742": "H.OAS", "Q12323": "S.DAM", "Q12280": "S.BDG", "Q16917": "S.HSP", "Q3918": "S.UNIV",
    "Q32815": "S.MSQE", "Q57831": "S.FT", "Q23413": "S.CSTL", "Q839954": "S.ANS", "Q55488": "S.RSTN",
}  # fmt: skip
"""Item of a class (P31) to class and code of GeoNames."""
UNKNOWN_CLASS = ("L", "LCTY")

_ENTITY = re.compile(r"(?:https?://www\.wikidata\.org/entity/|wd:)?(Q[1-9]\d*)$")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "item": ("item", "place", "entity", "city", "settlement", "unit"),
    "point": ("coord", "coords", "coordinate", "coordinates", "point", "location", "p625", "geo", "wkt"),
    "class": ("class", "type", "instance", "instanceof", "p31"),
    "iso": ("iso", "iso2", "countrycode", "country_code", "p297", "cc"),
    "geonames": ("geonames", "geonamesid", "geonames_id", "p1566", "gn"),
    "icao": ("icao", "p239"),
    "population": ("population", "pop", "p1082"),
    "unit": ("unit", "admin", "p131", "parent"),
}
_TAG = re.compile(r"(?:_|^)([a-z]{2,3})$|(?<=[a-z])(Ar|En|Fr)$")


@dataclass(slots=True)
class _Draft:
    """Hold what the rows of one item say; a query gives a row for each combination of values."""

    file: Path
    row: int
    points: list[str] = field(default_factory=list)
    names: list[SourceName | None] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    same_as: list[str] = field(default_factory=list)


class Wikidata:
    """Read results of queries: CSV, TSV, or JSON.

    A result has a column of items (``?item``) and one of points (``?coord``), and any of: labels
    (``?itemLabel``, ``?label_ar``, ``?alt_ar``; several in one cell are parted by ``|``), ``?class`` (P31),
    ``?iso`` (P297 of the country), ``?geonames`` (P1566), ``?icao``, ``?population``, ``?unit`` (P131).
    Languages come with TSV and JSON; in CSV the end of the column's name tells them.

    Options of `read`: ``country`` (two letters, for rows without ``?iso``), ``feature`` (``P.PPL``, for items
    without a known class).

    Examples
    --------
    >>> Wikidata().facts([]).licence
    'CC0 1.0'
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        return SourceFacts(
            "wikidata", "Wikidata", dated(paths), "CC0 1.0", "Wikidata (wikidata.org)",
            "https://www.wikidata.org/wiki/Wikidata:Licensing",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield a place for each item, in the order of their first rows, after the rows refused.

        The rows of an item lie anywhere in a result, so that all its items are held in memory, about 1 kB
        each; the service gives no more than it finds in a minute.

        Raises
        ------
        InputError
            If a file is no result, or has no column of items or of points.
        """
        chosen = rows.options("wikidata", given, {"country": "", "feature": ""})
        rows.country_option("wikidata", chosen["country"])
        return located(_read(paths, chosen))


def _read(paths: Sequence[Path], chosen: Mapping[str, str]) -> Iterator[SourcePlace | BadRow]:
    drafts: dict[str, _Draft] = {}
    for path in paths:
        columns = _Columns(path)
        for number, row in results(path):
            try:
                if isinstance(row, rows.Refused):
                    raise row
                _add(drafts, path, number, row, columns.of(row))
            except rows.Refused as error:
                yield rows.bad(path, number, str(error), _shown(row))
    for item, draft in drafts.items():
        try:
            yield _place(item, draft, chosen)
        except rows.Refused as error:
            yield rows.bad(draft.file, draft.row, str(error), f"{item} {_title(draft.names)}")


def _shown(row: Row | rows.Refused) -> str:
    return " | ".join(value.text for value in row.values()) if isinstance(row, dict) else ""


def _title(names: Iterable[SourceName | None]) -> str:
    return next((name.text for name in names if name is not None), "")


class _Columns:
    """Tell what each column of a result holds: by its name, or by the first value that tells.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._item = ""
        self._point = ""
        self._known: dict[tuple[str, ...], dict[str, str]] = {}

    def of(self, row: Row) -> dict[str, str]:
        """Return the name of the column of each kind in a row; an unbound variable is not there.

        Raises
        ------
        InputError
            If there is none of items or of points in the first row.
        """
        if not self._item:
            self._find(row)
        names = tuple(row)
        if names not in self._known:
            lower = {name.lower(): name for name in names}
            found = {
                what: next((lower[name] for name in usual if name in lower), "")
                for what, usual in _COLUMNS.items()
            }
            found |= {"item": self._item, "point": self._point}
            if found["unit"] == self._item:
                found["unit"] = ""
            self._known[names] = {what: name for what, name in found.items() if name}
        return self._known[names]

    def _find(self, row: Row) -> None:
        lower = {name.lower(): name for name in row}
        usual = [lower[name] for name in _COLUMNS["item"] if name in lower]
        items = (name for name in (*usual, *row) if _ENTITY.match(row[name].text))
        self._item = next(items, usual[0] if usual else "")
        points = (name for name, value in row.items() if value.text.startswith("Point("))
        self._point = next((lower[name] for name in _COLUMNS["point"] if name in lower), next(points, ""))
        if not self._item or not self._point:
            raise rows.expected(
                self._path,
                "a result of the Wikidata Query Service with items and points (expected: ?item, ?coord)",
                list(row),
            )


def _add(drafts: dict[str, _Draft], path: Path, number: int, row: Row, columns: Mapping[str, str]) -> None:
    """Add what one row says to its item."""
    told = row.get(columns["item"], Value(""))
    found = _ENTITY.match(told.text)
    if not found:
        raise rows.Refused(f"{told.text[:60]!r} is no item of Wikidata (expected: …/entity/Q3579)")
    draft = drafts.setdefault(found[1], _Draft(path, number))
    held = {what: row[name].text for what, name in columns.items() if name in row}
    if "point" in held:
        draft.points.append(held["point"])
    if "class" in held:
        draft.classes.append(held["class"].rpartition("/")[2])
    if held.get("geonames", "").isdigit():
        draft.same_as.append(f"geonames:{held['geonames']}")
    if held.get("icao"):
        draft.same_as.append(f"icao:{held['icao'].upper()}")
    for what in ("iso", "population", "unit"):
        if what in held:
            draft.facts.setdefault(what, held[what])
    known = set(columns.values())
    for name, value in row.items():
        if name not in known:
            draft.names += _names(name, value, columns["item"])


def _names(column: str, value: Value, item: str) -> Iterator[SourceName | None]:
    """Yield the names in one cell; labels of the country or class of the item are none."""
    rest = column.lower().removeprefix(item.lower())
    main = rest.startswith(("label", "name"))
    if not main and not rest.startswith(("alt", "alias", "variant")):
        return
    found = _TAG.search(column)
    tag = value.lang or ((found[1] or found[2]).lower() if found else "")
    for text in [value.text] if main else split(value.text):
        if not _ENTITY.match(text):  # what the label service gives where there is no label
            yield named(text, tag, "official" if main and tag in ("ar", "en") else "variant")


def _place(item: str, draft: _Draft, chosen: Mapping[str, str]) -> SourcePlace:
    """Return the place that the rows of one item make."""
    if not draft.points:
        raise rows.Refused("there is no point")
    lon, lat = rows.point_of_wkt(draft.points[0])
    known = [CLASSES[name] for name in dict.fromkeys(draft.classes) if name in CLASSES]
    if known:
        feature_class, _, feature_code = known[0].partition(".")
    elif chosen["feature"]:
        feature_class, feature_code = _asked(chosen["feature"])
    else:
        feature_class, feature_code = UNKNOWN_CLASS if draft.classes else ("P", "PPL")
    above = _ENTITY.match(draft.facts.get("unit", ""))
    return SourcePlace(
        f"wikidata:{item}", rows.some_name(distinct(draft.names)), feature_class, feature_code,
        rows.country(draft.facts.get("iso")) or rows.country(chosen["country"]), "", lon, lat,
        rows.people(draft.facts.get("population")), None, f"wikidata:{above[1]}" if above else "",
        tuple(dict.fromkeys(draft.same_as)),
    )  # fmt: skip


def _asked(text: str) -> tuple[str, str]:
    try:
        return feature(text)
    except rows.Refused as error:
        raise InputError(f"wikidata: {error}") from error
