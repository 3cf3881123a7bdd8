"""Say what lies inside what: place, district, province, country, with their names in Arabic and English."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from geo.model import Place
from geo.places.gazetteer import Gazetteer

EARTH_RADIUS_KM = 6371.0088
_COUNTRIES = frozenset({"PCLI", "PCLD", "PCLS", "PCLF", "PCLIX", "PCL", "TERR"})
_AROUND_KM = 40.0
"""How far from a town's point its surroundings reach, where a town is given as the container."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Hold a place and what contains it; what the gazetteer does not know is ``None``.

    Attributes
    ----------
    place : Place
    admin2, admin1, country : Place or None
        District, province and country, never the place itself.
    """

    place: Place
    admin2: Place | None = None
    admin1: Place | None = None
    country: Place | None = None

    def __iter__(self) -> Iterator[Place]:
        """Yield the place and its containers, the smallest first."""
        return (item for item in (self.place, self.admin2, self.admin1, self.country) if item is not None)

    def names(self, language: str = "en") -> list[str]:
        """Return the names from the place up to the country, repeated ones once.

        Parameters
        ----------
        language : {"ar", "en"}
            Where a place has no Arabic name, its Latin one stands in.
        """
        return list(dict.fromkeys(_name(item, language) for item in self))

    def address(self, language: str = "en") -> str:
        """Return the names as one line, separated as the language does it.

        Examples
        --------
        >>> gazetteer = Gazetteer.open()
        >>> hierarchy(gazetteer, gazetteer.by_id("geonames:89113")).address()
        'Ajdabiya, Al W\u0101\u1e29\u0101t, Libya'
        """
        return ("\u060c " if language == "ar" else ", ").join(self.names(language))


def _name(place: Place, language: str) -> str:
    return place.name_ar or place.name if language == "ar" else place.name


def hierarchy(gazetteer: Gazetteer, place: Place) -> Hierarchy:
    """Return a place with its district, province and country.

    Parameters
    ----------
    gazetteer : Gazetteer
    place : Place

    Returns
    -------
    Hierarchy
        By the containers the gazetteer links; province and country also by the place's codes.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> hierarchy(gazetteer, gazetteer.by_id("geonames:89113")).country.name
    'Libya'
    """
    chain = gazetteer.containers(place)
    country = gazetteer.country(place.country) if place.country else None
    return Hierarchy(
        place=place,
        admin2=_first(chain, "ADM2"),
        admin1=_first(chain, "ADM1") or _province(gazetteer, place),
        country=None if country is None or country.id == place.id else country,
    )


def _first(chain: list[Place], code: str) -> Place | None:
    return next((place for place in reversed(chain) if place.feature_code.startswith(code)), None)


def _province(gazetteer: Gazetteer, place: Place) -> Place | None:
    """Return the province of a place by its codes."""
    rows: dict[tuple[str, str], int] = gazetteer.derived("provinces", _provinces)
    row = rows.get((place.country, place.admin1), -1) if place.admin1 else -1
    return gazetteer.place(row) if row >= 0 and gazetteer.place(row).id != place.id else None


def _provinces(gazetteer: Gazetteer) -> dict[tuple[str, str], int]:
    """Return the rows of the provinces by country and GeoNames admin1 code."""
    rows = gazetteer.rows_where(feature_classes=["A"])
    codes, countries, admin1 = (
        gazetteer.take("places", column, rows).to_pylist() for column in ("feature_code", "country", "admin1")
    )
    return {
        (country, unit): row
        for row, code, country, unit in zip(rows.tolist(), codes, countries, admin1, strict=True)
        if code == "ADM1" and unit
    }


def inside(gazetteer: Gazetteer, place: Place, container: Place) -> bool:
    """Say whether a place lies in another one, by links and codes, or by nearness where the other is a town.

    Parameters
    ----------
    gazetteer : Gazetteer
    place, container : Place
        No place lies in itself.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> inside(gazetteer, gazetteer.by_id("geonames:89113"), gazetteer.country("LY"))
    True
    """
    if place.id == container.id:
        return False
    code = container.feature_code
    if code in _COUNTRIES:
        return bool(place.country) and place.country == container.country
    same_country = place.country == container.country
    if code.startswith("ADM1") and place.admin1:
        return same_country and place.admin1 == container.admin1
    if any(above.id == container.id for above in gazetteer.containers(place)):
        return True
    distance = great_circle_km(place.lon, place.lat, container.lon, container.lat)
    if container.feature_class in ("P", "S"):
        return distance <= _AROUND_KM
    return same_country and not _is_linked(gazetteer, place) and distance <= container.uncertainty_km


def _is_linked(gazetteer: Gazetteer, place: Place) -> bool:
    """Say whether a place is linked to a unit below its country."""
    return any(above.feature_code not in _COUNTRIES for above in gazetteer.containers(place))


def great_circle_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the distance of two points on the sphere, in km; within 0.6 % of that on the ellipsoid.

    No geometry library is loaded for it, so that looking names up stays light.

    Examples
    --------
    >>> round(great_circle_km(13.19, 32.89, 20.07, 32.12))
    651
    """
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((a - b) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon1 - lon2) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))
