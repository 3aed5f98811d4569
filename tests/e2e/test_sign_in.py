"""Signing in: neighbours by a mailed code, staff in two steps; every page of it without barriers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from tests.factories.people import SeatFactory, UserFactory
from tests.web.mailbox import delivered

pytestmark = pytest.mark.e2e

PASSWORD = "drei lange Wörter 9"


@pytest.fixture
def code_of_app(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """What the app on the telephone shows for a secret; its half minute lasts as long as the test."""
    half_minute = next(iter(totp.yield_hotp_counters_from_time()))
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([half_minute]))
    return lambda secret: str(totp.format_hotp_value(totp.hotp_value(secret, half_minute)))


def test_neighbour_signs_in_with_a_mailed_code(
    page: Page, axe_everywhere: Callable[[Page], None], look: Any
) -> None:
    neighbour = UserFactory(helper=True)
    page.goto("/anmelden/login/")
    axe_everywhere(page)
    look(page, "anmelden")
    page.get_by_role("link", name="Code per E-Mail schicken").click()
    expect(page.get_by_role("heading", name="Mit einem Code anmelden")).to_be_visible()
    axe_everywhere(page)
    page.get_by_label("E-Mail").fill(neighbour.email)
    page.get_by_role("button", name="Code schicken").click()
    expect(page.get_by_role("heading", name="Code eingeben")).to_be_visible()
    page.get_by_label("Code").fill("00000000")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe_everywhere(page)
    code = re.search(r"\d{8}", str(delivered()[-1].body))
    assert code
    page.get_by_label("Code").fill(code.group())
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("Sie sind angemeldet.")).to_be_visible()
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_text("Sie haben sich abgemeldet.")).to_be_visible()


def test_staff_set_up_their_second_step(
    page: Page, axe_everywhere: Callable[[Page], None], code_of_app: Callable[[str], str]
) -> None:
    user = SeatFactory(user__password=PASSWORD).user
    page.goto("/anmelden/login/")
    page.get_by_label("E-Mail").fill(user.email)
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe_everywhere(page)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", name="App einrichten")).to_be_visible()
    axe_everywhere(page)
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Sechs Ziffern aus der App").fill(code_of_app(secret))
    page.get_by_role("button", name="Einrichten").click()
    expect(page.get_by_role("heading", name="Ihre Notfallcodes")).to_be_visible()
    axe_everywhere(page)
    for address, heading in (
        ("/anmelden/2fa/", "Mein Zugang"),
        ("/anmelden/2fa/webauthn/", "Passkeys und Sicherheitsschlüssel"),
        ("/anmelden/2fa/webauthn/add/", "Schlüssel hinzufügen"),
        ("/anmelden/2fa/recovery-codes/generate/", "Neue Notfallcodes"),
        ("/anmelden/2fa/totp/deactivate/", "App abschalten"),
        ("/anmelden/password/change/", "Passwort ändern"),
        ("/anmelden/logout/", "Möchten Sie sich abmelden?"),
    ):
        page.goto(address)
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        axe_everywhere(page)
    page.locator("main").get_by_role("button", name="Abmelden").click()
    page.goto("/anmelden/login/")
    page.get_by_label("E-Mail").fill(user.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", name="Zweiter Schritt")).to_be_visible()
    axe_everywhere(page)


def test_forgotten_password_is_replaced(page: Page, axe_everywhere: Callable[[Page], None]) -> None:
    user = SeatFactory(user__password=PASSWORD).user
    page.goto("/anmelden/password/reset/")
    axe_everywhere(page)
    page.get_by_label("E-Mail").fill(user.email)
    page.get_by_role("button", name="E-Mail schicken").click()
    axe_everywhere(page)
    link = re.search(r"/anmelden/password/reset/key/\S+", str(delivered()[-1].body))
    assert link
    page.goto(link.group())
    page.get_by_label("Neues Passwort", exact=True).fill("kurz")
    page.get_by_role("button", name="Passwort setzen").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe_everywhere(page)


def test_pages_that_are_not_there_say_so_kindly(page: Page, axe_everywhere: Callable[[Page], None]) -> None:
    page.goto("/gibt-es-nicht/")
    expect(page.get_by_role("heading", name="Diese Seite gibt es nicht")).to_be_visible()
    axe_everywhere(page)
