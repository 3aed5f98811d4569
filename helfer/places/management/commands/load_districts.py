"""Load a municipality's districts or quarters from a polygon file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from helfer.places.actions import load_districts
from helfer.places.management.load_command import MapCommand, Progress


class Command(MapCommand):
    """``load_districts FILE --name-field NAME [--level district|quarter] [--repair]``."""

    help = _("Lädt Stadtbezirke oder Quartiere aus GeoJSON, GeoPackage oder Shapefile.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name-field", required=True, help=_("das Feld, in dem der Name steht"))
        parser.add_argument("--level", choices=["district", "quarter"], default="district")
        parser.add_argument(
            "--municipality-key", default="", help=_("amtlicher Gemeindeschlüssel, acht Ziffern")
        )
        parser.add_argument("--municipality-name", default="", help=_("Name einer neuen Kommune"))
        parser.add_argument(
            "--district-field", default="", help=_("das Feld, in dem der Stadtbezirk eines Quartiers steht")
        )
        parser.add_argument(
            "--repair", action="store_true", help=_("heilt Flächen und teilt Lücken und Überlappungen")
        )
        parser.add_argument(
            "--replace", action="store_true", help=_("auch wenn gebrauchte Flächen in der Datei fehlen")
        )

    def load(self, path: Path, options: dict[str, Any], progress: Progress) -> None:
        report = load_districts(
            path=path,
            name_field=options["name_field"],
            level=options["level"],
            municipality_key=options["municipality_key"],
            municipality_name=options["municipality_name"],
            district_field=options["district_field"],
            repair=options["repair"],
            replace=options["replace"],
            crs=options["crs"],
            layer_name=options["layer"],
            progress=progress,
        )
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(
            _("%(added)s neu, %(changed)s geändert, %(unchanged)s unverändert, %(removed)s entfernt.")
            % {
                "added": len(report.added),
                "changed": len(report.changed),
                "unchanged": len(report.unchanged),
                "removed": len(report.removed),
            }
        )
        if report.removed:
            self.stdout.write(_("Entfernt: %(names)s.") % {"names": ", ".join(report.removed)})
