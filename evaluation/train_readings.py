"""Train the model of readings on ``readings_dev.csv`` and measure it by cross-validation; write its weights.

    python evaluation/train_readings.py --eval DIR [--out [FILE]] [--penalty 1.0] [--errors F] [--plot F]

DIR holds ``recognition/*.jsonl``, the texts the annotation points into. Folds keep documents together:
newswire by stretches of 50 sentences, Wikipedia by article, tweets by event, the Wojood sample by stretches
of 50 rows and, wherever they stand, rows made after one pattern. The temperature is fitted inside the
training part of each fold. Weights of single words are held smaller than those of cues, for they are many.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from readings import (
    NONE,
    READINGS,
    Gold,
    Observed,
    Reader,
    expected_calibration_error,
    in_bins,
    join,
    load_annotation,
    print_scores,
)
from reliability import draw
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from geo.arabic import strict_key
from geo.reading.reading_model import SCHEMA, cue_features, rule_of

LABELS = (*READINGS, NONE)
FOLDS, INNER, SEED = 10, 5, 7
STRETCH, PATTERN = 50, 3
RARE, HELD = 3, 0.5
WORDS = frozenset(
    ("self", "head word", "second before")
    + tuple(f"{place}{what}" for place in ("before", "behind") for what in ("", " starts", " ends"))
)
PRIOR = 4
PAIRS = (" kind=", " of=", " adjective=")
OUT = Path(__file__).resolve().parents[1] / "geo/_data/model/readings.json"
CUES = Path(__file__).with_name("readings_cues.toml")
LICENCES = {
    "anercorp.jsonl": "ANERcorp, CAMeL Lab split, CC BY-SA 4.0",
    "wojood_sample.jsonl": "Wojood sample, MIT",
    "aqmar.jsonl": "AQMAR, CC BY-SA 3.0",
    "idrisi_ra.jsonl": "IDRISI-RA, CC BY 4.0",
}


@dataclass(slots=True)
class Example:
    """Hold one annotated mention: its row, its cues, the rules' answer, its reading, its sentence."""

    row: int
    corpus: str
    group: str
    features: frozenset[str]
    observed: Observed
    reading: str
    shown: str


def collect(folder: Path) -> list[Example]:
    """Read the annotated texts and return their annotated mentions as examples, those not found left out."""
    reader, cues, golds, examples = Reader(), load_cues(), load_annotation(), []
    joined = enumerate(join(golds, folder, reader))
    pairs = [(row, gold, match) for row, (gold, match) in joined if match is not None]
    patterns = Counter(
        _pattern(match) for _, gold, match in pairs if gold.corpus_file == "wojood_sample.jsonl"
    )
    for row, gold, match in pairs:
        text, start, end = match.around.doc.text, match.start, match.end
        examples.append(
            Example(
                row,
                gold.corpus_file,
                _group(gold, match, patterns),
                cue_features(match.around, match.decision, cues),
                match,
                gold.reading,
                f"{text[max(0, start - 80) : start]}[[{text[start:end]}]]{text[end : end + 50]}",
            )
        )
    return examples


def load_cues() -> dict[str, frozenset[str]]:
    """Return the model's own sets of cue words by strict key, those of several words left out."""
    sets = tomllib.loads(CUES.read_text(encoding="utf-8"))["cues"]
    return {
        name: frozenset(strict_key(word) for word in words if " " not in word) for name, words in sets.items()
    }


def _pattern(observed: Observed) -> tuple[str, str]:
    tokens, toponym = observed.around.doc.tokens, observed.around.toponym
    return (tokens[toponym.first - 1].key if toponym.first else "", toponym.key)


def _group(gold: Gold, match: Observed, patterns: Counter[tuple[str, str]]) -> str:
    """Name the document a mention belongs to, or what stands for it."""
    name, parts = gold.corpus_file, gold.doc_id.split(":")
    if name in ("aqmar.jsonl", "idrisi_ra.jsonl"):
        return ":".join(parts[:2])
    if name == "wojood_sample.jsonl" and patterns[_pattern(match)] >= PATTERN:
        return f"{name}:{_pattern(match)}"
    return f"{name}:{int(parts[-1]) // STRETCH}"


