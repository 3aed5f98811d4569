"""Which polygon a point belongs to, and what the database keeps by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection

from helfer.places.models import Address, District, Municipality, Quarter
from tests.factories.places import (
    AddressFactory,
    DistrictFactory,
    MunicipalityFactory,
    PostcodeFactory,
    QuarterFactory,
    point_in,
    square,
)

pytestmark = pytest.mark.django_db


def test_a_point_inside_belongs_to_its_district() -> None:
    DistrictFactory(at=(0, 0))
    east = DistrictFactory(at=(1, 0))
    assert District.objects.containing(point_in(1.5, 0.5)) == east


def test_a_point_on_a_border_belongs_to_the_lower_id() -> None:
    lower, higher = DistrictFactory(at=(1, 0)), DistrictFactory(at=(0, 0))
    assert District.objects.containing(point_in(1, 0.5)) == lower
    assert set(District.objects.covering(point_in(1, 0.5))) == {lower, higher}


def test_a_point_outside_belongs_to_nothing() -> None:
    QuarterFactory(district__at=(0, 0))
    assert District.objects.containing(point_in(3, 3)) is None
    assert Quarter.objects.containing(point_in(3, 3)) is None


def test_quarters_follow_the_same_rule() -> None:
    district = DistrictFactory(at=(0, 0))
    lower = QuarterFactory(district=district, area=square(0, 0, 0.5))
    higher = QuarterFactory(district=district, area=square(0.5, 0, 0.5))
    assert Quarter.objects.containing(point_in(0.5, 0.5)) == lower
    assert Quarter.objects.containing(point_in(0.6, 0.5)) == higher


def test_the_inner_point_lies_inside_however_the_polygon_was_written() -> None:
    district = DistrictFactory(at=(0, 0))
    assert district.area.contains(district.inner_point)
    District.objects.filter(pk=district.pk).update(area=square(5, 5))
    district.refresh_from_db()
    assert square(5, 5).contains(district.inner_point)


def test_the_default_municipality_is_made_once() -> None:
    first = Municipality.objects.default()
    assert (first.key, first.name, first.land) == ("05913000", "Dortmund", "NW")
    assert Municipality.objects.default() == first


@pytest.mark.parametrize("key", ["5913000", "0591300A", "0591300 "])
def test_a_municipality_key_has_eight_digits(key: str) -> None:
    with pytest.raises(IntegrityError, match="municipality_key_has_eight_digits"):
        Municipality.objects.create(key=key, name="X")


def test_a_postcode_has_five_digits() -> None:
    with pytest.raises(IntegrityError, match="postcode_has_five_digits"):
        PostcodeFactory(plz="4413")


def test_district_names_are_unique_in_their_municipality_only() -> None:
    DistrictFactory(name="Mitte")
    DistrictFactory(name="Mitte", municipality=MunicipalityFactory())
    with pytest.raises(IntegrityError, match="district_name_is_unique_in_its_municipality"):
        DistrictFactory(name="Mitte", slug="other")


def _insert(address: Address) -> None:
    AddressFactory(municipality=address.municipality)


def _update(address: Address) -> None:
    Address.objects.filter(pk=address.pk).update(street="Neuer Weg")


def _raw(address: Address) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_address WHERE id = %s", [address.pk])


@pytest.mark.parametrize("change", [_insert, _update, _raw])
def test_every_change_of_addresses_renews_the_municipalitys_version(change: Any) -> None:
    address = AddressFactory()
    other = MunicipalityFactory()
    before = Municipality.objects.in_bulk()
    change(address)
    after = Municipality.objects.in_bulk()
    assert (
        after[address.municipality_id].addresses_version != before[address.municipality_id].addresses_version
    )
    assert after[other.pk].addresses_version == before[other.pk].addresses_version


def test_places_are_called_by_their_names() -> None:
    assert str(AddressFactory(street="Musterweg", house_number="12", suffix="a")) == "Musterweg 12 a"
    assert str(AddressFactory(street="Musterweg", house_number="12", suffix="-14")) == "Musterweg 12-14"
    assert str(PostcodeFactory(plz="44135")) == "44135 Dortmund"
    assert str(QuarterFactory(name="Nordmarkt", district__name="Nord")) == "Nordmarkt"
