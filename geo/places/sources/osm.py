"""Read places out of OpenStreetMap: extracts (PBF, XML) through GDAL, and GeoJSON or JSON of Overpass.

Taken are settlements and other things with ``place``, administrative boundaries, and a few kinds that news
mention (airfields, ports, crossings, camps, capes, peaks ...). The rest of a file, nearly all of it, is no
place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from geo.errors import InputError
from geo.places.records import BadRow, SourceFacts, SourcePlace
from geo.places.sources import rows
from geo.places.sources.features import features
from geo.places.sources.files import dated, parts, reading
from geo.places.sources.locating import located
from geo.places.sources.osm_tags import KEYS, country_of, feature_of, in_arab_state, names_of
from geo.places.sources.polygons import inner_point, of_geojson
from geo.places.sources.spelling import distinct
from geo.places.sources.vectors import columns, rows_of

_LAYERS = {"points": "node", "multipolygons": "relation"}
_EXTRACTS = (".pbf", ".osm")
_WHOLE = re.compile(r"(node|way|relation)/(\d+)")
_SHORT = re.compile(r"([nwra])(\d+)")
_LETTERS = {"n": "node", "w": "way", "r": "relation"}
_NOT_TAGS = (
    "id",
    "@id",
    "osm_id",
    "osm_way_id",
    "full_id",
    "osm_type",
    "type",
    "@type",
    "geometry",
    "other_tags",
)


class OpenStreetMap:
    """Read extracts of OpenStreetMap: ``.osm.pbf``, ``.osm``, GeoJSON, or JSON of Overpass.

    Options of `read`: ``country`` (two letters, for all; by default the tags or the point tell it),
    ``arabic_only`` (``yes``: things with a name in Arabic script only).

    Examples
    --------
    >>> OpenStreetMap().facts([]).licence
    'ODbL 1.0'
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        return SourceFacts(
            "osm", "OpenStreetMap", dated(paths), "ODbL 1.0", "© OpenStreetMap contributors",
            "https://www.openstreetmap.org/copyright",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield the places of one or more extracts and those refused.

        Raises
        ------
        InputError
            If a file is no extract, or holds no place at all.
        """
        chosen = rows.options("osm", given, {"country": "", "arabic_only": "no"})
        country = rows.country_option("osm", chosen["country"])
        found = located(_read(paths, country))
        told = (item if isinstance(item, BadRow) else in_arab_state(item) for item in found)
        if chosen["arabic_only"].lower() not in ("yes", "true", "1"):
            return told
        return (item for item in told if isinstance(item, BadRow) or _has_arabic(item))


def _has_arabic(place: SourcePlace) -> bool:
    return any(name.lang in ("ar", "und") for name in place.names)


def _read(paths: Sequence[Path], country: str) -> Iterator[SourcePlace | BadRow]:
    for path in paths:
        seen = False
        extract = path.name.lower().endswith(_EXTRACTS)
        for where, number, identifier, tags, geometry in _extract(path) if extract else _geojson(path):
            if isinstance(tags, rows.Refused):
                yield rows.bad(where, number, str(tags))
                continue
            if feature_of(tags) is None:
                continue
            seen = True
            try:
                yield _place(identifier, tags, geometry, country)
            except rows.Refused as error:
                yield rows.bad(where, number, str(error), f"{identifier} {tags.get('name', '')}")
        if not seen:
            raise InputError(
                f"{path}: there is no place in it (expected: OpenStreetMap data with place=*, "
                "boundary=administrative or the like)"
            )


_Item = tuple[str, int, str, Mapping[str, str] | rows.Refused, Any]


def _extract(path: Path) -> Iterator[_Item]:
    """Yield what an extract holds, layer by layer; GDAL puts areas together out of ways and relations."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the path")
    for layer, kind in _LAYERS.items():
        known = set(columns(path, layer))
        told = " OR ".join(f"{key} IS NOT NULL" for key in KEYS if key in known)
        hidden = " OR ".join(f"other_tags LIKE '%\"{key}\"%'" for key in KEYS if key not in known)
        for feature in rows_of(
            path, layer, where=" OR ".join(filter(None, (told, hidden))), TAGS_FORMAT="JSON"
        ):
            properties = feature.properties
            number = properties.get("osm_id") or properties.get("osm_way_id")
            element = kind if properties.get("osm_id") else "way"
            yield (
                f"{path.name}/{layer}",
                feature.number,
                f"{element}/{number}",
                _tags(properties),
                feature.geometry,
            )


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a row: those in columns of their own, and the others."""
    tags = {
        key: str(value) for key, value in properties.items() if key not in _NOT_TAGS and value is not None
    }
    others = properties.get("other_tags")
    if isinstance(others, str):
        others = json.loads(others)
    if isinstance(others, dict):
        tags.update({str(key): str(value) for key, value in others.items()})
    return tags


def _geojson(path: Path) -> Iterator[_Item]:
    with reading(path):
        for part in parts(path):
            for number, item in features(part.stream, part.name, ("features", "elements")):
                if isinstance(item, rows.Refused):
                    yield part.name, number, "", item, None
                elif item.get("type") in ("node", "way", "relation"):
                    yield (
                        part.name,
                        number,
                        f"{item['type']}/{item.get('id')}",
                        _element_tags(item),
                        _centre(item),
                    )
                else:
                    properties = item.get("properties")
                    tags = properties if isinstance(properties, dict) else {}
                    nested = tags.get("tags")
                    kept = {**tags, **nested} if isinstance(nested, dict) else tags
                    yield part.name, number, _identifier(item, tags), _tags(kept), item.get("geometry")


def _element_tags(item: Mapping[str, Any]) -> dict[str, str]:
    tags = item.get("tags")
    return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else {}


def _centre(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the point of an element of Overpass: its own, or its centre (``out center``)."""
    centre = item.get("center")
    point = centre if isinstance(centre, dict) else item
    if "lon" not in point or "lat" not in point:
        return None
    return {"type": "Point", "coordinates": [point["lon"], point["lat"]]}


