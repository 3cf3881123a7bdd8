"""Properties of dates: spans slice back, intervals are sound, sentences do not mix, nothing raises."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.arabic.normalize import tokenize
from geo.arabic.rules import table
from geo.reading.dates import find_dates, link_dates

_TODAY = "2019-03-05"
_NAMES = ("month", "hijri_month", "feast", "weekday", "date_word", "told_from_today", "time_unit", "opening")
_EXAMPLES = [text for name in _NAMES for entry in table(name) for text, _ in entry["examples"]]
_MARKS = [*"()/-.،,و", "2017", "14", "1438", "99"]
_WORDS = sorted({word for text in _EXAMPLES for word in text.split()}) + _MARKS
_PHRASES = st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join)
_LETTERS = st.text(alphabet=st.characters(min_codepoint=0x0600, max_codepoint=0x06FF), max_size=40)
_GLUED = st.lists(st.sampled_from(_WORDS), max_size=14).map("".join)
_ANY = st.one_of(_PHRASES, _LETTERS, st.text(max_size=40), _GLUED)
_DAYS = st.one_of(st.just(""), st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat))


@settings(max_examples=400, deadline=None)
@given(_ANY, _DAYS)
def test_any_text_gives_sound_dates(text, today):
    doc = tokenize(text)
    times = find_dates(doc, document_date=today)
    for time in (*times, *link_dates(times, doc)):
        assert text[time.start : time.end] == time.text
        assert time.start < time.end
        if time.date_start and time.date_end:
            assert date.fromisoformat(time.date_start) <= date.fromisoformat(time.date_end)
            assert time.precision in (1, 2, 3, 4, 5)
        if time.anchor:
            assert text[time.anchor.start : time.anchor.end] == time.anchor.text
            assert time.start <= time.anchor.start < time.anchor.end <= time.end


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_EXAMPLES), max_size=5))
def test_sentences_do_not_mix(sentences):
    alone = [time.text for text in sentences for time in find_dates(tokenize(text), document_date=_TODAY)]
    together = find_dates(tokenize("\n".join(sentences)), document_date=_TODAY)
    assert [time.text for time in together] == alone


@settings(max_examples=200, deadline=None)
@given(_PHRASES)
def test_without_a_day_of_writing_nothing_is_told_from_one(text):
    for time in find_dates(tokenize(text)):
        assert time.relative_to != "document" or (time.date_start, time.date_end) == (None, None)
