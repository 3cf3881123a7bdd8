"""Put events on a Folium map: one layer that carries its data as an island the page decodes.

Folium compiles every rendered element a second time as a template, so text given to its popups or tooltips
can be evaluated in Python. The elements of this module are never compiled again, and the text travels as
base64.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import shapely
from branca.element import Element, Figure
from folium import Map
from folium.map import Layer

from geo.errors import GeoError, InputError
from geo.maps.assets import page_script, web_asset
from geo.maps.basemap import country_shapes
from geo.maps.island import pack
from geo.maps.payload import payload

LANGUAGES = ("ar", "en")
SUBLAYERS = ("events", "journeys", "doubtful", "footprints", "mentions")


class Verbatim(Element):
    """Put a finished piece of HTML or JavaScript into a figure as it is, without compiling it as a template.

    Parameters
    ----------
    text : str
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self._text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self._text


def script_tag(source: str) -> Verbatim:
    """Return a script element that carries its own source, as a data address."""
    packed = base64.b64encode(source.encode()).decode("ascii")
    return Verbatim(f'<script src="data:text/javascript;charset=utf-8;base64,{packed}"></script>')


def style_tag(source: str) -> Verbatim:
    """Return a style sheet that carries its own source, as a data address."""
    packed = base64.b64encode(source.encode()).decode("ascii")
    return Verbatim(f'<link rel="stylesheet" href="data:text/css;charset=utf-8;base64,{packed}"/>')


def island_tag(identifier: str, packed: str) -> Verbatim:
    """Return a data island: text the browser neither shows nor runs."""
    return Verbatim(f'<script type="text/plain" id="{identifier}">{packed}</script>')


def figure_of(element: Any) -> Any:
    """Return the figure an element is drawn in.

    Raises
    ------
    GeoError
        If it is in none.
    """
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise GeoError("The layer is on no map: call layer.add_to(map) before rendering it")
    return figure


