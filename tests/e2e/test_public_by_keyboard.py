"""The public journeys by keyboard alone, without scripts, at four times the size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.actions import publish_offers
from helfer.people.models import Complaint
from tests.e2e import keyboard
from tests.factories.catalogue import CompensationModelFactory, RoleFactory
from tests.journey_town import journey_town
from tests.matching.public_town import TODAY, listed

pytestmark = pytest.mark.e2e


@pytest.fixture
def town(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with journey_town(monkeypatch):
        visits = RoleFactory(slug="besuch", name="Besuch")
        CompensationModelFactory(slug="ehrenamt", name="Ehrenamt ohne Geld")
        for _nth in range(3):
            listed(visits)
        publish_offers(on=TODAY)
        yield


@pytest.fixture
def page(new_page: Any) -> Page:
    """What is left of 1280 by 1024 pixels at 400 %."""
    window: Page = new_page(width=320, height=256, java_script_enabled=False)
    return window


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def go_on(page: Page, button: str = "Weiter") -> None:
    keyboard.press(page, button)
    fits(page)


def say(page: Page, question: str, *answers: str) -> None:
    expect(page.get_by_role("heading", name=question, exact=True)).to_be_visible()
    for answer in answers:
        keyboard.check(page, answer)
    go_on(page)


def test_asking_for_help(town: None, page: Page) -> None:
    page.goto("/hilfe-suchen/")
    go_on(page, "Anfangen")
    say(page, "Für wen suchen Sie Hilfe?", "Für mich selbst")
    say(page, "Wobei brauchen Sie Hilfe?", "Ich weiß es nicht genau.")
    say(page, "Gibt es schon jemanden, der helfen soll?", "Nein, bitte suchen Sie jemanden.")
    # Nothing written: what is missing is said.
    say(page, "Wie heißen Sie?")
    expect(page.get_by_text("Bitte schreiben Sie Ihren Nachnamen.").first).to_be_visible()
    keyboard.write(page, "Nachname", "Müller")
    go_on(page)
    keyboard.write(page, "Postleitzahl", "44137")
    go_on(page)
    say(page, "Wann soll jemand kommen?", "Montagvormittag")
    say(page, "Wie oft soll jemand kommen?", "jede Woche")
    say(page, "Seit wann wird die Hilfe gebraucht?", "Schon lange")
    say(page, "Welche Sprachen werden gesprochen?")
    say(page, "Haben Sie Wünsche?", "Das ist mir gleich.")
    say(page, "Dürfen wir Angaben zu Ihrer Pflege aufbewahren?", "Nein")
    keyboard.write(page, "Telefon oder Handy", "0231 5550101")
    go_on(page)
    say(page, "Wann rufen wir Sie am besten an?", "Immer")
    say(page, "Möchten Sie eine Bestätigung?", "Nein, der Anruf genügt.")
    say(page, "Dürfen wir der Helferin oder dem Helfer das Nötige sagen?", "Nein")
    say(page, "Darf Ihre Anfrage ohne Namen auf unserer Seite stehen?", "Nein")
    go_on(page, "Anfrage abschicken")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Anfrage ist angekommen")
    assert HelpRequest.objects.get().times == ["mo-vm"]


def test_registering(town: None, page: Page) -> None:
    before = set(HelperProfile.objects.values_list("pk", flat=True))
    page.goto("/mitmachen/")
    go_on(page, "Anfangen")
    keyboard.write(page, "Vorname", "Jasna")
    keyboard.write(page, "Nachname", "Kovać")
    go_on(page)
    keyboard.check(page, "Bitte rufen Sie mich an.")
    keyboard.write(page, "Telefon oder Handy", "0231 5550102")
    go_on(page)
    keyboard.write(page, "Straße", "Lindenhof")
    keyboard.write(page, "Hausnummer", "3")
    go_on(page)
    say(page, "Ein wenig über Sie", "weiblich")
    say(page, "Wobei möchten Sie helfen?", "Besuch")
    say(page, "Wann hätten Sie Zeit?", "Dienstagnachmittag")
    say(page, "Wie weit möchten Sie gehen oder fahren?", "etwa 20 Minuten zu Fuß (1 km)")
    say(page, "Welche Sprachen sprechen Sie?")
    say(page, "Wie viel ist Ihnen recht?", "zwei Menschen")
    say(page, "Soll es Geld dafür geben?")
    for _question in range(6):
        if page.get_by_role("button", name="Anmeldung abschicken").count():
            break
        if page.get_by_label("Nein, das ist nicht nötig.").count():
            keyboard.check(page, "Nein, das ist nicht nötig.")
        elif page.get_by_role("radio", name="Nein", exact=True).count():
            keyboard.check(page, "Nein")
        go_on(page)
    go_on(page, "Anmeldung abschicken")
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, dass Sie helfen möchten")
    helper = HelperProfile.objects.exclude(pk__in=before).get()
    assert helper.person.full_name == "Jasna Kovać"
    assert helper.times == ["di-nm"]


def test_finding_an_offer_and_asking_for_it(town: None, page: Page) -> None:
    page.goto("/angebote/")
    fits(page)
    keyboard.write(page, "Postleitzahl, Straße oder Quartier", "Quartier 0")
    go_on(page, "Ort suchen")
    keyboard.follow(page, "Quartier 0, Bezirk 0")
    fits(page)
    keyboard.follow(page, re.compile("^Diese Hilfe anfragen"))
    fits(page)
    keyboard.follow(page, "Diese Hilfe anfragen")
    expect(page.get_by_text("Sie fragen nach: Besuch")).to_be_visible()
    go_on(page, "Anfangen")


def test_looking_how_it_stands_and_saying_that_something_is_wrong(town: None, page: Page) -> None:
    page.goto("/hilfe-suchen/")
    keyboard.follow(page, "Sehen Sie nach, wie es steht.")
    keyboard.write(page, "Ihr Code", "AAAA-BBBB")
    keyboard.write(page, "Ihre Telefonnummer", "0231 5550101")
    go_on(page, "Nachsehen")
    expect(page.get_by_text("Code und Telefonnummer passen nicht zusammen, oder").first).to_be_visible()
    keyboard.follow(page, "Etwas stimmt nicht?")
    keyboard.write(page, "Was stimmt nicht?", "Niemand hat angerufen.")
    go_on(page, "Abschicken")
    expect(page.get_by_text("Die Geschäftsstelle liest Ihre Nachricht")).to_be_visible()
    assert Complaint.objects.get().text == "Niemand hat angerufen."
