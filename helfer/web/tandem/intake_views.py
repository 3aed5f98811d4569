"""What taking down a request and taking down a helper have in common: who, where, and for which office."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from helfer.people.models import Kind, Office
from helfer.people.places_of_persons import NewAddress
from helfer.web.action_view import ActionView
from helfer.web.person_forms import ADDRESS_NAMES, AddressFields, KnownPersonFields

Group = tuple[str | Promise, tuple[str, ...]]


class IntakeForm(AddressFields, KnownPersonFields):
    """A person, new or known, their address, and the office; subclasses name the ``groups`` of fields."""

    groups: ClassVar[tuple[Group, ...]] = ()

    office = forms.ModelChoiceField(
        label=gettext_lazy("Seniorenbüro"), queryset=Office.objects.none(), empty_label=None
    )

    @property
    def grouped(self) -> list[tuple[str | Promise, list[Any]]]:
        """The fields in the order of the call, under their headings."""
        return [(heading, [self[name] for name in self._asked(names)]) for heading, names in self.groups]

    def _asked(self, names: tuple[str, ...]) -> list[str]:
        """Right behind a question comes what is to be chosen where the office knew something else."""
        return [each for name in names for each in (name, self.choice_between(name)) if each in self.fields]

    @property
    def address(self) -> NewAddress | None:
        """The address, where one was typed."""
        is_typed = any(self.cleaned_data.get(name) for name in ADDRESS_NAMES)
        return self.chosen_address if is_typed else None


IntakeFormT = TypeVar("IntakeFormT", bound=IntakeForm)


class IntakeView(ActionView[IntakeFormT]):
    """Take somebody down for one of the own offices; who has but one is not asked which."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/intake.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.user}

    def get_form(self) -> IntakeFormT:
        form = super().get_form()
        offices = Office.objects.of_tandem(self.user).order_by("name")
        field: Any = form.fields["office"]
        field.queryset = offices
        if len(offices) == 1:
            field.initial = offices[0].pk
            field.widget = forms.HiddenInput()
        return form
