"""Look many names up at once: the answers of `geo.places.search.search`, in flat arrays.

What the strict key of a name finds is looked up, weighed and ranked for all names together; names that
need a closer look (proclitics, other spellings, containers behind a comma) are searched one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.arabic import strict_key
from geo.model import MatchKind
from geo.places.gazetteer import Gazetteer
from geo.places.search import (
    CONTEXT_REASON,
    IN_CONTEXT,
    KINDS,
    NONE_SHARE,
    QUALITY,
    REASONS,
    UNIT_WEIGHT,
    Match,
    search,
    towns_named_like,
)
from geo.places.search_filters import Where, where

_PARTED = re.compile("[,;|/()\u060c\u061b]")
"""Marks that part a name from what contains it."""
_EXACT, _VARIANT = 0, 1
_WAYS = ("exact", "variant")
_QUALITIES = np.array([QUALITY[way] for way in _WAYS])
_KIND_NAMES = np.array([str(kind) for kind in MatchKind], dtype=object)
_KIND_CODES = {kind: code for code, kind in enumerate(MatchKind)}
_WAY_KINDS = np.array([_KIND_CODES[KINDS.get(way, MatchKind.VARIANT)] for way in _WAYS])


@dataclass(frozen=True, slots=True)
class Questions:
    """Hold names to look up, each with what else is known of the place.

    Attributes
    ----------
    names : sequence of str
        Shape (questions,), no pair of name and context twice.
    context_of : np.ndarray of int
        Shape (questions,): which context belongs to each name.
    contexts : sequence of mapping
        Keyword arguments of `search`.
    """

    names: Sequence[str]
    context_of: np.ndarray
    contexts: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold the places found for many names: flat arrays, the places of a name together, best first.

    Attributes
    ----------
    question : np.ndarray of int
        Shape (hits,), ascending.
    place : np.ndarray of int
        Row in the table of places, shape (hits,).
    score : np.ndarray of float
        Shape (hits,).
    kind : np.ndarray of object
        The values of `MatchKind`, shape (hits,).
    best : np.ndarray of int
        Shape (questions,): the position of the best hit of each name, or -1.
    reasons : pa.ListArray of string
        Shape (questions,): why the best place was taken; empty where none was.
    """

    question: np.ndarray
    place: np.ndarray
    score: np.ndarray
    kind: np.ndarray
    best: np.ndarray
    reasons: pa.ListArray


@dataclass(frozen=True, slots=True)
class _Hits:
    """Hold hits: question, place, name row, way or kind, score; all of shape (hits,)."""

    question: np.ndarray
    place: np.ndarray
    name: np.ndarray
    way: np.ndarray
    score: np.ndarray

    def at(self, chosen: np.ndarray) -> _Hits:
        """Return some of the hits, in the order given."""
        return _Hits(*(getattr(self, name)[chosen] for name in self.__slots__))


def search_many(gazetteer: Gazetteer, questions: Questions, *, limit: int) -> Answers:
    """List the places that many names may mean: what `search` gives for each.

    Parameters
    ----------
    gazetteer : Gazetteer
    questions : Questions
    limit : int
        Most places of a name.

    Raises
    ------
    InputError
        If a context cannot be understood.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> questions = Questions(["Sirte", "Tripoli"], np.array([0, 1]), [{}, {"country": "LB"}])
    >>> answers = search_many(gazetteer, questions, limit=1)
    >>> [gazetteer.place(row).country for row in answers.place.tolist()]
    ['LY', 'LB']
    """
    asked = [where(gazetteer, **_filters(context)) for context in questions.contexts]
    found = _strict(gazetteer, questions, asked)
    hits = found.at(np.flatnonzero(~_units_alone(gazetteer, found, len(questions.names))[found.question]))
    hits = _ranked(hits, limit)
    closer = np.setdiff1d(np.arange(len(questions.names)), hits.question)
    slow = {}
    closer = closer[np.argsort(questions.context_of[closer], kind="stable")]  # a country's names are kept
    for number in closer.tolist():
        context = questions.contexts[int(questions.context_of[number])]
        matches = search(gazetteer, questions.names[number], **context, limit=limit)
        if matches:
            slow[number] = matches
    return _together(gazetteer, len(questions.names), hits, slow)


