"""Measure memory: a stream of generated short documents, and one long document.

Usage: ``python evaluation/memory.py [--documents N] [--long MB]``. The documents are sentences of the sample
articles, their place names exchanged for other names of one country, so that hardly two are alike and every
cache is tried. Prints the memory held at marks from 1,000 to 100,000 documents and the peak of the long
document; fails if a document was refused, or if the stream grew by more than a tenth behind the mark at
10,000 (or the first there is).
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from pathlib import Path

import numpy as np

from geo.errors import GeoError
from geo.model import Article
from geo.places import Gazetteer
from geo.reading.pipeline import Geoparser

SAMPLES = Path(__file__).resolve().parents[1] / "notebooks" / "samples"
MARKS = (1_000, 10_000, 20_000, 50_000, 75_000, 100_000)
GROWTH = 1.10


def resident() -> float:
    """Return the memory the process holds now that no other shares, in MB.

    Pages of the memory-mapped gazetteer are left out: the system takes them back whenever it needs them.
    """
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0]) / 1024


def peak() -> float:
    """Return the most memory the process has held so far, mapped files included, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def names_by_country(gazetteer: Gazetteer) -> list[list[str]]:
    """Return the Arabic names of the places of each country that has ten or more."""
    names: dict[str, list[str]] = {}
    for row in np.flatnonzero(gazetteer.has_arabic_name()).tolist():
        place = gazetteer.place(row)
        names.setdefault(place.country, []).append(place.name_ar)
    return [held for _, held in sorted(names.items()) if len(held) >= 10]


def templates(parser: Geoparser) -> list[list[str]]:
    """Return the sentences of the samples, cut where a place name stands."""
    cut: list[list[str]] = []
    for path in sorted(SAMPLES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts, at = [], 0
            for mention in parser.parse(line).mentions:
                parts.append(line[at : mention.start])
                at = mention.end
            if parts:
                cut.append([*parts, line[at:]])
    return cut


def documents(parser: Geoparser, number: int, seed: int = 20240302) -> Iterator[Article]:
    """Yield short articles of one paragraph, each with names and a number of its own."""
    chance = random.Random(seed)
    countries, forms = names_by_country(parser.gazetteer), templates(parser)
    sizes = [len(names) for names in countries]
    for count in range(number):
        parts, names = chance.choice(forms), chance.choices(countries, sizes)[0]
        text = "".join(part + chance.choice(names) for part in parts[:-1]) + parts[-1]
        yield Article(f"d{count}", f"{text} {chance.randrange(10**6)} {_word(chance)}", "2024-03-02")


def _word(chance: random.Random) -> str:
    """Return a word that was never seen before, as names of people are."""
    return "".join(chr(0x0628 + chance.randrange(0x13)) for _ in range(7))


def caches() -> dict[str, int]:
    """Return how many entries each function cache of the package holds."""
    found = Counter[str]()
    for item in gc.get_objects():
        if isinstance(item, _lru_cache_wrapper) and str(item.__module__).startswith("geo."):
            found[f"{item.__module__}.{item.__qualname__}"] = item.cache_info().currsize
    return dict(found.most_common(8))


def stream(parser: Geoparser, number: int) -> tuple[list[tuple[int, float]], int]:
    """Read a stream of documents; return the memory held at each mark, and how many were refused."""
    marks = sorted({mark for mark in (*MARKS, number) if mark <= number})
    held: list[tuple[int, float]] = []
    letters = events = refused = 0
    articles = documents(parser, number)
    print(f"before      {resident():8.1f} MB", flush=True)
    start = time.process_time()
    for count, article in enumerate(articles, start=1):
        letters += len(article.text.encode())
        try:
            events += len(parser.parse(article).events)
        except GeoError as error:
            refused += 1
            print(f"refused: {error}\n    {article.text}")
        if count in marks:
            held.append((count, resident()))
            speed = letters / 1000 / (time.process_time() - start)
            print(
                f"{count:>8,} documents  {held[-1][1]:8.1f} MB  {events:>8,} events  {speed:6.0f} kB/s, "
                f"{refused} refused",
                flush=True,
            )
    return held, refused


def long_document(parser: Geoparser, megabytes: float) -> str:
    """Read one long document and return what it took."""
    lines: list[str] = []
    size = 0
    for article in documents(parser, 10**9, seed=7):
        lines.append(article.text)
        size += len(article.text.encode()) + 1
        if size >= megabytes * 1e6:
            break
    before, start = resident(), time.process_time()
    document = parser.parse(Article("long", "\n".join(lines), "2024-03-02"))
    seconds = time.process_time() - start
    found = f"{len(document.mentions):,} mentions, {len(document.events):,} events"
    speed = f"{seconds:.0f} s, {size / 1000 / seconds:.0f} kB/s"
    return (
        f"one document of {size / 1e6:.1f} MB: {found}, {speed}; held before {before:.0f} MB, "
        f"behind {resident():.0f} MB, peak with mapped files {peak():.0f} MB"
    )


def main() -> int:
    """Run the command line of this script."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=MARKS[-1], help="how many short documents")
    options.add_argument("--long", type=float, default=5.0, help="size of the long document in MB; 0: none")
    chosen = options.parse_args()
    parser = Geoparser()
    held, refused = stream(parser, chosen.documents) if chosen.documents else ([], 0)
    for name, size in caches().items():
        print(f"         cache {name}: {size:,}")
    if chosen.long:
        print(long_document(parser, chosen.long))
    if not held:
        return 0
    first = next((memory for count, memory in held if count >= MARKS[1]), held[0][1])
    grown = held[-1][1] / first
    print(f"growth over the stream: {100 * (grown - 1):+.1f} %")
    return int(grown > GROWTH or refused > 0)


if __name__ == "__main__":
    raise SystemExit(main())
