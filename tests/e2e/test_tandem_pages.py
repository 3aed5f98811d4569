"""Every page of the tandem is opened once in a real browser: no barriers, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.factories.people import OfficeFactory, tandem
from tests.web.tandem.test_every_page import OURS, addresses, world

pytestmark = pytest.mark.e2e


def test_every_page_of_the_tandem_has_no_barriers(
    transactional_db: None, new_page: Any, axe_in_turn: Callable[[Page], None]
) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte")
    city, _association = tandem(office)
    things = world(office)
    page = new_page(city)
    for name in OURS:
        for address in addresses(name, things):
            answer = page.goto(address)
            assert answer.status == 200, address
            axe_in_turn(page)


def test_form_that_comes_back_has_no_barriers(
    transactional_db: None, new_page: Any, axe_everywhere: Callable[[Page], None]
) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte")
    city, _association = tandem(office)
    page = new_page(city)
    page.goto("/buero/anfragen/neu/")
    page.get_by_label("Geburtsjahr").fill("neunzehn")
    page.get_by_role("button", name="Anfrage speichern").click()
    axe_everywhere(page)
