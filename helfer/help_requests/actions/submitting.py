"""A need comes in, and is kept right while it waits."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.numbering import new_numbers
from helfer.help_requests.actions.details import RequestDetails, locked_request
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.help_requests.permissions import can_submit_for, can_work_on
from helfer.people.actions import office_for
from helfer.people.models import HelpSeeker, Office, User

NUMBER_PREFIX = "A-"
EDITABLE = frozenset({RequestState.SUBMITTED, RequestState.OPEN, RequestState.ON_HOLD})


@transaction.atomic
def submit_request(
    *,
    help_seeker_id: int,
    details: RequestDetails,
    by: User,
    at: datetime,
    office: Office | None = None,
    number: str = "",
    received_on: date | None = None,
) -> HelpRequest:
    """A need comes in: to the named office, else the person's own, else the one that serves their district.

    Without a number one is drawn for the office. Raises ``NotAllowed`` or ``Conflict``.
    """
    today = berlin_day(at)
    seeker = (
        HelpSeeker.objects.select_for_update(of=("self",))
        .select_related("person", "office")
        .filter(pk=help_seeker_id)
        .first()
    )
    if seeker is None:
        raise Conflict(_("Diese hilfesuchende Person gibt es nicht."), field="help_seeker")
    if not seeker.person.can_get_mail:
        raise Conflict(_("Für diese Person kann keine Hilfe mehr gesucht werden."), field="help_seeker")
    office = office or seeker.office or office_for(seeker.person)
    can_submit_for(by, seeker, office=office, on=today)
    return take_in(
        seeker=seeker, details=details, office=office, today=today, number=number, received_on=received_on
    )


def take_in(
    *,
    seeker: HelpSeeker,
    details: RequestDetails,
    office: Office | None,
    today: date,
    number: str = "",
    received_on: date | None = None,
) -> HelpRequest:
    """Keep a need of this person, whoever may have said it."""
    received_on = received_on or today
    if received_on > today:
        raise Conflict(_("Dieser Tag liegt in der Zukunft."), field="received_on")
    number = number.strip() or _new_number(office)
    request = HelpRequest(help_seeker=seeker, office=office, number=number, received_on=received_on)
    details.write_to(request)
    if seeker.office_id is None and office is not None:
        seeker.office = office
        seeker.save(update_fields=["office"])
    return request


def _new_number(office: Office | None) -> str:
    return new_numbers(HelpRequest.objects.filter(office=office), prefix=NUMBER_PREFIX)[0]


@transaction.atomic
def update_request(*, request_id: int, details: RequestDetails, by: User, at: datetime) -> HelpRequest:
    """Change what is asked for, as long as nobody helps yet.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    if request.state not in EDITABLE:
        raise Conflict(
            _("Diese Anfrage ist „%(state)s“ und kann nicht mehr geändert werden.")
            % {"state": request.get_state_display()},
            code="not_editable",
        )
    if request.state == RequestState.OPEN and details.role is None:
        raise Conflict(_("Eine offene Anfrage braucht eine Tätigkeit."), code="role_unclear", field="role")
    details.write_to(request)
    return request
