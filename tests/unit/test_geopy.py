"""The geopy door: the calls of any other geocoder, the tools made for them, and never a socket."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import geopandas as gpd
import geopy
import numpy as np
import pandas as pd
import pytest
import shapely
from geopy.extra.rate_limiter import RateLimiter

from geo.errors import InputError
from geo.geocoding import ArabicGazetteer
from geo.geocoding import door as door_module
from geo.places import Gazetteer

AJDABIYA = "geonames:89113"
NOWHERE = "ضغظثق خذغظشص"
NAMES = ["أجدابيا", "طبرق", "وبطرابلس", "حميميم", "اللاذقيه", "Ajdabiya", "Latakia", NOWHERE]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(packs=[])


@pytest.fixture(scope="module")
def geocoder(gazetteer: Gazetteer) -> ArabicGazetteer:
    return ArabicGazetteer(gazetteer)


def test_a_location_is_lat_lon_and_tells_all_that_is_known(geocoder: ArabicGazetteer) -> None:
    found = geocoder.geocode("أجدابيا")
    assert isinstance(found, geopy.Location)
    assert (found.latitude, found.longitude) == pytest.approx((30.755, 20.226), abs=0.01)
    assert found.address == "أجدابيا، ليبيا"
    raw = found.raw
    assert (raw["id"], raw["match"], raw["feature_code"]) == (AJDABIYA, "exact", "PPLA")
    assert 0.5 < raw["score"] <= 1
    assert raw["reasons"]
    assert raw["uncertainty_km"] > 0
    assert raw["provider"] == "ArabicGazetteer"
    assert "CC-BY-4.0" in raw["licence"]
    assert "GeoNames" in raw["attribution"]
    assert [item["feature_code"] for item in raw["containers"]][-1] == "PCLI"
    assert json.loads(json.dumps(raw)) == raw, "plain values only"


def test_the_source_of_the_place_and_that_of_the_name_are_credited(geocoder: ArabicGazetteer) -> None:
    raw = geocoder.geocode("القاهرة").raw
    assert "GeoNames" in raw["attribution"]
    assert "Unicode CLDR" in raw["attribution"], "who gave the name"
    assert raw["licence"].split("; ") == ["CC-BY-4.0", "Unicode-3.0"]


def test_the_others_a_name_may_mean_are_told(geocoder: ArabicGazetteer) -> None:
    raw = geocoder.geocode("طرابلس").raw
    assert raw["candidates"][0]["country"] == "LB"
    assert 1 <= len(raw["candidates"]) <= door_module.ALTERNATIVES
    assert raw["id"] not in {other["id"] for other in raw["candidates"]}
    scores = [raw["score"], *(other["score"] for other in raw["candidates"])]
    assert scores == sorted(scores, reverse=True)


def test_lists_and_limits(geocoder: ArabicGazetteer) -> None:
    many = geocoder.geocode("طرابلس", exactly_one=False, limit=3, timeout=1)
    assert [item.raw["country"] for item in many][:2] == ["LY", "LB"]
    assert len(many) == 3
    assert len(geocoder.geocode("الحي", exactly_one=False)) <= 10
    for name in (NOWHERE, "", " "):
        assert geocoder.geocode(name) is None
        assert geocoder.geocode(name, exactly_one=False) is None


def test_languages(geocoder: ArabicGazetteer) -> None:
    assert geocoder.geocode("Tripoli", country_codes=["LB"], language="ar").address == "طرابلس، لبنان"
    assert geocoder.geocode("طرابلس", country_codes="lb", language="en-GB").address == "Tripoli, Lebanon"
    assert geocoder.geocode("ليبيا", language="en").address == "Libya"


@pytest.mark.parametrize(
    "query",
    [
        {"name": "طرابلس", "country": "LB"},
        {"name": "طرابلس", "country": "لبنان"},
        {"name": "Tripoli", "country": "Lebanon", "admin1": None},
        {"name": "طرابلس", "country": "lb", "admin1": "09"},
        {"name": "طرابلس", "admin1": "LB.09"},
    ],
)
def test_structured_queries(query: dict[str, str], geocoder: ArabicGazetteer) -> None:
    assert geocoder.geocode(query).raw["country"] == "LB"


def test_a_box_of_any_two_corners_prefers_or_bounds(geocoder: ArabicGazetteer) -> None:
    corners = [(33.0, 35.0), (35.0, 37.0)]
    for box in (corners, corners[::-1], ["33,37", geopy.Point(35, 35)]):
        assert geocoder.geocode("طرابلس", viewbox=box).raw["country"] == "LB"
        bounded = geocoder.geocode("طرابلس", exactly_one=False, viewbox=box, bounded=True)
        assert {item.raw["country"] for item in bounded} == {"LB"}
    assert geocoder.geocode("طبرق", viewbox=corners).raw["country"] == "LY", "a box alone only prefers"
    assert geocoder.geocode("طبرق", viewbox=corners, bounded=True) is None


def test_reverse(geocoder: ArabicGazetteer) -> None:
    for query in ((32.89, 13.19), "32.89, 13.19", geopy.Point(32.89, 13.19)):
        assert geocoder.reverse(query).address == "Tripoli, Libya"
    near = geocoder.reverse((32.89, 13.19), exactly_one=False, language="ar")
    distances = [item.raw["distance_km"] for item in near]
    assert distances == sorted(distances)
    assert near[0].address == "طرابلس، ليبيا"
    assert near[0].raw["point_country"] == "LY"
    assert "GeoNames" in near[0].raw["attribution"]
    assert geocoder.reverse((34.0, 18.0)).raw["point_country"] is None, "the middle of the sea"


BAD: list[Callable[[ArabicGazetteer], Any]] = [
    lambda g: g.geocode(7),
    lambda g: g.geocode({"place": "حلب"}),
    lambda g: g.geocode({"name": "حلب", "country": "Atlantis XY"}),
    lambda g: g.geocode("حلب", language="fr"),
    lambda g: g.geocode("حلب", country_codes="Syria"),
    lambda g: g.geocode("حلب", viewbox=[(1, 2)]),
    lambda g: g.geocode("حلب", viewbox=[(100, 2), (3, 4)]),
    lambda g: g.geocode("حلب", exactly_one=False, limit=0),
    lambda g: g.reverse("here"),
    lambda g: g.reverse((91, 0)),
    lambda g: g.reverse((float("nan"), 0)),
]


@pytest.mark.parametrize("ask", BAD)
@pytest.mark.filterwarnings("ignore:Latitude normalization")
def test_misuse_raises_what_batch_callers_catch(
    ask: Callable[[ArabicGazetteer], Any], geocoder: ArabicGazetteer
) -> None:
    with pytest.raises(InputError):
        ask(geocoder)
    assert issubclass(InputError, ValueError)


def test_many_queries_keep_ids_and_order(geocoder: ArabicGazetteer) -> None:
    series = pd.Series(["طبرق", None, "طرابلس", np.nan, "طبرق"], index=["x", "y", "x", "z", "w"])
    rows = list(geocoder.geocode_many(series, language="en"))
    assert [ident for ident, _ in rows] == ["x", "y", "x", "z", "w"]
    assert [found and found.address for _, found in rows] == [
        "Tobruk, Libya", None, "Tripoli, Libya", None, "Tobruk, Libya"
    ]  # fmt: skip
    assert [ident for ident, _ in geocoder.geocode_many(["طبرق", "حلب"])] == [0, 1]
    mapping = {7: {"name": "طرابلس", "country": "LB"}, 9: ""}
    [(seven, there), (nine, nothing)] = geocoder.geocode_many(mapping)
    assert (seven, there.raw["country"], nine, nothing) == (7, "LB", 9, None)
    assert [len(found) for _, found in geocoder.geocode_many(["طرابلس"], exactly_one=False, limit=2)] == [2]


def test_many_queries_are_read_one_by_one_and_looked_up_once(
    geocoder: ArabicGazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read: list[str] = []

    def counting(gazetteer: Gazetteer, name: str, **options: object) -> list[object]:
        asked.append(name)
        return []

    def endless() -> Iterator[str]:
        while True:
            for name in ("حلب", "حمص"):
                read.append(name)
                yield name

    monkeypatch.setattr(door_module, "search", counting)
    rows = geocoder.geocode_many(endless())
    for _ in range(100):
        next(rows)
    assert asked == ["حلب", "حمص"]
    assert len(read) == 100


@pytest.mark.parametrize("bad", [7, ["حلب"], {"place": "حلب"}, {"name": ["حلب"]}, {"name": "حلب", 3: "x"}])
def test_a_bad_query_among_many_is_named(bad: object, geocoder: ArabicGazetteer) -> None:
    rows = geocoder.geocode_many({"first": "حلب", "second": bad})
    assert next(rows)[0] == "first"
    with pytest.raises(InputError, match="query 'second': "):
        next(rows)
    with pytest.raises(InputError, match="is one query"):
        next(geocoder.geocode_many("حلب"))


def test_geopandas_takes_the_class_and_an_instance(gazetteer: Gazetteer, geocoder: ArabicGazetteer) -> None:
    names = pd.Series(["أجدابيا", NOWHERE, None, 7, "طبرق"], index=list("abcde"))
    by_class = gpd.tools.geocode(names, provider=ArabicGazetteer, gazetteer=gazetteer)
    by_instance = gpd.tools.geocode(names, provider=geocoder)
    for table in (by_class, by_instance):
        assert list(table.index) == list("abcde")
        assert table.crs.to_epsg() == 4326
        assert table.geometry.x[["a", "e"]].tolist() == pytest.approx([20.226, 23.97], abs=0.02)
        assert table.geometry[["b", "c", "d"]].is_empty.all(), "one bad row does not lose the batch"
    points = gpd.GeoSeries([shapely.Point(13.19, 32.89), shapely.Point(35.79, 35.53)])
    for provider in (ArabicGazetteer, geocoder):
        back = gpd.tools.reverse_geocode(points, provider=provider)
        assert list(back["address"]) == ["Tripoli, Libya", "Latakia, Syria"]


def test_geopandas_loses_rows_of_repeated_labels_and_geocode_does_not(geocoder: ArabicGazetteer) -> None:
    """What the documentation warns of: a helper that collects by label keeps the last of each."""
    from geo.geocoding import geocode

    names = pd.Series(["أجدابيا", "طبرق"], index=["same", "same"])
    assert len(gpd.tools.geocode(names, provider=geocoder)) == 1
    assert len(geocode(names)) == 2


def test_the_rate_limiter_takes_both_calls(geocoder: ArabicGazetteer) -> None:
    ask = RateLimiter(geocoder.geocode, min_delay_seconds=0)
    back = RateLimiter(geocoder.reverse, min_delay_seconds=0, swallow_exceptions=False)
    table = pd.DataFrame({"name": ["أجدابيا", NOWHERE], "lat": [30.75, 34.0], "lon": [20.22, 18.0]})
    found = table["name"].apply(ask, language="en")
    assert found[0].address == "Ajdabiya, Libya"
    assert found[1] is None
    near = table.apply(lambda row: back((row["lat"], row["lon"]), language="ar"), axis=1)
    assert near[0].address == "أجدابيا، ليبيا"
    assert near[1].raw["distance_km"] > 100


def test_geocoder_and_locations_pickle(geocoder: ArabicGazetteer) -> None:
    copy = pickle.loads(pickle.dumps(geocoder))  # noqa: S301
    found = geocoder.geocode("أجدابيا")
    assert copy.geocode("أجدابيا") == found == pickle.loads(pickle.dumps(found))  # noqa: S301


def test_threads_agree(geocoder: ArabicGazetteer) -> None:
    expected = [geocoder.geocode(name) for name in NAMES]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(geocoder.geocode, NAMES * 25))
        towns = list(pool.map(geocoder.reverse, [(32.0, 20.0)] * 40))
    assert found == expected * 25
    assert towns == [towns[0]] * 40


def test_processes_agree(geocoder: ArabicGazetteer) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(geocoder.geocode, NAMES, chunksize=2)
    assert found == [geocoder.geocode(name) for name in NAMES]


def test_nothing_goes_to_the_network(
    gazetteer: Gazetteer, geocoder: ArabicGazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sockets are blocked in all tests; here no TLS is set up either, which takes geopy 40 ms."""
    for ask in (geocoder.adapter.get_json, geocoder.adapter.get_text):
        with pytest.raises(InputError, match="makes no network request"):
            ask("https://example.org", timeout=1, headers={})

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("TLS was set up")

    monkeypatch.setattr(ssl, "create_default_context", refuse)
    monkeypatch.setattr(ssl, "SSLContext", refuse)
    for name in NAMES:
        ArabicGazetteer(gazetteer).geocode(name)


