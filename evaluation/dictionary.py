"""Print the recognition and resolution scores of the pipeline on annotated corpora, as Markdown tables.

    python evaluation/dictionary.py --eval DIR [--recognizer learned] [--limit N]

DIR holds ``score.py`` (the scorer), ``recognition/*.jsonl`` and ``resolution/*.jsonl``. Readings become
predictions by the conventions of these corpora: literal, metonymic and historical mentions are places, and so
is the name behind the head of a body (منتخب البرازيل); demonyms, persons, outlets and names inside the proper
name of a body (ريال مدريد) are not.

The dictionary reads unless ``--recognizer learned`` asks for the default of the package: that one has been
trained on the development corpora, so that on them its figures would flatter (``evaluation/ablation.py``
measures it on texts left out); on any other corpus it is the one to ask for.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from conventions import MIXED, NEWSWIRE, TWEETS, WIKIPEDIA, is_place, is_tagged, span_of, tagged_span

from geo.arabic import Tokenized, article, clitic_splits, strict_key, table, tokenize
from geo.model import Mention
from geo.places import Gazetteer
from geo.reading.learned import LearnedRecognizer
from geo.reading.mentions import read_mentions
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import Context, EvidenceResolver, Resolution
from geo.reading.toponyms import Recognizer, Toponym
from geo.reading.words import WordList

SETS = (
    (NEWSWIRE, "recognition/anercorp.jsonl", {"ignore_inside": True}),
    (WIKIPEDIA, "recognition/aqmar.jsonl", {"ignore_inside": True}),
    (MIXED, "recognition/wojood_sample.jsonl", {"ignore_inside": True}),
    (TWEETS, "recognition/idrisi_ra.jsonl", {"no_hashtags": True}),
)


RECOGNIZERS = {"dictionary": DictionaryRecognizer, "learned": LearnedRecognizer}


def load_scorer(folder: Path) -> ModuleType:
    """Import the scorer that lies beside the corpora."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"{folder}: no score.py there; give the folder of the corpora with --eval")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions(
    corpus: str, rows: Iterable[dict[str, Any]], gazetteer: Gazetteer, recognizer: Recognizer
) -> dict[str, Any]:
    """Read every text and return its places as prediction rows of the scorer."""
    resolver = EvidenceResolver()
    found: dict[str, Any] = {}
    for row in rows:
        doc = tokenize(row["text"])
        mentions = read_mentions(doc, recognizer, resolver, gazetteer)
        spans = [tagged_span(corpus, doc, each) for each in mentions if is_tagged(corpus, each)]
        found[row["id"]] = {"id": row["id"], "spans": spans}
    return found


class GoldRecognizer:
    """Hand out the gold spans of one text as toponyms, with the names the pipeline's look-ups find in them.

    Parameters
    ----------
    gazetteer : Gazetteer
    spans : sequence of dict
        Gold spans; only ``start`` and ``end`` are read.
    dictionary : DictionaryRecognizer, optional
        Made anew by default.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        spans: Sequence[dict[str, Any]],
        dictionary: DictionaryRecognizer | None = None,
    ) -> None:
        """Keep the spans and read the head words."""
        self._dictionary = dictionary or DictionaryRecognizer(gazetteer)
        self._spans = sorted({(span["start"], span["end"]) for span in spans})
        self._heads = WordList.of_table("feature_head", ("forms", "plural"))
        self._beside = frozenset(
            word
            for entry in table("direction")
            for field in ("construct", "definite", "adjective")
            for form in entry.get(field, ())
            for word in strict_key(form).split()
        )

        self._adjectives = WordList.of_table("feature_head", ("adjectives",))

    def recognize(self, doc: Tokenized) -> list[Toponym]:
        """Return one toponym a span: the longest run of its words that the pipeline's look-ups know."""
        found: list[Toponym] = []
        for start, end in self._spans:
            inside = [i for i, token in enumerate(doc.tokens) if token.start < end and token.end > start]
            if inside and not (found and inside[0] < found[-1].last):
                found.append(self._toponym(doc, inside, start, end))
        return found

    def _toponym(self, doc: Tokenized, inside: Sequence[int], start: int, end: int) -> Toponym:
        """Look the span up as a text of its own; the words of a head before the name stay outside."""
        words = tokenize(doc.text[start:end])
        hits = [hit for hits in self._dictionary._hits(words).values() for hit in hits if hit.names]
        fitting = [hit for hit in hits if self._explained(words, hit)]
        best = max(fitting, key=_rank, default=None)
        if best is None:
            first = inside[0] + (
                len(inside) > 1 and self._heads.ending_at(doc.tokens, inside[0] + 1) is not None
            )
            return Toponym(first, inside[-1] + 1, start, end, "", certain=True)
        first = _token_at(doc, inside, start + words.tokens[best.first].start)
        last = _token_at(doc, inside, start + words.tokens[best.last - 1].start) + 1
        return replace(best, first=first, last=last, start=start, end=end, certain=True)

    def _explained(self, words: Tokenized, hit: Toponym) -> bool:
        """Say whether the words of the span beside a hit are heads, directions or connectors.

        The city in the name of a hospital is not the hospital; a head word of the span is no name.
        """
        tokens = words.tokens
        bare = len(tokens) > 1 and hit.last - hit.first == 1
        if bare and (self._heads.ending_at(tokens, hit.last) or self._is_beside(tokens[hit.first].key)):
            return False
        head = self._heads.ending_at(tokens, hit.first)
        before = tokens[: head.first if head else hit.first]
        behind = tokens[hit.last :]
        institution = head is not None and bool(head.entry.get("named_after_city"))
        return all(self._is_beside(token.key) for token in before) and all(
            self._is_beside(token.key)
            or token.key in self._adjectives
            or (institution and token.key.startswith(article()))
            for token in behind
        )

    def _is_beside(self, key: str) -> bool:
        return any(split.core in self._beside for split in clitic_splits(key))


