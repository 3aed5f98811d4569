"""A list of helpers held against what is there: what is new, what changed, what is wrong. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helfer.core.import_report import Fault, ImportReport, Outcome, Progress, RowOutcome
from helfer.core.tables import Table
from helfer.helpers.imports.persons import Locator, chunks, known_persons, stored_key
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
    # An office's list may take in rows that were imported before there was an office for them.
    own_list = scope.filter(Q(office=office) | Q(office=None)) if office else scope
    by_number: dict[str, list[HelperProfile]] = defaultdict(list)
    for numbers in chunks(sorted({each.row.number for each in planned if each.row.number})):
        for profile in own_list.filter(number__in=numbers).order_by("pk"):
            by_number[profile.number].append(profile)
    # Whose number is known needs no further look.
    known = known_persons(
        each.row.person
        for each in planned
        if all(
            each.row.person.is_somebody_else(profile.person) for profile in by_number.get(each.row.number, [])
        )
    )
    holders = _profiles_of(scope, known.values())
    by_key = _by_key([each for each in planned if not each.row.number], own_list)
    for each in planned:
        row = each.row
        if row.number:
            same = by_number.get(row.number, [])
            if office:
                # A number without an office that stands for somebody else belongs to another list.
                same = [profile for profile in same if profile.office_id] or [
                    profile for profile in same if not row.person.is_somebody_else(profile.person)
                ]
            if len(same) > 1:
                each.faults.append(Fault(row.line, "nummer", _ambiguous_number(row.number)))
                continue
            each.profile = same[0] if same else None
            if each.profile and row.person.is_somebody_else(each.profile.person):
                each.faults.append(Fault(row.line, "nummer", _foreign_number(row.number, each.profile)))
                continue
        else:
            each.profile = by_key.get(row.person.key())
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


def _profiles_of(scope: QuerySet[HelperProfile], people: object) -> dict[int, HelperProfile]:
    ids = sorted({person.pk for person in people})  # type: ignore[attr-defined]
    found: dict[int, HelperProfile] = {}
    for part in chunks(ids):
        found.update({profile.person_id: profile for profile in scope.filter(person__in=part)})
    return found


def _by_key(planned: list[PlannedHelper], own_list: QuerySet[HelperProfile]) -> dict[object, HelperProfile]:
    """Profiles that stand for rows without a number, by name, birth year and telephone number."""
    wanted = {each.row.person.key() for each in planned}
    found: dict[object, HelperProfile] = {}
    for names in chunks(sorted({each.row.person.family_name for each in planned})):
        for profile in own_list.filter(person__family_name__in=names).order_by("pk"):
            key = stored_key(profile.person)
            if key in wanted:
                found.setdefault(key, profile)
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


def _ambiguous_number(number: str) -> str:
    return _(
        "Die Nummer „%(number)s“ gibt es in mehreren Büros. Bitte sagen Sie, welches Büro gemeint ist."
    ) % {"number": number}


def _foreign_number(number: str, profile: HelperProfile) -> str:
    return _(
        "Die Nummer „%(number)s“ gehört schon jemand anderem (%(name)s). Richtig wäre eine freie Nummer."
    ) % {"number": number, "name": _name_and_year(profile.person)}


def _name_and_year(person: Person) -> str:
    return f"{person.full_name}, {person.birth_year}" if person.birth_year else person.full_name


def _has_profile(profile: HelperProfile) -> str:
    return _("Diese Person ist schon eingetragen, unter der Nummer „%(number)s“.") % {
        "number": profile.number or "–"
    }
