"""Train the tagger on annotated corpora and write its weights, or one set of weights a fold for measuring.

    python evaluation/train.py --eval DIR                  # geo/_data/model, trained on everything
    python evaluation/train.py --eval DIR --folds OUT      # OUT/fold-0 ... and OUT/seen, for ablation.py

DIR holds ``recognition/*.jsonl``. The corpora are read, never copied: what is written are weights under
hashes of attributes. Runs are deterministic.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from tag_corpora import CORPORA, FOLDS, MIXED, NEWSWIRE, TWEETS, Sentence, Text, read_texts, sentences_of
from tag_crf import Model, Settings, best_paths, train
from tag_export import arrays_of, skeleton_tables, write_model
from tag_families import family_arrays

from geo.places import Gazetteer
from geo.reading.families import Families
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.skeletons import Skeletons
from geo.reading.tagger import LABELS, POST, PROSE

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "geo/_data/model"
_SEEN_TWICE = 2
_OWN = (
    "bias",
    "w=",
    "c=",
    "g",
    "G=",
    "-w",
    "-q",
    "+w",
    "+q",
    "q=",
    "s",
    "-c=",
    "-g",
    "+g",
    "<",
    ">",
    "a",
    "e",
)
"""Beginnings of the attributes that each corpus also weighs for itself."""

_LICENCES = {
    NEWSWIRE: ("ANERcorp (CAMeL Lab split, training part)", "CC BY-SA 4.0"),
    CORPORA[1]: ("AQMAR", "CC BY-SA 3.0"),
    MIXED: ("Wojood (published sample)", "MIT"),
    TWEETS: ("IDRISI-RA", "CC BY 4.0"),
}


class Examples:
    """Hold every sentence as rows of a sparse matrix.

    Parameters
    ----------
    sentences : iterable of Sentence
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        """Give each attribute that occurs twice a column."""
        vocabulary: dict[str, int] = {}
        columns: list[int] = []
        ends: list[int] = []
        for sentence in sentences:
            for row in sentence.attributes:
                columns.extend([vocabulary.setdefault(name, len(vocabulary)) for name in row])
                ends.append(len(columns))
        self.texts = [sentence.text for sentence in sentences]
        self.sizes = np.array([len(sentence.labels) for sentence in sentences])
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        self.labels = np.array([label for sentence in sentences for label in sentence.labels])
        self.corpora = np.array([CORPORA.index(text.corpus) for text in self.texts])
        self._number(vocabulary, np.array(columns, np.int32), np.array([0, *ends]))

    def _number(self, vocabulary: dict[str, int], columns: np.ndarray, pointers: np.ndarray) -> None:
        frequent = np.bincount(columns, minlength=len(vocabulary)) >= _SEEN_TWICE
        renumbered = np.cumsum(frequent) - 1
        kept = frequent[columns]
        rows = np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))[kept]
        shape = (len(pointers) - 1, int(frequent.sum()))
        values = np.ones(len(rows), np.float32)
        self.matrix = sparse.csr_matrix((values, (rows, renumbered[columns[kept]])), shape=shape)
        self.names = [name for name, often in zip(vocabulary, frequent, strict=True) if often]
        self.lexical = np.array([_is_lexical(name) for name in self.names])
        self.own = np.flatnonzero([name.startswith(_OWN) for name in self.names])

    def scores(self, chosen: np.ndarray, model: Model) -> list[np.ndarray]:
        """Return the scores of some sentences."""
        return [self.matrix[self.rows(i)] @ model.states for i in chosen]

    def rows(self, sentence: int) -> slice:
        """Return the rows of one sentence."""
        return slice(self.starts[sentence], self.starts[sentence] + self.sizes[sentence])

    def with_own(self) -> sparse.csr_matrix:
        """Return the matrix with a copy of the columns `own` for each corpus (Daumé 2007)."""
        corpus = np.repeat(self.corpora, self.sizes)
        part = self.matrix[:, self.own]
        copies = [sparse.diags((corpus == n).astype(np.float32)) @ part for n in range(len(CORPORA))]
        return sparse.hstack([self.matrix, *copies]).tocsr()

    def merged(self, model: Model, corpus: str) -> np.ndarray:
        """Return what the model weighs for one corpus: the shared weights and its own."""
        size = self.matrix.shape[1]
        states = model.states[:size].copy()
        start = size + CORPORA.index(corpus) * len(self.own)
        states[self.own] += model.states[start : start + len(self.own)]
        return states


def _is_lexical(name: str) -> bool:
    bare = name.lstrip("-+")
    return bare.startswith(("w=", "c=", "r=", "ww=", "name=")) and not bare.startswith("wg")


