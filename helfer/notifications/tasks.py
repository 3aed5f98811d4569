"""The door of the queue."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from helfer.core.locks import advisory_lock

from .actions import deliver_due, deliver_message


@shared_task
def deliver(*, message_id: int) -> None:
    """Deliver the message for which the bell rang."""
    deliver_message(message_id=message_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Deliver whatever is due and was not heard of; one sweep at a time."""
    with advisory_lock("notifications.sweep") as mine:
        if mine:
            deliver_due(at=timezone.now())
