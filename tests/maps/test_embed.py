"""Any other Folium map is saved offline by the same function: every common plugin, and what is refused."""

from __future__ import annotations

import base64
import importlib.util
from datetime import date, timedelta
from pathlib import Path

import folium
import geopandas as gpd
import pytest
import shapely
from folium import plugins

from geo.errors import InputError
from geo.maps import EventLayer, map_html, save_map
from geo.maps.embed import source_of

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

POINTS = [(32.0 + 0.1 * n, 13.0 + 0.1 * n) for n in range(8)]
WORD = "طبرق"
REMOTE = "https://example.org/a.png"


def bare() -> folium.Map:
    made = folium.Map(location=POINTS[0], tiles=None, zoom_start=7, max_zoom=18)
    made.options["maxZoom"] = 18
    return made


def features(times: bool = False) -> dict:
    rows = []
    for number, (lat, lon) in enumerate(POINTS):
        day = date(1955, 1, 1) + timedelta(days=3000 * number)
        dated = {"times": [day.isoformat()]} if times else {}
        span = {"start": day.isoformat(), "end": (day + timedelta(30)).isoformat()}
        rows.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {"name": WORD, **dated, **span},
            }
        )
    return {"type": "FeatureCollection", "features": rows}


def marker_cluster(made):
    cluster = plugins.MarkerCluster().add_to(made)
    for point in POINTS:
        folium.Marker(point, popup=WORD).add_to(cluster)


def fast_marker_cluster(made):
    plugins.FastMarkerCluster(POINTS).add_to(made)


def timeline(made):
    layer = plugins.Timeline(features()).add_to(made)
    plugins.TimelineSlider().add_timelines(layer).add_to(made)


def timestamped(made):
    plugins.TimestampedGeoJson(features(times=True), add_last_point=False, auto_play=False).add_to(made)


def heat(made):
    plugins.HeatMap(POINTS).add_to(made)


def heat_with_time(made):
    plugins.HeatMapWithTime([[list(point)] for point in POINTS]).add_to(made)


def grouped_control(made):
    one = folium.FeatureGroup("a").add_to(made)
    two = folium.FeatureGroup("b").add_to(made)
    plugins.GroupedLayerControl({"g": [one, two]}).add_to(made)


def sub_group(made):
    cluster = plugins.MarkerCluster(control=False).add_to(made)
    group = plugins.FeatureGroupSubGroup(cluster, "g").add_to(made)
    folium.Marker(POINTS[0]).add_to(group)
    folium.LayerControl().add_to(made)


def tree_control(made):
    layer = folium.FeatureGroup("a").add_to(made)
    plugins.TreeLayerControl(
        overlay_tree={"label": "x", "children": [{"label": "a", "layer": layer}]}
    ).add_to(made)


def search(made):
    layer = folium.GeoJson(features()).add_to(made)
    plugins.Search(layer, search_label="name").add_to(made)


def tools(made):
    plugins.Fullscreen().add_to(made)
    plugins.MousePosition().add_to(made)
    plugins.MeasureControl().add_to(made)
    plugins.LocateControl().add_to(made)


def draw(made):
    plugins.Draw(export=False).add_to(made)


def lines(made):
    plugins.AntPath(POINTS).add_to(made)
    line = folium.PolyLine(POINTS).add_to(made)
    plugins.PolyLineTextPath(line, "→", repeat=True).add_to(made)
    plugins.PolyLineOffset(POINTS, offset=5).add_to(made)


def mini_map(made):
    plugins.MiniMap(tile_layer=folium.TileLayer("", attr="none", overlay=True)).add_to(made)


def icons(made):
    folium.Marker(POINTS[0], icon=folium.Icon(color="red", icon="star", prefix="fa", angle=90)).add_to(made)
    folium.Marker(POINTS[1], icon=folium.Icon(icon="info-sign")).add_to(made)
    folium.Marker(POINTS[2], icon=plugins.BeautifyIcon(icon="plane")).add_to(made)
    folium.Marker(POINTS[3]).add_to(made)


def shapes(made):
    plugins.SemiCircle(POINTS[0], radius=9000, start_angle=0, stop_angle=90).add_to(made)
    pattern = plugins.pattern.StripePattern().add_to(made)
    square = shapely.box(13, 32, 14, 33)
    folium.GeoJson(
        shapely.geometry.mapping(square), style_function=lambda _: {"fillPattern": pattern}
    ).add_to(made)


def tag_filter(made):
    folium.Marker(POINTS[0], tags=["a"]).add_to(made)
    plugins.TagFilterButton(["a", "b"]).add_to(made)


