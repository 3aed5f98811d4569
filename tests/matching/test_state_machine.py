"""The life of matches as a game against the database: 1,000 steps, with HELFER_SOAK=1 ten times as many."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from helfer.people.models import CareLevel, Side
from tests.factories.catalogue import CompensationModelFactory, LandRuleFactory, RoleFactory, TrainingFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, SeatFactory
from tests.matching.state_machine import LifeOfMatches, People

pytestmark = pytest.mark.django_db

STEPS_OF_A_LIFE = 50
LIVES = 20


def make_people() -> People:
    """One office with its tandem, three helpers, three help seekers, four requests."""
    LandRuleFactory()
    office = OfficeFactory()
    role = RoleFactory(required_trainings=[TrainingFactory()])
    models = {False: CompensationModelFactory(), True: CompensationModelFactory(relief=True)}
    seats = {str(side): SeatFactory(office=office, side=side) for side in Side}
    seekers = [HelpSeekerFactory(office=office, care_level=CareLevel.TWO) for _ in range(3)]
    return People(
        helpers=[
            HelperProfileFactory(
                active=True,
                office=office,
                roles=[role],
                certified=True,
                max_people=people,
                compensation_models=list(models.values()),
            )
            for people in (1, 2, 3)
        ],
        requests=[
            HelpRequestFactory(
                open=True, help_seeker=seeker, role=role, compensation_models=list(models.values())
            )
            for seeker in (*seekers, seekers[0])
        ],
        seekers=seekers,
        seats=seats,
        models=models,
        staff=seats["municipal"].user,
    )


@pytest.mark.soak
def test_the_database_accepts_what_the_model_allows_and_nothing_else() -> None:
    lives = LIVES * (10 if os.environ.get("HELFER_SOAK") else 1)
    LifeOfMatches.people = make_people()
    LifeOfMatches.steps = 0
    run_state_machine_as_test(
        LifeOfMatches,
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS_OF_A_LIFE,
            deadline=None,
            # The same lives every day; the long version looks for new ones.
            derandomize=not os.environ.get("HELFER_SOAK"),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert LifeOfMatches.steps >= lives * STEPS_OF_A_LIFE / 2
