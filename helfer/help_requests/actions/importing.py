"""An office's list of requests comes in."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from helfer.core.days import berlin_day
from helfer.core.import_report import ImportReport, Progress
from helfer.core.tables import Table
from helfer.help_requests.imports.apply import write_requests
from helfer.help_requests.imports.plan import RequestPlan, plan_requests
from helfer.help_requests.models import HelpRequest
from helfer.helpers.imports.answering import can_import
from helfer.people.models import Office, User


@transaction.atomic
def preview_requests(
    *, table: Table, by: User, at: datetime, office: Office | None = None, progress: Progress | None = None
) -> ImportReport:
    """What an import of this list would do; writes nothing.

    Raises ``NotAllowed`` or ``TableRefused``.
    """
    can_import(by, office=office, on_office_seats=_seats(by, at))
    return plan_requests(table, office=office, today=berlin_day(at), progress=progress).report


@transaction.atomic
def import_requests(
    *,
    table: Table,
    by: User,
    at: datetime,
    office: Office | None = None,
    skip_invalid: bool = False,
    is_operator: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take a list of requests: all or nothing, or with ``skip_invalid`` the rows without fault.

    ``is_operator``: whoever runs the installation starts it, nobody's seat is asked for.
    Raises ``NotAllowed`` or ``TableRefused``.
    """
    if not is_operator:
        can_import(by, office=office, on_office_seats=_seats(by, at))
    with connection.cursor() as cursor:
        # A second import waits, and then finds what the first one wrote.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [HelpRequest._meta.db_table])
    plan = plan_requests(table, office=office, today=berlin_day(at), progress=progress)
    _write(plan, office=office, skip_invalid=skip_invalid, progress=progress)
    return plan.report


class _NothingIsWritten(Exception):
    pass


def _write(
    plan: RequestPlan, *, office: Office | None, skip_invalid: bool, progress: Progress | None
) -> None:
    if plan.report.faults and not skip_invalid:
        return
    try:
        with transaction.atomic():
            write_requests(plan, office=office, progress=progress)
            if plan.report.faults and not skip_invalid:
                raise _NothingIsWritten
    except _NothingIsWritten:
        return
    plan.report.is_written = True


def _seats(by: User, at: datetime) -> set[int]:
    return set(by.seats_on(berlin_day(at)).values_list("office_id", flat=True))
