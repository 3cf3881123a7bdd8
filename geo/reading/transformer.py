"""Find toponyms with a token-classification model of Hugging Face, read from a folder on this machine.

Nothing is ever downloaded. The packages come with the extra ``arabic-geo[transformers]`` and are imported
when a `TransformerRecognizer` is made, never before. The model says which words name a place; the gazetteer
says which places bear that name, and where a proclitic ends, as for every other recogniser.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from xxhash import xxh3_64

from geo.arabic import Split, Tokenized, clitic_splits, undiacritised
from geo.errors import InputError, MissingExtraError
from geo.places import Gazetteer
from geo.reading.toponyms import Toponym, demonym_forms, make_toponym, names_at
from geo.reading.words import WordList, joined

PLACE_LABELS = ("LOC", "LOCATION", "GPE", "FAC", "FACILITY")
"""What the usual label sets call places: CoNLL and ANERcorp, OntoNotes and ACE, Wojood."""

_MARKED = re.compile(r"(?:([BIESLU])[-_])?(.+)", re.DOTALL | re.IGNORECASE)
_FIRST, _LAST = frozenset("BSU"), frozenset("ESLU")
_WORDS = 1000
_OVERLAP = 50
_MAX_LENGTH = 512
_BATCH = 8
_MAX_WORDS = 6
_WEIGHTS = ("*.safetensors", "*.bin", "config.json")


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Hold the words a model took for one name.

    Attributes
    ----------
    first, last : int
        Tokens ``[first, last)``.
    label : str
        Label without its mark (``LOC``).
    probability : float
        Mean over the words of the probability that they name a place, in any of the labels that do.
    """

    first: int
    last: int
    label: str
    probability: float


