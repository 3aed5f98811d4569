"""The public pages as guests see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
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
        name="Einkaufsbegleitung", does="Einkaufen\nTaschen tragen", does_not="Pflege\nMedikamente geben"
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
    page.get_by_role("link", name="Hilfe bekommen").click()
    page.get_by_text("Einkaufsbegleitung").click()
    expect(page.get_by_text("Medikamente geben")).to_be_visible()
    axe_everywhere(page)
    look(page, "inhaltsseite")
    page.get_by_role("link", name="Zurück zu").click()
    page.get_by_role("link", name="Seniorenbüro Hafen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seniorenbüro Hafen")
    expect(page.get_by_text("Fachkraft des Verbandes: Nachbarschaftsverband")).to_be_visible()
    axe_everywhere(page)
    look(page, "seniorenbuero")


def test_a_page_that_does_not_exist_says_so(page: Page, home: HomePage, axe_everywhere: Any) -> None:
    answer = page.goto("/gibt-es-nicht/")
    assert answer is not None and answer.status == 404
    axe_everywhere(page)
