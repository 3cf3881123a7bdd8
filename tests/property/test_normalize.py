"""What holds for every text: offsets lead back, keys are fixed points, marks change nothing."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.arabic import clitic_splits, fold, loose_key, strict_key, tokenize, undiacritised

DIRECTION_MARKS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةىٱگچپڤیکہەۀ"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
INVISIBLE = "\u0640\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
PRESENTATION = "".join(map(chr, [*range(0xFE8D, 0xFEFD), 0xFDF2]))
LIGATURES = "\ufdf2\ufdfa\ufdfb\ufdfc"
OTHER = " \n\t.,،؛؟!()«»“”\"'’#_-/0123456789٠١٢۴۵٫٬abcXYZéĀṭʻßİ"

arabic_words = st.text(LETTERS, min_size=1, max_size=12)
marked_texts = st.text(
    LETTERS + MARKS + INVISIBLE + PRESENTATION + LIGATURES + OTHER + "\u0653\u0654\u0655", max_size=60
)
texts = marked_texts | st.text(max_size=60)
repeatable = settings(derandomize=True, max_examples=300, deadline=None)
keys = arabic_words.map(strict_key)


@repeatable
@given(texts)
def test_the_fold_leads_back_to_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.origin) == len(folded.key) + 1
    assert list(folded.origin) == sorted(folded.origin)
    assert folded.origin[-1] == len(text)
    for index in range(len(folded.key)):
        start, end = folded.span(index, index + 1)
        assert 0 <= start < end <= len(text)
        assert folded.key[index] in fold(text[start:end]).key


@repeatable
@given(texts)
def test_a_span_of_the_key_folds_to_itself(text: str) -> None:
    folded = fold(text)
    if folded.key:
        start, end = folded.span(0, len(folded.key))
        assert fold(text[start:end]).key == folded.key


@repeatable
@given(texts)
@example("\U0001d468")
@example("\u1d2c\u2122")
def test_strict_and_loose_keys_are_fixed_points(text: str) -> None:
    assert strict_key(strict_key(text)) == strict_key(text)
    assert loose_key(loose_key(text)) == loose_key(text)
    assert loose_key(strict_key(text)) == loose_key(text)


@repeatable
@given(texts)
def test_keys_hold_single_spaces_only(text: str) -> None:
    key = strict_key(text)
    assert key == " ".join(key.split())
    assert "_" not in key


@repeatable
@given(texts)
@example("\u0e33")
@example("a\u0901")
@example("قال \ufdfa ذلك")
@example("\u2100")
def test_tokens_slice_back_in_order_without_overlap(text: str) -> None:
    doc = tokenize(text)
    before = 0
    for token in doc.tokens:
        assert before <= token.start < token.end <= len(text)
        assert token.gap == text[before : token.start].translate(DIRECTION_MARKS)
        assert fold(text[token.start : token.end]).key == token.key
        assert token.raw == undiacritised(text[token.start : token.end])
        assert clitic_splits(token.key)[0].core == token.key
        before = token.end


@repeatable
@given(texts)
def test_sentences_cover_the_tokens_in_order(text: str) -> None:
    doc = tokenize(text)
    assert len(doc.sentences) == len(doc.ranges)
    covered = [index for first, last in doc.ranges for index in range(first, last)]
    assert covered == list(range(len(doc.tokens)))
    before = 0
    for (start, end), (first, last) in zip(doc.sentences, doc.ranges, strict=True):
        assert before <= start == doc.tokens[first].start
        assert doc.tokens[last - 1].end <= end <= len(text)
        assert {token.sentence for token in doc.tokens[first:last]} == {doc.ranges.index((first, last))}
        before = end


@repeatable
@given(arabic_words, st.data())
def test_marks_and_invisible_characters_change_no_key(word: str, data: st.DataObject) -> None:
    noisy = "".join(letter + data.draw(st.text(MARKS + INVISIBLE, max_size=2)) for letter in word)
    assert strict_key(noisy) == strict_key(word)
    assert loose_key(noisy) == loose_key(word)
    assert undiacritised(noisy) == word
    tokens = tokenize(noisy).tokens
    assert [token.key for token in tokens] == [strict_key(word)]
    assert tokens[0].start == 0


@repeatable
@given(st.text(LETTERS + "éüāṭḥ ", max_size=20))
def test_decomposed_text_has_the_same_key(text: str) -> None:
    assert strict_key(unicodedata.normalize("NFD", text)) == strict_key(text)
    assert strict_key(unicodedata.normalize("NFC", text)) == strict_key(text)


@repeatable
@given(st.text(PRESENTATION, min_size=1, max_size=8))
def test_presentation_forms_have_the_key_of_the_letters(text: str) -> None:
    assert strict_key(text) == strict_key(unicodedata.normalize("NFKC", text))


@repeatable
@given(keys.filter(bool))
def test_splits_rebuild_the_word(key: str) -> None:
    splits = clitic_splits(key)
    assert len(set(splits)) == len(splits)
    for split in splits:
        assert key[split.cut :]
        restored = split.core.removeprefix("\u0627\u0644") if not key.endswith(split.core) else split.core
        assert key.endswith(restored)
        assert key.startswith(split.prefix)


@repeatable
@given(keys.filter(bool), st.sampled_from(["", "و", "ف"]), st.sampled_from(["", "ب", "ل", "ك"]))
def test_every_proclitic_put_on_is_found_again(name: str, conjunction: str, preposition: str) -> None:
    word = strict_key(conjunction + preposition + name)
    if preposition == "ل" and name.startswith("ال"):
        word = conjunction + ("ل" + name[1:] if not name.startswith("الل") else name[1:])
    if len(name) > 1:
        assert name in [split.core for split in clitic_splits(word)], word


@repeatable
@given(texts, texts)
@example("\u0627\u0644\u0627", "\u0653\u0644")
def test_a_text_folds_like_its_letters(one: str, other: str) -> None:
    text = one + other
    letters = [fold(letter).key for letter in text]
    folded = fold(text)
    if not set(text) & set("\u0653\u0654\u0655"):
        assert folded.key == "".join(letters)
    offsets = [offset for offset, letter in enumerate(letters) for _ in letter]
    assert list(folded.origin) == [*offsets, len(text)]
