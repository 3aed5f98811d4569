"""The resilience drill of an office: who would be left alone, by name, and a sheet for the drawer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateResponseMixin

from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.candidates import Shown
from helfer.matching.drill import Drill, Fate, Outcome, drill
from helfer.matching.drill.figures import losses_by
from helfer.matching.drill.shown import shown_to
from helfer.matching.models import Match
from helfer.matching.shortages import nearly
from helfer.people.models import Kind, Office, Person, Representative
from helfer.places.models import Quarter
from helfer.web.kinds import KindRequired
from helfer.web.maps import Area, CityMap, Pin
from helfer.web.outage_form import OutageForm

# A pin stands above its quarter's name, so that both can be read.
PINS_ABOVE_NAMES = 20


class OfficeOutageForm(OutageForm):
    """In an office one may also choose people by name, and look across its borders."""

    helpers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Einzelne Helferinnen und Helfer"),
        required=False,
        queryset=HelperProfile.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    everywhere = forms.BooleanField(
        label=gettext_lazy("Auch Helfende anderer Büros fallen aus"),
        required=False,
        help_text=gettext_lazy("Zum Beispiel bei einer Grippewelle: Sie fragt nicht nach dem Büro."),
    )
    field_order = ("from_day", "area", "role", "language", "helpers", "everywhere", "open_requests")

    def in_words(self) -> list[str]:
        named = [helper.person.full_name for helper in self.cleaned_data["helpers"]]
        return [*super().in_words(), *([", ".join(named)] if named else [])]


@dataclass(frozen=True, slots=True)
class Row:
    """One person who loses their helper, as the office reads it."""

    outcome: Outcome
    request: HelpRequest
    # Who helps until then.
    helpers: tuple[str, ...]
    stand_in: Shown | None
    emergency_contacts: tuple[Person, ...]

    @property
    def person(self) -> Person:
        """The help seeker."""
        return self.request.help_seeker.person

    @property
    def why_nearly(self) -> tuple[str, ...]:
        """Who nearly could take over, counted by what they lack."""
        return nearly(self.outcome.shortages)

    @property
    def why_nobody(self) -> str:
        """Why nobody even nearly could."""
        if self.outcome.fate is Fate.NAMED:
            return _("Nur diese Person: Die beiden haben sich selbst gefunden, es wird niemand gesucht.")
        return _("In der Nähe bietet das sonst niemand an, auch nicht beinahe.")

    @property
    def risks(self) -> tuple[str, ...]:
        """What makes it pressing."""
        need = self.outcome.need
        risks = [_("dringend")] if need.is_urgent else []
        if need.care_level.number:
            risks.append(str(need.care_level.label))
        return tuple(risks)


class DrillPage(KindRequired, TemplateResponseMixin):
    """Choose who drops out, and see what that would mean; the address keeps the choice."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/drill.html"

    @cached_property
    def offices(self) -> Sequence[Office]:
        """The offices in which the viewer holds a seat."""
        return list(Office.objects.of_tandem(self.user).order_by("name", "pk"))

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.get_form()
        context: dict[str, Any] = {
            "form": form,
            "offices": self.offices,
            "query": request.GET.urlencode(),
            "today": self.today,
        }
        if form.is_bound and form.is_valid():
            try:
                found = drill(
                    form.outage(office_ids=self._office_ids),
                    with_open_requests=form.cleaned_data["open_requests"],
                )
            except RuleViolation as refusal:
                form.add_error(None, refusal.message)
            else:
                context |= self.result(found) | {"chosen": form.in_words()}
        return self.render_to_response(context)

    def get_form(self) -> OfficeOutageForm:
        """As the address says it; blank at the first visit."""
        asked = self.request.GET if "from_day" in self.request.GET else None
        form = OfficeOutageForm(asked, today=self.today, initial={"from_day": self.today})
        own = self.offices
        serving = Match.objects.running().filter(office__in=own)
        helpers: Any = form.fields["helpers"]
        helpers.queryset = (
            HelperProfile.objects.active()
            .filter(office__in=own)
            .filter(Q(pk__in=serving.values("helper")) | Q(pk__in=self._named))
            .select_related("person")
            .order_by("person__family_name", "person__given_name", "pk")
        )
        helpers.label_from_instance = lambda helper: helper.person.full_name
        return form

    @property
    def _named(self) -> list[int]:
        return [int(pk) for pk in self.request.GET.getlist("helpers") if pk.isdecimal() and len(pk) <= 15]

    @cached_property
    def _office_ids(self) -> frozenset[int]:
        return frozenset(office.pk for office in self.offices)

    def result(self, found: Drill) -> dict[str, Any]:
        """What the page shows of the drill: the own offices' people by name, others as numbers."""
        own = self.offices
        outcomes = found.of_offices(self._office_ids)
        rows = self._rows(outcomes)
        alone = [row for row in rows if row.outcome.is_alone]
        return {
            "drill": found,
            "dropped": HelperProfile.objects.filter(pk__in=found.helper_ids, office__in=own).count(),
            "affected": len(outcomes),
            "alone": alone,
            "served": [row for row in rows if row.outcome.fate is Fate.SERVED],
            "covered": [row for row in rows if row.outcome.fate is Fate.COVERED],
            "elsewhere": len(found.outcomes) - len(outcomes),
            "map": _map(outcomes, own),
        }

    def _rows(self, outcomes: Sequence[Outcome]) -> list[Row]:
        requests = (
            HelpRequest.objects.visible_to(self.user)
            .select_related("help_seeker__person__district", "help_seeker__person__quarter", "role", "office")
            .in_bulk([outcome.need.request_id for outcome in outcomes])
        )
        lost = [pk for outcome in outcomes for pk in outcome.need.lost_match_ids]
        matches = Match.objects.visible_to(self.user).select_related("helper__person").in_bulk(lost)
        stand_ins = shown_to(
            self._office_ids,
            helper_ids=[outcome.stand_in_id for outcome in outcomes if outcome.stand_in_id is not None],
        )
        contacts = self._emergency_contacts(outcomes)
        return [
            Row(
                outcome=outcome,
                request=requests[outcome.need.request_id],
                helpers=tuple(matches[pk].helper_name for pk in outcome.need.lost_match_ids if pk in matches),
                stand_in=stand_ins.get(outcome.stand_in_id or 0),
                emergency_contacts=contacts.get(outcome.need.seeker_id, ()),
            )
            for outcome in outcomes
            if outcome.need.request_id in requests
        ]

    def _emergency_contacts(self, outcomes: Sequence[Outcome]) -> Mapping[int, tuple[Person, ...]]:
        """Whom to call, by help seeker; only for those who would be left alone."""
        seekers = [outcome.need.seeker_id for outcome in outcomes if outcome.is_alone]
        contacts: dict[int, tuple[Person, ...]] = {}
        for contact in (
            Representative.objects.filter(
                help_seeker__in=seekers,
                is_emergency_contact=True,
                person__died_on=None,
            )
            .select_related("person")
            .order_by("pk")
        ):
            contacts[contact.help_seeker_id] = (*contacts.get(contact.help_seeker_id, ()), contact.person)
        return contacts


