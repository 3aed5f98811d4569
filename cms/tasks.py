"""What is looked after every night."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from cms.models import FormPage


@shared_task
def daily() -> None:
    """Forget answers to forms that were kept long enough; tell the search what the catalogue says now."""
    for page in FormPage.objects.order_by("pk"):
        before = timezone.now() - timedelta(days=page.keep_days)
        page.get_submissions().filter(submit_time__lt=before).delete()
    call_command("update_index", verbosity=0)
