"""A real Chromium, several people in it, and axe to judge every page.

``page`` is a guest's window; ``new_page(user)`` opens a window of its own for somebody who is signed in.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from helfer.people.models import User
from tests.factories import people

# Playwright's synchronous interface runs an event loop in this thread; the tests' own queries are safe in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

Colours = Literal["light", "dark"]
Direction = Literal["ltr", "rtl"]
Sight = tuple[int, Colours, Direction]

# The system's own, or the one that the set-up brought along where the system has none.
CHROMIUM = (
    # Chromium without windows and menus of its own: nobody sees them here.
    shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or str(Path(settings.BASE_DIR) / ".local" / "chromium")
)
CHROMIUM_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
ARTIFACTS = Path(__file__).parent / "artifacts"
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # 7:1 is the house's own demand, and stricter than the standard's.
    "rules": {"color-contrast-enhanced": {"enabled": True}, "color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
}
# Of what axe says only the violations are brought over: the rest is long.
JUDGE = """async options => {
  const {violations} = await axe.run(document, options);
  const {scrollWidth, clientWidth} = document.documentElement;
  return [violations, scrollWidth - clientWidth];
}"""
WIDTHS = (320, 1280)
COLOURS: tuple[Colours, Colours] = ("light", "dark")
DIRECTIONS: tuple[Direction, Direction] = ("ltr", "rtl")
# One page narrow from the left and wide from the right, the next one the other way round.
SIGHTS = tuple(
    tuple(zip(WIDTHS, COLOURS, directions, strict=True)) for directions in (DIRECTIONS, DIRECTIONS[::-1])
)
EVERY_SIGHT = tuple(product(WIDTHS, COLOURS, DIRECTIONS))
# Lays the page out from the other side: the words stay, the sheet is the one that right-to-left pages have.
TURN = """async direction => {
  const root = document.documentElement;
  if (root.dir === direction || root.lang === "ar") return;
  root.dir = direction;
  const sheet = document.querySelector('link[href*="/kern."]');
  if (!sheet) return;
  const name = direction === "rtl" ? "kern.rtl.min.css" : "kern.min.css";
  await new Promise(done => {
    sheet.onload = sheet.onerror = done;
    sheet.href = sheet.href.replace(/kern\\.(rtl\\.)?min\\.css/, name);
  });
}"""
# What `make e2e` asks for: pictures, and each width in both colours and directions.
WANTS_ALL = bool(os.environ.get("HELFER_PICTURES"))
# Also a busy machine gets there.
PATIENCE_MS = 30_000


class NewPage(Protocol):
    """Opens a window."""

    def __call__(
        self, user: User | None = None, *, width: int = 1280, height: int = 900, **context: Any
    ) -> Page: ...


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all journeys; each window has its own cookies."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[NewPage]:
    """Opens windows on the live server, in German.

    A script error, a breach of the CSP, or a request to any other host fails the test.
    """
    contexts = []
    faults: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def hear_request(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            faults.append(request.url)

    def open_window(
        user: User | None = None, *, width: int = 1280, height: int = 900, **context: Any
    ) -> Page:
        options = {"locale": "de-DE", "timezone_id": "Europe/Berlin", "base_url": live_server.url} | context
        window = browser.new_context(viewport={"width": width, "height": height}, **options)
        window.set_default_timeout(PATIENCE_MS)
        window.add_init_script(path=AXE)
        contexts.append(window)
        page = window.new_page()
        page.on("console", hear)
        page.on("request", hear_request)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if user is not None:
            sign_in(page, user, live_server.url)
        return page

    yield open_window
    for window in contexts:
        window.close()
    assert not faults, faults


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A guest's window, 1280 px wide."""
    return new_page()


def sign_in(page: Page, user: User, url: str) -> None:
    """Sign ``user`` in as after password and second factor, without walking through the pages."""
    client = people.sign_in(Client(), user)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": urlsplit(url).hostname or "localhost",
                "path": "/",
            }
        ]
    )


def check_page(page: Page) -> None:
    """axe finds nothing, and nothing sticks out sideways."""
    violations, too_wide = page.evaluate(JUDGE, AXE_OPTIONS)
    found = [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"][:4]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)
    assert too_wide <= 0, f"{page.url} is {too_wide} px too wide at {page.viewport_size}"


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)``: the page has no barrier that a machine can find, at its present width."""
    return check_page


def check_at(page: Page, sights: Iterable[Sight]) -> None:
    """The same at these widths, in these colours, from these sides."""
    before = page.viewport_size
    # Whoever has just followed a link may still stand between two pages.
    page.wait_for_load_state()
    for width, colours, direction in sights:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=colours)
        page.evaluate(TURN, direction)
        check_page(page)
    if WANTS_ALL:
        # Pictures are taken from the side from which people read the page.
        page.evaluate(TURN, "ltr")
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


@pytest.fixture
def axe_everywhere() -> Callable[[Page], None]:
    """``axe_everywhere(page)``: the same narrow and light, wide and dark, one of them from right to left.

    ``make e2e`` tries all eight.
    """
    turns = cycle(SIGHTS)
    return lambda page: check_at(page, EVERY_SIGHT if WANTS_ALL else next(turns))


@pytest.fixture
def axe_in_turn() -> Callable[[Page], None]:
    """``axe_in_turn(page)``: where pages are many, each in another way than the one before."""
    turns = cycle([*SIGHTS[0], *SIGHTS[1]])
    return lambda page: check_at(page, EVERY_SIGHT if WANTS_ALL else [next(turns)])


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """``look(page, name)``: a picture of the whole page for human eyes, where ``make e2e`` asks for them."""

    def take(page: Page, name: str) -> None:
        if WANTS_ALL:
            ARTIFACTS.mkdir(exist_ok=True)
            page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def look_everywhere(look: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """``look_everywhere(page, name)``: the same at 1280 px and 320 px; the window stays narrow."""

    def take(page: Page, name: str) -> None:
        for width in reversed(WIDTHS):
            page.set_viewport_size({"width": width, "height": 900})
            look(page, f"{name}-{width}")

    return take
