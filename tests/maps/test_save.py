"""Files: whole, offline by construction, light, the same each time; what cannot be embedded is named."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from folium.plugins import BoatMarker

from geo.errors import GeoError, InputError
from geo.maps import EventLayer, Label, event_map, map_html, save_map
from geo.maps.basemap import country_shapes, crop_box, natural_earth
from geo.maps.island import pack
from geo.maps.payload import as_shape, payload

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)


def test_sample_map_is_light_enough_to_mail(tmp_path):
    made = event_map(synthetic.make_events(), synthetic.make_mentions(), title="عنوان")
    assert save_map(made, tmp_path / "new" / "map.html").stat().st_size < 500_000


def test_a_thousand_events_stay_under_budget(tmp_path):
    rng = np.random.default_rng(1)
    rows = [
        dict(synthetic.event_rows()[7], quote=f"جملة رقم {number} عن سرت وما حولها") for number in range(1000)
    ]
    table = synthetic.make_events(rows)
    table = table.set_geometry(
        gpd.points_from_xy(rng.uniform(10, 25, 1000), rng.uniform(25, 32, 1000)), crs=4326
    )
    assert save_map(event_map(table), tmp_path / "map.html").stat().st_size < 800_000


def test_same_table_gives_same_file():
    first, second = (map_html(event_map(synthetic.make_events(), basemap=None)) for _ in range(2))
    assert first == second


def test_nothing_in_the_file_is_fetched():
    html = map_html(event_map(synthetic.make_events()))
    head = html[: html.index("</head>")]
    assert "<script src" not in html
    assert "<link" not in html
    assert head.index("Content-Security-Policy") < head.index("<script")
    assert html.index("charset") < 1024


def test_path_that_is_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        save_map(event_map(synthetic.make_events(), basemap=None), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_map_is_refused():
    with pytest.raises(InputError, match="event_map"):
        map_html("map.html")


def test_asset_that_cannot_be_embedded_is_named():
    made = folium.Map(tiles=None)
    BoatMarker([32, 20]).add_to(made)
    with pytest.raises(InputError, match="boatmarker"):
        map_html(made)
    assert "boatmarker" in map_html(made, offline=False)


def test_a_script_built_for_another_version_is_refused(monkeypatch):
    monkeypatch.setattr("geo.maps.assets.MAGIC", b"GEO0")
    with pytest.raises(GeoError, match=r"another version.*hatch_build"):
        map_html(event_map(synthetic.make_events(), basemap=None))


@pytest.mark.browser
def test_a_marker_of_folium_works_on_the_page_of_events(show):
    made = event_map(synthetic.make_events(), basemap=None)
    folium.Marker([32, 20], popup="hello").add_to(made)
    watched = show(made)
    watched.page.locator("img.leaflet-marker-icon").click()
    assert watched.page.locator(".leaflet-popup-content").inner_text() == "hello"
    watched.calm()


def test_tiles_are_refused_by_name():
    made = folium.Map()
    EventLayer(synthetic.make_events()).add_to(made)
    with pytest.raises(InputError, match=r"openstreetmap\.org"):
        map_html(made)


def test_layer_without_a_map_says_so():
    with pytest.raises(GeoError, match="add_to"):
        EventLayer(synthetic.make_events()).render()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"a": [1]}), "GeoDataFrame"),
        (gpd.GeoDataFrame({"a": [1]}), "no active geometry"),
        (gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(500000, 3600000)]), "no degrees"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(table, message):
    with pytest.raises(InputError, match=message):
        event_map(table)


def test_options_are_checked():
    table = synthetic.make_events()
    with pytest.raises(InputError, match="language"):
        event_map(table, language="fr")
    with pytest.raises(InputError, match="basemap"):
        event_map(table, basemap="osm")
    with pytest.raises(InputError, match="sub-layers"):
        EventLayer(table, visible={"heat": True})


def test_any_table_with_geometry_will_do():
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(1, 2), (3, 4)]), None, shapely.Point()], crs=4326)
    data = payload(lines)
    assert data["events"]["columns"]["lon"][1:] == [None, None]
    assert data["geometries"][0]["type"] == "LineString"
    empty = payload(gpd.GeoDataFrame(geometry=[], crs=4326))
    assert empty["events"]["length"] == 0
    assert map_html(event_map(gpd.GeoDataFrame(geometry=[], crs=4326), basemap=None))


def test_geocoded_names_are_shown_as_places():
    rows = [
        {
            "query": "سرت",
            "score": 0.7,
            "alternatives": [{"id": "b", "score": 0.1}],
            "geometry": shapely.Point(16.6, 31.2),
        }
    ]
    data = payload(gpd.GeoDataFrame(rows, crs=4326))
    assert data["subject"] == "places"
    assert data["events"]["columns"]["confidence"] == [0.7]
    assert data["events"]["columns"]["candidates"].rows() == [[{"id": "b", "score": 0.1}]]


def test_other_reference_systems_are_brought_to_degrees():
    table = gpd.GeoDataFrame(geometry=[shapely.Point(20, 32)], crs=4326).to_crs(3857)
    assert payload(table)["events"]["columns"]["lon"] == [20.0]


def test_cells_of_every_table_dtype_become_plain_values():
    table = synthetic.make_events()
    plain = payload(table)
    table["date_start"] = pd.to_datetime(table["date_start"])
    table["type"] = table["type"].astype("category")
    table["where_prec"] = table["where_prec"].astype("Int8")
    table["uncertainty_km"] = table["uncertainty_km"].astype("float32")
    table["actors"] = [json.dumps(cell) if cell else None for cell in table["actors"]]
    table["candidates"] = [np.array(cell, dtype=object) if cell else None for cell in table["candidates"]]
    assert payload(table) == plain


def test_country_without_a_footprint_gets_its_polygon():
    data = payload(synthetic.make_events(), countries=country_shapes)
    tunisia = data["events"]["columns"]["shape"][11]
    shape = shapely.from_geojson(json.dumps(data["geometries"][tunisia]))
    assert shape.contains(shapely.Point(9.2, 34.0))
    assert shape.area > 12


@pytest.mark.parametrize(
    "form", [shapely.to_wkb, shapely.to_wkt, shapely.to_geojson, shapely.geometry.mapping]
)
def test_footprints_are_read_in_any_form(form):
    assert as_shape(form(synthetic.SEA_SOUTH)).equals(synthetic.SEA_SOUTH)


def test_footprint_that_is_none_is_named():
    with pytest.raises(InputError, match="footprint"):
        as_shape("POLYGON((")


def test_only_places_without_an_event_are_on_the_layer_of_mentions():
    data = payload(synthetic.make_events(), synthetic.make_mentions())
    assert data["mentions"]["columns"]["text"] == ["طبرق", "قبرص", "مصراتة"]


def test_basemap_is_detailed_around_the_data_and_coarse_beyond():
    near, far = natural_earth((10, 25, 25, 33)), natural_earth((-70, -20, -60, -10))
    assert len(pack(near)) < 250_000
    assert near["edges"] != far["edges"]
    assert "ليبيا" in near["labels"]["name_ar"]
    world = natural_earth((-180, -90, 180, 90))
    assert len(pack(world)) < 500_000


def test_basemap_refuses_what_it_cannot_name():
    with pytest.raises(InputError, match="kind"):
        natural_earth(labels=[Label("نهر", "River", 1, 2, 1, "river")])
    with pytest.raises(InputError, match="west, south"):
        crop_box((20, 10, 10, 20))


def test_maps_are_heavy_only_when_used():
    code = "import sys, geo; assert 'folium' not in sys.modules and 'geopandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
