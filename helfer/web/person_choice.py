"""Choosing one of many people: search first, then choose among those found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helfer.people.models import Person

FOUND_SHOWN = 20
SHORTEST_SEARCH = 2


class SearchForm(forms.Form):
    """Who is looked for."""

    text = forms.CharField(label=_("Name"), required=False, max_length=80)


class PersonRadio(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person, told apart by year, address and e-mail; one of those that a search found."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        known = [str(obj.birth_year or ""), obj.address_line, obj.email]
        return f"{obj.full_name} ({', '.join(part for part in known if part) or '–'})"


def is_enough(text: str) -> bool:
    """Whether so much was typed that a search makes sense."""
    return sum(len(word) for word in text.split()) >= SHORTEST_SEARCH


def first_found(found: QuerySet[Person]) -> QuerySet[Person]:
    """The first of those found, by name."""
    wanted = found.order_by("family_name", "given_name", "pk").values_list("pk", flat=True)[:FOUND_SHOWN]
    return found.filter(pk__in=list(wanted)).order_by("family_name", "given_name", "pk")
