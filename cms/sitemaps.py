"""What search engines are told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

CLOSED_TO_ROBOTS = (
    "/redaktion/",
    "/anmelden/",
    "/api/",
    "/buero/",
    "/geschaeftsstelle/",
    "/suche/",
    "/einbetten/",
)


def robots(request: HttpRequest) -> HttpResponse:
    """Which pages robots may read, and where the list of all pages is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS),
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
