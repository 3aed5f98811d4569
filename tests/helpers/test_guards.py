"""What the database holds about helpers and proofs; each attack succeeds once its guard is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from helfer.catalogue.models import EvidenceType, Training
from helfer.core.constraints import refusal_for
from helfer.helpers.models import HELPER_TRANSITIONS, Certificate, HelperProfile, HelperState
from tests.factories.catalogue import TrainingFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory
from tests.factories.people import OfficeFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def drop(guard: str) -> None:
    """Take a guard away, for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
            [f"pgtrigger_{guard}_%"],
        )
        ((name, table),) = cursor.fetchall()
        cursor.execute(f"DROP TRIGGER {name} ON {table}")


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def file_by_update() -> None:
    seen = CertificateFactory(training=TrainingFactory(inspection=True))
    Certificate.objects.filter(pk=seen.pk).update(file="nachweise/1/zeugnis.pdf")


def file_by_sql() -> None:
    seen = CertificateFactory(training=TrainingFactory(inspection=True))
    run("UPDATE helpers_certificate SET file = 'x.pdf' WHERE id = %s", seen.pk)


def file_by_changing_the_training() -> None:
    kept = CertificateFactory(file="nachweise/1/kurs.pdf")
    seen = TrainingFactory(inspection=True)
    user = UserFactory()
    Certificate.objects.filter(pk=kept.pk).update(
        training=seen, seen_on=date(2026, 6, 1), seen_by=user, delete_by=date(2027, 1, 1)
    )


def unseen_by_update() -> None:
    seen = CertificateFactory(training=TrainingFactory(inspection=True))
    Certificate.objects.filter(pk=seen.pk).update(delete_by=None)


def file_by_bulk_create() -> None:
    seen = CertificateFactory.build(
        helper=HelperProfileFactory(),
        training=TrainingFactory(inspection=True),
        verified_by=UserFactory(),
        seen_by=UserFactory(),
        file="x.pdf",
    )
    Certificate.objects.bulk_create([seen])


def unseen_by_sql() -> None:
    helper, training = HelperProfileFactory(), TrainingFactory(inspection=True)
    run(
        "INSERT INTO helpers_certificate (helper_id, training_id, issued_on, file)"
        " VALUES (%s, %s, '2026-06-01', '')",
        helper.pk,
        training.pk,
    )


def kept_files_become_an_inspection() -> None:
    kept = CertificateFactory(file="nachweise/1/kurs.pdf")
    Training.objects.filter(pk=kept.training_id).update(evidence_type=EvidenceType.INSPECTION)


def unseen_proofs_become_an_inspection() -> None:
    kept = CertificateFactory()
    run("UPDATE catalogue_training SET evidence_type = 'inspection' WHERE id = %s", kept.training_id)


def born_elsewhere() -> None:
    HelperProfileFactory(state=HelperState.LEFT)


def born_elsewhere_by_sql() -> None:
    person, office = PersonFactory(), OfficeFactory()
    run(
        "INSERT INTO helpers_helperprofile (person_id, office_id, number, state, radius_m, languages, times,"
        " max_people, no_pets, no_smokers, remark, version, import_digest, created_at)"
        " VALUES (%s, %s, '', 'interviewed', 500, '{de}', '{}', 1, false, false, '', 0, '', now())",
        person.pk,
        office.pk,
    )


def leap_by_update() -> None:
    helper = HelperProfileFactory()
    HelperProfile.objects.filter(pk=helper.pk).update(state=HelperState.ACTIVE)


def leap_by_sql() -> None:
    helper = HelperProfileFactory(active=True)
    run("UPDATE helpers_helperprofile SET state = 'registered' WHERE id = %s", helper.pk)


