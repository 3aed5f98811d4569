"""Who may do what with a request. Each raises ``NotAllowed`` or returns nothing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from helfer.core.errors import NotAllowed
from helfer.help_requests.models import HelpRequest
from helfer.people.models import HelpSeeker, Office, Representative, User
from helfer.people.permissions import can_act_for_office


def speaks_for(user: User, help_seeker: HelpSeeker) -> bool:
    """Whether this account is the help seeker's own, or of somebody whom they want to be told."""
    if not user.is_active or user.person_id is None:
        return False
    if user.person_id == help_seeker.person_id:
        return True
    told = Representative.objects.filter(help_seeker=help_seeker, person_id=user.person_id, may_be_told=True)
    return told.exists()


def can_submit_for(user: User, help_seeker: HelpSeeker, *, office: Office | None, on: date) -> None:
    """Help is asked for by the person, by whoever speaks for them, or by the office's tandem."""
    if not speaks_for(user, help_seeker):
        can_act_for_office(user, office, on=on)


def can_work_on(user: User, request: HelpRequest, *, on: date) -> None:
    """A request is the matter of its office's tandem."""
    can_act_for_office(user, request.office, on=on)


def can_withdraw(user: User, request: HelpRequest, *, on: date) -> None:
    """A request is taken back by the person themselves, or at the office."""
    if request.help_seeker.person_id != user.person_id or not user.is_active:
        can_work_on(user, request, on=on)


def may_be_heard(representative: Representative, *, help_seeker: HelpSeeker, on: date) -> None:
    """Where the person cannot speak for themselves, only somebody whose paper the office saw is heard."""
    if representative.help_seeker_id != help_seeker.pk or not representative.may_consent_on(on):
        raise NotAllowed(
            _(
                "Gehört wird die Person selbst oder wer eine gültige Vollmacht oder Bestellung für "
                "Gesundheit und Pflege hat. Für diese Vertretung liegt dem Büro keine vor."
            ),
            code="may_not_consent",
            field="heard_representative",
        )
