"""``manage.py shortlist``: its two forms, and a sentence for everything that may be mistyped."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from helfer.help_requests.models import HelpRequest
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, point_near

pytestmark = pytest.mark.django_db


def run(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command("shortlist", *args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def asked() -> HelpRequest:
    request: HelpRequest = HelpRequestFactory(open=True, number="A-00001", starts_on=date(2026, 12, 1))
    for number, language in (("H-1", "de"), ("H-2", "tr"), ("H-3", "de")):
        HelperProfileFactory(
            active=True,
            number=number,
            office=request.office,
            roles=[request.role],
            languages=[language],
            person__home=point_near(400),
        )
    return request


def test_machines_get_json(asked: HelpRequest) -> None:
    found = json.loads(run("A-00001", "--on", "2026-11-23", "--json"))
    assert (found["request"], found["on"]) == ("A-00001", "2026-11-23")
    assert [candidate["helper"] for candidate in found["candidates"]] == ["H-1", "H-3"]
    assert [miss["helper"] for miss in found["near_misses"]] == ["H-2"]
    assert found["near_misses"][0]["by"] == {"speaks": ["tr"]}


def test_people_get_a_table(asked: HelpRequest) -> None:
    found = run("A-00001", "--on=2026-11-23", "--limit=1")
    assert "Anfrage A-00001 am 23.11.2026: 2 kommen in Frage" in found
    assert "m entfernt" in found
    assert "H-3" not in found
    assert "Keine gemeinsame Sprache: spricht Türkisch." in found


def test_the_asking_day_is_today_where_none_is_named(asked: HelpRequest) -> None:
    date.fromisoformat(json.loads(run("A-00001", "--json"))["on"])


@pytest.mark.parametrize(
    ("args", "sentence", "code"),
    [
        (["A-99999"], "gibt es hier nicht", 1),
        (["A-00001", "--office", "anderswo"], "gibt es hier nicht", 1),
        (["A-00001", "--on", "30.02.2026"], "ist kein Tag", 2),
        (["A-00001", "--on", "2026-02-30"], "ist kein Tag", 2),
        (["A-00001", "--limit=-1"], "ganze Zahl ab 0", 2),
        (["A-00001", "--limit", "zwanzig"], "ganze Zahl ab 0", 2),
        (["A-00001", "--near-misses=-5"], "ganze Zahl ab 0", 2),
        (["A-00001", "--near-misses=1e3"], "ganze Zahl ab 0", 2),
        (["A-\udcff"], "gibt es hier nicht", 1),
        (["A-00001", "--office", "\udcff"], "gibt es hier nicht", 1),
        (["A-00001\x00"], "gibt es hier nicht", 1),
        ([], "Bitte nennen Sie die Nummer", 2),
    ],
)
def test_bad_input_gets_a_sentence(asked: HelpRequest, args: list[str], sentence: str, code: int) -> None:
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(*args)
    assert code in (refusal.value.returncode, 2)


def test_a_number_of_two_offices_needs_the_office(asked: HelpRequest) -> None:
    other = HelpRequestFactory(open=True, number="A-00001")
    with pytest.raises(CommandError, match="mehrmals") as refusal:
        run("A-00001")
    assert asked.office.slug in str(refusal.value)
    assert json.loads(run("A-00001", "--office", other.office.slug, "--json"))["candidates"] == []


def test_an_unclear_role_is_said(asked: HelpRequest) -> None:
    HelpRequestFactory(number="A-2", role=None)
    with pytest.raises(CommandError, match="klären Sie zuerst die Tätigkeit"):
        run("A-2")


def test_a_named_pair_is_not_searched(asked: HelpRequest) -> None:
    HelpRequestFactory(number="A-2", named_helper=HelperProfileFactory())
    with pytest.raises(CommandError, match="Hier wird niemand gesucht"):
        run("A-2")


def test_a_home_that_is_not_on_the_map_is_said(asked: HelpRequest) -> None:
    seeker = HelpSeekerFactory(person__home=None, person__location_quality="")
    HelpRequestFactory(open=True, number="A-2", help_seeker=seeker, role=RoleFactory())
    err = StringIO()
    call_command("shortlist", "A-2", stdout=StringIO(), stderr=err)
    assert "noch nicht auf der Karte" in err.getvalue()