def checked_language(language: str) -> str:
    """Return the language of the interface.

    Raises
    ------
    InputError
        If it is not one of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise InputError(f'language: got {language!r}, expected "ar" or "en"')
    return language


def _harmless(text: str) -> str:
    """Escape text for the one place where Folium puts it: the label of a layer control."""
    escaped = html.escape(text, quote=True)
    for sign in "\\`${}%":
        escaped = escaped.replace(sign, f"&#{ord(sign)};")
    return escaped


class EventLayer(Layer):
    """Show a table of events on any Folium map.

    Signs gather into clusters and fan out where they share a point; footprints are drawn as shapes; each
    sign opens a card with the quoted sentence, the precision, the confidence and the source. Assets and data
    travel inside the page: the layer itself needs no network.

    Parameters
    ----------
    events : geopandas.GeoDataFrame
        The table of events, EPSG:4326 or any other CRS. Any GeoDataFrame does; missing columns are done
        without. Rows without a geometry are kept for the list of a page made by `geo.event_map`, never drawn.
    mentions : geopandas.GeoDataFrame, optional
        The table of mentions: places that are mentioned but are no event places make a lighter layer, off at
        first.
    name : str, optional
        Name in a layer control.
    language : {"ar", "en"}
        Language of the cards.
    show : bool
        Whether the layer is on when the map opens.
    control : bool
        Whether a layer control lists it.
    fit : bool
        Whether the map zooms to the layer when it opens.
    visible : Mapping of str to bool, optional
        Sub-layers to turn on or off: ``events``, ``journeys`` (origins and destinations), ``doubtful``
        (planned, requested, threatened, denied), ``footprints``, ``mentions``.
    timeline : bool
        Whether the map gets the time bar of the page as a control.
    filters : bool
        Whether the map gets search, filters and downloads of the page as a control.
    title : str, optional
        Title of the page, where the layer has a page of its own.

    Raises
    ------
    InputError
        If a table is no GeoDataFrame in degrees, or an option has an unknown value.

    Examples
    --------
    >>> import folium, geopandas, shapely
    >>> there = [shapely.Point(20.07, 32.12)]
    >>> table = geopandas.GeoDataFrame({"place_text": ["بنغازي"]}, geometry=there, crs=4326)
    >>> layer = EventLayer(table, language="ar").add_to(folium.Map(tiles=None))
    """

    def __init__(
        self,
        events: gpd.GeoDataFrame,
        mentions: gpd.GeoDataFrame | None = None,
        *,
        name: str | None = None,
        language: str = "ar",
        show: bool = True,
        control: bool = True,
        fit: bool = False,
        visible: Mapping[str, bool] | None = None,
        timeline: bool = False,
        filters: bool = False,
        title: str | None = None,
    ) -> None:
        unknown = sorted(set(visible or ()) - set(SUBLAYERS))
        if unknown:
            raise InputError(f"visible: unknown sub-layers {unknown}, expected some of {list(SUBLAYERS)}")
        super().__init__(name=_harmless(name) if name else "Events", overlay=True, control=control, show=show)
        self._name = "EventLayer"
        self.language = checked_language(language)
        self._visible = {key: bool(value) for key, value in (visible or {}).items()}
        self._fit = bool(fit)
        self._parts = {"timeline": bool(timeline), "filters": bool(filters)}
        self._payload = payload(events, mentions, title=title, countries=country_shapes)
        self._page: dict[str, Any] = {}

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north of all points and footprints, or None if there are none."""
        tables = (self._payload["events"]["columns"], self._payload["mentions"]["columns"])
        lon = [value for table in tables for value in table.get("lon", ()) if value is not None]
        lat = [value for table in tables for value in table.get("lat", ()) if value is not None]
        if not lon:
            return None
        boxes = [
            shapely.bounds(shapely.from_geojson(json.dumps(shape))) for shape in self._payload["geometries"]
        ]
        west, south = (
            min([*lon, *(float(box[0]) for box in boxes)]),
            min([*lat, *(float(box[1]) for box in boxes)]),
        )
        east, north = (
            max([*lon, *(float(box[2]) for box in boxes)]),
            max([*lat, *(float(box[3]) for box in boxes)]),
        )
        return west, south, east, north

    def centre(self) -> list[float]:
        """Return latitude and longitude of the middle, in Leaflet's order."""
        west, south, east, north = self.bounds() or (10.0, 10.0, 50.0, 40.0)
        return [(south + north) / 2, (west + east) / 2]

    def on_page(self, basemap: str | None) -> None:
        """Give the layer a page of its own: title, list and key around the map.

        Parameters
        ----------
        basemap : str or None
            Identifier of the basemap's data island.
        """
        self._page = {"page": True, "basemap": basemap}

    def _map_name(self) -> str:
        """Return the name of the map the layer is on, directly or inside a group."""
        parent = self._parent
        while parent is not None and not isinstance(parent, Map):
            parent = parent._parent
        if parent is None:
            raise GeoError("The layer is on no map: call layer.add_to(map) before rendering it")
        return str(parent.get_name())

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Write assets, data island and the call that draws them into the figure."""
        figure = figure_of(self)
        identifier = self.get_name()
        figure.header.add_child(style_tag(web_asset("geo.css")), name="geo_css")
        figure.header.add_child(script_tag(page_script()), name="geo_js")
        island = f"{identifier}_data"
        figure.html.add_child(island_tag(island, pack(self._payload)), name=island)
        options = {
            "island": island,
            "language": self.language,
            "show": bool(self.show),
            "fit": self._fit,
            "visible": self._visible,
            **self._parts,
            **self._page,
        }
        call = f"var {identifier} = geo.events({self._map_name()}, {json.dumps(options)});"
        figure.script.add_child(Verbatim(call), name=identifier)
        for child in self._children.values():
            child.render(**kwargs)
