"""A model of Hugging Face as recogniser, tried on tiny ones made here; skipped where the extra is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from geo.arabic import tokenize
from geo.errors import InputError, MissingExtraError
from geo.places import Gazetteer
from geo.reading import transformer
from geo.reading.pipeline import Geoparser
from geo.reading.transformer import TransformerRecognizer

needs_extra = pytest.mark.skipif(
    find_spec("torch") is None or find_spec("transformers") is None,
    reason='needs torch and transformers: pip install "arabic-geo[transformers]"',
)
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى"
MEANT = {
    "B-LOC": ["إدلب", "بإدلب", "دير", "مدينة", "حلب", "قرقشندة", "الجزائرية"],
    "I-LOC": ["الزور", "سراقب"],
    "B-GPE": ["سوريا"],
    "B-PER": ["محمد"],
}
TEXT = "وصل محمد إلى مدينة سراقب بإدلب، ثم إلى دير الزور، حلب."


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def save(folder: Path, labels: list[str], *, layers: int, words: list[str], positions: int = 40) -> Any:
    """Write a tiny BERT and its tokenizer; return the model, not yet trained for anything."""
    import torch
    from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast

    torch.manual_seed(7)
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "،", *LETTERS, *words]
    vocab += [f"##{letter}" for letter in LETTERS]
    (folder / "vocab.txt").write_text("\n".join(vocab), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    model = BertForTokenClassification(
        BertConfig(
            vocab_size=len(vocab),
            hidden_size=16,
            num_hidden_layers=layers,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=positions,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
        )
    )
    model.save_pretrained(folder)
    return model


@pytest.fixture
def random_model(tmp_path: Path) -> Path:
    """Return the folder of a model with random weights, two layers and windows of 38 pieces."""
    save(tmp_path, ["O", "B-LOC", "I-LOC", "B-PER"], layers=2, words=[])
    return tmp_path


@pytest.fixture
def knowing_model(tmp_path: Path) -> Path:
    """Return the folder of a model whose weights are set so that it knows the words of `MEANT`."""
    return knowing(tmp_path, lambda label: label)


def knowing(folder: Path, rename: Any) -> Path:
    import torch

    labels = ["O", *MEANT]
    words = [word for forms in MEANT.values() for word in forms]
    model = save(folder, [rename(label) for label in labels], layers=0, words=words)
    ids = {word: number for number, word in enumerate((folder / "vocab.txt").read_text("utf-8").split("\n"))}
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "LayerNorm.weight" not in name:
                weights.zero_()
        known = model.bert.embeddings.word_embeddings.weight
        known[:, 0] = 1.0
        for number, forms in enumerate(MEANT.values(), start=1):
            for word in forms:
                known[ids[word], 0] = 0.0
                known[ids[word], number] = 1.0
        for number in range(len(labels)):
            model.classifier.weight[number, number] = 3.0
    model.save_pretrained(folder)
    return folder


@needs_extra
def test_names_places_clitics_and_probabilities(knowing_model: Path, gazetteer: Gazetteer) -> None:
    found = TransformerRecognizer(knowing_model, gazetteer).recognize(tokenize(TEXT))
    assert [TEXT[hit.start : hit.end] for hit in found] == ["سراقب", "إدلب", "دير الزور", "حلب"]
    assert [hit.clitics for hit in found] == ["", "ب", "", ""]
    assert all(hit.names and hit.certain for hit in found)
    assert all(re.search("for LOC with probability (0.9|1.0)", hit.reasons[0]) for hit in found)
    assert "geonames:169389" in {name.place.id for name in found[1].names}


@needs_extra
def test_unknown_names_and_demonyms(knowing_model: Path, gazetteer: Gazetteer) -> None:
    recognizer = TransformerRecognizer(knowing_model, gazetteer)
    unknown, demonym = recognizer.recognize(tokenize("في قرقشندة. القوات الجزائرية."))
    assert not unknown.names
    assert unknown.reasons[-1] == "not in the gazetteer"
    assert demonym.demonym
    assert not demonym.names


@needs_extra
@pytest.mark.parametrize(
    "write", [lambda text: "".join(f"{c}\u064e" if c.isalpha() else c for c in text), lambda text: text * 80]
)
def test_marks_and_length_change_nothing(knowing_model: Path, gazetteer: Gazetteer, write: Any) -> None:
    recognizer = TransformerRecognizer(knowing_model, gazetteer)
    plain = [hit.key for hit in recognizer.recognize(tokenize(TEXT))]
    text = write(TEXT)
    assert [hit.key for hit in recognizer.recognize(tokenize(text))] == plain * (
        1 if "\u064e" in text else 80
    )


@needs_extra
def test_windows_of_one_endless_sentence(knowing_model: Path, gazetteer: Gazetteer) -> None:
    recognizer = TransformerRecognizer(knowing_model, gazetteer)
    spans = recognizer.spans(tokenize("وقف في دير الزور و" * 700))
    assert [span.last - span.first for span in spans] == [2] * 700


@needs_extra
def test_labels_are_chosen_and_written_in_many_ways(tmp_path: Path, gazetteer: Gazetteer) -> None:
    doc = tokenize("سوريا. محمد. إدلب")
    for number, rename in enumerate(
        (str, str.lower, lambda label: label[2:] or "O", lambda label: label.replace("-", "_"))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        knowing(folder, rename)
        assert [hit.first for hit in TransformerRecognizer(folder, gazetteer).recognize(doc)] == [0, 2]
        only = TransformerRecognizer(folder, gazetteer, labels=("gpe",)).recognize(doc)
        assert [hit.first for hit in only] == [0]
    with pytest.raises(InputError, match=r"none of the labels CITY .*GPE, LOC, O, PER"):
        TransformerRecognizer(tmp_path / "0", gazetteer, labels=("CITY",))


@needs_extra
def test_least_leaves_out_what_is_doubtful(knowing_model: Path, gazetteer: Gazetteer) -> None:
    doc = tokenize(TEXT)
    assert TransformerRecognizer(knowing_model, gazetteer, least=0.9999999).recognize(doc) == []


@needs_extra
@pytest.mark.parametrize(
    "text", ["", "...", "ﷺ", "x", "١٢٣", "حلب", TEXT, "كتب " * 400, "\u064e\u0640", "😀 حلب😀دمشق"]
)
def test_any_model_gives_toponyms_in_order(random_model: Path, gazetteer: Gazetteer, text: str) -> None:
    recognizer = TransformerRecognizer(random_model, gazetteer, least=0.0)
    doc = tokenize(text)
    found = recognizer.recognize(doc)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found)
    assert all(left.last <= right.first and left.end <= right.start for left, right in pairwise(found))
    likely = recognizer.probabilities(doc)
    assert likely.shape == (len(doc.tokens), 4)
    assert likely.sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    assert recognizer.recognize(doc) == found


@needs_extra
def test_the_pipeline_takes_it(knowing_model: Path, gazetteer: Gazetteer) -> None:
    recognizer = TransformerRecognizer(knowing_model, gazetteer)
    document = Geoparser(gazetteer, recognizer=recognizer).parse(TEXT)
    places = [mention.place.name for mention in document.mentions if mention.place]
    assert "Idlib" in places
    assert "Aleppo" in places
    assert recognizer.version.startswith(f"{knowing_model.name}+")


@needs_extra
def test_a_folder_without_a_model_is_refused(tmp_path: Path, gazetteer: Gazetteer) -> None:
    with pytest.raises(InputError, match="no token-classification model"):
        TransformerRecognizer(tmp_path, gazetteer)


def test_a_name_of_the_hub_is_refused_before_anything_is_imported(gazetteer: Gazetteer) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        TransformerRecognizer("aubmindlab/bert-base-arabertv02", gazetteer)


def test_a_missing_package_is_named_with_its_extra(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(transformer, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r'pip install "arabic-geo\[transformers\]"'):
        TransformerRecognizer(tmp_path, gazetteer)


def test_package_command_and_reading_never_import_it() -> None:
    code = (
        "import sys, geo, geo.cli, geo.reading.pipeline, geo.reading.transformer\n"
        "geo.Geoparser().parse('وصل إلى طبرق')\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'tokenizers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
