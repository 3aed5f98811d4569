"""One-offs, further roles, pairs that come together; and everything that ends a match."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from helfer.catalogue.kinds import FirstContact
from helfer.core.errors import Conflict, IllegalTransition, NotAllowed, NotEligible
from helfer.help_requests.models import CloseReason, Frequency, RequestState
from helfer.helpers.models import HelperState
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import (
    CheckIn,
    CheckInKind,
    EndReason,
    Party,
)
from helfer.people.models import Channel
from helfer.people.places_of_persons import NewAddress
from tests.matching.conftest import Desk

Later = Callable[[int], datetime]


def test_a_one_off_with_a_proven_helper_starts_by_call_and_ends_with_the_call_after(
    desk: Desk, later: Later
) -> None:
    first = desk.match_in(MatchState.ACTIVE)
    actions.end_match(match_id=first.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now)
    once = desk.another_request(frequency=Frequency.ONCE)
    match = desk.propose(request_id=once.pk)
    assert match.first_contact == FirstContact.CALL
    match = desk.sign(desk.say_yes(match))
    # Friday: the next working day is Monday.
    actions.record_first_contact(match_id=match.pk, on=later(4).date(), by=desk.city, at=later(4))
    call = CheckIn.objects.get(match=match, done_on=None)
    assert (call.kind, call.due_on) == (CheckInKind.AFTER_ONE_OFF, date(2026, 11, 30))
    actions.complete_check_in(
        match_id=match.pk,
        party=Party.SEEKER,
        channel=Channel.PHONE,
        goes_well=True,
        by=desk.city,
        at=later(7),
    )
    match.refresh_from_db()
    once.refresh_from_db()
    assert (match.state, once.state) == (MatchState.ENDED, RequestState.CLOSED)


def test_a_further_role_needs_no_second_trial_and_no_second_series_of_contacts(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    further = desk.another_request(help_seeker=desk.request.help_seeker)
    addition = desk.sign(desk.say_yes(desk.propose(request_id=further.pk, extends_id=match.pk)))
    assert addition.state == MatchState.ACTIVE
    assert not addition.check_ins.exists()
    actions.end_match(match_id=match.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now)
    assert addition.check_ins.filter(done_on=None).count() == 1


def test_the_pair_that_comes_together_is_not_measured_by_distance_or_times(desk: Desk) -> None:
    far = desk.another_helper(radius_m=100, person__home=desk.helper.person.home)
    desk.request.named_helper = far
    desk.request.times = ["mo-vm"]
    desk.request.save(update_fields=["named_helper", "times"])
    match = desk.propose(helper_id=far.pk)
    assert match.is_named_pair


def test_a_match_that_is_over_does_not_move_again(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.end_match(match_id=match.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now)
    with pytest.raises(IllegalTransition):
        actions.end_match(
            match_id=match.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now
        )


def test_a_request_with_a_running_match_is_not_closed_over_its_head(desk: Desk) -> None:
    desk.match_in(MatchState.ACTIVE)
    with pytest.raises(Conflict) as refusal:
        actions.close_request(
            request_id=desk.request.pk, reason=CloseReason.NO_LONGER_NEEDED, by=desk.city, at=desk.now
        )
    assert refusal.value.code == "match_runs"


def test_a_withdrawn_request_takes_its_proposals_with_it(desk: Desk) -> None:
    match = desk.propose()
    request = actions.withdraw_request(request_id=desk.request.pk, by=desk.city, at=desk.now)
    match.refresh_from_db()
    assert (request.state, match.state) == (RequestState.WITHDRAWN, MatchState.WITHDRAWN)


def test_a_block_ends_what_is_open_between_the_two(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.block_pair(
        person=desk.helper.person, other=desk.request.help_seeker.person, by=desk.city, at=desk.now
    )
    match.refresh_from_db()
    assert match.state == MatchState.ENDED
    with pytest.raises(NotEligible) as refusal:
        desk.propose()
    assert refusal.value.code == "pair"


def test_a_helper_who_leaves_frees_the_requests(desk: Desk) -> None:
    running = desk.match_in(MatchState.ACTIVE)
    proposed = desk.propose(request_id=desk.another_request().pk)
    helper = actions.helper_leaves(helper_id=desk.helper.pk, by=desk.city, at=desk.now)
    assert helper.state == HelperState.LEFT
    running.refresh_from_db()
    proposed.refresh_from_db()
    desk.request.refresh_from_db()
    assert (running.state, proposed.state) == (MatchState.ENDED, MatchState.WITHDRAWN)
    assert desk.request.state == RequestState.OPEN


class TestDeath:
    def test_stops_mail_and_lets_matches_rest_until_a_second_person_confirms(self, desk: Desk) -> None:
        match = desk.match_in(MatchState.ACTIVE)
        person = desk.request.help_seeker.person
        actions.report_death(person_id=person.pk, died_on=desk.now.date(), by=desk.city, at=desk.now)
        match.refresh_from_db()
        person.refresh_from_db()
        assert match.state == MatchState.PAUSED
        assert not person.can_get_mail
        with pytest.raises(NotAllowed):
            actions.confirm_death(person_id=person.pk, by=desk.city, at=desk.now)
        actions.confirm_death(person_id=person.pk, by=desk.association, at=desk.now)
        match.refresh_from_db()
        desk.request.refresh_from_db()
        assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.DIED)
        assert (desk.request.state, desk.request.close_reason) == (RequestState.CLOSED, CloseReason.DIED)

    def test_can_be_undone_until_it_is_confirmed(self, desk: Desk) -> None:
        match = desk.match_in(MatchState.ACTIVE)
        person = desk.request.help_seeker.person
        actions.report_death(person_id=person.pk, died_on=desk.now.date(), by=desk.city, at=desk.now)
        actions.undo_death(person_id=person.pk, by=desk.association, at=desk.now)
        match = actions.resume_match(match_id=match.pk, by=desk.city, at=desk.now)
        assert match.state == MatchState.ACTIVE

    def test_of_a_helper_ends_the_profile_and_frees_the_request(self, desk: Desk) -> None:
        desk.match_in(MatchState.ACTIVE)
        person = desk.helper.person
        actions.report_death(person_id=person.pk, died_on=desk.now.date(), by=desk.city, at=desk.now)
        actions.confirm_death(person_id=person.pk, by=desk.association, at=desk.now)
        desk.helper.refresh_from_db()
        desk.request.refresh_from_db()
        assert desk.helper.state == HelperState.LEFT
        assert desk.request.state == RequestState.OPEN


def test_who_moves_away_ends_their_matches(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.person_moves(
        person_id=desk.request.help_seeker.person_id,
        moved_on=desk.now.date(),
        address=None,
        by=desk.city,
        at=desk.now,
    )
    match.refresh_from_db()
    desk.request.refresh_from_db()
    assert (match.end_reason, desk.request.close_reason) == (EndReason.MOVED, CloseReason.MOVED)


def test_who_moves_away_neither_seeks_nor_helps_and_who_comes_back_lives_here(desk: Desk) -> None:
    for person in (desk.request.help_seeker.person_id, desk.helper.person_id):
        actions.person_moves(
            person_id=person, moved_on=desk.now.date(), address=None, by=desk.city, at=desk.now
        )
    desk.request.refresh_from_db()
    desk.helper.refresh_from_db()
    assert (desk.request.state, desk.request.close_reason) == (RequestState.CLOSED, CloseReason.MOVED)
    assert desk.helper.state == HelperState.LEFT
    home = NewAddress("Musterweg", "3", "44135", "Dortmund")
    person = actions.person_moves(
        person_id=desk.helper.person_id, moved_on=desk.now.date(), address=home, by=desk.city, at=desk.now
    )
    person.refresh_from_db()
    assert person.moved_on is None
