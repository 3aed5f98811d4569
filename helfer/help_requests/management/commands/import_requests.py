"""Bring an office's list of requests in."""

from __future__ import annotations

from typing import Any

from helfer.core.import_report import ImportReport
from helfer.core.tables import Table
from helfer.help_requests.actions import import_requests
from helfer.helpers.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Übernimmt eine Liste von Hilfeanfragen, ganz oder gar nicht."

    def take(self, table: Table, **arguments: Any) -> ImportReport:
        return import_requests(table=table, **arguments)
