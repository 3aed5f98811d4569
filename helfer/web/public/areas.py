"""The areas by which the public finds something: quarters and districts, each with its inner point."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.utils.translation import gettext as _

from helfer.places.distance import metres_between
from helfer.places.models import District, Postcode, Quarter
from helfer.places.normalise import plain
from helfer.places.public import ROUNDED_TO_M
from helfer.places.search import find_address

# What guests see may be this old.
FRESH_SECONDS = 30
# Farther away, a place does not belong to the city any more.
NEAREST_WITHIN_M = 10_000

# District and quarter; both None: anywhere in the city.
Where = tuple[int | None, int | None]
ANYWHERE: Where = (None, None)


@dataclass(frozen=True, slots=True)
class Area:
    """A quarter, or a district as a whole."""

    key: str
    name: str
    district: str
    point: Point
    where: Where

    @property
    def is_quarter(self) -> bool:
        return self.where[1] is not None

    @property
    def full_name(self) -> str:
        """Quarter and district."""
        return f"{self.name}, {self.district}" if self.is_quarter else self.name

    def distance_m(self, other: Area) -> int:
        """From inner point to inner point, rounded; the same for everybody who lives there."""
        return ROUNDED_TO_M * round(metres_between(self.point, other.point) / ROUNDED_TO_M)


def all_areas() -> dict[Where, Area]:
    """Every area, districts by name, each followed by its quarters."""
    known: dict[Where, Area] | None = cache.get("public:areas")
    if known is None:
        known = {}
        quarters = list(Quarter.objects.defer("area").order_by("name", "pk"))
        for district in District.objects.defer("area").order_by("name", "pk"):
            known[district.pk, None] = Area(
                f"b{district.pk}", district.name, district.name, district.inner_point, (district.pk, None)
            )
            for quarter in quarters:
                if quarter.district_id == district.pk:
                    known[district.pk, quarter.pk] = Area(
                        f"q{quarter.pk}",
                        quarter.name,
                        district.name,
                        quarter.inner_point,
                        (district.pk, quarter.pk),
                    )
        cache.set("public:areas", known, FRESH_SECONDS)
    return known


def area_named(key: str) -> Area | None:
    """The area that an address of ours names."""
    return next((area for area in all_areas().values() if area.key == key), None)


def areas_meant(text: str) -> list[Area]:
    """The areas that a postcode, a street or the name of a quarter may mean; the text is kept nowhere."""
    areas = all_areas()
    if not (words := plain(text)):
        return []
    if named := [area for area in areas.values() if plain(area.name) == words]:
        return named
    if plz := re.fullmatch(r"\s*([0-9]{5})\b.*", text):
        postcode = Postcode.objects.filter(plz=plz[1]).first()
        return _around([postcode.point] if postcode else [])
    result = find_address(street=text)
    if result.found is not None:
        return _around([result.found.point])
    places = list(result.suggestions) or [place for place in [result.fallback] if place is not None]
    return _around([place.point for place in places])


def _around(points: list[Point]) -> list[Area]:
    areas, found = all_areas(), {}
    for point in points:
        quarter = Quarter.objects.containing(point)
        district = None if quarter else District.objects.containing(point)
        where: Where = ANYWHERE
        if quarter:
            where = (quarter.district_id, quarter.pk)
        elif district:
            where = (district.pk, None)
        area = areas.get(where) or min(
            areas.values(), key=lambda each: metres_between(each.point, point), default=None
        )
        if area is not None and metres_between(area.point, point) <= NEAREST_WITHIN_M:
            found[area.key] = area
    return list(found.values())


def distance_in_words(metres: int) -> str:
    """How far it is, from the middle of one area to the middle of the other."""
    if metres < 1000:
        return _("etwa %(m)d m entfernt") % {"m": max(metres, ROUNDED_TO_M)}
    return _("etwa %(km)s km entfernt") % {"km": f"{metres / 1000:.1f}".replace(".", ",")}
