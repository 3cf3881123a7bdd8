"""Tables on the command line: `geo geocode` and `geo reverse`."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from geo.cli import geocode as by_table
from geo.cli import main

HEADER = ["id", "المدينة", "الدولة"]
ROWS = [
    ["1", "طرابلس", "ليبيا"],
    ["2", "طرابلس", "LB"],
    ["3", "لا مكان بهذا الاسم", ""],
    ["4", "", "SY"],
    ["5", "عدن", "Atlantis"],
    ["6", "=1+1", ""],
]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def written(path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def test_a_table_comes_back_with_places_and_its_rows_without_one_apart(tmp_path: Path) -> None:
    source, out = (
        written(tmp_path / "in.csv", [HEADER, *ROWS, ["7", "حلب", "SY", "more"]]),
        tmp_path / "out.csv",
    )
    result = run("geocode", source, "-o", out)
    assert result.exit_code == 1, "some rows were rejected"
    rows = read(out)
    assert [row["id"] for row in rows] == list("123456")
    assert [row["country"] for row in rows[:2]] == ["LY", "LB"]
    assert rows[0]["lon"].startswith("13.")
    assert "(L" in rows[0]["alternatives"]
    refused = read(tmp_path / "out.rejected.csv")
    assert sorted(row["row"] for row in refused) == ["4", "5", "6", "7", "8"], "numbers as in the file"
    reasons = {row["row"]: row["reason"] for row in refused}
    assert reasons["5"] == "no name was given"
    assert "'Atlantis' is no country" in reasons["6"]
    assert reasons["8"] == "it has 4 cells under 3 headers"
    assert "names are taken from the column 'المدينة'" in result.stderr
    assert "countries are taken from the column 'الدولة'" in result.stderr
    [summary] = [line for line in result.stderr.splitlines() if line.startswith("7 rows: ")]
    assert set(summary.removeprefix("7 rows: ").split(", ")) == {
        "3 none",
        "2 found",
        "1 malformed",
        "1 empty",
    }


def test_names_that_are_only_similar_are_counted_apart_and_told(tmp_path: Path) -> None:
    names = [["name", "status"], ["سرت", "old"], ["طربلس", "old"], ["طربلس", "old"]]
    result = run(
        "geocode", written(tmp_path / "in.csv", names), "--country", "LY", "-o", tmp_path / "out.csv"
    )
    assert result.exit_code == 0
    assert "3 rows: 2 similar, 1 found" in result.stderr
    assert "only a similar name was found; check them" in result.stderr
    assert "  2 x 'طربلس': Tripoli (LY), score 0." in result.stderr
    assert [row["status_geo"] for row in read(tmp_path / "out.csv")] == ["found", "similar", "similar"]


def test_nothing_rejected_leaves_no_file(tmp_path: Path) -> None:
    old = tmp_path / "out.rejected.csv"
    old.write_text("of another run", encoding="utf-8")
    result = run("geocode", written(tmp_path / "in.csv", [HEADER, *ROWS[:2]]), "-o", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    assert not old.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1256", "iso8859_6"])
def test_encodings_of_arabic_tables(encoding: str, tmp_path: Path) -> None:
    rows = [["الاسم", "الدولة"], *(["الخرطوم", "السودان"], ["اللاذقية", "سوريا"], ["المكلا", "اليمن"]) * 2]
    out = tmp_path / "out.csv"
    result = run("geocode", written(tmp_path / "in.csv", rows, ";", encoding), "--name", "الاسم", "-o", out)
    assert result.exit_code == 0, result.output
    assert [row["country"] for row in read(out)][:3] == ["SD", "SY", "YE"]
    assert [row["الاسم"] for row in read(out)][:2] == ["الخرطوم", "اللاذقية"]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "geojson", "gpkg", "parquet"])
def test_formats_hold_the_same(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_table, "_CHUNK", 2)  # so that every format is written piece by piece
    source, out = written(tmp_path / "in.tsv", [HEADER, *ROWS], "\t"), tmp_path / f"out.{suffix}"
    assert run("geocode", source, "-o", out).exit_code == 1
    match suffix:
        case "csv" | "tsv":
            table: Any = pd.read_csv(out, sep="\t" if suffix == "tsv" else ",", encoding="utf-8-sig")
        case "xlsx":
            table = pd.read_excel(out)
        case "parquet":
            table = gpd.read_parquet(out)
        case _:
            table = gpd.read_file(out)
    assert len(table) == len(ROWS)
    assert table["place_id"].tolist()[0] == "geonames:2210247"
    assert table["الدولة"].tolist()[:2] == ["ليبيا", "LB"]
    assert table["status"].tolist()[2:4] == ["none", "empty"]
    if isinstance(table, gpd.GeoDataFrame):
        assert table.crs.to_epsg() == 4326
        assert table.geometry.iloc[0].x == pytest.approx(13.19, abs=0.05)
        assert table.geometry.iloc[2] is None
        assert table["المدينة"].tolist()[5] == "=1+1"
    else:
        assert table["lon"].iloc[0] == pytest.approx(13.19, abs=0.05)
        assert table["المدينة"].tolist()[5] == "'=1+1", "a spreadsheet would run it"


def test_no_cell_of_an_excel_file_is_a_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    source, out = (
        written(tmp_path / "in.csv", [["name", "=x"], ["=cmd|'/c calc'!A0", "@y\x02"]]),
        tmp_path / "o.xlsx",
    )
    run("geocode", source, "-o", out)
    cells = [cell for row in openpyxl.load_workbook(out).active.iter_rows() for cell in row]
    assert len(cells) > 20
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_excel_is_read_by_sheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["note"])
    page = book.create_sheet("places")
    for row in (HEADER, *ROWS[:2]):
        page.append(row)
    book.save(tmp_path / "in.xlsx")
    out = tmp_path / "out.csv"
    assert run("geocode", tmp_path / "in.xlsx", "--sheet", "places", "-o", out).exit_code == 0
    assert [row["country"] for row in read(out)] == ["LY", "LB"]


def test_columns_and_values_may_be_named(tmp_path: Path) -> None:
    source, out = written(tmp_path / "in.csv", [["where", "unit"], ["طرابلس", "77"]]), tmp_path / "out.csv"
    arguments = ("--name", "where", "--country", "Libya", "--admin", "unit", "-o", out)
    assert run("geocode", source, *arguments).exit_code == 0
    assert read(out)[0]["admin1"] == "77"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--name", "nothing"], "there is no column 'nothing'; it has 'where'"),
        ([], "no column looks like name; say which it is with --name, one of 'where'"),
        (["--name", "where", "--country", "Atlantis"], "'Atlantis' is no country"),
    ],
)
def test_misuse_is_told(arguments: list[str], message: str, tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", [["where", "unit"], ["طرابلس", "77"]])
    result = run("geocode", source, *arguments, "-o", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert message in result.output
    assert not (tmp_path / "out.csv").exists(), "nothing half done is left"


def test_the_table_read_is_not_written_over_and_the_suffix_is_checked(tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", [HEADER, *ROWS])
    assert "give another file to write" in run("geocode", source, "-o", source).output
    assert len(read(source)) == len(ROWS)
    assert "'.doc'; give one of .csv" in run("geocode", source, "-o", tmp_path / "x.doc").output


def test_points_of_a_table(tmp_path: Path) -> None:
    rows = [["name", "Longitude", "Latitude"], ["a", "13.19", "32.89"], ["b", "38.0", "19.8"], ["c", "x", ""]]
    out = tmp_path / "out.geojson"
    result = run("reverse", written(tmp_path / "in.csv", rows), "-o", out, "--lang", "ar")
    assert result.exit_code == 1
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    told = [feature["properties"] for feature in features]
    assert [row["name"] for row in told] == ["a", "b", "c"]
    assert [row["name_geo"] for row in told[:1]] == ["طرابلس"]
    assert [row["country_name"] for row in told] == ["ليبيا", None, None]
    assert told[1]["sea"] == "البحر الأحمر"
    assert features[2]["geometry"] is None
    [refused] = read(tmp_path / "out.rejected.csv")
    assert refused["row"] == "4"
    assert "'x', '' is no point" in refused["reason"]


@pytest.mark.parametrize(
    "cells", [("13,19", "32,89"), ("١٣٫١٩", "٣٢٫٨٩"), ("\u200f13.19\u200e", "32.89\u200f")]
)
def test_points_as_arab_and_french_tables_write_them(tmp_path: Path, cells: tuple[str, str]) -> None:
    out = tmp_path / "out.csv"
    source = written(tmp_path / "in.csv", [["lon", "lat"], list(cells)])
    assert run("reverse", source, "-o", out).exit_code == 0
    assert read(out)[0]["name"] == "Tripoli"


def test_degrees_of_the_answer_stay_a_pair_beside_degrees_that_were_there(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name,lon\nطبرق,1\n", encoding="utf-8")
    assert run("geocode", tmp_path / "in.csv", "-o", tmp_path / "out.csv").exit_code == 0
    (row,) = read(tmp_path / "out.csv")
    assert (row["lon"], row["lon_geo"][:4], row["lat_geo"][:4]) == ("1", "23.9", "32.0")
    assert "lat" not in row


def test_a_cell_of_any_length_is_quoted_shortly(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name\n" + "ظ" * 5000 + "\n", encoding="utf-8")
    done = run("geocode", tmp_path / "in.csv", "-o", tmp_path / "out.csv")
    assert len(done.stderr) < 2000
    assert len((tmp_path / "out.rejected.csv").read_text(encoding="utf-8")) < 6000
