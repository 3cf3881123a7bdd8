"""Read the tags of OpenStreetMap: which things are places of a gazetteer, and what they are called.

Meaning of keys and values: https://wiki.openstreetmap.org/wiki/Map_features and .../Names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from geo.places.keys import ARAB_STATES
from geo.places.records import SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.spelling import distinct, named

PLACES = {
    "country": "A.PCLI", "state": "A.ADM1", "region": "L.RGN", "province": "A.ADM1", "district": "A.ADM2",
    "county": "A.ADM2", "subdistrict": "A.ADM3", "municipality": "A.ADM3", "city": "P.PPL", "town": "P.PPL",
    "village": "P.PPL", "hamlet": "P.PPL", "isolated_dwelling": "P.PPL", "farm": "S.FRM",
    "locality": "L.LCTY", "suburb": "P.PPLX", "borough": "P.PPLX", "quarter": "P.PPLX",
    "neighbourhood": "P.PPLX", "city_block": "P.PPLX", "square": "S.SQR", "island": "T.ISL",
    "islet": "T.ISL", "archipelago": "T.ISLS", "sea": "H.SEA", "ocean": "H.OCN", "continent": "L.CONT",
}  # fmt: skip
OTHERS = {
    ("aeroway", "aerodrome"): "S.AIRP", ("military", "airfield"): "S.AIRB",
    ("military", "naval_base"): "L.NVB", ("military", "base"): "S.MILB", ("military", "barracks"): "S.MILB",
    ("landuse", "military"): "S.MILB", ("industrial", "port"): "L.PRT", ("harbour", "yes"): "H.HBR",
    ("barrier", "border_control"): "S.PSTB", ("amenity", "refugee_site"): "P.STLMT",
    ("natural", "bay"): "H.BAY", ("natural", "strait"): "H.STRT", ("natural", "cape"): "T.CAPE",
    ("natural", "peninsula"): "T.PEN", ("natural", "peak"): "T.PK", ("natural", "mountain_range"): "T.MTS",
    ("natural", "valley"): "T.VAL", ("natural", "desert"): "T.DSRT", ("natural", "oasis"): "H.OAS",
    ("natural", "spring"): "H.SPNG", ("natural", "water"): "H.LK", ("waterway", "dam"): "S.DAM",
    ("industrial", "refinery"): "S.OILR", ("industrial", "oil"): "L.OILF",
}  # fmt: skip
"""Key and value to class and code, in the order in which they decide, after ``place`` and boundaries."""
KEYS = ("place", "boundary", *dict.fromkeys(key for key, _ in OTHERS))
LEVELS = {"2": "PCLI", "3": "ADMD", "4": "ADM1", "5": "ADMD", "6": "ADM2", "7": "ADM3", "8": "ADM3",
          "9": "ADM4", "10": "ADM5"}  # fmt: skip
"""``admin_level`` of boundaries; 4 and 6 are governorate and district in most Arab states."""
_KINDS = {
    "name": "official", "official_name": "official", "int_name": "variant", "alt_name": "variant",
    "short_name": "variant", "nat_name": "variant", "reg_name": "variant", "loc_name": "colloquial",
    "nickname": "colloquial", "old_name": "historic", "was:name": "historic",
}  # fmt: skip
_NAME = re.compile(
    r"(?P<key>was:name|name|(?:official|int|alt|short|nat|reg|loc|old)_name|nickname)(?:_\d+)?"
    r"(?::(?P<lang>[a-z]{2,3}(?:[-_][A-Za-z]+)?))?(?::[\d-]+)?"
)
_TRANSCRIBED = ("-latn", "_rm", "-fonipa")


def feature_of(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """Return class and code of GeoNames, or nothing if the thing is no place.

    Examples
    --------
    >>> feature_of({"boundary": "administrative", "admin_level": "4"}), feature_of({"shop": "bakery"})
    (('A', 'ADM1'), None)
    """
    if tags.get("boundary") == "administrative":
        code = LEVELS.get(tags.get("admin_level", ""))
        if code is not None:
            return "A", code
    found = PLACES.get(tags.get("place", ""))
    if found is None:
        found = next((code for (key, value), code in OTHERS.items() if tags.get(key) == value), None)
    if found is None:
        return None
    letter, _, code = found.partition(".")
    if found == "P.PPL" and tags.get("capital") in ("yes", "2"):
        code = "PPLC"
    elif found == "P.PPL" and tags.get("capital") == "4":
        code = "PPLA"
    return letter, code


def names_of(tags: Mapping[str, str]) -> Iterator[SourceName | None]:
    """Yield the names in the tags; several in one value are parted by semicolons.

    Examples
    --------
    >>> [name.lang for name in names_of({"name:ar": "سرت", "int_name": "Sirte;Surt"}) if name]
    ['latin', 'latin', 'ar']
    """
    for key in sorted(tags):
        match = _NAME.fullmatch(key)
        if not match:
            continue
        lang = (match["lang"] or "").lower()
        kind = _KINDS[match["key"]]
        for text in tags[key].split(";"):
            name = named(text, "" if lang.endswith(_TRANSCRIBED) else lang, kind)
            if name is not None and kind == "official" and key != "name" and name.lang not in ("ar", "en"):
                name = name._replace(kind="variant")
            yield name


def in_arab_state(place: SourcePlace) -> SourcePlace:
    """Return the place with names that bear no language called Arabic, where they are in an Arab state.

    Examples
    --------
    >>> place = SourcePlace("osm:node/1", (SourceName("سرت", "und"),), "P", "PPL", "LY")
    >>> in_arab_state(place).names[0].lang
    'ar'
    """
    if place.country not in ARAB_STATES:
        return place
    names = (name._replace(lang="ar") if name.lang == "und" else name for name in place.names)
    return replace(place, names=distinct(names))


def country_of(tags: Mapping[str, str]) -> str:
    """Return the country that the tags tell, or nothing."""
    keys = (
        "ISO3166-1:alpha2",
        "ISO3166-1",
        "country_code_iso3166_1_alpha_2",
        "addr:country",
        "is_in:country_code",
    )
    return next((code for code in (rows.country(tags.get(key)) for key in keys) if code), "")
