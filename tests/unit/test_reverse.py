"""From points to places: town, distance, province, country by polygon, sea."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from geo.geocoding import reverse_geocode
from geo.places import Gazetteer
from geo.places.reverse import nearest
from geo.places.shapes import Shapes
from geo.places.waters import Waters

TRIPOLI, OFF_PORT_SUDAN, BEYOND_SALLUM = (13.19, 32.89), (38.0, 19.8), (25.01, 31.0)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def test_what_is_told_of_a_point(gazetteer: Gazetteer) -> None:
    row = reverse_geocode([TRIPOLI], gazetteer=gazetteer).iloc[0]
    assert (row["name"], row.name_ar, row.place_id) == ("Tripoli", "طرابلس", "geonames:2210247")
    assert (row.country, row.country_name, row.place_country) == ("LY", "Libya", "LY")
    assert (row.admin1, row.admin1_name) == ("77", "Ţarābulus")
    assert row.distance_km < 2
    assert 0 <= row.bearing_deg < 360
    assert pd.isna(row.sea)


def test_names_in_arabic(gazetteer: Gazetteer) -> None:
    row = reverse_geocode([TRIPOLI], language="ar", gazetteer=gazetteer).iloc[0]
    assert (row["name"], row.country_name, row.admin1_name) == ("طرابلس", "ليبيا", "شعبية طرابلس")
    sea = reverse_geocode([OFF_PORT_SUDAN], language="ar", gazetteer=gazetteer).iloc[0]
    assert sea.sea == "البحر الأحمر"
    with pytest.raises(InputError, match="'fr'"):
        reverse_geocode([TRIPOLI], language="fr", gazetteer=gazetteer)


def test_a_point_at_sea_has_a_sea_and_no_country(gazetteer: Gazetteer) -> None:
    row = reverse_geocode([OFF_PORT_SUDAN], gazetteer=gazetteer).iloc[0]
    assert row.sea == "Red Sea"
    assert row["name"] == "Port Sudan"
    assert row.place_country == "SD"
    assert pd.isna([row.country, row.country_name, row.admin1, row.admin1_name]).all()


@pytest.mark.parametrize(
    ("sea", "point"),
    [
        ("Gulf of Sidra", (18.5, 31.3)),
        ("Eastern Mediterranean", (35.0, 35.5)),
        ("Bab el-Mandeb", (43.3, 12.6)),
        ("Gulf of Aden", (47.0, 12.5)),
        ("Arabian Sea", (54.5, 16.0)),
        ("Strait of Hormuz", (56.5, 26.5)),
        ("Persian Gulf", (51.5, 27.0)),
        ("Gulf of Suez", (33.2, 28.6)),
        ("Caspian Sea", (51.0, 41.5)),
    ],
)
def test_the_smallest_water_around_a_point_is_named(
    sea: str, point: tuple[float, float], gazetteer: Gazetteer
) -> None:
    [row] = Waters(gazetteer).rows(*np.array([point]).T)
    assert gazetteer.place(int(row)).name == sea


def test_the_province_of_a_town_beyond_the_border_is_not_that_of_the_point(gazetteer: Gazetteer) -> None:
    chance = np.random.default_rng(3)
    table = reverse_geocode(chance.uniform((10, 10), (40, 36), (3000, 2)), gazetteer=gazetteer)
    beyond = (table["country"] != table["place_country"]).fillna(True).astype(bool)
    assert 0 < (beyond & table["country"].notna()).sum() < 300, "some points lie nearer to a foreign town"
    assert table.loc[beyond, "admin1"].isna().all()
    assert table.loc[~beyond, "admin1"].notna().mean() > 0.95


def test_many_points_get_the_answers_of_single_ones(gazetteer: Gazetteer) -> None:
    chance = np.random.default_rng(4)
    points = chance.uniform((-180, -85), (180, 85), (400, 2))
    table, shapes = reverse_geocode(points, gazetteer=gazetteer), Shapes.open()
    alone = nearest(gazetteer, points[:, 0], points[:, 1])
    assert table["place_id"].tolist() == [hit.place.id for hit in alone]
    assert table["distance_km"].tolist() == [hit.distance_km for hit in alone]
    assert table["bearing_deg"].tolist() == pytest.approx([hit.bearing_deg for hit in alone])
    country = table["country"].astype(object).where(table["country"].notna(), None)
    assert country.tolist() == [shapes.country_at(*point) for point in points.tolist()]


@pytest.mark.parametrize("make", [np.array, list, lambda pairs: [shapely.Point(pair) for pair in pairs]])
def test_arrays_pairs_and_points_are_the_same(make: object, gazetteer: Gazetteer) -> None:
    table = reverse_geocode(make([TRIPOLI, OFF_PORT_SUDAN]), gazetteer=gazetteer)  # type: ignore[operator]
    assert table["name"].tolist() == ["Tripoli", "Port Sudan"]
    assert table.geometry.iloc[0].equals(shapely.Point(TRIPOLI))


def test_missing_points_keep_their_row(gazetteer: Gazetteer) -> None:
    for points in (
        np.array([TRIPOLI, (np.nan, 3.0)]),
        [TRIPOLI, None],
        gpd.GeoSeries([shapely.Point(TRIPOLI), shapely.Point()], crs=4326),
    ):
        table = reverse_geocode(points, gazetteer=gazetteer)
        assert table["name"].tolist()[0] == "Tripoli"
        assert table.iloc[1].drop("geometry").isna().all()


def test_a_frame_without_geometry_is_told_what_to_give(gazetteer: Gazetteer) -> None:
    with pytest.raises(InputError, match=r"table\[\['lon', 'lat'\]\]"):
        reverse_geocode(pd.DataFrame({"lon": [1.0], "lat": [2.0]}), gazetteer=gazetteer)
