"""The first page, and pages of words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.languages import for_reader
from cms.models.events import EventPage, dates_of
from cms.models.news import NewsPage
from cms.models.offices import OfficePage
from cms.models.public_page import PublicPage
from helfer.core.days import berlin_day

NEWS_SHOWN = 3
DATES_SHOWN = 4


class HomePage(PublicPage):
    """The first page: whom to call, what there is, and all offices."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.ContentPage",
        "cms.OfficePage",
        "cms.RolesPage",
        "cms.NewsIndexPage",
        "cms.EventsPage",
        "cms.FormPage",
    ]

    class Meta:
        verbose_name = _("Startseite")
        verbose_name_plural = _("Startseiten")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        today = berlin_day(timezone.now())
        context["office_pages"] = OfficePage.listed()
        context["pages"] = [
            page for page in self.parts() if isinstance(page, ContentPage) and page.show_in_menus
        ]
        context["news"] = for_reader(NewsPage.objects.live().public()).order_by("-day", "-pk")[:NEWS_SHOWN]
        context["dates"] = dates_of(for_reader(EventPage.objects.live().public()), from_day=today)[
            :DATES_SHOWN
        ]
        return context


class ContentPage(PublicPage):
    """A page of words."""

    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage", "cms.FormPage"]

    class Meta:
        verbose_name = _("Inhaltsseite")
        verbose_name_plural = _("Inhaltsseiten")
