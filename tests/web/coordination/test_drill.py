"""The resilience drill of the city: numbers and a map, nobody's name, nothing that tells of single people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helfer.catalogue.models import Role
from helfer.matching.actions.city_drill import play_through
from helfer.matching.models import CityDrill
from helfer.people.models import OfficeDistrict
from helfer.places.models import District
from tests.factories.catalogue import RoleFactory
from tests.factories.city_runs import CityDrillFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, UserFactory, sign_in
from tests.factories.places import DistrictFactory, point_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(client: Client) -> Client:
    """The browser of the Geschäftsstelle."""
    return sign_in(client, UserFactory(coordinator=True))


@pytest.fixture
def role() -> Role:
    return RoleFactory(name="Besuchsdienst")


def settle(role: Role, column: int, *, matches: int) -> District:
    """A district with an office, and so many people who are helped there, each by somebody else."""
    district = DistrictFactory(at=(column, 0), name=f"Bezirk {'ABCDE'[column]}")
    office = OfficeFactory()
    OfficeDistrict.objects.create(office=office, district=district)
    home = point_in(column + 0.5, 0.5)
    for _number in range(matches):
        seeker = HelpSeekerFactory(office=office, person__home=home, person__family_name="Hilfemann")
        helper = HelperProfileFactory(
            office=office, active=True, roles=[role], person__home=home, person__family_name="Helfermann"
        )
        request = HelpRequestFactory(help_seeker=seeker, open=True, role=role)
        MatchFactory(request=request, helper=helper, to="active")
    return district


def played(client: Client, role: Role, **more: object) -> tuple[str, dict[str, tuple[str, str]]]:
    """The page of a drill that a worker has reckoned, and what it says of each district: affected, alone."""
    asked = client.post(reverse("coordination:drill"), {"from_day": "1.12.2090", "role": role.pk} | more)
    assert asked.status_code == 303
    play_through(drill_id=CityDrill.objects.latest("pk").pk, at=timezone.now())
    answer = client.get(asked["Location"])
    assert answer.status_code == 200
    rows = answer.context.get("districts") or []
    return answer.content.decode(), {
        row["name"]: (row["loss"].affected_shown, row["loss"].alone_shown) for row in rows
    }


def test_the_city_sees_numbers_by_district_and_no_names(here: Client, role: Role) -> None:
    settle(role, 0, matches=4)
    settle(role, 2, matches=3)
    page, districts = played(here, role)
    assert districts == {"Bezirk A": ("4", "4"), "Bezirk C": ("3", "3")}
    for hidden in ("Hilfemann", "Helfermann", "A-0"):
        assert hidden not in page


def test_small_numbers_do_not_show_and_cannot_be_worked_out(here: Client, role: Role) -> None:
    settle(role, 0, matches=4)
    settle(role, 2, matches=1)
    _page, districts = played(here, role)
    assert districts == {"übrige Stadtbezirke": ("5", "5")}


def test_of_so_few_helpers_nothing_is_said(here: Client, role: Role) -> None:
    settle(role, 0, matches=2)
    page, districts = played(here, role)
    assert districts == {}
    assert "Das betrifft zu wenige" in page


def test_where_nobody_drops_out_nobody_is_affected(here: Client, role: Role) -> None:
    DistrictFactory()
    page, districts = played(here, role, open_requests="on")
    assert districts == {}
    assert "fallen 0 Personen aus" in page


def test_people_cannot_be_chosen_by_name(here: Client, role: Role) -> None:
    settle(role, 0, matches=3)
    page = here.get(reverse("coordination:drill")).content.decode()
    assert 'name="helpers"' not in page
    assert "Helfermann" not in page
    refused = here.post(reverse("coordination:drill"), {"from_day": "1.12.2090"})
    assert refused.status_code == 422
    assert "Bitte wählen Sie, wer ausfällt" in refused.content.decode()


def test_the_page_says_how_far_it_is_and_comes_again_without_scripts(here: Client) -> None:
    asked = CityDrillFactory(requested_at=timezone.now())
    address = reverse("coordination:drill_result", kwargs={"pk": asked.pk})
    page = here.get(address).content.decode()
    assert "Die Probe beginnt gleich." in page
    assert '<noscript><meta http-equiv="refresh"' in page
    CityDrill.objects.update(requested_at=timezone.now() - timedelta(minutes=1))
    assert "wartet, bis die Warteschlange wieder antwortet" in here.get(address).content.decode()
    stopped = here.post(reverse("coordination:drill_stop", kwargs={"pk": asked.pk}), follow=True)
    assert "Diese Probe wurde angehalten" in stopped.content.decode()
    assert "refresh" not in here.get(address).content.decode()
    assert address in here.get(reverse("coordination:drill")).content.decode()
