"""Load railways, rivers, canals or motorways from a line file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from helfer.places.actions import load_barriers
from helfer.places.files import FileRefused
from helfer.places.models import BarrierKind


class Command(BaseCommand):
    """``load_barriers FILE [--kind rail|river|canal|motorway|other] [--name-field NAME] [--keep]``."""

    help = _("Lädt Hindernisse für den Weg zu Fuß (Bahn, Fluss, Kanal, Autobahn) aus einer Datei mit Linien.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
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
        parser.add_argument("--crs", default="", help=_("Koordinatensystem, zum Beispiel EPSG:25832"))
        parser.add_argument("--layer", default="", help=_("Ebene in einer Datei mit mehreren"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_barriers(
                path=options["file"],
                kind=BarrierKind(options["kind"]),
                name_field=options["name_field"],
                keep=options["keep"],
                crs=options["crs"],
                layer_name=options["layer"],
                progress=self.stderr.write if options["verbosity"] else lambda sentence: None,
            )
        except FileRefused as refusal:
            raise CommandError("\n".join(refusal.lines())) from None
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
