"""Check the constructions against places whose geography is known."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from geo.errors import GazetteerError, InputError
from geo.places import geometry
from geo.places.plane import distance_km, move
from geo.places.shapes import Shapes

TRIPOLI, MISRATA, SIRTE, TARTUS = (13.19, 32.89), (15.09, 32.38), (16.59, 31.21), (35.886, 34.889)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.open()


def contains(shape: geometry.Shape, lon: float, lat: float) -> bool:
    return bool(shapely.contains_xy(shape.polygon(), lon, lat))


@pytest.mark.parametrize(
    ("lon", "lat", "country"),
    [
        (13.19, 32.8, "LY"),
        (20.22, 30.5, "LY"),
        (35.95, 35.4, "SY"),
        (36.29, 33.51, "SY"),
        (44.2, 15.35, "YE"),
        (33.3, 35.3, "CY"),
        (33.9, 35.0, "CY"),
        (21.16, 42.66, "XK"),
        (44.06, 9.56, "SO"),
        (2.35, 48.85, "FR"),
        (10.75, 59.91, "NO"),
        (121.5, 24.9, "TW"),
        (31.5, 4.85, "SS"),
        (18.0, 34.0, None),
        (33.0, 34.0, None),
    ],
)
def test_country_of_a_point(shapes: Shapes, lon: float, lat: float, country: str | None) -> None:
    assert shapes.country_at(lon, lat) == country


def test_harbours_belong_to_their_country_within_a_tolerance(shapes: Shapes) -> None:
    assert shapes.country_at(13.19, 32.93) is None
    assert shapes.country_at(13.19, 32.93, tolerance_km=5.0) == "LY"
    assert shapes.country_at(18.0, 34.0, tolerance_km=5.0) is None


@pytest.mark.parametrize(
    ("lon", "lat", "terrain"),
    [
        (13.2, 31.5, "land"),
        (18.0, 34.0, "sea"),
        (13.19, 32.9, "shore"),
        (50.5, 41.0, "sea"),
        (44.4, 33.3, "land"),
        (179.9, -16.9, "shore"),
    ],
)
def test_land_and_sea(shapes: Shapes, lon: float, lat: float, terrain: str) -> None:
    assert shapes.land_sea(lon, lat) == terrain


def test_every_country_has_a_shape_and_a_point_inside(shapes: Shapes) -> None:
    assert len(shapes.countries) > 230
    for code in shapes.countries:
        polygon = shapes.country(code)
        assert polygon is not None
        assert shapely.is_valid(polygon)
        assert shapely.contains_xy(polygon, *shapes.inner_point(code))
        assert shapes.country_uncertainty_km(code) > 0
    assert shapes.country("ZZ") is None
    assert shapes.inner_point("ZZ") is None


def test_neighbours_leave_no_gap_and_hardly_overlap(shapes: Shapes) -> None:
    region = shapes.land((-17.0, 0.0, 63.0, 42.0))
    gaps = [shapely.Polygon(ring) for part in shapely.get_parts(region) for ring in part.interiors]
    assert sum(gap.area for gap in gaps if gap.area < 1) < 0.01
    libya = shapes.country("LY")
    for code in shapes.neighbours("LY"):
        assert shapely.area(shapely.intersection(libya, shapes.country(code))) < 0.01


def test_shapes_pickle_as_a_path(shapes: Shapes) -> None:
    assert len(pickle.dumps(shapes)) < 400
    assert pickle.loads(pickle.dumps(shapes)).country_at(13.19, 32.8) == "LY"  # noqa: S301


def test_opening_shapes_loads_no_data_frames() -> None:
    code = (
        "import sys; from geo.places.shapes import Shapes; Shapes.open().country_at(13, 32); "
        "sys.exit('pandas' in sys.modules or 'geopandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_or_damaged_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match=r"none\.arrow"):
        Shapes.open(tmp_path / "none.arrow")
    broken = tmp_path / "broken.arrow"
    broken.write_bytes(b"no arrow")
    with pytest.raises(GazetteerError, match=r"broken\.arrow"):
        Shapes.open(broken)


def test_the_point_of_a_distance_is_exact() -> None:
    shape = geometry.at_distance(*TRIPOLI, 180.0, 50.0)
    assert distance_km(*TRIPOLI, shape.lon, shape.lat) == pytest.approx(50.0, abs=0.01)
    assert contains(shape, *move(*TRIPOLI, 200.0, 59.0))
    assert not contains(shape, *move(*TRIPOLI, 210.0, 50.0))
    assert not contains(shape, *move(*TRIPOLI, 180.0, 62.0))


def test_a_disc_holds_ninety_percent_within_its_uncertainty() -> None:
    assert geometry.disc(*TRIPOLI, 10.0).uncertainty_km == pytest.approx(10 * 0.9**0.5, rel=0.02)


def test_a_corridor_follows_the_line_between_two_cities() -> None:
    strip = geometry.corridor([SIRTE, MISRATA], 15.0)
    assert contains(strip, 15.84, 31.80)
    assert contains(strip, *SIRTE)
    assert not contains(strip, *TRIPOLI)
    assert strip.uncertainty_km > 80


def test_off_the_libyan_coast_is_sea_near_libya(shapes: Shapes) -> None:
    strip = geometry.offshore(shapes, "LY")
    assert strip is not None
    assert shapes.land_sea(strip.lon, strip.lat) == "sea"
    assert contains(strip, 18.0, 30.9)
    assert not contains(strip, 18.0, 34.0)
    assert not contains(strip, 13.2, 32.6)
    narrow = geometry.offshore(shapes, "LY", 22.224)
    assert shapely.area(narrow.polygon()) < 0.6 * shapely.area(strip.polygon())


def test_off_a_port_is_sea_and_inland_has_none(shapes: Shapes) -> None:
    strip = geometry.offshore(shapes, TARTUS)
    assert shapes.land_sea(strip.lon, strip.lat) == "sea"
    assert distance_km(*TARTUS, strip.lon, strip.lat) < 50
    assert geometry.offshore(shapes, (44.4, 33.3)) is None
    assert geometry.offshore(shapes, "TD") is None


def test_the_sea_south_of_cyprus_is_no_land(shapes: Shapes) -> None:
    sea = geometry.beyond(shapes.country("CY"), 180.0, shapes, "sea")
    island = shapes.country("CY")
    assert shapes.land_sea(sea.lon, sea.lat) == "sea"
    assert sea.lat < 34.6
    eroded = shapely.buffer(island, -0.05)
    assert shapely.disjoint(sea.polygon(), eroded)
    assert contains(sea, 33.0, 34.2)
    assert not contains(sea, 33.0, 35.6)


def test_the_south_of_cyprus_is_on_cyprus(shapes: Shapes) -> None:
    south = geometry.part_of(shapes.country("CY"), 180.0)
    assert shapely.within(south.polygon(), shapely.buffer(shapes.country("CY"), 0.03))
    assert contains(south, 33.04, 34.75)
    assert not contains(south, 33.35, 35.3)


@pytest.mark.parametrize("share", [0.25, 1 / 3, 0.5])
@pytest.mark.parametrize("bearing", [0.0, 45.0, 90.0, 180.0, 270.0, None])
def test_a_part_has_its_share(shapes: Shapes, share: float, bearing: float | None) -> None:
    syria = shapes.country("SY")
    part = geometry.part_of(syria, bearing, share)
    assert shapely.area(part.polygon()) / shapely.area(syria) == pytest.approx(share, abs=0.03)


def test_borders(shapes: Shapes) -> None:
    chad, sudan, libya, egypt = (shapes.country(code) for code in ("TD", "SD", "LY", "EG"))
    assert contains(geometry.border(chad, sudan), 22.3, 13.4)
    assert geometry.border(chad, egypt) is None
    around = geometry.land_border(shapes, "LY")
    assert contains(around, 25.0, 25.0)
    assert not contains(around, 20.0, 30.9)
    corner = geometry.tripoint(libya, egypt, sudan)
    assert (corner.lon, corner.lat) == pytest.approx((25.0, 22.0), abs=0.05)
    assert geometry.tripoint(libya, egypt, chad) is None


def test_a_bank_is_on_its_side_of_the_river() -> None:
    nile = shapely.LineString([(32.9, 24.1), (32.6, 25.7), (31.2, 27.2), (31.2, 30.0)])
    west = geometry.bank(nile, 270.0)
    assert contains(west, 30.9, 28.5)
    assert not contains(west, 31.6, 28.5)
    assert geometry.bank(None, 90.0) is None


def test_cutting_to_sea_or_land(shapes: Shapes) -> None:
    around = geometry.disc(*TRIPOLI, 30.0)
    sea, land = (geometry.clip(around, medium, shapes) for medium in ("sea", "land"))
    assert shapes.land_sea(sea.lon, sea.lat) in ("sea", "shore")
    total = shapely.area(sea.polygon()) + shapely.area(land.polygon())
    assert total == pytest.approx(shapely.area(around.polygon()), rel=0.01)
    assert geometry.clip(geometry.disc(44.4, 33.3, 10.0), "sea", shapes) is None


def test_the_antimeridian_cuts_a_shape_in_two() -> None:
    shape = geometry.disc(179.9, -16.5, 100.0)
    assert shape.geometry["type"] == "MultiPolygon"
    assert contains(shape, -179.5, -16.5)
    assert contains(shape, 179.5, -16.5)
    assert not contains(shape, 0.0, -16.5)
    strip = geometry.corridor([(178.0, -16.0), (-178.0, -17.0)], 20.0)
    assert contains(strip, -179.0, -16.75)
    assert strip.uncertainty_km < 400


@pytest.mark.parametrize(
    "call",
    [
        lambda: geometry.disc(0.0, 89.9, 50.0),
        lambda: geometry.disc(200.0, 0.0, 1.0),
        lambda: geometry.disc(0.0, 0.0, 0.0),
        lambda: geometry.disc(0.0, 0.0, float("nan")),
        lambda: geometry.ring(0.0, 0.0, 5.0, 5.0),
        lambda: geometry.sector(0.0, 0.0, float("inf"), 0.0, 5.0),
        lambda: geometry.at_distance(0.0, 0.0, 0.0, 50.0, spread=1.5),
        lambda: geometry.corridor([(1.0, 1.0)], 5.0),
        lambda: geometry.corridor([(1.0, 1.0), (1.0, 1.0)], 5.0),
        lambda: geometry.part_of(shapely.box(0, 0, 1, 1), 0.0, 1.0),
        lambda: geometry.beyond(shapely.box(0, 0, 1, 1), 0.0, None, "sea"),
    ],
)
def test_misuse_is_refused_with_a_message(call: object) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert len(str(caught.value)) > 30
