"""The city-wide run: what it looks at, what it finds, what people make of it, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from helfer.core.errors import Conflict, NotAllowed, NotEligible
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile
from helfer.matching import city_wide
from helfer.matching.actions import city_run
from helfer.matching.actions.city_run import compute_run, start_nightly_runs, start_run, stop_run
from helfer.matching.actions.city_run_suggestions import (
    dismiss_suggestion,
    possible_models,
    take_suggestion,
)
from helfer.matching.assignment import assign
from helfer.matching.candidates.edges import edges
from helfer.matching.city_wide import figures_by_district, in_chunks, waiting_requests
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import CityRun, CityRunChunk, RunState, Suggestion, SuggestionState, Unserved
from helfer.people.models import CareLevel, Kind, User
from helfer.places.models import District
from tests.factories.catalogue import CompensationModelFactory, LandRuleFactory, RoleFactory
from tests.factories.helpers import PauseFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import OfficeFactory, UserFactory, point_near, tandem
from tests.matching.conftest import Desk

pytestmark = pytest.mark.django_db

Run = Callable[..., CityRun]


@pytest.fixture
def run(desk: Desk, today: date, now: datetime) -> Run:
    """Asks for a run of the desk's office and computes it."""

    def started(**fields: object) -> CityRun:
        wanted = {"by": desk.city, "office": desk.office, "on": today, "at": now} | fields
        return compute_run(run_id=start_run(**wanted).pk, at=now)  # type: ignore[arg-type]

    return started


@pytest.fixture
def coordinator() -> User:
    user: User = UserFactory(kinds=[Kind.COORDINATOR])
    return user


def pairs(run: CityRun) -> set[tuple[int, int]]:
    return set(run.suggestions.values_list("request", "helper"))


def gates(run: CityRun) -> dict[int, dict[str, int]]:
    return dict(run.unserved.values_list("request", "gates"))


def test_two_are_served_where_greed_would_serve_one(desk: Desk, run: Run) -> None:
    """The nearest helper of both is the only one of the second."""
    farther = desk.another_helper(person__home=point_near(1500), max_people=1)
    HelperProfile.objects.filter(pk=desk.helper.pk).update(max_people=1)
    second = desk.another_request(max_distance_m=1000)
    found = run()
    assert (found.state, found.requests, found.served, found.done) == (RunState.DONE, 2, 2, 2)
    assert pairs(found) == {(desk.request.pk, farther.pk), (second.pk, desk.helper.pk)}
    assert found.total_score == sum(found.suggestions.values_list("score", flat=True))
    assert Decimal(0) < found.total_score < 2
    assert not CityRunChunk.objects.exists()


def test_a_helper_gets_no_more_than_the_free_places(desk: Desk, run: Run) -> None:
    """Two places, one of them in use; the urgent request gets the one that is left."""
    MatchFactory(helper=desk.helper, request__role=desk.role, to=MatchState.ACTIVE)
    urgent = desk.another_request(is_urgent=True)
    found = run()
    assert pairs(found) == {(urgent.pk, desk.helper.pk)}
    assert (found.urgent, found.urgent_served) == (1, 1)
    assert gates(found) == {desk.request.pk: {"taken": 1}}


def test_places_under_relief_are_kept(desk: Desk, run: Run) -> None:
    """The Land allows two people in all: one is served so already, and of two more one is suggested."""
    relief = CompensationModelFactory(slug="entlastungsbetrag")
    LandRuleFactory(max_people=2)
    desk.role.compensation_models.add(relief)
    helper = desk.another_helper(
        max_people=5, compensation_models=[relief], person__birth_year=1980, person__home=point_near(300)
    )
    seeker = {"help_seeker__care_level": CareLevel.TWO}
    served = desk.another_request(compensation_models=[relief], **seeker)
    MatchFactory(request=served, helper=helper, compensation_model=relief, to=MatchState.ACTIVE)
    asking = [desk.another_request(compensation_models=[relief], **seeker) for _ in range(2)]
    # The person who is served so already takes no further place under § 45b.
    again = desk.another_request(compensation_models=[relief], help_seeker=served.help_seeker)
    HelpRequest.objects.filter(pk=desk.request.pk).update(state=RequestState.ON_HOLD)
    found = run()
    assert found.requests == 3
    assert found.served == 2
    assert (again.pk, helper.pk) in pairs(found)
    (left,) = gates(found)
    assert left in {request.pk for request in asking}
    assert gates(found)[left]["taken"] == 1


