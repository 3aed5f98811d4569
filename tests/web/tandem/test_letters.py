"""Letters are printed in batches, again if need be; what did not arrive is sent again or settled."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from helfer.matching.lifecycle import MatchState
from helfer.notifications.models import Message, MessageState, PrintBatch
from helfer.people.models import Office
from tests.factories.matching import MatchFactory
from tests.factories.notifications import MessageFactory
from tests.factories.people import OfficeFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db

PAGE = "/buero/briefe/"


def letter(office: Office, **traits: Any) -> Message:
    """A letter that still has something to say."""
    match = MatchFactory(to=MatchState.PROPOSED, request__help_seeker__office=office)
    traits = traits or {"to_print": True}
    return MessageFactory(
        kind="match_proposed", subject_id=match.pk, recipient=match.helper.person, office=office, **traits
    )


def test_what_waits_is_printed_and_can_be_fetched_again(here: Client, office: Office) -> None:
    waiting = letter(office)
    html = here.get(PAGE).content.decode()
    assert "ein Brief wartet" in html
    assert waiting.recipient.full_name in html
    assert here.post(f"{PAGE}{office.pk}/drucken/").status_code == 303
    waiting.refresh_from_db()
    assert waiting.state == MessageState.PRINTED
    batch = PrintBatch.objects.get()
    assert f"{PAGE}stapel/{batch.pk}/" in here.get(PAGE).content.decode()
    for _time in range(2):
        file = here.get(f"{PAGE}stapel/{batch.pk}/")
        assert file["Content-Type"] == "application/pdf"
        assert file.content.startswith(b"%PDF")
        assert file["Cache-Control"] == "no-store"


def test_nothing_to_print_is_said(here: Client, office: Office) -> None:
    assert "Es wartet kein Brief" in here.get(PAGE).content.decode()
    refused = here.post(f"{PAGE}{office.pk}/drucken/")
    assert refused.status_code == 409
    assert "Es warten keine Briefe" in refused.content.decode()


def test_a_failed_message_is_sent_again_or_settled(here: Client, office: Office) -> None:
    first, second = letter(office, failed=True), letter(office, failed=True)
    html = here.get(PAGE).content.decode()
    assert "Bitte rufen Sie an." in html
    assert here.post(f"/buero/nachrichten/{first.pk}/erneut-senden/").status_code == 303
    assert here.post(f"/buero/nachrichten/{second.pk}/erledigt/").status_code == 303
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (MessageState.WAITING, MessageState.CANCELLED)
    again = here.post(f"/buero/nachrichten/{second.pk}/erledigt/")
    assert again.status_code == 409


def test_foreign_and_missing_look_the_same(here: Client) -> None:
    foreign = OfficeFactory()
    message = letter(foreign, failed=True)
    to_print = letter(foreign)
    batch = PrintBatch.objects.create(
        office=foreign, printed_by=UserFactory(tandem=True), printed_at=message.created_at
    )
    html = here.get(PAGE).content.decode()
    assert message.recipient.full_name not in html
    assert to_print.recipient.full_name not in html
    for pk in (batch.pk, 999_999):
        assert here.get(f"{PAGE}stapel/{pk}/").status_code == 404
    for pk in (foreign.pk, 999_999):
        assert here.post(f"{PAGE}{pk}/drucken/").status_code == 404
    for pk in (message.pk, 999_999):
        for step in ("erneut-senden", "erledigt"):
            assert here.post(f"/buero/nachrichten/{pk}/{step}/").status_code == 404
    message.refresh_from_db()
    assert message.state == MessageState.FAILED


@pytest.mark.parametrize("kind", ["helper", "coordinator", "training", "editor"])
def test_only_tandems_find_the_page(db: None, kind: str) -> None:
    assert sign_in(Client(), UserFactory(**{kind: True})).get(PAGE).status_code == 404


def test_batches_cost_no_query_each(
    here: Client, office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = UserFactory(tandem=True)
    for _number in range(12):
        PrintBatch.objects.create(office=office, printed_by=user, printed_at=user.date_joined)
    with django_assert_max_num_queries(20):
        here.get(PAGE)
