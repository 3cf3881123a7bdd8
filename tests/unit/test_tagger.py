"""The tagger: hashing, forward-backward, weights on disk, and the vote beside the dictionary."""

import json
import pickle
import time
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from geo.arabic import tokenize
from geo.errors import GazetteerError
from geo.places import Gazetteer
from geo.reading.learned import LearnedRecognizer, Limits, place_spans
from geo.reading.mentions import read_mentions
from geo.reading.pipeline import Geoparser
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import EvidenceResolver
from geo.reading.skeletons import Skeletons
from geo.reading.tag_features import PAD, TEMPLATES, attribute_lists, gazetteer_marks, word_facts
from geo.reading.tagger import LABELS, Tagger, Weights, forward_backward, hash_of, kind_of_text

SENTENCE = "وصل وزير الخارجية إلى طرابلس قادما من تونس، والتقى رئيس الحكومة."
MODEL = Path(str(files("geo"))) / "_data/model"


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open()


@pytest.fixture(scope="module")
def weights():
    return Weights.open()


@pytest.fixture(scope="module")
def recognizer(gazetteer, weights):
    return LearnedRecognizer(gazetteer, weights)


def surfaces(recognizer, text):
    return [text[t.start : t.end] for t in recognizer.recognize(tokenize(text))]


def test_forward_backward_equals_the_sum_over_all_paths():
    rng = np.random.default_rng(1)
    scores, moves = rng.normal(size=(1, 4, 3)), rng.normal(size=(3, 3))
    first, last = rng.normal(size=3), rng.normal(size=3)
    weight = np.zeros((4, 3))
    for path in np.ndindex(3, 3, 3, 3):
        total = first[path[0]] + last[path[-1]] + sum(scores[0, i, label] for i, label in enumerate(path))
        total += sum(moves[a, b] for a, b in pairwise(path))
        for i, label in enumerate(path):
            weight[i, label] += np.exp(total)
    expected = weight / weight.sum(axis=1, keepdims=True)
    assert np.allclose(forward_backward(scores, np.array([4]), moves, first, last)[0], expected)


def test_sentences_beside_each_other_do_not_disturb_each_other():
    rng = np.random.default_rng(2)
    scores, moves, ends = rng.normal(size=(2, 6, 7)), rng.normal(size=(7, 7)), rng.normal(size=7)
    together = forward_backward(scores, np.array([6, 2]), moves, ends, ends)
    alone = forward_backward(scores[1:, :2], np.array([2]), moves, ends, ends)
    assert np.allclose(together[1, :2], alone[0])


def test_long_sentences_do_not_overflow():
    likely = forward_backward(
        np.full((1, 5000, 7), 50.0), np.array([5000]), np.zeros((7, 7)), np.zeros(7), np.zeros(7)
    )
    assert np.isfinite(likely).all()


def test_probabilities_sum_to_one(gazetteer, weights):
    doc = tokenize(SENTENCE)
    likely = Tagger(weights).probabilities(doc, *DictionaryRecognizer(gazetteer).look(doc))
    assert likely.shape == (len(doc.tokens), len(LABELS))
    assert np.allclose(likely.sum(axis=1), 1.0)


def test_no_words_no_rows(gazetteer, weights):
    doc = tokenize(" … ")
    assert Tagger(weights).probabilities(doc, *DictionaryRecognizer(gazetteer).look(doc)).shape == (
        0,
        len(LABELS),
    )


def test_scores_are_the_sums_of_the_attributes_of_training(gazetteer, weights):
    doc = tokenize("في طرابلس أمس قتل ثلاثة")
    hits, found = DictionaryRecognizer(gazetteer).look(doc)
    marks = gazetteer_marks(len(doc.tokens), hits, found)
    moving = attribute_lists(doc, marks, weights.skeletons, weights.families)
    facts = [word_facts(token.raw, token.key) for token in doc.tokens]
    kin = [weights.families.kin(token.raw, token.key).here for token in doc.tokens]
    rows = {number: row for row, number in enumerate(weights.hashes.tolist())}
    states = weights.states["prose"]
    got = Tagger(weights)._emissions["prose"].of_text(doc, marks)
    for i in range(len(facts)):
        names = [*facts[i].here, *kin[i], "bias", *moving[i]]
        for step, sign in ((-1, "-"), (1, "+")):
            if 0 <= i + step < len(facts):
                names += [sign + name for name in facts[i + step].beside]
            if 0 <= i + 2 * step < len(facts):
                names += [2 * sign + name for name in facts[i + 2 * step].far]
        expected = states[[rows.get(hash_of(name), -1) for name in names]].sum(axis=0)
        assert np.allclose(got[i], expected, atol=1e-4)


def test_no_template_looks_beyond_the_padding():
    assert all(abs(offset) <= PAD for fields, _ in TEMPLATES for _, offset in fields)


