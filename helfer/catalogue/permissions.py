"""Who may change the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helfer.core.errors import NotAllowed
from helfer.people.models import Kind, User


def can_change_catalogue(user: User) -> None:
    """The catalogue of the whole city is the coordinators' matter. Raises ``NotAllowed``."""
    if not user.has_kind(Kind.COORDINATOR):
        raise NotAllowed(_("Den Katalog ändert nur die Geschäftsstelle."), code="not_coordinator")
