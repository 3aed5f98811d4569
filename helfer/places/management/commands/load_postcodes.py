"""Load postcodes from a CSV file or from polygons."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from helfer.places.actions import load_postcodes
from helfer.places.management.load_command import MapCommand, Progress


class Command(MapCommand):
    """``load_postcodes FILE [--plz-field NAME]``."""

    help = _(
        "Lädt Postleitzahlen: eine CSV-Datei mit plz, ort, lat, lon oder eine Flächendatei mit --plz-field."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--plz-field", default="", help=_("das Feld einer Flächendatei mit der Postleitzahl")
        )

    def load(self, path: Path, options: dict[str, Any], progress: Progress) -> None:
        report = load_postcodes(
            path=path,
            plz_field=options["plz_field"],
            crs=options["crs"],
            layer_name=options["layer"],
            progress=progress,
        )
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(
            _("%(added)s neu, %(changed)s geändert, %(unchanged)s unverändert.")
            % {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
        )
