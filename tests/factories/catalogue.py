"""The catalogue in situations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from helfer.catalogue.kinds import RateUnit
from helfer.catalogue.models import (
    RELIEF_AMOUNT,
    UNPAID,
    CompensationModel,
    CompensationRate,
    EvidenceType,
    LandRule,
    Role,
    Training,
)


class TrainingFactory(DjangoModelFactory[Training]):
    """A training proved by a document, without end; ``includes=[other]`` names what it contains."""

    class Meta:
        model = Training
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    class Params:
        yearly = factory.Trait(validity_months=12)
        inspection = factory.Trait(evidence_type=EvidenceType.INSPECTION, validity_months=12)

    slug = factory.Sequence(lambda n: f"schulung-{n}")
    name = factory.LazyAttribute(lambda training: training.slug.replace("-", " ").capitalize())
    evidence_type = EvidenceType.DOCUMENT

    @factory.post_generation
    def includes(self: Training, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.includes.set(extracted)


class CompensationModelFactory(DjangoModelFactory[CompensationModel]):
    """A financial model: unpaid; traits ``relief`` (Entlastungsbetrag), ``respite`` (Verhinderungspflege)."""

    class Meta:
        model = CompensationModel
        django_get_or_create = ("slug",)

    class Params:
        relief = factory.Trait(slug=RELIEF_AMOUNT, name="Entlastungsbetrag")
        respite = factory.Trait(slug="verhinderungspflege", name="Verhinderungspflege")

    slug = UNPAID
    name = factory.LazyAttribute(lambda model: model.slug.capitalize())


class CompensationRateFactory(DjangoModelFactory[CompensationRate]):
    """An amount of a model from 2026 on."""

    class Meta:
        model = CompensationRate

    model = factory.SubFactory(CompensationModelFactory)
    unit = RateUnit.YEAR_AND_HELPER
    amount_eur = Decimal("960.00")
    valid_from = date(2026, 1, 1)
    checked_on = date(2026, 11, 22)


class RoleFactory(DjangoModelFactory[Role]):
    """A role under unpaid engagement that needs nothing; ``required_trainings=[…]`` name what it needs."""

    class Meta:
        model = Role
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    class Params:
        distant = factory.Trait(at_a_distance=True, signatures_required=1, first_contact="call")
        one_signature = factory.Trait(signatures_required=1)

    slug = factory.Sequence(lambda n: f"rolle-{n}")
    name = factory.LazyAttribute(lambda role: role.slug.replace("-", " ").capitalize())
    signatures_required = 2

    @factory.post_generation
    def required_trainings(self: Role, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.required_trainings.set(extracted)

    @factory.post_generation
    def compensation_models(self: Role, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            self.compensation_models.set([CompensationModelFactory()] if extracted is None else extracted)


class LandRuleFactory(DjangoModelFactory[LandRule]):
    """The rule of NRW: two people, of age; ``qualifications=[training]`` names what is demanded."""

    class Meta:
        model = LandRule
        django_get_or_create = ("land", "valid_from")
        skip_postgeneration_save = True

    land = "NW"
    valid_from = date(2024, 1, 1)
    max_people = 2
    min_age = 18
    checked_on = date(2026, 11, 22)

    @factory.post_generation
    def qualifications(self: LandRule, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.qualifications.set(extracted)
