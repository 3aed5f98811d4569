"""Form fields that several pages need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import LoadedFromDefaults
from helfer.core.slots import DAY_NAMES, DAYS, HALF_DAY_NAMES, HALF_DAYS, SLOTS, in_week_order, slot_name

DAY_FORMAT = "%d.%m.%Y"


class DayField(forms.DateField):
    """A day, typed the way it is said: 3.4.2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Tag, Monat und Jahr, zum Beispiel 3.4.2026"))
        kwargs.setdefault(
            "widget", forms.DateInput(format=DAY_FORMAT, attrs={"size": 10, "autocomplete": "off"})
        )
        kwargs.setdefault("input_formats", [DAY_FORMAT, "%d.%m.%y", "%Y-%m-%d"])
        messages = {"invalid": _("Das ist kein Tag im Kalender. Bitte schreiben Sie ihn so: 3.4.2026.")}
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        super().__init__(**kwargs)


class _InReadersLanguage:
    """Entries of the catalogue by the names that the reader understands."""

    def label_from_instance(self, entry: LoadedFromDefaults) -> str:
        return entry.text("name")


class EntryField(_InReadersLanguage, forms.ModelChoiceField):  # type: ignore[type-arg]
    """One entry of the catalogue."""


class EntriesField(_InReadersLanguage, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some entries of the catalogue, each a checkbox."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.CheckboxSelectMultiple, **kwargs})


class SlotsWidget(forms.CheckboxSelectMultiple):
    """The week as a table of checkboxes: days down, half-days across."""

    template_name = "web/_slots_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = set(value or ())
        base_id = context["widget"]["attrs"].get("id", "")
        context["widget"]["half_days"] = [str(HALF_DAY_NAMES[half]) for half in HALF_DAYS]
        context["widget"]["days"] = [
            {
                "name": DAY_NAMES[day],
                "cells": [
                    {
                        "value": f"{day}-{half}",
                        "id": f"{base_id}_{SLOTS.index(f'{day}-{half}')}",
                        "label": slot_name(f"{day}-{half}"),
                        "half": HALF_DAY_NAMES[half],
                        "checked": f"{day}-{half}" in chosen,
                    }
                    for half in HALF_DAYS
                ],
            }
            for day in DAYS
        ]
        return context


class DescribedChoices(forms.CheckboxSelectMultiple):
    """Boxes to tick, each with something to read about it that opens where somebody wants to know."""

    option_template_name = "web/_described_option.html"
    # By value: headings, each with its sentences.
    about: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        parts = [(heading, [*filter(None, lines)]) for heading, lines in self.about.get(str(value), ())]
        option["about"] = [(heading, lines) for heading, lines in parts if lines]
        return option


class SlotsField(forms.MultipleChoiceField):
    """Half-days of the week; gives them in week order."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SlotsWidget)
        super().__init__(choices=[(slot, lazy(slot_name, str)(slot)) for slot in SLOTS], **kwargs)

    def clean(self, value: Any) -> list[str]:
        return in_week_order(list(super().clean(value)))
