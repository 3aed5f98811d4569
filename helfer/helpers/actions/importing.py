"""An office's list of helpers comes in."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from helfer.core.days import berlin_day
from helfer.core.import_report import ImportReport, Progress
from helfer.core.tables import Table
from helfer.helpers.imports.answering import can_import
from helfer.helpers.imports.apply import write_helpers
from helfer.helpers.imports.plan import HelperPlan, plan_helpers
from helfer.helpers.models import HelperProfile
from helfer.people.models import Office, User


@transaction.atomic
def preview_helpers(
    *, table: Table, by: User, at: datetime, office: Office | None = None, progress: Progress | None = None
) -> ImportReport:
    """What an import of this list would do; writes nothing.

    Raises ``NotAllowed`` or ``TableRefused``.
    """
    today = berlin_day(at)
    can_import(by, office=office, on_office_seats=_seats(by, at))
    return plan_helpers(table, office=office, today=today, progress=progress).report


@transaction.atomic
def import_helpers(
    *,
    table: Table,
    by: User,
    at: datetime,
    office: Office | None = None,
    skip_invalid: bool = False,
    is_operator: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take a list of helpers: all or nothing, or with ``skip_invalid`` the rows without fault.

    ``by`` answers for the import and for the certificates in it. ``is_operator``: whoever runs the
    installation starts it, nobody's seat is asked for. Raises ``NotAllowed`` or ``TableRefused``.
    """
    if not is_operator:
        can_import(by, office=office, on_office_seats=_seats(by, at))
    with connection.cursor() as cursor:
        # A second import waits, and then finds what the first one wrote.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [HelperProfile._meta.db_table]
        )
    plan = plan_helpers(table, office=office, today=berlin_day(at), progress=progress)
    _write(plan, by=by, at=at, office=office, skip_invalid=skip_invalid, progress=progress)
    return plan.report


class _NothingIsWritten(Exception):
    pass


def _write(
    plan: HelperPlan,
    *,
    by: User,
    at: datetime,
    office: Office | None,
    skip_invalid: bool,
    progress: Progress | None,
) -> None:
    if plan.report.faults and not skip_invalid:
        return
    try:
        with transaction.atomic():
            write_helpers(plan, office=office, by=by, at=at, progress=progress)
            if plan.report.faults and not skip_invalid:
                raise _NothingIsWritten
    except _NothingIsWritten:
        return
    plan.report.is_written = True


def _seats(by: User, at: datetime) -> set[int]:
    return set(by.seats_on(berlin_day(at)).values_list("office_id", flat=True))
