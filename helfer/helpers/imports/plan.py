"""A list of helpers held against what is there: what is new, what changed, what is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from helfer.core.import_report import Fault, ImportReport, Outcome, Progress, RowOutcome
from helfer.core.tables import Table
from helfer.helpers.imports.kept import Kept, repeated_number
from helfer.helpers.imports.persons import Locator, chunks, known_persons
from helfer.helpers.imports.rows import HelperRow, HelperRows
from helfer.helpers.models import HelperProfile
from helfer.people.models import Office, Person


@dataclass(slots=True)
class PlannedHelper:
    """A row and what becomes of it; ``person`` is as it will be written, ``profile`` where there is one."""

    row: HelperRow
    outcome: Outcome
    person: Person | None = None
    profile: HelperProfile | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class HelperPlan:
    """A whole list, planned."""

    columns: frozenset[str]
    helpers: list[PlannedHelper]
    report: ImportReport


def plan_helpers(
    table: Table, *, office: Office | None, today: date, progress: Progress | None = None
) -> HelperPlan:
    """Read the list and find out what becomes of each row.

    Raises ``TableRefused`` where columns are missing.
    """
    rows = HelperRows(table, today=today)
    planned = []
    for done, row in enumerate(table.rows, start=1):
        read = rows.read(row)
        planned.append(PlannedHelper(read, Outcome.NEW, faults=list(read.faults)))
        if progress:
            progress(done, 2 * len(table.rows))
    _find_repeated(planned)
    _find_known(planned, office=office)
    _find_homes(planned, progress=progress)
    for helper in planned:
        if helper.faults:
            helper.outcome = Outcome.FAULTY
    report = ImportReport(
        rows=[
            RowOutcome(each.row.line, each.row.number, each.row.person.name, each.outcome) for each in planned
        ],
        faults=[fault for each in planned for fault in each.faults],
        notes=rows.columns.notes() + ([] if planned else [_("Die Liste hat keine Zeilen.")]),
    )
    return HelperPlan(frozenset(rows.columns.places), planned, report)


def _find_repeated(planned: list[PlannedHelper]) -> None:
    """One number, one row; one human being, one row."""
    numbers: dict[str, int] = {}
    people: dict[object, int] = {}
    for each in planned:
        row = each.row
        fault = repeated_number(row, numbers) if row.number else None
        if fault:
            each.faults.append(fault)
            continue
        keys: list[object] = list(row.person.identities())
        if not row.number:
            keys.append(row.person.key())
        first = min((people[key] for key in keys if key in people), default=row.line)
        for key in keys:
            people.setdefault(key, row.line)
        if first != row.line:
            each.faults.append(
                Fault(row.line, "", _("Diese Person steht schon in Zeile %(line)s.") % {"line": first})
            )


def _find_known(planned: list[PlannedHelper], *, office: Office | None) -> None:
    scope = HelperProfile.objects.select_related("person")
    rows = [each.row for each in planned]
    kept = Kept(rows, scope, office=office, path="person", person_of=lambda profile: profile.person)
    known = known_persons(kept.still_unknown(rows))
    holders = _profiles_of(scope, known.values())
    for each in planned:
        row = each.row
        if row.number:
            each.profile, fault = kept.under_number(row)
            if fault:
                each.faults.append(fault)
                continue
        else:
            each.profile = next(iter(kept.without_number(row)), None)
        if each.profile is None:
            person = next((known[key] for key in row.person.identities() if key in known), None)
            holder = holders.get(person.pk) if person else None
            if holder is not None and (row.number or (office and holder.office_id not in (None, office.pk))):
                each.faults.append(Fault(row.line, "nummer", _has_profile(holder)))
                continue
            each.person, each.profile = person, holder
        if each.profile is not None:
            is_taken_in = office is not None and each.profile.office_id is None
            unchanged = each.profile.import_digest == row.digest and not is_taken_in
            each.outcome = Outcome.UNCHANGED if unchanged else Outcome.CHANGED
            each.person = each.profile.person


def _profiles_of(scope: QuerySet[HelperProfile], people: Iterable[Person]) -> dict[int, HelperProfile]:
    ids = sorted({person.pk for person in people})
    found: dict[int, HelperProfile] = {}
    for part in chunks(ids):
        found.update({profile.person_id: profile for profile in scope.filter(person__in=part)})
    return found


def _find_homes(planned: list[PlannedHelper], *, progress: Progress | None) -> None:
    locator = Locator()
    for done, each in enumerate(planned, start=1):
        if each.outcome is not Outcome.UNCHANGED and not each.faults:
            each.person = each.person or Person()
            fault = locator.take_over(
                each.row.person, each.person, line=each.row.line, is_ours=each.profile is not None
            )
            if fault:
                each.faults.append(fault)
        if progress:
            progress(len(planned) + done, 2 * len(planned))


def _has_profile(profile: HelperProfile) -> str:
    return _("Diese Person ist schon eingetragen, unter der Nummer „%(number)s“.") % {
        "number": profile.number or "–"
    }
