"""The resilience drill, as an office and the Geschäftsstelle see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helfer.matching.actions.city_drill import play_through
from helfer.matching.models import CityDrill
from helfer.people.models import CareLevel, OfficeDistrict
from tests.e2e.conftest import NewPage
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, UserFactory, tandem
from tests.factories.places import QuarterFactory, point_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_office_plays_an_outage_through(
    new_page: NewPage,
    axe_everywhere: Callable[[Page], None],
    look: Callable[[Page, str], None],
    look_everywhere: Callable[[Page, str], None],
) -> None:
    quarter = QuarterFactory(name="Nordmarkt", district__at=(0, 0), district__name="Innenstadt")
    office = OfficeFactory(name="Seniorenbüro Mitte")
    OfficeDistrict.objects.create(office=office, district=quarter.district)
    user, _other = tandem(office)
    role, home = RoleFactory(name="Besuchsdienst"), point_in(0.5, 0.5)
    helpers = [
        HelperProfileFactory(active=True, office=office, roles=[role], max_people=3, person__home=home)
        for _number in range(3)
    ]
    for number, helper in enumerate(helpers):
        seeker = HelpSeekerFactory(
            office=office,
            person__home=home,
            care_level=[CareLevel.NONE, CareLevel.FOUR, CareLevel.ONE][number],
        )
        MatchFactory(
            request=HelpRequestFactory(help_seeker=seeker, open=True, role=role, is_urgent=number == 2),
            helper=helper,
            to="active",
        )
    HelperProfileFactory(active=True, roles=[role], max_people=1, person__home=home)

    here = new_page(user)
    here.goto("/buero/ausfallprobe/")
    axe_everywhere(here)
    here.get_by_label("Wo wohnen sie?").select_option(label="Nordmarkt")
    here.get_by_label("Ab welchem Tag?").fill("1.12.2090")
    here.get_by_role("button", name="Durchspielen").click()
    expect(here.get_by_role("heading", name="Ab 1. Dezember 2090 fallen 3 Personen aus")).to_be_visible()
    expect(here.get_by_role("heading", name="Ohne Hilfe blieben")).to_be_visible()
    axe_everywhere(here)
    look_everywhere(here, "drill")
    here.get_by_role("link", name="Blatt für die Schublade").click()
    expect(here.get_by_role("heading", name="Zuerst anrufen")).to_be_visible()
    axe_everywhere(here)
    here.goto("/buero/ausfallprobe/?from_day=1.12.2090")
    expect(here.get_by_role("alert")).to_be_focused()
    axe_everywhere(here)

    city = new_page(UserFactory(coordinator=True))
    city.goto("/geschaeftsstelle/ausfallprobe/")
    axe_everywhere(city)
    city.get_by_label("Was machen sie?").select_option(label="Besuchsdienst")
    city.get_by_label("Ab welchem Tag?").fill("1.12.2090")
    city.get_by_role("button", name="Durchspielen").click()
    expect(city.get_by_role("link", name="Anhalten")).to_be_visible()
    axe_everywhere(city)
    # As soon as a worker has reckoned it, the page shows it by itself.
    play_through(drill_id=CityDrill.objects.get().pk, at=timezone.now())
    expect(city.get_by_role("heading", name="Wo Hilfe fehlen würde")).to_be_visible()
    axe_everywhere(city)
    look(city, "drill-city")
