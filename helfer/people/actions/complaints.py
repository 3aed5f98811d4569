"""Something is wrong: anybody may say so, the coordinators see to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import Complaint, User
from helfer.people.permissions import can_coordinate


@transaction.atomic
def complain(*, text: str, at: datetime, contact: str = "") -> Complaint:
    """Keep what somebody says is wrong, and nothing of who says it but what they write themselves."""
    complaint = Complaint(text=text.strip(), contact=contact.strip(), said_at=at)
    must_be_valid(complaint)
    complaint.save()
    return complaint


@transaction.atomic
def settle_complaint(*, complaint_id: int, outcome: str, by: User, at: datetime) -> Complaint:
    """The coordinators have seen to it, and say how."""
    can_coordinate(by)
    complaint = Complaint.objects.select_for_update(of=("self",)).filter(pk=complaint_id).first()
    if complaint is None:
        raise Conflict(_("Diese Beschwerde gibt es nicht."))
    if complaint.settled_at is not None:
        raise Conflict(_("Diese Beschwerde ist schon erledigt."), code="settled")
    complaint.outcome, complaint.settled_at, complaint.settled_by = outcome.strip(), at, by
    must_be_valid(complaint)
    complaint.save(update_fields=["outcome", "settled_at", "settled_by"])
    return complaint
