"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    """The house speaks German unless a test says otherwise."""
    with translation.override("de"):
        yield


@pytest.fixture
def today() -> date:
    """The asking day of the tests: a Monday."""
    return date(2026, 11, 23)


@pytest.fixture
def now() -> datetime:
    """Monday morning, ten o'clock in Berlin."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
