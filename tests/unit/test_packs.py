"""Packs of more places: merged with what is known, found like the rest, whole or not there at all."""

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from geo.arabic import strict_key
from geo.cli import main
from geo.errors import GazetteerError, InputError
from geo.maps.payload import payload
from geo.model import Article
from geo.places import Gazetteer, search
from geo.places.keys import hash_of
from geo.places.packs import pack_folders
from geo.places.packs_change import add_pack, changing, listed, remove_pack
from geo.places.records import BadRow, SourceFacts, SourceName, SourcePlace
from geo.places.reverse import NearestPlaces
from geo.places.writing import Spool
from geo.reading.pipeline import Geoparser
from geo.reading.recognize import DictionaryRecognizer
from geo.tables import to_geodataframe
from geo.tables.records import document_from_dict, document_to_dict

AJDABIYA = "geonames:89113"
WELL = "بئر المهندسين"


def named(*texts):
    return tuple(SourceName(text, "ar" if "\u0600" < text[0] < "\u06ff" else "en") for text in texts)


def place(place_id, *names, lon=12.5, lat=28.25, code="P.PPL", country="LY", **more):
    feature_class, feature_code = code.split(".")
    return SourcePlace(
        place_id, named(*names), feature_class, feature_code, country, lon=lon, lat=lat, **more
    )


class Rows:
    """An importer of rows that are at hand."""

    def __init__(self, *rows, key="made"):
        self.rows = rows
        self.key = key

    def facts(self, paths, **options):
        return SourceFacts(self.key, "Made up", "2026-01-02", "CC0-1.0", "The tests", "")

    def read(self, paths, **options):
        yield from self.rows


def add(*rows, name="made", **more):
    return add_pack(Rows(*rows), [], name=name, **more)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GEO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def shipped():
    return Gazetteer.open(packs=[])


def test_without_packs_there_is_one_layer(shipped, home):
    assert Gazetteer.open().versions == shipped.versions
    assert not home.exists()


def test_a_new_place_is_found_like_the_others(shipped):
    added = add(place("own:1", WELL, "Bir al-Muhandisin", "Well of the Engineers", population=12))
    assert (added.places, added.names, added.known, added.rejected) == (1, 3, 0, 0)
    gazetteer = Gazetteer.open()
    assert len(gazetteer) == len(shipped) + 1
    assert gazetteer.name_count == shipped.name_count + 3
    [found] = gazetteer.lookup(WELL)
    assert found.place == gazetteer.by_id("own:1")
    assert (found.place.name, found.place.name_ar) == ("Bir al-Muhandisin", WELL)
    assert (found.place.lon, found.place.lat, found.place.uncertainty_km) == (12.5, 28.25, 1.5)
    assert found.place.source == "made"
    assert gazetteer.sources()["made"]["licence"] == "CC0-1.0"
    assert gazetteer.versions["pack:made"].startswith("2026-01-02+")
    assert gazetteer.is_prefix([strict_key("بئر"), "no such"]).tolist() == [True, False]
    rows = gazetteer.near_misses([hash_of("latin", "birmuhandisin")])
    assert [gazetteer.name_row(row).name for row in rows] == ["Bir al-Muhandisin"]
    assert search(gazetteer, "Bir Muhandisin")[0].place.id == "own:1"
    assert {name.name for name in gazetteer.names_of("own:1")} >= {WELL, "Well of the Engineers"}
    assert gazetteer.lookup("أجدابيا") == shipped.lookup("أجدابيا")


def test_the_same_id_is_one_place_and_the_pack_counts(shipped):
    old = shipped.by_id(AJDABIYA)
    added = add(place(AJDABIYA, "Ajdabiya", "أجدابيا المدينة", lon=20.3, lat=30.8, population=0))
    assert added.known == 1
    gazetteer = Gazetteer.open()
    new = gazetteer.by_id(AJDABIYA)
    assert (new.lon, new.lat, new.source) == (20.3, 30.8, "made")
    assert (new.population, new.parent_id) == (old.population, old.parent_id)
    assert gazetteer.row_of(AJDABIYA) == shipped.row_of(AJDABIYA)
    assert [c.place.id for c in gazetteer.lookup("أجدابيا المدينة")] == [AJDABIYA]
    names = [name.name for name in gazetteer.names_of(AJDABIYA)]
    assert names.count("Ajdabiya") == 1
    assert len(names) == len(shipped.names_of(AJDABIYA)) + 1
    lon, lat = gazetteer.points()
    assert (lon[new_row := gazetteer.row_of(AJDABIYA)], lat[new_row]) == (20.3, 30.8)
    assert gazetteer.take("places", "lon", np.array([new_row, -1])).to_pylist() == [20.3, None]
    assert new_row in gazetteer.rows_where(country="LY", feature_classes="P", min_population=old.population)
    assert len(gazetteer.rows_where(country="LY")) == len(shipped.rows_where(country="LY"))
    assert gazetteer.place(len(gazetteer) - 1) == new


