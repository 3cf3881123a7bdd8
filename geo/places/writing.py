"""Write places and names as Arrow files that open without being read: sorted, uncompressed, deterministic.

`Spool` takes the places of any source one after the other, in any number: what it is given goes to
temporary files column by column, and only one column at a time is held in memory when they are put in order.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
from xxhash import xxh3_64_intdigest

from geo.arabic.normalize import strict_key
from geo.places.keys import ARAB_STATES, ARABIC_LANGUAGES, search_hashes
from geo.places.records import KINDS, LANGUAGES, SourceName, SourcePlace
from geo.places.store import SCHEMA_VERSION
from geo.places.writing_columns import Coded, Numbers, Texts

_CHUNK = 50_000
_MOST_PEOPLE = 2**32 - 1
_RANK = {"official": 0, "variant": 1, "colloquial": 2, "historic": 3, "context": 4, "foreign": 5}
_CODED = ("feature_class", "feature_code", "country", "admin1", "parent_id", "source", "valid_to")


def romanised(country: str, population: int, feature_code: str) -> bool:
    """Say whether skeletons of a place's Latin names are worth storing.

    They are where Arabic names are romanised in many ways, and for large places.
    """
    return country in ARAB_STATES or population >= 100_000 or feature_code in ("PCLI", "PPLC")


def prefixes_of(key: str) -> Iterator[int]:
    """Yield the hashes of all proper word prefixes of a strict key."""
    words = key.split(" ")
    for count in range(1, len(words)):
        yield xxh3_64_intdigest(" ".join(words[:count]).encode())


def save(path: Path, columns: Mapping[str, pa.Array]) -> None:
    """Write one record batch, uncompressed, with the schema version in its metadata, and sync it to disk."""
    batch = batch_of(path.stem, columns)
    with path.open("wb") as stream:
        with pa.ipc.new_file(stream, batch.schema) as writer:
            writer.write_batch(batch)
        stream.flush()
        os.fsync(stream.fileno())


def batch_of(table: str, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Return columns as a table of the artefact."""
    batch = pa.record_batch(list(columns.values()), names=list(columns))
    return batch.replace_schema_metadata({"schema_version": str(SCHEMA_VERSION), "table": table})


def fault(place: SourcePlace) -> str:
    """Return why a place cannot be taken, or nothing.

    Examples
    --------
    >>> fault(SourcePlace("own:1", (SourceName("Tobruk"),), "P", "PPL", "LY", lon=23.9, lat=132.0))
    'lat is 132.0; expected degrees from -90 to 90'
    """
    if not place.id or place.id != "".join(place.id.split()):
        return f"the id is {place.id!r}; expected one without spaces"
    for name, value, limit in (("lon", place.lon, 180), ("lat", place.lat, 90)):
        if not (isinstance(value, float | int) and -limit <= value <= limit):
            return f"{name} is {value!r}; expected degrees from -{limit} to {limit}"
    if place.country and not (
        len(place.country) == 2 and place.country.isascii() and place.country.isupper()
    ):
        return f"the country is {place.country!r}; expected two capital letters (ISO 3166-1 alpha-2)"
    if not any(len(strict_key(name.text)) > 1 for name in place.names):
        return "it has no name in Arabic or Latin script of two letters or more"
    return ""


def kept_names(names: Iterable[SourceName]) -> list[tuple[str, str, str, str]]:
    """Return text, key, language and kind of each name worth storing, the best spelling of a key first.

    Latin spellings of one key are kept once, Arabic ones once each.
    """
    kept: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for name in sorted(names, key=lambda name: _RANK.get(name.kind, 1)):
        text = " ".join(name.text.split())
        key = strict_key(text)
        lang = name.lang if name.lang in LANGUAGES else "latin"
        if len(key) > 1:
            kind = "foreign" if lang == "foreign" else name.kind if name.kind in KINDS else "variant"
            kept.setdefault((key, "latin" if lang in ("en", "latin") else text), (text, key, lang, kind))
    return list(kept.values())


