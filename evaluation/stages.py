"""Measure where the time goes: each stage of the pipeline, throughput, and texts of growing length.

    python evaluation/stages.py [--eval DIR] [--documents N] [--rounds N] [--recognizer NAME]

``--eval DIR`` takes the newswire sentences of ``DIR/recognition/anercorp.jsonl``, joined into documents of
three kilobytes; without it the samples are read. ``--recognizer`` is ``learned``, the default of
the pipeline, or ``dictionary``. Everything is CPU time of one process, the package warm.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dictionary import RECOGNIZERS

from geo.places import Gazetteer
from geo.reading import mentions, pipeline

SAMPLES = Path(__file__).resolve().parents[1] / "notebooks" / "samples"
SIZE = 3_000
LENGTHS = (3, 30, 100, 300, 1_000)
STAGES = (
    ("words and sentences", pipeline, "tokenize"),
    ("names of persons and bodies", mentions, "find_blocks"),
    ("which place", mentions, "_resolve"),
    ("chains of places", mentions, "_chain"),
    ("readings", mentions, "_finish"),
    ("relations", pipeline, "find_footprints"),
    ("dates", pipeline, "find_dates"),
    ("events", pipeline, "extract_events"),
)


def newswire(folder: Path, size: int = SIZE) -> list[str]:
    """Return the newswire sentences of the annotated corpora, joined into documents.

    Parameters
    ----------
    folder : Path
        Holds ``recognition/anercorp.jsonl``.
    size : int
        Least size of a document, bytes of UTF-8.
    """
    documents: list[str] = []
    lines: list[str] = []
    held = 0
    with (folder / "recognition" / "anercorp.jsonl").open(encoding="utf-8") as rows:
        for row in rows:
            lines.append(json.loads(row)["text"])
            held += len(lines[-1].encode()) + 1
            if held >= size:
                documents.append("\n".join(lines))
                lines, held = [], 0
    return documents


def samples() -> list[str]:
    """Return the sample articles."""
    return [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]


def throughput(parser: pipeline.Geoparser, documents: Sequence[str], rounds: int) -> float:
    """Return the kilobytes of UTF-8 text read a CPU second, the median of some rounds."""
    size = sum(len(document.encode()) for document in documents) / 1000
    speeds = []
    for _ in range(rounds):
        start = time.process_time()
        for document in documents:
            parser.parse(document)
        speeds.append(size / (time.process_time() - start))
    return statistics.median(speeds)


def stage_times(parser: pipeline.Geoparser, documents: Sequence[str]) -> tuple[dict[str, float], float]:
    """Return the CPU seconds of each stage, and of everything."""
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return stage(*args, **kwargs)
            finally:
                spent[name] += time.process_time() - start

        return call

    recognizer = parser._recognizer
    with ExitStack() as stack:
        stack.enter_context(
            patch.object(recognizer, "recognize", timed("names of places", recognizer.recognize))
        )
        for name, module, function in STAGES:
            stack.enter_context(patch.object(module, function, timed(name, getattr(module, function))))
        start = time.process_time()
        for document in documents:
            parser.parse(document)
        whole = time.process_time() - start
    return dict(spent), whole


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eval", type=Path, help="folder of annotated corpora")
    options.add_argument("--documents", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--recognizer", choices=sorted(RECOGNIZERS), default="learned")
    chosen = options.parse_args()
    every = newswire(chosen.eval) if chosen.eval else samples()
    documents = every[: chosen.documents]
    gazetteer = Gazetteer.open()
    parser = pipeline.Geoparser(gazetteer, recognizer=RECOGNIZERS[chosen.recognizer](gazetteer))
    throughput(parser, documents, 1)
    speed = throughput(parser, documents, chosen.rounds)
    size = sum(len(document.encode()) for document in documents) / 1000
    print(f"{len(documents)} documents, {size:.0f} kB: {speed:.0f} kB of UTF-8 text a CPU second\n")
    spent, whole = stage_times(parser, documents)
    print("| stage | ms a document | share |\n|---|---|---|")
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"| {name} | {1000 * seconds / len(documents):.1f} | {seconds / whole:.0%} |")
    rest = whole - sum(spent.values())
    print(f"| rest | {1000 * rest / len(documents):.1f} | {rest / whole:.0%} |\n")
    text = "\n".join(every)
    print("| one text of | s CPU | kB/s |\n|---|---|---|")
    for kilobytes in LENGTHS:
        part = text.encode()[: kilobytes * 1000].decode(errors="ignore")
        if len(part.encode()) > 900 * kilobytes:
            start = time.process_time()
            parser.parse(part)
            seconds = time.process_time() - start
            print(f"| {kilobytes:,} kB | {seconds:.2f} | {kilobytes / seconds:.0f} |")


if __name__ == "__main__":
    main()
