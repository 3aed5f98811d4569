"""Etwas stimmt nicht: from every page to the coordinators, and to nobody else."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from helfer.core.errors import Conflict, NotAllowed
from helfer.people.actions import complain, settle_complaint
from helfer.people.models import Complaint
from helfer.web.public import complaint as door
from helfer.web.public.limits import TRAP
from tests.factories.people import SeatFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db

DOOR = "/etwas-stimmt-nicht/"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    cache.clear()


def test_anybody_says_what_is_wrong_without_a_name(client: Client) -> None:
    assert DOOR in client.get("/stand/").content.decode()
    thanked = client.post(DOOR, {"text": "Die Helferin wollte Geld.", "contact": ""}, follow=True)
    assert "Die Geschäftsstelle liest Ihre Nachricht" in thanked.content.decode()
    said = Complaint.objects.get()
    assert (said.text, said.contact) == ("Die Helferin wollte Geld.", "")
    coordinator = sign_in(Client(), UserFactory(coordinator=True))
    assert "Eine Beschwerde wartet" in coordinator.get("/geschaeftsstelle/").content.decode()
    assert "Die Helferin wollte Geld." in coordinator.get("/geschaeftsstelle/beschwerden/").content.decode()
    settled = coordinator.post(
        f"/geschaeftsstelle/beschwerden/{said.pk}/", {"outcome": "Mit dem Büro gesprochen."}, follow=True
    )
    assert "Mit dem Büro gesprochen." in settled.content.decode()
    assert not Complaint.objects.open().exists()


def test_the_tandem_does_not_read_or_settle_it(now: datetime) -> None:
    staff = SeatFactory().user
    said = complain(text="Das Büro ruft nicht zurück.", at=now)
    assert not Complaint.objects.visible_to(staff).exists()
    with pytest.raises(NotAllowed):
        settle_complaint(complaint_id=said.pk, outcome="Erledigt.", by=staff, at=now)
    assert sign_in(Client(), staff).get("/geschaeftsstelle/beschwerden/").status_code == 404


def test_it_is_settled_once_and_with_an_outcome(now: datetime) -> None:
    coordinator = UserFactory(coordinator=True)
    said = complain(text="Etwas stimmt nicht.", at=now)
    with pytest.raises(Conflict):
        settle_complaint(complaint_id=said.pk, outcome=" ", by=coordinator, at=now)
    settle_complaint(complaint_id=said.pk, outcome="Erledigt.", by=coordinator, at=now)
    with pytest.raises(Conflict):
        settle_complaint(complaint_id=said.pk, outcome="Noch einmal.", by=coordinator, at=now)


def test_programs_are_slowed_down(client: Client) -> None:
    assert client.post(DOOR, {"text": "Werbung", TRAP: "x"}).status_code == 422
    for _turn in range(door.MOST_BY_ADDRESS_AN_HOUR):
        assert client.post(DOOR, {"text": "Etwas"}).status_code == 303
    assert client.post(DOOR, {"text": "Etwas"}).status_code == 429
    assert Complaint.objects.count() == door.MOST_BY_ADDRESS_AN_HOUR
