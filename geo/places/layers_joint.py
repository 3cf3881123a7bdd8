"""Answer from several layers of the gazetteer as if they were one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from geo.model import Place
from geo.places.layers import Layer

_RADIUS_KM = {"PCLI": 300.0, "ADM1": 60.0, "ADM2": 25.0, "ADM3": 12.0, "A": 8.0, "P": 3.0, "S": 2.0}
_OTHER_KM = 10.0
"""Radius of a place whose source tells none, by its code or else its class; chosen, not measured."""
_PER_KM2 = 3_000.0
_OPEN = (
    "name", "name_ar", "feature_class", "feature_code", "country", "admin1", "population", "parent_id",
    "valid_to",
)  # fmt: skip


def row_of(layers: Sequence[Layer], place_id: str) -> int:
    """Return the number of a place by its id in any layer, or -1."""
    for layer in layers:
        own = layer.ids.find(place_id)
        if own >= 0:
            return layer.seen(own)
    return -1


def take(
    layers: Sequence[Layer], table: str, column: str, rows: np.ndarray, place: Callable[[int], Place]
) -> pa.Array:
    """Return a column of some rows of all layers, shape (rows,); null where a row is negative.

    Parameters
    ----------
    layers : sequence of Layer
    table, column : str
    rows : np.ndarray of int
        Numbers through all layers.
    place : callable
        Gives the place of a row: for the places that several layers know.
    """
    parts = []
    for layer in layers:
        first, end = (
            (layer.first_place, layer.end_place) if table == "places" else (layer.first_name, layer.end_name)
        )
        inside = (rows >= first) & (rows < end)
        parts.append(layer.store.take(table, column, np.where(inside, rows - first, -1)))
    owner = np.zeros(len(rows), dtype=np.int64)
    for number, layer in enumerate(layers):
        owner[rows >= (layer.first_place if table == "places" else layer.first_name)] = number
    index = pa.array(owner * len(rows) + np.arange(len(rows)))
    joined = pa.chunked_array(parts).combine_chunks().take(index)
    if table != "places":
        return joined
    linked = [
        part for layer in layers[1:] for part in (layer.links.target, layer.first_place + layer.links.place)
    ]
    joint = np.isin(rows, np.concatenate(linked))
    if column == "uncertainty_km":  # which a pack need not tell
        joint |= rows >= layers[0].end_place
    again = np.flatnonzero(joint)
    if not len(again):
        return joined
    values = joined.to_pylist()
    for position in again.tolist():
        values[position] = getattr(place(int(rows[position])), column)
    return pa.array(values, joined.type)


def places_of(layers: Sequence[Layer], name_rows: np.ndarray) -> np.ndarray:
    """Return the rows of the places that names belong to, shape (rows,)."""
    places = np.empty(len(name_rows), dtype=np.int64)
    for layer in layers:
        inside = (name_rows >= layer.first_name) & (name_rows < layer.end_name)
        places[inside] = layer.all_seen(layer.name_place[name_rows[inside] - layer.first_name])
    return places


def known(values: np.ndarray) -> np.ndarray:
    """Say which numbers or flags of a column are told: those that are not 0."""
    told: np.ndarray = values != 0
    return told


def joined(
    layers: Sequence[Layer],
    column: Callable[[Layer], np.ndarray],
    told: Callable[[np.ndarray], np.ndarray] = known,
) -> np.ndarray:
    """Return a column of all layers, shape (places,), each place with the value that counts.

    Parameters
    ----------
    layers : sequence of Layer
    column : callable
        Gives the column of one layer.
    told : callable
        Says which values of a column mean something; the others leave those of other layers alone.
    """
    columns = [column(layer) for layer in layers]
    if len(columns) == 1:
        return columns[0]
    merged = np.concatenate(columns)
    for layer, values in zip(layers[1:], columns[1:], strict=True):
        links, offered = layer.links, values[layer.links.place]
        better = told(offered) & (links.same | ~told(merged[links.target]))
        merged[links.target[better]] = offered[better]
    return merged


def points_of(layers: Sequence[Layer]) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes of all places, degrees, both of shape (places,)."""
    lon = joined(layers, lambda layer: layer.lon, _number)
    return lon, joined(layers, lambda layer: layer.lat, _number)


def _number(values: np.ndarray) -> np.ndarray:
    told: np.ndarray = ~np.isnan(values)
    return told


def record(layers: Sequence[Layer], row: int) -> Place:
    """Return a place as all layers together have it.

    Parameters
    ----------
    layers : sequence of Layer
        The lowest first.
    row : int
        Number through all layers, of a place that no lower layer has.
    """
    layer = next(layer for layer in reversed(layers) if row >= layer.first_place)
    own = layer.record(row - layer.first_place)
    before: list[Place] = []
    after = [own]
    for upper in layers[1:]:
        for linked in upper.links.above(row):
            other = upper.record(linked.row)
            before, after = ([other, *before], after) if linked.same else (before, [*after, other])
    return replace(filled(before + after), id=own.id)


def town_radius_km(population: int) -> float:
    """Return the radius that holds a populated place, from its inhabitants; 3 km where unknown.

    3,000 inhabitants live on a square kilometre, it is supposed.

    Examples
    --------
    >>> town_radius_km(0), round(town_radius_km(131_773), 1)
    (3.0, 3.7)
    """
    if population <= 0:
        return 3.0
    return min(25.0, max(1.5, math.sqrt(population / (_PER_KM2 * math.pi))))


def filled(records: Sequence[Place]) -> Place:
    """Return the first record of a place, what it leaves open taken from the others in turn.

    Source and id are those of the first record that tells where the place lies.

    Examples
    --------
    >>> upper = Place("own:1", "", "", "", "", "", "", math.nan, math.nan, 900, math.nan)
    >>> lower = Place("own:1", "Here", "", "P", "PPL", "LY", "", 20.0, 30.0, 7, 3.0)
    >>> place = filled([upper, lower])
    >>> place.lon, place.population, place.name
    (20.0, 900, 'Here')
    """
    first = next((record for record in records if not math.isnan(record.lon)), records[0])
    told: dict[str, Any] = {
        name: next((value for record in records if (value := getattr(record, name))), getattr(first, name))
        for name in _OPEN
    }
    radii = [record.uncertainty_km for record in records if not math.isnan(record.uncertainty_km)]
    if radii:
        told["uncertainty_km"] = radii[0]
    elif told["feature_class"] == "P":
        told["uncertainty_km"] = round(town_radius_km(told["population"]), 1)
    else:
        by_class = _RADIUS_KM.get(told["feature_class"], _OTHER_KM)
        told["uncertainty_km"] = _RADIUS_KM.get(told["feature_code"], by_class)
    return replace(first, **told)