class DrillSheet(DrillPage):
    """The drill on paper, for the drawer: whom to call, and who could step in."""

    template_name = "web/tandem/drill_sheet.html"


def _map(outcomes: Sequence[Outcome], offices: Collection[Office]) -> CityMap | None:
    """The offices' quarters and those of their people: where somebody would be left alone, and how many."""
    losses = losses_by(lambda need: need.quarter_id, outcomes)
    served_districts = Q(district__served_by__office__in=offices)
    quarters = Quarter.objects.filter(served_districts | Q(pk__in=[key for key in losses if key])).order_by(
        "name", "pk"
    )
    areas, pins = [], []
    lift = _height_of(quarters) / PINS_ABOVE_NAMES
    for quarter in quarters:
        loss = losses.get(quarter.pk)
        note = _loss_in_words(loss.affected, loss.alone) if loss else _("niemand betroffen")
        tone = "" if loss is None else "loss" if loss.alone else "held"
        areas.append(
            Area(key=str(quarter.pk), label=quarter.name, geometry=quarter.area, note=note, tone=tone)
        )
        if loss is not None and loss.alone:
            pins.append(
                Pin(
                    label=quarter.name,
                    point=_above(quarter.inner_point, lift),
                    number=str(loss.alone),
                    kind="seeker",
                    note=note,
                )
            )
    pins.sort(key=lambda pin: (-int(pin.number), str(pin.label)))
    return CityMap(areas=areas, pins=pins, key="karte-probe", whole_city=True) if areas else None


def _height_of(quarters: Iterable[Quarter]) -> float:
    extents = [quarter.area.extent for quarter in quarters]
    return max((box[3] for box in extents), default=0.0) - min((box[1] for box in extents), default=0.0)


def _above(point: Point, degrees: float) -> Point:
    return Point(point.x, point.y + degrees, srid=4326)


def _loss_in_words(affected: int, alone: int) -> str:
    if not alone:
        return ngettext(
            "%(affected)d betroffen, versorgt", "%(affected)d betroffen, alle versorgt", affected
        ) % {"affected": affected}
    return _("%(alone)d von %(affected)d ohne Hilfe") % {"alone": alone, "affected": affected}
