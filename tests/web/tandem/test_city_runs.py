"""The „Vorschlagslauf“: started, watched, read, and decided suggestion by suggestion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from helfer.help_requests.models import HelpRequest
from helfer.matching.actions.city_run import compute_run
from helfer.matching.models import CityRun, Match, RunState, Suggestion, SuggestionState
from helfer.people.models import Kind, Office, User
from tests.factories.catalogue import CompensationModelFactory
from tests.factories.city_runs import CityRunFactory, SuggestionFactory, UnservedFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory, PauseFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, point_near
from tests.factories.places import QuarterFactory

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def run(office: Office, city: User) -> CityRun:
    return CityRunFactory(office=office, by=city)


@pytest.fixture
def suggest(office: Office, run: CityRun) -> Callable[..., Suggestion]:
    """A suggestion of this run for a request of this office."""

    def suggested(**fields: object) -> Suggestion:
        request = HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), open=True)
        return SuggestionFactory(**({"run": run, "request": request} | fields))

    return suggested


def page(client: Client, name: str, **where: object) -> str:
    answer = client.get(at(name, **where))
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_press_starts_a_run_of_the_own_office(here: Client, office: Office, on_monday: datetime) -> None:
    wanted = HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), open=True)
    HelperProfileFactory(active=True, office=office, roles=[wanted.role])
    assert "Es wird nichts vermittelt. Sie entscheiden." in page(here, "city_runs")
    answer = here.post(at("city_run_start"), {"scope": office.pk})
    run = CityRun.objects.get()
    assert answer.url == at("city_run", pk=run.pk)
    assert "0 von 1 Anfragen durchsucht" in page(here, "city_run", pk=run.pk)
    compute_run(run_id=run.pk, at=on_monday)
    assert "bekommt einen Vorschlag" in page(here, "city_run", pk=run.pk)
    assert not Match.objects.exists()


def test_second_run_of_the_same_office_is_refused_in_words(here: Client, office: Office) -> None:
    CityRunFactory(office=office, under_way=True)
    assert "Hierfür wird gerade gerechnet." in page(here, "city_runs")
    answer = here.post(at("city_run_start"), {"scope": office.pk})
    assert answer.status_code == 409
    assert "Dafür läuft gerade schon ein Vorschlagslauf." in answer.content.decode()


def test_whole_city_is_started_by_the_geschaeftsstelle_alone(here: Client, city: User) -> None:
    assert here.post(at("city_run_start"), {"scope": "stadt"}).status_code == 422
    city.kinds = [*city.kinds, Kind.COORDINATOR]
    city.save()
    assert here.post(at("city_run_start"), {"scope": "stadt"}).status_code == 303
    assert CityRun.objects.get().office is None


def test_run_under_way_says_how_far_it_is_and_can_be_stopped(here: Client, office: Office) -> None:
    run = CityRunFactory(office=office, under_way=True, requests=40, done=13)
    text = page(here, "city_run", pk=run.pk)
    assert "13 von 40 Anfragen durchsucht" in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "13 von 40" in page(here, "city_run_progress", pk=run.pk)
    assert here.post(at("city_run_stop", pk=run.pk)).status_code == 303
    assert "Dieser Lauf wurde angehalten" in page(here, "city_run", pk=run.pk)
    assert here.get(at("city_run_progress", pk=run.pk))["HX-Redirect"] == at("city_run", pk=run.pk)


def test_run_that_hears_no_queue_or_fails_says_so_kindly(
    here: Client, office: Office, on_monday: datetime
) -> None:
    waiting = CityRunFactory(
        office=office,
        state=RunState.QUEUED,
        finished_at=None,
        requested_at=on_monday - timedelta(minutes=2),
    )
    assert "bis die Warteschlange wieder antwortet" in page(here, "city_run", pk=waiting.pk)
    failed = CityRunFactory(office=office, state=RunState.FAILED)
    assert "leider nicht fertig geworden" in page(here, "city_run", pk=failed.pk)
    for part in ("city_run_unserved", "city_run_comparison"):
        assert here.get(at(part, pk=failed.pk)).url == at("city_run", pk=failed.pk)


def test_one_press_takes_a_suggestion_over_and_leads_back_to_the_list(
    here: Client, suggest: Callable[..., Suggestion]
) -> None:
    suggestion = suggest()
    sent = {"back_to": "urgent=on", "form_key": "k"}
    answers = [here.post(at("suggestion", pk=suggestion.pk), sent) for _press in range(2)]
    listed = at("city_run", pk=suggestion.run_id) + "?urgent=on"
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, listed)] * 2
    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.TAKEN
    assert Match.objects.get() == suggestion.match


def test_row_is_exchanged_in_its_place(here: Client, suggest: Callable[..., Suggestion]) -> None:
    taken, dismissed = suggest(), suggest()
    address = at("suggestion", pk=taken.pk)
    assert here.post(address, {"back_to": ""}, **HTMX).url == address
    row = here.get(address, **HTMX).content.decode()
    assert "übernommen" in row
    assert "<html" not in row
    answer = here.post(at("suggestion_dismiss", pk=dismissed.pk), {"back_to": ""}, **HTMX)
    assert "zurückgelegt" in here.get(answer.url, **HTMX).content.decode()
    again = here.post(address, {"back_to": ""}, **HTMX)
    assert again.status_code == 409
    assert "Über diesen Vorschlag ist schon entschieden." in again.content.decode()


def test_with_several_models_a_person_chooses(here: Client, suggest: Callable[..., Suggestion]) -> None:
    suggestion = suggest()
    other = CompensationModelFactory(slug="auslagen")
    for each in (suggestion.helper, suggestion.request.role):
        each.compensation_models.add(other)
    suggestion.request.compensation_models.set(suggestion.helper.compensation_models.all())
    address = at("suggestion", pk=suggestion.pk)
    assert "Übernehmen …" in page(here, "city_run", pk=suggestion.run_id)
    assert here.post(address, {"starts_on": "1.12.2026"}).status_code == 422
    assert here.post(address, {"back_to": ""}, **HTMX)["HX-Redirect"] == address
    answer = here.post(address, {"starts_on": "1.12.2026", "compensation_model": other.pk})
    match = Match.objects.get()
    assert (match.compensation_model, match.starts_on) == (other, date(2026, 12, 1))
    assert answer.url == at("match", pk=match.pk)


def test_gate_that_has_closed_since_is_said_and_refuses(
    here: Client, suggest: Callable[..., Suggestion]
) -> None:
    suggestion = suggest()
    PauseFactory(helper=suggestion.helper, from_day=date(2026, 11, 20), until_day=date(2026, 12, 24))
    text = page(here, "city_run", pk=suggestion.run_id)
    assert "geht nicht mehr" in text
    assert "Macht Pause und ist am 24.12.2026 wieder da." in text
    assert here.post(at("suggestion", pk=suggestion.pk), {"back_to": ""}).status_code == 422
    assert not Match.objects.exists()


def test_request_that_found_somebody_since_is_no_longer_to_be_decided(
    here: Client, suggest: Callable[..., Suggestion]
) -> None:
    suggestion = suggest()
    MatchFactory(request=suggestion.request)
    assert "Über alle Vorschläge ist entschieden" in page(here, "city_run", pk=suggestion.run_id)
    everything = here.get(at("city_run", pk=suggestion.run_id) + "?state=all").content.decode()
    assert "Hat sich erledigt." in everything
    assert "Hat sich erledigt." in page(here, "suggestion", pk=suggestion.pk)


def test_of_another_offices_helper_one_reads_first_name_district_and_distance(
    here: Client, suggest: Callable[..., Suggestion]
) -> None:
    lent = suggest()
    far = HelperProfileFactory(
        active=True,
        roles=[lent.request.role],
        person__given_name="Ole",
        person__family_name="Fernmann",
        person__home=point_near(east_m=300),
    )
    Suggestion.objects.filter(pk=lent.pk).update(helper=far)
    pages = [page(here, "city_run", pk=lent.run_id), page(here, "suggestion", pk=lent.pk)]
    pages.append(page(here, "city_run_comparison", pk=lent.run_id))
    for text in pages[:2]:
        assert "Ole" in text
        assert "entfernt" in text
        assert "Hilft zurzeit" not in text
    for text in pages:
        for hidden in ("Fernmann", far.number, far.person.phone.as_national, far.person.street):
            assert hidden not in text
    PauseFactory(helper=far, from_day=date(2026, 11, 20), until_day=date(2026, 12, 24))
    text = page(here, "city_run", pk=lent.run_id)
    assert "Diese Person kommt für die Anfrage nicht mehr in Frage." in text
    assert "Pause" not in text


def test_city_run_shows_each_office_its_own_requests(
    here: Client, elsewhere: Client, suggest: Callable[..., Suggestion]
) -> None:
    suggestion = suggest(run=CityRunFactory(requests=70, served=59))
    name = suggestion.request.help_seeker.person.family_name
    ours, theirs = (page(client, "city_run", pk=suggestion.run_id) for client in (here, elsewhere))
    assert name in ours
    assert "von 70 Anfragen 59" in ours
    assert name not in theirs
    assert "Für Ihr Büro wartete keine Anfrage" in theirs


def test_unserved_requests_say_why_and_lead_to_what_would_help(
    here: Client, office: Office, run: CityRun
) -> None:
    quarter = QuarterFactory(name="Hafeninsel")
    seeker = HelpSeekerFactory(office=office, person__home=quarter.inner_point)
    left = UnservedFactory(run=run, request=HelpRequestFactory(help_seeker=seeker, open=True))
    UnservedFactory(
        run=run, request=HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), open=True), gates={}
    )
    text = page(here, "city_run_unserved", pk=run.pk)
    assert "3 × zu weit weg" in text
    assert "In der Nähe bietet das sonst niemand an" in text
    assert at("candidates", pk=left.request_id) in text
    assert "Hafeninsel, 1 Anfrage ohne Vorschlag" in text
    only = here.get(at("city_run_unserved", pk=run.pk) + f"?quarter={quarter.pk}&gate=distance")
    assert [row["left"] for row in only.context["rows"]] == [left]


def test_comparison_adds_what_still_waits_to_what_runs(
    here: Client, office: Office, suggest: Callable[..., Suggestion]
) -> None:
    helper = HelperProfileFactory(active=True, office=office, max_people=3)
    request = HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), open=True)
    MatchFactory(helper=helper, request=request, to="active")
    suggestion = suggest(helper=helper)
    compared = here.get(at("city_run_comparison", pk=suggestion.run_id)).context["compared"]
    assert (compared.now.running, compared.then.running) == (1, 2)
    assert (compared.now.waiting, compared.then.waiting) == (1, 0)
    (load,) = compared.loads
    assert (load.now, load.then, load.at_most) == (1, 2, 3)


def test_page_takes_as_many_queries_for_ten_rows_as_for_two(
    here: Client, suggest: Callable[..., Suggestion]
) -> None:
    """Every pair on a page is asked again, all of them at once."""
    first, _second = suggest(), suggest()
    address = at("city_run", pk=first.run_id)
    few = queries_of(here, address)
    for _each in range(8):
        suggest()
    assert queries_of(here, address) == few
    assert page(here, "city_run", pk=first.run_id).count("Übernehmen") >= 10


def test_desk_leads_to_what_the_latest_run_suggests(here: Client, suggest: Callable[..., Suggestion]) -> None:
    earlier = suggest(run=CityRunFactory(requested_at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC)))
    latest = suggest()
    desk = page(here, "desk")
    assert "Vorschläge des letzten Laufs (1)" in desk
    assert at("suggestion", pk=latest.pk) in desk
    assert at("suggestion", pk=earlier.pk) not in desk
    assert here.post(at("suggestion_dismiss", pk=latest.pk)).status_code == 303
    assert "Vorschläge des letzten Laufs" not in page(here, "desk")


def test_old_run_says_so(here: Client, suggest: Callable[..., Suggestion]) -> None:
    suggestion = suggest(run=CityRunFactory(on=date(2026, 11, 20)))
    assert "Dieser Lauf ist nicht von heute" in page(here, "city_run", pk=suggestion.run_id)


def test_foreign_requests_are_decided_by_nobody_here(here: Client) -> None:
    foreign = SuggestionFactory(run=CityRunFactory(office=OfficeFactory()))
    wanted: HelpRequest = foreign.request
    for name, pk in (("city_run", foreign.run_id), ("suggestion", foreign.pk)):
        assert here.get(at(name, pk=pk)).status_code == 404
    for name in ("suggestion", "suggestion_dismiss"):
        assert here.post(at(name, pk=foreign.pk)).status_code == 404
    assert not Match.objects.filter(request=wanted).exists()