def test_a_shared_id_of_another_source_makes_one_place(shipped):
    old = shipped.by_id(AJDABIYA)
    added = add(place("wof:1", "مدينة أجدابيا الكبرى", lon=20.5, lat=30.9, same_as=("wikidata:Q1", AJDABIYA)))
    assert added.known == 1
    again = add(place("osm:node/1", "Great Ajdabiya Town", lon=20.6, same_as=("wikidata:Q1",)), name="second")
    assert again.known == 1
    gazetteer = Gazetteer.open()
    assert gazetteer.by_id("wof:1") == gazetteer.by_id("osm:node/1") == gazetteer.by_id(AJDABIYA) == old
    for name in ("مدينة أجدابيا الكبرى", "Great Ajdabiya Town"):
        assert [c.place for c in gazetteer.lookup(name)] == [old]


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({}, 1),
        ({"lat": 30.7554 + 0.017}, 1),
        ({"lat": 30.7554 + 0.019}, 0),
        ({"code": "S.AIRP"}, 0),
        ({"country": "EG"}, 0),
    ],
)
def test_the_same_name_within_two_km_is_one_place(change, known):
    facts = {"lon": 20.2263, "lat": 30.7554} | change
    assert add(place("wof:2", "أجدابيا", "Ajdabiyya Town", **facts)).known == known
    gazetteer = Gazetteer.open()
    found = {c.place.id for c in gazetteer.lookup("أجدابيا")}
    assert ("wof:2" in found) == (not known)
    [town] = {c.place.id for c in gazetteer.lookup("Ajdabiyya Town")}
    assert town == (AJDABIYA if known else "wof:2")


def test_two_entries_of_one_source_for_one_place_are_one():
    added = add(
        place("own:1", WELL, "First"),
        place("own:2", WELL, "Second", lat=28.265, population=900),
        place("own:3", "Second", "Third", lat=28.28),
        place("own:4", WELL, lat=28.4),
        place("own:5", WELL, code="H.WLL"),
    )
    assert (added.places, added.known) == (5, 2)
    gazetteer = Gazetteer.open()
    assert {c.place.id for c in gazetteer.lookup(WELL)} == {"own:1", "own:4", "own:5"}
    for name, place_id in (("First", "own:1"), ("Second", "own:2"), ("Third", "own:3")):
        assert [c.place.id for c in gazetteer.lookup(name) if c.place.country == "LY"] == ["own:1"]
        assert gazetteer.by_id(place_id).population == 900
    assert (
        len(gazetteer.rows_where(country="LY")) == len(Gazetteer.open(packs=[]).rows_where(country="LY")) + 3
    )


def test_a_name_only_the_pack_calls_arabic_is_added_and_the_same_name_is_not(shipped):
    name = next(
        row
        for row in map(shipped.name_row, range(shipped.name_count))
        if row.lang == "und" and shipped.place(row.place).country == "LY" and row.kind == "variant"
    )
    known = shipped.place(name.place)
    add(place(known.id, name.name, known.name, lon=known.lon, lat=known.lat))
    gazetteer = Gazetteer.open()
    langs = [row.lang for row in gazetteer.names_of(known.id) if row.name == name.name]
    assert sorted(langs) == ["ar", "und"]
    assert len(gazetteer.names_of(known.id)) == len(shipped.names_of(known.id)) + 1


