"""Look up place names and points without a server: the door for scripts that read no text.

`geocode` and `reverse_geocode` take whole columns and keep their index; `ArabicGazetteer` is a geopy
geocoder, for code that already speaks geopy. Nothing here opens a network connection.

Coordinates are lon, lat, except where geopy's own types ask for lat, lon: `_location` and `_lon_lat` are the
only places where the two are swapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import geopy
import numpy as np
import pandas as pd
import shapely
from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder

from geo.errors import InputError
from geo.model import MatchKind, Place
from geo.places import Gazetteer
from geo.places.plane import distance_km
from geo.places.reverse import Nearest, NearestPlaces
from geo.places.search import Match, search
from geo.places.shapes import Shapes

CRS = "EPSG:4326"
COLUMNS = {
    "query": "string", "name": "string", "name_ar": "string", "place_id": "string", "country": "string",
    "admin1": "string", "feature_code": "string", "match": "string", "score": "float32", "status": "string",
    "uncertainty_km": "float32",
}  # fmt: skip
"""Columns of `geocode` before ``alternatives``, ``reasons`` and ``geometry``, with their dtypes."""
REVERSE_COLUMNS = {
    "name": "string", "name_ar": "string", "place_id": "string", "country": "string", "admin1": "string",
    "feature_code": "string", "distance_km": "float32",
}  # fmt: skip
ALTERNATIVES = 5
"""Most runners-up that are told."""
RIVAL = 0.05
"""Share of the best score from which a runner-up makes a name ambiguous."""
SAME_KM = 50.0
"""Two places of one name, country and neighbourhood are a town and the unit named after it."""
FOUND, AMBIGUOUS, NONE, EMPTY = "found", "ambiguous", "none", "empty"


def geocode(
    names: Iterable[str | None],
    country: str | Sequence[str | None] | None = None,
    *,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Look up place names, in Arabic or Latin script, and return one row for each.

    Parameters
    ----------
    names : str, iterable of str, or Series
        The index of a Series is kept. Missing or blank names give a row without a place. Repeated names are
        looked up once.
    country : str or sequence of str, optional
        ISO 3166-1 alpha-2 that the places must lie in: one for all, or one for each name.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row per name in input order, with ``query`` (as given), ``name``, ``name_ar``,
        ``place_id``, ``country``, ``admin1``, ``feature_code``, ``match`` (exact, variant, fuzzy,
        none), ``score`` (0 to 1), ``status`` (found, ambiguous: the best of several, none, empty),
        ``uncertainty_km``, ``alternatives`` and ``reasons`` (lists), ``geometry`` (a point or null).

    Raises
    ------
    InputError
        If a name is no text, or there are not as many countries as names.

    Examples
    --------
    >>> geocode(["أجدابيا", "طرابلس"], country="LY")["name"].tolist()
    ['Ajdabiya', 'Tripoli']
    """
    series = _names(names)
    countries = _countries(country, len(series))
    book = gazetteer or Gazetteer.open()
    keys = list(zip((_text(name) for name in series), countries, strict=True))
    found = {key: _hits(book, *key, limit=ALTERNATIVES + 1) for key in dict.fromkeys(keys)}
    rows = [_row(name, found[key]) for name, key in zip(series, keys, strict=True)]
    return _frame(rows, COLUMNS, series.index, ("alternatives", "reasons"))


