"""Search: filters, containers, heads, similar names and their second proof, near misses, hierarchy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.arabic import strict_key, table
from geo.cli import main
from geo.errors import InputError
from geo.model import MatchKind
from geo.places import Gazetteer, near_misses, search
from geo.places.fuzzy import arabic_letters, bones, costs, distance, heard, respellings, sounds, without_chat
from geo.places.fuzzy_index import Few, FuzzyIndex, Many
from geo.places.hierarchy import great_circle_km, hierarchy, inside
from geo.places.search_query import queries

AJDABIYA, TRIPOLI, TRIPOLI_LB = "geonames:89113", "geonames:2210247", "geonames:266826"
LATAKIA, IDLIB, HMEIMIM = "geonames:173576", "geonames:169387", "geo:hmeimim-air-base"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(packs=())


def first(gazetteer: Gazetteer, name: str, **options: object) -> str:
    found = search(gazetteer, name, **options)  # type: ignore[arg-type]
    return found[0].place.id if found else ""


@pytest.mark.parametrize(
    ("name", "options", "wanted"),
    [
        ("Tripoli", {}, TRIPOLI),
        ("Tripoli", {"country": ["LB", "sy"]}, TRIPOLI_LB),
        ("Tripoli", {"near": (36.0, 34.0)}, TRIPOLI_LB),
        ("Tripoli", {"within": (34.0, 33.0, 37.0, 35.0)}, TRIPOLI_LB),
        ("Tripoli", {"within": (34.0, 33.0, 37.0, 35.0), "bounded": False}, TRIPOLI_LB),
        ("Tripoli", {"within": (40.0, 33.0, 45.0, 35.0), "bounded": False}, TRIPOLI),
        ("Tripoli", {"within": (40.0, 33.0, 45.0, 35.0)}, ""),
        ("Tripoli", {"within": "geonames:272103"}, TRIPOLI_LB),
        ("Tripoli", {"within": shapely.box(34.0, 33.0, 37.0, 35.0)}, TRIPOLI_LB),
        ("Tripoli", {"within": shapely.box(34.0, 33.0, 37.0, 35.0).__geo_interface__}, TRIPOLI_LB),
        ("Ajdabiya", {"admin1": "الواحات"}, AJDABIYA),
        ("Ajdabiya", {"admin1": "TN.01", "fuzzy": False}, ""),
        ("طرابلس", {"feature_class": "A", "country": "LY"}, "geonames:2210245"),
        ("طرابلس", {"feature_code": ["PPLA"]}, TRIPOLI_LB),
        ("Suva", {"within": (177.0, -20.0, -175.0, -15.0)}, "geonames:2198148"),
    ],
)
def test_filters_bound_and_bias(gazetteer, name, options, wanted):
    assert first(gazetteer, name, **options) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("طرابلس، ليبيا", TRIPOLI),
        ("طرابلس، لبنان", TRIPOLI_LB),
        ("Tripoli, Lebanon", TRIPOLI_LB),
        ("Tripoli (LB)", TRIPOLI_LB),
        ("Tripoli in Lebanon", TRIPOLI_LB),
        ("حميميم اللاذقية", HMEIMIM),
        ("حميميم، محافظة اللاذقية، سوريا", HMEIMIM),
        ("مدينة درنة", "geonames:87205"),
        ("محافظة إدلب", IDLIB),
        ("Idlib Governorate", IDLIB),
        ("Governorate of Idlib", IDLIB),
        ("District of Tyre", "geonames:267006"),
        ("City of Tyre", "geonames:267008"),
        ("Tripoli, Syria", ""),
        ("ليبيا - طرابلس", "geonames:2210247"),
        ("ليبيا، شعبية طرابلس، طرابلس", "geonames:2210247"),
        ("Syria, Tripoli", ""),
        ("Qqq, Libya", ""),
        ("شارع طرابلس", ""),
    ],
)
def test_a_name_may_carry_its_kind_and_its_container(gazetteer, name, wanted):
    assert first(gazetteer, name) == wanted


def test_a_town_comes_before_its_unit_though_the_unit_alone_bears_the_name(gazetteer):
    town, unit = gazetteer.by_id("geonames:99532"), gazetteer.by_id("geonames:89341")
    rows = [row.row for row in gazetteer.names_of(town.id) if row.key == strict_key("Al Basrah")]
    [best, other, *_] = search(gazetteer, "Al Basrah", country="IQ", without=rows)
    assert (best.place.id, best.kind, other.place.id) == (town.id, MatchKind.VARIANT, unit.id)
    assert "shares another one with it" in best.reasons[0]
    [only] = search(gazetteer, "Al Basrah", country="IQ", feature_class="A", without=rows)
    assert only.place.id == unit.id
    assert first(gazetteer, "محافظة البصرة", country="IQ", without=rows) == unit.id


@pytest.mark.parametrize(
    ("name", "country"),
    [("Springfield", "LY"), ("Montreal", "SY"), ("Atlantis", "EG"), ("Mordor", "SD"), ("زنبقستان", "LY")],
)
def test_names_of_places_elsewhere_are_not_answered_by_similar_ones(gazetteer, name, country):
    assert search(gazetteer, name, country=country) == []


def test_the_score_of_a_similar_name_falls_with_letters_and_consonants_that_differ(gazetteer):
    near, far, other = (
        search(gazetteer, name, country="LY")[0] for name in ("Ajdabjia", "Ajdbjia", "Bjdabjia")
    )
    assert {near.place.id, far.place.id, other.place.id} == {AJDABIYA}
    assert near.score > far.score > other.score


def test_an_unknown_container_proves_nothing_and_is_told(gazetteer):
    [best, *_] = search(gazetteer, "Ajdabiya, Qwxzkt")
    assert best.place.id == AJDABIYA
    assert any("nothing is known of Qwxzkt" in reason for reason in best.reasons)
    assert search(gazetteer, "Edjdabieh, Qwxzkt") == []
    assert first(gazetteer, "Edjdabieh, Libya") == AJDABIYA


def test_an_airport_that_is_not_known_is_given_as_its_town(gazetteer):
    [best, *_] = search(gazetteer, "مستشفى درنة")
    assert (best.place.id, best.kind) == ("geonames:87205", MatchKind.CONTAINER)
    assert best.score < 0.35
    assert "its town is given" in best.reasons[0]


@pytest.mark.parametrize("name", ["Edjdabieh", "قبرس", "طربلس", "بنقازي"])
def test_similar_names_need_a_second_proof(gazetteer, name):
    assert search(gazetteer, name) == []
    assert search(gazetteer, name, fuzzy=True)
    country = {"قبرس": "CY"}.get(name, "LY")
    [best, *_] = search(gazetteer, name, country=country)
    assert best.kind == MatchKind.FUZZY
    assert best.distance > 0
    assert "country" in best.reasons[0]
    assert search(gazetteer, name, country=country, fuzzy=False) == []
    assert search(gazetteer, name, fuzzy=True)[0].score < best.score


@pytest.mark.parametrize(
    "proof", [{"admin1": "LY.63"}, {"near": (20.2, 30.8)}, {"within": "geonames:2215636"}]
)
def test_other_proofs_than_the_country(gazetteer, proof):
    if "admin1" in proof:
        proof = {"admin1": "LY." + gazetteer.by_id(AJDABIYA).admin1}
    assert first(gazetteer, "Edjdabieh", **proof) == AJDABIYA


@pytest.mark.parametrize(
    "name",
    ["Ajdabiya", "Agedabia", "Ajdābiyā", "Adschdabija", "Agedábia", "Ajdabiyah", "Adjdabiya", "Adzhdabiya"],
)
def test_transliterations_are_found_also_where_only_the_arabic_name_is_known(gazetteer, name):
    assert first(gazetteer, name) == AJDABIYA
    latin = [row.row for row in gazetteer.names_of(AJDABIYA) if row.lang in ("en", "latin")]
    assert first(gazetteer, name, country="LY", without=latin) == AJDABIYA


@pytest.mark.parametrize(("name", "wanted"), [("7alab", "geonames:170063"), ("3amman", "geonames:250441")])
def test_chat_digits(gazetteer, name, wanted):
    assert first(gazetteer, name) == wanted
    assert without_chat("km 7") == "km 7"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("كسلة", "geonames:372753"),
        ("درنا", "geonames:87205"),
        ("حسكة", "geonames:173811"),
        ("المكلى", "geonames:78754"),
    ],
)
def test_articles_and_last_vowels_are_optional(gazetteer, name, wanted):
    [best, *_] = search(gazetteer, name)
    assert (best.place.id, best.kind) == (wanted, MatchKind.VARIANT)


def test_a_name_left_out_is_not_found_by_it(gazetteer):
    rows = [row.row for row in gazetteer.names_of(AJDABIYA)]
    assert first(gazetteer, "Ajdabiya", without=rows) != AJDABIYA
    assert first(gazetteer, "Ajdabiya", country="LY", without=rows) != AJDABIYA


def test_near_misses_tell_why(gazetteer):
    by_filter = {miss.reason for miss in near_misses(gazetteer, "طرابلس", country="SY")}
    assert {"it lies in LY, not in SY", "it lies in LB, not in SY"} <= by_filter
    [similar, *_] = near_misses(gazetteer, "طربلس")
    assert (similar.place.id, similar.name) == (TRIPOLI, "طرابلس")
    assert "only similar" in similar.reason
    assert 0 < similar.distance < 1
    assert "does not lie in Syria" in near_misses(gazetteer, "Tripoli, Syria")[0].reason
    taken = {match.place.id for match in search(gazetteer, "Tripoli")}
    assert not taken & {miss.place.id for miss in near_misses(gazetteer, "Tripoli")}
    assert near_misses(gazetteer, "") == []
    assert len(near_misses(gazetteer, "Springfield", country="LY", limit=3)) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"country": "Libya"}, "alpha-2"),
        ({"country": [218]}, "codes as text"),
        ({"admin1": "Nowhere At All"}, "admin1"),
        ({"near": (200, 10)}, "lon 200.0"),
        ({"near": "here"}, "no point"),
        ({"within": "geonames:0"}, "no place has this id"),
        ({"within": (1, 2, 3)}, "no box"),
        ({"within": (1, 5, 3, 2)}, "south 5.0"),
        ({"within": {"type": "Nothing"}}, "GeoJSON"),
        ({"within": 7}, "place id"),
    ],
)
def test_filters_that_cannot_be_understood(gazetteer, options, message):
    with pytest.raises(InputError, match=message):
        search(gazetteer, "Tripoli", **options)


def test_hierarchy_in_both_languages(gazetteer):
    town = hierarchy(gazetteer, gazetteer.by_id(AJDABIYA))
    assert [place.feature_code for place in town] == ["PPLA", "ADM1", "PCLI"]
    assert town.address("ar") == "أجدابيا، شعبية الواحات، ليبيا"
    assert town.address() == "Ajdabiya, Al Wāḩāt, Libya"
    base = hierarchy(gazetteer, gazetteer.by_id(HMEIMIM))
    assert (base.admin2, base.admin1.feature_code) == (None, "ADM1")
    country = gazetteer.country("LY")
    assert list(hierarchy(gazetteer, country)) == [country]
    assert inside(gazetteer, town.place, country)
    assert not inside(gazetteer, country, country)
    assert not inside(gazetteer, town.place, gazetteer.country("SY"))
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(10007.5, abs=1)


LETTERS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي", max_size=8)
LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=9)


@given(LETTERS, LETTERS)
def test_distance_of_arabic_is_symmetric_and_small_for_confusions(one, other):
    assert distance(one, one, "arabic") == 0
    there, back = distance(one, other, "arabic"), distance(other, one, "arabic")
    assert there == pytest.approx(back)
    assert there <= max(len(one), len(other)) + abs(len(one) - len(other)) + 1e-9


@given(LATIN, LATIN, st.sampled_from(["latin", "cross"]), st.floats(0.1, 3))
def test_a_limit_only_cuts_off(one, other, pair, limit):
    full = distance(one, other, pair)
    limited = distance(one, other, pair, limit)
    assert limited == full if full <= limit else limited > limit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أبوظبي", "أبوضبي"),
        ("مصراتة", "مسراتة"),
        ("حماة", "خماة"),
        ("بنغازي", "بنقازي"),
        ("طرابلس", "ترابلس"),
    ],
)
def test_confused_letters_cost_less_than_others(one, other):
    near = distance(arabic_letters(strict_key(one)), arabic_letters(strict_key(other)), "arabic")
    letters = arabic_letters(strict_key(one))
    far = distance(letters, letters.replace(letters[2], "م", 1), "arabic")
    assert 0 < near <= 0.5 < far


def test_swapped_neighbours_are_one_slip():
    assert distance("بنغازي", "بغنازي", "arabic") == pytest.approx(0.8)


@pytest.mark.parametrize("entry", table("confusion"), ids=lambda entry: entry["pair"] + str(entry["cost"]))
def test_confusions_are_of_known_letters(entry):
    known = costs(entry["pair"]).exchange
    for group in entry["groups"]:
        assert len(set(group)) == len(group) > 1
        assert all(known[one][other] <= entry["cost"] for one in group for other in group)


@given(st.lists(st.one_of(LETTERS, LATIN).filter(bool), min_size=1, max_size=5))
def test_many_names_sound_as_each_of_them(names):
    keys = [key for key in map(strict_key, names) if key]
    assume(keys)
    assert sounds("\n".join(keys)).split("\n") == [sounds(key) for key in keys]
    assert bones(sounds("\n".join(keys))).isascii()


def test_what_one_ear_hears():
    assert heard(sounds("tobrouk")) == heard(sounds("tobruq"))
    assert heard(sounds("derna")) != heard(sounds("sirte"))
    assert respellings("بن", "بن") == []


def test_few_and_many_agree_on_whole_names(gazetteer):
    index = gazetteer.derived("fuzzy", FuzzyIndex)
    rows = index._rows[::400]
    few, many = Few(gazetteer, rows), Many(gazetteer, rows)
    for row in rows[::40].tolist():
        key = gazetteer.name_row(row).key
        assert few.close_to(key)[row].apart == 0
        assert many.close_to(key)[row].apart == 0
        assert row not in many.close_to(key, without=[row])
    assert Few(gazetteer, rows[:0]).close_to("x") == {}
    assert Many(gazetteer, rows[:0]).close_to("x") == {}


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=40))
def test_any_text_is_answered(gazetteer, text):
    for match in search(gazetteer, text, country="LY"):
        assert 0 <= match.score <= 1
        assert match.reasons


def test_queries_are_few():
    assert len(list(queries("a b c d e f g"))) < 20
    assert len(list(queries(" ".join("abcdefghijklmnop")))) < 10


def test_a_long_text_is_refused_quickly(gazetteer):
    start = time.process_time()
    search(gazetteer, "قال المتحدث إن القوات تقدمت نحو المدينة " * 200, country="LY")
    assert time.process_time() - start < 2


def test_look_up_on_the_command_line(root: Path):
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["lookup", *arguments], catch_exceptions=False)
        return result.exit_code, result.output

    assert TRIPOLI_LB in run("Tripoli", "--bbox", "34,33,37,35")[1]
    assert TRIPOLI_LB in run("Tripoli", "--near", "36,34", "--limit", "1")[1]
    assert (
        "طرابلس، شعبية طرابلس، ليبيا" in run("طرابلس", "--country", "LY", "--code", "PPLC", "--lang", "ar")[1]
    )
    code, said = run("طربلس", "--lang", "en")
    assert code == 1
    assert "close: طرابلس (Tripoli, " in said
    assert TRIPOLI in run("طربلس", "--fuzzy")[1]
    assert run("x", "--bbox", "1,2")[0] == 2
    assert run("x", "--bbox", "1,2,3,4", "--within", "geonames:2215636")[0] == 2
