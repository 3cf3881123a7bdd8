"""Look places up by name, id and country in the memory-mapped gazetteer and the packs beside it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import pyarrow as pa
from xxhash import xxh3_64_intdigest

from geo.arabic.normalize import strict_key
from geo.errors import GazetteerError
from geo.model import Candidate, Place
from geo.places.layers import Layer, NameRow
from geo.places.layers_joint import joined, places_of, points_of, record, row_of, take
from geo.places.packs import Opening, open_layers
from geo.places.store import Kept

_IMPORTANCE = {
    "PCLI": 4.0, "PCL": 3.5, "PPLC": 3.0, "ADM1": 1.2, "PPLA": 2.0, "AIRB": 4.0, "NVB": 4.0, "SEA": 6.0,
    "OCN": 6.0, "CONT": 6.0, "GULF": 5.5, "STRT": 5.5, "CNL": 5.0, "RGN": 5.0, "AIRP": 3.5, "MILB": 3.5,
    "PRT": 3.5, "ADM2": 0.3,
}  # fmt: skip
"""What a feature code adds to the logarithm of the population: prominence in news. The figures are
chosen, not learned; seas and bases have no inhabitants and start higher."""

_KEPT_KEYS = 1 << 14
_KEPT_ROWS = 1 << 12


def default_folder() -> Path:
    """Return the folder of the artefact that comes with the package."""
    return Path(__file__).resolve().parent.parent / "_data"


class Gazetteer:
    """Offer the places and names of the shipped artefact and of the user's packs as one, read-only.

    Safe to share between threads; pickling keeps only the folders, so that worker processes map the same
    files. What was looked up lately is kept, a fixed number of entries at most. Build one with
    `Gazetteer.open`.

    Parameters
    ----------
    layers : sequence of Layer
        The lowest first.
    settings : Opening
        What the layers were opened from.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> gazetteer.country("LY").name
    'Libya'
    >>> [c.place.country for c in gazetteer.lookup("\u0623\u062c\u062f\u0627\u0628\u064a\u0627")]
    ['LY']
    """

    def __init__(self, layers: Sequence[Layer], settings: Opening) -> None:
        self._layers = tuple(layers)
        self._upper = self._layers[1:]
        self._settings = settings
        self._lock = RLock()
        self._derived: dict[str, Any] = {}
        base = self._layers[0]
        self._base = base
        self._name_place = base.name_place
        self._base_names = base.end_name
        self._population = base.population
        self._feature_codes = base.feature_codes
        self._found: Kept[str, tuple[int, ...]] = Kept(_KEPT_KEYS)
        self._going_on: Kept[str, bool] = Kept(_KEPT_KEYS)
        self._kept_place = lru_cache(_KEPT_ROWS)(self._place)
        self._kept_name = lru_cache(_KEPT_ROWS)(self._name_row)
        self._kept_row = lru_cache(_KEPT_ROWS)(self._row_of)
        self._country_rows = self._one_a_country("PCLI")
        self._capital_rows = self._one_a_country("PPLC")

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        packs: Sequence[str | Path] | None = None,
        overlay: str | Path | None = None,
    ) -> Gazetteer:
        """Open an artefact, the packs beside it and the user's corrections.

        Parameters
        ----------
        path : str or Path, optional
            Folder of the artefact; the one that comes with the package by default.
        packs : sequence of str or Path, optional
            Names of packs in the user's data folder, or folders of packs, the lowest first; all packs of
            the data folder by default, none if empty.
        overlay : str or Path, optional
            A table of corrections (`geo.places.overlay`); ``overlay.csv`` of the data folder by default, if
            there is one and `packs` is not empty.

        Raises
        ------
        GazetteerError
            If a file is missing, damaged, or of another schema version; the message says what to run.
        InputError
            If the table of corrections cannot be read; file and row are named.
        """
        base = Path(path) if path is not None else default_folder()
        settings = Opening.of(base, packs, overlay)
        try:
            return cls(open_layers(settings), settings)
        except GazetteerError:
            again = Opening.of(base, packs, overlay)
            if again == settings:
                raise
            return cls(open_layers(again), again)  # a pack was replaced in between

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopened, (self._settings,)

    def __len__(self) -> int:
        """Return the number of places; one that several layers know is counted in each."""
        return self._layers[-1].end_place

    @property
    def name_count(self) -> int:
        """Return the number of names."""
        return self._layers[-1].end_name

    def _one_a_country(self, feature_code: str) -> dict[str, int]:
        rows: dict[str, int] = {}
        for layer in self._layers:
            wanted = layer.feature_codes.mask({feature_code})[layer.feature_codes.codes]
            own = {layer.countries[row]: layer.seen(row) for row in np.flatnonzero(wanted).tolist()}
            rows = own | rows
        return rows

    @property
    def folder(self) -> Path:
        """Return the folder of the shipped artefact, or of the one opened in its place."""
        return self._base.store.folder

    @property
    def versions(self) -> dict[str, str]:
        """Return the versions every result carries: ``gazetteer``, ``rules``, and ``pack:NAME`` of packs."""
        facts = self._base.store.provenance
        versions = {"gazetteer": str(facts["version"]), "rules": str(facts["rules_version"])}
        for layer in self._upper:
            versions[f"pack:{layer.name}"] = str(layer.store.provenance["version"])
        return versions

    def info(self) -> dict[str, Any]:
        """Return version, counts, sources with licences and files of the artefact, and of the ``packs``."""
        packs = [
            {"folder": str(layer.store.folder), "pack": layer.name, **layer.store.provenance}
            for layer in self._upper
        ]
        return {"folder": str(self.folder), **self._base.store.provenance, "packs": packs}

    @property
    def added_sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the sources of packs and corrections by key; empty if there are none."""
        if not self._upper:
            return {}
        return self._sources_of(self._upper)

    def _sources_of(self, layers: Iterable[Layer]) -> dict[str, Mapping[str, Any]]:
        return {key: facts for layer in layers for key, facts in layer.store.provenance["sources"].items()}

    def sources(self) -> dict[str, Mapping[str, Any]]:
        """Return name, licence and attribution of every source of every layer by its key.

        Examples
        --------
        >>> Gazetteer.open(packs=[]).sources()["geonames"]["licence"]
        'CC-BY-4.0'
        """
        return self._sources_of(self._layers)

    def verify(self) -> dict[str, str]:
        """Compare every file with its recorded SHA-256; return the hashes, those of packs as ``NAME/FILE``.

        Raises
        ------
        GazetteerError
            Naming every file that is missing or differs.
        """
        hashes = self._base.store.verify()
        for layer in self._upper:
            hashes |= {f"{layer.name}/{name}": value for name, value in layer.store.verify().items()}
        return hashes

    def find(self, keys: Sequence[str], *, foreign: bool = False) -> list[tuple[int, ...]]:
        """Find the rows of the names that have some strict keys.

        Parameters
        ----------
        keys : sequence of str
            Strict keys (`geo.arabic.strict_key`).
        foreign : bool
            Whether spellings of other languages in Arabic script (Persian, Urdu, Uyghur, Kurdish) count.

        Returns
        -------
        list of tuple of int
            For each key, rows of the table of names (`name_row`, `place_of`), in a fixed order; empty where
            nothing bears it. A place with several spellings of one key has several rows.
        """
        return self._found.of(keys, self._find) if not foreign else self._find(keys, foreign=True)

    def _find(self, keys: Sequence[str], *, foreign: bool = False) -> list[tuple[int, ...]]:
        wanted = _hashed(keys)
        found: list[tuple[int, ...]] = [()] * len(keys)
        for position, rows in self._base.hits(keys, wanted, foreign=foreign):
            found[position] = rows
        for layer in self._upper:
            for position, rows in layer.hits(keys, wanted, foreign=foreign):
                alone = layer.exclusive or not found[position]
                found[position] = rows if alone else self._together(found[position], rows)
        return found

    def _together(self, lower: Sequence[int], upper: Iterable[int]) -> tuple[int, ...]:
        """Return the rows of names of several layers, a name of one place once.

        Latin spellings of one key are one name; Arabic ones are, unless the higher layer knows better that
        the name is Arabic.
        """
        rows = list(lower)
        seen = {identity for row in lower for identity in _identities(self.name_row(row))}
        for row in upper:
            identities = _identities(self.name_row(row))
            if identities[0] not in seen:
                rows.append(row)
                seen.update(identities)
        return tuple(rows)

    def find_many(self, keys: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Find the rows of the names that have some strict keys, many keys at once.

        Parameters
        ----------
        keys : sequence of str
            Strict keys, each of them once.

        Returns
        -------
        positions, rows : np.ndarray of int
            Both of shape (hits,): the row of a name, and the position of its key; what `find` gives, in
            the order of the keys.
        """
        wanted = _hashed(keys)
        positions, rows = self._base.find_many(keys, wanted)
        for layer in self._upper:
            more, also = layer.find_many(keys, wanted)
            both = np.unique(more if layer.exclusive else np.intersect1d(more, positions))
            alone, single = ~np.isin(positions, both), ~np.isin(more, both)
            again = self._find([keys[at] for at in both.tolist()])
            joint = np.repeat(both, [len(found) for found in again])
            told = np.array([row for found in again for row in found], dtype=np.int64)
            positions = np.concatenate([positions[alone], more[single], joint])
            rows = np.concatenate([rows[alone], also[single], told])
            order = np.argsort(positions, kind="stable")
            positions, rows = positions[order], rows[order]
        return positions, rows

    def take(self, table: str, column: str, rows: np.ndarray) -> pa.Array:
        """Return a column of some rows of a table as an Arrow array, null where a row is negative.

        Parameters
        ----------
        table : str
            ``places`` or ``names``.
        column : str
            As the artefact names it.
        rows : np.ndarray of int
            Shape (rows,), in any order.
        """
        if not self._upper:
            return self._base.store.take(table, column, rows)
        if (table, column) == ("names", "place"):
            return pa.array(self.places_of(rows))
        return take(self._layers, table, column, rows, self.place)

    def is_prefix(self, keys: Sequence[str]) -> np.ndarray:
        """Say for each key whether some longer Arabic name begins with these words.

        Parameters
        ----------
        keys : sequence of str
            Strict keys of one or more words.

        Returns
        -------
        np.ndarray of bool
            Shape (len(keys),).
        """
        return np.array(self._going_on.of(keys, self._is_prefix), dtype=bool)

    def _is_prefix(self, keys: Sequence[str]) -> list[bool]:
        wanted = _hashed(keys)
        found = self._base.is_prefix(wanted)
        for layer in self._upper:
            found = found | layer.is_prefix(wanted)
        flags: list[bool] = found.tolist()
        return flags

    def near_misses(self, hashes: Iterable[int]) -> list[int]:
        """Return the rows of the names stored under some second-chance hashes (`geo.places.keys`)."""
        wanted = np.array(sorted(set(hashes)), dtype=np.uint64)
        return [row for layer in self._layers for row in layer.near_misses(wanted)]

    def place_of(self, name_row: int) -> int:
        """Return the row of the place that a row of the table of names belongs to."""
        if name_row < self._base_names:
            return int(self._name_place[name_row])
        layer = next(layer for layer in reversed(self._upper) if name_row >= layer.first_name)
        return layer.seen(int(layer.name_place[name_row - layer.first_name]))

    def places_of(self, name_rows: np.ndarray) -> np.ndarray:
        """Return the rows of the places that rows of the table of names belong to, shape (rows,)."""
        if not self._upper:
            rows: np.ndarray = self._name_place[name_rows]
            return rows
        return places_of(self._layers, name_rows)

    def name_row(self, row: int) -> NameRow:
        """Return one row of the table of names."""
        return self._kept_name(row)

    def _name_row(self, row: int) -> NameRow:
        layer = bisect_right(self._layers, row, key=_first_name) - 1 if self._upper else 0
        return self._layers[layer].name_row(row)

    def place(self, row: int) -> Place:
        """Return one place by its row in the table of places.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        return self._kept_place(row)

    def _place(self, row: int) -> Place:
        if not 0 <= row < len(self):
            raise IndexError(f"place row {row}: the gazetteer has rows 0 to {len(self) - 1}")
        if not self._upper:
            return self._base.record(row)
        layer = self._layer_at(row)
        seen = layer.seen(row - layer.first_place)
        return record(self._layers, row) if seen == row else self.place(seen)

    def _layer_at(self, row: int) -> Layer:
        """Return the layer that holds a row of the table of places."""
        return self._layers[bisect_right(self._layers, row, key=_first_place) - 1]

    def row_of(self, place_id: str) -> int:
        """Return the row of a place by its id, or -1."""
        return self._kept_row(place_id)

    def _row_of(self, place_id: str) -> int:
        return row_of(self._layers, place_id)

    def by_id(self, place_id: str) -> Place | None:
        """Return a place by its id, for instance ``geonames:89113``, or None."""
        row = self.row_of(place_id)
        return self.place(row) if row >= 0 else None

    def country(self, alpha2: str) -> Place | None:
        """Return a country by its ISO 3166-1 alpha-2 code, or None."""
        row = self._country_rows.get(alpha2.upper())
        return self.place(row) if row is not None else None

    def capital(self, alpha2: str) -> Place | None:
        """Return the capital of a country by its ISO 3166-1 alpha-2 code, or None."""
        row = self._capital_rows.get(alpha2.upper())
        return self.place(row) if row is not None else None

    def containers(self, place: Place) -> list[Place]:
        """Return the places that contain a place, the smallest first, up to the country."""
        chain: list[Place] = []
        seen = {place.id}
        while place.parent_id and place.parent_id not in seen:
            above = self.by_id(place.parent_id)
            if above is None or above.id in seen:
                break
            chain.append(above)
            seen.add(above.id)
            place = above
        return chain

    def names_of(self, place_id: str) -> list[NameRow]:
        """Return every name of a place; empty if there is no such place."""
        row = self.row_of(place_id)
        if row < 0:
            return []
        layer = self._layer_at(row)
        names = list(layer.names_at(row - layer.first_place))
        for upper in self._upper:
            for linked in upper.links.above(row):
                names = list(self._together(names, upper.names_at(linked.row)))
        return [self.name_row(name) for name in names]

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Return longitudes and latitudes of all places, degrees, shape (places,); not to be written to."""
        if not self._upper:
            return self._base.lon, self._base.lat
        points: tuple[np.ndarray, np.ndarray] = self.derived("_points", lambda _: points_of(self._layers))
        return points

    def derived(self, name: str, make: Callable[[Gazetteer], Any]) -> Any:
        """Return something computed from this gazetteer, made at the first call and kept with it.

        Parameters
        ----------
        name : str
            Under which it is kept.
        make : callable
            Called with the gazetteer, once, whatever the number of threads.
        """
        with self._lock:
            if name not in self._derived:
                self._derived[name] = make(self)
            return self._derived[name]

    def has_arabic_name(self) -> np.ndarray:
        """Return one flag for each place: whether it has an Arabic name to show."""
        return joined(self._layers, lambda layer: layer.names_ar.lengths() > 0)

    def rows_where(
        self, *, feature_classes: Iterable[str] = (), country: str = "", min_population: int = 0
    ) -> np.ndarray:
        """Return the rows of the places that fit, in order; an empty filter fits all.

        Parameters
        ----------
        feature_classes : iterable of str
            GeoNames classes, for instance ``"P"``.
        country : str
            ISO 3166-1 alpha-2.
        min_population : int
        """
        fits = np.ones(len(self), dtype=bool)
        for layer in self._upper:
            fits[layer.first_place + layer.links.place] = False
        classes, alpha2 = set(feature_classes), country.upper()
        if classes:
            # 2 for a class that is wanted, 1 for another one, 0 where a layer tells none
            worth = joined(self._layers, lambda layer: layer.classes.worth(classes)[layer.classes.codes])
            fits &= worth == 2
        if country:
            fits &= joined(self._layers, lambda layer: layer.countries.mask({alpha2})[layer.countries.codes])
        if min_population:
            fits &= joined(self._layers, lambda layer: layer.population) >= min_population
        return np.flatnonzero(fits)

    def importance(self, row: int) -> float:
        """Return how prominent a place is in news: the logarithm of its population and its rank.

        Examples
        --------
        >>> gazetteer = Gazetteer.open()
        >>> libya, ajdabiya = gazetteer.row_of("geonames:2215636"), gazetteer.row_of("geonames:89113")
        >>> gazetteer.importance(libya) > gazetteer.importance(ajdabiya)
        True
        """
        if self._upper:
            place = self.place(row)
            return math.log10(10 + place.population) + _IMPORTANCE.get(place.feature_code, 0.0)
        return math.log10(10 + int(self._population[row])) + _IMPORTANCE.get(self._feature_codes[row], 0.0)

    def lookup(self, name: str, *, foreign: bool = False) -> list[Candidate]:
        """List the places that bear a name, spelled as given up to the strict key.

        Parameters
        ----------
        name : str
            In Arabic or Latin script, without clitics; see `geo.places.search` for looser matches.
        foreign : bool
            Whether spellings of other languages in Arabic script count.

        Returns
        -------
        list of Candidate
            The most prominent first; the scores share 0.95, the rest belongs to "none of these". Names that
            need context (``kind`` ``context``) come last.
        """
        rows = self.find([strict_key(name)], foreign=foreign)[0]
        weights: dict[int, float] = {}
        for row in rows:
            place = self.place_of(row)
            weight = 10 ** (self.importance(place) / 2) * (
                0.01 if self.name_row(row).kind == "context" else 1.0
            )
            weights[place] = max(weight, weights.get(place, 0.0))
        total = sum(weights.values())
        ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        return [
            Candidate(self.place(place), 0.95 * weight / total, {"importance": self.importance(place)})
            for place, weight in ranked
        ]


def _hashed(keys: Sequence[str]) -> np.ndarray:
    """Return the hashes of some keys, shape (keys,)."""
    return np.array([xxh3_64_intdigest(key.encode("utf-8", "replace")) for key in keys], dtype=np.uint64)


def _reopened(settings: Opening) -> Gazetteer:
    """Open a gazetteer again, in another process."""
    return Gazetteer(open_layers(settings), settings)


def _identities(name: NameRow) -> list[tuple[int, str, str]]:
    """Return what makes a name the same as another: first its own identity, then those it stands for."""
    if name.lang in ("en", "latin"):
        return [(name.place, name.key, "latin")]
    own = (name.place, name.name, name.lang)
    return [own, (name.place, name.name, "und")] if name.lang == "ar" else [own]


def _first_name(layer: Layer) -> int:
    return layer.first_name


def _first_place(layer: Layer) -> int:
    return layer.first_place
