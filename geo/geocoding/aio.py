"""Be an asynchronous geopy geocoder: what `ArabicGazetteer` answers, awaited.

A look-up takes microseconds, but near misses take milliseconds, and the first of them and the first point
build an index, so each runs in a thread and never holds the event loop. The thread costs more than most
look-ups: for long lists `geo.geocode` and `ArabicGazetteer.geocode_many` are the better doors.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import geopy
from geopy.adapters import BaseAsyncAdapter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder

from geo.geocoding.door import ArabicGazetteer, refused
from geo.places import Gazetteer


class AsyncNullAdapter(BaseAsyncAdapter):  # type: ignore[misc]
    """Refuse every request, as `geo.geocoding.door.NullAdapter` does."""

    async def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """Raise, always."""
        raise refused(url)

    async def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Raise, always."""
        raise refused(url)


class AsyncArabicGazetteer(Geocoder):  # type: ignore[misc]
    """Be the twin of `ArabicGazetteer` whose calls are awaited.

    Parameters
    ----------
    gazetteer : Gazetteer, optional
        The shipped one by default.
    timeout : optional
        Accepted for the sake of geopy, and ignored.

    Examples
    --------
    >>> async def look_up(name):
    ...     async with AsyncArabicGazetteer() as geocoder:
    ...         return await geocoder.geocode(name, language="en")
    >>> asyncio.run(look_up("\u0637\u0628\u0631\u0642")).address
    'Tobruk, Libya'
    """

    def __init__(self, gazetteer: Gazetteer | None = None, *, timeout: Any = DEFAULT_SENTINEL) -> None:
        super().__init__(timeout=timeout, adapter_factory=AsyncNullAdapter)
        self._twin = ArabicGazetteer(gazetteer)

    async def geocode(
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
        """Return what `ArabicGazetteer.geocode` returns, of the same parameters."""
        return await asyncio.to_thread(
            self._twin.geocode, query, exactly_one=exactly_one, limit=limit, language=language,
            country_codes=country_codes, viewbox=viewbox, bounded=bounded,
        )  # fmt: skip

    async def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        language: str | None = None,
    ) -> geopy.Location | list[geopy.Location] | None:
        """Return what `ArabicGazetteer.reverse` returns, of the same parameters."""
        return await asyncio.to_thread(self._twin.reverse, query, exactly_one=exactly_one, language=language)
