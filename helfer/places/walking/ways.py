"""The ways on foot from one home to several others, by the best means that are at hand."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.gis.geos import Point

from helfer.places.distance import metres_between
from helfer.places.walking.crossings import crossed_barriers
from helfer.places.walking.engine import measured_metres
from helfer.places.walking.estimate import WAY_FACTOR, Way, estimated_way


def beeline_way(distance_m: float) -> Way:
    """All that may be said of a way when the two homes may not be looked at: the beeline, lengthened."""
    return Way(distance_m * WAY_FACTOR)


def ways(start: Point, ends: Mapping[int, Point]) -> dict[int, Way]:
    """The way from ``start`` to each end: measured where a routing engine answers, else estimated."""
    crossed = crossed_barriers(start, ends)
    measured = measured_metres(start, ends)
    found: dict[int, Way] = {}
    for key, end in ends.items():
        estimate = estimated_way(
            (start.x, start.y), (end.x, end.y), metres_between(start, end), crossed.get(key, ())
        )
        metres = measured.get(key)
        found[key] = estimate if metres is None else Way(metres, estimate.between, is_measured=True)
    return found
