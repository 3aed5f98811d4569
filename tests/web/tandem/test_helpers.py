"""Helpers of the office: the list, registering, and every step that staff take by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.helpers.models import HelperProfile, HelperState
from helfer.people.models import Office
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db


def offer(taking: Office, **said: Any) -> dict[str, Any]:
    """What somebody says who wants to help."""
    usual = {
        "family_name": "Demir", "given_name": "Ayşe", "office": taking.pk,
        "radius_m": "1500", "max_people": "2",
        "languages": ["de", "tr"], "compensation_models": [CompensationModelFactory().pk], "form_key": "k",
    }  # fmt: skip
    return usual | said


def test_list_takes_as_many_queries_for_many(here: Client, office: Office) -> None:
    for number in (3, 12):
        for _each in range(number):
            HelperProfileFactory(office=office, active=True, roles=[RoleFactory()])
        if number == 3:
            few = queries_of(here, at("helpers"))
    assert queries_of(here, at("helpers")) == few


def test_list_shows_what_the_filter_says(here: Client, office: Office) -> None:
    role = RoleFactory()
    one = HelperProfileFactory(office=office, active=True, roles=[role], languages=["tr"])
    resting = HelperProfileFactory(office=office, active=True)
    PauseFactory(helper=resting)
    HelperProfileFactory()
    for asked, found in (
        ({}, {one, resting}), ({"role": role.pk}, {one}), ({"language": "tr"}, {one}),
        ({"paused": "on"}, {resting}),
        ({"text": one.person.phone.as_national}, {one}), ({"state": "left"}, set()),
        ({"lapsed": "on"}, set()),
    ):  # fmt: skip
        assert set(here.get(at("helpers"), asked).context["listing"].rows) == found, asked


def test_registering_twice_by_one_press_makes_one_helper(here: Client, office: Office) -> None:
    role = RoleFactory()
    for _press in range(2):
        answer = here.post(at("helper_new"), offer(office, roles=[role.pk]))
        assert answer.status_code == 303, answer.context["form"].errors
    helper = HelperProfile.objects.get()
    assert (helper.office, list(helper.roles.all()), helper.state) == (office, [role], HelperState.REGISTERED)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("radius_m", "5"), ("radius_m", "9" * 30), ("max_people", "0"), ("languages", ""), ("phone", "\x00"),
     ("compensation_models", "x"), ("roles", "9" * 30), ("family_name", "")],
)  # fmt: skip
def test_bad_answer_keeps_everything_typed(here: Client, office: Office, field: str, typed: str) -> None:
    answer = here.post(at("helper_new"), offer(office, email="ayse@example.org", **{field: typed}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "ayse@example.org" in answer.content.decode()
    assert not HelperProfile.objects.exists()


def test_every_step_has_its_effect(here: Client, office: Office) -> None:
    helper = HelperProfileFactory(office=office, roles=[RoleFactory()])

    def send(name: str, pk: int = helper.pk, **sent: Any) -> HelperProfile:
        answer = here.post(at(name, pk=pk), sent)
        assert answer.status_code == 303, answer.context["form"].errors
        return HelperProfile.objects.get(pk=helper.pk)

    late = here.post(at("helper_interview", pk=helper.pk), {"on": "24.11.2026"})
    assert list(late.context["form"].errors) == ["on"]
    assert send("helper_interview", on="20.11.2026").state == HelperState.INTERVIEWED
    assert send("helper_activate").state == HelperState.ACTIVE
    edited = {"radius_m": "900", "max_people": "3", "languages": ["de"], "roles": [helper.roles.get().pk]}
    models = [model.pk for model in helper.compensation_models.all()]
    assert send("helper_edit", compensation_models=models, **edited).radius_m == 900
    send("helper_pause", from_day="23.11.2026", until_day="1.12.2026", reason="Urlaub")
    assert "zurück am 1. Dezember 2026" in here.get(at("helper", pk=helper.pk)).content.decode()
    send("pause_end", pk=helper.pauses.get().pk, on="25.11.2026")
    assert str(helper.pauses.get().until_day) == "2026-11-25"
    send("certificate_new", training=TrainingFactory().pk, issued_on="20.11.2026")
    waiting = CertificateFactory(helper=helper, unverified=True)
    send("certificate_verify", pk=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.verified_at is not None
    assert send("helper_leave").state == HelperState.LEFT
    other = HelperProfileFactory(office=office)
    assert here.post(at("helper_reject", pk=other.pk)).status_code == 303
    assert HelperProfile.objects.get(pk=other.pk).state == HelperState.REJECTED
