"""Tag the words of a text with a linear-chain model: how likely each is part of a place name.

The weights come from ``evaluation/train.py`` and are read here with numpy alone. Attributes are known by
their 64-bit hash, so that the file holds numbers and no text. There is one set of weights for running
prose and one for short posts with hashtags; both share what they learned, for they were trained
together.

The model gives each word a probability (forward-backward over the sentence), not only a best path: the
recogniser weighs it against what the gazetteer says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from geo.arabic import Tokenized
from geo.errors import GazetteerError
from geo.reading.families import Families
from geo.reading.skeletons import Skeletons
from geo.reading.tag_features import (
    PAD,
    TEMPLATES,
    Mark,
    Template,
    attributes_of,
    columns_of,
    gazetteer_marks,
    rows_of,
    word_columns,
    word_facts,
)
from geo.reading.toponyms import Toponym

LABELS = ("O", "B-LOC", "I-LOC", "B-PER", "I-PER", "B-ORG", "I-ORG")
"""Labels of the model: outside, and begin or inside of a place, a person, an organisation."""

PROSE, POST = "prose", "post"
"""The two sets of weights."""

SCHEMA_VERSION = 2
"""Version of the files this code reads."""

_CACHE = 1 << 15
_BATCH = 256
_POST_SIGNS = re.compile(r"#\w|@\w|https?://")
_POST_LENGTH = 700
_OFFSETS = {"": 0, "-": -1, "+": 1, "--": -2, "++": 2}


def hash_of(attribute: str) -> int:
    """Return the number under which the weights of an attribute are stored."""
    return xxhash.xxh3_64_intdigest(attribute.encode())


def kind_of_text(text: str) -> str:
    """Say which weights a text needs: those for posts if it is short and has hashtags, mentions or links.

    Examples
    --------
    >>> kind_of_text("Reuters, #Tripoli"), kind_of_text("Reuters, Tripoli")
    ('post', 'prose')
    """
    return POST if len(text) <= _POST_LENGTH and _POST_SIGNS.search(text) else PROSE


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold the numbers of a trained model.

    Attributes
    ----------
    hashes : numpy.ndarray
        Hashes of the attributes, uint64, sorted, shape (n,).
    states : Mapping[str, numpy.ndarray]
        Weights of each attribute by label, float32, shape (n + 1, 7), by kind of text; the last row is 0.
    transitions : numpy.ndarray
        Weight of each label behind each other, shape (7, 7).
    first, last : numpy.ndarray
        Weights of labels at the start and the end of a sentence, shape (7,).
    skeletons : Skeletons
    families : Families
    version : str
        Date and hash of the model, as its card states them.
    """

    hashes: np.ndarray
    states: Mapping[str, np.ndarray]
    transitions: np.ndarray
    first: np.ndarray
    last: np.ndarray
    skeletons: Skeletons
    families: Families
    version: str

    @classmethod
    def open(cls, folder: Path | None = None) -> Weights:
        """Read the weights that come with the package, or those in a folder.

        Parameters
        ----------
        folder : Path, optional
            Holds ``tagger.npz``, ``families.npz``, ``skeletons.json`` and ``card.json``.

        Returns
        -------
        Weights

        Raises
        ------
        GazetteerError
            If a file is missing, damaged or of another version.
        """
        if folder is None:
            with as_file(files("geo").joinpath("_data/model")) as shipped:
                return cls.open(shipped)
        try:
            card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
            names = json.loads((folder / "skeletons.json").read_text(encoding="utf-8"))
            arrays, kin = _stored(folder / "tagger.npz"), _stored(folder / "families.npz")
            if card["schema_version"] != SCHEMA_VERSION:
                raise ValueError(f"schema version {card['schema_version']}, expected {SCHEMA_VERSION}")
            families = Families.of_arrays(kin)
            return cls.of_arrays(arrays, Skeletons.of_table(names), families, card["version"])
        except (OSError, ValueError, KeyError) as error:
            raise GazetteerError(
                f"{folder}: the tagger's weights cannot be read ({error}); reinstall the package"
            ) from error

    @classmethod
    def of_arrays(
        cls, arrays: Mapping[str, np.ndarray], skeletons: Skeletons, families: Families, version: str
    ) -> Weights:
        """Unpack stored arrays: states are int8 steps of one size.

        Parameters
        ----------
        arrays : Mapping[str, numpy.ndarray]
            ``hashes``, ``step``, ``prose``, ``post``, ``transitions``, ``first``, ``last``.
        skeletons : Skeletons
        families : Families
        version : str

        Returns
        -------
        Weights
        """
        states = {kind: _unpacked(arrays[kind], float(arrays["step"].item())) for kind in (PROSE, POST)}
        return cls(
            arrays["hashes"],
            states,
            arrays["transitions"].astype(np.float64),
            arrays["first"].astype(np.float64),
            arrays["last"].astype(np.float64),
            skeletons,
            families,
            version,
        )