def spider(made):
    folium.Marker(POINTS[0]).add_to(made)
    plugins.OverlappingMarkerSpiderfier().add_to(made)


def choropleth(made):
    table = gpd.GeoDataFrame({"k": ["a"], "v": [1.0]}, geometry=[shapely.box(13, 32, 14, 33)], crs=4326)
    folium.Choropleth(table, data=table, columns=["k", "v"], key_on="feature.properties.k", bins=3).add_to(
        made
    )


PLUGINS = [
    marker_cluster, fast_marker_cluster, timeline, timestamped, heat, heat_with_time, grouped_control,
    sub_group, tree_control, search, tools, draw, lines, mini_map, icons, shapes, tag_filter, spider,
    choropleth,
]  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("add", PLUGINS, ids=lambda add: add.__name__)
def test_a_plugin_works_without_a_network(add, show):
    made = bare()
    add(made)
    watched = show(made)
    watched.page.wait_for_timeout(200)
    watched.console = [said for said in watched.console if not said.startswith("Deprecated include")]
    watched.calm()


def test_only_a_library_that_compiles_text_weakens_the_policy():
    made = bare()
    assert "unsafe-eval" not in map_html(made)
    plugins.MeasureControl().add_to(made)
    assert "unsafe-eval" in map_html(made)


@pytest.mark.browser
def test_a_marker_shows_its_picture_and_its_popup(show):
    made = bare()
    folium.Marker(POINTS[0], popup=WORD).add_to(made)
    watched = show(made)
    marker = watched.page.locator("img.leaflet-marker-icon")
    assert marker.evaluate("image => image.naturalWidth") == 25
    marker.click()
    assert watched.page.locator(".leaflet-popup-content").inner_text() == WORD
    watched.calm()


@pytest.mark.browser
def test_two_maps_side_by_side(show):
    made = plugins.DualMap(location=POINTS[0], tiles=None, zoom_start=7)
    folium.Marker(POINTS[0]).add_to(made.m1)
    watched = show(made)
    assert watched.page.locator(".leaflet-container").count() == 2
    watched.calm()


@pytest.mark.browser
def test_the_map_of_a_geodataframe(show):
    table = gpd.GeoDataFrame(
        {"name": [WORD] * 2}, geometry=[shapely.Point(13, 32), shapely.Point(14, 31)], crs=4326
    )
    watched = show(table.explore(tiles=None))
    watched.calm()


@pytest.mark.browser
def test_an_event_layer_stands_beside_other_layers_in_the_layer_control(show):
    made = bare()
    folium.FeatureGroup("other").add_to(made)
    EventLayer(synthetic.make_events(), name=WORD).add_to(made)
    plugins.MarkerCluster([POINTS[0]], name="cluster").add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    watched = show(made)
    labels = watched.page.locator(".leaflet-control-layers-overlays label")
    assert [text.strip() for text in labels.all_inner_texts()] == ["other", WORD, "cluster"]
    signs = watched.page.locator(".leaflet-marker-icon")
    before = signs.count()
    labels.nth(1).click()
    assert signs.count() < before
    watched.calm()


@pytest.mark.parametrize(
    ("element", "named"),
    [
        (lambda: plugins.BoatMarker(POINTS[0]), r"leaflet\.boatmarker"),
        (lambda: plugins.Geocoder(), r"Control\.Geocoder"),
        (lambda: folium.TileLayer("OpenStreetMap"), r"tile\.openstreetmap\.org"),
        (
            lambda: folium.raster_layers.ImageOverlay("https://example.org/a.png", [[0, 0], [1, 1]]),
            r"example\.org/a",
        ),
        (
            lambda: folium.Marker(POINTS[0], icon=folium.CustomIcon("https://example.org/i.png")),
            r"example\.org/i",
        ),
    ],
)
def test_what_cannot_be_put_into_the_file_is_named(element, named, tmp_path):
    made = bare()
    element().add_to(made)
    with pytest.raises(InputError, match=named):
        save_map(made, tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()


def test_libraries_a_page_does_not_need_are_left_out():
    assert len(map_html(bare())) < 300_000
    assert source_of("https://example.org/npm/bootstrap@5.2.2/dist/css/bootstrap.min.css", "", "it") is None


@pytest.mark.browser
def test_a_picture_on_disk_goes_into_the_file(tmp_path, show):
    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    (tmp_path / "dot.png").write_bytes(dot)
    made = bare()
    folium.Marker(POINTS[0], icon=folium.CustomIcon(str(tmp_path / "dot.png"), icon_size=(9, 9))).add_to(made)
    show(made).calm()
