"""The door for scripts: columns in, columns out."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from geo.geocoding import geocode, reverse_geocode
from geo.geocoding import names as by_name
from geo.places import Gazetteer
from geo.places.batch import Answers, Questions


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def test_names_keep_order_index_and_repeats(gazetteer: Gazetteer) -> None:
    names = pd.Series(["أجدابيا", "طبرق", "أجدابيا", "Benghazi"], index=["x", "y", "x", "z"])
    table = geocode(names, gazetteer=gazetteer)
    assert list(table.index) == ["x", "y", "x", "z"]
    assert list(table["query"]) == list(names)
    assert list(table["name"]) == ["Ajdabiya", "Tobruk", "Ajdabiya", "Benghazi"]
    assert set(table["country"]) == {"LY"}
    assert table.crs.to_epsg() == 4326
    assert 20 < table.geometry.iloc[0].x < 20.5, "x is the longitude"
    assert 30.5 < table.geometry.iloc[0].y < 31


def test_repeated_names_are_looked_up_once(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = by_name.search_many

    def counting(book: Gazetteer, questions: Questions, **options: int) -> Answers:
        asked.extend(questions.names)
        return look_up(book, questions, **options)

    monkeypatch.setattr(by_name, "search_many", counting)
    table = geocode(["حلب", "حمص", None, "حلب ", ""] * 50, gazetteer=gazetteer)
    assert asked == ["حلب", "حمص"]
    assert table["name"].fillna("-").tolist()[5:9] == ["Aleppo", "Homs", "-", "Aleppo"]


def test_what_is_not_found_has_no_point_and_a_reason(gazetteer: Gazetteer) -> None:
    table = geocode(["لا مكان بهذا الاسم", None, " ", np.nan, pd.NA], gazetteer=gazetteer)
    assert list(table["status"]) == ["none", "empty", "empty", "empty", "empty"]
    assert table.geometry.isna().all()
    assert all(table["reasons"].str.len() > 0)
    assert set(table["match"]) == {"none"}


def test_columns_and_dtypes_do_not_depend_on_the_rows(gazetteer: Gazetteer) -> None:
    full, none = geocode(["حلب"], gazetteer=gazetteer), geocode([], gazetteer=gazetteer)
    assert list(full.columns) == list(none.columns)
    assert list(full.dtypes) == list(none.dtypes)
    here, nowhere = (
        reverse_geocode([(37.15, 36.2)], gazetteer=gazetteer),
        reverse_geocode([], gazetteer=gazetteer),
    )
    assert list(here.dtypes) == list(nowhere.dtypes)
    assert nowhere.crs == here.crs


def test_a_country_decides_between_homonyms(gazetteer: Gazetteer) -> None:
    table = geocode(["طرابلس", "طرابلس"], country=["LY", "lb"], gazetteer=gazetteer)
    assert list(table["country"]) == ["LY", "LB"]
    assert list(table["status"]) == ["found", "found"]


@pytest.mark.parametrize("name", ["طرابلس", "عمان", "الجزائر"])
def test_a_name_of_several_places_is_flagged_and_the_others_told(name: str, gazetteer: Gazetteer) -> None:
    row = geocode([name], gazetteer=gazetteer).iloc[0]
    assert row.status == "ambiguous"
    assert 1 <= len(row.alternatives) <= by_name.ALTERNATIVES
    assert row.alternatives[0]["score"] <= row.score
    assert row.place_id not in {other["id"] for other in row.alternatives}


def test_a_name_that_is_only_similar_has_a_status_of_its_own(gazetteer: Gazetteer) -> None:
    table = geocode(["سرت", "طربلس", "xyzzyx"], country="LY", gazetteer=gazetteer)
    assert list(table["status"]) == ["found", "similar", "none"]
    assert list(table["match"]) == ["exact", "fuzzy", "none"]
    assert geocode("طربلس", country="LY", fuzzy=False, gazetteer=gazetteer)["status"].item() == "none"


@pytest.mark.parametrize("name", ["حميميم", "اللاذقيه", "وبطرابلس", "Latakia", "Adjdabiyah"])
def test_other_spellings_are_found_and_said_to_be_such(name: str, gazetteer: Gazetteer) -> None:
    row = geocode(name, gazetteer=gazetteer).iloc[0]
    assert row.status in ("found", "ambiguous")
    assert row.match in ("exact", "variant")
    assert 0 < row.score <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([3],), "a name must be text, 3"),
        ((["حلب"], ["SY", "LB"]), "2 countries were given for 1 names"),
        ((["حلب"], "Atlantis"), "'Atlantis' is no country"),
        ((["حلب"], "xx"), "'xx' is no ISO 3166-1 alpha-2 code"),
        ((pd.DataFrame({"x": ["حلب"]}),), "say which column holds the names, name=..., one of 'x'"),
    ],
)
def test_misuse_is_told(arguments: tuple[object, ...], message: str, gazetteer: Gazetteer) -> None:
    with pytest.raises(InputError, match=message):
        geocode(*arguments, gazetteer=gazetteer)  # type: ignore[arg-type]


def test_points_get_their_nearest_town_and_country(gazetteer: Gazetteer) -> None:
    table = reverse_geocode([(13.19, 32.89), None, (18.0, 34.0)], gazetteer=gazetteer)
    assert list(table["name"].fillna("-"))[:2] == ["Tripoli", "-"]
    assert table["country"].iloc[0] == "LY"
    assert pd.isna(table["country"].iloc[2]), "the middle of the sea is in no country"
    assert table["distance_km"].iloc[0] < 2
    assert table["distance_km"].iloc[2] > 100


def test_points_keep_index_and_crs_is_obeyed(gazetteer: Gazetteer) -> None:
    points = gpd.GeoSeries([shapely.Point(35.79, 35.53)], index=["a"], crs=4326)
    for given in (points, points.to_crs(3857), points.to_frame("geometry"), [points.iloc[0]]):
        table = reverse_geocode(given, gazetteer=gazetteer)
        assert table["name"].iloc[0] == "Latakia"
        assert table.geometry.iloc[0].x == pytest.approx(35.79)
    assert list(reverse_geocode(points, gazetteer=gazetteer).index) == ["a"]


@pytest.mark.parametrize(
    "points", [["x"], [(1, 2, 3)], [shapely.box(0, 0, 1, 1)], [(190.0, 0.0)], [(0.0, 91.0)]]
)
def test_what_is_no_point_is_told(points: list[object], gazetteer: Gazetteer) -> None:
    with pytest.raises(InputError):
        reverse_geocode(points, gazetteer=gazetteer)  # type: ignore[arg-type]


def test_countries_by_code_and_by_name_in_arabic_and_english(gazetteer: Gazetteer) -> None:
    countries = ["LB", "Lebanon", "لبنان", "ly", "ليبيا", None, ""]
    table = geocode(["طرابلس"] * 7, country=countries, gazetteer=gazetteer)
    assert list(table["country"][:5]) == ["LB", "LB", "LB", "LY", "LY"]
    assert list(table["asked_country"].fillna("-")) == ["LB", "LB", "LB", "LY", "LY", "-", "-"]
    assert geocode("طرابلس", country="Lebanon", gazetteer=gazetteer)["country"].tolist() == ["LB"]


def test_what_is_no_country_in_one_row_is_the_problem_of_that_row(gazetteer: Gazetteer) -> None:
    table = geocode(["طرابلس", "طرابلس"], country=["Atlantis", "LB"], gazetteer=gazetteer)
    assert list(table["status"]) == ["none", "found"]
    assert table["reasons"].iloc[0] == [
        "country 'Atlantis' is no country; give its code, like 'LY', or its name"
    ]
    assert table.geometry.isna().tolist() == [True, False]


def test_a_province_narrows(gazetteer: Gazetteer) -> None:
    for admin in ("77", "LY.77", "شعبية طرابلس"):
        table = geocode(["طرابلس", "أجدابيا"], country="LY", admin=admin, gazetteer=gazetteer)
        assert list(table["status"]) == ["found", "none"]
        assert "in LY" in table["reasons"].iloc[1][0]
        assert set(table["asked_admin1"]) == {admin}
    with pytest.raises(InputError, match="admin1"):
        geocode(["طرابلس"], country="LY", admin="Atlantis", gazetteer=gazetteer)


@pytest.mark.parametrize(
    "near",
    [
        [(35.8, 34.4), (13.2, 32.9)],
        gpd.GeoSeries([shapely.Point(35.8, 34.4), shapely.Point(13.2, 32.9)], crs=4326).to_crs(3857),
    ],
)
def test_of_several_places_the_near_one_comes_first(near: object, gazetteer: Gazetteer) -> None:
    assert list(geocode(["طرابلس"] * 2, near=near, gazetteer=gazetteer)["country"]) == ["LB", "LY"]
    assert geocode(["طرابلس"], near=(35.8, 34.4), gazetteer=gazetteer)["country"].tolist() == ["LB"]


def test_a_frame_keeps_its_columns_and_no_name_occurs_twice(gazetteer: Gazetteer) -> None:
    frame = pd.DataFrame(
        {"name": ["طرابلس", "طرابلس"], "country": ["Libya", "لبنان"], "deaths": [3, 4]}, index=["b", "a"]
    )
    table = geocode(frame, country="country", gazetteer=gazetteer)
    assert list(table.index) == ["b", "a"]
    assert list(table["country"]) == ["Libya", "لبنان"]
    assert list(table["deaths"]) == [3, 4]
    assert list(table["country_geo"]) == ["LY", "LB"]
    assert list(table["name_geo"]) == ["Tripoli", "Tripoli"]
    assert table.columns.is_unique
    again = geocode(table, country="country", gazetteer=gazetteer)
    assert again.columns.is_unique
    assert list(again["country_geo2"]) == ["LY", "LB"]
    assert again.geometry.name == "geometry_geo"
    assert list(frame.columns) == ["name", "country", "deaths"], "the frame given is left alone"


def test_a_frame_says_which_column_holds_what(gazetteer: Gazetteer) -> None:
    frame = gpd.GeoDataFrame(
        {"town": ["طرابلس"], "land": ["LB"], "unit": ["09"]}, geometry=[shapely.Point(35.8, 34.4)], crs=4326
    )
    assert geocode(frame, "land", name="town", gazetteer=gazetteer)["country"].tolist() == ["LB"]
    table = geocode(frame, name="town", near="geometry", gazetteer=gazetteer)
    assert table["country"].tolist() == ["LB"]
    assert geocode(frame, "LB", name="town", admin="unit", gazetteer=gazetteer)["admin1"].tolist() == ["09"]
    pairs = frame.assign(at=[(35.8, 34.4)])
    assert geocode(pairs, name="town", near="at", gazetteer=gazetteer)["country"].tolist() == ["LB"]
    twice = pd.DataFrame([["x", "y"]], columns=["name", "name"])
    with pytest.raises(InputError, match="2 columns named 'name'; rename all but one"):
        geocode(twice, gazetteer=gazetteer)
    with pytest.raises(InputError, match="is for the column of a DataFrame"):
        geocode(["طرابلس"], name="town", gazetteer=gazetteer)


def test_any_column_of_texts_will_do(gazetteer: Gazetteer) -> None:
    names = ["حلب", None, "حلب"]
    for dtype in ("object", "string", "category", "str"):
        table = geocode(pd.Series(names, dtype=dtype), gazetteer=gazetteer)
        assert list(table["status"]) == ["found", "empty", "found"]


def test_the_result_goes_to_files_and_back(gazetteer: Gazetteer, tmp_path: Path) -> None:
    table = geocode(["طرابلس", "لا مكان بهذا الاسم", None], gazetteer=gazetteer)
    table.to_parquet(tmp_path / "x.parquet")
    back = gpd.read_parquet(tmp_path / "x.parquet")
    assert back["alternatives"].iloc[0][0]["name"] == "Tripoli"
    for name in ("x.geojson", "x.gpkg"):
        table.to_file(tmp_path / name)
        assert gpd.read_file(tmp_path / name)["place_id"].iloc[0] == table["place_id"].iloc[0]
