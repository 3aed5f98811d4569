"""What the program's middleware takes over from the content system."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.contrib.redirects.middleware import RedirectMiddleware


class ContentRedirectMiddleware(RedirectMiddleware):
    """Editors lead on from pages of theirs that have gone, never from what the program hides."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        if match and match.url_name != "wagtail_serve":
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
