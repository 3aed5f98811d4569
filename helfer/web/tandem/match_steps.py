"""Before a match runs: the two yeses, the two signatures, and every way out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import CompensationModel
from helfer.matching import actions
from helfer.matching.models import Match, Party
from helfer.people.models import Channel, Kind, Office, Representative
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.tandem.match_views import OwnMatchView

TOLD_TO_STAFF = [(channel.value, channel.label) for channel in Channel if channel != Channel.ONLINE]


class ConsentForm(forms.Form):
    """How and when somebody said yes; just now on the phone is the usual case."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Auf welchem Weg?"),
        choices=TOLD_TO_STAFF,
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, auf welchem Weg.")},
    )
    given_on = DayField(label=gettext_lazy("An welchem Tag?"))
    representative = forms.ModelChoiceField(
        label=gettext_lazy("Wer hat zugestimmt?"),
        queryset=Representative.objects.none(),
        required=False,
        empty_label=gettext_lazy("die Person selbst"),
    )


class RecordConsent(OwnMatchView[ConsentForm]):
    """Staff note a yes that they were told."""

    form_class = ConsentForm
    submit_label = gettext_lazy("Ja eintragen")
    success_message = gettext_lazy("Das Ja ist eingetragen.")
    fields_of_action = {"given_at": "given_on"}

    def get_initial(self) -> dict[str, Any]:
        return {"given_on": self.today, "channel": Channel.PHONE}

    def get_form(self) -> ConsentForm:
        form = super().get_form()
        if self.party == Party.HELPER:
            del form.fields["representative"]
        else:
            speakers = Representative.objects.filter(
                Q(until_day=None) | Q(until_day__gte=self.today),
                help_seeker=self.match.request.help_seeker_id,
                may_consent=True,
            ).select_related("person")
            form.fields["representative"].queryset = speakers  # type: ignore[attr-defined]
            if not speakers:
                del form.fields["representative"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=_("%(name)s sagt Ja") % {"name": self.party_name},
            intro=_("Tragen Sie ein, dass %(name)s dieser Vermittlung zugestimmt hat.")
            % {"name": self.party_name},
            **kwargs,
        )

    def act(self, form: ConsentForm) -> Match:
        day = form.cleaned_data["given_on"]
        # A day without a time: noon of that day, or now where it is today.
        given_at = self.now
        if day != self.today:
            given_at = timezone.make_aware(datetime.combine(day, datetime.min.time()).replace(hour=12))
        return actions.record_consent(
            match_id=self.match.pk,
            party=self.party,
            channel=Channel(form.cleaned_data["channel"]),
            given_at=given_at,
            representative=form.cleaned_data.get("representative"),
            by=self.user,
            at=self.now,
        )


