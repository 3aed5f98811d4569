"""Pieces that hold words, pictures and files of the editors' own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
FILMS = ("mp4", "webm")


class StepBlock(blocks.StructBlock):
    """One step on a way."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), required=False, default="")


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


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Zitat"))
    who = blocks.CharBlock(label=_("Von wem"), required=False, default="", max_length=80)

    class Meta:
        icon = "openquote"
        label = _("Zitat")
        template = "cms/blocks/quote.html"


class PictureBlock(blocks.StructBlock):
    """A picture; who cannot see it reads what it shows."""

    picture = ImageBlock(label=_("Bild"))
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False, default="", max_length=200)

    class Meta:
        icon = "image"
        label = _("Bild")
        template = "cms/blocks/picture.html"


class VideoBlock(blocks.StructBlock):
    """A film with everything that is said and shown in it as text."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    film = DocumentChooserBlock(label=_("Film (MP4 oder WebM)"))
    captions = DocumentChooserBlock(label=_("Untertitel (VTT)"))
    transcript = blocks.RichTextBlock(
        label=_("Alles, was gesagt und gezeigt wird, als Text"), features=["bold", "italic", "ul", "ol"]
    )

    class Meta:
        icon = "media"
        label = _("Film")
        template = "cms/blocks/video.html"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors = {}
        if value["film"].file_extension not in FILMS:
            errors["film"] = ValidationError(_("Wählen Sie eine MP4- oder WebM-Datei."))
        if value["captions"].file_extension != "vtt":
            errors["captions"] = ValidationError(_("Wählen Sie eine VTT-Datei."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return value


class DownloadsBlock(blocks.StructBlock):
    """Files to take home."""

    title = blocks.CharBlock(label=_("Überschrift"), max_length=80)
    files = blocks.ListBlock(DocumentChooserBlock(label=_("Datei")), label=_("Dateien"))

    class Meta:
        icon = "download"
        label = _("Dateien zum Mitnehmen")
        template = "cms/blocks/downloads.html"
