"""What the training team does with proofs: enter, check, take back, and a whole course at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import EvidenceType, Training
from helfer.helpers import actions
from helfer.helpers.actions.course_day import issue_certificates
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.web.action_view import ActionView
from helfer.web.fields import DayField
from helfer.web.proof_steps import IssueProof, VerifyProof
from helfer.web.training.helpers import KINDS, helpers_for


class Issue(IssueProof):
    """Enter a proof that somebody has seen."""

    kinds = KINDS
    success_url_name = "training:helper"

    def get_queryset(self) -> QuerySet[Any]:
        return helpers_for(self.user)

    def get_initial(self) -> dict[str, Any]:
        return {"issued_on": self.today}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"intro": self.object.person.full_name} | kwargs)


class _ProofAction(ActionView[forms.Form]):
    kinds = KINDS

    def get_queryset(self) -> QuerySet[Any]:
        return Certificate.objects.visible_to(self.user).select_related("training", "helper__person")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.helper_id = 0

    def find_object(self) -> None:
        super().find_object()
        # A proof that was taken back has no helper to lead back to.
        self.helper_id = self.object.helper_id

    def get_success_url(self) -> str:
        return reverse("training:helper", kwargs={"pk": self.helper_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proof: Certificate = self.object
        what = _("%(training)s von %(name)s, ausgestellt am %(day)s.") % {
            "training": proof.training.name,
            "name": proof.helper.person.full_name,
            "day": f"{proof.issued_on:%d.%m.%Y}",
        }
        return super().get_context_data(**{"intro": f"{what} {self.intro}"} | kwargs)


class Verify(_ProofAction, VerifyProof):
    """A proof that a helper handed in is in order."""


class Revoke(_ProofAction):
    """A proof was a mistake, or does not hold."""

    title = gettext_lazy("Nachweis löschen")
    intro = gettext_lazy("Nur, wenn er irrtümlich eingetragen wurde oder nicht stimmt.")
    submit_label = gettext_lazy("Löschen")
    success_message = gettext_lazy("Der Nachweis ist gelöscht.")
    danger = True

    def act(self, form: forms.Form) -> None:
        actions.revoke_certificate(certificate_id=self.object.pk, by=self.user, at=self.now)


class HelperChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Helpers by name and office."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.full_name} ({obj.office or '–'})"


class BulkForm(forms.Form):
    """Which training, on which day, and who was there."""

    training = forms.ModelChoiceField(
        label=gettext_lazy("Welche Schulung?"),
        queryset=Training.objects.filter(is_active=True)
        .exclude(evidence_type=EvidenceType.INSPECTION)
        .order_by("name"),
        empty_label="–",
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Schulung.")},
    )
    issued_on = DayField(label=gettext_lazy("An welchem Tag?"))
    helpers = HelperChoices(
        label=gettext_lazy("Wer war dabei?"),
        queryset=HelperProfile.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Person.")},
    )


class Bulk(ActionView[BulkForm]):
    """Enter a course, or an extension, for everybody who was there."""

    kinds = KINDS
    form_class = BulkForm
    title = gettext_lazy("Kurs oder Verlängerung eintragen")
    intro = gettext_lazy("Alle gewählten Personen bekommen denselben Nachweis, oder niemand.")
    submit_label = gettext_lazy("Für alle eintragen")
    success_url_name = "training:helpers"

    def get_initial(self) -> dict[str, Any]:
        return {"issued_on": self.today, "training": self.request.GET.get("training")}

    def get_form(self) -> BulkForm:
        form = super().get_form()
        field: Any = form.fields["helpers"]
        field.queryset = (
            helpers_for(self.user)
            .exclude(state__in=[HelperState.LEFT, HelperState.REJECTED])
            .exclude(person__user=self.user)
            .order_by("person__family_name", "person__given_name", "pk")
        )
        return form

    def get_success_message(self) -> str:
        return _("Der Nachweis ist für %(count)s Personen eingetragen.") % {"count": len(self.result or ())}

    def act(self, form: BulkForm) -> list[Certificate]:
        return issue_certificates(
            helper_ids=[helper.pk for helper in form.cleaned_data["helpers"]],
            training=form.cleaned_data["training"],
            issued_on=form.cleaned_data["issued_on"],
            by=self.user,
            at=self.now,
        )
