"""Load railways, rivers, canals or motorways from a line file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from helfer.places.actions import load_barriers
from helfer.places.management.load_command import MapCommand, Progress
from helfer.places.models import BarrierKind


class Command(MapCommand):
    """``load_barriers FILE [--kind rail|river|canal|motorway|other] [--name-field NAME] [--keep]``."""

    help = _("Lädt Hindernisse für den Weg zu Fuß (Bahn, Fluss, Kanal, Autobahn) aus einer Datei mit Linien.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--kind",
            choices=BarrierKind.values,
            default=BarrierKind.OTHER.value,
            help=_("welche Art alle Linien der Datei sind"),
        )
        parser.add_argument("--name-field", default="", help=_("das Feld, in dem der Name steht"))
        parser.add_argument(
            "--keep", action="store_true", help=_("behält, was von dieser Art schon geladen ist")
        )

    def load(self, path: Path, options: dict[str, Any], progress: Progress) -> None:
        report = load_barriers(
            path=path,
            kind=BarrierKind(options["kind"]),
            name_field=options["name_field"],
            keep=options["keep"],
            crs=options["crs"],
            layer_name=options["layer"],
            progress=progress,
        )
        if options["name_field"] and report.nameless:
            self.stdout.write(_("%(count)s Objekte haben keinen Namen.") % {"count": report.nameless})
        self.stdout.write(
            _(
                "%(added)s Abschnitte neu, %(unchanged)s unverändert, %(removed)s entfernt; "
                "%(openings)s Durchlässe."
            )
            % {
                "added": report.added,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "openings": report.openings,
            }
        )
