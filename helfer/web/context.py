"""What every page knows."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

TEXT_SIZE_COOKIE = "helfer_text"
TEXT_SIZES = ("normal", "large")


def _new_form_key() -> str:
    return secrets.token_urlsafe(12)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whether this is a demo, the reader's text size, the page's one-time form key."""
    size = request.COOKIES.get(TEXT_SIZE_COOKIE, "")
    return {
        "is_demo": settings.HELFER_DEMO,
        "text_size": size if size in TEXT_SIZES else TEXT_SIZES[0],
        "form_key": SimpleLazyObject(_new_form_key),
    }
