"""Helpers pause, lapse and fill up while lists and runs are made: each step asks again what was true then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from helfer.catalogue.models import Training
from helfer.core.errors import NotEligible
from helfer.help_requests.models import HelpRequest
from helfer.helpers.actions import add_pause, revoke_certificate
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching import actions
from helfer.matching.actions.city_run import compute_run, start_run
from helfer.matching.actions.city_run_suggestions import take_suggestion
from helfer.matching.actions.signing import must_still_be_eligible
from helfer.matching.candidates import shortlist
from helfer.matching.candidates.edges import edges
from helfer.matching.lifecycle import MatchState
from helfer.matching.locks import lock_match
from helfer.matching.models import Match, Suggestion
from tests.waiting import PATIENCE_SECONDS, until_somebody_waits_for_a_lock

from .conftest import Desk


@dataclass(frozen=True)
class Change:
    """Something that happens to a helper, and the gate that it closes."""

    name: str
    gate: str
    happen: Callable[[Desk, HelperProfile], Any]


def pause(desk: Desk, helper: HelperProfile) -> None:
    add_pause(helper_id=helper.pk, from_day=desk.now.date(), by=desk.city, at=desk.now)


def lapse(desk: Desk, helper: HelperProfile) -> None:
    """The proof's last day was yesterday; days pass without anybody writing, here somebody does."""
    with transaction.atomic():
        HelperProfile.objects.select_for_update().get(pk=helper.pk)
        Certificate.objects.filter(helper=helper).update(valid_until=desk.now.date() - timedelta(days=1))


def lose_the_proof(desk: Desk, helper: HelperProfile) -> None:
    for certificate in Certificate.objects.filter(helper=helper):
        revoke_certificate(certificate_id=certificate.pk, by=desk.city, at=desk.now)


def fill_up(desk: Desk, helper: HelperProfile) -> None:
    """Somebody else is served, as far as the signatures."""
    other = desk.another_request()
    desk.match_in(MatchState.APPROVED, request_id=other.pk, helper_id=helper.pk)


CHANGES = [
    Change("pauses", "state", pause),
    Change("lapses", "trainings", lapse),
    Change("loses the proof", "trainings", lose_the_proof),
    Change("fills up", "capacity", fill_up),
]
each_change = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)


@pytest.fixture
def training(desk: Desk) -> Training:
    """What the role asks for from now on."""
    return desk.require_a_training()


@pytest.fixture
def helper(desk: Desk, training: Training) -> HelperProfile:
    """A helper for one person, with the proof; nobody else comes into question."""
    HelperProfile.objects.filter(pk=desk.helper.pk).update(max_people=1)
    desk.certify(desk.helper, training)
    return desk.helper


def listed(desk: Desk, request: HelpRequest, today: date) -> set[int]:
    """Who is on the shortlist, and in a run's pairs."""
    found = {candidate.helper_id for candidate in shortlist(request, on=today).candidates}
    assert found == set(edges(on=today, request_ids=[request.pk]).helper_ids.tolist())
    return found


@pytest.mark.django_db
class TestWhatHappensAfterTheListIsRefused:
    @each_change
    def test_at_the_proposal(
        self, desk: Desk, helper: HelperProfile, today: date, now: datetime, change: Change
    ) -> None:
        assert listed(desk, desk.request, today) == {helper.pk}
        change.happen(desk, helper)
        with pytest.raises(NotEligible) as refusal:
            desk.propose()
        assert refusal.value.code == change.gate
        assert listed(desk, desk.request, today) == set()

    @each_change
    def test_at_the_suggestion_of_a_run(
        self, desk: Desk, helper: HelperProfile, today: date, now: datetime, change: Change
    ) -> None:
        run = start_run(by=desk.city, office=desk.office, on=today, at=now)
        compute_run(run_id=run.pk, at=now)
        suggestion = Suggestion.objects.get(run=run)
        assert suggestion.helper_id == helper.pk
        change.happen(desk, helper)
        with pytest.raises(NotEligible):
            take_suggestion(suggestion_id=suggestion.pk, compensation_model=desk.unpaid, by=desk.city, at=now)
        assert not Match.objects.filter(request=desk.request).exists()

    @each_change
    def test_at_the_first_signature(self, desk: Desk, helper: HelperProfile, change: Change) -> None:
        match = desk.match_in(MatchState.ACCEPTED)
        change.happen(desk, helper)
        with pytest.raises(NotEligible) as refusal:
            actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
        assert refusal.value.code == change.gate

    @each_change
    def test_at_the_second_signature(self, desk: Desk, helper: HelperProfile, change: Change) -> None:
        match = desk.match_in(MatchState.ACCEPTED)
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
        change.happen(desk, helper)
        with pytest.raises(NotEligible) as refusal:
            actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)
        assert refusal.value.code == change.gate
        assert Match.objects.get(pk=match.pk).state == MatchState.ACCEPTED


