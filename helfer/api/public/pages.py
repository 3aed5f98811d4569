"""What the content pages say, for doors that know no pages: they hand it in when the program starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from django.http import HttpRequest

Items = list[dict[str, Any]]


class Pages(Protocol):
    """The published pages, and the addresses of those that stand for a role or an office, by its slug."""

    def news(self, request: HttpRequest) -> Items:
        """The newest first."""

    def events(self, request: HttpRequest, *, from_day: date) -> Items:
        """The coming dates, the next one first."""

    def addresses_of_roles(self, request: HttpRequest) -> Mapping[str, str]:
        """Where one reads about a role."""

    def addresses_of_offices(self, request: HttpRequest) -> Mapping[str, str]:
        """Where one reads about an office."""


_handed_in: list[Pages] = []


def hand_in(pages: Pages) -> None:
    """From now on the doors show what these say."""
    _handed_in[:] = [pages]


def published_pages() -> Pages:
    """Whoever was handed in."""
    return _handed_in[0]
