"""What the public may see of a place."""

from __future__ import annotations

from dataclasses import fields

import pytest

from helfer.places.public import PublicPlace, public_area, public_place
from tests.factories.places import DistrictFactory, QuarterFactory, point_in

pytestmark = pytest.mark.django_db


def test_all_homes_of_a_quarter_look_the_same() -> None:
    QuarterFactory(district__at=(0, 0), district__name="Nord", name="Nordmarkt")
    one, other = public_place(point_in(0.1, 0.1)), public_place(point_in(0.9, 0.8))
    assert one is not None and one == other
    assert (one.name, one.district) == ("Nordmarkt", "Nord")
    assert {field.name for field in fields(PublicPlace)} == {"name", "district", "inner_point"}


def test_without_quarters_the_district_serves() -> None:
    district = DistrictFactory(at=(0, 0), name="Nord")
    place = public_place(point_in(0.2, 0.3))
    assert place == public_area(None, district)
    assert place is not None and place.name == "Nord" and place.inner_point == district.inner_point


def test_outside_of_all_districts_nothing_is_shown() -> None:
    DistrictFactory(at=(0, 0))
    assert public_place(point_in(5, 5)) is public_place(None) is public_area(None, None) is None


def test_the_distance_is_counted_from_the_inner_point_and_rounded() -> None:
    QuarterFactory(district__at=(0, 0))
    one, other = public_place(point_in(0.01, 0.01)), public_place(point_in(0.99, 0.99))
    assert one is not None and other is not None
    there = point_in(2.5, 0.5)
    assert one.distance_m(there) == other.distance_m(there) == 1400
