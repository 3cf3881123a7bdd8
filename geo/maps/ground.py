"""Choose what lies under the events: outlines in the file, nothing, tiles of a provider, an own archive."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any, TypeAlias

import xyzservices.providers
from branca.element import MacroElement
from folium import TileLayer
from folium.template import Template
from xyzservices import TileProvider

from geo.errors import InputError
from geo.maps.assets import web_asset
from geo.maps.layer import figure_of, island_tag, script_tag

OUTLINES = {"natural-earth": "50m", "natural-earth-10m": "10m"}
"""Basemaps that travel inside the file, and the scale of their outlines."""
MAX_ARCHIVE = 40_000_000
"""Largest archive that is put into a page."""

Basemap: TypeAlias = str | os.PathLike[str] | TileProvider | None


class Pmtiles(MacroElement):
    """Draw a .pmtiles archive of one's own, carried inside the page, under everything else.

    Works on any Folium map. Archives of pictures (PNG, JPEG, WebP) are drawn as they are; archives of vector
    tiles in the scheme of Protomaps basemaps in a plain style, with names in the language.

    Parameters
    ----------
    path : str or path-like
        An archive of version 3, at most 40 MB; a part of a larger one is cut out by ``pmtiles extract``.
    language : {"ar", "en"}
        Language of names in vector tiles.
    attribution : str
        Whom to name for the data, shown as text in the corner of the map.

    Raises
    ------
    InputError
        If the file cannot be read, is no such archive, or is too large.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}geoPmtiles.add({{ this._parent.get_name() }}, "
        "{{ this.island|tojson }}, {{ this.options|tojson }});{% endmacro %}"
    )

    def __init__(self, path: str | os.PathLike[str], *, language: str = "ar", attribution: str = "") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Pmtiles"
        self._archive = _archive(Path(path))
        self.options = {"language": language, "attribution": _plain(attribution)}
        self.island = f"{self.get_name()}_archive"

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Put the archive and what reads it into the page."""
        figure = figure_of(self)
        figure.html.add_child(
            island_tag(self.island, base64.b64encode(self._archive).decode("ascii")), name=self.island
        )
        figure.header.add_child(script_tag(web_asset("pmtiles.js")), name="geo_pmtiles")
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def _plain(text: str) -> str:
    """Return text without the signs that Leaflet would read as HTML, and without those of templates."""
    return "".join(char for char in text if char not in "<>&{}%`\\")


def _archive(path: Path) -> bytes:
    """Read an archive."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_ARCHIVE else b""
    except OSError as error:
        raise InputError(f"basemap: {path} cannot be read: {error.strerror or error}") from error
    if size > MAX_ARCHIVE:
        raise InputError(
            f"basemap: {path} is {size / 1e6:.0f} MB, more than {MAX_ARCHIVE / 1e6:.0f} MB can travel "
            "inside a page; cut out your region: "
            "pmtiles extract IN OUT --bbox=WEST,SOUTH,EAST,NORTH --maxzoom=9"
        )
    if content[:8] != b"PMTiles\x03":
        raise InputError(
            f"basemap: {path} is no PMTiles archive of version 3; it begins with {content[:8]!r}"
        )
    return content


def provider(name: str) -> TileProvider:
    """Return the provider of tiles of a name, as xyzservices lists it.

    Parameters
    ----------
    name : str
        For instance ``"OpenTopoMap"``; case and separators do not matter.

    Raises
    ------
    InputError
        If there is none of that name, or it needs a key.

    Examples
    --------
    >>> provider("open topo map").name
    'OpenTopoMap'
    """
    try:
        found = xyzservices.providers.query_name(name)
    except ValueError as error:
        raise InputError(
            f"basemap: got {name!r}, expected one of {[*OUTLINES]}, None, a file that ends in .pmtiles, or a "
            "provider of tiles that xyzservices knows, for instance 'OpenTopoMap'"
        ) from error
    return _usable(found)


def _usable(chosen: TileProvider) -> TileProvider:
    """Return a provider, or refuse the one that lacks its key."""
    if chosen.requires_token():
        raise InputError(
            f"basemap: {chosen.name} needs a key; give the provider with its key filled in: "
            f"xyzservices.providers.{chosen.name}(apikey=...)"
        )
    return chosen


def ground_layer(basemap: Basemap, language: str) -> TileLayer | Pmtiles | None:
    """Return the layer to add to a map for a basemap that is no outline; None for the others.

    Parameters
    ----------
    basemap : str, path-like, xyzservices.TileProvider or None
    language : {"ar", "en"}

    Raises
    ------
    InputError
        If there is no such basemap.
    """
    if basemap is None or (isinstance(basemap, str) and basemap in OUTLINES):
        return None
    if isinstance(basemap, TileProvider):
        return _tiles(_usable(basemap))
    if isinstance(basemap, os.PathLike) or basemap.lower().endswith(".pmtiles"):
        return Pmtiles(basemap, language=language)
    return _tiles(provider(basemap))


def _tiles(chosen: TileProvider) -> TileLayer:
    """Return the tiles of a provider as a layer that no layer control lists."""
    return TileLayer(chosen, control=False)
