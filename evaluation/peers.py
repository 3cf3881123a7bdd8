"""Time the look-ups of other packages on names and points that ``bench_names.py`` hands over.

Run by ``bench_names.py --peers`` with the interpreter of an environment of their own (``peers.md``); it
imports nothing of ours. Each package is given our places, so that it looks into as many names as we do, and
only its look-up is timed: not its import, not its loading.

    python peers.py reverse_geocoder|local_geocode|geonames_tagger DATA.json
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Data = dict[str, Any]


def spent(work: Callable[[], Any]) -> float:
    """Return the CPU seconds of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def reverse_geocoder(data: Data) -> tuple[str, float]:
    """Time the nearest place of points, with the table of cities that comes with the package."""
    import reverse_geocoder as peer

    pairs = [(lat, lon) for lon, lat in data["points"]]
    peer.search(pairs[:10], mode=1)
    seconds = spent(lambda: peer.search(pairs, mode=1))
    return f"{len(pairs):,} points, its own 145,000 cities, nearest place only", seconds / len(pairs)


def local_geocode(data: Data) -> tuple[str, float]:
    """Time names, with our places in the place of its download."""
    from flashtext import KeywordProcessor
    from geocode.geocode import Geocode

    peer = Geocode()
    peer.geo_data, peer.kp = [], KeywordProcessor()
    for identifier, name, name_ar, lon, lat, country, _, population in data["places"]:
        for one in {name, name_ar} - {""}:
            peer.kp.add_keyword(one, str(len(peer.geo_data)))
            peer.geo_data.append([one, name, country, lon, lat, identifier, "place", population])
    names = data["names"]
    peer.decode(names[0])
    found = sum(bool(peer.decode(name)) for name in names)
    seconds = spent(lambda: [peer.decode(name) for name in names])
    return f"{len(names):,} names, {len(peer.geo_data):,} of ours, {_percent(found, names)} answered", (
        seconds / len(names)
    )


def geonames_tagger(data: Data) -> tuple[str, float]:
    """Time names, with our places in the place of its download."""
    from geonames_tagger import generate, tagger
    from geonames_tagger.util import text_norm

    norms: dict[str, tuple[list[int], list[str]]] = {}
    for number, (_, name, name_ar, *_rest) in enumerate(data["places"]):
        for one in {name, name_ar} - {""}:
            norm = text_norm(one)
            if norm:
                ids, captions = norms.setdefault(norm, ([], []))
                ids.append(number)
                captions.append(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.tsv"
        lines = (generate.encode_row(norm, *row) for norm, row in norms.items())
        path.write_text("".join(lines), encoding="utf-8")
        tagger.settings.places = str(path)
        names = data["names"]
        list(tagger.tag_locations(names[0]))
    found = sum(bool(list(tagger.tag_locations(name))) for name in names)
    seconds = spent(lambda: [list(tagger.tag_locations(name)) for name in names])
    return f"{len(names):,} names, {len(norms):,} of ours, {_percent(found, names)} answered", (
        seconds / len(names)
    )


def _percent(found: int, names: list[str]) -> str:
    return f"{100 * found / len(names):.0f} %"


def main() -> None:
    """Print one line of JSON."""
    works = {work.__name__: work for work in (reverse_geocoder, local_geocode, geonames_tagger)}
    data = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    what, seconds = works[sys.argv[1]](data)
    print(json.dumps({"what": what, "ns": seconds * 1e9}))


if __name__ == "__main__":
    main()
