"""Read Arabic news and put what happened on a map, with the evidence for every point.

Importing the package opens no file and loads no heavy library: each public name is fetched from its
module when it is first used (:pep:`562`).

Examples
--------
>>> import geo
>>> document = geo.parse("قصف الطيران مدينة إدلب أمس.", date="2024-03-02")  # doctest: +SKIP
>>> events = geo.to_geodataframe([document])  # doctest: +SKIP
>>> geo.save_map(geo.event_map(events), "map.html")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.geocoding import ArabicGazetteer, geocode, reverse_geocode
    from geo.maps import event_map, save_map
    from geo.maps.review_widget import review
    from geo.places import Gazetteer
    from geo.reading.pipeline import Geoparser, parse, parse_many
    from geo.tables import to_geodataframe

__version__ = "0.1.0"

__all__ = [
    "ArabicGazetteer",
    "Gazetteer",
    "GeoError",
    "Geoparser",
    "__version__",
    "event_map",
    "geocode",
    "parse",
    "parse_many",
    "reverse_geocode",
    "review",
    "save_map",
    "to_geodataframe",
]


def _home(name: str) -> str | None:
    """Return the module that holds a public name, or None if there is no such name."""
    match name:
        case "Geoparser" | "parse" | "parse_many":
            return "geo.reading.pipeline"
        case "Gazetteer":
            return "geo.places"
        case "ArabicGazetteer" | "geocode" | "reverse_geocode":
            return "geo.geocoding"
        case "to_geodataframe":
            return "geo.tables"
        case "event_map" | "save_map":
            return "geo.maps"
        case "review":
            return "geo.maps.review_widget"
        case _:
            return None


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module on first use and keep it."""
    home = _home(name)
    if home is None:
        raise AttributeError(f"module 'geo' has no attribute {name!r}; it offers {', '.join(__all__)}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted({*globals(), *__all__})
