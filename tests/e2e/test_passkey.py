"""A passkey, which asks for finger or PIN, stands for both factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_sign_in import PASSWORD
from tests.factories.people import UserFactory

pytestmark = pytest.mark.e2e


def give_key(page: Page, *, asks_for_finger: bool) -> None:
    """Put a key into this window's machine."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": asks_for_finger,
                "isUserVerified": asks_for_finger,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_staff_set_up_a_passkey_and_sign_in_with_nothing_else(
    page: Page, axe_everywhere: Callable[[Page], None], look: Any
) -> None:
    user = UserFactory(coordinator=True, password=PASSWORD)
    give_key(page, asks_for_finger=True)
    page.goto("/anmelden/login/")
    page.get_by_label("E-Mail").fill(user.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", name="App einrichten")).to_be_visible()
    page.goto("/anmelden/2fa/webauthn/add/")
    look(page, "passkey")
    name = page.get_by_label("Name")
    if name.count():
        name.fill("Mein Rechner")
    passwordless = page.get_by_role("checkbox")
    if passwordless.count():
        passwordless.first.check()
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_role("heading", name="Ihre Notfallcodes")).to_be_visible()
    page.goto("/anmelden/2fa/")
    axe_everywhere(page)
    page.locator("header").get_by_role("button", name="Abmelden").click()
    page.goto("/anmelden/login/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url(lambda url: "/anmelden/login" not in url)
    page.goto("/anmelden/2fa/")
    expect(page.get_by_role("heading", name="Mein Zugang")).to_be_visible()
