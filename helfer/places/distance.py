"""The geodesic distance on WGS 84. Pure."""

from __future__ import annotations

from django.contrib.gis.geos import Point
from pyproj import Geod

_WGS84 = Geod(ellps="WGS84")


def metres_between(one: Point, other: Point) -> float:
    """The geodesic distance of two points given in degrees."""
    return float(_WGS84.inv(one.x, one.y, other.x, other.y)[2])
