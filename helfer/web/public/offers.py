"""Angebote in Ihrer Nähe: who offers help, as list, map and sheet; without a name that was not given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import CompensationModel, Training
from helfer.core.languages import ISO_639_1, language_name
from helfer.core.slots import HALF_DAY_NAMES, HALF_DAYS
from helfer.matching.models import PublicOffer
from helfer.matching.trios import TOGETHER
from helfer.people.models import Office, OfficeDistrict
from helfer.places.models import Quarter
from helfer.web.action_view import SeeOther
from helfer.web.maps import Area as MapArea
from helfer.web.maps import CityMap, Pin
from helfer.web.public.areas import Area, all_areas, areas_meant, distance_in_words
from helfer.web.public.limits import LimitedReading
from helfer.web.public.offers_search import (
    ONLY_HERE,
    RADII,
    Found,
    Wanted,
    find_offers,
    roles_offered,
)

PAGE = "seite"
# The address's words for what is wanted.
WORDS = {
    "ort": "place",
    "umkreis": "within",
    "taetigkeit": "role",
    "sprache": "language",
    "zeit": "half_day",
    "geld": "model",
}
SLUG = re.compile(r"[-\w]{1,50}")
PLACE = re.compile(r"[qb][0-9]{1,12}")
SHEET_SIZE = 60
LAST_PAGE = 100_000


def wanted_in(query: QueryDict) -> Wanted:
    """What the address asks for; what makes no sense there is left out."""
    sent = {name: query.get(word, "") for word, name in WORDS.items()}
    right = {
        "place": PLACE.fullmatch(sent["place"]),
        "within": sent["within"] in (ONLY_HERE, *RADII),
        "role": SLUG.fullmatch(sent["role"]),
        "language": sent["language"] in ISO_639_1,
        "half_day": sent["half_day"] in HALF_DAYS,
        "model": SLUG.fullmatch(sent["model"]),
    }
    return Wanted(**{name: value for name, value in sent.items() if right[name]})


def page_in(query: QueryDict) -> int:
    """Which page the address asks for."""
    number = query.get(PAGE, "")
    return min(int(number), LAST_PAGE) if re.fullmatch(r"[0-9]{1,6}", number) else 1


def address_of(wanted: Wanted, url_name: str = "public:offers", page: int = 1) -> str:
    """The address that asks for this; it holds a quarter at most."""
    values = {word: asdict(wanted)[name] for word, name in WORDS.items()}
    said = {word: value for word, value in values.items() if value}
    if page > 1:
        said[PAGE] = str(page)
    return reverse(url_name) + (f"?{urlencode(said)}" if said else "")


def offices_by_district() -> dict[int, Office]:
    """Whom to call, by district."""
    serving = OfficeDistrict.objects.filter(office__is_active=True).exclude(office__phone="")
    return {each.district_id: each.office for each in serving.select_related("office").order_by("pk")}


class OfferFilter(forms.Form):
    """Where, what, when; each choice says how many helpers it would show."""

    ort = forms.ChoiceField(label=gettext_lazy("Wo?"), required=False)
    umkreis = forms.ChoiceField(label=gettext_lazy("Wie weit?"), required=False)
    taetigkeit = forms.ChoiceField(label=gettext_lazy("Wobei?"), required=False)
    zeit = forms.ChoiceField(label=gettext_lazy("Wann?"), required=False)
    sprache = forms.ChoiceField(label=gettext_lazy("In welcher Sprache?"), required=False)
    geld = forms.ChoiceField(label=gettext_lazy("Wie finanziell?"), required=False)

    def __init__(self, wanted: Wanted, found: Found) -> None:
        values = asdict(wanted)
        super().__init__({word: values[name] for word, name in WORDS.items()})
        self.wanted = wanted
        self._offer("ort", [("", _("in der ganzen Stadt")), *self._places(found)])
        self._offer(
            "umkreis",
            [
                ("", _("die nächsten zuerst")),
                (ONLY_HERE, _("nur hier")),
                *((km, _("bis %(km)s km") % {"km": km}) for km in RADII),
            ],
        )
        roles = {role.slug: role.text("name") for role in roles_offered()}
        self._offer("taetigkeit", self._counted(roles, found.by_role, wanted.role))
        halves = {half: HALF_DAY_NAMES[half] for half in HALF_DAYS}
        self._offer("zeit", self._counted(halves, found.by_half_day, wanted.half_day))
        spoken = {code: language_name(code) for code in sorted({*found.by_language, wanted.language} - {""})}
        self._offer("sprache", self._counted(spoken, found.by_language, wanted.language))
        models = {
            model.pk: model for model in CompensationModel.objects.filter(is_active=True).order_by("name")
        }
        named = {model.slug: model.text("name") for model in models.values()}
        numbers = {models[pk].slug: number for pk, number in found.by_model.items() if pk in models}
        self._offer("geld", self._counted(named, numbers, wanted.model))

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _counted(
        self, names: Mapping[str, Any], numbers: Mapping[str, int], chosen: str
    ) -> list[tuple[str, str]]:
        """Only what finds somebody, and what is chosen now."""
        return [
            ("", _("egal")),
            *(
                (key, f"{name} ({numbers.get(key, 0)})")
                for key, name in names.items()
                if numbers.get(key) or key == chosen
            ),
        ]

    def _places(self, found: Found) -> Iterator[tuple[str, Any]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for area in all_areas().values():
            name = area.name if area.is_quarter else _("ganz %(district)s") % {"district": area.name}
            groups.setdefault(area.district, []).append((area.key, name))
        yield from groups.items()


@dataclass(frozen=True)
class Shown:
    """An offer as it stands on a page."""

    offer: PublicOffer
    place: str
    distance: str
    models: list[str]
    trainings: list[str]
    office: Office | None
    url: str

    @property
    def who(self) -> str:
        """The three, in one line."""
        names = self.offer.shown_names
        unnamed = TOGETHER - len(names)
        if not names:
            return _("Drei Menschen aus der Nachbarschaft")
        if not unnamed:
            return _("%(first)s und %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
        return _("%(names)s und %(others)s") % {
            "names": ", ".join(names),
            "others": ngettext("jemand ohne Namen", "%(n)d ohne Namen", unnamed) % {"n": unnamed},
        }


class _PublicPage(TemplateResponseMixin, View):
    """A page about offers, for everybody."""

    @cached_property
    def wanted(self) -> Wanted:
        return wanted_in(self.request.GET)

    def shown(self, offers: list[PublicOffer], found: Found | None = None) -> list[Shown]:
        """The offers with the catalogue's words and the office to call: a constant number of queries."""
        areas = all_areas()
        models = {model.pk: model.text("name") for model in CompensationModel.objects.order_by("name")}
        trainings = {each.pk: each.text("name") for each in Training.objects.order_by("name")}
        offices = offices_by_district()
        anybody = next(iter(offices.values()), None)
        shown = []
        for offer in offers:
            where = (offer.district_id, offer.quarter_id)
            area = areas.get(where)
            distance = found.distances.get(where) if found else None
            shown.append(
                Shown(
                    offer=offer,
                    place=area.full_name if area else _("in der ganzen Stadt"),
                    distance=_distance(area, found.origin if found else None, distance),
                    models=[name for pk, name in models.items() if pk in offer.model_ids],
                    trainings=[name for pk, name in trainings.items() if pk in offer.training_ids],
                    office=offices.get(offer.district_id or 0, anybody),
                    url=address_of(self.wanted, "public:offers").replace(
                        reverse("public:offers"), reverse("public:offer", args=[offer.public_id])
                    ),
                )
            )
        return shown


