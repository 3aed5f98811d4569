"""Who may speak to the interface, and how it refuses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from helfer.people.models import ApiToken, User
from tests.api.conftest import ROOT, Program, World, key_of
from tests.factories.people import OfficeFactory, UserFactory, sign_in, tandem

pytestmark = pytest.mark.django_db


def said(answer: HttpResponse, status: int, code: str) -> str:
    """The sentence of a refusal, after a look at its shape."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json")
    refusal = answer.json()  # type: ignore[attr-defined]
    assert set(refusal) == {"code", "message", "field", "by"}
    assert refusal["code"] == code
    return str(refusal["message"])


def test_a_guest_is_told_to_sign_in(db: None) -> None:
    said(Client().get(f"{ROOT}/requests"), 401, "not_signed_in")


def test_a_session_reads_the_own_offices_requests(world: World) -> None:
    answer = sign_in(Client(), world.city).get(f"{ROOT}/requests")
    assert answer.status_code == 200
    assert [row["number"] for row in answer.json()["items"]] == [world.request.number]


def test_a_session_without_the_second_factor_opens_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.city, backend="django.contrib.auth.backends.ModelBackend")
    said(client.get(f"{ROOT}/requests"), 401, "second_factor")


def test_a_session_that_posts_needs_the_pages_secret(world: World) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), world.city)
    answer = client.post(f"{ROOT}/matches", world.proposal, content_type="application/json")
    assert "Sicherheitsschlüssel" in said(answer, 403, "csrf")
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(
        f"{ROOT}/matches",
        world.proposal,
        content_type="application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert answer.status_code == 201, answer.content


def test_a_key_needs_no_session_and_notes_the_day_of_its_use(world: World, program: Program) -> None:
    assert program.get("/requests").status_code == 200
    assert ApiToken.objects.get().last_used_on is not None


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"created_at": timezone.now() - timedelta(2), "expires_at": timezone.now() - timedelta(1)},
    ],
)
def test_a_stopped_or_old_key_opens_nothing(change: dict[str, object], program: Program) -> None:
    ApiToken.objects.update(**change)
    said(program.get("/requests"), 401, "not_signed_in")


def test_the_key_of_a_closed_account_opens_nothing(world: World, program: Program) -> None:
    User.objects.filter(pk=world.city.pk).update(is_active=False)
    said(program.get("/requests"), 401, "not_signed_in")


@pytest.mark.parametrize("key", ["", "helfer_", "x" * 5000, "ä", "helfer_\x00"])
def test_nonsense_is_no_key(db: None, key: str) -> None:
    answer = Client().get(f"{ROOT}/requests", headers={"authorization": f"Bearer {key}"})
    said(answer, 401, "not_signed_in")


@pytest.mark.parametrize("kind", ["helper", "seeker", "training", "editor", "dpo", "administrator"])
def test_only_tandems_and_coordinators_speak_to_it(db: None, kind: str) -> None:
    user = UserFactory(**{kind: True})
    said(sign_in(Client(), user).get(f"{ROOT}/requests"), 401, "not_signed_in")
    assert sign_in(Client(), user).get(f"{ROOT}/docs").status_code == 404
    assert sign_in(Client(), user).get(f"{ROOT}/openapi.json").status_code == 404


def test_foreign_and_missing_look_the_same(world: World, program: Program) -> None:
    made = program.post("/matches", world.proposal).json()  # type: ignore[attr-defined]
    stranger = Program(tandem(OfficeFactory())[0])
    for path in (f"/requests/{world.request.pk}", f"/requests/{world.request.pk}/candidates"):
        missing = stranger.get(path.replace(str(world.request.pk), "999999"))
        assert stranger.get(path).content == missing.content
        said(stranger.get(path), 404, "not_found")
    said(stranger.get(f"/matches/{made['id']}"), 404, "not_found")
    for step in ("consents", "signatures", "end"):
        content = {"party": "helper", "channel": "phone", "reason": "done", "ended_well": True}
        said(stranger.post(f"/matches/{made['id']}/{step}", content), 404, "not_found")
        said(stranger.post(f"/matches/999999/{step}", content), 404, "not_found")
    said(stranger.post("/matches", world.proposal), 404, "not_found")
    assert stranger.get("/matches").json() == {"items": [], "count": 0}  # type: ignore[attr-defined]


def test_the_description_is_for_the_office_and_asks_no_foreign_host(world: World) -> None:
    for page in ("docs", "openapi.json"):
        guest = Client().get(f"{ROOT}/{page}")
        assert guest.status_code == 302
        assert "/anmelden/" in guest["Location"]
    client = sign_in(Client(), world.city)
    page = client.get(f"{ROOT}/docs")
    html = page.content.decode()
    assert page.status_code == 200
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)
    assert '"validatorUrl": null' in html
    # Nothing runs that the content policy would stop: data yes, programs and styles in the page no.
    assert not re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))", html)
    assert "<style" not in html and " style=" not in html
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert client.get(f"{ROOT}/openapi.json").json()["info"]["title"] == "Helfer"


def test_a_key_is_kept_only_as_its_digest(world: World) -> None:
    key = key_of(world.city)
    assert key not in str(list(ApiToken.objects.values()))