def test_countries_and_capitals_stay_and_a_missing_one_is_added(shipped):
    add(
        place("own:ly", "Libya of the pack", code="A.PCLI"),
        place("own:xx", "Newland", code="A.PCLI", country="XX"),
    )
    gazetteer = Gazetteer.open()
    assert gazetteer.country("LY") == shipped.country("LY")
    assert gazetteer.country("XX").id == "own:xx"
    assert gazetteer.capital("SY") == shipped.capital("SY")


def test_an_arabic_name_completes_a_place_that_has_none(shipped):
    row = next(row for row in shipped.rows_where(country="LY", feature_classes="P").tolist()
               if not shipped.place(row).name_ar)  # fmt: skip
    bare = shipped.place(row)
    add(place("wof:3", "اسم مضاف", lon=bare.lon, lat=bare.lat, same_as=(bare.id,)))
    gazetteer = Gazetteer.open()
    assert gazetteer.by_id(bare.id).name_ar == "اسم مضاف"
    assert gazetteer.by_id(bare.id).source == bare.source
    assert gazetteer.has_arabic_name()[row]
    assert gazetteer.take("places", "name_ar", np.array([row])).to_pylist() == ["اسم مضاف"]


def test_many_keys_at_once_agree_with_one_by_one():
    add(place("own:1", WELL, "طرابلس", "Tripoli"), place(AJDABIYA, "أجدابيا", "Well"))
    gazetteer = Gazetteer.open()
    keys = [strict_key(name) for name in ("طرابلس", "Tripoli", WELL, "أجدابيا", "zzzz", "حلب")]
    positions, rows = gazetteer.find_many(keys)
    alone = [(at, row) for at, found in enumerate(gazetteer.find(keys)) for row in found]
    assert list(zip(positions.tolist(), rows.tolist(), strict=True)) == alone
    assert gazetteer.places_of(rows).tolist() == [gazetteer.place_of(row) for _, row in alone]
    texts = gazetteer.take("names", "name", rows).to_pylist()
    assert texts == [gazetteer.name_row(row).name for _, row in alone]
    owners = gazetteer.take("names", "place", rows).to_pylist()
    assert owners == [gazetteer.place_of(row) for _, row in alone]


def test_the_nearest_place_may_be_one_of_a_pack():
    add(place("own:1", WELL, lon=12.51, lat=28.26))
    near = NearestPlaces(Gazetteer.open(), country="LY")
    assert near.nearest([12.5], [28.25])[0][0].place.id == "own:1"


def test_parents_are_found_across_layers_and_a_circle_ends():
    add(
        place("own:1", WELL, parent_id="own:2"),
        place("own:2", "District of Wells", code="A.ADM2", parent_id="geonames:2215636", lat=28.3),
        place("own:3", "Round", parent_id="own:4", lat=28.4),
        place("own:4", "And Round", parent_id="own:3", lat=28.5),
    )
    gazetteer = Gazetteer.open()
    chain = gazetteer.containers(gazetteer.by_id("own:1"))
    assert [above.id for above in chain] == ["own:2", "geonames:2215636"]
    assert [above.id for above in gazetteer.containers(gazetteer.by_id("own:3"))] == ["own:4"]


def test_the_later_pack_wins_on_the_same_id_and_says_so():
    add(place("own:1", WELL, lon=12.0))
    added = add(place("own:1", "Engineers", lon=13.0), place("own:2", "Other"), name="second")
    assert added.shared == {"made": 1}
    gazetteer = Gazetteer.open()
    assert gazetteer.by_id("own:1").lon == 13.0
    assert gazetteer.lookup(WELL)[0].place.lon == 13.0
    alone = Gazetteer.open(packs=["made"])
    assert alone.by_id("own:1").lon == 12.0
    assert alone.by_id("own:2") is None
    assert Gazetteer.open(packs=[]).by_id("own:1") is None
    with pytest.raises(GazetteerError, match=r"no pack 'third'.*made, second"):
        Gazetteer.open(packs=["third"])


def test_what_is_known_is_decided_anew_when_a_lower_layer_changes():
    add(place("own:1", WELL))
    assert add(place("wof:9", WELL), name="second").known == 1
    assert len(Gazetteer.open().lookup(WELL)) == 1
    remove_pack("made")
    assert [c.place.id for c in Gazetteer.open().lookup(WELL)] == ["wof:9"]
    add(place("wof:9", WELL, "Again"), name="second")
    assert [pack["name"] for pack in listed()] == ["second"]
    assert len(pack_folders()) == 1


