"""OpenStreetMap: GeoJSON of several tools, Overpass, extracts in XML and PBF."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.places.records import BadRow, SourceName, SourcePlace
from geo.places.sources import importer

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "sources"
GEOJSON = SAMPLES / "osm.geojson"
XML = SAMPLES / "osm.osm"


def read(path: Path, **options: object) -> tuple[dict[str, SourcePlace], list[BadRow]]:
    rows = list(importer("osm").read([path], **options))
    places = {row.id.removeprefix("osm:"): row for row in rows if isinstance(row, SourcePlace)}
    return places, [row for row in rows if isinstance(row, BadRow)]


def test_a_town_with_all_its_names() -> None:
    town = read(GEOJSON)[0]["node/9900001"]
    assert (town.feature_class, town.feature_code, town.country) == ("P", "PPLA", "LY")
    assert (town.lon, town.lat, town.population) == (23.9, 32.0, 12000)
    assert town.same_as == ("wikidata:Q990020",)
    names = {name.text: name for name in town.names}
    assert names["بلدة المثال"] == SourceName("بلدة المثال", "ar", "official")
    assert names["البلدة المثال"] == SourceName("البلدة المثال", "ar", "official"), "name, in an Arab state"
    assert names["أم المثال"] == SourceName("أم المثال", "ar", "variant"), "the second of two"
    assert names["بلدة القدماء"].kind == "historic"
    assert names["Mithal Town"] == SourceName("Mithal Town", "en", "official")
    assert names["Mithal"].lang == names["Mithalstadt"].lang == "latin"
    assert names["شهر مثال"].lang == "foreign"
    assert "Мисал" not in names


def test_ids_of_several_tools_areas_and_kinds() -> None:
    places, _ = read(GEOJSON)
    assert set(places) == {
        "node/9900001", "node/9900002", "relation/77", "relation/9900003", "way/9900010", "node/9900011"
    }  # fmt: skip
    governorate = places["relation/77"]
    assert (governorate.feature_code, governorate.lon, governorate.lat) == ("ADM1", 23.5, 31.5)
    assert governorate.uncertainty_km == pytest.approx(58, abs=1)
    airport = places["relation/9900003"]
    assert (airport.feature_code, airport.same_as) == ("AIRP", ("icao:HLZZ",))
    bay = places["way/9900010"]
    assert (bay.feature_code, bay.country, round(bay.lon, 3)) == ("BAY", "", 24.0)
    crete = places["node/9900011"]
    assert (crete.country, crete.names) == ("GR", (SourceName("المثال اليوناني", "ar", "official"),))


def test_what_is_no_place_is_passed_over_and_bad_places_are_told() -> None:
    _, bad = read(GEOJSON)
    assert {row.row: row.reason for row in bad} == {
        6: "there is no name in Arabic or Latin script",
        7: "there is no geometry",
        8: "there is no id (expected: @id node/123, or osm_id and osm_type)",
        9: "there is no name in Arabic or Latin script",
        12: "it is no JSON object",
    }
    assert bad[-1].file == "osm.geojson"


def test_overpass() -> None:
    places, bad = read(SAMPLES / "osm-overpass.json", country="LY")
    assert places["node/9900001"] == read(GEOJSON)[0]["node/9900001"]
    assert (places["relation/77"].lon, places["relation/77"].uncertainty_km) == (23.5, None)
    assert [(row.row, row.reason) for row in bad] == [(3, "there is no geometry")]


def check_extract(path: Path) -> None:
    places, bad = read(path)
    assert set(places) == {"node/9900001", "node/9900002", "way/50", "relation/77"}
    town = places["node/9900001"]
    assert (town.feature_code, town.country, town.population, town.same_as) == (
        "PPL", "LY", 12000, ("wikidata:Q990020",)
    )  # fmt: skip
    assert SourceName('Mithal "Town"', "en", "official") in town.names
    assert places["node/9900002"].feature_code == "CAPE"
    assert (places["way/50"].feature_code, places["way/50"].same_as) == ("AIRP", ("icao:HLZZ",))
    assert (places["relation/77"].feature_code, places["relation/77"].lon) == ("ADM1", 23.5)
    assert SourceName("The Governorate", "en", "official") in places["relation/77"].names
    assert [(row.reason, row.text) for row in bad] == [
        ("there is no name in Arabic or Latin script", "node/9900004")
    ]


def test_an_extract_in_xml() -> None:
    check_extract(XML)


def test_an_extract_in_pbf(tmp_path: Path) -> None:
    (tmp_path / "libya.osm.pbf").write_bytes(pbf())
    check_extract(tmp_path / "libya.osm.pbf")


def test_options_and_other_files(tmp_path: Path) -> None:
    assert "relation/77" in read(GEOJSON, arabic_only="yes")[0]
    only = tmp_path / "a.geojson"
    only.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": "b"}}]}'
    )
    with pytest.raises(
        InputError, match=r"a\.geojson: there is no place in it \(expected: OpenStreetMap data"
    ):
        read(only)
    (tmp_path / "a.osm.pbf").write_bytes(b"no extract at all")
    with pytest.raises(InputError, match=r"a\.osm\.pbf: it cannot be read"):
        read(tmp_path / "a.osm.pbf")
    (tmp_path / "cut.osm.pbf").write_bytes(pbf()[:-60])
    with pytest.raises(InputError):
        read(tmp_path / "cut.osm.pbf")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "b.osm.pbf")
    with pytest.raises(InputError, match="country='Libya' is no ISO code"):
        read(GEOJSON, country="Libya")


# The sample in XML, written as PBF by hand (https://wiki.openstreetmap.org/wiki/PBF_Format).


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def blob(kind: bytes, content: bytes) -> bytes:
    packed = field(2, len(content)) + field(3, zlib.compress(content))
    header = field(1, kind) + field(3, len(packed))
    return struct.pack(">I", len(header)) + header + packed


def pbf() -> bytes:
    import xml.etree.ElementTree as ElementTree

    root = ElementTree.parse(XML).getroot()
    strings = [b""]

    def string(text: str) -> int:
        if text.encode() not in strings:
            strings.append(text.encode())
        return strings.index(text.encode())

    def tags(element: ElementTree.Element) -> bytes:
        pairs = [(string(tag.attrib["k"]), string(tag.attrib["v"])) for tag in element.iter("tag")]
        keys = b"".join(varint(key) for key, _ in pairs)
        values = b"".join(varint(value) for _, value in pairs)
        return field(2, keys) + field(3, values) if pairs else b""

    def deltas(numbers: list[int]) -> bytes:
        return b"".join(varint(zigzag(b - a)) for a, b in zip([0, *numbers], numbers, strict=False))

    groups = []
    for node in root.iter("node"):
        lat, lon = (round(float(node.attrib[key]) * 1e7) for key in ("lat", "lon"))
        place = field(8, zigzag(lat)) + field(9, zigzag(lon))
        groups.append(field(1, field(1, zigzag(int(node.attrib["id"]))) + tags(node) + place))
    for way in root.iter("way"):
        nodes = [int(nd.attrib["ref"]) for nd in way.iter("nd")]
        groups.append(field(3, field(1, int(way.attrib["id"])) + tags(way) + field(8, deltas(nodes))))
    for relation in root.iter("relation"):
        members = list(relation.iter("member"))
        roles = b"".join(varint(string(member.attrib["role"])) for member in members)
        inside = field(8, roles) + field(9, deltas([int(member.attrib["ref"]) for member in members]))
        kinds = field(10, b"".join(varint(1) for _ in members))
        groups.append(field(4, field(1, int(relation.attrib["id"])) + tags(relation) + inside + kinds))
    table = b"".join(field(1, text) for text in strings)
    block = field(1, table) + b"".join(field(2, group) for group in groups)
    return blob(b"OSMHeader", field(4, b"OsmSchema-V0.6")) + blob(b"OSMData", block)
