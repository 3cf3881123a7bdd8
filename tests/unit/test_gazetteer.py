"""Look-up, search and nearest place: what they find, and what they refuse."""

import pickle
import random
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from geo.arabic import strict_key
from geo.errors import InputError
from geo.model import MatchKind
from geo.places import Gazetteer, search
from geo.places.keys import latin_key, skeleton
from geo.places.reverse import NearestPlaces, nearest
from geo.places.store import Kept


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open()


def test_find_returns_rows_of_the_key_and_nothing_else(gazetteer):
    keys = [strict_key(name) for name in ("أجدابيا", "لا مكان بهذا الاسم", "Tripoli", "")]
    found = gazetteer.find(keys)
    assert [bool(rows) for rows in found] == [True, False, True, False]
    for key, rows in zip(keys, found, strict=True):
        assert {gazetteer.name_row(row).key for row in rows} <= {key}


def test_find_agrees_with_a_scan_of_all_names(gazetteer):
    rng = random.Random(7)
    total = gazetteer._base.end_name
    for row in rng.sample(range(total), 300):
        name = gazetteer.name_row(row)
        [rows] = gazetteer.find([name.key], foreign=True)
        assert row in rows
        assert (row in gazetteer.find([name.key])[0]) == (name.lang != "foreign")


def test_what_was_found_is_kept_up_to_a_limit():
    asked = []

    def sizes(keys):
        asked.extend(keys)
        return [len(key) for key in keys]

    kept = Kept(3)
    assert kept.of(["a", "bb", "a"], sizes) == [1, 2, 1]
    assert kept.of(["bb", "ccc"], sizes) == [2, 3]
    assert asked == ["a", "bb", "a", "ccc"]
    assert kept.of(["dddd"], sizes) == [4]
    assert len(kept) == 1
    assert kept.of(list("vwxyz"), sizes) == [1] * 5
    assert len(kept) <= 3


def test_find_of_nothing(gazetteer):
    assert gazetteer.find([]) == []
    assert gazetteer.is_prefix([]).tolist() == []


def test_foreign_spellings_only_when_asked(gazetteer):
    key = strict_key("اجدابیا")
    rows = [
        row for row in gazetteer.find([key], foreign=True)[0] if gazetteer.name_row(row).lang == "foreign"
    ]
    assert rows
    assert not set(rows) & set(gazetteer.find([key])[0])


def test_prefixes_are_whole_words(gazetteer):
    flags = gazetteer.is_prefix([strict_key(name) for name in ("سيدي", "سيد", "سيدي بوزيد", "دير", "zzz")])
    assert flags[0]
    assert flags[3]
    assert not flags[4]
    assert flags.dtype == bool


def test_surrogates_and_odd_text_are_no_places(gazetteer):
    assert gazetteer.find(["\ud800"]) == [()]
    assert gazetteer.lookup("\ud800") == []
    assert search(gazetteer, "\u202e\u0000") == []


def test_place_rows_are_checked(gazetteer):
    with pytest.raises(IndexError, match="rows 0 to"):
        gazetteer.place(len(gazetteer))
    with pytest.raises(IndexError):
        gazetteer.place(-1)
    assert gazetteer.by_id("geonames:0") is None
    assert gazetteer.names_of("geonames:0") == []
    assert gazetteer.country("ZZ") is None


def test_names_of_covers_every_name_of_a_place(gazetteer):
    rows = gazetteer.names_of("geonames:89113")
    assert {row.place for row in rows} == {gazetteer.row_of("geonames:89113")}
    assert {"أجدابيا", "Ajdabiya"} <= {row.name for row in rows}
    last = gazetteer.place(len(gazetteer) - 1)
    assert gazetteer.names_of(last.id)


def test_pickle_keeps_the_folder_only(gazetteer):
    data = pickle.dumps(gazetteer)
    assert len(data) < 1_000
    assert pickle.loads(data).versions == gazetteer.versions  # noqa: S301


def test_threads_share_one_gazetteer(gazetteer):
    keys = [strict_key(name) for name in ("طرابلس", "حلب", "عدن", "صنعاء")] * 50
    expected = gazetteer.find(keys)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: gazetteer.find(keys), range(32)))


def test_opening_loads_no_pandas_and_no_geometry_library():
    code = (
        "import sys; from geo.places import Gazetteer; Gazetteer.open().lookup('Tripoli'); "
        "print([m for m in ('pandas', 'shapely', 'scipy', 'geopandas', 'pyproj') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_lookup_ranks_by_prominence_and_shares_scores(gazetteer):
    found = gazetteer.lookup("طرابلس")
    assert found[0].place.id == "geonames:2210247"
    assert {candidate.place.country for candidate in found} == {"LY", "LB"}
    assert sum(candidate.score for candidate in found) == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("name", "place_id", "kind"),
    [
        ("أجدابيا", "geonames:89113", MatchKind.EXACT),
        ("اجدابيا", "geonames:89113", MatchKind.EXACT),
        ("بأجدابيا", "geonames:89113", MatchKind.VARIANT),
        ("وللاذقية", "geonames:173576", MatchKind.VARIANT),
        ("حفرالباطن", "geonames:106297", MatchKind.VARIANT),
        ("صنعا", "geonames:71137", MatchKind.VARIANT),
        ("AJDABIYA", "geonames:89113", MatchKind.EXACT),
        ("Ajdābiyā", "geonames:89113", MatchKind.EXACT),
        ("al Beida", "geonames:89055", MatchKind.VARIANT),
        ("Adjdabiyah", "geonames:89113", MatchKind.VARIANT),
        ("United States of America", "geonames:6252001", MatchKind.VARIANT),
    ],
)
def test_search_finds_other_spellings(gazetteer, name, place_id, kind):
    best = search(gazetteer, name)[0]
    assert best.place.id == place_id
    assert best.kind == kind
    assert best.reasons


