"""Made-up pages, so that there is something to look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.models import ContentPage, HomePage, OfficePage, SiteNotes
from helfer.people.models import Office

TITLE = "Nachbarn helfen im Alter"
INTRO = "Ihr Seniorenbüro bringt Menschen zusammen: die Hilfe brauchen, und die gern helfen."

HOW_IT_GOES: list[dict[str, Any]] = [
    {
        "type": "steps",
        "value": {
            "title": "So kommt Hilfe zu Ihnen",
            "steps": [
                {
                    "title": "Sie rufen an",
                    "text": "Oder Angehörige tun es für Sie. Wir hören zu und fragen nach.",
                },
                {"title": "Wir suchen", "text": "Jemand aus der Nähe, der Zeit hat und zu Ihnen passt."},
                {"title": "Sie lernen sich kennen", "text": "Beim ersten Besuch ist jemand von uns dabei."},
                {"title": "Wir bleiben da", "text": "Wir fragen regelmäßig nach, wie es geht."},
            ],
        },
    },
    {
        "type": "quote",
        "value": {
            "text": "Donnerstags kommt Besuch. Darauf freue ich mich.",
            "who": "eine Nachbarin, 84 Jahre",
        },
    },
]
PAGES: list[dict[str, Any]] = [
    {
        "slug": "hilfe-bekommen",
        "title": "Hilfe bekommen",
        "menu": True,
        "intro": "Einkaufen, Begleitung zum Arzt, Gesellschaft: Nachbarinnen und Nachbarn helfen.",
        "body": [
            {"type": "roles", "value": {"title": "Das tun Helferinnen und Helfer"}},
            {
                "type": "questions",
                "value": {
                    "title": "Fragen und Antworten",
                    "questions": [
                        {
                            "question": "Was kostet das?",
                            "answer": "<p>Meist nichts. Mit Pflegegrad kann der Entlastungsbetrag helfen; "
                            "das Seniorenbüro berät Sie.</p>",
                        },
                        {
                            "question": "Wer kommt da zu mir?",
                            "answer": "<p>Menschen, mit denen wir gesprochen haben und die geschult sind. "
                            "Zwei Fachleute, von Stadt und Verband, geben jede Vermittlung frei.</p>",
                        },
                    ],
                },
            },
        ],
    },
    {
        "slug": "selbst-helfen",
        "title": "Selbst helfen",
        "menu": True,
        "intro": "Eine Stunde in der Woche ist schon viel. Sie entscheiden, was, wann und für wen.",
        "body": [
            {
                "type": "steps",
                "value": {
                    "title": "So fangen Sie an",
                    "steps": [
                        {
                            "title": "Sie melden sich",
                            "text": "Telefonisch oder im Büro, ohne jede Verpflichtung.",
                        },
                        {
                            "title": "Wir sprechen miteinander",
                            "text": "Was liegt Ihnen, und was lieber nicht?",
                        },
                        {
                            "title": "Sie werden geschult",
                            "text": "Erste Hilfe und ein kurzer Kurs; wir zahlen ihn.",
                        },
                    ],
                },
            }
        ],
    },
    {"slug": "impressum", "title": "Impressum", "intro": "Angaben zur Vorführung.", "body": []},
    {
        "slug": "datenschutz",
        "title": "Datenschutz",
        "intro": "Was wir wissen, und was wir niemandem sagen.",
        "body": [],
    },
    {
        "slug": "barrierefreiheit",
        "title": "Barrierefreiheit",
        "intro": "Diese Seiten sollen alle benutzen können. Wenn etwas nicht geht: Rufen Sie uns an.",
        "body": [],
    },
]


@transaction.atomic
def create_pages(offices: Iterable[Office]) -> HomePage:
    """The first page, a few pages of words and one page for each office; what is there already stays."""
    offices = list(offices)
    home = _home()
    if not home.body:
        home.body = HOW_IT_GOES
        home.save_revision().publish()
    present = set(home.get_children().values_list("slug", flat=True))
    for words in PAGES:
        if words["slug"] not in present:
            page = ContentPage(
                title=words["title"],
                slug=words["slug"],
                intro=words["intro"],
                body=words["body"],
                show_in_menus=words.get("menu", False),
                locale=home.locale,
            )
            home.add_child(instance=page)
    with_page = set(OfficePage.objects.values_list("office", flat=True))
    for office in offices:
        if office.pk not in with_page and office.slug not in present:
            home.add_child(
                instance=OfficePage(title=office.name, slug=office.slug, office=office, locale=home.locale)
            )
    site = Site.objects.get(is_default_site=True)
    notes = SiteNotes.for_site(site)
    if not notes.phone and offices:
        notes.phone = str(offices[0].phone)
        notes.phone_hours = "montags bis freitags von 9 bis 16 Uhr"
        notes.save()
    return home


def _home() -> HomePage:
    """The site's first page, made where there is none (a new database has one from its migrations)."""
    home = HomePage.objects.order_by("path").first()
    if home is None:
        locale = Locale.objects.get_or_create(language_code="de")[0]
        root = Page.get_first_root_node()
        if root is None:
            root = Page.add_root(title="Root", slug="root", locale=locale)
        home = root.add_child(instance=HomePage(title=TITLE, intro=INTRO, slug="start", locale=locale))
    if not Site.objects.filter(is_default_site=True).exists():
        Site.objects.create(hostname="localhost", site_name="Helfer", root_page=home, is_default_site=True)
    return home
