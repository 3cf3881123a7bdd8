"""Read the rows written by hand and merge them with the places of the sources."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gazetteer.naming import Draft, Name, arabic, clean, is_plain_arabic, latin
from gazetteer.places import Drafts, distances_km, read_extract
from geo.errors import GazetteerError

COLUMNS = (
    "id,name_ar,variants_ar,name_en,feature_code,country,admin1,lon,lat,uncertainty_km,icao,valid_from,valid_to,"
    "parent_id,source,licence,checked_on,note"
).split(",")
LISTS = frozenset({"demonyms.csv", "seats.csv"})
"""Files that are no places: they become rule tables."""

CLASSES = {
    "A": "ADM1 ADM2 ADM3 ADM4 ADM1H ADM2H ADMD PCL PCLD PCLF PCLH PCLI PCLIX PCLS TERR ZN ZNB LTER PRSH",
    "P": "PPL PPLA PPLA2 PPLA3 PPLA4 PPLC PPLCH PPLF PPLG PPLH PPLL PPLQ PPLR PPLS PPLW PPLX STLMT",
    "H": "BAY BAYS BGHT CHN CNL COVE DLTA FJD GULF HBR INLT LGN LK LKS MRSH OCN RSV SEA SD STM STMI STRT WAD",
    "L": "AREA CONT CST CTRB GASF INDS MILB MVA NVB OAS OILF PRK PRT RES RESV RGN RGNE RGNH RGNL SALT TRB",
    "R": "RD RDJCT RR RTE TNL",
    "S": "AIRB AIRF AIRH AIRP AIRQ BDG BDGE BRDG CH CMP CMPRF CSTM DAM DPOF EMB FCL FT GATE GOVL HSP INSM "
    "LDNG MFG MN MNMT MSQE OILJ OILP OILR OILT OILW PAL PIER PP PPLN PRN PRNS PS PSH PSN PSTB PSTC "
    "QUAY RSTN SCH SQR UNIV INST MKT TMB TOWR HUTS CTRA DCKY",
    "T": "ATOL CAPE CNYN DPR DSRT ISL ISLS ISTH MT MTS PASS PEN PK PKS PLAT PLN PT RDGE SPIT UPLD VAL VLC",
    "U": "SEAU SHLU",
    "V": "FRST GRVO OCH",
}
"""GeoNames feature codes by class, those that rows written by hand may use."""


def class_of(code: str) -> str | None:
    """Return the feature class of a code, or None if it is unknown."""
    for letter, codes in CLASSES.items():
        if code in codes.split():
            return letter
    return None


def read_curated(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of every file of places, each with ``file:line`` for messages.

    Raises
    ------
    GazetteerError
        If a file has other columns than `COLUMNS`, or a row has too few or too many.
    """
    for path in sorted(folder.glob("*.csv")):
        if path.name in LISTS:
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, restkey="surplus")
            if list(reader.fieldnames or []) != COLUMNS:
                raise GazetteerError(f"{path.name}: columns are {reader.fieldnames}, expected {COLUMNS}")
            for row in reader:
                where = f"{path.name}:{reader.line_num}"
                if "surplus" in row or None in row.values():
                    raise GazetteerError(
                        f"{where}: the row has not {len(COLUMNS)} fields; check its commas and quotes"
                    )
                yield where, {key: value.strip() for key, value in row.items()}


def merge_curated(folder: Path, sources: Path, places: Drafts) -> int:
    """Add the rows written by hand to the places, or their names to the place they name; count them.

    A row whose id is already known extends that place: its names are added, and what it gives in ``lon``,
    ``lat``, ``uncertainty_km`` and ``feature_code`` counts. A row with an ICAO code replaces that airport and
    takes its point if it gives none.

    Raises
    ------
    GazetteerError
        For the first rows that break a rule, up to twenty; the message names file, line and rule.
    """
    airports = {row["icao"]: row for row in read_extract(sources, "airports")}
    countries = {draft.country: draft.id for draft in places.values() if draft.feature_code == "PCLI"}
    problems: list[str] = []
    added: dict[str, str] = {}
    count = 0
    for where, row in read_curated(folder):
        count += 1
        found = _problems(row, places, airports)
        problems.extend(f"{where}: {problem}" for problem in found)
        if found:
            continue
        known = places.get(row["id"])
        if known is not None:
            _extend(known, row, fresh=row["id"] in added)
        else:
            places[row["id"]] = _new_place(row, airports, countries)
            added[row["id"]] = where
        if row["icao"]:
            _absorb(places, row)
    problems.extend(
        f"{added[key]}: parent_id {places[key].parent_id!r} is no place"
        for key in added if places[key].parent_id and places[key].parent_id not in places
    )  # fmt: skip
    if problems:
        raise GazetteerError("curated rows break rules:\n  " + "\n  ".join(problems[:20]))
    return count


