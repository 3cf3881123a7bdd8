"""Look-up keys, the way back to the text, words, sentences and proclitics."""

from __future__ import annotations

import unicodedata

import pytest

from geo.arabic import (
    clitic_splits,
    fold,
    foreign_letters,
    loose_key,
    strict_key,
    tokenize,
    undiacritised,
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("طَرَابُلُس", "طرابلس"),
        ("طـرابـلـس", "طرابلس"),
        ("ﻃﺮﺍﺑﻠﺲ", "طرابلس"),
        ("طرابلس\u200e", "طرابلس"),
        ("\u202bطرا\u200fبلس\u202c", "طرابلس"),
        ("\u2067طرابلس\u2069", "طرابلس"),
        ("رحمٰن", "رحمن"),
        ("ٱلرياض", "الرياض"),
        ("دبى", "دبي"),
        ("تکریت", "تكريت"),
        ("حفر_الباطن", "حفر الباطن"),
        ("حفر-الباطن", "حفر  الباطن "),
        ("٢٠١٧", "2017"),
        ("۲۰۱۷", "2017"),
        ("Ajdābiyā", "ajdabiya"),
        ("Ra’s Lānūf", "Ra's Lanuf"),
        ("Zliṭen", "ZLITEN"),
    ],
)
def test_spellings_share_the_strict_key(written: str, name: str) -> None:
    assert strict_key(written) == strict_key(name)


@pytest.mark.parametrize("name", ["أجدابيا", "إدلب", "آمد", "مؤتة", "بئر السبع", "Ajdābiyā", "Zliṭen"])
def test_decomposed_names_have_the_key_of_composed_ones(name: str) -> None:
    assert strict_key(unicodedata.normalize("NFD", name)) == strict_key(name)
    assert loose_key(unicodedata.normalize("NFD", name)) == loose_key(name)


def test_strict_key_keeps_what_only_the_loose_key_gives_up() -> None:
    pairs = [("مؤتة", "موتة"), ("صنعاء", "صنعا"), ("گرمسير", "كرمسير"), ("حفرالباطن", "حفر الباطن")]
    for one, other in pairs:
        assert strict_key(one) != strict_key(other)
        assert loose_key(one) == loose_key(other)


def test_zero_width_joiners_do_not_part_a_word_and_the_loose_key_joins_the_spaced_name() -> None:
    assert strict_key("بنی\u200cغازی") == strict_key("بنيغازي")
    assert loose_key("بنی\u200cغازی") == loose_key("بني غازي")


def test_the_raw_form_keeps_every_letter() -> None:
    assert undiacritised("عَلَى") == "على"
    assert undiacritised("علـي") == "علي"
    assert strict_key("على") == strict_key("علي")
    assert undiacritised("إدلب") == "إدلب"


def test_spans_lead_back_behind_the_marks() -> None:
    folded = fold("بِسُورِيَا")
    assert folded.key == "بسوريا"
    start, end = folded.span(1, 6)
    assert folded.text[start:end] == "سُورِيَا"
    assert folded.span(6, 6) == (len(folded.text), len(folded.text))


def test_a_ligature_of_several_letters_leads_back_to_its_one_code_point() -> None:
    folded = fold("عبد ﷲ هنا")
    assert folded.key == "عبد الله هنا"
    start = folded.key.index("الله")
    assert folded.text[slice(*folded.span(start, start + 4))] == "ﷲ"
    assert folded.text[slice(*folded.span(start + 5, start + 8))] == "هنا"


def test_tokens_end_at_arabic_punctuation_and_quotes() -> None:
    doc = tokenize("«طبرق»، بنغازي؛ سرت؟ “درنة” (#حفر_الباطن)")
    assert [token.key for token in doc.tokens] == ["طبرق", "بنغازي", "سرت", "درنه", "حفر", "الباطن"]
    assert doc.tokens[1].gap == "»، "
    assert [doc.text[token.start : token.end] for token in doc.tokens][3] == "درنة"


def test_sentences_break_at_stops_but_not_inside_numbers_and_abbreviations() -> None:
    doc = tokenize("بلغت 4.5 مليار. انتهى؟ نعم\nك.م واحد")
    assert [doc.text[start:end] for start, end in doc.sentences] == [
        "بلغت 4.5 مليار.", "انتهى؟", "نعم", "ك.م واحد",
    ]  # fmt: skip
    assert [token.key for token in doc.tokens][:3] == ["بلغت", "4.5", "مليار"]
    assert [token.sentence for token in doc.tokens] == [0, 0, 0, 1, 2, 3, 3, 3]
    assert doc.ranges == ((0, 3), (3, 4), (4, 5), (5, 8))


def test_decimal_and_thousands_signs_become_ascii() -> None:
    assert [token.key for token in tokenize("٤٫٥ ٤٬٥٠٠").tokens] == ["4.5", "4,500"]


@pytest.mark.parametrize("text", ["", " ", "\n", "؟!", "\u200f", "ـ", "َ", "#_"])
def test_texts_without_words_have_no_tokens(text: str) -> None:
    doc = tokenize(text)
    assert doc.tokens == ()
    assert doc.sentences == ()
    assert strict_key(text) == ""


@pytest.mark.parametrize(
    ("word", "prefix", "name"),
    [
        ("وموسكو", "و", "موسكو"),
        ("فحلب", "ف", "حلب"),
        ("بسوريا", "ب", "سوريا"),
        ("كالموصل", "ك", "الموصل"),
        ("للخرطوم", "ل", "الخرطوم"),
        ("للاذقية", "ل", "اللاذقية"),
        ("لليبيا", "ل", "ليبيا"),
        ("لليبي", "ل", "الليبي"),
        ("ولليمن", "ول", "اليمن"),
        ("وبالجزائر", "وب", "الجزائر"),
        ("فبالقاهرة", "فب", "القاهرة"),
        ("ببنغازي", "ب", "بنغازي"),
        ("بباريس", "ب", "باريس"),
    ],
)
def test_proclitics_are_cut_and_the_article_restored(word: str, prefix: str, name: str) -> None:
    splits = clitic_splits(strict_key(word))
    assert splits[0].core == strict_key(word)
    assert (prefix, strict_key(name)) in [(split.prefix, split.core) for split in splits]


@pytest.mark.parametrize("word", ["لبنان", "باريس", "فرنسا", "كندا", "واشنطن", "سوريا"])
def test_the_whole_word_is_always_the_first_way_to_read_it(word: str) -> None:
    first = clitic_splits(strict_key(word))[0]
    assert (first.prefix, first.core, first.cut) == ("", strict_key(word), 0)


def test_the_future_prefix_is_never_cut() -> None:
    assert strict_key("يدي") not in [split.core for split in clitic_splits(strict_key("وسيدي"))]


def test_foreign_letters_are_none_of_the_arabic_alphabet() -> None:
    alphabet = set("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى")
    assert foreign_letters().isdisjoint(alphabet)
    assert {"گ", "چ", "پ"} <= foreign_letters()
