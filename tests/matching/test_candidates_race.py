"""Helpers pause, lapse and fill up while lists and runs are made: each step asks again what was true then."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, connections, transaction

from helfer.catalogue.models import Role, Training
from helfer.core.errors import NotEligible, RuleViolation
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.actions import add_pause, end_pause, issue_certificate, revoke_certificate
from helfer.helpers.models import Certificate, HelperProfile, Pause
from helfer.matching import actions
from helfer.matching.actions.city_run import compute_run, start_run
from helfer.matching.actions.city_run_suggestions import take_suggestion
from helfer.matching.actions.signing import must_still_be_eligible
from helfer.matching.candidates import shortlist
from helfer.matching.candidates.edges import edges
from helfer.matching.lifecycle import MatchState
from helfer.matching.locks import lock_match
from helfer.matching.models import EndReason, Match, Suggestion
from tests.factories.catalogue import TrainingFactory

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
    needed: Training = TrainingFactory(slug="erste-hilfe")
    desk.role.required_trainings.set([needed])
    return needed


@pytest.fixture
def helper(desk: Desk, training: Training) -> HelperProfile:
    """A helper for one person, with the proof; nobody else comes into question."""
    HelperProfile.objects.filter(pk=desk.helper.pk).update(max_people=1)
    issue_certificate(
        helper_id=desk.helper.pk, training=training, issued_on=date(2026, 6, 1), by=desk.city, at=desk.now
    )
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
                commit.wait(30)
        except BaseException as error:
            failed.append(error)
            done.set()
        finally:
            connections.close_all()

    thread = threading.Thread(target=session)
    thread.start()

    def let_go() -> None:
        commit.set()
        thread.join(30)
        assert not thread.is_alive()

    try:
        assert done.wait(30)
        assert not failed, failed
        yield let_go
    finally:
        let_go()


def waits_for_a_lock() -> bool:
    """Whether some session of this database waits for another one."""
    with connection.cursor() as cursor:
        # Inside a transaction the first look would otherwise be shown for ever.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        (waiting,) = cursor.fetchone()
    return bool(waiting)


@pytest.mark.django_db(transaction=True)
def test_a_signature_waits_for_what_is_under_way_and_then_sees_it(
    desk: Desk, training: Training, today: date, now: datetime
) -> None:
    """Both sessions are right as long as they do not see each other; the helper's row is where they meet."""
    for change in CHANGES:
        helper = desk.another_helper()
        issue_certificate(
            helper_id=helper.pk, training=training, issued_on=date(2026, 6, 1), by=desk.city, at=now
        )
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
            while not waits_for_a_lock():
                assert signing.is_alive(), (change.name, answers)
            let_go()
        signing.join(30)
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
    issue_certificate(
        helper_id=rival_helper.pk, training=training, issued_on=date(2026, 6, 1), by=desk.city, at=now
    )
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
        while not waits_for_a_lock():
            assert approving.is_alive(), answers
        # The next lock in the order: the approval must not have it yet.
        lock_match(rival.pk)
    approving.join(30)
    (answer,) = answers
    assert isinstance(answer, Match), answer
    assert answer.state == MatchState.APPROVED
    assert Match.objects.get(pk=rival.pk).state == MatchState.WITHDRAWN


@dataclass
class Storm:
    """What several people do at once, and what came of it."""

    desk: Desk
    training: Training
    today: date
    helpers: list[int]
    requests: list[int]
    over: threading.Event = field(default_factory=threading.Event)
    counted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)

    def lead_to_approval(self, match: Match) -> None:
        """Both agree, both sign; at the moment of the approval everything has to hold."""
        desk = self.desk
        try:
            desk.say_yes(match)
            actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
            with transaction.atomic():
                match = actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)
                self.must_hold(match)
        except RuleViolation as refusal:
            self.counted[f"refused: {refusal.code}"] += 1
            self.set_aside(match.pk)
        else:
            self.counted["approved"] += 1
            self.end(match.pk)

    def must_hold(self, match: Match) -> None:
        """Asked of the tables, not of the gates, in the transaction that approves."""
        pauses = Pause.objects.filter(helper=match.helper_id, from_day__lte=self.today)
        away = [each for each in pauses if each.until_day is None or each.until_day > self.today]
        proofs = Certificate.objects.filter(helper=match.helper_id, training=self.training)
        counts = [each for each in proofs if each.valid_until is None or each.valid_until >= self.today]
        served = set(
            Match.objects.running()
            .filter(helper=match.helper_id)
            .values_list("request__help_seeker", flat=True)
        )
        if away or not counts or len(served) > 1 or match.request.help_seeker_id not in served:
            self.wrong.append(f"{match.pk}: {len(away)} pauses, {len(counts)} proofs, serves {len(served)}")

    def set_aside(self, match_id: int) -> None:
        try:
            actions.withdraw_match(match_id=match_id, by=self.desk.city, at=self.desk.now)
        except RuleViolation:
            # A rival's approval has done it.
            self.counted["set aside already"] += 1

    def end(self, match_id: int) -> None:
        """The helper is free again, the request waits again."""
        actions.end_match(
            match_id=match_id,
            reason=EndReason.HELPER_STOPS,
            ended_well=True,
            by=self.desk.city,
            at=self.desk.now,
        )


