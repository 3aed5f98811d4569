"""The life of a match: its states and the one table of arrows, read by actions and database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MatchState(models.TextChoices):
    """Where a match stands, from proposal to end."""

    PROPOSED = "proposed", _("vorgeschlagen")
    ACCEPTED = "accepted", _("beide einverstanden")
    APPROVED = "approved", _("freigegeben")
    TRIAL = "trial", _("Probezeit")
    ACTIVE = "active", _("läuft")
    PAUSED = "paused", _("pausiert")
    DECLINED = "declined", _("abgelehnt")
    REJECTED = "rejected", _("nicht freigegeben")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    ENDED = "ended", _("beendet")


S = MatchState

# From paused a match returns only to where it came from (`paused_from`); the trigger checks that too.
TRANSITIONS: dict[MatchState, frozenset[MatchState]] = {
    S.PROPOSED: frozenset({S.ACCEPTED, S.DECLINED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.APPROVED, S.REJECTED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.TRIAL, S.PAUSED, S.ENDED}),
    S.TRIAL: frozenset({S.ACTIVE, S.PAUSED, S.ENDED}),
    S.ACTIVE: frozenset({S.PAUSED, S.ENDED}),
    S.PAUSED: frozenset({S.APPROVED, S.TRIAL, S.ACTIVE, S.ENDED}),
    S.DECLINED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.ENDED: frozenset(),
}

RUNNING = frozenset({S.APPROVED, S.TRIAL, S.ACTIVE, S.PAUSED})
RUNNING_NOT_PAUSED = RUNNING - {S.PAUSED}
OPEN = frozenset({S.PROPOSED, S.ACCEPTED}) | RUNNING
BEFORE_APPROVAL = frozenset({S.PROPOSED, S.ACCEPTED})
REFUSED = frozenset({S.DECLINED, S.REJECTED, S.WITHDRAWN})
CLOSED = REFUSED | {S.ENDED}
