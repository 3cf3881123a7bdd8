"""Score dates and relative places on the sentences annotated in ``phrases_dev.csv``, as a Markdown table.

    python evaluation/phrases.py --eval DIR [--errors FILE]

DIR holds ``recognition/*.jsonl``, the texts the annotation points into. The sentences hold a cue word of
dates or of relations; they were drawn at random from a half of the newswire, encyclopaedia and Wojood
texts that nobody had looked at, parsed, and every phrase was read by eye. ``first`` is what the parser
made of a phrase then: ``right``, ``wrong`` (another extent, meaning or place), ``spurious`` (no such
phrase) or ``missed``. The rules were mended afterwards, so the present run is no fresh measure; the
first reading is. The present run is compared by extent and by value (EDTF or offset, told on 18 June
2008; the relation's name). A sentence without a phrase has a row without offsets.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.arabic import tokenize
from geo.model import Article
from geo.reading.dates import find_dates, link_dates
from geo.reading.pipeline import Geoparser

ANNOTATION = Path(__file__).with_name("phrases_dev.csv")
TOLD_ON = "2008-06-18"
NAMES = {"date": "dates", "relation": "relative places"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Hold one phrase: where it stands and what it means (EDTF or offset; name of the relation)."""

    start: int
    end: int
    value: str


def annotated(path: Path) -> tuple[dict[str, dict[str, list[Phrase]]], dict[str, Counter[str]]]:
    """Read the annotation: phrases by task and document, and the verdicts of the first reading by task."""
    gold: dict[str, dict[str, list[Phrase]]] = {task: defaultdict(list) for task in NAMES}
    first: dict[str, Counter[str]] = {task: Counter() for task in NAMES}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            phrases = gold[row["task"]][row["doc_id"]]
            first[row["task"]][row["first"]] += bool(row["first"])
            if row["start"] and row["first"] != "spurious":
                phrases.append(Phrase(int(row["start"]), int(row["end"]), row["value"]))
    return gold, first


def texts(folder: Path, wanted: set[str]) -> dict[str, str]:
    """Return the texts of the annotated documents."""
    found: dict[str, str] = {}
    for name in ("anercorp", "aqmar", "wojood_sample"):
        for line in (folder / "recognition" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["id"] in wanted:
                found[row["id"]] = row["text"]
    return found


def dates_of(text: str) -> list[Phrase]:
    """Return the dates of a text."""
    doc = tokenize(text)
    times = link_dates(find_dates(doc, document_date=TOLD_ON), doc)
    return [Phrase(time.start, time.end, time.edtf or time.offset) for time in times]


def relations_of(text: str, parser: Geoparser) -> list[Phrase]:
    """Return the relative places of a text."""
    document = parser.parse(Article("x", text, TOLD_ON))
    return [Phrase(each.start, each.end, each.relation) for each in document.footprints]


def shares(right: int, found: int, told: int) -> str:
    """Return precision and recall as cells of a table."""
    return f"{right / max(found, 1):.3f} | {right / max(told, 1):.3f}"


def compare(
    gold: Mapping[str, Sequence[Phrase]], found: Mapping[str, Sequence[Phrase]]
) -> Iterator[tuple[str, str, Phrase]]:
    """Yield each difference between the annotation and the present run."""
    for doc_id, phrases in gold.items():
        for phrase in phrases:
            if phrase not in found[doc_id]:
                yield "missed", doc_id, phrase
        for phrase in found[doc_id]:
            if phrase not in phrases:
                yield "spurious", doc_id, phrase


def main() -> None:
    """Print the table and, if asked, write the differences."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--errors", type=Path)
    options = parser.parse_args()
    gold, first = annotated(ANNOTATION)
    known = texts(options.eval, {doc_id for task in gold.values() for doc_id in task})
    geoparser = Geoparser()
    lines: list[str] = []
    print("| phrases | sentences | reading | found | right | missed | precision | recall |")
    print("|---|---|---|---|---|---|---|---|")
    for task, name in NAMES.items():
        counts = first[task]
        found_first = counts["right"] + counts["wrong"] + counts["spurious"]
        told = counts["right"] + counts["wrong"] + counts["missed"]
        lead = f"| {name} | {len(gold[task])}"
        cells = shares(counts["right"], found_first, told)
        print(f"{lead} | first | {found_first} | {counts['right']} | {counts['missed']} | {cells} |")
        read = dates_of if task == "date" else lambda text: relations_of(text, geoparser)
        found = {doc_id: read(known[doc_id]) for doc_id in gold[task]}
        differences = list(compare(gold[task], found))
        missed = sum(kind == "missed" for kind, _, _ in differences)
        number = sum(map(len, found.values()))
        cells = shares(told - missed, number, told)
        print(f"| | | present | {number} | {told - missed} | {missed} | {cells} |")
        lines += [f"{task}\t{kind}\t{doc_id}\t{phrase}" for kind, doc_id, phrase in differences]
    if options.errors:
        options.errors.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
