"""Who may handle an office's messages."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from helfer.core.errors import NotAllowed
from helfer.people.models import Kind, Office, User


def must_handle_messages_of(office: Office | None, *, user: User, on: date) -> None:
    """The office's tandem handles its letters; what belongs to no office is the coordinators'.

    Raises ``NotAllowed``.
    """
    if office is None:
        allowed = user.has_kind(Kind.COORDINATOR)
    else:
        allowed = user.has_kind(Kind.TANDEM) and user.seats_on(on).filter(office=office).exists()
    if not allowed:
        raise NotAllowed(_("Das kann nur das Tandem des zuständigen Seniorenbüros."), code="no_seat")
