"""Bring an office's list of helpers in."""

from __future__ import annotations

from typing import Any

from helfer.core.import_report import ImportReport
from helfer.core.tables import Table
from helfer.helpers.actions import import_helpers
from helfer.helpers.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Übernimmt eine Liste von Helferinnen und Helfern, ganz oder gar nicht."

    def take(self, table: Table, **arguments: Any) -> ImportReport:
        return import_helpers(table=table, **arguments)
