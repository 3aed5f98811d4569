"""A guest looks for help nearby; without an account, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from helfer.matching.actions import publish_offers, publish_wanted
from helfer.matching.models import Interest, PublicWanted
from helfer.people.models import Office, OfficeDistrict
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory
from tests.matching import test_public_wanted
from tests.matching.public_town import TODAY, build_town, listed

pytestmark = pytest.mark.e2e


@pytest.fixture
def offers(live_server: Any) -> None:
    cache.clear()
    quarters = build_town()
    office = OfficeFactory(name="Seniorenbüro Hafen", phone="+4923112345")
    OfficeDistrict.objects.create(office=office, district=quarters[0].district)
    visits = RoleFactory(name="Besuche", does="Zuhören\nVorlesen", does_not="Pflege")
    for at in range(6):
        listed(visits, 0 if at < 3 else 2, languages=["de", "tr"], times=["mo-vm"])
    publish_offers(on=TODAY)


def test_a_guest_finds_an_offer_and_whom_to_call(
    offers: None, new_page: Any, axe_everywhere: Callable[[Page], None], look: Any
) -> None:
    page: Page = new_page(java_script_enabled=False)
    page.goto("/angebote/")
    expect(page.get_by_role("heading", name="6 Angebote")).to_be_visible()
    page.get_by_label("Postleitzahl, Straße oder Quartier").fill("Quartier 0")
    page.get_by_role("button", name="Ort suchen").click()
    page.get_by_role("link", name="Quartier 0, Bezirk 0", exact=True).click()
    expect(page.get_by_text("in Ihrem Quartier")).to_be_visible()
    page.get_by_label("Wie weit?").select_option("nur hier")
    page.get_by_label("In welcher Sprache?").select_option("Türkisch (6)")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_role("heading", name="3 Angebote")).to_be_visible()
    page.get_by_role("link", name="Diese Hilfe anfragen").click()
    expect(page.get_by_role("link", name="0231 12345")).to_be_visible()

    seen: Page = new_page()
    for address in ("", "?zeit=ab", "karte/", "blatt/"):
        seen.goto(f"/angebote/{address}")
        axe_everywhere(seen)
        look(seen, f"angebote-{address.strip('/?') or 'liste'}")


def test_a_helper_says_i_can_and_shows_a_card(
    new_page: Any, axe_everywhere: Callable[[Page], None], look: Any
) -> None:
    cache.clear()
    quarters = build_town()
    staff = SeatFactory(office__phone="+4923112345").user
    office = Office.objects.of_tandem(staff).get()
    OfficeDistrict.objects.create(office=office, district=quarters[0].district)
    visits = RoleFactory(slug="besuch", name="Besuche", does="Zuhören")
    for _ in range(4):
        request = test_public_wanted.listed(visits, staff, languages=["tr"], times=["mo-vm"])
    publish_wanted(on=TODAY)
    helper = HelperProfileFactory(active=True, roles=[visits], office=office, times=["mo-vm"])
    mine: Page = new_page(UserFactory(helper=True, person=helper.person))
    desk: Page = new_page(staff)

    def seen(page: Page, name: str) -> None:
        axe_everywhere(page)
        look(page, name)

    mine.goto("/gesucht/")
    seen(mine, "gesucht")
    mine.get_by_role("link", name="Das kann ich").first.click()
    seen(mine, "gesucht-eine")
    mine.get_by_role("link", name="Das kann ich").click()
    mine.get_by_role("button", name="Ja, das kann ich").click()
    expect(mine.get_by_text("meldet sich bei Ihnen")).to_be_visible()
    assert Interest.objects.count() in {row.number or 1 for row in PublicWanted.objects.all()}

    mine.goto("/mein-profil/karte/")
    seen(mine, "karte-wahl")
    mine.get_by_label("mein Vorname").check()
    mine.get_by_role("button", name="Vorschau ansehen").click()
    expect(mine.get_by_role("heading", name=helper.person.given_name)).to_be_visible()
    seen(mine, "karte-vorschau")
    mine.get_by_role("button", name="Ja, diese Karte darf jeder sehen").click()
    expect(mine.get_by_text("Ihre Karte darf gezeigt werden")).to_be_visible()

    desk.goto(f"/buero/interesse/{Interest.objects.order_by('pk')[0].pk}/")
    seen(desk, "interesse")
    for address in (f"helfende/{helper.pk}/karte", f"helfende/{helper.pk}/karte/vorschau"):
        desk.goto(f"/buero/{address}/")
        axe_everywhere(desk)
    desk.goto(f"/buero/anfragen/{request.pk}/oeffentlich/")
    seen(desk, "anfrage-oeffentlich")
