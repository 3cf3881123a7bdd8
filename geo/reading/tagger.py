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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import xxhash

from geo.arabic import Tokenized
from geo.errors import GazetteerError
from geo.reading.skeletons import Skeletons
from geo.reading.tag_features import Mark, attribute_lists, gazetteer_marks, word_facts
from geo.reading.toponyms import Toponym

LABELS = ("O", "B-LOC", "I-LOC", "B-PER", "I-PER", "B-ORG", "I-ORG")
"""Labels of the model: outside, and begin or inside of a place, a person, an organisation."""

PROSE, POST = "prose", "post"
"""The two sets of weights."""

SCHEMA_VERSION = 1
"""Version of the files this code reads."""

_CACHE = 1 << 17
_BATCH = 256
_POST_SIGNS = re.compile(r"#\w|@\w|https?://")
_POST_LENGTH = 700
_OFFSETS = ("", "-", "+", "--", "++")


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
    version : str
        Date and hash of the model, as its card states them.
    """

    hashes: np.ndarray
    states: Mapping[str, np.ndarray]
    transitions: np.ndarray
    first: np.ndarray
    last: np.ndarray
    skeletons: Skeletons
    version: str

    @classmethod
    def open(cls, folder: Path | None = None) -> Weights:
        """Read the weights that come with the package, or those in a folder.

        Parameters
        ----------
        folder : Path, optional
            Holds ``tagger.npz``, ``skeletons.json`` and ``card.json``.

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
            with np.load(folder / "tagger.npz", allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            if card["schema_version"] != SCHEMA_VERSION:
                raise ValueError(f"schema version {card['schema_version']}, expected {SCHEMA_VERSION}")
            return cls.of_arrays(arrays, Skeletons.of_table(names), card["version"])
        except (OSError, ValueError, KeyError) as error:
            raise GazetteerError(
                f"{folder}: the tagger's weights cannot be read ({error}); reinstall the package"
            ) from error

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray], skeletons: Skeletons, version: str) -> Weights:
        """Unpack stored arrays: states are int8 steps of one size.

        Parameters
        ----------
        arrays : Mapping[str, numpy.ndarray]
            ``hashes``, ``step``, ``prose``, ``post``, ``transitions``, ``first``, ``last``.
        skeletons : Skeletons
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
            version,
        )


def _unpacked(steps: np.ndarray, step: float) -> np.ndarray:
    """Return stored steps as weights, with a row of zeros for attributes the model does not know."""
    return np.vstack([steps.astype(np.float32) * np.float32(step), np.zeros((1, len(LABELS)), np.float32)])


class Tagger:
    """Give each word of a text its probabilities.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Weights) -> None:
        """Index the hashes."""
        self._weights = weights
        self._rows = dict(zip(weights.hashes.tolist(), range(len(weights.hashes)), strict=True))
        self._seen: dict[str, int] = {}
        self._words: dict[tuple[str, str, str], np.ndarray] = {}

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
            As `geo.reading.tag_features.Lookup.look` gives them.
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
        kind = kind or kind_of_text(doc.text)
        scores = self._scores(doc, gazetteer_marks(len(doc.tokens), hits, found), kind)
        ranges = sorted(doc.ranges, key=lambda sentence: sentence[1] - sentence[0])
        for start in range(0, len(ranges), _BATCH):
            batch = ranges[start : start + _BATCH]
            self._marginals(scores, batch, out)
        return out

    def _scores(self, doc: Tokenized, marks: Sequence[Mark], kind: str) -> np.ndarray:
        """Return the sum of the weights of each word's attributes, shape (tokens, 7)."""
        states, seen = self._weights.states[kind], self._seen
        words = np.stack([self._word(token.raw, token.key, kind) for token in doc.tokens])
        scores = words[:, 0].copy()
        rows: list[int] = []
        sizes: list[int] = []
        for first, last in doc.ranges:
            scores[first + 1 : last] += words[first : last - 1, 1]
            scores[first : last - 1] += words[first + 1 : last, 2]
            scores[first + 2 : last] += words[first : last - 2, 3] if last - first > 2 else 0.0
            scores[first : max(first, last - 2)] += words[first + 2 : last, 4] if last - first > 2 else 0.0
            for attributes in attribute_lists(doc, (first, last), marks, self._weights.skeletons):
                rows.extend([seen.get(name) or self._row(name) for name in attributes])
                sizes.append(len(attributes))
        starts = np.concatenate([[0], np.cumsum(sizes[:-1])]).astype(np.int64)
        return scores + np.add.reduceat(states[np.asarray(rows) - 1], starts, axis=0)

    def _row(self, name: str) -> int:
        """Return one more than the row of an attribute's weights (0 would read as not yet looked up)."""
        if len(self._seen) > _CACHE:
            self._seen.clear()
        row: int = self._rows.get(hash_of(name), len(self._rows)) + 1
        self._seen[name] = row
        return row

    def _word(self, raw: str, key: str, kind: str) -> np.ndarray:
        """Return what a word adds to itself and to the words around it, shape (5, 7)."""
        known = self._words.get((raw, key, kind))
        if known is not None:
            return known
        if len(self._words) > _CACHE // 4:
            self._words.clear()
        facts, states = word_facts(raw, key), self._weights.states[kind]
        groups = ((*facts.here, "bias"), facts.beside, facts.beside, facts.far, facts.far)
        known = np.zeros((len(_OFFSETS), len(LABELS)), np.float32)
        for number, (offset, group) in enumerate(zip(_OFFSETS, groups, strict=True)):
            rows = [self._rows.get(hash_of(offset + name), -1) for name in group]
            known[number] = states[rows].sum(axis=0)
        self._words[raw, key, kind] = known
        return known

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
    local = np.exp(scores - scores.max(axis=2, keepdims=True))
    moves = np.exp(transitions)
    steps = scores.shape[1]
    live = np.arange(steps)[None, :] < sizes[:, None]
    ahead, back = np.empty_like(local), np.empty_like(local)
    state = local[:, 0] * np.exp(first)
    for step in range(steps):
        if step:
            state = np.where(live[:, step, None], (state @ moves) * local[:, step], state)
        state = state / state.sum(axis=1, keepdims=True)
        ahead[:, step] = state
    state = np.broadcast_to(np.exp(last), state.shape)
    back[:, -1] = state
    for step in range(steps - 2, -1, -1):
        before = (state * local[:, step + 1]) @ moves.T
        before = before / before.sum(axis=1, keepdims=True)
        state = np.where(live[:, step + 1, None], before, state)
        back[:, step] = state
    both = ahead * back
    return np.asarray(both / both.sum(axis=2, keepdims=True))
