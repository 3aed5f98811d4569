"""In which language a page is shown: its address's, else what the reader chose, else the browser's."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

# The languages of everything; the others are complete on the pages for residents (docker/checks/messages.py).
FOR_STAFF = ("de", "en")
# Below these addresses works who speaks for an office: no further language there.
STAFF_ADDRESSES = (
    "buero/",
    "geschaeftsstelle/",
    "schulung/",
    "redaktion/",
    "anmelden/2fa/",
)
ONE_YEAR_SECONDS = 60 * 60 * 24 * 365


def remember(response: HttpResponseBase, name: str, value: str) -> None:
    """Keep the setting in a cookie of this browser."""
    response.set_cookie(
        name,
        value,
        max_age=ONE_YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def language_of_path(path: str) -> str:
    """The language that an address begins with ("/tr/termine/"), or nothing: German addresses name none."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first != settings.LANGUAGE_CODE and first in dict(settings.LANGUAGES) else ""


def what_follows(place: str, here: str) -> str:
    """What stands behind a page's own address in the one that was asked for, written as addresses are.

    ``place`` is written with signs for umlauts, ``here`` is read without them.
    """
    place = unquote(place)
    return quote(here.removeprefix(place)) if place and here.startswith(place) else ""


def is_for_staff(request: HttpRequest) -> bool:
    """Whether this page is one of the desk."""
    match = request.resolver_match
    return match is not None and match.route.startswith(STAFF_ADDRESSES)


def languages_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The languages of this page: code and own name."""
    return [one for one in settings.LANGUAGES if one[0] in FOR_STAFF or not is_for_staff(request)]


class ReaderLanguageMiddleware(LocaleMiddleware):
    """Django's, with addresses that name their language, and fewer languages at the desk."""

    def process_request(self, request: HttpRequest) -> None:
        """Speak the language of the address, of the cookie, or of the browser."""
        spoken = language_of_path(request.path_info) or translation.get_language_from_request(request)
        translation.activate(spoken)
        request.LANGUAGE_CODE = spoken

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Where a language would be a patchwork, speak the one everything is written in."""
        if is_for_staff(request) and translation.get_language() not in FOR_STAFF:
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        """Who came by an address with a language and has chosen none keeps it on the pages that follow."""
        answer: HttpResponseBase = super().process_response(request, response)
        # What an editor sees in a preview is not what they chose to read.
        named = "" if getattr(request, "is_dummy", False) else language_of_path(request.path_info)
        if named and response.status_code < 400 and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember(answer, settings.LANGUAGE_COOKIE_NAME, named)
        return answer
