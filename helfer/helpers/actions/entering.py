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
    corrections: PersonDetails | None = None,
) -> HelperProfile:
    """Keep the person (new, or one who is known) and their offer; corrections and an address are taken over.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    person = people_actions.take_down_person(
        person=person, corrections=corrections, address=address, by=by, at=at
    )
    return register_helper(person_id=person.pk, details=details, office=office, by=by, at=at)
