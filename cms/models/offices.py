"""The offices' pages."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.languages import for_reader
from cms.models.public_page import PublicPage
from helfer.core.days import berlin_day
from helfer.people.models import Office, Seat, Side
from helfer.places.models import District
from helfer.web.maps import Area, CityMap, Pin


class OfficePage(PublicPage):
    """An office as its neighbours need it: the phone first; functions, never the names of staff."""

    office = models.ForeignKey(
        Office, verbose_name=_("Seniorenbüro"), on_delete=models.PROTECT, related_name="+"
    )
    way = models.TextField(
        _("So kommen Sie zu uns"),
        blank=True,
        help_text=_("Haltestelle, Parkplatz, Eingang ohne Stufen, Aufzug, Toilette."),
    )

    content_panels = [
        *PublicPage.content_panels[:1],
        FieldPanel("office"),
        *PublicPage.content_panels[1:2],
        FieldPanel("way"),
        *PublicPage.content_panels[2:],
    ]
    search_fields = [
        *PublicPage.search_fields,
        index.SearchField("way"),
        index.SearchField("words_of_office"),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    what = _("Seniorenbüro")

    class Meta:
        verbose_name = _("Seite eines Seniorenbüros")
        verbose_name_plural = _("Seiten der Seniorenbüros")

    def clean(self) -> None:
        super().clean()
        self.must_be_the_only_one_for("office", _("Dieses Büro hat in dieser Sprache schon eine Seite."))

    @classmethod
    def listed(cls) -> Any:
        """The pages of the offices that are open, by name."""
        pages = for_reader(cls.objects.live().public()).filter(office__is_active=True)
        return pages.select_related("office").order_by("title")

    def words_of_office(self) -> str:
        """What the office itself says, for the search."""
        office = self.office
        return " ".join(
            (office.name, office.street, *(one.name for one in office.districts.order_by("name")))
        )

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
        context["districts"] = list(self.office.districts.order_by("name"))
        context["map"] = self._map(context["districts"])
        context["carriers"] = list(carriers.values_list("carrier", flat=True).distinct())
        context["holidays"] = self.office.holidays.filter(until_day__gte=today).order_by("from_day")[:3]
        return context

    def _map(self, districts: list[District]) -> CityMap | None:
        """The districts served, with the office in them."""
        if not districts:
            return None
        areas = [Area(district.slug, district.name, district.area) for district in districts]
        pins = []
        if self.office.location:
            pins = [Pin(gettext("Hier ist das Seniorenbüro"), self.office.location, number="★")]
        return CityMap(areas=areas, pins=pins, whole_city=True)
