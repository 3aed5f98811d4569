from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.people.models import Kind
from tests.factories.people import OfficeFactory, UserFactory, sign_in, tandem

pytestmark = pytest.mark.django_db

DESK = "/redaktion/"
CLOSED = (
    "password_reset/",
    "password_reset/done/",
    "password_reset/confirm/MQ/abc-def/",
    "password_reset/complete/",
)


@pytest.mark.parametrize("path", ["/redaktion/login/", "/redaktion/_util/login/", "/_util/login/"])
def test_wagtails_own_sign_in_is_ours(client: Client, path: str) -> None:
    response = client.get(path, {"next": "/redaktion/"})
    assert (response.status_code, response["Location"]) == (302, "/anmelden/login/?next=%2Fredaktion%2F")
    editor = UserFactory(editor=True, password="ein-langes-Passwort-9")
    answer = client.post(path, {"username": editor.email, "password": "ein-langes-Passwort-9"})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", CLOSED)
def test_wagtails_password_pages_do_not_exist(client: Client, path: str) -> None:
    assert client.get(DESK + path).status_code == 404
    assert client.post(DESK + path, {"email": "a@example.org"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/_util/authenticate_with_password/1/1/", "/dokumente/authenticate_with_password/1/"]
)
def test_pages_with_a_password_of_their_own_do_not_exist(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, {"password": "x"}).status_code == 404


def test_guests_are_sent_to_the_sign_in(client: Client) -> None:
    for path in ("", "pages/", "account/", "images/", "documents/", "reports/site-history/"):
        response = client.get(DESK + path)
        assert response.status_code == 302, path
        assert response["Location"].startswith("/anmelden/login/"), path


def test_an_editor_gets_in_with_a_second_factor_only(client: Client) -> None:
    editor = UserFactory(editor=True)
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(DESK).status_code == 303
    sign_in(client, editor)
    assert client.get(DESK).status_code == 200
    account = client.get(f"{DESK}account/")
    assert account.status_code == 200
    assert "first_name" not in account.content.decode()


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.EDITOR])
def test_nobody_else_gets_in(client: Client, kind: Kind) -> None:
    sign_in(client, UserFactory(**{kind.value: True}))
    for path in ("", "pages/", "account/", "images/", "users/"):
        response = client.get(DESK + path)
        assert response.status_code in (302, 404), path


def test_a_tandem_member_gets_in_only_as_an_editor_too(client: Client) -> None:
    municipal, _association = tandem(OfficeFactory())
    sign_in(client, municipal)
    assert client.get(DESK).status_code == 302
    municipal.kinds = [*municipal.kinds, "editor"]
    municipal.save()
    assert client.get(DESK).status_code == 200
    municipal.kinds = ["tandem"]
    municipal.save()
    assert client.get(DESK).status_code == 302


def test_editors_keep_no_accounts_and_no_groups(client: Client) -> None:
    sign_in(client, UserFactory(editor=True))
    for path in (
        "users/",
        "users/add/",
        "groups/",
        "groups/new/",
        "sites/",
        "collections/",
        "api-tokens/",
    ):
        assert client.get(DESK + path).status_code in (302, 404), path


def test_one_leaves_wagtail_by_post_only(client: Client) -> None:
    sign_in(client, UserFactory(editor=True))
    client.get(f"{DESK}logout/")
    assert "_auth_user_id" in client.session
    client.post(f"{DESK}logout/")
    assert "_auth_user_id" not in client.session


def test_inline_scripts_are_allowed_at_the_editors_desk_only(client: Client) -> None:
    sign_in(client, UserFactory(editor=True))
    inside = client.get(DESK)["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in inside
    for path in ("/", "/anmelden/2fa/", "/gibt-es-nicht/", "/redaktionell/"):
        outside = client.get(path)["Content-Security-Policy"]
        assert "unsafe-inline" not in outside, path
        assert "default-src 'self'" in outside


def test_only_pictures_are_served_from_the_folder_of_uploads(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    for name in ("images/bild.png", "nachweise/7/beweis.pdf", "geheim.png"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    shown = client.get("/medien/images/bild.png")
    assert b"".join(shown.streaming_content) == b"x"
    for path in (
        "/medien/nachweise/7/beweis.pdf",
        "/medien/geheim.png",
        "/medien/images/../nachweise/7/beweis.pdf",
        "/medien/images/%2e%2e/geheim.png",
        "/medien/images/..%2fgeheim.png",
    ):
        assert client.get(path).status_code == 404, path