def _problems(row: dict[str, str], places: Drafts, airports: dict[str, dict[str, str]]) -> list[str]:
    """Return what is wrong with one row, as sentences."""
    problems = [
        f"{key} is empty" for key in ("id", "name_ar", "feature_code", "source", "licence") if not row[key]
    ]
    if row["feature_code"] and class_of(row["feature_code"]) is None:
        problems.append(
            f"feature_code {row['feature_code']!r} is not in the list of gazetteer/curated_rows.py"
        )
    problems += [f"{name!r} is not plain Arabic" for name in _arabic_names(row) if not is_plain_arabic(name)]
    known, has_point = row["id"] in places, bool(row["lon"] and row["lat"])
    if not known and not has_point and row["icao"] not in airports:
        problems.append("lon and lat are empty, and no airport of the extract has this icao")
    try:
        if has_point and not (-180 <= float(row["lon"]) <= 180 and -90 <= float(row["lat"]) <= 90):
            problems.append(f"lon {row['lon']}, lat {row['lat']} are outside the world")
        float(row["uncertainty_km"] or 1)
    except ValueError:
        problems.append("lon, lat or uncertainty_km is no number")
        return problems
    if known and has_point and not problems:
        place = places[row["id"]]
        lon, lat = float(row["lon"]), float(row["lat"])
        off = distances_km(lon, lat, np.array([place.lon]), np.array([place.lat]))[0]
        if off > max(30.0, place.uncertainty_km) and not place.derived:
            problems.append(f"the point is {off:.0f} km from that of {place.id} ({place.name})")
    return problems


def _arabic_names(row: dict[str, str]) -> list[str]:
    return [clean(name) for name in [row["name_ar"], *row["variants_ar"].split("|")] if name.strip()]


def _names(row: dict[str, str]) -> list[Name]:
    """Return the names of a row: the first one official, or all of a kind its note or end date sets."""
    first, *others = _arabic_names(row)
    if row["note"].startswith("context-only"):
        kind = main = "context"
    elif row["valid_to"]:
        kind = main = "historic"
    else:
        kind, main = "variant", "official"
    names = [
        *arabic([first], "curated", tagged=True, kind=main),
        *arabic(others, "curated", tagged=True, kind=kind),
    ]
    if row["name_en"]:
        short = row["name_en"].removesuffix(" Air Base").removesuffix(" Airbase")
        names += latin(row["name_en"], [short] if short != row["name_en"] else [], "curated")
    return names


def _extend(place: Draft, row: dict[str, str], *, fresh: bool) -> None:
    """Let a row add its names to a known place and correct what it states."""
    place.names.extend(_names(row))
    if row["note"].startswith("context-only") or fresh:
        return
    place.name_ar = clean(row["name_ar"]) if not row["valid_to"] else place.name_ar
    place.feature_code = row["feature_code"] or place.feature_code
    place.feature_class = class_of(place.feature_code) or place.feature_class
    if row["lon"] and row["lat"]:
        place.lon, place.lat = float(row["lon"]), float(row["lat"])
    if row["uncertainty_km"]:
        place.uncertainty_km = float(row["uncertainty_km"])


def _new_place(row: dict[str, str], airports: dict[str, dict[str, str]], countries: dict[str, str]) -> Draft:
    """Return the place of a row that is in no source."""
    airport = airports.get(row["icao"], {})
    draft = Draft(
        id=row["id"],
        name=row["name_en"] or airport.get("name", ""),
        feature_class=class_of(row["feature_code"]) or "",
        feature_code=row["feature_code"],
        country=row["country"],
        admin1=row["admin1"],
        lon=float(row["lon"] or airport.get("lon", "nan")),
        lat=float(row["lat"] or airport.get("lat", "nan")),
        source="curated",
        uncertainty_km=float(row["uncertainty_km"] or 5),
        valid_to=row["valid_to"],
        parent_id=row["parent_id"] or countries.get(row["country"], ""),
        name_ar=clean(row["name_ar"]),
    )
    draft.names = _names(row)
    return draft


def _absorb(places: Drafts, row: dict[str, str]) -> None:
    """Take the names of the airport of the same ICAO code, and drop it as a place of its own."""
    airport = places.pop(f"icao:{row['icao']}", None)
    if airport is not None and airport.id != row["id"]:
        place = places[row["id"]]
        place.names.extend(airport.names)
        place.admin1 = place.admin1 or airport.admin1
