"""Somebody asks for help without an account: for themselves, or for somebody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests.actions.clarifying import HEALTH_CONSENT_TEXT, TELL_HELPER_TEXT
from helfer.help_requests.actions.details import RequestDetails
from helfer.help_requests.actions.submitting import take_in
from helfer.help_requests.models import HelpRequest, StatusCode
from helfer.help_requests.notices import REQUEST_RECEIVED
from helfer.help_requests.status_codes import digest_of_code, digest_of_phone, new_code
from helfer.notifications.actions import post
from helfer.people import actions as people_actions
from helfer.people.actions import PersonDetails
from helfer.people.models import CareLevel, ConsentKind
from helfer.people.places_of_persons import NewAddress

# What can be said yes to without an account, and the words that were read; a listing is seen before it.
CONSENT_TEXTS = {
    ConsentKind.KEEP_HEALTH_DATA: HEALTH_CONSENT_TEXT,
    ConsentKind.TELL_HELPER: TELL_HELPER_TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBy:
    """Somebody who asks for another person; that alone gives them no power."""

    details: PersonDetails
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForHelp:
    """Everything that was said without an account; ``phone`` is where to call back."""

    person: PersonDetails
    address: NewAddress | None
    request: RequestDetails
    phone: str
    care_level: CareLevel = CareLevel.NONE
    consents: Collection[ConsentKind] = ()
    asked_by: AskedBy | None = None
    wants_confirmation: bool = False


@transaction.atomic
def ask_for_help(*, asked: AskedForHelp, at: datetime) -> tuple[HelpRequest, str]:
    """Keep person, help seeker and request, and say by which code its state can be asked for.

    The person is always a new record; who is known already is recognised at the desk only. Another person's
    word consents to nothing. Raises ``NotAllowed`` or ``Conflict``.
    """
    _must_be_their_own_word(asked)
    seeker = people_actions.enter_stranger_as_seeker(
        details=asked.person, address=asked.address, care_level=asked.care_level
    )
    people_actions.note_strangers_consents(
        person=seeker.person,
        texts=[(kind, text) for kind, text in CONSENT_TEXTS.items() if kind in asked.consents],
        at=at,
    )
    told = seeker.person
    if asked.asked_by is not None:
        told = people_actions.enter_strangers_relative(
            seeker=seeker, details=asked.asked_by.details, relation=asked.asked_by.relation
        ).person
    request = take_in(seeker=seeker, details=asked.request, office=seeker.office, today=berlin_day(at))
    code = new_code()
    StatusCode.objects.create(
        request=request, code_digest=digest_of_code(code), phone_digest=digest_of_phone(asked.phone)
    )
    if asked.wants_confirmation:
        post(kind=REQUEST_RECEIVED, subject_id=request.pk, recipient=told, at=at, office=request.office)
    return request, code


def _must_be_their_own_word(asked: AskedForHelp) -> None:
    if asked.asked_by is not None and (asked.consents or asked.care_level != CareLevel.NONE):
        raise NotAllowed(
            _("Einwilligen und über die eigene Pflege sprechen kann nur die Person selbst."),
            code="not_own_consent",
        )
    if asked.care_level != CareLevel.NONE and ConsentKind.KEEP_HEALTH_DATA not in asked.consents:
        raise Conflict(
            _("Ohne ein Ja dazu bewahren wir keine Angaben zum Pflegegrad auf."), code="health_consent"
        )