def _stored(path: Path) -> dict[str, np.ndarray]:
    """Read the arrays of a file."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _unpacked(steps: np.ndarray, step: float) -> np.ndarray:
    """Return stored steps as weights, with a row of zeros for attributes the model does not know."""
    return np.vstack([steps.astype(np.float32) * np.float32(step), np.zeros((1, len(LABELS)), np.float32)])


class _Sums(dict[Any, int]):
    """Number the rows that have been added up for some keys; row 0 stands for nothing.

    Parameters
    ----------
    add_up : callable
        Gives the row of a key met for the first time.
    shape : tuple of int
        Shape of a row.
    """

    def __init__(self, add_up: Callable[[Any], np.ndarray], shape: tuple[int, ...]) -> None:
        """Begin with row 0."""
        super().__init__()
        self._add_up = add_up
        self._used = 1
        self.rows = np.zeros((1024, *shape), np.float32)

    def __missing__(self, key: Any) -> int:
        """Add the row of a new key up and return its number."""
        row = self._add_up(key)
        number = self._used if row.any() else 0
        if number:
            if number == len(self.rows):
                self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
            self.rows[number] = row
            self._used += 1
        self[key] = number
        return number

    def trim(self) -> None:
        """Forget everything if it has become too much; between texts only."""
        if len(self) > _CACHE:
            self.clear()
            self._used = 1


class _Emissions:
    """Add up the weights of the attributes of words for one kind of text.

    What depends on the word alone is added up once a word, for itself and for its neighbours; what
    depends on where it stands, once for each set of values that fill a row of `TEMPLATES`.

    Parameters
    ----------
    rows : Mapping[int, int]
        Row of each attribute by its hash.
    states : numpy.ndarray
        Weights, shape (attributes + 1, 7), the last row 0.
    skeletons : Skeletons
    families : Families
    """

    def __init__(
        self, rows: Mapping[int, int], states: np.ndarray, skeletons: Skeletons, families: Families
    ) -> None:
        """Begin with empty caches."""
        self._rows = rows
        self._states = states
        self._skeletons = skeletons
        self._families = families
        self._facts: dict[tuple[str, str], tuple[str, ...]] = {}
        self._words = _Sums(self._of_word, (len(_OFFSETS), len(LABELS)))
        self._filled = [_Sums(partial(self._of_row, template), (len(LABELS),)) for template in TEMPLATES]

    def of_text(self, doc: Tokenized, marks: Sequence[Mark]) -> np.ndarray:
        """Return the scores of the labels of each word, shape (tokens, 7)."""
        if len(self._words) > _CACHE:
            self._facts.clear()
        for sums in (self._words, *self._filled):
            sums.trim()
        keys = [(token.raw, token.key) for token in doc.tokens]
        numbers = [self._words[key] for key in keys]
        columns, places = columns_of(doc, [self._facts[key] for key in keys], marks, self._skeletons)
        at = np.asarray(places)
        words = np.zeros((len(columns["bare"]), len(_OFFSETS), len(LABELS)), np.float32)
        words[at] = self._words.rows[numbers]
        scores = np.sum([words[at + step, number] for number, step in enumerate(_OFFSETS.values())], axis=0)
        for template, sums in zip(TEMPLATES, self._filled, strict=True):
            filled = np.fromiter(map(sums.__getitem__, rows_of(template, columns)), np.intp)
            scores += sums.rows[filled[at - PAD]]
        return np.asarray(scores)

    def _of_word(self, key: tuple[str, str]) -> np.ndarray:
        """Return what a word adds to itself and to the words around it, shape (5, 7)."""
        facts, kin = word_facts(*key), self._families.kin(*key)
        self._facts[key] = word_columns(facts, kin)
        groups = ((*facts.here, *kin.here, "bias"), facts.beside, facts.beside, facts.far, facts.far)
        sums = [
            self._sum(offset + name for name in group) for offset, group in zip(_OFFSETS, groups, strict=True)
        ]
        return np.stack(sums)

    def _of_row(self, template: Template, values: tuple[Any, ...]) -> np.ndarray:
        """Return what the attributes of a row of the table add, shape (7,)."""
        return self._sum(attributes_of(template, values))

    def _sum(self, attributes: Iterable[str]) -> np.ndarray:
        rows = [self._rows.get(hash_of(name), -1) for name in attributes]
        return np.asarray(self._states[rows].sum(axis=0))


class Tagger:
    """Give each word of a text its probabilities.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Weights) -> None:
        """Index the hashes."""
        self._weights = weights
        rows = dict(zip(weights.hashes.tolist(), range(len(weights.hashes)), strict=True))
        self._emissions = {
            kind: _Emissions(rows, states, weights.skeletons, weights.families)
            for kind, states in weights.states.items()
        }

    @property
    def version(self) -> str:
        """Return the version of the weights."""
        return self._weights.version

    def probabilities(
        self,
        doc: Tokenized,
        hits: Mapping[int, Sequence[Toponym]],
        found: Sequence[Toponym],
        kind: str = "",
    ) -> np.ndarray:
        """Return how likely each label is for each word.

        Parameters
        ----------
        doc : Tokenized
        hits : Mapping[int, sequence of Toponym]
        found : sequence of Toponym
            As `geo.reading.recognize.DictionaryRecognizer.look` gives them.
        kind : str
            `PROSE` or `POST`; by the look of the text if empty.

        Returns
        -------
        numpy.ndarray
            Shape (tokens, 7); rows sum to 1.
        """
        out = np.zeros((len(doc.tokens), len(LABELS)))
        if not doc.tokens:
            return out
        marks = gazetteer_marks(len(doc.tokens), hits, found)
        scores = self._emissions[kind or kind_of_text(doc.text)].of_text(doc, marks)
        ranges = sorted(doc.ranges, key=lambda sentence: sentence[1] - sentence[0])
        for start in range(0, len(ranges), _BATCH):
            self._marginals(scores, ranges[start : start + _BATCH], out)
        return out

    def _marginals(self, scores: np.ndarray, batch: Sequence[tuple[int, int]], out: np.ndarray) -> None:
        """Run forward-backward over sentences of similar length side by side and write their rows."""
        sizes = np.array([last - first for first, last in batch])
        steps = int(sizes.max())
        padded = np.zeros((len(batch), steps, len(LABELS)))
        for number, (first, last) in enumerate(batch):
            padded[number, : last - first] = scores[first:last]
        likely = forward_backward(
            padded, sizes, self._weights.transitions, self._weights.first, self._weights.last
        )
        for number, (first, last) in enumerate(batch):
            out[first:last] = likely[number, : last - first]


