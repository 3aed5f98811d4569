"""What the worker does with the mails of the sign-in."""

from __future__ import annotations

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from helfer.notifications.actions import deliver_sign_in_mails


def delivered() -> list[EmailMessage]:
    """All e-mails so far, those of the sign-in included that still waited."""
    deliver_sign_in_mails(at=timezone.now())
    return mail.outbox
