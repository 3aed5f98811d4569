"""From the proposal to the end, as the office does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helfer.core.errors import Conflict, NotAllowed, NotEligible
from helfer.help_requests.models import CloseReason, RequestState
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import (
    EndReason,
    Match,
    Party,
)
from helfer.notifications.models import Message
from tests.factories.people import SeatFactory, UserFactory, tandem
from tests.matching.conftest import Desk

Later = Callable[[int], datetime]


def test_the_whole_way_from_a_proposal_to_a_good_end(desk: Desk, later: Later) -> None:
    match = desk.propose()
    assert match.state == MatchState.PROPOSED
    assert match.starts_on == desk.now.date()
    match = desk.say_yes(match)
    assert match.state == MatchState.ACCEPTED
    match = actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert match.state == MatchState.ACCEPTED
    match = actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)
    assert match.state == MatchState.APPROVED
    desk.request.refresh_from_db()
    assert desk.request.state == RequestState.MATCHED
    match = actions.record_first_contact(
        match_id=match.pk, on=later(1).date(), by=desk.association, at=later(1), note="Sie mögen sich."
    )
    assert match.state == MatchState.TRIAL
    actions.confirm_trial(match_id=match.pk, party=Party.HELPER, by=desk.city, at=later(14))
    match = actions.confirm_trial(match_id=match.pk, party=Party.SEEKER, by=desk.city, at=later(14))
    assert match.state == MatchState.ACTIVE
    match = actions.end_match(
        match_id=match.pk,
        reason=EndReason.DONE,
        ended_well=True,
        close_request_as=CloseReason.HELPED,
        by=desk.association,
        at=later(100),
    )
    assert (match.state, match.ended_well) == (MatchState.ENDED, True)
    desk.request.refresh_from_db()
    assert (desk.request.state, desk.request.close_reason) == (RequestState.CLOSED, CloseReason.HELPED)
    told = Message.objects.filter(kind="match_ended").values_list("recipient", flat=True)
    assert set(told) == {desk.helper.person_id, desk.request.help_seeker.person_id}


def test_only_the_tandem_of_the_request_proposes(desk: Desk) -> None:
    stranger = UserFactory(tandem=True)
    with pytest.raises(NotAllowed):
        desk.propose(by=stranger)
    assert not Match.objects.exists()


def test_a_former_seat_holder_can_do_nothing(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    desk.association.seats.update(until_day=desk.now.date() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)


def test_who_does_not_pass_the_gates_is_not_proposed(desk: Desk) -> None:
    far = desk.another_helper(radius_m=100, person__home=desk.helper.person.home)
    with pytest.raises(NotEligible) as refusal:
        desk.propose(helper_id=far.pk)
    assert refusal.value.code == "distance"
    assert refusal.value.by["metres_over"] > 0


def test_why_a_helper_of_another_office_does_not_fit_is_not_told(desk: Desk) -> None:
    elsewhere = desk.another_helper(office=SeatFactory().office, radius_m=100)
    elsewhere.person.home = desk.helper.person.home
    elsewhere.person.save(update_fields=["home"])
    with pytest.raises(NotEligible) as refusal:
        desk.propose(helper_id=elsewhere.pk)
    assert refusal.value.code == "elsewhere"
    assert refusal.value.by == {}


def test_a_lent_helper_needs_the_other_offices_agreement(desk: Desk) -> None:
    lending = SeatFactory().office
    lender, _other = tandem(lending)
    helper = desk.another_helper(office=lending, person__home=desk.helper.person.home)
    match = desk.say_yes(desk.propose(helper_id=helper.pk))
    with pytest.raises(Conflict) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "lending_not_agreed"
    actions.agree_to_lend(match_id=match.pk, by=lender, at=desk.now)
    assert desk.sign(match).state == MatchState.APPROVED


def test_the_other_office_may_refuse_and_the_asking_tandem_is_told(desk: Desk) -> None:
    lending = SeatFactory().office
    lender, _other = tandem(lending)
    helper = desk.another_helper(office=lending, person__home=desk.helper.person.home)
    match = desk.say_yes(desk.propose(helper_id=helper.pk))
    actions.agree_to_lend(match_id=match.pk, by=lender, at=desk.now)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    with pytest.raises(NotAllowed):
        actions.refuse_to_lend(match_id=match.pk, by=desk.city, at=desk.now, note="Nein.")
    with pytest.raises(Conflict) as refusal:
        actions.refuse_to_lend(match_id=match.pk, by=lender, at=desk.now, note="  ")
    assert refusal.value.field == "note"
    match = actions.refuse_to_lend(
        match_id=match.pk, by=lender, at=desk.now, note=" Wir brauchen sie selbst. "
    )
    assert match.state == MatchState.WITHDRAWN
    assert match.closing_note == "Wir brauchen sie selbst."
    assert not match.signatures.exists()
    told = Message.objects.filter(kind="lending_refused", subject_id=match.pk, office=desk.office)
    assert {message.recipient_id for message in told} == {desk.city.person_id, desk.association.person_id}
    assert Message.objects.filter(kind="match_declined", recipient=helper.person).exists()
    # Withdrawn is withdrawn: this pair is not proposed again for this request.
    with pytest.raises(NotEligible):
        desk.propose(helper_id=helper.pk)


def test_a_running_match_is_not_taken_away_by_refusing(desk: Desk) -> None:
    lending = SeatFactory().office
    lender, _other = tandem(lending)
    helper = desk.another_helper(office=lending, person__home=desk.helper.person.home)
    match = desk.say_yes(desk.propose(helper_id=helper.pk))
    actions.agree_to_lend(match_id=match.pk, by=lender, at=desk.now)
    desk.sign(match)
    with pytest.raises(Conflict):
        actions.refuse_to_lend(match_id=match.pk, by=lender, at=desk.now, note="Zu spät.")
