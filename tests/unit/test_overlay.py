"""The user's own corrections win over every layer, and say who made them."""

import pickle

import pytest
from click.testing import CliRunner

from geo.cli import main
from geo.errors import InputError
from geo.geocoding import ArabicGazetteer
from geo.places import Gazetteer, search

TRIPOLI_LB = "geonames:266826"
AJDABIYA = "geonames:89113"
HEADER = "name,id,lon,lat,country,note,author,date\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "overlay.csv"
    path.write_text(
        HEADER
        + f"طرابلس,{TRIPOLI_LB},,,LB,we report from Lebanon,Amal,2026-03-01\n"
        + "مركز التجربة,,12.5,30.25,LY,,Samir,2026-03-02\n"
        + f"Ajdabiya Town,{AJDABIYA},20.3,30.8,,,Samir,2026-03-03\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def gazetteer(table):
    return Gazetteer.open(overlay=table)


def test_a_name_means_what_the_table_says_and_nothing_else(gazetteer):
    shipped = Gazetteer.open(packs=[])
    assert shipped.lookup("طرابلس")[0].place.country == "LY"
    [found] = gazetteer.lookup("طرابلس")
    assert found.place == shipped.by_id(TRIPOLI_LB)
    assert search(gazetteer, "وطرابلس")[0].place.id == TRIPOLI_LB
    assert len(gazetteer.lookup("حلب")) == len(shipped.lookup("حلب"))


def test_a_place_of_ones_own(gazetteer):
    [found] = gazetteer.lookup("مركز التجربة")
    assert (found.place.lon, found.place.lat, found.place.country) == (12.5, 30.25, "LY")
    assert found.place.id.startswith("own:")
    assert gazetteer.by_id(found.place.id) == found.place


def test_a_known_place_is_moved_and_keeps_the_rest(gazetteer):
    old, new = Gazetteer.open(packs=[]).by_id(AJDABIYA), gazetteer.by_id(AJDABIYA)
    assert (new.lon, new.lat) == (20.3, 30.8)
    assert (new.id, new.name, new.population, new.feature_code, new.country, new.parent_id) == (
        old.id, old.name, old.population, old.feature_code, old.country, old.parent_id,
    )  # fmt: skip
    assert gazetteer.lookup("أجدابيا")[0].place == new
    lon, lat = gazetteer.points()
    assert (lon[gazetteer.row_of(AJDABIYA)], lat[gazetteer.row_of(AJDABIYA)]) == (20.3, 30.8)
    assert gazetteer.row_of(AJDABIYA) in gazetteer.rows_where(feature_classes="P", country="LY")


def test_author_date_and_note_are_told(gazetteer):
    source = "correction by Amal, 2026-03-01: we report from Lebanon"
    assert any(source in reason for reason in search(gazetteer, "طرابلس")[0].reasons)
    assert source in str(ArabicGazetteer(gazetteer).geocode("طرابلس").raw)
    assert gazetteer.by_id(AJDABIYA).source == "correction by Samir, 2026-03-03"
    assert gazetteer.sources()[source]["attribution"] == "Amal"
    assert set(gazetteer.versions) == {"gazetteer", "rules", "pack:overlay"}


def test_the_table_in_the_data_folder_is_used_unless_told_otherwise(table, monkeypatch):
    monkeypatch.setenv("GEO_HOME", str(table.parent))
    assert len(Gazetteer.open().lookup("طرابلس")) == 1
    assert len(Gazetteer.open(packs=[]).lookup("طرابلس")) > 1
    runner = CliRunner()
    assert "LB" in runner.invoke(main, ["lookup", "طرابلس"]).output.splitlines()[0]
    assert "LY" in runner.invoke(main, ["--no-packs", "lookup", "طرابلس"]).output.splitlines()[0]


def test_the_command_takes_another_table(table):
    result = CliRunner().invoke(main, ["--overlay", str(table), "lookup", "طرابلس"])
    assert TRIPOLI_LB in result.output.splitlines()[0]


def test_it_pickles_by_paths(gazetteer):
    data = pickle.dumps(gazetteer)
    assert len(data) < 1_000
    assert len(pickle.loads(data).lookup("طرابلس")) == 1  # noqa: S301


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("طرابلس,geonames:0,,,,,Amal,2026-03-01", "row 3: no place has the id 'geonames:0'"),
        (f"طرابلس,{TRIPOLI_LB},,,LY,,Amal,2026-03-01", f"row 3: {TRIPOLI_LB} is in LB, the row says LY"),
        ("طرابلس,,,,LY,,Amal,2026-03-01", "row 3: there is neither an id nor lon and lat"),
        ("طرابلس,,12,,LY,,Amal,2026-03-01", "row 3: one of lon and lat is missing"),
        ("طرابلس,,x,12,LY,,Amal,2026-03-01", "row 3: lon is 'x'; expected degrees from -180 to 180"),
        ("طرابلس,,12,91,LY,,Amal,2026-03-01", "row 3: lat is '91'; expected degrees from -90 to 90"),
        ("طرابلس,,12,31,Libya,,Amal,2026-03-01", "row 3: the country is 'LIBYA'"),
        ("طرابلس,,12,31,LY,,,2026-03-01", "row 3: there is no author"),
        ("طرابلس,,12,31,LY,,Amal,yesterday", "row 3: the date is 'yesterday'; expected one like 2026-03-01"),
        (",,12,31,LY,,Amal,2026-03-01", "row 3: the name is ''"),
        ("Here,,12,31,LY,,Amal,2026-03-01", "row 3: says the same as row 2; remove one"),
    ],
)
def test_errors_name_file_and_row(tmp_path, row, message):
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + "Here,,12,31,LY,,Amal,2026-03-01\n" + row + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Gazetteer.open(overlay=path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_table_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("name;lon;lat\nx;1;2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.csv, row 1: the columns are name;lon;lat"):
        Gazetteer.open(overlay=path)
    with pytest.raises(InputError, match="cannot be read"):
        Gazetteer.open(overlay=tmp_path / "none.csv")


def test_a_table_with_a_header_only_changes_nothing(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(HEADER, encoding="utf-8")
    assert Gazetteer.open(overlay=path).lookup("طرابلس") == Gazetteer.open(packs=[]).lookup("طرابلس")


def test_windows_encoding_and_byte_order_marks_are_read(tmp_path):
    row = HEADER + "مركز التجربة الكبير,,12.5,30.25,LY,ملاحظة,أمل,2026-03-02\n"
    for encoding in ("utf-8-sig", "cp1256", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(row.encode(encoding))
        assert Gazetteer.open(overlay=path).lookup("مركز التجربة الكبير")
