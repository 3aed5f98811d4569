"""A small made-up country: squares of roughly one kilometre, streets with houses."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from factory.django import DjangoModelFactory

from helfer.places.models import Address, District, Municipality, Postcode, Quarter
from helfer.places.normalise import split_house_number, street_key

# The south-western corner of the made-up country and the side of its squares, in degrees.
CORNER = (7.40, 51.50)
SIDE = 0.01


def square(column: float, row: float, width: float = 1, height: float = 1) -> MultiPolygon:
    """A rectangle on the made-up country's grid."""
    west, south = CORNER[0] + column * SIDE, CORNER[1] + row * SIDE
    return MultiPolygon(
        Polygon.from_bbox((west, south, west + width * SIDE, south + height * SIDE)), srid=4326
    )


def point_in(column: float, row: float) -> Point:
    """A point on the made-up country's grid: ``point_in(0.5, 0.5)`` is the middle of the first square."""
    return Point(CORNER[0] + column * SIDE, CORNER[1] + row * SIDE, srid=4326)


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    """A municipality in Nordrhein-Westfalen with a key of its own."""

    class Meta:
        model = Municipality
        django_get_or_create = ("key",)

    class Params:
        own = factory.Trait(key="05913000", name="Dortmund")
        bavarian = factory.Trait(key=factory.Sequence(lambda n: f"09{n + 1:06}"))

    key = factory.Sequence(lambda n: f"059{n + 90000:05}")
    name = factory.Sequence(lambda n: f"Musterstadt {n}")


class DistrictFactory(DjangoModelFactory[District]):
    """The n-th square of the first row; ``at=(column, row)`` puts it elsewhere."""

    class Meta:
        model = District

    class Params:
        at = factory.Sequence(lambda n: (n % 40, n // 40))

    municipality = factory.SubFactory(MunicipalityFactory, own=True)
    name = factory.Sequence(lambda n: f"Bezirk {n}")
    slug = factory.LazyAttribute(lambda district: district.name.lower().replace(" ", "-"))
    area = factory.LazyAttribute(lambda district: square(*district.at))


class QuarterFactory(DjangoModelFactory[Quarter]):
    """A quarter that fills its district."""

    class Meta:
        model = Quarter

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"Quartier {n}")
    area = factory.LazyAttribute(lambda quarter: quarter.district.area)


class PostcodeFactory(DjangoModelFactory[Postcode]):
    """A postcode without polygon; ``drawn=True`` gives it the first square."""

    class Meta:
        model = Postcode
        django_get_or_create = ("plz",)

    class Params:
        drawn = factory.Trait(area=factory.LazyFunction(lambda: square(0, 0)))

    plz = factory.Sequence(lambda n: f"{n % 10000 + 44000:05}")
    town = "Dortmund"
    land = "NW"
    point = factory.LazyFunction(lambda: point_in(0.5, 0.5))
    area_km2 = 1.0


class AddressFactory(DjangoModelFactory[Address]):
    """A house; ``house("Musterweg", "12 a")`` is the short way."""

    class Meta:
        model = Address

    municipality = factory.SubFactory(MunicipalityFactory, own=True)
    street = "Musterweg"
    street_norm = factory.LazyAttribute(lambda address: street_key(address.street))
    house_number = factory.Sequence(lambda n: str(n + 1))
    point = factory.LazyFunction(lambda: point_in(0.5, 0.5))


def house(street: str, number: str, column: float = 0.5, row: float = 0.5, **more: Any) -> Address:
    """A house by its written address."""
    split = split_house_number(number)
    assert split is not None, number
    return AddressFactory(
        street=street, house_number=split.number, suffix=split.suffix, point=point_in(column, row), **more
    )