class NoteForm(forms.Form):
    """A short note that stays in the office."""

    note = forms.CharField(
        label=gettext_lazy("Notiz für das Büro"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Decline(OwnMatchView[NoteForm]):
    """One side says no; nobody has to give a reason."""

    form_class = NoteForm
    submit_label = gettext_lazy("Nein eintragen")
    success_message = gettext_lazy("Das Nein ist eingetragen.")
    danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=_("%(name)s sagt Nein") % {"name": self.party_name},
            intro=_("Die Vermittlung endet damit. Gründe muss niemand nennen."),
            **kwargs,
        )

    def act(self, form: NoteForm) -> Match:
        return actions.decline_match(
            match_id=self.match.pk,
            party=self.party,
            note=form.cleaned_data["note"],
            by=self.user,
            at=self.now,
        )


class WithdrawConsent(OwnMatchView[forms.Form]):
    """A yes is taken back."""

    submit_label = gettext_lazy("Widerruf eintragen")
    success_message = gettext_lazy("Der Widerruf ist eingetragen.")
    danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intro = _("Die Freigaben fallen weg. Ein neues Ja ist möglich.")
        if self.match.is_running:
            intro = _("Die laufende Vermittlung endet damit sofort.")
        return super().get_context_data(
            title=_("%(name)s nimmt das Ja zurück") % {"name": self.party_name}, intro=intro, **kwargs
        )

    def act(self, form: forms.Form) -> Match:
        return actions.withdraw_match_consent(
            match_id=self.match.pk, party=self.party, by=self.user, at=self.now
        )


class Sign(OwnMatchView[forms.Form]):
    """One side of the tandem approves."""

    template_name = "web/tandem/match_sign.html"
    title = gettext_lazy("Vermittlung prüfen und freigeben")
    submit_label = gettext_lazy("Ich gebe diese Vermittlung frei")
    success_message = gettext_lazy("Ihre Freigabe ist eingetragen.")

    def act(self, form: forms.Form) -> Match:
        return actions.sign_match(match_id=self.match.pk, by=self.user, at=self.now)


class TakeBackSignature(OwnMatchView[forms.Form]):
    """Take one's own signature back."""

    title = gettext_lazy("Meine Freigabe zurücknehmen")
    submit_label = gettext_lazy("Freigabe zurücknehmen")
    success_message = gettext_lazy("Ihre Freigabe ist zurückgenommen.")

    def act(self, form: forms.Form) -> Match:
        return actions.take_back_signature(match_id=self.match.pk, by=self.user, at=self.now)


class RejectForm(forms.Form):
    """Why the tandem does not approve."""

    note = forms.CharField(
        label=gettext_lazy("Warum geben Sie nicht frei?"),
        help_text=gettext_lazy("Bleibt im Büro."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Bitte notieren Sie kurz, warum Sie nicht freigeben.")},
    )


class Reject(OwnMatchView[RejectForm]):
    """The tandem does not approve."""

    form_class = RejectForm
    title = gettext_lazy("Vermittlung nicht freigeben")
    submit_label = gettext_lazy("Nicht freigeben")
    success_message = gettext_lazy("Die Vermittlung ist nicht freigegeben und damit zu Ende.")
    danger = True

    def act(self, form: RejectForm) -> Match:
        return actions.reject_match(
            match_id=self.match.pk, note=form.cleaned_data["note"], by=self.user, at=self.now
        )


class Withdraw(OwnMatchView[NoteForm]):
    """Take a proposal back."""

    form_class = NoteForm
    title = gettext_lazy("Vorschlag zurückziehen")
    submit_label = gettext_lazy("Zurückziehen")
    success_message = gettext_lazy("Der Vorschlag ist zurückgezogen.")
    danger = True

    def act(self, form: NoteForm) -> Match:
        return actions.withdraw_match(
            match_id=self.match.pk, note=form.cleaned_data["note"], by=self.user, at=self.now
        )


class TermsForm(forms.Form):
    """Model and first day."""

    compensation_model = forms.ModelChoiceField(
        label=gettext_lazy("Finanzielles Modell"),
        queryset=CompensationModel.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    starts_on = DayField(label=gettext_lazy("Beginnt am"))


class ChangeTerms(OwnMatchView[TermsForm]):
    """Change model or first day before the approval."""

    form_class = TermsForm
    title = gettext_lazy("Modell oder Beginn ändern")
    intro = gettext_lazy("Schon gegebene Freigaben fallen dadurch weg.")
    success_message = gettext_lazy("Die Änderung ist gespeichert.")

    def get_initial(self) -> dict[str, Any]:
        return {"compensation_model": self.match.compensation_model_id, "starts_on": self.match.starts_on}

    def get_form(self) -> TermsForm:
        form = super().get_form()
        models = CompensationModel.objects.filter(roles=self.match.role_id, helpers=self.match.helper_id)
        form.fields["compensation_model"].queryset = models.order_by("name")  # type: ignore[attr-defined]
        return form

    def act(self, form: TermsForm) -> Match:
        return actions.change_terms(
            match_id=self.match.pk,
            compensation_model=form.cleaned_data["compensation_model"],
            starts_on=form.cleaned_data["starts_on"],
            by=self.user,
            at=self.now,
        )


class LentMatchView(ActionView[FormT]):
    """An action on a match for which another office asks the own one."""

    kinds = {Kind.TANDEM}
    success_url_name = "tandem:match"

    def get_queryset(self) -> QuerySet[Any]:
        own = Office.objects.of_tandem(self.user)
        return Match.objects.filter(lending_office__in=own).select_related("helper__person")

    def get_about(self) -> str:
        return str(self.object.helper.person.full_name)


class Lend(LentMatchView[forms.Form]):
    """The lending office agrees, by one of its sides."""

    title = gettext_lazy("Ausleihe zustimmen")
    intro = gettext_lazy(
        "Ein anderes Seniorenbüro möchte eine Person aus Ihrem Kreis anfragen. "
        "Mit Ihrer Zustimmung darf es sie ansprechen. Freigeben wird das anfragende Büro."
    )
    submit_label = gettext_lazy("Zustimmen")
    success_message = gettext_lazy("Ihre Zustimmung ist eingetragen.")

    def act(self, form: forms.Form) -> Match:
        return actions.agree_to_lend(match_id=self.object.pk, by=self.user, at=self.now)


class RefusalForm(forms.Form):
    """Why the own office does not lend."""

    note = forms.CharField(
        label=gettext_lazy("Warum geht es nicht?"),
        help_text=gettext_lazy("Das liest das anfragende Büro."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Bitte schreiben Sie dem anfragenden Büro kurz, warum."),
        },
    )


class RefuseToLend(LentMatchView[RefusalForm]):
    """The lending office says no."""

    form_class = RefusalForm
    title = gettext_lazy("Ausleihe ablehnen")
    intro = gettext_lazy(
        "Die Vermittlung kommt dann nicht zustande. Das anfragende Büro erfährt den Grund "
        "und sucht jemand anderen."
    )
    submit_label = gettext_lazy("Ablehnen")
    success_message = gettext_lazy("Ihre Ablehnung ist eingetragen. Das anfragende Büro erfährt davon.")
    danger = True

    def act(self, form: RefusalForm) -> Match:
        return actions.refuse_to_lend(
            match_id=self.object.pk, note=form.cleaned_data["note"], by=self.user, at=self.now
        )
