"""Amounts and the Länder's rules: dated, with sources and the day on which somebody checked them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.actions import editing
from helfer.catalogue.kinds import RateUnit
from helfer.catalogue.models import CompensationModel, CompensationRate, LandRule, Training
from helfer.places.laender import LAND_NAMES
from helfer.web.coordination.catalogue import CatalogueAction, long_text
from helfer.web.fields import DayField

LAENDER = sorted(LAND_NAMES.items(), key=lambda land: land[1])
BAD_URL = _("Das ist keine vollständige Adresse. Bitte mit https:// beginnen.")


class EuroField(forms.DecimalField):
    """An amount as it is written here, 1.250,50, or as machines write it, 1250.50."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimal_places=2, localize=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        self.localize = False
        try:
            return super().to_python(text)
        finally:
            self.localize = True


class RateForm(forms.Form):
    """An amount from a day on, with its source."""

    unit = forms.ChoiceField(label=_("Wie gezählt?"), choices=RateUnit.choices, widget=forms.RadioSelect)
    amount_eur = EuroField(
        label=_("Betrag in Euro"),
        max_digits=9,
        error_messages={
            "required": _("Bitte geben Sie einen Betrag an."),
            "invalid": _("Bitte schreiben Sie den Betrag so: 131,00"),
        },
    )
    valid_from = DayField(label=_("Gilt ab"))
    valid_until = DayField(label=_("Gilt bis einschließlich"), required=False)
    source_url = forms.URLField(
        label=_("Quelle"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": BAD_URL},
    )
    checked_on = DayField(label=_("Zuletzt geprüft am"))


class AddRate(CatalogueAction[RateForm]):
    """Add an amount to a model."""

    form_class = RateForm
    title = _("Betrag eintragen")
    intro = _("Ein offener Betrag derselben Art endet dann am Tag davor.")

    def get_queryset(self) -> QuerySet[Any]:
        return CompensationModel.objects.all()

    def get_initial(self) -> dict[str, Any]:
        return {"checked_on": self.today}

    def act(self, form: RateForm) -> CompensationRate:
        details = editing.RateDetails(**form.cleaned_data)
        return editing.add_rate(model_id=self.object.pk, details=details, by=self.user)


class EditRate(CatalogueAction[RateForm]):
    """Correct an amount."""

    form_class = RateForm
    title = _("Betrag ändern")

    def get_queryset(self) -> QuerySet[Any]:
        return CompensationRate.objects.select_related("model")

    def act(self, form: RateForm) -> CompensationRate:
        details = editing.RateDetails(**form.cleaned_data)
        return editing.update_rate(rate_id=self.object.pk, details=details, by=self.user)


class RemoveRate(CatalogueAction[forms.Form]):
    """Take an amount back that was never right."""

    title = _("Betrag löschen")
    intro = _("Nur, wenn der Betrag nie richtig war. Sonst tragen Sie bitte ein Ende ein.")
    submit_label = _("Löschen")
    success_message = _("Der Betrag ist gelöscht.")
    danger = True

    def get_queryset(self) -> QuerySet[Any]:
        return CompensationRate.objects.all()

    def get_initial(self) -> dict[str, Any]:
        return {}

    def act(self, form: forms.Form) -> None:
        editing.remove_rate(rate_id=self.object.pk, by=self.user)


class SourcesField(forms.CharField):
    """Web addresses, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=5000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        urls = text.split()
        for url in urls:
            try:
                URLValidator(schemes=["http", "https"])(url)
            except ValidationError as error:
                raise ValidationError(BAD_URL) from error
        return urls


class RuleForm(forms.Form):
    """What a Land demands of neighbours under the Entlastungsbetrag."""

    land = forms.ChoiceField(label=_("Land"), choices=LAENDER)
    valid_from = DayField(label=_("Gilt ab"))
    valid_until = DayField(label=_("Gilt bis einschließlich"), required=False)
    individuals_allowed = forms.BooleanField(
        label=_("Einzelne Nachbarinnen und Nachbarn sind erlaubt"), required=False, initial=True
    )
    max_people = forms.IntegerField(
        label=_("Höchstens wie viele Personen je Helferin oder Helfer?"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Leer: keine Grenze bekannt."),
    )
    min_age = forms.IntegerField(label=_("Mindestalter"), min_value=0, max_value=120, initial=18)
    qualifications = forms.ModelMultipleChoiceField(
        label=_("Eine dieser Qualifikationen ist nötig"),
        queryset=Training.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    max_hours_month = forms.IntegerField(
        label=_("Höchstens wie viele Stunden im Monat?"), required=False, min_value=1, max_value=744
    )
    hour_cap_eur = EuroField(
        label=_("Höchstens wie viel Euro je Stunde?"), required=False, max_digits=6, min_value=0
    )
    source_urls = SourcesField(label=_("Quellen"), help_text=_("Jede Adresse in eine eigene Zeile."))
    checked_on = DayField(label=_("Zuletzt geprüft am"))
    note = long_text(_("Hinweis"))


class CreateRule(CatalogueAction[RuleForm]):
    """Add a Land's rule."""

    form_class = RuleForm
    title = _("Landesregel eintragen")
    intro = _("Eine offene Regel desselben Landes endet dann am Tag davor.")

    def get_initial(self) -> dict[str, Any]:
        return {"checked_on": self.today}

    def act(self, form: RuleForm) -> LandRule:
        return editing.create_land_rule(details=editing.LandRuleDetails(**self.said(form)), by=self.user)


class EditRule(CatalogueAction[RuleForm]):
    """Correct a Land's rule."""

    form_class = RuleForm
    title = _("Landesregel ändern")

    def get_queryset(self) -> QuerySet[Any]:
        return LandRule.objects.all()

    def act(self, form: RuleForm) -> LandRule:
        details = editing.LandRuleDetails(**self.said(form))
        return editing.update_land_rule(rule_id=self.object.pk, details=details, by=self.user)
