"""Where the pages of several languages are."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls.resolvers import CheckURLMixin
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.views import serve

from cms.languages import versions_of
from helfer.web.reader_language import language_of_path, what_follows


class LanguagePrefix(CheckURLMixin):
    """What stands before a page's path: nothing in German, "tr/" in Turkish.

    Django's own asks the reader's language which address fits, and so hides the German page from whoever
    reads Turkish; here the address alone decides.
    """

    converters: dict[str, Any] = {}
    name = None

    @property
    def language_prefix(self) -> str:
        """The beginning of an address that is written now: Wagtail switches to the page's language before."""
        spoken = get_language() or settings.LANGUAGE_CODE
        return "" if spoken == settings.LANGUAGE_CODE else f"{spoken}/"

    @property
    def regex(self) -> re.Pattern[str]:
        """The same for Django's table of addresses, of which it keeps one for each language."""
        return re.compile(re.escape(self.language_prefix))

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]]:
        """The rest of the path."""
        named = language_of_path(f"/{path}")
        return path[len(named) + 1 :] if named else path, (), {}

    def check(self) -> list[Any]:
        """Nothing about it can be wrong."""
        return []

    def describe(self) -> str:
        """For Django's messages."""
        return f"'{self}'"

    def __str__(self) -> str:
        return self.language_prefix


def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    """The page at this address; from a German address on to the reader's language where the page has it.

    The other way round where it has not: at a Turkish address may stand a copy of the German page, which only
    holds the place for those below it, or nothing for the public.
    """
    named = language_of_path(request.path_info)
    language = named or settings.LANGUAGE_CODE
    found = _route(request, path, language)
    # Wagtail's own view, and what shows the page, ask no further.
    request._wagtail_route_for_request = found  # type: ignore[attr-defined]
    if request.method in ("GET", "HEAD"):
        here, better = unquote(request.path_info), None
        if found:
            better = _source(found.page) if named else _in_readers_language(found.page)
        elif named and (found := _route(request, path, settings.LANGUAGE_CODE)):
            here, better = f"/{path}", found.page
        if found and better:
            there, query = better.get_url(request), request.META.get("QUERY_STRING", "")
            rest = what_follows(found.page.get_url(request) or "", here)
            return HttpResponseRedirect(f"{there}{rest}" + (f"?{query}" if query else ""))
    answer: HttpResponse = serve(request, path)
    return answer


def _route(request: HttpRequest, path: str, language: str) -> Any:
    """What Wagtail finds there in this language, in none other; a first page offline hides only itself."""
    site = Site.find_for_request(request)
    first = site and site.root_page.get_translations(inclusive=True).filter(locale__language_code=language)
    first = first.first() if first else None
    if first is None:
        return None
    try:
        return first.specific.route(request, [part for part in path.split("/") if part])
    except Http404:
        return None


def _in_readers_language(page: Page) -> Page | None:
    spoken = get_language()
    if spoken == settings.LANGUAGE_CODE:
        return None
    return versions_of(page).filter(locale__language_code=spoken).first()


def _source(page: Page) -> Page | None:
    return page.alias_of if page.alias_of and page.alias_of.live else None