def test_only_requests_that_wait_are_looked_at(desk: Desk, today: date) -> None:
    for fields in ({"state": RequestState.ON_HOLD}, {"named_helper": desk.helper}):
        HelpRequest.objects.filter(pk=desk.another_request().pk).update(**fields)
    desk.another_request(open=False)
    proposed = desk.another_request()
    MatchFactory(request=proposed, helper=desk.another_helper())
    # A match that was withdrawn does not matter.
    MatchFactory(request=desk.request, helper=desk.another_helper(), to=MatchState.WITHDRAWN)
    assert set(waiting_requests()) == {desk.request}
    elsewhere = desk.another_request(help_seeker__office=OfficeFactory())
    assert set(waiting_requests()) == {desk.request, elsewhere}
    assert set(waiting_requests(office=desk.office)) == {desk.request}


def test_unserved_requests_say_what_stands_in_the_way(desk: Desk, run: Run) -> None:
    HelperProfile.objects.filter(pk=desk.helper.pk).update(languages=["tr"])
    PauseFactory(helper=desk.another_helper(person__home=point_near(500)))
    desk.another_helper(person__home=point_near(15_000))
    desk.another_helper(person__home=point_near(25_000))
    found = run()
    assert gates(found) == {desk.request.pk: {"language": 1, "state": 1, "distance": 1}}
    assert found.unserved_count == 1


def test_part_by_part_is_the_same_optimum(
    desk: Desk, run: Run, today: date, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        desk.another_helper(person__home=point_near(200 + 250 * number), max_people=1 + number % 2)
        desk.another_request(max_distance_m=600 + 300 * number, is_urgent=number % 3 == 0)
    whole = run()
    monkeypatch.setattr(city_wide, "REQUESTS_IN_A_CHUNK", 2)
    again = start_run(by=desk.city, office=desk.office, on=today, at=now)
    assert again.chunks.count() == 4
    # In whatever order they are done, and each of them twice.
    for chunk_id in list(again.chunks.order_by("-pk").values_list("pk", flat=True)) * 2:
        city_run.compute_chunk(chunk_id=chunk_id, at=now)
    for _ in range(2):
        city_run.solve_run(run_id=again.pk, at=now)
    again.refresh_from_db()
    assert again.state == RunState.DONE
    assert pairs(again) == pairs(whole)
    assert gates(again) == gates(whole)
    assert (again.served, again.total_score, again.done) == (whole.served, whole.total_score, again.requests)


def test_districts_are_searched_apart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city_wide, "REQUESTS_IN_A_CHUNK", 3)
    more = [desk.another_request().pk for _ in range(3)]
    chunks = in_chunks(waiting_requests())
    assert [len(chunk) for chunk in chunks] == [3, 1]
    assert sorted(pk for chunk in chunks for pk in chunk) == sorted([desk.request.pk, *more])


def test_of_roles_at_a_distance_as_many_candidates_are_enough_as_there_are_requests(
    desk: Desk, today: date
) -> None:
    """Everybody comes into question for everybody; who is full already does not crowd out who is free."""
    role = RoleFactory(at_a_distance=True)
    requests = [desk.another_request(role=role, times=["mo-vm"] * number).pk for number in range(3)]
    full = desk.another_helper(roles=[role], max_people=1)
    served = HelpRequest.objects.get(pk=requests[0]).help_seeker
    MatchFactory(request=desk.another_request(help_seeker=served), helper=full, to=MatchState.ACTIVE)
    for number in range(8):
        desk.another_helper(
            roles=[role], times=["mo-vm"] * (number % 2), person__home=point_near(number * 9000)
        )
    every, best = edges(on=today, request_ids=requests), edges(on=today, request_ids=requests, most=3)
    assert (len(every), len(best)) == (9 + 4 + 4, 3 + 3 + 3)
    assert full.pk in every.helper_ids and full.pk not in best.helper_ids
    whole, cut = (assign(city_wide.with_places(pairs, urgent=[])) for pairs in (every, best))
    assert whole.served == cut.served == 3
    assert whole.total_score == cut.total_score