def test_corrections_of_the_user_are_found_and_credited(tmp_path: Path) -> None:
    table = tmp_path / "corrections.csv"
    table.write_text(
        f"name,lon,lat,country,author,date\n{NOWHERE},20.5,30.5,LY,Field office,2026-03-01\n",
        encoding="utf-8",
    )
    found = ArabicGazetteer(Gazetteer.open(packs=[], overlay=table)).geocode(NOWHERE)
    assert (found.latitude, found.longitude) == (30.5, 20.5)
    assert found.raw["attribution"] == "Field office"
    other = ArabicGazetteer(Gazetteer.open(packs=[], overlay=table)).geocode(NOWHERE, language="en")
    assert other.address == f"{NOWHERE}, Libya", "a place without an English name keeps its own"


def test_no_point_is_not_the_gulf_of_guinea_and_a_frame_is_no_list_of_queries(
    geocoder: ArabicGazetteer,
) -> None:
    with pytest.raises(InputError, match="None is no point"):
        geocoder.reverse(None)
    with pytest.raises(InputError, match="one of its columns: name"):
        list(geocoder.geocode_many(pd.DataFrame({"name": ["x"]})))
    with pytest.raises(InputError, match="a whole number"):
        geocoder.geocode("Tripoli", exactly_one=False, limit=2.5)
    with pytest.raises(InputError, match="'XX' is no ISO"):
        geocoder.geocode("Tripoli", country_codes="xx")
