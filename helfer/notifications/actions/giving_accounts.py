"""Somebody gets an account and hears of it, in one go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from helfer.people import actions as people_actions
from helfer.people.actions import PersonDetails
from helfer.people.models import Person, User

from .invite import invite


@transaction.atomic
def give_account(
    *, person: Person | PersonDetails, email: str, kinds: Collection[str], by: User, at: datetime
) -> User:
    """Keep the person (new, or one who is known), give them an account and invite them.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    if isinstance(person, PersonDetails):
        person = people_actions.create_person(details=person, by=by, at=at)
    user = people_actions.create_account(person=person, email=email, kinds=kinds, by=by, at=at)
    invite(user_id=user.pk, by=by, at=at)
    return user
