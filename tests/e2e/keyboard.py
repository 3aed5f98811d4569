"""Everything by keyboard: Tab to it, then Enter, Space, arrows or letters."""

from __future__ import annotations

from re import Pattern

from playwright.sync_api import Locator, Page

MOST_TABS = 400


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, starting where the focus is and going round once."""
    target.wait_for(state="attached")
    handle = target.element_handle()
    for _press in range(MOST_TABS):
        if page.evaluate("element => element === document.activeElement", handle):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by Tab on {page.url}")


def follow(page: Page, name: str | Pattern[str]) -> None:
    """Go to a link by Tab and follow it; the next page stands when this returns."""
    _tab_to(page, page.get_by_role("link", name=name, exact=True).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab and press it; the next page stands when this returns."""
    _tab_to(page, page.get_by_role("button", name=name, exact=True).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Go to a field by Tab and write over what stands there."""
    _tab_to(page, page.get_by_label(label).first)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, group: str, option: str) -> None:
    """Go to a group of radio buttons by Tab, and to the option by the arrows."""
    _choose(page, page.get_by_role("group", name=group).get_by_role("radio", name=option, exact=True))


def check(page: Page, label: str) -> None:
    """Go to a box and tick it, or to a radio button as ``choose`` does."""
    wanted = page.get_by_label(label, exact=True).first
    if wanted.get_attribute("type") == "checkbox":
        _tab_to(page, wanted)
        page.keyboard.press("Space")
    else:
        _choose(page, wanted)


def _choose(page: Page, wanted: Locator) -> None:
    name = wanted.get_attribute("name")
    for _press in range(MOST_TABS):
        if page.evaluate("name => document.activeElement.name === name", name):
            break
        page.keyboard.press("Tab")
    handle = wanted.element_handle()
    page.keyboard.press("Space")
    for _press in range(30):
        if page.evaluate("element => element === document.activeElement", handle):
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{wanted} cannot be reached by the arrows on {page.url}")


def pick(page: Page, label: str, option: str) -> None:
    """Go to a select by Tab and type the option's first letters."""
    _tab_to(page, page.get_by_label(label).first)
    page.keyboard.type(option)
