"""Look places up by name, id and country in the memory-mapped gazetteer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
from xxhash import xxh3_64_intdigest

from geo.arabic.normalize import strict_key
from geo.model import Candidate, Place
from geo.places.store import Kept, Store

_IMPORTANCE = {
    "PCLI": 4.0, "PCL": 3.5, "PPLC": 3.0, "ADM1": 1.2, "PPLA": 2.0, "AIRB": 4.0, "NVB": 4.0, "SEA": 6.0,
    "OCN": 6.0, "CONT": 6.0, "GULF": 5.5, "STRT": 5.5, "CNL": 5.0, "RGN": 5.0, "AIRP": 3.5, "MILB": 3.5,
    "PRT": 3.5, "ADM2": 0.3,
}  # fmt: skip
"""What a feature code adds to the logarithm of the population: prominence in news. The figures are
chosen, not learned; seas and bases have no inhabitants and start higher."""

_KEPT_KEYS = 1 << 14
_KEPT_ROWS = 1 << 12


@dataclass(frozen=True, slots=True)
class NameRow:
    """Hold one name of one place as the gazetteer stores it.

    Attributes
    ----------
    row : int
        Row in the table of names.
    place : int
        Row in the table of places.
    name, key : str
        As the source writes it, with harakat; its strict key.
    lang : str
        ``ar`` tagged Arabic, ``und`` Arabic script without a tag, ``foreign`` another language in Arabic
        script, ``en`` preferred Latin name, ``latin`` other Latin names.
    kind : str
        ``official``, ``variant``, ``historic``, ``colloquial``, ``foreign``, or ``context``: a name that
        means this place only where the text already speaks of it ("the Kingdom").
    source : str
        Key of the source in ``provenance.json``.
    """

    row: int
    place: int
    name: str
    key: str
    lang: str
    kind: str
    source: str


def default_folder() -> Path:
    """Return the folder of the artefact that comes with the package."""
    return Path(__file__).resolve().parent.parent / "_data"


class Gazetteer:
    """Offer the places and names of one artefact, read-only.

    Safe to share between threads; pickling keeps only the folder, so that worker processes map the same
    files. What was looked up lately is kept, a fixed number of entries at most. Build one with
    `Gazetteer.open`.

    Parameters
    ----------
    store : Store
        An open artefact.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> gazetteer.country("LY").name
    'Libya'
    >>> [c.place.country for c in gazetteer.lookup("\u0623\u062c\u062f\u0627\u0628\u064a\u0627")]
    ['LY']
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._derived: dict[str, Any] = {}
        self._ids = store.text("places", "id")
        self._place_names = store.text("places", "name")
        self._place_names_ar = store.text("places", "name_ar")
        self._classes = store.codes("places", "feature_class")
        self._feature_codes = store.codes("places", "feature_code")
        self._countries = store.codes("places", "country")
        self._admin1 = store.codes("places", "admin1")
        self._lon = store.numbers("places", "lon")
        self._lat = store.numbers("places", "lat")
        self._population = store.numbers("places", "population")
        self._uncertainty = store.numbers("places", "uncertainty_km")
        self._parents = store.codes("places", "parent_id")
        self._place_sources = store.codes("places", "source")
        self._valid_to = store.codes("places", "valid_to")
        self._first_name = store.numbers("places", "first_name")
        self._hashes = store.numbers("names", "key_hash")
        self._keys = store.text("names", "key")
        self._names = store.text("names", "name")
        self._name_place = store.numbers("names", "place")
        self._langs = store.codes("names", "lang")
        self._kinds = store.codes("names", "kind")
        self._name_sources = store.codes("names", "source")
        self._by_place = store.numbers("names", "by_place")
        self._prefixes = store.numbers("prefixes", "hash")
        self._search_hashes = store.numbers("search", "hash")
        self._search_rows = store.numbers("search", "name_row")
        self._foreign = self._langs.code("foreign")
        self._found: Kept[str, tuple[int, ...]] = Kept(_KEPT_KEYS)
        self._going_on: Kept[str, bool] = Kept(_KEPT_KEYS)
        self._kept_place = lru_cache(_KEPT_ROWS)(self._place)
        self._kept_name = lru_cache(_KEPT_ROWS)(self._name_row)
        self._kept_row = lru_cache(_KEPT_ROWS)(self._ids.find)
        self._country_rows = self._one_a_country("PCLI")
        self._capital_rows = self._one_a_country("PPLC")

    @classmethod
    def open(cls, path: str | Path | None = None) -> Gazetteer:
        """Open an artefact.

        Parameters
        ----------
        path : str or Path, optional
            Folder of the artefact; the one that comes with the package by default.

        Raises
        ------
        GazetteerError
            If a file is missing, damaged, or of another schema version; the message says what to run.
        """
        return cls(Store(Path(path) if path is not None else default_folder()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Gazetteer.open, (self._store.folder,)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self._ids)

    def _one_a_country(self, feature_code: str) -> dict[str, int]:
        wanted = self._feature_codes.mask({feature_code})[self._feature_codes.codes]
        return {self._countries[row]: row for row in np.flatnonzero(wanted).tolist()}

    @property
    def folder(self) -> Path:
        """Return the folder of the artefact."""
        return self._store.folder

    @property
    def versions(self) -> dict[str, str]:
        """Return the versions every result carries: ``gazetteer`` and ``rules``."""
        facts = self._store.provenance
        return {"gazetteer": str(facts["version"]), "rules": str(facts["rules_version"])}

    def info(self) -> dict[str, Any]:
        """Return version, counts, sources with licences, and files of the artefact."""
        return {"folder": str(self.folder), **self._store.provenance}

    def verify(self) -> dict[str, str]:
        """Compare every file with its recorded SHA-256; return the hashes.

        Raises
        ------
        GazetteerError
            Naming every file that is missing or differs.
        """
        return self._store.verify()

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
        starts = np.searchsorted(self._hashes, wanted, side="left")
        inside = starts < len(self._hashes)
        hits = np.zeros(len(wanted), dtype=bool)
        hits[inside] = self._hashes[starts[inside]] == wanted[inside]
        found: list[tuple[int, ...]] = [()] * len(wanted)
        places = np.flatnonzero(hits)
        ends = np.searchsorted(self._hashes, wanted[places], side="right")
        for position, start, end in zip(places.tolist(), starts[places].tolist(), ends.tolist(), strict=True):
            found[position] = self._confirmed(keys[position], start, end, foreign)
        return found

    def _confirmed(self, key: str, start: int, end: int, foreign: bool) -> tuple[int, ...]:
        """Return the rows of one hash whose key really is the one asked for."""
        codes = self._langs.codes
        return tuple(
            row
            for row in range(start, end)
            if (foreign or codes[row] != self._foreign) and self._keys[row] == key
        )

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
        import pyarrow.compute as pc  # slow to load, and nobody else needs it

        encoded = pa.array([key.encode("utf-8", "replace") for key in keys], pa.binary())
        wanted = _hashed(keys)
        order = np.argsort(wanted)
        starts = np.searchsorted(self._hashes, wanted[order], side="left")
        counts = np.searchsorted(self._hashes, wanted[order], side="right") - starts
        positions, rows = np.repeat(order, counts), _ranges(starts, counts)
        stored = self.take("names", "key", rows).cast(pa.binary())
        right = np.asarray(pc.equal(stored, encoded.take(pa.array(positions))))
        right &= self._langs.codes[rows] != self._foreign
        kept = np.lexsort((rows[right], positions[right]))
        return positions[right][kept], rows[right][kept]

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
        return self._store.take(table, column, rows)

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
        at = np.searchsorted(self._prefixes, wanted)
        at[at == len(self._prefixes)] = 0
        found: list[bool] = (self._prefixes[at] == wanted).tolist()
        return found

    def near_misses(self, hashes: Iterable[int]) -> list[int]:
        """Return the rows of the names stored under some second-chance hashes (`geo.places.keys`)."""
        wanted = np.array(sorted(set(hashes)), dtype=np.uint64)
        starts = np.searchsorted(self._search_hashes, wanted, side="left")
        ends = np.searchsorted(self._search_hashes, wanted, side="right")
        return [
            row
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            for row in self._search_rows[start:end].tolist()
        ]

    def place_of(self, name_row: int) -> int:
        """Return the row of the place that a row of the table of names belongs to."""
        return int(self._name_place[name_row])

    def places_of(self, name_rows: np.ndarray) -> np.ndarray:
        """Return the rows of the places that rows of the table of names belong to, shape (rows,)."""
        return self._name_place[name_rows]

    def name_row(self, row: int) -> NameRow:
        """Return one row of the table of names."""
        return self._kept_name(row)

    def _name_row(self, row: int) -> NameRow:
        return NameRow(
            row=row,
            place=int(self._name_place[row]),
            name=self._names[row],
            key=self._keys[row],
            lang=self._langs[row],
            kind=self._kinds[row],
            source=self._name_sources[row],
        )

    def place(self, row: int) -> Place:
        """Return one place by its row in the table of places.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        return self._kept_place(row)

    def _place(self, row: int) -> Place:
        if not 0 <= row < len(self._ids):
            raise IndexError(f"place row {row}: the gazetteer has rows 0 to {len(self._ids) - 1}")
        return Place(
            id=self._ids[row],
            name=self._place_names[row],
            name_ar=self._place_names_ar[row],
            feature_class=self._classes[row],
            feature_code=self._feature_codes[row],
            country=self._countries[row],
            admin1=self._admin1[row],
            lon=float(self._lon[row]),
            lat=float(self._lat[row]),
            population=int(self._population[row]),
            uncertainty_km=round(float(self._uncertainty[row]), 1),
            parent_id=self._parents[row],
            source=self._place_sources[row],
            valid_to=self._valid_to[row],
        )

    def row_of(self, place_id: str) -> int:
        """Return the row of a place by its id, or -1."""
        return self._kept_row(place_id)

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
            if above is None:
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
        start = int(self._first_name[row])
        end = int(self._first_name[row + 1]) if row + 1 < len(self._first_name) else len(self._by_place)
        return [self.name_row(int(name)) for name in self._by_place[start:end]]

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Return longitudes and latitudes of all places, degrees, shape (places,), views of the file."""
        return self._lon, self._lat

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
        return self._place_names_ar.lengths() > 0

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
        fits = np.ones(len(self._ids), dtype=bool)
        classes = set(feature_classes)
        if classes:
            fits &= self._classes.mask(classes)[self._classes.codes]
        if country:
            fits &= self._countries.codes == self._countries.code(country.upper())
        if min_population:
            fits &= self._population >= min_population
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
            weight = 10 ** (self.importance(place) / 2) * (0.01 if self._kinds[row] == "context" else 1.0)
            weights[place] = max(weight, weights.get(place, 0.0))
        total = sum(weights.values())
        ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        return [
            Candidate(self.place(place), 0.95 * weight / total, {"importance": self.importance(place)})
            for place, weight in ranked
        ]


def _ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the numbers from each start on, as many as are counted, one after the other."""
    before = np.cumsum(counts) - counts
    flat: np.ndarray = np.repeat(starts - before, counts) + np.arange(int(counts.sum()))
    return flat


def _hashed(keys: Sequence[str]) -> np.ndarray:
    """Return the hashes of some keys, shape (keys,)."""
    return np.array([xxh3_64_intdigest(key.encode("utf-8", "replace")) for key in keys], dtype=np.uint64)
