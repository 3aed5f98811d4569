"""The public pages; editors fill them in Wagtail, facts about offices and roles come from the product."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock
from helfer.core.days import berlin_day
from helfer.people.models import Office, Seat, Side


@register_setting(icon="info-circle")
class SiteNotes(BaseSiteSetting):
    """What stands on every public page: the number to call, and the words at the bottom."""

    phone = models.CharField(
        _("Telefon der Seniorenbüros"),
        max_length=30,
        blank=True,
        help_text=_("Steht groß auf der Startseite."),
    )
    phone_hours = models.CharField(_("Sprechzeiten am Telefon"), max_length=120, blank=True)
    emergency = models.CharField(
        _("Hinweis für Notfälle"),
        max_length=200,
        blank=True,
        default="Im Notfall: 112. Ärztlicher Bereitschaftsdienst: 116 117.",
    )
    footer = models.TextField(_("Text am Ende der Seiten"), blank=True)

    panels = [FieldPanel("phone"), FieldPanel("phone_hours"), FieldPanel("emergency"), FieldPanel("footer")]

    class Meta:
        verbose_name = _("Angaben auf allen Seiten")


class PublicPage(Page):
    """What all public pages know."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["notes"] = SiteNotes.for_request(request)
        return context


class HomePage(PublicPage):
    """The first page: whom to call, what there is, and all offices."""

    intro = models.TextField(_("Einleitung"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ContentPage", "cms.OfficePage"]

    class Meta:
        verbose_name = _("Startseite")
        verbose_name_plural = _("Startseiten")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["office_pages"] = (
            OfficePage.objects.live()
            .public()
            .filter(office__is_active=True)
            .select_related("office")
            .order_by("title")
        )
        context["pages"] = ContentPage.objects.live().public().child_of(self).in_menu().order_by("path")
        return context


class ContentPage(PublicPage):
    """A page of words."""

    intro = models.TextField(_("Einleitung"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]

    class Meta:
        verbose_name = _("Inhaltsseite")
        verbose_name_plural = _("Inhaltsseiten")


class OfficePage(PublicPage):
    """An office as its neighbours need it: the phone first; functions, never the names of staff."""

    office = models.OneToOneField(
        Office, verbose_name=_("Seniorenbüro"), on_delete=models.PROTECT, related_name="+"
    )
    intro = models.TextField(_("Einleitung"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("office"), FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Seite eines Seniorenbüros")
        verbose_name_plural = _("Seiten der Seniorenbüros")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        today = berlin_day(timezone.now())
        carriers = (
            Seat.objects.of_office(self.office)
            .valid_on(today)
            .filter(side=Side.ASSOCIATION)
            .exclude(carrier="")
            .order_by("carrier")
        )
        context["office"] = self.office
        context["districts"] = self.office.districts.order_by("name")
        context["carriers"] = list(carriers.values_list("carrier", flat=True).distinct())
        context["holidays"] = self.office.holidays.filter(until_day__gte=today).order_by("from_day")[:3]
        return context
