"""Who comes into question, and what the page tells of another office's people."""

from __future__ import annotations

import pytest
from django.test import Client

from helfer.help_requests.models import HelpRequest
from helfer.matching.models import Match
from helfer.people.models import Office
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import HelpSeekerFactory, point_near

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(office: Office) -> HelpRequest:
    return HelpRequestFactory(help_seeker=HelpSeekerFactory(office=office), open=True)


def test_candidate_of_another_office_shows_only_a_first_name(here: Client, wanted: HelpRequest) -> None:
    lent = HelperProfileFactory(
        active=True, roles=[wanted.role], person__family_name="Fernmann", person__given_name="Ole"
    )
    for address in (at("candidates", pk=wanted.pk), at("propose", pk=wanted.pk, helper_id=lent.pk)):
        page = here.get(address).content.decode()
        assert "Ole" in page
        for hidden in (
            "Fernmann",
            lent.person.phone.as_national,
            lent.person.email,
            lent.person.street,
            lent.number,
        ):
            assert hidden not in page, (address, hidden)


def test_near_miss_elsewhere_is_only_a_number(here: Client, wanted: HelpRequest) -> None:
    far = point_near(east_m=2500)
    own = HelperProfileFactory(
        active=True,
        roles=[wanted.role],
        office=wanted.office,
        person__home=far,
        person__family_name="Nahmann",
    )
    lent = HelperProfileFactory(
        active=True,
        roles=[wanted.role],
        person__home=far,
        person__family_name="Fernmann",
        person__given_name="Xaver",
    )
    page = here.get(at("candidates", pk=wanted.pk)).content.decode()
    assert own.person.family_name in page
    assert "In anderen Büros passt eine weitere Person beinahe." in page
    assert "Fernmann" not in page
    assert "Xaver" not in page
    missing = here.get(at("propose", pk=wanted.pk, helper_id=99_999_999))
    assert here.get(at("propose", pk=wanted.pk, helper_id=lent.pk)).status_code == missing.status_code == 404


def test_candidate_is_proposed_once_by_two_presses(here: Client, wanted: HelpRequest) -> None:
    helper = HelperProfileFactory(active=True, roles=[wanted.role], office=wanted.office)
    address = at("propose", pk=wanted.pk, helper_id=helper.pk)
    sent = {
        "compensation_model": helper.compensation_models.get().pk,
        "starts_on": "1.12.2026",
        "form_key": "k",
    }
    answers = [here.post(address, sent) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [answer.url for answer in answers] == [at("match", pk=Match.objects.get().pk)] * 2


def test_bad_answer_is_said_at_its_field(here: Client, wanted: HelpRequest) -> None:
    helper = HelperProfileFactory(active=True, roles=[wanted.role], office=wanted.office)
    address = at("propose", pk=wanted.pk, helper_id=helper.pk)
    good = {"compensation_model": str(helper.compensation_models.get().pk), "starts_on": "1.12.2026"}
    for field, typed in (
        ("starts_on", "32.1.2026"),
        ("compensation_model", "9" * 30),
        ("compensation_model", ""),
    ):
        answer = here.post(address, good | {field: typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
    standing_in = here.post(address + "?vertretung=999999999999999", good | {"substitute_until": "3.12.2026"})
    assert standing_in.status_code == 409
    assert not Match.objects.exists()


def test_page_takes_as_many_queries_for_many(here: Client, wanted: HelpRequest) -> None:
    for number in (3, 12):
        for each in range(number):
            HelperProfileFactory(active=True, roles=[wanted.role], office=wanted.office)
            # Not all at one distance: of many who are equally near more have to be read.
            far = point_near(2_100 + 100 * each)
            HelperProfileFactory(active=True, roles=[wanted.role], office=wanted.office, person__home=far)
        if number == 3:
            few = queries_of(here, at("candidates", pk=wanted.pk))
    assert queries_of(here, at("candidates", pk=wanted.pk)) == few
