"""A planned list of requests is written: new rows in batches, changed ones one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import DatabaseError, transaction

from helfer.core.constraints import refusal_for
from helfer.core.copying import copy_rows
from helfer.core.import_report import Fault, Outcome, RowOutcome
from helfer.core.numbering import new_numbers
from helfer.help_requests.actions.submitting import NUMBER_PREFIX
from helfer.help_requests.imports.plan import PlannedRequest, RequestPlan
from helfer.help_requests.imports.rows import NAMELESS_RELATIVE, REQUEST_FIELDS, RequestRow
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.imports.persons import (
    chunks,
    districts_of,
    insert,
    offices_of_districts,
    save_people,
)
from helfer.people.models import HelpSeeker, Office, Person, Representative, RepresentativeKind


def write_requests(
    plan: RequestPlan, *, office: Office | None, progress: Callable[[int, int], None] | None = None
) -> None:
    """Write what is new or changed; a changed row that the database refuses becomes a fault."""
    new = [each for each in plan.requests if each.outcome is Outcome.NEW]
    changed = [each for each in plan.requests if each.outcome is Outcome.CHANGED]
    done, everything = 0, len(new) + len(changed)
    served = offices_of_districts()
    _give_numbers(plan.requests, new, office=office)
    for batch in chunks(new):
        _write_new(batch, office=office, served=served)
        done += len(batch)
        if progress:
            progress(done, everything)
    for each in changed:
        _write_changed(plan, each, office=office, served=served)
        done += 1
        if progress:
            progress(done, everything)


def _give_numbers(
    all_rows: list[PlannedRequest], new: list[PlannedRequest], *, office: Office | None
) -> None:
    without = [each for each in new if not each.row.number]
    if not without:
        return
    rows = HelpRequest.objects.filter(office=office) if office else HelpRequest.objects.all()
    numbers = new_numbers(
        rows,
        prefix=NUMBER_PREFIX,
        how_many=len(without),
        taken={each.row.number for each in all_rows},
    )
    for each, number in zip(without, numbers, strict=True):
        each.row.number = number


def _write_new(batch: list[PlannedRequest], *, office: Office | None, served: dict[int, int]) -> None:
    people = [_person(each) for each in batch]
    save_people(people)
    districts = districts_of(people)
    office_of = {
        person.pk: office.pk if office else served.get(districts[person.pk] or 0) for person in people
    }
    seekers = _seekers(batch, people, office_of)
    requests = [
        HelpRequest(
            help_seeker=seekers[person.pk],
            office_id=office_of[person.pk],
            number=each.row.number,
            state=RequestState.OPEN if each.row.role else RequestState.SUBMITTED,
            import_digest=each.row.digest,
            **each.row.request,
        )
        for each, person in zip(batch, people, strict=True)
    ]
    insert(requests, HelpRequest)
    copy_rows(
        HelpRequest.compensation_models.through,
        ("helprequest_id", "compensationmodel_id"),
        (
            (request.pk, model.pk)
            for each, request in zip(batch, requests, strict=True)
            for model in each.row.compensation_models
        ),
    )
    _write_relatives(
        (each.row, seekers[person.pk])
        for each, person in zip(batch, people, strict=True)
        if each.row.relative_name
    )


def _seekers(
    batch: list[PlannedRequest], people: list[Person], office_of: dict[int, int | None]
) -> dict[int, HelpSeeker]:
    """Everybody's record as a help seeker, made where there is none."""
    there = {
        seeker.person_id: seeker
        for seeker in HelpSeeker.objects.filter(person__in=[person.pk for person in people])
    }
    fresh: dict[int, HelpSeeker] = {}
    for each, person in zip(batch, people, strict=True):
        seeker = there.get(person.pk)
        if seeker is None:
            fresh.setdefault(
                person.pk,
                HelpSeeker(person=person, office_id=office_of[person.pk], care_level=each.row.care_level),
            )
        elif "pflegegrad" in each.row.person.columns and seeker.care_level != each.row.care_level:
            seeker.care_level = each.row.care_level
            seeker.save(update_fields=["care_level"])
    insert(list(fresh.values()), HelpSeeker)
    return there | fresh


def _write_changed(
    plan: RequestPlan, each: PlannedRequest, *, office: Office | None, served: dict[int, int]
) -> None:
    request, person = each.request, _person(each)
    if request is None:
        raise ValueError("a changed row has its request")
    try:
        with transaction.atomic():
            seeker = HelpSeeker.objects.select_for_update(of=("self",)).get(pk=request.help_seeker_id)
            HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
            save_people([person])
            if "pflegegrad" in plan.columns and seeker.care_level != each.row.care_level:
                seeker.care_level = each.row.care_level
                seeker.save(update_fields=["care_level"])
            if request.office_id is None:
                district = districts_of([person])[person.pk]
                request.office_id = office.pk if office else served.get(district or 0)
                if seeker.office_id is None:
                    seeker.office_id = request.office_id
                    seeker.save(update_fields=["office"])
            _update(request, each.row, columns=plan.columns)
            if each.row.relative_name:
                _write_relatives([(each.row, seeker)])
    except DatabaseError as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        each.outcome = Outcome.FAULTY
        plan.report.faults.append(Fault(each.row.line, "", str(refusal)))
        plan.report.rows = [
            RowOutcome(row.line, row.number, row.name, Outcome.FAULTY) if row.line == each.row.line else row
            for row in plan.report.rows
        ]


def _update(request: HelpRequest, row: RequestRow, *, columns: frozenset[str]) -> None:
    names = ["import_digest", "office"]
    request.import_digest = row.digest
    for column, name in REQUEST_FIELDS.items():
        # A day of receipt that the row does not say stays as it is.
        if column in columns and (column != "eingang" or "eingang" in row.said):
            setattr(request, name, row.request[name])
            names.append(name)
    if request.state == RequestState.SUBMITTED and request.role_id and not hasattr(request, "triage"):
        # It came from a list as "noch unklar"; now the list says what is needed.
        request.move_to(RequestState.OPEN)
        names.append("state")
    request.save(update_fields=names)
    if "verguetung" in columns:
        request.compensation_models.set(row.compensation_models)


def _write_relatives(rows: Iterable[tuple[RequestRow, HelpSeeker]]) -> None:
    """Relatives as contacts: kinship gives no power, and whom to tell is the person's own choice."""
    wanted = list(rows)
    there: dict[tuple[int, str], Representative] = {
        (each.help_seeker_id, each.person.full_name.casefold()): each
        for each in Representative.objects.filter(
            help_seeker__in=[seeker.pk for _row, seeker in wanted]
        ).select_related("person")
    }
    fresh: list[Representative] = []
    for row, seeker in wanted:
        known = there.get((seeker.pk, row.relative_name.casefold()))
        if known is None:
            given, _blank, family = row.relative_name.rpartition(" ")
            if row.relative_name == NAMELESS_RELATIVE:
                given, family = "", NAMELESS_RELATIVE
            person = Person(family_name=family, given_name=given, phone=row.relative_phone)
            known = Representative(person=person, help_seeker=seeker, kind=RepresentativeKind.RELATIVE)
            there[seeker.pk, row.relative_name.casefold()] = known
            fresh.append(known)
        elif row.relative_phone and known.pk is not None and known.person.phone != row.relative_phone:
            known.person.phone = row.relative_phone
            known.person.save(update_fields=["phone"])
    insert([each.person for each in fresh], Person)
    for each in fresh:
        each.person_id = each.person.pk
    insert(fresh, Representative)


def _person(each: PlannedRequest) -> Person:
    if each.person is None:
        raise ValueError("a row to be written has its person")
    return each.person
