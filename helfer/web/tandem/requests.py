"""Requests: the list, and the page on which everything about one of them stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Role
from helfer.core.languages import language_name
from helfer.help_requests.actions import EDITABLE
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.matching.lifecycle import OPEN
from helfer.matching.models import Match, Wish
from helfer.people.models import Kind, Office, Person
from helfer.places.models import District
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.tandem.candidates import own_requests
from helfer.web.tandem.finding import asked_for
from helfer.web.tandem.histories import states_of
from helfer.web.tandem.persons import ties_of

MOST_MAYBE_KNOWN = 5


class RequestFilter(forms.Form):
    """Which requests."""

    text = forms.CharField(label=gettext_lazy("Name, Telefon oder Nummer"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("eingegangen und offen")),
            ("all", gettext_lazy("alle")),
            *RequestState.choices,
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
    urgent = forms.BooleanField(label=gettext_lazy("nur dringende"), required=False)


class RequestList(ListPage[HelpRequest]):
    """The office's requests; those that wait come first."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/request_list.html"
    filter_form_class = RequestFilter
    sorts = (
        Sort("eingang", gettext_lazy("Eingang"), "received_on"),
        Sort(
            "name",
            gettext_lazy("Name"),
            "help_seeker__person__family_name",
            "help_seeker__person__given_name",
        ),
        Sort("stadtbezirk", gettext_lazy("Stadtbezirk"), "help_seeker__person__district__name"),
        Sort("stand", gettext_lazy("Stand"), "state"),
    )
    default_sort = "eingang"

    def get_queryset(self) -> QuerySet[HelpRequest]:
        open_match = Match.objects.filter(request=OuterRef("pk"), state__in=OPEN)
        return own_requests(self).annotate(has_open_match=Exists(open_match))

    def filter_rows(self, rows: QuerySet[HelpRequest], wanted: dict[str, Any]) -> QuerySet[HelpRequest]:
        state = wanted.get("state")
        if not state:
            rows = rows.filter(state__in=[RequestState.SUBMITTED, RequestState.OPEN])
        elif state != "all":
            rows = rows.filter(state=state)
        return rows.filter(asked_for(wanted))


class RequestPage(KindRequired, TemplateResponseMixin):
    """Everything about one request."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/request.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(own_requests(self), pk=pk)
        seeker = found.help_seeker
        person = seeker.person
        consents = person.consents.select_related("representative__person").order_by("-given_at", "-pk")
        matches = (
            found.matches.filter(office=found.office_id)
            .select_related("helper__person", "role")
            .order_by("-proposed_at", "-pk")
        )
        context = {
            "object": found,
            "seeker": seeker,
            "person": person,
            "triage": getattr(found, "triage", None),
            "models": list(found.compensation_models.order_by("name")),
            "wished": Wish.objects.filter(request=found)
            .select_related("helper__person")
            .order_by("offer_number", "helper__person__family_name", "pk"),
            "own_offices": set(Office.objects.of_tandem(self.user).values_list("pk", flat=True)),
            "languages": [language_name(code) for code in found.languages or ["de"]],
            "consents": consents,
            "paper_missing": any(consent.awaits_paper for consent in consents),
            "representatives": seeker.representatives.select_related("person").order_by("pk"),
            "ties": ties_of(person),
            "matches": matches,
            "open_match": next((match for match in matches if match.is_open), None),
            "is_editable": found.state in EDITABLE,
            "can_be_reopened": found.state
            in (RequestState.ON_HOLD, RequestState.FORWARDED, RequestState.WITHDRAWN, RequestState.CLOSED),
            "other_requests": own_requests(self)
            .filter(help_seeker=seeker)
            .exclude(pk=found.pk)
            .order_by("-received_on"),
            "history": states_of(found, labels=dict(RequestState.choices)),
            "maybe_known": self._maybe_known(found),
        }
        return self.render_to_response(context)

    def _maybe_known(self, found: HelpRequest) -> list[Person]:
        """Whom the office may know already, where a stranger asked: only here is anybody told."""
        if found.state != RequestState.SUBMITTED or not hasattr(found, "status_code"):
            return []
        person = found.help_seeker.person
        phone = person.phone.as_e164 if person.phone else ""
        alike = (
            Person.objects.visible_to(self.user)
            .alike(family_name=person.family_name, birth_year=person.birth_year, phone=phone)
            .exclude(Q(pk=person.pk) | Q(representations__help_seeker=found.help_seeker))
        )
        if person.given_name:
            same = Q(given_name__iexact=person.given_name) | Q(given_name="")
            if phone:
                same |= Q(phone=phone) | Q(mobile=phone)
            alike = alike.filter(same)
        return list(alike.order_by("family_name", "given_name", "pk")[:MOST_MAYBE_KNOWN])
