"""Be a geopy geocoder: the same calls as any other, over the gazetteer, without a server.

geopy's types ask for lat, lon; `_location` and `_lon_lat` are the only places where the two are swapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopy
import numpy as np
import shapely
from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder

from geo.errors import InputError
from geo.geocoding.names import ALTERNATIVES, alternative, country_list, hits_of, text_of
from geo.geocoding.points import nearest_towns
from geo.model import Place
from geo.places import Gazetteer
from geo.places.reverse import Nearest
from geo.places.search import Match


class NullAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """Refuse every request: the gazetteer is on this machine, and nothing may go to the network."""

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """Raise, always."""
        raise InputError(f"ArabicGazetteer makes no network request; {url} was asked for")

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Raise, always."""
        raise InputError(f"ArabicGazetteer makes no network request; {url} was asked for")


class ArabicGazetteer(Geocoder):  # type: ignore[misc]
    """Be a geopy geocoder over the gazetteer: same calls as Nominatim, no server, no waiting.

    Parameters
    ----------
    gazetteer : Gazetteer, optional
        The shipped one by default.
    timeout : optional
        Accepted for the sake of geopy, and ignored.

    Examples
    --------
    >>> geocoder = ArabicGazetteer()
    >>> geocoder.geocode("أجدابيا", language="en").address
    'Ajdabiya, Libya'
    """

    def __init__(self, gazetteer: Gazetteer | None = None, *, timeout: Any = DEFAULT_SENTINEL) -> None:
        super().__init__(timeout=timeout, adapter_factory=NullAdapter)
        self._gazetteer = gazetteer or Gazetteer.open()

    def __call__(self, **_options: Any) -> ArabicGazetteer:
        """Return itself, so that ``geopandas.tools.geocode(provider=...)`` takes an instance too."""
        return self

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        language: str | None = None,
        country_codes: str | Sequence[str] | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
    ) -> geopy.Location | list[geopy.Location] | None:
        """Return the place a name means, or the places it may mean, best first.

        Parameters
        ----------
        query : str or mapping
            A name, or ``{"name", "country"?, "admin1"?}`` with ISO alpha-2 and GeoNames codes.
        exactly_one : bool
            One location, or a list of them.
        timeout : optional
            Ignored: nothing is waited for.
        limit : int, optional
            Most locations of a list; 10 by default.
        language : {"ar", "en"}, optional
            Language of the address; that of the query by default.
        country_codes : str or sequence of str, optional
            ISO 3166-1 alpha-2 codes that the place must lie in.
        viewbox : pair of points, optional
            Two corners, lat, lon (geopy's order). Places inside come first; with ``bounded`` no others.
        bounded : bool

        Returns
        -------
        geopy.Location, list of geopy.Location, or None
            ``point`` is lat, lon; ``raw`` holds id, score, match kind, candidates, reasons and more.

        Raises
        ------
        InputError
            If the query or a code cannot be understood.
        """
        name, countries, admin1 = _query(query, country_codes)
        hits = [hit for code in countries for hit in hits_of(self._gazetteer, name, code, limit=50)]
        hits = _in_view([hit for hit in hits if admin1 in ("", hit.place.admin1)], viewbox, bounded)
        language = _language(language, name)
        wanted = 1 if exactly_one else limit or 10
        found = [self._found(hit, hits, language) for hit in hits[:wanted]]
        if not found:
            return None
        return found[0] if exactly_one else found

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        language: str | None = None,
    ) -> geopy.Location | list[geopy.Location] | None:
        """Return the town nearest to a point, or the five nearest.

        Parameters
        ----------
        query : geopy.Point, (lat, lon) or str
            In geopy's order.
        exactly_one : bool
        timeout : optional
            Ignored.
        language : {"ar", "en"}, optional
            Language of the address; English by default.

        Raises
        ------
        InputError
            If the query is no point.
        """
        lon, lat = _lon_lat(query)
        [(near, country)] = nearest_towns(self._gazetteer, [lon], [lat], 1 if exactly_one else ALTERNATIVES)
        language = _language(language, "")
        found = [self._near(item, country, language) for item in near]
        return found[0] if exactly_one else found

    def _found(self, hit: Match, hits: list[Match], language: str) -> geopy.Location:
        raw = _raw(hit.place) | {
            "score": hit.score,
            "match": hit.kind.value,
            "reasons": list(hit.reasons),
            "candidates": [alternative(other) for other in hits if other is not hit][:ALTERNATIVES],
            "containers": [place.id for place in self._gazetteer.containers(hit.place)],
        }
        return _location(self._address(hit.place, language), hit.place, raw)

    def _near(self, near: Nearest, country: str | None, language: str) -> geopy.Location:
        raw = _raw(near.place) | {"distance_km": near.distance_km, "point_country": country}
        return _location(self._address(near.place, language), near.place, raw)

    def _address(self, place: Place, language: str) -> str:
        """Return the name of a place and of its country, in one language where the gazetteer has it."""
        country = self._gazetteer.country(place.country) if place.country else None
        chain = [place] if country is None or country.id == place.id else [place, country]
        separator = "\u060c " if language == "ar" else ", "
        return separator.join(item.name_ar or item.name if language == "ar" else item.name for item in chain)