ATTACKS = [
    (file_by_update, "inspection_stays_without_a_file"),
    (file_by_sql, "inspection_stays_without_a_file"),
    (file_by_changing_the_training, "inspection_stays_without_a_file"),
    (unseen_by_update, "inspection_stays_without_a_file"),
    (file_by_bulk_create, "inspection_is_noted_without_a_file"),
    (unseen_by_sql, "inspection_is_noted_without_a_file"),
    (kept_files_become_an_inspection, "training_becomes_inspection_only_without_files"),
    (unseen_proofs_become_an_inspection, "training_becomes_inspection_only_without_files"),
    (born_elsewhere, "helper_begins_registered_or_active"),
    (born_elsewhere_by_sql, "helper_begins_registered_or_active"),
    (leap_by_update, "helper_moves_along_the_arrows"),
    (leap_by_sql, "helper_moves_along_the_arrows"),
]


@pytest.mark.parametrize(("attack", "guard"), ATTACKS, ids=lambda value: getattr(value, "__name__", None))
def test_the_database_refuses_with_a_sentence(attack: Callable[[], None], guard: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        attack()
    refusal = refusal_for(caught.value)
    assert refusal is not None
    assert refusal.code == guard
    assert refusal.message.endswith(".")


@pytest.mark.parametrize(("attack", "guard"), ATTACKS, ids=lambda value: getattr(value, "__name__", None))
def test_without_its_guard_the_attack_succeeds(attack: Callable[[], None], guard: str) -> None:
    drop(guard)
    attack()


def test_no_session_setting_switches_the_guards_off() -> None:
    seen = CertificateFactory(training=TrainingFactory(inspection=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        run("SET LOCAL pgtrigger.ignore = '{all}'")
        run("UPDATE helpers_certificate SET file = 'x.pdf' WHERE id = %s", seen.pk)


@pytest.mark.parametrize("before", HelperState)
@pytest.mark.parametrize("after", HelperState)
def test_a_helper_moves_along_every_arrow_and_no_other(before: HelperState, after: HelperState) -> None:
    helper = HelperProfileFactory()
    path = {
        HelperState.REGISTERED: [],
        HelperState.INTERVIEWED: [HelperState.INTERVIEWED],
        HelperState.ACTIVE: [HelperState.INTERVIEWED, HelperState.ACTIVE],
        HelperState.LEFT: [HelperState.LEFT],
        HelperState.REJECTED: [HelperState.REJECTED],
    }
    own = HelperProfile.objects.filter(pk=helper.pk)
    for step in path[before]:
        own.update(state=step)
    if before == after or after in HELPER_TRANSITIONS[before]:
        own.update(state=after)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            own.update(state=after)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize("first", ["file", "type"])
def test_a_file_and_the_change_to_an_inspection_never_both_win(isolation: str, first: str) -> None:
    """Two sessions at once: one hands in a file, the other makes the training an inspection."""
    helper, training = HelperProfileFactory(), TrainingFactory()
    one, other = connection.copy(), connection.copy()
    insert = (
        "INSERT INTO helpers_certificate (helper_id, training_id, issued_on, file)"
        " VALUES (%s, %s, '2026-06-01', 'x')"
    )
    change = "UPDATE catalogue_training SET evidence_type = 'inspection' WHERE id = %s"
    statements = {"file": (insert, [helper.pk, training.pk]), "type": (change, [training.pk])}
    second = "type" if first == "file" else "file"
    won = set()
    try:
        for session in (one, other):
            session.set_autocommit(False)
            with session.cursor() as cursor:
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                # Both have their picture of the world before either writes.
                cursor.execute("SELECT count(*) FROM helpers_certificate")
        for name, session in ((first, one), (second, other)):
            try:
                with session.cursor() as cursor:
                    cursor.execute(*statements[name])
                won.add(name)
            except DatabaseError:
                session.rollback()
        for name, session in ((first, one), (second, other)):
            if name in won:
                try:
                    session.commit()
                except DatabaseError:
                    won.discard(name)
        # Whoever had to wait tries again once the other one is through.
        if second not in won:
            try:
                with other.cursor() as cursor:
                    cursor.execute(*statements[second])
                other.commit()
                won.add(second)
            except DatabaseError:
                other.rollback()
    finally:
        one.close()
        other.close()
    training.refresh_from_db()
    kept = Certificate.objects.filter(training=training).exclude(file="").exists()
    assert not (kept and training.evidence_type == EvidenceType.INSPECTION)
    assert won != {"file", "type"}
