"""A new request, in the order of a phone call; and changing what was said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.languages import LANGUAGE_NAMES
from helfer.help_requests import actions
from helfer.help_requests.actions import Caller, RequestDetails
from helfer.help_requests.models import Frequency, HelpRequest, YesNo
from helfer.matching import actions as matching_actions
from helfer.people.actions import PersonDetails
from helfer.people.models import CareLevel, HelpSeeker, Kind, Office, Person
from helfer.web.action_view import ActionView
from helfer.web.fields import DayField, SlotsField
from helfer.web.person_forms import phone_field
from helfer.web.tandem.candidates import own_requests
from helfer.web.tandem.intake_views import IntakeForm, IntakeView

UNKNOWN = ("", gettext_lazy("nicht bekannt"))


class NeedFields(forms.Form):
    """What is needed, when and how."""

    role = forms.ModelChoiceField(
        label=gettext_lazy("Welche Hilfe?"),
        queryset=Role.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label=gettext_lazy("noch unklar"),
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("Wie oft?"),
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
    )
    duration_min = forms.IntegerField(
        label=gettext_lazy("Wie lange ungefähr (Minuten)?"), required=False, min_value=5, max_value=1440
    )
    times = SlotsField(label=gettext_lazy("Wann passt es?"), required=False)
    starts_on = DayField(label=gettext_lazy("Ab wann?"), required=False)
    ends_on = DayField(label=gettext_lazy("Bis wann?"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("In welchen Sprachen?"),
        help_text=gettext_lazy("Ohne Angabe: Deutsch."),
        choices=list(LANGUAGE_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    compensation_models = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Welche finanziellen Modelle sind möglich?"),
        help_text=gettext_lazy("Ohne Angabe: unentgeltlich."),
        queryset=CompensationModel.objects.filter(is_active=True).order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wanted_gender = forms.ChoiceField(
        label=gettext_lazy("Wer soll kommen?"),
        required=False,
        choices=[
            ("", gettext_lazy("egal")),
            ("w", gettext_lazy("nur eine Frau")),
            ("m", gettext_lazy("nur ein Mann")),
        ],
    )
    has_pets = forms.ChoiceField(
        label=gettext_lazy("Haustiere?"), required=False, choices=[UNKNOWN, *YesNo.choices]
    )
    has_smokers = forms.ChoiceField(
        label=gettext_lazy("Wird in der Wohnung geraucht?"), required=False, choices=[UNKNOWN, *YesNo.choices]
    )
    max_distance_m = forms.IntegerField(
        label=gettext_lazy("Höchstens entfernt (Meter)"), required=False, min_value=1, max_value=50_000
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("dringend"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("Bemerkung"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", gettext_lazy("Das Ende liegt vor dem Anfang."))
        return cleaned

    @property
    def need(self) -> RequestDetails:
        """What was said."""
        wanted = self.cleaned_data
        names = RequestDetails.__dataclass_fields__
        values = {name: wanted[name] for name in names if name in wanted}
        return RequestDetails(**{**values, "compensation_models": list(wanted["compensation_models"])})


class CallForm(IntakeForm, NeedFields):
    """Everything of one phone call."""

    compared = (*IntakeForm.compared, "care_level")

    care_level = forms.ChoiceField(
        label=gettext_lazy("Pflegegrad"), choices=CareLevel.choices, initial=CareLevel.NONE
    )
    caller_name = forms.CharField(
        label=gettext_lazy("Wer ruft an, wenn nicht die Person selbst?"),
        help_text=gettext_lazy("Vorname und Nachname"),
        max_length=120,
        required=False,
    )
    caller_relation = forms.CharField(
        label=gettext_lazy("In welchem Verhältnis?"),
        help_text=gettext_lazy("zum Beispiel Tochter oder Nachbar"),
        max_length=80,
        required=False,
    )
    caller_phone = phone_field(gettext_lazy("Telefon der anrufenden Person"))

    offer_number = forms.CharField(
        label=gettext_lazy("Nummer eines Angebots von der Seite"),
        help_text=gettext_lazy("Wenn die Person eine nennt: sechs Zeichen."),
        max_length=20,
        required=False,
    )

    groups = (
        (
            gettext_lazy("Um wen geht es?"),
            ("family_name", "given_name", "same_person", "phone", "mobile", "birth_year", "gender", "email"),
        ),
        (
            gettext_lazy("Wo wohnt die Person?"),
            ("street", "house_number", "postcode", "town", "address_choice", "office"),
        ),
        (
            gettext_lazy("Was wird gebraucht?"),
            (
                "role",
                "offer_number",
                "frequency",
                "duration_min",
                "times",
                "starts_on",
                "ends_on",
                "is_urgent",
            ),
        ),
        (
            gettext_lazy("Was ist wichtig?"),
            (
                "languages",
                "wanted_gender",
                "has_pets",
                "has_smokers",
                "max_distance_m",
                "care_level",
                "compensation_models",
                "remark",
            ),
        ),
        (gettext_lazy("Wer ruft an?"), ("caller_name", "caller_relation", "caller_phone")),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_described = cleaned.get("caller_relation") or cleaned.get("caller_phone")
        if is_described and not cleaned.get("caller_name") and "caller_name" not in self.errors:
            self.add_error("caller_name", gettext_lazy("Bitte schreiben Sie, wer anruft."))
        return cleaned

    def known_value(self, person: Person, name: str) -> Any:
        if name != "care_level":
            return super().known_value(person, name)
        # Of the health of somebody whom another office helps nothing is told.
        own = Office.objects.of_tandem(self.viewer)
        seeker = HelpSeeker.objects.filter(person=person, office__in=own).first()
        return seeker.care_level if seeker else CareLevel.NONE

    def is_empty(self, name: str, value: Any) -> bool:
        """ "Kein Pflegegrad" is also what stands there when nobody asked."""
        return super().is_empty(name, value) or (name == "care_level" and value == CareLevel.NONE)

    @property
    def care_level_said(self) -> CareLevel | None:
        """The care level that is to be kept; None: what is known stays."""
        said = CareLevel(self.settled.get("care_level", self.cleaned_data["care_level"]))
        return None if said == CareLevel.NONE else said

    @property
    def caller(self) -> Caller | None:
        """Who called, if it was somebody else."""
        name = self.cleaned_data["caller_name"].strip()
        if not name:
            return None
        given, _space, family = name.rpartition(" ")
        details = PersonDetails(
            family_name=family, given_name=given, phone=str(self.cleaned_data["caller_phone"] or "")
        )
        return Caller(details=details, relation=self.cleaned_data["caller_relation"])


class NewRequest(IntakeView[CallForm]):
    """Take a call and keep everything it says."""

    form_class = CallForm
    title = gettext_lazy("Neue Anfrage aufnehmen")
    submit_label = gettext_lazy("Anfrage speichern")
    success_message = gettext_lazy("Die Anfrage ist gespeichert.")

    def get_success_url(self) -> str:
        return reverse("tandem:request", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        return reverse("tandem:requests")

    def act(self, form: CallForm) -> HelpRequest:
        return matching_actions.record_call_about(
            offer_number=form.cleaned_data["offer_number"].strip(),
            person=form.known_person or form.details,
            corrections=form.corrections,
            address=form.address,
            request=form.need,
            office=form.cleaned_data["office"],
            care_level=form.care_level_said,
            caller=form.caller,
            by=self.user,
            at=self.now,
        )


class EditRequest(ActionView[NeedFields]):
    """Change what is asked for."""

    kinds = {Kind.TANDEM}
    form_class = NeedFields
    title = gettext_lazy("Anfrage ändern")
    success_message = gettext_lazy("Die Anfrage ist geändert.")
    success_url_name = "tandem:request"

    def get_queryset(self) -> QuerySet[Any]:
        return own_requests(self)

    def get_about(self) -> str:
        return f"{self.object.number} · {self.object.help_seeker.person.full_name}"

    def get_back_url(self) -> str:
        return reverse("tandem:request", kwargs={"pk": self.kwargs["pk"]})

    def get_initial(self) -> dict[str, Any]:
        names = NeedFields.base_fields
        initial = {name: getattr(self.object, name) for name in names if name != "compensation_models"}
        return initial | {"compensation_models": list(self.object.compensation_models.all())}

    def act(self, form: NeedFields) -> HelpRequest:
        return actions.update_request(request_id=self.object.pk, details=form.need, by=self.user, at=self.now)
