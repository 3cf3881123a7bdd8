"""Measure speed and size, and quality where annotated corpora are at hand; print Markdown tables.

    python evaluation/bench.py [--eval DIR] [--article FILE] [--rounds N]

Each figure is a median over fresh processes or repeated runs in one; the machine is named. ``--eval DIR``
adds the tables of ``evaluation/dictionary.py``; ``--article FILE`` times that text, not the first sample.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from stages import newswire, throughput

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "notebooks/samples").glob("*.txt"))

IMPORT = "import time; t = time.perf_counter(); import geo; print(time.perf_counter() - t)"
OPEN = """
import json, time
import geo
geo.Gazetteer
before = open("/proc/self/statm").read().split()[1]
t = time.perf_counter()
gazetteer = geo.Gazetteer.open()
gazetteer.find(["x"])
seconds = time.perf_counter() - t
after = open("/proc/self/statm").read().split()[1]
page = __import__("resource").getpagesize()
print(json.dumps([seconds, int(after) * page / 1e6, (int(after) - int(before)) * page / 1e6]))
"""


def fresh(code: str) -> str:
    """Run code in a new interpreter and return what it printed."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def parse_times(text: str, rounds: int) -> list[float]:
    """Return the CPU seconds each of several parses of one text takes, the package warm."""
    import geo

    parser = geo.Geoparser()
    parser.parse(text)
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        parser.parse(text)
        seconds.append(time.process_time() - start)
    return seconds


def newswire_speed(folder: Path, rounds: int) -> float:
    """Return the kilobytes of newswire read a CPU second (see ``evaluation/stages.py``)."""
    import geo

    documents, parser = newswire(folder)[:200], geo.Geoparser()
    throughput(parser, documents, 1)
    return throughput(parser, documents, rounds)


def gazetteer_counts() -> dict[str, int]:
    """Return what the shipped gazetteer holds."""
    import geo

    return dict(geo.Gazetteer.open().info()["counts"])


def map_size() -> float:
    """Return the size of the map of the samples, in kB."""
    import tempfile

    import geo

    documents = list(geo.parse_many([path.read_text(encoding="utf-8") for path in SAMPLES]))
    events, mentions = geo.to_geodataframe(documents), geo.to_geodataframe(documents, table="mentions")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        geo.save_map(geo.event_map(events, mentions), path)
        return path.stat().st_size / 1000


def machine() -> str:
    """Name the machine in one line."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, help="folder of annotated corpora with score.py")
    parser.add_argument("--article", type=Path, default=SAMPLES[0], help="text to time")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    imports = [float(fresh(IMPORT)) for _ in range(options.rounds)]
    opened = [json.loads(fresh(OPEN)) for _ in range(options.rounds)]
    text = options.article.read_text(encoding="utf-8")
    alone = parse_times(text, options.rounds)
    corpus = "\n\n".join(path.read_text(encoding="utf-8") for path in SAMPLES)
    streamed = parse_times(corpus, options.rounds)
    size = len(corpus.encode())
    counts = gazetteer_counts()
    rows = [
        ("`import geo`", f"{statistics.median(imports):.3f} s"),
        ("open the gazetteer", f"{statistics.median(row[0] for row in opened):.3f} s"),
        ("memory of the process, gazetteer open", f"{statistics.median(row[1] for row in opened):.0f} MB"),
        (f"parse an article of {len(text.encode()) / 1000:.1f} kB", f"{statistics.median(alone):.3f} s CPU"),
        ("map of the samples, one file", f"{map_size():.0f} kB"),
        ("throughput on the samples", f"{size / 1000 / statistics.median(streamed):.0f} kB/s CPU"),
    ]
    print(f"Medians of {options.rounds}; {machine()}.\n\n| what | measured |\n|---|---|")
    for what, figure in rows:
        print(f"| {what} | {figure} |")
    for what, number in ((w, n) for w, n in counts.items() if isinstance(n, int)):
        print(f"| {what.replace('_', ' ')} | {number:,} |")
    if options.eval:
        speed = newswire_speed(options.eval, options.rounds)
        print(f"| throughput on newswire, documents of 3 kB | {speed:.0f} kB/s CPU |\n")
        script = [sys.executable, str(ROOT / "evaluation/dictionary.py"), "--eval", str(options.eval)]
        subprocess.run(script, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
