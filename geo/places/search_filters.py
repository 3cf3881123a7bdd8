"""Narrow a search: country, province, class, area, nearness; and say why a place was left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.model import Place
from geo.places.gazetteer import Gazetteer
from geo.places.hierarchy import great_circle_km, inside

if TYPE_CHECKING:
    import shapely

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west may be greater than east, across the date line."""
Area = str | Sequence[float] | Mapping[str, Any]
"""A place id, a box, a GeoJSON geometry, or a shapely geometry; lon, lat, EPSG:4326."""

_NEAR_KM = 25.0
"""At this distance from the point asked for, a place has lost three quarters of its weight."""
_OUTSIDE = 0.01
"""Weight left to a place outside an area that only biases."""


@dataclass(frozen=True, slots=True)
class Where:
    """Hold what a search asks of a place besides its name.

    Attributes
    ----------
    countries, classes, codes : frozenset of str
        ISO 3166-1 alpha-2, GeoNames feature classes and codes; empty for any.
    admin1 : frozenset of (str, str)
        Country and GeoNames admin1 code, the country empty for any.
    near : tuple of float or None
        Lon, lat: the nearer a place, the more it weighs.
    covers : callable or None
        Says whether a place lies in the area asked for.
    area : str
        The area in words.
    bounded : bool
        Whether places outside the area are left out, or only weigh less.
    """

    countries: frozenset[str] = frozenset()
    admin1: frozenset[tuple[str, str]] = frozenset()
    classes: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    near: tuple[float, float] | None = None
    covers: Callable[[Place], bool] | None = None
    area: str = ""
    bounded: bool = True

    @property
    def evidence(self) -> tuple[str, ...]:
        """Name what is known of the place besides its name: proofs for a near miss."""
        known = {
            "country": self.countries,
            "admin1": self.admin1,
            "feature class": self.classes,
            "feature code": self.codes,
            "nearness": self.near,
            "area": self.covers,
        }
        return tuple(name for name, value in known.items() if value)

    def refusal(self, place: Place) -> str:
        """Say why a place is left out; empty if it is not."""
        if self.countries and place.country not in self.countries:
            return f"it lies in {place.country or 'no country'}, not in {_either(self.countries)}"
        if self.admin1 and not {(place.country, place.admin1), ("", place.admin1)} & self.admin1:
            return f"its admin1 is {place.admin1 or 'not known'}, not {_either(c for _, c in self.admin1)}"
        if self.classes and place.feature_class not in self.classes:
            return f"its feature class is {place.feature_class}, not {_either(self.classes)}"
        if self.codes and place.feature_code not in self.codes:
            return f"its feature code is {place.feature_code}, not {_either(self.codes)}"
        if self.bounded and self.covers is not None and not self.covers(place):
            return f"it lies outside {self.area}"
        return ""

    def weight(self, place: Place) -> float:
        """Return how well a place fits what is only preferred, between 0 and 1."""
        weight = 1.0
        if self.near is not None:
            weight = (1 + great_circle_km(*self.near, place.lon, place.lat) / _NEAR_KM) ** -2
        if not self.bounded and self.covers is not None and not self.covers(place):
            weight *= _OUTSIDE
        return weight


def where(
    gazetteer: Gazetteer,
    *,
    country: str | Collection[str] | None = None,
    admin1: str | None = None,
    feature_class: str | Collection[str] | None = None,
    feature_code: str | Collection[str] | None = None,
    near: Sequence[float] | None = None,
    within: Area | shapely.Geometry | None = None,
    bounded: bool = True,
) -> Where:
    """Return the filters of a search, checked; the parameters are those of `geo.places.search.search`.

    Raises
    ------
    InputError
        If one of them cannot be understood.
    """
    countries = frozenset(code.upper() for code in _several(country, "country"))
    for code in countries:
        if not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise InputError(f"country {code!r} is no ISO 3166-1 alpha-2 code; give one like 'LY'")
    covers, area = _area(gazetteer, within)
    return Where(
        countries=countries,
        admin1=_provinces(gazetteer, admin1, countries) if admin1 else frozenset(),
        classes=frozenset(name.upper() for name in _several(feature_class, "feature_class")),
        codes=frozenset(name.upper() for name in _several(feature_code, "feature_code")),
        near=_point(near) if near is not None else None,
        covers=covers,
        area=area,
        bounded=bounded,
    )


