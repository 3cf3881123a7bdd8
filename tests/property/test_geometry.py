"""Check what must hold of every construction, wherever on earth it is made."""

from __future__ import annotations

import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from geo.places import geometry
from geo.places.plane import distance_km, ellipsoid, move

LON = st.floats(-180, 180, allow_nan=False)
LAT = st.floats(-70, 70)
BEARING = st.floats(0, 360)
KM = st.floats(0.5, 500)


def check(shape: geometry.Shape) -> shapely.Geometry:
    polygon = shape.polygon()
    assert polygon.is_valid
    west, south, east, north = polygon.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert shape.uncertainty_km > 0
    assert shapely.intersects_xy(polygon, shape.lon, shape.lat)
    return polygon


@given(lon=LON, lat=LAT, km=KM, bearing=BEARING)
def test_a_disc_holds_its_inside_and_nothing_else(lon: float, lat: float, km: float, bearing: float) -> None:
    polygon = check(geometry.disc(lon, lat, km))
    assert shapely.intersects_xy(polygon, *move(lon, lat, bearing, km * 0.98))
    assert not shapely.contains_xy(polygon, *move(lon, lat, bearing, km * 1.02))


@given(lon=LON, lat=LAT, km=KM, bearing=BEARING)
def test_a_point_at_distance_and_bearing_is_inside(lon: float, lat: float, km: float, bearing: float) -> None:
    shape = geometry.at_distance(lon, lat, bearing, km)
    polygon = check(shape)
    assert shapely.intersects_xy(polygon, *move(lon, lat, bearing, km))
    assert abs(distance_km(lon, lat, shape.lon, shape.lat) - km) < 0.01
    assert not shapely.contains_xy(polygon, *move(lon, lat, bearing + 180, km))


@given(lon=LON, lat=LAT, km=KM, bearing=BEARING)
def test_a_sector_is_on_its_side(lon: float, lat: float, km: float, bearing: float) -> None:
    shape = geometry.sector(lon, lat, bearing, 0.0, km)
    check(shape)
    azimuth = ellipsoid().inv(lon, lat, shape.lon, shape.lat)[0]
    assert abs((azimuth - bearing + 180) % 360 - 180) < 1


@given(lon=LON, lat=LAT, km=KM, bearing=BEARING)
def test_a_ring_has_a_hole(lon: float, lat: float, km: float, bearing: float) -> None:
    polygon = check(geometry.ring(lon, lat, km / 2, km))
    assert not shapely.contains_xy(polygon, lon, lat)
    assert shapely.intersects_xy(polygon, *move(lon, lat, bearing, km * 0.75))


@given(lon=LON, lat=LAT, km=st.floats(5, 1500), bearing=BEARING, width=st.floats(1, 50))
@settings(deadline=None)
def test_a_corridor_holds_both_ends_and_its_middle(
    lon: float, lat: float, km: float, bearing: float, width: float
) -> None:
    end = move(lon, lat, bearing, km)
    assume(abs(end[1]) < 75)
    polygon = check(geometry.corridor([(lon, lat), end], width))
    assert shapely.intersects_xy(polygon, *move(lon, lat, bearing, km / 2))
    assert shapely.intersects_xy(polygon, round(lon, 5), round(lat, 5)) or abs(lon) > 179.99


@given(
    lon=st.floats(-150, 150),
    lat=st.floats(-60, 60),
    bearing=BEARING,
    share=st.floats(0.1, 0.9),
    size=st.floats(1, 8),
)
@example(lon=0.0, lat=22.0625, bearing=180.0, share=0.5, size=8.0)
@settings(deadline=None)
def test_a_part_lies_in_its_whole_and_on_its_side(
    lon: float, lat: float, bearing: float, share: float, size: float
) -> None:
    area = shapely.Polygon(
        [(lon, lat), (lon + size, lat), (lon + size / 2, lat + size / 2), (lon, lat + size)]
    )
    part = geometry.part_of(area, bearing, share)
    polygon = check(part)
    assert shapely.within(polygon, shapely.buffer(area, 0.05))
    outside = geometry.beyond(area, bearing)
    if outside is not None:
        check(outside)
        assert shapely.area(shapely.intersection(outside.polygon(), area)) < 0.05 * shapely.area(area)
