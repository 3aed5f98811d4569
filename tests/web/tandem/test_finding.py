"""What the filter above a list asks for, whether its rows are requests or only lead to them."""

from __future__ import annotations

from typing import Any

import pytest

from helfer.help_requests.models import HelpRequest
from helfer.matching.models import Match
from helfer.web.tandem.finding import asked_for
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory
from tests.factories.places import QuarterFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role", lambda request: request.role),
        ("district", lambda request: request.help_seeker.person.quarter.district),
        ("quarter", lambda request: request.help_seeker.person.quarter),
        ("urgent", lambda request: request.is_urgent),
        ("text", lambda request: request.number),
        ("text", lambda request: request.help_seeker.person.family_name),
    ],
)
def test_requests_are_found_directly_and_by_what_leads_to_them(name: str, value: Any) -> None:
    meant, other = (
        HelpRequestFactory(
            open=True,
            is_urgent=is_urgent,
            help_seeker=HelpSeekerFactory(person__family_name=family_name, person__home=quarter.inner_point),
        )
        for is_urgent, family_name, quarter in (
            (True, "Gemeint", QuarterFactory(district__at=(0, 0))),
            (False, "Anders", QuarterFactory(district__at=(1, 0))),
        )
    )
    match = MatchFactory(request=meant)
    MatchFactory(request=other)
    wanted = {name: value(HelpRequest.objects.get(pk=meant.pk))}
    assert wanted[name]
    assert list(HelpRequest.objects.filter(asked_for(wanted))) == [meant]
    assert list(Match.objects.filter(asked_for(wanted, request="request__"))) == [match]
    assert set(HelpRequest.objects.filter(asked_for({name: None}))) == {meant, other}
