"""City-wide runs through the interface: the command's shape, narrowed to what the key's owner may see."""

from __future__ import annotations

import json
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from helfer.matching.actions.city_run import compute_run, start_run
from helfer.matching.models import CityRun
from helfer.people.models import Kind
from tests.api.conftest import Program, World
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.people import OfficeFactory, UserFactory, tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(world: World, today: date, now: datetime) -> CityRun:
    """A run of the whole city: two requests of two offices, and a helper for one of them."""
    HelpRequestFactory(open=True, help_seeker__office=OfficeFactory(), number="A-ANDERSWO")
    return compute_run(run_id=start_run(by=None, office=None, on=today, at=now).pk, at=now)


def test_the_own_office_reads_what_the_command_says_of_it(
    world: World, run: CityRun, program: Program
) -> None:
    answer = program.get(f"/city-runs/{run.pk}").json()  # type: ignore[attr-defined]
    out = StringIO()
    call_command("propose_matches", "--json", "--on=2026-11-23", stdout=out, stderr=StringIO())
    said = json.loads(out.getvalue())
    assert {name: answer[name] for name in ("requests", "served", "total_score", "pairs")} == {
        name: said[name] for name in ("requests", "served", "total_score", "pairs")
    }
    assert said["unserved"] == [{"request": "A-ANDERSWO", "gates": {}}]
    assert answer["unserved"] == []
    (row,) = program.get("/city-runs").json()["items"]  # type: ignore[attr-defined]
    assert (row["id"], row["state"], row["office"], row["served"]) == (run.pk, "done", None, 1)


def test_others_read_no_pair_of_the_office(run: CityRun) -> None:
    stranger, _ = tandem(OfficeFactory())
    for user in (stranger, UserFactory(kinds=[Kind.COORDINATOR])):
        answer = Program(user).get(f"/city-runs/{run.pk}")
        assert answer.status_code == 200
        assert (answer.json()["served"], answer.json()["pairs"]) == (1, [])  # type: ignore[attr-defined]


def test_another_offices_run_is_not_there(world: World, today: date, now: datetime) -> None:
    own = start_run(by=world.city, office=world.office, on=today, at=now)
    stranger, _ = tandem(OfficeFactory())
    assert Program(stranger).get(f"/city-runs/{own.pk}").status_code == 404
    assert Program(world.city).get(f"/city-runs/{own.pk}").json()["pairs"] == []  # type: ignore[attr-defined]
