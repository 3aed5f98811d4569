"""A neighbour of 60 registers on her phone, stops, and goes on at home; without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from helfer.helpers.models import HelperProfile
from tests.e2e.walking import Walk
from tests.factories.catalogue import (
    CompensationModelFactory,
    CompensationRateFactory,
    RoleFactory,
    TrainingFactory,
)
from tests.journey_town import journey_town

pytestmark = pytest.mark.e2e


@pytest.fixture
def town(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with journey_town(monkeypatch):
        for slug, name in (
            ("besuch", "Besuch"),
            ("begleitung", "Begleitung zu Arzt und Amt"),
            ("einkauf", "Einkauf"),
        ):
            RoleFactory(
                slug=slug,
                name=name,
                does="Zeit haben und zuhören\nGemeinsam hingehen",
                does_not="Pflegen\nGeld verwalten",
            )
        CompensationModelFactory(description="Sie helfen ohne Geld.")
        CompensationRateFactory(
            model=CompensationModelFactory(
                slug="ehrenamtspauschale", name="Ehrenamtspauschale", description="Ein steuerfreies Danke."
            )
        )
        TrainingFactory(slug="erste-hilfe", name="Erste Hilfe")
        yield


def test_a_neighbour_registers_and_goes_on_at_home(
    town: None, new_page: Any, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    def walk_on(page: Page) -> Walk:
        return Walk(page, new_page(), axe_everywhere, look_everywhere, "mitmachen")

    page: Page = new_page(java_script_enabled=False)
    walk = walk_on(page)
    page.goto("/mitmachen/blatt/")
    walk.see("bogen")
    walk.see_printed("bogen-gedruckt")
    page.goto("/mitmachen/")
    walk.see("anfang")
    page.get_by_role("button", name="Anfangen").click()
    walk.asked("Wie heißen Sie?")
    page.get_by_label("Vorname").fill("Jasna")
    page.get_by_label("Nachname").fill("Kovać")
    walk.go_on()
    walk.asked("Wie erreichen wir Sie?", "Bitte rufen Sie mich an.")
    walk.see("kontakt")
    walk.go_on()
    expect(page.get_by_role("link", name="Bitte schreiben Sie Ihre Telefonnummer.")).to_be_visible()
    page.get_by_label("Telefon oder Handy").fill("0231 5550102")
    walk.go_on()
    walk.asked("Wo wohnen Sie?")
    page.get_by_label("Straße").fill("Lindenhof")
    page.get_by_label("Hausnummer").fill("3")
    walk.go_on()
    walk.say("Ein wenig über Sie", "weiblich")
    walk.asked("Wobei möchten Sie helfen?", "Besuch", "Einkauf")
    page.get_by_text("Was heißt das? Besuch").click()
    expect(page.locator("details[open]").get_by_text("Zeit haben und zuhören")).to_be_visible()
    walk.see("wobei")
    walk.go_on()

    page.get_by_role("link", name="Später weitermachen").click()
    walk.see("spaeter")
    page.get_by_label("Ihre E-Mail-Adresse").fill("jasna@example.org")
    page.get_by_role("button", name="Link schicken").click()
    expect(page.get_by_role("heading", name="Der Link ist unterwegs")).to_be_visible()
    look_everywhere(page, "mitmachen-link-unterwegs")
    link = re.search(r"https?://\S+", mail.outbox[-1].body)
    assert link
    page = new_page(java_script_enabled=False)
    walk = walk_on(page)
    page.goto(urlsplit(link[0]).path)
    walk.see("weitermachen")
    page.get_by_role("button", name="Weitermachen").click()

    walk.asked("Wann hätten Sie Zeit?", "Montagvormittag", "Dienstagnachmittag")
    walk.see("wann")
    walk.go_on()
    walk.say("Wie weit möchten Sie gehen oder fahren?", "etwa 20 Minuten zu Fuß (1 km)")
    walk.say("Welche Sprachen sprechen Sie?")
    walk.say("Wie viel ist Ihnen recht?", "zwei Menschen")
    walk.asked("Soll es Geld dafür geben?")
    walk.see("geld")
    walk.go_on()
    walk.say("Haben Sie schon etwas davon?", "Erste Hilfe")
    walk.asked("Haben Sie die Nachweise gerade da?")
    walk.see("nachweise")
    walk.go_on()
    walk.asked("Dürfen andere lesen, dass es Ihr Angebot gibt?", "Ja")
    walk.see("karte")
    walk.go_on()
    walk.say("Möchten Sie uns noch etwas sagen?")
    walk.say("Möchten Sie eine Bestätigung?", "Ja, als Brief.")
    walk.asked("Stimmt alles?")
    walk.see("uebersicht")
    page.get_by_role("button", name="Anmeldung abschicken").click()
    walk.asked("Danke, dass Sie helfen möchten")
    walk.see("fertig")
    helper = HelperProfile.objects.get()
    expect(page.get_by_text(helper.number)).to_be_visible()
    assert helper.person.full_name == "Jasna Kovać"
