"""The door of the queue."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from helfer.core.locks import advisory_lock

from . import actions


@shared_task
def deliver(*, message_id: int) -> None:
    """Deliver the message for which the bell rang."""
    actions.deliver_message(message_id=message_id, at=timezone.now())


@shared_task
def deliver_sign_in_mail(*, mail_id: int) -> None:
    """Send the mail of the sign-in for which the bell rang."""
    actions.deliver_sign_in_mail(mail_id=mail_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Deliver whatever is due and was not heard of; one sweep at a time."""
    # Before the lock: a code runs out while a long sweep of messages still holds it.
    actions.deliver_sign_in_mails(at=timezone.now())
    with advisory_lock("notifications.sweep") as mine:
        if mine:
            actions.deliver_due(at=timezone.now())
