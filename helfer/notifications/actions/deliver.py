"""Out of the house, whatever dies in between.

First the attempt is noted and committed, then the message is sent under its row's lock, then its new state is
committed. A crash before the sending leaves it waiting for the next attempt; a crash after it repeats it with
the same reference, by which the recipient's side knows it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from helfer.notifications.delivery.email import reference_of, send_email
from helfer.notifications.delivery.refusals import Refused, Unreachable
from helfer.notifications.delivery.sms import configured_gateway, send_sms
from helfer.notifications.kinds import in_language_of, letter_for, notice_of
from helfer.notifications.models import DeliveryChannel, Message, MessageState

from .post import post

logger = logging.getLogger(__name__)

# So many in a row that nothing can be delivered right now: the rest waits for the next sweep.
GIVE_UP_AFTER = 3


def deliver_due(*, at: datetime, limit: int = 500) -> int:
    """Deliver what is due, one message after the other, and say how many were settled."""
    settled = failures = 0
    for _turn in range(limit):
        message_id = (
            Message.objects.due(at).select_for_update(skip_locked=True).values_list("pk", flat=True)[:1]
        )
        with transaction.atomic():
            found = message_id.first()
        if found is None:
            break
        state = deliver_message(message_id=found, at=at)
        if state is MessageState.WAITING:
            failures += 1
            if failures >= GIVE_UP_AFTER:
                break
        elif state is not None:
            settled += 1
            failures = 0
    return settled


def deliver_message(*, message_id: int, at: datetime) -> MessageState | None:
    """Send one due message the best way there is; None where it is not due or another worker has it."""
    attempt = _note_attempt(message_id, at)
    if attempt is None:
        return None
    with transaction.atomic(durable=True):
        message = (
            # Waits: a sweep that only looked may hold the row a moment; nobody else sends this attempt.
            Message.objects.select_for_update(of=("self",))
            .select_related("recipient", "office")
            .filter(pk=message_id, state=MessageState.WAITING, attempts=attempt)
            .first()
        )
        if message is None:
            return None
        _send(message, at)
        message.save(update_fields=["state", "channel", "sent_at", "failure"])
    return MessageState(message.state)


@transaction.atomic(durable=True)
def _note_attempt(message_id: int, at: datetime) -> int | None:
    message = (
        Message.objects.due(at)
        .select_for_update(skip_locked=True, of=("self",))
        .filter(pk=message_id)
        .first()
    )
    if message is None:
        return None
    backoff: list[int] = settings.HELFER_MESSAGE_BACKOFF_SECONDS
    if message.attempts > len(backoff):
        # Every attempt so far ended with the worker's own end: this message must not do that for ever.
        message.state = MessageState.FAILED
        message.failure = _("Die Zustellung ist mehrmals abgebrochen.")
        message.save(update_fields=["state", "failure"])
        return None
    # Nobody else takes it up before this time; after a crash it is tried again then.
    message.due_at = at + timedelta(seconds=backoff[min(message.attempts, len(backoff) - 1)])
    message.attempts += 1
    message.reference = message.reference or reference_of(message.pk)
    message.save(update_fields=["due_at", "attempts", "reference"])
    return message.attempts


def _send(message: Message, at: datetime) -> None:
    recipient = message.recipient
    message.failure = ""
    if not recipient.can_get_mail:
        message.state = MessageState.CANCELLED
        if recipient.merged_into is not None:
            _pass_on(message, at)
        return
    last = message.attempts > len(settings.HELFER_MESSAGE_BACKOFF_SECONDS)
    try:
        with transaction.atomic():
            letter = letter_for(message)
        if letter is None:
            message.state = MessageState.CANCELLED
            return
        for channel, way in _ways(message):
            message.channel = channel
            try:
                with in_language_of(recipient):
                    message.state = way(message)
            except Refused as refused:
                message.failure = refused.reason
            except Unreachable as unreachable:
                message.failure = unreachable.reason
                if not last:
                    message.channel = ""
                    return
            else:
                message.sent_at = at if message.state == MessageState.SENT else None
                return
    except Exception:  # a fault in one kind's words must not stop the others
        logger.exception("message %s cannot be rendered or sent", message.pk)
        message.failure = _("Beim Schreiben der Nachricht ist ein Fehler aufgetreten.")
        if not last:
            return
    message.channel = ""
    message.state = MessageState.FAILED
    message.failure = message.failure or _("Es gibt weder E-Mail noch Anschrift. Bitte rufen Sie an.")


Way = Callable[[Message], MessageState]


def _ways(message: Message) -> Iterator[tuple[DeliveryChannel, Way]]:
    """By e-mail where there is one, else by SMS where that is possible; a letter where neither works."""
    recipient = message.recipient
    if recipient.email:
        yield DeliveryChannel.EMAIL, _by_email
    elif recipient.mobile and notice_of(message.kind).sms and configured_gateway() is not None:
        yield DeliveryChannel.SMS, _by_sms
    if recipient.street and (recipient.postcode or recipient.town):
        yield DeliveryChannel.LETTER, _by_letter


def _by_email(message: Message) -> MessageState:
    send_email(message)
    return MessageState.SENT


def _by_sms(message: Message) -> MessageState:
    send_sms(message)
    return MessageState.SENT


def _by_letter(message: Message) -> MessageState:
    # It is written when the office prints it, with the words of that day.
    return MessageState.TO_PRINT


def _pass_on(message: Message, at: datetime) -> None:
    """What was for a record that has been merged goes to the one that remains."""
    assert message.recipient.merged_into is not None  # noqa: S101
    post(
        kind=message.kind,
        subject_id=message.subject_id,
        recipient=message.recipient.merged_into,
        occasion=message.occasion,
        office=message.office,
        at=at,
    )
