"""Look up place names and points without a server: the door for scripts that read no text.

`geocode` and `reverse_geocode` take whole columns and keep their index; `ArabicGazetteer` is a geopy
geocoder, for code that already speaks geopy, `AsyncArabicGazetteer` its awaited twin, and a `Chain` asks
others for what the gazetteer does not know. Nothing here opens a network connection by itself.

Coordinates are lon, lat, except where geopy's own types ask for lat, lon: `geo.geocoding.door_queries` is the
only module that swaps them.
"""

from geo.geocoding.aio import AsyncArabicGazetteer
from geo.geocoding.cache import AnswerCache
from geo.geocoding.chain import Chain
from geo.geocoding.chain_members import Member
from geo.geocoding.door import ArabicGazetteer
from geo.geocoding.names import geocode
from geo.geocoding.own_tables import OwnTable, read_events
from geo.geocoding.points import reverse_geocode
from geo.geocoding.reports import Report, report

__all__ = [
    "AnswerCache",
    "ArabicGazetteer",
    "AsyncArabicGazetteer",
    "Chain",
    "Member",
    "OwnTable",
    "Report",
    "geocode",
    "read_events",
    "report",
    "reverse_geocode",
]
