"""From the call to a supervised match and its end: two members of a tandem, two browsers, keyboard only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helfer.catalogue.kinds import FirstContact
from helfer.help_requests.models import HelpRequest
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.notifications.models import Message
from tests.e2e.keyboard import choose, follow, pick, press, write
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, tandem
from tests.factories.places import house, point_in

pytestmark = pytest.mark.e2e


def test_the_whole_way_by_two_people_with_the_keyboard(
    transactional_db: None, new_page: Any, axe_everywhere: Callable[[Page], None], look: Callable[..., Any]
) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte")
    city, association = tandem(office)
    training = TrainingFactory(name="Einführung")
    role = RoleFactory(
        name="Besuchsdienst", required_trainings=[training], first_contact=FirstContact.ACCOMPANIED
    )
    CompensationModelFactory()
    house("Musterweg", "12")
    HelperProfileFactory(
        active=True,
        office=office,
        roles=[role],
        certified=True,
        max_people=2,
        person__given_name="Ayşe",
        person__family_name="Demir",
        person__home=point_in(0.5, 0.504),
    )
    HelperProfileFactory(
        active=True,
        office=office,
        roles=[role],
        person__given_name="Jürgen",
        person__family_name="Weiß",
        person__home=point_in(0.5, 0.507),
    )
    one, two = new_page(city), new_page(association)

    # The call.
    one.goto("/buero/")
    axe_everywhere(one)
    look(one, "weg-01-schreibtisch")
    follow(one, "Neue Anfrage aufnehmen")
    axe_everywhere(one)
    write(one, "Nachname", "Kovačević")
    write(one, "Vorname", "Milica")
    write(one, "Telefon", "0221 4710-123")
    write(one, "Straße", "Musterwek")
    write(one, "Hausnummer", "12")
    write(one, "Ort", "Dortmund")
    pick(one, "Welche Hilfe?", "Besuchsdienst")
    press(one, "Anfrage speichern")
    expect(one.get_by_role("alert")).to_be_focused()
    axe_everywhere(one)
    look(one, "weg-02-adresse-waehlen")
    choose(one, "Welche Adresse ist gemeint?", "Musterweg 12, Dortmund")
    press(one, "Anfrage speichern")
    expect(one.get_by_role("heading", name="Milica Kovačević", level=1)).to_be_visible()
    axe_everywhere(one)
    look(one, "weg-03-anfrage")

    # The call back.
    follow(one, "Klären und öffnen")
    axe_everywhere(one)
    press(one, "Anfrage öffnen")
    expect(one.get_by_text("Bitte notieren Sie, warum das Papier noch fehlt.").first).to_be_visible()
    axe_everywhere(one)
    write(one, "Warum ist noch kein Papier da?", "Anruf, der Brief ist unterwegs")
    press(one, "Anfrage öffnen")
    expect(one.get_by_text("Diese Anfrage wartet auf jemanden.")).to_be_visible()

    # Who fits, and why; somebody is picked.
    follow(one, "Wer passt?")
    expect(one.get_by_role("heading", name="1. Ayşe Demir")).to_be_visible()
    expect(one.get_by_role("row", name="Jürgen Weiß")).to_contain_text("Es fehlt: Einführung.")
    axe_everywhere(one)
    look(one, "weg-04-wer-passt")
    follow(one, "Ayşe Demir vorschlagen")
    axe_everywhere(one)
    press(one, "Vorschlagen")
    expect(one.get_by_text("Es fehlt noch das Ja von Ayşe Demir.")).to_be_visible()
    axe_everywhere(one)
    match = Match.objects.get()

    # Two yeses.
    for _party in range(2):
        follow(one, "Ja eintragen")
        axe_everywhere(one)
        press(one, "Ja eintragen")
    expect(one.get_by_text("Es fehlt noch die Freigabe: Stadt und Verband.")).to_be_visible()

    # Two signatures, in two browsers.
    follow(one, "Jetzt prüfen und freigeben")
    axe_everywhere(one)
    look(one, "weg-05-freigeben")
    press(one, "Ich gebe diese Vermittlung frei")
    expect(one.get_by_text("Es fehlt noch die Freigabe: Verband.")).to_be_visible()
    match.refresh_from_db()
    assert match.state == MatchState.ACCEPTED

    two.goto("/buero/")
    follow(two, "Ayşe Demir → Milica Kovačević")
    press(two, "Ich gebe diese Vermittlung frei")
    expect(two.get_by_text("Als Nächstes: begleiteter Erstbesuch.")).to_be_visible()
    axe_everywhere(two)
    look(two, "weg-06-freigegeben")
    match.refresh_from_db()
    assert match.state == MatchState.APPROVED

    # The accompanied first visit, the trial, the contacts.
    follow(two, "Ersten Kontakt eintragen")
    axe_everywhere(two)
    write(two, "Wie war es?", "Gemeinsam Kaffee getrunken.")
    press(two, "Eintragen – die Probezeit beginnt")
    expect(two.get_by_text("Die Probezeit läuft. Soll es weitergehen?")).to_be_visible()
    axe_everywhere(two)
    follow(two, "Nachfrage eintragen")
    axe_everywhere(two)
    press(two, "Eintragen")
    expect(two.get_by_text("Bitte wählen Sie Ja oder Nein.").first).to_be_visible()
    choose(two, "Läuft es gut?", "Ja")
    press(two, "Eintragen")
    follow(two, "Ayşe Demir bestätigt")
    press(two, "Ja, es soll weitergehen")
    follow(two, "Milica Kovačević bestätigt")
    press(two, "Ja, es soll weitergehen")
    expect(two.get_by_role("heading", name="Ayşe Demir → Milica Kovačević")).to_be_visible()
    match.refresh_from_db()
    assert match.state == MatchState.ACTIVE
    due = match.check_ins.get(done_on=None).due_on
    assert due == timezone.localdate() + timedelta(weeks=2)
    axe_everywhere(two)
    look(two, "weg-07-laeuft")

    # The end, with a reason.
    follow(two, "Beenden")
    axe_everywhere(two)
    choose(two, "Warum endet die Vermittlung?", "Aufgabe erledigt")
    choose(two, "Ist sie gut zu Ende gegangen?", "Ja")
    choose(two, "Was wird aus der Anfrage?", "Hilfe gefunden")
    press(two, "Vermittlung beenden")
    expect(two.get_by_text("Aufgabe erledigt – gut beendet")).to_be_visible()
    axe_everywhere(two)
    look(two, "weg-08-beendet")
    request = HelpRequest.objects.get()
    assert (request.state, request.close_reason) == ("closed", "helped")
    assert Message.objects.filter(kind="match_ended").count() == 2
