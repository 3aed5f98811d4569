"""What the clock asks of helpers' proofs."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from helfer.core.days import berlin_day
from helfer.core.history import acting
from helfer.core.locks import advisory_lock
from helfer.helpers.actions import delete_due_inspections, remind_of_certificates


@shared_task
def daily() -> None:
    """Reminders go out, and notes of inspections go that may be kept no longer."""
    now = timezone.now()
    with advisory_lock("helpers.daily") as mine, acting(None, door="task"):
        if mine:
            remind_of_certificates(at=now)
            delete_due_inspections(on=berlin_day(now))
