"""Somebody of 82 asks for help on a library's computer; without an account, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helfer.help_requests.models import HelpRequest, RequestState
from tests.e2e.walking import Walk
from tests.factories.catalogue import RoleFactory
from tests.journey_town import journey_town

pytestmark = pytest.mark.e2e


@pytest.fixture
def town(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with journey_town(monkeypatch):
        for slug in ("begleitung", "einkauf", "besuch", "haushalt"):
            RoleFactory(slug=slug, name=slug.title())
        yield


def test_a_resident_asks_for_help_and_looks_how_it_stands(
    town: None, new_page: Any, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page: Page = new_page(java_script_enabled=False)
    walk = Walk(page, new_page(), axe_everywhere, look_everywhere, "hilfe-suchen")
    see, say, go_on = walk.see, walk.asked, walk.go_on

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
    walk.see_printed("blatt")
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


def test_a_daughter_far_away_asks_for_her_mother(
    town: None, new_page: Any, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page: Page = new_page(width=320, java_script_enabled=False)
    walk = Walk(page, new_page(), axe_everywhere, look_everywhere, "fuer-die-mutter")
    page.goto("/hilfe-suchen/")
    page.get_by_role("button", name="Anfangen").click()
    walk.say("Für wen suchen Sie Hilfe?", "Für jemand anderen")
    walk.asked("Wer sind Sie für diese Person?", "Tochter oder Sohn")
    walk.go_on()
    walk.asked("Weiß die Person, dass Sie für sie fragen?", "Nein, noch nicht.")
    walk.see("weiss-davon")
    walk.go_on()
    walk.say("Wobei brauchen Sie Hilfe?", "Ich weiß es nicht genau.")
    walk.say("Gibt es schon jemanden, der helfen soll?", "Nein, bitte suchen Sie jemanden.")
    walk.asked("Wer braucht Hilfe?")
    page.get_by_label("Nachname").fill("Alt")
    walk.go_on()
    page.get_by_label("Postleitzahl").fill("44137")
    walk.go_on()
    walk.say("Wann soll jemand kommen?")
    walk.say("Wie oft soll jemand kommen?", "Ich weiß es nicht genau.")
    walk.say("Seit wann wird die Hilfe gebraucht?", "Schon lange")
    walk.say("Welche Sprachen werden gesprochen?")
    walk.say("Haben Sie Wünsche?", "Das ist mir gleich.")
    # Of her mother's health and consents she is asked nothing.
    walk.asked("Und wie heißen Sie selbst?")
    page.get_by_label("Nachname").fill("Weit")
    walk.go_on()
    page.get_by_label("Telefon oder Handy").fill("0231 5550101")
    walk.go_on()
    walk.say("Wann rufen wir Sie am besten an?", "Immer")
    walk.asked("Möchten Sie eine Bestätigung?", "Ja, per E-Mail.")
    page.get_by_label("E-Mail-Adresse", exact=False).fill("ute@example.org")
    walk.go_on()
    walk.asked("Stimmt alles?")
    walk.see("uebersicht")
    page.get_by_role("button", name="Anfrage abschicken").click()
    walk.asked("Ihre Anfrage ist angekommen")
    walk.see("fertig")
    asked = HelpRequest.objects.get()
    assert asked.help_seeker.person.family_name == "Alt"
    assert asked.state == RequestState.SUBMITTED
    assert not asked.help_seeker.person.consents.exists()
