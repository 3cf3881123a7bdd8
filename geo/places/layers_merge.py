"""Decide which places of a pack are places of the layers below, and keep the decision beside the pack.

Two entries are one place if they have the same id; or if one names the other, or both name the same third, in
the ids of other sources (GeoNames, Wikidata, ...); or else if a name of theirs has the same strict key, their
class and country are the same and they lie within 2 km of each other. By the last signs two entries of one
pack are one place too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.places.hierarchy import EARTH_RADIUS_KM
from geo.places.layers import Layer, Links, ranges
from geo.places.store import Codes, Store

SAME_PLACE_KM = 2.0
_COMMON = 50
"""A name that more places of one source bear is no sign that two of them are the same."""
_PAIRS = 4_000_000
"""Pairs of names compared at a time; about 200 MB."""


def decide(store: Store, lower: Sequence[Layer]) -> Links:
    """Return which places of a pack lower layers know; the lowest row that fits, by the surest evidence.

    Parameters
    ----------
    store : Store
        The pack.
    lower : sequence of Layer
        The layers below it, the lowest first.
    """
    layer = Layer(store)
    count = len(layer)
    target = np.full(count, -1, dtype=np.int64)
    same = np.zeros(count, dtype=bool)
    for below in lower:
        found = _same_ids(store, below)
        fits = (found >= 0) & (target < 0)
        target[fits] = below.all_seen(found[fits])
        same |= fits
    for below in lower:
        for row, seen in _concordances(store, below):
            open_rows = target[row] < 0
            target[row[open_rows]] = seen[open_rows]
    for below in lower:
        _by_name(layer, below, target)
    _by_itself(layer, target, lower[-1].end_place)
    places = np.flatnonzero(target >= 0)
    return Links(places, target[places], same[places])


def _ids(store: Store) -> pa.Array:
    return store.column("places", "id")


def _same_ids(store: Store, below: Layer) -> np.ndarray:
    """Return for each place of a pack the own row of the place of a lower layer that has its id, or -1."""
    return _index(_ids(store), _ids(below.store))


def _index(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Return the first position of each value in another column, or -1, shape (values,)."""
    if not len(values) or not len(among):
        return np.full(len(values), -1, dtype=np.int64)
    kept = np.arange(len(among))
    if len(values) * 8 < len(among):  # a table of few values is made faster than one of all the others
        kept = np.flatnonzero(np.asarray(pc.is_in(among, values)))
        among = among.take(pa.array(kept))
    found = pc.fill_null(pc.index_in(values, among), -1).to_numpy(zero_copy_only=False)
    rows: np.ndarray = np.append(kept, -1)[found]
    return rows


def _concordances(store: Store, below: Layer) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield rows of a pack and the numbers of the places below that an id of another source ties them to."""
    ids, rows = _others(store)
    below_ids, below_rows = _others(below.store)
    for named, of, known, at in (
        (ids, rows, _ids(below.store), None),  # the pack names the lower place
        (_ids(store), None, below_ids, below_rows),  # the lower place names that of the pack
        (ids, rows, below_ids, below_rows),  # both name the same third
    ):
        found = _index(named, known)
        hits = np.flatnonzero(found >= 0)
        own = found[hits] if at is None else at[found[hits]]
        row = hits if of is None else of[hits]
        first = np.unique(row, return_index=True)[1]  # the first of several wins
        yield row[first].astype(np.int64), below.all_seen(own[first])


def _others(store: Store) -> tuple[pa.Array, np.ndarray]:
    """Return the ids other sources give to places of a layer, and the rows of these places."""
    if "same.arrow" not in store.provenance["files"]:
        return pa.array([], pa.utf8()), np.empty(0, dtype=np.int64)
    store.also("same")
    return store.column("same", "id"), store.numbers("same", "place").astype(np.int64)


def _by_name(layer: Layer, below: Layer, target: np.ndarray) -> None:
    """Link the places that are still open by name, class, country and distance; the nearest of several."""
    best = np.full(len(layer), np.inf)
    for ours, theirs, distance in _alike(layer, below, target < 0, most=len(below.hashes)):
        order = np.lexsort((theirs, distance, ours))
        first = order[np.unique(ours[order], return_index=True)[1]]
        better = first[distance[first] < best[ours[first]]]
        best[ours[better]] = distance[better]
        target[ours[better]] = below.all_seen(theirs[better])


def _by_itself(layer: Layer, target: np.ndarray, first_place: int) -> None:
    """Link the places that are still open to an earlier one of the same pack, by the same signs."""
    earlier = np.arange(len(layer))
    for ours, theirs, _ in _alike(layer, layer, target < 0, most=_COMMON):
        before = (theirs < ours) & (target[theirs] < 0)
        np.minimum.at(earlier, ours[before], theirs[before])
    while not np.array_equal(earlier, further := earlier[earlier]):
        earlier = further
    twice = np.flatnonzero(earlier != np.arange(len(layer)))
    target[twice] = first_place + earlier[twice]


def _alike(
    layer: Layer, below: Layer, wanted: np.ndarray, *, most: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield pairs of near places of two layers with a name, the class and the country in common.

    Parameters
    ----------
    layer, below : Layer
    wanted : np.ndarray of bool
        Which places of the first layer count, shape (places,).
    most : int
        Names that more rows of the second layer bear are left out.

    Yields
    ------
    ours, theirs : np.ndarray of int
        Own rows of the places, shape (pairs,).
    distance : np.ndarray
        Kilometres, shape (pairs,).
    """
    starts = np.searchsorted(below.hashes, layer.hashes, side="left")
    counts = np.searchsorted(below.hashes, layer.hashes, side="right") - starts
    counts[~wanted[layer.name_place] | (counts > most)] = 0
    classes, countries = _joint(layer.classes, below.classes), _joint(layer.countries, below.countries)
    for part in _parts(counts):
        names = np.repeat(np.arange(part.start, part.stop), counts[part])
        ours = layer.name_place[names].astype(np.int64)
        theirs = below.name_place[ranges(starts[part], counts[part])].astype(np.int64)
        same = (classes[layer.classes.codes[ours]] == below.classes.codes[theirs]) & (
            countries[layer.countries.codes[ours]] == below.countries.codes[theirs]
        )
        ours, theirs = ours[same], theirs[same]
        distance = _distance_km(layer.lon[ours], layer.lat[ours], below.lon[theirs], below.lat[theirs])
        near = distance <= SAME_PLACE_KM
        yield ours[near], theirs[near], distance[near]


def _parts(counts: np.ndarray) -> Iterator[slice]:
    """Yield slices of the names, each with about as many pairs as are compared at a time."""
    sums = np.cumsum(counts)
    start = 0
    while start < len(counts):
        done = int(sums[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(sums, done + _PAIRS, side="right")))
        if int(sums[end - 1]) > done:
            yield slice(start, end)
        start = end


def _joint(ours: Codes, theirs: Codes) -> np.ndarray:
    """Return for each code of one column that of another column for the same word; -1 where it has none."""
    known = {word: code for code, word in enumerate(theirs.words)}
    return np.array([known.get(word, -1) for word in ours.words] or [-1], dtype=np.int64)


def _distance_km(lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray) -> np.ndarray:
    """Return great-circle distances in km between points in degrees, pair by pair, shape (pairs,)."""
    a, b = np.radians(lat), np.radians(to_lat)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    distances: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distances