def _several(given: str | Collection[str] | None, parameter: str) -> tuple[str, ...]:
    """Return one or several codes as a tuple."""
    codes = () if given is None else (given,) if isinstance(given, str) else tuple(given)
    for code in codes:
        if not isinstance(code, str):
            raise InputError(f"{parameter} holds {code!r} ({type(code).__name__}); give codes as text")
    return tuple(code.strip() for code in codes if code.strip())


def _provinces(gazetteer: Gazetteer, given: str, countries: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Return the provinces meant by a code (``77``, ``LY.77``), a place id or a name."""
    place = gazetteer.by_id(given)
    if place is not None:
        return frozenset({(place.country, place.admin1)})
    country, dot, code = given.upper().rpartition(".")
    if dot and len(country) == 2:
        return frozenset({(country, code)})
    named = {
        (candidate.place.country, candidate.place.admin1)
        for candidate in gazetteer.lookup(given)
        if candidate.place.feature_class in "AP" and candidate.place.admin1
        if not countries or candidate.place.country in countries
    }
    if named:
        return frozenset(named)
    if len(given) > 3 or not given.isascii():
        raise InputError(
            f"admin1 {given!r} is not known; give a GeoNames code like '77' or 'LY.77', an id, or a name"
        )
    return frozenset((country, given.upper()) for country in countries or ("",))


def _area(
    gazetteer: Gazetteer, within: Area | shapely.Geometry | None
) -> tuple[Callable[[Place], bool] | None, str]:
    """Return the test of an area, and the area in words."""
    if within is None:
        return None, ""
    if isinstance(within, str):
        container = gazetteer.by_id(within)
        if container is None:
            raise InputError(f"within={within!r}: no place has this id; give one like 'geonames:2215636'")
        return lambda place: place.id == container.id or inside(gazetteer, place, container), container.name
    if isinstance(within, Sequence) and not isinstance(within, str):
        west, south, east, north = _box(within)
        if west <= east:
            return lambda p: west <= p.lon <= east and south <= p.lat <= north, "the box"
        return lambda p: (p.lon >= west or p.lon <= east) and south <= p.lat <= north, "the box"
    return _shape(within), "the shape"


def _shape(within: Any) -> Callable[[Place], bool]:
    import shapely  # loaded only for those who bring a shape
    from shapely.geometry import shape

    try:
        area = within if isinstance(within, shapely.Geometry) else shape(within)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise InputError(
            f"within is {type(within).__name__}; give a place id, (west, south, east, north), "
            "a shapely geometry or a GeoJSON geometry in lon, lat"
        ) from error
    shapely.prepare(area)
    return lambda place: bool(shapely.intersects_xy(area, place.lon, place.lat))


def _box(within: Sequence[Any]) -> Box:
    try:
        west, south, east, north = (float(value) for value in within)
    except (TypeError, ValueError) as error:
        raise InputError(f"within={within!r} is no box; give (west, south, east, north)") from error
    _point((west, south))
    _point((east, north))
    if south > north:
        raise InputError(f"within={within!r}: south {south} is greater than north {north}")
    return west, south, east, north


def _point(given: Sequence[float]) -> tuple[float, float]:
    try:
        lon, lat = (float(value) for value in given)
    except (TypeError, ValueError) as error:
        raise InputError(f"{given!r} is no point; give (lon, lat) in degrees") from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"lon {lon}, lat {lat} is no point; give (lon, lat) in degrees, lon first")
    return lon, lat


def _either(names: Iterable[str]) -> str:
    """Return some codes in words."""
    return " or ".join(sorted(set(names)))
