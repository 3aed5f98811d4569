"""``manage.py bench_data``: many made-up neighbours to measure with, in a database of their own."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.demo.bench.country import Country
from helfer.demo.bench.load import Wanted, load, what_is_there


class Command(BaseCommand):
    """Fill an empty database, or say that the same data are there already."""

    help = (
        "Füllt eine leere Datenbank mit erfundenen Menschen zum Messen (immer dieselben bei gleichem --seed)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--helpers", type=int, default=10_000, metavar="N", help="so viele Helfende")
        parser.add_argument(
            "--requests", type=int, default=1_000, metavar="M", help="so viele offene Anfragen"
        )
        parser.add_argument("--seed", type=int, default=2026, metavar="S", help="woraus gezogen wird")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["helpers"] < 1 or options["requests"] < 1 or options["seed"] < 0:
            raise CommandError(_("Gebraucht werden mindestens eine Helferin und eine Anfrage."))
        country = Country.of_postcodes(options["seed"])
        wanted = Wanted(options["helpers"], options["requests"], options["seed"], len(country.people))
        if what_is_there() == wanted:
            self.stderr.write(_("Diese Daten sind schon da."))
            return
        started = time.monotonic()

        def say(sentence: str) -> None:
            self.stderr.write(f"{time.monotonic() - started:6.1f} s  {sentence}")
            self.stderr.flush()

        try:
            load(wanted, country, say=say)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        say(_("Fertig."))