class TransformerRecognizer:
    """Find toponyms with a fine-tuned token-classification model.

    Parameters
    ----------
    folder : path
        What ``save_pretrained`` of model and tokenizer wrote: ``config.json``, ``tokenizer.json`` (or
        ``vocab.txt``) and the weights. It must be on this machine.
    gazetteer : Gazetteer
    labels : collection of str
        Labels that name places, without ``B-`` and ``I-``, in any case; those the model lacks do not matter.
    least : float
        Words with a lower probability of naming a place are left out, from 0 to 1.

    Raises
    ------
    MissingExtraError
        If torch or transformers is not installed.
    InputError
        If the folder holds no model that can be used, or the model none of the labels.

    Examples
    --------
    >>> recognizer = TransformerRecognizer("models/arabert-ner", gazetteer)  # doctest: +SKIP
    >>> geo.Geoparser(gazetteer, recognizer=recognizer).parse(text)  # doctest: +SKIP
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        gazetteer: Gazetteer,
        *,
        labels: Collection[str] = PLACE_LABELS,
        least: float = 0.5,
    ) -> None:
        """Load the model."""
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise InputError(
                f"{self._folder}: there is no such folder; give one that holds a saved model "
                "(nothing is downloaded)"
            )
        self._torch, transformers = _packages()
        self._tokenizer, self._model = _load(transformers, self._folder)
        self._labels = _labels(self._model.config.id2label)
        wanted = {label.upper() for label in labels}
        self._places = [number for number, (_, kind) in enumerate(self._labels) if kind in wanted]
        if not self._places:
            held = ", ".join(sorted({kind for _, kind in self._labels}))
            raise InputError(
                f"{self._folder}: none of the labels {', '.join(sorted(wanted))} is among those of the model "
                f"({held}); name those that are places with labels=(...)"
            )
        self._length = _window(self._tokenizer, self._model.config)
        self._least = least
        self._gazetteer = gazetteer
        self._heads = WordList.of_table("feature_head", ("forms", "plural"))
        self._demonyms = demonym_forms()

    @property
    def version(self) -> str:
        """Return the name of the folder and a hash of its weights, for the versions of a result."""
        digest = xxh3_64()
        for path in sorted({path for pattern in _WEIGHTS for path in self._folder.glob(pattern)}):
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
        return f"{self._folder.resolve().name}+{digest.hexdigest()[:8]}"

    def recognize(self, doc: Tokenized) -> list[Toponym]:
        """Return the toponyms of a text in order, without overlap."""
        return [toponym for span in self.spans(doc) for toponym in self._named(doc, span)]

    def spans(self, doc: Tokenized) -> list[TaggedSpan]:
        """Return what the model takes for names of places, before the gazetteer is asked.

        Parameters
        ----------
        doc : Tokenized

        Returns
        -------
        list of TaggedSpan
            In text order; never across punctuation.
        """
        likely = self.probabilities(doc)
        place = likely[:, self._places].sum(axis=1)
        best = likely.argmax(axis=1)
        found: list[TaggedSpan] = []
        before = ""
        for index in np.flatnonzero(np.isin(best, self._places) & (place >= self._least)).tolist():
            mark, kind = self._labels[best[index]]
            last = found[-1] if found else None
            if (
                last is not None
                and (last.last, last.label) == (index, kind)
                and mark not in _FIRST
                and before not in _LAST
                and joined(doc.tokens, index - 1, index + 1)
            ):
                mean = float(place[last.first : index + 1].mean())
                found[-1] = TaggedSpan(last.first, index + 1, kind, mean)
            else:
                found.append(TaggedSpan(index, index + 1, kind, float(place[index])))
            before = mark
        return found

    def probabilities(self, doc: Tokenized) -> np.ndarray:
        """Return the probability of every label of the model for every word.

        The text is read in windows that overlap by a quarter; a word takes its labels from the window in
        which it stands farthest from the edge. Of a word in pieces, the first speaks.

        Parameters
        ----------
        doc : Tokenized

        Returns
        -------
        numpy.ndarray
            Shape (tokens, labels); a row of zeros for a word the model's tokenizer drops.
        """
        likely = np.zeros((len(doc.tokens), len(self._labels)), dtype=np.float32)
        margin = np.full(len(doc.tokens), -1)
        for first, last in _portions(doc):
            text, ends = _plain(doc, first, last)
            for scores, offsets in self._windows(text):
                words = _words_of(offsets, ends)
                filled = [position for position, word in enumerate(words) if word >= 0]
                seen = -1
                for position in filled:
                    word = words[position]
                    distance = min(position - filled[0], filled[-1] - position)
                    if word != seen and distance > margin[first + word]:
                        margin[first + word] = distance
                        likely[first + word] = scores[position]
                    seen = word
        return likely

    def _windows(self, text: str) -> Iterator[tuple[np.ndarray, Sequence[tuple[int, int]]]]:
        """Run the model over a text; yield each window's probabilities and the offsets of its pieces."""
        pieces = self._tokenizer(
            text,
            truncation=True,
            max_length=self._length,
            stride=self._length // 4,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        for start in range(0, len(pieces["input_ids"]), _BATCH):
            batch = {name: pieces[name][start : start + _BATCH] for name in ("input_ids", "attention_mask")}
            padded = self._tokenizer.pad(batch, return_tensors="pt")
            with self._torch.inference_mode():
                logits = self._model(**padded).logits
            scores = self._torch.softmax(logits.float(), dim=-1).numpy()
            yield from zip(scores, pieces["offset_mapping"][start : start + _BATCH], strict=True)

    def _named(self, doc: Tokenized, span: TaggedSpan) -> list[Toponym]:
        """Look the words of a span up: the names in it that the gazetteer knows, or the span as it is."""
        first = self._behind_head(doc, span)
        reason = f"the model holds it for {span.label} with probability {span.probability:.2f}"
        found: list[Toponym] = []
        index = first
        while index < span.last:
            hit = self._longest(doc, index, span.last, index == first)
            if hit is None:
                index += 1
                continue
            whole = (hit.first, hit.last) == (first, span.last)
            found.append(replace(hit, reasons=(reason,), certain=whole or hit.importance > hit.zipf))
            index = hit.last
        if found:
            return found
        bare = make_toponym(doc, (first, span.last), Split("", doc.tokens[first].key, 0), ())
        return [replace(bare, reasons=(reason, "not in the gazetteer"), certain=True)]

    def _behind_head(self, doc: Tokenized, span: TaggedSpan) -> int:
        """Return where the name begins: behind a head word (town of X), unless it is part of a known name."""
        head = self._heads.at(doc.tokens, span.first)
        if head is None or head.last >= span.last:
            return span.first
        known = self._longest(doc, span.first, span.last, True)
        return head.last if known is None or known.last <= head.last else span.first

    def _longest(self, doc: Tokenized, first: int, last: int, cut: bool) -> Toponym | None:
        """Return the longest name at a word; of equals the whole word, unless it is far less known."""
        splits = clitic_splits(doc.tokens[first].key)[: None if cut else 1]
        for stop in range(min(last, first + _MAX_WORDS), first, -1):
            rest = [token.key for token in doc.tokens[first + 1 : stop]]
            keys = [" ".join((split.core, *rest)) for split in splits]
            hits = []
            for split, key, rows in zip(splits, keys, self._gazetteer.find(keys), strict=True):
                demonym = self._demonyms.get(key, "")
                if rows or demonym:
                    names = names_at(self._gazetteer, rows)
                    hits.append(make_toponym(doc, (first, stop), split, names, demonym, key))
            if hits:
                return max(hits, key=lambda hit: hit.importance - (1.0 if hit.clitics else 0.0))
        return None


def _packages() -> tuple[Any, Any]:
    """Import torch and transformers."""
    try:
        return import_module("torch"), import_module("transformers")
    except ImportError as error:
        raise MissingExtraError(
            f"a transformer model needs a package that is not installed ({error}); "
            'install it with: pip install "arabic-geo[transformers]"'
        ) from error


def _load(transformers: Any, folder: Path) -> tuple[Any, Any]:
    """Read tokenizer and model from a folder, without the network and without running its code."""
    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        with _quiet(transformers.utils.logging):
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **options)
            model = transformers.AutoModelForTokenClassification.from_pretrained(str(folder), **options)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{folder}: no token-classification model can be read from it ({error}); "
            "give a folder that save_pretrained of model and tokenizer wrote"
        ) from error
    if not tokenizer.is_fast:
        raise InputError(
            f"{folder}: its tokenizer does not say where words begin; save it anew with use_fast=True"
        )
    return tokenizer, model.eval()


