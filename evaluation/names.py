"""Print how well names alone are found: spellings, gold names of tweets, names held out of the index.

    python evaluation/names.py [--eval DIR] [--seed N] [--draw N]

``DIR`` holds ``score.py`` and ``resolution/*.jsonl``; without it that table is left out. The spellings are
those of ``names_seeds.csv``. For the names held out, Latin alternate names of GeoNames are drawn from the
gazetteer, and every row of the place that has the same key is left out while its name is searched: what
other places bear the name stays, and competes. Costs and weights were fitted on other draws (seeds 101
to 299).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from dictionary import load_scorer

from geo.arabic import strict_key
from geo.model import Place
from geo.places import Gazetteer, Match, search
from geo.places.hierarchy import great_circle_km
from geo.places.keys import ARAB_STATES

SEEDS = Path(__file__).with_name("names_seeds.csv")
NEAR_KM = 20.0
TYPES = ("CTRY", "CITY", "PROV", "DIST", "HPOI", "ST", "OTHR", "NBHD", "NPOI")
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print one Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print(
            "| " + " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        )
    print()


def first(found: list[Match]) -> Place | None:
    """Return the best place, or none."""
    return found[0].place if found else None


def close(place: Place | None, lon: float, lat: float) -> bool:
    """Say whether a place lies within 20 km of a point."""
    return place is not None and great_circle_km(place.lon, place.lat, lon, lat) <= NEAR_KM


def spellings(gazetteer: Gazetteer) -> None:
    """Print which spellings of the seeds give the right place first, without and with its country."""
    print("### Spellings of places in the news\n")
    rows: list[list[object]] = []
    totals = [0, 0, 0]
    with SEEDS.open(encoding="utf-8", newline="") as file:
        for seed in csv.DictReader(file):
            forms = [form for kind in ("arabic", "clitic", "latin") for form in seed[kind].split("|")]
            alone = [form for form in forms if not _is(gazetteer, form, seed["place_id"])]
            known = [form for form in forms if not _is(gazetteer, form, seed["place_id"], seed["country"])]
            totals = [totals[0] + len(forms), totals[1] + len(alone), totals[2] + len(known)]
            listed = "، ".join(forms[:-3]) + ", " + ", ".join(forms[-3:])
            cells = [seed["name"], seed["country"], listed, len(forms) - len(alone), len(forms) - len(known)]
            rows.append([*cells, "، ".join(alone) or "–"])
    table(
        ("place", "country", "spellings", "right alone", "right with country", "not found alone"),
        [*rows, ["all", "", totals[0], totals[0] - totals[1], totals[0] - totals[2], ""]],
    )


def _is(gazetteer: Gazetteer, name: str, place_id: str, country: str | None = None) -> bool:
    place = first(search(gazetteer, name, country=country, limit=1))
    return place is not None and place.id == place_id


def gold(gazetteer: Gazetteer, folder: Path) -> None:
    """Print how gold names of a corpus are found when only the name and its country are given."""
    score = load_scorer(folder)
    spans = [
        span
        for path in sorted((folder / "resolution").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for span in json.loads(line)["spans"]
    ]
    print(f"### {len(spans)} gold names of tweets, name and country given\n")
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for span in spans:
        best = first(search(gazetteer, span["text"], country=(span.get("cc") or "").upper() or None, limit=1))
        near = close(best, span["lon"], span["lat"])
        box = span.get("bbox")
        inside = best is not None and box is not None and bool(score.in_bbox(box, best.lat, best.lon))
        for kind in ("ALL", span["type"]):
            told = (1, best is not None, near, box is not None, inside)
            counts[kind] = [known + int(more) for known, more in zip(counts[kind], told, strict=True)]
    table(
        ("names", "gold", "found", f"right within {NEAR_KM:.0f} km", "of those found", "inside the gold box"),
        [
            [kind, n, found / n, near / n, near / max(1, found), inside / max(1, boxed)]
            for kind in ("ALL", *TYPES)
            for n, found, near, boxed, inside in [counts[kind]]
            if n
        ],
    )


def drawn(gazetteer: Gazetteer, seed: int, count: int, countries: frozenset[str]) -> list[int]:
    """Return rows of Latin alternate names of GeoNames, drawn at random; of some countries, or of all."""
    rows = np.arange(gazetteer.name_count)
    langs = gazetteer.take("names", "lang", rows).to_pylist()
    sources = gazetteer.take("names", "source", rows).to_pylist()
    alternate = [row for row in rows.tolist() if langs[row] == "latin" and sources[row] == "geonames"]
    random.Random(seed).shuffle(alternate)
    fitting = (
        row
        for row in alternate
        if not countries or gazetteer.place(gazetteer.place_of(row)).country in countries
    )
    return [row for row, _ in zip(fitting, range(count), strict=False)]


def held_out(gazetteer: Gazetteer, seed: int, count: int) -> None:
    """Print how names are found that the index does not hold."""
    print(f"### {count} Latin alternate names of GeoNames held out of the index (seed {seed})\n")
    rows: list[list[object]] = []
    for label, countries in (("Arab states", ARAB_STATES), ("all countries", frozenset[str]())):
        names = drawn(gazetteer, seed, count, countries)
        rows += [
            [label, "given" if known else "not given", *_held(gazetteer, names, known)]
            for known in (True, False)
        ]
    head = (
        "places",
        "country",
        "found",
        "right place",
        f"right within {NEAR_KM:.0f} km",
        "among the first five",
    )
    table((*head, "ms (median)"), rows)


def _held(gazetteer: Gazetteer, names: Sequence[int], with_country: bool) -> list[object]:
    found = right = near = listed = 0
    times = []
    for row in names:
        name = gazetteer.name_row(row)
        place = gazetteer.place(name.place)
        without = [other.row for other in gazetteer.names_of(place.id) if other.key == name.key]
        start = time.process_time()
        country = place.country if with_country else None
        matches = search(gazetteer, name.name, country=country, limit=5, without=without)
        times.append(time.process_time() - start)
        best = first(matches)
        found += bool(matches)
        right += best is not None and best.id == place.id
        near += close(best, place.lon, place.lat)
        listed += any(match.place.id == place.id for match in matches)
    n = len(names)
    return [found / n, right / n, near / n, listed / n, f"{1000 * statistics.median(times):.1f}"]


def slips(gazetteer: Gazetteer, seed: int, count: int) -> None:
    """Print how Arabic names of the Arab states are found with a slip of the finger in them."""
    rng = random.Random(seed)
    rows = np.arange(gazetteer.name_count)
    langs = gazetteer.take("names", "lang", rows).to_pylist()
    arabic = [row for row in rows.tolist() if langs[row] == "ar"]
    rng.shuffle(arabic)
    kinds: dict[str, Callable[[str, int], str]] = {
        "a letter left out": lambda key, at: key[:at] + key[at + 1 :],
        "a letter too many": lambda key, at: key[:at] + rng.choice(LETTERS) + key[at:],
        "a letter exchanged": lambda key, at: key[:at] + rng.choice(LETTERS) + key[at + 1 :],
        "neighbours swapped": lambda key, at: key[:at] + key[at + 1 : at + 2] + key[at] + key[at + 2 :],
    }
    print(f"### {count} Arabic names with a slip in them, country given (seed {seed})\n")
    cells = []
    for label, spoil in kinds.items():
        done = found = right = near = 0
        for row in arabic:
            name = gazetteer.name_row(row)
            place = gazetteer.place(name.place)
            if place.country not in ARAB_STATES or len(name.key) < 5 or name.kind == "context":
                continue
            spoilt = spoil(name.key, rng.randrange(1, len(name.key) - 1))
            if strict_key(spoilt) == name.key or gazetteer.find([strict_key(spoilt)])[0]:
                continue
            best = first(search(gazetteer, spoilt, country=place.country, limit=1))
            done, found = done + 1, found + (best is not None)
            right += best is not None and best.id == place.id
            near += close(best, place.lon, place.lat)
            if done == count // len(kinds):
                break
        cells.append([label, done, found / done, right / done, near / done])
    table(("slip", "names", "found", "right place", f"right within {NEAR_KM:.0f} km"), cells)


def absent(gazetteer: Gazetteer, seed: int, count: int) -> None:
    """Print what is answered for names of places that the gazetteer does not hold: nothing would be right."""
    print(f"### {count} names of places left out altogether, country given (seed {seed})\n")
    cells = []
    for label, langs in (("Latin", ("latin",)), ("Arabic", ("ar", "und"))):
        rows = np.arange(gazetteer.name_count)
        known = gazetteer.take("names", "lang", rows).to_pylist()
        names = [row for row in rows.tolist() if known[row] in langs]
        random.Random(seed).shuffle(names)
        answered: list[float] = []
        asked = 0
        for row in names:
            name = gazetteer.name_row(row)
            place = gazetteer.place(name.place)
            if place.country not in ARAB_STATES or place.feature_class != "P":
                continue
            without = _around(gazetteer, place)
            found = search(gazetteer, name.name, country=place.country, limit=1, without=without)
            answered += [match.score for match in found]
            asked += 1
            if asked == count:
                break
        shares = [sum(score >= least for score in answered) / asked for least in (0.0, 0.1, 0.2, 0.3, 0.5)]
        cells.append([label, asked, *shares])
    table(("names", "asked", "answered", "score ≥ 0.1", "≥ 0.2", "≥ 0.3", "≥ 0.5"), cells)


def _around(gazetteer: Gazetteer, place: Place) -> list[int]:
    """Return the rows of the names of a place and of the units it lies in."""
    units = [above for above in gazetteer.containers(place) if not above.feature_code.startswith("PCL")]
    return [row.row for item in (place, *units) for row in gazetteer.names_of(item.id)]


def latency(gazetteer: Gazetteer) -> None:
    """Print how long single names take: medians after warming up, and the first of each kind."""
    print("### Time of a single name\n")
    asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("exact", "أجدابيا", {}),
        ("exact, with clitics", "بأجدابيا", {}),
        ("exact, Latin", "Tripoli", {}),
        ("with its container", "طرابلس، ليبيا", {}),
        ("another transliteration", "Adschdabija", {}),
        ("similar, Arabic, in a country", "طربلس", {"country": "LY"}),
        ("similar, Latin, in a country", "Edjdabieh", {"country": "LY"}),
        ("similar, Latin, in the largest country", "Sacremanto", {"country": "US"}),
        ("similar, anywhere", "طربلس", {"fuzzy": True}),
        ("similar, Latin, anywhere", "Edjdabieh", {"fuzzy": True}),
        ("nothing", "Qwxzkt", {}),
    )
    rows: list[list[object]] = []
    for label, name, options in asked:
        times = []
        for _ in range(31):
            start = time.process_time()
            for _ in range(20):
                search(gazetteer, name, **options)
            times.append((time.process_time() - start) / 20)
        rows.append([label, name, f"{1e6 * statistics.median(times[1:]):,.0f}"])
    fresh = Gazetteer.open(packs=())
    once: tuple[tuple[str, dict[str, Any]], ...] = (
        ("first of a country", {"country": "LY"}),
        ("first anywhere", {"fuzzy": True}),
    )
    for label, options in once:
        start = time.process_time()
        search(fresh, "طربلس", **options)
        rows.append([label, "طربلس", f"{1e6 * (time.process_time() - start):,.0f}"])
    table(("way", "name", "µs of CPU time"), rows)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--eval", type=Path, help="folder of the scorer and the corpora")
    parser.add_argument("--seed", type=int, default=7, help="of the draws")
    parser.add_argument("--draw", type=int, default=1000, help="how many names are drawn")
    options = parser.parse_args()
    gazetteer = Gazetteer.open(packs=())
    spellings(gazetteer)
    if options.eval:
        gold(gazetteer, options.eval)
    held_out(gazetteer, options.seed, options.draw)
    slips(gazetteer, options.seed, options.draw)
    absent(gazetteer, options.seed, options.draw)
    latency(gazetteer)


if __name__ == "__main__":
    main()
