"""The order of candidates: each part by hand, and the sum."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helfer.core.slots import SLOTS
from helfer.matching import ranking

from .facts import SEEKER, D, helper_facts, request_facts


def test_the_weights_add_up_to_one() -> None:
    assert sum(ranking.WEIGHTS.values()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("request_changes", "helper_changes", "value"),
    [
        ({}, {"distance_m": 500.0, "radius_m": 2000}, 0.75),
        ({"max_distance_m": 1000}, {"distance_m": 500.0, "radius_m": 2000}, 0.5),
        ({"max_distance_m": 5000}, {"distance_m": 500.0, "radius_m": 1000}, 0.5),
        ({}, {"distance_m": 2000.0, "radius_m": 2000}, 0.0),
        ({}, {"distance_m": 0.0}, 1.0),
        ({"at_a_distance": True}, {"distance_m": 90_000.0}, 1.0),
        ({"at_a_distance": True}, {"distance_m": None}, 1.0),
    ],
)
def test_nearness(request_changes: dict[str, Any], helper_changes: dict[str, Any], value: float) -> None:
    found = ranking.nearness(request_facts(**request_changes), helper_facts(**helper_changes))
    assert found == pytest.approx(value)


@pytest.mark.parametrize(
    ("wished", "has", "value"),
    [
        (set(), set(), 1.0),
        (set(), {"mo-vm"}, 1.0),
        ({"mo-vm", "mo-nm", "di-vm"}, {"mo-vm", "di-vm", "so-ab"}, 2 / 3),
        ({"mo-vm"}, {"mo-vm"}, 1.0),
    ],
)
def test_times(wished: set[str], has: set[str], value: float) -> None:
    found = ranking.times(request_facts(times=frozenset(wished)), helper_facts(times=frozenset(has)))
    assert found == pytest.approx(value)


@pytest.mark.parametrize(
    ("wished", "spoken", "value"),
    [
        (("tr", "de"), ("de", "tr"), 1.0),
        (("tr", "de"), ("de",), 0.5),
        ((), ("de",), 1.0),
    ],
)
def test_language(wished: tuple[str, ...], spoken: tuple[str, ...], value: float) -> None:
    assert ranking.language(request_facts(named_languages=wished), helper_facts(languages=spoken)) == value


@pytest.mark.parametrize(
    ("serves", "max_people", "value"),
    [(set(), 1, 1.0), ({1}, 2, 0.5), ({1, 2}, 3, 1 / 3), ({SEEKER}, 1, 0.0)],
)
def test_workload(serves: set[int], max_people: int, value: float) -> None:
    helper = helper_facts(serves=frozenset(serves), max_people=max_people)
    assert ranking.workload(request_facts(), helper) == pytest.approx(value)


@pytest.mark.parametrize(
    ("days_ago", "value"), [(None, 1.0), (0, 0.0), (9, 0.1), (90, 1.0), (400, 1.0), (-3, 0.0)]
)
def test_rotation_counts_from_the_asking_day(days_ago: int | None, value: float) -> None:
    last = None if days_ago is None else D - timedelta(days=days_ago)
    request = request_facts(first_day=D + timedelta(days=60))
    assert ranking.rotation(request, helper_facts(last_proposed_on=last)) == pytest.approx(value)


@pytest.mark.parametrize(("ended_well", "value"), [(True, 1.0), (False, 0.0)])
def test_continuity(ended_well: bool, value: float) -> None:
    assert ranking.continuity(request_facts(), helper_facts(ended_well_before=ended_well)) == value


def test_the_score_is_reckoned_by_hand_as_in_the_rules() -> None:
    request = request_facts(times=frozenset({"mo-vm", "di-vm"}), named_languages=("tr", "de"))
    helper = helper_facts(
        distance_m=500.0,
        radius_m=2000,
        times=frozenset({"mo-vm"}),
        serves=frozenset({1}),
        max_people=4,
        last_proposed_on=D - timedelta(days=45),
        ended_well_before=True,
    )
    by_hand = 0.35 * 0.75 + 0.25 * 0.5 + 0.10 * 0.5 + 0.15 * 0.75 + 0.10 * 0.5 + 0.05 * 1
    assert ranking.score_of(request, helper) == pytest.approx(by_hand, abs=1e-12)


@given(
    distance_m=st.floats(0, 20_000),
    radius_m=st.integers(100, 20_000),
    limit=st.none() | st.integers(1, 30_000),
    wished=st.frozensets(st.sampled_from(SLOTS)),
    has=st.frozensets(st.sampled_from(SLOTS)),
    people=st.integers(0, 5),
    max_people=st.integers(1, 5),
    days_ago=st.none() | st.integers(-500, 500),
    ended_well=st.booleans(),
)
def test_the_parts_add_up_to_a_score_between_nothing_and_one(
    distance_m: float,
    radius_m: int,
    limit: int | None,
    wished: frozenset[str],
    has: frozenset[str],
    people: int,
    max_people: int,
    days_ago: int | None,
    ended_well: bool,
) -> None:
    request = request_facts(max_distance_m=limit, times=wished)
    helper = helper_facts(
        distance_m=distance_m,
        radius_m=radius_m,
        times=has,
        serves=frozenset(range(100, 100 + people)),
        max_people=max_people,
        last_proposed_on=None if days_ago is None else D - timedelta(days=days_ago),
        ended_well_before=ended_well,
    )
    score, parts = ranking.score_of(request, helper), ranking.parts_of(request, helper)
    assert abs(sum(parts.values()) - score) < 1e-9
    assert all(0 <= parts[name] <= weight + 1e-12 for name, weight in ranking.WEIGHTS.items())
    assert 0 <= score <= 1 + 1e-9


def test_scores_that_differ_by_less_than_nine_decimals_tie_and_the_nearer_comes_first() -> None:
    far = ranking.best_first(0.5 + 4e-10, helper_facts(id=1, distance_m=300.0))
    near = ranking.best_first(0.5, helper_facts(id=2, distance_m=200.0))
    assert near < far
    better = ranking.best_first(0.5 + 2e-9, helper_facts(id=1, distance_m=300.0))
    assert better < near


def test_at_the_same_score_and_distance_the_older_profile_comes_first() -> None:
    older = ranking.best_first(0.5, helper_facts(id=1, distance_m=200.0))
    younger = ranking.best_first(0.5, helper_facts(id=2, distance_m=200.0))
    nowhere = ranking.best_first(0.5, helper_facts(id=0, distance_m=None))
    assert older < younger < nowhere
