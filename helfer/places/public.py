"""What the public may see of a place: its quarter (or district) and that area's inner point; nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db.models import Func, TextField

from helfer.places.distance import metres_between
from helfer.places.models import District, Quarter

# Told distances are rounded to this.
ROUNDED_TO_M = 100


class Outline(Func):
    """An area's border as GeoJSON for small maps: bends of less than about twenty metres are left out."""

    template = "ST_AsGeoJSON(ST_SimplifyPreserveTopology(%(expressions)s, 0.0002), 5)"
    output_field = TextField()


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A quarter, or the district where there are no quarters, and a point inside it that is nobody's home."""

    name: str
    district: str
    inner_point: Point

    def distance_m(self, point: Point) -> int:
        """The distance from the inner point to ``point``, rounded; the same for all who live in the area."""
        return ROUNDED_TO_M * round(metres_between(self.inner_point, point) / ROUNDED_TO_M)


def public_place(point: Point | None) -> PublicPlace | None:
    """What the public may see of ``point``; None outside of all districts."""
    if point is None:
        return None
    quarter = Quarter.objects.select_related("district").containing(point)
    return public_area(quarter, quarter.district if quarter else District.objects.containing(point))


def public_area(quarter: Quarter | None, district: District | None) -> PublicPlace | None:
    """The same for a record that keeps its quarter and district."""
    if quarter is not None:
        return PublicPlace(quarter.name, quarter.district.name, quarter.inner_point)
    if district is not None:
        return PublicPlace(district.name, district.name, district.inner_point)
    return None
