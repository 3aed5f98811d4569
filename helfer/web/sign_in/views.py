"""Small changes to allauth's pages."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.views import ConfirmLoginCodeView, PasswordResetView, RequestLoginCodeView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic import View

from helfer.web.sign_in.forms import NewPasswordForm, RequestCodeForm

# No account has this number.
NOBODY = "0"


def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """A page of somebody else's software that this house does not have."""
    raise Http404


class _AlikeForEverybody(View):
    """A page of the sign-in by code, where the database is asked even if nobody is meant."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        pending = request.session.get(LOGIN_SESSION_KEY)
        if pending is not None and pending["user_pk"] is None:
            pending["user_pk"] = NOBODY
            request.session.modified = True
        return response


class RequestCode(_AlikeForEverybody, RequestLoginCodeView):
    """Whoever asks for a code."""

    def get_form_class(self) -> type[RequestCodeForm]:
        return RequestCodeForm


class ConfirmCode(_AlikeForEverybody, ConfirmLoginCodeView):
    """Whoever types the code."""


class AskForNewPassword(PasswordResetView):
    """Whoever has forgotten the password, or has none yet."""

    def get_form_class(self) -> type[NewPasswordForm]:
        return NewPasswordForm


class ActivateTOTP(ActivateTOTPView):
    """Whoever has just set up an app has proven it in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp")
        return response


class AddWebAuthn(AddWebAuthnView):
    """Whoever has just set up a key has proven it in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="webauthn")
        return response
