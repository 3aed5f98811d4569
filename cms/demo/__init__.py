"""Pages that a city begins with; in a demo, made-up news and dates too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from cms.demo import happenings, pages
from cms.models import (
    Banner,
    ContentPage,
    EventPage,
    EventsPage,
    FormField,
    FormPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    OfficePage,
    RolePage,
    RolesPage,
    SiteNotes,
)
from helfer.catalogue.models import Role
from helfer.core.days import berlin_day
from helfer.people.models import Office

WAY = (
    "Bus und Straßenbahn halten 100 Meter entfernt.\n"
    "Der Eingang hat keine Stufen. Es gibt eine Toilette für Rollstühle."
)
FOOTER = "Ein gemeinsames Angebot der Stadt und der Wohlfahrtsverbände."
COMPLAINTS = "Beschwerdestelle der Stadt, Frau Sommer: 0221 4710999"


@transaction.atomic
def create_pages(offices: Iterable[Office], *, made_up: bool = True) -> HomePage:
    """The first page, pages of words, one for each office and role; what is there already stays."""
    offices = list(offices)
    today = berlin_day(timezone.now())
    home = _home()
    if not home.body:
        home.body = pages.HOME
        home.drawing = "neighbours"
        home.save_revision().publish()
    for words in pages.PAGES:
        fields = {key: value for key, value in words.items() if key != "menu"}
        _below(home, ContentPage, **fields, show_in_menus=words.get("menu", False))
    _roles(home)
    if made_up:
        _news(home, today)
        _dates(home, today, offices)
    _accessibility(home)
    with_page = set(OfficePage.objects.values_list("office", flat=True))
    for office in offices:
        if office.pk not in with_page:
            way = WAY if made_up else ""
            _below(home, OfficePage, title=office.name, slug=office.slug, office=office, way=way)
    _notes(home, offices, today if made_up else None)
    return home


def _home() -> HomePage:
    """The site's first page, made where there is none (a new database has one from its migrations)."""
    home = HomePage.objects.order_by("path").first()
    if home is None:
        locale = Locale.objects.get_or_create(language_code="de")[0]
        root = Page.get_first_root_node()
        if root is None:
            root = Page.add_root(title="Root", slug="root", locale=locale)
        home = root.add_child(
            instance=HomePage(title=pages.TITLE, intro=pages.INTRO, slug="start", locale=locale)
        )
    if not Site.objects.filter(is_default_site=True).exists():
        Site.objects.create(hostname="localhost", site_name="Helfer", root_page=home, is_default_site=True)
    return home


def _below(parent: Any, model: type[Any], *, slug: str, **fields: Any) -> Any:
    """The page at this address below ``parent``, made where there is none."""
    present = parent.get_children().filter(slug=slug).first()
    if present is not None:
        return present.specific
    return parent.add_child(instance=model(slug=slug, locale=parent.locale, **fields))


def _roles(home: HomePage) -> None:
    index = _below(
        home,
        RolesPage,
        slug="taetigkeiten",
        title="Was Helfende tun",
        intro="Und was nicht. Suchen Sie sich aus, was zu Ihnen passt.",
        show_in_menus=True,
    )
    with_page = set(RolePage.objects.values_list("role", flat=True))
    for role in Role.objects.filter(is_active=True).order_by("pk"):
        if role.pk not in with_page:
            drawing, intro = pages.ROLES.get(role.slug, ("", ""))
            _below(index, RolePage, slug=role.slug, title=role.name, role=role, drawing=drawing, intro=intro)


def _news(home: HomePage, today: date) -> None:
    index = _below(
        home,
        NewsIndexPage,
        slug="neuigkeiten",
        title="Neuigkeiten",
        drawing="news",
        intro="Was in den Seniorenbüros geschieht.",
        show_in_menus=True,
    )
    for fields in happenings.news_of(today):
        _below(index, NewsPage, **fields)


def _dates(home: HomePage, today: date, offices: list[Office]) -> None:
    index = _below(
        home,
        EventsPage,
        slug="termine",
        title="Termine",
        drawing="calendar",
        intro="Treffen, Kurse und Sprechstunden in Ihrer Nähe.",
        show_in_menus=True,
    )
    places = [", ".join(filter(None, (office.name, office.street))) for office in offices]
    for fields in happenings.dates_from(today, places or ["Seniorenbüro"]):
        _below(index, EventPage, **fields)


def _accessibility(home: HomePage) -> None:
    words = dict(pages.ACCESSIBILITY)
    fields = words.pop("fields")
    page = _below(home, FormPage, **words)
    if isinstance(page, FormPage) and not page.form_fields.exists():
        for order, (label, kind, required, help_text) in enumerate(fields):
            FormField.objects.create(
                page=page,
                locale=page.locale,
                sort_order=order,
                label=label,
                field_type=kind,
                required=required,
                help_text=help_text,
            )


def _notes(home: HomePage, offices: list[Office], today: date | None) -> None:
    notes = SiteNotes.for_site(Site.objects.get(is_default_site=True))
    if not notes.phone and offices and offices[0].phone:
        notes.phone = offices[0].phone.as_national
        notes.phone_hours = "montags bis freitags von 9 bis 16 Uhr"
    notes.footer = notes.footer or FOOTER
    if today is not None:
        notes.complaints = notes.complaints or COMPLAINTS
    for field, slug in (
        ("imprint", "impressum"),
        ("privacy", "datenschutz"),
        ("accessibility", "barrierefreiheit"),
    ):
        if getattr(notes, field) is None:
            setattr(notes, field, home.get_children().filter(slug=slug).first())
    notes.save()
    if today is not None and not Banner.objects.filter(notes=notes).exists():
        until = today + timedelta(days=14)
        Banner.objects.create(
            notes=notes,
            text="Zwischen Weihnachten und Neujahr sind die Büros nur am Telefon da.",
            from_day=today,
            until_day=until,
        )