def test_a_damaged_decision_is_made_again():
    add(place(AJDABIYA, WELL))
    [links] = pack_folders()[0].glob("links-*.arrow")
    data = links.read_bytes()
    for damage in (data[:-40], b"", data.replace(data[-300:-280], b"\0" * 20)):
        links.write_bytes(damage)
        assert [c.place.id for c in Gazetteer.open().lookup(WELL)] == [AJDABIYA]
    assert links.read_bytes() == data


def test_bad_rows_are_counted_and_listed():
    bad = BadRow("x.txt", 7, "latitude is\tmissing", "a\tb" + "c" * 500)
    added = add(
        bad,
        place("own:1", WELL),
        place("own:1", "Given twice"),
        place("own 2", "Space in the id"),
        place("own:3", "Off the map", lat=95),
        place("own:4", "?"),
        place("own:5", "Land", country="Libya"),
    )
    assert (added.places, added.rejected) == (1, 6)
    lines = (added.folder / "rejects.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "file\trow\treason\ttext"
    assert lines[1].startswith("x.txt\t7\tlatitude is missing\ta b")
    assert all(len(line.split("\t")) == 4 for line in lines)
    assert len(lines) == 7
    gazetteer = Gazetteer.open()
    assert gazetteer.lookup("Given twice") == []
    assert gazetteer.info()["packs"][0]["counts"]["rejected"] == 6


def test_a_source_of_bad_rows_only_is_refused_and_leaves_nothing(home):
    with pytest.raises(InputError, match=r"no place could be read.*1 rows rejected.*no such"):
        add(BadRow("x.txt", 1, "no such latitude"))
    assert pack_folders() == []
    assert [entry.name for entry in (home / "packs").iterdir()] == [".lock"]


@pytest.mark.parametrize("name", ["../x", "A b", "geonames", "", "x" * 80])
def test_names_of_packs_are_plain(name):
    if name:
        with pytest.raises(InputError, match="name"):
            add(place("own:1", WELL), name=name)
    else:
        assert add(place("own:1", WELL), name=name).name == "made"


def test_it_pickles_by_paths_and_serves_threads_and_processes():
    add(place("own:1", WELL))
    gazetteer = Gazetteer.open()
    data = pickle.dumps(gazetteer)
    assert len(data) < 1_000
    expected = gazetteer.lookup(WELL)
    assert pickle.loads(data).lookup(WELL) == expected  # noqa: S301
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: gazetteer.lookup(WELL), range(64)))
    code = "import pickle, sys; print(len(pickle.load(sys.stdin.buffer).lookup(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, WELL], input=data, capture_output=True, check=True)
    assert done.stdout.strip() == b"1"


def test_rows_in_parts_and_in_memory_give_the_same_tables(tmp_path, monkeypatch):
    rows = [
        place(
            f"own:{number % 40}",
            f"{WELL} {number}",
            f"Well al-{number}",
            lon=number / 10,
            same_as=(f"x:{number}",),
            uncertainty_km=number,
        )
        for number in range(50)
    ]
    tables = []
    for folder, size in ((None, 1000), (tmp_path, 7)):
        monkeypatch.setattr("geo.places.writing._CHUNK", size)
        spool = Spool(folder)
        for row in rows:
            spool.add(row, "own")
        assert [place_id for _, place_id in spool.repeated()] == [f"own:{number}" for number in range(10)]
        tables.append({
            name: {column: values.to_pylist() for column, values in columns.items()}
            for name, columns in spool.tables()
        })  # fmt: skip
        spool.close()
    assert tables[0] == tables[1]
    assert len(tables[0]["places"]["id"]) == 40
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["places.arrow", "names.arrow", "same.arrow", "provenance.json"])
def test_a_truncated_pack_is_refused_with_the_command_that_repairs_it(name):
    command = ["geo", "gazetteer", "add", "csv", "/data/wells of mine.csv"]
    add(place("own:1", WELL, same_as=("x:1",)), command=command)
    path = pack_folders()[0] / name
    path.write_bytes(path.read_bytes()[:-20])
    for links in pack_folders()[0].glob("links-*"):
        links.unlink()
    again = "" if name == "provenance.json" else r".*add csv '/data/wells of mine\.csv'"
    with pytest.raises(GazetteerError, match=rf"{name}.*geo gazetteer remove made{again}.*--no-packs"):
        Gazetteer.open()
    assert Gazetteer.open(packs=[]).lookup("أجدابيا")
    assert name in listed()[0].get("error", name)
    runner = CliRunner()
    for arguments in (["lookup", "أجدابيا"], ["gazetteer", "verify"]):
        result = runner.invoke(main, arguments)
        assert result.exit_code == 3
        assert "geo gazetteer remove made" in result.output
    assert runner.invoke(main, ["--no-packs", "lookup", "أجدابيا"]).exit_code == 0
    assert runner.invoke(main, ["gazetteer", "remove", "made"]).exit_code == 0
    assert Gazetteer.open().lookup("أجدابيا")


