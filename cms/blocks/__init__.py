"""What editors build pages from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.facts import (
    CallToActionBlock,
    ContactBlock,
    CoursesBlock,
    OfficeFinderBlock,
    RolesBlock,
    offices,
)
from cms.blocks.words import (
    RICH,
    DownloadsBlock,
    PictureBlock,
    QuestionsBlock,
    QuoteBlock,
    StepsBlock,
    VideoBlock,
)

__all__ = ["BodyBlock"]

# The first migration names it so.
_offices = offices


class BodyBlock(blocks.StreamBlock):
    """A page's content, piece by piece."""

    text = blocks.RichTextBlock(
        features=["h2", *RICH], label=_("Text"), icon="pilcrow", template="cms/blocks/text.html"
    )
    steps = StepsBlock()
    questions = QuestionsBlock()
    contact = ContactBlock()
    quote = QuoteBlock()
    picture = PictureBlock()
    video = VideoBlock()
    call_to_action = CallToActionBlock()
    roles = RolesBlock()
    office_finder = OfficeFinderBlock()
    courses = CoursesBlock()
    downloads = DownloadsBlock()
