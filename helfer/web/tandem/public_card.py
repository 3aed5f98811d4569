"""The public card of the office's helpers: a yes that was told to staff, and its end."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.core.days import BERLIN
from helfer.helpers import actions
from helfer.helpers.models import HelperProfile, PublicCard
from helfer.people.models import Channel, Kind
from helfer.web.fields import DayField
from helfer.web.kinds import KindRequired
from helfer.web.public_cards import CardPage, CardPreview
from helfer.web.tandem.helper_steps import OwnHelperView
from helfer.web.tandem.helpers import own_helpers
from helfer.web.tandem.match_steps import TOLD_TO_STAFF


class Card(CardPage, KindRequired, TemplateResponseMixin):
    """Whether a card is shown, and what shall stand on it."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/helper_card.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        helper: HelperProfile = get_object_or_404(own_helpers(self), pk=pk)
        return self.render_to_response(self.card_context(helper))


class ToldForm(forms.Form):
    """How and when the helper said yes to this preview."""

    channel = forms.ChoiceField(
        label=_("Auf welchem Weg kam das Ja?"),
        choices=TOLD_TO_STAFF,
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
        error_messages={"required": _("Bitte wählen Sie, auf welchem Weg.")},
    )
    given_on = DayField(label=_("An welchem Tag?"))


class Preview(CardPreview, OwnHelperView[ToldForm]):
    """The card as everybody will see it, read or shown to the helper, and the helper's yes."""

    form_class = ToldForm
    template_name = "web/tandem/helper_card_preview.html"
    title = _("So sehen andere die Karte")
    intro = _("Bitte lesen Sie die Karte vor oder zeigen Sie sie. Ein Ja gilt nur für das, was hier steht.")
    submit_label = _("Das Ja eintragen")
    success_message = _("Die Karte erscheint über Nacht, sobald es mindestens zwei ähnliche Karten gibt.")
    fields_of_action = {"given_at": "given_on"}

    def get_initial(self) -> dict[str, Any]:
        return {"given_on": self.today, "channel": Channel.PHONE}

    def act(self, form: ToldForm) -> PublicCard:
        day = form.cleaned_data["given_on"]
        return actions.show_card(
            helper_id=self.object.pk,
            choice=self.chosen(),
            seen=self.request.POST.get("seen", ""),
            channel=Channel(form.cleaned_data["channel"]),
            given_at=self.now if day == self.today else datetime.combine(day, time(12), BERLIN),
            by=self.user,
            at=self.now,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.preview_context() | kwargs)


class Hide(OwnHelperView[forms.Form]):
    """The helper takes the yes back."""

    title = _("Karte nicht mehr zeigen")
    intro = _("Die Karte verschwindet sofort. Das Profil bleibt, wie es ist.")
    submit_label = _("Ja, nicht mehr zeigen")
    success_message = _("Die Karte wird nicht mehr gezeigt.")

    def act(self, form: forms.Form) -> HelperProfile:
        return actions.hide_card(helper_id=self.object.pk, by=self.user, at=self.now)
