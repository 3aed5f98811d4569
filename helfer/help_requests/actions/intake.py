"""A call comes in: who needs help, who calls for them, and what is needed, in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from helfer.core.days import berlin_day
from helfer.core.errors import NotAllowed
from helfer.help_requests.actions.details import RequestDetails
from helfer.help_requests.actions.submitting import submit_request
from helfer.help_requests.models import HelpRequest
from helfer.people import actions as people_actions
from helfer.people.actions import PersonDetails
from helfer.people.models import CareLevel, HelpSeeker, Office, Person, RepresentativeKind, User
from helfer.people.permissions import can_act_for_office, can_edit_person
from helfer.people.places_of_persons import NewAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who calls for another person; that alone gives them no power."""

    details: PersonDetails
    relation: str = ""
    may_be_told: bool = False


@transaction.atomic
def record_call(
    *,
    person: Person | PersonDetails,
    address: NewAddress | None,
    request: RequestDetails,
    office: Office,
    by: User,
    at: datetime,
    corrections: PersonDetails | None = None,
    care_level: CareLevel | None = None,
    lives_at_home: bool = True,
    caller: Caller | None = None,
) -> HelpRequest:
    """Keep the person (new, or one who is known), whoever called for them, and the request.

    The person's own office wins over ``office``, the one that took the call; a known person's details,
    address and care level change only where they are given. Raises ``NotAllowed`` or ``Conflict``.
    """
    can_act_for_office(by, office, on=berlin_day(at))
    if isinstance(person, Person):
        can_edit_person(by, person)
    person = people_actions.take_down_person(
        person=person, corrections=corrections, address=address, by=by, at=at
    )
    seeker = HelpSeeker.objects.filter(person=person).first()
    if seeker is None:
        seeker = people_actions.create_help_seeker(
            person_id=person.pk,
            office=_office_for(person, office, by=by, at=at),
            care_level=care_level or CareLevel.NONE,
            lives_at_home=lives_at_home,
            by=by,
            at=at,
        )
    elif care_level is not None and care_level != seeker.care_level:
        seeker = people_actions.update_help_seeker(
            help_seeker_id=seeker.pk,
            care_level=care_level,
            lives_at_home=seeker.lives_at_home,
            remark=seeker.remark,
            by=by,
            at=at,
        )
    if caller is not None and not _speaks_already(seeker, caller):
        speaker = people_actions.add_representative(
            help_seeker_id=seeker.pk,
            person=caller.details,
            kind=RepresentativeKind.RELATIVE,
            relation=caller.relation,
            by=by,
            at=at,
        )
        people_actions.set_persons_choices(
            representative_id=speaker.pk,
            may_be_told=caller.may_be_told,
            is_emergency_contact=False,
            by=by,
            at=at,
        )
    return submit_request(help_seeker_id=seeker.pk, details=request, by=by, at=at, office=seeker.office)


def _speaks_already(seeker: HelpSeeker, caller: Caller) -> bool:
    """Whether the one who calls is among those who are known to speak for the person."""
    details = caller.details
    same = Person.objects.alike(family_name=details.family_name, birth_year=None, phone=details.phone)
    return seeker.representatives.filter(
        person__in=same.values("pk"), person__given_name__iexact=details.given_name.strip()
    ).exists()


def _office_for(person: Person, taking: Office, *, by: User, at: datetime) -> Office:
    """The office that serves the person's district, where the one who took the call may act for it."""
    own = people_actions.office_for(person)
    if own is None:
        return taking
    try:
        can_act_for_office(by, own, on=berlin_day(at))
    except NotAllowed:
        return taking
    return own
