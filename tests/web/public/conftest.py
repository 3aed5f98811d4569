"""What the tests of public pages can ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import journey_town as town


@pytest.fixture
def journey_town(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    """One office with a house in its district; nobody has to read slowly."""
    with town.journey_town(monkeypatch):
        yield
