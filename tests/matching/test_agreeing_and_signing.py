"""Two yeses and two signatures: who may give them, and what drops them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helfer.core.errors import Conflict, NotAllowed, NotEligible
from helfer.help_requests.models import RequestState
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import (
    EndReason,
    Party,
)
from helfer.notifications.models import Message
from helfer.people.models import Channel, TieKind
from tests.factories.people import RepresentativeFactory, SeatFactory, UserFactory, tie
from tests.matching.conftest import Desk

Later = Callable[[int], datetime]


def test_nobody_signs_before_both_have_said_yes(desk: Desk) -> None:
    match = desk.say_yes(desk.propose(), Party.HELPER)
    with pytest.raises(Conflict):
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)


def test_the_same_person_does_not_sign_twice(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    with pytest.raises(Conflict) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "signed_twice"
    assert match.signatures.count() == 1


def test_a_deputy_of_the_same_side_is_not_the_second_signature(desk: Desk) -> None:
    deputy = SeatFactory(office=desk.office, deputy=True).user
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    with pytest.raises(Conflict) as refusal:
        actions.sign_match(match_id=match.pk, by=deputy, at=desk.now)
    assert refusal.value.code == "side_has_signed"


@pytest.mark.parametrize("kind", [TieKind.RELATIVE, TieKind.IN_LAW, TieKind.HOUSEHOLD])
def test_nobody_signs_for_their_own_family(desk: Desk, kind: TieKind) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    tie(desk.city.person, desk.request.help_seeker.person, kind)
    with pytest.raises(NotAllowed) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "conflict_of_interest"


def test_eligibility_is_asked_again_at_the_signature(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    desk.helper.pauses.create(from_day=desk.now.date(), until_day=desk.now.date() + timedelta(days=30))
    with pytest.raises(NotEligible) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "state"


def test_an_approval_withdraws_the_other_proposals(desk: Desk) -> None:
    other = desk.propose(helper_id=desk.another_helper(person__home=desk.helper.person.home).pk)
    desk.sign(desk.say_yes(desk.propose()))
    other.refresh_from_db()
    assert other.state == MatchState.WITHDRAWN
    assert Message.objects.filter(kind="match_declined", recipient=other.helper.person).exists()


def test_a_role_for_which_one_signature_is_enough(desk: Desk) -> None:
    desk.role.signatures_required = 1
    desk.role.save()
    match = desk.say_yes(desk.propose())
    assert actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now).state == MatchState.APPROVED


def test_changed_terms_drop_the_signatures(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    match = actions.change_terms(match_id=match.pk, starts_on=later(7).date(), by=desk.city, at=desk.now)
    assert not match.signatures.exists()
    assert match.starts_on == later(7).date()


def test_a_yes_taken_back_drops_the_signatures_and_can_be_given_anew(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    actions.withdraw_match_consent(match_id=match.pk, party=Party.SEEKER, by=desk.city, at=desk.now)
    assert not match.signatures.exists()
    with pytest.raises(Conflict):
        actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)
    desk.say_yes(match, Party.SEEKER)
    assert desk.sign(match).state == MatchState.APPROVED


def test_a_yes_taken_back_ends_what_runs(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    match = actions.withdraw_match_consent(match_id=match.pk, party=Party.SEEKER, by=desk.city, at=desk.now)
    assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.CONSENT_WITHDRAWN)
    desk.request.refresh_from_db()
    assert desk.request.state == RequestState.OPEN


def test_a_daughter_without_papers_does_not_consent(desk: Desk) -> None:
    daughter = RepresentativeFactory(help_seeker=desk.request.help_seeker)
    match = desk.propose()
    with pytest.raises(NotAllowed) as refusal:
        actions.record_consent(
            match_id=match.pk,
            party=Party.SEEKER,
            channel=Channel.PHONE,
            representative=daughter,
            by=desk.city,
            at=desk.now,
        )
    assert refusal.value.code == "may_not_consent"


def test_the_helpers_household_does_not_consent_for_the_help_seeker(desk: Desk) -> None:
    proxy = RepresentativeFactory(help_seeker=desk.request.help_seeker, authorised=True)
    tie(proxy.person, desk.helper.person, TieKind.HOUSEHOLD)
    match = desk.propose()
    with pytest.raises(NotAllowed) as refusal:
        actions.record_consent(
            match_id=match.pk,
            party=Party.SEEKER,
            channel=Channel.PAPER,
            representative=proxy,
            by=desk.city,
            at=desk.now,
        )
    assert refusal.value.code == "helper_may_not_consent"


def test_nobody_says_yes_online_for_somebody_else(desk: Desk) -> None:
    match = desk.propose()
    with pytest.raises(NotAllowed):
        actions.record_consent(
            match_id=match.pk, party=Party.HELPER, channel=Channel.ONLINE, by=desk.city, at=desk.now
        )


def test_the_helper_says_yes_online(desk: Desk) -> None:
    account = UserFactory(helper=True, person=desk.helper.person)
    match = actions.record_consent(
        match_id=desk.propose().pk, party=Party.HELPER, channel=Channel.ONLINE, by=account, at=desk.now
    )
    assert match.helper_consent is not None
    assert match.helper_consent.recorded_by is None


def test_a_declined_pair_is_not_proposed_again(desk: Desk) -> None:
    match = actions.decline_match(match_id=desk.propose().pk, party=Party.HELPER, by=desk.city, at=desk.now)
    assert match.state == MatchState.DECLINED
    with pytest.raises(NotEligible) as refusal:
        desk.propose()
    assert refusal.value.code == "pair"
