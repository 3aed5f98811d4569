"""A door for other people's programs: any site reads it, keeps it a minute, and not too often."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.translation import gettext as _

from helfer.api.access import Refusal
from helfer.core.limits import MINUTE, reads_too_often

View = Callable[..., HttpResponse]
AnyView = Callable[..., HttpResponseBase]

KEPT_SECONDS = MINUTE
ONLY_READS = "GET, HEAD, OPTIONS"
PREFLIGHT_KEPT_SECONDS = 24 * 60 * MINUTE


def knows_nobody(view: AnyView) -> AnyView:
    """A door that never looks at who is asking: no session, no cookie (helfer.web.sign_in.middleware)."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    door.knows_nobody = True  # type: ignore[attr-defined]
    return door


def open_door(view: View) -> AnyView:
    """A door that pages of any site may read: in German, by GET, without saying who they are."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("de"):
            response = _answer(view, request, *args, **kwargs)
        response["Content-Language"] = "de"
        return response

    door.csrf_exempt = True  # type: ignore[attr-defined]
    return knows_nobody(door)


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        return _for_every_site(_preflight())
    response: HttpResponse
    if request.method not in ("GET", "HEAD"):
        response = refusal(405, "read_only", _("Hier kann man nur lesen."))
        response["Allow"] = ONLY_READS
        return response
    if reads_too_often("public-api", lambda: str(get_adapter().get_client_ip(request))):
        said = _("Das waren sehr viele Abrufe. Bitte warten Sie eine Minute, und heben Sie Antworten auf.")
        response = refusal(429, "too_often", said)
        response["Retry-After"] = str(MINUTE)
        return _for_every_site(response)
    response = _read(view, request, *args, **kwargs)
    if response.status_code == 200:
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        set_response_etag(response)
        response = get_conditional_response(request, etag=response["ETag"], response=response) or response
    else:
        patch_cache_control(response, no_store=True)
    return _for_every_site(response)


def _read(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Whoever asks for the head alone gets what the whole answer has in its head."""
    asked, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = asked


def _for_every_site(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = ONLY_READS
    response["Access-Control-Allow-Methods"] = "GET, HEAD"
    response["Access-Control-Allow-Headers"] = "If-None-Match"
    response["Access-Control-Max-Age"] = str(PREFLIGHT_KEPT_SECONDS)
    return response


def refusal(status: int, code: str, message: str) -> JsonResponse:
    """A refusal in the shape of all refusals."""
    response = JsonResponse(
        Refusal(code=code, message=message).model_dump(),
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(response, no_store=True)
    return response
