"""Which place a name means: evidence, "none of these", facilities."""

from __future__ import annotations

import math

import pytest

from geo.arabic import tokenize
from geo.model import Mention
from geo.places import Gazetteer
from geo.reading.by_context import add_context_names
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


def _place_of(gazetteer: Gazetteer, text: str, surface: str) -> Mention:
    return next(m for m in _read(gazetteer, text) if surface in m.text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("وصل الوزير إلى عمّان والزرقاء وتفقد مدن المملكة", "JO"),
        ("سيول في جدة والطائف، وأمطار على مناطق المملكة", "SA"),
        ("افتتح الملك مستشفى في فاس والدار البيضاء وقال إن المملكة بخير", "MA"),
    ],
)
def test_the_kingdom_is_that_of_which_the_text_speaks(gazetteer: Gazetteer, text: str, country: str) -> None:
    place = _place_of(gazetteer, text, "المملكة").place
    assert place is not None
    assert (place.country, place.feature_code) == (country, "PCLI")


def test_the_kingdom_of_no_country_is_no_place(gazetteer: Gazetteer) -> None:
    assert not [m for m in _read(gazetteer, "ارتفع عدد الحالات في المملكة") if m.place]


def test_an_adjective_of_a_country_leaves_the_kingdom_alone(gazetteer: Gazetteer) -> None:
    doc = tokenize("شهدت الرياض في المملكة الدنماركية")
    votes = Votes({"SA": 2.0}, {})
    assert list(add_context_names(doc, (), votes, gazetteer)) == []


def test_a_hash_or_a_quote_does_not_hide_the_head(gazetteer: Gazetteer) -> None:
    for text in ("أمطار على مدينة #الكويت", "أمطار على مدينة «الكويت»"):
        place = _place_of(gazetteer, text, "الكويت").place
        assert place is not None
        assert place.feature_code == "PPLC"


def test_towns_of_a_country_are_in_it_and_not_called_so(gazetteer: Gazetteer) -> None:
    place = _place_of(gazetteer, "انقطع التيار في مدن الكويت", "الكويت").place
    assert place is not None
    assert place.feature_code == "PCLI"


def test_neighbours_in_a_list_are_of_one_kind(gazetteer: Gazetteer) -> None:
    place = _place_of(gazetteer, "تضرب العاصفة مصر وعمان وسوريا", "عمان").place
    assert place is not None
    assert place.country == "OM"


def test_a_road_is_not_where_it_leads(gazetteer: Gazetteer) -> None:
    assert _place_of(gazetteer, "السيول تقطع طريق أسوان", "أسوان").place is None
    between = [m.place for m in _read(gazetteer, "السيول تقطع طريق حلب - دمشق")]
    assert [place.name for place in between if place] == ["Aleppo", "Damascus"]


def test_a_street_stands_in_the_city_named_with_it(gazetteer: Gazetteer) -> None:
    place = _place_of(gazetteer, "حريق في ساحة النافورة في صيدا", "النافورة").place
    assert place is not None
    assert place.name == "Sidon"
    assert place.uncertainty_km >= 15


def test_a_university_of_an_ambiguous_town_is_nowhere(gazetteer: Gazetteer) -> None:
    assert _place_of(gazetteer, "درس في جامعة فيكتوريا", "فيكتوريا").place is None


def test_a_name_behind_its_head_needs_no_context(gazetteer: Gazetteer) -> None:
    place = _place_of(gazetteer, "غارة على مديرية المنار في اليمن", "المنار").place
    assert place is not None
    assert (place.country, place.feature_code) == ("YE", "ADM2")


@pytest.mark.parametrize(
    ("text", "name", "lat", "lon"),
    [
        ("غرقت شوارع مدينة صباح الأحمد في الكويت", "Sabah Al-Ahmad City", 28.78, 48.06),
        ("أمطار على محافظة رفحاء السعودية", "Rafha", 29.63, 43.49),
        ("غارة على مديرية حريب القراميش في اليمن", "Harib Al Qaramish", 15.5, 44.7),
        ("انفجار في الجميزة ببيروت", "Gemmayzeh", 33.9, 35.5),
    ],
)
def test_quarters_and_districts_have_points(
    gazetteer: Gazetteer, text: str, name: str, lat: float, lon: float
) -> None:
    place = next(m.place for m in _read(gazetteer, text) if m.place and m.place.name == name)
    assert abs(place.lat - lat) < 0.3
    assert abs(place.lon - lon) < 0.3


def test_the_city_named_with_an_institution_wins_over_that_of_its_name(gazetteer: Gazetteer) -> None:
    place = _place_of(gazetteer, "درس في جامعة كولومبيا في نيويورك", "كولومبيا").place
    assert place is not None
    assert place.name == "New York City"


def test_an_everyday_word_behind_an_institution_is_no_town(gazetteer: Gazetteer) -> None:
    assert not [m for m in _read(gazetteer, "تخرج في كلية الشريعة عام واحد") if m.place]
