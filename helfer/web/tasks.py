"""What the pages leave to the clock."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from helfer.web.kept_lists import forget_old


@shared_task
def forget_sent_lists() -> int:
    """Lists that nobody said yes to are thrown away."""
    return forget_old(at=timezone.now())
