"""Mended areas share their borders: nobody lives in two, and no gap stays between them."""

from __future__ import annotations

import random

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon

from helfer.places.coverage import GRID_M, inspect, mend, polygons_of

# Somewhere in Dortmund, in metres of UTM zone 32.
EAST, NORTH = 392_000.0, 5_707_000.0


def area(*corners: tuple[float, float]) -> MultiPolygon:
    return MultiPolygon([Polygon([(EAST + x, NORTH + y) for x, y in corners])])


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return area((west, south), (east, south), (east, north), (west, north))


def assert_is_coverage(areas: list[MultiPolygon], within: list[MultiPolygon]) -> None:
    """Valid, no inner point in two areas, no gap, and nothing where nothing was drawn."""
    assert all(each.is_valid and not each.is_empty for each in areas)
    assert shapely.coverage_is_valid(areas)
    whole = shapely.union_all(areas)
    assert not [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    drawn = shapely.union_all(within)
    filled = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(drawn)])
    assert filled.difference(whole.buffer(2 * GRID_M)).area < 1
    inspection = inspect(areas)
    assert not inspection.overlaps and not inspection.gaps


def test_a_clean_coverage_is_left_as_it_is() -> None:
    areas = [box(0, 0, 500, 500), box(500, 0, 1000, 500), box(0, 500, 1000, 900)]
    assert inspect(areas).is_clean
    assert all(one.equals(other) for one, other in zip(mend(areas), areas, strict=True))


def test_an_overlap_is_split_at_the_middle() -> None:
    areas = [box(0, 0, 510, 500), box(490, 0, 1000, 500)]
    (overlap,) = inspect(areas).overlaps
    assert (overlap.owners, overlap.area_m2) == ((0, 1), pytest.approx(10_000))
    west, east = mend(areas)
    assert_is_coverage([west, east], areas)
    assert west.area == pytest.approx(250_000, rel=0.002)
    assert west.bounds[2] - EAST == pytest.approx(500, abs=6)


def test_a_gap_between_three_is_split_among_them() -> None:
    areas = [box(0, 0, 490, 500), box(510, 0, 1000, 500), box(0, 500, 1000, 900), box(0, -300, 1000, 0)]
    (gap,) = inspect(areas).gaps
    assert (gap.owners, gap.area_m2) == ((0, 1, 2, 3), pytest.approx(10_000))
    mended = mend(areas)
    assert_is_coverage(mended, areas)
    assert mended[0].area == pytest.approx(mended[1].area, rel=0.01)


def test_a_narrow_notch_from_outside_is_closed() -> None:
    areas = [box(0, 0, 498, 500), area((502, 0), (1000, 0), (1000, 500), (498, 500))]
    assert [notch.owners for notch in inspect(areas).notches] == [(0, 1)]
    mended = mend(areas)
    assert_is_coverage(mended, areas)
    assert inspect(mended).is_clean


def test_a_hole_in_one_area_belongs_to_it() -> None:
    ring = Polygon(
        [(EAST, NORTH), (EAST + 500, NORTH), (EAST + 500, NORTH + 500), (EAST, NORTH + 500)],
        [[(EAST + 100, NORTH + 100), (EAST + 200, NORTH + 100), (EAST + 150, NORTH + 200)]],
    )
    (mended,) = mend([MultiPolygon([ring])])
    assert mended.area == pytest.approx(250_000)


def test_an_area_drawn_inside_another_stays_whole() -> None:
    outer, inner = mend([box(0, 0, 1000, 1000), box(400, 400, 600, 600)])
    assert inner.area == pytest.approx(40_000)
    assert outer.area == pytest.approx(960_000)


def test_a_sliver_of_centimetres_goes_to_one_neighbour() -> None:
    areas = [box(0, 0, 500, 500), box(500.05, 0, 1000, 500), box(0, 500, 1000, 600), box(0, -100, 1000, 0)]
    assert len(inspect(areas).gaps) == 1
    assert_is_coverage(mend(areas), areas)


def test_one_of_two_equal_areas_ends_empty() -> None:
    mended = mend([box(0, 0, 100, 100), box(0, 0, 100, 100)])
    assert [each.is_empty for each in mended] == [False, True]


# Their dividing line leaves the overlap by a centimetre and comes back: on the grid that is a triangle.
WEST = """24.4,328 -79.3,586.7 .8,666.9 -11.6,798.9 116.4,810.7 326.9,750 317.6,741.2 333.2,737.2
    411.3,532.7 393,323 214.3,339.2 144.8,384.7"""
EAST_OF_IT = """391.4,364.8 316.2,533.5 455.8,686.3 356.8,730.3 443.3,844.2 689.7,751.5 837.3,811.9
    785.2,724.7 730.2,575.8 774,487.1 702.5,390.7 529,392.4"""


def test_no_crumb_stays_where_a_dividing_line_leaves_an_overlap_by_a_centimetre() -> None:
    areas = [
        area(*((float(x), float(y)) for x, y in (corner.split(",") for corner in corners.split())))
        for corners in (WEST, EAST_OF_IT)
    ]
    assert_is_coverage(mend(areas), areas)


def test_only_polygons_of_a_mixture_are_kept() -> None:
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert polygons_of(bow_tie).area == pytest.approx(50)
    assert polygons_of(Polygon([(0, 0), (1, 0), (2, 0)])).is_empty


@given(
    seed=st.integers(0, 2**32),
    wobble=st.floats(0.001, 120),
    columns=st.integers(1, 4),
    rows=st.integers(1, 3),
)
@example(seed=3, wobble=84.0, columns=1, rows=3)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_point_of_a_carelessly_drawn_city_lies_in_two_districts_after_a_repair(
    seed: int, wobble: float, columns: int, rows: int
) -> None:
    """Every district is drawn alone: each corner is off by up to ``wobble`` metres, differently each time."""
    chance = random.Random(seed)

    def off(value: float) -> float:
        return value + chance.uniform(-wobble, wobble)

    areas = []
    for column in range(columns):
        for row in range(rows):
            west, south = column * 400, row * 400
            steps = [0, 130, 270, 400]
            corners = (
                [(west + step, south) for step in steps[:-1]]
                + [(west + 400, south + step) for step in steps[:-1]]
                + [(west + 400 - step, south + 400) for step in steps[:-1]]
                + [(west, south + 400 - step) for step in steps[:-1]]
            )
            areas.append(polygons_of(area(*((off(x), off(y)) for x, y in corners))))
    mended = mend(areas)
    assert_is_coverage(mended, areas)
    for _try in range(50):
        point = Point(EAST + chance.uniform(-100, 1700), NORTH + chance.uniform(-100, 1300))
        assert sum(each.contains(point) for each in mended) <= 1
        owners = [i for i, drawn in enumerate(areas) if drawn.contains(point)]
        if len(owners) == 1 and all(
            drawn.distance(point) > 3 * wobble + 5 for i, drawn in enumerate(areas) if i != owners[0]
        ):
            assert mended[owners[0]].buffer(1).contains(point)