def _identifier(item: Mapping[str, Any], tags: Mapping[str, Any]) -> str:
    """Return ``node/123`` out of what tools write: ``node/123``, ``n123``, area numbers, two columns."""
    for told in (tags.get("@id"), item.get("id"), tags.get("id"), tags.get("full_id"), tags.get("osm_id")):
        text = str(told or "").rpartition("openstreetmap.org/")[2]
        if match := _WHOLE.fullmatch(text):
            return f"{match[1]}/{match[2]}"
        if match := _SHORT.fullmatch(text):
            if match[1] == "a":  # osmium: areas of ways are even, those of relations odd
                number = int(match[2])
                return f"{'relation' if number % 2 else 'way'}/{number // 2}"
            return f"{_LETTERS[match[1]]}/{match[2]}"
    plain = str(tags.get("osm_id") or tags.get("@id") or "").lstrip("-")
    kind = str(tags.get("osm_type") or tags.get("@type") or "node").lower()
    return f"{_LETTERS.get(kind[:1], 'node')}/{plain}" if plain.isdigit() else ""


def _place(identifier: str, tags: Mapping[str, str], geometry: Any, country: str) -> SourcePlace:
    if not identifier:
        raise rows.Refused("there is no id (expected: @id node/123, or osm_id and osm_type)")
    if isinstance(geometry, rows.Refused):
        raise geometry
    shape = geometry if isinstance(geometry, shapely.Geometry) else of_geojson(geometry)
    lon, lat, radius = inner_point(shape)
    told = country or country_of(tags)
    feature = feature_of(tags) or ("L", "LCTY")
    item = tags.get("wikidata", "")
    same_as = [f"wikidata:{item}"] if re.fullmatch(r"Q\d+", item) else []
    if re.fullmatch(r"[A-Z]{4}", tags.get("icao", "")):
        same_as.append(f"icao:{tags['icao']}")
    return SourcePlace(
        f"osm:{identifier}", rows.some_name(distinct(names_of(tags))), *feature, told, "", lon, lat,
        rows.people(tags.get("population")), radius, "", tuple(same_as),
    )  # fmt: skip
