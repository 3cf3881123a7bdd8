"""What lies under the events: finer outlines, tiles that were asked for, an archive of one's own."""

from __future__ import annotations

import gzip
import importlib.util
import struct
import zlib
from pathlib import Path

import folium
import pytest
import xyzservices

from geo.errors import InputError
from geo.maps import event_map, map_html
from geo.maps.basemap import SCALES, natural_earth
from geo.maps.ground import Pmtiles

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

RED = (200, 30, 30)


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def picture() -> bytes:
    """A red PNG of 256 by 256."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes(RED) * 256) * 256
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def vector_tile() -> bytes:
    """A tile whose layer "earth" covers it all: a square in the encoding of Mapbox vector tiles 2.1."""

    def field(number: int, body: bytes) -> bytes:
        return varint(number << 3 | 2) + varint(len(body)) + body

    def zigzag(number: int) -> int:
        return number << 1 if number >= 0 else (-number << 1) - 1

    moves = [9, 0, 0, 26, *map(zigzag, (4096, 0, 0, 4096, -4096, 0)), 15]
    kind = varint(2 << 3 | 2) + varint(2) + bytes([0, 0])
    feature = kind + varint(3 << 3) + varint(3) + field(4, b"".join(map(varint, moves)))
    value = field(1, b"earth")
    layer = varint(15 << 3) + varint(2) + field(1, b"earth") + field(2, feature) + field(3, b"kind")
    return field(3, layer + field(4, value) + varint(5 << 3) + varint(4096))


def archive(tile: bytes, kind: int) -> bytes:
    """A PMTiles archive of version 3: one tile, used for the world and for its four quarters."""
    body = gzip.compress(tile) if kind == 1 else tile
    directory = gzip.compress(b"".join(map(varint, (1, 0, 5, len(body), 1))))
    metadata = gzip.compress(b"{}")
    at = 127
    sizes = []
    for part in (directory, metadata, b"", body):
        sizes += [at, len(part)]
        at += len(part)
    degrees = [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000]
    head = b"PMTiles\x03" + struct.pack("<8Q", *sizes) + struct.pack("<3Q", 5, 1, 1)
    head += struct.pack("<6B", 1, 2, 2 if kind == 1 else 1, kind, 0, 1) + struct.pack("<4i", *degrees)
    head += struct.pack("<B2i", 0, 0, 0)
    return head + directory + metadata + body


def shown(name: str, tmp_path: Path) -> folium.Map:
    tile, kind = {"vector": (vector_tile(), 1), "raster": (picture(), 2)}[name]
    path = tmp_path / f"{name}.pmtiles"
    path.write_bytes(archive(tile, kind))
    return event_map(synthetic.make_events(), basemap=path)


@pytest.mark.browser
def test_an_archive_of_pictures_travels_inside_the_page(show, tmp_path):
    watched = show(shown("raster", tmp_path))
    tile = watched.page.locator(".leaflet-tile-loaded").first
    tile.wait_for(state="attached")
    assert tile.evaluate("image => image.naturalWidth") == 256
    watched.calm()


@pytest.mark.browser
def test_an_archive_of_vector_tiles_travels_inside_the_page(show, tmp_path):
    watched = show(shown("vector", tmp_path))
    watched.page.locator("canvas.leaflet-tile-loaded, .leaflet-tile canvas").first.wait_for(state="attached")
    colour = """() => { const canvas = document.querySelector('canvas.leaflet-tile');
        return [...canvas.getContext('2d').getImageData(100, 100, 1, 1).data] }"""
    watched.page.wait_for_function(f"({colour})()[3] === 255")
    assert watched.page.evaluate(colour)[:3] == [226, 223, 218]
    watched.console = [said for said in watched.console if "getImageData" not in said]
    watched.calm()


@pytest.mark.browser
def test_an_archive_lies_under_any_folium_map(show, tmp_path):
    path = tmp_path / "own.pmtiles"
    path.write_bytes(archive(picture(), 2))
    made = folium.Map(location=[30, 20], zoom_start=3, tiles=None)
    Pmtiles(path, attribution="<b>{{7*7}}</b> me").add_to(made)
    watched = show(made)
    watched.page.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
    assert "b7*7/b me" in watched.page.locator(".leaflet-control-attribution").inner_text()
    watched.calm()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("no.pmtiles", None, "cannot be read"),
        ("text.pmtiles", b"hello there", "no PMTiles archive of version 3"),
        ("old.pmtiles", b"PM\x02\x00" + bytes(200), "no PMTiles archive of version 3"),
    ],
)
def test_what_is_no_archive_is_refused_by_name(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name} .*{message}"):
        event_map(synthetic.make_events(), basemap=tmp_path / name)


def test_tiles_are_asked_for_by_name_and_no_other_host_may_be():
    html = map_html(event_map(synthetic.make_events(), basemap="opentopomap"))
    policy = html.split('content="', 1)[1].split('"', 1)[0]
    assert "img-src data: blob: https://*.tile.opentopomap.org;" in policy
    assert "default-src 'none'" in policy
    assert "OpenTopoMap" in html


def test_a_provider_object_is_taken_and_one_without_its_key_refused():
    own = xyzservices.TileProvider(name="own", url="http://127.0.0.1:9/{z}/{x}/{y}.png", attribution="me")
    assert "img-src data: blob: http://127.0.0.1:9;" in map_html(
        event_map(synthetic.make_events(), basemap=own)
    )
    with pytest.raises(InputError, match="needs a key"):
        event_map(synthetic.make_events(), basemap="Thunderforest.Transport")
    with pytest.raises(InputError, match="expected one of"):
        event_map(synthetic.make_events(), basemap="moon cheese")


def test_finer_outlines_have_more_points_around_the_data():
    box = (32.0, 34.5, 35.0, 35.8)
    usual, fine = natural_earth(box), natural_earth(box, detail="10m")
    assert fine["scale"] == SCALES["10m"]
    points = [sum(len(ring) for polygon in made["land"] for ring in polygon) for made in (usual, fine)]
    assert points[1] > 2 * points[0]
