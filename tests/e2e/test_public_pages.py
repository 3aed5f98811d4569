"""The public pages as guests see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from cms.demo import create_pages
from cms.models import ContentPage, HomePage
from helfer.people.models import Side
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory, SeatFactory

pytestmark = pytest.mark.e2e


@pytest.fixture
def home(live_server: Any) -> HomePage:
    RoleFactory(
        slug="einkauf",
        name="Einkaufsbegleitung",
        does="Einkaufen\nTaschen tragen",
        does_not="Pflege\nMedikamente geben",
    )
    office = OfficeFactory(
        name="Seniorenbüro Hafen", slug="hafen", opening_hours="Mo–Fr 9–12 Uhr\nDo 14–17 Uhr"
    )
    SeatFactory(office=office, side=Side.ASSOCIATION, carrier="Nachbarschaftsverband")
    home = create_pages([office])
    page = ContentPage.objects.get(slug="hilfe-bekommen")
    page.body = [
        *((block.block_type, block.value) for block in page.body),
        ("text", "<h2>Noch etwas</h2><p>Wir <b>hören zu</b>.</p><ul><li>eins</li><li>zwei</li></ul>"),
        ("contact", {"office": "hafen", "text": "Kommen Sie vorbei."}),
        ("quote", {"text": "Schön, dass es Sie gibt.", "who": "ein Nachbar"}),
        (
            "call_to_action",
            {"text": "Rufen Sie an.", "label": "Zur Startseite", "page": home, "phone": "+49 231 1"},
        ),
    ]
    page.save_revision().publish()
    return home


def test_guests_find_phone_and_words_without_barriers(
    home: HomePage, page: Page, axe_everywhere: Callable[[Page], None], look: Any
) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nachbarn helfen im Alter")
    axe_everywhere(page)
    look(page, "startseite")
    page.get_by_role("main").get_by_role("link", name="Hilfe bekommen").click()
    page.get_by_text("Einkaufsbegleitung", exact=True).click()
    expect(page.get_by_text("Medikamente geben")).to_be_visible()
    axe_everywhere(page)
    look(page, "inhaltsseite")
    page.get_by_role("navigation", name="Zurück").get_by_role("link").click()
    page.get_by_role("link", name="Seniorenbüro Hafen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seniorenbüro Hafen")
    expect(page.get_by_text("Fachkraft des Verbandes: Nachbarschaftsverband")).to_be_visible()
    axe_everywhere(page)
    look(page, "seniorenbuero")


PAGES = {
    "taetigkeiten": "/taetigkeiten/",
    "taetigkeit": "/taetigkeiten/einkauf/",
    "neuigkeiten": "/neuigkeiten/",
    "neuigkeit": "/neuigkeiten/telefonkette-sucht-stimmen/",
    "termine": "/termine/",
    "termin": "/termine/kaffeezeit/",
    "buero-finden": "/seniorenbueros/",
    "suche": "/suche/?q=Spaziergänge",
    "nichts-gefunden": "/suche/?q=Quantenphysik",
}


def test_every_kind_of_page_is_without_barriers(
    home: HomePage, page: Page, axe_everywhere: Callable[[Page], None], look: Any
) -> None:
    for name, address in PAGES.items():
        page.goto(address)
        axe_everywhere(page)
        look(page, name)
    page.goto("/seniorenbueros/")
    page.get_by_label("Wo wohnen Sie?").fill("Gibtesnicht")
    page.get_by_role("button", name="Büro finden").click()
    expect(page.get_by_text("Diesen Ort haben wir nicht gefunden.")).to_be_visible()
    axe_everywhere(page)
    page.goto("/barrierefreiheit/")
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("heading", name="Bitte prüfen Sie Ihre Angaben")).to_be_visible()
    axe_everywhere(page)
    page.get_by_label("Was hat nicht geklappt?").fill("Die Schrift ist zu klein.")
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Nachricht")
    axe_everywhere(page)


def test_on_a_phone_the_menu_stands_at_the_end(home: HomePage, new_page: Any) -> None:
    page = new_page(width=320)
    page.goto("/")
    expect(page.get_by_role("navigation", name="Bereiche", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Menü").click()
    expect(page.get_by_role("navigation", name="Alle Bereiche")).to_be_in_viewport()
    page.get_by_role("navigation", name="Alle Bereiche").get_by_role("link", name="Termine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Termine")


def test_a_page_that_does_not_exist_says_so(page: Page, home: HomePage, axe_everywhere: Any) -> None:
    answer = page.goto("/gibt-es-nicht/")
    assert answer is not None and answer.status == 404
    axe_everywhere(page)


def test_a_crawl_meets_no_dead_link_no_stranger_and_no_breach_of_the_policy(
    home: HomePage, new_page: Any
) -> None:
    """``new_page`` fails the test at a breach, and where anything is asked of another host."""
    # Lists are kept for a minute: no line of another test's town.
    cache.clear()
    page: Page = new_page()
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/anmelden/", "/redaktion/")):
            continue
        seen.add(address)
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        # An address behind which a file or a calendar lies is not a page.
        waiting += [
            href.partition("#")[0].partition("?")[0]
            for href in links
            if href.startswith("/") and not re.search(r"\.\w+$", href)
        ]
    assert {"/", "/angebote/", "/gesucht/", "/mitmachen/", "/hilfe-suchen/", "/termine/", "/suche/"} <= seen
