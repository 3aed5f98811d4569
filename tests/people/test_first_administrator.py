"""The first administrator of a new installation."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from helfer.people.models import Kind, User

pytestmark = pytest.mark.django_db

GOOD = "ein langes Wort mit Abstand"


def create(monkeypatch: pytest.MonkeyPatch, email: str = "Amt@Stadt.example", password: str = GOOD) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
    output = io.StringIO()
    call_command("create_administrator", email, name="Amt", stdout=output)
    return output.getvalue()


def test_a_new_installation_gets_its_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "amt@stadt.example" in create(monkeypatch)
    user = User.objects.get()
    assert user.kinds == [Kind.ADMINISTRATOR]
    assert user.check_password(GOOD)


def test_there_is_no_second_way_in_once_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch)
    with pytest.raises(CommandError, match="schon einen Zugang"):
        create(monkeypatch, email="anders@stadt.example")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "password"), [("kein-at", GOOD), ("amt@stadt.example", "kurz"), ("", GOOD)]
)
def test_what_is_no_address_or_no_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    with pytest.raises(CommandError):
        create(monkeypatch, email=email, password=password)
    assert not User.objects.exists()
