"""How machines and pages sign in to the interface, and how refusals look."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from helfer.core.constraints import refusal_for
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, IllegalTransition, NotAllowed, RuleViolation
from helfer.core.history import identify
from helfer.people.models import Kind, User
from helfer.people.models.tokens import ApiToken

STAFF = frozenset({Kind.TANDEM, Kind.COORDINATOR})


class Refusal(Schema):
    """Why not: a word for machines, a sentence for people, the field it belongs to, and by how much."""

    code: str
    message: str
    field: str | None = None
    by: dict[str, Any] = {}


class StaffSession(SessionAuth):
    """The session of somebody signed in with a second factor; posts need the CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user = request.user
        return user if isinstance(user, User) and _is_staff(user) else None


class StaffToken(HttpBearer):
    """A key for programs, made by somebody of the staff for themselves."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        at = timezone.now()
        key = ApiToken.objects.usable(token, at).first()
        if key is None or not _is_staff(key.user):
            return None
        if key.last_used_on != berlin_day(at):
            ApiToken.objects.filter(pk=key.pk).update(last_used_on=berlin_day(at))
        user: User = key.user
        identify(user.pk)
        return user


def _is_staff(user: User) -> bool:
    return any(user.has_kind(kind) for kind in STAFF)


def viewer(request: HttpRequest) -> User:
    """The account that asks, by whichever way it signed in."""
    signed_in: User = request.auth  # type: ignore[attr-defined]
    return signed_in


def now() -> datetime:
    """The doors read the clock, the domain does not."""
    return timezone.now()


def today() -> date:
    """The day in Berlin."""
    return berlin_day(now())


def staff_only(view: Any) -> Any:
    """The interface's description is for signed-in staff; guests are sent to the sign-in page."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not _is_staff(user):
            raise Http404
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return guarded


def status_of(refusal: RuleViolation) -> int:
    """403 for who, 409 for when, 422 for what."""
    if isinstance(refusal, NotAllowed):
        return 403
    if isinstance(refusal, IllegalTransition | Conflict):
        return 409
    return 422


def answer_refusals(api: NinjaAPI) -> None:
    """Every refusal has the same shape, whatever refused."""

    def answer(request: HttpRequest, status: int, **content: Any) -> HttpResponse:
        return api.create_response(request, Refusal(**content).model_dump(), status=status)

    def rule(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(
            request, status_of(error), code=error.code, message=str(error), field=error.field, by=error.by
        )

    def integrity(request: HttpRequest, error: Any) -> HttpResponse:
        refusal = refusal_for(error)
        if refusal is None:
            raise error
        return rule(request, refusal)

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        first = error.errors[0]
        where = [
            str(part) for part in first.get("loc", ()) if part not in ("body", "payload", "query", "path")
        ]
        return answer(
            request,
            422,
            code="invalid",
            message=_("Diese Angabe passt nicht: %(where)s.") % {"where": ".".join(where) or _("der Inhalt")},
            field=".".join(where) or None,
            by={"expected": str(first.get("msg", ""))},
        )

    def missing(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 404, code="not_found", message=_("Das gibt es nicht."))

    def unauthorised(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 401, code="not_signed_in", message=_("Bitte melden Sie sich an."))

    def other(request: HttpRequest, error: Any) -> HttpResponse:
        if error.status_code == 400:
            return answer(request, 400, code="bad_request", message=_("Das ist kein gültiges JSON."))
        if error.status_code == 403:
            return answer(request, 403, code="csrf", message=_("Der Sicherheitsschlüssel der Seite fehlt."))
        return answer(request, error.status_code, code="refused", message=str(error))

    api.add_exception_handler(RuleViolation, rule)
    api.add_exception_handler(DatabaseError, integrity)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(AuthenticationError, unauthorised)
    api.add_exception_handler(HttpError, other)
