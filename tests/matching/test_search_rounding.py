"""Scores are rounded in SQL as Python rounds them, to the last digit."""

from __future__ import annotations

import math
import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helfer.matching.candidates.conditions import rounded

pytestmark = pytest.mark.django_db


def in_sql(scores: list[float], decimals: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {rounded('score', decimals)} FROM unnest(%s::float8[]) WITH ORDINALITY AS s (score, nth)"
            " ORDER BY nth",
            [scores],
        )
        return [whole for (whole,) in cursor.fetchall()]


def in_python(scores: list[float], decimals: int) -> list[int]:
    # `round` gives the nearest double to the decimal; the whole number is the decimal itself.
    return [round(round(score, decimals) * 10**decimals) for score in scores]


def around_a_half(whole: int, decimals: int) -> list[float]:
    """The doubles on both sides of a tie, where a product that is rounded twice goes wrong."""
    half = (whole + 0.5) / 10**decimals
    found = [half]
    for direction in (0.0, 2.0):
        score = half
        for _ in range(3):
            score = math.nextafter(score, direction)
            found.append(score)
    return [score for score in found if 1 / 32 <= score <= 1]


@pytest.mark.parametrize("decimals", [6, 9])
def test_halves_and_their_neighbours_round_as_in_python(decimals: int) -> None:
    rng = random.Random(decimals)
    exact = [n / 1024 for n in range(32, 1025)]  # real ties: these are doubles with ten decimals
    scores = exact + [
        score
        for _ in range(5000)
        for score in around_a_half(rng.randint(10**decimals // 32, 10**decimals), decimals)
    ]
    assert in_sql(scores, decimals) == in_python(scores, decimals)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=st.lists(st.floats(min_value=1 / 32, max_value=1.0000000000000004), min_size=50, max_size=200))
def test_any_score_rounds_as_in_python(scores: list[float]) -> None:
    for decimals in (6, 9):
        assert in_sql(scores, decimals) == in_python(scores, decimals)
