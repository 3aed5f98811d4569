"""Many people at once propose, sign, pause and lose proofs: nothing is approved that is not eligible then."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest
from django.db import connections, transaction

from helfer.catalogue.models import Role, Training
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.actions import add_pause, end_pause, revoke_certificate
from helfer.helpers.models import Certificate, HelperProfile, Pause
from helfer.matching import actions
from helfer.matching.actions.city_run import compute_run, start_run
from helfer.matching.actions.city_run_suggestions import take_suggestion
from helfer.matching.candidates import shortlist
from helfer.matching.models import EndReason, Match, Suggestion

from .conftest import Desk


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
            desk.certify(HelperProfile.objects.get(pk=helper_id), storm.training)
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
def test_nothing_is_approved_in_a_storm_that_is_not_eligible_at_that_moment(desk: Desk, today: date) -> None:
    training = desk.require_a_training()
    HelperProfile.objects.filter(pk=desk.helper.pk).update(max_people=1)
    helpers = [desk.helper, *(desk.another_helper(max_people=1) for _ in range(3))]
    for helper in helpers:
        desk.certify(helper, training)
    requests = [desk.request, *(desk.another_request() for _ in range(3))]
    storm = Storm(
        desk=desk,
        training=training,
        today=today,
        helpers=[helper.pk for helper in helpers],
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
