"""Own tables of events: formats of ACLED and UCDP, Arabic headers, days, points, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError
from geo.geocoding.contexts import country_code
from geo.geocoding.own_days import day_of, days_first
from geo.geocoding.own_tables import OwnTable, read_events
from geo.places import Gazetteer
from geo.tables import write_table

ACLED = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,"
    "location,latitude,longitude,geo_precision,source,notes\n"
    "LBY1,02 January 2020,2020,1,Battles,Armed clash,A,B,Libya,Sirte,Sirte,31.2089,16.5887,1,X,words\n"
    "LBY2,2020-02-10,2020,3,Protests,Peaceful protest,C,,Libya,,Derna,,,2,X,words\n"
    "LBY3,2020-02-11,2020,1,Protests,Peaceful protest,C,,Libya,,Derna,320.76,22.64,2,X,words\n"
)
UCDP = (
    "id,type_of_violence,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,country,"
    "date_prec,date_start,date_end,source_headline\n"
    "7,1,Government,IS,4,Idlib governorate,Idlib governorate,35.8,36.7,Syria,2,2016-03-01,2016-03-04,words\n"
)


def read(tmp_path: Path, content: str, columns: dict[str, str] | None = None) -> OwnTable:
    path = tmp_path / "mine.csv"
    path.write_text(content, encoding="utf-8")
    return read_events(path, columns)


def test_the_format_of_acled(tmp_path: Path) -> None:
    own = read(tmp_path, ACLED)
    first, second = own.events.to_dict("records")
    assert first["event_id"] == "mine:LBY1"
    assert (first["type"], first["acled"], first["acled_sub"]) == ("clash", "Battles", "Armed clash")
    assert (first["edtf"], first["date_precision"], first["time_precision"]) == ("2020-01-02", 1, 1)
    assert (first["geometry"].x, first["geometry"].y) == (16.5887, 31.2089)
    assert (first["status"], first["country"], first["where_prec"], first["uncertainty_km"]) == (
        "accepted", "LY", 1, 5.0,
    )  # fmt: skip
    assert [actor["text"] for actor in first["actors"]] == ["A", "B"]
    assert (second["status"], second["name"], second["country"]) == ("auto", "Darnah", "LY")
    assert second["date_precision"] == 4
    assert "LBY" not in str(own.notes)


def test_a_row_without_sense_is_rejected_by_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    own = read(tmp_path, ACLED)
    assert len(own.events) == 2
    assert [item.where.rsplit(":", 1)[1] for item in own.rejected] == ["4"]
    assert "latitude 320.76" in own.rejected[0].reason


def test_the_format_of_ucdp(tmp_path: Path) -> None:
    (row,) = read(tmp_path, UCDP).events.to_dict("records")
    assert (row["type"], row["where_prec"], row["geo_precision"], row["date_precision"]) == ("clash", 4, 3, 2)
    assert row["edtf"] == "2016-03-01/2016-03-04"
    assert row["uncertainty_km"] == 100
    assert row["place_text"] == "Idlib governorate"


def test_arabic_headers_days_and_digits(tmp_path: Path) -> None:
    own = read(
        tmp_path,
        "التاريخ؛المكان؛الدولة؛نوع الحدث؛التفاصيل\n"
        "٣ كانون الثاني ٢٠١٧؛طبرق؛ليبيا؛قصف؛كلام\n؛طرابلس؛لبنان؛؛كلام\n",
    )
    first, second = own.events.to_dict("records")
    assert (first["edtf"], first["place_id"], first["type"]) == ("2017-01-03", "geonames:81302", "قصف")
    assert second["country"] == "LB"
    assert own.mapping["place_text"] == ["المكان"]


def test_a_place_nobody_knows_stays_in_the_table_without_a_point(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "place,country\nQqqzzt Wwkkvv Ppmmxx,Libya\n").events.to_dict("records")
    assert row["geometry"] is None
    assert row["place_text"] == "Qqqzzt Wwkkvv Ppmmxx"
    assert "row 2 of mine.csv" in row["reasons"][0]


def test_columns_can_be_named_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    own = read(tmp_path, "Where,What\nسرت,x\n", {"place_text": "Where", "quote": "What"})
    assert own.events["name"].tolist() == ["Sirte"]
    with pytest.raises(InputError, match="no column 'There'; it has 'Where', 'What'"):
        read(tmp_path, "Where,What\nسرت,x\n", {"place_text": "There"})
    with pytest.raises(InputError, match="no column holds a place or a point"):
        read(tmp_path, "Where,What\nسرت,x\n")


@pytest.mark.parametrize("cell", ["32.0836, 23.9764", "32.0836 23.9764", "32.0836،23.9764"])
def test_two_degrees_in_one_cell(tmp_path: Path, cell: str) -> None:
    (row,) = read(tmp_path, f'place;coordinates\nx;"{cell}"\n').events.to_dict("records")
    assert (row["geometry"].x, row["geometry"].y, row["country"]) == (23.9764, 32.0836, "LY")


def test_exchanged_degrees_are_told(tmp_path: Path) -> None:
    own = read(tmp_path, "lat,lon\n120.5,32.1\n")
    assert "they seem to be exchanged" in own.rejected[0].reason


def test_hostile_cells_stay_text(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "place,notes\nسرت,<script>{{1}}</script>\n").events.to_dict("records")
    assert row["quote"] == "<script>{{1}}</script>"


@pytest.mark.parametrize(
    ("cell", "edtf"),
    [
        ("2012", "2012"),
        ("2012-06", "2012-06"),
        ("5/2/2019", "2019-02-05"),
        ("2/25/2019", "2019-02-25"),
        ("25.2.2019", "2019-02-25"),
        ("March 3, 2011", "2011-03-03"),
        ("أيار 2014", "2014-05"),
        ("2020-01-02 10:00:00", "2020-01-02"),
        ("31/2/2019", None),
        ("soon", None),
    ],
)
def test_days(cell: str, edtf: str | None) -> None:
    day = day_of(cell)
    assert (day and day.edtf) == edtf


def test_the_order_of_day_and_month_is_told_by_the_other_rows() -> None:
    assert not days_first(["2/3/2019", "2/25/2019"]).first
    assert days_first(["2/25/2019", "25/2/2019"]).note.endswith("rows tell both ways")


def test_a_file_of_ours_comes_back_as_it_went(tmp_path: Path) -> None:
    events = read(tmp_path, ACLED).events
    back = read_events(write_table(events, tmp_path / "back.csv")).events
    kept = [
        "edtf",
        "date_precision",
        "type",
        "acled",
        "acled_sub",
        "place_text",
        "country",
        "quote",
        "doc_publisher",
    ]
    assert back[kept].to_dict("records") == events[kept].to_dict("records")
    assert [[one["text"] for one in row] for row in back["actors"]] == [["A", "B"], ["C"]]


def test_an_identifier_given_twice_and_an_end_before_the_begin_are_told(tmp_path: Path) -> None:
    head, row = UCDP.splitlines()
    own = read(tmp_path, "\n".join([head, row, row.replace("2016-03-04", "2015-12-31")]))
    assert own.events["event_id"].tolist() == ["mine:7", "mine:7:3"]
    assert own.events["edtf"].tolist() == ["2016-03-01/2016-03-04", "2016-03-01"]
    assert [note for note in own.notes if ":3: " in note] == [
        f"{tmp_path / 'mine.csv'}:3: an earlier row has the identifier '7' too",
        f"{tmp_path / 'mine.csv'}:3: it ends 2015-12-31, before it begins; the end is left out",
    ]


def test_marks_of_direction_in_days_and_degrees_are_overlooked(tmp_path: Path) -> None:
    own = read(tmp_path, "date,place,lat,lon\n\u200f02/03/2024\u200e,x,\u200f32\u066b9,\u200e13\u066b2\n")
    (row,) = own.events.to_dict("records")
    assert (row["edtf"], row["geometry"].x, row["geometry"].y) == ("2024-03-02", 13.2, 32.9)


@pytest.mark.parametrize(
    ("called", "code"),
    [("Syrian Arab Republic", "SY"), ("Yemen (North Yemen)", "YE"), ("UK", "GB"), ("Libye", "LY")],
)
def test_countries_are_known_as_tables_call_them(tmp_path: Path, called: str, code: str) -> None:
    mapping = read(tmp_path, f"اسم البلدة,الدولة\nx,{called}\n").mapping
    assert (mapping["place_text"], mapping["country"]) == (["اسم البلدة"], ["الدولة"])
    assert country_code(Gazetteer.open(), called) == code
