"""Load the house addresses of a municipality from the official file of NRW."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from helfer.places.actions import load_addresses
from helfer.places.management.load_command import FileCommand, Progress


class Command(FileCommand):
    """``load_addresses FILE --municipality-key 05913000``."""

    help = _("Lädt die Hauskoordinaten einer Kommune (gebref.txt, auch .gz).")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--municipality-key", required=True, help=_("amtlicher Gemeindeschlüssel, acht Ziffern")
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help=_("auch wenn die Datei viel weniger Häuser hat als geladen sind"),
        )

    def load(self, path: Path, options: dict[str, Any], progress: Progress) -> None:
        def show(rows: int) -> None:
            progress(_("… %(rows)s Zeilen gelesen") % {"rows": rows})

        report = load_addresses(
            path=path,
            municipality_key=options["municipality_key"],
            replace=options["replace"],
            progress=show,
        )
        self.stdout.write(
            _("%(town)s: %(houses)s Adressen; neu %(added)s, entfernt %(removed)s.")
            % {
                "town": report.municipality,
                "houses": report.houses,
                "added": report.added,
                "removed": report.removed,
            }
        )
        if not report.added and not report.removed:
            self.stdout.write(_("Es hat sich nichts geändert."))
        if report.elsewhere:
            self.stdout.write(
                _("Zeilen anderer Kommunen übergangen: %(count)s.") % {"count": report.elsewhere}
            )
        if report.without_number:
            self.stdout.write(
                _("Zeilen ohne Straße oder lesbare Hausnummer ausgelassen: %(count)s (Zeile %(lines)s).")
                % {
                    "count": len(report.without_number),
                    "lines": ", ".join(map(str, report.without_number[:10])),
                }
            )
