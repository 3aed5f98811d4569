"""From the call back to the close: every step of a request that staff take by hand."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import Role
from helfer.help_requests import actions as request_actions
from helfer.help_requests.actions import HealthConsent, TriageFacts
from helfer.help_requests.models import CallBack, CloseReason, HelpRequest, YesNo
from helfer.helpers.models import HelperProfile
from helfer.matching import actions as matching_actions
from helfer.people.models import Channel, ConsentKind, Kind, Office, Representative
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.tandem.candidates import own_requests

UNKNOWN = ("", gettext_lazy("nicht bekannt"))


class OwnRequestView(ActionView[FormT]):
    """An action on a request of one's own office; it leads back to the request."""

    kinds = {Kind.TANDEM}
    success_url_name = "tandem:request"

    def get_queryset(self) -> QuerySet[Any]:
        return own_requests(self)

    def get_about(self) -> str:
        return f"{self.object.number} · {self.object.help_seeker.person.full_name}"

    def get_back_url(self) -> str:
        return reverse("tandem:request", kwargs={"pk": self.kwargs["pk"]})


class ClarifyForm(forms.Form):
    """How the office called back, and what a helper must know."""

    called_back_on = DayField(label=gettext_lazy("Wann haben Sie gesprochen?"))
    how = forms.ChoiceField(
        label=gettext_lazy("Auf welchem Weg?"),
        choices=CallBack.choices,
        widget=forms.RadioSelect,
        initial=CallBack.PHONE,
    )
    heard_representative = forms.ModelChoiceField(
        label=gettext_lazy("Mit wem haben Sie gesprochen?"),
        queryset=Representative.objects.none(),
        required=False,
        empty_label=gettext_lazy("mit der Person selbst"),
    )
    role = forms.ModelChoiceField(
        label=gettext_lazy("Welche Hilfe wird gebraucht?"),
        queryset=Role.objects.filter(is_active=True).order_by("name"),
        empty_label=gettext_lazy("Bitte wählen"),
        error_messages={
            "required": gettext_lazy("Bitte klären Sie die Tätigkeit, bevor Sie die Anfrage öffnen.")
        },
    )
    has_animals = forms.ChoiceField(
        label=gettext_lazy("Gibt es Tiere?"), required=False, choices=[UNKNOWN, *YesNo.choices]
    )
    has_smoking = forms.ChoiceField(
        label=gettext_lazy("Wird geraucht?"), required=False, choices=[UNKNOWN, *YesNo.choices]
    )
    has_stairs = forms.ChoiceField(
        label=gettext_lazy("Gibt es Treppen?"), required=False, choices=[UNKNOWN, *YesNo.choices]
    )
    has_aggression = forms.ChoiceField(
        label=gettext_lazy("Kommt es vor, dass jemand aggressiv wird?"),
        required=False,
        choices=[UNKNOWN, *YesNo.choices],
    )
    safety_note = forms.CharField(
        label=gettext_lazy("Was muss man zur Sicherheit wissen?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    own_wish = forms.CharField(
        label=gettext_lazy("Bei Demenz: Was wünscht sich die Person selbst?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    health_channel = forms.ChoiceField(
        label=gettext_lazy("Darf das Büro Angaben zur Gesundheit aufbewahren?"),
        help_text=gettext_lazy("Ein gesprochenes Ja gilt vorläufig, bis das Papier da ist (§ 67b SGB X)."),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("liegt schon vor")),
            *((channel.value, channel.label) for channel in Channel if channel != Channel.ONLINE),
        ],
    )
    provisional_reason = forms.CharField(
        label=gettext_lazy("Warum ist noch kein Papier da?"),
        help_text=gettext_lazy("nur bei einem gesprochenen Ja, zum Beispiel: Brief ist unterwegs"),
        max_length=200,
        required=False,
    )
    may_tell_helper = forms.BooleanField(
        label=gettext_lazy("Was eine Helferin oder ein Helfer wissen muss, darf weitergesagt werden"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        spoken = cleaned.get("health_channel") not in ("", None, Channel.PAPER)
        if spoken and not cleaned.get("provisional_reason", "").strip():
            self.add_error(
                "provisional_reason", gettext_lazy("Bitte notieren Sie, warum das Papier noch fehlt.")
            )
        return cleaned


class Clarify(OwnRequestView[ClarifyForm]):
    """Open a request: somebody spoke with the person."""

    form_class = ClarifyForm
    template_name = "web/tandem/clarify.html"
    title = gettext_lazy("Anfrage klären und öffnen")
    intro = gettext_lazy("Nach dem Rückruf oder Hausbesuch. Danach können Sie jemanden vorschlagen.")
    submit_label = gettext_lazy("Anfrage öffnen")
    success_message = gettext_lazy("Die Anfrage ist offen.")
    fields_of_action = {"called_back_at": "called_back_on"}

    def get_initial(self) -> dict[str, Any]:
        request: HelpRequest = self.object
        has_consent = request.help_seeker.person.consents.filter(
            kind=ConsentKind.KEEP_HEALTH_DATA, withdrawn_at=None
        ).exists()
        return {
            "called_back_on": self.today,
            "how": CallBack.PHONE,
            "role": request.role_id,
            "has_animals": request.has_pets,
            "has_smoking": request.has_smokers,
            "health_channel": "" if has_consent else Channel.PHONE,
        }

    def get_form(self) -> ClarifyForm:
        form = super().get_form()
        field: Any = form.fields["heard_representative"]
        field.queryset = Representative.objects.filter(
            help_seeker=self.object.help_seeker_id, may_consent=True
        ).select_related("person")
        if not field.queryset:
            del form.fields["heard_representative"]
        return form

    def act(self, form: ClarifyForm) -> HelpRequest:
        wanted = form.cleaned_data
        day = wanted["called_back_on"]
        called_back_at = (
            self.now if day == self.today else timezone.make_aware(datetime.combine(day, time(12)))
        )
        consent = None
        if wanted["health_channel"]:
            consent = HealthConsent(
                channel=Channel(wanted["health_channel"]),
                provisional_reason=wanted["provisional_reason"].strip(),
                may_tell_helper=wanted["may_tell_helper"],
            )
        facts = TriageFacts(
            called_back_at=called_back_at,
            how=wanted["how"],
            heard_representative=wanted.get("heard_representative"),
            own_wish=wanted["own_wish"],
            has_animals=wanted["has_animals"],
            has_smoking=wanted["has_smoking"],
            has_stairs=wanted["has_stairs"],
            has_aggression=wanted["has_aggression"],
            safety_note=wanted["safety_note"],
            health_consent=consent,
        )
        return request_actions.open_request(
            request_id=self.object.pk, facts=facts, role=wanted["role"], by=self.user, at=self.now
        )


class PaperForm(forms.Form):
    """When the signed paper came."""

    seen_on = DayField(label=gettext_lazy("Seit wann ist das Papier da?"))


class PaperArrived(OwnRequestView[PaperForm]):
    """The signed paper to a spoken yes is there."""

    form_class = PaperForm
    title = gettext_lazy("Unterschriebene Einwilligung ist da")
    success_message = gettext_lazy("Das Papier ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen_on": self.today}

    def act(self, form: PaperForm) -> HelpRequest:
        return request_actions.record_paper_consent(
            request_id=self.object.pk, seen_on=form.cleaned_data["seen_on"], by=self.user, at=self.now
        )


class HoldForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(
        label=gettext_lazy("Warum?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Bitte notieren Sie kurz, warum.")},
    )
    until = DayField(label=gettext_lazy("Bis wann?"), required=False)


class Hold(OwnRequestView[HoldForm]):
    """Put a request aside."""

    form_class = HoldForm
    title = gettext_lazy("Anfrage zurückstellen")
    submit_label = gettext_lazy("Zurückstellen")
    success_message = gettext_lazy("Die Anfrage ist zurückgestellt.")

    def act(self, form: HoldForm) -> HelpRequest:
        return matching_actions.hold_request(
            request_id=self.object.pk,
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            by=self.user,
            at=self.now,
        )


class ForwardForm(forms.Form):
    """To whom, and what came of it."""

    to = forms.CharField(
        label=gettext_lazy("An wen?"),
        help_text=gettext_lazy("zum Beispiel Pflegestützpunkt, Sozialdienst"),
        max_length=160,
        error_messages={"required": gettext_lazy("Bitte schreiben Sie, an wen.")},
    )
    outcome = forms.CharField(label=gettext_lazy("Was kam dabei heraus?"), max_length=200, required=False)


class Forward(OwnRequestView[ForwardForm]):
    """Pass a request on to a partner."""

    form_class = ForwardForm
    title = gettext_lazy("Anfrage weiterleiten")
    submit_label = gettext_lazy("Weiterleiten")
    success_message = gettext_lazy("Die Anfrage ist weitergeleitet.")

    def act(self, form: ForwardForm) -> HelpRequest:
        return matching_actions.forward_request(
            request_id=self.object.pk,
            to=form.cleaned_data["to"],
            outcome=form.cleaned_data["outcome"],
            by=self.user,
            at=self.now,
        )


class Withdraw(OwnRequestView[forms.Form]):
    """The person no longer wants help."""

    title = gettext_lazy("Anfrage zurückziehen")
    intro = gettext_lazy("Die Person möchte die Hilfe nicht mehr. Offene Vorschläge fallen weg.")
    submit_label = gettext_lazy("Zurückziehen")
    success_message = gettext_lazy("Die Anfrage ist zurückgezogen.")
    danger = True

    def act(self, form: forms.Form) -> HelpRequest:
        return matching_actions.withdraw_request(request_id=self.object.pk, by=self.user, at=self.now)


class Reopen(OwnRequestView[forms.Form]):
    """Let a request wait for a helper again."""

    title = gettext_lazy("Anfrage wieder öffnen")
    submit_label = gettext_lazy("Wieder öffnen")
    success_message = gettext_lazy("Die Anfrage ist wieder offen.")

    def act(self, form: forms.Form) -> HelpRequest:
        return request_actions.reopen_request(request_id=self.object.pk, by=self.user, at=self.now)


class CloseForm(forms.Form):
    """Why it is done."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Warum schließen Sie die Anfrage?"),
        choices=CloseReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie einen Grund.")},
    )


class Close(OwnRequestView[CloseForm]):
    """Close a request with a reason."""

    form_class = CloseForm
    title = gettext_lazy("Anfrage abschließen")
    submit_label = gettext_lazy("Abschließen")
    success_message = gettext_lazy("Die Anfrage ist abgeschlossen.")

    def act(self, form: CloseForm) -> HelpRequest:
        return matching_actions.close_request(
            request_id=self.object.pk,
            reason=CloseReason(form.cleaned_data["reason"]),
            by=self.user,
            at=self.now,
        )


class MoveForm(forms.Form):
    """To which office."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Welches Büro übernimmt?"),
        queryset=Office.objects.filter(is_active=True).order_by("name"),
        empty_label=None,
        widget=forms.RadioSelect,
    )


