"""What the database holds about a request's life; each attack succeeds once its guard is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from helfer.core.constraints import refusal_for
from helfer.help_requests.models import REQUEST_TRANSITIONS, CloseReason, HelpRequest, RequestState
from tests.factories.help_requests import HelpRequestFactory
from tests.helpers.test_guards import drop, run

pytestmark = pytest.mark.django_db

CLOSED = {"close_reason": CloseReason.OTHER, "closed_on": date(2026, 11, 23)}


def born_matched() -> None:
    HelpRequestFactory(state=RequestState.MATCHED)


def born_matched_in_bulk() -> None:
    template = HelpRequestFactory()
    template.pk, template.number, template.state = None, "A-X", RequestState.FORWARDED
    HelpRequest.objects.bulk_create([template])


def leap_by_update() -> None:
    request = HelpRequestFactory()
    HelpRequest.objects.filter(pk=request.pk).update(state=RequestState.MATCHED)


def leap_by_sql() -> None:
    request = HelpRequestFactory(open=True)
    run("UPDATE help_requests_helprequest SET state = 'submitted' WHERE id = %s", request.pk)


ATTACKS = [
    (born_matched, "request_begins_submitted_or_open"),
    (born_matched_in_bulk, "request_begins_submitted_or_open"),
    (leap_by_update, "request_moves_along_the_arrows"),
    (leap_by_sql, "request_moves_along_the_arrows"),
]


@pytest.mark.parametrize(("attack", "guard"), ATTACKS, ids=lambda value: getattr(value, "__name__", None))
def test_the_database_refuses_with_a_sentence(attack: Callable[[], None], guard: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        attack()
    refusal = refusal_for(caught.value)
    assert refusal is not None
    assert refusal.code == guard


@pytest.mark.parametrize(("attack", "guard"), ATTACKS, ids=lambda value: getattr(value, "__name__", None))
def test_without_its_guard_the_attack_succeeds(attack: Callable[[], None], guard: str) -> None:
    drop(guard)
    attack()


PATHS = {
    RequestState.SUBMITTED: [],
    RequestState.OPEN: [RequestState.OPEN],
    RequestState.MATCHED: [RequestState.OPEN, RequestState.MATCHED],
    RequestState.ON_HOLD: [RequestState.ON_HOLD],
    RequestState.FORWARDED: [RequestState.FORWARDED],
    RequestState.WITHDRAWN: [RequestState.WITHDRAWN],
    RequestState.CLOSED: [RequestState.CLOSED],
}


@pytest.mark.parametrize("before", RequestState)
def test_a_request_moves_along_every_arrow_and_no_other(before: RequestState) -> None:
    for after in RequestState:
        request = HelpRequestFactory()
        own = HelpRequest.objects.filter(pk=request.pk)
        for step in PATHS[before]:
            own.update(state=step, **CLOSED)
        if before == after or after in REQUEST_TRANSITIONS[before]:
            own.update(state=after, **CLOSED)
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                own.update(state=after, **CLOSED)
