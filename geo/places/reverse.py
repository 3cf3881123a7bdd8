"""Find the named place nearest to a point, with distance and bearing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from geo.errors import InputError
from geo.model import Place
from geo.places.gazetteer import Gazetteer
from geo.places.hierarchy import EARTH_RADIUS_KM

_CHUNK = 100_000
"""Points asked for at a time: what is held besides the answers stays small."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Hold one place near a point.

    Attributes
    ----------
    place : Place
    distance_km : float
        Great-circle distance from the place to the point.
    bearing_deg : float
        Direction from the place to the point, clockwise from north: the point is that way from the place.
    """

    place: Place
    distance_km: float
    bearing_deg: float


def nearest(gazetteer: Gazetteer, lon: Sequence[float], lat: Sequence[float]) -> list[Nearest]:
    """Return the populated place nearest to each point.

    The tree of places is built at the first call and kept with the gazetteer; see `NearestPlaces` for
    filters.

    Parameters
    ----------
    gazetteer : Gazetteer
    lon, lat : sequence of float
        Degrees, EPSG:4326, of equal length.

    Raises
    ------
    InputError
        If the lengths differ, or a coordinate is not a number in range.

    Examples
    --------
    >>> nearest(Gazetteer.open(), [13.19], [32.89])[0].place.country
    'LY'
    """
    towns: NearestPlaces = gazetteer.derived("towns", NearestPlaces)
    return [hits[0] for hits in towns.nearest(lon, lat)]


class NearestPlaces:
    """Answer which places are near a point, with a tree of points on the unit sphere.

    On the sphere the nearest place is the nearest; a tree of raw degrees names another one for every twelfth
    point, and none across the date line.

    Parameters
    ----------
    gazetteer : Gazetteer
    feature_classes : iterable of str
        GeoNames classes to choose from; populated places by default.
    country : str
        ISO 3166-1 alpha-2, or empty for all.
    min_population : int
    named_in_arabic : bool
        Whether only places with an Arabic name count.

    Raises
    ------
    InputError
        If no place fits.

    Examples
    --------
    >>> near = NearestPlaces(Gazetteer.open(), country="LY", min_population=10_000)
    >>> [hit] = near.nearest([20.30], [30.60])[0]
    >>> hit.place.name, round(hit.distance_km)
    ('Ajdabiya', 19)
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        feature_classes: Iterable[str] = ("P",),
        country: str = "",
        min_population: int = 0,
        named_in_arabic: bool = False,
    ) -> None:
        classes = tuple(feature_classes)
        rows = gazetteer.rows_where(feature_classes=classes, country=country, min_population=min_population)
        if named_in_arabic:
            rows = rows[gazetteer.has_arabic_name()[rows]]
        if not len(rows):
            raise InputError(
                f"no place of class {', '.join(classes) or 'any'}, country {country or 'any'}, "
                f"population from {min_population}; widen the filter"
            )
        lon, lat = gazetteer.points()
        self._gazetteer = gazetteer
        self._rows = rows
        self._tree = cKDTree(on_sphere(lon[rows], lat[rows]))

    def nearest(self, lon: Sequence[float], lat: Sequence[float], *, count: int = 1) -> list[list[Nearest]]:
        """Return the places nearest to each point.

        Parameters
        ----------
        lon, lat : sequence of float
            Degrees, EPSG:4326, of equal length.
        count : int
            How many places for each point.

        Returns
        -------
        list of list of Nearest
            For each point, nearest first.

        Raises
        ------
        InputError
            If the lengths differ, or a coordinate is not a number in range.
        """
        rows, distances = self.rows(lon, lat, count=count)
        east, north = self._gazetteer.points()
        bearings = bearings_deg(east[rows], north[rows], np.asarray(lon)[:, None], np.asarray(lat)[:, None])
        return [
            [
                Nearest(self._gazetteer.place(int(row)), round(float(distance), 3), round(float(bearing), 1))
                for row, distance, bearing in zip(*one, strict=True)
            ]
            for one in zip(rows, distances, bearings, strict=True)
        ]

    def rows(
        self, lon: Sequence[float] | np.ndarray, lat: Sequence[float] | np.ndarray, *, count: int = 1
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return rows of the nearest places and distances in km, both of shape (points, count).

        Parameters
        ----------
        lon, lat : sequence or array of float
            Degrees, EPSG:4326, of equal length.
        count : int
            How many places for each point; fewer are returned where fewer fit the filter.

        Raises
        ------
        InputError
            If the lengths differ, or a coordinate is not a number in range.
        """
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if x.ndim != 1 or x.shape != y.shape:
            raise InputError(f"lon has shape {x.shape}, lat {y.shape}; give two sequences of equal length")
        if not bool(np.all((np.abs(x) <= 180) & (np.abs(y) <= 90))):
            bad = int(np.flatnonzero(~((np.abs(x) <= 180) & (np.abs(y) <= 90)))[0])
            raise InputError(
                f"point {bad}: lon {x[bad]}, lat {y[bad]}; expected -180 to 180 and -90 to 90 degrees"
            )
        wanted = min(max(count, 1), len(self._rows))
        if not len(x):
            return np.empty((0, wanted), dtype=np.int64), np.empty((0, wanted))
        found = np.empty((len(x), wanted), dtype=np.int64)
        chords = np.empty((len(x), wanted))
        for start in range(0, len(x), _CHUNK):
            part = slice(start, start + _CHUNK)
            chords[part], found[part] = self._tree.query(
                on_sphere(x[part], y[part]), k=[*range(1, wanted + 1)]
            )
        distances = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chords / 2, 0, 1))
        return self._rows[found], distances


def on_sphere(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return points on the unit sphere, shape (n, 3), of lon and lat in degrees, shape (n,)."""
    a, b = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])


def bearings_deg(lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray) -> np.ndarray:
    """Return initial great-circle bearings in degrees, clockwise from north; all in degrees, one shape."""
    east = np.radians(to_lon - lon)
    a, b = np.radians(lat), np.radians(to_lat)
    y = np.sin(east) * np.cos(b)
    x = np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(east)
    angle: np.ndarray = np.degrees(np.arctan2(y, x)) % 360
    return angle
