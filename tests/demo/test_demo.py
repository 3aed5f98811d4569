"""The made-up city: complete, lawful, and the same again."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from helfer.catalogue.models import Role
from helfer.demo.city import draw_city
from helfer.demo.load import is_loaded, load
from helfer.demo.management.commands.demo import current_code
from helfer.demo.staff import HELPER, MAIN_OFFICE, PASSWORD, SEEKER, STAFF, has_second_factor, secret_of
from helfer.help_requests.models import RequestState
from helfer.matching.desk import desk_of
from helfer.matching.lifecycle import RUNNING, MatchState
from helfer.matching.models import Match
from helfer.people.models import Office, User
from helfer.places.models import District, Quarter
from helfer.places.search import find_address
from tests.kept_world import kept_world

# In one worker, so that the demo is loaded once.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


def test_the_city_is_the_same_again_and_its_quarters_neither_gap_nor_overlap() -> None:
    city, again = draw_city(), draw_city()
    assert city.houses == again.houses
    areas = [area for _district, area in city.quarters.values()]
    whole = sum(area.area for area in city.districts.values())
    assert sum(area.area for area in areas) == pytest.approx(whole)
    overlap = sum(one.intersection(other).area for i, one in enumerate(areas) for other in areas[:i])
    assert overlap < whole * 1e-9


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The demo, somewhat smaller, loaded once for this module and rolled back after it."""
    with kept_world(django_db_blocker):
        call_command("load_catalogue", stdout=StringIO())
        now = timezone.now()
        load(now=now, say=lambda sentence: None, scale=0.6)
        yield now


def test_every_state_is_there_and_every_running_match_is_lawful(demo: datetime) -> None:
    assert District.objects.filter(municipality__key="05999000").count() == 12
    assert Quarter.objects.filter(district__municipality__key="05999000").count() == 40
    assert {match.state for match in Match.objects.all()} == set(MatchState.values)
    for match in Match.objects.filter(state__in=RUNNING).prefetch_related("signatures"):
        assert match.helper_consent_id and match.seeker_consent_id
        assert len({signature.user_id for signature in match.signatures.all()}) == match.signatures_required
    assert is_loaded()


def test_the_main_tandem_has_something_on_every_pile_that_a_visitor_should_see(demo: datetime) -> None:
    user = User.objects.get(email=STAFF[0].email)
    desk = desk_of(user, on=demo.date())
    for pile in (
        "overdue_check_ins",
        "to_sign",
        "to_agree",
        "first_contacts",
        "submitted_requests",
        "deaths_to_confirm",
    ):
        assert getattr(desk, pile).exists(), pile
    states = set(Office.objects.get(slug=MAIN_OFFICE.lower()).requests.values_list("state", flat=True))
    assert {RequestState.OPEN, RequestState.MATCHED, RequestState.SUBMITTED} <= states


def test_everybody_the_demo_names_can_sign_in(demo: datetime) -> None:
    for account in STAFF:
        user = authenticate(None, username=account.email, password=PASSWORD)
        assert user is not None, account.email
        assert has_second_factor(User.objects.get(email=account.email))
        assert len(current_code(account.email)) == 6
    assert secret_of(STAFF[0].email) != secret_of(STAFF[1].email)
    for account in (HELPER, SEEKER):
        assert not User.objects.get(email=account.email).has_usable_password()


def test_the_second_factor_comes_as_the_demo_says() -> None:
    told = StringIO()
    call_command("demo", how_to_sign_in=True, stdout=told)
    (command,) = re.findall(r"Zweiter Faktor:  (.+) E-MAIL", told.getvalue())
    # Typed in another terminal, which has none of what `make run` sets for its own.
    asked = subprocess.run(
        f"{command} {STAFF[0].email}",
        shell=True,
        check=False,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert re.fullmatch(r"[0-9]{6}\n", asked.stdout), asked.stderr


def test_a_demo_address_is_found_at_its_house(demo: datetime) -> None:
    house = draw_city().houses[100]
    found = find_address(
        street=house.street, house_number=f"{house.number}{house.suffix}", town="Auenbrück"
    ).found
    assert found is not None
    assert (round(found.point.x, 6), round(found.point.y, 6)) == (round(house.lon, 6), round(house.lat, 6))


def test_it_uses_the_default_catalogue(demo: datetime) -> None:
    assert Role.objects.get(slug="besuch").required_trainings.filter(slug="einfuehrung").exists()
