"""Pieces that show what the product and the calendar know; editors choose only that they stand here."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.languages import for_reader
from helfer.catalogue.models import Role
from helfer.core.days import berlin_day
from helfer.people.models import Office
from helfer.web.navigation import PUBLIC_ENTRIES, address_of

COURSES_SHOWN = 6


def offices() -> list[tuple[str, str]]:
    """The offices that are open, to choose from."""
    return list(Office.objects.filter(is_active=True).order_by("name").values_list("slug", "name"))


def destinations() -> list[tuple[str, Any]]:
    """The program's own pages that a button may lead to."""
    return [(entry.url_name, entry.label) for entry in PUBLIC_ENTRIES]


class ContactBlock(blocks.StructBlock):
    """An office to turn to; phone and opening hours come from the office itself."""

    office = blocks.ChoiceBlock(label=_("Seniorenbüro"), choices=offices)
    text = blocks.TextBlock(label=_("Text"), required=False, default="")

    class Meta:
        icon = "mail"
        label = _("Kontakt")
        template = "cms/blocks/contact.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        # Not named "office": the page's header shows that one's phone.
        context["contact"] = Office.objects.filter(slug=value["office"], is_active=True).first()
        return context


class CallToActionBlock(blocks.StructBlock):
    """What readers should do next: open a page, or call."""

    title = blocks.CharBlock(label=_("Überschrift"), required=False, default="", max_length=80)
    text = blocks.TextBlock(label=_("Text"))
    label = blocks.CharBlock(label=_("Aufschrift"), required=False, default="", max_length=40)
    page = blocks.PageChooserBlock(label=_("Seite"), required=False)
    destination = blocks.ChoiceBlock(
        label=_("oder: Seite des Programms"), choices=destinations, required=False
    )
    phone = blocks.CharBlock(
        label=_("Telefon"),
        required=False,
        default="",
        max_length=30,
        help_text=_("Zum Beispiel +49 231 5022222"),
    )

    class Meta:
        icon = "arrow-right"
        label = _("Aufforderung")
        template = "cms/blocks/call_to_action.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        # Empty while the program has no such page.
        context["destination"] = address_of(value.get("destination") or "")
        return context


class RolesBlock(blocks.StructBlock):
    """What helpers do and what they must not do, as the catalogue has it."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)

    class Meta:
        icon = "clipboard-list"
        label = _("Tätigkeiten aus dem Katalog")
        template = "cms/blocks/roles.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from cms.models import RolePage

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        pages = {page.role_id: page for page in for_reader(RolePage.objects.live().public())}
        roles = Role.objects.filter(is_active=True).order_by("name")
        context["roles"] = [
            {
                "name": role.text("name"),
                "does": role.text("does"),
                "does_not": role.text("does_not"),
                "page": pages.get(role.pk),
            }
            for role in roles
        ]
        return context


class OfficeFinderBlock(blocks.StructBlock):
    """All offices, and a field to find the one that is responsible for a place."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)

    class Meta:
        icon = "site"
        label = _("Seniorenbüro finden")
        template = "cms/blocks/office_finder.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from cms.models import OfficePage

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["office_pages"] = OfficePage.listed()
        return context


class CoursesBlock(blocks.StructBlock):
    """The next courses from the calendar."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)

    class Meta:
        icon = "date"
        label = _("Nächste Kurse")
        template = "cms/blocks/courses.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from cms.models import EventKind, EventPage, dates_of

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        courses = for_reader(EventPage.objects.live().public()).filter(kind=EventKind.COURSE)
        context["dates"] = dates_of(courses, from_day=berlin_day(timezone.now()))[:COURSES_SHOWN]
        return context
