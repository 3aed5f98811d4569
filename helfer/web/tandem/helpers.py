"""Helpers of the office: the list, and the page on which everything about one of them stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Role
from helfer.core.languages import LANGUAGE_NAMES, language_name
from helfer.helpers.models import Certificate, HelperProfile, HelperState, Pause
from helfer.matching.lifecycle import RUNNING
from helfer.matching.models import Match
from helfer.people.models import Kind, Office
from helfer.places.models import District
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.standing import missing_trainings, standing_of
from helfer.web.tandem.finding import said
from helfer.web.tandem.histories import states_of
from helfer.web.tandem.persons import ties_of


def own_helpers(view: KindRequired) -> QuerySet[HelperProfile]:
    """The helpers of the offices in which the viewer holds a seat."""
    return HelperProfile.objects.filter(office__in=Office.objects.of_tandem(view.user)).select_related(
        "person__district", "person__quarter", "office", "only_for__person"
    )


class HelperFilter(forms.Form):
    """Which helpers."""

    text = forms.CharField(label=gettext_lazy("Name, Telefon oder Nummer"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("alle, die dabei sind")),
            ("all", gettext_lazy("alle")),
            *HelperState.choices,
        ],
    )
    role = forms.ModelChoiceField(
        label=gettext_lazy("Tätigkeit"),
        required=False,
        queryset=Role.objects.order_by("name"),
        empty_label="–",
    )
    district = forms.ModelChoiceField(
        label=gettext_lazy("Stadtbezirk"),
        required=False,
        queryset=District.objects.order_by("name"),
        empty_label="–",
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Sprache"), required=False, choices=[("", "–"), *LANGUAGE_NAMES.items()]
    )
    paused = forms.BooleanField(label=gettext_lazy("nur pausierende"), required=False)
    lapsed = forms.BooleanField(label=gettext_lazy("nur mit abgelaufenem Nachweis"), required=False)


class HelperList(ListPage[HelperProfile]):
    """The office's helpers."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/helper_list.html"
    filter_form_class = HelperFilter
    sorts = (
        Sort("name", gettext_lazy("Name"), "person__family_name", "person__given_name"),
        Sort("stadtbezirk", gettext_lazy("Stadtbezirk"), "person__district__name"),
        Sort("stand", gettext_lazy("Stand"), "state"),
        Sort("seit", gettext_lazy("Dabei seit"), "helper_since"),
    )
    default_sort = "name"

    def get_queryset(self) -> QuerySet[HelperProfile]:
        resting = Pause.objects.filter(
            Q(until_day=None) | Q(until_day__gt=self.today), helper=OuterRef("pk"), from_day__lte=self.today
        )
        return own_helpers(self).annotate(is_resting=Exists(resting)).prefetch_related("roles")

    def filter_rows(self, rows: QuerySet[HelperProfile], wanted: dict[str, Any]) -> QuerySet[HelperProfile]:
        state = wanted.get("state")
        if not state:
            rows = rows.exclude(state__in=[HelperState.LEFT, HelperState.REJECTED])
        elif state != "all":
            rows = rows.filter(state=state)
        if wanted.get("role"):
            rows = rows.filter(roles=wanted["role"])
        if wanted.get("district"):
            rows = rows.filter(person__district=wanted["district"])
        if wanted.get("language"):
            rows = rows.filter(languages__contains=[wanted["language"]])
        if wanted.get("paused"):
            rows = rows.filter(pk__in=HelperProfile.objects.paused_on(self.today))
        if wanted.get("lapsed"):
            rows = rows.filter(Exists(self._lapsed()))
        return rows.filter(said(wanted.get("text") or "", people=["person__"], numbers=["number"]))

    def _lapsed(self) -> QuerySet[Certificate]:
        """Proofs that ended and were not renewed."""
        newer = Certificate.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=self.today),
            helper=OuterRef("helper"),
            training=OuterRef("training"),
        )
        ended = Certificate.objects.filter(helper=OuterRef("pk"), valid_until__lt=self.today)
        return ended.exclude(Exists(newer))


class HelperPage(KindRequired, TemplateResponseMixin):
    """Everything about one helper."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/helper.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        helper = get_object_or_404(own_helpers(self), pk=pk)
        person = helper.person
        matches = (
            Match.objects.filter(helper=helper)
            .select_related("request__help_seeker__person", "role", "office")
            .order_by("-proposed_at", "-pk")
        )
        certificates = helper.certificates.select_related(
            "training", "verified_by__person", "seen_by__person"
        )
        pauses = helper.pauses.order_by("-from_day")
        served = {match.request.help_seeker_id for match in matches if match.state in RUNNING}
        context = {
            "object": helper,
            "person": person,
            "roles": helper.roles.prefetch_related("required_trainings").order_by("name"),
            "models": helper.compensation_models.order_by("name"),
            "languages": [language_name(code) for code in helper.languages],
            "certificates": [
                {"certificate": certificate, **standing_of(certificate, self.today)}
                for certificate in certificates.order_by("training__name", "-issued_on")
            ],
            "missing": missing_trainings(helper, self.today),
            "pauses": pauses,
            "resting": next(
                (
                    pause
                    for pause in pauses
                    if pause.from_day <= self.today
                    and (pause.until_day is None or self.today < pause.until_day)
                ),
                None,
            ),
            "matches": [match for match in matches if match.office_id == helper.office_id],
            "elsewhere": sum(1 for match in matches if match.office_id != helper.office_id and match.is_open),
            "served": len(served),
            "ties": ties_of(person),
            "history": states_of(helper, labels=dict(HelperState.choices)),
        }
        return self.render_to_response(context)
