"""The routing engine: asked once, for coordinates alone; whatever it does, there is a way to show."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point
from django.core.cache import cache

from helfer.places.models import Barrier
from helfer.places.walking import Way, engine, ways
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db

HOME = Point(7.42000049, 51.5, srid=4326)
NORTH = Point(7.42, 51.505, srid=4326)
EAST = Point(7.43, 51.5, srid=4326)

# A bad engine drips so often: any read of one piece is over before the patience of the settings.
DRIP_SECONDS = 0.05


class Asked:
    """What a stub of an engine was asked, and whether it was waited for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        # Whoever asked has gone on: the test says so, and the stub may end.
        self.gone_on = threading.Event()
        self.gave_up_first = False

    def keep_waiting(self, drip: Callable[[], object] = lambda: None) -> None:
        """Never come to an end before whoever asked goes on by themselves."""
        for _ in range(round(PATIENCE_SECONDS / DRIP_SECONDS)):
            drip()
            if self.gone_on.wait(DRIP_SECONDS):
                return
        self.gave_up_first = True


Answer = Callable[[BaseHTTPRequestHandler, Asked], None]


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, Asked]]:
    asked = Asked()

    class Stub(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.lines.append(self.requestline)
            asked.headers.append(dict(self.headers))
            asked.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            try:
                answer(self, asked)
            except OSError:
                self.close_connection = True

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler, asked: Asked) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def matrix(*kilometres: Any) -> bytes:
    row = [{"distance": km, "time": 60, "to_index": n, "from_index": 0} for n, km in enumerate(kilometres)]
    return json.dumps({"sources_to_targets": [row], "units": "kilometers"}).encode()


@pytest.fixture(autouse=True)
def fresh_breaker() -> Iterator[None]:
    engine.breaker.reset()
    yield
    engine.breaker.reset()


@contextmanager
def engine_that(answer: Answer, settings: Any) -> Iterator[Asked]:
    with serving(answer) as (address, asked):
        settings.HELFER_VALHALLA_URL = address
        settings.HELFER_VALHALLA_TIMEOUT_SECONDS = 0.4
        yield asked


def test_measures_all_ways_with_one_question(settings: Any) -> None:
    with engine_that(says(matrix(0.812, 0.93)), settings) as asked:
        found = ways(HOME, {5: NORTH, 9: EAST})
    assert found == {5: Way(812, is_measured=True), 9: Way(930, is_measured=True)}
    assert asked.lines == ["POST /sources_to_targets HTTP/1.1"]


def test_gets_coordinates_and_nothing_else(settings: Any) -> None:
    with engine_that(says(matrix(0.8)), settings) as asked:
        ways(HOME, {4711: NORTH})
    assert asked.bodies == [
        {
            "sources": [{"lat": 51.5, "lon": 7.42}],
            "targets": [{"lat": 51.505, "lon": 7.42}],
            "costing": "pedestrian",
            "units": "kilometers",
        }
    ]
    assert set(asked.headers[0]) == {
        "Host",
        "Accept-Encoding",
        "Content-Length",
        "Content-Type",
        "Accept",
    }


def test_is_not_asked_without_an_address(settings: Any) -> None:
    with engine_that(says(matrix(0.8)), settings) as asked:
        settings.HELFER_VALHALLA_URL = ""
        assert not ways(HOME, {1: NORTH})[1].is_measured
    assert asked.bodies == []


def test_is_reached_below_a_path(settings: Any) -> None:
    with engine_that(says(matrix(0.8)), settings) as asked:
        settings.HELFER_VALHALLA_URL += "/valhalla/"
        assert ways(HOME, {1: NORTH})[1].is_measured
    assert asked.lines == ["POST /valhalla/sources_to_targets HTTP/1.1"]


def test_keeps_what_lies_between_as_the_reason(settings: Any) -> None:
    Barrier.objects.create(kind="rail", line=LineString((7.40, 51.502), (7.44, 51.502), srid=4326))
    with engine_that(says(matrix(1.4)), settings):
        way = ways(HOME, {1: NORTH})[1]
    assert way.sentence == "1,4 km zu Fuß, dazwischen liegt: Bahnlinie"


def test_leaves_the_estimate_where_it_knows_no_way(settings: Any) -> None:
    with engine_that(says(matrix(None, 0.93)), settings) as asked:
        found = ways(HOME, {1: NORTH, 2: EAST})
        assert not found[1].is_measured
        assert found[2].is_measured
        # It answered: nothing is wrong with it.
        ways(HOME, {1: NORTH})
    assert len(asked.bodies) == 2


@pytest.mark.parametrize("kilometres", [0.1, 99, -1, 1e308])
def test_is_not_believed_what_cannot_be(settings: Any, kilometres: float) -> None:
    with engine_that(says(matrix(kilometres)), settings):
        assert not ways(HOME, {1: NORTH})[1].is_measured


