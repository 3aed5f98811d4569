"""The default catalogue comes in, and comes in again without undoing what an office has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from helfer.catalogue import default_catalogue
from helfer.catalogue.default_catalogue import Values
from helfer.catalogue.models import (
    CompensationModel,
    CompensationRate,
    LandRule,
    LoadedFromDefaults,
    Role,
    Training,
)
from helfer.core.errors import Conflict
from helfer.places.laender import LAND_NAMES

Entry = TypeVar("Entry", bound=LoadedFromDefaults)


@dataclass(slots=True)
class LoadReport:
    """What loading did, by the entries' names."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    # An office changed or made these: they stay as they are.
    kept: list[str] = field(default_factory=list)
    # Of those, whose words in other languages came with the defaults of this version.
    translated: list[str] = field(default_factory=list)
    unchanged: int = 0

    def lines(self) -> list[str]:
        """The report in sentences."""
        said = []
        if self.added:
            said.append(_("Neu: %(names)s.") % {"names": ", ".join(self.added)})
        if self.updated:
            said.append(_("Erneuert: %(names)s.") % {"names": ", ".join(self.updated)})
        if self.kept:
            said.append(_("Vom Büro geändert, so gelassen: %(names)s.") % {"names": ", ".join(self.kept)})
        if self.translated:
            said.append(_("Übersetzungen ergänzt: %(names)s.") % {"names": ", ".join(self.translated)})
        said.append(_("Unverändert: %(count)s.") % {"count": self.unchanged})
        return said


@transaction.atomic
def load_catalogue(*, land: str = "") -> LoadReport:
    """Load the default catalogue and the Länder's rules (or one Land's): what is new is added, what nobody
    changed is renewed, what an office changed stays.

    Raises ``Conflict`` for a Land that does not exist.
    """
    land = land.strip().upper()
    if land and land not in LAND_NAMES:
        raise Conflict(
            _("Das Land „%(land)s“ gibt es nicht. Möglich sind: %(laender)s.")
            % {"land": land, "laender": ", ".join(sorted(LAND_NAMES))},
            field="land",
        )
    with connection.cursor() as cursor:
        # Two at once would both find nothing there.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('catalogue.load', 0))")
    report = LoadReport()
    _load(default_catalogue.trainings(), _trainings(), _training_values, _write_training, report)
    _load(default_catalogue.compensation_models(), _models(), _model_values, _write_model, report)
    _load(default_catalogue.roles(), _roles(), _role_values, _write_role, report)
    _load(default_catalogue.land_rules(land), _rules(), _rule_values, _write_rule, report)
    return report


def _load(
    wanted: Iterable[Values],
    present: dict[str, Entry],
    values_of: Callable[[Entry], Values],
    write: Callable[[Entry | None, Values], Entry],
    report: LoadReport,
) -> None:
    for values in wanted:
        key = _key(values)
        entry = present.get(key)
        name = str(values.get("name") or key)
        if entry is None:
            report.added.append(name)
        elif values_of(entry) == values and entry.loaded_values is not None:
            report.unchanged += 1
            if entry.loaded_values == values:
                continue
        elif entry.loaded_values is None or values_of(entry) != entry.loaded_values:
            report.kept.append(name)
            if _add_translations(entry, values):
                report.translated.append(name)
            continue
        else:
            report.updated.append(name)
        entry = write(entry, values)
        entry.loaded_values = values
        entry.save(update_fields=["loaded_values"])
        present[key] = entry


def _add_translations(entry: LoadedFromDefaults, values: Values) -> bool:
    """Give an entry that an office keeps the words it lacks, where its German is that of the defaults."""
    added = False
    for language, texts in values.get("translations", {}).items():
        known = entry.translations.setdefault(language, {})
        for name, words in texts.items():
            if not known.get(name) and getattr(entry, name) == values[name]:
                known[name], added = words, True
    if added:
        entry.save(update_fields=["translations"])
    return added


def _key(values: Values) -> str:
    return str(values.get("slug") or f"{values['land']} {values['valid_from']}")


def _fill(entry: Entry, values: Values, fields: tuple[str, ...]) -> Entry:
    for name in fields:
        setattr(entry, name, values[name])
    entry.save()
    return entry


# Trainings

_TRAINING_FIELDS = (
    "slug",
    "name",
    "description",
    "evidence_type",
    "validity_months",
    "grace_days",
    "translations",
)


def _trainings() -> dict[str, Training]:
    return {training.slug: training for training in Training.objects.prefetch_related("includes")}


def _training_values(training: Training) -> Values:
    return _plain(training, _TRAINING_FIELDS) | {"includes": _slugs(training.includes.all())}