def assign_folds(examples: Sequence[Example], count: int, seed: int) -> dict[str, int]:
    """Deal the groups out to folds of about the same number of annotated mentions."""
    sizes = Counter(example.group for example in examples)
    order = sorted(sizes)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda group: -sizes[group])
    load, fold_of = [0] * count, {}
    for group in order:
        fold = load.index(min(load))
        fold_of[group] = fold
        load[fold] += sizes[group]
    return fold_of


def fit(examples: Sequence[Example], penalty: float) -> tuple[dict[str, int], np.ndarray]:
    """Fit the model: return the columns of the features and the weights, shape (features, labels)."""
    counts = Counter(feature for example in examples for feature in example.features)
    columns = {feature: i for i, feature in enumerate(sorted(f for f, n in counts.items() if n >= RARE))}
    scale = np.array([HELD if is_held(feature) else 1.0 for feature in columns])[:, None]
    x = matrix(examples, columns).multiply(scale.T).tocsr()
    target = np.eye(len(LABELS))[[LABELS.index(example.reading) for example in examples]]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(columns), len(LABELS))
        chances = softmax(x @ weights)
        value = 0.5 * penalty * float((weights**2).sum()) - float(
            np.log((chances * target).sum(axis=1)).sum()
        )
        return value, (x.T @ (chances - target) + penalty * weights).ravel()

    start = np.zeros(len(columns) * len(LABELS))
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return columns, np.asarray(result.x).reshape(len(columns), len(LABELS)) * scale


def is_held(feature: str) -> bool:
    """Say whether a feature is a single word or a pair of cues: its weight is held smaller."""
    return feature.partition("=")[0] in WORDS or any(pair in feature for pair in PAIRS)


def matrix(examples: Sequence[Example], columns: dict[str, int]) -> csr_matrix:
    """Return the cues of each example as a sparse row of ones."""
    rows = [(i, columns[f]) for i, e in enumerate(examples) for f in sorted(e.features) if f in columns]
    where = np.array(rows, dtype=int).reshape(-1, 2)
    return csr_matrix((np.ones(len(where)), (where[:, 0], where[:, 1])), shape=(len(examples), len(columns)))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def cross_scores(examples: Sequence[Example], penalty: float, count: int, seed: int) -> np.ndarray:
    """Return the scores of every example by the model that has not seen its fold."""
    fold_of = assign_folds(examples, count, seed)
    scores = np.zeros((len(examples), len(LABELS)))
    for fold in range(count):
        columns, weights = fit([e for e in examples if fold_of[e.group] != fold], penalty)
        held = [i for i, example in enumerate(examples) if fold_of[example.group] == fold]
        if held:
            scores[held] = matrix([examples[i] for i in held], columns) @ weights
    return scores


def best_temperature(scores: np.ndarray, gold: np.ndarray) -> float:
    """Return the divisor of the scores under which the true labels are likeliest."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(3.0), 60))
    losses = [-np.log(softmax(scores / t)[np.arange(len(gold)), gold] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def cross_validate(examples: Sequence[Example], penalty: float) -> np.ndarray:
    """Return calibrated probabilities of every example, nothing of its fold seen, shape (n, labels)."""
    fold_of = assign_folds(examples, FOLDS, SEED)
    chances = np.zeros((len(examples), len(LABELS)))
    for fold in range(FOLDS):
        part = [e for e in examples if fold_of[e.group] != fold]
        gold = np.array([LABELS.index(e.reading) for e in part])
        temperature = best_temperature(cross_scores(part, penalty, INNER, SEED + 1), gold)
        columns, weights = fit(part, penalty)
        held = [i for i, example in enumerate(examples) if fold_of[example.group] == fold]
        chances[held] = softmax(matrix([examples[i] for i in held], columns) @ weights / temperature)
    return chances


def rule_table(examples: Sequence[Example]) -> dict[str, float]:
    """Return how often each rule is right, drawn towards all rules of its reading where it is seen seldom."""
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    by_reading: dict[str, list[bool]] = defaultdict(list)
    for e in examples:
        reading = str(e.observed.decision.reading)
        right[rule_of(e.observed.decision), reading].append(e.reading == reading)
        by_reading[reading].append(e.reading == reading)
    return {
        rule: round(float((sum(each) + PRIOR * np.mean(by_reading[reading])) / (len(each) + PRIOR)), 4)
        for (rule, reading), each in right.items()
    }


def calibrated_rules(examples: Sequence[Example]) -> list[tuple[str, str, float]]:
    """Return the rules' answers with confidences counted on the other folds."""
    fold_of = assign_folds(examples, FOLDS, SEED)
    rows: list[tuple[str, str, float]] = []
    for fold in range(FOLDS):
        known = rule_table([e for e in examples if fold_of[e.group] != fold])
        for e in examples:
            if fold_of[e.group] == fold:
                decision = e.observed.decision
                confidence = known.get(rule_of(decision), decision.confidence)
                rows.append((e.reading, str(decision.reading), confidence))
    return rows


