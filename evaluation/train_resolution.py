"""Learn what each piece of evidence for a place weighs, and test it on events not seen.

    python evaluation/train_resolution.py --eval DIR [--write FILE] [--prior 4.0]

DIR holds ``score.py`` and ``resolution/*.jsonl``. A conditional logit over the candidates of each name and
"none of these": right is every candidate whose point lies in the gold box grown by 10 km, or none of these
where no candidate does. Weights are drawn towards those set by hand (a Gaussian prior), never change their
sign, and are always tested on an event that they were not learned on. ``--write`` stores the weights learned
on all events.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from dictionary import GoldRecognizer, is_place, load_scorer
from scipy.optimize import minimize

from geo.arabic import Tokenized, table, tokenize
from geo.model import Mention, Place
from geo.places import Gazetteer
from geo.reading.mentions import read_mentions
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import Context, EvidenceResolver, Resolution, against, evidence
from geo.reading.toponyms import Toponym

KINDS = ("ALL", "CTRY", "CITY", "PROV", "DIST", "HPOI")
FREE = ("none_of_these", "none_respelled", "none_vouched", "none_clitic", "none_long", "vague_unit")


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one name to decide: evidence of each candidate and of none (rows), and which rows are right."""

    event: str
    evidence: np.ndarray
    right: np.ndarray


class Recorder:
    """Resolve as usual, and keep the last look at every toponym."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Take the weights to resolve with."""
        self._resolver = EvidenceResolver(weights)
        self.seen: dict[tuple[int, int], tuple[Toponym, Context]] = {}

    def resolve(self, doc: Tokenized, toponym: Toponym, context: Context) -> Resolution:
        """Return the decision of the resolver."""
        self.seen[toponym.start, toponym.end] = (toponym, context)
        return self._resolver.resolve(doc, toponym, context)


def by_hand() -> dict[str, float]:
    """Return the weights set by hand, in the order of the columns."""
    return {entry["feature"]: float(entry["weight"]) for entry in table("resolution_weight")}


def choices(rows: Sequence[Mapping[str, Any]], scorer: Any, gazetteer: Gazetteer) -> list[Choice]:
    """Return the names to learn from: the gold spans, and those that the program finds by itself."""
    weights = by_hand()
    columns = {name: number for number, name in enumerate(weights)}
    dictionary = DictionaryRecognizer(gazetteer)
    found = []
    for row in rows:
        doc = tokenize(row["text"])
        for recognizer in (GoldRecognizer(gazetteer, row["spans"], dictionary), dictionary):
            recorder = Recorder(weights)
            read_mentions(doc, recognizer, recorder, gazetteer)
            for toponym, context in recorder.seen.values():
                gold = _gold(scorer, row, toponym)
                if gold is not None and toponym.names:
                    found.append(_choice(doc, toponym, context, gold, columns, scorer, row["event"]))
    return found


def _gold(scorer: Any, row: Mapping[str, Any], toponym: Toponym) -> Mapping[str, Any] | None:
    span = {"start": toponym.start, "end": toponym.end}
    return next((gold for gold in row["spans"] if scorer.clitic_match(row["text"], gold, span)), None)


def _choice(
    doc: Tokenized,
    toponym: Toponym,
    context: Context,
    gold: Mapping[str, Any],
    columns: Mapping[str, int],
    scorer: Any,
    event: str,
) -> Choice:
    pairs = evidence(doc, toponym, context)
    rows = np.zeros((len(pairs) + 1, len(columns)))
    for at, features in enumerate([*(features for _, features in pairs), against(toponym)]):
        for name, value in features.items():
            rows[at, columns[name]] = value
    inside = [scorer.in_bbox(gold["bbox"], name.place.lat, name.place.lon) for name, _ in pairs]
    return Choice(event, rows, np.array([*inside, not any(inside)]))


def learn(data: Sequence[Choice], prior: float) -> dict[str, float]:
    """Return the weights that make the right choices most likely, drawn towards those set by hand.

    Parameters
    ----------
    data : sequence of Choice
    prior : float
        How strongly: the inverse variance of the prior.
    """
    start = by_hand()
    centre = np.array(list(start.values()))
    counts: dict[str, int] = {}
    for choice in data:
        counts[choice.event] = counts.get(choice.event, 0) + 1
    share = {event: len(data) / len(counts) / count for event, count in counts.items()}
    bounds = [(None, None) if name in FREE else (0.0, None) for name in start]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = 0.5 * prior * float(((weights - centre) ** 2).sum())
        slope = prior * (weights - centre)
        for choice in data:
            logits = choice.evidence @ weights
            powers = np.exp(logits - logits.max())
            shares = powers / powers.sum()
            good = float(powers[choice.right].sum())
            target = np.where(choice.right, powers / good, 0.0)
            total -= share[choice.event] * float(np.log(good / powers.sum()))
            slope += share[choice.event] * (choice.evidence.T @ (shares - target))
        return total, slope

    result = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return {name: round(float(weight), 3) for name, weight in zip(start, result.x, strict=True)}


Answers = list[dict[str, Any]]


