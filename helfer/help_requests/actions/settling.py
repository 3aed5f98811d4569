"""A request rests, goes to a partner, is taken back, ends, or waits again.

Where matches hang on it, the actions of the same names in `matching` are the ones to call.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.help_requests.actions.details import locked_request
from helfer.help_requests.models import CloseReason, HelpRequest, RequestState
from helfer.help_requests.permissions import can_withdraw, can_work_on
from helfer.people.models import Kind, Office, User
from helfer.people.permissions import can_coordinate

DONE = (RequestState.CLOSED, RequestState.WITHDRAWN)


@transaction.atomic
def hold_request(
    *, request_id: int, reason: str, by: User, at: datetime, until: date | None = None
) -> HelpRequest:
    """Put a request aside for a while, with a reason."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    reason = _said(reason, field="reason")
    if until is not None and until <= berlin_day(at):
        raise Conflict(_("Dieser Tag liegt nicht in der Zukunft."), field="until")
    request.move_to(RequestState.ON_HOLD)
    request.hold_reason, request.hold_until = reason, until
    request.save(update_fields=["state", "hold_reason", "hold_until"])
    return request


@transaction.atomic
def forward_request(*, request_id: int, to: str, by: User, at: datetime, outcome: str = "") -> HelpRequest:
    """Pass a request on to a partner who can help better."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    to = _said(to, field="to", longest=160)
    request.move_to(RequestState.FORWARDED)
    request.forwarded_to, request.forward_outcome = to, _short(outcome, field="outcome")
    request.hold_reason, request.hold_until = "", None
    request.save(update_fields=["state", "forwarded_to", "forward_outcome", "hold_reason", "hold_until"])
    return request


@transaction.atomic
def note_outcome(*, request_id: int, outcome: str, by: User, at: datetime) -> HelpRequest:
    """What became of a request that was passed on."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    if request.state != RequestState.FORWARDED:
        raise Conflict(_("Diese Anfrage ist nicht weitergeleitet."))
    request.forward_outcome = _said(outcome, field="outcome")
    request.save(update_fields=["forward_outcome"])
    return request


@transaction.atomic
def withdraw_request(*, request_id: int, by: User, at: datetime) -> HelpRequest:
    """The person no longer wants the help they asked for; said twice, it changes nothing."""
    request = locked_request(request_id)
    can_withdraw(by, request, on=berlin_day(at))
    if request.state == RequestState.WITHDRAWN:
        return request
    request.move_to(RequestState.WITHDRAWN)
    request.hold_reason, request.hold_until = "", None
    request.save(update_fields=["state", "hold_reason", "hold_until"])
    return request


@transaction.atomic
def close_request(*, request_id: int, reason: CloseReason, by: User, at: datetime) -> HelpRequest:
    """Close a request with a reason."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    if reason not in CloseReason.values:
        raise Conflict(_("Bitte wählen Sie einen Grund."), field="reason")
    request.move_to(RequestState.CLOSED)
    request.close_reason, request.closed_on = CloseReason(reason), berlin_day(at)
    request.hold_reason, request.hold_until = "", None
    request.save(update_fields=["state", "close_reason", "closed_on", "hold_reason", "hold_until"])
    return request


@transaction.atomic
def reopen_request(*, request_id: int, by: User, at: datetime) -> HelpRequest:
    """Let a request wait for a helper again; one that was never clarified needs a call back instead."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    if not request.help_seeker.person.can_get_mail:
        raise Conflict(_("Für diese Person kann keine Hilfe mehr gesucht werden."))
    if request.role is None or not (hasattr(request, "triage") or request.import_digest):
        raise Conflict(
            _("Diese Anfrage ist noch nicht geklärt. Bitte rufen Sie zuerst zurück."), code="not_clarified"
        )
    if request.state == RequestState.MATCHED:
        raise Conflict(
            _("Für diese Anfrage läuft eine Vermittlung. Bitte beenden Sie zuerst die Vermittlung."),
            code="match_runs",
        )
    request.move_to(RequestState.OPEN)
    request.hold_reason, request.hold_until = "", None
    request.close_reason, request.closed_on = "", None
    request.save(update_fields=["state", "hold_reason", "hold_until", "close_reason", "closed_on"])
    return request


@transaction.atomic
def move_request(*, request_id: int, office: Office, by: User, at: datetime) -> HelpRequest:
    """Give a request to another office: by its own tandem, or by a coordinator; the person goes along."""
    request = locked_request(request_id)
    if by.has_kind(Kind.COORDINATOR):
        can_coordinate(by)
    else:
        can_work_on(by, request, on=berlin_day(at))
    if request.state == RequestState.MATCHED:
        raise Conflict(
            _("Für diese Anfrage läuft eine Vermittlung. Bitte beenden Sie zuerst die Vermittlung."),
            code="match_runs",
        )
    request.office = office
    request.save(update_fields=["office"])
    seeker = request.help_seeker
    left_behind = HelpRequest.objects.filter(help_seeker=seeker, office=seeker.office_id).exclude(
        state__in=DONE
    )
    if not left_behind.exists():
        # Whoever takes over the last open request takes over the person, whom they could not see otherwise.
        seeker.office = office
        seeker.save(update_fields=["office"])
    return request


def _said(text: str, *, field: str, longest: int = 200) -> str:
    text = _short(text, field=field, longest=longest)
    if not text:
        raise Conflict(_("Bitte füllen Sie dieses Feld aus."), field=field)
    return text


def _short(text: str, *, field: str, longest: int = 200) -> str:
    text = text.strip()
    if len(text) > longest:
        raise Conflict(_("Höchstens %(count)s Zeichen.") % {"count": longest}, field=field)
    return text
