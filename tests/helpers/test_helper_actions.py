"""A neighbour offers help: from the first word to the last."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helfer.core.errors import Conflict, IllegalTransition, NotAllowed
from helfer.helpers import actions
from helfer.helpers.actions import HelperDetails
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.helpers.tasks import daily
from helfer.notifications.kinds import letter_for
from helfer.notifications.models import Message
from helfer.people.models import Office, User
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, PersonFactory, UserFactory, tandem
from tests.helpers.test_uploads import pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return OfficeFactory()


@pytest.fixture
def staff(office: Office) -> User:
    return tandem(office)[0]


@pytest.fixture
def helper(office: Office) -> HelperProfile:
    return HelperProfileFactory(office=office, roles=[RoleFactory()])


@pytest.fixture
def own(helper: HelperProfile) -> User:
    return UserFactory(helper=True, person=helper.person, email="selbst@example.org")


def details() -> HelperDetails:
    return HelperDetails(
        roles=[RoleFactory()],
        compensation_models=[CompensationModelFactory()],
        radius_m=800,
        languages=("de", "tr"),
        times=("so-ab", "mo-vm"),
        max_people=2,
    )


def test_a_neighbour_is_registered_interviewed_and_activated(
    office: Office, staff: User, now: datetime
) -> None:
    person = PersonFactory()
    helper = actions.register_helper(person_id=person.pk, details=details(), office=office, by=staff, at=now)
    assert (helper.state, helper.times) == ("registered", ["mo-vm", "so-ab"])
    assert re.fullmatch(r"H-[0-9]{5}", helper.number)
    assert helper.roles.count() == helper.compensation_models.count() == 1
    with pytest.raises(Conflict, match="führt das Büro ein Gespräch"):
        actions.activate_helper(helper_id=helper.pk, by=staff, at=now)
    helper = actions.record_interview(helper_id=helper.pk, by=staff, at=now)
    assert (helper.interviewed_on, helper.interviewed_by) == (date(2026, 11, 23), staff)
    assert actions.activate_helper(helper_id=helper.pk, by=staff, at=now).state == HelperState.ACTIVE
    with pytest.raises(IllegalTransition):
        actions.record_interview(helper_id=helper.pk, by=staff, at=now)


def test_somebody_registers_themselves_once(office: Office, now: datetime) -> None:
    user = UserFactory(helper=True)
    actions.register_helper(person_id=user.person_id, details=details(), office=office, by=user, at=now)
    with pytest.raises(Conflict, match="schon ein Helferprofil"):
        actions.register_helper(person_id=user.person_id, details=details(), office=office, by=user, at=now)


def test_nobody_registers_somebody_else(office: Office, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.register_helper(
            person_id=PersonFactory().pk,
            details=details(),
            office=office,
            by=UserFactory(helper=True),
            at=now,
        )


@pytest.mark.parametrize("change", [{"radius_m": 50}, {"max_people": 0}, {"times": ("mo-xx",)}])
def test_an_offer_that_cannot_be_is_refused(
    helper: HelperProfile, staff: User, now: datetime, change: dict[str, Any]
) -> None:
    with pytest.raises(Conflict):
        actions.update_profile(helper_id=helper.pk, details=HelperDetails(**change), by=staff, at=now)


def test_a_helper_changes_their_own_offer_and_nothing_else(
    helper: HelperProfile, own: User, now: datetime
) -> None:
    assert actions.update_profile(helper_id=helper.pk, details=details(), by=own, at=now).radius_m == 800
    for action in (actions.record_interview, actions.activate_helper, actions.reject_helper):
        with pytest.raises(NotAllowed):
            action(helper_id=helper.pk, by=own, at=now)
    with pytest.raises(NotAllowed):
        actions.note_remark(helper_id=helper.pk, remark="nett", by=own, at=now)


def test_another_office_changes_nothing(helper: HelperProfile, now: datetime) -> None:
    foreign, _other = tandem(OfficeFactory())
    with pytest.raises(NotAllowed):
        actions.update_profile(helper_id=helper.pk, details=details(), by=foreign, at=now)
    with pytest.raises(NotAllowed):
        actions.record_interview(helper_id=helper.pk, by=foreign, at=now)


def test_whoever_left_may_come_back_and_is_interviewed_anew(
    helper: HelperProfile, staff: User, now: datetime
) -> None:
    actions.record_interview(helper_id=helper.pk, by=staff, at=now)
    actions.mark_left(helper_id=helper.pk, by=staff, at=now)
    assert actions.mark_left(helper_id=helper.pk, by=staff, at=now).state == HelperState.LEFT
    again = actions.register_again(helper_id=helper.pk, by=staff, at=now)
    assert (again.state, again.interviewed_on) == (HelperState.REGISTERED, None)


def test_a_coordinator_gives_a_helper_without_office_to_one(office: Office, now: datetime) -> None:
    helper = HelperProfileFactory(office=None)
    coordinator = UserFactory(coordinator=True)
    assert actions.move_helper(helper_id=helper.pk, office=office, by=coordinator, at=now).office == office


def test_nobody_helps_themselves_only(helper: HelperProfile, staff: User, now: datetime) -> None:
    seeker = HelpSeekerFactory(person=helper.person)
    with pytest.raises(Conflict, match="sich selbst"):
        actions.help_only_for(helper_id=helper.pk, help_seeker=seeker, by=staff, at=now)


# Pauses


def test_a_pause_begins_and_ends(helper: HelperProfile, own: User, now: datetime, today: date) -> None:
    pause = actions.add_pause(helper_id=helper.pk, from_day=today - timedelta(days=3), by=own, at=now)
    assert HelperProfile.objects.paused_on(today).get() == helper
    ended = actions.end_pause(pause_id=pause.pk, by=own, at=now)
    assert ended is not None
    assert ended.until_day == today
    assert not HelperProfile.objects.paused_on(today).exists()
    with pytest.raises(Conflict, match="schon vorbei"):
        actions.end_pause(pause_id=pause.pk, by=own, at=now)


def test_a_pause_that_never_began_is_taken_back(
    helper: HelperProfile, own: User, now: datetime, today: date
) -> None:
    pause = actions.add_pause(helper_id=helper.pk, from_day=today + timedelta(days=9), by=own, at=now)
    assert actions.end_pause(pause_id=pause.pk, by=own, at=now) is None
    assert not helper.pauses.exists()


def test_pauses_do_not_overlap_and_lie_ahead(
    helper: HelperProfile, own: User, now: datetime, today: date
) -> None:
    PauseFactory(helper=helper, from_day=today, until_day=today + timedelta(days=10))
    with pytest.raises(Conflict, match="schon eine Pause"):
        actions.add_pause(helper_id=helper.pk, from_day=today + timedelta(days=9), by=own, at=now)
    with pytest.raises(Conflict, match="schon vorbei") as refusal:
        actions.add_pause(
            helper_id=helper.pk, from_day=today - timedelta(days=9), until_day=today, by=own, at=now
        )
    assert refusal.value.field == "until_day"
    # The day of the return is free again.
    actions.add_pause(helper_id=helper.pk, from_day=today + timedelta(days=10), by=own, at=now)


# Proofs


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def test_staff_issue_a_proof_and_it_counts_until_its_last_day(
    helper: HelperProfile, staff: User, now: datetime
) -> None:
    training = TrainingFactory(validity_months=1)
    proof = actions.issue_certificate(
        helper_id=helper.pk, training=training, issued_on=date(2026, 10, 31), by=staff, at=now
    )
    assert (proof.valid_until, proof.verified_by) == (date(2026, 11, 30), staff)
    training.validity_months = 12
    training.save()
    proof.refresh_from_db()
    assert proof.valid_until == date(2026, 11, 30)


def test_of_an_inspection_nothing_but_the_look_is_kept(
    helper: HelperProfile, staff: User, now: datetime, today: date, files: Path
) -> None:
    training = TrainingFactory(inspection=True)
    proof = actions.issue_certificate(
        helper_id=helper.pk, training=training, issued_on=today, by=staff, at=now
    )
    assert (proof.seen_on, proof.seen_by, proof.delete_by) == (today, staff, date(2028, 5, 23))
    with pytest.raises(Conflict, match="nie eine Datei") as refusal:
        actions.issue_certificate(
            helper_id=helper.pk,
            training=training,
            issued_on=today - timedelta(days=1),
            by=staff,
            at=now,
            file=pdf(),
        )
    assert refusal.value.field == "file"
    assert not list(files.rglob("*.*"))


def test_a_helper_hands_in_a_proof_and_staff_verify_it(
    helper: HelperProfile, own: User, staff: User, now: datetime, today: date, files: Path
) -> None:
    training = TrainingFactory()
    proof = actions.submit_certificate(
        helper_id=helper.pk, training=training, issued_on=today, by=own, at=now, file=pdf(armed=True)
    )
    assert proof.verified_at is None
    assert proof.file.name == f"nachweise/{helper.pk}/{training.pk}-20261123.pdf"
    assert b"alert" not in (files / proof.file.name).read_bytes()
    with pytest.raises(NotAllowed):
        actions.verify_certificate(certificate_id=proof.pk, by=own, at=now)
    assert actions.verify_certificate(certificate_id=proof.pk, by=staff, at=now).verified_by == staff
    trainer = UserFactory(training=True)
    assert actions.verify_certificate(certificate_id=proof.pk, by=trainer, at=now).verified_by == staff


def test_a_picture_is_kept_as_a_picture(
    helper: HelperProfile, own: User, now: datetime, today: date, files: Path
) -> None:
    proof = actions.submit_certificate(
        helper_id=helper.pk, training=TrainingFactory(), issued_on=today, by=own, at=now, file=picture("PNG")
    )
    assert proof.file.name.endswith(".jpg")


def test_a_helper_hands_in_no_copy_of_what_is_only_looked_at(
    helper: HelperProfile, own: User, now: datetime, today: date
) -> None:
    with pytest.raises(Conflict, match="im Original"):
        actions.submit_certificate(
            helper_id=helper.pk, training=TrainingFactory(inspection=True), issued_on=today, by=own, at=now
        )


def test_a_revoked_proof_takes_its_file_along(
    helper: HelperProfile,
    staff: User,
    now: datetime,
    today: date,
    files: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    proof = actions.issue_certificate(
        helper_id=helper.pk, training=TrainingFactory(), issued_on=today, by=staff, at=now, file=pdf()
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.revoke_certificate(certificate_id=proof.pk, by=staff, at=now)
    assert not Certificate.objects.exists()
    assert not list(files.rglob("*.pdf"))


def test_one_proof_of_a_day_and_none_of_tomorrow(
    helper: HelperProfile, staff: User, now: datetime, today: date
) -> None:
    training = TrainingFactory()
    actions.issue_certificate(helper_id=helper.pk, training=training, issued_on=today, by=staff, at=now)
    with pytest.raises(Conflict, match="schon eingetragen"):
        actions.issue_certificate(helper_id=helper.pk, training=training, issued_on=today, by=staff, at=now)
    with pytest.raises(Conflict, match="Zukunft"):
        actions.issue_certificate(
            helper_id=helper.pk, training=training, issued_on=today + timedelta(days=1), by=staff, at=now
        )


def test_notes_of_inspections_go_on_their_day(today: date) -> None:
    gone = CertificateFactory(training=TrainingFactory(inspection=True), delete_by=today - timedelta(days=1))
    stays = CertificateFactory(training=TrainingFactory(inspection=True), delete_by=today)
    assert actions.delete_due_inspections(on=today) == 1
    assert not Certificate.objects.filter(pk=gone.pk).exists()
    assert Certificate.objects.filter(pk=stays.pk).exists()


def test_a_helper_is_reminded_once_for_each_day_and_not_where_a_newer_proof_counts(
    office: Office, now: datetime, today: date
) -> None:
    helper = HelperProfileFactory(office=office, active=True)
    training = TrainingFactory(yearly=True, grace_days=90, name="Verschwiegenheit")
    proof = CertificateFactory(helper=helper, training=training, issued_on=date(2025, 12, 1))
    assert actions.remind_of_certificates(at=now) == 1
    actions.remind_of_certificates(at=now + timedelta(days=1))
    (message,) = Message.objects.all()
    assert (message.recipient, message.subject_id) == (helper.person, proof.pk)
    letter = letter_for(message)
    assert letter is not None
    assert ("Nachweis", "Verschwiegenheit") in letter.facts
    actions.remind_of_certificates(at=now + timedelta(days=8))
    actions.remind_of_certificates(at=now + timedelta(days=8 + 31))
    assert Message.objects.count() == 3
    CertificateFactory(helper=helper, training=TrainingFactory(includes=[training]), issued_on=today)
    assert actions.remind_of_certificates(at=now + timedelta(days=70)) == 0


def test_nobody_is_reminded_of_what_ended_long_ago(now: datetime) -> None:
    helper = HelperProfileFactory(active=True)
    CertificateFactory(helper=helper, training=TrainingFactory(yearly=True), issued_on=date(2024, 1, 1))
    CertificateFactory(training=TrainingFactory(yearly=True), issued_on=date(2025, 12, 1))
    assert actions.remind_of_certificates(at=now) == 0


def test_the_daily_task_does_both(today: date) -> None:
    CertificateFactory(training=TrainingFactory(inspection=True), delete_by=date(2026, 7, 1))
    daily()
    assert not Certificate.objects.exists()
