"""Which place a name means: evidence, "none of these", facilities."""

from __future__ import annotations

import math

import pytest

from geo.arabic import tokenize
from geo.model import Mention
from geo.places import Gazetteer
from geo.reading.mentions import read_mentions
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import Context, EvidenceResolver, Resolution, Votes, against, evidence


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """Return the shipped gazetteer."""
    return Gazetteer.open()


def _resolve(gazetteer: Gazetteer, text: str, context: Context) -> Resolution:
    doc = tokenize(text)
    return EvidenceResolver().resolve(doc, DictionaryRecognizer(gazetteer).recognize(doc)[0], context)


def _read(gazetteer: Gazetteer, text: str) -> tuple[Mention, ...]:
    return read_mentions(tokenize(text), DictionaryRecognizer(gazetteer), EvidenceResolver(), gazetteer)


@pytest.mark.parametrize("country", ["LB", "LY"])
def test_the_country_the_text_speaks_of_decides(gazetteer: Gazetteer, country: str) -> None:
    place = _resolve(gazetteer, "طرابلس", Context(votes={country: 1.0})).place
    assert place is not None
    assert place.country == country


def test_scores_are_the_sum_of_their_reasons_and_none_has_its_share(gazetteer: Gazetteer) -> None:
    resolution = _resolve(gazetteer, "طرابلس", Context(votes={"LB": 1.0}))
    scores = [candidate.score for candidate in resolution.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) < 1.0
    assert resolution.candidates[0].features["country_vote"] > 0
    assert any("LB" in reason for reason in resolution.reasons)


def test_every_piece_of_evidence_has_a_weight(gazetteer: Gazetteer) -> None:
    doc = tokenize("حلب")
    toponym = DictionaryRecognizer(gazetteer).recognize(doc)[0]
    used = set(against(toponym)).union(*(features for _, features in evidence(doc, toponym, Context())))
    weights = dict.fromkeys(used, 0.0)
    assert EvidenceResolver(weights).resolve(doc, toponym, Context()).candidates


def test_other_weights_give_another_answer(gazetteer: Gazetteer) -> None:
    doc = tokenize("حلب")
    toponym = DictionaryRecognizer(gazetteer).recognize(doc)[0]
    features = {*against(toponym), *evidence(doc, toponym, Context())[0][1]}
    never = dict.fromkeys(features, 0.0) | {"none_of_these": 50.0}
    assert EvidenceResolver(never).resolve(doc, toponym, Context()).place is None


def test_a_hospital_never_falls_back_to_a_far_town(gazetteer: Gazetteer) -> None:
    for mention in _read(gazetteer, "نقل الجرحى إلى مستشفى الهضبة في طرابلس الليبية."):
        assert mention.place is None or mention.place.country == "LY"


def test_a_university_of_a_country_stands_at_its_city(gazetteer: Gazetteer) -> None:
    mention = _read(gazetteer, "أغلقت جامعة الكويت أبوابها.")[0]
    assert mention.place is not None
    assert mention.place.feature_code == "PPLC"
    assert mention.place.uncertainty_km >= 15


def test_a_port_of_a_country_is_no_place(gazetteer: Gazetteer) -> None:
    mention = _read(gazetteer, "وصلت السفينة إلى مرفأ لبنان.")[0]
    assert mention.place is None or not mention.place.feature_code.startswith("PCL")


def test_a_unit_stands_at_the_town_of_its_name(gazetteer: Gazetteer) -> None:
    mention = next(m for m in _read(gazetteer, "سيول في محافظة حفر الباطن") if m.place)
    assert mention.place is not None
    assert abs(mention.place.lat - 28.43) < 0.2
    assert abs(mention.place.lon - 45.96) < 0.2


def test_no_name_votes_for_itself() -> None:
    """The votes of the others, added up anew for each name, are what the table of all votes gives."""
    votes = Votes({"LY": 2.0, "RU": 1.0}, {"a": {"LY": 0.5, "EG": 3.0}, "b": {"EG": 0.25}, "c": {"TN": 0.1}})
    for key in ("a", "b", "c", "d"):
        counts = dict(votes.fixed)
        for other, own in votes.by_key.items():
            if other != key:
                counts = {c: counts.get(c, 0.0) + own.get(c, 0.0) for c in {*counts, *own}}
        scale = math.log1p(max(2.0, *counts.values()))
        spoken = votes.without(key)
        assert spoken.strongest == pytest.approx(max(math.log1p(count) / scale for count in counts.values()))
        for country in ("LY", "RU", "EG", "TN", "XX"):
            assert spoken.get(country, 0.0) == pytest.approx(math.log1p(counts.get(country, 0.0)) / scale)
