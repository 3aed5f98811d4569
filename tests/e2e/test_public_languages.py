"""The public face in Arabic, from right to left, and in Leichte Sprache: the same journeys, the same care."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cms.demo import create_pages
from cms.demo.languages import translate_pages
from cms.models import ContentPage, HomePage
from helfer.catalogue.actions import load_catalogue
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from tests.factories.people import OfficeFactory
from tests.journey_town import journey_town

pytestmark = pytest.mark.e2e

KEPT = ("hilfe-bekommen", "seniorenbueros", "taetigkeiten", "besuch", "hafen", "termine", "kaffeezeit")


@pytest.fixture
def pages(live_server: Any) -> HomePage:
    """Some pages of each kind, in all languages."""
    load_catalogue()
    home = create_pages([OfficeFactory(name="Seniorenbüro Hafen", slug="hafen")])
    for page in home.get_descendants().exclude(slug__in=KEPT).order_by("-depth"):
        page.delete()
    ContentPage.objects.get(slug="seniorenbueros").delete()
    translate_pages(["ar", "de-simple"])
    return home


@pytest.fixture
def town(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with journey_town(monkeypatch):
        load_catalogue()
        yield


def test_pages_in_arabic_run_from_right_to_left_without_barriers(
    pages: HomePage, page: Page, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page.goto("/")
    page.get_by_text("Sprache:").click()
    page.get_by_role("button", name="العربية").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("الجيران يساعدون كبار السن")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.url.endswith("/ar/")
    axe_everywhere(page)
    look_everywhere(page, "ar-startseite")
    for address, name in (("/taetigkeiten/besuch/", "taetigkeit"), ("/termine/", "termine")):
        page.goto(address)
        assert page.url.endswith(f"/ar{address}")
        axe_everywhere(page)
        look_everywhere(page, f"ar-{name}")
    # What is begun from right to left begins at the right.
    heading = page.get_by_role("heading", level=1).bounding_box()
    width = page.evaluate("document.documentElement.clientWidth")
    assert heading is not None
    assert heading["x"] + heading["width"] > width / 2


def begun_in_arabic(
    journey: str, page: Page, seen: Page, axe: Callable[[Page], None], look: Any
) -> tuple[Callable[..., None], Callable[[str], None]]:
    """Begin the journey without scripts; how to answer and go on, and how to judge in another window."""

    def go_on(*choices: str) -> None:
        for choice in choices:
            page.get_by_label(choice, exact=True).check()
        page.get_by_role("button", name="التالي", exact=True).click()

    def see(name: str) -> None:
        seen.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        seen.goto(page.url)
        axe(seen)
        look(seen, f"ar-{journey}-{name}")

    page.goto(f"/{journey}/")
    page.locator("details.h-languages summary").click()
    page.get_by_role("button", name="العربية").click()
    page.get_by_role("button", name="بدء الأسئلة").click()
    return go_on, see


def test_a_journey_in_arabic_reaches_the_office_in_german(
    town: None, new_page: Any, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page: Page = new_page(java_script_enabled=False)
    go_on, see = begun_in_arabic("hilfe-suchen", page, new_page(), axe_everywhere, look_everywhere)
    go_on("لنفسي")
    see("wobei")
    go_on("أحتاج إلى من يترجم لي.")
    go_on("لا، يرجى البحث عن شخص.")
    page.get_by_label("اسم العائلة", exact=False).fill("حداد")
    go_on()
    page.get_by_label("الشارع").fill("Lindenhoff")
    page.get_by_label("رقم البيت").fill("3")
    go_on()
    see("wo-fehler")
    page.get_by_label("Lindenhof 3", exact=False).check()
    go_on()
    see("wann")
    go_on()
    go_on("كل أسبوع")
    go_on("منذ وقت طويل")
    go_on()
    go_on("لا فرق عندي.")
    go_on("لا")
    page.get_by_label("هاتف أو هاتف محمول").fill("0231 5550101")
    go_on()
    go_on("في أي وقت")
    go_on("لا، يكفي الاتصال.")
    go_on("نعم")
    go_on("لا")
    see("uebersicht")
    page.get_by_role("button", name="إرسال الطلب").click()
    see("fertig")
    asked = HelpRequest.objects.get()
    assert asked.role is not None and asked.role.slug == "sprachmittlung"
    assert asked.help_seeker.person.family_name == "حداد"
    assert asked.help_seeker.person.language == "ar"
    # The office reads German, whatever was spoken.
    assert "Am besten anrufen: Immer" in asked.remark


def test_a_neighbour_registers_in_arabic(
    town: None, new_page: Any, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page: Page = new_page(width=320, java_script_enabled=False)
    go_on, see = begun_in_arabic("mitmachen", page, new_page(), axe_everywhere, look_everywhere)
    page.get_by_label("اسم العائلة", exact=False).fill("حداد")
    go_on()
    page.get_by_label("يرجى الاتصال بي هاتفيًا.", exact=True).check()
    page.get_by_label("هاتف أو هاتف محمول").fill("0231 5550102")
    go_on()
    page.get_by_label("الشارع").fill("Lindenhof")
    page.get_by_label("رقم البيت").fill("3")
    go_on()
    go_on("أنثى")
    page.get_by_label("الزيارات المنزلية", exact=False).first.check()
    see("wobei")
    go_on()
    go_on("الثلاثاء بعد الظهر")
    go_on("نحو 20 دقيقة مشيًا (1 كم)")
    go_on()
    go_on("شخصان")
    see("geld")
    send = page.get_by_role("button", name="إرسال التسجيل")
    for _question in range(7):
        if send.count():
            break
        if page.get_by_label("لا، هذا غير ضروري.").count():
            go_on("لا، هذا غير ضروري.")
        elif page.get_by_role("radio", name="لا", exact=True).count():
            go_on("لا")
        else:
            go_on()
    # What was ticked stands there in Arabic, and the number in its order.
    expect(page.get_by_text("الثلاثاء بعد الظهر")).to_be_visible()
    expect(page.get_by_text("\u20680231 5550102\u2069")).to_be_visible()
    see("uebersicht")
    send.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("شكرًا على رغبتك في المساعدة")
    helper = HelperProfile.objects.get()
    assert helper.person.language == "ar"
    assert helper.times == ["di-nm"]


def test_leichte_sprache_has_pages_and_journeys_of_its_own(
    pages: HomePage, page: Page, axe_everywhere: Callable[[Page], None], look_everywhere: Any
) -> None:
    page.goto("/hilfe-bekommen/")
    page.get_by_text("Sprache:").click()
    page.get_by_role("button", name="Leichte Sprache").click()
    assert page.url.endswith("/de-simple/hilfe-bekommen/")
    expect(page.locator("html")).to_have_attribute("lang", "de-simple")
    axe_everywhere(page)
    look_everywhere(page, "leicht-hilfe-bekommen")
    page.goto("/mitmachen/")
    expect(page.get_by_text("Auf jeder Seite steht nur 1 Frage.")).to_be_visible()
    axe_everywhere(page)
    look_everywhere(page, "leicht-mitmachen")
