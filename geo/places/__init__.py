"""Know where things are: look places up by name, point or id, and compute on the ellipsoid."""

from __future__ import annotations

from geo.places.gazetteer import Gazetteer, NameRow
from geo.places.store import Store

__all__ = ["Gazetteer", "NameRow", "Store"]