def _filters(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return those arguments of a search that narrow it."""
    return {name: value for name, value in context.items() if name != "fuzzy"}


def _strict(gazetteer: Gazetteer, questions: Questions, asked: Sequence[Where]) -> _Hits:
    """Return one hit for each place that a strict key finds and the context allows, scores not yet shared."""
    keys: dict[str, int] = {}
    key_of = np.array([_number(name, keys) for name in questions.names], dtype=np.int64)
    positions, name_rows = gazetteer.find_many(list(keys))
    counts = np.bincount(positions, minlength=len(keys))
    first = np.cumsum(counts) - counts
    known = np.flatnonzero(key_of >= 0)
    each = counts[key_of[known]]
    question = np.repeat(known, each)
    flat = np.repeat(first[key_of[known]] - (np.cumsum(each) - each), each) + np.arange(int(each.sum()))
    names = name_rows[flat]
    kinds = gazetteer.take("names", "kind", names)
    way = np.where(np.asarray(pc.equal(kinds, "official")), _EXACT, _VARIANT)
    hits = _Hits(question, gazetteer.places_of(names), names, way, _QUALITIES[way])
    order = np.lexsort((np.arange(len(names)), -hits.score, hits.place, question))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(hits.place[order]) != 0) | (np.diff(question[order]) != 0)
    chosen = order[new]
    in_context = np.asarray(pc.equal(kinds, "context"))[chosen]
    return _weighed(gazetteer, hits.at(chosen), in_context, questions.context_of, asked)


def _units_alone(gazetteer: Gazetteer, hits: _Hits, count: int) -> np.ndarray:
    """Say for each question whether districts and provinces alone are hit, and a town is named like one.

    Returns
    -------
    np.ndarray of bool
        Shape (questions,).
    """
    alone = np.ones(count, dtype=bool)
    alone[hits.question[~_are_units(gazetteer, hits.place)]] = False
    units, unit_of = np.unique(
        np.where(alone[hits.question], hits.place.astype(np.int64), -1), return_inverse=True
    )
    towns = np.array(
        [unit >= 0 and bool(towns_named_like(gazetteer, unit)) for unit in units.tolist()], dtype=bool
    )
    named = np.zeros(count, dtype=bool)
    named[hits.question[towns[unit_of]]] = True
    return named


def _are_units(gazetteer: Gazetteer, places: np.ndarray) -> np.ndarray:
    """Say which places are districts and provinces: what `search.is_unit` says."""
    units = pc.equal(gazetteer.take("places", "feature_class", places), "A")
    countries = pc.starts_with(gazetteer.take("places", "feature_code", places), "PCL")
    return np.asarray(pc.and_not(units, countries))


def _number(name: str, keys: dict[str, int]) -> int:
    """Return the number of the key of a name, a new one if need be; -1 for names to be looked at closer."""
    key = strict_key(name)
    return keys.setdefault(key, len(keys)) if key and not _PARTED.search(name) else -1


def _weighed(
    gazetteer: Gazetteer,
    hits: _Hits,
    in_context: np.ndarray,
    context_of: np.ndarray,
    asked: Sequence[Where],
) -> _Hits:
    """Return the hits that their context allows, with their weights as scores."""
    places, index = np.unique(hits.place, return_inverse=True)
    prominence = np.array([10 ** (gazetteer.importance(row) / 2) for row in places.tolist()])
    prominence[_are_units(gazetteer, places)] *= UNIT_WEIGHT
    weights = hits.score * prominence[index]
    context = context_of[hits.question]
    allowed = np.ones(len(weights), dtype=bool)
    countries = {next(iter(one.countries)) if len(one.countries) == 1 else "" for one in asked}
    codes = {country: code for code, country in enumerate(sorted(countries))}
    wanted = np.array([_only_country(one, codes) for one in asked], dtype=np.int64)[context]
    if (wanted >= 0).any():
        own = gazetteer.take("places", "country", places).to_pylist()
        allowed = (wanted < 0) | (wanted == np.array([codes.get(code, -2) for code in own])[index])
    for position in np.flatnonzero(wanted == _ASK).tolist():
        one, place = asked[context[position]], gazetteer.place(int(hits.place[position]))
        allowed[position] = not one.refusal(place)
        if allowed[position]:
            weights[position] *= one.weight(place)
    weights[in_context] *= IN_CONTEXT
    weighed = _Hits(hits.question, hits.place, hits.name, hits.way, weights)
    return weighed.at(np.flatnonzero(allowed))


_ANY, _ASK = -1, -3


def _only_country(one: Where, codes: Mapping[str, int]) -> int:
    """Return the code of a filter by one country; `_ANY` for no filter, `_ASK` for more than that."""
    if one == Where():
        return _ANY
    if len(one.countries) == 1 and one == Where(countries=one.countries):
        return codes[next(iter(one.countries))]
    return _ASK


def _ranked(hits: _Hits, limit: int) -> _Hits:
    """Return the first places of each question, best first, sharing what "none" leaves of the score."""
    if not len(hits.question):
        return hits
    order = np.lexsort((hits.place, -hits.score, hits.question))
    hits = hits.at(order)
    start = np.flatnonzero(np.diff(hits.question, prepend=-1))
    size = np.diff(start, append=len(order))
    total = np.repeat(np.add.reduceat(hits.score, start), size)
    score = (1 - NONE_SHARE) * _QUALITIES[hits.way] * hits.score / total
    rank = np.arange(len(order)) - np.repeat(start, size)
    return _Hits(hits.question, hits.place, hits.name, hits.way, score).at(np.flatnonzero(rank < limit))


def _together(gazetteer: Gazetteer, count: int, hits: _Hits, slow: Mapping[int, list[Match]]) -> Answers:
    """Return the hits of both ways as one answer."""
    single = [(number, match) for number, found in slow.items() for match in found]
    question = np.concatenate([hits.question, np.array([number for number, _ in single], dtype=np.int64)])
    rows = np.array([gazetteer.row_of(match.place.id) for _, match in single], dtype=np.int64)
    kinds = np.array([_KIND_CODES[match.kind] for _, match in single], dtype=np.int64)
    order = np.argsort(question, kind="stable")
    question = question[order]
    best = np.full(count, -1)
    start = np.flatnonzero(np.diff(question, prepend=-1))
    best[question[start]] = start
    return Answers(
        question=question,
        place=np.concatenate([hits.place, rows])[order],
        score=np.concatenate([hits.score, np.array([match.score for _, match in single])])[order],
        kind=_KIND_NAMES[np.concatenate([_WAY_KINDS[hits.way], kinds])[order]],
        best=best,
        reasons=_reasons(gazetteer, count, hits, slow),
    )


def _reasons(gazetteer: Gazetteer, count: int, hits: _Hits, slow: Mapping[int, list[Match]]) -> pa.ListArray:
    """Return for each question why its best place was taken: what `Match.reasons` says."""
    first = hits.at(np.flatnonzero(np.diff(hits.question, prepend=-1)))
    said = pa.array([REASONS[way] for way in _WAYS]).take(pa.array(first.way))
    name = pc.binary_join_element_wise(said, gazetteer.take("names", "name", first.name), ": ")
    source = gazetteer.take("names", "source", first.name)
    source = pc.binary_join_element_wise(pa.scalar("source of the name"), source, ": ")
    kinds = gazetteer.take("names", "kind", first.name)
    in_context = np.flatnonzero(np.asarray(pc.equal(kinds, "context")))
    told = [reason for found in slow.values() for reason in found[0].reasons]
    texts = pa.concat_arrays(
        [name, source, pa.array([CONTEXT_REASON] * len(in_context), pa.string()), pa.array(told, pa.string())]
    )
    owner = [first.question, first.question, first.question[in_context]]
    owner += [np.array([number for number, found in slow.items() for _ in found[0].reasons], dtype=np.int64)]
    owners = np.concatenate(owner)
    order = np.argsort(owners, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), texts.take(pa.array(order)))
