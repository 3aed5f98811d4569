"""Coordinators change the catalogue; nobody else does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from helfer.catalogue.actions import (
    CompensationModelDetails,
    LandRuleDetails,
    RateDetails,
    RoleDetails,
    TrainingDetails,
    add_rate,
    create_compensation_model,
    create_land_rule,
    create_role,
    create_training,
    remove_rate,
    update_land_rule,
    update_rate,
    update_role,
    update_training,
)
from helfer.catalogue.models import Role
from helfer.core.errors import Conflict, NotAllowed
from helfer.people.models import User
from tests.factories.catalogue import (
    CompensationModelFactory,
    CompensationRateFactory,
    LandRuleFactory,
    RoleFactory,
    TrainingFactory,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> User:
    return UserFactory(coordinator=True)


def test_a_tandem_member_does_not_change_the_catalogue() -> None:
    user = UserFactory(tandem=True, training=True, administrator=True)
    with pytest.raises(NotAllowed):
        create_training(details=TrainingDetails(slug="neu", name="Neu"), by=user)


def test_a_role_is_made_and_changed(coordinator: User) -> None:
    model, training = CompensationModelFactory(), TrainingFactory()
    details = RoleDetails(
        slug="schach", name=" Schach ", compensation_models=[model], required_trainings=[training]
    )
    role = create_role(details=details, by=coordinator)
    assert role.name == "Schach"
    assert list(role.required_trainings.all()) == [training]
    changed = RoleDetails(
        slug="schach",
        name="Schach und Dame",
        compensation_models=[model],
        is_active=False,
    )
    role = update_role(role_id=role.pk, details=changed, by=coordinator)
    role.refresh_from_db()
    assert (role.name, role.is_active, role.required_trainings.count()) == ("Schach und Dame", False, 0)


def test_where_the_german_changes_the_old_words_do_not_go_on_in_another_language(coordinator: User) -> None:
    model = CompensationModelFactory()
    kept = {"name": "Chess", "does": "play", "does_not": "bet"}
    role = RoleFactory(
        slug="schach", name="Schach", does="spielen\nreden", does_not="wetten", translations={"en": kept}
    )

    def change(**said: Any) -> Any:
        known = {
            "slug": "schach",
            "name": "Schach",
            "does": "spielen\r\nreden",
        }
        details = RoleDetails(**{**known, "compensation_models": [model], **said})
        update_role(role_id=role.pk, details=details, by=coordinator)
        role.refresh_from_db()
        return role

    changed = change(does_not="wetten\num Geld spielen")
    assert changed.translations == {"en": {"name": "Chess", "does": "play"}}
    with translation.override("en"):
        assert changed.text("does_not") == "wetten\num Geld spielen"


def test_a_role_without_any_financial_model_is_refused(coordinator: User) -> None:
    with pytest.raises(Conflict) as refusal:
        create_role(details=RoleDetails(slug="schach", name="Schach"), by=coordinator)
    assert refusal.value.field == "compensation_models"


def test_a_short_name_is_used_once(coordinator: User) -> None:
    RoleFactory(slug="besuch")
    with pytest.raises(Conflict) as refusal:
        create_role(
            details=RoleDetails(slug="besuch", name="B", compensation_models=[CompensationModelFactory()]),
            by=coordinator,
        )
    assert refusal.value.field == "slug"


def test_trainings_do_not_include_each_other_in_a_circle(coordinator: User) -> None:
    small = TrainingFactory()
    middle = TrainingFactory(includes=[small])
    large = TrainingFactory(includes=[middle])
    with pytest.raises(Conflict, match="Kreis"):
        update_training(
            training_id=small.pk,
            details=TrainingDetails(slug=small.slug, name=small.name, includes=[large]),
            by=coordinator,
        )


def test_a_new_amount_ends_the_one_before(coordinator: User) -> None:
    model = create_compensation_model(
        details=CompensationModelDetails(slug="pauschale", name="Pauschale"), by=coordinator
    )
    old = CompensationRateFactory(model=model, valid_from=date(2026, 1, 1))
    add_rate(
        model_id=model.pk,
        details=RateDetails(
            unit=old.unit,
            amount_eur=Decimal(1000),
            valid_from=date(2027, 1, 1),
            checked_on=date(2026, 11, 23),
        ),
        by=coordinator,
    )
    old.refresh_from_db()
    assert old.valid_until == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("valid_from", "valid_until"),
    [(date(2026, 1, 1), None), (date(2025, 6, 1), date(2026, 1, 1)), (date(2026, 6, 30), date(2026, 7, 1))],
)
def test_two_amounts_never_hold_on_one_day(
    coordinator: User, valid_from: date, valid_until: date | None
) -> None:
    rate = CompensationRateFactory(valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30))
    details = RateDetails(
        unit=rate.unit,
        amount_eur=Decimal(5),
        valid_from=valid_from,
        valid_until=valid_until,
        checked_on=date(2026, 11, 23),
    )
    with pytest.raises(Conflict):
        add_rate(model_id=rate.model_id, details=details, by=coordinator)


def test_an_amount_is_corrected_or_taken_back(coordinator: User) -> None:
    rate = CompensationRateFactory()
    details = RateDetails(
        unit=rate.unit,
        amount_eur=Decimal("961.50"),
        valid_from=rate.valid_from,
        checked_on=date(2026, 11, 23),
    )
    assert update_rate(rate_id=rate.pk, details=details, by=coordinator).amount_eur == Decimal("961.50")
    remove_rate(rate_id=rate.pk, by=coordinator)
    with pytest.raises(Conflict, match="gibt es nicht mehr"):
        remove_rate(rate_id=rate.pk, by=coordinator)


def test_a_lands_rule_follows_another_one(coordinator: User) -> None:
    old = LandRuleFactory(valid_from=date(2024, 1, 1))
    details = LandRuleDetails(
        land="NW", valid_from=date(2027, 1, 1), checked_on=date(2026, 11, 23), max_people=1
    )
    new = create_land_rule(details=details, by=coordinator)
    old.refresh_from_db()
    assert old.valid_until == date(2026, 12, 31)
    with pytest.raises(Conflict, match="andere Regel"):
        update_land_rule(
            rule_id=new.pk,
            details=LandRuleDetails(land="NW", valid_from=date(2026, 12, 31), checked_on=date(2026, 11, 23)),
            by=coordinator,
        )


def test_a_land_that_does_not_exist_has_no_rule(coordinator: User) -> None:
    details = LandRuleDetails(land="XX", valid_from=date(2027, 1, 1), checked_on=date(2026, 11, 23))
    with pytest.raises(Conflict) as refusal:
        create_land_rule(details=details, by=coordinator)
    assert refusal.value.field == "land"


def test_a_role_is_shown_publicly_as_one_that_shows_itself(coordinator: User) -> None:
    model = CompensationModelFactory()
    visits = RoleFactory(slug="besuch")
    hidden = RoleFactory(slug="demenz", shown_publicly_as=visits)

    def refused(role: Role, shown_as: Role) -> str | None:
        details = RoleDetails(
            slug=role.slug, name=role.name, compensation_models=[model], shown_publicly_as=shown_as
        )
        with pytest.raises(Conflict) as refusal:
            update_role(role_id=role.pk, details=details, by=coordinator)
        with pytest.raises(IntegrityError, match="eigenen Namen"), transaction.atomic():
            Role.objects.filter(pk=role.pk).update(shown_publicly_as=shown_as)
        return refusal.value.field

    other = RoleFactory(slug="schach")
    for role, shown_as in ((other, hidden), (other, other), (visits, other)):
        assert refused(role, shown_as) == "shown_publicly_as"
    with pytest.raises(IntegrityError, match="eigenen Namen"), transaction.atomic():
        RoleFactory(slug="parkinson", shown_publicly_as=hidden)
