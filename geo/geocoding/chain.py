"""Ask several geocoders one after the other: the gazetteer first, then those you made and configured.

Nothing goes to the network unless a member does, and a member is asked only for what those before it did
not find. A chain is itself a geopy geocoder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopy
import pandas as pd
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder

from geo.errors import InputError
from geo.geocoding.cache import AnswerCache
from geo.geocoding.chain_members import Insider, Member, Outsider, Wish, checked
from geo.geocoding.door import ArabicGazetteer, NullAdapter
from geo.geocoding.door_queries import Query, lon_lat, many, query_of, wanted_of
from geo.model import MatchKind
from geo.places import Gazetteer

KNOWN = (MatchKind.EXACT, MatchKind.VARIANT)
"""Kinds of matches of a name that the gazetteer holds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a chain found, and what went wrong on the way.

    Attributes
    ----------
    locations : tuple of geopy.Location
        Best first, all of one member; empty if nobody knew.
    problems : tuple of str
        In plain English: who could not be asked and why, what was not good enough.
    """

    locations: tuple[geopy.Location, ...] = ()
    problems: tuple[str, ...] = ()


class Chain(Geocoder):  # type: ignore[misc]
    """Ask geocoders one after the other until one knows the place.

    Parameters
    ----------
    members : iterable of geopy geocoders or Member, optional
        In the order in which they are asked; `ArabicGazetteer` alone by default.
    cache : str, Path or AnswerCache, optional
        A file in which the answers of others are kept, for 30 days, and for one day that there are none.
    min_delay_seconds : float
        Least time between two requests to one member, in this process. Those that make no request, such as
        `ArabicGazetteer`, are never kept waiting.
    min_score : float
        What the score of an answer of `ArabicGazetteer` must reach lest the next member is asked.
    kinds : collection of str, optional
        Match kinds of `ArabicGazetteer` that are good enough: by default names it knows, and neither similar
        ones (``fuzzy``) nor the town of a place it does not know (``container``). None for all.
    within_km : float, optional
        How near the town found for a point must be lest the next member is asked; any distance by default.
    rest_seconds : float
        How long a member is left alone after it asked for fewer requests without saying how long, refused
        the key, or failed three times in a row.
    timeout : optional
        Accepted for the sake of geopy, and ignored: members have their own.

    Raises
    ------
    InputError
        If a member is no geocoder, or the file is no cache.

    Examples
    --------
    >>> chain = Chain()
    >>> place = chain.geocode("\u0637\u0628\u0631\u0642", language="en")
    >>> place.address, place.raw["provider"]
    ('Tobruk, Libya', 'ArabicGazetteer')
    """

    def __init__(
        self,
        members: Iterable[Any] | None = None,
        *,
        cache: str | Path | AnswerCache | None = None,
        min_delay_seconds: float = 1.0,
        min_score: float = 0.0,
        kinds: Collection[str] | None = KNOWN,
        within_km: float | None = None,
        rest_seconds: float = 60.0,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> None:
        super().__init__(timeout=timeout, adapter_factory=NullAdapter)
        self.members = tuple(checked(item) for item in ([ArabicGazetteer()] if members is None else members))
        if not self.members:
            raise InputError("a chain needs a member; give geocoders, or nothing for ArabicGazetteer alone")
        self._cache = AnswerCache(cache) if isinstance(cache, str | Path) else cache
        self._limits: dict[str, Any] = {
            "min_delay_seconds": min_delay_seconds,
            "min_score": min_score,
            "kinds": frozenset(kinds) if kinds is not None else None,
            "within_km": within_km,
            "rest_seconds": rest_seconds,
        }
        self._spare: Gazetteer | None = None
        self._turns = [self._turn(member) for member in self.members]

    def _turn(self, member: Member) -> Insider | Outsider:
        if isinstance(getattr(member.geocoder, "adapter", None), NullAdapter):
            return Insider(member)
        return Outsider(member, self._limits["min_delay_seconds"], self._limits["rest_seconds"], self._cache)

    def _book(self) -> Gazetteer:
        """Return the gazetteer that knows the names of countries: that of a member, or else the default."""
        for member in self.members:
            if isinstance(member.geocoder, ArabicGazetteer):
                return member.geocoder.gazetteer
        self._spare = self._spare or Gazetteer.open()
        return self._spare

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle members and settings; locks and what is known of the members' health stay behind."""
        return (partial(Chain, cache=self._cache, **self._limits), (self.members,))

    def __call__(self, **_options: Any) -> Chain:
        """Return itself, so that ``geopandas.tools.geocode(provider=...)`` takes it."""
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
        """Return the place a name means; the parameters are those of `ArabicGazetteer.geocode`.

        Parameters
        ----------
        query : str or mapping
            A name, or ``{"name", "country"?, "admin1"?}``.
        exactly_one : bool
        timeout : float, optional
            Handed to members that ask the network; each has its own by default.
        limit, language, country_codes, viewbox, bounded : optional
            Handed to each member as far as it knows them; answers outside the countries or, with
            ``bounded``, outside the box are not taken from anybody.

        Returns
        -------
        geopy.Location, list of geopy.Location, or None
            ``raw`` says whose answer it is (``provider``, ``attribution``, ``licence``), whether it was kept
            from before (``cached``), and what went wrong with members asked earlier (``problems``).

        Raises
        ------
        InputError
            If the query or a code cannot be understood.
        """
        answer = self.ask(
            query, timeout=timeout, limit=limit, language=language, country_codes=country_codes,
            viewbox=viewbox, bounded=bounded,
        )  # fmt: skip
        return _given(answer, wanted_of(exactly_one, limit), exactly_one)

    def ask(
        self,
        query: str | Mapping[str, str],
        *,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        language: str | None = None,
        country_codes: str | Sequence[str] | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
    ) -> Answer:
        """Return what `geocode` finds, and what went wrong on the way, also where nothing was found.

        Examples
        --------
        >>> Chain(min_score=1).ask("Tobruk").problems
        ('ArabicGazetteer: its score is 0.95, below 1',)
        """
        asked = query_of(self._book(), query, country_codes)
        wanted_of(False, limit)
        wish = Wish(asked, limit, timeout, language, viewbox, bounded)
        return self._answer("geocode", asked.name, wish) if asked.name else Answer()

    def geocode_many(
        self, queries: Iterable[Any] | Mapping[Any, Any] | pd.Series, **options: Any
    ) -> Iterator[tuple[Any, Any]]:
        """Yield what `geocode` says of each query under your ids, as `ArabicGazetteer.geocode_many` does."""
        return many(partial(self.geocode, **options), queries)

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        language: str | None = None,
    ) -> geopy.Location | list[geopy.Location] | None:
        """Return what lies at a point; the parameters are those of `ArabicGazetteer.reverse`.

        Raises
        ------
        InputError
            If the query is no point.
        """
        lon, lat = lon_lat(query)
        wish = Wish(Query(""), None, timeout, language)
        return _given(self._answer("reverse", geopy.Point(lat, lon), wish), None, exactly_one)

    def _answer(self, verb: str, query: Any, wish: Wish) -> Answer:
        """Ask the members in turn; what is not good enough is given if nobody has better."""
        problems: list[str] = []
        second_best: tuple[geopy.Location, ...] = ()
        for turn in self._turns:
            reply = turn.ask(verb, query, wish)
            lacking = self._lacking(reply.locations) if isinstance(turn, Insider) else ""
            problems += [f"{turn.name}: {problem}" for problem in (reply.problem, lacking) if problem]
            if reply.locations and not lacking:
                return _told(reply.locations, problems)
            second_best = second_best or reply.locations
        return _told(second_best, problems)

    def _lacking(self, found: tuple[geopy.Location, ...]) -> str:
        """Say why an answer of the gazetteer is not good enough; nothing if it is."""
        raw = found[0].raw if found else {}
        score, kind, distance_km = (raw.get(name) for name in ("score", "match", "distance_km"))
        least, kinds, most_km = (self._limits[name] for name in ("min_score", "kinds", "within_km"))
        if score is not None and score < least:
            return f"its score is {score:.2f}, below {least}"
        if kind is not None and kinds is not None and kind not in kinds:
            return f"its match is only {kind}"
        if distance_km is not None and most_km is not None and distance_km > most_km:
            return f"the nearest place is {distance_km:.0f} km away"
        return ""


def _told(found: tuple[geopy.Location, ...], problems: list[str]) -> Answer:
    """Return an answer whose locations tell the problems too."""
    told = tuple(
        geopy.Location(
            item.address, item.point, item.raw | {"problems": [*item.raw.get("problems", ()), *problems]}
        )
        for item in found
    )
    return Answer(told, tuple(problems))


def _given(
    answer: Answer, wanted: int | None, exactly_one: bool
) -> geopy.Location | list[geopy.Location] | None:
    """Return an answer in geopy's forms."""
    if not answer.locations:
        return None
    return answer.locations[0] if exactly_one else list(answer.locations[:wanted])
