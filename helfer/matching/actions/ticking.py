"""What time alone changes, once a day: lapses, renewals, ends of pauses and substitutes, overdue contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from helfer.core.days import berlin_day
from helfer.core.errors import RuleViolation
from helfer.matching.actions.ending import end_locked_match
from helfer.matching.actions.running import pause_locked_match, resume_locked_match
from helfer.matching.candidates import check_pair
from helfer.matching.gates import Gate
from helfer.matching.lifecycle import RUNNING, RUNNING_NOT_PAUSED, MatchState
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import CheckIn, EndReason, Match, PauseReason, PauseSide
from helfer.matching.notices import check_in_overdue


@dataclass
class DailyTick:
    """How much a day changed; counts of matches and contacts."""

    paused: int = 0
    resumed: int = 0
    substitutes_ended: int = 0
    escalated: int = 0


def daily_tick(*, at: datetime) -> DailyTick:
    """Do what the day brings, each match in its own transaction; twice a day changes nothing more."""
    today = berlin_day(at)
    done = DailyTick()
    for match_id in _ids(Match.objects.filter(state__in=RUNNING, substitute_until__lt=today)):
        done.substitutes_ended += _end_substitute(match_id, on=today, at=at)
    for match_id in _ids(Match.objects.filter(state__in=RUNNING_NOT_PAUSED)):
        done.paused += _pause_lapsed(match_id, on=today, at=at)
    for match_id in _ids(_that_may_return(today)):
        done.resumed += _resume(match_id, on=today, at=at)
    done.escalated = _escalate(on=today, at=at)
    return done


def _ids(matches: models.QuerySet[Match]) -> list[int]:
    return list(matches.order_by("pk").values_list("pk", flat=True))


def _that_may_return(today: date) -> models.QuerySet[Match]:
    """Paused because of a certificate that may have been renewed, or for a holiday that is over."""
    paused = Match.objects.filter(state=MatchState.PAUSED)
    return paused.filter(pause_reason=PauseReason.CERTIFICATE) | paused.filter(
        pause_reason=PauseReason.HOLIDAY, expected_back_on__lte=today
    )


@transaction.atomic
def _end_substitute(match_id: int, *, on: date, at: datetime) -> int:
    match = lock_match(match_id)
    if match.state not in RUNNING or match.substitute_until is None or match.substitute_until >= on:
        return 0
    end_locked_match(match, reason=EndReason.DONE, ended_well=True, at=at)
    return 1


@transaction.atomic
def _pause_lapsed(match_id: int, *, on: date, at: datetime) -> int:
    """Past the training's grace a required certificate no longer counts, and the match rests."""
    match = lock_match(match_id)
    if match.state not in RUNNING_NOT_PAUSED:
        return 0
    assessment = check_pair(
        request_id=match.request_id,
        helper_id=match.helper_id,
        on=on,
        first_day=on,
        gates=frozenset({Gate.TRAININGS}),
        match_id=match.pk,
        role_id=match.role_id,
    )
    if assessment.is_eligible:
        return 0
    pause_locked_match(match, side=PauseSide.OFFICE, reason=PauseReason.CERTIFICATE, on=on, at=at)
    return 1


def _resume(match_id: int, *, on: date, at: datetime) -> int:
    try:
        with transaction.atomic():
            match = lock_match_with_rivals(match_id)
            if match.state != MatchState.PAUSED:
                return 0
            resume_locked_match(match, on=on, at=at)
            return 1
    except RuleViolation:
        # Not renewed yet, or another gate has closed meanwhile: it stays on the desk.
        return 0


def _escalate(*, on: date, at: datetime) -> int:
    """14 days overdue: to the other side of the tandem; as long again: to the coordinators."""
    patience = timedelta(days=settings.HELFER_CHECK_IN_ESCALATION_DAYS)
    escalated = 0
    overdue = CheckIn.objects.filter(
        done_on=None, due_on__lte=on - patience, escalated_to_coordinator_on=None
    )
    for check_in_id in list(overdue.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            check_in = (
                CheckIn.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("match__office", "match__responsible")
                .filter(pk=check_in_id, done_on=None)
                .first()
            )
            if check_in is None:
                continue
            if check_in.escalated_to_other_side_on is None:
                check_in.escalated_to_other_side_on = on
            elif check_in.escalated_to_other_side_on <= on - patience:
                check_in.escalated_to_coordinator_on = on
            else:
                continue
            check_in.save(update_fields=["escalated_to_other_side_on", "escalated_to_coordinator_on"])
            check_in_overdue(check_in, at=at)
            escalated += 1
    return escalated