def answers(
    rows: Sequence[Mapping[str, Any]],
    weights: Mapping[str, float],
    scorer: Any,
    gazetteer: Gazetteer,
    *,
    given: bool,
) -> Answers:
    """Resolve every text, and return each gold name with our answer to it."""
    resolver, dictionary = EvidenceResolver(weights), DictionaryRecognizer(gazetteer)
    told = []
    for row in rows:
        recognizer = GoldRecognizer(gazetteer, row["spans"], dictionary) if given else dictionary
        mentions = read_mentions(tokenize(row["text"]), recognizer, resolver, gazetteer)
        spans: list[dict[str, Any]] = [
            {"start": m.start, "end": m.end, "mention": m} for m in mentions if given or is_place(m)
        ]
        for gold in row["spans"]:
            hits = [span for span in spans if scorer.clitic_match(row["text"], gold, span)]
            if not hits:
                hits = sorted(
                    (span for span in spans if scorer.overlap(gold, span)),
                    key=lambda span: -scorer.overlap(gold, span),
                )[:1]
            mention = next((h["mention"] for h in hits if h["mention"].place), None)
            place = mention.place if mention else None
            right = place is not None and scorer.in_bbox(gold["bbox"], place.lat, place.lon)
            told.append(
                {
                    "kind": gold["type"],
                    "event": row["event"],
                    "answered": place is not None,
                    "right": right,
                    "confidence": _probability(mention) if mention else 0.0,
                    "gold": gold,
                    "mention": mention,
                }
            )
    return told


def _probability(mention: Mention) -> float:
    """Return the probability of the place alone: that of the reading is left out."""
    scores = [c.score for c in mention.candidates if mention.place and c.place.id == mention.place.id]
    return scores[0] if scores else mention.confidence


def summary(told: Answers) -> str:
    """Return one line of a table: shares in the box by kind, and of the answers given."""
    cells = []
    for kind in KINDS:
        some = [each for each in told if kind in ("ALL", each["kind"])]
        cells.append(f"{sum(each['right'] for each in some) / max(1, len(some)):.3f}")
    given = [each for each in told if each["answered"]]
    cells.append(f"{sum(each['right'] for each in given) / max(1, len(given)):.3f}")
    cells.append(f"{calibration_error(given):.3f}")
    return " | ".join(cells)


def coverage(told: Answers, scorer: Any) -> str:
    """Return a table: names without a candidate, with a right one among the best six, with a right answer."""
    lines = [
        "| names | gold | no candidate | right among six | right |",
        "|---|---|---|---|---|",
    ]
    kinds = sorted({each["kind"] for each in told}, key=lambda kind: -_count(told, kind))
    for kind in ("ALL", *kinds):
        some = [each for each in told if kind in ("ALL", each["kind"])]
        offered = [(each, _offered(each["mention"])) for each in some]
        none = sum(not places for _, places in offered)
        reach = sum(
            any(scorer.in_bbox(each["gold"]["bbox"], place.lat, place.lon) for place in places)
            for each, places in offered
        )
        right = sum(each["right"] for each in some)
        shares = " | ".join(f"{number / len(some):.3f}" for number in (none, reach, right))
        lines.append(f"| {kind} | {len(some)} | {shares} |")
    return "\n".join(lines)


def _count(told: Answers, kind: str) -> int:
    return sum(each["kind"] == kind for each in told)


def _offered(mention: Mention | None) -> list[Place]:
    if mention is None:
        return []
    chosen = [mention.place] if mention.place is not None else []
    return [*chosen, *(candidate.place for candidate in mention.candidates)]


def calibration_error(given: Answers) -> float:
    """Return the expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for each in given:
        bins.setdefault(min(9, int(each["confidence"] * 10)), []).append((each["confidence"], each["right"]))
    return sum(
        abs(sum(c for c, _ in part) - sum(right for _, right in part)) for part in bins.values()
    ) / max(1, len(given))


def main() -> None:
    """Print the table of hand and learned weights on events not seen, and store the weights if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder of the corpora and score.py")
    parser.add_argument("--write", type=Path, help="store the weights learned on all events there")
    parser.add_argument("--prior", type=float, default=4.0)
    options = parser.parse_args()
    scorer, gazetteer = load_scorer(options.eval), Gazetteer.open()
    path = options.eval / "resolution/idrisi_da.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    events = sorted({row["event"] for row in rows})
    data = choices(rows, scorer, gazetteer)
    learned = {
        event: learn([each for each in data if each.event != event], options.prior) for event in events
    }
    print(f"| weights | {' | '.join(KINDS)} | of answers | ECE |\n|---|{'---|' * (len(KINDS) + 2)}")
    offers: list[str] = []
    for given, title in ((True, "spans given"), (False, "end to end")):
        told = answers(rows, by_hand(), scorer, gazetteer, given=given)
        print(f"| by hand, {title} | {summary(told)} |")
        offers.append(f"\n{title}:\n\n{coverage(told, scorer)}")
        told = []
        for event in events:
            part = [row for row in rows if row["event"] == event]
            told += answers(part, learned[event], scorer, gazetteer, given=given)
        print(f"| learned on the other events, {title} | {summary(told)} |")
        for event in events:
            print(f"| · {event} | {summary([each for each in told if each['event'] == event])} |")
    print("\n".join(offers))
    final = learn(data, options.prior)
    print("\n| feature | by hand | learned |\n|---|---|---|")
    for name, weight in by_hand().items():
        print(f"| {name} | {weight:g} | {final[name]:g} |")
    if options.write:
        _store(options.write, final, path, len(data), options.prior)


def _store(target: Path, weights: Mapping[str, float], corpus: Path, count: int, prior: float) -> None:
    card = {
        "what": "weights of the evidence for a place (conditional logit)",
        "corpus": "IDRISI-D Arabic, CC BY 4.0; values from OpenStreetMap, ODbL, used to judge answers only",
        "corpus_sha256": hashlib.sha256(corpus.read_bytes()).hexdigest(),
        "choices": count,
        "prior": prior,
        "weights": dict(weights),
    }
    part = target.with_suffix(".part")
    part.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    os.replace(part, target)


if __name__ == "__main__":
    main()
