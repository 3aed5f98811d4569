"""Wie steht es: for whoever has code and number, and the same no for everybody else."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helfer.help_requests.actions import AskedForHelp, RequestDetails, ask_for_help
from helfer.help_requests.models import HelpRequest, StatusCode
from helfer.help_requests.status_codes import digest_of_code
from helfer.people.actions import PersonDetails
from helfer.people.places_of_persons import NewAddress
from helfer.web.public import status
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
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
    for secret in ("Geheim", "Lindenhof", "Arzt", HelpRequest.objects.get().number, "23.", "November"):
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


def seen_by_a_stranger(code: str, how_often: int) -> list[tuple[int, str]]:
    """What each of so many wrong tries shows, all from addresses of their own."""
    seen = []
    for turn in range(how_often):
        shown = Client(REMOTE_ADDR=f"192.0.2.{turn}").post(DOOR, {"code": code, "phone": f"0231 77{turn:04}"})
        text = shown.content.decode()
        start, end = text.index("<main"), text.index("</main")
        words = "".join(line for line in text[start:end].splitlines() if "hidden" not in line)
        seen.append((shown.status_code, words.replace(f"0231 77{turn:04}", "")))
    return seen


def test_whoever_has_a_code_and_guesses_the_number_is_stopped(client: Client, code: str) -> None:
    seen = seen_by_a_stranger(code, status.MOST_WRONG_BY_CODE_AN_HOUR)
    # From now on not even the right one opens it, and it looks like any other.
    right = Client(REMOTE_ADDR="192.0.2.99").post(DOOR, {"code": code.lower(), "phone": PHONE})
    assert right.status_code == seen[-1][0] == 422
    assert "angekommen" not in right.content.decode()
    assert "zu viele Versuche" in right.content.decode()
    # Another one's code opens as before.
    asked = HelpRequest.objects.get().status_code
    StatusCode.objects.create(
        request=HelpRequestFactory(),
        code_digest=digest_of_code("BBBBB-BBBBB"),
        phone_digest=asked.phone_digest,
    )
    assert client.post(DOOR, {"code": "BBBBB-BBBBB", "phone": PHONE}).status_code == 200


def test_a_stranger_cannot_tell_who_else_looked(code: str) -> None:
    enough = status.MOST_WRONG_BY_CODE_AN_HOUR + 2
    unvisited = seen_by_a_stranger("ZZZZZ-ZZZZZ", enough)
    for turn in range(enough):
        owner = Client(REMOTE_ADDR=f"198.51.100.{turn}").post(DOOR, {"code": code, "phone": PHONE})
        # However often they look themselves.
        assert owner.status_code == 200
    visited = seen_by_a_stranger(code, enough)
    assert [(status_code, words.replace(code, "")) for status_code, words in visited] == [
        (status_code, words.replace("ZZZZZ-ZZZZZ", "")) for status_code, words in unvisited
    ]


def test_one_network_address_tries_so_often_an_hour(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "MOST_BY_ADDRESS_AN_HOUR", 1)
    assert client.post(DOOR, {"code": code, "phone": PHONE}).status_code == 200
    stopped = client.post(DOOR, {"code": code, "phone": PHONE})
    assert stopped.status_code == 429
    assert "Bitte rufen Sie uns an" in stopped.content.decode()


def test_nothing_is_looked_up_by_an_address(client: Client, code: str) -> None:
    text = client.get(DOOR, {"code": code, "phone": PHONE}).content.decode()
    assert "angekommen" not in text
