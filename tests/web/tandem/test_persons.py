"""A person of the own office: details, address, who speaks for them, and what happens to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.people.models import CareLevel, HelpSeeker, Office, Person, Representative, Tie, TieKind
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import ConsentFactory, HelpSeekerFactory, RepresentativeFactory, tie
from tests.factories.places import house

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeker(office: Office) -> HelpSeeker:
    return HelpSeekerFactory(office=office, person__family_name="Bergermann")


def send(client: Client, name: str, pk: int, **sent: Any) -> None:
    answer = client.post(at(name, pk=pk), sent)
    assert answer.status_code == 303, answer.context["form"].errors


def test_details_care_and_address_are_changed(here: Client, seeker: HelpSeeker) -> None:
    house("Musterweg", "12")
    person = seeker.person
    send(here, "person_edit", person.pk, family_name="Bergmann", phone="0231 5559999")
    send(here, "person_address", person.pk, street="Musterweg", house_number="12", town="Dortmund")
    send(here, "seeker_care", seeker.pk, care_level="2", lives_at_home="on", remark="Hund")
    person.refresh_from_db()
    seeker.refresh_from_db()
    assert (person.family_name, person.phone.as_e164, person.house_number) == (
        "Bergmann",
        "+492315559999",
        "12",
    )
    assert (seeker.care_level, seeker.remark) == (CareLevel.TWO, "Hund")


@pytest.mark.parametrize(
    ("name", "sent", "field"),
    [
        ("person_edit", {"family_name": "B", "phone": "keins"}, "phone"),
        ("person_edit", {"family_name": "B", "birth_year": "99999"}, "birth_year"),
        (
            "person_address",
            {"street": "Mustrweg", "house_number": "12", "town": "Dortmund"},
            "address_choice",
        ),
        ("person_death", {"died_on": "24.11.2026"}, "died_on"),
        ("person_death", {"died_on": "30.2.2026"}, "died_on"),
        ("person_moved", {"moved_on": "\x00"}, "moved_on"),
        ("person_tie", {"other": "9" * 30, "kind": "block"}, "other"),
        ("person_merge", {"duplicate": "0"}, "duplicate"),
    ],
)
def test_bad_answer_is_said_at_its_field(
    here: Client, seeker: HelpSeeker, name: str, sent: dict[str, str], field: str
) -> None:
    house("Musterweg", "12")
    answer = here.post(at(name, pk=seeker.person_id), sent)
    assert answer.status_code in (409, 422)
    assert list(answer.context["form"].errors) == [field]


def test_page_takes_as_many_queries_for_many_around_a_person(here: Client, seeker: HelpSeeker) -> None:
    def add() -> None:
        RepresentativeFactory(help_seeker=seeker, authorised=True)
        tie(seeker.person, HelpSeekerFactory(office=seeker.office).person, TieKind.RELATIVE)
        ConsentFactory(person=seeker.person)

    add()
    few = queries_of(here, at("person", pk=seeker.person_id))
    for _each in range(6):
        add()
    assert queries_of(here, at("person", pk=seeker.person_id)) == few


def test_representative_is_noted_empowered_and_removed(here: Client, seeker: HelpSeeker) -> None:
    send(here, "representative_add", seeker.pk, family_name="Neu", given_name="Tanja", kind="relative")
    speaker = Representative.objects.get()
    send(
        here,
        "representative_paper",
        speaker.pk,
        kind="proxy",
        area="all",
        may_consent="on",
        seen_on="20.11.2026",
    )
    send(here, "representative_choices", speaker.pk, may_be_told="on")
    speaker.refresh_from_db()
    assert (speaker.may_consent, speaker.may_be_told, speaker.person.given_name) == (True, True, "Tanja")
    late = {"kind": "proxy", "area": "all", "seen_on": "24.11.2026"}
    answer = here.post(at("representative_paper", pk=speaker.pk), late)
    assert list(answer.context["form"].errors) == ["seen_on"]
    for _press in range(2):
        send(here, "representative_remove", speaker.pk, form_key="k")
    assert not Representative.objects.exists()


def test_block_is_noted_and_removed_by_one_press_of_two(here: Client, seeker: HelpSeeker) -> None:
    helper = HelperProfileFactory(office=seeker.office)
    send(here, "person_tie", seeker.person_id, other=str(helper.person_id), kind=TieKind.BLOCK)
    noted = Tie.objects.get()
    for _press in range(2):
        send(here, "tie_remove", noted.pk, form_key="k")
    assert not Tie.objects.exists()


def test_death_is_reported_by_one_and_confirmed_by_another(
    here: Client, there: Client, seeker: HelpSeeker
) -> None:
    person = seeker.person
    send(here, "person_death", person.pk, died_on="20.11.2026")
    assert here.post(at("person_death_confirm", pk=person.pk)).status_code == 403
    send(here, "person_death_undo", person.pk)
    send(here, "person_death", person.pk, died_on="20.11.2026")
    send(there, "person_death_confirm", person.pk)
    person.refresh_from_db()
    assert person.death_confirmed_by is not None


def test_who_moved_away_and_who_was_entered_twice(here: Client, seeker: HelpSeeker) -> None:
    send(here, "person_moved", seeker.person_id, moved_on="20.11.2026")
    seeker.person.refresh_from_db()
    assert seeker.person.moved_on is not None
    helper = HelperProfileFactory(office=seeker.office)
    send(here, "person_merge", seeker.person_id, duplicate=str(helper.person_id))
    assert Person.objects.get(pk=helper.person_id).merged_into == seeker.person


@pytest.mark.parametrize("name", ["person_tie", "person_merge"])
def test_second_person_is_searched_for_before_it_is_chosen(
    here: Client, seeker: HelpSeeker, name: str
) -> None:
    def labels(text: str | None) -> list[str]:
        page = here.get(at(name, pk=seeker.person_id), {} if text is None else {"text": text})
        form = page.context["form"]
        field = form["other" if name == "person_tie" else "duplicate"]
        return [label for _value, label in field.field.choices]

    namesake = HelpSeekerFactory(office=seeker.office, person__family_name=seeker.person.family_name).person
    for number in range(25):
        HelpSeekerFactory(office=seeker.office, person__family_name=f"Viel{number:02}")
    HelpSeekerFactory(person__family_name="Vielfern")
    # At first those of the same family name: with them most relations are, and most mistakes.
    assert [label.split(" (")[0] for label in labels(None)] == [namesake.full_name]
    assert len(labels("Viel")) == 20
    assert "Viel07" in labels("viel07")[0]
    assert labels("Vielfern") == labels("x") == labels("Niemand\x00") == []
    many = here.get(at(name, pk=seeker.person_id), {"text": "Viel"}).content.decode()
    assert "Es gibt noch mehr." in many
    assert "Vielfern" not in many
    assert "<select" not in many


def test_search_for_a_second_person_keeps_what_was_chosen(here: Client, seeker: HelpSeeker) -> None:
    other = HelpSeekerFactory(office=seeker.office, person__family_name="Anders").person
    answer = here.post(at("person_tie", pk=seeker.person_id) + "?text=Anders", {"other": other.pk})
    assert list(answer.context["form"].errors) == ["kind"]
    assert "checked" in str(answer.context["form"]["other"])
    foreign = HelpSeekerFactory().person
    answer = here.post(at("person_tie", pk=seeker.person_id), {"other": foreign.pk, "kind": TieKind.RELATIVE})
    assert list(answer.context["form"].errors) == ["other"]


def test_correcting_details_keeps_the_persons_language(here: Client, seeker: HelpSeeker) -> None:
    Person.objects.filter(pk=seeker.person_id).update(language="tr")
    send(here, "person_edit", seeker.person_id, family_name="Bergermann", given_name="Ela")
    seeker.person.refresh_from_db()
    assert (seeker.person.given_name, seeker.person.language) == ("Ela", "tr")


def test_known_representatives_new_phone_is_kept_too(here: Client, seeker: HelpSeeker) -> None:
    known = HelpSeekerFactory(office=seeker.office, person__family_name="Neu", person__phone="").person
    said = {"family_name": "Neu", "given_name": known.given_name, "phone": "0231 5557777", "kind": "relative"}
    send(here, "representative_add", seeker.pk, same_person=str(known.pk), **said)
    known.refresh_from_db()
    assert (known.phone.as_e164, known.representations.count()) == ("+492315557777", 1)


def test_every_step_says_whom_it_is_about(here: Client, seeker: HelpSeeker) -> None:
    for name in (
        "person_edit",
        "person_address",
        "person_death",
        "person_moved",
        "person_merge",
        "person_tie",
    ):
        assert "Bergermann" in here.get(at(name, pk=seeker.person_id)).content.decode(), name
