"""Take the names on the basemap from the gazetteer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.maps.basemap import Label


def gazetteer_names(
    bounds: Sequence[float] | None, gazetteer: Any = None
) -> tuple[list[Label], Mapping[str, tuple[str, str]]]:
    """Return names of cities and seas around the data, and names of countries.

    Parameters
    ----------
    bounds : sequence of four floats or None
    gazetteer : geo.places.Gazetteer, optional

    Returns
    -------
    (list of Label, Mapping of str to (str, str))
    """
    return [], {}
