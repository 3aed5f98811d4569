"""Questions of which there is one to a page, whatever they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.core.languages import isolated
from helfer.web.person_forms import AddressFields
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
    # Between the parts of an answer.
    joined: ClassVar[str] = ", "

    def __init__(self, *args: Any, answers: Answers | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers

    @classmethod
    def is_asked(cls, answers: Answers) -> bool:
        """Whether what was said so far leads to this question."""
        return True

    @classmethod
    def lead_for(cls, answers: Answers) -> Words:
        """A sentence below the question."""
        return cls.lead

    def take_files(self, files: MultiValueDict[str, UploadedFile[Any]]) -> None:
        """Files that were sent along; most questions want none."""

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
        return self.joined.join(map(isolated, said))


def asked_if(rule: Callable[[Answers], bool]) -> Any:
    """A page that is asked only where this is so."""
    return classmethod(lambda cls, answers: rule(answers))


class PlaceQuestion(AddressFields, Question):
    """An address: it says which office is in charge. A postcode is enough."""

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("street", "postcode", "town")):
            self.add_error("postcode", _("Bitte schreiben Sie die Postleitzahl oder die Straße."))
        return cleaned

    def in_words(self) -> str:
        place = self.chosen_address
        lines = f"{place.street} {place.house_number}".strip(), f"{place.postcode} {place.town}".strip()
        return ", ".join(line for line in lines if line)
