"""Pages in several languages: whoever reads Turkish finds Turkish, and never less than in German."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource

from cms.demo import create_pages
from cms.demo.languages import FOLDER, segments_of, sentences_in, translate_pages
from cms.models import Banner, ContentPage, FormPage, HomePage, OfficePage, SiteNotes, TranslatedNote
from tests.factories.people import OfficeFactory, sign_in, tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    """The pages a city begins with, in German."""
    return create_pages([])


def translated(page: Any, language: str, **fields: Any) -> Any:
    """The page in another language, as an editor publishes it."""
    locale = Locale.objects.get_or_create(language_code=language)[0]
    copy = page.copy_for_translation(locale, copy_parents=True)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    copy.refresh_from_db()
    return copy


def page(slug: str) -> ContentPage:
    return ContentPage.objects.get(slug=slug, locale__language_code="de")


def test_the_address_says_the_language(home: HomePage, client: Client) -> None:
    copy = translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    assert copy.url == "/tr/selbst-helfen/"
    answer = client.get(copy.url)
    html = answer.content.decode()
    assert '<html lang="tr" dir="ltr"' in html
    assert "Siz de yardım edin" in html
    assert '<link rel="alternate" hreflang="de"' in html
    # Who came by a Turkish address goes on in Turkish.
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "tr"
    assert '<html lang="tr"' in client.get("/hilfe-suchen/").content.decode()


def test_arabic_runs_from_right_to_left(home: HomePage, client: Client) -> None:
    translated(home, "ar", title="جيران يساعدون")
    html = client.get("/ar/").content.decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert "kern.rtl.min.css" in html


def test_a_german_address_leads_on_to_the_readers_language_and_keeps_its_question(
    home: HomePage, client: Client
) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    answer = client.get("/selbst-helfen/?seite=2")
    assert (answer.status_code, answer["Location"]) == (302, "/tr/selbst-helfen/?seite=2")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    assert client.get("/selbst-helfen/").status_code == 200
    # An address that names its language is obeyed whatever was chosen, and does not change the choice.
    answer = client.get("/tr/selbst-helfen/")
    assert answer.status_code == 200
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_an_address_with_an_umlaut_leads_on_as_well(home: HomePage, client: Client) -> None:
    german = page("selbst-helfen")
    german.slug = "für-angehörige"
    german.save()
    copy = translated(german, "tr", title="Yakınları için")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    answer = client.get("/für-angehörige/", follow=True)
    assert [address for address, _status in answer.redirect_chain] == [copy.url]
    assert "Yakınları için" in answer.content.decode()


def test_an_address_without_its_last_stroke_stays_in_the_house(home: HomePage, client: Client) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    assert client.get("/tr")["Location"] == "/"


def test_translated_words_lead_to_a_page_that_is_not(home: HomePage, client: Client) -> None:
    translated(home, "tr")
    banner = Banner.objects.get()
    banner.page = page("fuer-angehoerige")
    banner.save()
    TranslatedNote.objects.create(
        notes=banner.notes, language="tr", german=banner.text, words="Bürolar kapalı."
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    html = client.get("/hilfe-suchen/").content.decode()
    assert '<a href="/fuer-angehoerige/">Bürolar kapalı.</a>' in html


def test_what_nobody_has_translated_is_shown_in_german_and_marked(home: HomePage, client: Client) -> None:
    translated(home, "ar", title="جيران يساعدون")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    html = client.get("/fuer-angehoerige/").content.decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert '<div class="c-page" lang="de" dir="ltr">' in html
    menu = client.get("/ar/").content.decode()
    assert 'href="/fuer-angehoerige/" lang="de" dir="auto"' in menu


def test_a_copy_that_only_holds_the_place_is_no_translation(home: HomePage, client: Client) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    assert home.get_translation(Locale.objects.get(language_code="tr")).alias_of_id == home.pk
    answer = client.get("/tr/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    html = client.get("/").content.decode()
    assert '<div class="c-page" lang="de" dir="ltr">' in html
    assert 'hreflang="tr"' not in html
    assert "/tr/</loc>" not in client.get("/sitemap.xml").content.decode()


def test_a_draft_is_shown_to_nobody(home: HomePage, client: Client) -> None:
    copy = translated(page("selbst-helfen"), "tr", title="Taslak")
    copy.unpublish()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    assert client.get("/selbst-helfen/").status_code == 200
    # Whoever kept its address is led to what there is.
    answer = client.get("/tr/selbst-helfen/?seite=2")
    assert (answer.status_code, answer["Location"]) == (302, "/selbst-helfen/?seite=2")
    assert client.get("/tr/gibt-es-nicht/").status_code == 404
    assert 'href="/selbst-helfen/" lang="de" dir="auto"' in client.get("/suche/").content.decode()


def test_a_first_page_that_is_offline_hides_only_itself(home: HomePage, client: Client) -> None:
    copy = translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    first = translated(home, "ar", title="جيران يساعدون")
    first.unpublish()
    assert client.get("/ar/")["Location"] == "/"
    # No German page stands at an Arabic address.
    assert client.get("/ar/fuer-angehoerige/")["Location"] == "/fuer-angehoerige/"
    home.get_translation(Locale.objects.get(language_code="tr")).unpublish()
    assert "Siz de yardım edin" in client.get(copy.url).content.decode()
    assert client.get("/tr/")["Location"] == "/"


def test_the_language_switch_keeps_what_follows_the_address(home: HomePage, client: Client) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    html = client.get("/selbst-helfen/?seite=2").content.decode()
    assert 'name="next" value="/tr/selbst-helfen/?seite=2"' in html
    # Where there is no page, the address says the language all the same.
    html = client.get("/tr/gibt-es-nicht/").content.decode()
    assert 'name="next" value="/gibt-es-nicht/"' in html
    assert 'name="next" value="/en/gibt-es-nicht/"' in html


def test_the_beginning_of_another_language_is_no_address_of_a_page(home: HomePage) -> None:
    for slug in ("tr", "de-simple"):
        with pytest.raises(ValidationError) as refusal:
            home.add_child(instance=ContentPage(title="Tierheim", slug=slug, locale=home.locale))
        assert set(refusal.value.message_dict) == {"slug"}


def test_the_editors_order_stays_in_every_language(home: HomePage, client: Client) -> None:
    parent = page("selbst-helfen")
    for slug in ("eins", "zwei", "drei"):
        parent.add_child(instance=ContentPage(title=slug, slug=slug, locale=home.locale))
    # What is translated first stands first among the Turkish pages.
    translated(page("drei"), "tr", title="üç")
    translated(page("eins"), "tr", title="bir")
    with translation.override("tr"):
        assert [part.title for part in parent.parts()] == ["bir", "zwei", "üç"]


def test_what_editors_chose_in_another_language_is_found_in_all(home: HomePage, client: Client) -> None:
    notes = SiteNotes.objects.get()
    notes.privacy = translated(page("datenschutz"), "tr", title="Kişisel veriler")
    notes.save()
    assert '<a href="/datenschutz/">Datenschutz</a>' in client.get("/").content.decode()


def test_the_language_switch_leads_to_the_same_page(home: HomePage, client: Client) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    html = client.get("/selbst-helfen/").content.decode()
    assert 'name="next" value="/tr/selbst-helfen/"' in html
    # Where there is no English page, the switch stays on the German one.
    assert 'name="next" value="/selbst-helfen/"' in html


def test_lists_show_each_page_once(home: HomePage, client: Client) -> None:
    office = OfficeFactory(name="Seniorenbüro Nord")
    create_pages([office])
    translated(home, "tr")
    own = OfficePage.objects.get(office=office)
    translated(own, "tr", title="Yaşlılar bürosu Nord")
    assert [one.title for one in OfficePage.listed()] == ["Seniorenbüro Nord"]
    html = client.get("/tr/").content.decode()
    assert "Yaşlılar bürosu Nord" in html
    assert ">Seniorenbüro Nord<" not in html
    assert 'href="/selbst-helfen/" lang="de" dir="auto"' in html


def test_an_office_has_one_page_in_a_language(home: HomePage) -> None:
    office = OfficeFactory()
    create_pages([office])
    second = OfficePage(title="Noch eine", slug="noch-eine", office=office, locale=home.locale)
    with pytest.raises(ValidationError, match="schon eine Seite"):
        home.add_child(instance=second)


def test_notes_of_the_site_are_translated_until_somebody_changes_them(home: HomePage, client: Client) -> None:
    notes = SiteNotes.objects.get()
    TranslatedNote.objects.create(
        notes=notes, language="tr", german=notes.emergency, words="Acil durumda: 112."
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    html = client.get("/hilfe-suchen/").content.decode()
    assert "Acil durumda:" in html
    notes.emergency = "Im Notfall: 112."
    notes.save()
    html = client.get("/hilfe-suchen/").content.decode()
    assert "Acil durumda:" not in html
    assert '<p class="h-urgent__words" lang="de" dir="ltr">Im Notfall:' in html
    assert Banner.objects.exists()


def test_the_desk_speaks_german_where_it_has_no_turkish(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    # The sign-in, which residents have too.
    assert '<html lang="tr"' in client.get("/anmelden/", follow=True).content.decode()
    html = sign_in(client, tandem(OfficeFactory())[0]).get("/buero/", follow=True).content.decode()
    assert '<html lang="de"' in html
    assert "Türkçe" not in html


def test_search_finds_each_page_once_in_the_readers_language(home: HomePage, client: Client) -> None:
    translated(page("selbst-helfen"), "tr", title="Selbst helfen: yardım")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    html = client.get("/suche/?q=helfen").content.decode()
    assert "/tr/selbst-helfen/" in html
    assert 'class="kern-link" href="/selbst-helfen/"' not in html


def test_search_finds_the_readers_version_of_what_only_another_one_says(
    home: HomePage, client: Client
) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de", intro="Yardım", body=[])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    html = client.get("/suche/", {"q": page("selbst-helfen").intro}).content.decode()
    assert 'href="/tr/selbst-helfen/"' in html


def test_the_sitemap_names_every_language(home: HomePage, client: Client) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    listed = client.get("/sitemap.xml").content.decode()
    assert "/selbst-helfen/</loc>" in listed
    assert "/tr/selbst-helfen/</loc>" in listed


FILES = sorted(Path(FOLDER).glob("*.po"))


def test_every_language_has_a_file() -> None:
    assert {path.stem for path in FILES} == {code for code, _name in settings.LANGUAGES} - {"de"}


def test_the_pages_a_city_begins_with_are_complete_in_every_language(home: HomePage) -> None:
    create_pages([OfficeFactory(name="Seniorenbüro Mitte")])
    notes = SiteNotes.objects.get()
    notes.phone_hours = "montags bis freitags von 9 bis 16 Uhr"
    needed = {
        notes.emergency,
        notes.phone_hours,
        notes.footer,
        notes.complaints,
        *Banner.objects.values_list("text", flat=True),
    }
    for one in Page.objects.filter(depth__gt=1).exclude(title__startswith="Seniorenbüro M").specific():
        source, _new = TranslationSource.get_or_create_from_instance(one)
        needed |= {segment.string.data for segment in segments_of(source)}
    for path in FILES:
        missing = needed - {german for german, words in sentences_in(path.stem).items() if words}
        assert not missing, path.name


def test_a_page_is_translated_once(home: HomePage, django_capture_on_commit_callbacks: Any) -> None:
    Page.objects.filter(depth__gt=2).exclude(slug="selbst-helfen").delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert translate_pages(["tr"]) == 2
    assert translate_pages(["tr"]) == 0
    copy = page("selbst-helfen").get_translation(Locale.objects.get(language_code="tr"))
    assert copy.live
    assert copy.title == sentences_in("tr")["Selbst helfen"]


def test_a_page_of_which_the_files_do_not_know_every_sentence_stays_german(home: HomePage) -> None:
    changed = page("selbst-helfen")
    changed.intro = "Das hat die Redaktion neu geschrieben."
    changed.save_revision().publish()
    office = OfficeFactory(name="Seniorenbüro am Ćevapplatz")
    create_pages([office])
    Page.objects.filter(depth__gt=2).exclude(slug__in=("selbst-helfen", office.slug)).delete()
    # The first page, and the office's, whose name is a name.
    assert translate_pages(["tr"]) == 2
    locale = Locale.objects.get(language_code="tr")
    assert not changed.has_translation(locale)
    assert OfficePage.objects.get(locale=locale).title == office.name


def test_a_copy_that_holds_a_place_becomes_a_page(home: HomePage) -> None:
    translated(page("selbst-helfen"), "tr", title="Siz de yardım edin")
    Page.objects.filter(depth__gt=2).exclude(slug="selbst-helfen").delete()
    assert translate_pages(["tr"]) == 1
    first = home.get_translation(Locale.objects.get(language_code="tr"))
    assert (first.alias_of, first.title) == (None, sentences_in("tr")[home.title])


@pytest.mark.django_db(transaction=True)
def test_a_form_asks_in_the_readers_language_and_keeps_the_answer(
    home: HomePage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Page.objects.filter(depth__gt=2).exclude(slug="barrierefreiheit").delete()
    translate_pages(["tr"])
    monkeypatch.setattr("cms.models.forms.QUICKEST", timedelta(0))
    html = client.get("/tr/barrierefreiheit/").content.decode()
    assert "Ne olmadı?" in html
    assert "Was hat nicht geklappt?" not in html
    opened = signing.dumps(timezone.now().timestamp(), salt="cms.form")
    sent = {"was_hat_nicht_geklappt": "Yazı çok küçük.", "opened": opened}
    answer = client.post("/tr/barrierefreiheit/", sent)
    assert answer.status_code == 200
    copy = FormPage.objects.get(locale__language_code="tr")
    assert FormSubmission.objects.get(page=copy).get_data()["was_hat_nicht_geklappt"] == "Yazı çok küçük."
