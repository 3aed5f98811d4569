"""Doors for other people's programs: any site may read them, and nobody is looked at."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from helfer.api.urls import public_api
from helfer.core import limits
from helfer.wsgi import application
from tests.api.test_schema import CHECKS, one_connection
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory, SeatFactory
from tests.matching.public_town import build_town

__all__ = ["one_connection"]

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/public/"
DOORS = ("roles", "offices", "quarters", "news", "events")


@pytest.fixture(autouse=True)
def rested() -> None:
    cache.clear()


def test_every_door_is_described_and_only_for_reading() -> None:
    described = public_api.get_openapi_schema()["paths"]
    assert {path: list(ways) for path, ways in described.items()} == {ROOT + door: ["get"] for door in DOORS}


@pytest.mark.parametrize("door", DOORS)
def test_it_answers_as_described(door: str) -> None:
    OfficeFactory(districts=[build_town()[0].district])
    RoleFactory(slug="vorlesen", does="Zeitung lesen")
    schema = schemathesis.openapi.from_dict(dict(public_api.get_openapi_schema()))
    schema.app = application

    @settings(
        max_examples=4,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[ROOT + door]["GET"].as_strategy())
    def speak(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    speak()


@pytest.mark.parametrize("door", [*DOORS, "openapi.json"])
def test_every_site_may_read_it_and_keep_it_a_minute(client: Client, door: str) -> None:
    # A browser of ours that has been here before, with cookies that no longer mean anything.
    client.cookies["sessionid"] = "gone" * 8
    client.cookies["csrftoken"] = "broken"
    first = client.get(ROOT + door)
    assert (first.status_code, first["Access-Control-Allow-Origin"]) == (200, "*")
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Access-Control-Allow-Credentials" not in first
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    again = client.get(ROOT + door, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    head = client.head(ROOT + door)
    assert (head.status_code, head["ETag"]) == (200, first["ETag"])
    before = client.options(ROOT + door, headers={"access-control-request-method": "GET"})
    assert (before.status_code, before["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written_there(method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(ROOT + "offices")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["message"] == "Hier kann man nur lesen."
    assert "Access-Control-Allow-Origin" not in answer


def test_what_is_not_there_is_said_to_programs_in_their_own_words(client: Client) -> None:
    for door in ("people", "offices/", "quarters?role=erfunden"):
        answer = client.get(ROOT + door, headers={"accept-language": "en"})
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store"), door
        assert answer.json() == {
            "code": "not_found",
            "message": "Das gibt es nicht.",
            "field": None,
            "by": {},
        }
    wrong = client.get(ROOT + "quarters", {"role": "x" * 51})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "role")


def test_whoever_reads_too_often_is_asked_to_wait_a_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_READS_A_MINUTE", 2)
    for _turn in range(2):
        assert client.get(ROOT + "roles").status_code == 200
    stopped = client.get(ROOT + "offices")
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "60")
    assert "Bitte warten Sie eine Minute" in stopped.json()["message"]
    assert stopped["Access-Control-Allow-Origin"] == "*"
    assert client.get(ROOT + "roles", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_whoever_is_signed_in_is_a_guest_there(client: Client) -> None:
    # Without a second factor, staff are let in nowhere else.
    client.force_login(SeatFactory().user)
    assert client.get("/api/v1/requests").status_code == 401
    for door in (ROOT + "offices", ROOT + "docs", "/einbetten/buero-finden/"):
        answer = client.get(door)
        assert (answer.status_code, "Cookie" in answer.get("Vary", "")) == (200, False), door


def test_other_sites_read_nothing_else(client: Client) -> None:
    for address in ("/angebote/", "/gesucht/", "/api/v1/requests", "/api/v1/openapi.json", ROOT + "docs"):
        answer = client.get(address, headers={"origin": "https://www.example.org"})
        assert "Access-Control-Allow-Origin" not in answer, address


def test_the_description_is_read_without_an_account_and_without_foreign_hosts(client: Client) -> None:
    assert client.get(ROOT)["Location"] == ROOT + "docs"
    page = client.get(ROOT + "docs")
    assert page.status_code == 200
    assert not page.cookies
    assert "//" not in page.content.decode().replace("<!--", "")
