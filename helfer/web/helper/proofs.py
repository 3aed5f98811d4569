"""Meine Nachweise: which count until when, and handing one in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import EvidenceType, Training
from helfer.helpers import actions
from helfer.helpers.models import Certificate
from helfer.web.helper.own_profile import KINDS, OwnProfileView, profile_of
from helfer.web.helper_forms import CertificateForm
from helfer.web.kinds import KindRequired
from helfer.web.standing import missing_trainings, standing_of


class Proofs(KindRequired, TemplateResponseMixin):
    """One's own proofs."""

    kinds = KINDS
    template_name = "web/helper/proofs.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        helper = profile_of(self.user)
        if helper is None:
            raise Http404
        proofs = helper.certificates.select_related("training").order_by("training__name", "-issued_on")
        context = {
            "proofs": [{"proof": proof, **standing_of(proof, self.today)} for proof in proofs],
            "missing": missing_trainings(helper, self.today),
        }
        return self.render_to_response(context)


class HandInForm(CertificateForm):
    """A proof and its file; what is only looked at cannot be handed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        training: Any = self.fields["training"]
        training.queryset = (
            Training.objects.filter(is_active=True)
            .exclude(evidence_type=EvidenceType.INSPECTION)
            .order_by("name")
        )
        self.fields["issued_on"].label = _("Welches Datum steht auf dem Nachweis?")
        self.fields["file"].required = True
        self.fields["file"].error_messages["required"] = _("Bitte wählen Sie die Datei mit dem Nachweis.")
        self.fields["file"].help_text = _(
            "Ein Foto genügt. Bitte kein Führungszeugnis und keinen Führerschein: "
            "Die schaut sich das Büro im Original an."
        )


class HandIn(OwnProfileView[HandInForm]):
    """Hand in a proof; staff check it."""

    form_class = HandInForm
    title = _("Nachweis abgeben")
    intro = _("Das Seniorenbüro schaut sich Ihren Nachweis an. Erst danach zählt er.")
    submit_label = _("Nachweis abgeben")
    back_label = _("Zurück zu meinen Nachweisen")
    success_message = _("Danke! Wir schauen uns den Nachweis an.")
    success_url_name = "helper:proofs"

    def act(self, form: HandInForm) -> Certificate:
        return actions.submit_certificate(
            helper_id=self.object.pk,
            training=form.cleaned_data["training"],
            issued_on=form.cleaned_data["issued_on"],
            file=form.cleaned_data["file"].read(),
            by=self.user,
            at=self.now,
        )