def test_nothing_is_shown_of_a_run_that_is_not_done(desk: Desk, today: date, now: datetime) -> None:
    waiting = start_run(by=desk.city, office=desk.office, on=today, at=now)
    assert city_run.solve_run(run_id=waiting.pk, at=now).state == RunState.QUEUED
    for chunk in waiting.chunks.all():
        city_run.compute_chunk(chunk_id=chunk.pk, at=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done) == (RunState.RUNNING, 1)
    assert not Suggestion.objects.exists()
    assert not Unserved.objects.exists()


def test_a_stopped_run_stays_stopped(desk: Desk, today: date, now: datetime) -> None:
    waiting = start_run(by=desk.city, office=desk.office, on=today, at=now)
    (chunk,) = waiting.chunks.all()
    with pytest.raises(NotAllowed):
        stop_run(run_id=waiting.pk, by=UserFactory(kinds=[Kind.TANDEM]), at=now)
    assert stop_run(run_id=waiting.pk, by=desk.association, at=now).finished_at == now
    city_run.compute_chunk(chunk_id=chunk.pk, at=now)
    assert compute_run(run_id=waiting.pk, at=now).state == RunState.STOPPED
    assert not Suggestion.objects.exists()
    with pytest.raises(Conflict, match="schon zu Ende"):
        stop_run(run_id=waiting.pk, by=desk.city, at=now)


def test_one_run_of_a_place_at_a_time(desk: Desk, run: Run, today: date, now: datetime) -> None:
    start_run(by=desk.city, office=desk.office, on=today, at=now)
    with pytest.raises(Conflict, match="gerade schon"):
        start_run(by=desk.association, office=desk.office, on=today, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CityRun.objects.create(office=desk.office, on=today, requested_at=now, touched_at=now)
    assert start_run(by=None, office=None, on=today, at=now).office is None


def test_an_empty_city_is_done_at_once(desk: Desk, run: Run) -> None:
    HelpRequest.objects.update(state=RequestState.ON_HOLD)
    assert (run().state, run().requests) == (RunState.DONE, 0)


def test_who_may_start_a_run(desk: Desk, today: date, now: datetime, coordinator: User) -> None:
    for by, office in ((desk.city, None), (coordinator, desk.office), (UserFactory(), desk.office)):
        with pytest.raises(NotAllowed):
            start_run(by=by, office=office, on=today, at=now)
    assert start_run(by=coordinator, office=None, on=today, at=now).by == coordinator


# What people make of it


def test_taking_a_suggestion_proposes_the_pair(desk: Desk, run: Run, now: datetime) -> None:
    suggestion = run().suggestions.get()
    assert list(Suggestion.objects.waiting()) == [suggestion]
    assert possible_models(suggestion, on=now.date()) == [desk.unpaid]
    match = take_suggestion(suggestion_id=suggestion.pk, by=desk.city, at=now)
    assert (match.request, match.helper, match.state) == (desk.request, desk.helper, MatchState.PROPOSED)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.match, suggestion.decided_by) == ("taken", match, desk.city)
    with pytest.raises(Conflict, match="schon entschieden"):
        take_suggestion(suggestion_id=suggestion.pk, by=desk.association, at=now)
    with pytest.raises(Conflict, match="schon entschieden"):
        dismiss_suggestion(suggestion_id=suggestion.pk, by=desk.association, at=now)