def _write_training(training: Training | None, values: Values) -> Training:
    training = _fill(training or Training(), values, _TRAINING_FIELDS)
    training.includes.set(Training.objects.filter(slug__in=values["includes"]))
    return training


# Financial models

_MODEL_FIELDS = ("slug", "name", "description", "conditions", "translations")


def _models() -> dict[str, CompensationModel]:
    return {model.slug: model for model in CompensationModel.objects.prefetch_related("rates")}


def _model_values(model: CompensationModel) -> Values:
    rates = [
        {
            "unit": rate.unit,
            "amount_eur": str(rate.amount_eur),
            "valid_from": rate.valid_from.isoformat(),
            "valid_until": rate.valid_until.isoformat() if rate.valid_until else None,
            "source_url": rate.source_url,
            "checked_on": rate.checked_on.isoformat(),
        }
        for rate in model.rates.all()
    ]
    return _plain(model, _MODEL_FIELDS) | {
        "rates": sorted(rates, key=lambda rate: (rate["unit"], rate["valid_from"]))
    }


def _write_model(model: CompensationModel | None, values: Values) -> CompensationModel:
    model = _fill(model or CompensationModel(), values, _MODEL_FIELDS)
    model.rates.all().delete()
    CompensationRate.objects.bulk_create(
        CompensationRate(model=model, **rate | {"amount_eur": Decimal(rate["amount_eur"])})
        for rate in values["rates"]
    )
    return model


# Roles

_ROLE_FIELDS = (
    "slug",
    "name",
    "does",
    "does_not",
    "instruction",
    "signatures_required",
    "at_a_distance",
    "first_contact",
    "translations",
)


def _roles() -> dict[str, Role]:
    roles = Role.objects.select_related("shown_publicly_as")
    return {role.slug: role for role in roles.prefetch_related("required_trainings", "compensation_models")}


def _role_values(role: Role) -> Values:
    return _plain(role, _ROLE_FIELDS) | {
        "shown_publicly_as": role.shown_publicly_as.slug if role.shown_publicly_as else "",
        "required_trainings": _slugs(role.required_trainings.all()),
        "compensation_models": _slugs(role.compensation_models.all()),
    }


def _write_role(role: Role | None, values: Values) -> Role:
    role = role or Role()
    role.shown_publicly_as = Role.objects.filter(slug=values["shown_publicly_as"]).first()
    role = _fill(role, values, _ROLE_FIELDS)
    role.required_trainings.set(Training.objects.filter(slug__in=values["required_trainings"]))
    role.compensation_models.set(CompensationModel.objects.filter(slug__in=values["compensation_models"]))
    return role


# The Länder's rules

_RULE_FIELDS = (
    "land",
    "valid_from",
    "valid_until",
    "individuals_allowed",
    "max_people",
    "min_age",
    "max_hours_month",
    "hour_cap_eur",
    "source_urls",
    "checked_on",
    "note",
)


def _rules() -> dict[str, LandRule]:
    rules = LandRule.objects.prefetch_related("qualifications")
    return {f"{rule.land} {rule.valid_from.isoformat()}": rule for rule in rules}


def _rule_values(rule: LandRule) -> Values:
    values = _plain(rule, _RULE_FIELDS) | {"qualifications": _slugs(rule.qualifications.all())}
    for name in ("valid_from", "valid_until", "checked_on"):
        values[name] = values[name].isoformat() if values[name] else None
    values["hour_cap_eur"] = None if rule.hour_cap_eur is None else str(rule.hour_cap_eur)
    return values


def _write_rule(rule: LandRule | None, values: Values) -> LandRule:
    rule = _fill(rule or LandRule(), values, _RULE_FIELDS)
    rule.qualifications.set(Training.objects.filter(slug__in=values["qualifications"]))
    return rule


def _plain(entry: LoadedFromDefaults, fields: tuple[str, ...]) -> Values:
    return {name: getattr(entry, name) for name in fields}


def _slugs(entries: Iterable[Any]) -> list[str]:
    return sorted(entry.slug for entry in entries)


_VALUES_OF: dict[type[LoadedFromDefaults], Callable[[Any], Values]] = {
    Training: _training_values,
    CompensationModel: _model_values,
    Role: _role_values,
    LandRule: _rule_values,
}


def is_changed(entry: LoadedFromDefaults) -> bool:
    """Whether an office has changed what came with the defaults; prefetch the entry's relations."""
    return entry.loaded_values is not None and _VALUES_OF[type(entry)](entry) != entry.loaded_values