def reverse_geocode(
    points: gpd.GeoSeries | gpd.GeoDataFrame | Iterable[Sequence[float] | shapely.Point | None],
    *,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Name the nearest town of points, and the country they lie in.

    Parameters
    ----------
    points : GeoSeries, GeoDataFrame, or iterable of (lon, lat) or shapely Point
        A CRS is obeyed, and the index kept; bare pairs are lon, lat in degrees.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, one row per point in input order, with ``name``, ``name_ar``, ``place_id``, ``country``
        (null at sea), ``admin1``, ``feature_code``, ``distance_km``, ``geometry`` (the point given).

    Raises
    ------
    InputError
        If something is no point, or lies outside -180..180, -90..90 degrees.

    Examples
    --------
    >>> reverse_geocode([(35.7915, 35.5317)])["country"].tolist()
    ['SY']
    """
    series = _points(points)
    book = gazetteer or Gazetteer.open()
    known = series.notna().to_numpy() & ~series.is_empty.to_numpy()
    xy = shapely.get_coordinates(series.to_numpy()[known])
    near = iter(_nearest(book, xy[:, 0].tolist(), xy[:, 1].tolist(), 1))
    rows = [_reverse_row(*next(near)) if here else {} for here in known]
    return _frame(rows, REVERSE_COLUMNS, series.index, (), list(series))


def _nearest(
    book: Gazetteer, lon: list[float], lat: list[float], count: int
) -> list[tuple[list[Nearest], str | None]]:
    """Return, for each point, the nearest towns and the country it lies in."""
    if not lon:
        return []
    towns: NearestPlaces = book.derived("towns", NearestPlaces)
    near = towns.nearest(lon, lat, count=count)
    shapes = Shapes.open()
    countries = [shapes.country_at(x, y) for x, y in zip(lon, lat, strict=True)]
    return list(zip(near, countries, strict=True))


def _names(names: Iterable[str | None]) -> pd.Series:
    """Return the names as a Series, its index that of the input."""
    if isinstance(names, str):
        names = [names]
    if isinstance(names, pd.DataFrame):
        raise InputError(
            "geocode was given a DataFrame; give the column that holds the names: geocode(table['name'])"
        )
    return names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)


def _text(name: object) -> str:
    """Return a name as text, nothing for a missing one."""
    if isinstance(name, str):
        return name.strip()
    if name is None or name is pd.NA or (isinstance(name, float) and np.isnan(name)):
        return ""
    raise InputError(f"a name must be text, {name!r} ({type(name).__name__}) was given")


def _countries(country: str | Sequence[str | None] | None, size: int) -> list[str | None]:
    """Return one country code or None for each name."""
    if country is None or isinstance(country, str):
        codes: list[str | None] = [country] * size
    else:
        codes = [_text(code) or None for code in country]
        if len(codes) != size:
            raise InputError(
                f"{len(codes)} countries were given for {size} names; give one for each, or one for all"
            )
    for code in dict.fromkeys(codes):
        if code is not None and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise InputError(f"country {code!r} is no ISO 3166-1 alpha-2 code; give one like 'LY'")
    return [code.upper() if code else None for code in codes]


def _hits(book: Gazetteer, name: str, country: str | None, limit: int) -> list[Match]:
    """Return the places a name may mean, best first."""
    return search(book, name, country=country, limit=limit) if name else []


def _status(name: str, hits: list[Match]) -> str:
    """Say what came of a name; several places of like weight, far from each other, are doubt."""
    if not hits:
        return NONE if name else EMPTY
    best = hits[0]
    rivals = (hit for hit in hits[1:] if hit.score >= RIVAL * best.score)
    return AMBIGUOUS if any(_apart(best.place, hit.place) for hit in rivals) else FOUND


def _apart(one: Place, other: Place) -> bool:
    """Say whether two places are different ones, and not a town and the district around it."""
    return one.country != other.country or distance_km(one.lon, one.lat, other.lon, other.lat) > SAME_KM


def _row(given: object, hits: list[Match]) -> dict[str, Any]:
    """Return the cells of one looked-up name."""
    name = _text(given)
    row: dict[str, Any] = {
        "query": name or None,
        "status": _status(name, hits),
        "match": MatchKind.NONE.value,
    }
    if not hits:
        return row | {"reasons": [f"no place bears the name {name!r}"] if name else ["no name was given"]}
    best = hits[0]
    return (
        row
        | _place_cells(best.place)
        | {
            "match": best.kind.value,
            "score": best.score,
            "uncertainty_km": best.place.uncertainty_km,
            "alternatives": [_alternative(hit) for hit in hits[1:]],
            "reasons": list(best.reasons),
            "geometry": shapely.Point(best.place.lon, best.place.lat),
        }
    )


def _alternative(hit: Match) -> dict[str, Any]:
    place = hit.place
    return {
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "country": place.country,
        "score": hit.score,
    }


def _place_cells(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "name_ar": place.name_ar,
        "place_id": place.id,
        "country": place.country,
        "admin1": place.admin1,
        "feature_code": place.feature_code,
    }


def _reverse_row(near: list[Nearest], country: str | None) -> dict[str, Any]:
    best = near[0]
    return _place_cells(best.place) | {"country": country, "distance_km": best.distance_km}


def _points(points: Any) -> gpd.GeoSeries:
    """Return points as a GeoSeries in EPSG:4326; without a CRS they are lon, lat in degrees."""
    if isinstance(points, gpd.GeoDataFrame):
        points = points.geometry
    if not isinstance(points, gpd.GeoSeries):
        points = gpd.GeoSeries([_point(item) for item in points], crs=CRS)
    points = points.to_crs(CRS) if points.crs is not None else points.set_crs(CRS)
    if not (points.isna() | (points.geom_type == "Point")).all():
        raise InputError(
            "reverse_geocode takes points; give the centroids or representative points of other shapes"
        )
    return points


def _point(item: Any) -> shapely.Point | None:
    if item is None or isinstance(item, shapely.Point):
        return item
    try:
        lon, lat = item
        return shapely.Point(float(lon), float(lat))
    except (TypeError, ValueError) as error:
        raise InputError(f"{item!r} is no point; give (lon, lat) in degrees, or a shapely Point") from error


def _frame(
    rows: list[dict[str, Any]],
    columns: Mapping[str, str],
    index: pd.Index,
    lists: Sequence[str],
    points: list[Any] | None = None,
) -> gpd.GeoDataFrame:
    """Return rows as a frame of fixed columns and dtypes, whole columns at once."""
    data: dict[str, Any] = {
        name: pd.array([row.get(name) or None for row in rows], dtype=dtype)
        if dtype == "string"
        else np.array([row.get(name, np.nan) for row in rows], dtype=dtype)
        for name, dtype in columns.items()
    }
    for name in lists:
        data[name] = pd.Series([row.get(name, []) for row in rows], index=index, dtype=object)
    shapes = [row.get("geometry") for row in rows] if points is None else points
    geometry = gpd.GeoSeries(shapes, index=index, crs=CRS)
    return gpd.GeoDataFrame(data, index=index, geometry=geometry, crs=CRS)


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
        hits = [hit for code in countries for hit in _hits(self._gazetteer, name, code, limit=50)]
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
        [(near, country)] = _nearest(self._gazetteer, [lon], [lat], 1 if exactly_one else ALTERNATIVES)
        language = _language(language, "")
        found = [self._near(item, country, language) for item in near]
        return found[0] if exactly_one else found

    def _found(self, hit: Match, hits: list[Match], language: str) -> geopy.Location:
        raw = _raw(hit.place) | {
            "score": hit.score,
            "match": hit.kind.value,
            "reasons": list(hit.reasons),
            "candidates": [_alternative(other) for other in hits if other is not hit][:ALTERNATIVES],
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
    return _text(query), _countries(wanted, len(wanted)), admin1


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
