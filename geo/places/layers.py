"""Read one layer of the gazetteer: the shipped artefact, a pack of the user, or an overlay of corrections.

The rows of all layers are numbered through: a layer adds its first number to its own rows. A place that a
lower layer has already is hidden behind that one (`Links`): its names point to the row below.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from geo.model import Place
from geo.places.store import Store

_FEW = 8
"""Rows of one hash that are compared one by one; more are compared in one go first."""


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


class Linked(NamedTuple):
    """Hold one place of a layer that stands for a row below; ``same`` if both have one id."""

    row: int
    same: bool


class Links:
    """Hold which places of a layer are places of lower layers.

    Parameters
    ----------
    place : np.ndarray
        Rows in the layer, counted from its first, ascending, shape (links,).
    target : np.ndarray
        Rows of the known places, counted through all layers, shape (links,).
    same : np.ndarray of bool
        Whether both have the same id, shape (links,): then the record of the higher layer counts.

    Examples
    --------
    >>> links = Links(np.array([0, 4]), np.array([17, 3]), np.array([True, False]))
    >>> links.below(4), links.below(1), links.above(17)
    (3, -1, [Linked(row=0, same=True)])
    """

    __slots__ = ("_places", "_sorted", "_targets", "order", "place", "same", "target")

    def __init__(self, place: np.ndarray, target: np.ndarray, same: np.ndarray) -> None:
        self.place = np.ascontiguousarray(place, dtype=np.int64)
        self.target = np.ascontiguousarray(target, dtype=np.int64)
        self.same = np.ascontiguousarray(same, dtype=bool)
        self.order = np.argsort(self.target, kind="stable")
        self._places, self._targets = self.place.data, self.target.data
        self._sorted = self.target[self.order].data

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.place)

    def below(self, row: int) -> int:
        """Return the row that a place of the layer stands for, or -1 if it is new."""
        at = bisect_left(self._places, row)
        return self._targets[at] if at < len(self._places) and self._places[at] == row else -1

    def above(self, target: int) -> list[Linked]:
        """Return the places of the layer that stand for a row below."""
        at, found = bisect_left(self._sorted, target), []
        while at < len(self._sorted) and self._sorted[at] == target:
            position = int(self.order[at])
            found.append(Linked(int(self.place[position]), bool(self.same[position])))
            at += 1
        return found


def no_links() -> Links:
    """Return the links of a layer that knows nothing of others."""
    return Links(np.empty(0), np.empty(0), np.empty(0))


_FEW = 3
"""Keys up to which they are looked up one by one."""


class Layer:
    """Offer the columns of one artefact under row numbers of their own.

    Parameters
    ----------
    store : Store
    first_place, first_name : int
        Number of its first place and of its first name among those of all layers.
    links : Links, optional
        Which of its places lower layers know.
    exclusive : bool
        Whether a name of this layer hides the same name of all lower ones.
    """

    def __init__(
        self,
        store: Store,
        first_place: int = 0,
        first_name: int = 0,
        links: Links | None = None,
        *,
        exclusive: bool = False,
    ) -> None:
        self.store = store
        self.first_place = first_place
        self.first_name = first_name
        self.links = links if links is not None else no_links()
        self.exclusive = exclusive
        self.ids = store.text("places", "id")
        self._names_en = store.text("places", "name")
        self.names_ar = store.text("places", "name_ar")
        self.classes = store.codes("places", "feature_class")
        self.feature_codes = store.codes("places", "feature_code")
        self.countries = store.codes("places", "country")
        self._admin1 = store.codes("places", "admin1")
        self.lon = store.numbers("places", "lon")
        self.lat = store.numbers("places", "lat")
        self.population = store.numbers("places", "population")
        self._uncertainty = store.numbers("places", "uncertainty_km")
        self._parents = store.codes("places", "parent_id")
        self._place_sources = store.codes("places", "source")
        self._valid_to = store.codes("places", "valid_to")
        self._first_of_place = store.numbers("places", "first_name")
        self.hashes = store.numbers("names", "key_hash")
        self._keys = store.text("names", "key")
        self._names = store.text("names", "name")
        self.name_place = store.numbers("names", "place")
        self.langs = store.codes("names", "lang")
        self.kinds = store.codes("names", "kind")
        self._name_sources = store.codes("names", "source")
        self._by_place = store.numbers("names", "by_place")
        self._prefixes = store.numbers("prefixes", "hash")
        self._search_hashes = store.numbers("search", "hash")
        self._search_rows = store.numbers("search", "name_row")
        self._foreign = self.langs.code("foreign")
        self._ordered, self._search_ordered = self.hashes.data, self._search_hashes.data

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.ids)

    @property
    def name(self) -> str:
        """Return the name of the pack, or that of its folder."""
        return str(self.store.provenance.get("pack", self.store.folder.name))

    @property
    def end_place(self) -> int:
        """Return the number after that of the last place."""
        return self.first_place + len(self.ids)

    @property
    def end_name(self) -> int:
        """Return the number after that of the last name."""
        return self.first_name + len(self.hashes)

    def hits(
        self, keys: Sequence[str], wanted: np.ndarray, *, foreign: bool
    ) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the position of each key that some name has, and the rows of these names.

        Parameters
        ----------
        keys : sequence of str
            Strict keys.
        wanted : np.ndarray
            Their hashes, shape (keys,).
        foreign : bool
            Whether names of other languages in Arabic script count.
        """
        if not len(self.hashes):
            return
        if len(keys) <= _FEW:
            yield from self._few_hits(keys, wanted.tolist(), foreign)
            return
        starts = np.searchsorted(self.hashes, wanted, side="left")
        starts[starts == len(self.hashes)] = 0
        at = np.flatnonzero(self.hashes[starts] == wanted)
        ends = np.searchsorted(self.hashes, wanted[at], side="right")
        for position, start, end in zip(at.tolist(), starts[at].tolist(), ends.tolist(), strict=True):
            rows = self._confirmed(keys[position], start, end, foreign)
            if rows:
                yield position, rows

    def _few_hits(
        self, keys: Sequence[str], wanted: list[int], foreign: bool
    ) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Find a few keys one by one: a call of numpy costs more than a search in plain Python."""
        ordered, size = self._ordered, len(self._ordered)
        for position, value in enumerate(wanted):
            start = bisect_left(ordered, value)
            if start < size and ordered[start] == value:
                rows = self._confirmed(keys[position], start, bisect_right(ordered, value, start), foreign)
                if rows:
                    yield position, rows

    def _confirmed(self, key: str, start: int, end: int, foreign: bool) -> tuple[int, ...]:
        """Return the rows of one hash whose key really is the one asked for."""
        first = self.first_name
        if end - start > _FEW and self._keys.all_are(start, end, key):
            if foreign or self._foreign < 0:
                return tuple(range(first + start, first + end))
            right = np.flatnonzero(self.langs.codes[start:end] != self._foreign)
            return tuple((right + (first + start)).tolist())
        codes = self.langs.codes
        return tuple(
            first + row
            for row in range(start, end)
            if (foreign or codes[row] != self._foreign) and self._keys[row] == key
        )

    def find_many(self, keys: Sequence[str], wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of all names, but for foreign ones, that have some keys, and the keys' positions.

        Parameters
        ----------
        keys : sequence of str
            Strict keys, each of them once.
        wanted : np.ndarray
            Their hashes, shape (keys,).

        Returns
        -------
        positions, rows : np.ndarray of int
            Both of shape (hits,), in the order of the keys.
        """
        import pyarrow.compute as pc  # slow to load, and nobody else needs it

        encoded = pa.array([key.encode("utf-8", "replace") for key in keys], pa.binary())
        order = np.argsort(wanted)
        starts = np.searchsorted(self.hashes, wanted[order], side="left")
        counts = np.searchsorted(self.hashes, wanted[order], side="right") - starts
        positions, rows = np.repeat(order, counts), ranges(starts, counts)
        stored = self.store.take("names", "key", rows).cast(pa.binary())
        right = np.asarray(pc.equal(stored, encoded.take(pa.array(positions))))
        right &= self.langs.codes[rows] != self._foreign
        kept = np.lexsort((rows[right], positions[right]))
        return positions[right][kept], rows[right][kept] + self.first_name

    def is_prefix(self, wanted: np.ndarray) -> np.ndarray:
        """Say for each hash of a key whether some Arabic name goes on after it, shape (keys,)."""
        if not len(self._prefixes):
            return np.zeros(len(wanted), dtype=bool)
        at = np.searchsorted(self._prefixes, wanted)
        at[at == len(self._prefixes)] = 0
        found: np.ndarray = self._prefixes[at] == wanted
        return found

    def near_misses(self, wanted: np.ndarray) -> Iterator[int]:
        """Yield the rows of the names stored under some second-chance hashes, shape (hashes,), sorted."""
        ordered = self._search_ordered
        for value in wanted.tolist():
            start = bisect_left(ordered, value)
            if start < len(ordered) and ordered[start] == value:
                for row in self._search_rows[start : bisect_right(ordered, value, start)].tolist():
                    yield self.first_name + row

    def name_row(self, row: int) -> NameRow:
        """Return one name by its number among those of all layers."""
        own = row - self.first_name
        return NameRow(
            row=row,
            place=self.seen(int(self.name_place[own])),
            name=self._names[own],
            key=self._keys[own],
            lang=self.langs[own],
            kind=self.kinds[own],
            source=self._name_sources[own],
        )

    def seen(self, own: int) -> int:
        """Return the number under which a place of this layer is known: its own, or that of one below."""
        below = self.links.below(own) if len(self.links) else -1
        return below if below >= 0 else self.first_place + own

    def all_seen(self, own: np.ndarray) -> np.ndarray:
        """Return the numbers under which places of this layer are known, shape (places,)."""
        numbers: np.ndarray = own.astype(np.int64) + self.first_place
        if len(self.links):
            at = np.searchsorted(self.links.place, own)
            at[at == len(self.links)] = 0
            linked = self.links.place[at] == own
            numbers[linked] = self.links.target[at[linked]]
        return numbers

    def names_at(self, own: int) -> range | list[int]:
        """Return the numbers of the names of a place of this layer."""
        start = int(self._first_of_place[own])
        last = own + 1 == len(self._first_of_place)
        end = len(self._by_place) if last else int(self._first_of_place[own + 1])
        return [self.first_name + row for row in self._by_place[start:end].tolist()]

    def record(self, own: int) -> Place:
        """Return a place as this layer has it; what it does not tell is NaN, 0 or empty."""
        return Place(
            id=self.ids[own],
            name=self._names_en[own],
            name_ar=self.names_ar[own],
            feature_class=self.classes[own],
            feature_code=self.feature_codes[own],
            country=self.countries[own],
            admin1=self._admin1[own],
            lon=float(self.lon[own]),
            lat=float(self.lat[own]),
            population=int(self.population[own]),
            uncertainty_km=round(float(self._uncertainty[own]), 1),
            parent_id=self._parents[own],
            source=self._place_sources[own],
            valid_to=self._valid_to[own],
        )


def ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the numbers from each start on, as many as are counted, one after the other.

    Examples
    --------
    >>> ranges(np.array([5, 20]), np.array([2, 1])).tolist()
    [5, 6, 20]
    """
    before = np.cumsum(counts) - counts
    flat: np.ndarray = np.repeat(starts - before, counts) + np.arange(int(counts.sum()))
    return flat
