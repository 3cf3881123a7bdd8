"""Write places and names as Arrow files that open without being read: sorted, uncompressed, deterministic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.spatial import cKDTree
from xxhash import xxh3_64_intdigest

from gazetteer.naming import Draft, Name, key_of
from gazetteer.places import Drafts, unit_vectors
from geo.places.keys import ARABIC_LANGUAGES, search_hashes
from geo.places.records import KINDS, LANGUAGES
from geo.places.writing import prefixes_of, romanised, save

SAME_PLACE_KM = 10.0


def write(folder: Path, drafts: Drafts) -> None:
    """Write ``places.arrow``, ``names.arrow``, ``prefixes.arrow`` and ``search.arrow`` into a folder."""
    ordered = [drafts[key] for key in sorted(drafts)]
    names = _name_rows(ordered)
    hashes = np.array([xxh3_64_intdigest(key_of(name.text).encode()) for _, name in names], dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    names = [names[i] for i in order]
    hashes = hashes[order]
    rows = np.array([place for place, _ in names], dtype=np.uint32)
    by_place = np.argsort(rows, kind="stable").astype(np.uint32)
    starts = np.searchsorted(rows[by_place], np.arange(len(ordered) + 1)).astype(np.uint32)
    save(folder / "places.arrow", _place_columns(ordered, starts))
    save(folder / "names.arrow", _name_columns(names, hashes, rows, by_place))
    save(folder / "prefixes.arrow", {"hash": pa.array(_prefixes(names))})
    save(folder / "search.arrow", _search_columns(ordered, names))


def _name_rows(ordered: list[Draft]) -> list[tuple[int, Name]]:
    """Return (row of the place, name) in a fixed order, duplicates of the same place left out."""
    rows = [(place, name) for place, draft in enumerate(ordered) for name in draft.names]
    dropped = _duplicates(ordered, rows)
    rows = [row for number, row in enumerate(rows) if number not in dropped]
    rows.sort(key=lambda row: (key_of(row[1].text), row[0], KINDS.index(row[1].kind), row[1].text))
    return rows


def _duplicates(ordered: list[Draft], rows: list[tuple[int, Name]]) -> set[int]:
    """Return the rows whose name a richer place of the same class and country bears within 10 km.

    Two entries for one place would make its name ambiguous. The poorer one stays in the table of places and
    keeps its other names.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, (place, name) in enumerate(rows):
        if name.lang in ARABIC_LANGUAGES:
            draft = ordered[place]
            groups.setdefault((key_of(name.text), draft.country, draft.feature_class), []).append(number)
    dropped: set[int] = set()
    for numbers in groups.values():
        distinct = {rows[number][0] for number in numbers}
        if len(distinct) > 1:
            poorer = _poorer(ordered, sorted(distinct))
            dropped.update(number for number in numbers if rows[number][0] in poorer)
    return dropped


def _poorer(ordered: list[Draft], candidates: list[int]) -> set[int]:
    """Return those of some places that lie within 10 km of a richer one."""

    def richness(place: int) -> tuple[bool, int, int, str]:
        draft = ordered[place]
        return draft.source == "curated", draft.population, len(draft.names), draft.id

    ranked = sorted(candidates, key=richness, reverse=True)
    points = unit_vectors(
        np.array([ordered[p].lon for p in ranked]), np.array([ordered[p].lat for p in ranked])
    )
    chord = 2 * np.sin(SAME_PLACE_KM / 6371.0088 / 2)
    poorer = {j for i, j in cKDTree(points).query_pairs(chord)}
    return {
        ranked[j]
        for j in poorer
        if not (ordered[ranked[j]].derived and ordered[ranked[j]].feature_class == "A")
    }


def _codes(values: list[str]) -> pa.Array:
    """Return a dictionary-encoded column with its dictionary sorted."""
    words = sorted(set(values))
    index = {word: number for number, word in enumerate(words)}
    kind = np.int8 if len(words) < 128 else np.int16 if len(words) < 32_768 else np.int32
    return pa.DictionaryArray.from_arrays(
        np.array([index[v] for v in values], dtype=kind), pa.array(words, pa.utf8())
    )


def _fixed(values: list[str], words: tuple[str, ...]) -> pa.Array:
    """Return a dictionary-encoded column with a fixed dictionary."""
    return pa.DictionaryArray.from_arrays(
        np.array([words.index(v) for v in values], dtype=np.int8), list(words)
    )


def _place_columns(ordered: list[Draft], starts: np.ndarray) -> dict[str, pa.Array]:
    def column(attribute: str) -> list[Any]:
        return [getattr(draft, attribute) for draft in ordered]

    columns: dict[str, pa.Array] = {
        name: pa.array(column(name), pa.utf8()) for name in ("id", "name", "name_ar")
    }
    for name in ("feature_class", "feature_code", "country", "admin1"):
        columns[name] = _codes(column(name))
    columns["lon"] = pa.array(np.array(column("lon"), dtype=np.float64))
    columns["lat"] = pa.array(np.array(column("lat"), dtype=np.float64))
    columns["population"] = pa.array(np.array(column("population"), dtype=np.uint32))
    columns["uncertainty_km"] = pa.array(np.array(column("uncertainty_km"), dtype=np.float32))
    for name in ("parent_id", "source", "valid_to"):
        columns[name] = _codes(column(name))
    columns["derived"] = pa.array(np.array(column("derived"), dtype=np.uint8))
    columns["first_name"] = pa.array(starts[:-1])
    return columns


def _name_columns(
    names: list[tuple[int, Name]], hashes: np.ndarray, rows: np.ndarray, by_place: np.ndarray
) -> dict[str, pa.Array]:
    return {
        "key_hash": pa.array(hashes),
        "key": pa.array([key_of(name.text) for _, name in names], pa.utf8()),
        "name": pa.array([name.text for _, name in names], pa.utf8()),
        "place": pa.array(rows),
        "lang": _fixed([name.lang for _, name in names], LANGUAGES),
        "kind": _fixed([name.kind for _, name in names], KINDS),
        "source": _codes([name.source for _, name in names]),
        "by_place": pa.array(by_place),
    }


def _prefixes(names: list[tuple[int, Name]]) -> np.ndarray:
    """Return the sorted hashes of all proper word prefixes of the Arabic keys."""
    keys = {key_of(name.text) for _, name in names if name.lang in ARABIC_LANGUAGES}
    found = {prefix for key in keys for prefix in prefixes_of(key)}
    return np.sort(np.array(list(found), dtype=np.uint64))


def _search_columns(ordered: list[Draft], names: list[tuple[int, Name]]) -> dict[str, pa.Array]:
    """Return the second-chance index: hash of a looser key, row of the name.

    Skeletons are kept where Arabic names are romanised in many ways, and for large places.
    """
    pairs = [
        (hashed, row)
        for row, (place, name) in enumerate(names)
        for hashed in search_hashes(
            name.text,
            key_of(name.text),
            name.lang,
            skeletons=romanised(
                ordered[place].country, ordered[place].population, ordered[place].feature_code
            ),
        )
    ]
    hashes = np.array([hashed for hashed, _ in pairs], dtype=np.uint64)
    rows = np.array([row for _, row in pairs], dtype=np.uint32)
    order = np.lexsort((rows, hashes))
    return {"hash": pa.array(hashes[order]), "name_row": pa.array(rows[order])}
