"""Readings in short texts: targets, clubs, bodies of towns, parts of names, what lies somewhere."""

from __future__ import annotations

import pytest

from geo.arabic import strict_key, tokenize
from geo.model import Mention, Reading
from geo.reading.blocks import find_blocks
from geo.reading.mentions import read_mentions
from geo.reading.pipeline import Geoparser
from geo.reading.readings import Decision, Surroundings
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.resolve import EvidenceResolver


@pytest.fixture(scope="module")
def parser() -> Geoparser:
    return Geoparser()


def find(parser: Geoparser, text: str, name: str) -> Mention | None:
    return next((m for m in parser.parse(text).mentions if m.text == name), None)


@pytest.mark.parametrize(
    ("text", "name", "reading"),
    [
        ("أطلق الحوثيون صاروخا على الرياض.", "الرياض", "literal"),
        ("أطلقت الجماعة صاروخا باليستيا على الرياض مساء الثلاثاء.", "الرياض", "literal"),
        ("وصلت قوات حرس إلى الحدود مع إسرائيل.", "إسرائيل", "literal"),
        ("تقع ليبيا في شمال أفريقيا.", "ليبيا", "literal"),
        ("وقع انفجار في العاصمة العراقية بغداد ظهرا.", "بغداد", "literal"),
        ("نسبة الشفاء: قطر : 71 والبحرين : 70.", "قطر", "literal"),
        ("تناقشت الحكومة مع تركيا أو قطر أو سواهما.", "قطر", "metonymic"),
        ("طلب المبعوث من دمشق المساعدة.", "دمشق", "metonymic"),
        ("تضم دمشق القديمة أسواقا كثيرة.", "دمشق", "literal"),
        ("عمان - بيروت - وكالات: بدأ المؤتمر أعماله أمس.", "بيروت", "literal"),
        ("عادت الأسر إلى الأقاليم الجنوبية المغربية.", "المغربية", "literal"),
        ("قصفت طائرة محكمة حلب ليلا.", "حلب", "literal"),
        ("فاز حلب على حمص في الدوري السوري بهدفين.", "حمص", "metonymic"),
        ("سجل المهاجم هدفا وأصبح برشلونة متصدر الدوري.", "برشلونة", "metonymic"),
        ("شكوى إلى رئيس بلدية مدينة نابلس.", "نابلس", "organisation"),
        ("تعادل منتخب ليبيا مع ضيفه.", "ليبيا", "organisation"),
        ("رفض الوفد ما جاء في اتفاق الدوحة.", "الدوحة", "organisation"),
        ("يعيش هناك مليون شخص من أصل ليبي.", "ليبي", "demonym"),
    ],
)
def test_reading(parser: Geoparser, text: str, name: str, reading: str) -> None:
    mention = find(parser, text, name)
    assert mention is not None
    assert mention.reading == reading, mention.reasons


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("بنى الملك هذه العمارة قبل قرن في العراق.", "العمارة"),
        ("ولد في مسقط رأسه عام 1950.", "مسقط"),
        ("طلبت الشركة مبلغ مقابل مالي كبير.", "مالي"),
        ("تحول النهار إلى ليل غرب الكويت.", "ليل"),
        ("أكد الوزير استعداده للأمطار المتوقعة الاربعاء في الجزائر.", "الاربعاء"),
        ("سدد الكرة في الزاوية اليسرى.", "الزاوية"),
        ("تعليق الدراسة في رياض الأطفال.", "رياض"),
        ("انتشرت السيارات في منطقة ام الهيمان.", "ام"),
    ],
)
def test_ordinary_words_are_no_names(parser: Geoparser, text: str, name: str) -> None:
    assert find(parser, text, name) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("وصل الأمير طلال بالرصيفة ثم عاد.", "الرصيفة"),
        ("تضم المنطقة مخيم عقبة جبر قرب المدينة.", "مخيم عقبة"),
        ("زار محمد بن زيد كربلاء والنجف.", "كربلاء"),
    ],
)
def test_a_place_behind_a_person_is_no_surname(parser: Geoparser, text: str, name: str) -> None:
    mention = find(parser, text, name)
    assert mention is None or mention.reading != "person"
    assert any(m.text in name or name in m.text for m in parser.parse(text).mentions)


def test_an_adjective_is_of_its_state_and_not_of_a_small_town(parser: Geoparser) -> None:
    mention = find(parser, "شخص من أصل ليبي", "ليبي")
    assert mention is not None
    assert mention.place is not None
    assert mention.place.country == "LY"


def test_a_foreign_forename_opens_a_name() -> None:
    [block] = find_blocks(tokenize("قال كوفي أنان إن الهدنة صمدت."))
    assert (block.first, block.last, block.reading.value) == (1, 3, "person")


def test_parts_of_a_name_join_it() -> None:
    [block] = find_blocks(tokenize("مرر الهولندي مارك فان بومل الكرة."))
    assert (block.first, block.last, block.reading.value) == (2, 5, "person")


def test_a_list_stays_of_one_reading_after_the_last_word(parser: Geoparser) -> None:
    def settle(around: Surroundings, ruled: Decision) -> Decision:
        sure = around.toponym.key == strict_key("تركيا")
        return Decision(Reading.METONYMIC if sure else Reading.LITERAL, 0.9 if sure else 0.5, "a guess")

    stages = DictionaryRecognizer(parser.gazetteer), EvidenceResolver(), parser.gazetteer
    mentions = read_mentions(tokenize("تركيا وقطر"), *stages, settle)
    assert [mention.reading.value for mention in mentions] == ["metonymic", "metonymic"]
