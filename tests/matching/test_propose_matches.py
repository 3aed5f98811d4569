"""``manage.py propose_matches``: its two forms, what it keeps, and a sentence for what may be mistyped."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from helfer.core.history import acting
from helfer.matching.candidates import survey
from helfer.matching.models import CityRun, CityRunChunk, RunState, Suggestion, Unserved
from tests.factories.places import DistrictFactory, MunicipalityFactory, point_in
from tests.matching.conftest import Desk

pytestmark = pytest.mark.django_db

ON = "--on=2026-11-23"


def run(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("propose_matches", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def city(desk: Desk) -> Desk:
    """Two requests and one helper with one place; the second one is urgent."""
    desk.helper.max_people = 1
    desk.helper.number = "H-1"
    desk.helper.save()
    desk.request.number = "A-1"
    desk.request.save()
    desk.another_request(number="A-2", is_urgent=True)
    desk.another_helper(languages=["tr"])
    return desk


def test_machines_get_json(city: Desk) -> None:
    out, err = run(ON, "--json")
    found = json.loads(out)
    assert list(found) == ["requests", "served", "total_score", "pairs", "unserved"]
    (pair,) = found["pairs"]
    assert (found["requests"], found["served"], pair["request"], pair["helper"]) == (2, 1, "A-2", "H-1")
    assert found["total_score"] == pair["score"] == round(pair["score"], 6)
    assert found["unserved"] == [{"request": "A-1", "gates": {"language": 1, "taken": 1}}]
    assert "2 von 2 Anfragen durchsucht" in err


def test_who_asks_is_remembered_and_does_not_disturb_the_search(city: Desk) -> None:
    """Every door writes history along; the searches are prepared statements, which have to be alone."""
    with acting(None, door="command"):
        assert json.loads(run(ON, "--json", "--save")[0])["unserved"][0]["gates"]["language"] == 1
        assert survey(city.request, on=date(2026, 11, 23)).shortlist().eligible == 1


def test_people_get_a_table(city: Desk) -> None:
    out, _ = run(ON)
    assert "Am 23.11.2026: 1 von 2 Anfragen mit Vorschlag" in out
    assert "A-2" in out
    assert "Ohne Vorschlag:" in out
    assert "1 × keine gemeinsame Sprache" in out


def test_nothing_is_written_unless_asked_for(city: Desk) -> None:
    run(ON)
    run(ON, "--json")
    assert not any(model.objects.exists() for model in (CityRun, CityRunChunk, Suggestion, Unserved))


def test_what_is_saved_is_what_is_shown(city: Desk) -> None:
    shown, _ = run(ON, "--json")
    saved, err = run(ON, "--json", "--save")
    assert json.loads(saved) == json.loads(shown)
    assert "2 von 2 Anfragen durchsucht" in err
    kept = CityRun.objects.get()
    assert (kept.state, kept.by, kept.office, kept.served) == (RunState.DONE, None, None, 1)
    # Saved again, it is another run.
    assert run(ON, "--json", "--save")[0] == saved


def test_a_district_alone(city: Desk) -> None:
    DistrictFactory(name="Nordstadt", at=(30, 3))
    DistrictFactory(name="Anderswo", at=(31, 3))
    city.another_request(number="A-3", help_seeker__person__home=point_in(30.5, 3.5))
    found = json.loads(run(ON, "--json", "--district=nordstadt")[0])
    assert (found["requests"], [left["request"] for left in found["unserved"]]) == (1, ["A-3"])
    assert json.loads(run(ON, "--json", "--district=Anderswo")[0]) == {
        "requests": 0,
        "served": 0,
        "total_score": 0.0,
        "pairs": [],
        "unserved": [],
    }


def test_a_run_that_is_at_it_is_said(city: Desk, today: Any, now: Any) -> None:
    from helfer.matching.actions.city_run import start_run

    start_run(by=None, office=None, on=today, at=now)
    with pytest.raises(CommandError, match="gerade schon"):
        run(ON, "--save")


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--on", "23.11.2026"], "ist kein Tag"),
        (["--district", "Nirgendwo"], "gibt es hier nicht"),
        (["--district", "\udcff"], "gibt es hier nicht"),
    ],
)
def test_bad_input_gets_a_sentence(city: Desk, args: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(*args)
    assert refusal.value.returncode == 2


def test_a_name_of_two_districts_is_said(city: Desk) -> None:
    for _ in range(2):
        DistrictFactory(name="Mitte", municipality=MunicipalityFactory())
    with pytest.raises(CommandError, match="mehrmals"):
        run("--district", "Mitte")
