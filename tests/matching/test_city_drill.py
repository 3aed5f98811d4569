"""A drill of the city that a worker reckons: the same numbers, kept once, for the Geschäftsstelle alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from helfer.catalogue.models import Role
from helfer.core.errors import Conflict, NotAllowed, RuleViolation
from helfer.core.locks import advisory_lock
from helfer.matching import tasks
from helfer.matching.actions import city_drill
from helfer.matching.actions.city_drill import (
    PLAY_THROUGH,
    forget_old_drills,
    play_through,
    start_drill,
    stop_drill,
    sweep_drills,
)
from helfer.matching.actions.city_run import KEPT_DAYS, SILENCE, TAKEN_UP_AT_MOST
from helfer.matching.drill import Outage, drill
from helfer.matching.drill.city import DrillFigures, figures_of
from helfer.matching.drill.figures import Loss
from helfer.matching.models import CityDrill, RunState
from helfer.people.models import User
from tests.factories.catalogue import RoleFactory
from tests.factories.city_runs import CityDrillFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import UserFactory
from tests.matching.conftest import Calls

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory(coordinator=True)


@pytest.fixture
def role() -> Role:
    return RoleFactory()


def outage(role: Role, day: date) -> Outage:
    return Outage(on=day, role_id=role.pk)


def some_help(role: Role, *, matches: int) -> None:
    """So many people who are helped in this role, each by somebody else."""
    for _number in range(matches):
        MatchFactory(
            request=HelpRequestFactory(open=True, role=role),
            helper=HelperProfileFactory(active=True, roles=[role]),
            to="active",
        )


def asked_for(user: User, role: Role, day: date, at: datetime) -> CityDrill:
    return start_drill(by=user, outage=outage(role, day), with_open_requests=True, at=at)


def test_a_worker_finds_what_a_plain_drill_finds(
    user: User, role: Role, today: date, now: datetime, calls: Calls
) -> None:
    some_help(role, matches=4)
    HelpRequestFactory(open=True, role=role)
    asked = asked_for(user, role, today, now)
    play_through(drill_id=asked.pk, at=now)
    asked.refresh_from_db()
    plain = figures_of(drill(outage(role, today), with_open_requests=True))
    assert asked.state == RunState.DONE
    kept = DrillFigures.unpacked(asked.figures)
    assert kept == plain
    assert (kept.dropped, kept.by_role, kept.waiting) == (4, {role.pk: Loss(4, 4)}, 1)


def test_where_too_few_drop_out_no_number_is_kept(
    user: User, role: Role, today: date, now: datetime, calls: Calls
) -> None:
    some_help(role, matches=2)
    asked = asked_for(user, role, today, now)
    play_through(drill_id=asked.pk, at=now)
    asked.refresh_from_db()
    kept = DrillFigures.unpacked(asked.figures)
    assert (kept.too_small, kept.dropped, kept.by_role, kept.waiting) == (True, 0, {}, None)


def test_who_asks_twice_gets_the_same_drill(
    user: User,
    role: Role,
    today: date,
    now: datetime,
    django_capture_on_commit_callbacks: object,
    calls: Calls,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        first = asked_for(user, role, today, now)
        again = asked_for(UserFactory(coordinator=True), role, today, now)
    assert again == first
    assert calls == [(PLAY_THROUGH, first.pk)]
    # Once it is over it may be asked anew: something may have changed since.
    play_through(drill_id=first.pk, at=now)
    assert asked_for(user, role, today, now) != first


def test_the_city_s_drill_is_the_matter_of_the_coordinators(role: Role, today: date, now: datetime) -> None:
    for stranger in (UserFactory(), UserFactory(tandem=True)):
        with pytest.raises(NotAllowed):
            asked_for(stranger, role, today, now)
        assert not CityDrill.objects.visible_to(stranger).exists()


def test_a_drill_in_which_nobody_drops_out_is_refused_before_it_is_queued(
    user: User, today: date, now: datetime
) -> None:
    with pytest.raises(RuleViolation, match="wer ausfällt"):
        start_drill(by=user, outage=Outage(on=today), with_open_requests=False, at=now)
    assert not CityDrill.objects.exists()


def test_nothing_is_kept_of_a_drill_that_is_stopped_while_it_is_reckoned(
    user: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = CityDrillFactory()

    def stopped_meanwhile(*args: object, **more: bool) -> object:
        stop_drill(drill_id=asked.pk, by=user, at=now)
        return drill(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(city_drill, "drill", stopped_meanwhile)
    play_through(drill_id=asked.pk, at=now)
    asked.refresh_from_db()
    assert (asked.state, asked.figures) == (RunState.STOPPED, None)
    with pytest.raises(Conflict, match="zu Ende"):
        stop_drill(drill_id=asked.pk, by=user, at=now)


def test_a_task_that_arrives_twice_reckons_once(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = CityDrillFactory()
    with advisory_lock(f"matching.city_drill.{asked.pk}"):
        play_through(drill_id=asked.pk, at=now)
        asked.refresh_from_db()
        assert asked.state == RunState.QUEUED
    play_through(drill_id=asked.pk, at=now)
    play_through(drill_id=asked.pk, at=now + timedelta(hours=1))
    asked.refresh_from_db()
    assert (asked.state, asked.finished_at) == (RunState.DONE, now)


def test_the_sweep_calls_for_what_no_worker_heard_of_and_gives_up_in_the_end(calls: Calls) -> None:
    asked = CityDrillFactory()
    at = asked.requested_at
    sweep_drills(at=at + SILENCE / 2)
    assert calls == []
    with advisory_lock(f"matching.city_drill.{asked.pk}"):
        sweep_drills(at=at + SILENCE)
    assert calls == []
    for number in range(TAKEN_UP_AT_MOST + 1):
        at += SILENCE * 2**number
        sweep_drills(at=at)
    asked.refresh_from_db()
    assert calls == [(PLAY_THROUGH, asked.pk)] * TAKEN_UP_AT_MOST
    assert asked.state == RunState.FAILED


def test_the_task_of_a_drill_reckons_it() -> None:
    asked = CityDrillFactory()
    tasks.play_through(drill_id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == RunState.DONE


def test_what_is_old_is_forgotten_by_night(now: datetime) -> None:
    ended = {"state": RunState.STOPPED}
    old, kept, waiting = (
        CityDrillFactory(**ended, finished_at=now - timedelta(days=KEPT_DAYS + 1)),
        CityDrillFactory(**ended, finished_at=now - timedelta(days=KEPT_DAYS - 1)),
        CityDrillFactory(),
    )
    forget_old_drills(at=now)
    assert set(CityDrill.objects.all()) == {kept, waiting}
    assert old not in CityDrill.objects.all()
