"""Load the default catalogue and the Land's dated rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helfer.catalogue.actions import load_catalogue
from helfer.core.errors import RuleViolation


class Command(BaseCommand):
    help = (
        "Lädt den mitgelieferten Katalog und die Regeln der Länder. Noch einmal aufgerufen, kommt Neues "
        "dazu; was ein Büro geändert hat, bleibt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--land", default="", help="nur die Regeln dieses Landes, zum Beispiel NW")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_catalogue(land=options["land"])
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["verbosity"] > 0:
            self.stdout.write("\n".join(report.lines()))
