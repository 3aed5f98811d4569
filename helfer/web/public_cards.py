"""What others may see of a helper: choosing, the preview, the yes and its end; for helpers and for staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helfer.helpers.models import HelperProfile, PublicCard
from helfer.helpers.public_cards import CardChoice, ShownName, card_of

# Role, district and half-days stand on every card; a half-day may be left out.
SHOWN_BY_CHOICE = ("quarter", "half_days", "languages", "compensation", "trainings")


class CardChoiceForm(forms.Form):
    """What stands on the card beside role and district."""

    name = forms.ChoiceField(
        label=_("Welcher Name soll auf der Karte stehen?"),
        choices=ShownName.choices,
        widget=forms.RadioSelect,
        initial=ShownName.NONE,
        help_text=_("Einen Nachnamen, eine Adresse oder eine Telefonnummer zeigen wir nie."),
    )
    half_days = forms.BooleanField(
        label=_("Vormittag, Nachmittag oder Abend zeigen, ohne Wochentage"), required=False, initial=True
    )
    quarter = forms.BooleanField(label=_("das Quartier zeigen statt nur den Stadtbezirk"), required=False)
    languages = forms.BooleanField(label=_("die Sprachen zeigen"), required=False)
    compensation = forms.BooleanField(label=_("zeigen, wie die Hilfe finanziell sein kann"), required=False)
    trainings = forms.BooleanField(label=_("Kurse und Schulungen zeigen"), required=False)


def choice_of(card: PublicCard, helper: HelperProfile) -> dict[str, Any]:
    """What a new choice starts with: as the card is now."""
    name = ShownName.NONE
    if card.name:
        name = ShownName.GIVEN_NAME if card.name == helper.person.given_name.strip() else ShownName.INITIAL
    return {
        "name": name,
        "half_days": bool(card.half_days),
        "quarter": card.quarter_id is not None,
        "languages": bool(card.languages),
        "compensation": bool(card.model_ids),
        "trainings": bool(card.training_ids),
    }


class CardPage:
    """The choice, and whether a card is shown now. Mixed into a page that knows its helper."""

    request: Any

    def card_context(self, helper: HelperProfile) -> dict[str, Any]:
        """What the page shows."""
        card = (
            PublicCard.objects.filter(helper=helper, consent__withdrawn_at=None)
            .select_related("consent")
            .first()
        )
        return {
            "helper": helper,
            "card": card,
            "form": CardChoiceForm(initial=choice_of(card, helper) if card else None),
        }


class CardPreview:
    """The preview and the yes to it. Mixed into an action on a helper."""

    request: Any
    object: Any
    today: Any

    def chosen(self) -> CardChoice:
        """The choice as it was made on the page before; whoever comes without one sees the usual card."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        form = CardChoiceForm(sent)
        if not form.is_valid():
            return CardChoice()
        return CardChoice(**{name: form.cleaned_data[name] for name in ("name", *SHOWN_BY_CHOICE)})

    def preview_context(self) -> dict[str, Any]:
        """The card as everybody will see it, and what the yes carries along."""
        choice = self.chosen()
        card = card_of(self.object, choice, on=self.today)
        ticked = [(name, "on") for name in SHOWN_BY_CHOICE if getattr(choice, name)]
        return {"card": card, "hidden": [("name", choice.name), *ticked, ("seen", card.digest)]}
