"""The pair that comes together: a person names the neighbour who shall help."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.help_requests.actions.details import locked_request
from helfer.help_requests.actions.submitting import EDITABLE
from helfer.help_requests.models import HelpRequest
from helfer.help_requests.permissions import can_work_on
from helfer.helpers.models import HelperProfile, HelperState
from helfer.people.models import User


@transaction.atomic
def name_helper(*, request_id: int, helper: HelperProfile | None, by: User, at: datetime) -> HelpRequest:
    """Note whom the person wants: nobody is searched, listed or ranked any more. ``None`` takes it back."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    if request.state not in EDITABLE:
        raise Conflict(
            _("Diese Anfrage ist „%(state)s“ und kann nicht mehr geändert werden.")
            % {"state": request.get_state_display()},
            code="not_editable",
        )
    if helper is not None:
        _must_be_able_to_help(helper, request)
    request.named_helper = helper
    request.save(update_fields=["named_helper"])
    return request


def _must_be_able_to_help(helper: HelperProfile, request: HelpRequest) -> None:
    if helper.person_id == request.help_seeker.person_id:
        raise Conflict(_("Niemand hilft sich selbst."), code="same_person", field="helper")
    if helper.state in (HelperState.LEFT, HelperState.REJECTED):
        raise Conflict(
            _("Dieses Helferprofil ist „%(state)s“.") % {"state": helper.get_state_display()},
            code="state",
            field="helper",
        )
    if helper.only_for_id is not None and helper.only_for_id != request.help_seeker_id:
        raise Conflict(_("Diese Person hilft nur jemand anderem."), code="only_for", field="helper")
