"""Somebody offers help without an account: nobody checked it, so it is always a record of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from helfer.catalogue.models import Training
from helfer.core.days import berlin_day
from helfer.helpers.actions.certifying import keep_newcomers_proof
from helfer.helpers.actions.profiles import HelperDetails, new_number
from helfer.helpers.models import HelperProfile
from helfer.helpers.notices import OFFER_RECEIVED
from helfer.notifications.actions import post
from helfer.people import actions as people_actions
from helfer.people.actions import PersonDetails, office_for
from helfer.people.places_of_persons import NewAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A proof as it was sent; it counts once staff have verified it."""

    training: Training
    issued_on: date
    file: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedHelp:
    """Everything that was said without an account."""

    person: PersonDetails
    address: NewAddress | None
    details: HelperDetails
    proofs: Collection[HandedIn] = ()
    # What has no field of its own, for the office.
    remark: str = ""
    wants_confirmation: bool = False


@transaction.atomic
def offer_help(*, offered: OfferedHelp, at: datetime) -> HelperProfile:
    """Keep person and offer at the office of their district; the office speaks with them first.

    Whether somebody is known already is recognised at the desk only. Raises ``Conflict``.
    """
    today = berlin_day(at)
    person = people_actions.enter_stranger(details=offered.person, address=offered.address)
    office = office_for(person)
    helper = HelperProfile(
        person=person,
        office=office,
        number=new_number(office),
        helper_since=today,
        remark=offered.remark.strip(),
    )
    offered.details.write_to(helper)
    for proof in offered.proofs:
        keep_newcomers_proof(
            helper=helper, training=proof.training, issued_on=proof.issued_on, at=at, file=proof.file
        )
    if offered.wants_confirmation:
        post(kind=OFFER_RECEIVED, subject_id=helper.pk, recipient=person, at=at, office=office)
    return helper
