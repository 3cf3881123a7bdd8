"""What holds for every text that goes through the whole pipeline, however it is written."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Article, Document
from geo.reading.pipeline import Geoparser

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "notebooks/samples").glob("*.txt"))
TEXTS = [path.read_text(encoding="utf-8") for path in SAMPLES]
PARAGRAPHS = [line for text in TEXTS for line in text.splitlines() if line]
WORDS = sorted({word for text in TEXTS for word in text.split()})
NAMES = ["حفر الباطن", "دير الزور", "بنغازي", "لطرابلس", "وبالرياض", "شارع بغداد", "سيدي بوزيد", "بحر العرب"]
NOISE = [
    *"\u200f\u202b\u200c\u200d\u0301\ud7ff\U0010ffff\x00", "\n", "\r\n", "ـ", "َ", "ﷺ", "ﷲ", "😀", "É",
    *'،.؟()"«#_/-', "10", "٢٠", "2017", "هـ", "http://x.y", "@abc", "RT", "COVID-19", *"ملب", "و", "في", "من",
    "إلى", "كم", "بعد", "قبل", "الماضي", "بين", "شمال",
]  # fmt: skip
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"

repeatable = settings(derandomize=True, max_examples=60, deadline=None)
parts = st.sampled_from(WORDS) | st.sampled_from(NAMES) | st.sampled_from(NOISE)
texts = st.lists(st.tuples(parts, st.sampled_from([" ", " ", "", "\n", "، ", ". ", "_"])), max_size=25).map(
    lambda drawn: "".join(word + gap for word, gap in drawn)
)
days = st.sampled_from(["", "2020-02-29", "2024-03-02"])


SHARED = Geoparser()
"""Opened once: the gazetteer is mapped into memory, and examples are many."""


@repeatable
@given(texts | st.text(max_size=80) | st.sampled_from(PARAGRAPHS), days)
def test_every_text_gives_a_sound_document_twice(text: str, day: str) -> None:
    article = Article("a", text, day)
    document = SHARED.parse(article)
    sound(document, text)
    assert SHARED.parse(article) == document


def sound(document: Document, text: str) -> None:
    """Check that spans lead back to the text, and that what points at something points at something real."""
    for span in (*document.mentions, *document.footprints, *document.times):
        assert text[span.start : span.end] == span.text
        assert span.text.strip()
    for left, right in pairwise(document.mentions):
        assert left.end <= right.start
    for mention in document.mentions:
        assert 0.0 <= mention.confidence <= 1.0
        assert all(0 <= outer < len(document.mentions) for outer in mention.containers)
    for time in document.times:
        assert not time.date_start or not time.date_end or time.date_start <= time.date_end
    for event in document.events:
        assert text[event.trigger.start : event.trigger.end] == event.trigger.text
        assert text[event.quote.start : event.quote.end] == event.quote.text
        assert event.quote.start <= event.trigger.start < event.trigger.end <= event.quote.end
    assert len({event.id for event in document.events}) == len(document.events)


def places(document: Document) -> list[tuple[str, str]]:
    """Return which places a document was understood to name, and how."""
    return [(m.reading.value, m.place.id if m.place else "") for m in document.mentions]


def happened(document: Document) -> list[tuple[str, str, str]]:
    """Return what happened, when, and at which kind of spot."""
    return [(event.type, event.date_start or "", event.modality.value) for event in document.events]


def shaped(text: str) -> str:
    """Write every Arabic letter as the presentation form that its neighbours ask for."""
    forms: dict[tuple[str, str], str] = {}
    for point in range(0xFE70, 0xFEFD):
        kind, _, plain = unicodedata.decomposition(chr(point)).partition(" ")
        if kind and plain:
            forms.setdefault((kind, "".join(chr(int(code, 16)) for code in plain.split())), chr(point))

    def joins(letter: str) -> bool:
        return ("<medial>", letter) in forms

    written: list[str] = []
    index, before = 0, ""
    while index < len(text):
        letter = text[index : index + 2]
        if ("<isolated>", letter) not in forms or len(letter) == 1:
            letter = text[index]
        behind = text[index + len(letter) : index + len(letter) + 1]
        left = bool(before) and joins(before) and ("<final>", letter) in forms
        right = joins(letter) and ("<final>", behind) in forms
        kind = {(0, 0): "<isolated>", (0, 1): "<initial>", (1, 0): "<final>", (1, 1): "<medial>"}[left, right]
        written.append(forms.get((kind, letter), letter))
        index += len(letter)
        before = letter[-1]
    return "".join(written)


def between_letters(mark: str) -> Callable[[str], str]:
    """Return a writer that puts a mark behind each letter that is followed by another."""

    def write(text: str) -> str:
        pairs = zip(text, text[1:] + " ", strict=True)
        return "".join(a + mark if "ء" <= a <= "ي" and "ء" <= b <= "ي" else a for a, b in pairs)

    return write


WRITERS: dict[str, Callable[[str], str]] = {
    "presentation forms": shaped,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "tatweel": between_letters("ـ"),
    "fatha on every letter": between_letters("\u064e"),
    "shadda and kasra on every letter": between_letters("\u0651\u0650"),
    "zero-width non-joiner": between_letters("\u200c"),
    "direction marks round words": lambda text: text.replace(" ", "\u200f \u200f"),
    "Windows newlines": lambda text: text.replace("\n", "\r\n"),
    "no space behind commas": lambda text: text.replace("، ", "،"),
    "no space behind full stops": lambda text: text.replace(". ", "."),
    "two spaces": lambda text: text.replace(" ", "  "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "eastern digits": lambda text: text.translate({ord("0") + n: 0x0660 + n for n in range(10)}),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in SAMPLES])
def test_the_way_of_writing_changes_nothing(text: str, write: Callable[[str], str]) -> None:
    plain, other = SHARED.parse(text), SHARED.parse(write(text))
    sound(other, write(text))
    assert places(other) == places(plain)
    assert happened(other) == happened(plain)


@settings(repeatable, max_examples=30)
@given(st.sampled_from(PARAGRAPHS), st.integers(0, 999), st.sampled_from([0.05, 0.3, 0.9]))
def test_marks_anywhere_change_nothing(text: str, seed: int, share: float) -> None:
    chance = random.Random(seed)
    written = "".join(
        char + (chance.choice(MARKS + "ـ") if "ء" <= char <= "ي" and chance.random() < share else "")
        for char in text
    )
    ids = [place for _, place in places(SHARED.parse(text))]
    assert [place for _, place in places(SHARED.parse(written))] == ids


@settings(repeatable, max_examples=10)
@given(st.permutations(PARAGRAPHS[:10]))
def test_the_order_of_documents_does_not_matter(order: list[str]) -> None:
    ids = {text: f"d{number}" for number, text in enumerate(PARAGRAPHS)}
    for document in SHARED.parse_many(Article(ids[text], text) for text in order[:3]):
        text = document.article.text
        assert document == Geoparser(SHARED.gazetteer).parse(Article(ids[text], text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("أمطار غزيرة الآن #حفر_الباطن 🌧️", "Hafar"),
        ("سيول جارفة في #حفر_الباطن!!", "Hafar"),
        ("انفجار في #حلب😢الآن", "Aleppo"),
        ("RT @user: قصف على مدينة إدلب🔥🔥 http://t.co/abc", "Idlib"),
        ("قالت Reuters إن القصف أصاب مدينة إدلب (Idlib) أمس", "Idlib"),
        ("عاجل:قصف على مدينة إدلب،ونزوح إلى حلب.التفاصيل لاحقا", "Idlib"),
        ("سقطت قذائف على دير‌الزور", "Deir"),
    ],
)
def test_names_in_posts_are_found(text: str, name: str) -> None:
    document = SHARED.parse(text)
    sound(document, text)
    assert any(name in mention.place.name for mention in document.mentions if mention.place)


@pytest.mark.parametrize("text", ["قتل مدنيون على الطريق بين سيدني ومدريد", "إلى شرق المحيط المتجمد الشمالي"])
def test_areas_round_the_globe_stop_nothing(text: str) -> None:
    sound(SHARED.parse(text), text)