def _raw(place: Place) -> dict[str, Any]:
    """Return what geopy's ``raw`` holds of every place: plain values, so that a location pickles."""
    return {
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "country": place.country,
        "admin1": place.admin1,
        "uncertainty_km": place.uncertainty_km,
        "source": place.source,
    }


def _location(address: str, place: Place, raw: dict[str, Any]) -> geopy.Location:
    """Return a geopy location: here lon, lat become lat, lon."""
    return geopy.Location(address, (place.lat, place.lon), raw)


def _lon_lat(query: Any) -> tuple[float, float]:
    """Return lon, lat of a point in geopy's order."""
    try:
        point = query if isinstance(query, geopy.Point) else geopy.Point(query)
    except (TypeError, ValueError) as error:
        raise InputError(f"{query!r} is no point; give (lat, lon), a geopy Point or '35.5, 35.8'") from error
    return point.longitude, point.latitude


def _query(
    query: str | Mapping[str, str], country_codes: str | Sequence[str] | None
) -> tuple[str, list[str | None], str]:
    """Return name, countries (None for any) and admin1 code of a query."""
    admin1, country = "", None
    if isinstance(query, Mapping):
        unknown = set(query) - {"name", "country", "admin1"}
        if unknown or "name" not in query:
            raise InputError(
                f"a query has 'name' and may have 'country' and 'admin1'; {sorted(query)} was given"
            )
        country, admin1 = query.get("country"), query.get("admin1", "")
        query = query["name"]
    codes = country_codes if country is None else country
    if isinstance(codes, str):
        codes = codes.split(",")
    wanted: list[str | None] = [code.strip() for code in codes] if codes else [None]
    return text_of(query), country_list(wanted, len(wanted)), admin1


def _language(language: str | None, name: str) -> str:
    """Return ``ar`` or ``en``; without a wish, the language of the name asked for."""
    if language is None:
        return "ar" if any("\u0600" <= char <= "\u06ff" for char in name) else "en"
    base = language.lower().partition("-")[0]
    if base not in ("ar", "en"):
        raise InputError(f"language {language!r} is not known; give 'ar' or 'en'")
    return base


def _in_view(hits: list[Match], viewbox: Sequence[Any] | None, bounded: bool) -> list[Match]:
    """Return matches best first, those inside a box of two corners before the others, or without them."""
    ranked = sorted(hits, key=lambda hit: -hit.score)
    if viewbox is None:
        return ranked
    try:
        one, other = (_lon_lat(corner) for corner in viewbox)
    except (TypeError, ValueError) as error:
        raise InputError(f"viewbox {viewbox!r} is not a pair of points (lat, lon)") from error
    box = shapely.box(*np.minimum(one, other), *np.maximum(one, other))
    inside = [bool(shapely.intersects_xy(box, hit.place.lon, hit.place.lat)) for hit in ranked]
    within = [hit for hit, here in zip(ranked, inside, strict=True) if here]
    return within if bounded else within + [hit for hit, here in zip(ranked, inside, strict=True) if not here]
