"""Visual order: backwards text is recognised and refused with advice, text in order never is."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from geo.arabic import table, visual_order
from geo.model import Article
from geo.tables.intake import Rejected, read_articles

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted((ROOT / "notebooks/samples").glob("*.txt"))
TEXT = (
    "قال المتحدث باسم القوات المسلحة إن الطائرات الحربية قصفت مواقع في محيط مدينة سرت على الساحل، وإن "
    "القتال مستمر حتى الآن في منطقة الوشكة. وفي المستشفى المركزي بمصراتة وصلت عشرون جثة إلى ثلاجة الموتى."
)
FORMS = (
    0xFE8E,
    0xFE91,
    0xFE94,
    0xFE97,
    0xFEAA,
    0xFEAE,
    0xFEB3,
    0xFEDF,
    0xFEE3,
    0xFEE7,
    0xFEEB,
    0xFEEE,
    0xFEF0,
    0xFEF3,
)
IN_ORDER = [
    "",
    "ة",
    "لالا لالا لالا لالا",
    "Tripoli and Benghazi, 2020",
    "سعداً لا كلا مثلا فعلا أصلا قبلا رجلا",
    "قرر مجلس الأمن مثلا وأصلا وفعلا وكاملا أن يرسل رجلا وطفلا إلى غزة على متن سفينة",
]


def backwards(text: str) -> str:
    """Write every line from its end, as a reader does that takes glyphs from left to right."""
    return "\n".join(line[::-1] for line in text.split("\n"))


def presented(text: str) -> str:
    """Replace letters by one of their presentation forms, as glyphs of a PDF are."""
    shapes = dict(zip("ابةتدرسلمنهوىي", map(chr, FORMS), strict=True))
    return "".join(shapes.get(char, char) for char in text.replace("لا", "\ufefb"))


@pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_samples_are_in_order_and_their_paragraphs_backwards_are_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not visual_order(text)
    assert visual_order(backwards(text))
    for paragraph in text.splitlines():
        assert not visual_order(paragraph)
        if len(paragraph.split()) >= 30:
            assert visual_order(paragraph[::-1])


@pytest.mark.parametrize("text", IN_ORDER)
def test_nothing_is_called_backwards_without_signs(text: str) -> None:
    assert not visual_order(text)


@pytest.mark.parametrize(
    "write", [presented, lambda text: text.replace("ا", "اـَ"), str], ids=["glyphs", "marks", "plain"]
)
def test_glyphs_and_marks_change_nothing(write) -> None:
    assert not visual_order(write(TEXT))
    assert visual_order(write(TEXT)[::-1])


@pytest.mark.parametrize("entry", table("order_sign"), ids=lambda entry: f"{entry['order']}, {entry['at']}")
def test_examples_bear_their_sign(entry) -> None:
    for example in entry["examples"]:
        assert len(example) >= entry["least"]
        assert (
            example.startswith(entry["letters"])
            if entry["at"] == "beginning"
            else example.endswith(entry["letters"])
        )


def test_a_file_in_visual_order_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(backwards(TEXT), encoding="utf-8")
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    good, bad = read_articles([tmp_path])
    assert good == Article("good", TEXT)
    assert isinstance(bad, Rejected)
    assert bad.where.endswith("report.txt")
    assert "backwards" in bad.reason
    assert "pdftotext" in bad.reason


def test_a_row_in_visual_order_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": TEXT}, {"id": "b", "text": TEXT[::-1]}, {"id": "c", "text": TEXT}]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    for items in (list(read_articles([path])), list(read_articles(["-"], stdin=io.BytesIO(lines)))):
        assert [type(item) for item in items] == [Article, Rejected, Article]
        assert "'b'" in str(items[1])
        assert "backwards" in str(items[1])
