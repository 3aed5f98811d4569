"""The form of the resilience drill: who drops out, where, and from when on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import Role
from helfer.core.languages import LANGUAGE_NAMES, language_name
from helfer.matching.drill import Outage
from helfer.matching.models import CityDrill
from helfer.places.models import District, Quarter
from helfer.web.fields import DayField

DISTRICT, QUARTER = "bezirk", "quartier"


class OutageForm(forms.Form):
    """Everybody to whom all of this applies drops out."""

    from_day = DayField(label=gettext_lazy("Ab welchem Tag?"))
    area = forms.ChoiceField(label=gettext_lazy("Wo wohnen sie?"), required=False)
    role = forms.ModelChoiceField(
        label=gettext_lazy("Was machen sie?"),
        required=False,
        queryset=Role.objects.order_by("name"),
        empty_label=gettext_lazy("egal"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Welche Sprache sprechen sie?"),
        required=False,
        choices=[("", gettext_lazy("egal")), *LANGUAGE_NAMES.items()],
    )
    open_requests = forms.BooleanField(
        label=gettext_lazy("Auch die offenen Anfragen mitrechnen"),
        required=False,
        help_text=gettext_lazy(
            "Sie brauchen dieselben Helferinnen und Helfer. In einer großen Stadt dauert es dann länger."
        ),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        area: Any = self.fields["area"]
        area.choices = [("", _("egal")), *_areas()]

    def clean_from_day(self) -> date:
        """Nobody drops out in the past."""
        day: date = self.cleaned_data["from_day"]
        if day < self.today:
            raise forms.ValidationError(_("Dieser Tag ist vorbei. Eine Probe beginnt heute oder später."))
        return day

    def outage(self, *, office_ids: Collection[int] | None) -> Outage:
        """What was chosen; of these offices (None: of the whole city)."""
        wanted = self.cleaned_data
        where, _dash, number = wanted["area"].partition("-")
        return Outage(
            on=wanted["from_day"],
            office_ids=None if office_ids is None else frozenset(office_ids),
            helper_ids=frozenset(helper.pk for helper in wanted.get("helpers") or ()),
            is_everywhere=wanted.get("everywhere", False),
            role_id=wanted["role"].pk if wanted["role"] else None,
            district_id=int(number) if where == DISTRICT else None,
            quarter_id=int(number) if where == QUARTER else None,
            language=wanted["language"],
        )

    def in_words(self) -> list[str]:
        """What was chosen, as one reads it above the result."""
        wanted = self.cleaned_data
        labels = {value: label for _group, choices in _areas() for value, label in choices}
        return _in_words(labels.get(wanted["area"], ""), wanted["role"], wanted["language"])


def outage_in_words(asked: CityDrill) -> list[str]:
    """The same of a drill that is kept."""
    area = ""
    if asked.quarter is not None:
        area = asked.quarter.name
    elif asked.district is not None:
        area = _("ganz %(district)s") % {"district": asked.district.name}
    said = _in_words(area, asked.role, asked.language)
    return [*said, _("mit den offenen Anfragen")] if asked.with_open_requests else said


def _in_words(area: str, role: Role | None, language: str) -> list[str]:
    said: list[str] = []
    if area:
        said.append(_("Wohnort: %(area)s") % {"area": area})
    if role is not None:
        said.append(_("Tätigkeit: %(role)s") % {"role": role})
    if language:
        said.append(_("Sprache: %(language)s") % {"language": language_name(language)})
    return said


def _areas() -> list[tuple[str, list[tuple[str, str]]]]:
    """The city's districts, each with its quarters below it."""
    quarters: dict[int, list[tuple[str, str]]] = {}
    for pk, name, district in Quarter.objects.order_by("name", "pk").values_list("pk", "name", "district"):
        quarters.setdefault(district, []).append((f"{QUARTER}-{pk}", name))
    return [
        (
            name,
            [
                (f"{DISTRICT}-{pk}", _("ganz %(district)s") % {"district": name}),
                *quarters.get(pk, []),
            ],
        )
        for pk, name in District.objects.order_by("name", "pk").values_list("pk", "name")
    ]
