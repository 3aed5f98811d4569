"""Whose seat has ended, or has not begun: every door of the tandem says so kindly, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from helfer.people.models import Kind, Office, User
from helfer.web.sign_in.adapters import start_page
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, SeatFactory, sign_in

from .conftest import at

SENTENCE = "Sie haben zurzeit keine Tandemstelle"


@pytest.fixture
def former(office: Office) -> User:
    """Somebody whose seat ended yesterday (the pages read Monday, 23 November 2026)."""
    return SeatFactory(office=office, from_day=date(2020, 1, 1), until_day=date(2026, 11, 22)).user


@pytest.mark.parametrize("name", ["desk", "requests", "request_new", "matches", "letters", "tokens"])
def test_pages_of_the_tandem_are_closed_with_a_sentence(client: Client, former: User, name: str) -> None:
    here = sign_in(client, former)
    for answer in (here.get(at(name)), here.post(at(name))):
        assert answer.status_code == 403
        assert SENTENCE in answer.content.decode()
        assert "Geschäftsstelle" in answer.content.decode()
        assert at("helpers") not in answer.content.decode()


def test_own_foreign_and_missing_look_the_same(client: Client, office: Office, former: User) -> None:
    here = sign_in(client, former)
    person = HelpSeekerFactory(office=office).person
    pages = [here.get(at("person", pk=pk)).content.decode() for pk in (person.pk, 99_999_999)]
    assert all(SENTENCE in page for page in pages)
    assert person.family_name not in pages[0]


def test_seat_that_begins_tomorrow_does_not_open_yet(client: Client, office: Office) -> None:
    coming = SeatFactory(office=office, from_day=date(2026, 11, 24)).user
    assert sign_in(client, coming).get(at("desk")).status_code == 403


def test_a_seat_in_another_office_keeps_the_doors_open(client: Client, former: User) -> None:
    SeatFactory(user=former)
    assert sign_in(client, former).get(at("desk")).status_code == 200


def test_who_is_something_else_too_goes_on_with_that(client: Client, former: User) -> None:
    HelperProfileFactory(person=former.person, active=True)
    assert start_page(former) == "/buero/"
    former.kinds = [Kind.TANDEM, Kind.HELPER]
    former.save(update_fields=["kinds"])
    assert start_page(former) == "/mein-profil/"
    page = sign_in(client, former).get("/mein-profil/").content.decode()
    assert "Mein Profil" in page
    assert f'href="{at("desk")}"' not in page
