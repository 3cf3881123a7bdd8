"""Every row of the shipped artefact is valid, licensed and where its containers say it is."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from geo.arabic import foreign_letters, strict_key
from geo.places import Gazetteer, Store
from geo.places.gazetteer import default_folder

ROOT = Path(__file__).resolve().parents[2]
ARABIC = {"ar", "und"}


@pytest.fixture(scope="module")
def store():
    return Store(default_folder())


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.open()


@pytest.fixture(scope="module")
def names(store):
    langs, kinds = store.codes("names", "lang"), store.codes("names", "kind")
    texts, keys = store.text("names", "name"), store.text("names", "key")
    return [(texts[row], keys[row], langs[row], kinds[row]) for row in range(len(texts))]


def test_counts_reach_what_the_sources_hold(store):
    counts = store.provenance["counts"]
    assert counts["arabic_names"] >= 45_000
    assert counts["places_with_arabic_name"] >= 30_000
    assert counts["places_by_class"]["P"] >= 234_908
    assert counts["names_by_language"]["foreign"] >= 40_000
    assert counts["names_by_source"]["curated"] >= 1_000


def test_curated_rows_number_three_hundred_or_more():
    files = [
        path for path in (ROOT / "gazetteer/curated").glob("*.csv") if path.name not in ("demonyms.csv",)
    ]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in files) >= 300


def test_points_lie_in_the_world(store):
    lon, lat = store.numbers("places", "lon"), store.numbers("places", "lat")
    assert np.all(np.isfinite(lon))
    assert np.all(np.abs(lon) <= 180)
    assert np.all(np.isfinite(lat))
    assert np.all(np.abs(lat) <= 90)
    assert not np.any((lon == 0) & (lat == 0))


def test_uncertainties_are_positive_and_sensible(store):
    uncertainty = store.numbers("places", "uncertainty_km")
    assert np.all(uncertainty > 0)
    assert np.all(uncertainty <= 8_000)
    classes = store.codes("places", "feature_class")
    assert np.all(uncertainty[classes.mask({"P", "S"})[classes.codes]] <= 100)
    assert np.all(uncertainty[classes.mask({"A"})[classes.codes]] <= 5_000)


def test_ids_are_unique_sorted_and_named(store):
    ids = store.text("places", "id")
    listed = [ids[row] for row in range(len(ids))]
    assert listed == sorted(set(listed))
    assert all(":" in place_id for place_id in listed)
    names = store.text("places", "name")
    assert all(names[row] for row in range(len(names)))


def test_parents_exist_and_chains_end(gazetteer, store):
    parents = set(store.codes("places", "parent_id").words) - {""}
    assert not [parent for parent in parents if gazetteer.row_of(parent) < 0]
    for place_id in sorted(parents)[::50]:
        chain = gazetteer.containers(gazetteer.by_id(place_id))
        assert len(chain) <= 6
        assert place_id not in {place.id for place in chain}


def test_every_source_has_a_licence(store):
    sources = store.provenance["sources"]
    used = set(store.codes("places", "source").words) | set(store.codes("names", "source").words)
    assert used <= set(sources)
    for key, source in sources.items():
        assert source["licence"], key
        assert source["attribution"], key
        assert source["date"], key
        assert source["rows_kept"] <= source["rows_in"], key


def test_data_licences_name_every_source(store):
    text = (ROOT / "DATA-LICENSES.md").read_text(encoding="utf-8")
    assert [key for key in store.provenance["sources"] if f"`{key}`" not in text] == []


def test_names_are_nfc_without_bidi_marks_and_keys_agree(names):
    assert all(unicodedata.is_normalized("NFC", text) for text, *_ in names)
    assert not [text for text, *_ in names if any(mark in text for mark in "\u200e\u200f\u202b\u202c")]
    assert [(text, key) for text, key, *_ in names[::97] if strict_key(text) != key] == []


def test_names_matched_as_arabic_have_arabic_letters_only(names):
    foreign = foreign_letters()
    assert not [text for text, _, lang, _ in names if lang in ARABIC and foreign.intersection(text)]


def test_no_name_is_empty_or_a_single_letter(names):
    assert min(len(key) for _, key, *_ in names) >= 2


def test_names_keep_the_harakat_of_their_source(gazetteer):
    oman = gazetteer.country("OM")
    assert any("\u064f" in row.name for row in gazetteer.names_of(oman.id))


def test_names_are_sorted_by_hash(store):
    hashes = store.numbers("names", "key_hash")
    assert np.all(hashes[:-1] <= hashes[1:])


SEEDS = {
    "LY": "أجدابيا طبرق طرابلس ليبيا بنغازي مصراتة", "LB": "طرابلس بيروت", "CY": "قبرص", "JO": "عمان",
    "OM": "عمان",
    "SY": "حميميم اللاذقية سوريا حلب إدلب درعا", "SD": "السودان الخرطوم الفاشر", "YE": "صنعاء عدن الحديدة",
    "IQ": "الموصل أربيل", "DZ": "الجزائر", "PS": "غزة", "EG": "القاهرة", "RU": "روسيا", "US": "أمريكا",
    "GB": "بريطانيا", "TR": "تركيا", "IR": "إيران",
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, names in SEEDS.items() for name in names.split()]
)
def test_seed_names_are_found_in_their_countries(gazetteer, code, name):
    found = gazetteer.lookup(name)
    expected = {code for code, names in SEEDS.items() if name in names.split()}
    assert code in {candidate.place.country for candidate in found}
    assert found[0].place.country in expected


@pytest.mark.parametrize(
    ("code", "name"),
    [("IR", "كردستان"), ("IR", "خوزستان"), ("SO", "جدو"), ("SY", "إدلب"), ("IQ", "صلاح الدين")],
)
def test_first_level_units_bear_their_own_names(gazetteer, code, name):
    units = [
        c.place for c in gazetteer.lookup(name) if c.place.feature_code == "ADM1" and c.place.country == code
    ]
    assert len(units) == 1


def test_provinces_of_iran_follow_the_codes_of_2020(gazetteer):
    assert gazetteer.by_id("geonames:126584").name_ar == "كردستان"
    assert "كردستان" not in {row.name for row in gazetteer.names_of("geonames:130801")}


@pytest.mark.parametrize("name", ["العاصمة", "الشمالية", "المملكة"])
def test_ordinary_words_mean_a_unit_only_in_context(gazetteer, name):
    [rows] = gazetteer.find([strict_key(name)])
    units = [row for row in map(gazetteer.name_row, rows) if gazetteer.place(row.place).feature_class == "A"]
    assert units
    assert {row.kind for row in units} == {"context"}


def test_every_arab_state_has_country_capital_and_units(gazetteer):
    for code in "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE".split():
        country = gazetteer.country(code)
        assert country.name_ar, code
        if code != "PS":
            capital = gazetteer.capital(code)
            assert capital is not None, code
            assert capital.name_ar, code
        rows = gazetteer.rows_where(country=code, feature_classes=["A"])
        units = [place for place in map(gazetteer.place, rows.tolist()) if place.feature_code == "ADM1"]
        named = [place for place in units if place.name_ar]
        assert units, code
        assert len(named) >= 0.75 * len(units), (code, [place.name for place in units if not place.name_ar])


def test_city_and_governorate_of_one_name_are_linked(gazetteer):
    aleppo = gazetteer.by_id("geonames:170063")
    chain = gazetteer.containers(aleppo)
    assert "geonames:170062" in [place.id for place in chain]
    assert chain[-1].id == gazetteer.country("SY").id
