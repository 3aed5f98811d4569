"""A yes that was taken back past the ordinary way still keeps the helper from going there again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from helfer.core.errors import Conflict
from helfer.help_requests.models import HelpRequest
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Party
from helfer.people.models import Channel, Consent
from tests.factories.people import HelpSeekerFactory
from tests.matching.conftest import Desk

Later = Callable[[int], datetime]


def take_the_yes_back(match: Match, at: datetime) -> None:
    """As a hand at the database does it: the match itself is not told."""
    Consent.objects.filter(pk=match.seeker_consent_id).update(withdrawn_at=at)


def test_the_first_contact_is_refused(desk: Desk) -> None:
    match = desk.match_in(MatchState.APPROVED)
    take_the_yes_back(match, desk.now)
    with pytest.raises(Conflict, match="Eine Einwilligung wurde widerrufen"):
        actions.record_first_contact(match_id=match.pk, on=desk.now.date(), by=desk.city, at=desk.now)


def test_the_trial_does_not_become_permanent(desk: Desk) -> None:
    match = desk.match_in(MatchState.TRIAL)
    take_the_yes_back(match, desk.now)
    with pytest.raises(Conflict, match="Eine Einwilligung wurde widerrufen"):
        actions.confirm_trial(match_id=match.pk, party=Party.BOTH, by=desk.city, at=desk.now)


def test_the_day_goes_on_for_the_others(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    desk.send_on_holiday(match, back_on=later(10).date())
    take_the_yes_back(match, later(5))
    assert actions.daily_tick(at=later(10)).resumed == 0
    match.refresh_from_db()
    assert match.state == MatchState.PAUSED


def test_whoever_a_request_went_over_to_is_asked_for_a_yes_of_their_own(desk: Desk) -> None:
    match = desk.match_in(MatchState.PROPOSED)
    said = {"channel": Channel.PHONE, "by": desk.city, "at": desk.now}
    actions.record_consent(match_id=match.pk, party=Party.SEEKER, **said)
    before = match.request.help_seeker
    another = HelpSeekerFactory(office=before.office)
    HelpRequest.objects.filter(pk=match.request_id).update(help_seeker=another)
    assert actions.record_consent(match_id=match.pk, party=Party.HELPER, **said).state == MatchState.PROPOSED
    match = actions.record_consent(match_id=match.pk, party=Party.SEEKER, **said)
    assert match.state == MatchState.ACCEPTED
    assert match.seeker_consent is not None
    assert match.seeker_consent.person == another.person
