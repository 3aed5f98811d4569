"""Hilfe suchen: one question to a page, from the first to the number at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from helfer.help_requests.models import HelpRequest, RequestState
from helfer.notifications.models import Message
from helfer.people.models import Consent, Office, Person
from helfer.web.public import ask, journeys, limits
from helfer.web.public.answers import IDLE_SECONDS_ELSEWHERE
from tests.factories.catalogue import RoleFactory
from tests.factories.people import HelpSeekerFactory, SeatFactory, sign_in
from tests.web.public.walking import Pages, walk_through

pytestmark = pytest.mark.django_db

START = "/hilfe-suchen/"
SUMMARY, DONE = f"{START}uebersicht/", f"{START}fertig/"
PHONE = "0231 5550101"
# Page by page, what somebody says who asks for themselves.
OWN: Pages = [
    ("fuer-wen", {"who": "self"}),
    ("hilfe", {"situation": "begleitung"}),
    ("jemand", {"has_somebody": "no"}),
    ("name", {"given_name": "Erna", "family_name": "Müller"}),
    ("wo", {"street": "Lindenhof", "house_number": "3", "postcode": "", "town": ""}),
    ("wann", {"times": ["mo-vm", "di-nm"]}),
    ("wie-oft", {"frequency": "einmalig"}),
    ("seit-wann", {"since": "weeks"}),
    ("sprachen", {"languages": ["de", "tr"], "another": ""}),
    ("wuensche", {"wanted_gender": "w", "wishes": "Bitte klingeln."}),
    ("gesundheitsangaben", {"answer": "yes"}),
    ("pflegegrad", {"care_level": "2"}),
    ("telefon", {"phone": PHONE}),
    ("anruf", {"best_time": "vm"}),
    ("bestaetigung", {"how": "no", "email": ""}),
    ("weitergabe", {"answer": "yes"}),
    ("aushang", {"answer": "no"}),
]
ANOTHER: Pages = [
    ("fuer-wen", {"who": "other"}),
    ("verhaeltnis", {"relation": "child"}),
    ("weiss-davon", {"knows": "no"}),
    ("hilfe", {"situation": "unsure"}),
    ("jemand", {"has_somebody": "yes"}),
    ("wer-hilft", {"name": "Frau Nachbarin", "phone": ""}),
    ("wer-braucht-hilfe", {"given_name": "", "family_name": "Alt", "phone": ""}),
    ("wo", {"street": "", "house_number": "", "postcode": "99999", "town": ""}),
    ("wann", {}),
    ("wie-oft", {"frequency": "unsure"}),
    ("seit-wann", {"since": "long"}),
    ("sprachen", {"languages": [], "another": "Kurmandschi"}),
    ("wuensche", {"wanted_gender": "unsure", "wishes": ""}),
    ("wer-sind-sie", {"given_name": "Ute", "family_name": "Weit"}),
    ("telefon", {"phone": PHONE}),
    ("anruf", {"best_time": "any"}),
    ("bestaetigung", {"how": "email", "email": "ute@example.org"}),
]


@pytest.fixture(autouse=True)
def town(journey_town: None) -> None:
    RoleFactory(slug="begleitung", name="Begleitung zu Arzt und Amt")
    visits = RoleFactory(slug="besuch", name="Besuchsdienst")
    RoleFactory(slug="parkinson", name="Parkinsonbegleitung", shown_publicly_as=visits)


def walk(client: Client, said: Pages, **start: str) -> None:
    walk_through(client, START, said, **start)


def send(client: Client, **more: str) -> Any:
    return client.post(SUMMARY, more, follow=True)


def test_somebody_asks_for_themselves_and_gets_a_number(client: Client) -> None:
    walk(client, OWN)
    summary = client.get(SUMMARY).content.decode()
    for words in (
        "Erna Müller",
        "Lindenhof 3",
        "Montagvormittag",
        "Pflegegrad 2",
        "Deutsch",
    ):
        assert words in summary
    done = send(client)
    request = HelpRequest.objects.get()
    text = done.content.decode()
    assert done.request["PATH_INFO"] == DONE
    assert (request.state, request.office.name) == (RequestState.SUBMITTED, "Seniorenbüro Hafen")
    assert request.role is not None
    assert (request.role.slug, request.times, request.languages) == (
        "begleitung",
        ["mo-vm", "di-nm"],
        ["de", "tr"],
    )
    assert (request.wanted_gender, request.help_seeker.care_level) == ("w", "2")
    assert request.help_seeker.person.phone.as_e164 == "+492315550101"
    assert "Am besten anrufen: Am Vormittag" in request.remark
    assert "Bitte klingeln." in request.remark
    assert Consent.objects.count() == 2
    assert request.number in text
    assert "Seniorenbüro Hafen" in text
    assert "Lindenhof" not in text
    # Sent twice, it is there once.
    send(client)
    assert HelpRequest.objects.count() == 1
    # Done means gone.
    client.post(START, {"go": "forget"})
    assert client.get(DONE, follow=True).request["PATH_INFO"] == START


def test_somebody_asks_for_another_person_and_brings_a_helper_along(client: Client) -> None:
    walk(client, ANOTHER)
    assert "die Geschäftsstelle" in send(client).content.decode()
    request = HelpRequest.objects.get()
    assert (request.office, request.role) == (None, None)
    assert request.help_seeker.person.family_name == "Alt"
    speaker = request.help_seeker.representatives.get()
    assert (speaker.person.full_name, speaker.relation) == ("Ute Weit", "Tochter oder Sohn")
    for words in ("Nein, noch nicht", "Frau Nachbarin", "Wie oft: noch unklar", "Kurmandschi"):
        assert words in request.remark
    assert not Consent.objects.exists()


def test_back_and_forth_keeps_what_was_typed_right_or_wrong(client: Client) -> None:
    client.post(START)
    client.post(f"{START}fuer-wen/", {"who": "self"})
    client.post(f"{START}hilfe/", {"situation": "begleitung"})
    client.post(f"{START}jemand/", {"has_somebody": "yes"})
    back = client.post(f"{START}wer-hilft/", {"name": "", "phone": "07 halb", "go": "back"}, follow=True)
    assert back.request["PATH_INFO"] == f"{START}jemand/"
    assert back.context["form"]["has_somebody"].initial == "yes"
    again = client.post(f"{START}jemand/", {"has_somebody": "yes"}, follow=True)
    assert 'value="07 halb"' in again.content.decode()
    wrong = client.post(f"{START}wer-hilft/", {"name": "Anna", "phone": "07 halb"})
    assert wrong.status_code == 422
    assert 'value="Anna"' in client.get(f"{START}wer-hilft/").content.decode()
    # Nobody gets ahead of the questions, and what is not asked any more is not asked.
    assert client.get(SUMMARY, follow=True).request["PATH_INFO"] == f"{START}wer-hilft/"
    assert client.get(f"{START}verhaeltnis/", follow=True).request["PATH_INFO"] == f"{START}wer-hilft/"


def test_from_the_summary_one_answer_is_changed_and_the_rest_stays(client: Client) -> None:
    walk(client, OWN)
    shown = client.post(f"{START}wo/", dict(OWN[4][1], house_number="33"))
    # A house that is not there is offered for confirmation, not taken.
    assert "Welche Adresse ist gemeint?" in shown.content.decode()
    kept = client.post(f"{START}wo/", dict(OWN[4][1], house_number="", address_choice="typed"), follow=True)
    assert kept.request["PATH_INFO"] == SUMMARY
    # A no to keeping takes the question about the care level away, and its answer.
    client.post(f"{START}gesundheitsangaben/", {"answer": "no"})
    assert "Pflegegrad 2" not in client.get(SUMMARY).content.decode()
    send(client)
    assert HelpRequest.objects.get().help_seeker.care_level == "none"


def test_no_illness_is_asked_for(client: Client) -> None:
    client.post(START)
    page = client.post(f"{START}fuer-wen/", {"who": "self"}, follow=True).content.decode()
    assert "Ich komme nicht mehr allein zum Arzt" in page
    assert "hätte gern Besuch" in page
    assert "parkinson" not in page.lower()


def test_nothing_typed_is_in_an_address_or_kept_by_browser_or_database(client: Client) -> None:
    walk(client, OWN)
    page = client.get(f"{START}name/")
    assert "no-store" in page["Cache-Control"]
    assert "Müller" not in str(dict(client.session))
    assert not Person.objects.exists()


def test_on_a_foreign_computer_everything_goes_after_a_quarter_of_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[float] = []
    monkeypatch.setattr(
        "helfer.web.public.answers.cache.set", lambda key, value, seconds: kept.append(seconds), raising=True
    )
    client.post(START, {"elsewhere": "yes"})
    assert kept == [IDLE_SECONDS_ELSEWHERE]
    # What has run out begins anew, says so, and shows nothing.
    assert client.get(f"{START}name/", follow=True).request["PATH_INFO"] == START
    again = client.post(f"{START}name/", {"family_name": "Müller"}, follow=True).content.decode()
    assert "Bitte fangen Sie neu an" in again
    assert "Müller" not in again


def test_programs_are_not_let_through(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(client, OWN)
    assert send(client, **{limits.TRAP: "https://spam.example"}).status_code == 422
    monkeypatch.setattr(journeys, "QUICKEST_SECONDS", 20)
    hasty = send(client)
    assert hasty.status_code == 422
    assert "Das ging schneller" in hasty.content.decode()
    assert not HelpRequest.objects.exists()
    # Who takes the time is let through with the same answers.
    later = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr(journeys.timezone, "now", lambda: later)
    assert send(client).request["PATH_INFO"] == DONE


def test_one_network_address_asks_so_often_an_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journeys, "MOST_BY_ADDRESS_AN_HOUR", 1)
    walk(client, OWN)
    name = client.session[ask.JOURNEY.key]
    typed = cache.get(f"answers:{name}")
    assert send(client).request["PATH_INFO"] == DONE
    # Somebody types all of it again.
    cache.delete(f"answers-sent:{name}")
    typed.keep()
    refused = send(client)
    assert refused.status_code == 429
    assert "Bitte rufen" in refused.content.decode()
    # What was typed is still there.
    assert "Lindenhof" in refused.content.decode()
    assert HelpRequest.objects.count() == 1


def test_nobody_is_refused_nor_told_apart_because_of_what_others_sent_and_nobody_is_flooded(
    client: Client,
) -> None:
    said = [
        (page, {"how": "email", "email": "Erna@example.org"}) if page == "bestaetigung" else (page, answers)
        for page, answers in OWN
    ]
    seen = set()
    for turn in range(journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY + 2):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{turn}")
        walk(visitor, said)
        done = send(visitor)
        assert done.request["PATH_INFO"] == DONE
        text = done.content.decode()
        for own in done.context["sent"].values():
            text = text.replace(own, "")
        seen.add(text.split("<main")[1].split("</main")[0].partition("csrf")[0])
    assert len(seen) == 1
    assert HelpRequest.objects.count() == journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY + 2
    assert Message.objects.count() == journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY
    # Neither another number nor another way of writing the address brings more.
    again = Client(REMOTE_ADDR="192.0.2.77")
    walk(
        again,
        [
            (
                page,
                {"phone": "0231 5550188"}
                if page == "telefon"
                else {"how": "email", "email": "erna@EXAMPLE.org"}
                if page == "bestaetigung"
                else answers,
            )
            for page, answers in OWN
        ],
    )
    send(again)
    assert Message.objects.count() == journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY


def test_only_the_desk_is_told_whom_it_may_know_already(client: Client) -> None:
    staff = SeatFactory(office=Office.objects.get()).user
    known = HelpSeekerFactory(
        office=Office.objects.get(), person__family_name="Müller", person__given_name="Erna"
    ).person
    HelpSeekerFactory(office=Office.objects.get(), person__family_name="Müller", person__given_name="Otto")
    walk(client, OWN)
    assert "vielleicht schon" not in send(client).content.decode()
    request = HelpRequest.objects.get()
    shown = sign_in(Client(), staff).get(f"/buero/anfragen/{request.pk}/")
    assert shown.context["maybe_known"] == [known]
    assert "Diese Person kennt das Büro vielleicht schon." in shown.content.decode()
