"""What the pages say, for the doors of other people's programs (helfer.api.public)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest

from cms.languages import for_reader
from cms.models import EventPage, NewsPage, OfficePage, RolePage, dates_of
from helfer.api.public.pages import Items, hand_in

NEWS_SHOWN = 50


class PublishedPages:
    """What is published and closed to nobody."""

    def news(self, request: HttpRequest) -> Items:
        """The newest first."""
        pages = for_reader(NewsPage.objects.live().public()).order_by("-day", "-pk")[:NEWS_SHOWN]
        return [_page(page, request) | {"day": page.day} for page in pages]

    def events(self, request: HttpRequest, *, from_day: date) -> Items:
        """The coming dates, the next one first."""
        return [
            _page(one.page, request)
            | {
                "kind": one.page.kind,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "place": one.page.place,
                "access": one.page.access,
                "cost": one.page.cost,
            }
            for one in dates_of(for_reader(EventPage.objects.live().public()), from_day=from_day)
        ]

    def addresses_of_roles(self, request: HttpRequest) -> Mapping[str, str]:
        """Where one reads about a role."""
        pages = for_reader(RolePage.objects.live().public()).select_related("role")
        return {page.role.slug: page.get_full_url(request) for page in pages}

    def addresses_of_offices(self, request: HttpRequest) -> Mapping[str, str]:
        """Where one reads about an office."""
        return {page.office.slug: page.get_full_url(request) for page in OfficePage.listed()}


def _page(page: Any, request: HttpRequest) -> dict[str, Any]:
    return {"title": page.title, "text": page.description, "url": page.get_full_url(request)}


hand_in(PublishedPages())
