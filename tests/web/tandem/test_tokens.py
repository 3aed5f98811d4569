"""Keys for programs: shown once, listed to their owner alone, stopped at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from helfer.people.models import ApiToken, User
from tests.factories.people import SeatFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db

PAGE = "/buero/schluessel/"


@pytest.fixture
def user(db: None) -> User:
    user: User = SeatFactory().user
    return user


@pytest.fixture
def here(client: Client, user: User) -> Client:
    return sign_in(client, user)


def test_a_new_key_is_shown_once_and_opens_the_interface(here: Client, user: User) -> None:
    made = here.post(PAGE, {"name": "Wochenbericht", "lasts": "90"})
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    found = re.search(r"helfer_[A-Za-z0-9_-]{43}", made.content.decode())
    assert found is not None
    key = found.group()
    token = ApiToken.objects.get()
    assert (token.user, token.name) == (user, "Wochenbericht")
    assert (token.expires_at - token.created_at).days == 90
    again = here.get(PAGE).content.decode()
    assert key not in again
    assert "Wochenbericht" in again
    answer = Client().get("/api/v1/requests", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assert here.post(f"{PAGE}{token.pk}/sperren/").status_code == 303
    answer = Client().get("/api/v1/requests", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 401
    assert "gesperrt" in here.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("name", "lasts"), [("", "90"), ("x" * 81, "90"), ("gut\x00", "90"), ("gut", "9000"), ("gut", "")]
)
def test_bad_input_is_told_and_kept(name: str, lasts: str, here: Client) -> None:
    refused = here.post(PAGE, {"name": name, "lasts": lasts})
    assert refused.status_code == 422
    if name == "gut":
        assert 'value="gut"' in refused.content.decode()
    assert not ApiToken.objects.exists()


def test_others_keys_are_neither_shown_nor_stopped(here: Client) -> None:
    other = sign_in(Client(), SeatFactory().user)
    other.post(PAGE, {"name": "Fremdes", "lasts": "30"})
    token = ApiToken.objects.get()
    assert "Fremdes" not in here.get(PAGE).content.decode()
    for pk in (token.pk, 999_999):
        assert here.get(f"{PAGE}{pk}/sperren/").status_code == 404
        assert here.post(f"{PAGE}{pk}/sperren/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_there_is_an_end_to_the_number_of_keys(here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helfer.people.actions.tokens.MOST_KEYS", 1)
    here.post(PAGE, {"name": "eins", "lasts": "30"})
    refused = here.post(PAGE, {"name": "zwei", "lasts": "30"})
    assert refused.status_code == 409
    assert "Bitte sperren Sie zuerst" in refused.content.decode()


@pytest.mark.parametrize("kind", ["helper", "seeker", "training", "editor", "dpo", "administrator"])
def test_only_the_office_has_keys(db: None, kind: str) -> None:
    client = sign_in(Client(), UserFactory(**{kind: True}))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"name": "x", "lasts": "30"}).status_code == 404
    assert not ApiToken.objects.exists()