def _distance(area: Area | None, origin: Area | None, metres: int | None) -> str:
    if area is None or origin is None or metres is None:
        return ""
    if area.where == origin.where:
        return _("in Ihrem Quartier") if area.is_quarter else _("in Ihrem Stadtbezirk")
    return distance_in_words(metres)


class Offers(_PublicPage):
    """The list: filter, numbers, ten offers."""

    template_name = "web/public/offers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The list, with what the search for a place has to say."""
        found = find_offers(self.wanted, page=page_in(self.request.GET))
        context = {
            "found": found,
            "form": OfferFilter(self.wanted, found),
            "offers": self.shown(found.offers, found),
            "is_filtered": self.wanted != Wanted(),
            "kept": [(word, value) for word, value in self._said() if word not in ("ort",)],
            "previous_url": address_of(self.wanted, page=found.page - 1) if found.page > 1 else "",
            "next_url": address_of(self.wanted, page=found.page + 1) if found.page < found.pages else "",
            "map_url": address_of(self.wanted, "public:offers_map"),
            "sheet_url": address_of(self.wanted, "public:offers_sheet"),
        }
        return self.render_to_response(context | more, status=status)

    def _said(self) -> list[tuple[str, str]]:
        values = asdict(self.wanted)
        return [(word, values[name]) for word, name in WORDS.items() if values[name]]


