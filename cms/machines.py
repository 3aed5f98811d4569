"""What the pages say, for other people's programs: JSON that anybody may read and keep for five minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.models import EventPage, NewsPage, OfficePage, RolePage, dates_of
from helfer.core.days import berlin_day

KEPT_SECONDS = 300
NEWS_SHOWN = 50


def door(items: Callable[[HttpRequest], list[dict[str, Any]]]) -> Callable[..., JsonResponse]:
    """A door that lists these items to every program and every site."""

    @require_safe
    @cache_control(public=True, max_age=KEPT_SECONDS)
    def answer(request: HttpRequest) -> JsonResponse:
        response = JsonResponse({"items": items(request)}, json_dumps_params={"ensure_ascii": False})
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


def _page(page: Any, request: HttpRequest) -> dict[str, Any]:
    return {"title": page.title, "text": page.description, "url": page.get_full_url(request)}


def _news(request: HttpRequest) -> list[dict[str, Any]]:
    pages = NewsPage.objects.live().public().order_by("-day", "-pk")[:NEWS_SHOWN]
    return [_page(page, request) | {"day": page.day} for page in pages]


def _events(request: HttpRequest) -> list[dict[str, Any]]:
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
        for one in dates_of(EventPage.objects.live().public(), from_day=berlin_day(timezone.now()))
    ]


def _roles(request: HttpRequest) -> list[dict[str, Any]]:
    pages = RolePage.objects.live().public().filter(role__is_active=True).select_related("role")
    return [
        _page(page, request)
        | {
            "slug": page.role.slug,
            "does": page.role.text("does").splitlines(),
            "does_not": page.role.text("does_not").splitlines(),
        }
        for page in pages.order_by("title")
    ]


def _offices(request: HttpRequest) -> list[dict[str, Any]]:
    pages = OfficePage.listed().prefetch_related("office__districts")
    return [
        _page(page, request)
        | {
            "slug": page.office.slug,
            "phone": page.office.phone.as_e164 if page.office.phone else "",
            "opening_hours": page.office.opening_hours,
            "street": page.office.street,
            "postcode": page.office.postcode,
            "town": page.office.town,
            "districts": sorted(district.name for district in page.office.districts.all()),
        }
        for page in pages
    ]


news, events, roles, offices = door(_news), door(_events), door(_roles), door(_offices)
