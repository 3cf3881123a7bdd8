"""Read the administrative repositories of Who's On First: a folder, an archive, or single GeoJSON files.

Format: https://whosonfirst.org/docs/ (properties, placetypes, names, concordances, dates in EDTF level 0/1).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.sources import rows
from geo.places.sources.features import features
from geo.places.sources.files import dated, parts, reading
from geo.places.sources.spelling import distinct, named

FEATURES = {
    "continent": "L.CONT", "empire": "A.PCLH", "country": "A.PCLI", "dependency": "A.PCLD",
    "disputed": "A.ADMD", "marketarea": "L.RGN", "macroregion": "A.ADMD", "region": "A.ADM1",
    "macrocounty": "A.ADMD", "county": "A.ADM2", "localadmin": "A.ADM3", "locality": "P.PPL",
    "borough": "P.PPLX", "macrohood": "P.PPLX", "neighbourhood": "P.PPLX", "microhood": "P.PPLX",
    "campus": "S.CMPS", "ocean": "H.OCN", "marinearea": "H.SEA",
}  # fmt: skip
"""Placetype to class and code of GeoNames."""
SUFFIXES = (".geojson", ".json")
_KINDS = {"preferred": "official", "historical": "historic", "colloquial": "colloquial"}
_OPEN = ("", "u", "uu", "uuuu", "xxxx", "open", "..", "uuuu-uu-uu")
_ADMIN1 = re.compile(rb'"gn:admin1_code"\s*:\s*"?([0-9A-Z]{1,8})"?\s*,')
_ID = re.compile(rb'"wof:id"\s*:\s*(\d+)')
_SUPERSEDED = re.compile(rb'"wof:superseded_by"\s*:\s*\[\s*\d')
_FIPS = re.compile(rb'"fips:code"\s*:\s*"[A-Z]{2}([0-9A-Z]{1,3})"')
_REGION = re.compile(rb'"region_id"\s*:\s*(\d+)')
_SAMES = {"gn:id": "geonames:", "wd:id": "wikidata:", "icao:code": "icao:"}


class WhosOnFirst:
    """Read repositories such as ``whosonfirst-data-admin-ly``; it has no options.

    Alternative geometries (``-alt-``) are left out. A record that another one supersedes gives that one its
    names and ids; a record without end or successor that is not current is refused.

    Examples
    --------
    >>> WhosOnFirst().facts([]).attribution
    "Data from Who's On First"
    """

    def facts(self, paths: Sequence[Path], **_: object) -> SourceFacts:
        """Return title, licence and attribution; the version is the day of the newest file."""
        return SourceFacts(
            "whosonfirst", "Who's On First", dated(paths),
            "Who's On First License (its sources: CC BY, CC0, public domain)", "Data from Who's On First",
            "https://whosonfirst.org/docs/licenses/",
        )  # fmt: skip

    def read(self, paths: Sequence[Path], **given: object) -> Iterator[SourcePlace | BadRow]:
        """Yield a place for each record, and the records refused.

        Parameters
        ----------
        paths : sequence of Path
            Folders, archives (zip, tar packed or not) or GeoJSON files.

        Raises
        ------
        InputError
            If a file holds no record of Who's On First.
        """
        rows.options("whosonfirst", given, {})
        index = _Index.of(paths)
        for path in paths:
            seen = False
            for name, row, record in _records(path):
                try:
                    if isinstance(record, rows.Refused):
                        raise record
                    properties = record.get("properties")
                    if not isinstance(properties, dict) or not isinstance(properties.get("wof:id"), int):
                        raise rows.Refused("it is no record of Who's On First (there is no wof:id)")
                    seen = True
                    if properties["wof:id"] not in index.heirs:
                        yield _place(properties, index)
                except rows.Refused as error:
                    yield rows.bad(name, row, str(error), _shown(record))
            if not seen:
                raise InputError(
                    f"{path}: there is no record of Who's On First in it (expected: GeoJSON features with "
                    "wof:id, as in the repositories whosonfirst-data-admin-XX)"
                )


def _records(path: Path) -> Iterator[tuple[str, int, dict[str, Any] | rows.Refused]]:
    """Yield file, number and content of each record; a damaged file is one refused record."""
    for part in parts(path, SUFFIXES):
        if _alternative(part.name):
            continue
        try:
            with reading(path):
                for row, record in features(part.stream, part.name):
                    yield part.name, row, record
        except InputError as error:
            if path.name == part.name:
                raise
            yield part.name, 1, rows.Refused(str(error).partition(": ")[2])


def _alternative(name: str) -> bool:
    """Say whether a file holds another geometry of a record."""
    return "-alt" in name.rpartition("/")[2]


def _shown(record: dict[str, Any] | rows.Refused) -> str:
    properties = record.get("properties") if isinstance(record, dict) else None
    return f"{properties.get('wof:id')} {properties.get('wof:name')}" if isinstance(properties, dict) else ""


@dataclass(slots=True)
class _Index:
    """Hold what is to be known of all records before the first is read.

    Attributes
    ----------
    codes : dict of int to str
        Region to its GeoNames code: its FIPS code if a locality bears it, else what most localities bear.
        GeoNames uses FIPS codes for most countries, others for some; localities may bear codes out of use.
    heirs : dict of int to int
        Superseded record to the one that stands for it now.
    legacy : dict of int to list of Mapping
        Record to the properties of those it stands for.
    """

    codes: dict[int, str] = field(default_factory=dict)
    heirs: dict[int, int] = field(default_factory=dict)
    legacy: dict[int, list[Mapping[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Sequence[Path]) -> _Index:
        """Read all records once, without their geometry."""
        index = cls()
        votes: dict[int, Counter[str]] = defaultdict(Counter)
        fips: dict[int, str] = {}
        known: set[int] = set()
        old: dict[int, Mapping[str, Any]] = {}
        for path in paths:
            with reading(path):
                for raw in (
                    part.stream.read() for part in parts(path, SUFFIXES) if not _alternative(part.name)
                ):
                    known.update(int(found) for found in _ID.findall(raw))
                    code, region, own = _ADMIN1.search(raw), _REGION.search(raw), _FIPS.search(raw)
                    if region and code:
                        votes[int(region[1])][code[1].decode()] += 1
                    if region and own and b'"region"' in raw:
                        fips[int(region[1])] = own[1].decode()
                    if _SUPERSEDED.search(raw):
                        old |= _superseded(raw)
        index.codes = {
            region: fips[region]
            if fips.get(region) in count
            else min(count, key=lambda code: (-count[code], code))
            for region, count in votes.items()
        }
        for number in sorted(old):
            heir = _heir(number, old)
            if heir in known and heir != number:
                index.heirs[number] = heir
                index.legacy.setdefault(heir, []).append(old[number])
        return index


def _superseded(raw: bytes) -> dict[int, Mapping[str, Any]]:
    """Return the superseded record in a file, by its id."""
    try:
        properties = json.loads(raw)["properties"]
        return {int(properties["wof:id"]): properties} if properties.get("wof:superseded_by") else {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # a damaged record is told when it is read


def _heir(number: int, old: Mapping[int, Mapping[str, Any]]) -> int:
    """Return the last record in a chain of successors."""
    seen: set[int] = set()
    while number in old and number not in seen:
        seen.add(number)
        number = int(old[number]["wof:superseded_by"][0])
    return number


def _place(properties: Mapping[str, Any], index: _Index) -> SourcePlace:
    """Return the place of one record, and of those it stands for."""
    placetype = str(properties.get("wof:placetype"))
    if placetype not in FEATURES:
        raise rows.Refused(f"the placetype {placetype} has no like in the gazetteer")
    feature_class, feature_code = FEATURES[placetype].split(".")
    told = str(properties.get("gn:feature_code") or properties.get("gn:fcode") or "")
    if feature_class == "P" and told.startswith("PPL") and told.isalnum():
        feature_code = told
    lon, lat = _point(properties)
    above = properties.get("wof:parent_id")
    valid_to, same_as = _standing(properties)
    earlier = index.legacy.get(properties["wof:id"], [])
    names = rows.some_name(distinct(name for record in (properties, *earlier) for name in _names(record)))
    for record in earlier:
        same_as += (f"wof:{record['wof:id']}", *_concordances(record))
    return SourcePlace(
        f"wof:{properties['wof:id']}", names, feature_class, feature_code,
        rows.country(properties.get("iso:country") or properties.get("wof:country")),
        _admin1(properties, index.codes), lon, lat,
        rows.people(properties.get("wof:population") or properties.get("gn:population")),
        rows.radius_km(_float(properties.get("geom:area_square_m")) / 1e6),
        f"wof:{above}" if isinstance(above, int) and above > 0 else "",
        tuple(dict.fromkeys(same_as)), valid_to,
    )  # fmt: skip


def _point(properties: Mapping[str, Any]) -> tuple[float, float]:
    """Return the label point where there is one, which lies inside, else the centroid."""
    if properties.get("lbl:latitude") and properties.get("lbl:longitude"):
        return rows.point(properties["lbl:longitude"], properties["lbl:latitude"])
    return rows.point(properties.get("geom:longitude"), properties.get("geom:latitude"))


def _names(properties: Mapping[str, Any]) -> Iterator[SourceName | None]:
    main = named(str(properties.get("wof:name") or ""), "", "official")
    if main is not None and main.lang == "latin":
        main = main._replace(lang="en")
    yield main
    for key in sorted(properties):
        prefix, _, rest = key.partition(":")
        if prefix != "name":
            continue
        language, _, kind = rest.partition("_x_")
        texts = properties[key]
        for text in texts if isinstance(texts, list) else [texts]:
            name = named(str(text), language, _KINDS.get(kind, "variant"))
            if name is not None and name.kind == "official" and name.lang not in ("ar", "en"):
                name = name._replace(kind="variant")
            yield name


def _admin1(properties: Mapping[str, Any], codes: Mapping[int, str]) -> str:
    hierarchy = properties.get("wof:hierarchy")
    for chain in hierarchy if isinstance(hierarchy, list) else []:
        region = chain.get("region_id") if isinstance(chain, dict) else None
        if isinstance(region, int) and region in codes:
            return codes[region]
    told = str(properties.get("gn:admin1_code") or "")
    return "" if told == "00" else told


def _standing(properties: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return until when the place was in use, if it is no more, and its ids elsewhere.

    Raises
    ------
    Refused
        If the record is out of use, and neither a day nor another record tells more.
    """
    same_as = _concordances(properties)
    successors = properties.get("wof:superseded_by")
    following = [f"wof:{number}" for number in successors] if isinstance(successors, list) else []
    ended = str(properties.get("edtf:cessation") or "").lower()
    until = "" if ended in _OPEN else rows.last_day(ended)
    if following:
        return "", (*same_as, *following)
    if str(properties.get("edtf:deprecated") or "").lower() not in _OPEN:
        raise rows.Refused(
            f"the record was withdrawn on {properties['edtf:deprecated']}, and none follows it"
        )
    if properties.get("mz:is_current") in (0, "0") and not until:
        raise rows.Refused("the record is not current, and no day of its end is told")
    return until, tuple(same_as)


def _concordances(properties: Mapping[str, Any]) -> list[str]:
    found = properties.get("wof:concordances")
    known = found if isinstance(found, dict) else {}
    return [prefix + str(known[key]) for key, prefix in _SAMES.items() if known.get(key)]


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