def forward_backward(
    scores: np.ndarray, sizes: np.ndarray, transitions: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Return the probability of each label at each step of some sequences.

    Both directions are run at once: the second is the first on the sequences turned round.

    Parameters
    ----------
    scores : numpy.ndarray
        Shape (sequences, steps, labels); steps behind the end of a sequence are not read.
    sizes : numpy.ndarray
        Length of each sequence, at least 1.
    transitions : numpy.ndarray
        Shape (labels, labels), from row to column.
    first, last : numpy.ndarray
        Shape (labels,).

    Returns
    -------
    numpy.ndarray
        Shape (sequences, steps, labels); rows within a sequence sum to 1.

    Examples
    --------
    >>> flat = np.zeros(2)
    >>> even = forward_backward(np.zeros((1, 2, 2)), np.array([2]), np.zeros((2, 2)), flat, flat)
    >>> even[0, 0].tolist()
    [0.5, 0.5]
    """
    steps = np.arange(scores.shape[1])
    turned = np.where(steps < sizes[:, None], sizes[:, None] - 1 - steps, steps)
    local = np.exp(scores - scores.max(axis=2, keepdims=True))
    both = np.stack([local, np.take_along_axis(local, turned[:, :, None], axis=1)])
    moves = np.exp(np.stack([transitions, transitions.T]))
    state = np.exp(np.stack([first, last]))[:, None, :] * both[:, :, 0]
    reached = np.empty_like(both)
    for step in steps.tolist():
        if step:
            state = (state @ moves) * both[:, :, step]
        state /= state.sum(axis=2, keepdims=True)
        reached[:, :, step] = state
    likely = reached[0] * np.take_along_axis(reached[1], turned[:, :, None], axis=1) / local
    return np.asarray(likely / likely.sum(axis=2, keepdims=True))
