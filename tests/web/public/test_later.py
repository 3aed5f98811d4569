"""To stop in the midst of a journey and go on later, by a mailed link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from helfer.help_requests.models import HelpRequest
from helfer.web.public import later
from helfer.web.public.answers import IDLE_SECONDS_ELSEWHERE, KEPT_DAYS
from tests.factories.catalogue import RoleFactory
from tests.web.public.test_ask import DONE, OWN, START, SUMMARY, send
from tests.web.public.walking import walk_through

LATER = f"{START}spaeter/"


@pytest.fixture(autouse=True)
def town(journey_town: None) -> None:
    RoleFactory(slug="begleitung", name="Begleitung zu Arzt und Amt")


def begun(client: Client, **begin: str) -> None:
    """Name and role are answered."""
    client.post(START, begin)
    for page, answers in OWN[:4]:
        client.post(f"{START}{page}/", answers)


def link_to(client: Client, email: str = "erna@example.org") -> str:
    """Where the mailed link leads."""
    asked = client.post(LATER, {"email": email})
    assert email in asked.content.decode()
    message = mail.outbox[-1]
    assert message.to == [email]
    assert "Müller" not in message.body
    found = re.search(rf"{settings.SITE_URL}(\S+)", message.body)
    assert found
    return found[1]


def test_one_goes_on_at_another_device_where_one_stopped(client: Client) -> None:
    begun(client)
    link = link_to(client)
    home = Client()
    # Opened only, as a mail program does, nothing is there yet.
    assert "Weitermachen" in home.get(link).content.decode()
    assert home.get(f"{START}name/", follow=True).request["PATH_INFO"] == START
    here = home.post(link, follow=True)
    assert here.request["PATH_INFO"] == f"{START}wo/"
    assert 'value="Müller"' in home.get(f"{START}name/").content.decode()


def test_nothing_stays_on_somebody_elses_computer(client: Client) -> None:
    begun(client, elsewhere="yes")
    link = link_to(client)
    client.post(START, {"go": "forget"})
    assert client.get(f"{START}name/", follow=True).request["PATH_INFO"] == START
    assert 'value="Müller"' in follow(Client(), link).content.decode()


def test_from_the_own_device_to_somebody_elses_a_copy_is_taken_along(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(client)
    link = link_to(client)
    kept: list[Any] = []
    monkeypatch.setattr(cache, "set", lambda key, value, seconds: kept.append((value.name, seconds)))
    library = Client()
    library.post(link, {"elsewhere": "yes"})
    monkeypatch.undo()
    assert [seconds for _name, seconds in kept] == [IDLE_SECONDS_ELSEWHERE]
    assert kept[0][0] != client.session["hilfe-suchen"]


def follow(client: Client, link: str) -> Any:
    client.post(link)
    return client.get(f"{START}name/")


def test_all_copies_together_are_sent_once(client: Client) -> None:
    walk_through(client, START, OWN, elsewhere="yes")
    link = link_to(client)
    assert send(client).request["PATH_INFO"] == DONE
    home = Client()
    assert home.post(link, follow=True).request["PATH_INFO"] == SUMMARY
    again = send(home)
    assert again.status_code == 409
    assert "an einem anderen Gerät schon abgeschickt" in again.content.decode()
    assert HelpRequest.objects.count() == 1


def test_a_link_that_ran_out_or_is_made_up_or_belongs_to_another_journey_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(client)
    link = link_to(client)
    for wrong in (link[:-3] + "x/", link.replace("hilfe-suchen", "mitmachen")):
        refused = client.get(wrong)
        assert refused.status_code == 410
        assert "Dieser Link gilt nicht mehr" in refused.content.decode()
        assert client.post(wrong).status_code == 410
    much_later = (timezone.now() + timedelta(days=KEPT_DAYS, minutes=1)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: much_later)
    assert client.get(link).status_code == 410


def test_a_wrong_address_keeps_what_was_typed_and_a_dead_mail_server_loses_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(client)
    wrong = client.post(LATER, {"email": "erna@"})
    assert wrong.status_code == 422
    assert 'value="erna@"' in wrong.content.decode()

    def down(*args: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(later.EmailMessage, "send", down)
    refused = client.post(LATER, {"email": "erna@example.org"})
    assert refused.status_code == 503
    assert "Ihre Antworten sind noch da" in refused.content.decode()
    assert 'value="Müller"' in client.get(f"{START}name/").content.decode()


def test_nobody_can_have_somebody_else_flooded_with_mail(client: Client) -> None:
    begun(client)
    for _turn in range(later.MOST_BY_MAIL_A_DAY):
        link_to(client)
    assert len(mail.outbox) == later.MOST_BY_MAIL_A_DAY
    # A stranger sees no difference to an address that had none today.
    stranger = Client(REMOTE_ADDR="192.0.2.9")
    begun(stranger)
    shown = [stranger.post(LATER, {"email": email}) for email in ("Erna@example.org", "Neue@example.org")]
    assert [message.to for message in mail.outbox[later.MOST_BY_MAIL_A_DAY :]] == [["Neue@example.org"]]
    first, second = (answer.content.decode().split("<main")[1] for answer in shown)
    assert first == second.replace("Neue@", "Erna@")


def test_one_network_address_has_so_many_links_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "MOST_BY_ADDRESS_AN_HOUR", 1)
    begun(client)
    link_to(client)
    refused = client.post(LATER, {"email": "otto@example.org"})
    assert refused.status_code == 429
    assert 'value="otto@example.org"' in refused.content.decode()
    assert len(mail.outbox) == 1


def test_without_answers_there_is_nothing_to_keep(client: Client) -> None:
    assert client.get(LATER, follow=True).request["PATH_INFO"] == START
    walk_through(client, START, OWN)
    send(client)
    assert client.get(LATER, follow=True).request["PATH_INFO"] == DONE
