"""What search engines are told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page

from cms.languages import IS_WRITTEN

CLOSED_TO_ROBOTS = (
    "/redaktion/",
    "/anmelden/",
    "/api/",
    "/buero/",
    "/geschaeftsstelle/",
    "/suche/",
    "/einbetten/",
)


class EveryLanguage(Sitemap):  # type: ignore[misc]
    """All public pages, in all their languages."""

    def items(self) -> Any:
        root = self.get_wagtail_site().root_page
        pages = Page.objects.none()
        for one in root.get_translations(inclusive=True):
            pages |= one.get_descendants(inclusive=True)
        return pages.live().public().filter(IS_WRITTEN).order_by("path").defer_streamfields().specific()


def robots(request: HttpRequest) -> HttpResponse:
    """Which pages robots may read, and where the list of all pages is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS),
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
