"""A list of requests held against what is there: what is new, what changed, what is wrong. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from helfer.core.import_report import Fault, ImportReport, Outcome, Progress, RowOutcome
from helfer.core.tables import Table
from helfer.help_requests.imports.rows import RequestRow, RequestRows
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.imports.kept import Kept, repeated_number
from helfer.helpers.imports.persons import Identity, Locator, known_persons
from helfer.people.models import Office, Person


@dataclass(slots=True)
class PlannedRequest:
    """A row and what becomes of it; ``person`` is as it will be written, ``request`` where there is one."""

    row: RequestRow
    outcome: Outcome
    person: Person | None = None
    request: HelpRequest | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class RequestPlan:
    """A whole list, planned."""

    columns: frozenset[str]
    requests: list[PlannedRequest]
    report: ImportReport


def plan_requests(
    table: Table, *, office: Office | None, today: date, progress: Progress | None = None
) -> RequestPlan:
    """Read the list and find out what becomes of each row.

    Raises ``TableRefused`` where columns are missing.
    """
    rows = RequestRows(table, today=today)
    planned = []
    for done, row in enumerate(table.rows, start=1):
        read = rows.read(row)
        planned.append(PlannedRequest(read, Outcome.NEW, faults=list(read.faults)))
        if progress:
            progress(done, 2 * len(table.rows))
    _find_repeated(planned)
    _find_known(planned, office=office)
    _find_homes(planned, progress=progress)
    for each in planned:
        if each.faults:
            each.outcome = Outcome.FAULTY
    report = ImportReport(
        rows=[
            RowOutcome(each.row.line, each.row.number, each.row.person.name, each.outcome, _note(each))
            for each in planned
        ],
        faults=[fault for each in planned for fault in each.faults],
        notes=rows.columns.notes() + ([] if planned else [_("Die Liste hat keine Zeilen.")]),
    )
    return RequestPlan(frozenset(rows.columns.places), planned, report)


def _note(each: PlannedRequest) -> str:
    if each.outcome is Outcome.NEW and each.row.role is None:
        return _("Die Tätigkeit ist noch unklar; die Anfrage wartet auf einen Rückruf.")
    return ""


def _find_repeated(planned: list[PlannedRequest]) -> None:
    """One number, one row; without a number, one human being, one row."""
    numbers: dict[str, int] = {}
    people: dict[object, int] = {}
    for each in planned:
        row = each.row
        if row.number:
            fault = repeated_number(row, numbers)
            if fault:
                each.faults.append(fault)
            continue
        first = people.setdefault(row.person.key(), row.line)
        if first != row.line:
            each.faults.append(
                Fault(
                    row.line,
                    "nummer",
                    _(
                        "Diese Person steht ohne Nummer schon in Zeile %(line)s. "
                        "Mehrere Anfragen einer Person brauchen Nummern."
                    )
                    % {"line": first},
                )
            )


def _find_known(planned: list[PlannedRequest], *, office: Office | None) -> None:
    rows = [each.row for each in planned]
    kept = Kept(
        rows,
        HelpRequest.objects.select_related("help_seeker__person"),
        office=office,
        path="help_seeker__person",
        person_of=lambda request: request.help_seeker.person,
    )
    known = known_persons(kept.still_unknown(rows))
    # Several requests of one human being share one record, those that begin in this list too.
    begun: dict[Identity, Person] = {}
    for each in planned:
        row = each.row
        if row.number:
            each.request, fault = kept.under_number(row)
            if fault:
                each.faults.append(fault)
                continue
        else:
            same = kept.without_number(row)
            alike = [request for request in same if request.import_digest == row.digest] or same
            if len(alike) > 1 and alike[0].import_digest != row.digest:
                each.faults.append(Fault(row.line, "nummer", _several_requests()))
                continue
            each.request = alike[0] if alike else None
        if each.request is not None:
            _compare(each, each.request, office=office)
        elif not each.faults:
            person = next((known[key] for key in row.person.identities() if key in known), None)
            person = person or next((begun[key] for key in row.person.identities() if key in begun), None)
            each.person = person or Person()
            for key in row.person.identities():
                begun.setdefault(key, each.person)


def _compare(each: PlannedRequest, request: HelpRequest, *, office: Office | None) -> None:
    row = each.row
    is_taken_in = office is not None and request.office_id is None
    if request.import_digest == row.digest and not is_taken_in:
        each.outcome = Outcome.UNCHANGED
        return
    each.outcome, each.person = Outcome.CHANGED, request.help_seeker.person
    if request.state == RequestState.MATCHED and row.role != request.role:
        each.faults.append(
            Fault(
                row.line,
                "aufgabe",
                _(
                    "Für diese Anfrage läuft eine Vermittlung als „%(role)s“. "
                    "Eine andere Tätigkeit wird im Programm vereinbart."
                )
                % {"role": request.role},
            )
        )
    elif request.state == RequestState.OPEN and row.role is None:
        each.faults.append(
            Fault(row.line, "aufgabe", _("Diese Anfrage ist offen und braucht eine Tätigkeit."))
        )


def _find_homes(planned: list[PlannedRequest], *, progress: Progress | None) -> None:
    locator = Locator()
    settled: set[int] = set()
    for done, each in enumerate(planned, start=1):
        if each.outcome is not Outcome.UNCHANGED and not each.faults and each.person is not None:
            is_first = id(each.person) not in settled
            settled.add(id(each.person))
            if is_first or each.request is not None:
                fault = locator.take_over(
                    each.row.person, each.person, line=each.row.line, is_ours=each.request is not None
                )
                if fault:
                    each.faults.append(fault)
                    settled.discard(id(each.person))
        if progress:
            progress(len(planned) + done, 2 * len(planned))


def _several_requests() -> str:
    return _("Von dieser Person gibt es mehrere Anfragen. Bitte die Nummer eintragen.")
