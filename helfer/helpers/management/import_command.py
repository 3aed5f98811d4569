"""The door through which an operator brings an office's list in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.core.history import acting
from helfer.core.import_report import ImportReport
from helfer.core.tables import Table, read_table_file, rejected_csv
from helfer.helpers.imports.answering import answering_account, office_of

MOST_FAULTS_SHOWN = 200
PROGRESS_EVERY = 1_000
LONG_LIST = 2_000


class ImportCommand(BaseCommand, ABC):
    """Reads the file, calls the action, says what happened."""

    @abstractmethod
    def take(self, table: Table, **arguments: Any) -> ImportReport:
        """Call the action."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV (UTF-8 oder Windows-1252) oder XLSX")
        parser.add_argument("--office", default="", metavar="SLUG", help="die Liste dieses Seniorenbüros")
        parser.add_argument("--by", default="", metavar="EMAIL", help="wer für den Import einsteht")
        parser.add_argument(
            "--skip-invalid",
            action="store_true",
            help="gute Zeilen übernehmen, die anderen nach FILE.rejected.csv schreiben",
        )
        parser.add_argument("--dry-run", action="store_true", help="nur sagen, was geschähe")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            table = read_table_file(path)
            with transaction.atomic():
                by = answering_account(options["by"])
                with acting(by.pk, door="command"):
                    report = self.take(
                        table,
                        by=by,
                        at=timezone.now(),
                        office=office_of(options["office"]),
                        skip_invalid=options["skip_invalid"],
                        is_operator=True,
                        progress=self._progress(len(table.rows)),
                    )
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say(report, options)
        if report.faults and options["skip_invalid"] and not options["dry_run"]:
            self._write_rejected(path, table, report)
        if report.faults and not options["skip_invalid"]:
            raise CommandError(
                _("Nichts übernommen: %(faulty)s von %(rows)s Zeilen haben Fehler.")
                % {"faulty": report.faulty, "rows": len(report.rows)}
                + " "
                + _("Mit --skip-invalid werden die guten Zeilen übernommen.")
            )

    def _say(self, report: ImportReport, options: dict[str, Any]) -> None:
        for note in report.notes:
            self.stderr.write(note)
        faults = sorted(report.faults, key=lambda fault: fault.line)
        for fault in faults[:MOST_FAULTS_SHOWN]:
            self.stderr.write(str(fault))
        if len(faults) > MOST_FAULTS_SHOWN:
            self.stderr.write(
                _("… und %(count)s weitere Fehler.") % {"count": len(faults) - MOST_FAULTS_SHOWN}
            )
        if options["dry_run"]:
            self.stdout.write(_("Probe, nichts geschrieben:") + " " + report.summary())
        elif report.is_written:
            self.stdout.write(report.summary())

    def _write_rejected(self, path: Path, table: Table, report: ImportReport) -> None:
        rejected = path.with_name(path.name + ".rejected.csv")
        try:
            rejected.write_text(
                rejected_csv(table, report.faults_by_line()), encoding="utf-8-sig", newline=""
            )
        except OSError as error:
            raise CommandError(
                _("Die guten Zeilen sind übernommen, aber „%(path)s“ lässt sich nicht schreiben: %(why)s")
                % {"path": rejected, "why": error.strerror}
            ) from error
        self.stdout.write(
            _("%(faulty)s Zeilen stehen mit ihren Fehlern in %(path)s.")
            % {"faulty": report.faulty, "path": rejected}
        )

    def _progress(self, rows: int) -> Any:
        if rows < LONG_LIST:
            return None

        def say(done: int, everything: int) -> None:
            if done == everything or done % PROGRESS_EVERY == 0:
                self.stderr.write(f"\r{done} / {everything}", ending="\n" if done == everything else "")
                self.stderr.flush()

        return say
