"""From the first word to the last: every step of a helper that staff take by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from helfer.helpers import actions
from helfer.helpers.models import Certificate, HelperProfile, Pause
from helfer.matching import actions as matching_actions
from helfer.people.models import Kind
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.helper_forms import CertificateForm, OfferFields, PauseForm
from helfer.web.proof_steps import IssueProof, VerifyProof
from helfer.web.tandem.helpers import own_helpers
from helfer.web.tandem.intake_views import IntakeForm, IntakeView


class OwnHelperView(ActionView[FormT]):
    """An action on a helper of one's own office; it leads back to the helper."""

    kinds = {Kind.TANDEM}
    success_url_name = "tandem:helper"

    def get_queryset(self) -> QuerySet[Any]:
        return own_helpers(self)

    def get_about(self) -> str:
        return f"{self.object.number} · {self.object.person.full_name}"

    def get_back_url(self) -> str:
        return reverse("tandem:helper", kwargs={"pk": self.kwargs["pk"]})


class RegistrationForm(IntakeForm, OfferFields):
    """Everything of a registration by phone or on paper."""

    groups = (
        (
            gettext_lazy("Wer möchte helfen?"),
            (
                "family_name",
                "given_name",
                "same_person",
                "phone",
                "mobile",
                "email",
                "birth_year",
                "gender",
            ),
        ),
        (
            gettext_lazy("Wo wohnt die Person?"),
            ("street", "house_number", "postcode", "town", "address_choice", "office"),
        ),
        (
            gettext_lazy("Was bietet sie an?"),
            ("roles", "times", "radius_m", "max_people", "languages", "no_pets", "no_smokers"),
        ),
        (gettext_lazy("Wie soll es finanziell sein?"), ("compensation_models",)),
    )


class Register(IntakeView[RegistrationForm]):
    """Register somebody by phone or from paper."""

    form_class = RegistrationForm
    title = gettext_lazy("Jemanden als Helferin oder Helfer anmelden")
    submit_label = gettext_lazy("Anmelden")
    success_message = gettext_lazy("Die Anmeldung ist gespeichert.")

    def get_success_url(self) -> str:
        return reverse("tandem:helper", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        return reverse("tandem:helpers")

    def act(self, form: RegistrationForm) -> HelperProfile:
        return actions.enter_helper(
            person=form.known_person or form.details,
            corrections=form.corrections,
            address=form.address,
            details=form.offer,
            office=form.cleaned_data["office"],
            by=self.user,
            at=self.now,
        )


class EditProfile(OwnHelperView[OfferFields]):
    """Change what a helper offers."""

    form_class = OfferFields
    title = gettext_lazy("Profil ändern")
    success_message = gettext_lazy("Das Profil ist geändert.")

    def get_initial(self) -> dict[str, Any]:
        return OfferFields.offered_by(self.object)

    def act(self, form: OfferFields) -> HelperProfile:
        return actions.update_profile(helper_id=self.object.pk, details=form.offer, by=self.user, at=self.now)


class InterviewForm(forms.Form):
    """When the office spoke with the helper."""

    on = DayField(label=gettext_lazy("Wann war das Gespräch?"))


class Interview(OwnHelperView[InterviewForm]):
    """Note the interview."""

    form_class = InterviewForm
    title = gettext_lazy("Gespräch eintragen")
    success_message = gettext_lazy("Das Gespräch ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.today}

    def act(self, form: InterviewForm) -> HelperProfile:
        return actions.record_interview(
            helper_id=self.object.pk, on=form.cleaned_data["on"], by=self.user, at=self.now
        )


class Activate(OwnHelperView[forms.Form]):
    """From now on the helper may be proposed."""

    title = gettext_lazy("Aktiv schalten")
    intro = gettext_lazy("Von jetzt an kann diese Person vorgeschlagen werden.")
    submit_label = gettext_lazy("Aktiv schalten")
    success_message = gettext_lazy("Die Person ist aktiv.")

    def act(self, form: forms.Form) -> HelperProfile:
        return actions.activate_helper(helper_id=self.object.pk, by=self.user, at=self.now)


class Reject(OwnHelperView[forms.Form]):
    """The office does not take somebody."""

    title = gettext_lazy("Nicht aufnehmen")
    submit_label = gettext_lazy("Nicht aufnehmen")
    success_message = gettext_lazy("Die Person ist nicht aufgenommen.")
    danger = True

    def act(self, form: forms.Form) -> HelperProfile:
        return actions.reject_helper(helper_id=self.object.pk, by=self.user, at=self.now)


class Leave(OwnHelperView[forms.Form]):
    """A helper stops helping."""

    title = gettext_lazy("Hört auf zu helfen")
    intro = gettext_lazy("Laufende Vermittlungen enden, die Anfragen sind wieder offen.")
    submit_label = gettext_lazy("Eintragen")
    success_message = gettext_lazy("Das ist eingetragen. Danke für das Engagement!")
    danger = True

    def act(self, form: forms.Form) -> HelperProfile:
        return matching_actions.helper_leaves(helper_id=self.object.pk, by=self.user, at=self.now)


class TakeBreak(OwnHelperView[PauseForm]):
    """The helper takes time off."""

    form_class = PauseForm
    title = gettext_lazy("Pause eintragen")
    success_message = gettext_lazy("Die Pause ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {"from_day": self.today}

    def act(self, form: PauseForm) -> Pause:
        return actions.add_pause(
            helper_id=self.object.pk,
            from_day=form.cleaned_data["from_day"],
            until_day=form.cleaned_data["until_day"],
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.now,
        )


class BackForm(forms.Form):
    """When the helper is back."""

    on = DayField(label=gettext_lazy("Zurück am"))


class EndBreak(ActionView[BackForm]):
    """The helper is back, or comes back on another day."""

    kinds = {Kind.TANDEM}
    form_class = BackForm
    title = gettext_lazy("Pause ändern")
    success_message = gettext_lazy("Die Pause ist geändert.")

    def get_queryset(self) -> QuerySet[Any]:
        return Pause.objects.filter(helper__in=own_helpers(self)).select_related("helper__person")

    def get_about(self) -> str:
        return str(self.object.helper.person.full_name)

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.today}

    def get_success_url(self) -> str:
        return reverse("tandem:helper", kwargs={"pk": self.object.helper_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def act(self, form: BackForm) -> Pause | None:
        return actions.end_pause(
            pause_id=self.object.pk, on=form.cleaned_data["on"], by=self.user, at=self.now
        )


class IssueCertificate(OwnHelperView[CertificateForm], IssueProof):
    """Staff have seen the proof."""


class VerifyCertificate(VerifyProof):
    """Staff have checked a proof that the helper sent."""

    kinds = {Kind.TANDEM}

    def get_queryset(self) -> QuerySet[Any]:
        return Certificate.objects.filter(helper__in=own_helpers(self)).select_related(
            "training", "helper__person"
        )

    def get_about(self) -> str:
        return f"{self.object.helper.person.full_name} · {self.object.training.name}"

    def get_success_url(self) -> str:
        return reverse("tandem:helper", kwargs={"pk": self.object.helper_id})

    def get_back_url(self) -> str:
        return self.get_success_url()
