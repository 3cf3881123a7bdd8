"""Tables of other people: encodings, delimiters, headers that are not in the first row, Excel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.tables.sheets import open_sheet

ROWS = "الاسم,البلد\nأجدابيا,ليبيا\nسرت,ليبيا\nدرنة,ليبيا\nطبرق,ليبيا\n"


def read(path: Path, **options: str) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    with open_sheet(path, **options) as sheet:
        return sheet.columns, list(sheet.rows), sheet.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
def test_arabic_is_read_in_every_encoding_it_comes_in(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(ROWS.encode(encoding))
    columns, rows, _ = read(path)
    assert columns == ["الاسم", "البلد"]
    assert rows[0] == (2, ["أجدابيا", "ليبيا"])
    assert len(rows) == 4


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "؛"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "names.txt"
    path.write_text(ROWS.replace(",", delimiter), encoding="utf-8")
    assert read(path)[0] == ["الاسم", "البلد"]


def test_a_comma_inside_quotes_parts_nothing_and_a_line_break_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a;b\n"1,2,3,4";"x\ny"\n', encoding="utf-8")
    assert read(path)[1] == [(3, ["1,2,3,4", "x\ny"])]


def test_titles_above_the_header_and_hxl_tags_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("A list,,\n,,\nname,lat,lon\n#loc,#geo+lat,#geo+lon\nسرت,31.2,16.6\n", encoding="utf-8")
    columns, rows, notes = read(path)
    assert columns == ["name", "lat", "lon"]
    assert rows == [(5, ["سرت", "31.2", "16.6"])]
    assert any("row 3" in note for note in notes)
    assert any("HXL" in note for note in notes)


def test_columns_without_a_name_and_twice_the_same_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("name,,name\na,b,c\n", encoding="utf-8")
    assert read(path)[0] == ["name", "column 2", "name 2"]


def test_short_rows_are_filled_and_long_rows_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1\n1,2,3\n1,2,\n", encoding="utf-8")
    assert [cells for _, cells in read(path)[1]] == [["1", ""], ["1", "2", "3"], ["1", "2"]]


def test_excel_gives_the_first_sheet_that_holds_anything(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    page = book.create_sheet("events")
    page.append(["place", "date", "n", "share"])
    page.append(["طبرق", date(2020, 1, 2), 3.0, 0.5])
    book.save(tmp_path / "t.xlsx")
    columns, rows, notes = read(tmp_path / "t.xlsx")
    assert columns == ["place", "date", "n", "share"]
    assert rows == [(2, ["طبرق", "2020-01-02", "3", "0.5"])]
    assert notes == ["sheet 'events' of 2"]
    with pytest.raises(InputError, match="no sheet 'x'; it holds 'Sheet', 'events'"):
        read(tmp_path / "t.xlsx", sheet="x")


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("empty.csv", b"", "holds no row"),
        ("t.csv", b"%PDF-1.4", "it is a PDF"),
        ("t.xlsx", b"name,country\n", "no readable Excel file"),
        ("t.csv", b"a,b\n" + b'"' + b"x" * 1_200_000, "line 2: field larger"),
        ("t.csv", b'a,b\nc,d\n"e,f\ng,h\n', "behind line 2: a quotation mark is opened and never closed"),
        ("t.geojson", b'{"type": "FeatureCollection", "features": []}', "it is JSON"),
        (
            "t.csv",
            "\u0627\u0644\u0645\u062f\u064a\u0646\u0629\n".encode("mac_arabic") * 30 + b"\xdb\n",
            "byte 0xdb is no iso8859-6",
        ),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(InputError, match=f"{name}.*{message}"):
        read(path)


def test_damage_behind_the_first_part_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"name\n" + "طبرق\n".encode() * 40_000 + b"\xff\xfe\n")
    with pytest.raises(InputError, match="damaged behind line"):
        read(path)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("count", [1, 18, 19, 20, 21, 22, 500])
def test_no_row_is_lost_however_many_there_are(tmp_path: Path, count: int, end: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "name,n" + "".join(f"\nx,{at}" for at in range(count)) + end, encoding="utf-8", newline=""
    )
    assert [cells for _, cells in read(path)[1]] == [["x", str(at)] for at in range(count)]