def test_one_changed_byte_is_found_by_verify():
    add(place("own:1", WELL))
    path = pack_folders()[0] / "names.arrow"
    data = bytearray(path.read_bytes())
    data[data.index(WELL.encode())] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(GazetteerError, match=r"names.arrow \(SHA-256 differs\).*geo gazetteer remove made"):
        Gazetteer.open().verify()


def test_keys_of_other_rules_are_refused(home):
    add(place("own:1", WELL))
    path = pack_folders()[0] / "provenance.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {"letters": "0" * 64}), encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"other rules of spelling.*geo gazetteer remove made"):
        Gazetteer.open()


def test_two_changes_at_once_are_refused_and_a_lock_left_behind_is_none(home):
    packs = home / "packs"
    with changing(packs), pytest.raises(GazetteerError, match="another process"):
        add(place("own:1", WELL))
    assert (packs / ".lock").exists()
    assert add(place("own:1", WELL)).places == 1


def test_what_interrupted_runs_left_is_removed(home):
    for _ in range(2):
        add(place("own:1", WELL))
    packs = home / "packs"
    for name in (".building-made", ".removed-0007-made", "0001-made"):
        (packs / name).mkdir()
        (packs / name / "places.arrow").write_bytes(b"half")
    assert Gazetteer.open().lookup(WELL)
    add(place("own:2", "Other"), name="second")
    assert sorted(entry.name for entry in packs.iterdir()) == [".lock", "0002-made", "0003-second"]