class FindPlace(LimitedReading, Offers):
    """A postcode, street or quarter, by POST: it becomes a quarter and is kept nowhere."""

    limited_as = "place"
    http_method_names = ("get", "post")

    @cached_property
    def wanted(self) -> Wanted:
        return wanted_in(self.request.POST if self.request.method == "POST" else self.request.GET)

    def get(self, request: HttpRequest) -> HttpResponse:
        return SeeOther(address_of(self.wanted))

    def post(self, request: HttpRequest) -> HttpResponse:
        areas = areas_meant(request.POST.get("wo", "")[:120])
        choices = [
            (area.full_name, address_of(Wanted(**{**asdict(self.wanted), "place": area.key})))
            for area in areas
        ]
        if len(choices) == 1:
            return SeeOther(choices[0][1])
        return self.page(status=422, place_choices=choices, place_unknown=not choices)


class OffersMap(_PublicPage):
    """The quarters with their numbers, drawn here."""

    template_name = "web/public/offers_map.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = find_offers(self.wanted)
        areas = all_areas()
        drawn, pins = [], []
        for quarter in Quarter.objects.order_by("district__name", "name"):
            area = areas.get((quarter.district_id, quarter.pk))
            number = found.by_area.get((quarter.district_id, quarter.pk), 0)
            if area is not None:
                drawn.append(
                    MapArea(
                        key=area.key,
                        label=area.name,
                        geometry=quarter.area,
                        href=self._at(area) if number else "",
                        note=_offers(number) if number else _("noch niemand"),
                        tone="held" if number else "",
                        named=bool(number),
                    )
                )
                if number:
                    pins.append(
                        Pin(
                            area.full_name,
                            area.point,
                            number=str(number),
                            href=self._at(area),
                            note=_offers(number),
                        )
                    )
        rows = [
            (area, self._at(area), _offers(number))
            for where, area in areas.items()
            if (number := found.by_area.get(where, 0))
        ]
        elsewhere = found.by_area.get((None, None), 0)
        context = {
            "map": CityMap(areas=drawn, pins=pins, whole_city=True) if drawn else None,
            "rows": rows,
            "elsewhere": _offers(elsewhere) if elsewhere else "",
            "list_url": address_of(self.wanted),
            "found": found,
        }
        return self.render_to_response(context)

    def _at(self, area: Area) -> str:
        return address_of(Wanted(**{**asdict(self.wanted), "place": area.key, "within": ONLY_HERE}))


def _offers(number: int) -> str:
    return _("%(number)d Angebote") % {"number": number}


class OffersSheet(_PublicPage):
    """The same list to print: the telephone number first, up to sixty offers."""

    template_name = "web/public/offers_sheet.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = find_offers(self.wanted, size=SHEET_SIZE)
        offers = self.shown(found.offers, found)
        offices = {shown.office.pk: shown.office for shown in offers if shown.office}
        context = {
            "found": found,
            "offers": offers,
            "offices": offices.values(),
            "list_url": address_of(self.wanted),
        }
        return self.render_to_response(context)


class OfferPage(_PublicPage):
    """One offer, what the role is, and whom to call."""

    template_name = "web/public/offer.html"

    def get(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        offer = PublicOffer.objects.in_use().select_related("role").filter(public_id=public_id).first()
        if offer is None:
            return self.render_to_response({"offer": None, "list_url": address_of(self.wanted)}, status=404)
        (shown,) = self.shown([offer])
        return self.render_to_response(
            {"offer": offer, "shown": shown, "role": offer.role, "list_url": address_of(self.wanted)}
        )
