"""Small changes to allauth's pages."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import Http404, HttpRequest, HttpResponse


def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """A page of somebody else's software that this house does not have."""
    raise Http404


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
