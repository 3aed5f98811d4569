"""Another office lends its helper, or says no."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.matching.actions.proposing import set_aside
from helfer.matching.lifecycle import BEFORE_APPROVAL, MatchState
from helfer.matching.locks import lock_match
from helfer.matching.models import Match
from helfer.matching.notices import lending_refused, match_declined
from helfer.matching.permissions import seat_in
from helfer.people.models import User


@transaction.atomic
def agree_to_lend(*, match_id: int, by: User, at: datetime) -> Match:
    """The lending office agrees once, by one of its sides, that its helper serves another office.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    match = _lent_match(match_id, by=by, at=at)
    if match.lending_agreed_at is None:
        match.lending_agreed_by, match.lending_agreed_at = by, at
        match.save(update_fields=["lending_agreed_by", "lending_agreed_at"])
    return match


@transaction.atomic
def refuse_to_lend(*, match_id: int, by: User, at: datetime, note: str) -> Match:
    """The lending office says no, with a reason for the asking office; a yes may be taken back so too.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    match = _lent_match(match_id, by=by, at=at)
    if not note.strip():
        raise Conflict(_("Bitte schreiben Sie dem anfragenden Büro kurz, warum."), field="note")
    # The helper is taken back: neither a person declined, nor did the responsible tandem reject. It is also
    # the one arrow that leads out of both states before the approval.
    set_aside(match, to=MatchState.WITHDRAWN, on=berlin_day(at), note=note.strip())
    lending_refused(match, at=at)
    match_declined(match, at=at)
    return match


def _lent_match(match_id: int, *, by: User, at: datetime) -> Match:
    """The match under lock, for a seat-holder of the lending office, while it is not approved."""
    match = lock_match(match_id)
    if match.lending_office is None:
        raise Conflict(_("Für diese Vermittlung ist keine Zustimmung eines anderen Büros nötig."))
    seat_in(match.lending_office, of=by, on=berlin_day(at))
    if match.state not in BEFORE_APPROVAL:
        raise Conflict(_("Dafür ist es zu spät: Die Vermittlung ist nicht mehr in Vorbereitung."))
    return match
