"""Read places from what others publish: one importer for each source, none of which opens a connection.

An importer yields a `SourcePlace` for each place and a `BadRow`, with the reason, for each row that cannot be
read (`geo.places.records`). A file of another format is refused at once with an `InputError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from geo.errors import InputError

if TYPE_CHECKING:
    from geo.places.records import Importer

SOURCES = {
    "geonames": "Geonames",
    "whosonfirst": "WhosOnFirst",
    "wikidata": "Wikidata",
    "osm": "OpenStreetMap",
    "ocha": "Ocha",
    "natural_earth": "NaturalEarth",
    "linked_places": "LinkedPlaces",
    "csv": "Table",
}
"""Name of a source to the class of its importer."""
_ALIASES = {"wof": "whosonfirst", "naturalearth": "natural_earth", "lpf": "linked_places", "table": "csv"}


def importer(source: str) -> Importer:
    """Return the importer of a source.

    Parameters
    ----------
    source : str
        One of `SOURCES`; ``-`` and ``_`` are the same, capitals do not count.

    Raises
    ------
    InputError
        If there is no such source; the message names those there are.

    Examples
    --------
    >>> type(importer("GeoNames")).__name__
    'Geonames'
    """
    name = source.strip().lower().replace("-", "_")
    name = _ALIASES.get(name, name)
    if name not in SOURCES:
        raise InputError(f"{source!r} is no source of places; there are {', '.join(SOURCES)}")
    module = import_module(f"geo.places.sources.{'tables' if name == 'csv' else name}")
    made: Importer = getattr(module, SOURCES[name])()
    return made
