"""What the desk does with a message that could not be delivered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, IllegalTransition
from helfer.notifications.doorbell import doorbell
from helfer.notifications.models import Message, MessageState
from helfer.notifications.permissions import must_handle_messages_of
from helfer.people.models import User


@transaction.atomic
def send_again(*, message_id: int, by: User, at: datetime) -> Message:
    """Try a failed message once more, after the address has been put right."""
    message = _failed(message_id, by=by, at=at)
    message.state, message.attempts, message.due_at, message.failure = MessageState.WAITING, 0, at, ""
    message.save(update_fields=["state", "attempts", "due_at", "failure"])
    transaction.on_commit(lambda: doorbell.ring(message.pk), robust=True)
    return message


@transaction.atomic
def settle_message(*, message_id: int, by: User, at: datetime) -> Message:
    """Take a failed message off the desk, because the office has told the person otherwise."""
    message = _failed(message_id, by=by, at=at)
    message.state = MessageState.CANCELLED
    message.save(update_fields=["state"])
    return message


def _failed(message_id: int, *, by: User, at: datetime) -> Message:
    message = (
        Message.objects.select_for_update(of=("self",)).select_related("office").filter(pk=message_id).first()
    )
    if message is None:
        raise Conflict(_("Diese Nachricht gibt es nicht."))
    must_handle_messages_of(message.office, user=by, on=berlin_day(at))
    if message.state != MessageState.FAILED:
        raise IllegalTransition(_("Diese Nachricht ist nicht gescheitert."))
    return message
