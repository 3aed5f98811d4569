"""Inviting somebody to use their account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.notifications.models import Message
from helfer.people.models import User
from helfer.people.permissions import can_keep_account

from .post import post


@transaction.atomic
def invite(*, user_id: int, by: User, at: datetime) -> Message:
    """Tell the owner of an account how to sign in for the first time; once a day at most."""
    user = User.objects.select_related("person").get(pk=user_id)
    can_keep_account(by, user)
    if not user.is_active:
        raise Conflict(_("Dieser Zugang ist geschlossen."))
    if user.person is None:
        raise Conflict(_("Ein Systemzugang gehört niemandem, den man einladen könnte."))
    return post(
        kind="account_invited",
        subject_id=user.pk,
        recipient=user.person,
        occasion=f"{at:%Y-%m-%d}",
        at=at,
    )
