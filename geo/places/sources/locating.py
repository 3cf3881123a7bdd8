"""Tell the country of places whose source does not, by the polygon that holds their point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from geo.places.countries import countries_at
from geo.places.records import BadRow, SourcePlace
from geo.places.shapes import Shapes

_BLOCK = 20_000
_SHORE_KM = 5.0
"""Harbours and islets lie this far outside the polygons (coasts of 1:10 million)."""


def located(items: Iterable[SourcePlace | BadRow]) -> Iterator[SourcePlace | BadRow]:
    """Yield the same places and refused rows, in order, with the country filled in where it can be told.

    Waters keep none; so does what lies at sea.

    Parameters
    ----------
    items : iterable of SourcePlace or BadRow

    Examples
    --------
    >>> place = SourcePlace("own:1", (), "P", "PPL", "", "", 23.96, 32.05)
    >>> [item.country for item in located([place])]
    ['LY']
    """
    stream = iter(items)
    shapes: Shapes | None = None
    while block := list(islice(stream, _BLOCK)):
        unknown = [
            at
            for at, item in enumerate(block)
            if isinstance(item, SourcePlace) and not item.country and item.feature_class != "H"
        ]
        if unknown:
            shapes = shapes or Shapes.open()
            _fill(shapes, block, unknown)
        yield from block


def _fill(shapes: Shapes, block: list[SourcePlace | BadRow], unknown: list[int]) -> None:
    places = [block[at] for at in unknown]
    lon = np.array([place.lon for place in places if isinstance(place, SourcePlace)])
    lat = np.array([place.lat for place in places if isinstance(place, SourcePlace)])
    for at, place, code in zip(unknown, places, countries_at(shapes, lon, lat), strict=True):
        if isinstance(place, SourcePlace):
            code = code or shapes.country_at(place.lon, place.lat, _SHORE_KM)
            block[at] = replace(place, country=code or "")
