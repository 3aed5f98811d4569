"""A planned list of helpers is written: new rows in batches, changed ones one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import DatabaseError, transaction

from helfer.catalogue.models import EvidenceType, Training
from helfer.core.constraints import refusal_for
from helfer.core.copying import GrowingTables, copy_rows
from helfer.core.import_report import Fault, Outcome, RowOutcome
from helfer.core.numbering import new_numbers
from helfer.helpers.certificates import delete_by, valid_until
from helfer.helpers.imports.persons import (
    chunks,
    districts_of,
    insert,
    offices_of_districts,
    save_people,
)
from helfer.helpers.imports.plan import HelperPlan, PlannedHelper
from helfer.helpers.imports.rows import PROFILE_FIELDS
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.people.models import Office, Person, User

NUMBER_PREFIX = "H-"


def write_helpers(
    plan: HelperPlan,
    *,
    office: Office | None,
    by: User,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write what is new or changed; a changed row that the database refuses becomes a fault."""
    new = [each for each in plan.helpers if each.outcome is Outcome.NEW]
    changed = [each for each in plan.helpers if each.outcome is Outcome.CHANGED]
    done, everything = 0, len(new) + len(changed)
    served = offices_of_districts()
    _give_numbers(plan.helpers, new, office=office)
    tables = GrowingTables(
        Person,
        HelperProfile,
        Certificate,
        HelperProfile.compensation_models.through,
    )
    roles: list[tuple[int, int]] = []
    for batch in chunks(new):
        roles += _write_new(batch, tables=tables, office=office, served=served, by=by, at=at)
        done += len(batch)
        if progress and done < everything:
            progress(done, everything)
    # Last and at once: what is derived from a helper's roles and everything else is derived a single time,
    # and for very many helpers together in a fraction of the time that it takes for each of them.
    copy_rows(HelperProfile.roles.through, ("helperprofile_id", "role_id"), roles)
    if progress and new and done == everything:
        progress(done, everything)
    for each in changed:
        _write_changed(plan, each, office=office, served=served, by=by, at=at)
        done += 1
        if progress:
            progress(done, everything)


def _give_numbers(all_rows: list[PlannedHelper], new: list[PlannedHelper], *, office: Office | None) -> None:
    without = [each for each in new if not each.row.number]
    if not without:
        return
    rows = HelperProfile.objects.filter(office=office) if office else HelperProfile.objects.all()
    numbers = new_numbers(
        rows,
        prefix=NUMBER_PREFIX,
        how_many=len(without),
        taken={each.row.number for each in all_rows},
    )
    for each, number in zip(without, numbers, strict=True):
        each.row.number = number


def _write_new(
    batch: list[PlannedHelper],
    *,
    tables: GrowingTables,
    office: Office | None,
    served: dict[int, int],
    by: User,
    at: datetime,
) -> list[tuple[int, int]]:
    """Write these helpers with all but their roles, which are returned: (helper, role)."""
    people = [_person(each) for each in batch]
    save_people(people)
    districts = districts_of(people)
    profiles = [
        HelperProfile(
            person=person,
            office_id=office.pk if office else served.get(districts[person.pk] or 0),
            number=each.row.number,
            state=HelperState.ACTIVE,
            import_digest=each.row.digest,
            **each.row.profile,
        )
        for each, person in zip(batch, people, strict=True)
    ]
    insert(profiles, HelperProfile)
    insert(
        [
            certificate(profile, training, on, by=by, at=at)
            for each, profile in zip(batch, profiles, strict=True)
            for training, on in each.row.certificates
        ],
        Certificate,
    )
    copy_rows(
        HelperProfile.compensation_models.through,
        ("helperprofile_id", "compensationmodel_id"),
        (
            (profile.pk, model.pk)
            for each, profile in zip(batch, profiles, strict=True)
            for model in each.row.compensation_models
        ),
    )
    tables.grow_by(len(batch))
    return [
        (profile.pk, role.pk)
        for each, profile in zip(batch, profiles, strict=True)
        for role in each.row.roles
    ]


def _write_changed(
    plan: HelperPlan,
    each: PlannedHelper,
    *,
    office: Office | None,
    served: dict[int, int],
    by: User,
    at: datetime,
) -> None:
    profile, person = each.profile, _person(each)
    if profile is None:
        raise ValueError("a changed row has its profile")
    try:
        with transaction.atomic():
            HelperProfile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
            save_people([person])
            _update(profile, each, columns=plan.columns)
            if profile.office_id is None:
                district = districts_of([person])[person.pk]
                profile.office_id = office.pk if office else served.get(district or 0)
                profile.save(update_fields=["office"])
            if "schulungen" in plan.columns:
                for training, on in each.row.certificates:
                    _verify(profile, training, on, by=by, at=at)
    except DatabaseError as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        fault = Fault(each.row.line, "", str(refusal))
        each.outcome = Outcome.FAULTY
        plan.report.faults.append(fault)
        plan.report.rows = [
            RowOutcome(row.line, row.number, row.name, Outcome.FAULTY) if row.line == each.row.line else row
            for row in plan.report.rows
        ]


def _update(profile: HelperProfile, each: PlannedHelper, *, columns: frozenset[str]) -> None:
    names = ["import_digest"]
    profile.import_digest = each.row.digest
    for column, name in PROFILE_FIELDS.items():
        if column in columns:
            setattr(profile, name, each.row.profile[name])
            names.append(name)
    profile.save(update_fields=names)
    if "aufgaben" in columns:
        profile.roles.set(each.row.roles)
    if "verguetung" in columns:
        profile.compensation_models.set(each.row.compensation_models)


def _verify(profile: HelperProfile, training: Training, on: date, *, by: User, at: datetime) -> None:
    there = profile.certificates.filter(training=training, issued_on=on).first()
    if there is None:
        certificate(profile, training, on, by=by, at=at).save()
    elif there.verified_at is None:
        there.verified_by, there.verified_at = by, at
        there.save(update_fields=["verified_by", "verified_at"])


def certificate(
    profile: HelperProfile, training: Training, issued_on: date, *, by: User, at: datetime
) -> Certificate:
    """A proof from a list, verified by whoever answers for it; of an inspection the day is `seen_on`."""
    until = valid_until(issued_on, training.validity_months)
    proof = Certificate(
        helper=profile,
        training=training,
        issued_on=issued_on,
        valid_until=until,
        verified_by=by,
        verified_at=at,
    )
    if training.evidence_type == EvidenceType.INSPECTION:
        proof.seen_on, proof.seen_by, proof.delete_by = issued_on, by, delete_by(issued_on, until)
    return proof


def _person(each: PlannedHelper) -> Person:
    if each.person is None:
        raise ValueError("a row to be written has its person")
    return each.person
