"""Print what the dictionary, the tagger and both together find on texts the tagger was not trained on.

    python evaluation/train.py --eval DIR --folds OUT
    python evaluation/ablation.py --eval DIR --folds OUT [--json FILE]

Each text is read with the weights of the fold that left it out. Mentions become predictions as in
``conventions.py`` says.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from conventions import TWEETS, converted, is_tagged, tagged_span
from dictionary import load_scorer
from tag_corpora import CORPORA, FOLDS, Text, gold_rows, read_texts
from train import held_out

from geo.places import Gazetteer
from geo.reading.learned import LearnedRecognizer, place_spans
from geo.reading.mentions import read_mentions
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import EvidenceResolver
from geo.reading.tagger import Tagger, Weights
from geo.reading.toponyms import Recognizer

Spans = list[dict[str, Any]]
Reader = Callable[[Text], Spans]
SEEN = "tweets, no hashtags, of events seen"


def pipeline(recognizer: Recognizer, gazetteer: Gazetteer) -> Reader:
    """Return a reader that takes the mentions of the whole pipeline."""
    resolver = EvidenceResolver()

    def read(text: Text) -> Spans:
        mentions = read_mentions(text.doc, recognizer, resolver, gazetteer)
        tagged = [mention for mention in mentions if is_tagged(text.corpus, mention)]
        return [tagged_span(text.corpus, text.doc, mention) for mention in tagged]

    return read


def tagger_alone(weights: Weights, gazetteer: Gazetteer) -> Reader:
    """Return a reader that takes the spans of the tagger as they are."""
    lookup, tagger = DictionaryRecognizer(gazetteer), Tagger(weights)

    def read(text: Text) -> Spans:
        doc = text.doc
        likely = tagger.probabilities(doc, *lookup.look(doc))
        spans = [
            {"start": doc.tokens[first].start, "end": doc.tokens[last - 1].end}
            for first, last in place_spans(doc, likely, 0.4)
        ]
        return [converted(text.corpus, text.doc, span) for span in spans]

    return read


def predictions(texts: Sequence[Text], read: Reader) -> dict[str, dict[str, Any]]:
    """Return the prediction rows of some texts."""
    return {text.row["id"]: {"id": text.row["id"], "spans": read(text)} for text in texts}


def score(scorer: ModuleType, texts: Sequence[Text], found: dict[str, Any], name: str) -> dict[str, float]:
    """Return the figures of one corpus."""
    options = {"no_hashtags": True} if name in (TWEETS, SEEN) else {"ignore_inside": True}
    result = scorer.recognition(gold_rows(texts), found, **options)["ALL"]
    clitic = result["clitic"]
    figures = {"P": clitic["P"], "R": clitic["R"], "clitic": clitic["F1"], "overlap": result["overlap"]["F1"]}
    return {key: round(value, 4) for key, value in figures.items()}


def measure(
    scorer: ModuleType, texts: Sequence[Text], folder: Path, gazetteer: Gazetteer
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the figures by corpus and by reader."""
    found: dict[str, dict[str, Any]] = {"dictionary": {}, "tagger": {}, "both": {}}
    seen: dict[str, dict[str, Any]] = {"dictionary": {}, "tagger": {}, "both": {}}
    dictionary = pipeline(DictionaryRecognizer(gazetteer), gazetteer)
    for fold in (*range(FOLDS), -1):
        weights = Weights.open(folder / (f"fold-{fold}" if fold >= 0 else "seen"))
        part = [text for text in texts if held_out(text, fold)]
        readers: dict[str, Reader] = {
            "dictionary": dictionary,
            "tagger": tagger_alone(weights, gazetteer),
            "both": pipeline(LearnedRecognizer(gazetteer, weights), gazetteer),
        }
        for name, read in readers.items():
            (found if fold >= 0 else seen)[name].update(predictions(part, read))
    results: dict[str, dict[str, dict[str, float]]] = {}
    for corpus in CORPORA:
        part = [text for text in texts if text.corpus == corpus]
        results[corpus] = {name: score(scorer, part, rows, corpus) for name, rows in found.items()}
    part = [text for text in texts if held_out(text, -1)]
    results[SEEN] = {name: score(scorer, part, rows, SEEN) for name, rows in seen.items()}
    return results


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the corpora and score.py")
    parser.add_argument("--folds", type=Path, required=True, help="folder written by train.py --folds")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    scorer, gazetteer = load_scorer(options.eval), Gazetteer.open()
    results = measure(scorer, read_texts(options.eval), options.folds, gazetteer)
    print("| recognition, held out | reader | P | R | F1 clitic | F1 overlap |\n|---|---|---|---|---|---|")
    for corpus, readers in results.items():
        for name, row in readers.items():
            print(
                f"| {corpus} | {name} | {row['P']:.3f} | {row['R']:.3f} | {row['clitic']:.3f} "
                f"| {row['overlap']:.3f} |"
            )
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