@contextmanager
def _quiet(logging: Any) -> Iterator[None]:
    """Show no progress bar while a model is loaded."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _labels(names: Any) -> list[tuple[str, str]]:
    """Return mark and kind of each label: ``B-LOC`` gives ``("B", "LOC")``, ``LOC`` gives ``("", "LOC")``."""
    matches = [_MARKED.fullmatch(str(names[number])) for number in sorted(names)]
    return [((match[1] or "").upper(), match[2].upper()) if match else ("", "") for match in matches]


def _window(tokenizer: Any, config: Any) -> int:
    """Return how many pieces the model reads at once; two positions stay free, as some families need."""
    positions = getattr(config, "max_position_embeddings", None) or _MAX_LENGTH
    return int(min(tokenizer.model_max_length, max(positions - 2, 8), _MAX_LENGTH))


def _portions(doc: Tokenized) -> Iterator[tuple[int, int]]:
    """Cut a text into runs of whole sentences; a sentence that is too long gives runs that overlap."""
    first = last = 0
    for start, end in doc.ranges:
        if end - first > _WORDS and start > first:
            yield first, start
            first = start
        while end - first > _WORDS:
            yield first, first + _WORDS
            first += _WORDS - _OVERLAP
        last = end
    if first < last:
        yield first, last


def _plain(doc: Tokenized, first: int, last: int) -> tuple[str, list[int]]:
    """Return words and punctuation without harakat, and the words' bounds: start, end, start ..."""
    parts: list[str] = []
    bounds: list[int] = []
    length = 0
    for token in doc.tokens[first:last]:
        gap = _spaced(token.gap) if parts else ""
        parts += (gap, token.raw)
        bounds += (length + len(gap), length + len(gap) + len(token.raw))
        length = bounds[-1]
    stop = doc.tokens[last].start if last < len(doc.tokens) else len(doc.text)
    parts.append(_spaced(doc.text[doc.tokens[last - 1].end : stop]))
    return "".join(parts), bounds


def _spaced(gap: str) -> str:
    """Return the punctuation between two words with a space behind it; emojis and signs become spaces."""
    plain = "".join(
        char if unicodedata.category(char)[0] == "P" and char != "_" else " " for char in undiacritised(gap)
    )
    return plain if plain.endswith(" ") else plain + " "


def _words_of(offsets: Sequence[tuple[int, int]], bounds: Sequence[int]) -> list[int]:
    """Return for each piece the word its last character is part of, or -1 for marks and punctuation."""
    words: list[int] = []
    for start, end in offsets:
        place = bisect_right(bounds, end - 1)
        words.append(place // 2 if end > start and place % 2 else -1)
    return words
