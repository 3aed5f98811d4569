"""The forms by which people ask for a code or a new password: the same work for every address."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm
from django.http import HttpRequest

from helfer.notifications.delivery.sign_in_mail import NEW_PASSWORD
from helfer.people.models import User


class RequestCodeForm(RequestLoginCodeForm):
    """Staff get no code: a mailbox alone opens no office. The page says the same to everybody."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        user = cast("User | None", getattr(self, "_user", None))
        if user is not None and user.is_office_staff:
            self._user = None
        return email


class NewPasswordForm(ResetPasswordForm):
    """The page does not even look whether there is such an account; the worker does."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        get_adapter().send_mail(NEW_PASSWORD, email, {})
        return email
