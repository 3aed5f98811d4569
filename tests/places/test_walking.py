"""The way on foot: a third longer than the beeline, and longer still where something lies between."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString, Point
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from helfer.places.distance import metres_between
from helfer.places.models import Barrier, BarrierKind, BarrierOpening
from helfer.places.walking import WAY_FACTOR, Way, beeline_way, ways
from helfer.places.walking.estimate import SURCHARGES_M, Crossed, estimated_way

HOME = Point(7.420, 51.500, srid=4326)
NORTH = Point(7.420, 51.505, srid=4326)
SOUTH = Point(7.420, 51.495, srid=4326)


def barrier(*corners: tuple[float, float], kind: str = "rail", name: str = "") -> Barrier:
    return Barrier.objects.create(kind=kind, name=name, line=LineString(*corners, srid=4326))


def opening(x: float, y: float, kind: str = "rail", name: str = "") -> BarrierOpening:
    return BarrierOpening.objects.create(kind=kind, name=name, point=Point(x, y, srid=4326))


class TestTheWayIsSaid:
    @pytest.mark.parametrize(
        ("distance_m", "words"),
        [
            (0, "etwa 10 m zu Fuß"),
            (412.7, "etwa 560 m zu Fuß"),
            (739, "etwa 1,0 km zu Fuß"),
            (1_000, "etwa 1,4 km zu Fuß"),
            (19_999, "etwa 27,0 km zu Fuß"),
        ],
    )
    def test_as_people_say_it(self, distance_m: float, words: str) -> None:
        assert beeline_way(distance_m).sentence == words

    def test_with_what_lies_between(self) -> None:
        assert Way(980, ("Bahnlinie", "Emscher")).sentence == (
            "etwa 980 m zu Fuß, dazwischen liegt: Bahnlinie, Emscher"
        )

    def test_without_about_where_it_is_measured(self) -> None:
        assert Way(563, is_measured=True).sentence == "560 m zu Fuß"

    def test_in_the_language_of_the_reader(self) -> None:
        with translation.override("en"):
            assert beeline_way(1_000).sentence == "about 1.4 km on foot"


class TestAnEstimate:
    def test_is_a_third_and_a_bit_longer_than_the_beeline(self) -> None:
        assert estimated_way((7.42, 51.5), (7.42, 51.505), 556.0, ()).metres == pytest.approx(556 * 1.35)

    @pytest.mark.parametrize("kind", BarrierKind)
    def test_adds_a_surcharge_where_nobody_knows_a_crossing(self, kind: BarrierKind) -> None:
        way = estimated_way((7.42, 51.5), (7.42, 51.505), 556.0, [Crossed(kind)])
        assert way.metres == pytest.approx(556 * 1.35 + SURCHARGES_M[kind])
        assert way.between == (str(kind.label),)

    def test_leads_through_the_gap_that_makes_the_shortest_way(self) -> None:
        gaps = ((7.43, 51.5025), (7.422, 51.5025), (7.40, 51.5025))
        start, gap, end = HOME, Point(*gaps[1]), NORTH
        way = estimated_way((start.x, start.y), (end.x, end.y), 556.0, [Crossed("rail", "", gaps)])
        assert way.metres == pytest.approx(
            (metres_between(start, gap) + metres_between(gap, end)) * WAY_FACTOR
        )

    def test_passes_several_barriers_in_their_order(self) -> None:
        # Track and river side by side: one bridge serves both, and is walked to once.
        track = Crossed("rail", "", ((7.424, 51.502),))
        river = Crossed("river", "Emscher", ((7.424, 51.503), (7.41, 51.503)))
        way = estimated_way((HOME.x, HOME.y), (NORTH.x, NORTH.y), 556.0, [track, river])
        legs = [HOME, Point(7.424, 51.502), Point(7.424, 51.503), NORTH]
        metres = sum(metres_between(one, other) for one, other in zip(legs, legs[1:], strict=False))
        assert way.metres == pytest.approx(metres * WAY_FACTOR)
        assert way.between == ("Bahnlinie", "Emscher")

    @given(
        gaps=st.lists(st.lists(st.tuples(st.floats(7.3, 7.5), st.floats(51.4, 51.6)), max_size=5), max_size=3)
    )
    def test_is_never_shorter_than_without_barriers(self, gaps: list[list[tuple[float, float]]]) -> None:
        distance_m = metres_between(HOME, NORTH)
        crossed = [Crossed("rail", str(n), tuple(those)) for n, those in enumerate(gaps)]
        plain = estimated_way((HOME.x, HOME.y), (NORTH.x, NORTH.y), distance_m, ())
        longer = estimated_way((HOME.x, HOME.y), (NORTH.x, NORTH.y), distance_m, crossed)
        assert longer.metres >= plain.metres


@pytest.mark.django_db
class TestWaysBetweenHomes:
    def test_are_the_beeline_lengthened_where_nothing_lies_between(self) -> None:
        barrier((7.40, 51.51), (7.44, 51.51))
        found = ways(HOME, {1: NORTH, 2: HOME})
        assert found[1] == Way(pytest.approx(metres_between(HOME, NORTH) * 1.35))
        assert found[2] == Way(0)

    def test_name_what_lies_between_in_its_order(self) -> None:
        barrier((7.40, 51.503), (7.44, 51.503), kind="river", name="Emscher")
        barrier((7.40, 51.502), (7.44, 51.502))
        found = ways(HOME, {1: NORTH, 2: SOUTH})
        assert found[1].between == ("Bahnlinie", "Emscher")
        assert found[1].metres == pytest.approx(metres_between(HOME, NORTH) * 1.35 + 300 + 400)
        assert found[2].between == ()
        assert ways(NORTH, {1: HOME})[1].between == ("Emscher", "Bahnlinie")

    def test_count_the_tracks_of_one_railway_once(self) -> None:
        for row in (51.502, 51.5021, 51.5022):
            barrier((7.40, row), (7.44, row))
        assert ways(HOME, {1: NORTH})[1].between == ("Bahnlinie",)

    def test_lead_through_gaps_nearby(self) -> None:
        barrier((7.40, 51.5025), (7.4235, 51.5025))
        barrier((7.4245, 51.5025), (7.44, 51.5025))
        opening(7.424, 51.5025)
        gap = Point(7.424, 51.5025)
        way = ways(HOME, {1: NORTH})[1]
        assert way.metres == pytest.approx((metres_between(HOME, gap) + metres_between(gap, NORTH)) * 1.35)
        assert way.between == ("Bahnlinie",)

    @pytest.mark.parametrize(
        "other", [{"x": 7.47}, {"name": "another line"}, {"kind": "river"}], ids=["far", "name", "kind"]
    )
    def test_know_nothing_of_other_gaps(self, other: dict[str, object]) -> None:
        barrier((7.40, 51.5025), (7.44, 51.5025))
        opening(**{"x": 7.424, "y": 51.5025} | other)  # type: ignore[arg-type]
        assert ways(HOME, {1: NORTH})[1].metres == pytest.approx(metres_between(HOME, NORTH) * 1.35 + 300)

    def test_through_a_gap_cross_nothing(self) -> None:
        barrier((7.40, 51.5025), (7.4195, 51.5025))
        barrier((7.4205, 51.5025), (7.44, 51.5025))
        assert ways(HOME, {1: NORTH})[1].between == ()

    def test_are_read_with_one_query_for_all(self, django_assert_num_queries: object) -> None:
        barrier((7.40, 51.502), (7.44, 51.502))
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = ways(HOME, {n: Point(7.42 + n / 10_000, 51.505, srid=4326) for n in range(20)})
        assert len(found) == 20
