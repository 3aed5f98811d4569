"""What the commands ask for alike."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day

WRONG_USAGE = 2


def add_day(parser: ArgumentParser) -> None:
    """The day for which is asked."""
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="Tag der Frage, sonst heute")


def day_of(text: str | None) -> date:
    """The day that was written, else today."""
    if text is None:
        return berlin_day(timezone.now())
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            _("„%(text)s“ ist kein Tag. So ist es richtig: --on 2026-11-23") % {"text": text},
            returncode=WRONG_USAGE,
        ) from error
