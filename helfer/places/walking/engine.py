"""Asking the own routing engine (Valhalla) for ways on foot: one call, a short wait, never a second try.

It gets coordinates and nothing else. No proxy and no redirect is followed, so that they reach only the server
that stands in the settings. Nothing is kept. An engine that does not answer is left alone for a while.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from math import isfinite
from socket import SHUT_RDWR, socket
from threading import Lock, Timer
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.gis.geos import Point

from helfer.places.distance import metres_between

# After a failure, so long nobody waits for it again in this process.
REST_SECONDS = 60.0
LONGEST_ANSWER = 1_000_000
# Five decimals of a degree are a metre.
_DECIMALS = 5
# An engine puts homes on the nearest street: what it says may be somewhat shorter than the beeline, not much.
_SNAPPED_M = 250.0
_LONGEST_WAY = 10.0

log = logging.getLogger(__name__)


class _Unusable(Exception):
    """The engine did not give an answer that can be used."""


class _Breaker:
    """Remembers that the engine failed; one for all threads of the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rests_until = 0.0

    def is_open(self) -> bool:
        """Whether the engine is left alone for now."""
        with self._lock:
            return monotonic() < self._rests_until

    def trip(self) -> None:
        """Leave it alone for a while."""
        with self._lock:
            self._rests_until = monotonic() + REST_SECONDS

    def reset(self) -> None:
        """It answers."""
        with self._lock:
            self._rests_until = 0.0


breaker = _Breaker()


def measured_metres(start: Point, ends: Mapping[int, Point]) -> dict[int, float]:
    """The length of the way to each end that the engine knows; none where it does not answer."""
    if not settings.HELFER_VALHALLA_URL or not ends or breaker.is_open():
        return {}
    keys = list(ends)
    question = {
        "sources": [_place(start)],
        "targets": [_place(ends[key]) for key in keys],
        "costing": "pedestrian",
        "units": "kilometers",
    }
    try:
        answer = _ask(settings.HELFER_VALHALLA_URL, json.dumps(question).encode())
        lengths = _lengths(answer, len(keys))
    except (_Unusable, OSError, HTTPException, ValueError, RecursionError) as error:
        breaker.trip()
        # The kind alone: an error's text may repeat what was sent.
        log.warning("routing engine does not answer: %s", type(error).__name__)
        return {}
    breaker.reset()
    measured = {}
    for key, metres in zip(keys, lengths, strict=True):
        if metres is not None and _is_likely(metres, metres_between(start, ends[key])):
            measured[key] = metres
    return measured


def _place(point: Point) -> dict[str, float]:
    return {"lat": round(point.y, _DECIMALS), "lon": round(point.x, _DECIMALS)}


def _ask(address: str, body: bytes) -> bytes:
    """The engine's answer to the one question; the whole of it within the time of the settings."""
    patience: float = settings.HELFER_VALHALLA_TIMEOUT_SECONDS
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Unusable
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(parts.hostname, parts.port, timeout=patience)
    try:
        line.connect()
        # A server that drips would keep a plain read waiting for ever: after this the line is cut.
        end = Timer(patience, _cut, [line.sock])
        end.daemon = True
        end.start()
        try:
            line.request(
                "POST",
                f"{parts.path.rstrip('/')}/sources_to_targets",
                body=body,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
            )
            response = line.getresponse()
            answer = response.read(LONGEST_ANSWER + 1)
        finally:
            end.cancel()
    finally:
        line.close()
    if response.status != 200 or len(answer) > LONGEST_ANSWER:
        raise _Unusable
    return answer


def _cut(sock: socket) -> None:
    with suppress(OSError):
        sock.shutdown(SHUT_RDWR)


def _lengths(answer: bytes, expected: int) -> list[float | None]:
    """The metres to each target, in order; None where there is no way."""
    try:
        said: Any = json.loads(answer)
        row = said["sources_to_targets"][0]
        # Valhalla counts the targets; some builds leave them in order and uncounted.
        lengths: list[float | None] = [None] * expected
        for position, cell in enumerate(row):
            kilometres = cell["distance"]
            if kilometres is not None:
                lengths[int(cell.get("to_index", position))] = float(kilometres) * 1000
        if len(row) != expected:
            raise _Unusable
    except (KeyError, IndexError, TypeError, AttributeError, OverflowError):
        raise _Unusable from None
    return lengths


def _is_likely(metres: float, distance_m: float) -> bool:
    if not isfinite(metres):
        return False
    return distance_m - _SNAPPED_M <= metres <= distance_m * _LONGEST_WAY + 1_000 and metres >= 0