def _rank(hit: Toponym) -> tuple[int, int, float]:
    return hit.last - hit.first, hit.last, hit.importance - (1.0 if hit.clitics else 0.0)


def _token_at(doc: Tokenized, inside: Sequence[int], offset: int) -> int:
    return max((i for i in inside if doc.tokens[i].start <= offset), default=inside[0])


class HeardResolver(EvidenceResolver):
    """Resolve as usual and remember the answers: a reading as outlet or person withholds none of them."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        super().__init__()
        self.heard: dict[tuple[int, int], Resolution] = {}

    def resolve(self, doc: Tokenized, toponym: Toponym, context: Context) -> Resolution:
        """Return the decision, and keep it."""
        resolution = super().resolve(doc, toponym, context)
        self.heard[toponym.start, toponym.end] = resolution
        return resolution

    def answer(self, mention: Mention) -> Mention:
        """Return the mention with the place that its name has, whatever the reading."""
        heard = self.heard.get((mention.start, mention.end))
        if is_place(mention) or mention.place is not None or heard is None:
            return mention
        return replace(mention, place=heard.place)


def given_spans(rows: Sequence[dict[str, Any]], gazetteer: Gazetteer) -> dict[str, dict[str, Any]]:
    """Resolve the gold spans of each text: the document is read with exactly these toponyms."""
    resolver, dictionary = HeardResolver(), DictionaryRecognizer(gazetteer)
    found = {}
    for row in rows:
        resolver.heard.clear()
        recognizer = GoldRecognizer(gazetteer, row["spans"], dictionary)
        mentions = read_mentions(tokenize(row["text"]), recognizer, resolver, gazetteer)
        found[row["id"]] = {"id": row["id"], "spans": [span_of(resolver.answer(m)) for m in mentions]}
    return found


def main() -> None:
    """Score every corpus and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the corpora and score.py")
    parser.add_argument("--task", choices=("all", "recognition", "resolution"), default="all")
    parser.add_argument("--recognizer", choices=sorted(RECOGNIZERS), default="dictionary")
    parser.add_argument("--limit", type=int, default=0, help="take this many texts of each corpus, at random")
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong names of each corpus")
    options = parser.parse_args()
    scorer, gazetteer = load_scorer(options.eval), Gazetteer.open()
    if options.task in ("all", "recognition"):
        print_recognition(scorer, gazetteer, options)
    if options.task in ("all", "resolution"):
        print_resolution(scorer, gazetteer, options)


def print_recognition(scorer: ModuleType, gazetteer: Gazetteer, options: argparse.Namespace) -> None:
    """Print precision, recall and F1 on each annotated corpus."""
    print("| recognition | texts | P | R | F1 clitic | F1 overlap |\n|---|---|---|---|---|---|")
    for name, path, arguments in SETS:
        rows = _rows(options.eval / path, options.limit)
        found = predictions(name, rows, gazetteer, RECOGNIZERS[options.recognizer](gazetteer))
        result = scorer.recognition(rows, found, **arguments)["ALL"]
        clitic, overlap = result["clitic"], result["overlap"]
        print(
            f"| {name} | {result['texts']} | {clitic['P']:.3f} | {clitic['R']:.3f} "
            f"| {clitic['F1']:.3f} | {overlap['F1']:.3f} |"
        )
        if options.errors:
            _print_errors(scorer, rows, found, options.errors)


def print_resolution(scorer: ModuleType, gazetteer: Gazetteer, options: argparse.Namespace) -> None:
    """Print the share of gold mentions whose point lies in the gold box, spans given and end to end."""
    rows = _rows(options.eval / "resolution/idrisi_da.jsonl", options.limit)
    given = scorer.resolution(rows, given_spans(rows, gazetteer), by="type")
    recognizer = RECOGNIZERS[options.recognizer](gazetteer)
    end_to_end = scorer.resolution(rows, predictions(TWEETS, rows, gazetteer, recognizer), by="type")
    print("\n| resolution | gold | bbox, spans given | coord | bbox, end to end |\n|---|---|---|---|---|")
    for kind in ("ALL", *sorted(set(given) - {"ALL"}, key=lambda kind: -given[kind]["gold"])):
        one, two = given[kind], end_to_end[kind]
        print(
            f"| {kind} | {one['gold']} | {one['bbox'] or 0:.3f} "
            f"| {one['coord']:.3f} | {two['bbox'] or 0:.3f} |"
        )


def _rows(path: Path, limit: int) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return random.Random(0).sample(rows, limit) if 0 < limit < len(rows) else rows


def _print_errors(
    scorer: ModuleType, rows: Sequence[dict[str, Any]], found: dict[str, Any], count: int
) -> None:
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