KILLED = """
import os, random, signal, sys
sys.path.insert(0, sys.argv[1])
from test_packs import WELL, add, place
from geo.places import Gazetteer
from geo.places.packs import open_pack, pack_folders

def run(kill_at, out):
    seen = 0
    def count(event, _):
        nonlocal seen
        if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.listdir", "os.scandir"):
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    add(place("own:1", WELL, lon=13.0), place("own:2", "Second Well"))
    os.write(out, str(seen).encode())

def forked(kill_at):
    get, put = os.pipe()
    child = os.fork()
    if not child:
        run(kill_at, put)
        os._exit(0)
    os.close(put)
    status = os.waitpid(child, 0)[1]
    with os.fdopen(get) as stream:
        return os.WIFSIGNALED(status), stream.read()

add(place("own:1", WELL, lon=12.0))
killed, total = forked(0)
assert not killed and int(total) > 30, total
moments = sorted(random.Random(5).sample(range(1, int(total)), 10))
for moment in moments:
    add(place("own:1", WELL, lon=12.0))
    killed, _ = forked(moment)
    assert killed, moment
    found = [c.place.lon for c in Gazetteer.open().lookup(WELL)]
    assert found in ([12.0], [13.0]), (moment, found)
    open_pack(pack_folders()[0]).verify()
    killed, _ = forked(0)
    assert not killed
    assert [c.place.lon for c in Gazetteer.open().lookup(WELL)] == [13.0]
    assert len(pack_folders()) == 1
    left = {entry.name for entry in pack_folders()[0].parent.iterdir()}
    assert left == {".lock", pack_folders()[0].name}, left
print("all", len(moments))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_moment_leaves_the_old_state_and_a_rerun_completes(home):
    script = [sys.executable, "-c", KILLED, str(Path(__file__).parent)]
    done = subprocess.run(script, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.stdout.strip() == "all 10", done.stderr


def test_the_commands(tmp_path, home):
    table = tmp_path / "wells.csv"
    table.write_text(f"name,lon,lat,country\n{WELL},12.5,28.25,LY\nnowhere,,1,LY\n", encoding="utf-8")
    runner = CliRunner()
    added = runner.invoke(
        main, ["gazetteer", "add", "csv", str(table), "--name", "wells", "--licence", "CC BY 4.0"]
    )
    assert added.exit_code == 1, added.output
    assert "pack wells: 1 places with 1 names" in added.output
    assert "rejected: wells.csv, row 3" in added.output
    assert str(home / "packs" / "0001-wells" / "rejects.tsv") in added.output
    lines = runner.invoke(main, ["gazetteer", "list"]).output
    assert lines.startswith("wells: ")
    assert lines.strip().endswith("1 places, 1 names, CC BY 4.0")
    info = runner.invoke(main, ["gazetteer", "info"]).output
    assert "pack wells" in info
    assert "CC BY 4.0" in info
    assert "rejects.tsv" in info
    assert runner.invoke(main, ["gazetteer", "verify"]).output == "the gazetteer is whole, and so are wells\n"
    assert WELL in runner.invoke(main, ["lookup", WELL]).output
    assert runner.invoke(main, ["--no-packs", "lookup", WELL]).exit_code == 1
    command = json.loads(runner.invoke(main, ["gazetteer", "list", "--json"]).output)[0]["command"]
    assert command == f"geo gazetteer add csv {table} --name wells --licence 'CC BY 4.0'"
    assert runner.invoke(main, ["gazetteer", "add", "csv", str(table), "--set", "name"]).exit_code == 2
    assert runner.invoke(main, ["gazetteer", "remove", "wells"]).exit_code == 0
    assert runner.invoke(main, ["gazetteer", "remove", "wells"]).exit_code == 3


def test_opening_a_pack_and_looking_up_loads_nothing_slow():
    add(place("own:1", WELL))
    code = (
        "import sys; from geo.places import Gazetteer; assert Gazetteer.open().lookup(sys.argv[1]); "
        "print(sorted({'pandas', 'scipy', 'platformdirs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, WELL], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_licence_and_attribution_travel_to_tables_records_and_maps():
    add(place("own:1", WELL, "Bir al-Muhandisin", population=5000))
    gazetteer = Gazetteer.open()
    parser = Geoparser(gazetteer, recognizer=DictionaryRecognizer(gazetteer))
    document = parser.parse(Article("a", f"قصفت الطائرات مدينة {WELL} في ليبيا أمس وقتل خمسة.", "2026-01-05"))
    facts = {"name": "Made up", "licence": "CC0-1.0", "attribution": "The tests"}
    assert document.sources == {"made": facts}
    record = json.loads(json.dumps(document_to_dict(document)))
    again = document_from_dict(record, document.article, gazetteer.by_id)
    for read in (document, again):
        frame = to_geodataframe(read, "mentions")
        row = frame[frame.place_id == "own:1"].iloc[0]
        assert (row.license, row.attribution) == ("CC0-1.0", "The tests")
    shown = payload(to_geodataframe(document), to_geodataframe(document, "mentions"))
    assert "The tests" in shown["credits"]
    bare = parser.parse(Article("b", "قصفت الطائرات مدينة طرابلس في ليبيا أمس.", "2026-01-05"))
    assert "sources" not in document_to_dict(bare)


def test_a_full_disk_is_told_and_leaves_nothing(home, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    add(place("own:1", WELL))
    monkeypatch.setattr("geo.places.packs_change.save", full)
    with pytest.raises(GazetteerError, match=r"cannot be written.*No space.*GEO_HOME"):
        add(place("own:2", "Other"))
    assert Gazetteer.open().by_id("own:1")
    assert sorted(entry.name for entry in (home / "packs").iterdir()) == [".lock", "0001-made"]


def test_a_pack_is_opened_by_name_or_by_folder(tmp_path, monkeypatch):
    folder = add(place("own:1", WELL)).folder
    (tmp_path / "made").mkdir()
    monkeypatch.chdir(tmp_path)
    for packs in ("made", ["made"], [folder], [str(folder)]):
        assert Gazetteer.open(packs=packs).by_id("own:1")
    with pytest.raises(GazetteerError, match=r"provenance\.json"):
        Gazetteer.open(packs=[tmp_path / "made"])
