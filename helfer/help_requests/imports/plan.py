"""A list of requests held against what is there: what is new, what changed, what is wrong. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helfer.core.import_report import Fault, ImportReport, Outcome, Progress, RowOutcome
from helfer.core.tables import Table
from helfer.help_requests.imports.rows import RequestRow, RequestRows
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.imports.persons import Identity, Locator, chunks, known_persons, stored_key
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
            first = numbers.setdefault(row.number, row.line)
            if first != row.line:
                each.faults.append(
                    Fault(
                        row.line,
                        "nummer",
                        _("Die Nummer „%(number)s“ steht schon in Zeile %(line)s.")
                        % {"number": row.number, "line": first},
                    )
                )
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
    scope = HelpRequest.objects.select_related("help_seeker__person")
    # An office's list may take in rows that were imported before there was an office for them.
    own_list = scope.filter(Q(office=office) | Q(office=None)) if office else scope
    by_number: dict[str, list[HelpRequest]] = defaultdict(list)
    for numbers in chunks(sorted({each.row.number for each in planned if each.row.number})):
        for request in own_list.filter(number__in=numbers).order_by("pk"):
            by_number[request.number].append(request)
    by_key = _by_key([each for each in planned if not each.row.number], own_list)
    # Whose number is known needs no further look.
    known = known_persons(
        each.row.person
        for each in planned
        if all(
            each.row.person.is_somebody_else(request.help_seeker.person)
            for request in by_number.get(each.row.number, [])
        )
    )
    # Several requests of one human being share one record, those that begin in this list too.
    begun: dict[Identity, Person] = {}
    for each in planned:
        row = each.row
        if row.number:
            same = by_number.get(row.number, [])
            if office:
                # A number without an office that stands for somebody else belongs to another list.
                same = [request for request in same if request.office_id] or [
                    request for request in same if not row.person.is_somebody_else(request.help_seeker.person)
                ]
            if len(same) > 1:
                each.faults.append(Fault(row.line, "nummer", _ambiguous_number(row.number)))
                continue
            each.request = same[0] if same else None
        else:
            same = by_key.get(row.person.key(), [])
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
    row, person = each.row, request.help_seeker.person
    if row.person.is_somebody_else(person):
        each.faults.append(Fault(row.line, "nummer", _foreign_number(row.number, person)))
        return
    is_taken_in = office is not None and request.office_id is None
    if request.import_digest == row.digest and not is_taken_in:
        each.outcome = Outcome.UNCHANGED
        return
    each.outcome, each.person = Outcome.CHANGED, person
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


def _by_key(
    planned: list[PlannedRequest], own_list: QuerySet[HelpRequest]
) -> dict[object, list[HelpRequest]]:
    """Requests that stand for rows without a number, by name, birth year and telephone number."""
    wanted = {each.row.person.key() for each in planned}
    found: dict[object, list[HelpRequest]] = defaultdict(list)
    for names in chunks(sorted({each.row.person.family_name for each in planned})):
        for request in own_list.filter(help_seeker__person__family_name__in=names).order_by("pk"):
            key = stored_key(request.help_seeker.person)
            if key in wanted:
                found[key].append(request)
    return found


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


def _ambiguous_number(number: str) -> str:
    return _(
        "Die Nummer „%(number)s“ gibt es in mehreren Büros. Bitte sagen Sie, welches Büro gemeint ist."
    ) % {"number": number}


def _several_requests() -> str:
    return _("Von dieser Person gibt es mehrere Anfragen. Bitte die Nummer eintragen.")


def _foreign_number(number: str, person: Person) -> str:
    name = f"{person.full_name}, {person.birth_year}" if person.birth_year else person.full_name
    return _(
        "Die Nummer „%(number)s“ gehört schon jemand anderem (%(name)s). Richtig wäre eine freie Nummer."
    ) % {"number": number, "name": name}
