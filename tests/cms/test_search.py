from __future__ import annotations

import pytest
from django.test import Client

from cms.demo import create_pages
from cms.models import ContentPage, RolePage
from cms.tasks import daily
from helfer.people.models import OfficeDistrict
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory
from tests.factories.places import DistrictFactory, QuarterFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["Spaziergänge", "spaziergang", "Spaziergang Rollator", "SPAZIERGANG xyzzy"]
)
def test_german_words_are_found_in_all_their_forms(client: Client, words: str) -> None:
    create_pages([])
    found = client.get("/suche/", {"q": words}).content.decode()
    assert "Gemeinsam unterwegs: der langsame Spaziergang" in found


def test_a_search_without_result_names_the_telephone(client: Client) -> None:
    create_pages([OfficeFactory()])
    found = client.get("/suche/", {"q": "Quantenphysik"}).content.decode()
    assert "Dazu haben wir nichts gefunden." in found
    assert found.count("tel:") >= 3


@pytest.mark.parametrize("words", ["", " ", "'\"<script>alert(1)</script>", "\x00", "!&|:*()", "ä" * 500])
def test_nothing_that_somebody_types_breaks_the_search(client: Client, words: str) -> None:
    response = client.get("/suche/", {"q": words, "seite": "-3"})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_nobody_finds_what_is_not_published(client: Client) -> None:
    create_pages([])
    ContentPage.objects.get(slug="fuer-angehoerige").unpublish()
    assert "Für Angehörige</a>" not in client.get("/suche/", {"q": "Angehörige"}).content.decode()


def test_the_night_tells_the_search_what_the_catalogue_says_now(client: Client) -> None:
    role = RoleFactory(name="Garten", slug="garten", does="Rosen schneiden")
    create_pages([])
    page = RolePage.objects.get()
    role.does = "Hecken stutzen"
    role.save()
    assert f'href="{page.url}"' not in client.get("/suche/", {"q": "Hecke"}).content.decode()
    daily()
    assert f'href="{page.url}"' in client.get("/suche/", {"q": "Hecke"}).content.decode()


def test_the_office_is_found_by_district_and_quarter_and_only_by_post(client: Client) -> None:
    office = OfficeFactory(name="Seniorenbüro Nord", slug="nord")
    district = DistrictFactory(name="Nordhafen")
    QuarterFactory(name="Werftsiedlung", district=district)
    OfficeDistrict.objects.create(office=office, district=district)
    create_pages([office])
    for words in ("Nordhafen", "nordhafen ", "Werftsiedlung"):
        found = client.post("/buero-finden/", {"place": words}).content.decode()
        assert "Dieses Büro ist für Sie da" in found, words
        assert 'href="/nord/"' in found
    lost = client.post("/buero-finden/", {"place": "Gibtesnichtstraße 7"}).content.decode()
    assert "Diesen Ort haben wir nicht gefunden." in lost
    assert "Seniorenbüro Nord" in lost
    assert "Bitte schreiben Sie, wo Sie wohnen." in client.post("/buero-finden/", {}).content.decode()
    by_address = client.get("/buero-finden/", {"place": "Nordhafen"}).content.decode()
    assert "Dieses Büro ist für Sie da" not in by_address
