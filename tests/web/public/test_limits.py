"""Whoever searches as only programs do is asked to wait, kindly; a library behind one address is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from redis.exceptions import ConnectionError as NobodyCounts

from helfer.core import limits
from tests.factories.people import OfficeFactory

pytestmark = pytest.mark.django_db

SEARCHES = {
    "search": ("get", "/suche/", {"q": "Rollator"}),
    "office": ("post", "/buero-finden/", {"place": "Nordhafen"}),
    "embedded": ("get", "/einbetten/buero-finden/", {"ort": "Nordhafen"}),
    "place": ("post", "/angebote/ort/", {"wo": "Nordhafen"}),
}


@pytest.fixture(autouse=True)
def rested() -> None:
    cache.clear()


@pytest.mark.parametrize(("method", "address", "asked"), SEARCHES.values(), ids=SEARCHES)
def test_whoever_searches_too_often_is_asked_to_wait_or_to_call(
    method: str, address: str, asked: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    OfficeFactory(name="Seniorenbüro Hafen", phone="+4923112345")
    monkeypatch.setattr(limits, "MOST_READS_A_MINUTE", 1)
    assert getattr(client, method)(address, asked).status_code in (200, 422)
    stopped = getattr(client, method)(address, asked)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "60")
    text = stopped.content.decode()
    assert "Warten Sie bitte eine Minute" in text
    assert "0231 12345" in text
    # The empty page is there all the same, and so is another visitor's.
    assert client.get("/suche/").status_code == 200
    neighbour = getattr(client, method)(address, asked, REMOTE_ADDR="192.0.2.7")
    assert neighbour.status_code in (200, 422)


def test_thirty_people_in_a_library_search_as_much_as_they_like() -> None:
    assert limits.MOST_READS_A_MINUTE >= 30 * 6


def test_while_nobody_counts_nobody_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **more: Any) -> bool:
        raise NobodyCounts

    monkeypatch.setattr(limits, "is_too_often", fail)
    assert not limits.reads_too_often("search", lambda: "192.0.2.7")


def test_those_without_an_address_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise PermissionDenied

    monkeypatch.setattr(limits, "MOST_READS_A_MINUTE", 1)
    assert [limits.reads_too_often("search", unknown) for _turn in range(2)] == [False, True]
