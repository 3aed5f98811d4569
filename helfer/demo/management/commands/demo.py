"""``manage.py demo``: a made-up city to try the program on."""

from __future__ import annotations

import os
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from helfer.demo.load import is_loaded, load
from helfer.demo.staff import HELPER, PASSWORD, SEEKER, STAFF, secret_of

TOTP_PERIOD_SECONDS = 30


class Command(BaseCommand):
    """Load the demo once, or say how to sign in."""

    help = "Lädt eine erfundene Stadt zum Ausprobieren, oder sagt, wie man sich anmeldet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--how-to-sign-in", action="store_true", help="sagt, wie man sich als wer anmeldet"
        )
        parser.add_argument("--code", metavar="EMAIL", help="der jetzige zweite Faktor eines Demo-Zugangs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.HELFER_DEMO or settings.DEBUG or settings.TESTING):
            raise CommandError(
                "Die Demo gibt es nur mit HELFER_DEMO=true: In einer echten Stadt hat sie nichts verloren."
            )
        if options["how_to_sign_in"]:
            self._tell()
        elif options["code"]:
            self.stdout.write(current_code(options["code"]))
        elif is_loaded():
            self.stderr.write("Die Demo ist schon geladen.")
        else:
            started = time.monotonic()
            load(now=timezone.now(), say=self.stderr.write)
            self.stderr.write(f"Die Demo ist geladen ({time.monotonic() - started:.0f} s).")

    def _tell(self) -> None:
        address = os.environ.get("HELFER_SITE_URL", settings.SITE_URL)
        self.stdout.write(f"  Anmelden:  {address}/anmelden/login/")
        self.stdout.write(f"  Passwort der Mitarbeitenden:  {PASSWORD}")
        self.stdout.write("  Zweiter Faktor:  HELFER_DEMO=true .venv/bin/python manage.py demo --code E-MAIL")
        for account in (*STAFF, HELPER, SEEKER):
            self.stdout.write(f"    {account.email:<32} {account.who}")
        self.stdout.write(
            "  Die Codes für Nachbarinnen und Nachbarn kommen als E-Mail: die neueste Datei in .local/mail."
        )


def current_code(email: str) -> str:
    """The six digits that the demo account's authenticator app would show now."""
    return str(
        format_hotp_value(hotp_value(secret_of(email.lower()), int(time.time()) // TOTP_PERIOD_SECONDS))
    )
