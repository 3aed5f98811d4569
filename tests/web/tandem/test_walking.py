"""The way on foot, as the pages of the tandem show it; no order and no gate knows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import LineString
from django.test import Client

from helfer.help_requests.models import HelpRequest
from helfer.matching.candidates import shortlist
from helfer.matching.models import Match
from helfer.people.models import Office
from helfer.places.models import Barrier, LocationQuality
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, point_near

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(office: Office) -> HelpRequest:
    return HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), open=True)


@pytest.fixture
def railway() -> Barrier:
    """A line some two hundred metres east of the help seeker's home."""
    south, north = point_near(east_m=200, north_m=-3000), point_near(east_m=200, north_m=3000)
    line = LineString((south.x, south.y), (north.x, north.y), srid=4326)
    return Barrier.objects.create(kind="rail", line=line)


def neighbour(wanted: HelpRequest, *, east_m: float = 400, **more: Any) -> Any:
    fields = {"active": True, "roles": [wanted.role], "person__home": point_near(east_m=east_m)}
    return HelperProfileFactory(**fields | more)


def page(client: Client, wanted: HelpRequest) -> str:
    return client.get(at("candidates", pk=wanted.pk)).content.decode()


class TestCandidates:
    def test_show_the_way_beside_the_distance(self, here: Client, wanted: HelpRequest) -> None:
        neighbour(wanted, office=wanted.office)
        shown = page(here, wanted)
        assert "Etwa 540 m zu Fuß" in shown
        assert "dazwischen liegt" not in shown

    def test_say_what_lies_between(self, here: Client, wanted: HelpRequest, railway: Barrier) -> None:
        helper = neighbour(wanted, office=wanted.office)
        proposing = here.get(at("propose", pk=wanted.pk, helper_id=helper.pk)).content.decode()
        for shown in (page(here, wanted), proposing):
            assert "Etwa 840 m zu Fuß, dazwischen liegt: Bahnlinie" in shown

    def test_of_another_office_tell_nothing_more_than_the_distance(
        self, here: Client, wanted: HelpRequest, railway: Barrier
    ) -> None:
        lent = neighbour(wanted)
        proposing = here.get(at("propose", pk=wanted.pk, helper_id=lent.pk)).content.decode()
        for shown in (page(here, wanted), proposing):
            assert "Etwa 540 m zu Fuß" in shown
            assert "dazwischen liegt" not in shown

    @pytest.mark.parametrize("whose", ["helper", "seeker"])
    def test_with_a_vague_home_say_nothing_of_what_lies_between(
        self, here: Client, wanted: HelpRequest, railway: Barrier, whose: str
    ) -> None:
        helper = neighbour(wanted, office=wanted.office)
        person = helper.person if whose == "helper" else wanted.help_seeker.person
        type(person).objects.filter(pk=person.pk).update(location_quality=LocationQuality.POSTCODE)
        shown = page(here, wanted)
        assert "Etwa 540 m zu Fuß" in shown
        assert "dazwischen liegt" not in shown

    def test_for_a_role_at_a_distance_show_no_way(self, here: Client, office: Office) -> None:
        role = RoleFactory(at_a_distance=True)
        wanted = HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), role=role, open=True)
        neighbour(wanted, office=office)
        shown = page(here, wanted)
        assert "spielt bei dieser Tätigkeit keine Rolle" in shown
        assert "zu Fuß" not in shown

    def test_keep_order_and_gates_whatever_lies_between(
        self, wanted: HelpRequest, railway: Barrier, today: Any
    ) -> None:
        across = neighbour(wanted, office=wanted.office, radius_m=450)
        neighbour(wanted, office=wanted.office, radius_m=450, east_m=-440)
        with_railway = shortlist(wanted, on=today).as_json()
        railway.delete()
        assert shortlist(wanted, on=today).as_json() == with_railway
        first = with_railway["candidates"][0]
        assert first["helper"] == across.number
        assert set(first) == {"helper", "distance_m", "score", "parts", "reasons"}

    def test_take_as_many_queries_for_many(self, here: Client, wanted: HelpRequest, railway: Barrier) -> None:
        neighbour(wanted, office=wanted.office)
        few = queries_of(here, at("candidates", pk=wanted.pk))
        for n in range(5):
            neighbour(wanted, office=wanted.office, east_m=300 + n)
        assert queries_of(here, at("candidates", pk=wanted.pk)) == few


class TestAMatch:
    @pytest.fixture
    def pair(self, make_match: Callable[..., Match], office: Office) -> Callable[..., Match]:
        def make(to: str, *, lent: bool) -> Match:
            match = make_match(to)
            people = match.helper.person, match.request.help_seeker.person
            for person, east_m in zip(people, (400, 0), strict=True):
                person.home, person.location_quality = point_near(east_m=east_m), LocationQuality.ADDRESS
                person.save()
            type(match.helper).objects.filter(pk=match.helper_id).update(
                office=None if lent else match.office_id
            )
            return match

        return make

    def test_shows_the_way_between_the_two(
        self, here: Client, railway: Barrier, pair: Callable[..., Match]
    ) -> None:
        match = pair("proposed", lent=False)
        shown = here.get(at("match", pk=match.pk)).content.decode()
        assert "etwa 840 m zu Fuß, dazwischen liegt: Bahnlinie" in shown

    def test_of_another_offices_helper_tells_no_more_until_it_runs(
        self, here: Client, railway: Barrier, pair: Callable[..., Match]
    ) -> None:
        match = pair("proposed", lent=True)
        shown = here.get(at("match", pk=match.pk)).content.decode()
        assert "etwa 540 m zu Fuß" in shown
        assert "dazwischen liegt" not in shown

    def test_that_runs_shows_all_of_it(
        self, here: Client, railway: Barrier, pair: Callable[..., Match]
    ) -> None:
        match = pair("trial", lent=True)
        assert "dazwischen liegt: Bahnlinie" in here.get(at("match", pk=match.pk)).content.decode()
