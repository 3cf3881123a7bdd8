"""Ask one geocoder of a chain, politely, and say in a word why it gave no answer.

What others answer is not trusted: it must be a text with a point, inside the countries and the box asked
for. Their error messages are not passed on, for they may hold an address with a key in it.
"""

from __future__ import annotations

import inspect
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import geopy
import shapely
from geopy import exc
from geopy.adapters import BaseAsyncAdapter, RequestsAdapter
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import DEFAULT_SENTINEL

from geo.errors import InputError
from geo.geocoding.cache import AnswerCache
from geo.geocoding.door_queries import Query, box_of
from geo.places.shapes import Shapes

_LOG = logging.getLogger(__name__)
_OSM = ("\N{COPYRIGHT SIGN} OpenStreetMap contributors", "ODbL 1.0")
_TERMS = {"Nominatim": _OSM, "Photon": _OSM}
"""Attribution and licence of geopy's geocoders whose terms are known, by class."""
_LANGUAGES = {"Photon": ("de", "en", "fr")}
"""Languages a service takes, where it refuses others: https://photon.komoot.io."""
_MOST = 10
"""Most answers asked for."""
_BORDER_DEG = 0.1
"""How far over a border an answer may lie: towns on it, and borders drawn coarsely."""
_TIRED = 3
"""Failures in a row after which a member is left alone for a while."""
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What geopy's parsers raise when a service sends something else than it should."""


