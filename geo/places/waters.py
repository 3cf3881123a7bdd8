"""Name the sea, gulf or strait that points lie in."""

from __future__ import annotations

import numpy as np

from geo.places.gazetteer import Gazetteer
from geo.places.hierarchy import EARTH_RADIUS_KM
from geo.places.reverse import on_sphere

_CODES = frozenset({"SEA", "OCN", "GULF", "STRT", "CHN", "CNL"})
_CHUNK = 100_000
"""Points compared with all waters at a time."""


class Waters:
    """Tell which named water holds a point: the smallest whose circle of uncertainty does.

    The gazetteer knows a sea as a point and the distance that holds it. Such circles overlap and reach over
    land, so that the answer is only good for points known to lie at sea, and near the edge of a sea not sure.

    Parameters
    ----------
    gazetteer : Gazetteer

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> row, nowhere = Waters(gazetteer).rows(np.array([38.0, -10.0]), np.array([19.8, -30.0]))
    >>> gazetteer.place(int(row)).name, int(nowhere)
    ('Red Sea', -1)
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        places = [(row, gazetteer.place(row)) for row in gazetteer.rows_where(feature_classes="H").tolist()]
        seas = [(row, place) for row, place in places if place.feature_code in _CODES]
        seas.sort(key=lambda item: item[1].uncertainty_km)
        self._rows = np.array([row for row, _ in seas] + [-1], dtype=np.int64)
        lon, lat = (np.array([getattr(place, axis) for _, place in seas]) for axis in ("lon", "lat"))
        self._centres = on_sphere(lon, lat)
        reach = np.array([place.uncertainty_km for _, place in seas]) / EARTH_RADIUS_KM
        self._cosines = np.cos(np.minimum(reach, np.pi))

    def rows(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Return the row of the water each point lies in, or -1.

        Parameters
        ----------
        lon, lat : np.ndarray of float
            Shape (points,), degrees, EPSG:4326.

        Returns
        -------
        np.ndarray of int
            Shape (points,), rows in the table of places.
        """
        found = np.full(len(lon), -1, dtype=np.int64)
        for start in range(0, len(lon), _CHUNK):
            part = slice(start, start + _CHUNK)
            inside = on_sphere(lon[part], lat[part]) @ self._centres.T >= self._cosines
            first = np.where(inside.any(axis=1), inside.argmax(axis=1) if inside.size else 0, -1)
            found[part] = self._rows[first]
        return found
