"""A human being, entered once and kept right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import CareLevel, HelpSeeker, Office, Person, User
from helfer.people.permissions import can_act_for_office, can_add_people, can_edit_person
from helfer.people.places_of_persons import ADDRESS_FIELDS, NewAddress, settle


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is known of a person beside the address."""

    family_name: str
    given_name: str = ""
    birth_year: int | None = None
    gender: str = ""
    phone: str = ""
    mobile: str = ""
    email: str = ""
    language: str = "de"


def _write(person: Person, details: PersonDetails) -> None:
    for name, value in asdict(details).items():
        setattr(person, name, value.strip() if isinstance(value, str) else value)


def locked_person(person_id: int) -> Person:
    """The person, read again under its lock. Raises ``Conflict`` where the record is gone."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise Conflict(_("Diese Person gibt es nicht."))
    if person.merged_into_id is not None:
        raise Conflict(_("Diese Person wurde mit einer anderen zusammengeführt."), code="merged")
    return person


@transaction.atomic
def create_person(
    *, details: PersonDetails, address: NewAddress | None = None, by: User, at: datetime
) -> Person:
    """Enter a human being; look for the same one first (``Person.objects.alike``)."""
    can_add_people(by, on=berlin_day(at))
    person = Person()
    _write(person, details)
    if address is not None:
        settle(person, address)
    must_be_valid(person)
    person.save()
    # District and quarter are the database's.
    person.refresh_from_db(fields=["district", "quarter"])
    return person


@transaction.atomic
def update_person(*, person_id: int, details: PersonDetails, by: User, at: datetime) -> Person:
    """Correct name, year of birth, phones, e-mail or language."""
    person = locked_person(person_id)
    can_edit_person(by, person)
    _write(person, details)
    must_be_valid(person)
    person.save(update_fields=list(asdict(details)))
    return person


@transaction.atomic
def take_down_person(
    *,
    person: Person | PersonDetails,
    by: User,
    at: datetime,
    corrections: PersonDetails | None = None,
    address: NewAddress | None = None,
) -> Person:
    """Enter somebody new; of somebody known take over the corrections and the address that were said."""
    if isinstance(person, PersonDetails):
        return create_person(details=person, address=address, by=by, at=at)
    if corrections is not None:
        person = update_person(person_id=person.pk, details=corrections, by=by, at=at)
    if address is not None:
        person = change_address(person_id=person.pk, address=address, by=by, at=at)
    return person


@transaction.atomic
def change_address(*, person_id: int, address: NewAddress, by: User, at: datetime) -> Person:
    """Note where somebody lives now; an address found only by likeness waits to be confirmed."""
    person = locked_person(person_id)
    can_edit_person(by, person)
    settle(person, address)
    person.moved_on = None
    must_be_valid(person)
    person.save(update_fields=[*ADDRESS_FIELDS, "moved_on"])
    person.refresh_from_db(fields=["district", "quarter"])
    return person


@transaction.atomic
def confirm_address(
    *, person_id: int, by: User, at: datetime, address: NewAddress | None = None, point: Point | None = None
) -> Person:
    """Somebody looked: a suggestion is meant (``address``), or this ``point``, or it is right as it is."""
    person = locked_person(person_id)
    can_edit_person(by, person)
    if address is not None:
        settle(person, address)
    elif point is not None:
        own = (person.street, person.house_number, person.postcode, person.town)
        settle(person, NewAddress(*own, point=point))
    person.location_to_confirm = False
    must_be_valid(person)
    person.save(update_fields=[*ADDRESS_FIELDS])
    person.refresh_from_db(fields=["district", "quarter"])
    return person


def office_for(person: Person) -> Office | None:
    """The office that serves the person's district."""
    if person.district_id is None:
        return None
    return Office.objects.filter(officedistrict__district=person.district_id, is_active=True).first()


@transaction.atomic
def create_help_seeker(
    *,
    person_id: int,
    by: User,
    at: datetime,
    office: Office | None = None,
    care_level: CareLevel = CareLevel.NONE,
    lives_at_home: bool = True,
    remark: str = "",
) -> HelpSeeker:
    """Let a person be helped, by the given office or the one that serves their district."""
    person = locked_person(person_id)
    office = office or office_for(person)
    can_act_for_office(by, office, on=berlin_day(at))
    seeker = HelpSeeker(
        person=person, office=office, care_level=care_level, lives_at_home=lives_at_home, remark=remark
    )
    must_be_valid(seeker)
    seeker.save()
    return seeker


@transaction.atomic
def update_help_seeker(
    *, help_seeker_id: int, care_level: CareLevel, lives_at_home: bool, remark: str, by: User, at: datetime
) -> HelpSeeker:
    """Note a new Pflegegrad, a move into a home, or a remark."""
    seeker = (
        HelpSeeker.objects.select_for_update(of=("self",)).select_related("office").get(pk=help_seeker_id)
    )
    can_act_for_office(by, seeker.office, on=berlin_day(at))
    seeker.care_level, seeker.lives_at_home, seeker.remark = care_level, lives_at_home, remark
    must_be_valid(seeker)
    seeker.save(update_fields=["care_level", "lives_at_home", "remark"])
    return seeker
