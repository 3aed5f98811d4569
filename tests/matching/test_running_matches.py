"""What happens while a match runs: first contact, contacts, pauses, substitutes, incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from helfer.core.errors import Conflict
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import (
    CheckInKind,
    EndReason,
    IncidentClass,
    IncidentSeverity,
    Match,
    Party,
    PauseReason,
    PauseSide,
)
from helfer.notifications.models import Message
from helfer.people.models import Channel
from tests.factories.people import UserFactory
from tests.matching.conftest import Desk

Later = Callable[[int], datetime]


def test_the_first_contact_is_not_before_the_approval_and_not_tomorrow(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.APPROVED)
    for day in (-1, 1):
        with pytest.raises(Conflict) as refusal:
            actions.record_first_contact(match_id=match.pk, on=later(day).date(), by=desk.city, at=desk.now)
        assert refusal.value.field == "on"


def test_contacts_follow_after_two_six_and_then_every_eight_weeks(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    first = match.check_ins.get(done_on=None)
    assert (first.kind, first.due_on) == (CheckInKind.FIRST_CONTACT, later(1).date())
    planned = []
    for day in (1, 14, 42, 98):
        actions.complete_check_in(
            match_id=match.pk,
            party=Party.BOTH,
            channel=Channel.PHONE,
            goes_well=True,
            by=desk.city,
            at=later(day),
        )
        following = match.check_ins.get(done_on=None)
        planned.append((following.kind, (following.due_on - desk.now.date()).days))
    assert planned == [
        (CheckInKind.TWO_WEEKS, 14),
        (CheckInKind.SIX_WEEKS, 42),
        (CheckInKind.REGULAR, 98),
        (CheckInKind.REGULAR, 154),
    ]


def test_an_overdue_contact_goes_to_the_other_side_and_then_to_the_coordinators(
    desk: Desk, later: Later
) -> None:
    coordinator = UserFactory(coordinator=True)
    desk.match_in(MatchState.ACTIVE)
    assert actions.daily_tick(at=later(14)).escalated == 0
    assert actions.daily_tick(at=later(15)).escalated == 1
    assert actions.daily_tick(at=later(15)).escalated == 0
    told = Message.objects.filter(kind="check_in_overdue").values_list("recipient", flat=True)
    assert set(told) == {desk.association.person_id}
    assert actions.daily_tick(at=later(29)).escalated == 1
    assert Message.objects.filter(kind="check_in_overdue", recipient=coordinator.person).exists()


def test_one_member_alone_lets_a_match_rest_and_it_returns_to_where_it_was(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.TRIAL)
    match = actions.pause_match(
        match_id=match.pk,
        side=PauseSide.SEEKER,
        reason=PauseReason.HOSPITAL,
        by=desk.association,
        at=later(3),
        expected_back_on=later(20).date(),
    )
    assert match.state == MatchState.PAUSED
    match = actions.resume_match(match_id=match.pk, by=desk.city, at=later(20))
    assert match.state == MatchState.TRIAL
    call = match.check_ins.get(done_on=None)
    assert (call.kind, call.due_on) == (CheckInKind.COMING_HOME, later(20).date())


def test_a_substitute_runs_while_the_match_rests_and_ends_when_it_returns(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    stand_in = desk.another_helper(person__home=desk.helper.person.home)
    wanted = {
        "helper_id": stand_in.pk,
        "substitutes_for_id": match.pk,
        "substitute_until": later(30).date(),
    }
    with pytest.raises(Conflict):
        desk.propose(**wanted)
    actions.pause_match(
        match_id=match.pk, side=PauseSide.HELPER, reason=PauseReason.HOLIDAY, by=desk.city, at=desk.now
    )
    substitute = desk.sign(desk.say_yes(desk.propose(**wanted)))
    assert substitute.state == MatchState.APPROVED
    actions.resume_match(match_id=match.pk, by=desk.city, at=later(9))
    substitute.refresh_from_db()
    assert substitute.state == MatchState.ENDED
    desk.request.refresh_from_db()
    assert desk.request.state == RequestState.MATCHED


@pytest.mark.parametrize("how", ["comes back", "ends"])
def test_a_substitute_that_was_only_proposed_is_told_that_nobody_waits(
    desk: Desk, later: Later, how: str
) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    desk.send_on_holiday(match, back_on=later(30).date())
    stand_in = desk.another_helper(person__home=desk.helper.person.home)
    wanted = {"substitutes_for_id": match.pk, "substitute_until": later(30).date()}
    substitute = desk.say_yes(desk.propose(helper_id=stand_in.pk, **wanted))
    if how == "ends":
        actions.end_match(
            match_id=match.pk, reason=EndReason.MOVED, ended_well=True, by=desk.city, at=later(9)
        )
    else:
        actions.resume_match(match_id=match.pk, by=desk.city, at=later(9))
    substitute.refresh_from_db()
    assert substitute.state == MatchState.WITHDRAWN
    assert Message.objects.filter(kind="match_declined", recipient=stand_in.person).exists()


def test_a_substitute_ends_on_its_day(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.pause_match(
        match_id=match.pk, side=PauseSide.HELPER, reason=PauseReason.ILLNESS, by=desk.city, at=desk.now
    )
    stand_in = desk.another_helper(person__home=desk.helper.person.home)
    substitute = desk.sign(
        desk.say_yes(
            desk.propose(helper_id=stand_in.pk, substitutes_for_id=match.pk, substitute_until=later(5).date())
        )
    )
    assert actions.daily_tick(at=later(5)).substitutes_ended == 0
    assert actions.daily_tick(at=later(6)).substitutes_ended == 1
    substitute.refresh_from_db()
    assert substitute.state == MatchState.ENDED


def test_a_holiday_ends_by_itself(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    desk.send_on_holiday(match, back_on=later(10).date())
    assert actions.daily_tick(at=later(9)).resumed == 0
    assert actions.daily_tick(at=later(10)).resumed == 1
    match.refresh_from_db()
    assert match.state == MatchState.ACTIVE


def test_a_serious_incident_lets_the_match_rest_at_once(desk: Desk) -> None:
    coordinator = UserFactory(coordinator=True)
    match = desk.match_in(MatchState.ACTIVE)
    actions.record_incident(
        match_id=match.pk,
        incident_class=IncidentClass.MONEY,
        severity=IncidentSeverity.SERIOUS,
        happened_on=desk.now.date(),
        facts="20 Euro fehlen.",
        by=desk.city,
        at=desk.now,
    )
    match.refresh_from_db()
    assert (match.state, match.pause_reason) == (MatchState.PAUSED, PauseReason.INCIDENT)
    told = set(Message.objects.filter(kind="incident_escalated").values_list("recipient", flat=True))
    assert told == {desk.city.person_id, desk.association.person_id, coordinator.person_id}


def test_a_minor_incident_is_recorded_and_the_match_goes_on(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.record_incident(
        match_id=match.pk,
        incident_class=IncidentClass.OTHER,
        severity=IncidentSeverity.MINOR,
        happened_on=desk.now.date(),
        facts="Eine Vase ist zerbrochen.",
        by=desk.city,
        at=desk.now,
    )
    match.refresh_from_db()
    assert match.state == MatchState.ACTIVE


@pytest.mark.parametrize("rests", [True, False])
def test_what_somebody_else_already_does_is_said_at_the_signature_and_at_the_return(
    desk: Desk, later: Later, rests: bool
) -> None:
    """However a request came to wait again while its match lives: nobody gets the database's refusal."""
    match = desk.match_in(MatchState.ACTIVE)
    if rests:
        desk.send_on_holiday(match, back_on=later(10).date())
    HelpRequest.objects.filter(pk=desk.request.pk).update(state=RequestState.OPEN)
    other = desk.another_helper(person__home=desk.helper.person.home)
    waiting = desk.say_yes(desk.propose(helper_id=other.pk))
    if rests:
        desk.sign(waiting)
        with pytest.raises(Conflict, match="läuft schon eine Vermittlung"):
            actions.resume_match(match_id=match.pk, by=desk.city, at=desk.now)
        assert actions.daily_tick(at=later(10)).resumed == 0
    else:
        with pytest.raises(Conflict, match="läuft schon eine Vermittlung"):
            desk.sign(waiting)


