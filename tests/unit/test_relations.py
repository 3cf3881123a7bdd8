# ruff: noqa: E501 - one case a line reads best
"""Check which areas relative expressions mean; mentions are made by hand from a few places."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import shapely

import geo
from geo.arabic import clitic_splits, strict_key, table, tokenize
from geo.model import Footprint, Mention, Place, Reading
from geo.places.plane import distance_km
from geo.places.shapes import Shapes
from geo.reading.relations import find_footprints
from geo.reading.words import WordList, openings


def country(code: str, name: str, lon: float, lat: float, km: float = 400.0) -> Place:
    return Place(f"x:{code}", name, name, "A", "PCLI", code, "", lon, lat, 10_000_000, km)


def city(name: str, code: str, lon: float, lat: float, feature: str = "PPL", km: float = 5.0) -> Place:
    return Place(f"x:{name}", name, name, "P", feature, code, "", lon, lat, 100_000, km)


def unit(name: str, code: str, lon: float, lat: float, km: float) -> Place:
    return Place(f"x:{name}", name, name, "A", "ADM1", code, "", lon, lat, 1_000_000, km)


LY, SY, TR, IQ, LB = (
    country("LY", "Libya", 18.0, 26.6),
    country("SY", "Syria", 38.5, 35.0),
    country("TR", "Turkey", 34.5, 39.3),
    country("IQ", "Iraq", 43.3, 33.1),
    country("LB", "Lebanon", 35.9, 33.9, 80.0),
)
TD, SD, TN, EG = (
    country("TD", "Chad", 18.7, 15.4),
    country("SD", "Sudan", 29.3, 16.3),
    country("TN", "Tunisia", 9.0, 33.7),
    country("EG", "Egypt", 29.4, 26.2),
)
CY, KR, SS, MK = (
    country("CY", "Cyprus", 33.08, 34.91, 80.0),
    country("KR", "South Korea", 128.1, 36.4),
    country("SS", "South Sudan", 30.2, 7.2),
    country("MK", "North Macedonia", 21.6, 41.6, 80.0),
)
PLACES: dict[str, Place] = {
    "ليبيا": LY, "سوريا": SY, "تركيا": TR, "العراق": IQ, "لبنان": LB, "تشاد": TD,
    "السودان": SD, "تونس": TN, "مصر": EG, "قبرص": CY, "كوريا الجنوبية": KR, "جنوب السودان": SS, "شمال مقدونيا": MK,
    "طرابلس": city("Tripoli", "LY", 13.19, 32.89, "PPLC"),
    "سرت": city("Sirte", "LY", 16.59, 31.21),
    "مصراتة": city("Misrata", "LY", 15.09, 32.38),
    "بنغازي": city("Benghazi", "LY", 20.07, 32.12),
    "بغداد": city("Baghdad", "IQ", 44.36, 33.31, "PPLC"),
    "كركوك": city("Kirkuk", "IQ", 44.39, 35.47),
    "الدور": city("Ad Dawr", "IQ", 43.80, 34.46),
    "بيروت": city("Beirut", "LB", 35.5, 33.89, "PPLC"),
    "دمشق": city("Damascus", "SY", 36.29, 33.51, "PPLC"),
    "حلب": city("Aleppo", "SY", 37.16, 36.2),
    "إدلب": unit("Idlib", "SY", 36.6, 35.9, 45.0),
    "اللاذقية": unit("Latakia", "SY", 36.0, 35.5, 35.0),
    "ريف دمشق": unit("Rif Dimashq", "SY", 36.9, 33.6, 80.0),
    "طرطوس": city("Tartus", "SY", 35.886, 34.889),
    "مأرب": city("Marib", "YE", 45.32, 15.46),
    "الشحر": city("Ash Shihr", "YE", 49.6, 14.76),
    "موسكو": city("Moscow", "RU", 37.62, 55.75, "PPLC"),
    "الفرات": Place("x:euphrates", "Euphrates", "الفرات", "H", "STM", "", "", 40.0, 35.2),
    "النيل": Place("x:nile", "Nile", "النيل", "H", "STM", "", "", 31.2, 27.0),
    "البحر المتوسط": Place("x:med", "Mediterranean", "البحر المتوسط", "H", "SEA", "", "", 18.0, 35.0, 0, 1500.0),
    "معيتيقة": Place("x:mitiga", "Mitiga Airport", "مطار معيتيقة", "S", "AIRP", "LY", "", 13.28, 32.89, 0, 1.0),
    "الضفة الغربية": Place("x:wb", "West Bank", "الضفة الغربية", "L", "RGN", "PS", "", 35.25, 32.0, 0, 50.0),
    "القدس الشرقية": city("East Jerusalem", "PS", 35.24, 31.78),
}  # fmt: skip
NISBAS: dict[str, Place] = {
    "السوري": SY, "السورية": SY, "التركية": TR, "الليبي": LY, "الليبية": LY, "اللبناني": LB,
    "التونسية": TN, "السودانية": SD, "المصرية": EG,
}  # fmt: skip
LEXICON = {strict_key(name): (place, Reading.LITERAL) for name, place in PLACES.items()} | {
    strict_key(name): (place, Reading.DEMONYM) for name, place in NISBAS.items()
}


def read(
    text: str, unresolved: Sequence[str] = (), readings: dict[str, Reading] | None = None
) -> list[Mention]:
    """Make the mentions that a recogniser would, from the few places above."""
    doc = tokenize(text)
    mentions: list[Mention] = []
    index = 0
    while index < len(doc.tokens):
        found = hit_at(doc.tokens, index)
        if found is None:
            index += 1
            continue
        size, cut = found[:2]
        token = doc.tokens[index]
        start, end = token.start + cut, doc.tokens[index + size - 1].end
        surface = text[start:end]
        place, reading = LEXICON[found[2]]
        mentions.append(
            Mention(
                start,
                end,
                surface,
                (readings or {}).get(surface, reading),
                None if surface in unresolved else place,
                clitics=token.raw[:cut],
            )
        )
        index += size
    return mentions


def hit_at(tokens: Sequence[object], index: int) -> tuple[int, int, str] | None:
    for size in (3, 2, 1):
        for split in clitic_splits(tokens[index].key):
            key = " ".join([split.core, *(token.key for token in tokens[index + 1 : index + size])])
            if index + size <= len(tokens) and key in LEXICON:
                return size, split.cut, key
    return None


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.open()


def find(text: str, shapes: Shapes, **options: object) -> list[Footprint]:
    mentions = read(text, **options)
    footprints = find_footprints(tokenize(text), mentions, shapes)
    for footprint in footprints:
        assert footprint.text == text[footprint.start : footprint.end]
        assert footprint.reasons
        assert all(0 <= index < len(mentions) for index in footprint.anchors)
        if footprint.geometry is not None:
            polygon = shapely.geometry.shape(footprint.geometry)
            assert polygon.is_valid
            assert shapely.intersects_xy(polygon, footprint.lon, footprint.lat)
            assert footprint.uncertainty_km > 0
            assert 1 <= footprint.where_prec <= 7
        else:
            assert footprint.lon is None
            assert any("no area" in reason for reason in footprint.reasons)
    return list(footprints)


def only(text: str, shapes: Shapes, **options: object) -> Footprint:
    footprints = find(text, shapes, **options)
    assert len(footprints) == 1, [(f.text, f.relation) for f in footprints]
    return footprints[0]


def holds(footprint: Footprint, lon: float, lat: float) -> bool:
    return bool(shapely.contains_xy(shapely.geometry.shape(footprint.geometry), lon, lat))


def rule_examples() -> list[object]:
    return [
        pytest.param(entry["name"], example[0], tuple(example[1:]), id=f"{entry['name']}-{number}")
        for entry in table("relation")
        for number, example in enumerate(entry["examples"])
    ]


@pytest.mark.parametrize(("name", "text", "anchors"), rule_examples())
def test_every_example_of_the_rule_table(
    name: str, text: str, anchors: tuple[str, ...], shapes: Shapes
) -> None:
    mentions = read(text)
    footprint = only(text, shapes)
    assert footprint.relation == name
    assert tuple(mentions[index].text for index in footprint.anchors) == anchors
    assert (footprint.geometry is None) == (name == "gloss")


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("معارك في شمال ووسط وجنوب سوريا", ["شمال ووسط وجنوب سوريا", "وسط وجنوب سوريا", "جنوب سوريا"]),
        ("غارات على ريفي حلب وإدلب", ["ريفي حلب", "إدلب"]),
        ("أطباء بلا حدود سوريا", []),
        ("الأسد الشمال سوري", []),
        ("مياه الفرات", []),
        ("اعترض خفر السواحل الليبي قاربا", []),
        ("قتل عنصر من حرس الحدود السورية التركية", []),
    ],
)
def test_what_shares_a_word(text: str, surface: list[str], shapes: Shapes) -> None:
    assert [footprint.text for footprint in find(text, shapes)] == surface


def test_the_far_south_lies_inside(shapes: Shapes) -> None:
    far = only("تقع في أقصى جنوب قبرص", shapes)
    assert (far.text, far.relation) == ("أقصى جنوب قبرص", "inside_part")


def test_the_south_of_france_is_in_europe() -> None:
    france = geo.parse("فيضانات جنوب فرنسا").footprints[0]
    assert france.uncertainty_km < 400
    assert 42 < france.lat < 46


def test_the_border_of_a_strip_is_near_it() -> None:
    strip = geo.parse("انتشر الجيش على الحدود بين إسرائيل وقطاع غزة").footprints[0]
    assert strip.relation == "border"
    assert strip.uncertainty_km < 80
    assert abs(strip.lat - 31.4) < 0.4


@pytest.mark.parametrize(
    ("text", "surface", "lat"),
    [
        ("انفجار في كركوك شمال بغداد، وحريق وسط المدينة", "وسط المدينة", 35.47),
        ("قصف بلدة طلوزة جنوب مدينة طوباس ثم قرية بيت فوريك وغارة شرق المدينة", "شرق المدينة", 32.32),
        ("انفجار في المحمودية ثم هجوم شمال العاصمة", "شمال العاصمة", 33.47),
        ("معارك في قطاع غزة وغارة جنوب القطاع", "جنوب القطاع", 31.3),
    ],
)
def test_what_a_noun_points_back_at(text: str, surface: str, lat: float) -> None:
    footprint = geo.parse(text).footprints[-1]
    assert footprint.text == surface
    assert abs(footprint.lat - lat) < 0.15


def test_near_a_country_is_no_town() -> None:
    assert geo.parse("انتشرت القوات قرب لبنان").footprints[0].where_prec == 5


def test_the_country_of_the_last_place_is_the_country() -> None:
    north = geo.parse("سيطر المسلحون على كابل وشمال البلاد").footprints[0]
    assert (north.text, north.names) == ("شمال البلاد", ("Afghanistan",))
    assert north.lat > 35


# name, phrase in a sentence, expression as cut out, relation, bearing, distance
CASES = [
    ("جنوبي قبرص", "وأجرى الأسطول تدريبات بحرية جنوبي قبرص.", "outside_sector", 180, None),
    ("جنوبي قبرص", "حريق في جنوبي قبرص", "inside_part", 180, None),
    ("جنوب قبرص", "أبحرت سفينة جنوب قبرص", "outside_sector", 180, None),
    ("جنوب قبرص", "اندلعت حرائق في غابات جنوب قبرص", "inside_part", 180, None),
    ("شمالي سوريا", "قتل خمسة في شمالي سوريا", "inside_part", 0, None),
    ("شمال سوريا", "قتل خمسة في شمال سوريا", "inside_part", 0, None),
    ("شمال طرابلس", "انفجار شمال طرابلس", "outside_sector", 0, None),
    ("شمالا من طرابلس", "تحركوا شمالا من طرابلس", "outside_sector", 0, None),
    ("إلى الشمال من طرابلس", "تقع إلى الشمال من طرابلس", "outside_sector", 0, None),
    ("شمال شرق بغداد", "هجوم شمال شرق بغداد", "outside_sector", 45, None),
    ("شمال شرقي بغداد", "هجوم شمال شرقي بغداد", "outside_sector", 45, None),
    ("شمالي شرق بغداد", "هجوم شمالي شرق بغداد", "outside_sector", 45, None),
    ("الشمال الشرقي السوري", "هجوم في الشمال الشرقي السوري", "inside_part", 45, None),
    ("جنوب غربي بغداد", "هجوم جنوب غربي بغداد", "outside_sector", 225, None),
    ("الشمال السوري", "معارك في الشمال السوري", "inside_part", 0, None),
    ("الجنوب اللبناني", "قصف على الجنوب اللبناني", "inside_part", 180, None),
    ("الغرب الليبي", "هدوء في الغرب الليبي", "inside_part", 270, None),
    ("الشرق الليبي", "هدوء في الشرق الليبي", "inside_part", 90, None),
    ("على بعد 50 كيلومترا جنوب طرابلس", "انفجار على بعد 50 كيلومترا جنوب طرابلس", "distance", 180, 50.0),
    ("على بعد خمسين كيلومترا جنوبي طرابلس", "انفجار على بعد خمسين كيلومترا جنوبي طرابلس", "distance", 180, 50.0),
    ("على بعد 50 ميلا بحريا جنوب شرق الشحر", "هاجموا السفينة على بعد 50 ميلا بحريا جنوب شرق الشحر", "distance", 135, 92.6),
    ("بعد15 كيلو مترا غرب طرابلس", "انفجار على بعد15 كيلو مترا غرب طرابلس", "distance", 270, 15.0),
    ("حدودها مع سوريا", "نشرت تركيا قوات على حدودها مع سوريا", "border", None, None),
    ("الضفة الشرقية لنهر الفرات", "على الضفة الشرقية لنهر الفرات", "bank", 90, None),
    ("على بعد 37 كيلومترا قبالة سواحل طرطوس", "سقطت على بعد 37 كيلومترا قبالة سواحل طرطوس", "distance", None, 37.0),
    ("على بعد 40 كيلومترا من السواحل الليبية", "على بعد 40 كيلومترا من السواحل الليبية", "distance", None, 40.0),
    ("الضواحي الشمالية لدمشق", "قصف الضواحي الشمالية لدمشق", "edge", 0, None),
    ("قرب سرت", "انفجار قرب سرت", "near", None, None),
    ("بالقرب من سرت", "انفجار بالقرب من سرت", "near", None, None),
    ("على مقربة من سرت", "انفجار على مقربة من سرت", "near", None, None),
    ("بجوار سرت", "انفجار بجوار سرت", "near", None, None),
    ("بجانب سرت", "انفجار بجانب سرت", "near", None, None),
    ("قريبا من سرت", "انفجار قريبا من سرت", "near", None, None),
    ("محيط طرابلس", "اشتباكات في محيط طرابلس", "around", None, None),
    ("محيط المطار", "هبطت في معيتيقة ثم دارت معارك في محيط المطار", "around", None, None),
    ("ضواحي دمشق", "قصف ضواحي دمشق", "edge", None, None),
    ("أطراف المدينة", "دخلوا سرت ثم قصفوا أطراف المدينة", "edge", None, None),
    ("مشارف سرت", "وصلوا إلى مشارف سرت", "edge", None, None),
    ("تخوم سرت", "وصلوا إلى تخوم سرت", "edge", None, None),
    ("ريف حلب الشمالي", "قصف على ريف حلب الشمالي", "rural", 0, None),
    ("ريف إدلب الغربي", "قصف على ريف إدلب الغربي", "rural", 270, None),
    ("ريف اللاذقية", "حرائق بريف اللاذقية", "rural", None, None),
    ("وسط بيروت", "انفجار وسط بيروت", "centre", None, None),
    ("قلب العاصمة", "وصل إلى بيروت حيث وقع انفجار في قلب العاصمة", "centre", None, None),
    ("وسط المدينة", "انفجار في سرت هز وسط المدينة", "centre", None, None),
    ("وسط البلاد", "تشهد ليبيا معارك وسط البلاد", "centre", None, None),
    ("وسط العراق", "هجوم وسط العراق", "centre", None, None),
    ("داخل سوريا", "عملية داخل سوريا", "inside", None, None),
    ("خارج العاصمة", "وصل إلى بيروت ثم أقام خارج العاصمة", "outside", None, None),
    ("قبالة سواحل ليبيا", "غرق قارب قبالة سواحل ليبيا", "offshore", None, None),
    ("قبالة السواحل الليبية", "غرق قارب قبالة السواحل الليبية", "offshore", None, None),
    ("قبالة طرطوس", "سفينة قبالة طرطوس", "offshore", None, None),
    ("المنطقة المقابلة للسواحل الليبية", "عززت وجودها في المنطقة المقابلة للسواحل الليبية", "offshore", None, None),
    ("المياه الإقليمية الليبية", "دخلت السفينة المياه الإقليمية الليبية", "territorial_waters", None, None),
    ("الحدود بين تشاد والسودان", "اشتباكات على الحدود بين تشاد والسودان", "border", None, None),
    ("الحدود السورية التركية", "اشتباكات على الحدود السورية التركية", "border", None, None),
    ("الحدود السورية-التركية", "اشتباكات على الحدود السورية-التركية", "border", None, None),
    ("الحدود مع تونس", "أغلقت ليبيا الحدود مع تونس", "border", None, None),
    ("الشريط الحدودي بين تشاد والسودان", "قصف الشريط الحدودي بين تشاد والسودان", "border", None, None),
    ("المنطقة الحدودية بين تشاد والسودان", "قصف المنطقة الحدودية بين تشاد والسودان", "border", None, None),
    ("بين سرت ومصراتة", "اندلعت اشتباكات بين سرت ومصراتة", "between", None, None),
    ("على طول الساحل الليبي", "دوريات على طول الساحل الليبي", "along_coast", None, None),
    ("الحدود الليبية", "دوريات على امتداد الحدود الليبية", "border", None, None),
    ("شرق الفرات", "عملية شرق الفرات", "bank", 90, None),
    ("غرب النيل", "قرى غرب النيل", "bank", 270, None),
    ("ضفة الفرات الشرقية", "تمركزت القوة على ضفة الفرات الشرقية", "bank", 90, None),
    ("شمال غربي مأرب", "جبهة ماس شمال غربي مأرب", "outside_sector", 315, None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "text", "relation", "bearing", "km"), CASES)
def test_relation(
    expression: str, text: str, relation: str, bearing: float | None, km: float | None, shapes: Shapes
) -> None:
    footprint = only(text, shapes)
    assert (footprint.text, footprint.relation) == (expression, relation)
    assert footprint.bearing_deg == bearing
    assert footprint.distance_km == (pytest.approx(km) if km is not None else None)
    assert footprint.geometry is not None


@pytest.mark.parametrize(
    "text",
    [
        "سافر إلى كوريا الجنوبية",
        "زار جنوب السودان",
        "انتخابات في شمال مقدونيا",
        "اقتحامات في الضفة الغربية",
        "مواجهات في القدس الشرقية",
        "قصف على ريف دمشق",
        "مناورات في البحر المتوسط",
        "تواصل بين طرابلس وموسكو",
        "علاقات بين بنغازي ومصراتة",
        "جرت اتصالات بين سرت ومصراتة",
        "سياسة براجماتية تجاه طرابلس",
        "مؤتمر حول ليبيا",
        "قرار بشأن سوريا",
        "حظر التسلح المفروض على ليبيا",
        "أبرمت ليبيا صفقة بين البلدين",
        "سافر من بنغازي إلى طرابلس",
        "تقدمت القوات باتجاه سرت",
        "تقدمت القوات نحو سرت",
        "القوات الليبية في الشمال",
    ],
)
def test_no_relation(text: str, shapes: Shapes) -> None:
    assert find(text, shapes) == []


def test_the_sea_south_of_cyprus_is_meant_and_the_island_kept_as_alternative(shapes: Shapes) -> None:
    footprint = only("نفذت السفن تدريبات بالذخيرة الحية جنوبي قبرص.", shapes)
    assert shapes.land_sea(footprint.lon, footprint.lat) == "sea"
    assert footprint.lat < 34.6
    assert footprint.where_prec == 7
    assert footprint.alternatives[0][0] == "inside_part"
    assert 0 < footprint.alternatives[0][1] < 0.5


def test_the_south_of_cyprus_on_land(shapes: Shapes) -> None:
    footprint = only("اندلعت حرائق في جنوب قبرص", shapes)
    assert shapes.country_at(footprint.lon, footprint.lat) == "CY"
    assert footprint.where_prec == 5
    assert footprint.alternatives[0][0] == "outside_sector"


def test_a_distance_is_measured_from_the_place(shapes: Shapes) -> None:
    footprint = only("انفجار على بعد 50 كيلومترا جنوب طرابلس", shapes)
    assert distance_km(13.19, 32.89, footprint.lon, footprint.lat) == pytest.approx(50, abs=0.1)
    assert footprint.lat < 32.5
    assert footprint.where_prec == 5
    assert only("انفجار على بعد 20 كيلومترا جنوب طرابلس", shapes).where_prec == 2


def test_a_distance_at_sea_stays_at_sea(shapes: Shapes) -> None:
    footprint = only("هاجموا السفينة على بعد 50 ميلا بحريا جنوب شرق الشحر", shapes)
    assert shapes.land_sea(footprint.lon, footprint.lat) == "sea"
    assert footprint.where_prec == 7


def test_a_bracket_explains_and_does_not_move(shapes: Shapes) -> None:
    footprint = only("قتل ثلاثة في قرية الدور (100 كلم شمال شرقي بغداد) أمس", shapes)
    assert footprint.relation == "gloss"
    assert (footprint.bearing_deg, footprint.distance_km) == (45.0, 100.0)
    assert footprint.geometry is None
    text = "قتل ثلاثة في قرية مجهولة (100 كلم شمال شرقي بغداد) أمس"
    assert only(text, shapes).relation == "distance"


def test_the_pronoun_takes_the_same_anchor(shapes: Shapes) -> None:
    south, east = find("معارك جنوب كركوك وشرقها", shapes)
    assert (south.text, south.bearing_deg) == ("جنوب كركوك", 180.0)
    assert (east.text, east.bearing_deg) == ("شرقها", 90.0)
    assert south.anchors == east.anchors
    (rural,) = find("قصف على دمشق وريفها", shapes)
    assert (rural.text, rural.relation) == ("ريفها", "rural")


def test_two_directions_share_a_place(shapes: Shapes) -> None:
    bearings = [footprint.bearing_deg for footprint in find("في شمال وشرق سوريا", shapes)]
    assert sorted(bearings) == [0.0, 90.0]


def test_a_tripoint(shapes: Shapes) -> None:
    footprint = only("في المثلث الحدودي بين ليبيا والسودان ومصر", shapes)
    assert footprint.relation == "tripoint"
    assert (footprint.lon, footprint.lat) == pytest.approx((25.0, 22.0), abs=0.1)


def test_a_border_lies_on_the_border(shapes: Shapes) -> None:
    footprint = only("اشتباكات على الحدود بين تشاد والسودان", shapes)
    assert holds(footprint, 22.3, 13.4)
    assert len(footprint.anchors) == 2
    assert footprint.where_prec == 5


def test_between_two_towns_is_land_and_a_sea_word_keeps_the_sea(shapes: Shapes) -> None:
    on_land = only("اندلعت اشتباكات بين سرت ومصراتة", shapes)
    assert shapes.land_sea(on_land.lon, on_land.lat) in ("land", "shore")
    assert not holds(on_land, 15.9, 31.95)
    assert holds(on_land, 15.3, 31.7)
    assert holds(only("أبحرت سفينة بين سرت ومصراتة", shapes), 15.9, 31.95)


def test_the_south_alone_is_that_of_the_country_last_named(shapes: Shapes) -> None:
    footprint = only("قالت الحكومة في لبنان إن الطيران قصف قرى في الجنوب", shapes)
    assert (footprint.text, footprint.relation, footprint.bearing_deg) == ("الجنوب", "inside_part", 180.0)
    assert shapes.country_at(footprint.lon, footprint.lat) == "LB"
    assert find("قصف الطيران قرى في الجنوب", shapes) == []
    assert find("قالت الحكومة في لبنان إن القرار يخدم الغرب", shapes) == []


def test_an_unresolved_anchor_gives_no_area_but_a_reason(shapes: Shapes) -> None:
    footprint = only("انفجار قرب سرت", shapes, unresolved=["سرت"])
    assert footprint.relation == "near"
    assert footprint.geometry is None
    assert "could not be resolved" in footprint.reasons[-1]


@pytest.mark.parametrize("reading", [Reading.PERSON, Reading.MEDIA, Reading.ORGANISATION])
def test_names_that_are_no_place_carry_no_relation(reading: Reading, shapes: Shapes) -> None:
    assert find("قرب سرت", shapes, readings={"سرت": reading}) == []


def test_marks_and_clitics_leave_the_span_exact(shapes: Shapes) -> None:
    footprint = only("غارات بِشَمَالِ حلب", shapes)
    assert footprint.text == "شَمَالِ حلب"
    assert only("وشمالي سوريا هدوء", shapes).text == "شمالي سوريا"


def test_a_comma_cuts_the_cue_from_its_place(shapes: Shapes) -> None:
    assert find("توجهوا شمالي، سوريا بلد كبير", shapes) == []


def test_the_order_of_documents_does_not_matter(shapes: Shapes) -> None:
    texts = [case[1] for case in CASES[:6]]
    assert [find(text, shapes) for text in texts] == list(
        reversed([find(text, shapes) for text in reversed(texts)])
    )


def test_every_direction_has_its_example(shapes: Shapes) -> None:
    names = {"الرقة": "حلب", "الموصل": "بغداد"}
    for entry in table("direction"):
        text = entry["example"]
        for unknown, known in names.items():
            text = text.replace(unknown, known)
        assert only(text, shapes).bearing_deg == entry["bearing_deg"]


@pytest.mark.parametrize("distance", [0, 400])
def test_looking_back_does_not_depend_on_how_much_stands_before(distance: int) -> None:
    """Anchors, neighbours and antecedents are the nearest before, however long the text is."""
    before = "زار الوفد باريس. " * distance
    text = before + "وصل الوفد إلى تونس. ووقعت اشتباكات على الحدود مع ليبيا. وقال إن المعارك دارت في الجنوب."
    found = geo.parse(text)
    here = [f for f in found.footprints if f.start >= len(before)]
    named = [[found.mentions[anchor].text for anchor in f.anchors] for f in here]
    assert named == [["ليبيا", "تونس"], ["ليبيا"]]


def test_what_is_remembered_of_words_has_a_limit() -> None:
    words = WordList.of_table("locative")
    known = openings().known
    for number in range(40_000):
        words.at(tokenize(f"word{number}").tokens, 0)
    assert known
    assert len(openings().known) <= 1 << 15
    assert words.at(tokenize("وفي درعا").tokens, 0) is not None
