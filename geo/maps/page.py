"""Make the map page: title, list, layers and key around a Folium map of events."""

from __future__ import annotations

import html
import os
from typing import Any

import geopandas as gpd
from folium import LayerControl, Map, TileLayer

from geo.maps.assets import web_asset
from geo.maps.basemap import natural_earth
from geo.maps.ground import OUTLINES, Basemap, Pmtiles, ground_layer
from geo.maps.island import pack
from geo.maps.labels import gazetteer_names
from geo.maps.layer import EventLayer, checked_language, figure_of, island_tag, script_tag, style_tag
from geo.maps.save import map_html, save_map, tile_host

OWN = (EventLayer, LayerControl, TileLayer, Pmtiles)
"""What needs none of the libraries Folium asks for, Leaflet aside."""
DEEP_ZOOM = 18


class EventMap(Map):
    """Be a Folium map that needs no network: its library, style and basemap travel inside the page.

    Made by `geo.event_map`. Other Folium elements can be added to it; `geo.save_map` puts the libraries of
    the common plugins into the file, and names what it cannot put there.

    Parameters
    ----------
    title : str or None
    language : {"ar", "en"}
    height : int
        Height in pixels when the map shows itself in a notebook.
    """

    def __init__(self, *, title: str | None = None, language: str = "ar", height: int = 560) -> None:
        super().__init__(
            location=[25.0, 25.0], zoom_start=4, tiles=None, zoom_control=False, min_zoom=2, max_zoom=12
        )
        self.options.update(
            {
                "min_zoom": 2,
                "max_zoom": 12,
                "zoom_snap": 0.5,
                "max_bounds": [[-86, -200], [86, 200]],
                "max_bounds_viscosity": 0.8,
            }
        )
        self.title = title
        self.language = checked_language(language)
        self.notebook_height = height
        self.basemap: dict[str, Any] | None = None
        self.tile_hosts: tuple[str, ...] = ()

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Write the page; Folium's own libraries are asked for only if an element needs them."""
        figure = figure_of(self)
        slim = all(isinstance(child, OWN) for child in self._children.values())
        spare = [] if slim else [link for link in Map.default_js if link[0] != "leaflet"]
        sheets = [] if slim else [link for link in Map.default_css if link[0] != "leaflet_css"]
        self.default_js, self.default_css = spare, sheets
        figure.header.add_child(style_tag(web_asset("leaflet.css")), name="leaflet_css")
        pictures = "" if slim else "\n" + web_asset("leaflet-markers.js")
        figure.header.add_child(script_tag(web_asset("leaflet.js") + pictures), name="leaflet")
        if self.basemap is not None:
            name = f"{self.get_name()}_basemap"
            figure.html.add_child(island_tag(name, pack(self.basemap)), name=name)
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the map to a file, as `geo.save_map` does.

        Parameters
        ----------
        outfile : str, path-like or binary file
        close_file : bool
            Whether to close a file object afterwards.
        """
        if isinstance(outfile, str | os.PathLike):
            save_map(self, outfile)
            return
        outfile.write(map_html(self).encode("utf-8", errors="replace"))
        if close_file:
            outfile.close()

    def _repr_html_(self, **kwargs: Any) -> str:
        """Show the map in a notebook: the offline page in a frame of its own."""
        page = html.escape(map_html(self), quote=True)
        return (
            f'<iframe srcdoc="{page}" title="{html.escape(self.title or "Map of events", quote=True)}" '
            f'style="width:100%;height:{self.notebook_height}px;border:0" allowfullscreen></iframe>'
        )


def event_map(
    events: gpd.GeoDataFrame,
    mentions: gpd.GeoDataFrame | None = None,
    *,
    title: str | None = None,
    language: str = "ar",
    basemap: Basemap = "natural-earth",
    show_mentions: bool = False,
    show_doubtful: bool = False,
    gazetteer: Any = None,
    height: int = 560,
) -> EventMap:
    """Return a map of events, with the evidence for each.

    The map shows itself offline in a notebook; `geo.save_map` writes it as one HTML file.

    Parameters
    ----------
    events : geopandas.GeoDataFrame
        The table of events; any GeoDataFrame does. Events without a geometry are listed, never drawn.
    mentions : geopandas.GeoDataFrame, optional
        The table of mentions: places mentioned that are no event places make a lighter layer.
    title : str, optional
        Title of the page.
    language : {"ar", "en"}
        Language and direction of the interface; texts stay as they are.
    basemap : str, path-like, xyzservices.TileProvider or None
        ``"natural-earth"``: land, borders and names inside the file, at 1:50m; ``"natural-earth-10m"``: finer
        and larger; None: nothing. The path of a ``.pmtiles`` archive of one's own, which goes into the file.
        A provider of tiles or its name in xyzservices, for instance ``"OpenTopoMap"``: then, and only then,
        the saved file asks a server for pictures, and it may ask no other.
    show_mentions : bool
        Whether mentioned places are shown at first.
    show_doubtful : bool
        Whether events the text does not assert (planned, requested, threatened, denied) are shown at first.
    gazetteer : geo.places.Gazetteer, optional
        Where the names on the basemap come from; by default the one that comes with the package.
    height : int
        Height in pixels in a notebook.

    Returns
    -------
    EventMap
        A `folium.Map`.

    Raises
    ------
    InputError
        If a table is no GeoDataFrame in degrees, or an option has an unknown value.

    Examples
    --------
    >>> import geopandas, shapely
    >>> there = [shapely.Point(23.96, 32.08)]
    >>> table = geopandas.GeoDataFrame({"place_text": ["طبرق"]}, geometry=there, crs=4326)
    >>> page = event_map(table, title="طبرق", basemap=None)
    >>> type(page).__mro__[1].__name__
    'Map'
    """
    result = EventMap(title=title, language=language, height=height)
    layer = EventLayer(
        events,
        mentions,
        language=language,
        visible={"mentions": show_mentions, "doubtful": show_doubtful},
        title=title,
    )
    result.location = layer.centre()
    ground = ground_layer(basemap, language)
    outlines = OUTLINES[basemap] if isinstance(basemap, str) and basemap in OUTLINES else None
    if outlines is not None:
        bounds = layer.bounds()
        names, countries = gazetteer_names(bounds, gazetteer)
        result.basemap = natural_earth(bounds, labels=names, country_names=countries, detail=outlines)
    if ground is not None:
        ground.add_to(result)
        result.options["max_zoom"] = DEEP_ZOOM
    if isinstance(ground, TileLayer):
        result.tile_hosts = (tile_host(ground.tiles),)
    layer.on_page(None if outlines is None else f"{result.get_name()}_basemap")
    layer.add_to(result)
    return result
