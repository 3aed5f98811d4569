"""A helper's time off, as periods beside the state."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.helpers.actions.profiles import locked_helper
from helfer.helpers.models import Pause
from helfer.helpers.permissions import can_edit_profile
from helfer.people.models import User


@transaction.atomic
def add_pause(
    *,
    helper_id: int,
    from_day: date,
    by: User,
    at: datetime,
    until_day: date | None = None,
    reason: str = "",
) -> Pause:
    """The helper takes time off and is back on ``until_day``, if that is known.

    Raises ``NotAllowed``, or ``Conflict`` where a pause is there already.
    """
    today = berlin_day(at)
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=today)
    if until_day is not None and until_day <= today:
        raise Conflict(_("Diese Pause wäre schon vorbei."), field="until_day")
    pause = Pause(helper=helper, from_day=from_day, until_day=until_day, reason=reason.strip())
    must_be_valid(pause)
    pause.save()
    return pause


@transaction.atomic
def end_pause(*, pause_id: int, by: User, at: datetime, on: date | None = None) -> Pause | None:
    """The helper is back (today, or on the given day); a pause that never began is taken back (``None``)."""
    today = berlin_day(at)
    pause = Pause.objects.filter(pk=pause_id).first()
    if pause is None:
        raise Conflict(_("Diese Pause gibt es nicht."))
    helper = locked_helper(pause.helper_id)
    can_edit_profile(by, helper, on=today)
    pause.refresh_from_db()
    back_on = on or today
    if pause.until_day is not None and pause.until_day <= today:
        raise Conflict(_("Diese Pause ist schon vorbei."))
    if back_on <= pause.from_day:
        pause.delete()
        return None
    pause.until_day = back_on
    must_be_valid(pause)
    pause.save(update_fields=["until_day"])
    return pause
