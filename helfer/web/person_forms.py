"""Names, phones and addresses, typed during a call: nothing is lost, nothing taken silently."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from helfer.people.actions import PersonDetails
from helfer.people.models import Gender, Person, User
from helfer.people.places_of_persons import NewAddress
from helfer.places.search import Place

ADDRESS_NAMES = ("street", "house_number", "postcode", "town")
KEEP_AS_TYPED = "typed"
NEW_PERSON = "new"
BAD_PHONE = gettext_lazy(
    "Das ist keine Telefonnummer. Bitte schreiben Sie sie mit Vorwahl, zum Beispiel 0231 50-0."
)


def phone_field(label: Any, **kwargs: Any) -> PhoneNumberField:
    """A phone number in any German spelling."""
    return PhoneNumberField(label=label, required=False, error_messages={"invalid": BAD_PHONE}, **kwargs)


class PersonFields(forms.Form):
    """Who somebody is, beside the address."""

    family_name = forms.CharField(
        label=gettext_lazy("Nachname"),
        max_length=120,
        error_messages={"required": gettext_lazy("Bitte geben Sie den Nachnamen an.")},
    )
    given_name = forms.CharField(label=gettext_lazy("Vorname"), max_length=120, required=False)
    birth_year = forms.IntegerField(
        label=gettext_lazy("Geburtsjahr"),
        required=False,
        min_value=1880,
        max_value=2100,
        error_messages={
            "invalid": gettext_lazy("Bitte schreiben Sie das Jahr mit vier Ziffern, zum Beispiel 1942."),
            "min_value": gettext_lazy("Dieses Geburtsjahr kann nicht stimmen."),
            "max_value": gettext_lazy("Dieses Geburtsjahr kann nicht stimmen."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Geschlecht"),
        required=False,
        choices=[("", gettext_lazy("nicht bekannt")), *Gender.choices],
    )
    phone = phone_field(gettext_lazy("Telefon"))
    mobile = phone_field(gettext_lazy("Mobiltelefon"))
    email = forms.EmailField(
        label=gettext_lazy("E-Mail"),
        required=False,
        error_messages={"invalid": gettext_lazy("Diese E-Mail-Adresse ist nicht vollständig.")},
    )

    @property
    def details(self) -> PersonDetails:
        """What was typed."""
        wanted = self.cleaned_data
        return PersonDetails(
            family_name=wanted["family_name"],
            given_name=wanted["given_name"],
            birth_year=wanted["birth_year"],
            gender=wanted["gender"],
            phone=str(wanted["phone"] or ""),
            mobile=str(wanted["mobile"] or ""),
            email=wanted["email"],
        )

    @staticmethod
    def details_of(person: Person) -> dict[str, Any]:
        """The fields as they are now."""
        names = ("family_name", "given_name", "birth_year", "gender", "phone", "mobile", "email")
        return {name: getattr(person, name) for name in names}


class _NotOffered(forms.HiddenInput):
    """A question that is not asked; an answer given before is read, but not sent along again."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return SafeString("")


class AddressFields(forms.Form):
    """Street and town; what is only alike is offered and has to be chosen."""

    street = forms.CharField(label=gettext_lazy("Straße"), max_length=120, required=False)
    house_number = forms.CharField(
        label=gettext_lazy("Hausnummer"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"size": 8}),
    )
    postcode = forms.RegexField(
        label=gettext_lazy("Postleitzahl"),
        regex=r"^[0-9]{5}$",
        required=False,
        error_messages={"invalid": gettext_lazy("Eine Postleitzahl hat fünf Ziffern.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    town = forms.CharField(label=gettext_lazy("Ort"), max_length=80, required=False)
    address_choice = forms.ChoiceField(
        label=gettext_lazy("Welche Adresse ist gemeint?"),
        required=False,
        widget=forms.RadioSelect,
        choices=(),
    )

    # What a valid form means: as typed, or as chosen among what was offered.
    chosen_address = NewAddress()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["address_choice"]
        choice.valid_value = lambda value: True
        choice.widget = _NotOffered()

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = NewAddress(
            street=cleaned.get("street", ""),
            house_number=cleaned.get("house_number", ""),
            postcode=cleaned.get("postcode", ""),
            town=cleaned.get("town", ""),
        )
        self.chosen_address = typed
        found = typed.search()
        if not found.is_to_confirm:
            return cleaned
        offered = {_key(place): place for place in found.suggestions}
        _offer(
            self.fields["address_choice"],
            {key: place.label for key, place in offered.items()}
            | {KEEP_AS_TYPED: _("keine davon – so lassen, wie ich geschrieben habe")},
        )
        chosen = cleaned.get("address_choice", "")
        if chosen in offered:
            self.chosen_address = _as_address(offered[chosen])
        elif chosen != KEEP_AS_TYPED:
            self.add_error("address_choice", found.sentence or _("Bitte wählen Sie die richtige Adresse."))
        return cleaned

    @staticmethod
    def address_of(person: Person) -> dict[str, Any]:
        """The fields as they are now."""
        return {name: getattr(person, name) for name in ADDRESS_NAMES}


def _offer(field: Any, choices: dict[str, str]) -> None:
    """Show these to choose from; what was chosen stays chosen when the form comes back for another reason."""
    field.choices = list(choices.items())
    field.widget = forms.RadioSelect(choices=field.choices)


def _key(place: Place) -> str:
    return json.dumps([place.street, place.house_number, place.postcode, place.town], ensure_ascii=False)


def _as_address(place: Place) -> NewAddress:
    return NewAddress(
        street=place.street, house_number=place.house_number, postcode=place.postcode, town=place.town
    )


class KnownPersonFields(PersonFields):
    """A new person, unless it is somebody who is known already: then the office chooses."""

    same_person = forms.ChoiceField(
        label=gettext_lazy("Ist es eine dieser Personen?"),
        required=False,
        widget=forms.RadioSelect,
        choices=(),
    )

    known_person: Person | None = None

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        field: Any = self.fields["same_person"]
        field.valid_value = lambda value: True
        field.widget = _NotOffered()

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("family_name"):
            return cleaned
        alike = Person.objects.visible_to(self.viewer).alike(
            family_name=cleaned["family_name"],
            birth_year=cleaned.get("birth_year"),
            phone=str(cleaned.get("phone") or cleaned.get("mobile") or ""),
        )
        known = {str(person.pk): person for person in alike.order_by("family_name", "given_name", "pk")[:8]}
        if known:
            _offer(
                self.fields["same_person"],
                {key: _described(person) for key, person in known.items()}
                | {NEW_PERSON: _("nein, es ist eine andere Person")},
            )
        chosen = cleaned.get("same_person", "")
        if chosen in known:
            self.known_person = known[chosen]
        elif known and chosen != NEW_PERSON:
            self.add_error("same_person", _("Diese Person kennt das Büro vielleicht schon."))
        return cleaned


def _described(person: Person) -> str:
    """Enough to tell two people of the same name apart."""
    known = [str(person.birth_year or ""), person.address_line, str(person.phone or person.mobile or "")]
    return f"{person.full_name} ({', '.join(part for part in known if part) or '–'})"
