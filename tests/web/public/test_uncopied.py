"""Nobody keeps a copy of offers and of what is sought: what is taken back is gone everywhere."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cms.demo import create_pages
from helfer.core import limits
from helfer.matching.actions import publish_offers, publish_wanted
from helfer.matching.models import PublicOffer, PublicWanted
from helfer.people.models import Office
from helfer.web.public.urls import urlpatterns
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, sign_in
from tests.matching.public_town import TODAY, build_town, listed
from tests.matching.test_public_wanted import listed as sought

pytestmark = pytest.mark.django_db

TOLD = ("angebote/", "gesucht/")


@pytest.fixture(autouse=True)
def town() -> None:
    """Three who help and three who seek."""
    cache.clear()
    build_town()
    visits = RoleFactory(slug="besuch", name="Besuch")
    staff = SeatFactory(office__phone="+4923112345").user
    for _turn in range(3):
        listed(visits, 0)
        sought(visits, staff)
    publish_offers(on=TODAY)
    publish_wanted(on=TODAY)


def number_in(address: str) -> dict[str, object]:
    rows = PublicOffer if address.startswith(TOLD[0]) else PublicWanted
    return {"public_id": rows.objects.get().public_id} if "uuid" in address else {}


PAGES = {
    str(each.pattern): str(each.name)
    for each in urlpatterns
    if str(each.pattern).startswith(TOLD) and hasattr(each, "name")
}


def is_kept_by_nobody(answer: object) -> bool:
    headers = answer.headers  # type: ignore[attr-defined]
    return bool(
        headers.get("X-Robots-Tag") == "noindex, noarchive" and "no-store" in headers.get("Cache-Control", "")
    )


def test_the_pages_are_these() -> None:
    assert len(PAGES) == 8


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_so_to_guests_and_to_helpers(address: str, client: Client) -> None:
    door = reverse(f"public:{PAGES[address]}", kwargs=number_in(address))
    for _turn in range(2):
        # The second answer comes from the server's own memory.
        assert is_kept_by_nobody(client.get(door)), door
    sign_in(client, UserFactory(helper=True))
    answer = client.get(door)
    assert answer.status_code == 404 or is_kept_by_nobody(answer)


@pytest.mark.parametrize("name", ["offer", "wanted_page"])
def test_what_is_not_there_any_more_says_so_too(name: str, client: Client) -> None:
    answer = client.get(reverse(f"public:{name}", args=[uuid4()]))
    assert answer.status_code == 404
    assert is_kept_by_nobody(answer)


def test_the_search_for_a_place_says_so_whatever_it_finds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = client.post(reverse("public:offers_place"), {"wo": "Nirgendwo"})
    assert unknown.status_code == 422
    assert is_kept_by_nobody(unknown)
    monkeypatch.setattr(limits, "MOST_READS_A_MINUTE", 0)
    stopped = client.post(reverse("public:offers_place"), {"wo": "Nirgendwo"})
    assert stopped.status_code == 429
    assert is_kept_by_nobody(stopped)


def test_asking_for_an_offer_repeats_it_and_says_so(client: Client) -> None:
    door, offer = reverse("public:ask"), PublicOffer.objects.get()
    asked = client.get(door, {"angebot": offer.public_id})
    assert offer.short_number in asked.content.decode()
    assert is_kept_by_nobody(asked)
    assert "X-Robots-Tag" not in client.get(door), "the page itself may be found"


def test_search_engines_are_not_led_there_and_may_read_what_is_forbidden(client: Client) -> None:
    create_pages([OfficeFactory(slug="nord"), *Office.objects.all()])
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "</loc>" in sitemap
    robots = client.get("/robots.txt").content.decode()
    for told in TOLD:
        assert f"/{told}" not in sitemap
        assert f"/{told}" not in robots
