"""Tell the countries of many points at once.

The points are sorted into ever smaller cells, and the borders are clipped to the cells that hold points: a
cell that lies within one country is done at once, and where few points are left they are tested against the
short piece of border in their cell. Nothing is built beforehand and nothing is kept; the time goes with the
number of points, and hardly with the number of borders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.places.shapes import Shapes

_CELL_DEG = 11.25
_WEST, _SOUTH = -180.0123456789, -90.0123456789
"""Corner of the first cell: odd, so that no cell ends on a border drawn along a round degree."""
_MARGIN_DEG = 1e-9
"""How far pieces reach beyond their cell, so that a point on its edge is tested against all of them."""
_FEW = 512
"""Points from which on a cell is not cut further; from 256 to 1,024 make no difference."""
_SMALLEST_DEG = 0.02


@dataclass(frozen=True, slots=True)
class _Cell:
    """Hold one cell, the points in it, and the pieces of countries around it."""

    west: float
    south: float
    side: float
    points: np.ndarray
    pieces: np.ndarray
    rows: np.ndarray

    def clipped(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the pieces inside the cell and their countries, in order."""
        east, north = self.west + self.side, self.south + self.side
        west, south, right, top = shapely.bounds(self.pieces).T
        near = (west <= east) & (right >= self.west) & (south <= north) & (top >= self.south)
        box = (self.west - _MARGIN_DEG, self.south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG)
        pieces = shapely.clip_by_rect(self.pieces[near], *box)
        kept = ~shapely.is_empty(pieces)
        return pieces[kept], self.rows[near][kept]

    def quarters(
        self, pieces: np.ndarray, rows: np.ndarray, lon: np.ndarray, lat: np.ndarray
    ) -> Iterator[_Cell]:
        """Yield the quarters that hold points."""
        half = self.side / 2
        east = lon[self.points] >= self.west + half
        north = lat[self.points] >= self.south + half
        for right in (False, True):
            for top in (False, True):
                points = self.points[(east == right) & (north == top)]
                if len(points):
                    yield _Cell(self.west + half * right, self.south + half * top, half, points, pieces, rows)


def countries_at(shapes: Shapes, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the countries that hold some points: what `Shapes.country_at` says of each, much faster.

    Parameters
    ----------
    shapes : Shapes
    lon, lat : np.ndarray of float
        Shape (points,), degrees, EPSG:4326, within -180 to 180 and -90 to 90.

    Returns
    -------
    np.ndarray of object
        Shape (points,): ISO 3166-1 alpha-2, or None at sea and on land without a code.

    Examples
    --------
    >>> countries_at(Shapes.open(), np.array([13.19, 18.0]), np.array([32.7, 34.0])).tolist()
    ['LY', None]
    """
    found = np.full(len(lon), len(shapes.codes))
    waiting = list(_first_cells(shapes, lon, lat))
    while waiting:
        cell = waiting.pop()
        pieces, rows = cell.clipped()
        if len(rows) == 1 and shapely.area(pieces[0]) >= cell.side**2:
            found[cell.points] = rows[0]
        elif len(rows) and (len(cell.points) <= _FEW or cell.side < _SMALLEST_DEG):
            _test(pieces, rows, cell.points, (lon, lat), found)
        elif len(rows):
            waiting.extend(cell.quarters(pieces, rows, lon, lat))
    words = np.array([*(code or None for code in shapes.codes), None], dtype=object)
    answers: np.ndarray = words[found]
    return answers


def _first_cells(shapes: Shapes, lon: np.ndarray, lat: np.ndarray) -> Iterator[_Cell]:
    """Yield the largest cells that hold points."""
    pieces, rows = shapes.parts()
    columns = ((lon - _WEST) // _CELL_DEG).astype(np.int64)
    lines = ((lat - _SOUTH) // _CELL_DEG).astype(np.int64)
    numbers = columns * 64 + lines
    order = np.argsort(numbers, kind="stable")
    for points in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        if len(points):
            west = _WEST + _CELL_DEG * columns[points[0]]
            south = _SOUTH + _CELL_DEG * lines[points[0]]
            yield _Cell(west, south, _CELL_DEG, points, pieces, rows)


def _test(
    pieces: np.ndarray,
    rows: np.ndarray,
    points: np.ndarray,
    lon_lat: tuple[np.ndarray, np.ndarray],
    found: np.ndarray,
) -> None:
    """Test the points of a cell against its pieces; the first that holds a point has it."""
    lon, lat = lon_lat
    for piece, row in zip(pieces, rows, strict=True):
        shapely.prepare(piece)
        inside = shapely.intersects_xy(piece, lon[points], lat[points])
        found[points[inside]] = row
        points = points[~inside]
