"""Mails of the sign-in: to whom they may go, and their words, both found when they leave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import int_to_base36

from helfer.notifications.models import SignInMail
from helfer.people.models import User

from .email import faults_by_consequence, reference_of

LOGIN_CODE = "account/email/login_code"
NEW_PASSWORD = "account/email/password_reset_key"  # noqa: S105
USE_PASSWORD = "account/email/use_password"  # noqa: S105


def send_sign_in_mail(mail: SignInMail) -> None:
    """Hand the mail to the mail server, unless nobody is meant.

    Raises ``Unreachable`` or ``Refused``.
    """
    to = mail.content["to"]
    facts = _facts(mail, to)
    if facts is None:
        return
    with translation.override(mail.content["language"]):
        subject = render_to_string(f"{mail.template}_subject.txt", facts)
        body = render_to_string(f"{mail.template}_message.txt", facts).strip()
    with faults_by_consequence():
        EmailMessage(
            subject=" ".join(subject.split()),
            body=body,
            to=[to],
            headers={
                "Message-ID": f"<{reference_of(mail.pk, of='helfer.notifications.sign_in')}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        ).send()


def _facts(mail: SignInMail, to: str) -> dict[str, Any] | None:
    """What the templates say besides their own words; None where this address gets no such mail."""
    if mail.template in (NEW_PASSWORD, USE_PASSWORD):
        user = User.objects.filter(email=to, is_active=True).first()
        if user is None:
            return None
        return {"password_reset_url": new_password_url(user)} if mail.template == NEW_PASSWORD else {}
    return {"code": mail.content["code"]}


def new_password_url(user: User) -> str:
    """Where the owner of this account sets a new password; good until it is used or the account changes."""
    key = f"{int_to_base36(user.pk)}-{default_token_generator.make_token(user)}"
    return f"{settings.SITE_URL}/anmelden/password/reset/key/{key}/"
