"""A running match is never left alone: planned contacts, incidents, and somebody responsible."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.help_requests.models import CloseReason
from helfer.matching.actions.ending import end_locked_match
from helfer.matching.actions.running import pause_locked_match
from helfer.matching.lifecycle import RUNNING_NOT_PAUSED
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import (
    CheckIn,
    CheckInKind,
    EndReason,
    Incident,
    IncidentClass,
    IncidentSeverity,
    Match,
    Party,
    PauseReason,
    PauseSide,
)
from helfer.matching.notices import incident_escalated
from helfer.matching.permissions import seat_in
from helfer.matching.schedule import plan, plan_after
from helfer.people.models import Channel, Seat, User


@transaction.atomic
def complete_check_in(
    *,
    match_id: int,
    party: Party,
    channel: Channel,
    goes_well: bool,
    by: User,
    at: datetime,
    note: str = "",
) -> CheckIn:
    """Note the planned contact as done and plan the next one; a one-off deployment ends with it."""
    today = berlin_day(at)
    match = lock_match_with_rivals(match_id)
    seat_in(match.office, of=by, on=today)
    check_in = CheckIn.objects.filter(match=match, done_on=None).first()
    if check_in is None:
        raise Conflict(_("Für diese Vermittlung ist keine Nachfrage geplant."))
    check_in.match = match
    check_in.party, check_in.channel, check_in.goes_well, check_in.note = party, channel, goes_well, note
    check_in.done_on, check_in.done_by = today, by
    check_in.save(update_fields=["party", "channel", "goes_well", "note", "done_on", "done_by"])
    if check_in.kind == CheckInKind.AFTER_ONE_OFF:
        end_locked_match(
            match, reason=EndReason.DONE, ended_well=goes_well, at=at, close_request_as=CloseReason.HELPED
        )
    else:
        plan_after(check_in, on=today)
    return check_in


@transaction.atomic
def plan_check_in(*, match_id: int, due_on: date, by: User, at: datetime) -> CheckIn:
    """Set the next contact to another day."""
    today = berlin_day(at)
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=today)
    if not match.is_running:
        raise Conflict(_("Nachfragen gibt es nur für laufende Vermittlungen."))
    if due_on < today:
        raise Conflict(_("Dieser Tag liegt in der Vergangenheit."), field="due_on")
    present = CheckIn.objects.filter(match=match, done_on=None).first()
    return plan(match, kind=CheckInKind(present.kind) if present else CheckInKind.EXTRA, due_on=due_on)


@transaction.atomic
def hand_over_responsibility(*, match_id: int, seat: Seat, by: User, at: datetime) -> Match:
    """Another seat-holder of the same office looks after the match from now on."""
    today = berlin_day(at)
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=today)
    if seat.office_id != match.office_id or not seat.is_valid_on(today):
        raise Conflict(_("Diese Person gehört heute nicht zum Tandem dieses Büros."), field="seat")
    match.responsible = seat
    match.save(update_fields=["responsible"])
    return match


@transaction.atomic
def record_incident(
    *,
    match_id: int,
    incident_class: IncidentClass,
    severity: IncidentSeverity,
    happened_on: date,
    facts: str,
    by: User,
    at: datetime,
    done: str = "",
) -> Incident:
    """Record what went wrong; from "serious" on the match rests at once and the tandem hears."""
    today = berlin_day(at)
    match = lock_match(match_id)
    seat_in(match.office, of=by, on=today)
    if happened_on > today:
        raise Conflict(_("Dieser Tag liegt in der Zukunft."), field="happened_on")
    incident = Incident.objects.create(
        match=match,
        incident_class=incident_class,
        severity=severity,
        happened_on=happened_on,
        reported_at=at,
        reported_by=by,
        facts=facts,
        done=done,
        escalated_at=at if severity != IncidentSeverity.MINOR else None,
    )
    if severity != IncidentSeverity.MINOR:
        if match.state in RUNNING_NOT_PAUSED:
            pause_locked_match(match, side=PauseSide.OFFICE, reason=PauseReason.INCIDENT, on=today, at=at)
        incident_escalated(incident, at=at)
    return incident


@transaction.atomic
def close_incident(*, incident_id: int, done: str, by: User, at: datetime) -> Incident:
    """Close an incident with what was done."""
    incident = (
        Incident.objects.select_for_update(of=("self",)).select_related("match__office").get(pk=incident_id)
    )
    seat_in(incident.match.office, of=by, on=berlin_day(at))
    if not done.strip():
        raise Conflict(_("Bitte notieren Sie, was getan wurde."), field="done")
    if incident.closed_at is None:
        incident.done, incident.closed_at, incident.closed_by = done.strip(), at, by
        incident.save(update_fields=["done", "closed_at", "closed_by"])
    return incident
