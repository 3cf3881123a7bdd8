"""Measure a pack of many places: generate a GeoNames dump, add it, open it, look names up.

Usage: ``python evaluation/grow.py [--rows N] [--folder DIR] [--limits]``. The dump has the 19 columns of
GeoNames, with names of made-up syllables in Latin script, Arabic names for two places in five, further names
for half of them, and every tenth row with the name and number of a shipped place. Everything is done in
processes of their own below DIR (a temporary folder by default) and removed at the end; DIR needs 1 GB for a
million rows. Prints CPU seconds (all threads of a process), the most memory held (mapped pages of files
included), sizes, and the latency of look-ups with and without the pack. ``--limits`` fails unless the memory
stays below 2 GB, the pack opens in less than a second and look-ups take at most three times as long.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geo.arabic import strict_key
from geo.places import Gazetteer
from geo.places.packs_change import add_pack
from geo.places.sources import importer

LATIN = "ba bir dar fa ghar ha jab kar la ma na qas ra sa ta um wad ya za khar shat".split()
PARTS = {"ba": "با", "bir": "بير", "dar": "دار", "fa": "فا", "ghar": "غار", "ha": "ها", "jab": "جب",
         "kar": "كار", "la": "لا", "ma": "ما", "na": "نا", "qas": "قص", "ra": "را", "sa": "سا", "ta": "تا",
         "um": "وم", "wad": "واد", "ya": "يا", "za": "زا", "khar": "خار", "shat": "شط"}  # fmt: skip
COUNTRIES = "LY SY YE IQ SD EG DZ MA TN SA US BR CN IN RU FR DE MX ID PK".split()
CODES = ("P\tPPL",) * 6 + ("T\tHLL", "H\tWAD", "S\tWLL", "A\tADM3")
SAMPLE = 20_000
PEAK_MB, OPEN_S, RATIO = 2_000.0, 1.0, 3.0


def generate(path: Path, rows: int, seed: int = 20261125) -> None:
    """Write a GeoNames dump."""
    chance = random.Random(seed)
    shipped = Gazetteer.open(packs=[])
    rows_of_cities = shipped.rows_where(feature_classes="P").tolist()[::7]
    cities = [place for place in map(shipped.place, rows_of_cities) if place.id.startswith("geonames:")]
    with path.open("w", encoding="utf-8") as out:
        for number in range(rows):
            if number % 10 == 9 and number // 10 < len(cities):
                out.write(_known(cities[number // 10]))
                continue
            parts = chance.choices(LATIN, k=chance.choice((5, 6, 6, 7)))
            name = "".join(parts).title()
            others = []
            if chance.random() < 0.4:
                word = "".join(PARTS[part] for part in parts)
                others.append(word if chance.random() < 0.5 else f"بئر {word}")
            if chance.random() < 0.5:
                others += ["".join(chance.choices(LATIN, k=7)).title() for _ in range(2)]
            lon, lat = chance.uniform(-179, 179), chance.uniform(-60, 70)
            people = chance.choice((0, 0, 0, chance.randrange(50_000)))
            out.write(
                f"{100_000_000 + number}\t{name}\t{name}\t{','.join(others)}\t{lat:.5f}\t{lon:.5f}\t"
                f"{chance.choice(CODES)}\t{chance.choice(COUNTRIES)}\t\t"
                f"{number % 60:02d}\t{number % 900}\t\t\t"
                f"{people}\t\t\tEtc/UTC\t2026-01-01\n"
            )


def _known(place: object) -> str:
    number = place.id.partition(":")[2]  # type: ignore[attr-defined]
    return (
        f"{number}\t{place.name}\t{place.name}\t{place.name_ar}\t{place.lat}\t{place.lon}\t"  # type: ignore[attr-defined]
        f"P\tPPL\t{place.country}\t\t{place.admin1}\t\t\t\t{place.population}\t\t\tEtc/UTC\t2026-01-01\n"  # type: ignore[attr-defined]
    )


def add(path: Path) -> dict[str, float]:
    """Add the dump as a pack; return counts, CPU seconds and the most memory held, in MB."""
    start = time.process_time()
    added = add_pack(importer("geonames"), [path], name="grown")
    size = sum(file.stat().st_size for file in added.folder.iterdir())
    return {
        "cpu_s": time.process_time() - start,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "places": added.places, "names": added.names, "known": added.known, "rejected": added.rejected,
        "pack_mb": size / 1e6,
    }  # fmt: skip


def look(packs: bool) -> dict[str, float]:
    """Open the gazetteer; return the seconds it takes, and CPU microseconds of one look-up by name."""
    Gazetteer.open(packs=[]).find_many(["tripoli"])  # modules and pages are there
    wall, cpu = time.perf_counter(), time.process_time()
    gazetteer = Gazetteer.open(packs=None if packs else [])
    told = {"open_s": time.perf_counter() - wall, "open_cpu_s": time.process_time() - cpu}
    first = Gazetteer.open(packs=[]).name_count
    for what, start, end in (("", 0, first), ("_own", first, gazetteer.name_count))[: 1 + packs]:
        _one(gazetteer, _keys(gazetteer, start, end, 1))  # the pages of the files are there
        keys = _keys(gazetteer, start, end, 2)
        told[f"find{what}_us"], told[f"find_many{what}_us"] = _one(gazetteer, keys), _many(gazetteer, keys)
        told[f"bearers{what}"] = 2 * len(gazetteer.find_many(keys)[0]) / len(keys)
    return told


def _keys(gazetteer: Gazetteer, first: int, end: int, seed: int) -> list[str]:
    """Return distinct keys of names in a range of rows, drawn evenly, and as many that nothing bears."""
    rows = np.random.default_rng(seed).integers(first, end, SAMPLE)
    keys = {gazetteer.name_row(row).key for row in rows.tolist()}
    return sorted(keys) + [strict_key(f"{key} zz") for key in sorted(keys)]


def _one(gazetteer: Gazetteer, keys: Sequence[str]) -> float:
    """Return CPU microseconds of finding one key and its places, none of them asked for before."""
    start = time.process_time()
    for key in keys:
        for row in gazetteer.find([key])[0]:
            gazetteer.place_of(row)
    return (time.process_time() - start) / len(keys) * 1e6


def _many(gazetteer: Gazetteer, keys: Sequence[str]) -> float:
    """Return CPU microseconds of finding a key among many at once."""
    start = time.process_time()
    _, rows = gazetteer.find_many(keys)
    gazetteer.places_of(rows)
    return (time.process_time() - start) / len(keys) * 1e6


def _apart(task: str, *arguments: str) -> dict[str, float]:
    """Run one task of this script in a process of its own."""
    script = [sys.executable, __file__, "--task", task, *arguments]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stderr}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


def measure(folder: Path, rows: int) -> dict[str, float]:
    """Generate, add and look up below a folder; print what it took."""
    os.environ["GEO_HOME"] = str(folder / "home")
    dump = folder / "allCountries.txt"
    generate(dump, rows)
    print(f"{rows:,} rows, {dump.stat().st_size / 1e6:,.0f} MB")
    told = _apart("add", str(dump))
    dump.unlink()
    print(
        f"added: {told['places']:,.0f} places, {told['names']:,.0f} names, {told['known']:,.0f} known, "
        f"{told['rejected']:,.0f} rejected; {told['cpu_s']:.0f} s CPU, {told['peak_mb']:,.0f} MB at most; "
        f"{told['pack_mb']:,.0f} MB on disk"
    )
    with_pack, without = _apart("look", "yes"), _apart("look", "no")
    print(f"opens in {with_pack['open_s']:.3f} s ({with_pack['open_cpu_s']:.3f} s CPU), without the pack "
          f"{without['open_s']:.3f} s ({without['open_cpu_s']:.3f} s CPU)")  # fmt: skip
    for what, label in (("find", "one name"), ("find_many", "a name among many")):
        before, after, own = without[f"{what}_us"], with_pack[f"{what}_us"], with_pack[f"{what}_own_us"]
        print(
            f"{label}: shipped names {before:.1f} us alone, {after:.1f} us beside the pack "
            f"({after / before:.1f}x); names of the pack {own:.1f} us ({own / before:.1f}x)"
        )
    print(
        f"rows of one name: {without['bearers']:.1f} alone, {with_pack['bearers']:.1f} beside the pack, "
        f"{with_pack['bearers_own']:.1f} for names of the pack"
    )
    slowest = max(with_pack["find_us"], with_pack["find_own_us"]) / without["find_us"]
    return {"peak": told["peak_mb"], "open": with_pack["open_s"], "ratio": slowest}


def main() -> None:
    """Run the measurement, or one task of it."""
    parser = argparse.ArgumentParser(description="Measure a pack of many places.")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--limits", action="store_true")
    parser.add_argument("--task", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        task, argument = options.task
        print(json.dumps(add(Path(argument)) if task == "add" else look(argument == "yes")))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = measure(Path(folder), options.rows)
    if options.limits:
        for what, limit in (("peak", PEAK_MB), ("open", OPEN_S), ("ratio", RATIO)):
            if found[what] > limit:
                raise SystemExit(f"{what} is {found[what]:.2f}, more than {limit}")


if __name__ == "__main__":
    main()
