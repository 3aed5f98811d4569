"""Requests in situations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from helfer.help_requests.models import CallBack, HelpRequest, RequestState, Triage

from .catalogue import RoleFactory


class HelpRequestFactory(DjangoModelFactory[HelpRequest]):
    """A request as it came in, its office the help seeker's; ``open=True``: triaged and waiting for a helper.

    ``compensation_models=[…]`` where models are named (none means: unpaid).
    """

    class Meta:
        model = HelpRequest
        skip_postgeneration_save = True

    class Params:
        open = factory.Trait(state=RequestState.OPEN)

    help_seeker = factory.SubFactory("tests.factories.people.HelpSeekerFactory")
    office = factory.SelfAttribute("help_seeker.office")
    number = factory.Sequence(lambda n: f"A-{n:05}")
    role = factory.SubFactory(RoleFactory)
    received_on = date(2026, 11, 16)

    @factory.post_generation
    def compensation_models(  # type: ignore[misc]
        self: HelpRequest, create: bool, extracted: Any, **kwargs: Any
    ) -> None:
        if create and extracted:
            self.compensation_models.set(extracted)


class TriageFactory(DjangoModelFactory[Triage]):
    """The office called back; the person spoke for themselves."""

    class Meta:
        model = Triage

    request = factory.SubFactory(HelpRequestFactory)
    called_back_by = factory.SubFactory("tests.factories.people.UserFactory")
    called_back_at = factory.LazyFunction(lambda: datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    how = CallBack.PHONE
