"""Who may do what with helpers and their proofs. Each raises ``NotAllowed`` or returns nothing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from helfer.core.errors import NotAllowed
from helfer.helpers.models import HelperProfile
from helfer.people.models import Kind, Office, Person, User
from helfer.people.permissions import can_act_for_office


def is_own(user: User, person: Person) -> bool:
    """Whether this account is the helper's own."""
    return user.is_active and user.person_id == person.pk


def can_register(user: User, person: Person, *, office: Office | None, on: date) -> None:
    """Somebody offers help themselves, or tells the office."""
    if not is_own(user, person):
        can_act_for_office(user, office, on=on)


def can_work_on(user: User, helper: HelperProfile, *, on: date) -> None:
    """A helper's interview and state are the matter of their office's tandem, never their own."""
    if is_own(user, helper.person):
        raise NotAllowed(_("Das entscheidet das Büro, nicht Sie selbst."), code="own_profile")
    can_act_for_office(user, helper.office, on=on)


def can_edit_profile(user: User, helper: HelperProfile, *, on: date) -> None:
    """What a helper offers: the helper themselves, and their office's tandem."""
    if not is_own(user, helper.person):
        can_act_for_office(user, helper.office, on=on)


def can_keep_certificates(user: User, helper: HelperProfile, *, on: date) -> None:
    """Proofs are checked by the training team or the office's tandem; nobody checks their own."""
    if is_own(user, helper.person):
        raise NotAllowed(_("Die eigenen Nachweise prüft jemand anderes."), code="own_certificate")
    if not user.has_kind(Kind.TRAINING):
        can_act_for_office(user, helper.office, on=on)
