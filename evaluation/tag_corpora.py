"""Read the annotated corpora as labelled sentences, and cut them into folds that share no text.

A fold holds out whole stretches: a fifth of the newswire and of the mixed sample in their running order,
whole Wikipedia articles, whole events of the tweets. Tags of all corpora become places, persons and
organisations; what only one corpus knows (currencies, peoples) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conventions import MIXED, NEWSWIRE, TWEETS, WIKIPEDIA

from geo.arabic import Tokenized, tokenize
from geo.reading.families import Families
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.skeletons import Skeletons
from geo.reading.tag_features import attribute_lists, gazetteer_marks, word_facts
from geo.reading.tagger import LABELS

FOLDS = 5
CORPORA = (NEWSWIRE, WIKIPEDIA, MIXED, TWEETS)
FILES = {
    NEWSWIRE: "anercorp_alltypes.jsonl",
    WIKIPEDIA: "aqmar.jsonl",
    MIXED: "wojood_sample.jsonl",
    TWEETS: "idrisi_ra.jsonl",
}
_TYPES = {"LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "PERS": "PER", "ORG": "ORG"}


@dataclass(frozen=True, slots=True)
class Text:
    """Hold one annotated text.

    Attributes
    ----------
    corpus : str
        One of `CORPORA`.
    row : dict
        As the corpus has it.
    doc : Tokenized
    fold : int
        The fold in which it is held out.
    group : str
        Its article or event; empty for running text.
    """

    corpus: str
    row: dict[str, Any]
    doc: Tokenized
    fold: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold the attributes and the labels of one sentence."""

    text: Text
    first: int
    attributes: list[list[str]]
    labels: list[int]


def read_texts(folder: Path) -> list[Text]:
    """Read every corpus of ``folder/recognition`` and give each text its fold."""
    texts: list[Text] = []
    for corpus in CORPORA:
        path = folder / "recognition" / FILES[corpus]
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        groups = [_group(corpus, row) for row in rows]
        order = {group: number for number, group in enumerate(sorted(set(groups)))}
        for number, (row, group) in enumerate(zip(rows, groups, strict=True)):
            fold = order[group] % FOLDS if group else number * FOLDS // len(rows)
            texts.append(Text(corpus, row, tokenize(row["text"]), fold, group))
    return texts


def _group(corpus: str, row: dict[str, Any]) -> str:
    if corpus == TWEETS:
        return str(row["event"])
    return str(row["id"].split(":")[1]) if corpus == WIKIPEDIA else ""


def sentences_of(
    texts: Sequence[Text], lookup: DictionaryRecognizer, skeletons: Skeletons, families: Families
) -> Iterator[Sentence]:
    """Yield every sentence with the attributes the tagger will see."""
    for text in texts:
        doc = text.doc
        marks = gazetteer_marks(len(doc.tokens), *lookup.look(doc))
        labels = _labels(text)
        moved = attribute_lists(doc, marks, skeletons, families)
        for first, last in doc.ranges:
            facts = [word_facts(token.raw, token.key) for token in doc.tokens[first:last]]
            kin = [families.kin(token.raw, token.key).here for token in doc.tokens[first:last]]
            attributes = []
            for i, own in enumerate(moved[first:last]):
                row = [*facts[i].here, *kin[i], "bias", *own]
                row += ["-" + name for name in facts[i - 1].beside] if i else []
                row += ["--" + name for name in facts[i - 2].far] if i > 1 else []
                row += ["+" + name for name in facts[i + 1].beside] if i + 1 < len(facts) else []
                row += ["++" + name for name in facts[i + 2].far] if i + 2 < len(facts) else []
                attributes.append(row)
            yield Sentence(text, first, attributes, labels[first:last])


def _labels(text: Text) -> list[int]:
    """Spread the spans of a text over its words; inner spans and unknown types are left out."""
    out = [0] * len(text.doc.tokens)
    spans = [span for span in text.row["spans"] if not span.get("nested")]
    for span in sorted(spans, key=lambda span: int(span["end"] - span["start"])):
        kind = "LOC" if text.corpus == TWEETS else _TYPES.get(span["type"])
        inside = [
            i
            for i, token in enumerate(text.doc.tokens)
            if token.start < span["end"] and token.end > span["start"]
        ]
        for number, index in enumerate(inside if kind else ()):
            out[index] = LABELS.index(f"{'I' if number else 'B'}-{kind}")
    return out


def gold_rows(texts: Sequence[Text]) -> list[dict[str, Any]]:
    """Return the texts as gold rows of the scorer: of the newswire, only the places."""
    return [
        replace(text, row=text.row | {"spans": [s for s in text.row["spans"] if s["type"] == "LOC"]}).row
        if text.corpus == NEWSWIRE
        else text.row
        for text in texts
    ]
