"""The resilience drill of an office: its own people by name, everybody else as little as possible."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.helpers.models import HelperProfile
from helfer.matching.models import Match
from helfer.notifications.models import Message
from helfer.people.models import Office, OfficeDistrict, Representative
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, PersonFactory
from tests.factories.places import QuarterFactory, point_in

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db

BEGINNING = "?from_day=30.11.2026"


@pytest.fixture
def lost(office: Office) -> Match:
    """A match of the office, in a quarter that is on its map."""
    quarter = QuarterFactory(name="Nordmarkt", district__at=(0, 0))
    OfficeDistrict.objects.create(office=office, district=quarter.district)
    person = PersonFactory(family_name="Alleinmann", home=point_in(0.5, 0.5), street="Stillweg")
    request = HelpRequestFactory(
        help_seeker=HelpSeekerFactory(person=person, office=office), open=True, role=RoleFactory()
    )
    helper = HelperProfileFactory(
        office=office,
        active=True,
        roles=[request.role],
        max_people=9,
        person__family_name="Ausfallmann",
        person__home=point_in(0.5, 0.5),
    )
    return MatchFactory(request=request, helper=helper, to="active")


def without(helper: HelperProfile, **more: Any) -> str:
    return "".join(
        [BEGINNING, f"&helpers={helper.pk}", *(f"&{name}={value}" for name, value in more.items())]
    )


def test_the_first_visit_asks_who_drops_out(here: Client, lost: Match) -> None:
    page = here.get(at("drill")).content.decode()
    assert "Ausfallmann" in page
    assert 'value="23.11.2026"' in page
    assert "Ohne Hilfe blieben" not in page


def test_who_would_be_left_alone_is_named_with_the_reason(here: Client, lost: Match) -> None:
    HelperProfileFactory(
        office=lost.office, active=True, roles=[lost.role], languages=["tr"], person__home=point_in(0.5, 0.5)
    )
    answer = here.get(at("drill") + without(lost.helper))
    page = answer.content.decode()
    assert [row.person.family_name for row in answer.context["alone"]] == ["Alleinmann"]
    assert "1 × keine gemeinsame Sprache" in page
    assert "1 von 1 ohne Hilfe" in page
    assert "Nordmarkt" in page
    assert Message.objects.count() == 0


def test_another_offices_stand_in_shows_only_a_first_name(here: Client, lost: Match) -> None:
    lent = HelperProfileFactory(
        active=True,
        roles=[lost.role],
        person__given_name="Ole",
        person__family_name="Fernmann",
        person__home=point_in(0.5, 0.5),
    )
    for name in ("drill", "drill_sheet"):
        page = here.get(at(name) + without(lost.helper)).content.decode()
        assert "Alleinmann" in page
        assert "Ole" in page
        assert "anderes Büro" in page
        for hidden in ("Fernmann", lent.number, lent.person.phone.as_national, lent.person.street + " "):
            assert hidden not in page, (name, hidden)


def test_other_offices_people_are_neither_chosen_nor_named(here: Client, lost: Match) -> None:
    elsewhere = HelpSeekerFactory(office=OfficeFactory(), person__family_name="Fremdmann")
    request = HelpRequestFactory(help_seeker=elsewhere, open=True, role=lost.role)
    MatchFactory(request=request, helper=lost.helper, to="active")
    page = here.get(at("drill") + without(lost.helper)).content.decode()
    assert "Dazu ist eine Vermittlung eines anderen Büros betroffen." in page
    assert "Fremdmann" not in page
    foreign = MatchFactory(to="active").helper
    answer = here.get(at("drill") + without(foreign))
    assert answer.context["form"].errors["helpers"]
    assert "drill" not in answer.context


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from_day=22.11.2026&language=de", "Dieser Tag ist vorbei"),
        ("?from_day=irgendwann&language=de", "kein Tag im Kalender"),
        (BEGINNING, "Bitte wählen Sie, wer ausfällt"),
        (f"{BEGINNING}&helpers=abc", "abc"),
        (f"{BEGINNING}&area=bezirk-99999999", "bezirk-99999999"),
        (f"{BEGINNING}&area=bezirk-x", "bezirk-x"),
    ],
)
def test_what_makes_no_sense_is_said(here: Client, lost: Match, query: str, sentence: str) -> None:
    for name in ("drill", "drill_sheet"):
        answer = here.get(at(name) + query)
        assert answer.status_code == 200
        assert "drill" not in answer.context
        if name == "drill":
            assert sentence in answer.content.decode()


def test_a_helpers_page_leads_to_the_drill(here: Client, lost: Match) -> None:
    page = here.get(at("helper", pk=lost.helper_id)).content.decode()
    assert f"&amp;helpers={lost.helper_id}" in page
    assert "Ausfall durchspielen" in page


def test_a_description_of_people_is_played_through(here: Client, lost: Match) -> None:
    lost.request.help_seeker.person.refresh_from_db()
    district = lost.request.help_seeker.person.district
    query = f"&area=bezirk-{district.pk}&role={lost.role_id}&language=de&everywhere=on&open_requests=on"
    answer = here.get(at("drill") + BEGINNING + query)
    assert answer.context["chosen"] == [
        f"Wohnort: ganz {district}",
        f"Tätigkeit: {lost.role}",
        "Sprache: Deutsch",
    ]
    assert (answer.context["dropped"], len(answer.context["alone"])) == (1, 1)
    nobody = here.get(at("drill") + BEGINNING + "&language=so").content.decode()
    assert "Niemand verlöre Hilfe" in nobody


def test_the_sheet_for_the_drawer_says_whom_to_call(here: Client, lost: Match) -> None:
    seeker = lost.request.help_seeker
    contact = Representative.objects.create(
        help_seeker=seeker, person=PersonFactory(family_name="Tochtermann"), is_emergency_contact=True
    )
    Representative.objects.create(help_seeker=seeker, person=PersonFactory(family_name="Stillmann"))
    page = here.get(at("drill_sheet") + without(lost.helper)).content.decode()
    for word in (
        "Stillweg",
        "Tochtermann",
        contact.person.phone.as_national,
        seeker.person.phone.as_national,
    ):
        assert word in page, word
    assert "Stillmann" not in page
    assert "Noch nichts durchgespielt" in here.get(at("drill_sheet")).content.decode()


def test_more_people_take_no_more_queries(here: Client, lost: Match) -> None:
    def another() -> None:
        request = HelpRequestFactory(
            help_seeker=HelpSeekerFactory(office=lost.office), open=True, role=lost.role
        )
        MatchFactory(request=request, helper=lost.helper, to="active")

    another()
    addresses = [at(name) + without(lost.helper, open_requests="on") for name in ("drill", "drill_sheet")]
    few = [queries_of(here, address) for address in addresses]
    for _number in range(3):
        another()
    assert [queries_of(here, address) for address in addresses] == few
