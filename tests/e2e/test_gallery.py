"""Every component is free of barriers, wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def test_gallery_has_no_barriers(new_page: Any, axe: Callable[[Page], None], look: Any) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto("/_galerie/")
    for width, scheme, direction in product((320, 1280), ("light", "dark"), ("ltr", "rtl")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        axe(page)
        if direction == "ltr":
            look(page, f"galerie-{width}-{scheme}")


def test_gallery_needs_no_script_and_bears_larger_type_at_400_percent(
    new_page: Any, axe: Callable[[Page], None]
) -> None:
    page = new_page(width=320, height=256, java_script_enabled=False)
    page.goto("/_galerie/")
    page.get_by_role("button", name="Größere Schrift").click()
    expect(page.get_by_role("button", name="Normale Schrift")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    # Evaluating needs scripts: the same cookies in a window that has them.
    reading = new_page(width=320, height=256)
    reading.context.add_cookies(page.context.cookies())
    reading.goto("/_galerie/")
    axe(reading)


def test_errors_take_the_focus_and_lead_to_their_fields_by_keyboard(new_page: Any) -> None:
    page = new_page()
    page.goto("/_galerie/")
    summary = page.locator("#formular-fehler .h-error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Name: ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#falsch_name")).to_be_focused()


def test_map_areas_and_pins_are_reached_by_keyboard(new_page: Any) -> None:
    page = new_page()
    page.goto("/_galerie/")
    area = page.locator('[data-map="stadt"] .h-map__live').get_by_role("link", name="Nordstadt, 12 Anfragen")
    area.focus()
    expect(area).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/_galerie/#nord")
    pin = page.locator('[data-map="kandidaten"] .h-map__live').get_by_role("link", name="1, Ayşe D., 412 m")
    pin.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/_galerie/#kandidat-1")
