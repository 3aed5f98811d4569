"""The door through which an operator loads a file of places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from helfer.places.files import FileRefused

Progress = Callable[[str], None]


class FileCommand(BaseCommand, ABC):
    """Calls the action, and says a refusal line by line."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    @abstractmethod
    def load(self, path: Path, options: dict[str, Any], progress: Progress) -> None:
        """Call the action, and say what it did."""

    def handle(self, *args: Any, **options: Any) -> None:
        progress: Progress = self.stderr.write if options["verbosity"] else lambda sentence: None
        try:
            self.load(options["file"], options, progress)
        except FileRefused as refusal:
            raise CommandError("\n".join(refusal.lines())) from None


class MapCommand(FileCommand):
    """Reads a map file, which may have several layers and be in any coordinate system."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--crs", default="", help=_("Koordinatensystem, zum Beispiel EPSG:25832"))
        parser.add_argument("--layer", default="", help=_("Ebene in einer Datei mit mehreren"))
