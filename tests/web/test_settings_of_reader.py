"""Larger type and the language are set by POST and kept in the browser."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_larger_type_is_kept(client: Client) -> None:
    answer = client.post("/schrift/", {"size": "large", "next": "/_galerie/?a=b"})
    assert (answer.status_code, answer["Location"]) == (303, "/_galerie/?a=b")
    assert 'data-text="large"' in client.get("/_galerie/").content.decode()
    client.post("/schrift/", {"size": "riesig"})
    assert 'data-text="normal"' in client.get("/_galerie/").content.decode()


def test_language_is_kept(client: Client) -> None:
    client.post("/sprache/", {"language": "en", "next": "/_galerie/"})
    assert '<html lang="en"' in client.get("/_galerie/").content.decode()
    client.post("/sprache/", {"language": "xx"})
    assert '<html lang="en"' in client.get("/_galerie/").content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_nobody_is_led_away_from_this_site(client: Client, wanted: str) -> None:
    assert client.post("/schrift/", {"size": "large", "next": wanted})["Location"] == "/"


def test_settings_are_not_changed_by_following_a_link(client: Client) -> None:
    assert client.get("/schrift/").status_code == 405