def proposes_from_the_list(storm: Storm, draw: Random) -> None:
    """Look at a list, pick one, go all the way."""
    request = HelpRequest.objects.get(pk=draw.choice(storm.requests))
    found = shortlist(request, on=storm.today).candidates
    storm.counted["listed"] += len(found)
    if not found:
        return
    try:
        match = storm.desk.propose(request_id=request.pk, helper_id=draw.choice(found).helper_id)
    except RuleViolation as refusal:
        storm.counted[f"refused: {refusal.code}"] += 1
        return
    storm.lead_to_approval(match)


def takes_from_a_run(storm: Storm, draw: Random) -> None:
    """Let a run suggest, and take what it suggests."""
    desk = storm.desk
    run = compute_run(
        run_id=start_run(by=desk.city, office=desk.office, on=storm.today, at=desk.now).pk, at=desk.now
    )
    storm.counted["runs"] += 1
    for suggestion in Suggestion.objects.filter(run=run):
        try:
            match = take_suggestion(
                suggestion_id=suggestion.pk, compensation_model=desk.unpaid, by=desk.city, at=desk.now
            )
        except RuleViolation as refusal:
            storm.counted[f"refused: {refusal.code}"] += 1
            continue
        storm.lead_to_approval(match)


def changes_helpers(storm: Storm, draw: Random) -> None:
    """Somebody pauses and is back, loses a proof and brings another."""
    desk, helper_id = storm.desk, draw.choice(storm.helpers)
    try:
        if draw.random() < 0.5:
            made = add_pause(helper_id=helper_id, from_day=storm.today, by=desk.city, at=desk.now)
            end_pause(pause_id=made.pk, by=desk.city, at=desk.now)
        else:
            for certificate in Certificate.objects.filter(helper=helper_id):
                revoke_certificate(certificate_id=certificate.pk, by=desk.city, at=desk.now)
            issue_certificate(
                helper_id=helper_id,
                training=storm.training,
                issued_on=date(2026, 6, 1),
                by=desk.city,
                at=desk.now,
            )
        storm.counted["changes"] += 1
    except RuleViolation as refusal:
        # Whoever serves somebody keeps the proof.
        storm.counted[f"not changed: {refusal.code}"] += 1
        if not Certificate.objects.filter(helper=helper_id).exists():
            storm.counted["without proof"] += 1


def keeps_at_it(storm: Storm, what: Callable[[Storm, Random], None], seed: int, times: int | None) -> None:
    """Do it so many times, or until the others are done."""
    draw = Random(seed)
    try:
        done = 0
        while times is None and not storm.over.is_set() or times is not None and done < times:
            what(storm, draw)
            done += 1
    except BaseException as error:
        storm.broken.append(error)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_approved_in_a_storm_that_is_not_eligible_at_that_moment(
    desk: Desk, helper: HelperProfile, training: Training, today: date, now: datetime
) -> None:
    others = [desk.another_helper(max_people=1) for _ in range(3)]
    for other in others:
        issue_certificate(
            helper_id=other.pk, training=training, issued_on=date(2026, 6, 1), by=desk.city, at=now
        )
    requests = [desk.request, *(desk.another_request() for _ in range(3))]
    storm = Storm(
        desk=desk,
        training=training,
        today=today,
        helpers=[helper.pk, *(other.pk for other in others)],
        requests=[request.pk for request in requests],
    )
    busy = [
        threading.Thread(target=keeps_at_it, args=(storm, proposes_from_the_list, 1, 12)),
        threading.Thread(target=keeps_at_it, args=(storm, proposes_from_the_list, 2, 12)),
        threading.Thread(target=keeps_at_it, args=(storm, takes_from_a_run, 3, 4)),
    ]
    weather = [threading.Thread(target=keeps_at_it, args=(storm, changes_helpers, n, None)) for n in (4, 5)]
    for thread in [*weather, *busy]:
        thread.start()
    for thread in busy:
        thread.join(240)
    storm.over.set()
    for thread in weather:
        thread.join(60)
    assert not storm.broken, storm.broken
    assert storm.wrong == []
    assert storm.counted["approved"] > 0, storm.counted
    assert storm.counted["changes"] > 0, storm.counted
    assert storm.counted["runs"] == 4
    assert not Match.objects.running().exists()
    assert set(HelpRequest.objects.filter(pk__in=storm.requests).values_list("state", flat=True)) == {
        RequestState.OPEN
    }
    assert Role.objects.filter(pk=desk.role.pk).exists()


@pytest.mark.django_db
def test_without_the_second_question_somebody_on_holiday_would_be_approved(
    desk: Desk, helper: HelperProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the storm is quiet is owed to what is asked under the lock."""
    match = desk.match_in(MatchState.ACCEPTED)
    pause(desk, helper)
    with pytest.raises(NotEligible):
        must_still_be_eligible(match, on=desk.now.date())
    monkeypatch.setattr("helfer.matching.actions.signing.must_still_be_eligible", lambda *_, **__: None)
    assert desk.sign(match).state == MatchState.APPROVED
