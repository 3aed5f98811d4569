"""A coordinator, signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helfer.people.models import User
from tests.factories.people import (
    UserFactory,
    sign_in,
)


def at(name: str, **where: Any) -> str:
    return reverse(f"coordination:{name}", kwargs=where or None)


@pytest.fixture
def user() -> User:
    return UserFactory(coordinator=True)


@pytest.fixture
def here(client: Client, user: User) -> Client:
    return sign_in(client, user)
