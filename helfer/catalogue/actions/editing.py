"""A coordinator changes what the offices offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from helfer.catalogue.kinds import FirstContact
from helfer.catalogue.models import (
    CompensationModel,
    CompensationRate,
    LandRule,
    LoadedFromDefaults,
    Role,
    Training,
)
from helfer.catalogue.permissions import can_change_catalogue
from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import User
from helfer.places.laender import LAND_NAMES

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDetails:
    """What is known of a training."""

    slug: str
    name: str
    description: str = ""
    evidence_type: str = "document"
    validity_months: int | None = None
    grace_days: int = 0
    is_active: bool = True
    includes: Sequence[Training] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompensationModelDetails:
    """What is known of a financial model, beside its amounts."""

    slug: str
    name: str
    description: str = ""
    conditions: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDetails:
    """An amount of a financial model, with its source."""

    unit: str
    amount_eur: Decimal
    valid_from: date
    checked_on: date
    valid_until: date | None = None
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDetails:
    """What is known of a role."""

    slug: str
    name: str
    does: str = ""
    does_not: str = ""
    instruction: str = ""
    signatures_required: int = 2
    at_a_distance: bool = False
    # None: under its own name.
    shown_publicly_as: Role | None = None
    first_contact: str = FirstContact.ACCOMPANIED
    is_active: bool = True
    required_trainings: Sequence[Training] = ()
    compensation_models: Sequence[CompensationModel] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LandRuleDetails:
    """What a Land demands, with its sources."""

    land: str
    valid_from: date
    checked_on: date
    valid_until: date | None = None
    individuals_allowed: bool = True
    max_people: int | None = None
    min_age: int = 18
    max_hours_month: int | None = None
    hour_cap_eur: Decimal | None = None
    source_urls: Sequence[str] = ()
    note: str = ""
    qualifications: Sequence[Training] = ()


@transaction.atomic
def create_training(*, details: TrainingDetails, by: User) -> Training:
    """Add a kind of proof."""
    can_change_catalogue(by)
    return _write_training(Training(), details)


@transaction.atomic
def update_training(*, training_id: int, details: TrainingDetails, by: User) -> Training:
    """Change a kind of proof; certificates already issued keep their dates."""
    can_change_catalogue(by)
    return _write_training(locked(Training, training_id), details)


def _write_training(training: Training, details: TrainingDetails) -> Training:
    if training.pk is not None:
        around = set(Training.objects.satisfying(training).values_list("pk", flat=True))
        circle = [other.name for other in details.includes if other.pk in around]
        if circle:
            raise Conflict(
                _("Das wäre ein Kreis: „%(name)s“ schließt „%(training)s“ schon ein.")
                % {"name": circle[0], "training": training.name},
                code="circle",
                field="includes",
            )
    return _write(training, details, relations=("includes",))


@transaction.atomic
def create_compensation_model(*, details: CompensationModelDetails, by: User) -> CompensationModel:
    """Add a financial model."""
    can_change_catalogue(by)
    return _write(CompensationModel(), details)


@transaction.atomic
def update_compensation_model(
    *, model_id: int, details: CompensationModelDetails, by: User
) -> CompensationModel:
    """Change a financial model."""
    can_change_catalogue(by)
    return _write(locked(CompensationModel, model_id), details)


@transaction.atomic
def add_rate(*, model_id: int, details: RateDetails, by: User) -> CompensationRate:
    """Add an amount from a day on; an open one of the same unit before it ends the day before."""
    can_change_catalogue(by)
    model = locked(CompensationModel, model_id)
    earlier = model.rates.filter(unit=details.unit, valid_until=None, valid_from__lt=details.valid_from)
    earlier.update(valid_until=date.fromordinal(details.valid_from.toordinal() - 1))
    return _write_rate(CompensationRate(model=model), details)


@transaction.atomic
def update_rate(*, rate_id: int, details: RateDetails, by: User) -> CompensationRate:
    """Correct an amount."""
    can_change_catalogue(by)
    return _write_rate(locked(CompensationRate, rate_id), details)


def _write_rate(rate: CompensationRate, details: RateDetails) -> CompensationRate:
    if details.amount_eur <= 0:
        raise Conflict(_("Der Betrag ist größer als null."), field="amount_eur")
    others = CompensationRate.objects.filter(model_id=rate.model_id, unit=details.unit).exclude(pk=rate.pk)
    if details.valid_until is not None:
        others = others.filter(valid_from__lte=details.valid_until)
    if any(other.valid_until is None or other.valid_until >= details.valid_from for other in others):
        raise Conflict(
            _("Für einen Teil dieser Zeit ist schon ein anderer Betrag eingetragen."),
            code="overlap",
            field="valid_from",
        )
    return _write(rate, details)


@transaction.atomic
def remove_rate(*, rate_id: int, by: User) -> None:
    """Take an amount back that was never right."""
    can_change_catalogue(by)
    locked(CompensationRate, rate_id).delete()


@transaction.atomic
def create_role(*, details: RoleDetails, by: User) -> Role:
    """Add a role."""
    can_change_catalogue(by)
    return _write_role(Role(), details)


@transaction.atomic
def update_role(*, role_id: int, details: RoleDetails, by: User) -> Role:
    """Change a role; what matches have frozen of it stays as it was signed."""
    can_change_catalogue(by)
    return _write_role(locked(Role, role_id), details)


def _write_role(role: Role, details: RoleDetails) -> Role:
    if not details.compensation_models:
        raise Conflict(_("Bitte wählen Sie mindestens ein finanzielles Modell."), field="compensation_models")
    shown_as = details.shown_publicly_as
    if shown_as is not None and (
        shown_as.pk == role.pk
        or shown_as.shown_publicly_as_id is not None
        or (role.pk is not None and role.stands_publicly_for.exists())
    ):
        raise Conflict(
            _("Wählen Sie eine Tätigkeit, die unter ihrem eigenen Namen gezeigt wird."),
            code="role_is_shown_as_one_that_shows_itself",
            field="shown_publicly_as",
        )
    return _write(role, details, relations=("required_trainings", "compensation_models"))


@transaction.atomic
def create_land_rule(*, details: LandRuleDetails, by: User) -> LandRule:
    """Add a Land's rule from a day on; an open one before it ends the day before."""
    can_change_catalogue(by)
    earlier = LandRule.objects.filter(land=details.land, valid_until=None, valid_from__lt=details.valid_from)
    earlier.update(valid_until=date.fromordinal(details.valid_from.toordinal() - 1))
    return _write_land_rule(LandRule(), details)


