"""Into the outbox."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from helfer.notifications.doorbell import doorbell
from helfer.notifications.kinds import notice_of
from helfer.notifications.models import Message
from helfer.people.models import HelpSeeker, Office, Person


@transaction.atomic
def post(
    *,
    kind: str,
    subject_id: int,
    recipient: Person,
    at: datetime,
    occasion: str = "",
    due_at: datetime | None = None,
    office: Office | None = None,
) -> Message:
    """Lay a message into the outbox, once for its kind, subject, recipient and occasion.

    It belongs to the caller's transaction: it leaves if and only if that commits.
    """
    notice_of(kind)
    if office is None:
        seeker = HelpSeeker.objects.filter(person=recipient).select_related("office").first()
        office = seeker.office if seeker else None
    due_at = due_at or at
    # Two transactions posting the same wait for each other here, and neither of them breaks.
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                subject_id=subject_id,
                recipient=recipient,
                occasion=occasion,
                office=office,
                created_at=at,
                due_at=due_at,
            )
        ],
        ignore_conflicts=True,
    )
    message = Message.objects.get(kind=kind, subject_id=subject_id, recipient=recipient, occasion=occasion)
    if message.created_at == at and message.due_at <= at:
        transaction.on_commit(lambda: doorbell.ring(message.pk), robust=True)
    return message