def test_attributes_stop_at_the_ends_of_sentences(gazetteer, weights):
    one, two = "وصل إلى طبرق.", "قتل ثلاثة في حلب."
    looked = [tokenize(text) for text in (one, two, f"{one} {two}")]
    first, second, both = (
        attribute_lists(
            doc,
            gazetteer_marks(len(doc.tokens), *DictionaryRecognizer(gazetteer).look(doc)),
            weights.skeletons,
            weights.families,
        )
        for doc in looked
    )
    assert both == first + second


def test_forgetting_changes_nothing(gazetteer, weights, monkeypatch):
    doc, tagger = tokenize(SENTENCE), Tagger(weights)
    looked = DictionaryRecognizer(gazetteer).look(doc)
    before = tagger.probabilities(doc, *looked)
    monkeypatch.setattr("geo.reading.tagger._CACHE", 3)
    monkeypatch.setattr("geo.reading.skeletons._CACHE", 3)
    assert all(np.array_equal(tagger.probabilities(doc, *looked), before) for _ in range(3))
    assert all(len(sums) <= len(doc.tokens) + 3 for sums in tagger._emissions["prose"]._filled)


def test_reading_twice_gives_the_same(gazetteer, weights):
    doc, tagger = tokenize(SENTENCE * 3), Tagger(weights)
    looked = DictionaryRecognizer(gazetteer).look(doc)
    assert np.array_equal(tagger.probabilities(doc, *looked), tagger.probabilities(doc, *looked))


def test_finds_places_and_states_the_vote(recognizer):
    found = recognizer.recognize(tokenize(SENTENCE))
    assert [t.key for t in found] == ["طرابلس", "تونس"]
    assert all(any("tagger" in reason for reason in t.reasons) for t in found)


def test_toponyms_are_in_order_and_do_not_overlap(recognizer):
    text = "اندلعت اشتباكات في حي الشجاعية شرق مدينة غزة، ونقل الجرحى إلى مستشفى الشفاء ثم إلى خان يونس ورفح."
    found = recognizer.recognize(tokenize(text))
    assert all(a.last <= b.first for a, b in pairwise(found))


def test_demonyms_come_from_the_dictionary(recognizer):
    found = recognizer.recognize(tokenize("القوات الليبية"))
    assert [t.demonym != "" for t in found] == [True]


def test_a_name_the_gazetteer_lacks_has_no_candidates(recognizer):
    class Sure(Tagger):
        def probabilities(self, doc, hits, found, kind=""):
            likely = np.zeros((len(doc.tokens), len(LABELS)))
            likely[:, 0] = 1.0
            likely[-1] = 0.0
            likely[-1, 1] = 1.0
            return likely

    other = LearnedRecognizer.__new__(LearnedRecognizer)
    other.__dict__.update(recognizer.__dict__)
    other._tagger = Sure(Weights.open())
    found = other.recognize(tokenize("سافر إلى قرقشندستان"))
    assert [t.names for t in found] == [()]
    assert "not in the gazetteer" in found[0].reasons


def test_a_vote_against_drops_a_name(gazetteer, weights):
    text = "كتب الشاعر عن طبرق"
    strict = LearnedRecognizer(gazetteer, weights, limits=Limits(2.0, 2.0, 2.0))
    assert surfaces(strict, text) == []
    assert surfaces(LearnedRecognizer(gazetteer, weights), text) == ["طبرق"]


def test_a_vote_does_not_outweigh_a_verb_of_arrival(gazetteer, weights):
    strict = LearnedRecognizer(gazetteer, weights, limits=Limits(2.0, 2.0, 2.0))
    assert surfaces(strict, "وصل الوفد إلى طبرق أمس") == ["طبرق"]


def test_the_pipeline_takes_it(gazetteer, recognizer):
    mentions = read_mentions(tokenize(SENTENCE), recognizer, EvidenceResolver(), gazetteer)
    assert [m.place.name for m in mentions if m.place][-1] == "Tunisia"


def test_place_spans_begin_anew():
    doc = tokenize("تونس ليبيا مصر")
    likely = np.zeros((3, len(LABELS)))
    likely[:, 1] = [0.9, 0.9, 0.1]
    likely[:, 2] = [0.0, 0.1, 0.8]
    assert place_spans(doc, likely, 0.5) == [(0, 1), (1, 3)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("سيول #الكويت", "post"),
        ("@user أمطار", "post"),
        ("أمطار في الكويت", "prose"),
        ("#x " + "ا" * 800, "prose"),
    ],
)
def test_kind_of_text(text, kind):
    assert kind_of_text(text) == kind


def test_spellings_of_a_foreign_name_share_a_skeleton(weights):
    skeletons = weights.skeletons
    spellings = ("هونج كونج", "هونغ كونغ", "هونج كونغ")
    assert len({"".join(map(skeletons.of_word, name.split())) for name in spellings}) == 1
    assert skeletons.marks(tokenize("في هونج كونج").tokens)[1].startswith("B")


def test_no_skeleton_for_latin_and_short_words():
    skeletons = Skeletons.of_table({"letters": {}, "endings": "", "arabic": {"abc": 4}, "latin": {}})
    assert skeletons.marks(tokenize("abc ab").tokens) == ["-", "-"]