class Move(OwnRequestView[MoveForm]):
    """Give a request to another office; from then on it is no longer seen here."""

    form_class = MoveForm
    title = gettext_lazy("An ein anderes Büro geben")
    submit_label = gettext_lazy("Übergeben")
    success_message = gettext_lazy("Die Anfrage gehört jetzt dem anderen Büro.")

    def act(self, form: MoveForm) -> HelpRequest:
        return request_actions.move_request(
            request_id=self.object.pk, office=form.cleaned_data["office"], by=self.user, at=self.now
        )

    def get_success_url(self) -> str:
        return reverse("tandem:requests")


class NameHelperForm(forms.Form):
    """Whom the person wants."""

    helper = forms.ModelChoiceField(
        label=gettext_lazy("Wer soll helfen?"),
        queryset=HelperProfile.objects.none(),
        required=False,
        empty_label=gettext_lazy("niemand Bestimmtes"),
    )


class NameHelper(OwnRequestView[NameHelperForm]):
    """The pair that comes together: the person names the neighbour who shall help."""

    form_class = NameHelperForm
    title = gettext_lazy("Die Person wünscht sich jemand Bestimmtes")
    intro = gettext_lazy("Dann wird niemand gesucht. Einwilligungen und Freigaben bleiben nötig.")
    success_message = gettext_lazy("Der Wunsch ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {"helper": self.object.named_helper_id}

    def get_form(self) -> NameHelperForm:
        form = super().get_form()
        own = HelperProfile.objects.filter(office__in=Office.objects.of_tandem(self.user))
        # Whoever is named already stays so unless the office chooses otherwise, also while not active.
        helpers = own.active() | own.filter(pk=self.object.named_helper_id)
        field: Any = form.fields["helper"]
        field.queryset = helpers.select_related("person").order_by(
            "person__family_name", "person__given_name", "pk"
        )
        return form

    def act(self, form: NameHelperForm) -> HelpRequest:
        return request_actions.name_helper(
            request_id=self.object.pk, helper=form.cleaned_data["helper"], by=self.user, at=self.now
        )
