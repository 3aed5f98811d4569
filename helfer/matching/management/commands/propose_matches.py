"""The best suggestions for all waiting requests at once, for the desk's eyes or for machines."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.matching.actions.city_run import compute_run, start_run
from helfer.matching.city_wide import best_outcome, in_chunks, waiting_requests
from helfer.matching.management.arguments import WRONG_USAGE, add_day, day_of
from helfer.matching.run_reports import RunReport, report_of_outcome, report_of_run
from helfer.matching.shortages import nearly
from helfer.places.models import District


class Command(BaseCommand):
    """``manage.py propose_matches [--on DAY] [--district NAME] [--json] [--save]``."""

    help = (
        "Schlägt für alle wartenden Anfragen zusammen vor, wer wem hilft: so vielen und so gut wie möglich."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_day(parser)
        parser.add_argument("--district", metavar="NAME", help="nur Anfragen aus diesem Stadtbezirk")
        parser.add_argument("--json", action="store_true", help="für Maschinen")
        parser.add_argument("--save", action="store_true", help="auf dem Schreibtisch als Vorschläge zeigen")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("de"):
            on = day_of(options["on"])
            district = _district(options["district"])
            report = self._saved(on, district) if options["save"] else self._computed(on, district)
            if options["json"]:
                self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
            else:
                self._table(report, on)

    def _computed(self, on: date, district: District | None) -> RunReport:
        chunks = in_chunks(waiting_requests(district=district))
        return report_of_outcome(best_outcome(on=on, chunks=chunks, progress=self._progress))

    def _saved(self, on: date, district: District | None) -> RunReport:
        at = timezone.now()
        try:
            run = start_run(by=None, office=None, district=district, on=on, at=at)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        run = compute_run(run_id=run.pk, at=at, progress=self._progress)
        return report_of_run(run)

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(_("%(done)d von %(total)d Anfragen durchsucht") % {"done": done, "total": total})

    def _table(self, report: RunReport, on: date) -> None:
        self.stdout.write(
            _("Am %(day)s: %(served)d von %(requests)d Anfragen mit Vorschlag, Summe der Punkte %(score).4f")
            % {
                "day": f"{on:%d.%m.%Y}",
                "served": report.served,
                "requests": report.requests,
                "score": report.total_score,
            }
        )
        for pair in report.pairs:
            self.stdout.write(f"  {pair.request:<14} {pair.helper:<14} {pair.score:.4f}")
        if report.unserved:
            self.stdout.write("")
            self.stdout.write(_("Ohne Vorschlag:"))
        for left in report.unserved:
            said = nearly(left.gates) or (_("in der Nähe niemand, auch nicht beinahe"),)
            self.stdout.write(f"  {left.request:<14} {'; '.join(said)}")


def _district(name: str | None) -> District | None:
    if name is None:
        return None
    # What cannot be printed (a byte of another encoding, say) is no name; the database would choke on it.
    found = list(District.objects.filter(name__iexact=name).order_by("pk")) if name.isprintable() else []
    if len(found) > 1:
        raise CommandError(
            _("Einen Stadtbezirk „%(name)s“ gibt es mehrmals.") % {"name": name}, returncode=WRONG_USAGE
        )
    if not found:
        names = ", ".join(District.objects.order_by("name").values_list("name", flat=True)[:50])
        raise CommandError(
            _("Einen Stadtbezirk „%(name)s“ gibt es hier nicht. Es gibt: %(names)s")
            % {"name": name, "names": names or "–"},
            returncode=WRONG_USAGE,
        )
    return found[0]
