"""The „Vorschlagslauf“ of the Geschäftsstelle: to be read, in numbers that tell of nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from helfer.matching.models import CityRun, RunState
from helfer.people.models import OfficeDistrict
from helfer.places.models import District
from tests.factories.city_runs import CityRunFactory, SuggestionFactory, UnservedFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory
from tests.factories.places import DistrictFactory, point_in

from .conftest import at

pytestmark = pytest.mark.django_db


def wait_in(run: CityRun, column: int, *, served: int, unserved: int) -> District:
    """A district with an office and so many requests that the run looked at."""
    district = DistrictFactory(at=(column, 0), name=f"Bezirk {'ABCDE'[column]}")
    office = OfficeFactory()
    OfficeDistrict.objects.create(office=office, district=district)
    for number in range(served + unserved):
        seeker = HelpSeekerFactory(
            office=office, person__home=point_in(column + 0.5, 0.5), person__family_name="Hilfemann"
        )
        made = SuggestionFactory if number < served else UnservedFactory
        made(run=run, request=HelpRequestFactory(help_seeker=seeker, open=True))
    CityRun.objects.filter(pk=run.pk).update(
        requests=run.suggestions.count() + run.unserved.count(), served=run.suggestions.count()
    )
    return district


def said(client: Client, run: CityRun) -> tuple[str, dict[str, tuple[str, str]]]:
    """The page, and what it says of each district: requests, without a suggestion."""
    answer = client.get(at("city_run", pk=run.pk))
    assert answer.status_code == 200
    rows = answer.context.get("districts") or []
    return answer.content.decode(), {
        row["name"]: (row["loss"].affected_shown, row["loss"].alone_shown) for row in rows
    }


def test_the_city_reads_numbers_by_district_and_why(here: Client) -> None:
    run = CityRunFactory()
    wait_in(run, 0, served=4, unserved=3)
    wait_in(run, 2, served=5, unserved=0)
    page, districts = said(here, run)
    assert districts == {"Bezirk A": ("7", "3"), "Bezirk C": ("5", "0")}
    assert "zu weit weg" in page
    for hidden in ("Hilfemann", "A-0", "Übernehmen", "<form method"):
        assert hidden not in page


def test_small_numbers_do_not_show_and_cannot_be_worked_out(here: Client) -> None:
    run = CityRunFactory()
    wait_in(run, 0, served=4, unserved=1)
    wait_in(run, 2, served=1, unserved=1)
    page, districts = said(here, run)
    assert districts == {"übrige Stadtbezirke": ("7", "unter 3")}
    assert "zu weit weg" not in page
    (row,) = here.get(at("city_runs")).context["rows"]
    assert (row["loss"].affected_shown, row["loss"].alone_shown) == ("7", "unter 3")


def test_the_list_names_every_offices_runs_and_starts_none(here: Client) -> None:
    CityRunFactory(office=OfficeFactory(name="Seniorenbüro Hafen"), by=None)
    CityRunFactory(by=None)
    page = here.get(at("city_runs")).content.decode()
    assert "Seniorenbüro Hafen" in page
    assert "ganze Stadt" in page
    assert "Vorschläge rechnen" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RunState.FAILED, "leider nicht fertig geworden"),
        (RunState.STOPPED, "Dieser Lauf wurde angehalten"),
        (RunState.DONE, "Es wartete niemand"),
    ],
)
def test_run_that_found_nothing_says_why(here: Client, state: RunState, words: str) -> None:
    page, districts = said(here, CityRunFactory(state=state, requests=0, served=0))
    assert districts == {}
    assert words in page


def test_run_under_way_says_how_far_it_is_with_and_without_scripts(here: Client) -> None:
    run = CityRunFactory(under_way=True, requests=40, done=13)
    page, _districts = said(here, run)
    assert "13 von 40 Anfragen durchsucht" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-select="#stand"' in page
    CityRun.objects.filter(pk=run.pk).update(state=RunState.STOPPED, finished_at=run.requested_at)
    assert "hx-get" not in said(here, run)[0].split('id="stand"')[1].split(">")[0]
