"""Questions of which there is one to a page, whatever they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from helfer.web.public.answers import Answers

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

YES, NO = "yes", "no"
PLEASE_CHOOSE = gettext_lazy("Bitte wählen Sie eine Antwort.")
PLEASE_CHOOSE_ONE = gettext_lazy("Bitte wählen Sie:")


def choice_of(label: Words = PLEASE_CHOOSE_ONE, choices: Any = ()) -> forms.ChoiceField:
    """One of a few answers, each with its own button."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": PLEASE_CHOOSE}
    )


def yes_or_no() -> forms.ChoiceField:
    """A plain yes or no; neither is chosen beforehand."""
    return choice_of(choices=[(YES, gettext_lazy("Ja")), (NO, gettext_lazy("Nein"))])


def name_field(label: Words, *, required: Words | None = None, filled_by: str = "") -> forms.CharField:
    """A line of words; ``required`` is what is said where it is empty."""
    messages = {"required": required} if required else {}
    widget = forms.TextInput(attrs={"autocomplete": filled_by} if filled_by else {})
    return forms.CharField(
        label=label, max_length=120, required=bool(required), error_messages=messages, widget=widget
    )


class Question(forms.Form):
    """One page: its address, its question, and whether it is asked at all."""

    page: ClassVar[str]
    title: ClassVar[Words]
    lead: ClassVar[Words] = ""

    @classmethod
    def is_asked(cls, answers: Answers) -> bool:
        """Whether what was said so far leads to this question."""
        return True

    @classmethod
    def lead_for(cls, answers: Answers) -> Words:
        """A sentence below the question."""
        return cls.lead

    def in_words(self) -> str:
        """The answer, as the summary shows it."""
        said = []
        for name, field in self.fields.items():
            value: Any = self.cleaned_data.get(name)
            labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
            values = value if isinstance(value, list) else [value]
            said += [
                labels.get(str(each)) or str(getattr(each, "as_national", each)) for each in values if each
            ]
        return ", ".join(said)


def asked_if(rule: Callable[[Answers], bool]) -> Any:
    """A page that is asked only where this is so."""
    return classmethod(lambda cls, answers: rule(answers))