def test_weights_are_small_and_load_fast():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 10_000_000
    best = []
    for _ in range(3):
        start = time.process_time()
        Tagger(Weights.open())
        best.append(time.process_time() - start)
    assert min(best) < 0.3


def test_card_names_corpora_licences_and_hashes():
    import hashlib

    card = json.loads((MODEL / "card.json").read_text(encoding="utf-8"))
    assert all(corpus["licence"] for corpus in card["corpora"])
    for name, entry in card["files"].items():
        assert hashlib.sha256((MODEL / name).read_bytes()).hexdigest() == entry["sha256"]


def test_the_model_holds_no_words():
    with np.load(MODEL / "tagger.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "iuf" for name in stored.files)
    tables = json.loads((MODEL / "skeletons.json").read_text(encoding="utf-8"))
    assert all(key.isascii() for name in ("arabic", "latin") for key in tables[name])


def test_missing_weights_are_explained(tmp_path):
    with pytest.raises(GazetteerError, match="reinstall"):
        Weights.open(tmp_path)


def test_recognizer_goes_to_another_process(recognizer):
    again = pickle.loads(pickle.dumps(recognizer))  # noqa: S301
    assert surfaces(again, SENTENCE) == surfaces(recognizer, SENTENCE)


def test_a_name_of_the_gazetteer_is_kept_in_a_text_too_short_to_judge(gazetteer, weights):
    class Unmoved(Tagger):
        def probabilities(self, doc, hits, found, kind=""):
            likely = np.zeros((len(doc.tokens), len(LABELS)))
            likely[:, 0], likely[:, 1] = 0.95, 0.05
            return likely

    recognizer = LearnedRecognizer(gazetteer, weights)
    recognizer._tagger = Unmoved(weights)
    short = "احتجاجات في طبرق"
    long = short + " بعد أيام من تأخر دفع رواتب العاملين في القطاع العام كما قال أحد المشاركين الذين" * 2
    assert surfaces(recognizer, short) == ["طبرق"]
    assert surfaces(recognizer, long) == []


@pytest.mark.parametrize(
    ("text", "kept"), [("رواتب طبرق", False), ("قرب بلدة طبرق", True), ("لجنة برلمان طبرق", True)]
)
def test_less_is_asked_of_a_name_behind_a_head_word(gazetteer, weights, text, kept):
    doc = tokenize(text)
    recognizer = LearnedRecognizer(gazetteer, weights, limits=Limits(short=0.0, home=0.0))
    toponym = DictionaryRecognizer(gazetteer).recognize(doc)[-1]
    plain, asked = np.log(0.4 / 0.6), recognizer._asked(doc, toponym, len(doc.tokens))
    assert bool(asked < plain - 1.0) is kept


def test_a_name_is_not_lengthened_over_the_word_and(gazetteer, weights):
    doc = tokenize("دخلت القوة حلب وحماة")
    toponym = DictionaryRecognizer(gazetteer).recognize(doc)[-1]
    assert LearnedRecognizer(gazetteer, weights)._fit(doc, toponym, (2, 4), {}, 12) == toponym


def test_families_put_forms_used_alike_together(weights):
    families = weights.families
    assert families.of("سياسية") == families.of("جديدة")
    assert families.of("سياسية") != families.of("يقول")
    assert families.of("قرقشندستان") == ("n", "n")


def test_what_a_proclitic_stands_before_has_its_family_too(weights):
    inner, _ = weights.families.of("موسكو")
    assert f"kk=ب{inner}" in weights.families.kin("بموسكو", "بموسكو").here
    assert weights.families.kin("2020", "2020").here == ()


def test_the_default_pipeline_uses_the_tagger_and_names_its_version(weights):
    document = Geoparser().parse(SENTENCE)
    assert weights.version in document.versions["model"]
    assert any("tagger" in reason for mention in document.mentions for reason in mention.reasons)


def test_the_short_form_of_a_place_is_taken_in_whole_sentences_only(gazetteer, weights):
    class Short(Tagger):
        def probabilities(self, doc, hits, found, kind=""):
            likely = np.zeros((len(doc.tokens), len(LABELS)))
            likely[:, 0] = 1.0
            likely[1] = np.eye(len(LABELS))[1]
            return likely

    recognizer = LearnedRecognizer(gazetteer, weights)
    recognizer._tagger = Short(weights)
    name = "في طرابلس الغرب"
    assert surfaces(recognizer, name) == ["طرابلس الغرب"]
    assert surfaces(recognizer, name + " بعد أيام من تأخر دفع رواتب العاملين في القطاع العام") == ["طرابلس"]


@pytest.mark.parametrize("town", ["الموصل", "سرت", "درنة", "إدلب", "درعا", "مصراتة", "حماة"])
def test_towns_of_the_news_are_kept_whatever_old_texts_spoke_of(gazetteer, weights, town):
    text = f"أعلن المتحدث باسم الجيش أمس أن {town} آمنة وأن الحياة عادت إلى طبيعتها بعد انتهاء العمليات"
    assert surfaces(LearnedRecognizer(gazetteer, weights), text) == [town]
