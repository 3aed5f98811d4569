"""When the tandem asks next how a match is going."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from helfer.matching.models import CheckIn, CheckInKind, Match


def next_working_day(day: date) -> date:
    """The next Monday to Friday after ``day``."""
    following = day + timedelta(days=1)
    while following.weekday() >= 5:
        following += timedelta(days=1)
    return following


def plan(match: Match, *, kind: CheckInKind, due_on: date) -> CheckIn:
    """Set the match's next contact; one that was planned but not yet done makes way."""
    planned, _created = CheckIn.objects.update_or_create(
        match=match,
        done_on=None,
        defaults={
            "kind": kind,
            "due_on": due_on,
            "escalated_to_other_side_on": None,
            "escalated_to_coordinator_on": None,
        },
    )
    return planned


def plan_after(done: CheckIn, *, on: date) -> CheckIn | None:
    """The contact that follows a done one: after 2 weeks, after 6 weeks, then every 8 weeks (configurable).

    The first two count from the first contact; a late one moves the next at least a week away.
    """
    match = done.match
    if not match.is_running:
        return None
    second, third, regular = settings.HELFER_CHECK_IN_WEEKS
    first_contact = match.first_contact_on
    if first_contact is None:
        return plan(match, kind=CheckInKind.FIRST_CONTACT, due_on=on + timedelta(days=7))
    earliest = on + timedelta(days=7)
    for kind, weeks in ((CheckInKind.TWO_WEEKS, second), (CheckInKind.SIX_WEEKS, third)):
        already = match.check_ins.filter(kind=kind, done_on__isnull=False).exists()
        due = first_contact + timedelta(weeks=weeks)
        if not already and due >= on:
            return plan(match, kind=kind, due_on=max(due, earliest))
    return plan(match, kind=CheckInKind.REGULAR, due_on=on + timedelta(weeks=regular))
