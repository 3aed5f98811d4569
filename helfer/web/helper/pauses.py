"""Pause: from when, until when, one thing on the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helfer.helpers import actions
from helfer.helpers.models import HelperProfile, Pause
from helfer.web.action_view import ActionView
from helfer.web.fields import DayField
from helfer.web.helper.own_profile import KINDS, OwnProfileView


class OwnPauseForm(forms.Form):
    """From when, and when one is back."""

    from_day = DayField(label=_("Ab wann machen Sie Pause?"))
    until_day = DayField(
        label=_("An welchem Tag sind Sie wieder da?"),
        required=False,
        help_text=_("Sie wissen es noch nicht? Dann lassen Sie das Feld leer."),
    )


class Pauses(OwnProfileView[OwnPauseForm]):
    """One's own pauses, and a new one."""

    template_name = "web/helper/pause.html"
    form_class = OwnPauseForm
    title = _("Pause")
    submit_label = _("Pause eintragen")
    back_label = _("Zurück zu meinem Profil")
    success_message = _("Ihre Pause ist eingetragen. Erholen Sie sich gut!")
    success_url_name = "helper:pause"

    def get_initial(self) -> dict[str, Any]:
        return {"from_day": self.today}

    def get_back_url(self) -> str:
        return reverse("helper:profile")

    def act(self, form: OwnPauseForm) -> Pause:
        return actions.add_pause(
            helper_id=self.object.pk,
            from_day=form.cleaned_data["from_day"],
            until_day=form.cleaned_data["until_day"],
            by=self.user,
            at=self.now,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        helper: HelperProfile = self.object
        present = Q(until_day=None) | Q(until_day__gt=self.today)
        pauses = helper.pauses.filter(present).order_by("from_day")
        return super().get_context_data(pauses=pauses, today=self.today, **kwargs)


class EndPause(ActionView[forms.Form]):
    """Back earlier, or a pause that is not taken after all."""

    kinds = KINDS
    title = _("Ich bin wieder da")
    intro = _("Ihre Pause endet heute. Eine Pause, die noch nicht begonnen hat, wird gelöscht.")
    submit_label = _("Ja, Pause beenden")
    success_message = _("Willkommen zurück!")

    def get_queryset(self) -> QuerySet[Any]:
        return Pause.objects.filter(helper__person__user=self.user)

    def get_success_url(self) -> str:
        return reverse("helper:pause")

    def get_back_url(self) -> str:
        return reverse("helper:pause")

    def act(self, form: forms.Form) -> Pause | None:
        return actions.end_pause(pause_id=self.object.pk, by=self.user, at=self.now)
