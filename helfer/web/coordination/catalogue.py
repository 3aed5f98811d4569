"""Katalog: what the offices offer, what it needs and how it may be compensated."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.actions import editing
from helfer.catalogue.actions.loading import is_changed
from helfer.catalogue.kinds import FirstContact
from helfer.catalogue.models import (
    CompensationModel,
    EvidenceType,
    LandRule,
    LoadedFromDefaults,
    Role,
    Training,
)
from helfer.people.models import Kind
from helfer.places.laender import LAND_NAMES
from helfer.web.action_view import ActionView, FormT
from helfer.web.kinds import KindRequired

KINDS = {Kind.COORDINATOR}


def rows_of(entries: QuerySet[Any]) -> list[dict[str, Any]]:
    """Entries with what is said of where they come from."""
    return [
        {"entry": entry, "origin": origin_of(entry), "not_translated": ", ".join(entry.not_translated())}
        for entry in entries
    ]


def origin_of(entry: LoadedFromDefaults) -> Any:
    """Whether an entry is as delivered, changed, or made here."""
    if entry.loaded_values is None:
        return _("selbst angelegt")
    return _("vom Standard geändert") if is_changed(entry) else ""


class Catalogue(KindRequired, TemplateResponseMixin):
    """Everything on one page."""

    kinds = KINDS
    template_name = "web/coordination/catalogue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        roles = Role.objects.select_related("shown_publicly_as").prefetch_related(
            "required_trainings", "compensation_models"
        )
        models = CompensationModel.objects.prefetch_related("rates")
        rules = LandRule.objects.prefetch_related("qualifications").order_by("land", "-valid_from")
        context = {
            "roles": rows_of(roles.order_by("-is_active", "name")),
            "trainings": rows_of(
                Training.objects.prefetch_related("includes").order_by("-is_active", "name")
            ),
            "models": rows_of(models.order_by("-is_active", "name")),
            "rules": [{**row, "name": LAND_NAMES[row["entry"].land]} for row in rows_of(rules)],
            "today": self.today,
        }
        return self.render_to_response(context)


def long_text(label: Any) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class EntryForm(forms.Form):
    """What every entry of the catalogue has."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Bitte geben Sie einen Namen an.")}
    )
    slug = forms.SlugField(
        label=_("Kurzname"),
        help_text=_("Kleine Buchstaben, Ziffern und Bindestriche; so heißt der Eintrag in Listen."),
        error_messages={
            "required": _("Bitte geben Sie einen Kurznamen an."),
            "invalid": _("Nur Buchstaben ohne Umlaute, Ziffern und Bindestriche."),
        },
    )


OWN_NAME = "-"


def names_to_show() -> list[tuple[str, Any]]:
    """Under its own name, or as one of the roles that are."""
    shown = Role.objects.filter(shown_publicly_as=None).order_by("name", "pk")
    return [
        ("", _("Bitte wählen")),
        (OWN_NAME, _("unter ihrem eigenen Namen")),
        *((role.slug, role.name) for role in shown),
    ]


def role_to_show(slug: str) -> Role | None:
    return None if slug == OWN_NAME else Role.objects.get(slug=slug)


