"""Read Linked Places: GeoJSON-LD and the tables (LP-TSV) of the World Historical Gazetteer.

Format: https://github.com/LinkedPasts/linked-places-format (v1.3; LP-TSV v0.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError

from geo.errors import InputError
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.features import features
from geo.places.sources.files import dated, parts, reading
from geo.places.sources.locating import located
from geo.places.sources.polygons import inner_point, of_geojson
from geo.places.sources.spelling import distinct, named
from geo.places.sources.tables import split
from geo.tables.sheets import open_sheet

TYPES = {
    "300008347": "P.PPL", "300008389": "P.PPL", "300008375": "P.PPL", "300008372": "P.PPL",
    "300128207": "A.PCLI", "300000774": "A.ADM1",
}  # fmt: skip
"""Types of the Art & Architecture Thesaurus to class and code of GeoNames."""
CODES = {"A": "ADMD", "H": "LK", "L": "RGN", "P": "PPL", "R": "RD", "S": "BLDG", "T": "MT"}
"""Class to the code taken where only the class is told."""

_SAME = re.compile(
    r"(?:gn:|https?://(?:sws|www)\.geonames\.org/)(?P<geonames>\d+)"
    r"|(?:wd:|https?://www\.wikidata\.org/(?:entity|wiki)/)(?P<wikidata>Q\d+)"
)
_MATCHES = ("closematch", "exactmatch", "sameas", "primarytopicof")
_NEEDED = ("id", "title")


class LinkedPlaces:
    """Read Linked Places files.

    Options of `read`: ``spans``, what time spans of a record say: ``validity`` (the default: the place is of
    the past when all have ended) or ``attestation`` (it was mentioned then, and may well exist); ``key``, set
    before ids that are no address, the name of the file by default.

    Examples
    --------
    >>> LinkedPlaces().facts([]).key
    'linked_places'
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        title = ", ".join(path.stem for path in paths) or "Linked Places"
        return SourceFacts(
            "linked_places", f"Linked Places: {title}", dated(paths),
            "as stated by the contributor of the data set (most are CC BY 4.0)",
            f"{title}, through the World Historical Gazetteer", "https://whgazetteer.org/",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield the places of GeoJSON-LD files and tables, and what is refused.

        Raises
        ------
        InputError
            If a file is no Linked Places, or an option is not known.
        """
        chosen = rows.options("linked_places", given, {"spans": "validity", "key": ""})
        if chosen["spans"] not in ("validity", "attestation"):
            raise InputError(f"linked_places: spans={chosen['spans']!r}; expected validity or attestation")
        return located(_read(paths, chosen))


def _read(paths: Sequence[Path], chosen: Mapping[str, str]) -> Iterator[SourcePlace | BadRow]:
    ended = chosen["spans"] == "validity"
    for path in paths:
        key = chosen["key"] or path.name.partition(".")[0]
        with reading(path), path.open("rb") as stream:
            is_json = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n\x1e").startswith((b"{", b"["))
        yield from _of_json(path, key, ended=ended) if is_json else _of_table(path, key, ended=ended)


def _of_json(path: Path, key: str, *, ended: bool) -> Iterator[SourcePlace | BadRow]:
    seen = False
    for part in parts(path):
        for number, item in features(part.stream, part.name):
            try:
                if isinstance(item, rows.Refused):
                    raise item
                if not seen and "@id" not in item and "names" not in item:
                    raise rows.expected(
                        path, "Linked Places (expected: features with @id and names)", list(item)
                    )
                seen = True
                yield _place_of_feature(item, key, ended=ended)
            except rows.Refused as error:
                yield rows.bad(path, number, str(error), _title(item))
    if not seen:
        raise rows.expected(path, "Linked Places (expected: a FeatureCollection)", "no feature")


def _title(item: object) -> str:
    found = _mapping(item)
    return f"{found.get('@id', '')} {_mapping(found.get('properties')).get('title', '')}".strip()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _place_of_feature(item: Mapping[str, Any], key: str, *, ended: bool) -> SourcePlace:
    properties = _mapping(item.get("properties"))
    identifier = str(item.get("@id") or item.get("id") or "")
    if not identifier:
        raise rows.Refused("there is no @id")
    lon, lat, radius = inner_point(of_geojson(item.get("geometry")))
    types = [str(kind.get("identifier", "")) for kind in _mappings(item.get("types"))]
    classes = properties.get("fclasses") or item.get("fclasses") or []
    countries = properties.get("ccodes") or []
    feature_class, feature_code = _feature(types, classes if isinstance(classes, list) else [str(classes)])
    links = [
        str(link.get("identifier", ""))
        for link in _mappings(item.get("links"))
        if str(link.get("type", "")).rpartition(":")[2].lower() in _MATCHES
    ]
    names = rows.some_name(distinct(_names_of_feature(item, properties)))
    return SourcePlace(
        _identifier(identifier, key), names, feature_class, feature_code,
        rows.country(countries[0]) if isinstance(countries, list) and len(countries) == 1 else "",
        "", lon, lat, 0, radius, "", _same_as(links), _ended(item.get("when")) if ended else "",
    )  # fmt: skip


def _names_of_feature(item: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[SourceName | None]:
    yield named(str(properties.get("title") or ""), "en", "official")
    for name in _mappings(item.get("names")):
        kind = "historic" if _ended(name.get("when")) else "variant"
        yield named(str(name.get("toponym") or ""), str(name.get("lang") or ""), kind)


def _ended(when: object) -> str:
    """Return the last day of the last time span, or nothing if one is open or none is told."""
    spans = _mappings(_mapping(when).get("timespans"))
    days = []
    for span in spans:
        end = _mapping(span.get("end"))
        days.append(rows.last_day(str(end.get("latest") or end.get("in") or end.get("earliest") or "")))
    return max(days, key=_by_time) if days and all(days) else ""


def _by_time(day: str) -> tuple[int, str]:
    """Return what sorts days in order of time, also those before our era."""
    return (-int(day[1:5]), day) if day.startswith("-") else (int(day[:4]), day)


def _feature(types: Iterable[str], classes: Iterable[object]) -> tuple[str, str]:
    for kind in types:
        number = kind.rpartition(":")[2].rpartition("/")[2]
        if number in TYPES:
            letter, _, code = TYPES[number].partition(".")
            return letter, code
    for letter in (str(item).strip().upper() for item in classes):
        if letter in CODES:
            return letter, CODES[letter]
    return "P", "PPL"


def _identifier(text: str, key: str) -> str:
    address = re.sub(r"^https?://", "", "_".join(text.split()))
    return f"lpf:{address}" if address != text or ":" in text else f"lpf:{key}/{address}"


def _same_as(identifiers: Iterable[str]) -> tuple[str, ...]:
    found = (_SAME.match(text.strip()) for text in identifiers)
    same = [f"{match.lastgroup}:{match[match.lastgroup or 0]}" for match in found if match]
    return tuple(dict.fromkeys(same))


def _of_table(path: Path, key: str, *, ended: bool) -> Iterator[SourcePlace | BadRow]:
    with open_sheet(path) as table:
        columns = [column.lower() for column in table.columns]
        if not set(_NEEDED) <= set(columns):
            raise rows.expected(
                path,
                "Linked Places (expected: GeoJSON-LD, or a table with the columns id and title)",
                table.columns,
            )
        for number, cells in table.rows:
            try:
                yield _place_of_row(dict(zip(columns, cells, strict=False)), key, ended=ended)
            except rows.Refused as error:
                yield rows.bad(path, number, str(error), " | ".join(cells))


def _place_of_row(row: Mapping[str, str], key: str, *, ended: bool) -> SourcePlace:
    if not row["id"]:
        raise rows.Refused("there is no id")
    lon, lat, radius = _point_of_row(row)
    countries = list(split(row.get("ccodes", "")))
    feature_class, feature_code = _feature(
        split(row.get("aat_types", "")), re.split("[;, ]", row.get("fclasses", ""))
    )
    names = [named(row["title"], "en", "official")]
    for text in split(row.get("variants", "")):
        name, at, tag = text.rpartition("@")
        names.append(named(name if at else text, tag if at else ""))
    parent = row.get("parent_id", "")
    return SourcePlace(
        _identifier(row["id"], key), rows.some_name(distinct(names)), feature_class, feature_code,
        rows.country(countries[0]) if len(countries) == 1 else "", "", lon, lat, 0, radius,
        _identifier(parent, key) if parent else "", _same_as(split(row.get("matches", ""))),
        rows.last_day(row.get("end", "")) if ended else "",
    )  # fmt: skip


def _point_of_row(row: Mapping[str, str]) -> tuple[float, float, float | None]:
    if row.get("lon") or row.get("lat"):
        return *rows.point(row.get("lon"), row.get("lat")), None
    try:
        return inner_point(shapely.from_wkt(row.get("geowkt") or None))
    except ShapelyError as error:
        raise rows.Refused(f"the geowkt is damaged ({error})") from error
