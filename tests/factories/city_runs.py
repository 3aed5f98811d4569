"""Runs for the whole city that have come to an end: ``CityRunFactory(office=…)``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import factory

from helfer.matching.models import CityDrill, CityRun, RunState, Suggestion, Unserved

from .help_requests import HelpRequestFactory
from .helpers import HelperProfileFactory
from .people import UserFactory

RUN_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class CityRunFactory(factory.django.DjangoModelFactory[CityRun]):
    """A run that is done; of the whole city, by itself, where nothing else is said."""

    class Meta:
        model = CityRun

    class Params:
        under_way = factory.Trait(state=RunState.RUNNING, finished_at=None)

    on = date(2026, 11, 23)
    state = RunState.DONE
    requested_at = started_at = touched_at = finished_at = RUN_AT


class CityDrillFactory(factory.django.DjangoModelFactory[CityDrill]):
    """A drill of the city that waits for a worker: everybody who speaks Turkish drops out."""

    class Meta:
        model = CityDrill

    on = date(2026, 11, 23)
    language = "tr"
    by = factory.SubFactory(UserFactory, coordinator=True)
    requested_at = touched_at = RUN_AT


class SuggestionFactory(factory.django.DjangoModelFactory[Suggestion]):
    class Meta:
        model = Suggestion

    run = factory.SubFactory(CityRunFactory)
    request = factory.SubFactory(HelpRequestFactory, open=True)
    # Somebody of the same office who fits.
    helper = factory.LazyAttribute(
        lambda o: HelperProfileFactory(active=True, office=o.request.office, roles=[o.request.role])
    )
    score = Decimal("0.8")


class UnservedFactory(factory.django.DjangoModelFactory[Unserved]):
    class Meta:
        model = Unserved

    run = factory.SubFactory(CityRunFactory)
    request = factory.SubFactory(HelpRequestFactory, open=True)
    gates = factory.LazyFunction(lambda: {"distance": 3, "trainings": 1})
