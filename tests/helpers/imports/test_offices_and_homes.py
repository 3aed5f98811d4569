"""Which office a row belongs to, and where its person lives."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from helfer.helpers.models import HelperProfile
from helfer.people.models import OfficeDistrict, Person
from helfer.places.models import District, LocationQuality, Municipality, Postcode
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, UserFactory
from tests.helpers.lists import numbers_of

pytestmark = pytest.mark.django_db


def district(name: str = "Mitte") -> District:
    square = MultiPolygon(Polygon.from_bbox((7.4, 51.4, 7.6, 51.7)), srid=4326)
    return District.objects.create(
        municipality=Municipality.objects.default(), name=name, slug=name.lower(), area=square
    )


def test_the_office_is_the_one_that_serves_the_district(run: Any) -> None:
    office = OfficeFactory(districts=[district()])
    run({})
    helper = HelperProfile.objects.select_related("person").get()
    assert helper.office == office
    assert helper.person.district is not None


def test_without_an_office_the_row_is_kept_for_the_coordinator(run: Any) -> None:
    run({})
    helper = HelperProfile.objects.get()
    assert helper.office is None
    assert helper in HelperProfile.objects.visible_to(UserFactory(coordinator=True))


def test_a_row_finds_its_office_once_the_list_names_one(run: Any) -> None:
    run({})
    office = OfficeFactory()
    assert numbers_of(run({}, office=office)) == (0, 1, 0, 0)
    assert HelperProfile.objects.get().office == office
    assert numbers_of(run({}, office=office)) == (0, 0, 1, 0)


def test_numbers_are_each_offices_own(run: Any) -> None:
    north, south = OfficeFactory(), OfficeFactory()
    run({}, office=north)
    other = {"nachname": "Petrov", "vorname": "Olga", "geburtsjahr": "1980", "telefon": "", "mobil": ""}
    assert numbers_of(run(other, office=south)) == (1, 0, 0, 0)
    report = run({})
    assert "in mehreren Büros" in report.faults[0].message


def test_a_number_without_an_office_does_not_stand_in_the_way_of_an_offices_list(run: Any) -> None:
    run({})
    other = {"nachname": "Weiß", "vorname": "Ole", "geburtsjahr": "1955", "email": "ole@beispiel.example"}
    assert numbers_of(run(other, office=OfficeFactory())) == (1, 0, 0, 0)
    assert HelperProfile.objects.filter(number="H-1").count() == 2


def test_a_district_that_gets_an_office_later_takes_new_rows_only() -> None:
    """What is there already waits for the coordinator, who moves it."""
    helper = HelperProfileFactory(office=None)
    office = OfficeFactory()
    OfficeDistrict.objects.create(office=office, district=district())
    helper.refresh_from_db()
    assert helper.office is None


def test_an_office_does_not_take_another_ones_helper(run: Any) -> None:
    north, south = OfficeFactory(), OfficeFactory()
    run({"nummer": ""}, office=north)
    report = run({"nummer": ""}, office=south)
    assert "schon eingetragen" in report.faults[0].message


def test_without_coordinates_the_postcode_serves_and_says_so(run: Any) -> None:
    Postcode.objects.create(plz="44143", town="Dortmund", point=Point(7.51, 51.52, srid=4326))
    run({"lat": "", "lon": ""})
    person = Person.objects.get(helper_profile__isnull=False)
    assert person.location_quality == LocationQuality.POSTCODE
    assert (person.street, person.house_number) == ("Igelgasse", "61 a")


def test_where_nobody_can_tell_where_it_is_the_row_is_a_fault(run: Any) -> None:
    report = run({"lat": "", "lon": ""})
    assert report.faults[0].column == "strasse"
    assert "lat und lon" in report.faults[0].message


@pytest.mark.usefixtures("street")
def test_the_exact_house_is_found(run: Any) -> None:
    run({"lat": "", "lon": "", "strasse": "igel-gasse", "hausnummer": "61A"})
    person = Person.objects.get(helper_profile__isnull=False)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.ADDRESS, False)
    assert (person.street, person.house_number) == ("Igelgasse", "61 a")
    assert person.home is not None
    assert round(person.home.x, 4) == 7.4947


@pytest.mark.usefixtures("street")
def test_what_is_only_alike_waits_at_the_postcode_for_somebody_to_confirm_it(run: Any) -> None:
    run({"lat": "", "lon": "", "strasse": "Igelgase"})
    person = Person.objects.get(helper_profile__isnull=False)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.POSTCODE, True)
    assert person.street == "Igelgase"
    assert person.home is not None
    assert round(person.home.x, 2) == 7.51


@pytest.mark.usefixtures("street")
def test_what_is_only_alike_without_a_postcode_is_a_fault_that_says_what_may_be_meant(run: Any) -> None:
    (fault,) = run({"lat": "", "lon": "", "strasse": "Igelgase", "plz": ""}).faults
    assert fault.column == "strasse"
    assert "Igelgasse 61 a" in fault.message


@pytest.mark.usefixtures("street")
def test_an_address_that_somebody_confirmed_survives_another_change_of_the_row(run: Any) -> None:
    columns = {"lat": "", "lon": "", "strasse": "Igelgase"}
    run(columns)
    Person.objects.filter(helper_profile__isnull=False).update(
        home=Point(7.4947, 51.5195, srid=4326),
        location_quality=LocationQuality.ADDRESS,
        location_to_confirm=False,
    )
    run(columns | {"umkreis_m": "900"})
    person = Person.objects.get(helper_profile__isnull=False)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.ADDRESS, False)