def silver(examples: Examples, chosen: np.ndarray, settings: Settings) -> np.ndarray:
    """Label persons and organisations where a corpus tags places only, as the newswire model reads them."""
    labels = examples.labels.copy()
    news = chosen[examples.corpora[chosen] == CORPORA.index(NEWSWIRE)]
    others = chosen[examples.corpora[chosen] != CORPORA.index(NEWSWIRE)]
    model = train(
        examples.matrix, examples.starts[news], examples.sizes[news], labels, examples.lexical, settings
    )
    for sentence, path in zip(others, best_paths(examples.scores(others, model), model), strict=True):
        rows, guessed = examples.rows(int(sentence)), np.array(path)
        free = (labels[rows] == 0) & (guessed >= LABELS.index("B-PER"))
        labels[rows] = np.where(free, guessed, labels[rows])
    return labels


def fit(examples: Examples, chosen: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """Train on the chosen sentences and return the arrays of the model file."""
    labels = silver(examples, chosen, settings)
    lexical = np.concatenate([examples.lexical, *[examples.lexical[examples.own]] * len(CORPORA)])
    matrix = examples.with_own()
    model = train(matrix, examples.starts[chosen], examples.sizes[chosen], labels, lexical, settings)
    states = {PROSE: examples.merged(model, NEWSWIRE), POST: examples.merged(model, TWEETS)}
    return arrays_of(examples.names, states, model)


def held_out(text: Text, fold: int) -> bool:
    """Say whether a text is left out: its fold, or for fold -1 every second tweet of every event."""
    return text.fold == fold if fold >= 0 else text.corpus == TWEETS and int(text.row["id"][-1]) % 2 == 1


def card_of(examples: Examples, settings: Settings, gazetteer: Gazetteer, options: argparse.Namespace) -> Any:
    """Return the model card without sizes and hashes."""
    corpora = []
    for number, name in enumerate(CORPORA):
        chosen = np.flatnonzero(examples.corpora == number)
        source, licence = _LICENCES[name]
        words = int(examples.sizes[chosen].sum())
        texts = len({id(examples.texts[i]) for i in chosen})
        corpora.append({"genre": name, "source": source, "licence": licence, "texts": texts, "words": words})
    scores = json.loads(options.scores.read_text(encoding="utf-8")) if options.scores else {}
    return {
        "model": "linear-chain conditional random field over words",
        "date": options.date,
        "labels": list(LABELS),
        "corpora": corpora,
        "split": f"{FOLDS} folds without a common text: fifths of the newswire and of the mixed sample in "
        "running order, whole Wikipedia articles, whole events of tweets; the shipped weights use all",
        "settings": {name: getattr(settings, name) for name in settings.__slots__},
        "gazetteer": gazetteer.versions,
        "scores": scores,
        "licence": "CC BY-SA 4.0 (weights and tables of skeletons); see docs/model-card.md",
        "content": "weights under hashes of attributes, consonant skeletons of gazetteer names, families of "
        "words of wordfreq (CC BY-SA 4.0) under hashes; no sentences",
    }


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--folds", type=Path, help="write one model a fold into this folder")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder of the weights of everything")
    parser.add_argument("--scores", type=Path, help="JSON of ablation.py, to put into the card")
    parser.add_argument("--date", default="2026-11-25", help="day to write on the card")
    options = parser.parse_args()
    gazetteer, settings = Gazetteer.open(), Settings()
    tables, kin = skeleton_tables(gazetteer), family_arrays()
    texts = read_texts(options.eval)
    reader = (DictionaryRecognizer(gazetteer), Skeletons.of_table(tables), Families.of_arrays(kin))
    examples = Examples(list(sentences_of(texts, *reader)))
    print(f"{examples.matrix.shape[0]} words, {examples.matrix.shape[1]} attributes")
    card = card_of(examples, settings, gazetteer, options)
    runs = [(fold, options.folds / _folder(fold)) for fold in (*range(FOLDS), -1)] if options.folds else []
    for fold, folder in runs or [(None, options.out)]:
        start = time.perf_counter()
        left_out = [fold is not None and held_out(text, fold) for text in examples.texts]
        arrays = fit(examples, np.flatnonzero(~np.array(left_out)), settings)
        written = write_model(folder, arrays, tables, kin, card)
        size = sum(entry["bytes"] for entry in written["files"].values()) / 1e6
        seconds = time.perf_counter() - start
        print(f"{folder}: {len(arrays['hashes'])} attributes, {size:.1f} MB, {seconds:.0f} s")


def _folder(fold: int) -> str:
    return f"fold-{fold}" if fold >= 0 else "seen"


if __name__ == "__main__":
    main()
