"""Be a geopy geocoder: the same calls as any other, over the gazetteer, without a server.

Coordinates are swapped to geopy's lat, lon in `geo.geocoding.door_queries`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import geopy
import pandas as pd
from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder

from geo.errors import InputError
from geo.geocoding.door_queries import (
    Query,
    box_of,
    language_of,
    located,
    lon_lat,
    many,
    query_of,
    wanted_of,
)
from geo.model import Place
from geo.places import Gazetteer
from geo.places.hierarchy import hierarchy
from geo.places.reverse import Nearest, NearestPlaces
from geo.places.search import Match, search
from geo.places.shapes import Shapes

ALTERNATIVES = 5
"""Most runners-up that are told, and most towns near a point."""


class NullAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """Refuse every request: the gazetteer is on this machine, and nothing may go to the network."""

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """Raise, always."""
        raise refused(url)

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Raise, always."""
        raise refused(url)


def refused(url: str) -> InputError:
    """Return the error of a request that must not be made."""
    return InputError(f"ArabicGazetteer makes no network request; {url} was asked for")


class ArabicGazetteer(Geocoder):  # type: ignore[misc]
    """Be a geopy geocoder over the gazetteer: same calls as Nominatim, no server, no waiting.

    Parameters
    ----------
    gazetteer : Gazetteer, optional
        The shipped one with your packs and corrections by default.
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
        self.gazetteer = gazetteer or Gazetteer.open()

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
            A name, or ``{"name", "country"?, "admin1"?}``: country and province by code or by name.
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
        asked = query_of(self.gazetteer, query, country_codes)
        wanted = wanted_of(exactly_one, limit)
        hits = self._hits(asked, max(wanted, ALTERNATIVES + 1), viewbox, bounded)
        language = language_of(language, asked.name)
        found = [self._found(hit, hits, language) for hit in hits[:wanted]]
        if not found:
            return None
        return found[0] if exactly_one else found

    def geocode_many(
        self, queries: Iterable[Any] | Mapping[Any, Any] | pd.Series, **options: Any
    ) -> Iterator[tuple[Any, Any]]:
        """Yield what `geocode` says of each query, in order, under your own ids.

        Parameters
        ----------
        queries : iterable, mapping or Series
            Queries as `geocode` takes them, or missing values. Ids are the keys of a mapping, the index of
            a Series (labels may repeat), or else 0, 1, 2 and so on.
        **options
            Keywords of `geocode`, the same for all.

        Yields
        ------
        tuple
            Id and answer. Equal queries are looked up once and share one answer, as long as no more than
            8,192 others came between; nothing else is held.

        Raises
        ------
        InputError
            If a query cannot be understood; it names the id.

        Examples
        --------
        >>> places = {"a": "\u0637\u0628\u0631\u0642", "b": None, "c": {"name": "Tripoli", "country": "LB"}}
        >>> answers = ArabicGazetteer().geocode_many(places, language="en")
        >>> [(key, place and place.address) for key, place in answers]
        [('a', 'Tobruk, Libya'), ('b', None), ('c', 'Tripoli, Lebanon')]
        """
        return many(partial(self.geocode, **options), queries)

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
        lon, lat = lon_lat(query)
        towns: NearestPlaces = self.gazetteer.derived("towns", NearestPlaces)
        [near] = towns.nearest([lon], [lat], count=1 if exactly_one else ALTERNATIVES)
        shapes: Shapes = self.gazetteer.derived("shapes", lambda _: Shapes.open())
        country = shapes.country_at(lon, lat)
        language = language_of(language, "")
        found = [self._near(item, country, language) for item in near]
        return found[0] if exactly_one else found

    def _hits(self, asked: Query, limit: int, viewbox: Sequence[Any] | None, bounded: bool) -> list[Match]:
        if not asked.name:
            return []
        return search(
            self.gazetteer,
            asked.name,
            country=asked.countries or None,
            admin1=asked.admin1 or None,
            within=box_of(viewbox) if viewbox is not None else None,
            bounded=bounded,
            limit=limit,
        )

    def _found(self, hit: Match, hits: list[Match], language: str) -> geopy.Location:
        raw = {
            "score": hit.score,
            "match": hit.kind.value,
            "matched_name": hit.name,
            "reasons": list(hit.reasons),
            "candidates": [
                _cells(other.place) | {"score": other.score, "match": other.kind.value}
                for other in hits
                if other is not hit
            ][:ALTERNATIVES],
        }
        return self._located(hit.place, language, raw, self._source_of(hit))

    def _source_of(self, hit: Match) -> str:
        """Return the source of the name that fitted, which may be another than that of the place."""
        rows = self.gazetteer.names_of(hit.place.id)
        return next((row.source for row in rows if row.name == hit.name), "")

    def _near(self, near: Nearest, country: str | None, language: str) -> geopy.Location:
        raw = {
            "distance_km": near.distance_km,
            "bearing_deg": near.bearing_deg,
            "point_country": country,
        }
        return self._located(near.place, language, raw)

    def _located(
        self, place: Place, language: str, raw: dict[str, Any], name_source: str = ""
    ) -> geopy.Location:
        """Return a place as geopy's location, with what is told of every place, and whom to credit."""
        above = [item for item in hierarchy(self.gazetteer, place) if item is not place]
        terms: dict[str, tuple[str, str]] = self.gazetteer.derived("terms", _terms)
        credits = [terms[key] for key in dict.fromkeys((place.source, name_source)) if key in terms]
        common = _cells(place) | {
            "feature_class": place.feature_class,
            "admin1": place.admin1,
            "uncertainty_km": place.uncertainty_km,
            "containers": [_cells(item) for item in above],
            "source": place.source,
            "provider": type(self).__name__,
            "attribution": "; ".join(dict.fromkeys(text for text, _ in credits if text)),
            "licence": "; ".join(dict.fromkeys(text for _, text in credits if text)),
        }
        return located(self._address(place, language), place, common | raw)

    def _address(self, place: Place, language: str) -> str:
        """Return the name of a place and of its country, in one language where the gazetteer has them."""
        country = self.gazetteer.country(place.country) if place.country else None
        chain = [place] if country is None or country.id == place.id else [place, country]
        separator = "\u060c " if language == "ar" else ", "
        names = (
            (item.name, item.name_ar) if language == "en" else (item.name_ar, item.name) for item in chain
        )
        return separator.join(wished or other for wished, other in names)


def _cells(place: Place) -> dict[str, Any]:
    """Return what ``raw`` says of a place and of each container: plain values, so that it pickles."""
    return {
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "feature_code": place.feature_code,
        "country": place.country,
    }


def _terms(gazetteer: Gazetteer) -> dict[str, tuple[str, str]]:
    """Return attribution and licence of each source of a gazetteer."""
    return {
        key: (str(facts.get("attribution", "")), str(facts.get("licence", "")))
        for key, facts in gazetteer.sources().items()
    }
