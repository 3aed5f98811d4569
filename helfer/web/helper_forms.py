"""What staff and helpers type alike: an offer, a pause, a proof."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import CompensationModel, EvidenceType, Role, Training
from helfer.core.languages import LANGUAGE_NAMES
from helfer.helpers.actions import HelperDetails
from helfer.helpers.models import MAX_RADIUS_M, MIN_RADIUS_M, HelperProfile
from helfer.web.fields import DayField, EntriesField, EntryField, SlotsField

LARGEST_FILE = 10 * 1024 * 1024


class OfferFields(forms.Form):
    """What somebody offers."""

    roles = EntriesField(
        label=gettext_lazy("Welche Tätigkeiten?"),
        queryset=Role.objects.filter(is_active=True).order_by("name"),
        required=False,
    )
    times = SlotsField(label=gettext_lazy("Wann?"), required=False)
    radius_m = forms.IntegerField(
        label=gettext_lazy("Wie weit von zu Hause (Meter)?"),
        min_value=MIN_RADIUS_M,
        max_value=MAX_RADIUS_M,
        initial=2000,
        error_messages={
            "min_value": gettext_lazy("Der Umkreis liegt zwischen 100 und 20000 Metern."),
            "max_value": gettext_lazy("Der Umkreis liegt zwischen 100 und 20000 Metern."),
        },
    )
    max_people = forms.IntegerField(
        label=gettext_lazy("Für höchstens wie viele Menschen?"), min_value=1, max_value=50, initial=1
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Welche Sprachen?"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["de"],
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Sprache.")},
    )
    compensation_models = EntriesField(
        label=gettext_lazy("Welche finanziellen Modelle?"),
        queryset=CompensationModel.objects.filter(is_active=True).order_by("name"),
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens ein Modell.")},
    )
    no_pets = forms.BooleanField(label=gettext_lazy("lieber ohne Haustiere"), required=False)
    no_smokers = forms.BooleanField(label=gettext_lazy("lieber ohne Raucherhaushalt"), required=False)

    @property
    def offer(self) -> HelperDetails:
        """What was said."""
        wanted = self.cleaned_data
        return HelperDetails(
            roles=list(wanted["roles"]),
            compensation_models=list(wanted["compensation_models"]),
            radius_m=wanted["radius_m"],
            languages=wanted["languages"],
            times=wanted["times"],
            max_people=wanted["max_people"],
            no_pets=wanted["no_pets"],
            no_smokers=wanted["no_smokers"],
        )

    @classmethod
    def offered_by(cls, helper: HelperProfile) -> dict[str, Any]:
        """The fields as they are now."""
        many = ("roles", "compensation_models")
        initial = {name: getattr(helper, name) for name in OfferFields.base_fields if name not in many}
        return initial | {name: list(getattr(helper, name).all()) for name in many}


class PauseForm(forms.Form):
    """From when, and when the helper is back."""

    from_day = DayField(label=gettext_lazy("Ab wann?"))
    until_day = DayField(label=gettext_lazy("Zurück am"), required=False)
    reason = forms.CharField(label=gettext_lazy("Grund"), max_length=120, required=False)


class CertificateForm(forms.Form):
    """Which training, since when; of an inspection never a file."""

    training = EntryField(
        label=gettext_lazy("Welche Schulung?"),
        queryset=Training.objects.filter(is_active=True).order_by("name"),
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Schulung.")},
    )
    issued_on = DayField(label=gettext_lazy("Ausgestellt oder gesehen am"))
    file = forms.FileField(
        label=gettext_lazy("Datei (PDF oder Bild)"),
        help_text=gettext_lazy(
            "Ein Führungszeugnis oder ein Führerschein wird nur angesehen, nie aufbewahrt."
        ),
        required=False,
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if upload and upload.size > LARGEST_FILE:
            raise forms.ValidationError(gettext_lazy("Die Datei ist größer als 10 MB."))
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        training = cleaned.get("training")
        if training and training.evidence_type == EvidenceType.INSPECTION and cleaned.get("file"):
            self.add_error("file", gettext_lazy("Von einer Einsichtnahme wird nie eine Datei aufbewahrt."))
        return cleaned
