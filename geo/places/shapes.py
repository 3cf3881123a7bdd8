"""Hold the shapes of countries: which land a point is in, how far the sea is, one polygon per country.

The shapes are Natural Earth's 1:10m countries, simplified (0.01 degrees in the Middle East, North Africa and
around the Mediterranean, coarser elsewhere). Land and sea come from the same shapes; lakes count as land, the
Caspian as sea. Lines are those the source draws, a help for reading and no statement on any border.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import shapely

from geo.errors import GazetteerError
from geo.places.plane import Plane, check_point

_SCHEMA_VERSION = "1"
_SHORE_KM = 3.0
_ISLAND_KM2 = 40_000.0

Terrain = Literal["land", "sea", "shore"]


class Shapes:
    """Answer questions about countries, land and sea.

    Open it with `Shapes.open`. The file is memory-mapped; a country's polygon is decoded when first
    asked for. Instances are read-only, safe to share between threads, and pickle as a path.

    Parameters
    ----------
    path : Path
        The artefact ``shapes.arrow``.

    Raises
    ------
    GazetteerError
        If the file is missing, damaged or of another schema version.
    """

    __slots__ = ("_bounds", "_codes", "_polygons", "_rows", "_table", "path")

    def __init__(self, path: Path) -> None:
        """Map the file and read its attributes, but no polygon."""
        self.path = path
        self._table = _read(path)
        self._codes: tuple[str, ...] = tuple(self._table["country"].to_pylist())
        self._rows = {code: row for row, code in enumerate(self._codes) if code}
        sides = [np.array(self._table[side].to_pylist()) for side in ("west", "south", "east", "north")]
        self._bounds = np.column_stack(sides)
        self._polygons: dict[int, tuple[shapely.Geometry, shapely.STRtree]] = {}

    @classmethod
    def open(cls, path: str | Path | None = None) -> Shapes:
        """Open the shapes that ship with the package, or others.

        Parameters
        ----------
        path : str or Path, optional
            An artefact written by ``gazetteer/shapes.py``.

        Returns
        -------
        Shapes

        Raises
        ------
        GazetteerError
            If the file is missing, damaged or of another schema version.

        Examples
        --------
        >>> Shapes.open().country_at(13.19, 32.7)
        'LY'
        """
        return cls(Path(str(files("geo").joinpath("_data/shapes.arrow"))) if path is None else Path(path))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as a path: a worker maps the same file again."""
        return (Shapes, (self.path,))

    def __repr__(self) -> str:
        """Name the file and the number of countries."""
        return f"Shapes({str(self.path)!r}, countries={len(self._rows)})"

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the ISO 3166-1 alpha-2 codes that have a shape, sorted."""
        return tuple(self._rows)

    def country(self, alpha2: str) -> shapely.Geometry | None:
        """Return the MultiPolygon of a country (degrees, EPSG:4326), or ``None`` if there is none.

        Examples
        --------
        >>> Shapes.open().country("LY").geom_type
        'MultiPolygon'
        """
        row = self._rows.get(alpha2)
        return None if row is None else self._decoded(row)[0]

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the ISO 3166-1 alpha-2 code of each row of the file, empty for land without one."""
        return self._codes

    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all polygons of all countries and the row of each, both of shape (polygons,)."""
        trees = [self._decoded(row)[1].geometries for row in range(len(self._codes))]
        return np.concatenate(trees), np.repeat(np.arange(len(trees)), [len(tree) for tree in trees])

    def inner_point(self, alpha2: str) -> tuple[float, float] | None:
        """Return lon and lat of a point well inside a country, or ``None`` if it has no shape."""
        row = self._rows.get(alpha2)
        return None if row is None else (self._table["lon"][row].as_py(), self._table["lat"][row].as_py())

    def country_uncertainty_km(self, alpha2: str) -> float | None:
        """Return the distance from the inner point that holds 90 % of a country, overseas parts left out."""
        row = self._rows.get(alpha2)
        return None if row is None else float(self._table["uncertainty_km"][row].as_py())

    def country_at(self, lon: float, lat: float, tolerance_km: float = 0.0) -> str | None:
        """Return the country that holds a point.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.
        tolerance_km : float
            How far off the land a point may be (harbours, piers); 0 asks for land itself.

        Returns
        -------
        str or None
            ISO 3166-1 alpha-2; ``None`` at sea and on land without a code.

        Raises
        ------
        InputError
            If the point is none.

        Examples
        --------
        >>> shapes = Shapes.open()
        >>> shapes.country_at(18.0, 34.0) is None
        True
        """
        check_point(lon, lat)
        point = shapely.Point(lon, lat)
        for row in self._near(lon, lat, 0.0):
            tree = self._decoded(row)[1]
            if len(tree.query(point, predicate="intersects")):
                return self._codes[row] or None
        return self._nearest(lon, lat, tolerance_km) if tolerance_km > 0 else None

    def _nearest(self, lon: float, lat: float, tolerance_km: float) -> str | None:
        margin = _degrees(tolerance_km, lat)
        plane, best = Plane(lon, lat), (tolerance_km, "")
        for row in self._near(lon, lat, margin):
            land = shapely.clip_by_rect(self._decoded(row)[0], *_box(lon, lat, margin))
            if not shapely.is_empty(land):
                best = min(
                    best,
                    (float(shapely.distance(plane.flatten(land), shapely.Point(0, 0))), self._codes[row]),
                )
        return best[1] or None

    def land_sea(self, lon: float, lat: float, tolerance_km: float = _SHORE_KM) -> Terrain:
        """Say whether a point is on land, at sea, or too near the coast to say.

        Parameters
        ----------
        lon, lat : float
            Degrees, EPSG:4326.
        tolerance_km : float
            Width of the shore on each side of the drawn coast; 2 to 5 km fits the shapes.

        Returns
        -------
        str
            ``"land"``, ``"sea"`` or ``"shore"``.

        Raises
        ------
        InputError
            If the point is none.

        Examples
        --------
        >>> shapes = Shapes.open()
        >>> [shapes.land_sea(*point) for point in ((13.2, 31.5), (18.0, 34.0), (13.19, 32.9))]
        ['land', 'sea', 'shore']
        """
        check_point(lon, lat)
        margin = _degrees(tolerance_km, lat) * 1.5
        land = Plane(lon, lat).flatten(self.land(_box(lon, lat, margin)))
        disc = shapely.buffer(shapely.Point(0, 0), tolerance_km)
        if not shapely.intersects(land, disc):
            return "sea"
        sea = shapely.buffer(shapely.difference(disc, land), -0.1)
        return "land" if shapely.is_empty(sea) else "shore"

    def land(self, bounds: Sequence[float] | None = None, without: str = "") -> shapely.Geometry:
        """Return the land inside a box as one shape.

        Parameters
        ----------
        bounds : sequence of float, optional
            West, south, east, north in degrees; west may lie below -180 or east beyond 180. The
            whole earth if left out, which takes about a second.
        without : str
            A country to leave out.

        Returns
        -------
        shapely.Geometry
            Polygon or MultiPolygon, degrees, EPSG:4326, in the longitudes of the box.
        """
        west, south, east, north = bounds if bounds is not None else (-180.0, -90.0, 180.0, 90.0)
        pieces = []
        for shift in (-360.0, 0.0, 360.0):
            low, high = max(west + shift, -180.0), min(east + shift, 180.0)
            if low < high:
                pieces += [
                    _shifted(piece, -shift) for piece in self._clipped((low, south, high, north), without)
                ]
        return shapely.union_all(pieces)

    def _clipped(self, box: tuple[float, float, float, float], without: str) -> list[shapely.Geometry]:
        west, south, east, north = box
        frame = shapely.box(*box)
        b = self._bounds
        rows = np.flatnonzero((b[:, 0] <= east) & (b[:, 2] >= west) & (b[:, 1] <= north) & (b[:, 3] >= south))
        pieces = []
        for row in rows.tolist():
            if without and self._codes[row] == without:
                continue
            _, tree = self._decoded(row)
            parts = tree.geometries[tree.query(frame)]
            pieces += [piece for piece in shapely.clip_by_rect(parts, *box) if not shapely.is_empty(piece)]
        return [shapely.make_valid(piece) for piece in pieces]

    def island_at(self, lon: float, lat: float, tolerance_km: float = 5.0) -> shapely.Geometry | None:
        """Return the coast line polygon of the island a point lies on, or ``None`` on a mainland or at sea.

        Land up to 40,000 km² counts as an island (Cyprus, Crete and Socotra do, Sinai does not).

        Examples
        --------
        >>> round(Shapes.open().island_at(24.9, 35.2).bounds[0], 1)
        23.5
        """
        check_point(lon, lat)
        plane = Plane(lon, lat)
        for part in shapely.get_parts(self.land(_box(lon, lat, 4.0))):
            west, south, east, north = shapely.bounds(part)
            framed = west <= lon - 3.99 or east >= lon + 3.99 or south <= lat - 3.99 or north >= lat + 3.99
            if framed or shapely.distance(part, shapely.Point(lon, lat)) > _degrees(tolerance_km, lat):
                continue
            flat = plane.flatten(part)
            if (
                shapely.distance(flat, shapely.Point(0, 0)) <= tolerance_km
                and shapely.area(flat) <= _ISLAND_KM2
            ):
                return part
        return None

    def neighbours(self, alpha2: str) -> tuple[str, ...]:
        """Return the codes of the countries that share a land border with one, sorted.

        Examples
        --------
        >>> Shapes.open().neighbours("LY")
        ('DZ', 'EG', 'NE', 'SD', 'TD', 'TN')
        """
        shape = self.country(alpha2)
        if shape is None:
            return ()
        own, (west, south, east, north), b = self._rows[alpha2], shapely.bounds(shape), self._bounds
        rows = np.flatnonzero((b[:, 0] <= east) & (b[:, 2] >= west) & (b[:, 1] <= north) & (b[:, 3] >= south))
        others = [row for row in rows.tolist() if row != own and self._codes[row]]
        return tuple(
            self._codes[row] for row in others if shapely.dwithin(shape, self._decoded(row)[0], 0.001)
        )

    def _near(self, lon: float, lat: float, margin: float) -> list[int]:
        b = self._bounds
        inside = (
            (b[:, 0] - margin <= lon)
            & (lon <= b[:, 2] + margin)
            & (b[:, 1] - margin <= lat)
            & (lat <= b[:, 3] + margin)
        )
        return [int(row) for row in np.flatnonzero(inside)]

    def _decoded(self, row: int) -> tuple[shapely.Geometry, shapely.STRtree]:
        """Return a country's shape and an index of its parts, decoded once."""
        found = self._polygons.get(row)
        if found is None:
            shape = shapely.from_wkb(self._table["wkb"][row].as_py())
            found = (shape, shapely.STRtree(shapely.get_parts(shape)))
            self._polygons[row] = found
        return found


def _read(path: Path) -> pa.Table:
    """Map an artefact and check what it is."""
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path), "r")).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise GazetteerError(f"{path}: no shapes can be read ({error}); run `make gazetteer`") from error
    found = (table.schema.metadata or {}).get(b"schema_version", b"none").decode()
    if found != _SCHEMA_VERSION:
        raise GazetteerError(
            f"{path}: shapes of schema {found}, this code reads {_SCHEMA_VERSION}; reinstall the package"
        )
    return table


def _degrees(km: float, lat: float) -> float:
    """Return a margin in degrees that holds a distance in every direction at a latitude."""
    return km / (111.0 * max(float(np.cos(np.radians(min(abs(lat) + 0.5, 89.5)))), 0.01))


def _box(lon: float, lat: float, margin: float) -> tuple[float, float, float, float]:
    return (lon - margin, max(lat - margin, -90.0), lon + margin, min(lat + margin, 90.0))


def _shifted(shape: shapely.Geometry, degrees: float) -> shapely.Geometry:
    return shapely.transform(shape, lambda c: c + [degrees, 0.0]) if degrees else shape
