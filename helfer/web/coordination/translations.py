"""The catalogue's words in other languages, beside the German ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.actions.translating import translate_entry
from helfer.catalogue.models import CompensationModel, LoadedFromDefaults, Role, Training
from helfer.core.errors import RuleViolation
from helfer.web.coordination.catalogue import CatalogueAction

FURTHER = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class TranslationForm(forms.Form):
    """Below each German text the same in the other languages."""

    def __init__(self, *, entry: LoadedFromDefaults, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.entry = entry
        self.names = [name for name in entry.TEXTS if getattr(entry, name)]
        for name in self.names:
            german: str = getattr(entry, name)
            is_line = name == "name"
            self.fields[f"german__{name}"] = forms.CharField(
                widget=forms.HiddenInput, initial=german, strip=False, required=False
            )
            for code, own_name in FURTHER:
                shown = {"lang": code, "dir": "rtl" if get_language_info(code)["bidi"] else "ltr"}
                rows = {} if is_line else {"rows": max(2, len(german.splitlines()), len(german) // 70 + 1)}
                self.fields[f"{code}__{name}"] = forms.CharField(
                    label=own_name,
                    required=False,
                    max_length=120 if is_line else 4000,
                    initial=entry.translations.get(code, {}).get(name, ""),
                    widget=(forms.TextInput if is_line else forms.Textarea)(attrs=shown | rows),
                )

    def groups(self) -> Iterator[dict[str, Any]]:
        """Each German text with its label and its fields."""
        for name in self.names:
            yield {
                "label": self.entry._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                "german": getattr(self.entry, name),
                "fields": [self[f"{code}__{name}"] for code, _own_name in FURTHER],
            }


class _Translate(CatalogueAction[TranslationForm]):
    form_class = TranslationForm
    template_name = "web/coordination/translations.html"
    title = _("Übersetzungen")
    intro = _("Was leer bleibt, lesen alle auf Deutsch.")
    success_message = _("Die Übersetzungen sind gespeichert.")
    kind: type[Any]

    def get_queryset(self) -> QuerySet[Any]:
        entries: QuerySet[Any] = self.kind.objects.all()
        return entries

    def get_about(self) -> str:
        return str(self.object.name)

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"entry": self.object}

    def refuse(self, form: TranslationForm, refusal: RuleViolation) -> HttpResponse:
        """Whoever has compared with the German of now may send what they wrote."""
        if refusal.code == "outdated":
            data = self.request.POST.copy()
            for name in form.names:
                data[f"german__{name}"] = getattr(self.object, name)
            form.data = data
        return super().refuse(form, refusal)

    def act(self, form: TranslationForm) -> LoadedFromDefaults:
        said = form.cleaned_data
        entry: LoadedFromDefaults = translate_entry(
            kind=self.kind,
            entry_id=self.object.pk,
            german={name: said[f"german__{name}"] for name in form.names},
            translations={
                code: {name: said[f"{code}__{name}"] for name in form.names} for code, _own_name in FURTHER
            },
            by=self.user,
        )
        return entry


class TranslateRole(_Translate):
    """What a helper does and must not do, in other languages."""

    kind = Role


class TranslateTraining(_Translate):
    """A kind of proof, in other languages."""

    kind = Training


class TranslateModel(_Translate):
    """A financial model, in other languages."""

    kind = CompensationModel