def answers(
    examples: Sequence[Example], chances: np.ndarray, *, overrule: float = 0.0, drop: float = 1.0
) -> list[tuple[str, str, float]]:
    """Return (annotated, found, confidence) as `ReadingModel.decide` would answer."""
    rows = []
    for example, row in zip(examples, chances, strict=True):
        if row[-1] >= drop:
            rows.append((example.reading, NONE, float(row[-1])))
            continue
        share = row[:-1] / (1.0 - row[-1])
        best, ruled = int(share.argmax()), LABELS.index(str(example.observed.decision.reading))
        chosen = best if share[best] >= overrule else ruled
        rows.append((example.reading, LABELS[chosen], float(share[chosen])))
    return rows


def settled(
    examples: Sequence[Example], chances: np.ndarray, trust: float = 0.8
) -> list[tuple[str, str, float]]:
    """Return (annotated, found, confidence) as `ReadingModel.settle` would answer."""
    rules = calibrated_rules(examples)
    weighed = answers(examples, chances)
    known = dict(zip(fold_order(examples), rules, strict=True))
    return [known[i] if known[i][2] >= trust else answer for i, answer in enumerate(weighed)]


def fold_order(examples: Sequence[Example]) -> list[int]:
    """Return the places of the examples, one fold after the other, as `calibrated_rules` lists them."""
    fold_of = assign_folds(examples, FOLDS, SEED)
    return [i for fold in range(FOLDS) for i, e in enumerate(examples) if fold_of[e.group] == fold]


