"""Train a linear-chain conditional random field with numpy and scipy: AdaGrad on sparse batches.

Deterministic for a seed. Lexical attributes are left out at random while training (word dropout), so that the
model learns to read names it has never met from their neighbours and from the gazetteer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from geo.reading.tagger import LABELS

_SIZE = len(LABELS)


@dataclass(slots=True)
class Model:
    """Hold trained weights: states (attributes, 7), transitions (7, 7), first and last (7,)."""

    states: np.ndarray
    transitions: np.ndarray
    first: np.ndarray
    last: np.ndarray


@dataclass(slots=True)
class Batch:
    """Hold sentences of similar length: attributes of the words, their columns, places and labels."""

    matrix: sparse.csr_matrix
    turned: sparse.csr_matrix
    columns: np.ndarray
    sentence: np.ndarray
    step: np.ndarray
    sizes: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold the settings of a training run; chosen on folds of the development data."""

    epochs: int = 10
    rate: float = 0.15
    decay: float = 1e-2
    dropout: float = 0.5
    batch: int = 128
    seed: int = 0


def batches(
    matrix: sparse.csr_matrix,
    starts: np.ndarray,
    sizes: np.ndarray,
    labels: np.ndarray,
    settings: Settings,
) -> list[Batch]:
    """Group sentences by length."""
    rng = np.random.default_rng(settings.seed)
    order = np.lexsort((rng.random(len(sizes)), sizes))
    out = []
    for at in range(0, len(order), settings.batch):
        chosen = order[at : at + settings.batch]
        rows = np.concatenate([np.arange(starts[i], starts[i] + sizes[i]) for i in chosen])
        part = matrix[rows]
        columns, inverse = np.unique(part.indices, return_inverse=True)
        shape = (len(rows), len(columns))
        dense = sparse.csr_matrix((part.data, inverse.astype(np.int32).ravel(), part.indptr), shape=shape)
        sentence = np.repeat(np.arange(len(chosen)), sizes[chosen])
        step = np.concatenate([np.arange(sizes[i]) for i in chosen])
        out.append(Batch(dense, dense.T.tocsr(), columns, sentence, step, sizes[chosen], labels[rows]))
    return out


def train(
    matrix: sparse.csr_matrix,
    starts: np.ndarray,
    sizes: np.ndarray,
    labels: np.ndarray,
    lexical: np.ndarray,
    settings: Settings,
) -> Model:
    """Fit the weights; those of the second half of the epochs are averaged.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix
        Attributes of all words, shape (words, attributes).
    starts, sizes : numpy.ndarray
        First word and length of each sentence to learn from.
    labels : numpy.ndarray
        Label of each word.
    lexical : numpy.ndarray
        Which attributes dropout may leave out, bool.
    settings : Settings

    Returns
    -------
    Model
    """
    rng = np.random.default_rng(settings.seed)
    model = Model(
        np.zeros((matrix.shape[1], _SIZE)), np.zeros((_SIZE, _SIZE)), np.zeros(_SIZE), np.zeros(_SIZE)
    )
    past = Model(*(np.full_like(part, 1e-2) for part in _parts(model)))
    mean = Model(*(np.zeros_like(part) for part in _parts(model)))
    groups = batches(matrix, starts, sizes, labels, settings)
    counted = 0
    for epoch in range(settings.epochs):
        for number in rng.permutation(len(groups)):
            _step(model, past, groups[number], lexical, settings, rng)
        if 2 * epoch >= settings.epochs:
            counted += 1
            for total, part in zip(_parts(mean), _parts(model), strict=True):
                total += part
    return Model(*(total / counted for total in _parts(mean)))


def _parts(model: Model) -> tuple[np.ndarray, ...]:
    return model.states, model.transitions, model.first, model.last


def _step(
    model: Model,
    past: Model,
    batch: Batch,
    lexical: np.ndarray,
    settings: Settings,
    rng: np.random.Generator,
) -> None:
    """Follow the gradient of one batch."""
    weights = model.states[batch.columns]
    kept = (rng.random(len(batch.columns)) >= settings.dropout) | ~lexical[batch.columns]
    scores = np.zeros((len(batch.sizes), int(batch.sizes.max()), _SIZE))
    scores[batch.sentence, batch.step] = batch.matrix @ np.where(kept[:, None], weights, 0.0)
    likely, moves = expectations(scores, batch.sizes, model)
    wrong = likely[batch.sentence, batch.step]
    wrong[np.arange(len(batch.labels)), batch.labels] -= 1.0
    slope = np.where(kept[:, None], batch.turned @ wrong, 0.0)
    slope += settings.decay * len(batch.sizes) * weights
    past.states[batch.columns] += slope * slope
    model.states[batch.columns] = weights - settings.rate * slope / np.sqrt(past.states[batch.columns])
    opening, closing = batch.step == 0, batch.step == batch.sizes[batch.sentence] - 1
    inner = ~opening
    np.subtract.at(moves, (batch.labels[:-1][inner[1:]], batch.labels[1:][inner[1:]]), 1.0)
    for part, history, gradient in (
        (model.transitions, past.transitions, moves),
        (model.first, past.first, wrong[opening].sum(axis=0)),
        (model.last, past.last, wrong[closing].sum(axis=0)),
    ):
        history += gradient * gradient
        part -= settings.rate * gradient / np.sqrt(history)


def expectations(scores: np.ndarray, sizes: np.ndarray, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of each label at each step, and the expected count of each transition."""
    local = np.exp(scores - scores.max(axis=2, keepdims=True))
    moves = np.exp(model.transitions)
    steps = scores.shape[1]
    live = np.arange(steps)[None, :] < sizes[:, None]
    ahead, back = np.empty_like(local), np.empty_like(local)
    state = local[:, 0] * np.exp(model.first)
    for step in range(steps):
        if step:
            state = np.where(live[:, step, None], (state @ moves) * local[:, step], state)
        state = state / state.sum(axis=1, keepdims=True)
        ahead[:, step] = state
    state = np.broadcast_to(np.exp(model.last), state.shape)
    back[:, -1] = state
    for step in range(steps - 2, -1, -1):
        before = (state * local[:, step + 1]) @ moves.T
        before = before / before.sum(axis=1, keepdims=True)
        state = np.where(live[:, step + 1, None], before, state)
        back[:, step] = state
    both = ahead * back
    both /= both.sum(axis=2, keepdims=True)
    left, right = ahead[:, :-1], (back * local)[:, 1:]
    whole = np.einsum("sti,ij,stj->st", left, moves, right)
    share = live[:, 1:] / np.maximum(whole, 1e-300)
    return both, moves * np.einsum("sti,stj->ij", left * share[..., None], right)


def best_paths(scores: Sequence[np.ndarray], model: Model) -> list[list[int]]:
    """Return the best labels of each sentence (Viterbi)."""
    paths = []
    for local in scores:
        state, links = local[0] + model.first, []
        for row in local[1:]:
            moved = state[:, None] + model.transitions
            links.append(moved.argmax(axis=0))
            state = moved.max(axis=0) + row
        path = [int((state + model.last).argmax())]
        for link in reversed(links):
            path.append(int(link[path[-1]]))
        paths.append(path[::-1])
    return paths
