"""How matches and requests come to their end; every ending has a reason, and both sides hear of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

import helfer.help_requests.actions as request_actions
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.help_requests.models import CloseReason, HelpRequest, RequestState
from helfer.matching.actions.proposing import set_aside
from helfer.matching.lifecycle import BEFORE_APPROVAL, RUNNING, MatchState
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import CheckIn, CheckInKind, EndReason, Match
from helfer.matching.notices import match_declined, match_ended
from helfer.matching.permissions import seat_in
from helfer.matching.schedule import plan
from helfer.people.models import User


@transaction.atomic
def end_match(
    *,
    match_id: int,
    reason: EndReason,
    ended_well: bool,
    by: User,
    at: datetime,
    close_request_as: CloseReason | None = None,
    note: str = "",
) -> Match:
    """End a running match with a reason; its request closes with ``close_request_as``, or waits again."""
    match = lock_match_with_rivals(match_id)
    seat_in(match.office, of=by, on=berlin_day(at))
    return end_locked_match(
        match, reason=reason, ended_well=ended_well, at=at, close_request_as=close_request_as, note=note
    )


def end_locked_match(
    match: Match,
    *,
    reason: EndReason,
    ended_well: bool,
    at: datetime,
    close_request_as: CloseReason | None = None,
    note: str = "",
) -> Match:
    """End under the caller's lock (with rivals) and in the caller's transaction."""
    today = berlin_day(at)
    end_substitution(match, at=at)
    match.move_to(MatchState.ENDED)
    match.paused_from = ""
    match.end_reason, match.ended_well, match.closing_note, match.closed_on = reason, ended_well, note, today
    match.save(
        update_fields=["state", "paused_from", "end_reason", "ended_well", "closing_note", "closed_on"]
    )
    # A plan that nobody will carry out any more is no history.
    CheckIn.objects.filter(match=match, done_on=None).delete()
    for addition in match.extended_by.filter(state__in=RUNNING):
        if not CheckIn.objects.filter(match=addition, done_on=None).exists():
            plan(addition, kind=CheckInKind.REGULAR, due_on=today + timedelta(days=14))
    if match.substitutes_for_id is None:
        _settle_request(match.request, close_as=close_request_as, on=today)
    match_ended(match, at=at)
    return match


def end_substitution(match: Match, *, at: datetime) -> None:
    """Nobody stands in for this match any more: who goes there stops, who was only proposed is told."""
    substitutes = match.substitutes.select_related("request__help_seeker", "helper", "role", "office")
    for substitute in substitutes.filter(state__in=RUNNING):
        end_locked_match(substitute, reason=EndReason.DONE, ended_well=True, at=at)
    for proposed in substitutes.filter(state__in=BEFORE_APPROVAL):
        set_aside(
            proposed,
            to=MatchState.WITHDRAWN,
            on=berlin_day(at),
            note=_("Die Vertretung wird nicht mehr gebraucht."),
        )
        match_declined(proposed, at=at)


def _settle_request(request: HelpRequest, *, close_as: CloseReason | None, on: date) -> None:
    """After its match ended the request closes, or waits for a helper again."""
    if request.state != RequestState.MATCHED or request.matches.filter(state__in=RUNNING).exists():
        return
    if close_as is None:
        request.state = RequestState.OPEN
        request.save(update_fields=["state"])
        return
    request.state, request.close_reason, request.closed_on = RequestState.CLOSED, close_as, on
    request.save(update_fields=["state", "close_reason", "closed_on"])


def _set_proposals_aside(request_id: int, *, at: datetime, note: str) -> None:
    """What was only proposed for a request falls with it; a running match has to be ended first."""
    if Match.objects.running().filter(request_id=request_id).exists():
        raise Conflict(
            _("Für diese Anfrage läuft eine Vermittlung. Bitte beenden Sie zuerst die Vermittlung."),
            code="match_runs",
        )
    for match_id in list(
        Match.objects.filter(request_id=request_id, state__in=BEFORE_APPROVAL).values_list("pk", flat=True)
    ):
        match = set_aside(lock_match(match_id), to=MatchState.WITHDRAWN, on=berlin_day(at), note=note)
        match_declined(match, at=at)


@transaction.atomic
def withdraw_request(*, request_id: int, by: User, at: datetime) -> HelpRequest:
    """The person no longer wants the help they asked for."""
    _set_proposals_aside(request_id, at=at, note=_("Die Anfrage wurde zurückgezogen."))
    return request_actions.withdraw_request(request_id=request_id, by=by, at=at)


@transaction.atomic
def close_request(*, request_id: int, reason: CloseReason, by: User, at: datetime) -> HelpRequest:
    """Close a request with a reason."""
    _set_proposals_aside(request_id, at=at, note=_("Die Anfrage wurde abgeschlossen."))
    return request_actions.close_request(request_id=request_id, reason=reason, by=by, at=at)


@transaction.atomic
def hold_request(
    *, request_id: int, reason: str, by: User, at: datetime, until: date | None = None
) -> HelpRequest:
    """Put a request aside for a while."""
    _set_proposals_aside(request_id, at=at, note=_("Die Anfrage wurde zurückgestellt."))
    return request_actions.hold_request(request_id=request_id, reason=reason, by=by, at=at, until=until)


@transaction.atomic
def forward_request(*, request_id: int, to: str, by: User, at: datetime, outcome: str = "") -> HelpRequest:
    """Pass a request on to a partner."""
    _set_proposals_aside(request_id, at=at, note=_("Die Anfrage wurde weitergeleitet."))
    return request_actions.forward_request(request_id=request_id, to=to, by=by, at=at, outcome=outcome)