def test_a_person_chooses_among_several_models(desk: Desk, run: Run, now: datetime) -> None:
    other = CompensationModelFactory(slug="aufwand")
    for holder in (desk.role, desk.helper, desk.request):
        holder.compensation_models.add(desk.unpaid, other)
    suggestion = run().suggestions.get()
    with pytest.raises(Conflict) as refusal:
        take_suggestion(suggestion_id=suggestion.pk, by=desk.city, at=now)
    assert refusal.value.field == "compensation_model"
    match = take_suggestion(suggestion_id=suggestion.pk, by=desk.city, at=now, compensation_model=other)
    assert match.compensation_model == other


def test_what_has_changed_since_the_run_refuses(desk: Desk, run: Run, now: datetime) -> None:
    suggestion = run().suggestions.get()
    PauseFactory(helper=desk.helper)
    with pytest.raises(NotEligible):
        take_suggestion(suggestion_id=suggestion.pk, by=desk.city, at=now)
    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.OPEN


def test_only_the_own_tandem_decides(desk: Desk, run: Run, now: datetime) -> None:
    suggestion = run().suggestions.get()
    stranger, _ = tandem(OfficeFactory())
    for decide in (take_suggestion, dismiss_suggestion):
        with pytest.raises(NotAllowed):
            decide(suggestion_id=suggestion.pk, by=stranger, at=now)
    assert dismiss_suggestion(suggestion_id=suggestion.pk, by=desk.city, at=now).state == "dismissed"
    assert not Suggestion.objects.waiting().exists()


# Who sees it


def test_a_tandem_sees_its_own_part_and_coordinators_figures(
    desk: Desk, run: Run, coordinator: User, today: date
) -> None:
    other_office = OfficeFactory()
    stranger, _ = tandem(other_office)
    foreign = desk.another_request(help_seeker__office=other_office, role=desk.role)
    own, whole = run(), run(by=None, office=None)
    assert foreign.pk in {request for request, _ in pairs(whole)} | set(gates(whole))
    seen = [set(CityRun.objects.visible_to(viewer)) for viewer in (desk.city, stranger, coordinator)]
    assert seen == [{own, whole}, {whole}, {own, whole}]
    for viewer, requests in ((desk.city, {desk.request.pk}), (stranger, {foreign.pk}), (coordinator, set())):
        found = whole.suggestions.visible_to(viewer).values_list("request", flat=True)
        left = whole.unserved.visible_to(viewer).values_list("request", flat=True)
        assert {*found, *left} == requests
    assert not CityRun.objects.visible_to(UserFactory(kinds=[Kind.TRAINING])).exists()
    everywhere = sum(each.served + each.unserved for each in figures_by_district(whole))
    mine = sum(each.served + each.unserved for each in figures_by_district(whole, viewer=desk.city))
    assert (everywhere, mine) == (2, 1)
    assert all(isinstance(each.district, District | None) for each in figures_by_district(whole))


# The night


def test_the_night_starts_each_run_once(desk: Desk, today: date, now: datetime) -> None:
    assert start_nightly_runs(scope="", on=today, at=now) == []
    (city,) = start_nightly_runs(scope="city", on=today, at=now)
    assert (city.office, city.by, city.requests) == (None, None, 1)
    (of_office,) = start_nightly_runs(scope="office", on=today, at=now)
    assert of_office.office == desk.office
    assert start_nightly_runs(scope="city", on=today, at=now) == []
    assert start_nightly_runs(scope="office", on=today, at=now) == []


def test_old_runs_are_forgotten(desk: Desk, run: Run, now: datetime, today: date) -> None:
    old = run()
    take_suggestion(suggestion_id=old.suggestions.get().pk, by=desk.city, at=now)
    start_nightly_runs(scope="", on=today + timedelta(days=90), at=now)
    assert CityRun.objects.filter(pk=old.pk).exists()
    start_nightly_runs(scope="", on=today + timedelta(days=91), at=now)
    assert not CityRun.objects.filter(pk=old.pk).exists()
