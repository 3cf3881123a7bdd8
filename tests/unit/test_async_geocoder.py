"""The asynchronous twin: awaited, with geopy's asynchronous tools, the same answers, and never a socket."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from geopy.adapters import BaseAsyncAdapter
from geopy.extra.rate_limiter import AsyncRateLimiter

from geo.errors import InputError
from geo.geocoding import ArabicGazetteer, AsyncArabicGazetteer
from geo.places import Gazetteer

NAMES = ["أجدابيا", "طبرق", "وبطرابلس", "Latakia", "ضغظثق خذغظشص"]


@pytest.fixture(scope="module")
def twin() -> ArabicGazetteer:
    return ArabicGazetteer(Gazetteer.open(packs=[]))


@pytest.fixture(scope="module")
def geocoder(twin: ArabicGazetteer) -> AsyncArabicGazetteer:
    return AsyncArabicGazetteer(twin.gazetteer)


@pytest.mark.parametrize("call", ["geocode", "reverse"])
def test_the_calls_have_the_same_parameters(call: str) -> None:
    mine, theirs = (
        inspect.signature(getattr(kind, call)) for kind in (AsyncArabicGazetteer, ArabicGazetteer)
    )
    assert mine == theirs


def test_answers_are_those_of_the_twin(geocoder: AsyncArabicGazetteer, twin: ArabicGazetteer) -> None:
    async def ask() -> list[Any]:
        async with geocoder as opened:
            found = [await opened.geocode(name, exactly_one=False, limit=2, language="en") for name in NAMES]
            return [*found, await opened.reverse((32.89, 13.19), language="ar")]

    *found, town = asyncio.run(ask())
    assert found == [twin.geocode(name, exactly_one=False, limit=2, language="en") for name in NAMES]
    assert town == twin.reverse((32.89, 13.19), language="ar")


def test_many_at_once_and_the_rate_limiter(geocoder: AsyncArabicGazetteer, twin: ArabicGazetteer) -> None:
    async def ask() -> tuple[list[Any], list[Any]]:
        limited = AsyncRateLimiter(geocoder.geocode, min_delay_seconds=0)
        together = await asyncio.gather(*(geocoder.geocode(name) for name in NAMES * 20))
        return together, [await limited(name) for name in NAMES]

    together, limited = asyncio.run(ask())
    assert limited == [twin.geocode(name) for name in NAMES]
    assert together == limited * 20


def test_the_event_loop_is_not_held(geocoder: AsyncArabicGazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up that waits for the loop to go on would wait for ever in the thread of the loop."""
    went_on = threading.Event()
    monkeypatch.setattr(geocoder._twin, "geocode", lambda *_, **__: went_on.wait(60))

    async def ask() -> Any:
        looked_up = asyncio.ensure_future(geocoder.geocode("طبرق"))
        await asyncio.sleep(0)
        went_on.set()
        return await looked_up

    assert asyncio.run(ask()) is True


@pytest.mark.parametrize(
    "ask",
    [
        lambda g: g.geocode(7),
        lambda g: g.geocode("حلب", language="fr"),
        lambda g: g.reverse("here"),
        lambda g: g.adapter.get_json("https://example.org", timeout=1, headers={}),
        lambda g: g.adapter.get_text("https://example.org", timeout=1, headers={}),
    ],
)
def test_misuse_and_requests_are_refused(
    ask: Callable[[AsyncArabicGazetteer], Awaitable[Any]], geocoder: AsyncArabicGazetteer
) -> None:
    async def wait() -> Any:
        return await ask(geocoder)

    with pytest.raises(InputError):
        asyncio.run(wait())
    assert isinstance(geocoder.adapter, BaseAsyncAdapter)


def test_it_pickles(geocoder: AsyncArabicGazetteer) -> None:
    copy = pickle.loads(pickle.dumps(geocoder))  # noqa: S301
    assert asyncio.run(copy.geocode("طبرق")) == asyncio.run(geocoder.geocode("طبرق"))
