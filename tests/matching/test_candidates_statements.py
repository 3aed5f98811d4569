"""What a survey sends to the database: one statement for the candidates; for the rest the request once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helfer.help_requests.models import HelpRequest
from helfer.matching.candidates import Survey, survey
from helfer.matching.candidates.database import read
from helfer.matching.what_if import what_ifs
from tests.factories.catalogue import LandRuleFactory, RoleFactory, TrainingFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import point_near

pytestmark = pytest.mark.django_db


@pytest.fixture
def surveyed(today: date) -> Survey:
    request = HelpRequestFactory(open=True, role=RoleFactory())
    HelperProfileFactory(active=True, roles=[request.role], person__home=point_near(400))
    return survey(HelpRequest.objects.select_related("role").get(pk=request.pk), on=today)


def test_the_candidates_take_one_statement(surveyed: Survey) -> None:
    with CaptureQueriesContext(connection) as sent:
        (candidate,) = surveyed.best().candidates
        assert candidate.reasons
        assert candidate.shown.name
        assert candidate.compensation_models
    assert len(sent) == 1


def test_the_request_is_read_once_for_what_is_asked_after_that(surveyed: Survey) -> None:
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        what_ifs(surveyed)
        assert surveyed.near_misses_elsewhere() == {}
    assert len(sent) == 1 + 4 + 1
    assert ["FROM help_requests_helprequest" in sql for sql in sent] == [True] + 5 * [False]


def test_the_candidates_are_those_of_now_whatever_was_read_before(surveyed: Survey, today: date) -> None:
    assert surveyed.question["times"] == "0"
    HelpRequest.objects.filter(pk=surveyed.request_id).update(starts_on=today, wanted_gender="m")
    helper = HelperProfileFactory(
        active=True,
        roles=[HelpRequest.objects.get(pk=surveyed.request_id).role],
        person__gender="m",
        person__home=point_near(500),
    )
    assert [candidate.helper_id for candidate in surveyed.best().candidates] == [helper.pk]


def test_a_value_may_be_named_more_than_once_and_a_share_be_written() -> None:
    statement = "SELECT %(first)s::int + 10 * %(second)s::int + 100 * %(first)s::int, 7 %% 4, '%%'"
    assert read(statement, {"second": 2, "first": 1, "unused": 3}) == [(121, 3, "%")]


def test_the_lands_terms_name_its_trainings_and_what_includes_one_of_them(today: date) -> None:
    accepted = TrainingFactory(slug="pflege")
    wider, widest = TrainingFactory(slug="wider"), TrainingFactory(slug="widest")
    wider.includes.add(accepted)
    widest.includes.add(wider)
    rule = LandRuleFactory(land="NW", valid_from=today, max_people=3, min_age=16)
    rule.qualifications.set([accepted])
    terms = (
        "SELECT id, max_people, min_age, qualifications FROM helfer_land_rule(NULL, NULL, %(key)s, %(day)s)"
    )
    ((found, most, age, good),) = read(terms, {"key": "05913000", "day": today})
    assert (found, most, age, set(good)) == (rule.pk, 3, 16, {accepted.pk, wider.pk, widest.pk})
    assert read(terms, {"key": "09162000", "day": today}) == [(None, None, None, None)]
