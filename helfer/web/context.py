"""What every page knows."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from helfer.core.days import berlin_day
from helfer.people.models import Kind, Office
from helfer.web.reader_language import languages_of

TEXT_SIZE_COOKIE = "helfer_text"
TEXT_SIZES = ("normal", "large")


def _new_form_key() -> str:
    return secrets.token_urlsafe(12)


def _office_of(request: HttpRequest) -> Office | None:
    """The office whose telephone number stands at the top: the seat's, or the one of the helper."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return None
    user = request.user
    seats = user.seats_on(berlin_day(timezone.now())).select_related("office").order_by("pk")
    seat = seats.first() if user.has_kind(Kind.TANDEM) else None
    if seat:
        return seat.office
    if not user.has_kind(Kind.HELPER):
        return None
    return Office.objects.filter(helpers__person__user=user).order_by("pk").first()


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whether this is a demo, the reader's text size, the page's one-time form key."""
    size = request.COOKIES.get(TEXT_SIZE_COOKIE, "")
    return {
        "office": SimpleLazyObject(lambda: _office_of(request)),
        "is_demo": settings.HELFER_DEMO,
        "reader_languages": SimpleLazyObject(lambda: languages_of(request)),
        "text_size": size if size in TEXT_SIZES else TEXT_SIZES[0],
        "form_key": SimpleLazyObject(_new_form_key),
    }
