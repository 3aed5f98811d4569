"""What allauth asks this house: who may sign in how, where to afterwards, how secrets are kept."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from encrypted_fields.fields import EncryptedFieldMixin

from helfer.core.days import berlin_day
from helfer.notifications.actions import post_sign_in_mail
from helfer.notifications.delivery.sign_in_mail import LOGIN_CODE, USE_PASSWORD
from helfer.people.models import Kind, User
from helfer.web.action_view import SeeOther
from helfer.web.kinds import open_kinds
from helfer.web.sign_in.proofs import has_proven_a_second_factor, is_signed_in_by_more_than_a_code

CODE_DIGITS = 8
CODE_IS_GOOD_FOR = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
# So long a mail without a code is tried again while the mail server does not take it.
TRIED_FOR = timedelta(days=1)
UNKNOWN_ACCOUNT = "account/email/unknown_account"
# So long after the password was typed, nobody is asked for it again.
FRESH_SECONDS = 300

# Where somebody starts; the first kind that fits.
STARTS = (
    (Kind.TANDEM, "tandem:desk"),
    (Kind.COORDINATOR, "coordination:desk"),
    (Kind.TRAINING, "training:helpers"),
    (Kind.ADMINISTRATOR, "coordination:people"),
    (Kind.DPO, "coordination:events"),
    (Kind.EDITOR, "wagtailadmin_home"),
    (Kind.HELPER, "helper:profile"),
    (Kind.SEEKER, "seeker:requests"),
)


def start_page(user: User) -> str:
    """The page on which this account begins its work; a closed door says why, and comes last."""
    opened = open_kinds(user, on=berlin_day(timezone.now()))
    for kind, url_name in sorted(STARTS, key=lambda start: start[0] not in opened):
        if user.has_kind(kind):
            try:
                return reverse(url_name)
            except NoReverseMatch:
                continue
    return "/"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the office; staff never get in by a mailed code alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return start_page(cast(User, request.user))

    def generate_login_code(self) -> str:
        # Digits: Latin letters are hard to find on Cyrillic and Arabic keyboards.
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: how long a page takes must not tell strangers which addresses have an account."""
        now = timezone.now()
        is_code = template_prefix == LOGIN_CODE
        post_sign_in_mail(
            # To an address without a code goes the hint for staff, if it is one of theirs; the worker asks.
            template=USE_PASSWORD if template_prefix == UNKNOWN_ACCOUNT else template_prefix,
            to=email,
            language=get_language() or settings.LANGUAGE_CODE,
            code=str(context["code"]) if is_code else "",
            at=now,
            good_until=now + (CODE_IS_GOOD_FOR if is_code else TRIED_FOR),
        )

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        account = cast(User, user)
        if response is None and account.is_office_staff:
            if not is_signed_in_by_more_than_a_code(request, account):
                messages.error(
                    request, _("Ihr Zugang verlangt ein Passwort. Bitte melden Sie sich damit an.")
                )
                return SeeOther(reverse("account_login"))
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just typed the password sets up second factors without typing it again."""
        request = context.request
        user = cast(User, request.user)
        if app == "allauth.mfa":
            records = get_authentication_records(request, user)
            typed = [record["at"] for record in records if record.get("method") == "password"]
            is_fresh = bool(typed) and time.time() - typed[-1] < FRESH_SECONDS
            is_whole = has_proven_a_second_factor(request, user)
            if is_fresh and (is_whole or not Authenticator.objects.filter(user=user).exists()):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted; staff cannot give up their last one."""

    def get_totp_issuer(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def encrypt(self, text: str) -> str:
        return str(EncryptedFieldMixin().f.encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        return str(EncryptedFieldMixin().f.decrypt(encrypted_text.encode()).decode())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not authenticator.user.is_office_staff:
            return True
        strong = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=strong)
        return bool(others.exclude(pk=authenticator.pk).exists())
