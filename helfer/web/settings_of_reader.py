"""What readers set for themselves: larger type and the language; by POST, without JavaScript."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.generic import View

from helfer.web.action_view import SeeOther
from helfer.web.context import TEXT_SIZE_COOKIE, TEXT_SIZES
from helfer.web.reader_language import remember


class _ReaderSetting(View):
    http_method_names = ("post",)

    def back(self, request: HttpRequest) -> HttpResponse:
        """Back to the page the reader came from, on this site only."""
        wanted = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return SeeOther(wanted if is_ours else "/")


class TextSize(_ReaderSetting):
    """Larger or normal type."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = self.back(request)
        size = request.POST.get("size", "")
        remember(response, TEXT_SIZE_COOKIE, size if size in TEXT_SIZES else TEXT_SIZES[0])
        return response


class Language(_ReaderSetting):
    """The language of the pages."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = self.back(request)
        language = request.POST.get("language", "")
        if check_for_language(language) and language in dict(settings.LANGUAGES):
            remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        return response
