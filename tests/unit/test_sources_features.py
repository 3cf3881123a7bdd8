"""GeoJSON as a stream: any chunking gives the same features, damage is told, memory stays small."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError
from geo.places.sources import features
from geo.places.sources.rows import Refused

FEATURES: list[dict[str, Any]] = [
    {"type": "Feature", "id": number, "properties": {"name": 'طبرق \\ " ] }', "n": 12.5e3}, "geometry": None}
    for number in range(7)
]
COLLECTION = {
    "type": "FeatureCollection", "name": "features: [", "meta": {"features": [1, 2]}, "features": FEATURES,
    "n": 1,
}  # fmt: skip


def read(raw: bytes, name: str = "a.geojson", **more: Any) -> list[Any]:
    return [item for _, item in features.features(io.BytesIO(raw), name, **more)]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64, 1 << 16])
@pytest.mark.parametrize("indent", [None, 2])
def test_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch, chunk: int, indent: int | None) -> None:
    monkeypatch.setattr(features, "_CHUNK", chunk)
    raw = json.dumps(COLLECTION, ensure_ascii=False, indent=indent).encode()
    assert read(raw) == FEATURES
    assert read(b"\xef\xbb\xbf" + raw) == FEATURES


def test_one_feature_and_one_a_line() -> None:
    assert read(json.dumps(FEATURES[0]).encode()) == FEATURES[:1]
    several = "\n".join(json.dumps(item, indent=1) for item in FEATURES)
    assert read(several.encode()) == FEATURES
    by_line = b"\n".join([b"\x1e" + json.dumps(item).encode() for item in FEATURES] + [b"{broken", b"17"])
    found = read(by_line, "a.geojsonseq")
    assert found[:7] == FEATURES
    assert [str(item).split(" (")[0] for item in found[7:]] == ["the line is no JSON", "it is no JSON object"]
    assert isinstance(found[8], Refused)


def test_lists_of_another_name() -> None:
    raw = json.dumps({"version": 0.6, "elements": [{"type": "node"}, 5]}).encode()
    found = read(raw, lists=("features", "elements"))
    assert found[0] == {"type": "node"}
    assert isinstance(found[1], Refused)


@pytest.mark.parametrize("cut", [1, 30, 200, 600])
def test_damage_is_told_with_its_place(cut: int) -> None:
    raw = json.dumps(COLLECTION).encode()
    with pytest.raises(InputError, match=r"a\.geojson: it is no JSON, or damaged at character \d+"):
        read(raw[:cut])


def test_other_content_is_refused() -> None:
    with pytest.raises(InputError, match="no JSON"):
        read(b"name,lon,lat\nTobruk,1,2\n")
    with pytest.raises(InputError, match="no UTF-8"):
        read(json.dumps(COLLECTION, ensure_ascii=False).encode("cp1256"))
    assert read(b"") == []


def test_a_big_file_is_never_held_whole(tmp_path: Path) -> None:
    import tracemalloc

    big = tmp_path / "big.geojson"
    line = json.dumps({"type": "Feature", "properties": {"x": "y" * 1000}, "geometry": None})
    big.write_text('{"type": "FeatureCollection", "features": [' + ",\n".join([line] * 20_000) + "]}")
    tracemalloc.start()
    with big.open("rb") as stream:
        count = sum(1 for _ in features.features(stream, big.name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 3_000_000 < big.stat().st_size
