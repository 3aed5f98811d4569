"""Names, phones and addresses, typed during a call: nothing is lost, nothing taken silently."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, ClassVar

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
TYPED, KNOWN = "typed", "known"
PERSON_NAMES = ("family_name", "given_name", "birth_year", "gender", "phone", "mobile", "email")
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
        return {name: getattr(person, name) for name in PERSON_NAMES}


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
    # What is asked has to be answered.
    field.required = True
    field.widget = forms.RadioSelect(choices=field.choices)


def _key(place: Place) -> str:
    return json.dumps([place.street, place.house_number, place.postcode, place.town], ensure_ascii=False)


def _as_address(place: Place) -> NewAddress:
    return NewAddress(
        street=place.street, house_number=place.house_number, postcode=place.postcode, town=place.town
    )


class KnownPersonFields(PersonFields):
    """A new person, unless it is somebody who is known already: then the office chooses.

    What was typed fills the gaps of a known person's record. Where the record says something else, old and
    new are shown, and the office chooses again.
    """

    # What is held against the record of a known person.
    compared: ClassVar[tuple[str, ...]] = PERSON_NAMES

    same_person = forms.ChoiceField(
        label=gettext_lazy("Ist es eine dieser Personen?"),
        required=False,
        widget=forms.RadioSelect,
        choices=(),
    )

    known_person: Person | None = None
    # Of a known person: what is to be kept from now on.
    settled: dict[str, Any]

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.settled = viewer, {}
        for name in self.compared:
            label = _("Was stimmt: %(field)s?") % {"field": self.fields[name].label}
            self.fields[self.choice_between(name)] = forms.ChoiceField(label=label, required=False)
        for name in ("same_person", *map(self.choice_between, self.compared)):
            field: Any = self.fields[name]
            field.valid_value = lambda value: True
            field.widget = _NotOffered()
        self.order_fields([each for name in self.fields for each in (name, self.choice_between(name))])

    @staticmethod
    def choice_between(name: str) -> str:
        """The question that is asked where old and new differ."""
        return f"right_{name}"

    def known_value(self, person: Person, name: str) -> Any:
        """What the record says."""
        return getattr(person, name)

    def is_empty(self, name: str, value: Any) -> bool:
        """Whether this says nothing."""
        return not value

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
            for name in self.compared:
                self._settle(name, cleaned, known[chosen])
        elif known and chosen != NEW_PERSON:
            self.add_error("same_person", _("Diese Person kennt das Büro vielleicht schon."))
        return cleaned

    def _settle(self, name: str, cleaned: dict[str, Any], person: Person) -> None:
        """Keep the one of old and new that is there; where both are and differ, what was chosen."""
        typed, known = cleaned.get(name), self.known_value(person, name)
        self.settled[name] = known
        if self.is_empty(name, typed) or _alike(typed, known):
            return
        if self.is_empty(name, known):
            self.settled[name] = typed
            return
        choice = self.choice_between(name)
        _offer(
            self.fields[choice],
            {
                TYPED: _("neu: %(value)s") % {"value": self._in_words(name, typed)},
                KNOWN: _("wie bisher: %(value)s") % {"value": self._in_words(name, known)},
            },
        )
        chosen = cleaned.get(choice, "")
        if chosen == TYPED:
            self.settled[name] = typed
        elif chosen != KNOWN:
            self.add_error(choice, _("Das Büro kennt hier etwas anderes. Bitte wählen Sie, was stimmt."))

    def _in_words(self, name: str, value: Any) -> str:
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        return labels.get(str(value)) or str(getattr(value, "as_national", value))

    @property
    def corrections(self) -> PersonDetails | None:
        """The details of a known person as they are to be kept, where that changes any."""
        if self.known_person is None:
            return None
        kept = {name: self.settled[name] for name in PERSON_NAMES}
        if kept == self.details_of(self.known_person):
            return None
        phones = {name: str(kept[name] or "") for name in ("phone", "mobile")}
        return replace(PersonDetails(**kept | phones), language=self.known_person.language)


def _alike(typed: Any, known: Any) -> bool:
    return str(typed).strip().casefold() == str(known).strip().casefold()


def _described(person: Person) -> str:
    """Enough to tell two people of the same name apart."""
    known = [str(person.birth_year or ""), person.address_line, str(person.phone or person.mobile or "")]
    return f"{person.full_name} ({', '.join(part for part in known if part) or '–'})"
