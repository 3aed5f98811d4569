from __future__ import annotations

import pytest
from django.test import Client

from cms.demo import create_pages
from cms.models import NewsPage
from helfer.people.models import Office
from tests.factories.catalogue import RoleFactory
from tests.factories.people import OfficeFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/public/"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("news", {"title": "Die Telefonkette sucht freundliche Stimmen"}),
        ("events", {"title": "Handy-Sprechstunde", "kind": "consultation"}),
        ("roles", {"slug": "vorlesen", "does": ["Zeitung lesen", "Briefe lesen"]}),
        ("offices", {"slug": "nord", "phone": "+492315022222"}),
    ],
)
def test_other_sites_may_read_what_the_pages_say(client: Client, what: str, words: dict[str, str]) -> None:
    RoleFactory(slug="vorlesen", name="Vorlesen", does="Zeitung lesen\nBriefe lesen")
    create_pages([OfficeFactory(slug="nord")])
    answer = client.get(ADDRESS + what)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    items = answer.json()["items"]
    assert any(words.items() <= item.items() for item in items), items
    assert all(item["url"].startswith("http://localhost/") for item in items)


def test_machines_are_not_told_what_people_are_not(client: Client) -> None:
    create_pages([OfficeFactory(slug="nord")])
    Office.objects.update(is_active=False)
    NewsPage.objects.get(slug="neuer-raum-am-hafen").unpublish()
    assert client.get(ADDRESS + "offices").json() == {"items": []}
    titles = [item["title"] for item in client.get(ADDRESS + "news").json()["items"]]
    assert "Neuer Treffpunkt: ohne Stufen, mit Hörschleife" not in titles
    assert len(titles) == NewsPage.objects.live().count()
