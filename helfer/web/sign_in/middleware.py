"""What every request has to pass: staff without a second factor open nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from helfer.web.action_view import SeeOther
from helfer.web.sign_in.proofs import has_proven_a_second_factor, is_signed_in_by_more_than_a_code

ALWAYS_OPEN = frozenset({"account_logout", "text_size", "language"})
# With a second factor in place, the only way on is to use it.
TO_PROVE = ALWAYS_OPEN | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
# Without one, the only way on is to set one up; the password may be asked for once more.
TO_SET_UP = ALWAYS_OPEN | {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
}
API = "/api/"
CONTENT_PAGES = "/redaktion/"


class SecondFactorMiddleware(MiddlewareMixin):
    """Demands password and second factor of every staff session, whichever door was opened."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "knows_nobody", False):
            # It answers everybody alike: the session is not even looked at, and no cookie is set.
            request.user = AnonymousUser()
            request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
            return None
        if not request.user.is_authenticated:
            return None
        user = request.user
        if not user.is_office_staff:
            return None
        by_password = is_signed_in_by_more_than_a_code(request, user)
        if by_password and has_proven_a_second_factor(request, user):
            return None
        if request.path.startswith(API):
            said = _("Bitte melden Sie sich mit dem zweiten Faktor an.")
            refusal: dict[str, Any] = {"code": "second_factor", "message": said, "field": None, "by": {}}
            return JsonResponse(refusal, status=401)
        if not by_password:
            # Somebody became staff while signed in by a mailed code.
            logout(request)
            messages.info(
                request, _("Ihr Zugang verlangt jetzt ein Passwort. Bitte melden Sie sich damit an.")
            )
            return SeeOther(reverse("account_login"))
        types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        wanted = request.resolver_match.url_name if request.resolver_match else ""
        if wanted in (TO_PROVE if types else TO_SET_UP):
            return None
        url_name = "mfa_activate_totp"
        if types:
            by_key = Authenticator.Type.TOTP not in types and Authenticator.Type.WEBAUTHN in types
            url_name = "mfa_reauthenticate_webauthn" if by_key else "mfa_reauthenticate"
        back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return SeeOther(reverse(url_name) + back)


class LooserContentPolicyMiddleware(MiddlewareMixin):
    """Wagtail's own pages write scripts and styles into the page; nothing else here does."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(CONTENT_PAGES):
            inline = ["'self'", "'unsafe-inline'"]
            response._csp_update = {  # type: ignore[attr-defined]
                "script-src": inline,
                "style-src": inline,
                "img-src": ["blob:"],
            }
        return response
