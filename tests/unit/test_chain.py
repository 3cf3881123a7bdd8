"""A chain of geocoders: ours first, others only for the rest, politely, and never trusted.

The others are geopy's own classes, pointed at a server on this machine that speaks their formats.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlparse

import geopandas as gpd
import geopy
import pytest
from geopy.geocoders import Nominatim, Photon

from geo.errors import InputError
from geo.geocoding import AnswerCache, ArabicGazetteer, Chain, Member

UNKNOWN = "ضغظثق خذغظشص"
HOSTS = pytest.mark.allow_hosts(["127.0.0.1"])


class Service:
    """Speak Nominatim's and Photon's formats on this machine, or answer as a test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.answers: dict[str, Callable[[dict[str, str]], tuple[int, Any]]] = {
            "/search": lambda query: (200, [place()]),
            "/reverse": lambda query: (200, place() | {"display_name": "Somewhere"}),
            "/api": lambda query: (200, {"type": "FeatureCollection", "features": [feature()]}),
        }
        self.headers: dict[str, str] = {}
        self.hold = Event()
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.domain = f"127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlparse(self.path)
                query = {key: values[0] for key, values in parse_qs(url.query).items()}
                with service._lock:
                    service.asked.append((url.path, query, dict(self.headers)))
                status, answer = service.answers[url.path](query)
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                if service.hold.is_set():
                    return  # nobody waits any longer
                self.send_response(status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def close(self) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    def nominatim(self, timeout: float = 5) -> Nominatim:
        return Nominatim(
            domain=self.domain, scheme="http", user_agent="tests of geo", timeout=timeout, proxies={}
        )

    def photon(self) -> Photon:
        return Photon(domain=self.domain, scheme="http", timeout=5, proxies={})


def place(lat: object = "32.05", lon: object = "20.1", **more: object) -> dict[str, Any]:
    """Return one answer as Nominatim gives it."""
    return {
        "place_id": 1, "licence": "Data © OpenStreetMap contributors, ODbL 1.0", "osm_type": "node",
        "lat": lat, "lon": lon, "display_name": "بئر الغريبة, ليبيا", "importance": 0.1, **more,
    }  # fmt: skip


def feature(lat: float = 32.05, lon: float = 20.1) -> dict[str, Any]:
    """Return one answer as Photon gives it."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"name": "بئر الغريبة", "country": "ليبيا", "countrycode": "LY"},
    }


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


@pytest.fixture(scope="module")
def ours() -> ArabicGazetteer:
    return ArabicGazetteer()


def chain_of(*members: Any, **settings: Any) -> Chain:
    return Chain(members, **{"min_delay_seconds": 0, **settings})


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_what_the_gazetteer_knows_opens_no_socket(ours: ArabicGazetteer) -> None:
    """No host is allowed in this test: a request would fail and be told."""
    chain = Chain([ours, Nominatim(user_agent="tests of geo"), Photon()])
    found = chain.geocode("طبرق", language="en")
    assert found.address == "Tobruk, Libya"
    assert found.raw["provider"] == "ArabicGazetteer"
    assert found.raw["problems"] == []
    assert "GeoNames" in found.raw["attribution"]
    assert found.raw["licence"]
    assert chain.reverse((32.08, 23.96)).raw["name"] == "Tobruk"
    assert Chain().geocode(UNKNOWN) is None
    assert Chain().ask(UNKNOWN).problems == ()
    assert chain.geocode(" ") is None, "nothing is asked of anybody"
    failed = chain.ask(UNKNOWN)
    assert not failed.locations
    assert [problem.partition(":")[0] for problem in failed.problems] == ["Nominatim", "Photon"]


@HOSTS
def test_the_next_is_asked_for_what_is_not_found(service: Service, ours: ArabicGazetteer) -> None:
    chain = chain_of(ours, service.nominatim(), service.photon())
    assert chain.geocode("طبرق")
    assert service.asked == []
    found = chain.geocode(UNKNOWN, language="ar", country_codes="LY", limit=3)
    [(path, query, headers)] = service.asked
    assert path == "/search"
    assert query == {
        "q": UNKNOWN, "format": "json", "limit": "3", "countrycodes": "ly", "accept-language": "ar"
    }  # fmt: skip
    assert headers["User-Agent"] == "tests of geo"
    assert (found.latitude, found.longitude) == (32.05, 20.1)
    assert found.raw["provider"] == "Nominatim"
    assert "OpenStreetMap" in found.raw["attribution"]
    assert found.raw["licence"] == "ODbL 1.0"
    assert found.raw["place_id"] == 1
    assert found.raw["cached"] is False


@HOSTS
def test_photon_is_asked_in_languages_it_knows(service: Service, ours: ArabicGazetteer) -> None:
    service.answers["/search"] = lambda query: (200, [])
    chain = chain_of(ours, service.nominatim(), service.photon())
    box = [(30.0, 19.0), (33.0, 25.0)]
    found = chain.geocode(UNKNOWN, language="ar", viewbox=box, bounded=True)
    chain.geocode(UNKNOWN, language="en")
    assert [path for path, _, _ in service.asked] == ["/search", "/api", "/search", "/api"]
    assert service.asked[1][1] == {"q": UNKNOWN, "limit": "10", "bbox": "19.0,30.0,25.0,33.0"}
    assert service.asked[3][1]["lang"] == "en"
    assert found.address == "بئر الغريبة, ليبيا"
    assert found.raw["provider"] == "Photon"


@HOSTS
def test_lists_ids_reverse_and_geopandas(service: Service, ours: ArabicGazetteer) -> None:
    service.answers["/search"] = lambda query: (200, [place(), place("31.0", "21.0")])
    chain = chain_of(ours, service.nominatim(), within_km=100)
    assert len(chain.geocode(UNKNOWN, exactly_one=False)) == 2
    assert len(chain.geocode(UNKNOWN, exactly_one=False, limit=1)) == 1
    rows = dict(chain.geocode_many({"a": "طبرق", "b": UNKNOWN, "c": None}))
    assert [row and row.raw["provider"] for row in rows.values()] == ["ArabicGazetteer", "Nominatim", None]
    far = chain.reverse((34.0, 18.0))
    assert far.raw["provider"] == "Nominatim"
    assert "km away" in far.raw["problems"][0]
    table = gpd.tools.geocode(["طبرق", UNKNOWN], provider=chain)
    assert [round(point.x, 1) for point in table.geometry] == [24.0, 20.1]


@HOSTS
def test_an_answer_is_asked_for_once(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    chain = chain_of(service.nominatim(), cache=path)
    first, second = chain.geocode(UNKNOWN), chain.geocode(UNKNOWN, exactly_one=False)[0]
    assert (first.raw["cached"], second.raw["cached"]) == (False, True)
    assert first.raw | {"cached": True} == second.raw
    assert chain_of(service.nominatim(), cache=path).geocode(UNKNOWN).point == first.point
    assert len(service.asked) == 1
    chain.geocode(UNKNOWN, country_codes=["LY"])
    assert len(service.asked) == 2, "another question"
    text = path.read_bytes()
    assert b"tests of geo" not in text


@HOSTS
def test_that_nothing_was_found_is_kept_for_less_long(service: Service, tmp_path: Path) -> None:
    now = [0.0]
    service.answers["/search"] = lambda query: (200, [])
    cache = AnswerCache(tmp_path / "answers.sqlite", days=30, days_none=1, clock=lambda: now[0])
    chain = chain_of(service.nominatim(), cache=cache)
    assert chain.geocode(UNKNOWN) is None
    assert chain.geocode(UNKNOWN) is None
    assert len(service.asked) == 1
    now[0] += 2 * 86_400
    chain.geocode(UNKNOWN)
    assert len(service.asked) == 2


@HOSTS
def test_threads_wait_for_one_answer(service: Service, tmp_path: Path) -> None:
    chain = chain_of(service.nominatim(), cache=tmp_path / "answers.sqlite")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(chain.geocode, [UNKNOWN] * 8))
    assert len(service.asked) == 1
    assert len({item.longitude for item in found}) == 1


FAILURES = [
    (429, b"", "it asks for fewer requests (GeocoderRateLimited)"),
    (403, b"no", "it does not allow the request"),
    (401, b"no", "it does not accept the key"),
    (400, b"what?", "it does not understand the query"),
    (500, b"oops", "it reported an error"),
    (503, b"", "it did not answer in time"),
    (200, b"<html>log in to this hotel</html>", "its answer cannot be read"),
    (200, b"", "its answer cannot be read"),
    (200, b"[{]", "its answer cannot be read"),
    (200, b"[1, 2]", "its answer cannot be read"),
    (200, b"[" * 100_000, "its answer cannot be read"),
    (200, [{"display_name": "nowhere"}], "its answer cannot be read"),
    (200, [place("x", "y")], "its answer cannot be read"),
    (200, [place("95", "20")], "its answer cannot be read"),
    (200, [place("nan", "nan")], "its answer cannot be read"),
    (200, [place(display_name=None)], "its answer cannot be read"),
    (200, [place(display_name={"a": "dict"})], "its answer cannot be read"),
    (200, {"error": "secret-key-1 is over its limit"}, "it does not understand the query"),
]


@HOSTS
@pytest.mark.filterwarnings("ignore:Latitude normalization")
@pytest.mark.parametrize(("status", "body", "problem"), FAILURES)
def test_a_member_that_fails_is_told_and_the_next_is_asked(
    status: int, body: Any, problem: str, service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers["/search"] = lambda query: (status, body)
    chain = chain_of(service.nominatim(), service.photon(), cache=tmp_path / "answers.sqlite")
    with caplog.at_level(logging.WARNING, logger="geo"):
        found = chain.geocode(UNKNOWN)
    assert found.raw["provider"] == "Photon"
    assert found.raw["problems"][0].startswith(f"Nominatim: {problem}")
    assert chain.ask(UNKNOWN).problems[0].startswith("Nominatim: ")
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("geo.")]
    assert logged[0].startswith("Nominatim gave no answer: ")
    for secret in ("secret-key-1", service.domain, "hotel"):
        assert secret not in "".join([*logged, *found.raw["problems"]])
    assert len(chain._cache or ()) == 1, "a failure is not kept"


@HOSTS
@pytest.mark.parametrize(
    "features", [None, {}, [1], [{}], [{"geometry": {"coordinates": []}, "properties": {}}]]
)
def test_a_photon_that_answers_nonsense(features: object, service: Service) -> None:
    service.answers["/api"] = lambda query: (200, {"features": features})
    answer = chain_of(service.photon()).ask(UNKNOWN)
    assert not answer.locations
    assert features is None or features == {} or "cannot be read" in answer.problems[0]


@HOSTS
def test_a_slow_or_absent_member_does_not_hold_the_chain(service: Service) -> None:
    def slow(query: dict[str, str]) -> tuple[int, Any]:
        service.hold.wait(10)
        return 200, []

    service.answers["/search"] = slow
    closed = Nominatim(domain="127.0.0.1:9", scheme="http", user_agent="x", timeout=5, proxies={})
    chain = chain_of(service.nominatim(timeout=0.1), Member(closed, name="closed"), service.photon())
    found = chain.geocode(UNKNOWN)
    assert found.raw["provider"] == "Photon"
    assert [problem.split(" (")[0] for problem in found.raw["problems"]] == [
        "Nominatim: it did not answer in time",
        "closed: it cannot be reached",
    ]
    assert len(service.asked) == 2, "nobody is asked again unasked"


@HOSTS
def test_a_member_that_asks_for_a_pause_gets_it(service: Service) -> None:
    service.answers["/search"] = lambda query: (429, b"")
    service.headers["Retry-After"] = "3600"
    chain = chain_of(service.nominatim())
    assert "fewer requests" in chain.ask("بئر أولى وهمية").problems[0]
    assert "left alone for 3" in chain.ask("بئر ثانية وهمية").problems[0]
    assert len(service.asked) == 1
    service.headers["Retry-After"] = "0"
    eager = chain_of(service.nominatim())
    eager.ask("بئر أولى وهمية")
    eager.ask("بئر ثانية وهمية")
    assert len(service.asked) == 3


@HOSTS
@pytest.mark.parametrize(("rest_seconds", "asked"), [(3600.0, 3), (0.0, 5)])
def test_a_member_that_keeps_failing_is_left_alone(rest_seconds: float, asked: int, service: Service) -> None:
    service.answers["/search"] = lambda query: (500, b"")
    chain = chain_of(service.nominatim(), rest_seconds=rest_seconds)
    for number in range(5):
        chain.geocode(f"بئر وهمية {number}")
    assert len(service.asked) == asked


@HOSTS
def test_requests_are_apart_and_those_of_the_gazetteer_are_not(
    service: Service, ours: ArabicGazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("geopy.extra.rate_limiter.sleep", sleep)
    monkeypatch.setattr("geopy.extra.rate_limiter.default_timer", lambda: now[0])
    chain = Chain([ours, service.nominatim(), Member(service.photon(), min_delay_seconds=7)])
    for _ in range(3):
        chain.geocode("طبرق")
    assert slept == []
    service.answers["/search"] = lambda query: (200, [])
    for number in range(2):
        chain.geocode(f"بئر وهمية {number}")
    assert slept == [1.0, 6.0], "1 s by default; 7 s for the other, one of which had passed"


HOSTILE = [
    "<script>alert(1)</script>", "{{7*7}} ${7*7}", "طبرق&countrycodes=xx#?q=", "'; DROP TABLE answers; --",
    "\u202eقرطب\u202c", "a\r\nX-Injected: 1", "x" * 3000, "\x00", "%00%0a", "../../etc/passwd",
]  # fmt: skip


@HOSTS
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_and_answers_stay_data(text: str, service: Service, tmp_path: Path) -> None:
    hostile = {"provider": "evil", "attribution": text, "problems": [text], "cached": "no", "licence": text}
    service.answers["/search"] = lambda query: (200, [place(display_name=text, **hostile)])
    chain = chain_of(service.nominatim(), cache=tmp_path / "answers.sqlite")
    for cached in (False, True):
        found = chain.geocode("بئر وهمية " + text)
        assert found.address == text
        assert found.raw["provider"] == "Nominatim"
        assert "OpenStreetMap" in found.raw["attribution"]
        assert (found.raw["problems"], found.raw["cached"]) == ([], cached)
    [(path, query, headers)] = service.asked
    assert path == "/search"
    assert query["q"] == ("بئر وهمية " + text).strip()
    assert set(query) == {"q", "format", "limit"}
    assert "X-Injected" not in headers


@HOSTS
def test_a_name_that_no_address_can_carry(service: Service) -> None:
    answer = chain_of(service.nominatim()).ask("\ud800 بئر")
    assert answer.problems == ("Nominatim: it does not understand the query (GeocoderQueryError)",)
    assert service.asked == []


@HOSTS
def test_answers_elsewhere_are_not_taken(service: Service) -> None:
    tunis, border = place("36.8", "10.18"), place("33.144", "11.56")
    service.answers["/search"] = lambda query: (200, [tunis, border, place()])
    chain = chain_of(service.nominatim())
    found = chain.geocode(UNKNOWN, country_codes="LY", exactly_one=False)
    assert [item.longitude for item in found] == [11.56, 20.1], "a town on the border is in both countries"
    assert found[0].raw["problems"] == ["Nominatim: 1 of 3 answers lay outside what was asked for"]
    assert chain.geocode(UNKNOWN, country_codes="SY") is None
    box = [(31.0, 19.0), (33.0, 21.0)]
    assert chain.geocode(UNKNOWN, viewbox=box, bounded=True).longitude == 20.1
    assert chain.geocode(UNKNOWN, viewbox=box).longitude == 10.18
    told = chain.geocode({"name": UNKNOWN, "country": "LY", "admin1": "66"}).raw["problems"]
    assert told == [
        "Nominatim: 1 of 3 answers lay outside what was asked for; "
        "it knows no admin1 codes: the province is not checked"
    ]


@HOSTS
def test_what_is_good_enough_can_be_said(service: Service, ours: ArabicGazetteer) -> None:
    strict = chain_of(ours, service.nominatim(), min_score=0.99)
    found = strict.geocode("طرابلس")
    assert found.raw["provider"] == "Nominatim"
    assert "below 0.99" in found.raw["problems"][0]
    usual, easy = chain_of(ours, service.nominatim()), chain_of(ours, service.nominatim(), kinds=None)
    similar = {"name": "أجدابييا", "country": "LY"}
    assert ours.geocode(similar).raw["match"] == "fuzzy"
    assert usual.geocode(similar).raw["problems"] == ["ArabicGazetteer: its match is only fuzzy"]
    assert easy.geocode(similar).raw["provider"] == "ArabicGazetteer"
    exact = chain_of(ours, service.nominatim(), kinds={"exact"})
    assert exact.geocode("طبرق").raw["provider"] == "ArabicGazetteer"
    assert exact.geocode("وبطرابلس").raw["provider"] == "Nominatim"
    service.answers["/search"] = lambda query: (200, [])
    second_best = exact.geocode("وبطرابلس")
    assert second_best.raw["provider"] == "ArabicGazetteer", "nobody had better"
    assert second_best.raw["problems"] == ["ArabicGazetteer: its match is only variant"]


class Plain:
    """Be a geocoder of somebody's own: a name and a point, nothing of geopy's keywords."""

    def geocode(self, query: str) -> geopy.Location | None:
        return geopy.Location(query, (32.05, 20.1), "own")


def test_a_geocoder_of_your_own() -> None:
    chain = chain_of(Member(Plain(), name="ours", attribution="Field notes, 2024", licence="CC0"))
    found = chain.geocode(UNKNOWN, language="ar", timeout=3)
    assert found.raw == {
        "answer": "own", "provider": "ours", "attribution": "Field notes, 2024", "licence": "CC0",
        "cached": False, "problems": [],
    }  # fmt: skip
    assert chain.reverse((32, 20)) is None
    assert chain_of(Plain()).geocode(UNKNOWN).raw["attribution"] == "Plain: see its terms of use"


def test_a_chain_pickles_if_its_members_do(ours: ArabicGazetteer, tmp_path: Path) -> None:
    chain = chain_of(ours, Plain(), cache=tmp_path / "answers.sqlite", kinds=["exact"])
    copy = pickle.loads(pickle.dumps(chain))  # noqa: S301
    assert copy.geocode("طبرق") == chain.geocode("طبرق")
    assert copy.geocode("وبطرابلس").raw["provider"] == "Plain", "the settings go along"
    assert chain.geocode("وبطرابلس").raw["cached"], "and the cache is the same"
    alone = Chain()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(alone.geocode, ["طبرق"]) == [alone.geocode("طبرق")]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([Nominatim], "Nominatim is a class"),
        (["photon"], "'photon' is no geocoder"),
        ([], "a chain needs a member"),
    ],
)
def test_misuse_is_told(members: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Chain(members)


def test_an_asynchronous_member_is_refused() -> None:
    from geo.geocoding import AsyncArabicGazetteer

    with pytest.raises(InputError, match="AsyncArabicGazetteer is asynchronous"):
        Chain([AsyncArabicGazetteer()])


def test_bad_queries_are_the_callers(ours: ArabicGazetteer) -> None:
    chain = chain_of(ours, Plain())
    for ask in (
        lambda: chain.geocode(7),
        lambda: chain.geocode({"place": "طبرق"}),
        lambda: chain.geocode("طبرق", country_codes="Libya"),
        lambda: chain.geocode("طبرق", limit=0),
        lambda: chain.geocode("طبرق", viewbox=[(1, 2)]),
        lambda: chain.reverse("here"),
    ):
        with pytest.raises(InputError):
            ask()
