"""Read shapefiles, GeoPackages and other vector files through GDAL, as a stream of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyogrio
import pyproj
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FieldError

from geo.errors import InputError
from geo.places.sources.rows import Refused

BATCH = 5_000
_WGS84 = pyproj.CRS("EPSG:4326")
_OGC84 = pyproj.CRS("OGC:CRS84")


class Feature(NamedTuple):
    """Hold one row of a layer.

    Attributes
    ----------
    number : int
        From 1, within its layer.
    properties : dict of str to object
        Without the empty ones; the keys as the file writes them.
    geometry : shapely.Geometry, None or Refused
        EPSG:4326, longitude first.
    """

    number: int
    properties: dict[str, Any]
    geometry: shapely.Geometry | Refused | None


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    try:
        yield
    except (DataSourceError, DataLayerError, FieldError, CRSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: it cannot be read as a vector file ({error}); check it, or download it again"
        ) from error


def layers(path: Path) -> list[str]:
    """Return the names of the layers of a file, an archive of files, or a folder of shapefiles.

    Raises
    ------
    InputError
        If it is missing, damaged, or of a format that GDAL does not read.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder; check the path")
    with _opened(path):
        return [str(name) for name in pyogrio.list_layers(path)[:, 0]]


def columns(path: Path, layer: str) -> list[str]:
    """Return the names of the columns of a layer.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    with _opened(path):
        return [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]


def rows_of(path: Path, layer: str, wanted: Sequence[str] | None = None, **options: Any) -> Iterator[Feature]:
    """Yield the rows of a layer, some thousands of which are in memory at a time.

    Parameters
    ----------
    path : Path
    layer : str
    wanted : sequence of str, optional
        Columns; all if not given.
    **options
        For GDAL's driver, or ``where``, or ``encoding``.

    Raises
    ------
    InputError
        If it cannot be read, or says that its coordinates are of a system that is not known.
    """
    number = 0
    if path.suffix.lower() == ".shp" and not path.with_suffix(".cpg").exists():
        options.setdefault(
            "encoding", "UTF-8"
        )  # without this file GDAL takes Latin-1, which publishers never mean
    with (
        _opened(path),
        pyogrio.open_arrow(
            path, layer=layer, columns=wanted, batch_size=BATCH, use_pyarrow=True, **options
        ) as (meta, reader),
    ):
        turn = _to_wgs84(path, meta.get("crs"))
        place = meta.get("geometry_name") or "wkb_geometry"
        for batch in reader:
            names = [name for name in batch.schema.names if name != place]
            shapes = _shapes(batch.column(place).to_pylist() if place in batch.schema.names else [], turn)
            cells = [batch.column(name).to_pylist() for name in names]
            for at in range(batch.num_rows):
                number += 1
                values = {name: cell[at] for name, cell in zip(names, cells, strict=True)}
                known = {name: value for name, value in values.items() if value is not None and value != ""}
                yield Feature(number, known, shapes[at] if shapes else None)


def _to_wgs84(path: Path, crs: str | None) -> pyproj.Transformer | None:
    if not crs:
        return None
    try:
        system = pyproj.CRS(crs)
    except pyproj.exceptions.CRSError as error:
        raise InputError(
            f"{path}: its coordinate system is not known ({error}); save it as EPSG:4326"
        ) from error
    if system.equals(_WGS84, ignore_axis_order=True) or system.equals(_OGC84, ignore_axis_order=True):
        return None
    return pyproj.Transformer.from_crs(system, _WGS84, always_xy=True)


def _shapes(
    raw: Sequence[bytes | None], turn: pyproj.Transformer | None
) -> list[shapely.Geometry | Refused | None]:
    shapes: list[shapely.Geometry | Refused | None] = []
    for item in raw:
        try:
            shape = None if item is None else shapely.from_wkb(item)
        except shapely.errors.ShapelyError as error:
            shapes.append(Refused(f"the geometry is damaged ({error})"))
            continue
        if shape is not None and turn is not None:
            shape = shapely.transform(shape, turn.transform, interleaved=False)
        shapes.append(shape)
    return shapes
