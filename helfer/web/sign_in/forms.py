"""The form by which neighbours ask for a code."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm

from helfer.people.models import User


class RequestCodeForm(RequestLoginCodeForm):
    """Staff get no code: a mailbox alone opens no office. The page says the same to everybody."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        user = cast("User | None", getattr(self, "_user", None))
        if user is not None and user.is_office_staff:
            self._user = None
            get_adapter().send_mail("account/email/use_password", email, {})
        return email
