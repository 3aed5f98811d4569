"""A neighbour registers by phone or on paper: who, where they live and what they offer, in one go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from helfer.helpers.actions.profiles import HelperDetails, register_helper
from helfer.helpers.models import HelperProfile
from helfer.people import actions as people_actions
from helfer.people.actions import PersonDetails
from helfer.people.models import Office, Person, User
from helfer.people.places_of_persons import NewAddress


@transaction.atomic
def enter_helper(
    *,
    person: Person | PersonDetails,
    address: NewAddress | None,
    details: HelperDetails,
    office: Office,
    by: User,
    at: datetime,
) -> HelperProfile:
    """Keep the person (new, or one who is known) and their offer; a given address replaces a known one.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    if isinstance(person, PersonDetails):
        person = people_actions.create_person(details=person, address=address, by=by, at=at)
    elif address is not None:
        person = people_actions.change_address(person_id=person.pk, address=address, by=by, at=at)
    return register_helper(person_id=person.pk, details=details, office=office, by=by, at=at)
