"""A journey of one question to a page, walked without JavaScript and looked at with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

PHONE = "0231 12345"


@dataclass
class Walk:
    """``page`` is the visitor's window, ``seen`` the one in which each page is judged at both widths."""

    page: Page
    seen: Page
    axe_everywhere: Callable[[Page], None]
    look_everywhere: Callable[[Page, str], None]
    name: str

    def see(self, name: str) -> None:
        """The same page with scripts, at both widths."""
        self.seen.context.add_cookies(self.page.context.cookies())  # type: ignore[arg-type]
        self.seen.goto(self.page.url)
        self.axe_everywhere(self.seen)
        self.look_everywhere(self.seen, f"{self.name}-{name}")

    def see_printed(self, name: str) -> None:
        """The page seen last, as it is printed."""
        self.seen.emulate_media(media="print")
        self.look_everywhere(self.seen, f"{self.name}-{name}")
        self.seen.emulate_media(media="screen")

    def asked(self, question: str, *choices: str) -> None:
        """The question stands there, the phone number above it; these answers are chosen."""
        expect(self.page.get_by_role("heading", name=question)).to_be_visible()
        expect(self.page.get_by_role("link", name=PHONE).first).to_be_visible()
        for choice in choices:
            self.page.get_by_label(choice, exact=True).check()

    def go_on(self) -> None:
        """To the next question."""
        self.page.get_by_role("button", name="Weiter", exact=True).click()

    def say(self, question: str, *choices: str) -> None:
        """Answer, and go on."""
        self.asked(question, *choices)
        self.go_on()