def drips(request: BaseHTTPRequestHandler, asked: Asked) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    asked.keep_waiting(lambda: request.wfile.write(b"X"))


def drips_its_body(request: BaseHTTPRequestHandler, asked: Asked) -> None:
    request.send_response(200)
    request.send_header("Connection", "close")
    request.end_headers()
    asked.keep_waiting(lambda: request.wfile.write(b" "))


def says_nothing(request: BaseHTTPRequestHandler, asked: Asked) -> None:
    asked.keep_waiting()


def hangs_up(request: BaseHTTPRequestHandler, asked: Asked) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


BAD = {
    "silence": says_nothing,
    "a dripping head": drips,
    "a dripping body": drips_its_body,
    "hanging up": hangs_up,
    "an error": says(b"{}", 500),
    "a bad request": says(b'{"error_code":154,"error":"Path distance exceeds the max"}', 400),
    "no JSON": says(b"<html>it works</html>"),
    "nothing at all": says(b""),
    "half an answer": says(matrix(0.8)[:-9]),
    "another shape": says(b'{"sources_to_targets": {"0": 1}}'),
    "no rows": says(b'{"sources_to_targets": []}'),
    "a list": says(b"[]"),
    "too few": says(b'{"sources_to_targets": [[]]}'),
    "too many": says(matrix(0.8, 0.9)),
    "a target that was not asked": says(b'{"sources_to_targets": [[{"distance": 0.8, "to_index": 7}]]}'),
    "words for numbers": says(matrix("far")),
    "no number": says(b'{"sources_to_targets": [[{"distance": NaN, "to_index": 0}]]}'),
    "an endless number": says(b'{"sources_to_targets": [[{"distance": 1e999, "to_index": 0}]]}'),
    "very much": says(b" " * 1_000_001),
    "very deep": says(b"[" * 100_000),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD.keys())
def test_that_answers_badly_leaves_the_estimate(settings: Any, answer: Answer) -> None:
    with engine_that(answer, settings) as asked:
        way = ways(HOME, {1: NORTH})[1]
        asked.gone_on.set()
    assert way.sentence == "etwa 750 m zu Fuß"
    assert not asked.gave_up_first


def test_is_waited_for_as_long_as_the_settings_say(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each piece of the answer, and for the whole of it."""
    patience = []

    class Line(HTTPConnection):
        def connect(self) -> None:
            patience.append(self.timeout)
            super().connect()

    class Cut(threading.Timer):
        def start(self) -> None:
            patience.append(self.interval)
            super().start()

    monkeypatch.setattr(engine, "HTTPConnection", Line)
    monkeypatch.setattr(engine, "Timer", Cut)
    with engine_that(says(matrix(0.8)), settings):
        settings.HELFER_VALHALLA_TIMEOUT_SECONDS = 7.5
        assert ways(HOME, {1: NORTH})[1].is_measured
    assert patience == [7.5, 7.5]


def test_that_failed_is_left_alone_for_a_while(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine_that(says(b"{}", 503), settings) as asked:
        for _ in range(3):
            assert not ways(HOME, {1: NORTH})[1].is_measured
        assert len(asked.bodies) == 1
        later = time.monotonic() + engine.REST_SECONDS + 1
        monkeypatch.setattr(engine, "monotonic", lambda: later)
        ways(HOME, {1: NORTH})
        assert len(asked.bodies) == 2


def test_that_is_not_there_leaves_the_estimate(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.HELFER_VALHALLA_URL = f"http://127.0.0.1:{port}"
    assert not ways(HOME, {1: NORTH})[1].is_measured


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8002", "ftp://127.0.0.1", "http://", "http://[", "http://a:b"]
)
def test_with_a_senseless_address_leaves_the_estimate(settings: Any, address: str) -> None:
    settings.HELFER_VALHALLA_URL = address
    assert not ways(HOME, {1: NORTH})[1].is_measured


def test_cannot_send_the_coordinates_elsewhere(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(matrix(0.8))) as (stranger, told):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, stranger)
        with engine_that(says(b"", 307, Location=f"{stranger}/sources_to_targets"), settings):
            assert not ways(HOME, {1: NORTH})[1].is_measured
    assert told.bodies == []


def test_is_asked_again_every_time_and_nothing_is_kept(settings: Any) -> None:
    cache.clear()
    with engine_that(says(matrix(0.8)), settings) as asked:
        ways(HOME, {1: NORTH})
        ways(HOME, {1: NORTH})
    assert len(asked.bodies) == 2
    assert not getattr(cache, "_cache", {})


def test_that_fails_is_noted_without_a_coordinate(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    with engine_that(says(b"{"), settings):
        ways(HOME, {1: NORTH})
    assert "routing engine does not answer" in caplog.text
    assert "51.5" not in caplog.text
