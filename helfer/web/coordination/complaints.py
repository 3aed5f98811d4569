"""What people say is wrong; the tandems do not read it."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.people import actions
from helfer.people.models import Complaint, Kind
from helfer.web.action_view import ActionView
from helfer.web.kinds import KindRequired

KINDS = {Kind.COORDINATOR}
ROWS_SHOWN = 100


class Complaints(KindRequired, TemplateResponseMixin):
    """What waits, the oldest first; below it what was seen to."""

    kinds = KINDS
    template_name = "web/coordination/complaints.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = Complaint.objects.visible_to(self.user)
        context = {
            "waiting": mine.open().order_by("said_at", "pk")[:ROWS_SHOWN],
            "settled": mine.exclude(settled_at=None).order_by("-settled_at", "-pk")[:ROWS_SHOWN],
        }
        return self.render_to_response(context)


class OutcomeForm(forms.Form):
    """What was done."""

    outcome = forms.CharField(
        label=_("Was ist geschehen?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Bitte schreiben Sie, was geschehen ist.")},
    )


class Settle(ActionView[OutcomeForm]):
    """One complaint, and how it was seen to."""

    kinds = KINDS
    form_class = OutcomeForm
    template_name = "web/coordination/complaint.html"
    title = _("Beschwerde erledigen")
    submit_label = _("Erledigt")
    success_message = _("Die Beschwerde ist erledigt.")

    def get_queryset(self) -> QuerySet[Complaint]:
        return Complaint.objects.visible_to(self.user)

    def get_success_url(self) -> str:
        return reverse("coordination:complaints")

    def get_about(self) -> str:
        return date_format(localtime(self.object.said_at), "j. F Y, H:i")

    def act(self, form: OutcomeForm) -> Complaint:
        return actions.settle_complaint(
            complaint_id=self.object.pk, outcome=form.cleaned_data["outcome"], by=self.user, at=self.now
        )