class Spool:
    """Take places one after the other, and give the tables of an artefact.

    Parameters
    ----------
    folder : Path, optional
        For temporary files; without one all is held in memory, which is for small tables.

    Attributes
    ----------
    places, names : int
        How many were taken.

    Examples
    --------
    >>> spool = Spool()
    >>> names = (SourceName("Tobruk", "en"),)
    >>> spool.add(SourcePlace("own:1", names, "P", "PPL", "LY", lon=23.9, lat=32.0), "own")
    >>> tables = dict(spool.tables())
    >>> tables["names"]["name"].to_pylist()
    ['Tobruk']
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.places = self.names = 0
        self.counts: Counter[str] = Counter()
        self._ranked: tuple[np.ndarray, np.ndarray] | None = None
        self._pending: list[tuple[SourcePlace, str, list[tuple[str, str, str, str]]]] = []
        path = (lambda name: folder / name) if folder else (lambda name: None)
        self._place_texts = {name: Texts(path(f"place-{name}")) for name in ("id", "name", "name_ar")}
        self._place_codes = {name: Coded(path(f"place-{name}")) for name in _CODED}
        self._place_numbers = {
            name: Numbers(path(f"place-{name}"), kind)
            for name, kind in (
                ("lon", "float64"), ("lat", "float64"),
                ("population", "uint32"), ("uncertainty_km", "float32"),
            )
        }  # fmt: skip
        self._name_texts = {name: Texts(path(f"name-{name}")) for name in ("key", "name")}
        self._name_codes = {
            "lang": Coded(path("name-lang"), LANGUAGES),
            "kind": Coded(path("name-kind"), KINDS),
            "source": Coded(path("name-source")),
        }
        self._hashes = Numbers(path("name-hash"), "uint64")
        self._of_place = Numbers(path("name-place"), "int64")
        self._prefixes = Numbers(path("prefixes"), "uint64")
        self._search = Numbers(path("search-hash"), "uint64")
        self._of_name = Numbers(path("search-name"), "int64")
        self._same = Texts(path("same-id"))
        self._same_place = Numbers(path("same-place"), "int64")

    def add(self, place: SourcePlace, source: str) -> None:
        """Take one place, which has no `fault`; ``source`` is the key under which its licence is kept."""
        self._pending.append((place, source, kept_names(place.names)))
        if len(self._pending) >= _CHUNK:
            self._flush()

    @property
    def taken(self) -> int:
        """Return the number of places taken so far."""
        return self.places + len(self._pending)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending:
            self._flush_places(pending)
            self._flush_names(pending)
            self.places += len(pending)

    def _flush_places(
        self, pending: Sequence[tuple[SourcePlace, str, list[tuple[str, str, str, str]]]]
    ) -> None:
        places = [place for place, _, _ in pending]
        self._place_texts["id"].extend([place.id for place in places])
        self._place_texts["name"].extend([_shown(names, ("en", "latin")) for _, _, names in pending])
        self._place_texts["name_ar"].extend([_shown(names, ("ar", "und")) for _, _, names in pending])
        for name in _CODED:
            values = [source for _, source, _ in pending] if name == "source" else None
            self._place_codes[name].extend(values or [getattr(place, name) for place in places])
        for name in ("lon", "lat"):
            self._place_numbers[name].extend([getattr(place, name) for place in places])
        self._place_numbers["population"].extend(
            [min(max(place.population, 0), _MOST_PEOPLE) for place in places]
        )
        self._place_numbers["uncertainty_km"].extend(
            [math.nan if place.uncertainty_km is None else place.uncertainty_km for place in places]
        )
        others = [
            (other, number) for number, place in enumerate(places, self.places) for other in place.same_as
        ]
        self._same.extend([other for other, _ in others])
        self._same_place.extend([number for _, number in others])
        self.counts.update(f"places of class {place.feature_class}" for place in places)

    def _flush_names(
        self, pending: Sequence[tuple[SourcePlace, str, list[tuple[str, str, str, str]]]]
    ) -> None:
        rows = [
            (number, place, source, name)
            for number, (place, source, names) in enumerate(pending, self.places)
            for name in names
        ]
        texts, keys, langs, kinds = (
            zip(*(name for *_, name in rows), strict=True) if rows else ((), (), (), ())
        )
        self._name_texts["name"].extend(texts)
        self._name_texts["key"].extend(keys)
        self._name_codes["lang"].extend(langs)
        self._name_codes["kind"].extend(kinds)
        self._name_codes["source"].extend([source for _, _, source, _ in rows])
        self._hashes.extend([xxh3_64_intdigest(key.encode("utf-8", "replace")) for key in keys])
        self._of_place.extend([number for number, *_ in rows])
        self._prefixes.extend(
            [
                prefix
                for key, lang in zip(keys, langs, strict=True)
                if lang in ARABIC_LANGUAGES and " " in key
                for prefix in prefixes_of(key)
            ]
        )
        hashed = [
            (value, number)
            for number, (_, place, _, (text, key, lang, _)) in enumerate(rows, self.names)
            for value in search_hashes(
                text,
                key,
                lang,
                skeletons=romanised(place.country, place.population, place.feature_code),
            )
        ]
        self._search.extend([value for value, _ in hashed])
        self._of_name.extend([number for _, number in hashed])
        self.names += len(rows)
        self.counts.update(f"names in {lang}" for lang in langs)

    def repeated(self) -> Iterator[tuple[int, str]]:
        """Yield number and id of each place whose id was given before; `tables` leaves these places out."""
        _, extra = self._sorted_ids()
        ids = self._place_texts["id"].load()
        for number in extra.tolist():
            yield number, ids[number].as_py()

    def _sorted_ids(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the order of the places by id, and the numbers of those whose id was given before."""
        if self._ranked is None or self._pending:
            self._flush()
            self._ranked = _sorted(self._place_texts["id"].load())
        return self._ranked

    def tables(self) -> Iterator[tuple[str, dict[str, pa.Array]]]:
        """Yield name and columns of each table of the artefact, one after the other."""
        order, extra = self._sorted_ids()
        rank = np.full(self.places, -1, dtype=np.int64)
        rank[order] = np.arange(len(order))
        of_place = rank[self._of_place.load()]
        names = np.lexsort((self._name_order(), of_place, self._hashes.load()))
        if len(extra):
            names = names[of_place[names] >= 0]
        rows = of_place[names].astype(np.uint32)
        by_place = np.argsort(rows, kind="stable").astype(np.uint32)
        starts = np.searchsorted(rows[by_place], np.arange(len(order))).astype(np.uint32)
        yield "places", self._places(order, starts)
        yield "names", self._names(names, rows, by_place)
        yield "prefixes", {"hash": pa.array(np.unique(self._prefixes.load()))}
        yield "search", self._searches(names)
        yield "same", self._others(rank)

    def _name_order(self) -> np.ndarray:
        kinds = self._name_codes["kind"].load(np.arange(self.names), fixed=True)
        codes: np.ndarray = kinds.indices.to_numpy()
        return codes

    def _taken(self, table: str, name: str, column: Texts, order: np.ndarray) -> pa.Array:
        """Return a column of strings in an order, put away in a file if there is a folder."""
        array = column.load().take(pa.array(order))
        if self._folder is None:
            return array
        path = self._folder / f"taken-{table}-{name}"
        with pa.ipc.new_file(path, pa.schema([(name, pa.utf8())])) as writer:
            writer.write_batch(pa.record_batch([array], names=[name]))
        del array
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).get_batch(0).column(0)

    def _places(self, order: np.ndarray, starts: np.ndarray) -> dict[str, pa.Array]:
        columns: dict[str, pa.Array] = {
            name: self._taken("places", name, column, order) for name, column in self._place_texts.items()
        }
        columns |= {name: column.load(order) for name, column in self._place_codes.items()}
        columns |= {name: pa.array(column.load()[order]) for name, column in self._place_numbers.items()}
        return columns | {"first_name": pa.array(starts)}

    def _names(self, order: np.ndarray, rows: np.ndarray, by_place: np.ndarray) -> dict[str, pa.Array]:
        columns: dict[str, pa.Array] = {"key_hash": pa.array(self._hashes.load()[order])}
        columns |= {
            name: self._taken("names", name, column, order) for name, column in self._name_texts.items()
        }
        columns["place"] = pa.array(rows)
        columns |= {
            name: column.load(order, fixed=name != "source") for name, column in self._name_codes.items()
        }
        return columns | {"by_place": pa.array(by_place)}

    def _searches(self, names: np.ndarray) -> dict[str, pa.Array]:
        row = np.full(self.names, -1, dtype=np.int64)
        row[names] = np.arange(len(names))
        rows, hashes = row[self._of_name.load()], self._search.load()
        order = np.lexsort((rows, hashes))
        order = order[rows[order] >= 0]
        return {"hash": pa.array(hashes[order]), "name_row": pa.array(rows[order].astype(np.uint32))}

    def _others(self, rank: np.ndarray) -> dict[str, pa.Array]:
        rows = rank[self._same_place.load()]
        order = np.argsort(rows, kind="stable")
        order = order[rows[order] >= 0]
        ids = self._same.load().take(pa.array(order))
        return {"id": ids, "place": pa.array(rows[order].astype(np.uint32))}

    def close(self) -> None:
        """Remove the temporary files."""
        columns: list[Numbers | Texts | Coded] = [*self._place_texts.values(), *self._name_texts.values()]
        columns += [*self._place_codes.values(), *self._name_codes.values(), *self._place_numbers.values()]
        columns += [self._hashes, self._of_place, self._prefixes, self._search, self._of_name]
        for column in [*columns, self._same, self._same_place]:
            column.close()
        if self._folder is not None:
            for path in self._folder.glob("taken-*"):
                path.unlink()


def _sorted(ids: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of distinct ids, and the numbers of those that were given before."""
    order = pc.sort_indices(ids).to_numpy().astype(np.int64)
    if len(order) < 2:
        return order, order[:0]
    ranked = ids.take(pa.array(order))
    again = np.concatenate([[False], np.asarray(pc.equal(ranked[1:], ranked[:-1]))])
    return order[~again], np.sort(order[again])


def _shown(names: Sequence[tuple[str, str, str, str]], langs: Sequence[str]) -> str:
    """Return the name to show: the first in the first of some languages."""
    for lang in langs:
        for text, _, own, kind in names:
            if own == lang and kind not in ("historic", "context"):
                return text
    return ""
