"""Show tables of events on maps: a layer for Folium, a page of its own, one offline file."""

from geo.maps.basemap import Label
from geo.maps.ground import Pmtiles
from geo.maps.layer import EventLayer
from geo.maps.page import EventMap, event_map
from geo.maps.picture import save_picture
from geo.maps.save import map_html, save_map

__all__ = ["EventLayer", "EventMap", "Label", "Pmtiles", "event_map", "map_html", "save_map", "save_picture"]
