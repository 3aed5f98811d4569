"""The „Vorschlagslauf“ in a real browser: by keyboard, in its place, and without barriers at every stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helfer.core.days import berlin_day
from helfer.matching.actions.city_run import compute_run
from helfer.matching.models import CityRun, RunState, SuggestionState
from helfer.people.models import Office, User
from tests.factories.city_runs import CityRunFactory, SuggestionFactory, UnservedFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory, PauseFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, tandem
from tests.factories.places import QuarterFactory

pytestmark = pytest.mark.e2e
Axe = Callable[[Page], None]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return OfficeFactory(name="Seniorenbüro Mitte")


@pytest.fixture
def city(office: Office) -> User:
    return tandem(office)[0]


@pytest.fixture
def run(office: Office, city: User) -> CityRun:
    """A run with something of everything."""
    run = CityRunFactory(office=office, by=city)
    quarter = QuarterFactory(name="Hafeninsel")
    served, closed = (SuggestionFactory(run=run, request=wanted(office)) for _each in range(2))
    PauseFactory(helper=closed.helper, from_day=berlin_day(datetime.now(UTC)), until_day=None)
    SuggestionFactory(
        run=run, request=wanted(office, is_urgent=True), helper=HelperProfileFactory(active=True)
    )
    home = {"help_seeker": HelpSeekerFactory(office=office, person__home=quarter.inner_point)}
    UnservedFactory(run=run, request=wanted(office, **home))
    assert served.state == SuggestionState.OPEN
    return run


def wanted(office: Office, **fields: Any) -> Any:
    """A request of this office that waits."""
    return HelpRequestFactory(**({"help_seeker": HelpSeekerFactory(office=office), "open": True} | fields))


def test_no_stage_of_a_run_has_barriers(
    office: Office, city: User, run: CityRun, new_page: Any, axe_everywhere: Axe
) -> None:
    page = new_page(city)
    under_way = CityRunFactory(office=office, under_way=True, requests=40, done=13)
    failed = CityRunFactory(office=office, state=RunState.FAILED)
    parts = [f"{run.pk}/", f"{run.pk}/?state=all", f"{run.pk}/ohne-vorschlag/", f"{run.pk}/vergleich/"]
    for part in ["", "starten/", *parts, f"{under_way.pk}/", f"{failed.pk}/"]:
        answer = page.goto(f"/buero/vorschlagslauf/{part}")
        assert answer.status == 200, part
        axe_everywhere(page)


def test_suggestion_is_taken_by_keyboard_and_the_row_stays_in_its_place(
    office: Office, city: User, new_page: Any, axe_everywhere: Axe
) -> None:
    run = CityRunFactory(office=office, by=city)
    first, second = (SuggestionFactory(run=run, request=wanted(office)) for _each in range(2))
    page = new_page(city)
    page.goto(f"/buero/vorschlagslauf/{run.pk}/")
    row = page.locator(f"#vorschlag-{first.pk}")
    row.get_by_role("button", name="Übernehmen").focus()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("übernommen")
    expect(row.get_by_role("link", name="Jetzt beide Seiten fragen")).to_be_focused()
    other = page.locator(f"#vorschlag-{second.pk}")
    other.get_by_role("button", name="Zurücklegen").press("Enter")
    expect(other).to_contain_text("zurückgelegt")
    axe_everywhere(page)
    for suggestion, state in ((first, SuggestionState.TAKEN), (second, SuggestionState.DISMISSED)):
        suggestion.refresh_from_db()
        assert suggestion.state == state


def test_page_that_watches_a_run_turns_to_its_result(office: Office, city: User, new_page: Any) -> None:
    request = wanted(office)
    HelperProfileFactory(active=True, office=office, roles=[request.role])
    page = new_page(city)
    page.goto("/buero/vorschlagslauf/")
    page.get_by_role("button", name="Vorschläge rechnen").click()
    expect(page.get_by_label("0 von 1 Anfragen durchsucht")).to_be_visible()
    compute_run(run_id=CityRun.objects.get().pk, at=datetime.now(UTC))
    expect(page.get_by_text("bekommt einen Vorschlag")).to_be_visible()


def test_everything_works_without_scripts(office: Office, city: User, run: CityRun, new_page: Any) -> None:
    page = new_page(city, java_script_enabled=False)
    page.goto(f"/buero/vorschlagslauf/{run.pk}/")
    page.get_by_role("button", name="Übernehmen").first.click()
    expect(page.get_by_text("Der Vorschlag ist angelegt. Jetzt fragen Sie beide Seiten.")).to_be_visible()
    assert run.suggestions.filter(state=SuggestionState.TAKEN).count() == 1
