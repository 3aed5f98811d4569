"""News, and the feed of them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.languages import below
from cms.models.public_page import PublicPage
from helfer.core.days import BERLIN, berlin_day

ON_ONE_PAGE = 10
IN_THE_FEED = 20


def _today() -> Any:
    return berlin_day(timezone.now())


class NewsIndexPage(RoutablePageMixin, PublicPage):
    """All news, the latest first, and a feed of them."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]

    class Meta:
        verbose_name = _("Neuigkeiten")
        verbose_name_plural = _("Seiten mit Neuigkeiten")

    def news(self) -> Any:
        """The news below this page, the latest first."""
        return below(self, NewsPage).order_by("-day", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        pages = Paginator(self.news(), ON_ONE_PAGE)
        context["found"] = pages.get_page(request.GET.get("seite"))
        context["feed_url"] = self.get_full_url(request) + "rss/"
        return context

    @path("rss/", name="rss")  # type: ignore[untyped-decorator]
    def rss(self, request: HttpRequest) -> HttpResponseBase:
        """The latest news for feed readers."""
        return NewsFeed(self)(request)


class NewsFeed(Feed):  # type: ignore[type-arg]
    """The latest news as RSS."""

    feed_type = Rss201rev2Feed

    def __init__(self, page: NewsIndexPage) -> None:
        self.page = page

    def title(self) -> str:
        return str(self.page.title)

    def description(self) -> str:
        return self.page.description or gettext("Neuigkeiten der Seniorenbüros")

    def link(self) -> str:
        return self.page.full_url or "/"

    def items(self) -> Any:
        return self.page.news()[:IN_THE_FEED]

    def item_title(self, item: NewsPage) -> str:
        return str(item.title)

    def item_description(self, item: NewsPage) -> str:
        return item.description

    def item_link(self, item: NewsPage) -> str:
        return item.full_url or "/"

    def item_pubdate(self, item: NewsPage) -> datetime:
        return datetime.combine(item.day, time(), BERLIN)


class NewsPage(PublicPage):
    """One piece of news."""

    day = models.DateField(_("Tag"), default=_today)

    content_panels = [*PublicPage.content_panels[:1], FieldPanel("day"), *PublicPage.content_panels[1:]]
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    what = _("Neuigkeit")

    class Meta:
        verbose_name = _("Neuigkeit")
        verbose_name_plural = _("einzelne Neuigkeiten")
