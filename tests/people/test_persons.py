from __future__ import annotations

from datetime import date, datetime

import pytest

from helfer.core.errors import Conflict, NotAllowed
from helfer.people.actions import (
    PersonDetails,
    change_address,
    confirm_address,
    create_help_seeker,
    create_person,
    update_help_seeker,
    update_person,
)
from helfer.people.models import CareLevel, Person
from helfer.people.places_of_persons import NewAddress
from helfer.places.models import Address, LocationQuality, Municipality, Postcode
from helfer.places.normalise import street_key
from tests.factories.people import (
    HelpSeekerFactory,
    OfficeFactory,
    PersonFactory,
    UserFactory,
    point_near,
    tandem,
)
from tests.people.areas import district

pytestmark = pytest.mark.django_db

BERGER = PersonDetails(family_name=" Berger ", given_name="Erika", birth_year=1941, phone="0231 5012345")


@pytest.fixture
def streets() -> None:
    """Two houses of a street and the postcode around it."""
    city = Municipality.objects.default()
    Postcode.objects.create(plz="44137", town=city.name, land="NW", point=point_near(50), area_km2=4)
    for number, east_m in (("12", 100), ("14", 140)):
        Address.objects.create(
            municipality=city,
            street="Lindenstraße",
            street_norm=street_key("Lindenstraße"),
            house_number=number,
            postcode="44137",
            town=city.name,
            point=point_near(east_m),
        )


def test_the_exact_house_is_taken_with_its_district(streets: None, now: datetime) -> None:
    east = district("Ost", 0, 1000)
    municipal, _association = tandem(OfficeFactory())
    person = create_person(
        details=BERGER, address=NewAddress("lindenstr.", "12", "44137"), by=municipal, at=now
    )
    assert (person.family_name, person.street, person.house_number) == ("Berger", "Lindenstraße", "12")
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.ADDRESS, False)
    assert person.home is not None and person.home.equals_exact(point_near(100), 1e-9)
    assert person.district == east
    assert str(person.phone) == "0231 5012345"


def test_what_is_only_alike_is_never_taken_silently(streets: None, now: datetime) -> None:
    municipal, _association = tandem(OfficeFactory())
    said = NewAddress("Lindnstraße", "12", "44137")
    person = create_person(details=BERGER, address=said, by=municipal, at=now)
    assert person.location_to_confirm
    assert person.location_quality == LocationQuality.POSTCODE
    assert person.street == "Lindnstraße", "what was said stays until somebody has looked"
    meant = said.search().suggestions[0]
    create_help_seeker(person_id=person.pk, office=municipal.seats.get().office, by=municipal, at=now)
    person = confirm_address(
        person_id=person.pk,
        address=NewAddress(meant.street, meant.house_number, meant.postcode),
        by=municipal,
        at=now,
    )
    assert not person.location_to_confirm
    assert (person.street, person.location_quality) == ("Lindenstraße", LocationQuality.ADDRESS)


def test_an_address_may_be_right_as_it_is_or_set_by_hand(streets: None, now: datetime) -> None:
    municipal, _association = tandem(OfficeFactory())
    seeker = HelpSeekerFactory(office=municipal.seats.get().office)
    change_address(
        person_id=seeker.person_id, address=NewAddress("Lindenstraße", "99", "44137"), by=municipal, at=now
    )
    person = confirm_address(person_id=seeker.person_id, by=municipal, at=now)
    assert (person.location_quality, person.location_to_confirm) == (LocationQuality.STREET, False)
    person = confirm_address(person_id=person.pk, point=point_near(7), by=municipal, at=now)
    assert person.location_quality == LocationQuality.MANUAL
    assert person.house_number == "99"


def test_without_any_hit_the_home_is_not_known(now: datetime) -> None:
    municipal, _association = tandem(OfficeFactory())
    person = create_person(details=BERGER, address=NewAddress("Nirgends", "1"), by=municipal, at=now)
    assert (person.home, person.location_quality, person.district) == (None, "", None)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (PersonDetails(family_name="  "), "family_name"),
        (PersonDetails(family_name="B", phone="12"), "phone"),
        (PersonDetails(family_name="B", email="keine adresse"), "email"),
        (PersonDetails(family_name="B", gender="x"), "gender"),
        (PersonDetails(family_name="B" * 121), "family_name"),
        (PersonDetails(family_name="B", birth_year=-3), "birth_year"),
        (PersonDetails(family_name="B", birth_year=1700), None),
    ],
)
def test_bad_details_get_a_sentence_at_their_field(
    details: PersonDetails, field: str | None, now: datetime
) -> None:
    municipal, _association = tandem(OfficeFactory())
    with pytest.raises(Conflict) as refusal:
        create_person(details=details, by=municipal, at=now)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert not Person.objects.filter(family_name__startswith="B").exists()


def test_only_the_office_enters_people_and_only_its_own_are_edited(now: datetime) -> None:
    with pytest.raises(NotAllowed):
        create_person(details=BERGER, by=UserFactory(helper=True), at=now)
    with pytest.raises(NotAllowed):
        create_person(details=BERGER, by=UserFactory(tandem=True), at=now)
    municipal, _association = tandem(OfficeFactory())
    with pytest.raises(NotAllowed):
        update_person(person_id=HelpSeekerFactory().person_id, details=BERGER, by=municipal, at=now)
    own = UserFactory(helper=True)
    changed = update_person(person_id=own.person_id, details=BERGER, by=own, at=now)
    assert changed.full_name == "Erika Berger"


def test_a_help_seeker_comes_to_the_office_of_their_district(now: datetime) -> None:
    east = district("Ost", 0, 1000)
    office = OfficeFactory(districts=[east])
    municipal, _association = tandem(office)
    person = PersonFactory(home=point_near(300))
    assert create_help_seeker(person_id=person.pk, by=municipal, at=now).office == office
    with pytest.raises(Conflict):
        create_help_seeker(person_id=person.pk, by=municipal, at=now)
    other, _association = tandem(OfficeFactory())
    with pytest.raises(NotAllowed):
        create_help_seeker(person_id=PersonFactory(home=point_near(300)).pk, by=other, at=now)


def test_a_pflegegrad_is_noted_by_the_own_office(now: datetime) -> None:
    seeker = HelpSeekerFactory()
    municipal, _association = tandem(seeker.office)
    new = {"care_level": CareLevel.THREE, "lives_at_home": True, "remark": "ruhig", "at": now}
    update_help_seeker(help_seeker_id=seeker.pk, by=municipal, **new)
    seeker.refresh_from_db()
    assert seeker.care_level == CareLevel.THREE
    with pytest.raises(NotAllowed):
        update_help_seeker(help_seeker_id=seeker.pk, by=UserFactory(coordinator=True), **new)


def test_the_same_human_being_is_found_before_being_entered_again() -> None:
    erika = PersonFactory(family_name="Berger", birth_year=1941, phone="+492315012345")
    assert list(Person.objects.alike(family_name="berger", birth_year=1941)) == [erika]
    assert list(Person.objects.alike(family_name="X", birth_year=None, phone="+492315012345")) == [erika]
    assert not Person.objects.alike(family_name="Berger", birth_year=1950).exists()
    Person.objects.filter(pk=erika.pk).update(died_on=date(2026, 1, 1))
    assert not Person.objects.alike(family_name="Berger", birth_year=1941).exists()