def save(path: Path, examples: Sequence[Example], penalty: float) -> None:
    """Train on everything and write the weights, rounded and without zeros."""
    gold = np.array([LABELS.index(e.reading) for e in examples])
    temperature = best_temperature(cross_scores(examples, penalty, FOLDS, SEED), gold)
    columns, weights = fit(examples, penalty)
    table = {
        feature: {str(k): round(float(w), 3) for k, w in enumerate(weights[i]) if abs(w) >= 0.02}
        for feature, i in columns.items()
    }
    content = {
        "schema": SCHEMA,
        "labels": LABELS,
        "temperature": round(temperature, 4),
        "cues": {name: sorted(words) for name, words in load_cues().items()},
        "corpora": LICENCES,
        "annotation": hashlib.sha256(Path(__file__).with_name("readings_dev.csv").read_bytes()).hexdigest(),
        "trained_on": len(examples),
        "settings": {"penalty": penalty, "rare": RARE, "held": HELD},
        "rules": dict(sorted(rule_table(examples).items())),
        "weights": {feature: row for feature, row in table.items() if row},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    partial.write_text(text + "\n", encoding="utf-8")
    os.replace(partial, path)
    print(f"{path}: {len(content['weights'])} features, {path.stat().st_size / 1000:.0f} kB", file=sys.stderr)


def write_errors(path: Path, examples: Sequence[Example], chances: np.ndarray) -> None:
    """Write what the cross-validated model gets wrong, in its sentence, for the eye."""
    lines = []
    for example, (gold, found, confidence) in zip(examples, answers(examples, chances), strict=True):
        if gold != found:
            rule = f"{example.observed.decision.reading}: {rule_of(example.observed.decision)}"
            lines.append(f"{gold} < {found} {confidence:.2f} ({rule})\t{example.shown}")
    path.write_text("\n".join(sorted(line.replace("\n", " / ") for line in lines)) + "\n", encoding="utf-8")


def print_policies(examples: Sequence[Example], chances: np.ndarray) -> None:
    """Print what the model's two thresholds do to the accuracy, and the accuracy by corpus."""
    print("\n| overrules from | drops from | names | their ECE | all | names dropped | no names dropped |")
    print("|---|---|---|---|---|---|---|")
    for overrule, drop in (
        (0.0, 1.0),
        (0.5, 1.0),
        (0.6, 1.0),
        (0.7, 1.0),
        (0.8, 1.0),
        (0.0, 0.5),
        (0.0, 0.7),
    ):
        rows = answers(examples, chances, overrule=overrule, drop=drop)
        names = [(g, p) for g, p, _ in rows if g != NONE]
        scored = [(c, g == p) for g, p, c in rows if g != NONE]
        lost, found = sum(p == NONE for _, p in names), sum(g == p == NONE for g, p, _ in rows)
        print(
            f"| {overrule} | {drop} | {np.mean([g == p for g, p in names]):.3f} "
            f"| {expected_calibration_error(scored):.3f} "
            f"| {np.mean([g == p for g, p, _ in rows]):.3f} | {lost} of {len(names)} "
            f"| {found} of {len(rows) - len(names)} |"
        )
    for name in LICENCES:
        rows = [row for e, row in zip(examples, answers(examples, chances), strict=True) if e.corpus == name]
        names = [g == p for g, p, _ in rows if g != NONE]
        print(f"{name}: {np.mean(names):.3f} of {len(names)} names")


def print_last(examples: Sequence[Example], count: int, penalty: float, trust: float = 0.8) -> None:
    """Print the scores of the last rows of the annotation, everything learned on those before."""
    first = len(load_annotation()) - count
    known = [example for example in examples if example.row < first]
    fresh = [example for example in examples if example.row >= first]
    gold = np.array([LABELS.index(example.reading) for example in known])
    temperature = best_temperature(cross_scores(known, penalty, FOLDS, SEED), gold)
    columns, weights = fit(known, penalty)
    weighed = answers(fresh, softmax(matrix(fresh, columns) @ weights / temperature))
    rules = rule_table(known)
    rows = []
    for example, answer in zip(fresh, weighed, strict=True):
        ruled = example.observed.decision
        share = rules.get(rule_of(ruled), ruled.confidence)
        rows.append((example.reading, str(ruled.reading), share) if share >= trust else answer)
    names = [example for example in fresh if example.reading != NONE]
    right = np.mean([str(example.observed.decision.reading) == example.reading for example in names])
    print(f"rules alone, names only: {right:.3f} of {len(names)}\n")
    print_scores([row for row in rows if row[0] != NONE])


def main() -> None:
    """Cross-validate, print the tables, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the annotated corpora")
    parser.add_argument("--out", type=Path, nargs="?", const=OUT, help="write the weights (default: package)")
    parser.add_argument("--penalty", type=float, default=1.0, help="strength of the squared penalty")
    parser.add_argument("--last", type=int, help="only train without the last N rows and score these")
    parser.add_argument("--plot", type=Path, help="draw the reliability as SVG to this file")
    parser.add_argument("--errors", type=Path, help="write the wrong mentions to this file")
    options = parser.parse_args()
    examples = collect(options.eval)
    if options.last:
        print_last(examples, options.last, options.penalty)
        return
    print("## Rules, confidence calibrated by cross-validation, names only\n")
    print_scores([row for row in calibrated_rules(examples) if row[0] != NONE])
    chances = cross_validate(examples, options.penalty)
    print("\n## Model, cross-validated, names only\n")
    print_scores([row for row in answers(examples, chances) if row[0] != NONE])
    final = [row for row in settled(examples, chances) if row[0] != NONE]
    print("\n## Rules that are right four times out of five, else the model, cross-validated, names only\n")
    print_scores(final)
    if options.plot:
        draw(options.plot, in_bins([(c, g == p) for g, p, c in final]), "Readings, cross-validated")
    print("\n## Model, cross-validated, strings that are no names dropped from 0.5\n")
    print_scores(answers(examples, chances, drop=0.5))
    print_policies(examples, chances)
    if options.errors:
        write_errors(options.errors, examples, chances)
    if options.out:
        save(options.out, examples, options.penalty)


if __name__ == "__main__":
    main()
