"""The office finder in a frame on other sites: no cookie, no script, and no other page beside it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cms.demo import create_pages
from helfer.people.models import OfficeDistrict
from tests.factories.people import OfficeFactory
from tests.factories.places import DistrictFactory, QuarterFactory

pytestmark = pytest.mark.django_db

FINDER = "/einbetten/buero-finden/"


@pytest.fixture
def harbour(db: None) -> None:
    cache.clear()
    office = OfficeFactory(name="Seniorenbüro Nord", slug="nord")
    district = DistrictFactory(name="Nordhafen")
    QuarterFactory(name="Werftsiedlung", district=district)
    OfficeDistrict.objects.create(office=office, district=district)
    create_pages([office])


def policy_of(response: Any) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", response["Content-Security-Policy"])
    assert found
    return found[1]


@pytest.mark.parametrize("asked", [{}, {"ort": "Werftsiedlung"}, {"ort": "Gibtesnicht"}, {"ort": ""}])
def test_it_sets_no_cookie_runs_no_script_and_asks_nobody_else(
    asked: dict[str, str], client: Client, harbour: None
) -> None:
    client.cookies["sessionid"] = "gone" * 8
    client.cookies["csrftoken"] = "broken"
    response = client.get(FINDER, asked)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    text = response.content.decode()
    assert "<script" not in text
    assert "csrf" not in text
    assert "://" not in text.replace("http://localhost/", "")
    # Whoever follows a link does not find our page in somebody else's frame.
    assert all(
        'target="_blank" rel="noopener"' in link for link in re.findall(r'<a [^>]*href="/[^>]*>', text)
    )


def test_it_finds_the_office_by_district_and_quarter_and_takes_no_street(
    client: Client, harbour: None
) -> None:
    for words in ("Nordhafen", "werftsiedlung "):
        found = client.get(FINDER, {"ort": words}).content.decode()
        assert "Dieses Büro ist für Sie da" in found, words
        assert "tel:+49231" in found
    lost = client.get(FINDER, {"ort": "Gibtesnicht"}).content.decode()
    assert "Diesen Ort haben wir nicht gefunden." in lost
    assert "Seniorenbüro Nord" in lost
    assert "Bitte schreiben Sie eine Postleitzahl" in client.get(FINDER, {"ort": ""}).content.decode()


def test_what_is_typed_in_an_address_is_not_looked_up_as_a_street(
    client: Client, harbour: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(**asked: Any) -> None:
        raise AssertionError(asked)

    monkeypatch.setattr("cms.office_finder.find_address", never)
    assert client.get(FINDER, {"ort": "Lindenhof 7"}).status_code == 200


def test_other_sites_may_frame_this_page_and_no_other(client: Client, harbour: None, settings: Any) -> None:
    framed = client.get(FINDER)
    assert policy_of(framed) == "'self' *"
    assert "X-Frame-Options" not in framed
    for address in ("/buero-finden/", "/suche/", "/angebote/", "/api/v1/public/offices"):
        other = client.get(address)
        assert policy_of(other) == "'self'", address
        assert other["X-Frame-Options"] == "SAMEORIGIN", address
    settings.HELFER_EMBEDDING_SITES = ["https://www.stadt.example"]
    assert policy_of(client.get(FINDER)) == "'self' https://www.stadt.example"
    settings.HELFER_EMBEDDING_SITES = []
    closed = client.get(FINDER)
    assert (policy_of(closed), closed["X-Frame-Options"]) == ("'self'", "SAMEORIGIN")
