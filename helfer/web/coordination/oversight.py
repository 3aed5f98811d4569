"""What the data protection officer sees: who did what when, and consents; numbers, never content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from helfer.core.history import actor_of
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching.models import CheckIn, Match, Signature
from helfer.people.models import Consent, ConsentKind, Kind, Representative, Seat, Tie, User
from helfer.web.fields import DayField
from helfer.web.lists import ListPage, Sort

KINDS = {Kind.DPO}

# As the address says it.
THINGS: dict[str, type[Model]] = {
    "vermittlung": Match,
    "freigabe": Signature,
    "nachfrage": CheckIn,
    "anfrage": HelpRequest,
    "helferprofil": HelperProfile,
    "nachweis": Certificate,
    "einwilligung": Consent,
    "vertretung": Representative,
    "beziehung": Tie,
    "zugang": User,
    "tandemstelle": Seat,
}
DONE = {"insert": _("angelegt"), "update": _("geändert"), "delete": _("gelöscht")}
DOORS = {"web": _("Seite"), "api": _("Schnittstelle"), "task": _("Programm"), "command": _("Befehl")}


class EventFilter(forms.Form):
    """What happened to what, by whom."""

    thing = forms.ChoiceField(
        label=_("Wovon"),
        required=False,
        choices=[(key, model._meta.verbose_name) for key, model in THINGS.items()],
    )
    number = forms.IntegerField(label=_("Nummer"), required=False, min_value=1, max_value=2**31 - 1)
    actor = forms.IntegerField(label=_("Zugang Nummer"), required=False, min_value=1, max_value=2**31 - 1)
    from_day = DayField(label=_("Ab"), required=False)


class Events(ListPage[Any]):
    """The history, latest first: which thing, its state, whose account, by which door."""

    kinds = KINDS
    template_name = "web/coordination/events.html"
    filter_form_class = EventFilter
    sorts = (Sort("zeit", _("Wann"), "pgh_created_at"),)
    default_sort = "-zeit"
    page_size = 50

    def get_queryset(self) -> QuerySet[Any]:
        model: Any = THINGS.get(self.request.GET.get("thing", ""), Match)
        kept: QuerySet[Any] = model.history.rel.related_model._default_manager.all()
        return kept

    def filter_rows(self, rows: QuerySet[Any], wanted: dict[str, Any]) -> QuerySet[Any]:
        if wanted.get("number"):
            rows = rows.filter(pgh_obj_id=wanted["number"])
        if wanted.get("actor"):
            rows = rows.filter(pgh_context__actor=wanted["actor"])
        if wanted.get("from_day"):
            rows = rows.filter(pgh_created_at__date__gte=wanted["from_day"])
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        model = THINGS.get(self.request.GET.get("thing", ""), Match)
        context["thing"] = model._meta.verbose_name
        context["events"] = [
            {
                "at": row.pgh_created_at,
                "number": row.pgh_obj_id,
                "done": DONE.get(row.pgh_label, row.pgh_label),
                "state": row.get_state_display() if hasattr(row, "get_state_display") else "",
                "actor": actor_of(row),
                "door": DOORS.get((row.pgh_context or {}).get("door", ""), "–"),
            }
            for row in context["listing"].rows
        ]
        return context


class ConsentFilter(forms.Form):
    """Which consents."""

    kind = forms.ChoiceField(label=_("wozu"), required=False, choices=[("", "–"), *ConsentKind.choices])
    state = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[
            ("", "–"),
            ("paper", _("Papier fehlt noch")),
            ("withdrawn", _("widerrufen")),
            ("given", _("gilt")),
        ],
    )
    person = forms.IntegerField(label=_("Person Nummer"), required=False, min_value=1, max_value=2**31 - 1)


class Consents(ListPage[Consent]):
    """All consents: whose number, what for, in which way, when; no name and no word of it."""

    kinds = KINDS
    template_name = "web/coordination/consents.html"
    filter_form_class = ConsentFilter
    sorts = (Sort("gegeben", _("Gegeben"), "given_at"), Sort("widerrufen", _("Widerrufen"), "withdrawn_at"))
    default_sort = "-gegeben"
    page_size = 50

    def get_queryset(self) -> QuerySet[Consent]:
        return Consent.objects.defer("provisional_reason")

    def filter_rows(self, rows: QuerySet[Consent], wanted: dict[str, Any]) -> QuerySet[Consent]:
        if wanted.get("kind"):
            rows = rows.filter(kind=wanted["kind"])
        if wanted.get("person"):
            rows = rows.filter(person=wanted["person"])
        if wanted.get("state") == "paper":
            rows = rows.exclude(provisional_reason="").filter(paper_seen_on=None, withdrawn_at=None)
        elif wanted.get("state") == "withdrawn":
            rows = rows.filter(withdrawn_at__isnull=False)
        elif wanted.get("state") == "given":
            rows = rows.filter(withdrawn_at=None)
        return rows
