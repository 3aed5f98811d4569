"""While a match runs: first contact, trial, pause, return and end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.help_requests.models import CloseReason
from helfer.matching import actions
from helfer.matching.models import EndReason, Match, PauseReason, PauseSide
from helfer.web.fields import DayField
from helfer.web.tandem.match_views import OwnMatchView


class FirstContactForm(forms.Form):
    """When the two met, and how it went."""

    on = DayField(label=gettext_lazy("An welchem Tag?"))
    note = forms.CharField(
        label=gettext_lazy("Wie war es?"),
        help_text=gettext_lazy("Wer hat begleitet, was wurde verabredet?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FirstContact(OwnMatchView[FirstContactForm]):
    """Note the first contact; from here the helper goes alone."""

    form_class = FirstContactForm
    title = gettext_lazy("Ersten Kontakt eintragen")
    submit_label = gettext_lazy("Eintragen – die Probezeit beginnt")
    success_message = gettext_lazy("Der erste Kontakt ist eingetragen. Die Probezeit läuft.")

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            intro=_("Vereinbart ist: %(contact)s.") % {"contact": self.match.get_first_contact_display()},
            **kwargs,
        )

    def act(self, form: FirstContactForm) -> Match:
        return actions.record_first_contact(
            match_id=self.match.pk,
            on=form.cleaned_data["on"],
            note=form.cleaned_data["note"],
            by=self.user,
            at=self.now,
        )


class ConfirmTrial(OwnMatchView[forms.Form]):
    """One side says: it fits."""

    submit_label = gettext_lazy("Ja, es soll weitergehen")
    success_message = gettext_lazy("Die Bestätigung ist eingetragen.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=_("%(name)s bestätigt die Probezeit") % {"name": self.party_name},
            intro=_("Bestätigen beide Seiten, läuft die Vermittlung weiter."),
            **kwargs,
        )

    def act(self, form: forms.Form) -> Match:
        return actions.confirm_trial(match_id=self.match.pk, party=self.party, by=self.user, at=self.now)


class PauseForm(forms.Form):
    """From whose side, why, and until when presumably."""

    side = forms.ChoiceField(
        label=gettext_lazy("Von wem kommt die Pause?"),
        choices=PauseSide.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, von wem die Pause kommt.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Warum?"),
        choices=PauseReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie einen Grund.")},
    )
    expected_back_on = DayField(label=gettext_lazy("Voraussichtlich wieder ab"), required=False)


class Pause(OwnMatchView[PauseForm]):
    """Let the match rest; one tandem member alone is enough."""

    form_class = PauseForm
    title = gettext_lazy("Vermittlung pausieren")
    intro = gettext_lazy("Die Pause gilt sofort. Beide Seiten erhalten eine Nachricht.")
    submit_label = gettext_lazy("Jetzt pausieren")
    success_message = gettext_lazy("Die Vermittlung pausiert.")

    def act(self, form: PauseForm) -> Match:
        back: date | None = form.cleaned_data["expected_back_on"]
        return actions.pause_match(
            match_id=self.match.pk,
            side=PauseSide(form.cleaned_data["side"]),
            reason=PauseReason(form.cleaned_data["reason"]),
            expected_back_on=back,
            by=self.user,
            at=self.now,
        )


class Resume(OwnMatchView[forms.Form]):
    """Let it go on."""

    title = gettext_lazy("Vermittlung fortsetzen")
    intro = gettext_lazy("Eine Vertretung endet damit. Beide Seiten erhalten eine Nachricht.")
    submit_label = gettext_lazy("Fortsetzen")
    success_message = gettext_lazy("Die Vermittlung geht weiter.")

    def act(self, form: forms.Form) -> Match:
        return actions.resume_match(match_id=self.match.pk, by=self.user, at=self.now)


class EndForm(forms.Form):
    """Why it ends, whether it ended well, and what becomes of the request."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Warum endet die Vermittlung?"),
        choices=EndReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie einen Grund.")},
    )
    ended_well = forms.ChoiceField(
        label=gettext_lazy("Ist sie gut zu Ende gegangen?"),
        help_text=gettext_lazy("Wer gut zusammengearbeitet hat, wird später wieder zusammen vorgeschlagen."),
        choices=[("ja", gettext_lazy("Ja")), ("nein", gettext_lazy("Nein"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie Ja oder Nein.")},
    )
    request_goes_on = forms.ChoiceField(
        label=gettext_lazy("Was wird aus der Anfrage?"),
        choices=[
            ("", gettext_lazy("Sie ist wieder offen: Es wird weiter Hilfe gesucht.")),
            *CloseReason.choices,
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Notiz für das Büro"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class End(OwnMatchView[EndForm]):
    """End with a reason; both sides hear of it."""

    form_class = EndForm
    title = gettext_lazy("Vermittlung beenden")
    intro = gettext_lazy("Beide Seiten erhalten eine Nachricht.")
    submit_label = gettext_lazy("Vermittlung beenden")
    success_message = gettext_lazy("Die Vermittlung ist beendet.")
    danger = True

    def act(self, form: EndForm) -> Match:
        close_as = form.cleaned_data["request_goes_on"]
        return actions.end_match(
            match_id=self.match.pk,
            reason=EndReason(form.cleaned_data["reason"]),
            ended_well=form.cleaned_data["ended_well"] == "ja",
            close_request_as=CloseReason(close_as) if close_as else None,
            note=form.cleaned_data["note"],
            by=self.user,
            at=self.now,
        )
