"""From the first contact through the trial: the match runs, rests, and runs again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.matching.actions.agreeing import has_both_consents
from helfer.matching.actions.ending import end_substitution
from helfer.matching.actions.signing import must_be_the_only_one_to_go, must_still_be_eligible
from helfer.matching.gates import PAIR_GATES
from helfer.matching.lifecycle import MatchState
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import CheckIn, CheckInKind, Match, Party, PauseReason, PauseSide
from helfer.matching.notices import match_paused, match_resumed
from helfer.matching.permissions import seat_in
from helfer.matching.schedule import next_working_day, plan
from helfer.people.models import User


@transaction.atomic
def record_first_contact(*, match_id: int, on: date, by: User, at: datetime, note: str = "") -> Match:
    """Note that the first contact took place in the role's way; from here the helper goes alone.

    ``on`` is the day of the contact, between the approval and today. Raises ``NotAllowed``, ``Conflict``,
    ``IllegalTransition``.
    """
    today = berlin_day(at)
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=today)
    if on > today:
        raise Conflict(
            _("Dieser Tag liegt in der Zukunft. Bitte tragen Sie den Kontakt ein, wenn er war."), field="on"
        )
    if match.approved_on and on < match.approved_on:
        raise Conflict(_("Der erste Kontakt kann nicht vor der Freigabe gewesen sein."), field="on")
    _both_must_still_agree(match)
    match.move_to(MatchState.TRIAL)
    match.first_contact_on, match.first_contact_note = on, note
    match.save(update_fields=["state", "first_contact_on", "first_contact_note"])
    if match.request.is_one_off:
        plan(match, kind=CheckInKind.AFTER_ONE_OFF, due_on=next_working_day(max(on, match.starts_on)))
    else:
        plan(match, kind=CheckInKind.FIRST_CONTACT, due_on=max(today, on + timedelta(days=1)))
    return match


def _both_must_still_agree(match: Match) -> None:
    """Whoever took a yes back is not visited again, however the withdrawal came into the records."""
    if not has_both_consents(match):
        raise Conflict(
            _("Eine Einwilligung wurde widerrufen. Die Vermittlung kann nur noch ruhen oder enden."),
            code="consent_withdrawn",
        )


@transaction.atomic
def confirm_trial(*, match_id: int, party: Party, by: User, at: datetime) -> Match:
    """One side confirms the trial; with both the match is active."""
    today = berlin_day(at)
    match = lock_match(match_id)
    own = {Party.HELPER: match.helper.person_id, Party.SEEKER: match.request.help_seeker.person_id}
    if by.person_id is None or own.get(party) != by.person_id:
        seat_in(match.office, of=by, on=today)
    if match.state != MatchState.TRIAL:
        raise Conflict(_("Bestätigen können Sie die Probezeit nur, solange sie läuft."))
    if party in (Party.HELPER, Party.BOTH):
        match.trial_confirmed_by_helper_on = match.trial_confirmed_by_helper_on or today
    if party in (Party.SEEKER, Party.BOTH):
        match.trial_confirmed_by_seeker_on = match.trial_confirmed_by_seeker_on or today
    if match.trial_confirmed_by_helper_on and match.trial_confirmed_by_seeker_on:
        _both_must_still_agree(match)
        match.move_to(MatchState.ACTIVE)
        match.active_on = today
    match.save(
        update_fields=["state", "active_on", "trial_confirmed_by_helper_on", "trial_confirmed_by_seeker_on"]
    )
    return match


@transaction.atomic
def pause_match(
    *,
    match_id: int,
    side: PauseSide,
    reason: PauseReason,
    by: User,
    at: datetime,
    expected_back_on: date | None = None,
) -> Match:
    """Let a running match rest at once: by either side's own wish, or by one tandem member alone."""
    today = berlin_day(at)
    match = lock_match(match_id)
    own = {PauseSide.HELPER: match.helper.person_id, PauseSide.SEEKER: match.request.help_seeker.person_id}
    if by.person_id is None or own.get(side) != by.person_id:
        seat_in(match.office, of=by, on=today)
    if expected_back_on is not None and expected_back_on < today:
        raise Conflict(_("Der Tag der Rückkehr liegt in der Vergangenheit."), field="expected_back_on")
    pause_locked_match(match, side=side, reason=reason, on=today, at=at, expected_back_on=expected_back_on)
    return match


def pause_locked_match(
    match: Match,
    *,
    side: PauseSide,
    reason: PauseReason,
    on: date,
    at: datetime,
    expected_back_on: date | None = None,
) -> None:
    """Pause under the caller's lock and in the caller's transaction."""
    came_from = match.state
    match.move_to(MatchState.PAUSED)
    match.paused_from, match.paused_on = came_from, on
    match.pause_side, match.pause_reason, match.expected_back_on = side, reason, expected_back_on
    match.save(
        update_fields=["state", "paused_from", "paused_on", "pause_side", "pause_reason", "expected_back_on"]
    )
    match_paused(match, at=at)


@transaction.atomic
def resume_match(*, match_id: int, by: User, at: datetime) -> Match:
    """Let a paused match run again, from where it stopped; its substitute ends with that day.

    A substitute that was only proposed is withdrawn. Raises ``NotEligible`` where a gate has closed since.
    """
    today = berlin_day(at)
    match = lock_match_with_rivals(match_id)
    seat_in(match.office, of=by, on=today)
    resume_locked_match(match, on=today, at=at)
    return match


def resume_locked_match(match: Match, *, on: date, at: datetime) -> None:
    """Resume under the caller's lock and in the caller's transaction."""
    if match.state != MatchState.PAUSED:
        raise Conflict(_("Diese Vermittlung ist nicht pausiert."))
    _both_must_still_agree(match)
    # What two people have lived for months is not undone by a changed wish: only what protects them is asked.
    must_still_be_eligible(match, on=on, gates=PAIR_GATES)
    end_substitution(match, at=at)
    must_be_the_only_one_to_go(match)
    was_in_hospital = match.pause_reason == PauseReason.HOSPITAL
    match.move_to(MatchState(match.paused_from))
    match.paused_from = match.pause_side = match.pause_reason = ""
    match.paused_on = match.expected_back_on = None
    match.save(
        update_fields=["state", "paused_from", "paused_on", "pause_side", "pause_reason", "expected_back_on"]
    )
    if was_in_hospital:
        plan(match, kind=CheckInKind.COMING_HOME, due_on=on)
    elif not CheckIn.objects.filter(match=match, done_on=None).exists():
        plan(match, kind=CheckInKind.REGULAR, due_on=on + timedelta(days=14))
    match_resumed(match, at=at)
