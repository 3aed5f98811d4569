"""What the clock asks of matching."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from helfer.core.locks import advisory_lock
from helfer.matching.actions import daily_tick


@shared_task
def daily() -> None:
    """The day's own changes; two beats at once harm nothing."""
    with advisory_lock("matching.daily") as mine:
        if mine:
            daily_tick(at=timezone.now())
