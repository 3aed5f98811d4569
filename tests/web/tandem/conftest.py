"""An office with its tandem, signed in, and what lies on its desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helfer.matching.models import Match
from helfer.people.models import Office, Side, User
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory, SeatFactory, sign_in

Send = Callable[..., Any]


MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The pages read this clock: Monday, 23 November 2026, ten o'clock in Berlin."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    return MONDAY


@pytest.fixture
def office(db: None) -> Office:
    return OfficeFactory(name="Seniorenbüro Mitte")


@pytest.fixture
def city(office: Office) -> User:
    """The municipal side, who is signed in."""
    return SeatFactory(office=office, side=Side.MUNICIPAL).user


@pytest.fixture
def association(office: Office) -> User:
    return SeatFactory(office=office, side=Side.ASSOCIATION).user


@pytest.fixture
def here(client: Client, city: User, association: User) -> Client:
    """The browser of the municipal side."""
    return sign_in(client, city)


@pytest.fixture
def there(association: User) -> Client:
    """The browser of the other side."""
    return sign_in(Client(), association)


@pytest.fixture
def elsewhere() -> Client:
    """The browser of another office's tandem."""
    return sign_in(Client(), SeatFactory().user)


@pytest.fixture
def make_match(office: Office) -> Callable[..., Match]:
    """A match of this office, walked ``to`` a state."""

    def make(to: str = "proposed", **fields: Any) -> Match:
        seeker = HelpSeekerFactory(office=office)
        request = HelpRequestFactory(help_seeker=seeker, open=True)
        return MatchFactory(request=request, to=to, **fields)

    return make


def at(name: str, **where: Any) -> str:
    """The address of a page of the tandem."""
    return reverse(f"tandem:{name}", kwargs=where or None)


def queries_of(client: Client, address: str) -> int:
    """How many queries this page takes."""
    client.get(address)  # what is remembered from the first look on
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