def test_a_match_that_rests_has_one_substitute(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    desk.send_on_holiday(match, back_on=later(30).date())
    wanted = {"substitutes_for_id": match.pk, "substitute_until": later(30).date()}
    first, second = (desk.another_helper(person__home=desk.helper.person.home) for _ in range(2))
    running = desk.sign(desk.say_yes(desk.propose(helper_id=first.pk, **wanted)))
    actions.pause_match(
        match_id=running.pk, side=PauseSide.HELPER, reason=PauseReason.ILLNESS, by=desk.city, at=desk.now
    )
    with pytest.raises(Conflict, match="schon eine Vertretung"):
        desk.sign(desk.say_yes(desk.propose(helper_id=second.pk, **wanted)))


def test_a_substitute_for_a_match_that_is_over_is_not_signed(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    desk.send_on_holiday(match, back_on=later(30).date())
    stand_in = desk.another_helper(person__home=desk.helper.person.home)
    wanted = {"substitutes_for_id": match.pk, "substitute_until": later(30).date()}
    substitute = desk.say_yes(desk.propose(helper_id=stand_in.pk, **wanted))
    over = {"end_reason": EndReason.MOVED, "ended_well": True, "closed_on": desk.now.date()}
    Match.objects.filter(pk=match.pk).update(state=MatchState.ENDED, paused_from="", **over)
    with pytest.raises(Conflict, match="nicht mehr gebraucht"):
        desk.sign(substitute)