@transaction.atomic
def update_land_rule(*, rule_id: int, details: LandRuleDetails, by: User) -> LandRule:
    """Correct a Land's rule."""
    can_change_catalogue(by)
    return _write_land_rule(locked(LandRule, rule_id), details)


def _write_land_rule(rule: LandRule, details: LandRuleDetails) -> LandRule:
    if details.land not in LAND_NAMES:
        raise Conflict(_("Dieses Land gibt es nicht."), field="land")
    others = LandRule.objects.filter(land=details.land).exclude(pk=rule.pk)
    if details.valid_until is not None:
        others = others.filter(valid_from__lte=details.valid_until)
    if any(other.valid_until is None or other.valid_until >= details.valid_from for other in others):
        raise Conflict(
            _("Für einen Teil dieser Zeit ist für dieses Land schon eine andere Regel eingetragen."),
            code="overlap",
            field="valid_from",
        )
    return _write(rule, details, relations=("qualifications",))


def locked(model: type[M], pk: int) -> M:
    """The entry, for the rest of this transaction ours. Raises ``Conflict`` where it has gone."""
    entry = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if entry is None:
        raise Conflict(_("Diesen Eintrag gibt es nicht mehr."))
    return entry


def _write(entry: M, details: Any, relations: Sequence[str] = ()) -> M:
    texts = entry.TEXTS if isinstance(entry, LoadedFromDefaults) else ()
    before = {name: getattr(entry, name) for name in texts}
    for each in fields(details):
        if each.name in relations:
            continue
        value = getattr(details, each.name)
        if isinstance(value, str):
            value = value.strip()
        elif isinstance(value, Sequence):
            value = list(value)
        setattr(entry, each.name, value)
    if isinstance(entry, LoadedFromDefaults):
        _drop_what_is_outdated(entry, before)
    must_be_valid(entry)
    entry.save()
    for name in relations:
        getattr(entry, name).set(getattr(details, name))
    return entry


def _drop_what_is_outdated(entry: LoadedFromDefaults, before: Mapping[str, str]) -> None:
    """Where the German words have changed, the old ones must not go on in another language.

    Above all not among what a helper must not do; the German words are shown until somebody translates them.
    """
    for words in entry.translations.values():
        for name in before.keys() & words.keys():
            if getattr(entry, name).splitlines() != before[name].splitlines():
                del words[name]
