"""Tells the history who acts, and by which door; nothing else of the request is kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from helfer.core.history import acting

_ONLY_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class ActingMiddleware:
    """Whatever a request changes is remembered with its account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in _ONLY_READS:
            return self.get_response(request)
        with acting(request.user.pk, door="api" if request.path.startswith("/api/") else "web"):
            return self.get_response(request)
