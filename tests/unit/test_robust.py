"""Text as it comes: run-on words, hashtags, markup, Latin words, lost spaces, foreign letters."""

from __future__ import annotations

import pytest

from geo.model import Article
from geo.reading.pipeline import Geoparser

READER = Geoparser()
"""Opened once: the gazetteer is mapped into memory."""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("قتل ثلاثة في طرابلسفبرغم الهدنة استمر القصف", ["طرابلس"]),
        ("وصل الوفد إلى دمشقوقال الوزير إنه باق", ["دمشق"]),
        ("انفجار فيبغداد", ["بغداد"]),
        ("لاحقوا معسكرهم ومساكنهم على أقدامنا", []),
        ("وقعت الغارة في حلب.وقال المتحدث إن درعا آمنة", ["حلب", "درعا"]),
        ("حلب,دمشق،حمص;حماة:درعا", ["حلب", "دمشق", "حمص", "حماة", "درعا"]),
        ("#حفر_الباطن أمطار غزيرة", ["حفر_الباطن"]),
        ("قصف على #الحديدة_الآن", ["الحديدة"]),
        ("#بالخرطوم مظاهرات", ["الخرطوم"]),
        ("#في_صنعاء انفجار", ["صنعاء"]),
        ("#انفجار_بيروت يهز البلاد", ["بيروت"]),
        ("انفجار في ﻃﺮﺍﺑﻠﺲ واﻹسكندرية", ["ﻃﺮﺍﺑﻠﺲ", "اﻹسكندرية"]),
        ("انفجار في طرابـــلس وحـلـب", ["طرابـــلس", "حـلـب"]),
        ("زار کربلاء ومکة وبیروت", ["کربلاء", "مکة", "بیروت"]),
        ("قصف على حَلَبَۖ وطَرَابُلُسَۚ", ["حَلَبَۖ", "طَرَابُلُسَۚ"]),
        ("انفجار في طر\u200dابلس وحل\u200cب وح\u200eمص", ["طر\u200dابلس", "حل\u200cب", "ح\u200eمص"]),
        ("انفجار في \u200fحلب\u200f و\u202bدمشق\u202c", ["حلب", "دمشق"]),
        (
            '<p>قصف على <b>حلب</b>&nbsp;و<a href="http://x.y/دمشق">إدلب</a></p><br/>درعا',
            ["حلب", "إدلب", "درعا"],
        ),
        ("شاهد https://example.com/حلب/دمشق و @halab_news في حمص", ["حمص"]),
        ("المدينة\tالقتلى\nحلب\t5\r\n- درعا: 3\n2) الرقة", ["حلب", "درعا", "الرقة"]),
        ("وصل إلى Tripoli ثم Cairo", ["Tripoli", "Cairo"]),
        ("قصف على حلب.\nThe ships are in Paris. Nice Reading.\nغارة على درعا", ["حلب", "Paris", "درعا"]),
    ],
)
def test_names_are_found_however_they_stand(text: str, names: list[str]) -> None:
    assert [mention.text for mention in READER.parse(text).mentions] == names


@pytest.mark.parametrize(
    "text", ["على بعد 50كم جنوب حلب", "على بعد ٥٠ كم جنوب حلب", "على بعد ۵۰ کیلومتر جنوب حلب"]
)
def test_lengths_are_read_in_every_script(text: str) -> None:
    footprint = READER.parse(text).footprints[0]
    assert (footprint.relation, footprint.distance_km) == ("distance", 50.0)


@pytest.mark.parametrize(
    "text", ["في ١٤ فبراير ٢٠١٧", "۱۴/۲/۲۰۱۷", "في14 فبراير2017", "14\u00a0فبراير\u00a02017"]
)
def test_dates_are_read_in_every_script(text: str) -> None:
    assert READER.parse(Article("x", text)).times[0].edtf == "2017-02-14"


def test_a_long_post_keeps_the_place_of_its_hashtag() -> None:
    text = (
        "اللهم ارحم من ماتوا واشف الجرحى وكن مع أهلهم هناك يا رب العالمين فقد هز الانفجار البيوت كلها "
        "ولم ينم أحد منا حتى الصباح من الخوف والحزن ولا نعلم ماذا نقول بعد #انفجار_بيروت"
    )
    assert [m.place.name for m in READER.parse(Article("post", text)).mentions if m.place] == ["Beirut"]
