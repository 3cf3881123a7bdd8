"""Score the readings of the pipeline on the annotated mentions of ``readings_dev.csv``, as Markdown tables.

    python evaluation/readings.py --eval DIR [--weighted] [--errors FILE]

DIR holds ``recognition/*.jsonl``, the texts the annotation points into. A mention of the pipeline belongs to
an annotated one if they overlap; annotated mentions that are not found any more are counted apart, for a
missed name is no matter of its reading. ``--weighted`` weighs every mention by how many of its corpus the
pipeline reads so, because the sample holds more of the rare readings than the texts do.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geo.reading.mentions as mentions_module
from geo.arabic import tokenize
from geo.places import Gazetteer
from geo.reading.mentions import read_mentions
from geo.reading.readings import Decision, Surroundings
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import EvidenceResolver

ANNOTATION = Path(__file__).with_name("readings_dev.csv")
READINGS = ("literal", "metonymic", "demonym", "organisation", "person", "media", "historical")
NONE = "none"
BINS = 10


@dataclass(frozen=True, slots=True)
class Gold:
    """Hold one annotated mention."""

    corpus_file: str
    doc_id: str
    start: int
    end: int
    reading: str
    note: str


@dataclass(frozen=True, slots=True)
class Observed:
    """Hold one mention of the pipeline with the decision behind it and what the rules looked at."""

    start: int
    end: int
    decision: Decision
    around: Surroundings


@dataclass(slots=True)
class Recorder:
    """Collect what the reading rules saw and decided while one text is read."""

    around: list[Surroundings] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def observed(self, start: int, end: int) -> Observed | None:
        """Return the toponym inside a mention's span, with its final decision."""
        for around, decision in zip(self.around, self.decisions, strict=True):
            if around.toponym.start < end and around.toponym.end > start:
                return Observed(start, end, decision, around)
        return None


@contextmanager
def recording() -> Iterator[Recorder]:
    """Listen to the rules: a mention carries the product of two confidences, wanted is the reading's own."""
    recorder = Recorder()
    decide, spread = mentions_module.decide, mentions_module.spread_over_lists

    def listening_decide(around: Surroundings) -> Decision:
        recorder.around.append(around)
        return decide(around)

    def listening_spread(*args: Any) -> list[Decision]:
        recorder.decisions = spread(*args)
        return recorder.decisions

    mentions_module.decide, mentions_module.spread_over_lists = listening_decide, listening_spread
    try:
        yield recorder
    finally:
        mentions_module.decide, mentions_module.spread_over_lists = decide, spread


class Reader:
    """Read texts with the dictionary pipeline and keep the decisions of the reading rules."""

    def __init__(self) -> None:
        """Open the gazetteer."""
        self._gazetteer = Gazetteer.open()
        self._recognizer = DictionaryRecognizer(self._gazetteer)
        self._resolver = EvidenceResolver()

    def read(self, text: str) -> list[Observed]:
        """Return the mentions of one text in order."""
        with recording() as recorder:
            found = read_mentions(tokenize(text), self._recognizer, self._resolver, self._gazetteer)
        observed = [recorder.observed(mention.start, mention.end) for mention in found]
        return [each for each in observed if each is not None]


def load_annotation(path: Path = ANNOTATION) -> list[Gold]:
    """Return the annotated mentions in file order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Gold(
                row["corpus_file"],
                row["doc_id"],
                int(row["start"]),
                int(row["end"]),
                row["reading"],
                row["note"],
            )
            for row in csv.DictReader(file)
        ]


def load_texts(folder: Path, corpus_file: str) -> dict[str, str]:
    """Return the texts of one corpus by id."""
    lines = (folder / "recognition" / corpus_file).read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["text"] for row in map(json.loads, filter(None, lines))}


def overlapping(gold: Gold, observed: Sequence[Observed]) -> Observed | None:
    """Return the mention that shares most code points with an annotated one."""
    shared = [(min(gold.end, o.end) - max(gold.start, o.start), -i) for i, o in enumerate(observed)]
    best = max(shared, default=(0, 0))
    return observed[-best[1]] if best[0] > 0 else None


def join(golds: Sequence[Gold], folder: Path, reader: Reader) -> list[tuple[Gold, Observed | None]]:
    """Read every annotated text once and pair its annotated mentions with those found."""
    texts = {name: load_texts(folder, name) for name in sorted({gold.corpus_file for gold in golds})}
    read: dict[tuple[str, str], list[Observed]] = {}
    pairs = []
    for gold in golds:
        key = (gold.corpus_file, gold.doc_id)
        if key not in read:
            read[key] = reader.read(texts[gold.corpus_file][gold.doc_id])
        pairs.append((gold, overlapping(gold, read[key])))
    return pairs


def expected_calibration_error(scored: Sequence[tuple[float, bool]]) -> float:
    """Return the mean gap between confidence and accuracy over ten bins, weighted by their size."""
    return sum(len(b) * abs(_mean(c for c, _ in b) - _mean(r for _, r in b)) for b in in_bins(scored)) / max(
        1, len(scored)
    )


def in_bins(scored: Sequence[tuple[float, bool]]) -> list[list[tuple[float, bool]]]:
    """Return the answers by confidence, in ten bins of equal width, the empty ones left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in scored:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return [each for each in bins if each]


