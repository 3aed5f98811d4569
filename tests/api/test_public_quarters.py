"""What programs learn of the quarters: whatever they ask and compare, never one and never two."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helfer.catalogue.models import Role
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile, HelperState
from helfer.helpers.public_cards import CardChoice
from helfer.matching import actions
from helfer.matching.models import PublicOffer, PublicOfferMember, PublicWanted, PublicWantedMember
from helfer.places.models import Quarter
from tests.factories.catalogue import RoleFactory
from tests.factories.people import SeatFactory
from tests.matching.public_town import TODAY, build_town, listed, listed_request

pytestmark = pytest.mark.django_db

QUARTERS = "/api/v1/public/quarters"
# Where, and what is counted there.
Number = tuple[str, str]


@pytest.fixture
def town() -> list[Quarter]:
    cache.clear()
    return build_town()


def publish() -> None:
    actions.publish_offers(on=TODAY)
    actions.publish_wanted(on=TODAY)


def numbers(client: Client, role: str = "") -> dict[Number, int]:
    """Every number of the answer."""
    said = client.get(QUARTERS, {"role": role} if role else {}).json()
    told = {("city", what): number for what, number in said["city"].items()}
    for feature in said["features"]:
        for what, value in feature["properties"].items():
            if isinstance(value, int):
                told[feature["id"], what] = value
    return told


def test_no_role_quarter_and_day_tell_one_or_two(client: Client, town: list[Quarter]) -> None:
    """Every number, and every difference of two: between filters, areas and days."""
    chance = random.Random(11)
    roles = [RoleFactory(slug="besuch"), RoleFactory(), RoleFactory()]
    staff = SeatFactory().user
    helpers = [
        listed(chance.choice(roles), quarter=chance.randrange(4), choice=CardChoice(quarter=at % 4 > 0))
        for at in range(34)
    ]
    requests = [
        listed_request(chance.choice(roles[:2]), staff, quarter=chance.randrange(4)) for _at in range(17)
    ]
    days: list[dict[tuple[str, Number], int]] = []
    for day in range(4):
        if day == 1:
            HelperProfile.objects.filter(pk__in=[each.pk for each in helpers[:9:4]]).update(
                state=HelperState.LEFT
            )
        if day == 2:
            HelpRequest.objects.filter(pk=requests[0].pk).update(state=RequestState.ON_HOLD)
            listed(roles[0], quarter=1)
        if day != 3:
            publish()
        else:
            # The middle of a day: somebody leaves, and the night has not come yet.
            HelperProfile.objects.filter(pk=helpers[30].pk).update(state=HelperState.LEFT)
            HelpRequest.objects.filter(pk=requests[5].pk).update(state=RequestState.ON_HOLD)
        said = {
            (role, where): number
            for role in ("", *(role.slug for role in roles))
            for where, number in numbers(client, role).items()
        }
        _behind_every_number_stand_three(said)
        _parts_and_wholes_differ_by_three(said, town)
        days.append(said)
    for one, other in itertools.combinations(days, 2):
        assert {abs(one[asked] - other[asked]) % 3 for asked in one} == {0}
        assert one != other
    assert {number % 3 for said in days for number in said.values()} == {0}
    assert any(number for (_role, (where, _what)), number in days[0].items() if where.startswith("quarter"))
    assert any(number for (_role, (_where, what)), number in days[0].items() if what == "wanted")


def _behind_every_number_stand_three(said: dict[tuple[str, Number], int]) -> None:
    """What no visitor has: who stands behind the numbers."""
    behind: dict[tuple[str, str], set[int]] = defaultdict(set)
    seeking: dict[tuple[str, str], int] = defaultdict(int)
    places = {row.pk: row for row in PublicOffer.objects.select_related("role")}
    for offer, helper in PublicOfferMember.objects.values_list("offer_id", "helper_id"):
        row = places[offer]
        for role, where in itertools.product(
            ("", row.role.slug), (f"quarter-{row.quarter_id}", f"district-{row.district_id}", "city")
        ):
            behind[role, where].add(helper)
    lines = Counter(PublicWantedMember.objects.values_list("wanted_id", flat=True))
    for line in PublicWanted.objects.select_related("role"):
        together = lines[line.pk] if lines[line.pk] >= 3 else 0
        for role, where in itertools.product(("", line.role.slug), (f"district-{line.district_id}", "city")):
            seeking[role, where] += together
    for (role, (where, what)), number in said.items():
        if what == "offers":
            assert number == 0 or len(behind[role, where]) >= 3
            assert bool(number) == bool(behind[role, where])
        else:
            assert number == seeking[role, where]


def _parts_and_wholes_differ_by_three(said: dict[tuple[str, Number], int], town: list[Quarter]) -> None:
    """Whoever lives in the district and in none of its quarters, or in the city and in no district."""
    for role in {role for role, _number in said}:
        districts: dict[int, int] = defaultdict(int)
        for quarter in town:
            districts[quarter.district_id] += said[role, (f"quarter-{quarter.pk}", "offers")]
        left = [said[role, (f"district-{pk}", "offers")] - inside for pk, inside in districts.items()]
        whole = sum(said[role, (f"district-{pk}", "offers")] for pk in districts)
        left.append(said[role, ("city", "offers")] - whole)
        assert all(each >= 0 and each % 3 == 0 for each in left)


def test_two_of_a_quarter_are_counted_in_the_district_and_two_of_a_district_in_the_city(
    client: Client, town: list[Quarter]
) -> None:
    role = RoleFactory()
    first, second, third, _fourth = town
    for quarter in (0, 0, 1):
        listed(role, quarter=quarter)
    publish()
    told = numbers(client)
    assert told[f"quarter-{first.pk}", "offers"] == told[f"quarter-{second.pk}", "offers"] == 0
    assert told[f"district-{first.district_id}", "offers"] == told["city", "offers"] == 3
    for quarter in (0, 2, 2):
        listed(role, quarter=quarter)
    publish()
    told = numbers(client)
    assert told[f"district-{third.district_id}", "offers"] == 0
    assert told[f"district-{first.district_id}", "offers"] in (0, 3)
    assert told["city", "offers"] == 6


def test_who_looks_for_help_is_counted_by_district_and_from_three_on(
    client: Client, town: list[Quarter]
) -> None:
    visits, staff = RoleFactory(slug="besuch"), SeatFactory().user
    for _at in range(2):
        listed_request(visits, staff)
    publish()
    assert PublicWanted.objects.exists()
    told = numbers(client)
    assert told["city", "wanted"] == told[f"district-{town[0].district_id}", "wanted"] == 0
    for _at in range(2):
        listed_request(visits, staff)
    publish()
    told = numbers(client)
    assert told["city", "wanted"] == told[f"district-{town[0].district_id}", "wanted"] == 3
    assert not any(what == "wanted" for where, what in told if where.startswith("quarter"))


def test_a_role_that_is_no_longer_offered_counts_nowhere(client: Client, town: list[Quarter]) -> None:
    role = RoleFactory()
    for _at in range(3):
        listed(role)
    publish()
    assert numbers(client)["city", "offers"] == 3
    Role.objects.update(is_active=False)
    assert numbers(client)["city", "offers"] == 0
    assert client.get(QUARTERS, {"role": role.slug}).status_code == 404


READ_IN_PUBLIC = {
    *("matching_publicoffer", "matching_publicwanted", "catalogue_role"),
    *("places_district", "places_quarter"),
}


def test_no_table_is_read_that_says_who(client: Client, town: list[Quarter]) -> None:
    role = RoleFactory()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(QUARTERS, {"role": role.slug}).status_code == 200
    reading = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    tables = {name for sql in reading for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)}
    assert "matching_publicoffer" in tables
    assert tables <= READ_IN_PUBLIC


def test_the_areas_come_as_geojson_with_few_corners(client: Client, town: list[Quarter]) -> None:
    said: dict[str, Any] = client.get(QUARTERS).json()
    assert said["type"] == "FeatureCollection"
    assert [each["properties"]["name"] for each in said["features"]] == [
        name for number in range(2) for name in (f"Bezirk {number}", "Quartier 0", "Quartier 1")
    ]
    border = said["features"][1]["geometry"]
    ring = border["coordinates"][0] if border["type"] == "Polygon" else border["coordinates"][0][0]
    assert len(ring) == 5
    assert all(round(number, 5) == number for corner in ring for number in corner)
