"""Who comes into question for a request, as a list first and on a map; a person decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import CompensationModel
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching import actions
from helfer.matching.candidates import Candidate, Shortlist, check_pair, survey
from helfer.matching.gates import ALL_GATES, PAIR_GATES
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Wish
from helfer.matching.ranking import WEIGHTS
from helfer.matching.what_if import what_ifs
from helfer.people.models import Kind, Office
from helfer.places.models import District
from helfer.places.walking import Way
from helfer.web.action_view import ActionView
from helfer.web.fields import DayField
from helfer.web.kinds import KindRequired
from helfer.web.maps import Area, CityMap, Pin
from helfer.web.tandem.walking import ways_to_candidates

PART_LABELS = {
    "nearness": gettext_lazy("Nähe"),
    "times": gettext_lazy("Zeiten"),
    "language": gettext_lazy("Sprache"),
    "workload": gettext_lazy("Auslastung"),
    "rotation": gettext_lazy("lange nicht gefragt"),
    "continuity": gettext_lazy("kennen sich schon"),
}


def own_requests(view: KindRequired) -> QuerySet[HelpRequest]:
    """The requests of the offices in which the viewer holds a seat."""
    return HelpRequest.objects.filter(office__in=Office.objects.of_tandem(view.user)).select_related(
        "help_seeker__person__district", "role", "office", "named_helper__person"
    )


class Candidates(KindRequired, TemplateResponseMixin):
    """The shortlist of a request: candidates, near misses, and what would help."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/candidates.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = get_object_or_404(own_requests(self), pk=pk)
        context: dict[str, Any] = {
            "object": wanted,
            "seeker": wanted.help_seeker.person,
            "substitution": self._substitution(wanted),
        }
        try:
            found = survey(wanted, on=self.today)
        except RuleViolation as refusal:
            return self.render_to_response(context | {"refusal": refusal})
        shortlist = found.shortlist(only_own_near_misses=True)
        own = self._own_helpers(shortlist)
        # Where the distance plays no part, the way does not either.
        far = wanted.role is not None and wanted.role.at_a_distance
        ways = {} if far else ways_to_candidates(wanted.help_seeker.person, shortlist.candidates, own)
        rows = [
            {
                "number": number,
                "candidate": candidate,
                "parts": parts_of(candidate),
                "way": ways.get(candidate.helper_id),
            }
            for number, candidate in enumerate(shortlist.candidates, start=1)
        ]
        context |= {
            "shortlist": shortlist,
            "rows": rows,
            "wished": set(Wish.objects.filter(request=wanted).values_list("helper_id", flat=True)),
            "near_misses": shortlist.near_misses,
            "elsewhere": sum(shortlist.near_misses_elsewhere.values()),
            "what_ifs": what_ifs(found),
            "map": self._map(wanted, shortlist, own),
        }
        return self.render_to_response(context)

    def _substitution(self, wanted: HelpRequest) -> Match | None:
        """The paused match for which somebody stands in, where the address names one."""
        named = self.request.GET.get("vertretung", "")
        if not named.isdecimal() or len(named) > 15:
            return None
        return Match.objects.filter(pk=int(named), request=wanted, state=MatchState.PAUSED).first()

    def _own_helpers(self, shortlist: Shortlist) -> list[HelperProfile]:
        """The shown candidates of the own office, with their homes."""
        shown = [each.helper_id for each in shortlist.candidates if each.shown.own_office]
        own = HelperProfile.objects.visible_to(self.user).filter(pk__in=shown)
        return list(own.select_related("person"))

    def _map(self, wanted: HelpRequest, shortlist: Shortlist, helpers: list[HelperProfile]) -> CityMap | None:
        """The request's home and the own office's candidates; of other offices only the list speaks."""
        home = wanted.help_seeker.person.home
        if home is None:
            return None
        own = {
            candidate.helper_id: number
            for number, candidate in enumerate(shortlist.candidates, start=1)
            if candidate.shown.own_office
        }
        pins = [
            Pin(
                label=helper.person.full_name,
                point=helper.person.home,
                number=str(own[helper.pk]),
                href=f"#kandidat-{own[helper.pk]}",
            )
            for helper in helpers
            if helper.person.home is not None
        ]
        pins.sort(key=lambda pin: int(pin.number))
        seeker = Pin(label=wanted.help_seeker.person.full_name, point=home, number="★", kind="seeker")
        areas = [
            Area(key=str(district.pk), label=district.name, geometry=district.area)
            for district in District.objects.order_by("pk")
        ]
        return CityMap(areas=areas, pins=[seeker, *pins], key="karte-kandidaten")


