"""Read Natural Earth: populated places, countries, states and provinces, seas and other named areas.

Format: https://www.naturalearthdata.com/ (shapefiles, GeoPackage; columns NAME_AR, WIKIDATAID and so on, in
capitals or not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.files import dated
from geo.places.sources.locating import located
from geo.places.sources.polygons import inner_point
from geo.places.sources.spelling import distinct, named
from geo.places.sources.vectors import columns, layers, rows_of

_WATERS = {
    "ocean": "OCN", "sea": "SEA", "gulf": "GULF", "bay": "BAY", "strait": "STRT", "channel": "CHN",
    "sound": "SD", "fjord": "FJD", "lagoon": "LGN", "lake": "LK", "alkaline lake": "LKN",
    "reservoir": "RSV", "river": "STM", "canal": "CNL", "reef": "RF", "generic": "SEA", "inlet": "INLT",
}  # fmt: skip
_LANDS = {
    "range/mtn": "T.MTS", "island": "T.ISL", "island group": "T.ISLS", "desert": "T.DSRT",
    "peninsula": "T.PEN", "pen/cape": "T.CAPE", "cape": "T.CAPE", "plateau": "T.PLAT",
    "plain": "T.PLN", "basin": "L.BSNB", "valley": "T.VAL",
    "wetlands": "H.WTLD", "delta": "H.DLTA", "foothills": "T.HLLS",
    "isthmus": "T.ISTH", "lowland": "T.PLN", "coast": "L.CST", "depression": "T.DPR", "gorge": "T.GRGE",
    "tundra": "V.TUND", "continent": "L.CONT", "geoarea": "L.RGN",
}  # fmt: skip
_TOWNS = {"admin-0 capital": "PPLC", "admin-0 capital alt": "PPLC", "admin-1 capital": "PPLA",
          "admin-0 region capital": "PPLA", "admin-1 region capital": "PPLA"}  # fmt: skip
_LANGUAGE = re.compile(r"name_([a-z]{2,3}?)t?")
_ENGLISH = ("name", "nameascii", "name_long", "name_local")
_NEEDED = "a file of Natural Earth (expected: the columns NAME, NAME_AR and FEATURECLA)"


class NaturalEarth:
    """Read layers of Natural Earth that have Arabic names; it has no options.

    Examples
    --------
    >>> NaturalEarth().facts([]).licence
    'public domain'
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        return SourceFacts(
            "natural-earth", "Natural Earth", dated(paths), "public domain", "Made with Natural Earth",
            "https://www.naturalearthdata.com/",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield the places of shapefiles (packed or not), GeoPackages or GeoJSON, and the rows refused.

        Raises
        ------
        InputError
            If a file has no layer with names in Arabic, or cannot be read.
        """
        rows.options("natural_earth", given, {})
        return located(_read(paths))


def _read(paths: Sequence[Path]) -> Iterator[SourcePlace | BadRow]:
    for path in paths:
        seen: list[str] = []
        found = False
        for layer in layers(path):
            names = columns(path, layer)
            seen += names
            if not {"name_ar", "featurecla"} <= {name.lower() for name in names}:
                continue
            found = True
            for feature in rows_of(path, layer):
                row = {name.lower(): value for name, value in feature.properties.items()}
                try:
                    yield _place(layer, row, feature.geometry)
                except rows.Refused as error:
                    where = path.name if layer == path.stem else f"{path.name}/{layer}"
                    yield rows.bad(
                        where, feature.number, str(error), f"{row.get('ne_id', '')} {row.get('name', '')}"
                    )
        if not found:
            raise rows.expected(path, _NEEDED, seen)


def _place(layer: str, row: Mapping[str, Any], geometry: Any) -> SourcePlace:
    if isinstance(geometry, rows.Refused):
        raise geometry
    if "ne_id" not in row:
        raise rows.Refused("there is no ne_id")
    kind = str(row.get("featurecla", "")).lower()
    feature_class, feature_code = _feature(kind, row)
    lon, lat, radius = inner_point(geometry)
    if row.get("label_x") and row.get("label_y"):
        lon, lat = rows.point(row["label_x"], row["label_y"])
    code = str(row.get("gn_a1_code") or "")  # of a state or province: LY.83
    return SourcePlace(
        f"ne:{int(rows.number(row['ne_id'], 'ne_id'))}", rows.some_name(distinct(_names(row))), feature_class,
        feature_code, "" if feature_class == "H" else _country(row), code.partition(".")[2], lon, lat,
        rows.people(row.get("pop_max") or row.get("pop_est")), radius, "", tuple(_same_as(row)),
    )  # fmt: skip


def _feature(kind: str, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return class and code of GeoNames for a FEATURECLA."""
    if kind.startswith("admin-0") and "capital" not in kind:
        return "A", "PCLI" if str(row.get("type", "")).lower() in (
            "sovereign country",
            "country",
            "",
        ) else "PCLD"
    if kind.startswith("admin-1") and "capital" not in kind:
        return "A", "ADM1"
    if kind in _WATERS:
        return "H", _WATERS[kind]
    if kind in _LANDS:
        letter, _, code = _LANDS[kind].partition(".")
        return letter, code
    if kind in _TOWNS or "pop_max" in row:
        return "P", _TOWNS.get(kind, "PPL")
    raise rows.Refused(f"the FEATURECLA {kind[:40]!r} has no like in the gazetteer")


def _country(row: Mapping[str, Any]) -> str:
    """Return the country; ISO_A2_EH is right where ISO_A2 says -99 for lack of agreement."""
    return rows.country(row.get("iso_a2")) or rows.country(row.get("iso_a2_eh"))


def _names(row: Mapping[str, Any]) -> Iterator[SourceName | None]:
    yield named(str(row.get("name_ar") or ""), "ar", "official")
    yield named(str(row.get("name_en") or ""), "en", "official")
    for key in sorted(row):
        text = str(row[key])
        if key in _ENGLISH:
            yield named(text, "en" if key == "name" else "")
        elif key in ("namealt", "name_alt"):
            for part in text.split("|"):
                yield named(part)
        elif (match := _LANGUAGE.fullmatch(key)) and match[1] not in ("ar", "en"):
            yield named(text, match[1])


def _same_as(row: Mapping[str, Any]) -> Iterator[str]:
    for key in ("geonameid", "geonamesid", "gn_id"):
        try:
            number = int(rows.number(row.get(key), key))
        except rows.Refused:
            continue
        if number > 0:
            yield f"geonames:{number}"
            break
    item = str(row.get("wikidataid") or "")
    if re.fullmatch(r"Q\d+", item):
        yield f"wikidata:{item}"
