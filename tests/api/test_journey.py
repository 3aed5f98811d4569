"""A program proposes, notes both yeses, both sides sign, and it ends; and what it may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helfer.help_requests.models import RequestState
from helfer.people.models import TieKind
from tests.api.conftest import Program, World
from tests.api.test_access import said
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, point_near, tie

pytestmark = pytest.mark.django_db


def content(answer: Any, status: int = 200) -> dict[str, Any]:
    """What the interface said."""
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_from_the_proposal_to_the_end_with_two_keys(world: World, program: Program) -> None:
    other_side = Program(world.association)
    found = content(program.get(f"/requests/{world.request.pk}/candidates"))
    assert [row["helper_id"] for row in found["candidates"]] == [world.helper.pk]
    match = content(program.post("/matches", world.proposal), 201)
    assert match["state"] == "proposed"
    path = f"/matches/{match['id']}"
    for party in ("helper", "seeker"):
        match = content(program.post(f"{path}/consents", {"party": party, "channel": "phone"}))
    assert (match["state"], match["helper_consented"], match["seeker_consented"]) == ("accepted", True, True)
    match = content(program.post(f"{path}/signatures"))
    assert (match["state"], [row["side"] for row in match["signatures"]]) == ("accepted", ["municipal"])
    match = content(other_side.post(f"{path}/signatures"))
    assert match["state"] == "approved"
    ending = {"reason": "done", "ended_well": True, "close_request_as": "helped"}
    match = content(program.post(f"{path}/end", ending))
    assert (match["state"], match["end_reason"]) == ("ended", "done")
    world.request.refresh_from_db()
    assert world.request.state == RequestState.CLOSED
    assert content(program.get("/matches", state="ended"))["count"] == 1
    assert content(program.get(path)) == match


def test_the_same_side_does_not_sign_twice(world: World, program: Program) -> None:
    match = content(program.post("/matches", world.proposal), 201)
    path = f"/matches/{match['id']}"
    assert program.post(f"{path}/signatures").status_code == 409
    for party in ("helper", "seeker"):
        program.post(f"{path}/consents", {"party": party, "channel": "phone"})
    program.post(f"{path}/signatures")
    again = program.post(f"{path}/signatures")
    assert again.status_code in (200, 409)
    assert len(content(program.get(path))["signatures"]) == 1


def test_a_closed_gate_is_told_with_its_shape(world: World, program: Program) -> None:
    world.helper.person.home = point_near(30_000)
    world.helper.person.save()
    answer = program.post("/matches", world.proposal)
    sentence = said(answer, 422, "distance")
    assert sentence
    assert content(answer, 422)["by"]["metres_over"] > 10_000


def test_a_match_that_is_there_already_is_a_conflict(world: World, program: Program) -> None:
    content(program.post("/matches", world.proposal), 201)
    refused = program.post("/matches", world.proposal)
    assert refused.status_code in (409, 422), refused.content
    assert set(refused.json()) == {"code", "message", "field", "by"}  # type: ignore[attr-defined]


def test_a_model_nobody_knows_is_told_at_its_field(world: World, program: Program) -> None:
    answer = program.post("/matches", world.proposal | {"compensation_model": "gold"})
    said(answer, 422, "unknown")
    assert content(answer, 422)["field"] == "compensation_model"


def test_candidates_have_the_shapes_of_the_command(world: World, program: Program) -> None:
    near = HelperProfileFactory(
        active=True,
        office=OfficeFactory(),
        roles=list(world.helper.roles.all()),
        person__home=point_near(200),
        person__family_name="Fremdmann",
    )
    blocked = HelperProfileFactory(active=True, office=world.office, roles=list(world.helper.roles.all()))
    tie(blocked.person, world.request.help_seeker.person, TieKind.BLOCK)
    found = content(program.get(f"/requests/{world.request.pk}/candidates", limit=5, near_misses=5))
    assert set(found) == {"request", "on", "candidates", "near_misses", "near_misses_elsewhere"}
    assert found["request"] == world.request.number
    for row in found["candidates"]:
        assert {"helper", "distance_m", "score", "parts", "reasons"} <= set(row)
        assert abs(sum(row["parts"].values()) - row["score"]) < 1e-9
        assert set(row["parts"]) == {
            "nearness",
            "times",
            "language",
            "workload",
            "rotation",
            "continuity",
        }
    by_id = {row["helper_id"]: row for row in found["candidates"]}
    assert "Fremdmann" not in json.dumps(found)
    assert by_id[near.pk]["name"] == near.person.given_name
    assert blocked.pk not in by_id


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"request_id": ' + b"9" * 5000 + b"}", b"null", b"[]", b"7"],
)
def test_a_broken_body_is_told_and_breaks_nothing(body: bytes, world: World, program: Program) -> None:
    answer = program.post("/matches", body)
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"code", "message", "field", "by"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("request_id", 10**30),
        ("request_id", -1),
        ("request_id", "eins"),
        ("helper_id", 2**63),
        ("compensation_model", "ehren\x00amt"),
        ("compensation_model", "\ud800"),
        ("compensation_model", "x" * 51),
        ("starts_on", "0001-01-01"),
        ("starts_on", "9999-12-31"),
        ("starts_on", "2026-02-30"),
    ],
)
def test_an_impossible_value_is_told_at_its_field(
    field: str, value: object, world: World, program: Program
) -> None:
    answer = program.post("/matches", world.proposal | {field: value})
    said(answer, 422, "invalid")
    assert content(answer, 422)["field"] == field


@pytest.mark.parametrize(
    "path",
    [
        "/requests?role=%00",
        "/requests?state=nonsense",
        "/requests?limit=0",
        "/requests?offset=99999999999999999999999",
        "/requests/99999999999999999999999",
        "/requests/0",
        "/requests/eins",
        "/matches/%00",
        "/matches?limit=1000000",
        "/matches?state=%ff",
    ],
)
def test_odd_addresses_are_refused_in_the_same_shape(path: str, program: Program) -> None:
    said(program.get(path), 422, "invalid")
