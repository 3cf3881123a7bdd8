"""Print the recognition and resolution scores of the pipeline on annotated corpora, as Markdown tables.

    python evaluation/dictionary.py --eval DIR [--limit N]

DIR holds ``score.py`` (the scorer), ``recognition/*.jsonl`` and ``resolution/*.jsonl``. Readings become
predictions by the conventions of these corpora: literal, metonymic and historical mentions are places, and so
are names inside an organisation where the corpus tags nested ones; demonyms, persons and outlets are not.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from geo.arabic import tokenize
from geo.model import Mention, Reading
from geo.places import Gazetteer
from geo.reading.mentions import read_mentions
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import EvidenceResolver

PLACES = (Reading.LITERAL, Reading.METONYMIC, Reading.HISTORICAL)
SETS = (
    ("newswire", "recognition/anercorp.jsonl", {"ignore_inside": True}),
    ("Wikipedia", "recognition/aqmar.jsonl", {"ignore_inside": True}),
    ("Wojood sample", "recognition/wojood_sample.jsonl", {"ignore_inside": True}),
    ("tweets, no hashtags", "recognition/idrisi_ra.jsonl", {"no_hashtags": True}),
)


def load_scorer(folder: Path) -> ModuleType:
    """Import the scorer that lies beside the corpora."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{folder}: no score.py there; give the folder of the corpora with --eval")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(rows: Iterable[dict[str, Any]], gazetteer: Gazetteer) -> dict[str, dict[str, Any]]:
    """Read every text and return its places as prediction rows of the scorer."""
    recognizer, resolver = DictionaryRecognizer(gazetteer), EvidenceResolver()
    return {
        row["id"]: {"id": row["id"], "spans": [
            _span(mention) for mention in read_mentions(tokenize(row["text"]), recognizer, resolver, gazetteer)
            if mention.reading in PLACES
        ]}
        for row in rows
    }


def _span(mention: Mention) -> dict[str, Any]:
    span: dict[str, Any] = {"start": mention.start, "end": mention.end}
    if mention.place is not None:
        span |= {"lat": mention.place.lat, "lon": mention.place.lon}
    return span


def given_spans(rows: Sequence[dict[str, Any]], gazetteer: Gazetteer) -> dict[str, dict[str, Any]]:
    """Resolve the gold spans of each text: the document is read with exactly these toponyms."""
    from evaluation.gold import GoldRecognizer

    resolver = EvidenceResolver()
    out = {}
    for row in rows:
        recognizer = GoldRecognizer(gazetteer, row["spans"])
        mentions = read_mentions(tokenize(row["text"]), recognizer, resolver, gazetteer)
        out[row["id"]] = {"id": row["id"], "spans": [_span(mention) for mention in mentions]}
    return out


def main() -> None:
    """Score every corpus and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the corpora and score.py")
    parser.add_argument("--limit", type=int, default=0, help="take this many texts of each corpus, at random")
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong names of each corpus")
    options = parser.parse_args()
    scorer = load_scorer(options.eval)
    gazetteer = Gazetteer.open()
    print("| recognition | texts | P | R | F1 clitic | F1 overlap |\n|---|---|---|---|---|---|")
    for name, path, arguments in SETS:
        rows = _rows(options.eval / path, options.limit)
        found = predictions(rows, gazetteer)
        result = scorer.recognition(rows, found, **arguments)["ALL"]
        clitic, overlap = result["clitic"], result["overlap"]
        print(f"| {name} | {result['texts']} | {clitic['P']:.3f} | {clitic['R']:.3f} | {clitic['F1']:.3f} | {overlap['F1']:.3f} |")
        if options.errors:
            _print_errors(scorer, rows, found, options.errors)
    rows = _rows(options.eval / "resolution/idrisi_da.jsonl", options.limit)
    given = scorer.resolution(rows, given_spans(rows, gazetteer), by="type")
    end_to_end = scorer.resolution(rows, predictions(rows, gazetteer), by="type")
    print("\n| resolution | gold | bbox, spans given | coord | bbox, end to end |\n|---|---|---|---|---|")
    for kind in ("ALL", "CITY", "CTRY", "STAT", *sorted(set(given) - {"ALL", "CITY", "CTRY", "STAT"})):
        if kind in given:
            one, two = given[kind], end_to_end[kind]
            print(f"| {kind} | {one['gold']} | {one['bbox'] or 0:.3f} | {one['coord']:.3f} | {two['bbox'] or 0:.3f} |")


def _rows(path: Path, limit: int) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return random.Random(0).sample(rows, limit) if 0 < limit < len(rows) else rows


def _print_errors(scorer: ModuleType, rows: Sequence[dict[str, Any]], found: dict[str, Any], count: int) -> None:
    """Count which surfaces are wrongly found and which are missed most often."""
    wrong: dict[str, int] = {}
    missed: dict[str, int] = {}
    for row in rows:
        spans = found[row["id"]]["spans"]
        golds = [span for span in row["spans"] if not span.get("nested")]
        pairs = scorer.pair(row["text"], golds, spans, "clitic")
        for index, span in enumerate(spans):
            if index not in {pair[1] for pair in pairs}:
                surface = row["text"][span["start"] : span["end"]]
                wrong[surface] = wrong.get(surface, 0) + 1
        for index, span in enumerate(golds):
            if index not in {pair[0] for pair in pairs}:
                missed[span["text"]] = missed.get(span["text"], 0) + 1
    for title, counts in (("found wrongly", wrong), ("missed", missed)):
        top = sorted(counts.items(), key=lambda item: -item[1])[:count]
        print(f"  {title}: " + "، ".join(f"{name} {number}" for name, number in top), file=sys.stderr)


if __name__ == "__main__":
    main()
