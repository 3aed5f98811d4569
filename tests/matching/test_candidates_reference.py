"""The shortlist from the database agrees with a plain brute-force computation, whatever the world."""

from __future__ import annotations

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from helfer.matching.candidates import check_pair, survey
from helfer.matching.what_if import what_ifs

from . import reference, reference_survey
from .agreement import candidates_agree, catch_up, edges_agree, near_misses_agree
from .worlds import ON, WORLDS, World, lift_guards, settle

WORLDS_TRIED = 1500 if os.environ.get("HELFER_SOAK") else 40


@pytest.mark.soak
@pytest.mark.django_db
@settings(
    max_examples=WORLDS_TRIED,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS)
def test_same_candidates_same_order_same_scores_same_gates(world: World) -> None:
    with transaction.atomic():
        agree(world)
        transaction.set_rollback(True)


def agree(world: World) -> None:
    lift_guards()
    request, helpers = settle(world)
    catch_up(helpers)
    surveyed = survey(request, on=ON)
    found = surveyed.shortlist(limit=100, near_misses=100)

    expected = reference.candidates(world)
    assert [c.shown.number for c in found.candidates] == [f"H-{v.number}" for v in expected]
    for candidate, verdict in zip(found.candidates, expected, strict=True):
        assert candidate.score == pytest.approx(verdict.score, abs=1e-9)
        assert sum(candidate.parts.values()) == pytest.approx(candidate.score, abs=1e-9)
        assert candidate.distance_m == pytest.approx(verdict.distance_m, abs=1e-6)

    missed = reference.near_misses(world)
    assert [m.shown.number for m in found.near_misses] == [f"H-{v.number}" for v in missed]
    for miss, verdict in zip(found.near_misses, missed, strict=True):
        ((gate, details),) = verdict.closed.items()
        assert miss.gate == gate
        assert miss.sentence
        if gate == "distance":
            assert miss.by["metres_over"] == pytest.approx(details, abs=1e-6)
        elif gate == "state":
            assert miss.by["until"] == reference.day(details)
        elif gate == "trainings":
            assert {*miss.by["missing"], *miss.by["expired"]} == details
        elif gate == "capacity":
            assert miss.by["people"] == details
        elif gate == "relief_amount":
            assert miss.by["why"] == details
        elif gate == "wishes":
            assert miss.by["which"] == details

    # What is counted, and the sets.
    plain = reference_survey.plain_survey(request, on=ON)
    assert found.eligible == len(expected) == len(plain.eligible)
    assert found.near_misses_elsewhere == plain.missed_elsewhere
    candidates_agree(found, plain, most=100)
    near_misses_agree(found.near_misses, plain.missed)
    assert {(w.kind, w.value): w.additional for w in what_ifs(surveyed)} == reference_survey.what_ifs(plain)
    edges_agree({request.pk: plain})

    # The same rules, asked of each pair alone.
    for helper, verdict in zip(helpers, reference.judge(world), strict=True):
        alone = check_pair(request_id=request.pk, helper_id=helper.pk, on=ON)
        assert {str(refusal.gate) for refusal in alone.refusals} == set(verdict.closed)
        assert all(refusal.sentence for refusal in alone.refusals)