def parts_of(candidate: Candidate) -> list[dict[str, Any]]:
    """What the score is made of, as the bars show it."""
    return [
        {"label": PART_LABELS[name], "value": value, "max": WEIGHTS[name], "text": ""}
        for name, value in candidate.parts.items()
    ]


class ProposalForm(forms.Form):
    """Under which model and from when; a substitute also: until when."""

    compensation_model = forms.ModelChoiceField(
        label=gettext_lazy("Finanzielles Modell"),
        queryset=CompensationModel.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie ein finanzielles Modell.")},
    )
    starts_on = DayField(label=gettext_lazy("Beginnt am"))
    substitute_until = DayField(label=gettext_lazy("Vertretung bis einschließlich"), required=False)


class Propose(ActionView[ProposalForm]):
    """Pick this candidate for this request."""

    kinds = {Kind.TANDEM}
    form_class = ProposalForm
    template_name = "web/tandem/propose.html"
    submit_label = gettext_lazy("Vorschlagen")
    success_message = gettext_lazy("Der Vorschlag ist angelegt. Jetzt fragen Sie beide Seiten.")

    def get_queryset(self) -> QuerySet[Any]:
        return own_requests(self)

    def find_object(self) -> None:
        super().find_object()
        self.helper = get_object_or_404(
            HelperProfile.objects.select_related("person", "office"), pk=self.kwargs["helper_id"]
        )
        self.is_named = self.object.named_helper_id == self.helper.pk
        self.assessment = check_pair(
            request_id=self.object.pk,
            helper_id=self.helper.pk,
            on=self.today,
            gates=PAIR_GATES if self.is_named else ALL_GATES,
        )
        own = self.helper.office_id == self.object.office_id
        if not own and self.assessment.refusals:
            # What another office's helper lacks is not told: as if there were nobody.
            get_object_or_404(HelperProfile.objects.none())
        self.shown = self.assessment.candidate.shown

    def _principal(self) -> int | None:
        named = self.request.GET.get("vertretung", "")
        return int(named) if named.isdecimal() and len(named) <= 15 else None

    def get_initial(self) -> dict[str, Any]:
        first_day = max(self.object.starts_on or self.today, self.today)
        models = self._models()
        return {"starts_on": first_day, "compensation_model": models[0].pk if len(models) == 1 else None}

    def _models(self) -> list[CompensationModel]:
        possible = self.assessment.compensation_models
        return [
            model
            for model in CompensationModel.objects.filter(slug__in=possible).order_by("name")
            if self.assessment.model_refusal(model.slug) is None
        ]

    def get_form(self) -> ProposalForm:
        form = super().get_form()
        field: Any = form.fields["compensation_model"]
        field.queryset = CompensationModel.objects.filter(pk__in=[model.pk for model in self._models()])
        if self._principal() is None:
            del form.fields["substitute_until"]
        else:
            form.fields["substitute_until"].required = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=_("%(name)s vorschlagen") % {"name": self.shown.name},
            assessment=self.assessment,
            shown=self.shown,
            way=self._way(),
            seeker=self.object.help_seeker.person,
            **kwargs,
        )

    def _way(self) -> Way | None:
        if self.assessment.request.at_a_distance:
            return None
        own = [self.helper] if self.shown.own_office else []
        person = self.object.help_seeker.person
        return ways_to_candidates(person, [self.assessment.candidate], own).get(self.helper.pk)

    def act(self, form: ProposalForm) -> Match:
        until: date | None = form.cleaned_data.get("substitute_until")
        return actions.propose_match(
            request_id=self.object.pk,
            helper_id=self.helper.pk,
            compensation_model=form.cleaned_data["compensation_model"],
            starts_on=form.cleaned_data["starts_on"],
            substitutes_for_id=self._principal(),
            substitute_until=until,
            extends_id=self._extends(),
            by=self.user,
            at=self.now,
        )

    def _extends(self) -> int | None:
        """A running match of the same two people, to which this request adds a role."""
        running = Match.objects.filter(
            helper=self.helper,
            request__help_seeker=self.object.help_seeker_id,
            state__in=[MatchState.TRIAL, MatchState.ACTIVE],
        ).exclude(request=self.object.pk)
        return running.filter(extends=None).order_by("pk").values_list("pk", flat=True).first()

    def get_success_url(self) -> str:
        return reverse("tandem:match", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        name = "tandem:request" if self.is_named else "tandem:candidates"
        return reverse(name, kwargs={"pk": self.kwargs["pk"]})