class RoleForm(EntryForm):
    """What a helper may do, and what it takes."""

    does = long_text(_("Das gehört dazu"))
    does_not = long_text(_("Das gehört nicht dazu"))
    instruction = long_text(_("Anleitung"))
    signatures_required = forms.TypedChoiceField(
        label=_("Wie viele Freigaben?"),
        choices=[(2, _("zwei: Stadt und Verband")), (1, _("eine genügt"))],
        coerce=int,
        widget=forms.RadioSelect,
        initial=2,
    )
    first_contact = forms.ChoiceField(
        label=_("Wie ist der erste Kontakt?"),
        choices=FirstContact.choices,
        widget=forms.RadioSelect,
        initial=FirstContact.ACCOMPANIED,
    )
    required_trainings = forms.ModelMultipleChoiceField(
        label=_("Welche Schulungen sind nötig?"),
        queryset=Training.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    compensation_models = forms.ModelMultipleChoiceField(
        label=_("Welche finanziellen Modelle sind erlaubt?"),
        queryset=CompensationModel.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens ein Modell.")},
    )
    # Nobody says by leaving a field alone that a name tells nothing of an illness.
    shown_publicly_as = forms.TypedChoiceField(
        label=_("Wie heißt sie auf der Seite „Hier wird Hilfe gesucht“?"),
        help_text=_(
            "Sagt der Name etwas über eine Krankheit oder Behinderung, wählen Sie eine andere Tätigkeit: "
            "Deren Name steht dann dort."
        ),
        choices=names_to_show,
        coerce=role_to_show,
        error_messages={"required": _("Bitte wählen Sie, unter welchem Namen öffentlich gesucht wird.")},
    )
    at_a_distance = forms.BooleanField(label=_("geht aus der Ferne, zum Beispiel am Telefon"), required=False)
    is_active = forms.BooleanField(label=_("in Gebrauch"), required=False, initial=True)


class TrainingForm(EntryForm):
    """A kind of proof."""

    description = long_text(_("Beschreibung"))
    evidence_type = forms.ChoiceField(
        label=_("Was ist der Nachweis?"),
        choices=EvidenceType.choices,
        widget=forms.RadioSelect,
        initial=EvidenceType.DOCUMENT,
    )
    validity_months = forms.IntegerField(
        label=_("Gültig wie viele Monate?"),
        required=False,
        min_value=1,
        max_value=1200,
        help_text=_("Leer: ohne Ende."),
    )
    grace_days = forms.IntegerField(label=_("Nachfrist in Tagen"), min_value=0, max_value=1000, initial=0)
    includes = forms.ModelMultipleChoiceField(
        label=_("Schließt welche anderen Schulungen ein?"),
        queryset=Training.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_active = forms.BooleanField(label=_("in Gebrauch"), required=False, initial=True)


class ModelForm(EntryForm):
    """A financial model."""

    description = long_text(_("Beschreibung"))
    conditions = long_text(_("Bedingungen"))
    is_active = forms.BooleanField(label=_("in Gebrauch"), required=False, initial=True)


class CatalogueAction(ActionView[FormT]):
    """An entry is added or changed; it leads back to the catalogue."""

    kinds = KINDS
    success_message = _("Der Eintrag ist gespeichert.")
    back_label = _("Zurück zum Katalog")

    def get_success_url(self) -> str:
        return reverse("coordination:catalogue")

    def get_back_url(self) -> str:
        return reverse("coordination:catalogue")

    def get_initial(self) -> dict[str, Any]:
        if self.object is None:
            return {}
        initial = {}
        form_class: Any = self.form_class
        for name, field in form_class.base_fields.items():
            value = getattr(self.object, name)
            initial[name] = list(value.all()) if isinstance(field, forms.ModelMultipleChoiceField) else value
        return initial

    def said(self, form: FormT) -> dict[str, Any]:
        """What was typed."""
        said = dict(form.cleaned_data)
        for name, value in said.items():
            if isinstance(value, QuerySet):
                said[name] = list(value)
        return said


class CreateRole(CatalogueAction[RoleForm]):
    """Add a role."""

    form_class = RoleForm
    title = _("Tätigkeit anlegen")

    def act(self, form: RoleForm) -> Role:
        return editing.create_role(details=editing.RoleDetails(**self.said(form)), by=self.user)


class EditRole(CatalogueAction[RoleForm]):
    """Change a role."""

    form_class = RoleForm
    title = _("Tätigkeit ändern")
    intro = _("Was schon vermittelt ist, bleibt, wie es freigegeben wurde.")

    def get_queryset(self) -> QuerySet[Any]:
        return Role.objects.all()

    def get_initial(self) -> dict[str, Any]:
        shown_as = self.object.shown_publicly_as
        return super().get_initial() | {"shown_publicly_as": shown_as.slug if shown_as else OWN_NAME}

    def act(self, form: RoleForm) -> Role:
        details = editing.RoleDetails(**self.said(form))
        return editing.update_role(role_id=self.object.pk, details=details, by=self.user)


class CreateTraining(CatalogueAction[TrainingForm]):
    """Add a kind of proof."""

    form_class = TrainingForm
    title = _("Schulung anlegen")

    def act(self, form: TrainingForm) -> Training:
        return editing.create_training(details=editing.TrainingDetails(**self.said(form)), by=self.user)


class EditTraining(CatalogueAction[TrainingForm]):
    """Change a kind of proof."""

    form_class = TrainingForm
    title = _("Schulung ändern")
    intro = _("Schon ausgestellte Nachweise behalten ihre Gültigkeit.")

    def get_queryset(self) -> QuerySet[Any]:
        return Training.objects.all()

    def get_form(self) -> TrainingForm:
        form = super().get_form()
        includes: Any = form.fields["includes"]
        includes.queryset = includes.queryset.exclude(pk=self.object.pk)
        return form

    def act(self, form: TrainingForm) -> Training:
        details = editing.TrainingDetails(**self.said(form))
        return editing.update_training(training_id=self.object.pk, details=details, by=self.user)


class CreateModel(CatalogueAction[ModelForm]):
    """Add a financial model."""

    form_class = ModelForm
    title = _("Finanzielles Modell anlegen")

    def act(self, form: ModelForm) -> CompensationModel:
        details = editing.CompensationModelDetails(**self.said(form))
        return editing.create_compensation_model(details=details, by=self.user)


class EditModel(CatalogueAction[ModelForm]):
    """Change a financial model."""

    form_class = ModelForm
    title = _("Finanzielles Modell ändern")

    def get_queryset(self) -> QuerySet[Any]:
        return CompensationModel.objects.all()

    def act(self, form: ModelForm) -> CompensationModel:
        details = editing.CompensationModelDetails(**self.said(form))
        return editing.update_compensation_model(model_id=self.object.pk, details=details, by=self.user)
