"""Requests: the list, and every step that staff take by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.help_requests.models import CloseReason, HelpRequest, RequestState
from helfer.people.models import Office
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(office: Office) -> HelpRequest:
    return HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office))


def clarified(request: HelpRequest, **said: Any) -> dict[str, Any]:
    usual = {
        "called_back_on": "20.11.2026", "how": "phone", "role": request.role_id,
        "safety_note": "Stufe am Eingang",
        "health_channel": "phone", "provisional_reason": "Brief ist unterwegs", "form_key": "k",
    }  # fmt: skip
    return usual | said


def test_list_takes_as_many_queries_for_many(here: Client, office: Office) -> None:
    HelpRequestFactory.create_batch(3, help_seeker__office=office)
    few = queries_of(here, at("requests"))
    HelpRequestFactory.create_batch(12, help_seeker__office=office)
    assert queries_of(here, at("requests")) == few


def test_page_takes_as_many_queries_for_many_requests_of_a_person(
    here: Client, request_: HelpRequest
) -> None:
    few = queries_of(here, at("request", pk=request_.pk))
    HelpRequestFactory.create_batch(6, help_seeker=request_.help_seeker)
    assert queries_of(here, at("request", pk=request_.pk)) <= few + 1


def test_list_shows_the_own_office_and_what_the_filter_says(here: Client, request_: HelpRequest) -> None:
    HelpRequestFactory()
    closed = HelpRequestFactory(help_seeker=request_.help_seeker, role=request_.role, is_urgent=True)
    here.post(at("request_withdraw", pk=closed.pk))
    for asked, found in (
        ({}, {request_}),
        ({"state": "all"}, {request_, closed}),
        ({"state": "withdrawn"}, {closed}),
        ({"state": "all", "urgent": "on"}, {closed}),
        ({"role": request_.role_id}, {request_}),
        ({"role": RoleFactory().pk}, set()),
        ({"text": request_.number}, {request_}),
        ({"text": "nirgends"}, set()),
    ):
        assert set(here.get(at("requests"), asked).context["listing"].rows) == found, asked


def test_request_is_clarified_and_open(here: Client, request_: HelpRequest) -> None:
    address = at("request_clarify", pk=request_.pk)
    page = here.get(address).content.decode()
    assert request_.help_seeker.person.full_name in page
    for _press in range(2):
        assert here.post(address, clarified(request_)).status_code == 303
    request_.refresh_from_db()
    assert request_.state == RequestState.OPEN
    assert request_.triage.safety_note == "Stufe am Eingang"
    assert (
        "Die unterschriebene Einwilligung fehlt noch"
        in here.get(at("request", pk=request_.pk)).content.decode()
    )
    assert here.post(at("request_paper", pk=request_.pk), {"seen_on": "23.11.2026"}).status_code == 303
    assert not any(consent.awaits_paper for consent in request_.help_seeker.person.consents.all())


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("called_back_on", "24.11.2026"), ("called_back_on", "1.11.2026"), ("called_back_on", "31.2.2026"),
        ("called_back_on", "\x00"), ("role", ""), ("role", "9" * 30), ("how", "pigeon"),
        ("health_channel", ""), ("health_channel", "online"), ("provisional_reason", " "),
        ("has_animals", "vielleicht"), ("safety_note", "a\x00b"),
    ],
)  # fmt: skip
def test_bad_answer_is_said_at_its_field(here: Client, request_: HelpRequest, field: str, typed: str) -> None:
    sent = clarified(request_, own_wish="bleibt stehen") | {field: typed}
    answer = here.post(at("request_clarify", pk=request_.pk), sent)
    assert answer.status_code in (409, 422)
    assert list(answer.context["form"].errors) == [field]
    assert "bleibt stehen" in answer.content.decode()
    request_.refresh_from_db()
    assert request_.state == RequestState.SUBMITTED


def test_every_way_on_has_its_effect(here: Client, request_: HelpRequest) -> None:
    def send(name: str, **sent: Any) -> HelpRequest:
        answer = here.post(at(name, pk=request_.pk), sent)
        assert answer.status_code == 303, answer.context["form"].errors
        return HelpRequest.objects.get(pk=request_.pk)

    assert send("request_hold", reason="im Krankenhaus", until="1.12.2026").hold_reason == "im Krankenhaus"
    assert (
        here.post(at("request_hold", pk=request_.pk), {"reason": "x", "until": "1.11.2026"}).status_code
        == 409
    )
    here.post(at("request_clarify", pk=request_.pk), clarified(request_))
    forwarded = send("request_forward", to="Pflegestützpunkt")
    assert (forwarded.state, forwarded.forwarded_to) == (RequestState.FORWARDED, "Pflegestützpunkt")
    assert send("request_reopen").state == RequestState.OPEN
    assert send("request_withdraw").state == RequestState.WITHDRAWN
    assert send("request_reopen").state == RequestState.OPEN
    helper = HelperProfileFactory(active=True, office=request_.office, roles=[request_.role])
    assert send("request_name_helper", helper=helper.pk).named_helper == helper
    assert send("request_name_helper", helper="").named_helper is None
    closed = send("request_close", reason=CloseReason.values[0])
    assert (closed.state, closed.close_reason) == (RequestState.CLOSED, CloseReason.values[0])


def test_request_given_away_is_gone_and_the_second_press_sees_no_error(
    here: Client, request_: HelpRequest
) -> None:
    other = OfficeFactory()
    sent = {"office": other.pk, "form_key": "k"}
    answers = [here.post(at("request_move", pk=request_.pk), sent) for _press in range(2)]
    assert [(answer.status_code, answer.get("Location")) for answer in answers] == [(303, at("requests"))] * 2
    request_.refresh_from_db()
    assert request_.office == other
    assert here.get(at("request", pk=request_.pk)).status_code == 404
