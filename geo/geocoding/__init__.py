"""Look up place names and points without a server: the door for scripts that read no text.

`geocode` and `reverse_geocode` take whole columns and keep their index; `ArabicGazetteer` is a geopy
geocoder, for code that already speaks geopy. Nothing here opens a network connection by itself.

Coordinates are lon, lat, except where geopy's own types ask for lat, lon: `geo.geocoding.door` is the only
module that swaps them.
"""

from geo.geocoding.door import ArabicGazetteer
from geo.geocoding.names import geocode
from geo.geocoding.points import reverse_geocode

__all__ = ["ArabicGazetteer", "geocode", "reverse_geocode"]
