"""Draw the mentions of ``readings_dev.csv`` and show them for annotation, without the program's answer.

    python evaluation/readings_sample.py --eval DIR --out SAMPLE.json [--round N]
    python evaluation/readings_sample.py --eval DIR --out SAMPLE.json --show 0

The first call reads the corpora under DIR/recognition with the pipeline and draws mentions: from each corpus
a fixed number, of which some are reserved for the readings that are rare (the reservation looks at the
program's reading, the annotator never does). The second call prints batch 0 of 40 mentions, each marked in
its sentence. Rounds 1 to 4 drew further samples when those before were annotated, in other
texts only; rounds 2 to 4 reserve nothing, so they are what a reader of the texts meets.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

from geo.arabic import tokenize
from geo.places import Gazetteer
from geo.reading.mentions import read_mentions
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import EvidenceResolver

SEEDS = (20170214, 20170215, 20170216, 20170217, 20170218)
BATCH = 40
PER_TEXT = 3
CONTEXT = 230
Quotas = dict[str, tuple[int, dict[str, int]]]
FIRST: Quotas = {
    "anercorp": (
        270,
        {"demonym": 45, "organisation": 35, "metonymic": 45, "person": 22, "media": 12, "historical": 12},
    ),
    "wojood_sample": (
        94,
        {"demonym": 14, "organisation": 14, "metonymic": 10, "person": 8, "media": 5, "historical": 4},
    ),
    "aqmar": (52, {"demonym": 10, "organisation": 4, "metonymic": 6, "person": 6, "historical": 4}),
    "idrisi_ra": (84, {"demonym": 10, "organisation": 10, "metonymic": 12, "person": 8, "media": 8}),
}
"""Mentions to draw from each corpus, and how many of them to reserve for which reading of the program."""
SECOND: Quotas = {
    "anercorp": (230, {"organisation": 25, "metonymic": 40, "person": 12, "media": 6, "historical": 4}),
    "wojood_sample": (70, {"organisation": 8, "metonymic": 10, "person": 4, "media": 2, "historical": 2}),
    "aqmar": (50, {"organisation": 4, "metonymic": 5, "person": 4}),
    "idrisi_ra": (50, {"organisation": 4, "metonymic": 4, "person": 4, "media": 4}),
}
THIRD: Quotas = {
    "anercorp": (260, {}),
    "wojood_sample": (60, {}),
    "aqmar": (40, {}),
    "idrisi_ra": (60, {}),
}
FIFTH: Quotas = {
    "anercorp": (85, {}),
    "wojood_sample": (30, {}),
    "aqmar": (15, {}),
    "idrisi_ra": (35, {}),
}
ANNOTATED = Path(__file__).with_name("readings_dev.csv")


def read_corpus(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of one corpus: id and text."""
    path = folder / "recognition" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def draw(folder: Path, number: int) -> list[dict[str, Any]]:
    """Draw the mentions of every corpus, ordered by a shuffle of their texts."""
    seed, quotas = SEEDS[number], (FIRST, SECOND, THIRD, THIRD, FIFTH)[number]
    known = set()
    if number:
        with ANNOTATED.open(encoding="utf-8", newline="") as file:
            known = {(row["corpus_file"], row["doc_id"]) for row in csv.DictReader(file)}
    gazetteer = Gazetteer.open()
    recognizer, resolver = DictionaryRecognizer(gazetteer), EvidenceResolver()
    sample: list[dict[str, Any]] = []
    for name, (total, reserved) in quotas.items():
        found = [
            {
                "corpus_file": f"{name}.jsonl",
                "doc_id": row["id"],
                "start": mention.start,
                "end": mention.end,
                "drawn_as": mention.reading.value,
            }
            for row in read_corpus(folder, name)
            if (f"{name}.jsonl", row["id"]) not in known
            for mention in read_mentions(tokenize(row["text"]), recognizer, resolver, gazetteer)
        ]
        chosen = choose(found, total, reserved, seed)
        texts = sorted({row["doc_id"] for row in chosen})
        random.Random(seed).shuffle(texts)
        sample += sorted(chosen, key=lambda row: (texts.index(row["doc_id"]), row["start"]))
    return sample


def choose(
    found: list[dict[str, Any]], total: int, reserved: dict[str, int], seed: int
) -> list[dict[str, Any]]:
    """Take the reserved readings first, then anything, never more than three mentions of one text."""
    order = list(found)
    random.Random(seed).shuffle(order)
    chosen: list[dict[str, Any]] = []
    used: dict[str, int] = defaultdict(int)

    def take(rows: list[dict[str, Any]], count: int) -> None:
        for row in rows:
            if count <= 0:
                return
            if used[row["doc_id"]] < PER_TEXT and row not in chosen:
                chosen.append(row)
                used[row["doc_id"]] += 1
                count -= 1

    for reading, count in reserved.items():
        take([row for row in order if row["drawn_as"] == reading], count)
    take(order, total - len(chosen))
    return chosen


def show(folder: Path, sample: list[dict[str, Any]], batch: int) -> None:
    """Print one batch: the number of each mention and its sentence with the mention marked."""
    texts = {
        name: {row["id"]: row["text"] for row in read_corpus(folder, name)}
        for name in sorted({row["corpus_file"].removesuffix(".jsonl") for row in sample})
    }
    last = ("", "")
    first = batch * BATCH
    rows = sample[first : first + BATCH]
    for number, row in enumerate(rows, start=first):
        text = texts[row["corpus_file"].removesuffix(".jsonl")][row["doc_id"]]
        here = (row["corpus_file"], row["doc_id"])
        start, end = row["start"], row["end"]
        low, high = max(0, start - CONTEXT), end + CONTEXT
        if here == last:
            low, high = max(0, start - 40), end + 40
        last = here
        line = f"{text[low:start]}[[{text[start:end]}]]{text[end:high]}".replace("\n", " / ")
        print(f"{number}\t{line}")


def main() -> None:
    """Draw the sample or show a batch of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--out", type=Path, required=True, help="file of the sample")
    parser.add_argument("--round", type=int, choices=(0, 1, 2, 3, 4), default=0, help="which sample")
    parser.add_argument("--show", type=int, default=-1, help="print this batch")
    options = parser.parse_args()
    if options.show >= 0:
        show(options.eval, json.loads(options.out.read_text(encoding="utf-8")), options.show)
        return
    sample = draw(options.eval, options.round)
    options.out.write_text(json.dumps(sample, ensure_ascii=False, indent=0), encoding="utf-8")
    print(f"{len(sample)} mentions drawn")


if __name__ == "__main__":
    main()
