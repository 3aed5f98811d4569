"""What editors build pages from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from helfer.catalogue.models import Role
from helfer.people.models import Office

RICH = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class StepBlock(blocks.StructBlock):
    """One step on a way."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), required=False)


class StepsBlock(blocks.StructBlock):
    """How something goes, step by step."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    steps = blocks.ListBlock(StepBlock(label=_("Schritt")), label=_("Schritte"), min_num=2)

    class Meta:
        icon = "list-ol"
        label = _("Schritte")
        template = "cms/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    """One question with its answer."""

    question = blocks.CharBlock(label=_("Frage"), max_length=160)
    answer = blocks.RichTextBlock(label=_("Antwort"), features=RICH)


class QuestionsBlock(blocks.StructBlock):
    """Questions people ask, with answers that open."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    questions = blocks.ListBlock(QuestionBlock(label=_("Frage und Antwort")), label=_("Fragen"))

    class Meta:
        icon = "help"
        label = _("Fragen und Antworten")
        template = "cms/blocks/questions.html"


def _offices() -> list[tuple[str, str]]:
    return list(Office.objects.filter(is_active=True).order_by("name").values_list("slug", "name"))


class ContactBlock(blocks.StructBlock):
    """An office to turn to; phone and opening hours come from the office itself."""

    office = blocks.ChoiceBlock(label=_("Seniorenbüro"), choices=_offices)
    text = blocks.TextBlock(label=_("Text"), required=False)

    class Meta:
        icon = "mail"
        label = _("Kontakt")
        template = "cms/blocks/contact.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        # Not named "office": the page's header shows that one's phone.
        context["contact"] = Office.objects.filter(slug=value["office"], is_active=True).first()
        return context


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Zitat"))
    who = blocks.CharBlock(label=_("Von wem"), required=False, max_length=80)

    class Meta:
        icon = "openquote"
        label = _("Zitat")
        template = "cms/blocks/quote.html"


class CallToActionBlock(blocks.StructBlock):
    """What readers should do next: open a page, or call."""

    text = blocks.TextBlock(label=_("Text"))
    label = blocks.CharBlock(label=_("Aufschrift"), required=False, max_length=40)
    page = blocks.PageChooserBlock(label=_("Seite"), required=False)
    phone = blocks.CharBlock(
        label=_("Telefon"), required=False, max_length=30, help_text=_("Zum Beispiel +49 231 5022222")
    )

    class Meta:
        icon = "arrow-right"
        label = _("Aufforderung")
        template = "cms/blocks/call_to_action.html"


class DownloadsBlock(blocks.StructBlock):
    """Files to take home."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    files = blocks.ListBlock(DocumentChooserBlock(label=_("Datei")), label=_("Dateien"))

    class Meta:
        icon = "download"
        label = _("Dateien zum Mitnehmen")
        template = "cms/blocks/downloads.html"


class RolesBlock(blocks.StructBlock):
    """What helpers do and what they must not do, as the catalogue has it."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)

    class Meta:
        icon = "clipboard-list"
        label = _("Tätigkeiten aus dem Katalog")
        template = "cms/blocks/roles.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["roles"] = Role.objects.filter(is_active=True).order_by("name")
        return context


class BodyBlock(blocks.StreamBlock):
    """A page's content, piece by piece."""

    text = blocks.RichTextBlock(
        features=["h2", *RICH], label=_("Text"), icon="pilcrow", template="cms/blocks/text.html"
    )
    steps = StepsBlock()
    questions = QuestionsBlock()
    contact = ContactBlock()
    quote = QuoteBlock()
    call_to_action = CallToActionBlock()
    downloads = DownloadsBlock()
    roles = RolesBlock()
