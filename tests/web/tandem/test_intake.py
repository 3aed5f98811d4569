"""A call is taken: nothing typed is lost, nothing is taken silently, nothing is kept twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.help_requests.models import HelpRequest
from helfer.people.models import CareLevel, HelpSeeker, Office, Person
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.people import HelpSeekerFactory
from tests.factories.places import house

from .conftest import at

pytestmark = pytest.mark.django_db


def call(taking: Office, **said: Any) -> dict[str, Any]:
    """What is typed during a call."""
    usual = {
        "family_name": "Bergermann",
        "given_name": "Erika",
        "phone": "0231 5559999",
        "frequency": "woechentlich",
        "care_level": "none",
        "office": taking.pk,
        "form_key": "k1",
    }
    return {name: value for name, value in (usual | said).items() if value is not None}


def send(client: Client, taking: Office, **said: Any) -> Any:
    return client.post(at("request_new"), call(taking, **said))


@pytest.fixture(autouse=True)
def streets(db: None) -> None:
    house("Musterweg", "12")
    house("Lindenweg", "3")


def test_call_becomes_person_request_and_caller(here: Client, office: Office) -> None:
    role = RoleFactory()
    answer = send(
        here, office, role=role.pk, street="Musterweg", house_number="12", town="Dortmund",
        caller_name="Tanja Bergermann", caller_relation="Tochter", caller_phone="0231 5551111",
        remark="ruhig klingeln",
    )  # fmt: skip
    assert answer.status_code == 303, answer.context["form"].errors
    request = HelpRequest.objects.get()
    person = request.help_seeker.person
    assert answer.url == at("request", pk=request.pk)
    assert (request.office, request.role, request.remark) == (office, role, "ruhig klingeln")
    assert (person.full_name, person.phone.as_e164, person.street) == (
        "Erika Bergermann",
        "+492315559999",
        "Musterweg",
    )
    assert person.home is not None
    speaker = request.help_seeker.representatives.get()
    assert (speaker.person.full_name, speaker.relation) == ("Tanja Bergermann", "Tochter")
    assert not speaker.may_consent


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("family_name", ""), ("family_name", "Ber\x00ger"), ("phone", "keins"), ("phone", "\x00"),
        ("birth_year", "9" * 30), ("birth_year", "neunzehn"), ("email", "erika@"), ("postcode", "4413"),
        ("starts_on", "31.2.2026"), ("ends_on", "morgen"), ("duration_min", "9" * 5000),
        ("duration_min", "1"),
        ("role", "99999999999999999999"), ("role", "x"), ("frequency", "hourly"), ("care_level", "nine"),
        ("languages", "klingonisch"), ("compensation_models", "0"), ("max_distance_m", "-3"),
        ("wanted_gender", "x"), ("caller_phone", "123"), ("times", "9-9"), ("office", "99999999999999999999"),
    ],
)  # fmt: skip
def test_bad_answer_keeps_everything_and_says_so_at_its_field(
    here: Client, office: Office, field: str, typed: str
) -> None:
    answer = send(here, office, **{"remark": "bleibt stehen", "caller_name": "Tanja B", field: typed})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    page = answer.content.decode()
    assert "bleibt stehen" in page
    assert "Tanja B" in page
    assert "Error" not in str(form.errors)
    assert not HelpRequest.objects.exists()
    assert not Person.objects.filter(family_name="Bergermann").exists()


def test_end_before_the_beginning_is_said_at_the_end(here: Client, office: Office) -> None:
    answer = send(here, office, starts_on="3.12.2026", ends_on="1.12.2026")
    assert list(answer.context["form"].errors) == ["ends_on"]


def test_caller_without_a_name_is_asked_for_it(here: Client, office: Office) -> None:
    answer = send(here, office, caller_phone="0231 5551111")
    assert list(answer.context["form"].errors) == ["caller_name"]


def test_address_that_is_only_alike_is_offered_and_chosen(here: Client, office: Office) -> None:
    typed = {"street": "Mustrweg", "house_number": "12", "town": "Dortmund"}
    asked = send(here, office, **typed)
    assert asked.status_code == 422
    choices = [key for key, _label in asked.context["form"].fields["address_choice"].choices]
    assert len(choices) >= 2
    assert not Person.objects.filter(family_name="Bergermann").exists()

    # What was chosen stays chosen while another field is put right.
    again = send(here, office, address_choice=choices[0], phone="keins", **typed)
    assert list(again.context["form"].errors) == ["phone"]
    page = again.content.decode()
    assert 'name="address_choice"' in page
    assert "checked" in page[page.index('name="address_choice"') :][:600]

    assert send(here, office, address_choice=choices[0], **typed).status_code == 303
    assert Person.objects.get(family_name="Bergermann").street == "Musterweg"


def test_address_may_stay_as_it_was_typed(here: Client, office: Office) -> None:
    typed = {"street": "Mustrweg", "house_number": "12", "town": "Dortmund", "address_choice": "typed"}
    assert send(here, office, **typed).status_code == 303
    person = Person.objects.get(family_name="Bergermann")
    assert (person.street, person.location_to_confirm) == ("Mustrweg", True)


def test_invented_choice_is_asked_again(here: Client, office: Office) -> None:
    typed = {"street": "Mustrweg", "house_number": "12", "town": "Dortmund", "address_choice": "[1]\x00"}
    assert send(here, office, **typed).status_code == 422


def test_person_known_already_is_asked_about_and_not_kept_twice(here: Client, office: Office) -> None:
    known = HelpSeekerFactory(
        office=office,
        person__family_name="Bergermann",
        person__given_name="Erika",
        person__phone="+492315559999",
    )
    asked = send(here, office)
    assert list(asked.context["form"].errors) == ["same_person"]
    assert "kennt das Büro vielleicht schon" in asked.content.decode()
    assert send(here, office, same_person=str(known.person_id)).status_code == 303
    assert HelpRequest.objects.get().help_seeker == known
    assert Person.objects.filter(family_name="Bergermann").count() == 1


def known_erika(office: Office, **fields: Any) -> HelpSeeker:
    """Erika Bergermann as the office knows her, with another phone and a care level."""
    usual = {
        "person__family_name": "Bergermann",
        "person__given_name": "Erika",
        "person__phone": "+492315550000",
        "person__birth_year": None,
        "person__email": "",
        "person__language": "pl",
        "care_level": CareLevel.TWO,
    }
    return HelpSeekerFactory(office=office, **{**usual, **fields})


def test_what_was_typed_fills_the_gaps_of_a_known_record(here: Client, office: Office) -> None:
    seeker = known_erika(office, person__phone="", care_level=CareLevel.NONE)
    answer = send(
        here, office, same_person=str(seeker.person_id), care_level="3",
        birth_year="1941", email="e@example.org",
    )  # fmt: skip
    assert answer.status_code == 303, answer.context["form"].errors
    seeker.refresh_from_db()
    person = seeker.person
    assert (person.phone.as_e164, person.birth_year, person.email) == ("+492315559999", 1941, "e@example.org")
    assert (seeker.care_level, person.language) == (CareLevel.THREE, "pl")


def test_where_old_and_new_differ_both_are_shown_and_nothing_is_lost(here: Client, office: Office) -> None:
    seeker = known_erika(office)
    said = {"same_person": str(seeker.person_id), "care_level": "3"}
    asked = send(here, office, **said)
    assert set(asked.context["form"].errors) == {"right_phone", "right_care_level"}
    page = asked.content.decode()
    for words in (
        "neu: 0231 5559999",
        "wie bisher: 0231 5550000",
        "neu: Pflegegrad 3",
        "wie bisher: Pflegegrad 2",
    ):
        assert words in page
    half = send(here, office, **said, right_phone="typed")
    assert set(half.context["form"].errors) == {"right_care_level"}
    assert "checked" in str(half.context["form"]["right_phone"])
    seeker.refresh_from_db()
    assert seeker.person.phone.as_e164 == "+492315550000"
    done = send(here, office, **said, right_phone="typed", right_care_level="known")
    assert done.status_code == 303, done.context["form"].errors
    seeker = HelpSeeker.objects.get(pk=seeker.pk)
    assert (seeker.person.phone.as_e164, seeker.care_level) == ("+492315559999", CareLevel.TWO)
    assert HelpRequest.objects.get().help_seeker == seeker


def test_nobody_is_asked_where_nothing_new_was_said(here: Client, office: Office) -> None:
    seeker = known_erika(office)
    said = {"same_person": str(seeker.person_id), "phone": "+49 231 555 0000", "family_name": "bergermann"}
    assert send(here, office, **said).status_code == 303
    seeker.refresh_from_db()
    assert (seeker.person.family_name, seeker.care_level) == ("Bergermann", CareLevel.TWO)


def test_new_person_is_not_asked_what_is_right(here: Client, office: Office) -> None:
    known_erika(office)
    assert send(here, office, same_person="new", care_level="3").status_code == 303
    assert HelpRequest.objects.get().help_seeker.care_level == CareLevel.THREE


def test_namesake_is_kept_when_the_office_says_so(here: Client, office: Office) -> None:
    HelpSeekerFactory(office=office, person__family_name="Bergermann")
    assert send(here, office, same_person="new").status_code == 303
    assert Person.objects.filter(family_name="Bergermann").count() == 2


def test_person_of_another_office_cannot_be_chosen(here: Client, office: Office) -> None:
    foreign = HelpSeekerFactory(person__family_name="Bergermann")
    assert send(here, office, same_person=str(foreign.person_id)).status_code == 303
    assert HelpRequest.objects.get().help_seeker != foreign


def test_same_daughter_who_calls_again_is_not_kept_twice(here: Client, office: Office) -> None:
    caller = {"caller_name": "Tanja Bergermann", "caller_phone": "0231 5551111"}
    assert send(here, office, **caller).status_code == 303
    first = HelpRequest.objects.get()
    known = str(first.help_seeker.person_id)
    assert send(here, office, same_person=known, form_key="k2", **caller).status_code == 303
    assert first.help_seeker.representatives.count() == 1
    assert Person.objects.filter(given_name="Tanja").count() == 1


def test_button_pressed_twice_takes_one_call(here: Client, office: Office) -> None:
    answers = [send(here, office) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].url == answers[1].url
    assert HelpRequest.objects.count() == 1


def test_office_of_others_is_not_offered(here: Client, office: Office) -> None:
    other = HelpSeekerFactory().office
    answer = send(here, other)
    assert list(answer.context["form"].errors) == ["office"]


def test_request_is_changed(here: Client, office: Office) -> None:
    request = HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office))
    address = at("request_edit", pk=request.pk)
    sent = {"role": request.role_id, "frequency": "einmalig", "remark": "neu", "languages": ["tr", "de"]}
    assert here.get(address).status_code == 200
    assert here.post(address, sent).status_code == 303
    request.refresh_from_db()
    assert (request.frequency, request.remark, sorted(request.languages)) == ("einmalig", "neu", ["de", "tr"])
