"""Letters: A4, 16 points, tagged for reading aloud, addressed for a window envelope (DIN 5008, form B)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from helfer.notifications.kinds import Letter, in_language_of
from helfer.notifications.models import Message

from .wording import sender_name


@dataclass(frozen=True)
class Sheet:
    """One letter as the template needs it."""

    message: Message
    letter: Letter


def letters_as_pdf(sheets: Sequence[Sheet], *, on: date) -> bytes:
    """One PDF/UA file with these letters, each beginning on a page of its own."""
    # A second of loading that only those pay who print.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    body = mark_safe("".join(_page(sheet, on=on) for sheet in sheets))  # each page escapes its words
    document = render_to_string("notifications/letters.html", {"title": _("Briefe"), "body": body})
    # Nothing is fetched from anywhere: style and words are in the document.
    pdf: bytes = HTML(string=document, url_fetcher=URLFetcher(allowed_protocols=[])).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return pdf


def _page(sheet: Sheet, *, on: date) -> str:
    message = sheet.message
    with in_language_of(message.recipient) as language:
        return render_to_string(
            "notifications/_letter.html",
            {
                "language": language,
                "recipient": message.recipient,
                "office": message.office,
                "sender": sender_name(message.office),
                "letter": sheet.letter,
                "on": on,
            },
        )
