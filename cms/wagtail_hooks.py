"""The editors' desk shows only what editors need; films come in parts."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail import hooks

# A player that wants more asks for the next part.
MOST_BYTES = 1024 * 1024
_PART = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@hooks.register("construct_settings_menu")
def hide_what_is_kept_elsewhere(request: HttpRequest, items: list[Any]) -> None:
    """Accounts and groups are kept by the product."""
    items[:] = [item for item in items if item.name not in ("users", "groups")]


@hooks.register("before_serve_document", order=100)
def serve_a_part(document: Any, request: HttpRequest) -> HttpResponse | None:
    """A part of a file where a player asks for one: without it, films do not play on iPhones.

    Wagtail's own look at who may read the file comes before.
    """
    if not document.content_type.startswith(("video/", "audio/")):
        return None
    asked = _PART.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()) or "If-Range" in request.headers:
        return None
    size = document.file.size
    start, end = asked.groups()
    first = int(start) if start else max(0, size - int(end))
    last = min(int(end), size - 1) if start and end else size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    last = min(last, first + MOST_BYTES - 1)
    with document.file.open("rb") as file:
        file.seek(first)
        response = HttpResponse(file.read(last - first + 1), status=206, content_type=document.content_type)
    for name, value in {
        "Accept-Ranges": "bytes",
        "Content-Range": f"bytes {first}-{last}/{size}",
        "Content-Disposition": document.content_disposition,
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }.items():
        response[name] = value
    return response
