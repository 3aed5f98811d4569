"""Proofs come in, are checked, and go again."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from helfer.catalogue.models import EvidenceType, Training
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.helpers.actions.profiles import locked_helper
from helfer.helpers.certificates import delete_by, valid_until
from helfer.helpers.models import Certificate, HelperProfile
from helfer.helpers.permissions import can_edit_profile, can_keep_certificates
from helfer.helpers.uploads import SafeFile, made_safe
from helfer.people.models import User


@transaction.atomic
def issue_certificate(
    *,
    helper_id: int,
    training: Training,
    issued_on: date,
    by: User,
    at: datetime,
    file: bytes | None = None,
) -> Certificate:
    """Staff enter a proof they have seen; it is verified with that.

    Of an inspection ``issued_on`` is the day it was seen, and a file is refused.
    Raises ``NotAllowed`` or ``Conflict``.
    """
    helper = locked_helper(helper_id)
    can_keep_certificates(by, helper, on=berlin_day(at))
    certificate = _new(helper, training, issued_on, at=at, file=file)
    certificate.verified_by, certificate.verified_at = by, at
    if training.evidence_type == EvidenceType.INSPECTION:
        certificate.seen_on, certificate.seen_by = issued_on, by
        certificate.delete_by = delete_by(issued_on, certificate.valid_until)
    return _kept(certificate, file)


@transaction.atomic
def submit_certificate(
    *,
    helper_id: int,
    training: Training,
    issued_on: date,
    by: User,
    at: datetime,
    file: bytes | None = None,
) -> Certificate:
    """A helper hands in a proof; it counts once staff have verified it.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=berlin_day(at))
    return _handed_in(helper, training, issued_on, at=at, file=file)


@transaction.atomic
def keep_newcomers_proof(
    *, helper: HelperProfile, training: Training, issued_on: date, at: datetime, file: bytes
) -> Certificate:
    """The same for somebody who registers just now, without an account. Raises ``Conflict``."""
    return _handed_in(helper, training, issued_on, at=at, file=file)


def _handed_in(
    helper: HelperProfile, training: Training, issued_on: date, *, at: datetime, file: bytes | None
) -> Certificate:
    if training.evidence_type == EvidenceType.INSPECTION:
        raise Conflict(
            _("Das schaut sich das Büro im Original an. Bitte schicken Sie keine Kopie."),
            code="inspection",
            field="training",
        )
    return _kept(_new(helper, training, issued_on, at=at, file=file), file)


@transaction.atomic
def verify_certificate(*, certificate_id: int, by: User, at: datetime) -> Certificate:
    """Staff have checked a proof that a helper handed in; checking twice changes nothing."""
    certificate = _locked(certificate_id)
    can_keep_certificates(by, certificate.helper, on=berlin_day(at))
    if certificate.verified_at is None:
        certificate.verified_by, certificate.verified_at = by, at
        certificate.save(update_fields=["verified_by", "verified_at"])
    return certificate


@transaction.atomic
def revoke_certificate(*, certificate_id: int, by: User, at: datetime) -> None:
    """A proof was entered by mistake, or does not hold: it goes, and its file with it."""
    certificate = _locked(certificate_id)
    can_keep_certificates(by, certificate.helper, on=berlin_day(at))
    _remove(certificate)


@transaction.atomic
def delete_due_inspections(*, on: date) -> int:
    """Notes of inspections go on the day that was set when they were made; says how many went."""
    due = Certificate.objects.filter(delete_by__lt=on).order_by("helper_id", "pk")
    gone = 0
    for certificate_id in list(due.values_list("pk", flat=True)):
        _remove(_locked(certificate_id))
        gone += 1
    return gone


def _new(
    helper: HelperProfile, training: Training, issued_on: date, *, at: datetime, file: bytes | None
) -> Certificate:
    if issued_on > berlin_day(at):
        raise Conflict(_("Dieser Tag liegt in der Zukunft."), field="issued_on")
    if not training.is_active:
        raise Conflict(_("Diese Schulung ist nicht mehr in Gebrauch."), field="training")
    if training.evidence_type == EvidenceType.INSPECTION and file:
        raise Conflict(
            _("Von einer Einsichtnahme wird nie eine Datei aufbewahrt."), code="inspection", field="file"
        )
    return Certificate(
        helper=helper,
        training=training,
        issued_on=issued_on,
        valid_until=valid_until(issued_on, training.validity_months),
    )


def _kept(certificate: Certificate, file: bytes | None) -> Certificate:
    safe: SafeFile | None = made_safe(file) if file else None
    must_be_valid(certificate)
    certificate.save()
    if safe is not None:
        certificate.file.save(f"nachweis{safe.suffix}", ContentFile(safe.content), save=False)
        certificate.save(update_fields=["file"])
    return certificate


def _locked(certificate_id: int) -> Certificate:
    found = Certificate.objects.filter(pk=certificate_id).first()
    if found is not None:
        locked_helper(found.helper_id)
        found = (
            Certificate.objects.select_for_update(of=("self",))
            .select_related("helper__person", "helper__office", "training")
            .filter(pk=certificate_id)
            .first()
        )
    if found is None:
        raise Conflict(_("Diesen Nachweis gibt es nicht."))
    return found


def _remove(certificate: Certificate) -> None:
    storage, name = certificate.file.storage, certificate.file.name
    certificate.delete()
    if name:
        # Only once the row is surely gone: a file without a row can be swept, a row without a file cannot.
        transaction.on_commit(lambda: storage.delete(name))
