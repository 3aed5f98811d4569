"""Square districts and quarters in the middle of the city."""

from __future__ import annotations

from django.contrib.gis.geos import MultiPolygon, Polygon

from helfer.places.models import District, Municipality, Quarter
from tests.factories.people import point_near


def square(west_m: float, south_m: float, east_m: float, north_m: float) -> MultiPolygon:
    """The rectangle between these metres from the middle of the city."""
    low, high = point_near(west_m, south_m), point_near(east_m, north_m)
    return MultiPolygon(Polygon.from_bbox((low.x, low.y, high.x, high.y)), srid=4326)


def district(name: str, west_m: float, east_m: float) -> District:
    """A district of two kilometres from south to north."""
    return District.objects.create(
        municipality=Municipality.objects.default(),
        name=name,
        slug=name.lower(),
        area=square(west_m, -1000, east_m, 1000),
    )


def quarter(name: str, of: District, west_m: float, east_m: float) -> Quarter:
    """A quarter of its district."""
    return Quarter.objects.create(district=of, name=name, area=square(west_m, -1000, east_m, 1000))
