from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image, Rendition
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Site

from cms.context import words_of_the_site
from cms.demo import create_pages
from cms.models import Banner, ContentPage, EventPage, HomePage, NewsPage, OfficePage, RolePage, SiteNotes
from helfer.catalogue.kinds import RateUnit
from helfer.catalogue.models import CompensationRate
from helfer.core.days import berlin_day
from helfer.matching.actions import publish_wanted
from helfer.people.models import Side
from helfer.web.navigation import PUBLIC_ENTRIES, address_of
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, sign_in
from tests.matching.public_town import TODAY, build_town
from tests.matching.test_public_wanted import listed as wanted

pytestmark = pytest.mark.django_db


def test_a_new_installation_begins_with_an_own_first_page(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "Nachbarn helfen im Alter" in response.content.decode()
    assert HomePage.objects.count() == 1


@pytest.fixture
def only_german(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other languages have is tested beside them, and takes its time."""
    monkeypatch.setattr("cms.management.commands.demo_pages.translate_pages", lambda **said: 0)


def test_the_demo_pages_are_made_once(only_german: None) -> None:
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
    assert ContentPage.objects.filter(slug="hilfe-bekommen").exists()


def test_a_real_city_gets_no_made_up_news_and_dates(settings: Any, only_german: None) -> None:
    settings.HELFER_DEMO = False
    call_command("demo_pages")
    assert not NewsPage.objects.exists()
    assert not EventPage.objects.exists()
    assert not Banner.objects.exists()


def test_every_public_page_opens_and_is_one_h1(client: Client) -> None:
    office = OfficeFactory(name="Seniorenbüro Mitte", slug="mitte", opening_hours="mo–fr 9–12 Uhr")
    create_pages([office])
    RoleFactory()
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
        "drawing": "tea",
        "picture": "",
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


def test_every_block_has_its_form_and_its_look(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    picture = Image.objects.create(title="Hof", description="Ein Hof", file=get_test_image_file())
    # Made already, for the library leaves the file of a new size open.
    for size in ("width-1200", "max-165x165"):
        Rendition.objects.create(
            image=picture, filter_spec=size, width=64, height=48, file=get_test_image_file(f"{size}.png")
        )
    film, captions = (
        Document.objects.create(title=name, file=ContentFile(b"x", name=name)) for name in ("a.mp4", "a.vtt")
    )
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
        ("picture", {"picture": picture, "caption": "Im Hof"}),
        (
            "video",
            {"title": "Ein Film", "film": film, "captions": captions, "transcript": "<p>Abschrift</p>"},
        ),
        ("roles", {"title": "Tätigkeiten"}),
        ("office_finder", {"title": "Büros"}),
        ("courses", {"title": "Kurse"}),
    ]
    page.save_revision().publish()
    shown = client.get(page.url).content.decode()
    for words in (
        "Guten Tag",
        "Kommen Sie vorbei",
        "Zum Mitnehmen",
        "tel:+492315022222",
        "Im Hof",
        "Abschrift",
    ):
        assert words in shown
    assert "verschwunden" not in shown
    assert desk.get(f"/redaktion/pages/{page.pk}/edit/").status_code == 200


def test_a_role_s_page_says_what_the_catalogue_says_today(client: Client) -> None:
    money = CompensationModelFactory(name="Pauschale")
    for amount, begins, ends in (
        ("840", date(2001, 1, 1), date(2001, 12, 31)),
        ("960", date(2002, 1, 1), None),
    ):
        CompensationRate.objects.create(
            model=money,
            unit=RateUnit.YEAR_AND_HELPER,
            amount_eur=amount,
            valid_from=begins,
            valid_until=ends,
            checked_on=begins,
        )
    role = RoleFactory(name="Vorlesen", slug="vorlesen", does="Zeitung lesen", does_not="Briefe öffnen")
    role.required_trainings.add(TrainingFactory(name="Einführung"))
    role.compensation_models.set([money])
    create_pages([])
    page = client.get("/taetigkeiten/vorlesen/").content.decode()
    for words in ("Zeitung lesen", "Briefe öffnen", "Einführung", "Pauschale", "960 Euro je Jahr"):
        assert words in page
    assert "840" not in page
    role.does = "Romane lesen"
    role.save()
    assert "Romane lesen" in client.get("/taetigkeiten/vorlesen/").content.decode()
    assert RolePage.objects.count() == 1


def test_what_the_program_hides_leads_nowhere_else(client: Client) -> None:
    """Whoever writes the site could otherwise lead people away from the desk."""
    create_pages([])
    hidden, gone = "/buero/anfragen/9/", "/gibt-es-nicht-mehr/"
    client.force_login(UserFactory(helper=True))
    for path in (hidden, gone):
        Redirect.objects.create(old_path=Redirect.normalise_path(path), redirect_link="https://example.org/")
    assert client.get(hidden).status_code == 404
    assert client.get(gone).status_code == 301


def test_numbers_and_notices_of_the_editors_stand_on_every_page(client: Client) -> None:
    notes = SiteNotes.for_site(Site.objects.get())
    notes.phone, notes.emergency = "0231 50-22222", "Im Notfall: 112. Nachts: 116 117."
    notes.save()
    today = berlin_day(timezone.now())
    for text, begins, ends in (
        ("Heute geschlossen", today, today),
        ("Gestern geschlossen", today - timedelta(days=3), today - timedelta(days=1)),
        ("Morgen geschlossen", today + timedelta(days=1), today + timedelta(days=1)),
    ):
        Banner.objects.create(notes=notes, text=text, from_day=begins, until_day=ends)
    for path in ("/", "/anmelden/login/", "/gibt-es-nicht/", "/suche/"):
        page = client.get(path).content.decode()
        for words in ("tel:02315022222", "tel:112", "tel:116117", "Heute geschlossen"):
            assert words in page, (path, words)
        assert "Gestern geschlossen" not in page
        assert "Morgen geschlossen" not in page


def test_what_stands_on_every_page_costs_one_query(django_assert_num_queries: Any) -> None:
    create_pages([OfficeFactory()])
    request = RequestFactory().get("/termine/")
    with django_assert_num_queries(1):
        words = words_of_the_site(request)
        assert words["site_notes"].phone
        assert words["legal_pages"][0] == {
            "label": "Impressum",
            "url": "/impressum/",
            "language": "",
            "is_current": False,
        }
        assert [banner["url"] for banner in words["banners"]] == [""]
        assert [link["url"] for link in words["content_menu"] if link["is_current"]] == ["/termine/"]


def test_a_closed_page_is_not_in_the_menu(client: Client) -> None:
    create_pages([])
    page = ContentPage.objects.get(slug="fuer-angehoerige")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert "Für Angehörige</a>" not in client.get("/anmelden/login/").content.decode()


def test_before_there_is_a_site_every_page_still_opens(client: Client) -> None:
    Site.objects.all().delete()
    assert client.get("/anmelden/login/").status_code == 200


def test_an_entry_of_the_program_shows_only_when_its_page_exists(client: Client) -> None:
    page = client.get("/").content.decode()
    for entry in PUBLIC_ENTRIES:
        assert (f">{entry.label}</a>" in page) == bool(address_of(entry.url_name))


def test_a_page_tells_others_what_it_is(client: Client) -> None:
    create_pages([OfficeFactory()])
    page = client.get("/neuigkeiten/telefonkette-sucht-stimmen/").content.decode()
    assert '<meta property="og:title" content="Die Telefonkette sucht freundliche Stimmen">' in page
    assert '<meta property="og:type" content="article">' in page
    assert '<link rel="canonical" href="http://localhost/neuigkeiten/telefonkette-sucht-stimmen/">' in page
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/neuigkeiten/telefonkette-sucht-stimmen/</loc>" in sitemap
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_a_moved_page_is_still_found_at_its_old_address(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    create_pages([])
    page = ContentPage.objects.get(slug="fuer-angehoerige")
    page.slug = "fuer-familien"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert client.get("/fuer-angehoerige/").headers["Location"] == "/fuer-familien/"


def test_a_role_says_how_many_look_for_it_but_never_fewer_than_three(client: Client) -> None:
    role = RoleFactory(slug="besuch", name="Besuch")
    create_pages([])
    url = RolePage.objects.get(role=role).url
    staff = SeatFactory().user
    build_town()
    for _nth in range(2):
        wanted(role, staff)
    publish_wanted(on=TODAY)
    assert "suchen zurzeit diese Hilfe" not in client.get(url).content.decode()
    wanted(role, staff)
    publish_wanted(on=TODAY)
    html = client.get(url).content.decode()
    assert "Mindestens 3 Menschen suchen zurzeit diese Hilfe." in html
    assert 'href="/gesucht/?taetigkeit=besuch"' in html


def test_who_complains_finds_a_number_outside_the_tandem(client: Client) -> None:
    create_pages([OfficeFactory()])
    html = client.get("/etwas-stimmt-nicht/").content.decode()
    assert "Beschwerdestelle der Stadt" in html
    assert 'href="tel:02214710999"' in html


def test_a_page_without_a_photograph_is_shared_with_the_houses_drawing(client: Client) -> None:
    create_pages([])
    assert '<meta property="og:image" content="http://testserver/static/cms/share' in (
        client.get("/").content.decode()
    )
