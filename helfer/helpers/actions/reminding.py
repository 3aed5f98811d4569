"""Helpers are told in time that a proof runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from helfer.catalogue.models import Training
from helfer.core.days import berlin_day
from helfer.helpers.certificates import REMINDER_DAYS, reminder_days
from helfer.helpers.models import Certificate, HelperState
from helfer.helpers.notices import CERTIFICATE_RUNS_OUT
from helfer.notifications.actions import post


@transaction.atomic
def remind_of_certificates(*, at: datetime) -> int:
    """Post what is due today; a day missed is made up for, nothing is said twice. Says how many are due."""
    today = berlin_day(at)
    running_out = (
        Certificate.objects.verified()
        .filter(helper__state=HelperState.ACTIVE, valid_until__lte=today + timedelta(days=max(REMINDER_DAYS)))
        .select_related("helper__person", "helper__office", "training")
        .order_by("pk")
    )
    due = 0
    for certificate in running_out:
        if certificate.valid_until is None or not certificate.counts_on(today) or _is_followed(certificate):
            continue
        days = reminder_days(certificate.valid_until, grace_days=certificate.training.grace_days)
        reached = [day for day in days if certificate.issued_on < day <= today]
        if reached:
            due += 1
            post(
                kind=CERTIFICATE_RUNS_OUT,
                subject_id=certificate.pk,
                recipient=certificate.helper.person,
                occasion=max(reached).isoformat(),
                office=certificate.helper.office,
                at=at,
            )
    return due


def _is_followed(certificate: Certificate) -> bool:
    """Whether another proof of the same, or of what includes it, counts for longer."""
    others = certificate.helper.certificates.verified().filter(
        training__in=Training.objects.satisfying(certificate.training)
    )
    return any(
        other.valid_until is None or (certificate.valid_until and other.valid_until > certificate.valid_until)
        for other in others.exclude(pk=certificate.pk)
    )
