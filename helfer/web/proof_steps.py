"""What an office and the training team do alike with proofs; each says whose, and where it leads."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from helfer.helpers import actions
from helfer.helpers.models import Certificate
from helfer.web.action_view import ActionView
from helfer.web.helper_forms import CertificateForm


class IssueProof(ActionView[CertificateForm]):
    """Staff have seen the proof of a helper."""

    form_class = CertificateForm
    title = gettext_lazy("Nachweis eintragen")
    success_message = gettext_lazy("Der Nachweis ist eingetragen.")

    def act(self, form: CertificateForm) -> Certificate:
        upload = form.cleaned_data.get("file")
        return actions.issue_certificate(
            helper_id=self.object.pk,
            training=form.cleaned_data["training"],
            issued_on=form.cleaned_data["issued_on"],
            file=upload.read() if upload else None,
            by=self.user,
            at=self.now,
        )


class VerifyProof(ActionView[forms.Form]):
    """Staff have checked a proof that the helper handed in."""

    title = gettext_lazy("Nachweis prüfen")
    intro = gettext_lazy("Haben Sie den Nachweis gesehen, und ist er in Ordnung?")
    submit_label = gettext_lazy("Ja, er ist in Ordnung")
    success_message = gettext_lazy("Der Nachweis ist geprüft.")

    def act(self, form: forms.Form) -> Certificate:
        return actions.verify_certificate(certificate_id=self.object.pk, by=self.user, at=self.now)
