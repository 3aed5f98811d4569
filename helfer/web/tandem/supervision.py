"""The tandem asks how it is going, and looks after what goes wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from helfer.matching import actions
from helfer.matching.models import CheckIn, Incident, IncidentClass, IncidentSeverity, Match, Party
from helfer.people.models import Channel, Kind, Office, Seat
from helfer.web.action_view import ActionView
from helfer.web.fields import DayField
from helfer.web.tandem.match_steps import TOLD_TO_STAFF
from helfer.web.tandem.match_views import OwnMatchView


class CheckInForm(forms.Form):
    """With whom, how, and whether it goes well: three keys and a note."""

    party = forms.ChoiceField(
        label=gettext_lazy("Mit wem haben Sie gesprochen?"),
        choices=Party.choices,
        widget=forms.RadioSelect,
        initial=Party.BOTH,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Auf welchem Weg?"),
        choices=TOLD_TO_STAFF,
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )
    goes_well = forms.ChoiceField(
        label=gettext_lazy("Läuft es gut?"),
        choices=[("ja", gettext_lazy("Ja")), ("nein", gettext_lazy("Nein"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie Ja oder Nein.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Notiz"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class CheckInDone(OwnMatchView[CheckInForm]):
    """Note the planned contact as done; the next one is planned by itself."""

    form_class = CheckInForm
    title = gettext_lazy("Nachfrage eintragen")
    submit_label = gettext_lazy("Eintragen")
    success_message = gettext_lazy("Die Nachfrage ist eingetragen.")

    def act(self, form: CheckInForm) -> CheckIn:
        return actions.complete_check_in(
            match_id=self.match.pk,
            party=Party(form.cleaned_data["party"]),
            channel=Channel(form.cleaned_data["channel"]),
            goes_well=form.cleaned_data["goes_well"] == "ja",
            note=form.cleaned_data["note"],
            by=self.user,
            at=self.now,
        )


class PlanForm(forms.Form):
    """Another day."""

    due_on = DayField(label=gettext_lazy("Nächste Nachfrage am"))


class PlanCheckIn(OwnMatchView[PlanForm]):
    """Move the next contact."""

    form_class = PlanForm
    title = gettext_lazy("Nachfrage verschieben")
    success_message = gettext_lazy("Die Nachfrage ist verschoben.")

    def act(self, form: PlanForm) -> CheckIn:
        return actions.plan_check_in(
            match_id=self.match.pk, due_on=form.cleaned_data["due_on"], by=self.user, at=self.now
        )


class HandOverForm(forms.Form):
    """Who looks after it from now on."""

    seat = forms.ModelChoiceField(
        label=gettext_lazy("Wer ist künftig zuständig?"),
        queryset=Seat.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Person.")},
    )


class HandOver(OwnMatchView[HandOverForm]):
    """Hand a match over to somebody else of the tandem."""

    form_class = HandOverForm
    title = gettext_lazy("Zuständigkeit übergeben")
    submit_label = gettext_lazy("Übergeben")
    success_message = gettext_lazy("Die Zuständigkeit ist übergeben.")

    def get_form(self) -> HandOverForm:
        form = super().get_form()
        seats = (
            Seat.objects.filter(office=self.match.office_id)
            .valid_on(self.today)
            .select_related("user__person")
        )
        form.fields["seat"].queryset = seats.order_by("side", "is_deputy", "pk")  # type: ignore[attr-defined]
        return form

    def act(self, form: HandOverForm) -> Match:
        return actions.hand_over_responsibility(
            match_id=self.match.pk, seat=form.cleaned_data["seat"], by=self.user, at=self.now
        )


class IncidentForm(forms.Form):
    """What happened, when, how bad; facts, not suspicions."""

    incident_class = forms.ChoiceField(
        label=gettext_lazy("Was ist geschehen?"),
        choices=IncidentClass.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, was geschehen ist.")},
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Wie schwer ist es?"),
        help_text=gettext_lazy(
            "Ab „ernst“ pausiert die Vermittlung sofort, und Tandem und Geschäftsstelle erfahren es."
        ),
        choices=IncidentSeverity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, wie schwer es ist.")},
    )
    happened_on = DayField(label=gettext_lazy("Wann?"))
    facts = forms.CharField(
        label=gettext_lazy("Was genau?"),
        help_text=gettext_lazy("Tatsachen, keine Vermutungen."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie auf, was geschehen ist.")},
    )
    done = forms.CharField(
        label=gettext_lazy("Was wurde schon getan?"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RecordIncident(OwnMatchView[IncidentForm]):
    """Record an incident."""

    form_class = IncidentForm
    title = gettext_lazy("Vorfall aufnehmen")
    intro = gettext_lazy("Bei Gefahr rufen Sie zuerst 110 oder 112.")
    submit_label = gettext_lazy("Vorfall aufnehmen")
    success_message = gettext_lazy("Der Vorfall ist aufgenommen.")

    def get_initial(self) -> dict[str, Any]:
        return {"happened_on": self.today}

    def act(self, form: IncidentForm) -> Incident:
        wanted = form.cleaned_data
        return actions.record_incident(
            match_id=self.match.pk,
            incident_class=IncidentClass(wanted["incident_class"]),
            severity=IncidentSeverity(wanted["severity"]),
            happened_on=wanted["happened_on"],
            facts=wanted["facts"],
            done=wanted["done"],
            by=self.user,
            at=self.now,
        )


class CloseIncidentForm(forms.Form):
    """What was done about it."""

    done = forms.CharField(
        label=gettext_lazy("Was wurde getan?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Bitte notieren Sie, was getan wurde.")},
    )


class CloseIncident(ActionView[CloseIncidentForm]):
    """Close an incident with what was done."""

    kinds = {Kind.TANDEM}
    form_class = CloseIncidentForm
    title = gettext_lazy("Vorfall abschließen")
    submit_label = gettext_lazy("Abschließen")
    success_message = gettext_lazy("Der Vorfall ist abgeschlossen.")

    def get_queryset(self) -> QuerySet[Any]:
        own = Incident.objects.filter(match__office__in=Office.objects.of_tandem(self.user))
        return own.select_related("match__helper__person", "match__request__help_seeker__person")

    def get_about(self) -> str:
        match: Match = self.object.match
        return f"{match.helper_name} → {match.request.help_seeker.person.full_name}"

    def get_initial(self) -> dict[str, Any]:
        return {"done": self.object.done}

    def get_success_url(self) -> str:
        return reverse("tandem:match", kwargs={"pk": self.object.match_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def act(self, form: CloseIncidentForm) -> Incident:
        return actions.close_incident(
            incident_id=self.object.pk, done=form.cleaned_data["done"], by=self.user, at=self.now
        )
