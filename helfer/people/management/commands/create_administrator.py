"""Make the first administrator's account on a new installation."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helfer.core.errors import RuleViolation
from helfer.people.actions.first_administrator import create_first_administrator


class Command(BaseCommand):
    help = (
        "Legt auf einer neuen Installation den ersten Zugang der Verwaltung an. Das Passwort wird gefragt "
        "oder von der Standardeingabe gelesen; den zweiten Faktor verlangt die erste Anmeldung."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="E-Mail-Adresse, mit der man sich anmeldet")
        parser.add_argument("--name", default="", help="Anzeigename, zum Beispiel der Name der Person")

    def handle(self, *args: Any, **options: Any) -> None:
        password = (
            getpass.getpass("Passwort: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        )
        try:
            user = create_first_administrator(email=options["email"], name=options["name"], password=password)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.email} kann sich jetzt anmelden.")
