"""Measure how fast columns of names are geocoded and points are reversed; print Markdown tables.

    python evaluation/bench_names.py [--rows N] [--rounds N] [--peers PYTHON] [--only WORD]

CPU seconds of one process (`time.process_time`), the package warm, the median of the rounds; contenders of
one table take turns within a round, so that ratios hold on a busy machine where the seconds do not.
``--peers`` is the interpreter of an environment made as ``evaluation/peers.md`` says.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import geopy
import numpy as np
import pandas as pd
import shapely
from geopandas.tools import geocode as geocode_of_geopandas
from geopy.geocoders.base import Geocoder

import geo
from geo.places import Gazetteer
from geo.places.countries import countries_at
from geo.places.reverse import NearestPlaces
from geo.places.shapes import Shapes

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
MISSPELT = 0.05
"""Share of names with a letter left out: few of them are found, and a search that fails is the dearest."""


def spent(work: Callable[[], Any]) -> float:
    """Return the CPU seconds of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def stored_names(gazetteer: Gazetteer) -> list[str]:
    """Return the distinct names of the gazetteer that Arabic and Latin text is matched against."""
    names = {
        row.name: None
        for place in range(len(gazetteer))
        for row in gazetteer.names_of(gazetteer.place(place).id)
        if row.lang != "foreign"
    }
    return list(names)


def misspelt(name: str, chance: random.Random) -> str:
    """Return a name with a letter left out."""
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def zipf_rows(names: list[str], rows: int) -> pd.Series:
    """Return rows that repeat names as texts do: the n-th name occurs with weight 1/n; some are misspelt."""
    chance = random.Random(SEED)
    pool = [misspelt(name, chance) if chance.random() < MISSPELT else name for name in names]
    chance.shuffle(pool)
    weights = 1 / np.arange(1, len(pool) + 1)
    drawn = np.random.default_rng(SEED).choice(len(pool), rows, p=weights / weights.sum())
    return pd.Series(np.array(pool, dtype=object)[drawn])


def distinct_rows(names: list[str], rows: int) -> pd.Series:
    """Return rows no two of which are equal.

    All stored names; Arabic ones behind a conjunction; Latin ones in capitals, with hyphens; some misspelt.
    """
    chance = random.Random(SEED)
    conjunction = geo_conjunction()
    arabic = [name for name in names if "\u0600" <= name[:1] <= "\u06ff"]
    latin = [name for name in names if name[:1] < "\u0600"]
    wrong = [misspelt(name, chance) for name in chance.sample(names, min(len(names), int(MISSPELT * rows)))]
    kinds = [wrong, names, [conjunction + name for name in arabic], [name.upper() for name in latin]]
    kinds += [[name.replace(" ", "-").lower() for name in latin], [f"{name} \u2013" for name in latin]]
    kinds += [[f"\u00ab{name}\u00bb" for name in names]]
    distinct = list(dict.fromkeys(name for kind in kinds for name in kind))[:rows]
    chance.shuffle(distinct)
    return pd.Series(distinct, dtype=object)


def geo_conjunction() -> str:
    """Return the conjunction that is written as one word with the next."""
    from geo.arabic.clitics import conjunctions

    return conjunctions()[0]