@dataclass(frozen=True, slots=True)
class Member:
    """Say how one geocoder of a chain is asked, and what must be said of its answers.

    Attributes
    ----------
    geocoder : geopy geocoder
        Made and configured by you: domain, user agent, timeout, keys. A chain takes the retries from geopy's
        default adapter, for they would be faster than its own pace.
    name : str
        What answers call it; its class by default.
    attribution, licence : str
        What its publisher asks to be said; known for Nominatim and Photon.
    min_delay_seconds : float, optional
        Between two requests; that of the chain by default.
    options : mapping
        Keywords for each of its calls, for instance ``{"addressdetails": True}``.
    """

    geocoder: Any
    name: str = ""
    attribution: str = ""
    licence: str = ""
    min_delay_seconds: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what is asked for, in geopy's words and order of coordinates."""

    asked: Query
    limit: int | None = None
    timeout: Any = DEFAULT_SENTINEL
    language: str | None = None
    viewbox: Sequence[Any] | None = None
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what one member answered: locations best first, or why there are none."""

    locations: tuple[geopy.Location, ...] = ()
    problem: str = ""


class Insider:
    """Ask a geocoder that makes no request: at once, and its errors are those of the caller."""

    def __init__(self, member: Member) -> None:
        self.name = member.name or type(member.geocoder).__name__
        self._member = member

    def ask(self, verb: str, query: Any, wish: Wish) -> Reply:
        """Return what the member answers to ``geocode`` or ``reverse``."""
        options: dict[str, Any] = {"exactly_one": False, "language": wish.language}
        if verb == "geocode":
            query = {"name": query, "admin1": wish.asked.admin1}
            options |= {
                "country_codes": wish.asked.countries,
                "limit": wish.limit,
                "viewbox": wish.viewbox,
                "bounded": wish.bounded,
            }
        found = getattr(self._member.geocoder, verb)(query, **options, **self._member.options)
        return Reply(tuple(found or ()))


class Outsider:
    """Ask one geocoder over the network: from the cache, one request at a time, and not while it rests.

    Parameters
    ----------
    member : Member
    delay_seconds : float
        Least time between two requests, where the member does not say.
    rest_seconds : float
        How long it is left alone after it refused, or failed three times in a row.
    cache : AnswerCache, optional
    clock : callable
        Seconds; for tests.
    """

    def __init__(
        self,
        member: Member,
        delay_seconds: float,
        rest_seconds: float,
        cache: AnswerCache | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        delay = delay_seconds if member.min_delay_seconds is None else member.min_delay_seconds
        self.name = member.name or type(member.geocoder).__name__
        self._member, self._cache, self._clock, self._rest = member, cache, clock, rest_seconds
        self._limited = {
            verb: RateLimiter(
                call,
                min_delay_seconds=delay,
                error_wait_seconds=delay,
                max_retries=0,
                swallow_exceptions=False,
            )
            for verb in ("geocode", "reverse")
            if (call := getattr(member.geocoder, verb, None)) is not None
        }
        _without_retries(member.geocoder)
        self._lock = Lock()
        self._failures = 0
        self._resting_until = 0.0

    def ask(self, verb: str, query: Any, wish: Wish) -> Reply:
        """Return what the member answers to ``geocode`` or ``reverse``.

        Parameters
        ----------
        verb : {"geocode", "reverse"}
        query : str, or a pair (lat, lon)
        wish : Wish
        """
        if verb not in self._limited:
            return Reply(problem=f"it has no {verb}")
        options = self._options(verb, wish)
        key = self._key(verb, query, options)
        known = self._known(key)
        if known is None:
            with self._lock:  # whoever waited for the same question finds its answer in the cache
                known = self._known(key)
                if known is None:
                    return self._requested(verb, query, options, wish, key)
        return self._reply(known, wish, cached=True)

    def _options(self, verb: str, wish: Wish) -> dict[str, Any]:
        """Return the keywords of a call: those of the wish that the geocoder takes."""
        wished: dict[str, Any] = {"exactly_one": False}
        taken = _LANGUAGES.get(type(self._member.geocoder).__name__)
        if wish.language and (taken is None or wish.language in taken):
            wished["language"] = wish.language
        if verb == "geocode":
            wished |= {"limit": wish.limit or _MOST}
            if wish.asked.countries:
                wished["country_codes"] = [code.lower() for code in wish.asked.countries]
            if wish.viewbox is not None:
                wished |= {"viewbox": wish.viewbox, "bounded": wish.bounded}
            if wish.viewbox is not None and wish.bounded:
                wished["bbox"] = wish.viewbox
        return self._taken(verb, wished | dict(self._member.options))

    def _taken(self, verb: str, wished: Mapping[str, Any]) -> dict[str, Any]:
        """Return those keywords that the geocoder takes."""
        parameters = inspect.signature(getattr(self._member.geocoder, verb)).parameters
        open_ended = any(item.kind is item.VAR_KEYWORD for item in parameters.values())
        return {name: value for name, value in wished.items() if open_ended or name in parameters}

    def _key(self, verb: str, query: Any, options: Mapping[str, Any]) -> str:
        """Return what an answer is kept under: who was asked where, and for what; no keys, no time-outs."""
        geocoder = self._member.geocoder
        address = getattr(geocoder, "api", "") or getattr(geocoder, "domain", "")
        asked = [self.name, type(geocoder).__name__, str(address), verb, query, sorted(options.items())]
        return json.dumps(asked, default=str)

    def _known(self, key: str) -> list[dict[str, Any]] | None:
        return self._cache.get(key) if self._cache is not None else None

    def _requested(self, verb: str, query: Any, options: dict[str, Any], wish: Wish, key: str) -> Reply:
        """Ask over the network, keep the answer, and say what went wrong."""
        left = self._resting_until - self._clock()
        if left > 0:
            return Reply(problem=f"left alone for {left:.0f} s after it refused or failed")
        timeout = {} if wish.timeout is DEFAULT_SENTINEL else self._taken(verb, {"timeout": wish.timeout})
        try:
            answers = _plain(self._limited[verb](query, **options, **timeout))
        except (exc.GeopyError, OSError) as error:
            return self._failed(error)
        except UnicodeError:
            return self._failed(exc.GeocoderQueryError())
        except _UNREADABLE as error:
            return self._failed(exc.GeocoderParseError(type(error).__name__))
        self._failures = 0
        if self._cache is not None:
            self._cache.put(key, self.name, answers)
        return self._reply(answers, wish, cached=False)

    def _failed(self, error: Exception) -> Reply:
        """Note a failure, and rest where the service asked for it or is not well."""
        self._failures += not isinstance(error, exc.GeocoderQueryError)
        rest = self._rest if self._failures >= _TIRED else 0.0
        if isinstance(error, exc.GeocoderRateLimited) and error.retry_after is not None:
            rest = float(error.retry_after)
        elif isinstance(error, _REFUSALS):
            rest = self._rest
        if rest:
            self._resting_until = self._clock() + rest
        problem = next((text for kind, text in _PROBLEMS.items() if isinstance(error, kind)), "it failed")
        problem = f"{problem} ({type(error).__name__})"
        _LOG.warning("%s gave no answer: %s", self.name, problem)
        return Reply(problem=problem)

    def _reply(self, answers: list[dict[str, Any]], wish: Wish, *, cached: bool) -> Reply:
        """Return plain answers as locations that say whose they are, without those that lie elsewhere."""
        attribution, licence = _TERMS.get(type(self._member.geocoder).__name__, ("", ""))
        found = []
        for answer in answers:
            if not _fits(answer["lon"], answer["lat"], wish):
                continue
            raw = answer["raw"] | {
                "provider": self.name,
                "attribution": self._member.attribution
                or attribution
                or f"{self.name}: see its terms of use",
                "licence": self._member.licence or licence or str(answer["raw"].get("licence", "")),
                "cached": cached,
                "problems": [],
            }
            found.append(geopy.Location(answer["address"], (answer["lat"], answer["lon"]), raw))
        elsewhere = len(answers) - len(found)
        problem = f"{elsewhere} of {len(answers)} answers lay outside what was asked for" if elsewhere else ""
        if found and wish.asked.admin1:
            problem = "; ".join(
                filter(None, (problem, "it knows no admin1 codes: the province is not checked"))
            )
        return Reply(tuple(found), problem)


def _without_retries(geocoder: Any) -> None:
    """Keep geopy's default adapter from asking again by itself.

    Its retries know no least time between requests, turn a time-out into three, and sleep in the middle of a
    call for as long as ``Retry-After`` says, be it an hour. Here the service is left alone and the next is
    asked.
    """
    adapter = getattr(geocoder, "adapter", None)
    if isinstance(adapter, RequestsAdapter):
        for mounted in adapter.session.adapters.values():
            mounted.max_retries = mounted.max_retries.new(
                total=0, read=False, respect_retry_after_header=False
            )


def _fits(lon: float, lat: float, wish: Wish) -> bool:
    """Say whether an answer lies in the countries and, where it is a bound, the box asked for."""
    if wish.bounded and wish.viewbox is not None:
        west, south, east, north = box_of(wish.viewbox)
        if not (west <= lon <= east and south <= lat <= north):
            return False
    countries = wish.asked.countries
    if not countries:
        return True
    shapes = Shapes.open()
    borders = [shape for code in countries if (shape := shapes.country(code)) is not None]
    if len(borders) < len(countries) or shapes.country_at(lon, lat) in (None, *countries):
        return True
    point = shapely.Point(lon, lat)
    return any(shapely.dwithin(shape, point, _BORDER_DEG) for shape in borders)


_REFUSALS = (
    exc.GeocoderQuotaExceeded,
    exc.GeocoderAuthenticationFailure,
    exc.GeocoderInsufficientPrivileges,
    exc.ConfigurationError,
)
_PROBLEMS: dict[type[Exception], str] = {
    exc.GeocoderRateLimited: "it asks for fewer requests",
    exc.GeocoderQuotaExceeded: "its quota is used up",
    exc.GeocoderAuthenticationFailure: "it does not accept the key",
    exc.GeocoderInsufficientPrivileges: "it does not allow the request",
    exc.ConfigurationError: "it is not configured as it should be",
    exc.GeocoderTimedOut: "it did not answer in time",
    exc.GeocoderUnavailable: "it cannot be reached",
    exc.GeocoderQueryError: "it does not understand the query",
    exc.GeocoderParseError: "its answer cannot be read",
    exc.GeocoderServiceError: "it reported an error",
    OSError: "it cannot be reached",
}
"""What is said of a failure, the first that fits."""


def checked(given: Any) -> Member:
    """Return something as a member of a chain.

    Raises
    ------
    InputError
        If it is a class, no geocoder, or one that must be awaited.
    """
    member: Member = given if isinstance(given, Member) else Member(given)
    geocoder = member.geocoder
    if isinstance(geocoder, type):
        raise InputError(
            f"{geocoder.__name__} is a class; give a geocoder made of it: {geocoder.__name__}(...)"
        )
    if not callable(getattr(geocoder, "geocode", None)):
        raise InputError(f"{geocoder!r} is no geocoder; give one of geopy's, or an object with a geocode()")
    if isinstance(getattr(geocoder, "adapter", None), BaseAsyncAdapter):
        raise InputError(
            f"{type(geocoder).__name__} is asynchronous; give it without an asynchronous adapter"
        )
    return member


def _plain(answer: Any) -> list[dict[str, Any]]:
    """Return what a geocoder answered as plain values.

    Raises
    ------
    TypeError, ValueError, AttributeError
        If a location is none, has no text as address, or no point: geopy makes 0, 0 of a missing one.
    """
    locations = [] if answer is None else answer if isinstance(answer, list) else [answer]
    return [_values(location) for location in locations]


def _values(location: geopy.Location) -> dict[str, Any]:
    lat, lon = float(location.latitude), float(location.longitude)
    if not isinstance(location.address, str) or (lat == 0 and lon == 0):
        raise ValueError("an answer without an address or a point")
    raw = location.raw if isinstance(location.raw, Mapping) else {"answer": location.raw}
    return {"address": location.address, "lat": lat, "lon": lon, "raw": {str(k): v for k, v in raw.items()}}
