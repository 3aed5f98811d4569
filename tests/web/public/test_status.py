"""Wie steht es: for whoever has code and number, and the same no for everybody else."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helfer.help_requests.actions import AskedForHelp, RequestDetails, ask_for_help
from helfer.people.actions import PersonDetails
from helfer.people.places_of_persons import NewAddress
from helfer.web.public import status
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory
from tests.matching.public_town import build_town, home_in

pytestmark = pytest.mark.django_db

DOOR, PHONE = "/stand/", "0231 5550101"


@pytest.fixture
def code(now: datetime) -> str:
    cache.clear()
    OfficeFactory(name="Seniorenbüro Hafen", phone="+4923112345", districts=[build_town()[0].district])
    asked = AskedForHelp(
        person=PersonDetails(family_name="Geheim", phone="+492315550101"),
        address=NewAddress(street="Lindenhof", point=home_in(0)),
        phone="+492315550101",
        request=RequestDetails(role=RoleFactory(name="Begleitung zum Arzt")),
    )
    return ask_for_help(asked=asked, at=now)[1]


def test_the_state_and_whom_to_call_and_nothing_else(client: Client, code: str) -> None:
    text = client.post(DOOR, {"code": code.lower(), "phone": "+49 231 5550101"}).content.decode()
    assert "Ihre Anfrage ist angekommen." in text
    assert "0231 12345" in text
    for secret in ("Geheim", "Lindenhof", "Arzt", "A-0000", "23.", "November"):
        assert secret not in text


def test_a_wrong_pair_and_an_unknown_one_look_and_cost_the_same(client: Client, code: str) -> None:
    seen = []
    for typed, phone in ((code, "0231 5550102"), ("AAAAA-AAAAA", PHONE), ("ZZZZZ-ZZZZZ", "0231 5550103")):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown = client.post(DOOR, {"code": typed, "phone": phone})
        text = shown.content.decode().replace(typed, "").replace(phone, "")
        start, end = text.index("<main"), text.index("</main")
        words = [line for line in text[start:end].splitlines() if "hidden" not in line]
        seen.append((shown.status_code, words, len(queries)))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 422


def test_whoever_guesses_is_stopped(client: Client, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for _turn in range(status.MOST_BY_NUMBER_AN_HOUR):
        assert client.post(DOOR, {"code": "AAAAA-AAAAA", "phone": PHONE}).status_code == 422
    # From now on not even the right one is answered.
    assert client.post(DOOR, {"code": code, "phone": PHONE}).status_code == 429
    monkeypatch.setattr(status, "MOST_BY_ADDRESS_AN_HOUR", 7)
    assert client.post(DOOR, {"code": code, "phone": "0231 999999"}).status_code == 429


def test_nothing_is_looked_up_by_an_address(client: Client, code: str) -> None:
    text = client.get(DOOR, {"code": code, "phone": PHONE}).content.decode()
    assert "angekommen" not in text
