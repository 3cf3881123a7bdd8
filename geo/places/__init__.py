"""Know where things are: look places up by name, point or id, and compute on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.places.gazetteer import Gazetteer
from geo.places.layers import NameRow
from geo.places.search import Match, NearMiss, near_misses, search
from geo.places.store import Store

if TYPE_CHECKING:
    from geo.places.shapes import Shapes

__all__ = ["Gazetteer", "Match", "NameRow", "NearMiss", "Shapes", "Store", "near_misses", "search"]


def __getattr__(name: str) -> Any:
    """Fetch `Shapes` when it is first used, so that looking up names loads no geometry library."""
    if name == "Shapes":
        from geo.places.shapes import Shapes

        return Shapes
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
