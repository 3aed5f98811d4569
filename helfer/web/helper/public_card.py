"""Was andere von mir sehen: the helper's own card, its preview, and the end of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.helpers import actions
from helfer.helpers.models import HelperProfile, PublicCard
from helfer.people.models import Channel
from helfer.web.action_view import SeeOther
from helfer.web.helper.own_profile import KINDS, OwnProfileView, profile_of
from helfer.web.kinds import KindRequired
from helfer.web.public_cards import CardPage, CardPreview


class Card(CardPage, KindRequired, TemplateResponseMixin):
    """Whether a card is shown, and what shall stand on it."""

    kinds = KINDS
    template_name = "web/helper/card.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        helper = profile_of(self.user)
        if helper is None:
            return SeeOther(reverse("helper:profile"))
        return self.render_to_response(self.card_context(helper))


class Preview(CardPreview, OwnProfileView[forms.Form]):
    """The card as everybody will see it, and the yes to it."""

    template_name = "web/helper/card_preview.html"
    title = _("So sehen andere Ihre Karte")
    submit_label = _("Ja, diese Karte darf jeder sehen")
    success_message = _(
        "Danke! Ihre Karte erscheint über Nacht, sobald es mindestens zwei ähnliche Karten gibt."
    )
    success_url_name = "helper:card"

    def act(self, form: forms.Form) -> PublicCard:
        return actions.show_card(
            helper_id=self.object.pk,
            choice=self.chosen(),
            seen=self.request.POST.get("seen", ""),
            channel=Channel.ONLINE,
            by=self.user,
            at=self.now,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.preview_context() | kwargs)


class Hide(OwnProfileView[forms.Form]):
    """Take the yes back."""

    title = _("Karte nicht mehr zeigen")
    intro = _("Ihre Karte verschwindet sofort. Ihr Profil beim Seniorenbüro bleibt, wie es ist.")
    submit_label = _("Ja, nicht mehr zeigen")
    back_label = _("Nein, zurück")
    success_message = _("Ihre Karte wird nicht mehr gezeigt.")
    success_url_name = "helper:card"

    def act(self, form: forms.Form) -> HelperProfile:
        return actions.hide_card(helper_id=self.object.pk, by=self.user, at=self.now)
