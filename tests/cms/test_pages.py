from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site

from cms.demo import create_pages
from cms.models import ContentPage, HomePage, OfficePage
from helfer.people.models import Side
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_a_new_installation_begins_with_an_own_first_page(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "Nachbarn helfen im Alter" in response.content.decode()
    assert HomePage.objects.count() == 1


def test_the_demo_pages_are_made_once() -> None:
    OfficeFactory(name="Seniorenbüro Mitte", slug="mitte")
    call_command("demo_pages")
    count = Page.objects.count()
    call_command("demo_pages")
    assert Page.objects.count() == count
    assert OfficePage.objects.count() == 1


def test_demo_pages_come_even_into_an_empty_database() -> None:
    Site.objects.all().delete()
    Page.objects.all().delete()
    create_pages([])
    assert ContentPage.objects.count() == 5


def test_every_public_page_opens_and_is_one_h1(client: Client) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte", slug="mitte", opening_hours="mo–fr 9–12 Uhr")
    create_pages([office])
    for page in Page.objects.filter(depth__gt=1):
        response = client.get(page.url)
        assert response.status_code == 200, page.url
        assert response.content.decode().count("<h1") == 1, page.url
        assert "style=" not in response.content.decode(), page.url


def test_an_offices_page_names_functions_and_carriers_but_nobody_by_name(client: Client) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte", slug="mitte")
    seat = SeatFactory(office=office, side=Side.ASSOCIATION, carrier="Nachbarschaftsverband Mitte")
    SeatFactory(office=office, side=Side.ASSOCIATION, carrier="Früherer Verband", until_day=date(2021, 1, 1))
    create_pages([office])
    page = client.get("/mitte/").content.decode()
    assert "Nachbarschaftsverband Mitte" in page
    assert "Früherer Verband" not in page
    assert seat.user.person.family_name not in page
    assert 'href="tel:+492315022222"' in page


def test_editors_write_publish_and_guests_read(client: Client) -> None:
    home = HomePage.objects.get()
    desk = sign_in(Client(), UserFactory(editor=True))
    assert desk.get(f"/redaktion/pages/add/cms/contentpage/{home.pk}/").status_code == 200
    form = {
        "title": "Neue Seite",
        "slug": "neue-seite",
        "intro": "Etwas Neues",
        "body-count": "1",
        "body-0-type": "quote",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value-text": "<script>alert(1)</script> Hallo",
        "body-0-value-who": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "action-publish",
    }
    response = desk.post(f"/redaktion/pages/add/cms/contentpage/{home.pk}/", form)
    assert response.status_code == 302, response.content.decode()[:3000]
    page = client.get("/neue-seite/")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert "Hallo" in page.content.decode()


def test_every_block_has_its_form_and_its_look(client: Client) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte", slug="mitte")
    home = create_pages([office])
    desk = sign_in(Client(), UserFactory(editor=True))
    page = ContentPage.objects.get(slug="hilfe-bekommen")
    page.body = [
        ("text", "<h2>Guten Tag</h2><p>Text</p>"),
        ("contact", {"office": "mitte", "text": "Kommen Sie vorbei"}),
        ("contact", {"office": "gibt-es-nicht-mehr", "text": "verschwunden"}),
        ("call_to_action", {"text": "Jetzt", "label": "Los", "page": home, "phone": "+49 231 5022222"}),
        ("downloads", {"title": "Zum Mitnehmen", "files": []}),
    ]
    page.save_revision().publish()
    shown = client.get(page.url).content.decode()
    for words in ("Guten Tag", "Kommen Sie vorbei", "Zum Mitnehmen", "tel:+492315022222"):
        assert words in shown
    assert "verschwunden" not in shown
    assert desk.get(f"/redaktion/pages/{page.pk}/edit/").status_code == 200