@contextmanager
def begun(happen: Callable[[], Any]) -> Iterator[Callable[[], None]]:
    """Another session has done it and not committed; calling what this gives lets it commit."""
    done, commit, failed = threading.Event(), threading.Event(), []

    def session() -> None:
        try:
            with transaction.atomic():
                happen()
                done.set()
                commit.wait(PATIENCE_SECONDS)
        except BaseException as error:
            failed.append(error)
            done.set()
        finally:
            connections.close_all()

    thread = threading.Thread(target=session)
    thread.start()

    def let_go() -> None:
        commit.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()

    try:
        assert done.wait(PATIENCE_SECONDS)
        assert not failed, failed
        yield let_go
    finally:
        let_go()


@pytest.mark.django_db(transaction=True)
def test_a_signature_waits_for_what_is_under_way_and_then_sees_it(
    desk: Desk, training: Training, today: date, now: datetime
) -> None:
    """Both sessions are right as long as they do not see each other; the helper's row is where they meet."""
    for change in CHANGES:
        helper = desk.another_helper()
        desk.certify(helper, training)
        request = desk.another_request()
        match = desk.match_in(MatchState.ACCEPTED, request_id=request.pk, helper_id=helper.pk)
        actions.sign_match(match_id=match.pk, by=desk.city, at=now)
        answers: list[object] = []

        def sign(match_id: int = match.pk, answers: list[object] = answers) -> None:
            try:
                answers.append(actions.sign_match(match_id=match_id, by=desk.association, at=now))
            except BaseException as refusal:
                answers.append(refusal)
            finally:
                connections.close_all()

        signing = threading.Thread(target=sign)
        with begun(lambda change=change, helper=helper: change.happen(desk, helper)) as let_go:
            # What is not committed is in no list, and the list does not wait for it.
            assert helper.pk in {each.helper_id for each in shortlist(desk.request, on=today).candidates}
            signing.start()
            until_somebody_waits_for_a_lock(signing)
            let_go()
        signing.join(PATIENCE_SECONDS)
        (answer,) = answers
        assert isinstance(answer, NotEligible), (change.name, answer)
        assert answer.code == change.gate
        assert Match.objects.get(pk=match.pk).state == MatchState.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_an_approval_takes_its_rivals_helpers_before_the_help_seeker(
    desk: Desk, helper: HelperProfile, training: Training, now: datetime
) -> None:
    """Whoever works on a rival at the same time waits or is waited for; neither stops the other for good."""
    rival_helper = desk.another_helper()
    desk.certify(rival_helper, training)
    rival = desk.match_in(MatchState.ACCEPTED, helper_id=rival_helper.pk)
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=now)
    answers: list[object] = []

    def approve() -> None:
        try:
            answers.append(actions.sign_match(match_id=match.pk, by=desk.association, at=now))
        except BaseException as error:
            answers.append(error)
        finally:
            connections.close_all()

    approving = threading.Thread(target=approve)
    with transaction.atomic():
        HelperProfile.objects.select_for_update().get(pk=rival_helper.pk)
        approving.start()
        until_somebody_waits_for_a_lock(approving)
        # The next lock in the order: the approval must not have it yet.
        lock_match(rival.pk)
    approving.join(PATIENCE_SECONDS)
    (answer,) = answers
    assert isinstance(answer, Match), answer
    assert answer.state == MatchState.APPROVED
    assert Match.objects.get(pk=rival.pk).state == MatchState.WITHDRAWN


@pytest.mark.django_db
def test_without_the_second_question_somebody_on_holiday_would_be_approved(
    desk: Desk, helper: HelperProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a storm stays quiet is owed to what is asked under the lock."""
    match = desk.match_in(MatchState.ACCEPTED)
    pause(desk, helper)
    with pytest.raises(NotEligible):
        must_still_be_eligible(match, on=desk.now.date())
    monkeypatch.setattr("helfer.matching.actions.signing.must_still_be_eligible", lambda *_, **__: None)
    assert desk.sign(match).state == MatchState.APPROVED
