"""What the editors' settings put on every page, the product's own pages too; all of it by one query."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import Banner, SiteNotes
from helfer.core.days import berlin_day

# The root has depth 1 and the first page 2; what lies right below that may stand in the menu.
MENU_DEPTH = 3


def words_of_the_site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: numbers, notices and the menu; asked for only where a page shows them."""
    site: Any = SimpleLazyObject(_site)
    return {
        "site_notes": SimpleLazyObject(lambda: _notes(site)),
        "banners": SimpleLazyObject(lambda: [_link(one, request) for one in getattr(site, "banners", ())]),
        "content_menu": SimpleLazyObject(lambda: [_link(one, request) for one in getattr(site, "menu", ())]),
    }


def _site() -> Site | None:
    """This installation's one site, with all that stands on every page."""
    today = berlin_day(timezone.now())
    banners = Banner.shown_on(today).filter(notes__site=OuterRef("pk"))
    return (
        Site.objects.filter(is_default_site=True)
        .select_related(*(f"sitenotes__{name}" for name in SiteNotes.select_related))
        .annotate(menu=ArraySubquery(_as_links(_menu())), banners=ArraySubquery(_as_links(banners, "page__")))
        .first()
    )


def _menu() -> QuerySet[Any]:
    """The pages of the menu, as the editors have ordered them."""
    closed = PageViewRestriction.objects.filter(page=OuterRef("pk"))
    return Page.objects.live().in_menu().filter(depth=MENU_DEPTH).exclude(Exists(closed)).order_by("path")


def _as_links(rows: QuerySet[Any], page: str = "") -> QuerySet[Any]:
    label = "text" if page else "title"
    return rows.values(link=JSONObject(label=F(label), path=F(f"{page}url_path"), live=F(f"{page}live")))


def _link(found: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """The page's address: "/start/termine/" stands at "/termine/"; none where it cannot be read."""
    url = "/" + found["path"].split("/", 2)[2] if found["live"] else ""
    return {"label": found["label"], "url": url, "is_current": bool(url) and request.path.startswith(url)}


def _notes(site: Site | None) -> SiteNotes:
    """What the editors wrote; nothing is stored where nobody has written anything."""
    try:
        notes: SiteNotes = site.sitenotes  # type: ignore[union-attr]
    except (AttributeError, ObjectDoesNotExist):
        return SiteNotes()
    return notes
