"""Load postcodes from a CSV file or from polygons."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from helfer.places.actions import load_postcodes
from helfer.places.files import FileRefused


class Command(BaseCommand):
    """``load_postcodes FILE [--plz-field NAME]``."""

    help = _(
        "Lädt Postleitzahlen: eine CSV-Datei mit plz, ort, lat, lon oder eine Flächendatei mit --plz-field."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--plz-field", default="", help=_("das Feld einer Flächendatei mit der Postleitzahl")
        )
        parser.add_argument("--crs", default="", help=_("Koordinatensystem, zum Beispiel EPSG:25832"))
        parser.add_argument("--layer", default="", help=_("Ebene in einer Datei mit mehreren"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_postcodes(
                path=options["file"],
                plz_field=options["plz_field"],
                crs=options["crs"],
                layer_name=options["layer"],
                progress=self.stderr.write if options["verbosity"] else lambda sentence: None,
            )
        except FileRefused as refusal:
            raise CommandError("\n".join(refusal.lines())) from None
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(
            _("%(added)s neu, %(changed)s geändert, %(unchanged)s unverändert.")
            % {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
        )
