"""The reading model: features by declared cues, probabilities that sum to one, thresholds, damaged files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.arabic import tokenize
from geo.errors import GazetteerError
from geo.model import Reading
from geo.reading.reading_model import NO_NAME, ReadingModel, cue_features, rule_of
from geo.reading.readings import Decision, Surroundings, decide
from geo.reading.toponyms import Toponym


@pytest.fixture(scope="module")
def model() -> ReadingModel:
    return ReadingModel.open()


def around(text: str, word: str) -> Surroundings:
    doc = tokenize(text)
    first = next(i for i, token in enumerate(doc.tokens) if token.raw == word)
    token = doc.tokens[first]
    toponym = Toponym(first, first + 1, token.start, token.end, token.key)
    return Surroundings(doc, toponym, None, None, None, first - 1)


def test_labels_are_the_readings_and_no_name(model: ReadingModel) -> None:
    assert set(model.labels) == {reading.value for reading in Reading} | {NO_NAME}


def test_probabilities_sum_to_one(model: ReadingModel) -> None:
    here = around("انفجرت عبوة في درعا", "درعا")
    likely = model.probabilities(cue_features(here, decide(here), model.cues))
    assert sum(likely.values()) == pytest.approx(1.0)
    assert max(likely, key=lambda label: likely[label]) == "literal"


def test_rule_names_do_not_hold_words_of_the_text() -> None:
    assert rule_of(Decision(Reading.LITERAL, 0.9, "the word 'في' says where")) == "the word says where"
    listed = "listed with one that is: listed with one that is: movement: 'وصل'"
    assert rule_of(Decision(Reading.LITERAL, 0.5, listed)) == "listed: movement:"


def test_thresholds() -> None:
    model = ReadingModel(("literal", "metonymic", NO_NAME), {"bias": (0.0, 1.0, 2.0)}, {}, {}, 1.0)
    here = around("في درعا", "درعا")
    ruled = Decision(Reading.LITERAL, 0.9, "a rule")
    kept = model.decide(here, ruled, overrule=0.9)
    changed = model.decide(here, ruled)
    assert kept is not None
    assert kept.reading is Reading.LITERAL
    assert kept.confidence == pytest.approx(0.2689)
    assert changed is not None
    assert changed.reading is Reading.METONYMIC
    assert model.decide(here, ruled, drop=0.5) is None


def test_a_rule_that_is_mostly_right_stands() -> None:
    weights = {"bias": (0.0, 1.0, 0.0)}
    model = ReadingModel(("literal", "metonymic", NO_NAME), weights, {"good": 0.95, "bad": 0.4}, {}, 1.0)
    here = around("في درعا", "درعا")
    assert model.settle(here, Decision(Reading.LITERAL, 0.5, "good")).confidence == pytest.approx(0.95)
    assert model.settle(here, Decision(Reading.LITERAL, 0.5, "bad")).reading is Reading.METONYMIC


def test_unknown_rule_keeps_its_confidence(model: ReadingModel) -> None:
    ruled = Decision(Reading.LITERAL, 0.9, "a rule nobody has seen")
    assert model.calibrated(ruled) == ruled


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"schema": 99, "labels": [], "weights": {}})])
def test_damaged_weights_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "readings.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"readings\.json"):
        ReadingModel.open(path)
