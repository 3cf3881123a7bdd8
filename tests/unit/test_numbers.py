"""Numbers in digits and words, their hedges, ranges and units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.arabic.normalize import tokenize
from geo.arabic.numbers import Number, parse_length_km, parse_number, parse_ordinal
from geo.arabic.rules import table


def first(text, parse=parse_number):
    tokens = tokenize(text).tokens
    found = (parse(tokens, index) for index in range(len(tokens)))
    return next((number for number in found if number is not None), None)


def examples(name):
    return [(text, value) for entry in table(name) for text, value in entry["examples"]]


COUNTED = examples("number_word") + examples("dual") + examples("length_unit")
LETTERS = "0123456789.,-/ وبلاألفمئةخمسةعشرينمليونكم نصفبين من إلى\n"


@pytest.mark.parametrize(("text", "value"), COUNTED)
def test_rule_examples(text, value):
    assert first(text).value == value


@pytest.mark.parametrize("entry", table("hedge"), ids=lambda entry: entry["gloss"])
def test_hedge_examples(entry):
    for text, value in entry["examples"]:
        assert (first(text).value, first(text).hedge) == (value, entry["sign"])


@pytest.mark.parametrize(("text", "value"), examples("ordinal"))
def test_ordinal_examples(text, value):
    assert parse_ordinal(tokenize(text).tokens, 0)[0] == value


@pytest.mark.parametrize("text", [text for entry in table("vague") for text in entry["examples"]])
def test_vague_examples(text):
    number = first(text)
    assert number.vague
    assert number.value is None


@pytest.mark.parametrize("text", [text for entry in table("range_word") for text in entry["examples"]])
def test_range_examples(text):
    number = first(text)
    assert (number.value, number.low, number.high, number.hedge) == (None, 20, 30, "..")


@pytest.mark.parametrize("text", [text for entry in table("not_length") for text in entry["examples"]])
def test_not_length_examples(text):
    assert first(text, parse_length_km) is None


def test_case_number_words_with_endings():
    assert first("مقتل خمسة وعشرين شخصا").value == 25
    assert first("ثلاثة وأربعون").value == 43
    assert first("ثلاثة وأربعين").value == 43


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "hedge"),
    [
        ("إصابة نحو 20", 20, None, None, "~"),
        ("أكثر من 40", 40, 40, None, ">"),
        ("ما لا يقل عن 7", 7, 7, None, ">="),
        ("وأكثر من 40", 40, 40, None, ">"),
        ("أقل من عشرة قتلى", 10, None, 10, "<"),
    ],
)
def test_case_hedges(text, value, low, high, hedge):
    number = first(text)
    assert (number.value, number.low, number.high, number.hedge) == (value, low, high, hedge)


def test_hedge_is_read_from_the_number_too():
    tokens = tokenize("إصابة نحو 20 شخصا").tokens
    assert parse_number(tokens, 2) == Number(20.0, None, None, "~", 2, 3)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("قتيلان", 2, ""), ("جريحين", 2, ""), ("كيلومترين", 2, "km"), ("مئتي متر", 200, "m")],
)
def test_case_duals(text, value, unit):
    number = first(text)
    assert (number.value, number.unit) == (value, unit)


def test_case_vague_words():
    assert first("ألف").value == 1000
    assert first("آلاف").value is None
    assert first("مئات").vague


@pytest.mark.parametrize("text", ["2,5 مليون", "2.5 مليون", "مليونين ونصف المليون", "مليونان ونصف مليون"])
def test_case_millions(text):
    assert first(text).value == 2.5e6


def test_case_distance_in_words():
    assert first("على بعد خمسين كيلومترا جنوبي طرابلس", parse_length_km).value == 50


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("٥٠ كلم", 50),
        ("15 ك.م", 15),
        ("37 km", 37),
        ("كيلومتر واحد", 1),
        ("كيلومترين ونصف", 2.5),
        ("12 ميلا بحريا", 22.224),
        ("ميلين", 3.218688),
        ("خمسمئة متر", 0.5),
    ],
)
def test_lengths_in_km(text, km):
    assert first(text, parse_length_km).value == pytest.approx(km)


@pytest.mark.parametrize("text", ["20 كيلومترا مربعا", "5 كيلو غرام", "120 كم/ساعة", "17 عاما", "طرابلس"])
def test_no_lengths(text):
    assert first(text, parse_length_km) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,500 شخص", 4500),
        ("4.500 شخص", 4500),
        ("2.125 مليون", 2125000),
        ("ثلاث مئة وخمسة وأربعين ألفا وستة عشر", 345016),
        ("و2.5 مليون", 2.5e6),
        ("ب4.5 مليار", 4.5e9),
        ("واحد وعشرين", 21),
    ],
)
def test_compounds(text, value):
    assert first(text).value == value


def test_scale_counts_for_both_ends_of_a_range():
    assert (first("2-3 ملايين").low, first("2-3 ملايين").high) == (2e6, 3e6)


@pytest.mark.parametrize("text", ["الاثنين", "الأحد", "السبت", "نصف السكان", "المدنيين", "مسلحين"])
def test_not_numbers(text):
    assert first(text) is None


def test_a_number_stops_at_punctuation():
    assert first("مئة، وخمسون آخرون").value == 100


@given(st.text(alphabet=st.sampled_from(LETTERS), max_size=60))
def test_any_text_gives_numbers_inside_it(text):
    tokens = tokenize(text).tokens
    for index in range(len(tokens)):
        for number in (parse_number(tokens, index), parse_length_km(tokens, index)):
            if number is not None:
                assert number.start == index < number.end <= len(tokens)
                assert number.low is None or number.high is None or number.low <= number.high
        parse_ordinal(tokens, index)
