"""How a helper's proofs stand today."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from helfer.catalogue.models import Training
from helfer.helpers.models import Certificate, HelperProfile


def standing_of(certificate: Certificate, today: date) -> dict[str, Any]:
    """A proof's standing in a word and a tone."""
    if certificate.verified_at is None:
        return {"label": gettext_lazy("zu prüfen"), "tone": "warning"}
    if certificate.valid_until is None or certificate.valid_until >= today:
        return {"label": gettext_lazy("gültig"), "tone": "success"}
    if (today - certificate.valid_until).days <= certificate.training.grace_days:
        return {"label": gettext_lazy("in der Nachfrist"), "tone": "warning"}
    return {"label": gettext_lazy("abgelaufen"), "tone": "danger"}


def missing_trainings(helper: HelperProfile, today: date) -> list[str]:
    """The names of trainings that the helper's roles need and that do not count today."""
    counting = helper.certificates.counting_on(today)
    needed = Training.objects.filter(required_by__in=helper.roles.all()).distinct().order_by("name")
    return [
        training.name
        for training in needed
        if not counting.filter(training__in=Training.objects.satisfying(training)).exists()
    ]
