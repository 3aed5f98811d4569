"""Searches may go to a replica; whoever is proposed is asked for on the primary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from helfer.core import replica
from helfer.core.errors import NotEligible
from helfer.helpers.actions import add_pause
from helfer.matching.candidates import database as searches
from helfer.matching.candidates import survey
from helfer.matching.candidates.edges import edges, near_miss_gates
from helfer.matching.what_if import what_ifs
from helfer.people.models import Person
from tests.factories.people import point_near

from .conftest import Desk

pytestmark = pytest.mark.django_db

Asked = list[bool | None]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Notes every search that may go to a replica, and what it says of its transaction."""
    heard: Asked = []

    def read_with(read: Callable[[str], Any], *, has_written: bool | None = None) -> Any:
        heard.append(has_written)
        return read("default")

    monkeypatch.setattr(searches, "read_with", read_with)
    return heard


def test_candidates_near_misses_and_what_if_may_come_from_a_replica(
    desk: Desk, asked: Asked, today: date
) -> None:
    found = survey(desk.request, on=today)
    assert [each.helper_id for each in found.shortlist().candidates] == [desk.helper.pk]
    after_lists = len(asked)
    assert after_lists >= 2
    Person.objects.filter(pk=desk.helper.person_id).update(home=point_near(2_100))
    assert what_ifs(survey(desk.request, on=today))
    assert len(asked) > after_lists
    assert set(asked) == {None}


def test_a_runs_pairs_may_come_from_a_replica_whatever_holds_the_part(
    desk: Desk, asked: Asked, today: date
) -> None:
    assert list(edges(on=today, request_ids=[desk.request.pk]).helper_ids) == [desk.helper.pk]
    assert set(asked) == {False}
    near_miss_gates(on=today, request_ids=[desk.request.pk])
    assert asked[-1] is None


def test_the_database_itself_is_asked_when_somebody_is_proposed(
    desk: Desk, asked: Asked, today: date
) -> None:
    add_pause(helper_id=desk.helper.pk, from_day=today, by=desk.city, at=desk.now)
    with pytest.raises(NotEligible):
        desk.propose()
    assert asked == []


def test_without_a_setting_there_is_no_replica(settings: Any) -> None:
    assert replica.REPLICA not in settings.DATABASES or settings.DATABASES["replica"]["TEST"] == {
        "MIRROR": "default"
    }
