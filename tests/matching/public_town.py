"""A small town, and helpers in it who let their cards be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from helfer.catalogue.models import Role
from helfer.helpers import actions as helper_actions
from helfer.helpers.models import HelperProfile, PublicCard
from helfer.helpers.public_cards import CardChoice, ShownName, card_of
from helfer.people.models import Channel, User
from helfer.places.models import District, Municipality, Quarter
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import UserFactory

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
EVERYTHING = CardChoice(
    name=ShownName.GIVEN_NAME,
    quarter=True,
    half_days=True,
    languages=True,
    compensation=True,
    trainings=True,
)
# The town of the tests: two districts side by side, each of two quarters, a hundredth of a degree wide.
WEST, SOUTH, STEP = 7.40, 51.50, 0.01


def build_town() -> list[Quarter]:
    """Four quarters in a row, two in each district."""
    municipality = Municipality.objects.default()
    quarters = []
    for at in range(2):
        district = District.objects.create(
            municipality=municipality, name=f"Bezirk {at}", slug=f"bezirk-{at}", area=box(2 * at, 2)
        )
        quarters += [
            Quarter.objects.create(district=district, name=f"Quartier {part}", area=box(2 * at + part, 1))
            for part in range(2)
        ]
    return quarters


def box(column: float, columns: int) -> MultiPolygon:
    west = WEST + column * STEP
    return MultiPolygon(Polygon.from_bbox((west, SOUTH, west + columns * STEP, SOUTH + STEP)), srid=4326)


def home_in(quarter: int, east: float = 0.5, north: float = 0.5) -> Point:
    return Point(WEST + (quarter + east) * STEP, SOUTH + north * STEP, srid=4326)


def account_of(helper: HelperProfile) -> User:
    return User.objects.filter(person=helper.person).first() or UserFactory(helper=True, person=helper.person)


def show(helper: HelperProfile, choice: CardChoice = EVERYTHING) -> PublicCard:
    seen = card_of(helper, choice, on=TODAY).digest
    return helper_actions.show_card(
        helper_id=helper.pk, choice=choice, seen=seen, channel=Channel.ONLINE, by=account_of(helper), at=AT
    )


def listed(role: Role, quarter: int = 0, choice: CardChoice = EVERYTHING, **more: Any) -> HelperProfile:
    place = more.pop("person__home", None) or home_in(quarter)
    helper: HelperProfile = HelperProfileFactory(active=True, roles=[role], person__home=place, **more)
    helper.person.refresh_from_db()
    show(helper, choice)
    return helper
