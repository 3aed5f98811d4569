"""Hier wird Hilfe gesucht: what listed requests say, and "Das kann ich"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from helfer.matching import actions
from helfer.matching.models import PublicWanted
from helfer.people.models import Kind, Office
from helfer.places.models import District
from helfer.web.helper.own_profile import OwnProfileView
from helfer.web.kinds import open_kinds_today
from helfer.web.public.areas import area_named
from helfer.web.public.offers import PAGE, PLACE, SLUG, offices_by_district
from helfer.web.public.offers_search import roles_offered

PAGE_SIZE = 20


class WantedFilter(forms.Form):
    """Where and with what."""

    ort = forms.ChoiceField(label=gettext_lazy("Wo?"), required=False)
    taetigkeit = forms.ChoiceField(label=gettext_lazy("Wobei?"), required=False)

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        where: Any = self.fields["ort"]
        where.choices = [
            ("", _("in der ganzen Stadt")),
            *((f"b{each.pk}", each.name) for each in District.objects.defer("area").order_by("name")),
        ]
        what: Any = self.fields["taetigkeit"]
        named = [role for role in roles_offered() if role.shown_publicly_as_id is None]
        what.choices = [("", _("egal")), *((role.slug, role.text("name")) for role in named)]


@dataclass(frozen=True)
class Line:
    """One line as it stands on a page."""

    row: PublicWanted
    office: Office | None

    @property
    def who(self) -> str:
        """How many, where that may be told."""
        return _("Drei Menschen suchen das") if self.row.number else _("Hier sucht jemand")


class Wanted(TemplateResponseMixin, View):
    """The list, by role and district."""

    template_name = "web/public/wanted.html"

    @cached_property
    def said(self) -> dict[str, str]:
        place, role = self.request.GET.get("ort", ""), self.request.GET.get("taetigkeit", "")
        said = {
            "ort": place if PLACE.fullmatch(place) else "",
            "taetigkeit": role if SLUG.fullmatch(role) else "",
        }
        return {word: value for word, value in said.items() if value}

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = PublicWanted.objects.filter(role__is_active=True).select_related("role", "district")
        area = area_named(self.said["ort"]) if "ort" in self.said else None
        if area is not None:
            rows = rows.filter(district=area.where[0])
        if "taetigkeit" in self.said:
            rows = rows.filter(role__slug=self.said["taetigkeit"])
        rows = rows.defer("district__area").order_by("district__name", "role__name", "-number", "public_id")
        number = request.GET.get(PAGE, "")
        page = Paginator(rows, PAGE_SIZE).get_page(number if re.fullmatch(r"[0-9]{1,6}", number) else 1)
        offices = offices_by_district()
        context = {
            "lines": [Line(row, offices.get(row.district_id)) for row in page.object_list],
            "form": WantedFilter(self.said),
            "is_filtered": bool(self.said),
            "page": page,
            "previous_url": self._url(page.previous_page_number()) if page.has_previous() else "",
            "next_url": self._url(page.next_page_number()) if page.has_next() else "",
        }
        return self.render_to_response(context)

    def _url(self, number: int) -> str:
        return f"{reverse('public:wanted')}?{urlencode({**self.said, PAGE: number})}"


class WantedPage(TemplateResponseMixin, View):
    """One line, what the role is, and how to say "Das kann ich"."""

    template_name = "web/public/wanted_page.html"

    def get(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        row = (
            PublicWanted.objects.filter(public_id=public_id, role__is_active=True)
            .select_related("role", "district")
            .defer("district__area")
            .first()
        )
        if row is None:
            return self.render_to_response({"line": None}, status=404)
        context = {
            "line": Line(row, offices_by_district().get(row.district_id)),
            "role": row.role,
            "is_helper": Kind.HELPER in open_kinds_today(request),
        }
        return self.render_to_response(context)


class SayInterest(OwnProfileView[forms.Form]):
    """A helper who is signed in says "Das kann ich"."""

    title = gettext_lazy("Das kann ich")
    intro = gettext_lazy(
        "Das Seniorenbüro erfährt, dass Sie helfen möchten, und meldet sich bei Ihnen. "
        "Es prüft wie immer, ob es für beide Seiten passt."
    )
    submit_label = gettext_lazy("Ja, das kann ich")
    success_message = gettext_lazy("Danke! Das Seniorenbüro meldet sich bei Ihnen.")

    def find_object(self) -> None:
        super().find_object()
        self.row = (
            PublicWanted.objects.filter(public_id=self.kwargs["public_id"]).select_related("role").first()
        )
        if self.row is None:
            raise Http404

    def get_about(self) -> str:
        return str(self.row.role.text("name")) if self.row else ""

    def get_success_url(self) -> str:
        return reverse("public:wanted")

    def act(self, form: forms.Form) -> int:
        return actions.say_interest(public_id=self.kwargs["public_id"], by=self.user, at=self.now)