def _mean(values: Any) -> float:
    numbers = [float(value) for value in values]
    return sum(numbers) / len(numbers) if numbers else 0.0


def print_scores(rows: Sequence[tuple[str, str, float]]) -> None:
    """Print accuracy, a table a reading, the confusions and the reliability of (gold, found, confidence)."""
    names = [row for row in rows if row[0] != NONE]
    print(f"accuracy, names only: {_mean(g == p for g, p, _ in names):.3f} of {len(names)}")
    print(f"accuracy, with strings that are no names: {_mean(g == p for g, p, _ in rows):.3f} of {len(rows)}")
    print("\n| reading | annotated | found | P | R | F1 |\n|---|---|---|---|---|---|")
    for reading in READINGS:
        gold, found = sum(g == reading for g, _, _ in rows), sum(p == reading for _, p, _ in rows)
        both = sum(g == p == reading for g, p, _ in rows)
        precision, recall = both / max(1, found), both / max(1, gold)
        print(
            f"| {reading} | {gold} | {found} | {precision:.2f} | {recall:.2f} | "
            f"{2 * both / max(1, gold + found):.2f} |"
        )
    counts = Counter((g, p) for g, p, _ in rows)
    columns = (*READINGS, NONE) if any(p == NONE for _, p, _ in rows) else READINGS
    print(f"\n| annotated ↓ found → | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for gold_reading in (*READINGS, NONE):
        print(f"| {gold_reading} | {' | '.join(str(counts[gold_reading, p] or '') for p in columns)} |")
    print_reliability([(confidence, g == p) for g, p, confidence in rows])


def print_reliability(scored: Sequence[tuple[float, bool]]) -> None:
    """Print accuracy by confidence in ten bins, and the expected calibration error."""
    print("\n| confidence | mentions | mean confidence | accuracy |\n|---|---|---|---|")
    for each in in_bins(scored):
        low = min(BINS - 1, int(each[0][0] * BINS)) / BINS
        print(
            f"| {low:.1f}–{low + 1 / BINS:.1f} | {len(each)} | {_mean(c for c, _ in each):.2f} | "
            f"{_mean(r for _, r in each):.2f} |"
        )
    print(f"\nexpected calibration error: {expected_calibration_error(scored):.3f}")


def weighted_accuracy(
    pairs: Sequence[tuple[Gold, Observed | None]], folder: Path, reader: Reader
) -> dict[str, float]:
    """Return for each corpus the accuracy on its names as the pipeline meets them, by post-stratification."""
    result = {}
    for name in sorted({gold.corpus_file for gold, _ in pairs}):
        met = Counter(
            str(o.decision.reading) for text in load_texts(folder, name).values() for o in reader.read(text)
        )
        right: dict[str, list[bool]] = defaultdict(list)
        for gold, observed in pairs:
            if gold.corpus_file == name and observed is not None and gold.reading != NONE:
                right[str(observed.decision.reading)].append(gold.reading == observed.decision.reading)
        total = sum(met[reading] for reading in right)
        result[name] = sum(met[reading] * _mean(each) for reading, each in right.items()) / total
    return result


def write_errors(path: Path, pairs: Sequence[tuple[Gold, Observed | None]], folder: Path) -> None:
    """Write the wrongly read mentions in their sentences, for the eye; never part of the project."""
    texts = {name: load_texts(folder, name) for name in sorted({gold.corpus_file for gold, _ in pairs})}
    lines = []
    for gold, observed in pairs:
        if observed is not None and observed.decision.reading != gold.reading:
            text = texts[gold.corpus_file][gold.doc_id]
            shown = f"{text[max(0, gold.start - 90) : gold.start]}[[{text[gold.start : gold.end]}]]"
            shown += text[gold.end : gold.end + 60]
            decision = observed.decision
            lines.append(
                f"{gold.reading} < {decision.reading} {decision.confidence:.2f} {decision.reason}\t{shown}"
            )
    path.write_text("\n".join(sorted(line.replace("\n", " / ") for line in lines)) + "\n", encoding="utf-8")


def main() -> None:
    """Score the pipeline and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the annotated corpora")
    parser.add_argument("--weighted", action="store_true", help="estimate the accuracy on whole corpora too")
    parser.add_argument("--errors", type=Path, help="write the wrong mentions to this file")
    options = parser.parse_args()
    reader = Reader()
    pairs = join(load_annotation(), options.eval, reader)
    missing = Counter(gold.reading for gold, observed in pairs if observed is None)
    print(f"{len(pairs)} annotated; not found by the pipeline: {dict(missing) or 'none'}")
    print(
        f"strings that are no names: {missing.pop(NONE, 0)} rightly left out; names missed: {missing.total()}"
    )
    print_scores(
        [
            (gold.reading, str(observed.decision.reading), observed.decision.confidence)
            for gold, observed in pairs
            if observed is not None
        ]
    )
    if options.weighted:
        for name, accuracy in weighted_accuracy(pairs, options.eval, reader).items():
            print(f"{name}: {accuracy:.3f} as met in the texts")
    if options.errors:
        write_errors(options.errors, pairs, options.eval)


if __name__ == "__main__":
    main()
