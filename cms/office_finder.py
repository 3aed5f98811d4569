"""Which office is responsible: by postcode, district, quarter or street; what is typed is kept nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from cms.models import OfficePage
from helfer.people.models import Office
from helfer.places.models import District, Postcode, Quarter
from helfer.places.normalise import plain
from helfer.places.search import find_address
from helfer.web.public.limits import LimitedReading

_POSTCODE = re.compile(r"[0-9]{5}\Z")


@dataclass(frozen=True)
class Finding:
    """An office, and why it was found."""

    office: Office
    because: str
    url: str = ""


@dataclass
class Answer:
    """What became of the words: one office, several to choose from, or none."""

    words: str
    findings: list[Finding] = field(default_factory=list)


class FinderForm(forms.Form):
    """One field."""

    place = forms.CharField(
        label=_("Wo wohnen Sie?"),
        help_text=_("Postleitzahl, Stadtteil oder Straße mit Hausnummer"),
        max_length=120,
        error_messages={"required": _("Bitte schreiben Sie, wo Sie wohnen.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FindOffice(LimitedReading, FormView):
    """Finds the office for a place; by POST, so that no street stands in an address or a log."""

    limited_as = "office"
    form_class = FinderForm
    template_name = "cms/find_office_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("office_pages", OfficePage.listed())
        return super().get_context_data(is_public_page=True, **kwargs)

    def form_valid(self, form: FinderForm) -> HttpResponse:
        answer = find(form.cleaned_data["place"], self.request)
        return self.render_to_response(self.get_context_data(form=form, answer=answer))


class PlaceForm(forms.Form):
    """One field whose words stand in the address: nothing that would say where somebody lives."""

    ort = forms.CharField(
        label=_("Postleitzahl oder Stadtteil"),
        max_length=120,
        error_messages={"required": _("Bitte schreiben Sie eine Postleitzahl oder einen Stadtteil.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class EmbeddedFinder(LimitedReading, TemplateView):
    """The same for other sites to frame: no cookie, no script, nothing from elsewhere, and no streets."""

    limited_as = "office"
    template_name = "cms/embedded_finder_page.html"
    too_often_template = "cms/embedded_too_often.html"

    def is_asked(self) -> bool:
        return "ort" in self.request.GET

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: Any = super().dispatch(request, *args, **kwargs)
        if sites := settings.HELFER_EMBEDDING_SITES:
            # The older header knows no list; where both stand, browsers go by this one.
            response._csp_replace = {"frame-ancestors": ["'self'", *sites]}
            response.xframe_options_exempt = True
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = PlaceForm(self.request.GET if self.is_asked() else None)
        answer = find(form.cleaned_data["ort"], self.request, by_street=False) if form.is_valid() else None
        return super().get_context_data(form=form, answer=answer, office_pages=OfficePage.listed(), **kwargs)


def find(words: str, request: HttpRequest | None = None, *, by_street: bool = True) -> Answer:
    """The offices that serve the place these words mean."""
    words = " ".join(words.split())
    places = _by_postcode(words) or _by_name(words) or (_by_street(words) if by_street else [])
    served = District.objects.filter(pk__in=[district.pk for district, _why in places])
    by_district = {
        district.pk: district.served_by.office
        for district in served.select_related("served_by__office")
        if hasattr(district, "served_by") and district.served_by.office.is_active
    }
    urls = {page.office_id: page.get_url(request) or "" for page in OfficePage.listed()}
    answer, seen = Answer(words), set()
    for district, because in places:
        office = by_district.get(district.pk)
        if office and office.pk not in seen:
            seen.add(office.pk)
            answer.findings.append(Finding(office, because, urls.get(office.pk, "")))
    return answer


def _by_postcode(words: str) -> list[tuple[District, str]]:
    if not _POSTCODE.match(words):
        return []
    postcode = Postcode.objects.filter(plz=words).first()
    if postcode is None:
        return []
    if postcode.area is None:
        districts = District.objects.covering(postcode.point)
    else:
        districts = District.objects.filter(area__intersects=postcode.area)
    return [(district, district.name) for district in districts.order_by("name")]


def _by_name(words: str) -> list[tuple[District, str]]:
    wanted = plain(words)
    districts = [each for each in District.objects.order_by("name") if plain(each.name) == wanted]
    quarters = Quarter.objects.select_related("district").order_by("name", "pk")
    return [(each, each.name) for each in districts] or [
        (each.district, f"{each.name}, {each.district.name}")
        for each in quarters
        if plain(each.name) == wanted
    ]


def _by_street(words: str) -> list[tuple[District, str]]:
    result = find_address(street=words)
    places = [result.found] if result.found else list(result.suggestions) or [result.fallback]
    found = []
    for place in places:
        if place is not None and (district := District.objects.containing(place.point)):
            found.append((district, f"{place.street} {place.house_number}".strip() or district.name))
    return found
