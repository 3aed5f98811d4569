"""Rotation and workload keep one kind neighbour from being asked every time: a small city shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .fairness import gini, lorenz
from .page import VARIANTS, page, picture
from .world import Size, World, made
from .year import lived

SMALL = Size(helpers=150, requests=350)


@pytest.fixture(scope="module")
def world() -> World:
    return made(7, SMALL)


def test_a_year_with_rotation_and_workload_is_shared_out_more_evenly(world: World) -> None:
    ginis = {name: gini(lived(world, without=parts).matches_per_helper()) for name, parts in VARIANTS.items()}
    assert ginis["with both"] < ginis["without rotation"] < ginis["without both"]
    assert ginis["with both"] < ginis["without workload"] < ginis["without both"]


def test_more_helpers_are_asked_and_nobody_so_often(world: World) -> None:
    fair, unfair = lived(world), lived(world, without=VARIANTS["without both"])
    assert fair.never_asked < unfair.never_asked
    assert fair.most_asked < unfair.most_asked
    assert fair.served >= unfair.served


def test_the_same_seed_is_the_same_year(world: World) -> None:
    assert lived(world) == lived(made(7, SMALL))
    assert lived(world) != lived(made(8, SMALL))


def test_a_year_serves_nobody_beyond_what_helpers_can(world: World) -> None:
    year = lived(world)
    assert year.served + year.unserved == SMALL.requests
    assert sum(year.matches_per_helper()) == year.served
    assert all(year.asked[number] >= count for number, count in year.matches.items())


def test_the_page_says_what_came_of_it(world: World) -> None:
    years = {name: [lived(world, without=parts)] for name, parts in VARIANTS.items()}
    written = page(years, [7], SMALL)
    assert "150 helpers" in written
    assert f"{gini(years['with both'][0].matches_per_helper()):.3f} instead of" in written
    assert picture(years).count("<polyline") == 3


class TestGini:
    def test_is_nought_where_all_have_the_same(self) -> None:
        assert gini([3, 3, 3, 3]) == pytest.approx(0)

    def test_is_nearly_one_where_one_has_everything(self) -> None:
        assert gini([0] * 99 + [5]) == pytest.approx(0.99)

    def test_is_nought_where_there_is_nothing(self) -> None:
        assert gini([0, 0]) == 0

    @given(st.lists(st.integers(0, 50), min_size=2, max_size=40))
    def test_is_the_mean_difference_of_two_by_two(self, values: list[int]) -> None:
        total = sum(values)
        apart = sum(abs(one - other) for one in values for other in values)
        assert gini(values) == pytest.approx(apart / (2 * len(values) * total) if total else 0, abs=1e-9)

    @given(st.lists(st.integers(0, 50), min_size=2, max_size=40))
    def test_is_twice_the_area_above_the_curve(self, values: list[int]) -> None:
        curve = lorenz(values, points=len(values))
        area = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in zip(curve, curve[1:], strict=False))
        assert curve[0] == (0, 0)
        assert curve[-1] == pytest.approx((1, 1))
        assert gini(values) == pytest.approx(1 - 2 * area, abs=1e-9)
