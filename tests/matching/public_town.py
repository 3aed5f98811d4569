"""A small town, helpers in it who let their cards be shown, and requests that are read in public."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from helfer.catalogue.models import Role
from helfer.help_requests import actions as request_actions
from helfer.help_requests.listings import listing_of
from helfer.help_requests.models import HelpRequest, RequestListing, RequestState
from helfer.helpers import actions as helper_actions
from helfer.helpers.models import HelperProfile, PublicCard
from helfer.helpers.public_cards import CardChoice, ShownName, card_of
from helfer.people.models import Channel, Office, User
from helfer.places.models import District, Municipality, Quarter
from tests.factories.help_requests import HelpRequestFactory
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


def office_of(staff: User) -> Office:
    return Office.objects.of_tandem(staff).get()


def asked(role: Role, staff: User, quarter: int = 0, **more: Any) -> HelpRequest:
    request: HelpRequest = HelpRequestFactory(
        state=RequestState.OPEN,
        role=role,
        office=office_of(staff),
        help_seeker__person__home=home_in(quarter),
        help_seeker__office=office_of(staff),
        **more,
    )
    return HelpRequest.objects.select_related("help_seeker__person__district", "role").get(pk=request.pk)


def listed_request(role: Role, staff: User, quarter: int = 0, **more: Any) -> HelpRequest:
    request = asked(role, staff, quarter, **more)
    say_yes(request, staff)
    return request


def say_yes(request: HelpRequest, staff: User) -> RequestListing:
    contents = listing_of(request)
    assert contents is not None
    return request_actions.list_request(
        request_id=request.pk, seen=contents.digest, channel=Channel.PHONE, by=staff, at=AT
    )