def test_near_misses_need_a_second_proof(gazetteer):
    assert search(gazetteer, "Edjdabieh") == []
    assert search(gazetteer, "Edjdabieh", country="ly")[0].place.id == "geonames:89113"


def test_search_filters(gazetteer):
    assert {m.place.country for m in search(gazetteer, "طرابلس", country="LB")} == {"LB"}
    assert {m.place.feature_class for m in search(gazetteer, "طرابلس", feature_class="A")} == {"A"}
    assert len(search(gazetteer, "Springfield", limit=3)) == 3


def test_search_refuses_misuse(gazetteer):
    with pytest.raises(InputError, match="give a place name"):
        search(gazetteer, None)
    with pytest.raises(InputError, match="limit is 0"):
        search(gazetteer, "x", limit=0)
    assert search(gazetteer, "  ") == []


def test_latin_keys():
    assert latin_key("Deir ez-Zor") == latin_key("Deir Zor")
    assert skeleton("Qaddafi") == skeleton("Gaddafi") or skeleton("Qaddafi") == skeleton("Kadafi")
    assert skeleton("aeiou") == ""
    for _ in range(50):
        word = "".join(random.choices(string.ascii_letters, k=8))
        assert latin_key(latin_key(word)) == latin_key(word) or len(latin_key(word)) <= 3


def test_nearest_agrees_with_all_distances(gazetteer):
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-180, 180, 40), np.degrees(np.arcsin(rng.uniform(-1, 1, 40)))
    rows = gazetteer.rows_where(feature_classes=["P"])
    lons, lats = (np.radians(column[rows]) for column in gazetteer.points())
    for x, y, hit in zip(lon, lat, nearest(gazetteer, lon, lat), strict=True):
        a, b = np.radians(x), np.radians(y)
        half = np.sin((lats - b) / 2) ** 2 + np.cos(b) * np.cos(lats) * np.sin((lons - a) / 2) ** 2
        distances = 2 * 6371.0088 * np.arcsin(np.sqrt(half))
        assert hit.distance_km == pytest.approx(distances.min(), abs=0.01)


def test_nearest_crosses_the_date_line(gazetteer):
    [hit] = nearest(gazetteer, [-179.999], [-16.8])
    assert hit.distance_km < 100


def test_nearest_bearing_points_from_the_place_to_the_point(gazetteer):
    ajdabiya = gazetteer.by_id("geonames:89113")
    near = NearestPlaces(gazetteer, country="LY", min_population=100_000)
    [[hit]] = near.nearest([ajdabiya.lon], [ajdabiya.lat - 0.1])
    assert hit.place.id == ajdabiya.id
    assert hit.bearing_deg == pytest.approx(180, abs=0.1)
    assert hit.distance_km == pytest.approx(11.12, abs=0.05)


def test_nearest_filters_and_counts(gazetteer):
    near = NearestPlaces(gazetteer, country="LY", named_in_arabic=True)
    [hits] = near.nearest([20.2], [30.7], count=3)
    assert len(hits) == 3
    assert all(hit.place.name_ar and hit.place.country == "LY" for hit in hits)
    assert [hit.distance_km for hit in hits] == sorted(hit.distance_km for hit in hits)
    assert near.nearest([], []) == []


@pytest.mark.parametrize(("lon", "lat"), [([181.0], [0.0]), ([0.0], [float("nan")]), ([0.0], [])])
def test_nearest_refuses_what_is_no_point(gazetteer, lon, lat):
    with pytest.raises(InputError):
        nearest(gazetteer, lon, lat)


def test_nearest_refuses_an_empty_choice(gazetteer):
    with pytest.raises(InputError, match="widen the filter"):
        NearestPlaces(gazetteer, country="LY", min_population=10**9)


def test_many_keys_at_once_find_what_each_finds_alone(gazetteer: Gazetteer) -> None:
    keys = ["طرابلس", "tripoli", "no such name", "", "حلب", "تهران", "ادلب", "\ud800"]
    positions, rows = gazetteer.find_many(keys)
    alone = [(place, row) for place, found in enumerate(gazetteer.find(keys)) for row in found]
    assert list(zip(positions.tolist(), rows.tolist(), strict=True)) == alone
    assert len(alone) > 5
    texts = gazetteer.take("names", "name", rows).to_pylist()
    assert texts == [gazetteer.name_row(row).name for _, row in alone]
    assert gazetteer.places_of(rows).tolist() == [gazetteer.place_of(row) for _, row in alone]
    places = np.array([gazetteer.place_of(alone[0][1]), -1])
    assert gazetteer.take("places", "country", places).to_pylist() == ["LY", None]
