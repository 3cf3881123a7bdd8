"""Take the names on the basemap from the gazetteer."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from geo.errors import GazetteerError
from geo.maps.basemap import CountryNames, Label, crop_box
from geo.model import Place
from geo.places.gazetteer import Gazetteer

LOG = logging.getLogger(__name__)
MOST_AMONG = 220
MOST_AROUND = 110
MIN_POPULATION = 15_000
CAPITAL = "PPLC"
SEAS = {"OCN": 3.0, "SEA": 4.0, "GULF": 6.0, "STRT": 6.0, "BAY": 7.0, "LK": 6.5}
"""Codes of waters that are named, with the zoom level they are named from."""
CITY_ZOOMS = ((3_000_000, 4.5), (1_000_000, 5.0), (300_000, 5.5), (100_000, 6.5), (0, 7.5))


def gazetteer_names(
    bounds: Sequence[float] | None, gazetteer: Gazetteer | None = None
) -> tuple[list[Label], CountryNames | None]:
    """Return names of cities and waters around the data, and names of countries.

    Parameters
    ----------
    bounds : sequence of four floats or None
        West, south, east, north of the data.
    gazetteer : geo.places.gazetteer.Gazetteer, optional
        The one that comes with the package by default; where it is missing, cities go unnamed and a
        warning is logged.

    Returns
    -------
    (list of Label, callable or None)
        Labels, and a function from ISO code to Arabic and English name of the country.
    """
    if gazetteer is None:
        try:
            gazetteer = Gazetteer.open()
        except GazetteerError as error:
            LOG.warning("The basemap has no names of cities: %s", error)
            return [], None
    labels = [*_cities(gazetteer, bounds), *_waters(gazetteer, bounds)]
    return labels, partial(_country_name, gazetteer)


def _inside(gazetteer: Gazetteer, rows: Any, box: Sequence[float]) -> Any:
    """Return the rows whose point lies in a box, an array of integers."""
    west, south, east, north = box
    lon, lat = gazetteer.points()
    here = (lon[rows] >= west) & (lon[rows] <= east) & (lat[rows] >= south) & (lat[rows] <= north)
    return rows[here]


def _cities(gazetteer: Gazetteer, bounds: Sequence[float] | None) -> Iterator[Label]:
    """Yield the largest towns that have an Arabic name, those among the data before those around it."""
    rows = gazetteer.rows_where(feature_classes="P", min_population=MIN_POPULATION)
    around = crop_box(bounds)
    among = around if bounds is None else (bounds[0] - 1, bounds[1] - 1, bounds[2] + 1, bounds[3] + 1)
    chosen: dict[str, Place] = {}
    for box, most in ((among, MOST_AMONG), (around, MOST_AROUND)):
        places = [gazetteer.place(int(row)) for row in _inside(gazetteer, rows, box)]
        named = [
            place for place in places if place.name_ar and not place.valid_to and place.feature_code != "PPLX"
        ]
        named.sort(key=lambda place: (place.feature_code != CAPITAL, -place.population, place.id))
        chosen.update({place.id: place for place in named[:most]})
    for place in chosen.values():
        capital = place.feature_code == CAPITAL
        zoom = 4.0 if capital else next(zoom for least, zoom in CITY_ZOOMS if place.population >= least)
        rank = -1e-3 * math.log10(place.population + 10) - (0.5 if capital else 0.0)
        yield _label(place, rank, "capital" if capital else "city", zoom)


def _waters(gazetteer: Gazetteer, bounds: Sequence[float] | None) -> Iterator[Label]:
    """Yield the seas, gulfs and straits that have an Arabic name."""
    rows = _inside(gazetteer, gazetteer.rows_where(feature_classes="H"), crop_box(bounds))
    for row in rows:
        place = gazetteer.place(int(row))
        if place.name_ar and place.feature_code in SEAS and not place.valid_to:
            zoom = SEAS[place.feature_code]
            yield _label(place, -0.2 + zoom / 1000, "sea", zoom)


def _country_name(gazetteer: Gazetteer, code: str) -> tuple[str, str] | None:
    """Return Arabic and English name of a country, or None where the gazetteer has no Arabic one."""
    place = gazetteer.country(code) if code else None
    return (place.name_ar, place.name) if place is not None and place.name_ar else None


def _label(place: Place, rank: float, kind: str, zoom: float) -> Label:
    """Return the label of a place."""
    return Label(place.name_ar, place.name, place.lon, place.lat, rank, kind, zoom)