def points_of(gazetteer: Gazetteer, count: int) -> np.ndarray:
    """Return points, lon and lat: half near places of the world, half anywhere from Morocco to Iran."""
    chance = np.random.default_rng(SEED)
    lon, lat = gazetteer.points()
    rows = chance.integers(0, len(lon), count // 2)
    near = np.column_stack([lon[rows], lat[rows]]) + chance.normal(0, 0.1, (count // 2, 2))
    anywhere = chance.uniform((-12, 5), (62, 42), (count - count // 2, 2))
    return np.clip(np.concatenate([near, anywhere]), (-180, -90), (180, 90))


def bare_frame(points: np.ndarray) -> gpd.GeoDataFrame:
    """Make a frame of points and nothing else: the least that any geocoder of columns can take."""
    geometry = gpd.points_from_xy(points[:, 0], points[:, 1])
    return gpd.GeoDataFrame({"row": np.arange(len(points))}, geometry=geometry, crs=4326)


class Stub(Geocoder):  # type: ignore[misc]
    """Answer at once from a dictionary: what is left is the price of geopy and of the loop around it."""

    def __init__(self, known: dict[str, tuple[float, float]]) -> None:
        super().__init__()
        self._known = known

    def __call__(self, **_options: Any) -> Stub:
        """Return itself, as geopandas asks for."""
        return self

    def geocode(self, query: str, **_options: Any) -> geopy.Location | None:
        """Return the location of a name."""
        point = self._known.get(query)
        return None if point is None else geopy.Location(query, point, {})


def table(title: str, rows: int, contenders: dict[str, tuple[Callable[[], Any], int]], rounds: int) -> None:
    """Time contenders in turns, each on its own number of rows, and print them."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (work, _) in contenders.items():
            seconds[name].append(spent(work))
    first = next(iter(contenders))
    each = {name: statistics.median(seconds[name]) / size * 1e9 for name, (_, size) in contenders.items()}
    print(f"\n{title}\n\n| what | ns a row | {rows:,} rows, s CPU | ours takes, times |\n|---|---|---|---|")
    for name in contenders:
        own = "" if name == first else f"{each[first] / each[name]:.3g}"
        print(f"| {name} | {each[name]:,.0f} | {each[name] * rows / 1e9:.1f} | {own} |", flush=True)


def names_tables(gazetteer: Gazetteer, rows: int, rounds: int) -> None:
    """Print the tables of names."""
    names = stored_names(gazetteer)
    known = dict.fromkeys(names, (1.0, 2.0))
    points, few = points_of(gazetteer, rows), 2_000
    for title, column, times in (
        ("repeated as in texts", zipf_rows(names, rows), rounds),
        ("all different", distinct_rows(names, rows), 1),
    ):
        geo.geocode(column[:2_000], gazetteer=gazetteer)
        told = geo.geocode(column, gazetteer=gazetteer)["status"].value_counts()
        shares = ", ".join(f"{what} {100 * count / len(column):.1f} %" for what, count in told.items())
        head = column[:few].tolist()
        contenders = {
            "`geo.geocode`": (lambda column=column: geo.geocode(column, gazetteer=gazetteer), len(column)),
            "the limit: a frame of points alone": (lambda: bare_frame(points), rows),
            "`geopandas.tools.geocode`, a stub that answers at once": (
                lambda head=head: geocode_of_geopandas(head, provider=Stub(known)),
                few,
            ),
            "`geopandas.tools.geocode`, `ArabicGazetteer`": (
                lambda head=head: geocode_of_geopandas(head, provider=geo.ArabicGazetteer(gazetteer)),
                few,
            ),
        }
        table(
            f"Names, {title}: {len(column):,} rows, {column.nunique():,} different ({shares})",
            len(column),
            contenders,
            times,
        )


def points_tables(gazetteer: Gazetteer, rows: int, rounds: int) -> None:
    """Print the tables of points."""
    points = points_of(gazetteer, rows)
    lon, lat = points.T
    part = points[np.random.default_rng(SEED).permutation(rows)[: min(rows, 100_000)]]
    shapes, towns, door = Shapes.open(), NearestPlaces(gazetteer), geo.ArabicGazetteer(gazetteer)
    lands = gpd.GeoDataFrame(
        {"country": shapes.countries}, geometry=[shapes.country(code) for code in shapes.countries], crs=4326
    )
    frame = gpd.GeoDataFrame(geometry=shapely.points(part), crs=4326)
    geo.reverse_geocode(points[:100], gazetteer=gazetteer)
    table(
        f"Points: {rows:,} rows",
        rows,
        {
            "`geo.reverse_geocode`, everything": (
                lambda: geo.reverse_geocode(points, gazetteer=gazetteer),
                rows,
            ),
            "its nearest places alone": (lambda: towns.rows(lon, lat), rows),
            "its countries by polygon alone": (lambda: countries_at(shapes, lon, lat), rows),
            "`geopandas.sjoin` with the same polygons": (
                lambda: gpd.sjoin(frame, lands, predicate="within", how="left"),
                len(part),
            ),
            "`ArabicGazetteer.reverse`, point by point": (
                lambda: [door.reverse((y, x)) for x, y in part[:500].tolist()],
                500,
            ),
        },
        rounds,
    )


def peers_table(gazetteer: Gazetteer, python: str, rounds: int) -> None:
    """Print how long other packages take for the same names and points, ours timed beside them."""
    names = zipf_rows(stored_names(gazetteer), 20_000).drop_duplicates()[:5_000].tolist()
    points = points_of(gazetteer, 200_000)
    answered = geo.geocode(names, gazetteer=gazetteer)["place_id"].notna().mean()
    print(f"\nOf the names, ours answers {100 * answered:.0f} %.")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.json"
        places = [gazetteer.place(row) for row in gazetteer.rows_where(feature_classes="P").tolist()]
        cells = [(p.id, p.name, p.name_ar, p.lon, p.lat, p.country, p.admin1, p.population) for p in places]
        data.write_text(
            json.dumps({"names": names, "points": points.tolist(), "places": cells}), encoding="utf-8"
        )
        print("\n| package | what | ns each, CPU | ours | ours takes, times |\n|---|---|---|---|---|")
        for work in ("reverse_geocoder", "local_geocode", "geonames_tagger"):
            ours: list[float] = []
            theirs: list[dict[str, Any]] = []
            for _ in range(rounds):
                done = subprocess.run(
                    [python, str(ROOT / "evaluation/peers.py"), work, str(data)],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                lines = done.stdout.strip().splitlines()
                if done.returncode or not lines:
                    break
                theirs.append(json.loads(lines[-1]))
                ours.append(_ours(gazetteer, work, names, points))
            if not theirs:
                print(f"| {work} | not run: {_last(done.stderr)} | | | |")
                continue
            one, own = statistics.median(item["ns"] for item in theirs), statistics.median(ours)
            print(f"| {work} | {theirs[0]['what']} | {one:,.0f} | {own:,.0f} | {own / one:.3g} |", flush=True)


def _last(text: str) -> str:
    """Return the last line of what a program said."""
    lines = text.strip().splitlines()
    return lines[-1][:150] if lines else "it said nothing"


def _ours(gazetteer: Gazetteer, work: str, names: list[str], points: np.ndarray) -> float:
    """Return the nanoseconds that the same work takes here, the second time it is done."""
    if work == "reverse_geocoder":
        seconds = [spent(lambda: geo.reverse_geocode(points, gazetteer=gazetteer)) for _ in range(2)]
        return seconds[-1] / len(points) * 1e9
    seconds = [spent(lambda: geo.geocode(names, gazetteer=gazetteer)) for _ in range(2)]
    return seconds[-1] / len(names) * 1e9


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", help="interpreter of the environment of the other packages")
    parser.add_argument("--only", choices=["names", "points", "peers"], help="one table")
    options = parser.parse_args()
    gazetteer = geo.Gazetteer.open(packs=[])
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; medians.")
    if options.only in (None, "points"):
        points_tables(gazetteer, options.rows, options.rounds)
    if options.only in (None, "names"):
        names_tables(gazetteer, options.rows, options.rounds)
    if options.peers and options.only in (None, "peers"):
        peers_table(gazetteer, options.peers, options.rounds)
    print(
        f"\nLargest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB"
    )


if __name__ == "__main__":
    main()
