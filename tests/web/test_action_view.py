"""One form that leads to one action: refusals stay at their fields, nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.db.models import QuerySet
from django.test import Client
from django.urls import include, path

from helfer.core.errors import Conflict, IllegalTransition, NotAllowed, NotEligible
from helfer.people.models import Kind, Office
from helfer.web.action_view import ActionView
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

REFUSALS: dict[str, Exception] = {
    "Regel am Feld": NotEligible("Dieser Name ist vergeben.", field="name"),
    "Regel ohne Feld": NotEligible("So nicht.", field="unknown"),
    "Weg": IllegalTransition("Das geht von hier aus nicht."),
    "Zu spät": Conflict("Jemand war schneller."),
    "Verboten": NotAllowed("Das dürfen Sie nicht."),
}


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
    remark = forms.CharField(label="Bemerkung", required=False)


class RenameOffice(ActionView[NameForm]):
    """Renames an office, or refuses as the wished name says."""

    kinds = {Kind.TANDEM}
    form_class = NameForm
    title = "Büro umbenennen"
    success_message = "Das Büro heißt jetzt anders."
    success_url_name = "office"

    def get_queryset(self) -> QuerySet[Office]:
        return Office.objects.filter(seats__user=self.user)

    def act(self, form: NameForm) -> Office:
        name = form.cleaned_data["name"]
        if name in REFUSALS:
            raise REFUSALS[name]
        office: Office = self.object
        if name == "Doppelt":
            seat = office.seats.get()
            SeatFactory(office=office, user=seat.user, side=seat.side)
        if name == "Schon da":
            OfficeFactory(slug=office.slug)
        office.name = f"{office.name} {name}"
        office.save()
        return office


class FoundOffice(ActionView[NameForm]):
    """An action without a thing to act on."""

    form_class = NameForm

    def act(self, form: NameForm) -> None:
        raise NotAllowed("Nur die Geschäftsstelle gründet Büros.", field=form.cleaned_data["remark"] or None)


urlpatterns = [
    path("", include("helfer.web.urls")),
    path("anmelden/", include("allauth.urls")),
    path("buero/<int:pk>/", RenameOffice.as_view(), name="office"),
    path("neues-buero/", FoundOffice.as_view(), name="found"),
]


@pytest.fixture
def office() -> Office:
    return SeatFactory().office


@pytest.fixture
def desk(client: Client, office: Office) -> Client:
    return sign_in(client, office.seats.get().user)


def post(client: Client, office: Office, name: str, **more: str) -> Any:
    return client.post(f"/buero/{office.pk}/", {"name": name, "remark": "bleibt stehen", **more})


class Unfinished(ActionView[NameForm]):
    """Nobody has said what it does."""

    form_class = NameForm


def test_a_page_that_lacks_a_piece_gets_no_address() -> None:
    with pytest.raises(TypeError, match="Unfinished has to write: act"):
        Unfinished.as_view()


def test_done_leads_on_with_303_and_a_word(desk: Client, office: Office) -> None:
    answer = desk.post(f"/buero/{office.pk}/", {"name": "neu"}, follow=True)
    assert answer.redirect_chain == [(f"/buero/{office.pk}/", 303)]
    assert "Das Büro heißt jetzt anders." in answer.content.decode()
    office.refresh_from_db()
    assert office.name.endswith(" neu")


def test_refusal_stands_at_its_field_and_keeps_what_was_typed(desk: Client, office: Office) -> None:
    answer = post(desk, office, "Regel am Feld")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["Dieser Name ist vergeben."]}
    page = answer.content.decode()
    assert 'value="bleibt stehen"' in page
    assert 'aria-describedby="id_name_error"' in page
    assert 'href="#id_name"' in page
    assert "<title>Fehler:" in page.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "status"),
    [("Regel ohne Feld", 422), ("Weg", 409), ("Zu spät", 409), ("Verboten", 403)],
)
def test_refusal_without_a_field_stands_at_the_top(
    desk: Client, office: Office, name: str, status: int
) -> None:
    answer = post(desk, office, name)
    assert answer.status_code == status
    assert answer.context["form"].non_field_errors() == [str(REFUSALS[name])]


def test_faulty_form_never_reaches_the_action(desk: Client, office: Office) -> None:
    answer = post(desk, office, "")
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]


def test_database_constraint_speaks_german(desk: Client, office: Office) -> None:
    answer = post(desk, office, "Doppelt")
    assert answer.status_code == 409
    assert "schon eine Stelle in diesem Tandem" in answer.content.decode()


def test_unique_column_speaks_german_too(desk: Client, office: Office) -> None:
    answer = post(desk, office, "Schon da")
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == ["Das ist schon eingetragen."]


def test_foreign_and_missing_look_the_same(desk: Client) -> None:
    foreign = OfficeFactory()
    answers = [desk.get(f"/buero/{foreign.pk}/"), desk.get("/buero/999999/"), post(desk, foreign, "neu")]
    assert {answer.status_code for answer in answers} == {404}
    assert "Diese Seite gibt es nicht" in answers[0].content.decode()


def test_wrong_kind_finds_nothing_and_guests_are_sent_to_sign_in(client: Client, office: Office) -> None:
    guest = client.get(f"/buero/{office.pk}/")
    assert guest.status_code == 302
    assert guest["Location"] == f"/anmelden/login/?next=/buero/{office.pk}/"
    sign_in(client, UserFactory(helper=True))
    assert client.get(f"/buero/{office.pk}/").status_code == 404


def test_not_allowed_without_a_visible_thing_is_as_if_it_were_not_there(client: Client) -> None:
    sign_in(client, UserFactory(helper=True))
    assert client.post("/neues-buero/", {"name": "x"}).status_code == 404
    at_its_field = client.post("/neues-buero/", {"name": "x", "remark": "name"})
    assert at_its_field.status_code == 403


def test_same_press_twice_acts_once(desk: Client, office: Office) -> None:
    key = {"form_key": "einmal"}
    answers = [post(desk, office, "neu", **key), post(desk, office, "neu", **key)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (303, f"/buero/{office.pk}/"),
        (303, f"/buero/{office.pk}/"),
    ]
    office.refresh_from_db()
    assert office.name.count("neu") == 1
    post(desk, office, "anders", **key)
    office.refresh_from_db()
    assert office.name.endswith("neu anders")


def test_refused_press_may_be_repeated(desk: Client, office: Office) -> None:
    for _ in range(2):
        assert post(desk, office, "Zu spät", form_key="einmal").status_code == 409


def test_hostile_input_is_refused_kindly(desk: Client, office: Office) -> None:
    assert post(desk, office, "null\x00zeichen").status_code == 422
    assert post(desk, office, "x" * 5000).status_code == 422
    assert desk.get("/buero/99999999999999999999/").status_code == 404
