"""Somebody of 82 asks for help on a library's computer; without an account, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from helfer.help_requests.models import HelpRequest
from helfer.places.models import Address, Municipality
from helfer.places.normalise import street_key
from helfer.web.public import journeys
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory
from tests.matching.public_town import build_town, home_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def town(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    OfficeFactory(name="Seniorenbüro Hafen", phone="+4923112345", districts=[build_town()[0].district])
    for slug in ("begleitung", "einkauf", "besuch", "haushalt"):
        RoleFactory(slug=slug, name=slug.title())
    Address.objects.create(
        municipality=Municipality.objects.default(),
        street="Lindenhof",
        street_norm=street_key("Lindenhof"),
        house_number="3",
        postcode="44137",
        town="Dortmund",
        point=home_in(0),
    )
    monkeypatch.setattr(journeys, "QUICKEST_SECONDS", 0)


def test_a_resident_asks_for_help_and_looks_how_it_stands(
    town: None, new_page: Any, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page: Page = new_page(java_script_enabled=False)
    seen: Page = new_page()

    def see(name: str) -> None:
        """The same page with scripts, at both widths."""
        seen.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        seen.goto(page.url)
        axe_everywhere(seen)
        look_everywhere(seen, f"hilfe-suchen-{name}")

    def say(question: str, *choices: str) -> None:
        expect(page.get_by_role("heading", name=question)).to_be_visible()
        expect(page.get_by_role("link", name="0231 12345").first).to_be_visible()
        for choice in choices:
            page.get_by_label(choice, exact=True).check()

    def go_on() -> None:
        page.get_by_role("button", name="Weiter", exact=True).click()

    page.goto("/hilfe-suchen/")
    see("anfang")
    page.get_by_label("Dieses Gerät gehört mir nicht").check()
    page.get_by_role("button", name="Anfangen").click()
    say("Für wen suchen Sie Hilfe?", "Für mich selbst")
    go_on()
    say("Wobei brauchen Sie Hilfe?", "Ich komme nicht mehr allein zum Arzt oder zum Amt.")
    see("wobei")
    go_on()
    say("Gibt es schon jemanden, der helfen soll?", "Nein, bitte suchen Sie jemanden.")
    go_on()
    say("Wie heißen Sie?")
    page.get_by_label("Nachname").fill("Müller")
    page.get_by_role("button", name="Zurück").click()
    go_on()
    expect(page.get_by_label("Nachname")).to_have_value("Müller")
    go_on()
    say("Wo wird die Hilfe gebraucht?")
    page.get_by_label("Straße").fill("Lindenhoff")
    page.get_by_label("Hausnummer").fill("3")
    go_on()
    look_everywhere(page, "hilfe-suchen-wo-fehler")
    page.get_by_label("Lindenhof 3", exact=False).check()
    go_on()
    say("Wann soll jemand kommen?", "Montagvormittag")
    see("wann")
    go_on()
    say("Wie oft soll jemand kommen?", "jede Woche")
    go_on()
    say("Seit wann wird die Hilfe gebraucht?", "Schon lange")
    go_on()
    say("Welche Sprachen werden gesprochen?")
    see("sprachen")
    go_on()
    say("Haben Sie Wünsche?", "Das ist mir gleich.")
    see("wuensche")
    go_on()
    say("Dürfen wir Angaben zu Ihrer Pflege aufbewahren?", "Ja")
    go_on()
    say("Haben Sie einen Pflegegrad?", "Ja, aber ich weiß nicht welchen.")
    see("pflegegrad")
    go_on()
    say("Unter welcher Nummer rufen wir Sie an?")
    page.get_by_label("Telefon oder Handy").fill("0231 5550101")
    go_on()
    say("Wann rufen wir Sie am besten an?", "Am Vormittag")
    go_on()
    say("Möchten Sie eine Bestätigung?", "Ja, als Brief.")
    see("bestaetigung")
    go_on()
    say("Dürfen wir der Helferin oder dem Helfer das Nötige sagen?", "Ja")
    go_on()
    say("Darf Ihre Anfrage ohne Namen auf unserer Seite stehen?", "Nein")
    go_on()
    say("Stimmt alles?")
    see("uebersicht")
    page.get_by_role("button", name="Anfrage abschicken").click()
    say("Ihre Anfrage ist angekommen")
    see("fertig")
    seen.emulate_media(media="print")
    look_everywhere(seen, "hilfe-suchen-blatt")
    seen.emulate_media(media="screen")
    request = HelpRequest.objects.get()
    expect(page.get_by_text(request.number)).to_be_visible()
    code = page.locator("dd strong").nth(1).inner_text()
    page.get_by_role("button", name="Fertig, hier alles löschen").click()
    page.get_by_role("link", name="Sehen Sie nach, wie es steht.").click()
    see("stand")
    page.get_by_label("Ihr Code").fill(code.lower())
    page.get_by_label("Ihre Telefonnummer").fill("0231 5550101")
    page.get_by_role("button", name="Nachsehen").click()
    expect(page.get_by_text("Ihre Anfrage ist angekommen. Wir rufen Sie an.")).to_be_visible()
    look_everywhere(page, "hilfe-suchen-stand-antwort")
