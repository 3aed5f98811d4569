"""Helpers and their proofs in situations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from helfer.catalogue.models import EvidenceType
from helfer.core.days import add_months
from helfer.helpers.models import Certificate, HelperProfile, HelperState, Pause

from .catalogue import CompensationModelFactory, TrainingFactory


class HelperProfileFactory(DjangoModelFactory[HelperProfile]):
    """A registered helper who speaks German.

    ``active=True``: may be proposed. ``certified=True``: holds what the roles require (issued 2026-06-01).
    ``roles=[…]``, ``compensation_models=[…]`` (unpaid where not given); ``person__home=Point(…)``.
    """

    class Meta:
        model = HelperProfile
        skip_postgeneration_save = True

    class Params:
        active = factory.Trait(state=HelperState.ACTIVE)

    person = factory.SubFactory("tests.factories.people.PersonFactory")
    office = factory.SubFactory("tests.factories.people.OfficeFactory")
    number = factory.Sequence(lambda n: f"H-{n:05}")
    radius_m = 2000
    languages = factory.LazyFunction(lambda: ["de"])
    max_people = 1

    @factory.post_generation
    def roles(self: HelperProfile, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.roles.set(extracted)

    @factory.post_generation
    def compensation_models(  # type: ignore[misc]
        self: HelperProfile, create: bool, extracted: Any, **kwargs: Any
    ) -> None:
        if create:
            self.compensation_models.set([CompensationModelFactory()] if extracted is None else extracted)

    @factory.post_generation
    def certified(self: HelperProfile, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if not (create and extracted):
            return
        trainings = {training for role in self.roles.all() for training in role.required_trainings.all()}
        for training in sorted(trainings, key=lambda training: training.pk):
            CertificateFactory(helper=self, training=training)


class CertificateFactory(DjangoModelFactory[Certificate]):
    """A proof issued on 2026-06-01 and verified; ``unverified=True`` waits for staff.

    Of an inspection it holds what the table demands: seen by whom, when, until when that is kept.
    """

    class Meta:
        model = Certificate

    class Params:
        unverified = factory.Trait(verified_by=None, verified_at=None)
        is_inspection = factory.LazyAttribute(
            lambda proof: proof.training.evidence_type == EvidenceType.INSPECTION
        )

    helper = factory.SubFactory(HelperProfileFactory)
    training = factory.SubFactory(TrainingFactory)
    issued_on = date(2026, 6, 1)
    valid_until = factory.LazyAttribute(
        lambda proof: (
            add_months(proof.issued_on, proof.training.validity_months)
            if proof.training.validity_months
            else None
        )
    )
    verified_by = factory.SubFactory("tests.factories.people.UserFactory")
    verified_at = factory.LazyFunction(lambda: datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
    seen_on = factory.Maybe("is_inspection", factory.SelfAttribute("issued_on"), None)
    seen_by = factory.Maybe("is_inspection", factory.SubFactory("tests.factories.people.UserFactory"), None)
    delete_by = factory.Maybe(
        "is_inspection",
        factory.LazyAttribute(lambda proof: add_months(proof.valid_until or proof.issued_on, 6)),
        None,
    )


class PauseFactory(DjangoModelFactory[Pause]):
    """A helper's holiday: back on the eighth of December 2026."""

    class Meta:
        model = Pause

    helper = factory.SubFactory(HelperProfileFactory)
    from_day = date(2026, 11, 16)
    until_day = date(2026, 12, 8)
    reason = "Urlaub"
